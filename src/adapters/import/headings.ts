/** What does each column of a table hold? */
import type { Names, NamedItem } from './names.js';
import type { Cell, Line } from './tables.js';
import { nameKey, textOf } from './text.js';

/** Columns that say something about a row. */
const KEYS = {
  time: [
    '时间',
    '采样时间',
    '监测时间',
    '检测时间',
    '取样时间',
    '采样日期时间',
    '采集时间',
    '数据时间',
    '测量时间',
    '日期时间',
    'time',
    'datetime',
    'timestamp',
    'sampledat',
    'sampletime',
    'samplingtime',
    'date/time',
    'datatime',
  ],
  date: ['日期', '采样日期', '监测日期', '检测日期', '取样日期', '采集日期', 'date', 'sampledate', 'samplingdate'],
  clock: ['时刻', '采样时刻', '采样时分', '监测时刻', '时分', 'clock', 'timeofday', 'hour'],
  station: [
    '站点',
    '断面',
    '点位',
    '监测点',
    '站点名称',
    '断面名称',
    '点位名称',
    '监测点名称',
    '监测点位',
    '监测断面',
    '采样点',
    '采样地点',
    '采样点位',
    '采样位置',
    '站名',
    '测站',
    '水厂',
    '水厂名称',
    '站点编号',
    '村',
    '行政村',
    '村名',
    'station',
    'site',
    'stationid',
    'stationname',
    'sitename',
    'location',
    'section',
    'samplingpoint',
  ],
  kind: ['水样类型', '水样类别', '样品类型', '样品类别', '水样性质', '类型', 'sampletype', 'watertype'],
  item: [
    '项目',
    '指标',
    '检测项目',
    '监测项目',
    '检测指标',
    '监测指标',
    '项目名称',
    '指标名称',
    '参数',
    '因子',
    '监测因子',
    '分析项目',
    'parameter',
    'item',
    'analyte',
    'indicator',
    'code',
  ],
  value: [
    '数值',
    '结果',
    '监测值',
    '检测值',
    '测值',
    '测定值',
    '检测结果',
    '监测结果',
    '分析结果',
    '测定结果',
    '浓度',
    '值',
    '监测浓度',
    'value',
    'result',
    'concentration',
  ],
  unit: ['单位', '计量单位', '结果单位', 'unit', 'units'],
  detection: ['检出限', '方法检出限', '最低检出限', '最低检出浓度', '检测限', 'detectionlimit', 'detection', 'lod', 'dl', 'mdl'],
  mark: ['数据标识', '标识', '标记', '数据标记', '状态标识', 'mark', 'flag', 'qualitymark'],
} as const satisfies Record<string, readonly string[]>;
export type KeyColumn = keyof typeof KEYS;

/** Columns without results, which are passed over without a word. */
const REMARKS =
  /^(序号|编号|样品编号|样品号|水样编号|报告编号|备注|说明|采样人员?|送样人|检测人员?|分析人员?|审核人?|校核人?|检测单位|检测机构|监测单位|送检单位|经度|纬度|乡镇|街道|县区?|区县|市|省|水源类型|水源|供水方式|供水工程|消毒方式|是否达标|是否合格|达标情况|评价|判定|结论|水质类别|超标倍数|超标项目|标准限值|限值|执行标准|方法|检测方法|分析方法|no\.?|id|remarks?|notes?|comment|longitude|latitude|sampler|method|limit|standard)$/i;

const UNIT_IN_BRACKETS = /\((?:[^()]*(?:\/|NTU|μS|uS|℃|°C|%|度|MPN|CFU|Bq)[^()]*)\)/i;

/** A column that holds results of one item. */
export interface ItemColumn {
  readonly index: number;
  readonly heading: string;
  readonly named: NamedItem;
  /** Column of the item's marks, e.g. 氨氮标识. */
  readonly mark: number | null;
}

/** What the columns of a table hold. `long`: one value a row; `wide`: one column an item. */
export type Layout = {
  readonly heading: Line;
  readonly keys: ReadonlyMap<KeyColumn, number>;
  /** Columns that seem to hold results, but of an item the config does not know. */
  readonly strange: readonly { readonly index: number; readonly heading: string }[];
  /** Headings of columns that are passed over. */
  readonly unused: readonly string[];
} & ({ readonly kind: 'long' } | { readonly kind: 'wide'; readonly items: readonly ItemColumn[] });

