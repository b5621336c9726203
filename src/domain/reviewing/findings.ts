/** Which day should a reviewer look at first, and why, in words? */
import type { Words } from '../alerting/alert.js';
import type { VerdictState } from '../compliance/verdict.js';
import { CHECK_NAMES, type CheckName } from '../quality/checks.js';
import { HOUR } from '../time.js';
import type { DayFacts, SeriesFacts } from './day-facts.js';
import type { ReviewDay } from './review-day.js';

/** What a finding is about. */
export type FindingKind = 'changed' | 'returned' | 'verdict' | 'over' | CheckName | 'sensor' | 'no-data' | 'gap' | 'set-aside';

/** One reason to look at a day. */
export interface ReviewFinding {
  readonly kind: FindingKind;
  /** `null`: all of the station's, or none of them. */
  readonly parameter: string | null;
  /** So many readings; 0 where it is not about readings. */
  readonly n: number;
  readonly text: Words;
  /** The heavier, the sooner it should be looked at. */
  readonly weight: number;
}

/** How a parameter is called and written. */
export type Naming = (parameter: string) => {
  readonly name: string;
  readonly nameEn: string;
  readonly value: (of: number) => string;
};

/** How a check's finding is called. */
const CHECK_WORDS: Readonly<Record<CheckName, Words>> = {
  'gross-range': { zh: '超出量程', en: 'out of range' },
  'sampling-time': { zh: '采样时间可疑', en: 'doubtful sampling time' },
  spike: { zh: '尖峰', en: 'spike' },
  'rate-of-change': { zh: '变化过快', en: 'fast change' },
  'flat-line': { zh: '恒值不变', en: 'flat line' },
  consistency: { zh: '与其他指标矛盾', en: 'contradicts another item' },
  interference: { zh: '受干扰', en: 'interference' },
};

/** What weighs how much: a lost verdict before single values, these before doubts, doubts before silence. */
const WEIGHTS = {
  ...{ verdict: 1000, changed: 800, returned: 800, over: 500 },
  ...{ 'flat-line': 400, spike: 350, 'gross-range': 300, consistency: 250, 'rate-of-change': 220, 'sampling-time': 150 },
  ...{ interference: 100, sensor: 200, 'no-data': 180, gap: 120, 'set-aside': 60, undetermined: 130 },
} as const;

/** More of a kind weighs more, but never as much as the next kind. */
const more = (n: number): number => Math.min(40, Math.log2(1 + n) * 4);

/** What the readings of a day give to look at, the heaviest first. */
export function factFindings(facts: DayFacts, naming: Naming): ReviewFinding[] {
  const found: ReviewFinding[] = [];
  const add = (kind: FindingKind, parameter: string | null, n: number, zh: string, en: string): void =>
    void found.push({ kind, parameter, n, text: { zh, en }, weight: WEIGHTS[kind] + more(n) });
  for (const one of facts.series) {
    const { name: item, nameEn: itemEn, value } = naming(one.parameter);
    const [name, nameEn] = one.isLab ? [`化验${item}`, `${itemEn} (laboratory)`] : [item, itemEn];
    if (one.over > 0 && one.worst !== null)
      add(
        'over',
        one.parameter,
        one.over,
        `${name} 超限 ${one.over} 条,最差 ${value(one.worst)}`,
        `${nameEn} over its limit: ${one.over}, the worst ${value(one.worst)}`,
      );
    for (const check of CHECK_NAMES) {
      const n = one.doubts[check] ?? 0;
      const { zh, en } = CHECK_WORDS[check];
      if (n > 0) add(check, one.parameter, n, `${name} ${zh} ${n} 条`, `${nameEn} ${en}: ${n}`);
    }
  }
  found.push(...silences(facts.series, naming));
  for (const { kind, parameter, zh, en } of facts.alerts) {
    const names = parameter === null ? null : naming(parameter);
    add(kind, parameter, 0, names === null ? zh : `${names.name} ${zh}`, names === null ? en : `${names.nameEn}: ${en}`);
  }
  const [out, over] = [sum(facts.series, 'setAside'), sum(facts.series, 'setAsideOver')];
  if (out > 0) add('set-aside', null, out, setAsideWords(out, over).zh, setAsideWords(out, over).en);
  return found.sort(heaviest);
}

