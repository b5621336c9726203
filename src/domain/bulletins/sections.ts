/** Which parts do all bulletins share, and how do they read? Data, alerts, cases, what was excused, comparisons. */
import type { BulletinKind, DayCourse, Section } from './bulletin.js';
import type { AlertsFacts, CasesFacts, ComparisonFacts, DataFacts, ExcuseFacts, RateFacts, TakenOutFacts } from './facts.js';
import { dayText, momentText, NONE, share } from './figures.js';
import { headingOf, OUTLINES } from './outline.js';

/** Rows of a list that a paper carries; the page has the rest. */
const MOST_ROWS = 60;

/** Cells by the tags of the outline. */
export type Cells = Readonly<Record<string, string>>;

/** A part of a kind, its cells put in the order of its columns. */
export function section(
  kind: BulletinKind,
  name: string,
  { lines = [], rows = [], courses = [] }: { lines?: readonly string[]; rows?: readonly Cells[]; courses?: readonly DayCourse[] },
): Section {
  const { columns } = OUTLINES[kind].find((one) => one.name === name)!;
  const more = rows.length > MOST_ROWS ? [`表中列出前 ${MOST_ROWS} 条,共 ${rows.length} 条,其余见页面。`] : [];
  return {
    name,
    heading: headingOf(kind, name),
    lines: [...lines, ...more],
    columns,
    rows: rows.slice(0, MOST_ROWS).map((cells) => columns.map(({ tag }) => cells[tag] ?? NONE)),
    courses,
  };
}

/** How much came and how much counts, of each station and in all. */
export function dataCells(data: readonly DataFacts[]): { readonly line: string; readonly rows: readonly Cells[] } {
  const sum = (of: (one: DataFacts) => number): number => data.reduce((all, one) => all + of(one), 0);
  const [expected, arrived] = [sum((one) => one.expected), sum((one) => one.arrived)];
  const valid = data.some((one) => one.valid === null) ? null : sum((one) => one.valid ?? 0);
  const rows = data.map((one) => ({
    站点: one.name,
    应到: String(one.expected),
    实到: String(one.arrived),
    获取率: share(one.arrived, one.expected),
    有效: one.valid === null ? NONE : String(one.valid),
    有效率: one.valid === null ? NONE : share(one.valid, one.expected),
  }));
  const line =
    `数据获取率 ${share(arrived, expected)} %(实到 ${arrived} ÷ 应到 ${expected})` +
    (valid === null
      ? ';历史数据库当时没有应答,有效率未计。'
      : `,有效率 ${share(valid, expected)} %(有效 ${valid} ÷ 应到 ${expected})。`);
  return { line, rows };
}

/** 人工剔除 n 条(其中超限 m 条), as a clause. */
export const setAsideClause = ({ total, over }: RateFacts['setAside']): string => `人工剔除 ${total} 条(其中超限 ${over} 条)`;

/** The same in a cell. */
export const setAsideText = ({ total, over }: RateFacts['setAside']): string => `${total}(超限 ${over})`;

const SEVERITIES = { warning: '预警', over: '超限', severe: '严重超限' } as const;
const ALERT_STATES: Readonly<Record<string, string>> = {
  pending: '待确认',
  active: '未签收',
  acknowledged: '已签收',
  resolved: '已恢复',
  closed: '已关闭',
};

/** What alarmed. */
export function alertsSection(kind: BulletinKind, { opened, standing }: AlertsFacts, span: string): Section {
  const count = (severity: keyof typeof SEVERITIES): number => opened.filter((one) => one.severity === severity).length;
  const over = opened.filter(({ state }) => state === 'resolved' || state === 'closed').length;
  const lines = [
    opened.length === 0
      ? `${span}没有新的预警与报警;期末未恢复 ${standing} 条。`
      : `${span}新增 ${opened.length} 条:预警 ${count('warning')} 条,超限 ${count('over')} 条,严重超限 ${count('severe')} 条;` +
        `其中期末已恢复或关闭 ${over} 条。期末未恢复 ${standing} 条。`,
  ];
  const rank = { severe: 0, over: 1, warning: 2 };
  const rows = [...opened]
    .sort((a, b) => rank[a.severity] - rank[b.severity] || (a.openedAt < b.openedAt ? -1 : 1))
    .map((one) => ({
      时间: momentText(one.openedAt),
      对象: one.subjectName,
      项目: one.parameterName ?? NONE,
      级别: SEVERITIES[one.severity],
      原因: one.reason,
      状态: ALERT_STATES[one.state] ?? one.state,
    }));
  return section(kind, '预警报警', { lines, rows });
}

