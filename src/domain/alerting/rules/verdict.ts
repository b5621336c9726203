/** Has a window closed that is 超标? */
import { type Finding, STATISTIC_NAMES, type StatisticKind, type Verdict } from '../../compliance/verdict.js';
import type { Parameter } from '../../parameter.js';
import type { Station } from '../../station.js';
import { type Calendar, DAY, HOUR, type Instant, localDate, shortTime, type WindowKind } from '../../time.js';
import type { Words } from '../alert.js';
import { passedOf } from '../passed.js';
import { NOTHING, type Signal } from '../signal.js';

/** A closed window of a station, as it stands. */
export interface JudgedWindow {
  readonly verdict: Verdict;
  /** 不参评: it makes no alert. */
  readonly isExcused: boolean;
}

/** How long after its end a window may open an alert, ms: what is judged later (backfill, another limit) is history. */
export const NEWS: Readonly<Record<WindowKind, number>> = {
  rule: 3 * HOUR,
  hour: 3 * HOUR,
  day: 36 * HOUR,
  month: 7 * DAY,
  quarter: 14 * DAY,
  year: 31 * DAY,
  // Laboratories report after a week or two.
  sample: 31 * DAY,
};

const STATISTIC_EN: Readonly<Record<StatisticKind, string>> = {
  'hour-mean': 'hourly mean',
  'day-mean': 'daily mean',
  'flow-weighted-day-mean': 'flow-weighted daily mean',
  'max-8-hour': 'daily maximum of 8-hour means',
  'month-mean': 'monthly mean',
  'quarter-mean': 'quarterly mean',
  'year-mean': 'annual mean',
  'percentile-90': '90th percentile of daily means',
  'percentile-95': '95th percentile of daily means',
  'percentile-98': '98th percentile of daily means',
  'rule-mean': 'mean of the window',
  sample: 'laboratory value',
};

/**
 * Where no alert stands (`openedBy` null), `windows` are those that nobody was told of: the first that is 超标 fires with its
 * worst item, unless it is history. Where one stands, they are those from the window on that opened it (`openedBy`: its end):
 * the first that is 达标 or 不参评 ends it, refuted where it is the very one that opened it and was judged again; before that
 * the newest that is 超标 fires. 未判定 says nothing. Windows are of one kind, oldest first; what came late has its place
 * among them, so an exceeded day is told, and ended, also when the next one is met already.
 */
export function verdict(
  windows: readonly JudgedWindow[],
  station: Pick<Station, 'name' | 'nameEn'>,
  parameters: ReadonlyMap<string, Parameter>,
  calendar: Calendar,
  openedBy: Instant | null,
  now: Instant,
): Signal {
  const first = (of: readonly JudgedWindow[]): Signal => {
    for (const window of of) {
      const signal = firing(window, station, parameters, calendar);
      if (signal.says === 'firing') return signal;
    }
    return NOTHING;
  };
  if (openedBy === null) return first(windows.filter(({ verdict: { kind, end } }) => now - end <= NEWS[kind]));
  const since = windows.filter(({ verdict: { end } }) => end >= openedBy);
  const over = since.find(({ verdict: judged, isExcused }) => judged.verdict === 'met' || isExcused);
  if (over === undefined) return first(since.reverse());
  const { verdict: judged, isExcused } = over;
  const isRefuted = openedBy === judged.end;
  const stay = since.filter(({ verdict: one, isExcused }) => one.end < judged.end && one.verdict === 'exceeded' && !isExcused);
  const still = isRefuted ? NO_WORDS : remaining(stay, calendar);
  const name = windowName(judged, calendar);
  const how = isExcused
    ? { zh: '不参评', en: ' is excused' }
    : isRefuted
      ? { zh: '重新评价后达标', en: ' judged again: met' }
      : { zh: '达标', en: ': met' };
  return {
    says: 'clear',
    at: judged.end,
    isRefuted,
    reason: { zh: `${name.zh}${how.zh}${still.zh}`, en: `${name.en}${how.en}${still.en}` },
  };
}

const NO_WORDS: Words = { zh: '', en: '' };

/** The end of an episode takes nothing back: what of it stays 超标. */
function remaining(windows: readonly JudgedWindow[], calendar: Calendar): Words {
  const [first, last] = [windows[0], windows.at(-1)];
  if (first === undefined || last === undefined) return NO_WORDS;
  const [from, to] = [windowName(first.verdict, calendar), windowName(last.verdict, calendar)];
  if (first === last) return { zh: `(${from.zh.trimEnd()} 仍为超标)`, en: ` (${from.en} remains exceeded)` };
  return {
    zh: `(${from.zh.trimEnd()} 至 ${to.zh.trimEnd()} 的 ${windows.length} 次超标不变)`,
    en: ` (${windows.length} from ${from.en} to ${to.en} remain exceeded)`,
  };
}

