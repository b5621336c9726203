/** What is said the same way in every mail: tags, places, durations, courses. */
import type { Site } from '../site.js';
import { clockTime, DAY, HOUR, type Instant, MINUTE } from '../time.js';
import type { Alert, Passed, Severity, Words } from './alert.js';
import type { Chart, Point } from './chart.js';
import type { Facts } from './facts.js';
import type { Tone } from './letter-shape.js';
import { shown } from './passed.js';
import type { Change } from './signal.js';

type Language = keyof Words;

/** How severities are called. */
export const OF_SEVERITY: Readonly<Record<Severity, Words>> = {
  warning: { zh: '预警', en: 'Warning' },
  over: { zh: '超限', en: 'Over limit' },
  severe: { zh: '严重超限', en: 'Far over limit' },
};

/** How an alert is called, without brackets (contract §5): by its kind, or by its severity. */
export function called(alert: Pick<Alert, 'kind' | 'severity'>): Words {
  switch (alert.kind) {
    case 'verdict':
      return { zh: '超标', en: 'Exceeded' };
    case 'no-data':
      return { zh: '无数据', en: 'No data' };
    case 'sensor':
      return { zh: '设备', en: 'Device' };
    case 'service':
      return { zh: '系统', en: 'System' };
    case 'limit':
    case 'trend':
    case 'target':
    case 'upstream':
    case 'regional':
    case 'rain':
      return OF_SEVERITY[alert.severity];
  }
}

/** Is it an end? */
export const isOver = (change: Change): boolean =>
  change.what === 'resolved' || change.what === 'refuted' || change.what === 'closed';

/** The tag a subject begins with: 【超限】, and for English readers 【超限 Over limit】. */
export const bracketed = (words: Words, language: Language): string =>
  language === 'zh' ? `【${words.zh}】` : `【${words.zh} ${words.en}】`;

/** The tag of a change. */
export const tagOf = (change: Change, language: Language): string =>
  bracketed(isOver(change) ? { zh: '恢复', en: 'Resolved' } : called(change.alert), language);

/** How serious a change looks. */
export function toneOf(change: Change): Tone {
  if (isOver(change)) return 'good';
  switch (change.alert.kind) {
    case 'no-data':
    case 'sensor':
    case 'service':
      return change.alert.severity === 'warning' ? 'device' : 'over';
    case 'verdict':
      return 'over';
    case 'limit':
    case 'trend':
    case 'target':
    case 'upstream':
    case 'regional':
    case 'rain':
      return change.alert.severity;
  }
}

/** What an alert is about, as people call it: the station, the reach, the target, the town, the service. */
export function placeOf({ station, site, change }: Pick<Facts, 'station' | 'site' | 'change'>): Words {
  if (station !== null) return { zh: station.name, en: station.nameEn };
  const { subject } = change.alert;
  return nameOfSubject(subject, site) ?? { zh: subject, en: subject };
}

/** What people call the subject of an alert; `null` where the config knows no such station, reach or target. */
export function nameOfSubject(subject: string, site: Site): Words | null {
  const colon = subject.indexOf(':');
  const [kind, id] = colon < 0 ? [subject, ''] : [subject.slice(0, colon), subject.slice(colon + 1)];
  switch (kind) {
    case 'reach': {
      const reach = site.reaches.get(id);
      return reach === undefined ? null : { zh: reach.name, en: reach.nameEn };
    }
    case 'target': {
      const target = site.targets.find((one) => one.id === id);
      return target === undefined ? null : { zh: target.name, en: target.nameEn };
    }
    case 'region':
      return { zh: site.name, en: site.nameEn };
    case 'service':
      return { zh: '河清系统', en: 'Heqing' };
    default: {
      const station = site.stations.get(subject);
      return station === undefined ? null : { zh: station.name, en: station.nameEn };
    }
  }
}

/** A sentence beside names that stand before it already: without those it begins with. */
export const beside = (sentence: string, ...names: readonly string[]): string =>
  names.reduce((said, name) => (said.startsWith(name) ? said.slice(name.length).replace(/^[\s,:]+/, '') : said), sentence);

/** `45 分钟`, `3.2 小时`, `2 天`; `45 min`, `3.2 h`, `2 days`. Never less than a minute. */
export function duration(ms: number, language: Language): string {
  if (ms < HOUR) return `${Math.max(1, Math.round(ms / MINUTE))} ${language === 'zh' ? '分钟' : 'min'}`;
  if (ms < 2 * DAY) return `${Number((ms / HOUR).toFixed(1))} ${language === 'zh' ? '小时' : 'h'}`;
  return `${Number((ms / DAY).toFixed(1))} ${language === 'zh' ? '天' : 'days'}`;
}

/**
 * What a subject says of an alert's reason. The reasons of some kinds list values after a colon: the subject does without,
 * the mail's first sentence has all of it.
 */