/** Rows above the headings at most: titles and the like. */
const SEARCHED = 30;

/** The unit that a heading of results or of detection limits states for the whole column, e.g. 监测值(mg/L); `null` without one. */
export function unitOf(layout: Layout, column: 'value' | 'detection'): string | null {
  const index = layout.keys.get(column);
  if (index === undefined) return null;
  return UNIT_IN_BRACKETS.exec(textOf(layout.heading.cells[index]))?.[0].slice(1, -1) ?? null;
}

/** Finds the headings of a table; else, in words, what was looked for. `hasStation`: the station is named apart from the table. */
export function findLayout(lines: readonly Line[], names: Names, hasStation: boolean): Layout | string {
  let nearest: string | null = null;
  for (const [i, line] of lines.slice(0, SEARCHED).entries()) {
    const layout = layoutOf(line, lines.slice(i + 1), names, hasStation);
    if (typeof layout !== 'string') return layout;
    if (layout !== '') nearest ??= `第 ${line.line} 行:${layout}`;
  }
  return nearest ?? '没有找到表头:需要时间(采样时间、监测时间、日期)、站点(断面、点位),以及 项目+结果 两列或每个项目一列';
}

function layoutOf(line: Line, below: readonly Line[], names: Names, hasStation: boolean): Layout | string {
  const headings = line.cells.map(textOf);
  const keys = new Map<KeyColumn, number>();
  const twice: string[] = [];
  headings.forEach((heading, index) => {
    const key = keyOf(heading);
    if (key === null) return;
    if (keys.has(key)) twice.push(heading);
    else keys.set(key, index);
  });
  // 采样日期 and 采样时间 side by side are a date and a clock.
  const [time, date] = [keys.get('time'), keys.get('date')];
  if (time !== undefined && date !== undefined && !keys.has('clock')) {
    keys.delete('time');
    keys.set('clock', time);
  }
  if (!keys.has('time') && !keys.has('date')) return '';
  if (!keys.has('station') && !hasStation) {
    return '有时间,没有站点一列(站点、断面、点位、监测点);文件只有一个站点时加 --station ID';
  }
  const isLong = keys.has('item') && keys.has('value');
  const taken = new Set(keys.values());
  const free = headings.flatMap((heading, index) => (taken.has(index) || heading === '' ? [] : [{ heading, index }]));
  if (isLong) {
    if (twice.length > 0) return `表头“${twice.join('、')}”的意思与另一列相同`;
    return { kind: 'long', heading: line, keys, strange: [], unused: free.map(({ heading }) => heading) };
  }
  const marks = new Map<string, number>();
  const items: ItemColumn[] = [];
  const rest: { heading: string; index: number }[] = [];
  for (const { heading, index } of free) {
    const stem = /^(.+?)[\s_-]*\(?(?:数据标识|标识|标记|mark|flag)\)?$/i.exec(heading)?.[1];
    const of = stem === undefined ? null : names.item(stem);
    if (of) marks.set(of.parameter.code, index);
    else {
      const named = names.item(heading);
      if (named) items.push({ heading, index, named, mark: null });
      else rest.push({ heading, index });
    }
  }
  if (items.length === 0) return keys.has('item') || keys.has('value') ? '有项目或结果之一,缺另一列' : '没有一列是配置里的项目';
  if (twice.length > 0) return `表头“${twice.join('、')}”的意思与另一列相同`;
  const strange = rest.filter(
    ({ heading, index }) =>
      !REMARKS.test(nameKey(heading)) &&
      (UNIT_IN_BRACKETS.test(heading) || below.some(({ cells }) => looksLikeResult(cells[index]))),
  );
  return {
    kind: 'wide',
    heading: line,
    keys,
    items: items.map((item) => ({ ...item, mark: marks.get(item.named.parameter.code) ?? null })),
    strange,
    unused: rest.filter((column) => !strange.includes(column)).map(({ heading }) => heading),
  };
}

function keyOf(heading: string): KeyColumn | null {
  const key = nameKey(heading.replace(/\([^()]*\)$/, ''));
  for (const [column, words] of Object.entries(KEYS) as [KeyColumn, readonly string[]][]) {
    if (words.includes(key)) return column;
  }
  return null;
}

const looksLikeResult = (cell: Cell | undefined): boolean =>
  typeof cell === 'number' || /^[<>]?\d+(\.\d+)?l?$|^(未检出|nd)$/i.test(textOf(cell).replace(/\s/g, ''));