/** What people took out of a day or a rate, in words (人工剔除). */
export const setAsideWords = (n: number, over: number): Words => ({
  zh: `人工剔除 ${n} 条(其中超限 ${over} 条)`,
  en: `taken out by people: ${n}, of them ${over} over a limit`,
});

/** Series that were silent for about as long are told together. */
function silences(series: readonly SeriesFacts[], naming: Naming): ReviewFinding[] {
  const alike = new Map<number, SeriesFacts[]>();
  for (const one of series) {
    if (one.gap === 0) continue;
    const hours = Math.max(1, Math.floor(one.gap / HOUR));
    alike.set(hours, [...(alike.get(hours) ?? []), one]);
  }
  return [...alike].map(([hours, list]) => {
    const n = sum(list, 'missing');
    const one = list.length === 1 ? naming(list[0]!.parameter) : null;
    return {
      ...{ kind: 'gap' as const, parameter: one === null ? null : list[0]!.parameter, n },
      text: {
        zh: `${one?.name ?? `${list.length} 项指标`} 缺数约 ${hours} 小时`,
        en: `${one?.nameEn ?? `${list.length} items`}: no data for about ${hours} h`,
      },
      weight: WEIGHTS.gap + Math.min(40, hours),
    };
  });
}

/** The worst of some windows that were not met, and how many were as bad. */
export interface Lost {
  readonly state: VerdictState;
  readonly n: number;
}

/** What the verdicts of the day's windows and laboratory samples, and the course of the review itself, give to look at. */
export function standingFindings(
  day: Pick<ReviewDay, 'changed' | 'returned'>,
  windows: Lost | null,
  samples: Lost | null,
): ReviewFinding[] {
  const found: ReviewFinding[] = [];
  const { changed, returned } = day;
  if (changed !== null)
    found.push({
      ...{ kind: 'changed', parameter: null, n: 0, weight: WEIGHTS.changed },
      text: {
        zh: `${changed.was === 'second' ? '复核' : '初审'}后有变动:${changed.note}`,
        en: `changed since its ${changed.was} review: ${changed.note}`,
      },
    });
  if (returned !== null)
    found.push({
      ...{ kind: 'returned', parameter: null, n: 0, weight: WEIGHTS.returned },
      text: { zh: `退回:${returned.note}`, en: `sent back: ${returned.note}` },
    });
  found.push(...lostFinding(windows, windowWords), ...lostFinding(samples, sampleWords));
  return found.sort(heaviest);
}

function lostFinding(lost: Lost | null, words: (state: 'exceeded' | 'undetermined', n: number) => Words): ReviewFinding[] {
  if (lost === null || lost.state === 'met') return [];
  const { state, n } = lost;
  const weight = WEIGHTS[state === 'exceeded' ? 'verdict' : 'undetermined'] + more(n);
  return [{ kind: 'verdict', parameter: null, n, text: words(state, n), weight }];
}

function windowWords(state: 'exceeded' | 'undetermined', n: number): Words {
  if (state === 'exceeded')
    return n === 1 ? { zh: '评价超标', en: 'exceeded' } : { zh: `评价超标 ${n} 个时段`, en: `${n} windows exceeded` };
  return n === 1 ? { zh: '评价未判定', en: 'undetermined' } : { zh: `未判定 ${n} 个时段`, en: `${n} windows undetermined` };
}

const sampleWords = (state: 'exceeded' | 'undetermined', n: number): Words => ({
  zh: `化验水样${state === 'exceeded' ? '超标' : '未判定'} ${n} 份`,
  en: `laboratory samples ${state}: ${n}`,
});

/** The heavier first. */
export const heaviest = (a: { weight: number }, b: { weight: number }): number => b.weight - a.weight;

/** How much a day weighs: its heaviest finding, and a little for each other. */
export function gravity(findings: readonly Pick<ReviewFinding, 'weight'>[]): number {
  const weights = findings.map(({ weight }) => weight).sort((a, b) => b - a);
  return weights.reduce((all, weight, i) => all + (i === 0 ? weight : weight / 20), 0);
}

const sum = (series: readonly SeriesFacts[], of: 'setAside' | 'setAsideOver' | 'missing'): number =>
  series.reduce((all, one) => all + one[of], 0);
