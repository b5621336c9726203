/** How does a rate read in a file of its own? The sentence on top, a row for every item of every window, and at the foot what the data are. */
import { writeXlsx } from 'hucre/xlsx';
import { comparisonText } from '../../domain/upkeep/comparison.js';
import { WINDOW_WORDS } from '../../domain/time.js';
import type { BreakdownAnswer } from './contract-breakdown.js';
import type { ComplianceAnswer, FindingView, VerdictView } from './contract-compliance.js';
import { csvLine } from './csv-cell.js';

/** The kinds of file, with their media types. */
export const COMPLIANCE_TYPES = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const;

/** At the foot of whatever leaves unsigned. */
export const RAW_DATA = '自动监测原始数据,未经审核';

type Cell = string | number | null;

interface Table {
  readonly name: string;
  readonly headings: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** What stands in the file, whatever its format. */
export interface ComplianceContent {
  readonly head: Omit<ComplianceAnswer, 'windows'>;
  /** Sentences above the tables. */
  readonly lines: readonly string[];
  /** The windows first. */
  readonly tables: readonly [Table, ...Table[]];
}

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
  ],
] as const;
const EXCUSE_HEADINGS = ['站点', '开始', '结束', '原因', '批准单位', '文号'] as const;
const SIGNED_HEADINGS = [
  ...['月份', '定稿版次', '定稿日期', '达标率(%)', '达标', '超标', '未判定', '不参评', '应评', '更正(项)', 'SHA-256'],
] as const;
const SPLIT_NAMES = { month: '月', quarter: '季', station: '站点', village: '村', reach: '河段', chief: '河长' } as const;

/** Puts a file together from the answers of the API, with nothing worked out anew. */
export function contentOf(
  head: Omit<ComplianceAnswer, 'windows'>,
  windows: readonly VerdictView[],
  split: BreakdownAnswer | null,
): ComplianceContent {
  const tables: [Table, ...Table[]] = [{ name: '逐时段', headings: WINDOW_HEADINGS, rows: windows.flatMap(windowRows) }];
  if (split) tables.push({ name: `按${SPLIT_NAMES[split.by]}`, headings: SPLIT_HEADINGS, rows: split.rows.map(splitRow) });
  if (head.excuses.length > 0) {
    const rows = head.excuses.map((e) => [e.stationName, clock(e.from), clock(e.to), e.reasonName, e.approver, e.document]);
    tables.push({ name: '不参评', headings: EXCUSE_HEADINGS, rows });
  }
  if (head.signed) tables.push({ name: '定稿', headings: SIGNED_HEADINGS, rows: head.signed.months.map(signedRow) });
  return { head, lines: sentences(head, windows), tables };
}

/** Most citations name their clause already. */
const sourceOf = ({ citation, clause }: VerdictView['findings'][number]): string | null =>
  citation === null || clause === null || citation.split(' ').includes(clause) ? citation : `${citation} ${clause}`;

/** The rate as a division, with what it stands on. */
export function sentences(head: Omit<ComplianceAnswer, 'windows'>, windows: readonly VerdictView[]): string[] {
  const judged = head.met + head.exceeded;
  const unit = UNITS[head.basis === 'station-time' ? head.window : head.basis];
  const rate =
    head.rate === null
      ? `达标率:${head.reason ?? '未判定'}(${head.met} 达标 ÷ ${judged} ${unit})`
      : `达标率 ${head.rate} % = ${head.met} 达标 ÷ ${judged} ${unit}`;
  const { setAside, lastYear, good } = head;
  const citations = new Set(windows.flatMap((w) => w.findings.flatMap((f) => sourceOf(f) ?? [])));
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
    ...(head.signed ? [signedText(head.signed, unit)] : []),
    ...(head.comparison ? [comparisonText(head.comparison).zh] : []),
    ...(head.note === null ? [] : [head.note]),
    ...(citations.size === 0 ? [] : [`依据:${[...citations].join(';')}`]),
  ];
}

/** What is signed, and by it the rate: it stands whatever the rate above has become since. */
function signedText({ months, ended, figure }: NonNullable<ComplianceAnswer['signed']>, unit: string): string {
  const corrections = months.reduce((n, month) => n + month.corrections, 0);
  const rate = figure?.rate === undefined || figure.rate === null ? '未判定' : `${figure.rate} %`;
  return [
    `其中定稿 ${months.length} / ${ended} 个月`,
    ...(figure === null ? [] : [`按定稿 ${rate} = ${figure.met} 达标 ÷ ${figure.met + figure.exceeded} ${unit}`]),
    ...(corrections === 0 ? [] : [`定稿后更正 ${corrections} 项`]),
  ].join(' · ');
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

function splitRow(row: BreakdownAnswer['rows'][number]): Cell[] {
  return [
    ...[row.name, row.rate, row.met, row.exceeded, row.undetermined, row.excused, row.due, row.capture],
    ...[row.status === null ? null : STATUSES[row.status], row.reason, row.good?.rate ?? null],
    row.setAside === undefined ? null : `${row.setAside.total} 条(其中超限 ${row.setAside.over} 条)`,
  ];
}

/** What the data are: raw, or as they were signed. */
const footOf = ({ provisional }: ComplianceContent['head']): string => (provisional ? RAW_DATA : '已定稿');

/** As CSV with a byte-order mark, so that a spreadsheet reads it as UTF-8; its tables follow each other, an empty line between. */
export function complianceCsv({ head, lines, tables }: ComplianceContent): Buffer {
  const body = tables.map(({ headings, rows }) => [csvLine(headings), ...rows.map(csvLine)].join('')).join('\r\n');
  return Buffer.from(`\uFEFF${lines.map((text) => csvLine([text])).join('')}\r\n${body}\r\n${csvLine([footOf(head)])}`);
}

/** As a workbook, a sheet for each table; texts are text cells, so that none is taken for a formula. */
export async function complianceXlsx({ head, lines, tables }: ComplianceContent): Promise<Uint8Array> {
  return writeXlsx({
    sheets: tables.map(({ name, headings, rows }) => ({
      name,
      columns: headings.map((heading) => ({ width: /依据|原因|记录|说明|剔除|站点|开始|结束/.test(heading) ? 20 : 10 })),
      rows: [...lines.map((text) => [text]), [], [...headings], ...rows.map((row) => [...row]), [], [footOf(head)]],
    })),
  });
}
