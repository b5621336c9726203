/** What do both 月报 say: the rate as a division, beside the month before and the year before, and by whom it was signed? */
import { type Bulletin, DRAFT, type Section } from './bulletin.js';
import type { MonthFacts, MonthRate, RateFacts, ReviewedFacts } from './facts.js';
import { captureText, difference, monthText, NONE, rateText, share } from './figures.js';
import {
  type Cells,
  comparisonsSection,
  alertsSection,
  casesSection,
  dataCells,
  excusesSection,
  section,
  takenOutSection,
  setAsideClause,
  setAsideText,
} from './sections.js';

const UNITS: Readonly<Record<string, string>> = {
  section: '个断面',
  'section-month': '个断面月',
  'station-time': '个评价时段',
  sample: '份水样',
};
const STATUSES: Readonly<Record<string, string>> = {
  met: '达标',
  behind: '未达进度',
  missed: '未达标',
  insufficient: '未判定',
};

function rateCells(name: string, rate: RateFacts | null): Cells {
  if (rate === null) return { 时段: name };
  return {
    时段: name,
    达标率: rateText(rate),
    达标: String(rate.met),
    超标: String(rate.exceeded),
    未判定: String(rate.undetermined),
    不参评: String(rate.excused),
    应评: String(rate.due),
    有效评价比例: captureText(rate),
    人工剔除: setAsideText(rate.setAside),
    优良比例: rate.good === null ? NONE : share(rate.good.good, rate.good.classed),
  };
}

/** The month among its neighbours. */
export function rateSection(facts: MonthFacts): Section {
  const { rate, lastMonth, lastYear, soFar, live, signed } = facts;
  const judged = rate.met + rate.exceeded;
  const unit = UNITS[rate.basis] ?? '个评价时段';
  const goal = rate.goal === null ? '' : `;目标 ${rate.goal} %,${rate.status === null ? '' : (STATUSES[rate.status] ?? '')}`;
  const lines = [
    rate.rate === null
      ? `${rate.name}:${rate.reason ?? '未判定'}(${rate.met} 达标 ÷ ${judged} ${unit})${goal}。`
      : `${rate.name} ${rateText(rate)} % = ${rate.met} 达标 ÷ ${judged} ${unit}${goal}。`,
    `应评 ${rate.due} ${unit},超标 ${rate.exceeded},未判定 ${rate.undetermined},不参评 ${rate.excused}` +
      `${rate.capture === null ? '' : `;有效评价比例 ${captureText(rate)} %`}。`,
    ...(rate.good === null || rate.good.classed === 0
      ? []
      : [`水质优良(Ⅰ–Ⅲ类)比例 ${share(rate.good.good, rate.good.classed)} % = ${rate.good.good} ÷ ${rate.good.classed}。`]),
    `${change('环比', '上月', rate, lastMonth)};${change('同比', '上年同月', rate, lastYear)}。`,
    signedLine(facts),
    `${setAsideClause(rate.setAside)}。`,
    ...(rate.note === null ? [] : [`${rate.note}。`]),
    ...(signed === null || signed.despite.length === 0 ? [] : [`定稿时保留:${signed.despite.join(';')}。`]),
    ...(live === null
      ? []
      : [
          `更正:定稿后数据有变,现为 ${rateText(live)}${live.rate === null ? '' : ' %'}` +
            `(${live.met} 达标 ÷ ${live.met + live.exceeded} ${unit}),${setAsideClause(live.setAside)};本报表仍按定稿时的数据。`,
        ]),
  ];
  const year = facts.period.slice(0, 4);
  return section(facts.kind, '达标情况', {
    lines,
    rows: [
      rateCells(monthText(facts.period), rate),
      rateCells(`上月(${neighbour(lastMonth, facts)})`, lastMonth),
      rateCells(`上年同月(${neighbour(lastYear, facts)})`, lastYear),
      rateCells(`${year} 年 1–${Number(facts.period.slice(5))} 月`, soFar),
    ],
  });
}

/** A month beside this one, with whether it is signed. */
const neighbour = (rate: MonthRate | null, { signedMonths }: MonthFacts): string =>
  rate === null ? '无数据' : `${rate.period},${signedMonths.includes(rate.period) ? '已定稿' : '未定稿'}`;

