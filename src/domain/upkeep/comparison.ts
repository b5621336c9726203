/** Does an instrument agree with the laboratory (比对监测), by which rule, and is it time to compare again? */
import type { Words } from '../alerting/alert.js';
import type { Parameter } from '../parameter.js';
import type { Comparison, Medium } from '../station.js';
import type { Instant, LocalDate } from '../time.js';
import { daysBetween } from './plan.js';

/** What holds for laboratory values up to `upTo`, in the parameter's unit; `null`: for all above the band before. */
export interface Band {
  readonly upTo: number | null;
  /** `relative`: percent of the laboratory value; `absolute`: in the parameter's unit; `both`: enough that both lie in the band. */
  readonly kind: 'relative' | 'absolute' | 'both';
  /** How far apart they may be; 0 for `both`. */
  readonly within: number;
}

/** How far an instrument may be from the laboratory: bands by rising laboratory value, the last without an end. */
export interface Tolerance {
  readonly parameter: string;
  readonly media: readonly Medium[];
  readonly bands: readonly Band[];
  readonly citation: string;
  /** `own`: the town's own number; `transcribed`: from a text that is still to be read against the print. */
  readonly grade: 'transcribed' | 'own';
}

/** How comparisons are judged and when the next one is due. */
export interface ComparisonSettings {
  /** Days after which the last comparison no longer speaks for the instrument (待比对). */
  readonly dueDays: number;
  /** Minutes around the sample whose readings make the sensor's value; of a slower instrument half its cadence. */
  readonly aroundMinutes: number;
  readonly tolerances: readonly Tolerance[];
}

/** A comparison that was entered. It is never changed; a mistake is withdrawn. */
export interface ComparisonRecord {
  readonly id: string;
  readonly station: string;
  readonly parameter: string;
  /** When the sample was taken. */
  readonly time: Instant;
  readonly laboratory: number;
  readonly sensor: number;
  /** Readings behind the sensor's value; `null`: it was entered by hand. */
  readonly readings: number | null;
  readonly passed: boolean;
  /** The rule and the error as they were printed at entry. */
  readonly rule: Words;
  readonly error: Words;
  readonly citation: string;
  readonly grade: Tolerance['grade'];
  readonly note: string;
  readonly by: string;
  readonly at: Instant;
  readonly withdrawn: { readonly by: string; readonly at: Instant; readonly reason: string } | null;
}

/** How a comparison came out, and by what. */
export interface Agreement {
  readonly passed: boolean;
  /** E.g. 相对误差 ≤ 30 %. */
  readonly rule: Words;
  /** E.g. 相对误差 12.4 %. */
  readonly error: Words;
}

/** The tolerance of a parameter in a medium; `undefined`: none is set, so nothing can be judged. */
export const toleranceOf = (settings: ComparisonSettings, parameter: string, medium: Medium): Tolerance | undefined =>
  settings.tolerances.find((one) => one.parameter === parameter && one.media.includes(medium));

/** Compares two values of one sample. Both are in the parameter's unit; at the bound itself it has passed. */
export function agreement(laboratory: number, sensor: number, bands: readonly Band[], parameter: Parameter): Agreement {
  const unit = parameter.unit === '' ? '' : ` ${parameter.unit}`;
  const from = bands.findIndex(({ upTo }) => upTo === null || laboratory <= upTo);
  const first = bands[from];
  if (first?.kind === 'both' && first.upTo !== null && sensor <= first.upTo) {
    const bound = `${first.upTo}${unit}`;
    const rule = { zh: `化验与在线均不高于 ${bound}`, en: `both at or under ${bound}` };
    return { passed: true, rule, error: { zh: '均在检出限附近', en: 'both near the detection limit' } };
  }
  const band = bands.slice(Math.max(0, from)).find(({ kind }) => kind !== 'both') ?? { kind: 'absolute' as const, within: 0 };
  const apart = exact(Math.abs(sensor - laboratory));
  if (band.kind === 'absolute') {
    const passed = apart <= band.within;
    const error = told(apart, band.within, parameter.decimals);
    return {
      passed,
      rule: { zh: `绝对误差 ≤ ${band.within}${unit}`, en: `absolute error ≤ ${band.within}${unit}` },
      error: { zh: `绝对误差 ${error}${unit}`, en: `absolute error ${error}${unit}` },
    };
  }
  const percent = laboratory === 0 ? (apart === 0 ? 0 : Number.POSITIVE_INFINITY) : exact((apart / Math.abs(laboratory)) * 100);
  const error = Number.isFinite(percent) ? `${told(percent, band.within, 1)} %` : '∞';
  return {
    passed: percent <= band.within,
    rule: { zh: `相对误差 ≤ ${band.within} %`, en: `relative error ≤ ${band.within} %` },
    error: { zh: `相对误差 ${error}`, en: `relative error ${error}` },
  };
}

