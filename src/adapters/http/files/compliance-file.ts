/** How does a rate read in a file of its own? The sentence on top, a row for every item of every window, and at the foot what the data are. */
import { setImmediate } from 'node:timers/promises';
import { writeXlsxStream } from 'hucre/xlsx';
import { comparisonText } from '../../../domain/upkeep/comparison.js';
import { WINDOW_WORDS } from '../../../domain/time.js';
import type { BreakdownAnswer } from '../contract/breakdown.js';
import type { ComplianceAnswer, FindingView, VerdictView } from '../contract/compliance.js';
import { csvLine } from './csv-cell.js';

/** The kinds of file, with their media types. */
export const COMPLIANCE_TYPES = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const;

/** At the foot of whatever leaves unsigned. */
export const RAW_DATA = '自动监测原始数据,未经审核';

type Cell = string | number | null;

/** What goes into the file, whatever its format: answers of the API, nothing worked out anew. */
export interface ComplianceContent {
  readonly head: Omit<ComplianceAnswer, 'windows'>;
  /** A few at a time, read as the file is written: a year of hours must not stop what else the service does. */
  readonly windows: Iterable<readonly VerdictView[]>;
  readonly split: BreakdownAnswer | null;
}

type Head = ComplianceContent['head'];

const VERDICTS = { met: '达标', exceeded: '超标', undetermined: '未判定' } as const;
const STATUSES = { met: '达标', behind: '未达进度', missed: '未达标', insufficient: '未判定' } as const;
const CLASSES = { I: 'Ⅰ', II: 'Ⅱ', III: 'Ⅲ', IV: 'Ⅳ', V: 'Ⅴ', 'worse-than-V': '劣Ⅴ' } as const;
const UNITS = {
  section: '个断面',
  'section-month': '个断面月',
  sample: '份水样',
  hour: '个站点小时',
  day: '个站点日',
  month: '个站点月',
  quarter: '个站点季',
  year: '个站点年',
  rule: '个规则时段',
} as const;
const EXCLUSIONS = { mark: '设备标识', quality: '质量检查', maintenance: '维护', review: '审核' } as const;

const WINDOW_HEADINGS = [
  ...['站点', '开始', '结束', '评价结果', '水质类别', '目标类别', '原因', '不参评'],
  ...['项目', '统计量', '数值', '单位', '修约后', '限值', '超标倍数', '单项结果', '单项说明', '计入评价'],
  ...['有效时段', '应有时段', '有效测值', '测值总数', '未计入测值', '人工剔除', '依据', '条款', '重算记录'],
] as const;
const SPLIT_HEADINGS = [
  ...[
    '分项',
    '达标率(%)',
    '达标',
    '超标',
    '未判定',
    '不参评',
    '应评',
    '有效评价比例(%)',
    '状态',
    '说明',
    '水质优良(Ⅰ–Ⅲ类)比例(%)',
    '人工剔除',
    '定稿',
  ],
] as const;
const EXCUSE_HEADINGS = ['站点', '开始', '结束', '原因', '批准单位', '文号'] as const;
const SIGNED_HEADINGS = [
  ...['月份', '定稿版次', '定稿日期', '达标率(%)', '达标', '超标', '未判定', '不参评', '应评', '更正(项)', 'SHA-256'],
] as const;
const SPLIT_NAMES = { month: '月', quarter: '季', station: '站点', village: '村', reach: '河段', chief: '河长' } as const;

/** Most citations name their clause already. */
const sourceOf = ({ citation, clause }: VerdictView['findings'][number]): string | null =>
  citation === null || clause === null || citation.split(' ').includes(clause) ? citation : `${citation} ${clause}`;

/** A rate as a division. */
const division = ({ rate, reason, met, exceeded }: Pick<Head, 'rate' | 'reason' | 'met' | 'exceeded'>, unit: string): string =>
  rate === null
    ? `达标率:${reason ?? '未判定'}(${met} 达标 ÷ ${met + exceeded} ${unit})`
    : `达标率 ${rate} % = ${met} 达标 ÷ ${met + exceeded} ${unit}`;

/** The rate as a division, with what it stands on; signed months as they were signed, as on the page. */
export function sentences(living: Head): string[] {
  const head = { ...living, ...living.signed?.figure };
  const unit = UNITS[head.basis === 'station-time' ? head.window : head.basis];
  const rate = division(head, unit);
  const now = division(living, unit);
  const { setAside, lastYear, good } = head;
  return [
    `${head.name} · ${head.period} · 按${WINDOW_WORDS[head.window]}${head.official ? '' : ' · 非考核口径'}`,
    `范围:${head.part === null ? '全部站点' : `部分站点(${head.part})`}`,
    rate,
    `超标 ${head.exceeded} · 未判定 ${head.undetermined} · 不参评 ${head.excused} · 应评 ${head.due}` +
      (head.capture === null ? '' : ` · 有效评价比例 ${head.capture} %`),
    `人工剔除 ${setAside.total} 条,其中超限 ${setAside.over} 条`,
    ...(head.goal === null ? [] : [`目标 ${head.goal} %${head.status === null ? '' : ` · ${STATUSES[head.status]}`}`]),
    ...(good === null || good.classed === 0
      ? []
      : [`水质优良(Ⅰ–Ⅲ类)比例 ${good.rate ?? '—'} % = ${good.good} ÷ ${good.classed}`]),
    ...(lastYear === null
      ? []
      : [
          `上年同期(${lastYear.period})${lastYear.rate === null ? '未判定' : `${lastYear.rate} %`}:${lastYear.met} ÷ ${lastYear.met + lastYear.exceeded}`,
        ]),
    ...(head.signed ? [signedText(head.signed)] : []),
    ...(now === rate ? [] : [`定稿后按现有数据:${now}`]),
    ...(head.comparison ? [comparisonText(head.comparison).zh] : []),
    ...(head.note === null ? [] : [head.note]),
  ];
}