export function gist({ kind, reason }: Alert, language: Language): string {
  switch (kind) {
    case 'trend':
    case 'regional':
    case 'rain':
      // A colon between digits is a clock's.
      return reason[language].split(/(?<!\d): ?|: ?(?!\d)/)[0] ?? '';
    case 'limit':
    case 'verdict':
    case 'target':
    case 'no-data':
    case 'sensor':
    case 'upstream':
    case 'service':
      return reason[language];
  }
}

/** Which trouble of the service it was, of a reason that goes on with how long and why: 归档中断. */
export const headOf = (reason: string): string => reason.split(/[,:\uff0c\uff1a]/)[0]!;

/** Is the worst value beyond the number it was held against? One that is only near it, or stands in a dry pipe, is not. */
export function isPast({ value, passed }: Pick<Alert, 'value' | 'passed'>): boolean {
  if (value === null || passed === null) return false;
  if (typeof passed.number !== 'number') return value < passed.number[0] || value > passed.number[1];
  return passed.isLower ? value <= passed.number : value > passed.number;
}

/** Is it a 预警 of the rule "over the limit" for which no limit was passed? One whose limit waits for confirmation may have been. */
export const isWarned = (alert: Alert): boolean =>
  alert.kind === 'limit' && alert.severity === 'warning' && (alert.passed?.isCertain === true || !isPast(alert));

/** The share of the limit that a 预警 was given at, in percent: of a lower limit above 100. `null`: the number itself was passed. */
export const percentOf = ({ share, isLower }: Passed): number | null =>
  share === undefined ? null : Number(((isLower ? 1 / share : share) * 100).toFixed(1));

/** Which way the worst lies: 最高, 最低, or neither where a range has two ends. */
export function worstWord(alert: Alert): Words {
  const { passed } = alert;
  if (passed !== null && typeof passed.number !== 'number') return { zh: '极值', en: 'furthest' };
  return passed?.isLower === true ? { zh: '最低', en: 'lowest' } : { zh: '最高', en: 'highest' };
}

/** A value of the mail's parameter, with its unit; bare where no parameter is known. */
export const valueOf = ({ parameter }: Pick<Facts, 'parameter'>, value: number): string =>
  parameter === null ? String(value) : shown(value, parameter);

/** The newest value at or before the change. */
export const latest = (facts: Facts): Point | null =>
  facts.recent.findLast((point) => point.time <= Math.max(facts.change.at, facts.now)) ?? null;

/** Hours over which a course is told to rise or fall, and the share of the span of the day that counts as such. */
const COURSE = 3 * HOUR;
const COUNTS = 0.1;

/** How the values went: which way over the last three hours, and the span of the day. `null`: too few values. */
export function courseOf(
  facts: Facts,
): { readonly way: 'up' | 'down' | 'level'; readonly from: Point; readonly to: Point } | null {
  const { recent, parameter } = facts;
  const to = recent.at(-1);
  if (parameter === null || to === undefined) return null;
  const from = recent.find((point) => point.time >= to.time - COURSE);
  if (from === undefined || from === to) return null;
  const { low, high } = spanOf(recent);
  const step = Math.max(COUNTS * (high - low), 10 ** -parameter.decimals);
  const by = to.value - from.value;
  return { way: Math.abs(by) < step ? 'level' : by > 0 ? 'up' : 'down', from, to };
}

/** The lowest and the highest of some values; of none both are not finite. */
export function spanOf(points: readonly Point[]): { readonly low: number; readonly high: number } {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { value } of points) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return { low, high };
}

/** At most so many values of a course are written out; the newest is always among them. */
const WRITTEN = 12;

/** `08:00 0.62, 09:00 0.71 …`: the course for those who see no picture. */
export function writtenCourse({ recent, parameter, site }: Facts, comma: string): string {
  if (parameter === null) return '';
  const stride = Math.ceil(recent.length / WRITTEN);
  return recent
    .filter((_, i) => (recent.length - 1 - i) % stride === 0)
    .map(({ time, value }) => `${clockTime(time, site.calendar)} ${shown(value, parameter, false)}`)
    .join(comma);
}

/** Hours that the picture shows. */
const SHOWN: Instant = 24 * HOUR;

/** The picture of the last 24 hours; `null` with fewer than two values. */
export function chartOf({ recent, parameter, change, site }: Facts): Chart | null {
  const newest = recent.at(-1);
  if (parameter === null || newest === undefined || recent.length < 2) return null;
  const number = change.alert.passed?.number ?? [];
  const to = Math.max(newest.time, change.at);
  return {
    points: recent.filter(({ time }) => time >= to - SHOWN),
    limits: typeof number === 'number' ? [number] : [...number],
    from: to - SHOWN,
    to,
    decimals: parameter.decimals,
    offsetMinutes: site.calendar.offsetMinutes,
  };
}