const CASE_STATES: Readonly<Record<string, string>> = {
  dispatched: '待核实',
  verified: '已核实',
  mending: '整改中',
  checked: '核查通过',
  closed: '已销号',
};

/** Who must do what, and what is overdue. */
export function casesSection(kind: BulletinKind, { cases, opened, closed, overdue }: CasesFacts, span: string): Section {
  const open = cases.filter(({ state }) => state !== 'closed').length;
  return section(kind, '处置', {
    lines: [`${span}新开 ${opened} 张,销号 ${closed} 张;期末未销号 ${open} 张,其中逾期 ${overdue} 张。`],
    rows: cases.map((one) => ({
      编号: one.number,
      站点: one.subjectName ?? NONE,
      事由: one.what,
      承办: one.toName,
      期限: momentText(one.until),
      状态: `${CASE_STATES[one.state] ?? one.state}${one.overdue ? '(逾期)' : ''}`,
    })),
  });
}

/** Which readings people took out, why, and by whom. */
export function takenOutSection(kind: BulletinKind, takenOut: readonly TakenOutFacts[]): Section {
  const sum = (of: 'total' | 'over'): number => takenOut.reduce((all, { readings }) => all + (readings?.[of] ?? 0), 0);
  const isUnknown = takenOut.some(({ readings }) => readings === null);
  return section(kind, '人工剔除', {
    lines: [
      takenOut.length === 0
        ? '本月没有人工剔除。'
        : `审核置无效与维护共 ${takenOut.length} 次,${setAsideClause({ total: sum('total'), over: sum('over') })}` +
          `${isUnknown ? ';历史数据库当时没有应答,部分条数未计' : ''}。含未计入达标率的站点和项目。`,
    ],
    rows: takenOut.map((one) => ({
      站点: one.stationName,
      项目: one.items === null ? '全部' : one.items.join('、'),
      起: momentText(one.from),
      止: one.to === null ? '未结束' : momentText(one.to),
      处理: one.outcome,
      原因: one.reason,
      决定人: one.by,
      条数: one.readings === null ? NONE : String(one.readings.total),
      其中超限: one.readings === null ? NONE : String(one.readings.over),
    })),
  });
}

/** What was taken out of the due number or out of means, and by which document. */
export function excusesSection(kind: BulletinKind, excuses: readonly ExcuseFacts[], count: number): Section {
  return section(kind, '不参评', {
    lines: [
      excuses.length === 0
        ? '本月没有不参评。'
        : `不参评 ${count} 个评价时段,不计入应评${excuses.some(({ scope }) => scope) ? ';只限日评价或个别项目的,不计入均值' : ''}。依据如下。`,
    ],
    rows: excuses.map((one) => ({
      站点: one.stationName,
      起: momentText(one.from),
      止: momentText(one.to),
      原因: one.scope ? `${one.reasonName}(${one.scope})` : one.reasonName,
      批准单位: one.approver,
      文号: one.document,
    })),
  });
}

/** Whether the instruments agreed with the laboratory: what was compared as a table, what never was in one sentence a station. */
export function comparisonsSection(kind: BulletinKind, comparisons: readonly ComparisonFacts[]): Section {
  const waiting = comparisons.filter(({ due }) => due).length;
  const never = new Map<string, string[]>();
  for (const one of comparisons)
    if (one.date === null) never.set(one.stationName, [...(never.get(one.stationName) ?? []), one.parameterName]);
  return section(kind, '最近比对', {
    lines: [
      comparisons.length === 0 ? '没有需要比对的在线项目。' : `${comparisons.length} 个在线项目,待比对 ${waiting} 个。`,
      ...[...never].map(([station, items]) => `尚无比对记录:${station} ${items.join('、')}。`),
    ],
    rows: comparisons.flatMap((one): Cells[] =>
      one.date === null
        ? []
        : [
            {
              站点: one.stationName,
              项目: one.parameterName,
              日期: dayText(one.date),
              结论: `${one.passed === true ? '合格' : '不合格'}${one.due ? ',待比对' : ''}`,
            },
          ],
    ),
  });
}
