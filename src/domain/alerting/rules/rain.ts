/** Does it only show that it has rained? */
import type { Parameter } from '../../parameter.js';
import type { Station } from '../../station.js';
import { HOUR, type Instant } from '../../time.js';
import type { Passed } from '../alert.js';
import { shown } from '../passed.js';
import type { Measurement } from '../robust.js';
import type { RainRule } from '../rules.js';
import { NOTHING, type Signal } from '../signal.js';

/** Rain that counts: the last moment at which enough had fallen, and the most that fell in as many hours. */
export interface Rainfall {
  readonly last: Instant;
  readonly mm: number;
}

/** Something of the reach that is not as it should be. */
export interface Stirred {
  readonly section: Pick<Station, 'id' | 'name' | 'nameEn'>;
  readonly parameter: Parameter;
  readonly time: Instant;
  readonly value: number;
  /** `over` its limit, near it (`warning`), or well above its own day where there is no limit (`risen`: turbidity). */
  readonly how: 'over' | 'warning' | 'risen';
  readonly passed: Passed | null;
}

/** What the rule looks at, for one reach. */
export interface RainInput {
  readonly rain: Rainfall | null;
  /** What is stirred up now, most downstream last. */
  readonly stirred: readonly Stirred[];
}

/** A value this many times the median of its day has risen, where no limit says what is too much. */
export const RISEN = 3;

/**
 * The last moment of a gauge's course (mm fallen since the value before, oldest first) at which at least `rule.mm` had fallen
 * in the `rule.hours` up to it; `null`: it has not rained enough.
 */
export function rainfall(course: readonly Measurement[], rule: Pick<RainRule, 'mm' | 'hours'>): Rainfall | null {
  let sum = 0;
  let first = 0;
  let last: Instant | null = null;
  let most = 0;
  for (const { time, value } of course) {
    sum += value;
    while (course[first]!.time <= time - rule.hours * HOUR) sum -= course[first++]!.value;
    // Sums of tenths of a millimetre are not exact in binary.
    if (sum < rule.mm - 1e-9) continue;
    last = time;
    most = Math.max(most, sum);
  }
  return last === null ? null : { last, mm: Math.round(most * 10) / 10 };
}

/** Does rain still explain what is stirred up? */
export const isAfterRain = (rain: Rainfall | null, rule: Pick<RainRule, 'afterHours'>, now: Instant): rain is Rainfall =>
  rain !== null && now < rain.last + rule.afterHours * HOUR;

/**
 * The rule "rain" (雨后水质波动): while rain explains it, what is over or near its limit on a reach is one alert, 预警, or 超限
 * once something is over a certain limit; it lists what is where, and shows the worst of it. What is over later joins it and
 * is told. What has merely risen is named beside and opens nothing.
 * Clears when all is back, or when the time after the rain has passed: then the single rules speak again.
 */
export function rain(input: RainInput, rule: RainRule, now: Instant): Signal {
  if (!isAfterRain(input.rain, rule, now))
    return {
      says: 'clear',
      at: now,
      reason: { zh: '雨后时段已过,恢复逐项报警', en: 'the time after the rain is over; single alerts again' },
    };
  const beyond = input.stirred.filter(({ how }) => how !== 'risen');
  if (beyond.length === 0) return { says: 'clear', at: now, reason: { zh: '各断面均已恢复', en: 'all sections are back' } };
  const over = beyond.filter(({ how, passed }) => how === 'over' && (passed?.isCertain ?? false));
  const worst = (over.length > 0 ? over : beyond).reduce((a, b) => (excess(b) > excess(a) ? b : a));
  const newest = beyond.reduce((a, b) => (b.time > a.time ? b : a));
  if (worst.passed === null) return NOTHING;
  const { mm } = input.rain;
  const told = [...beyond, ...input.stirred.filter(({ how }) => how === 'risen')];
  return {
    says: 'firing',
    at: newest.time,
    severity: over.length > 0 ? 'over' : 'warning',
    value: worst.value,
    passed: worst.passed,
    reason: {
      zh: `雨后水质波动(${rule.hours} 小时降雨 ${mm} mm):${told.map(zh).join(';')}`,
      en: `stirred up after rain (${mm} mm in ${rule.hours} h): ${told.map(en).join('; ')}`,
    },
    items: over.map(({ section, parameter }) => `${section.id} ${parameter.code}`),
  };
}

/** How far beyond, as a share of the limit, so that items can be compared. */
function excess({ value, passed }: Stirred): number {
  const number = passed?.number;
  return typeof number === 'number' && number > 0 ? value / number : 0;
}

const ZH = { over: '超限', warning: '接近限值', risen: '明显升高' } as const;
const EN = { over: 'over', warning: 'near its limit', risen: 'well up' } as const;

const zh = ({ section, parameter, value, how, passed }: Stirred): string =>
  `${section.name} ${parameter.name} ${shown(value, parameter)} ${ZH[how]}${passed === null ? '' : `(${passed.text})`}`;

const en = ({ section, parameter, value, how, passed }: Stirred): string =>
  `${section.nameEn} ${parameter.nameEn} ${shown(value, parameter)} ${EN[how]}${passed === null ? '' : ` (${passed.text})`}`;