/** Which months of the year so far are as somebody signed them, and which as they stand now. */
function signedLine({ period, months, signedMonths }: MonthFacts): string {
  const year = period.slice(0, 4);
  const named = (list: readonly string[]): string => list.map((month) => `${Number(month.slice(5))} 月`).join('、');
  const [signed, open] = [true, false].map((is) => months.filter((month) => signedMonths.includes(month) === is)) as [
    string[],
    string[],
  ];
  if (months.length === 0) return `${year} 年还没有可计入的月份。`;
  if (signed.length === 0) return `${year} 年计入的 ${months.length} 个月均未定稿(${named(open)}),按制表时的数据。`;
  if (open.length === 0) return `${year} 年计入的 ${months.length} 个月均已定稿(${named(signed)})。`;
  return `${year} 年已定稿 ${named(signed)};未定稿 ${named(open)},按制表时的数据。`;
}

/** 审核率: days of stations that were looked at twice, of those due. */
const reviewedLine = ({ due, first, second }: ReviewedFacts): string =>
  due === 0 ? '本月没有应审核的站日。' : `审核率 ${share(second, due)} %(复核 ${second} ÷ ${due} 站日;只经初审 ${first} 站日)。`;

/** In percentage points of the printed figures. */
function change(name: string, than: string, now: RateFacts, then: RateFacts | null): string {
  const of = (one: RateFacts | null): readonly [number, number] | null =>
    one === null || one.rate === null ? null : [one.met, one.met + one.exceeded];
  const points = difference(of(now), of(then));
  if (points === null) return `${name}:${then === null ? `${than}没有数据` : '不可比(有一期未判定)'}`;
  if (Number(points) === 0) return `${name}(比${than})持平`;
  return `${name}(比${than})${points.startsWith('-') ? '下降' : '上升'} ${points.replace('-', '')} 个百分点`;
}

/** What stands behind the rate: data, what was excused, alarms, cases, comparisons. */
export function commonSections(facts: MonthFacts): Section[] {
  const { kind, rate } = facts;
  const { line, rows } = dataCells(facts.data);
  return [
    section(kind, '数据质量', { lines: [line, reviewedLine(facts.reviewed)], rows }),
    takenOutSection(kind, facts.takenOut),
    excusesSection(kind, rate.excuses, rate.excused),
    alertsSection(kind, facts.alerts, '本月'),
    casesSection(kind, facts.cases, '本月'),
    comparisonsSection(kind, facts.comparisons),
  ];
}

/** The bulletin of a month around its parts. */
export function monthBulletin(facts: MonthFacts, sections: readonly Section[], notes: readonly string[]): Bulletin {
  const { kind, period, title, office, madeOn, rate, signed } = facts;
  const judged = rate.met + rate.exceeded;
  return {
    ...{ kind, period, title, office, madeOn },
    periodText: monthText(period),
    state: signed === null ? 'draft' : 'signed',
    stateText:
      signed === null
        ? `${DRAFT}(本月尚未定稿,数据可能变化)`
        : `已定稿:第 ${signed.edition} 版,${signed.by},${signed.on}(指纹 ${signed.hash})`,
    watermark: signed === null ? DRAFT : '',
    headline:
      rate.rate === null
        ? `${rate.name}未判定:${rate.met} 达标 ÷ ${judged} ${UNITS[rate.basis] ?? ''}`
        : `${rate.name} ${rateText(rate)} %(${rate.met} 达标 ÷ ${judged} ${UNITS[rate.basis] ?? ''})`,
    sections,
    footnotes: [...cutNotes(facts), ...notes, ...(signed === null ? [] : [LIVING])],
  };
}

/** What a signature does not fix. */
const LIVING =
  '定稿固定本月评价结果;未计入达标率的断面、每日过程、在线指标、数据质量、预警报警、人工剔除明细、处置和比对按制表时的数据。';

/** The paper rounds, the page cuts: both figures stand here, so that nobody has to ask which is right. */
function cutNotes({ rate, lastMonth, lastYear, soFar }: MonthFacts): string[] {
  const figures = [
    ['本月', rate],
    ['上月', lastMonth],
    ['上年同月', lastYear],
    ['本年累计', soFar],
  ] as const;
  const cut = figures.flatMap(([name, one]) => (one === null || one.rate === null ? [] : [`${name} ${one.rate} %`]));
  return [
    '表中百分数按 GB/T 8170 修约到一位小数,未全部达标的不写 100.0;页面为截到两位小数的值' +
      `${cut.length === 0 ? '。' : `:${cut.join(',')}。`}`,
  ];
}