/** Twelve digits hold what was measured and drop what binary fractions added. */
const exact = (n: number): number => Number(n.toPrecision(12));

/** An error with so many decimals that it cannot be read as the other side of its bound. */
function told(value: number, bound: number, decimals: number): string {
  for (let digits = decimals; digits < 8; digits++) {
    const text = value.toFixed(digits);
    if (Number(text) <= bound === value <= bound) return text;
  }
  return String(value);
}

/** What a rate prints of a series: 最近比对 11-05 合格, or 待比对. */
export interface ComparisonState {
  /** Day of the newest comparison; `null`: there is none. */
  readonly date: LocalDate | null;
  readonly passed: boolean | null;
  /** None yet, or too long ago. */
  readonly due: boolean;
}

/** The newest of what the config holds and what was entered; of one day what was entered. Withdrawn records must not be among them. */
export function comparisonState(
  entered: { readonly date: LocalDate; readonly passed: boolean } | undefined,
  config: readonly Pick<Comparison, 'on' | 'passed'>[],
  today: LocalDate,
  dueDays: number,
): ComparisonState {
  const known = config.filter(({ on }) => on <= today).map(({ on, passed }) => ({ date: on, passed }));
  const all = [...(entered === undefined ? [] : [entered]), ...known];
  const newest = all.reduce<(typeof all)[number] | null>((a, b) => (a === null || b.date > a.date ? b : a), null);
  if (newest === null) return { date: null, passed: null, due: true };
  return { date: newest.date, passed: newest.passed, due: daysBetween(newest.date, today) > dueDays };
}

/** The state of one series, with its name. */
export interface NamedState extends ComparisonState {
  /** Station and item, as printed. */
  readonly what: Words;
}

/** What a rate of several series prints. */
export interface RateComparison extends ComparisonState {
  /** Series that must be compared, and those of them that wait. */
  readonly items: number;
  readonly waiting: number;
  /** Series whose newest comparison failed. */
  readonly failed: Words[];
}

/**
 * Several series as one: the newest day; passed only where no series' newest comparison failed; due where any of them waits.
 * `null`: nothing of it is compared (a rate of laboratory samples).
 */
export function rateComparison(states: readonly NamedState[]): RateComparison | null {
  if (states.length === 0) return null;
  const known = states.filter(({ date }) => date !== null);
  const failed = known.filter(({ passed }) => passed === false).map(({ what }) => what);
  const waiting = states.filter(({ due }) => due).length;
  return {
    date: known.reduce<LocalDate | null>((a, { date }) => (a === null || (date ?? '') > a ? date : a), null),
    passed: known.length === 0 ? null : failed.length === 0,
    due: waiting > 0,
    items: states.length,
    waiting,
    failed,
  };
}

/** What a rate prints: 最近比对 2026-11-05 合格; with what failed and how many wait. Without a full stop. */
export function comparisonText({ date, passed, due, items, waiting, failed }: RateComparison): Words {
  const wait = due ? { zh: `待比对 ${waiting}/${items} 项`, en: `${waiting} of ${items} items to compare` } : null;
  const list = (language: keyof Words, stop: string): string => failed.map((one) => one[language]).join(stop);
  const last =
    date === null
      ? { zh: '尚无比对', en: 'never compared with the laboratory' }
      : {
          zh: `最近比对 ${date} ${passed === false ? `不合格(${list('zh', '、')})` : '合格'}`,
          en: `last compared ${date}: ${passed === false ? `failed (${list('en', '; ')})` : 'passed'}`,
        };
  return {
    zh: [last.zh, ...(wait === null ? [] : [wait.zh])].join(','),
    en: [last.en, ...(wait === null ? [] : [wait.en])].join(', '),
  };
}