/** Is the window 超标, and by what limit? */
function firing(
  { verdict: judged, isExcused }: JudgedWindow,
  station: Pick<Station, 'name' | 'nameEn'>,
  parameters: ReadonlyMap<string, Parameter>,
  calendar: Calendar,
): Signal {
  if (judged.verdict !== 'exceeded' || isExcused) return NOTHING;
  const worst = worstOf(judged.findings);
  if (worst === undefined || worst.limit === null) return NOTHING;
  const passed = { ...passedOf(worst.limit, worst.times), statistic: statisticOf(worst) };
  const value = worst.compared === null ? null : Number(worst.compared);
  return {
    says: 'firing',
    at: judged.end,
    severity: 'over',
    value,
    passed,
    isWorse: (than) => value !== null && beyond(value, passed.number) > beyond(than, passed.number),
    reason: words(judged, worst, worst.limit.citation, station, parameters, windowName(judged, calendar)),
  };
}

/** The exceeded item that is furthest over its limit; of items without multiples (pH, DO) the first. */
function worstOf(findings: readonly Finding[]): Finding | undefined {
  return findings
    .filter((finding) => finding.counted && finding.outcome === 'exceeded')
    .reduce<Finding | undefined>((a, b) => (a === undefined || Number(b.times ?? 0) > Number(a.times ?? 0) ? b : a), undefined);
}

const statisticOf = ({ statistic }: Finding): Words => ({ zh: STATISTIC_NAMES[statistic], en: STATISTIC_EN[statistic] });

/** How far outside: of a range from its nearer end, of one number either way. */
const beyond = (value: number, limit: number | readonly [number, number]): number =>
  typeof limit === 'number' ? Math.abs(value - limit) : Math.max(limit[0] - value, value - limit[1]);

function words(
  { findings }: Verdict,
  worst: Finding,
  citation: string,
  station: Pick<Station, 'name' | 'nameEn'>,
  parameters: ReadonlyMap<string, Parameter>,
  window: Words,
): Words {
  const parameter = parameters.get(worst.parameter);
  const unit = parameter === undefined || parameter.unit === '' ? '' : ` ${parameter.unit}`;
  const is = `${worst.atLeast ? '≥ ' : ''}${worst.compared ?? worst.mean}${unit}`;
  const { name, text, times, isLower } = passedOf(worst.limit!, worst.times);
  const over = times === null || Number(times) === 0 ? null : times;
  const others = findings.filter((f) => f !== worst && f.counted && f.outcome === 'exceeded');
  const also = (named: (p: Parameter) => string): string =>
    others.map((f) => (parameters.has(f.parameter) ? named(parameters.get(f.parameter)!) : f.parameter)).join(', ');
  const statistic = statisticOf(worst);
  return {
    zh: `${station.name} ${window.zh}超标:${parameter?.name ?? worst.parameter} ${statistic.zh} ${is},${
      isLower ? '低于' : typeof passedOf(worst.limit!).number === 'number' ? '超' : '超出'
    }${name.zh}(${text})${over === null ? '' : `${over} 倍`},${citation}${
      others.length === 0 ? '' : `;另有 ${also((p) => p.name).replaceAll(', ', '、')} 超标`
    }`,
    en: `${station.nameEn}, ${window.en}: exceeded: ${parameter?.nameEn ?? worst.parameter}, ${statistic.en} ${is}, ${
      isLower ? 'under' : 'beyond'
    } the ${name.en} (${text})${over === null ? '' : ` by ${over} times`}, ${citation}${
      others.length === 0 ? '' : `; also exceeded: ${also((p) => p.nameEn)}`
    }`,
  };
}

/** The window as people call it: `11-22 `, `11 月`, `11-22 08:00 起一小时`. Of Chinese names those that end in a figure end in a space. */
function windowName({ kind, start }: Verdict, calendar: Calendar): Words {
  const date = localDate(start, calendar);
  const month = Number(date.slice(5, 7));
  switch (kind) {
    case 'day':
      return { zh: `${date.slice(5)} `, en: date.slice(5) };
    case 'month':
      return { zh: `${month} 月`, en: date.slice(0, 7) };
    case 'quarter':
      return { zh: `第 ${Math.ceil(month / 3)} 季度`, en: `quarter ${Math.ceil(month / 3)}` };
    case 'year':
      return { zh: `${date.slice(0, 4)} 年`, en: date.slice(0, 4) };
    case 'hour':
      return { zh: `${shortTime(start, calendar)} 起一小时`, en: `hour from ${shortTime(start, calendar)}` };
    case 'rule':
      return { zh: `${shortTime(start, calendar)} 起时段`, en: `window from ${shortTime(start, calendar)}` };
    case 'sample':
      return { zh: `${shortTime(start, calendar)} 水样`, en: `sample of ${shortTime(start, calendar)}` };
  }
}