/** What is signed, and what has changed since. */
function signedText({ months, ended }: NonNullable<Head['signed']>): string {
  const corrections = months.reduce((n, month) => n + month.corrections, 0);
  return `其中定稿 ${months.length} / ${ended} 个月${corrections === 0 ? '' : ` · 定稿后更正 ${corrections} 项`}`;
}

const signedRow = (m: NonNullable<ComplianceAnswer['signed']>['months'][number]): Cell[] => [
  ...[m.period, m.edition, m.at.slice(0, 10), m.rate, m.met, m.exceeded, m.undetermined, m.excused, m.due, m.corrections, m.hash],
];

const clock = (iso: string): string => iso.slice(0, 16).replace('T', ' ');
const classOf = (name: string | null | undefined): string | null =>
  name === null || name === undefined ? null : `${(CLASSES as Readonly<Record<string, string>>)[name] ?? name}类`;

function windowRows(w: VerdictView): Cell[][] {
  const own: Cell[] = [
    ...[w.stationName, clock(w.start), clock(w.end), VERDICTS[w.verdict], classOf(w.class), classOf(w.targetClass), w.reason],
    w.excused ? `不参评:${w.excused.reasonName},${w.excused.approver} ${w.excused.document}` : null,
  ];
  const changes = w.changes?.map(({ at, text }) => `${clock(at)} ${text}`).join(';') ?? null;
  if (w.findings.length === 0) return [[...own, ...Array<Cell>(WINDOW_HEADINGS.length - own.length - 1).fill(null), changes]];
  return w.findings.map((f) => [...own, ...findingCells(f), changes]);
}

function findingCells(f: FindingView): Cell[] {
  const excluded = Object.entries(f.excluded ?? {}).map(([why, n]) => `${EXCLUSIONS[why as keyof typeof EXCLUSIONS]} ${n}`);
  return [
    ...[f.name, f.statistic, f.value, f.unit, f.compared, f.limitText, f.times, VERDICTS[f.outcome], f.reason],
    ...[f.counted ? '是' : '否', f.filled, f.due, f.valid, f.total, excluded.join(',') || null, f.setAside ?? null],
    ...[f.citation, f.clause],
  ];
}

/** A signed month is told as it was signed. */
function splitRow(living: BreakdownAnswer['rows'][number], signed: Head['signed']): Cell[] {
  const month = signed?.months.find(({ period }) => period === living.key);
  const row = { ...living, ...month };
  return [
    ...[row.name, row.rate, row.met, row.exceeded, row.undetermined, row.excused, row.due, row.capture],
    ...[row.status === null ? null : STATUSES[row.status], row.reason, row.good?.rate ?? null],
    row.setAside === undefined ? null : `${row.setAside.total} 条(其中超限 ${row.setAside.over} 条)`,
    month === undefined ? null : `定稿 ${month.at.slice(0, 10)}`,
  ];
}

/** What the data are: raw, or as they were signed. */
const footOf = ({ provisional }: Head): string => (provisional ? RAW_DATA : '已定稿');

/** The lines of the file, one after the other; its tables follow each other, an empty line between, what they rest on last. */
async function* linesOf({ head, windows, split }: ComplianceContent): AsyncGenerator<Cell[]> {
  for (const text of sentences(head)) yield [text];
  yield* [[], [...WINDOW_HEADINGS]];
  const citations = new Set<string>();
  for (const few of windows) {
    await setImmediate();
    for (const finding of few.flatMap(({ findings }) => findings)) citations.add(sourceOf(finding) ?? '');
    yield* few.flatMap(windowRows);
  }
  if (split) {
    yield* [[], [`按${SPLIT_NAMES[split.by]}`], [...SPLIT_HEADINGS]];
    for (const row of split.rows) yield splitRow(row, split.by === 'month' ? head.signed : undefined);
  }
  if (head.excuses.length > 0) {
    yield* [[], ['不参评'], [...EXCUSE_HEADINGS]];
    for (const e of head.excuses) {
      // What is limited to days or to items does not excuse the month.
      const why = e.scope ? `${e.reasonName}(${e.scope})` : e.reasonName;
      yield [e.stationName, clock(e.from), clock(e.to), why, e.approver, e.document];
    }
  }
  if (head.signed) {
    yield* [[], ['定稿'], [...SIGNED_HEADINGS]];
    yield* head.signed.months.map(signedRow);
  }
  citations.delete('');
  if (citations.size > 0) yield* [[], [`依据:${[...citations].join(';')}`]];
  yield* [[], [footOf(head)]];
}

/** As CSV, piece by piece, with a byte-order mark, so that a spreadsheet reads it as UTF-8. */
export async function* complianceCsv(content: ComplianceContent): AsyncGenerator<string> {
  yield '\uFEFF';
  for await (const cells of linesOf(content)) yield csvLine(cells);
}

/** As a workbook, piece by piece; texts are text cells, so that none is taken for a formula. */
export function complianceXlsx(content: ComplianceContent): ReadableStream<Uint8Array> {
  const columns = WINDOW_HEADINGS.map((heading) => ({
    width: /依据|原因|记录|说明|剔除|站点|开始|结束/.test(heading) ? 20 : 10,
  }));
  return writeXlsxStream(linesOf(content), { name: '达标率', columns });
}
