/** Is it the instrument, and not the water? */
import type { Parameter } from '../../parameter.js';
import type { MaintenanceRecord } from '../../quality/decision.js';
import { coverage } from '../../quality/decision.js';
import { validity } from '../../quality/intake.js';
import { type ClockFinding, clockWords } from '../../quality/clock.js';
import type { JudgedReading, Mark } from '../../reading.js';
import { type Calendar, DAY, HOUR, type Instant, MINUTE, shortTime } from '../../time.js';
import type { Words } from '../alert.js';
import { shown } from '../passed.js';
import type { SensorRule } from '../rules.js';
import { NOTHING, type Signal } from '../signal.js';

/** Newest readings that must all be sound before it is over. */
export const SOUND = 3;

/** A step after cleaning is told for so long, unless the instrument is worked at again. */
export const STEP_TOLD = 3 * DAY;

/** Older news of an instrument opens nothing: it is history that came late. */
const STALE = 6 * HOUR;

/** The means before a maintenance and after its settling time, each of `values` readings (校正量). */
export interface Step {
  readonly before: number;
  readonly after: number;
  /** End of the maintenance. */
  readonly at: Instant;
}

/** What is known of one instrument. */
export interface InstrumentInput {
  readonly station: Words;
  readonly parameter: Parameter;
  /** Minutes between two due values. */
  readonly cadence: number;
  /** Its newest readings, oldest first: as many as the rule looks back, without those that a maintenance record covers. */
  readonly readings: readonly JudgedReading[];
  /** Refuted spikes (突跳) in the rule's hours. */
  readonly spikes: number;
  readonly step: Step | null;
}

const MARK_WORDS: Readonly<Record<Mark, Words>> = {
  N: { zh: '正常', en: 'normal' },
  F: { zh: '停运', en: 'stopped' },
  M: { zh: '维护', en: 'maintenance' },
  S: { zh: '手工输入', en: 'entered by hand' },
  D: { zh: '故障', en: 'fault' },
  C: { zh: '校准', en: 'calibrating' },
  T: { zh: '超量程', en: 'over range' },
  B: { zh: '通信中断', en: 'link lost' },
};

/** What one check of the instrument finds; `between`: neither wrong nor sound. */
type Found = { readonly is: 'wrong'; readonly why: Words } | { readonly is: 'sound' | 'between' };

const SAYS_SOUND: Found = { is: 'sound' };
const BETWEEN: Found = { is: 'between' };

/**
 * Fires for whatever is wrong with an instrument, all causes in one alert: marks that name a fault, out of its range, stuck,
 * spiking, a step after cleaning. Clear when the last readings show none of them; nothing in between, and of old readings.
 */
export function sensor(input: InstrumentInput, rule: SensorRule, calendar: Calendar, now: Instant): Signal {
  const newest = input.readings.at(-1);
  if (newest === undefined) return NOTHING;
  const found = [
    marks(input.readings, rule, now),
    outOfRange(input, rule),
    stuck(input.readings, rule, calendar),
    spikes(input, rule),
    step(input, rule, calendar, now),
  ];
  const why = found.flatMap((one) => (one.is === 'wrong' ? one.why : []));
  if (why.length === 0) {
    return found.some((one) => one.is === 'between')
      ? NOTHING
      : { says: 'clear', at: newest.time, reason: { zh: '最近测值正常', en: 'its latest values are sound' } };
  }
  if (now - newest.time > Math.max(STALE, 2 * input.cadence * MINUTE)) return NOTHING;
  return {
    says: 'firing',
    at: newest.time,
    severity: 'warning',
    value: null,
    passed: null,
    reason: {
      zh: `${input.station.zh} ${input.parameter.name} 仪器异常:${why.map(({ zh }) => zh).join(';')}。请运维查看,不作为污染判断`,
      en: `${input.station.en}, ${input.parameter.nameEn}, instrument: ${why.map(({ en }) => en).join('; ')}. For maintenance; no sign of pollution`,
    },
  };
}

/** The clock of a station's device, as the roll call finds it. */
export function sensorClock(finding: ClockFinding | null, station: Words, calendar: Calendar, now: Instant): Signal {
  if (finding === null) return { says: 'clear', at: now, reason: { zh: '设备时钟已正常', en: 'the clock is right again' } };
  const { zh, en } = clockWords(finding, calendar.offsetMinutes);
  return {
    says: 'firing',
    at: now,
    severity: 'warning',
    value: null,
    passed: null,
    reason: { zh: `${station.zh} 设备时钟异常:${zh}`, en: `${station.en}, the device's clock is wrong: ${en}` },
  };
}

/** The newest `n`. */
const tail = <T>(list: readonly T[], n: number): readonly T[] => list.slice(-n);

function marks(readings: readonly JudgedReading[], rule: SensorRule, now: Instant): Found {
  const isFault = ({ mark }: JudgedReading): boolean => rule.marks.includes(mark);
  const last = readings.at(-1)!;
  if (!isFault(last)) return tail(readings, SOUND).some(isFault) ? BETWEEN : SAYS_SOUND;
  const other = readings.findLastIndex((reading) => !isFault(reading));
  const first = readings[other + 1]!;
  // Between two values of a slow analyser its mark still stands.
  if (Math.max(now, last.time) - first.time < rule.markMinutes * MINUTE) return BETWEEN;
  const word = MARK_WORDS[last.mark];
  return {
    is: 'wrong',
    why: { zh: `设备标识 ${last.mark}(${word.zh})`, en: `the device marks it ${last.mark} (${word.en})` },
  };
}

function outOfRange({ readings, parameter }: InstrumentInput, { outOfRangeValues: n }: SensorRule): Found {
  const isOut = ({ checks, quality, mark }: JudgedReading): boolean =>
    quality === 'fail' && mark !== 'T' && checks.includes('gross-range');
  const newest = tail(readings, n);
  if (newest.length === n && newest.every(isOut)) {
    const [low, high] = parameter.range;
    const value = shown(newest.at(-1)!.value, parameter);
    return {
      is: 'wrong',
      why: {
        zh: `连续 ${n} 个测值超出仪器可能的范围(${low}–${high}),最近 ${value}`,
        en: `${n} values in a row outside what it can measure (${low}–${high}), the last ${value}`,
      },
    };
  }
  return tail(readings, SOUND).some(isOut) ? BETWEEN : SAYS_SOUND;
}

function stuck(readings: readonly JudgedReading[], rule: SensorRule, calendar: Calendar): Found {
  if (!rule.stuck) return SAYS_SOUND;
  const isFlat = ({ checks }: JudgedReading): boolean => checks.includes('flat-line');
  const last = readings.at(-1)!;
  if (!isFlat(last)) return tail(readings, SOUND).some(isFlat) ? BETWEEN : SAYS_SOUND;
  const first = readings[readings.findLastIndex(({ value }) => value !== last.value) + 1]!;
  const since = shortTime(first.time, calendar);
  return {
    is: 'wrong',
    why: { zh: `测值长时间不变(${last.value},至少自 ${since}),疑似卡死`, en: `stuck at ${last.value}, at least since ${since}` },
  };
}

/** Half as many are over: the count falls one by one as time goes by. */
function spikes({ spikes: n }: InstrumentInput, { spikes: { count, hours } }: SensorRule): Found {
  if (n < count) return n > count / 2 ? BETWEEN : SAYS_SOUND;
  return { is: 'wrong', why: { zh: `${hours} 小时内突跳 ${n} 次`, en: `${n} refuted spikes in ${hours} h` } };
}

function step(
  { step: found, parameter }: InstrumentInput,
  { step: { share } }: SensorRule,
  calendar: Calendar,
  now: Instant,
): Found {
  if (found === null || now - found.at > STEP_TOLD) return SAYS_SOUND;
  const { before, after, at } = found;
  const by = after - before;
  // A change the display does not even show is no step, however large its share of nearly nothing.
  if (Math.abs(by) <= share * Math.abs(before) || Math.abs(by) < 2 * 10 ** -parameter.decimals) return SAYS_SOUND;
  const [was, is] = [before, after].map((mean) => shown(Number(mean.toFixed(parameter.decimals)), parameter));
  const when = shortTime(at, calendar);
  const amount = `${by > 0 ? '+' : '−'}${Math.abs(by).toFixed(parameter.decimals)}`;
  return {
    is: 'wrong',
    why: {
      zh: `${when} 维护前后均值由 ${was} 变为 ${is}(校正量 ${amount}),维护前的数据可能有偏差`,
      en: `its mean went from ${was} to ${is} with the maintenance of ${when} (correction ${amount}); what came before may be off`,
    },
  };
}

/**
 * The step of the newest maintenance of an instrument: means of `values` readings that count, just before it and just after
 * its settling time. `null`: it goes on, or there are not yet so many on both sides. `readings`: oldest first.
 */
export function stepOf(record: MaintenanceRecord, readings: readonly JudgedReading[], values: number): Step | null {
  const { from, to } = coverage(record);
  if (record.to === null) return null;
  const counting = readings.filter((reading) => reading.source === 'sensor' && validity(reading) === 'counts');
  const before = counting.filter(({ time }) => time < from).slice(-values);
  const after = counting.filter(({ time }) => time >= to).slice(0, values);
  if (before.length < values || after.length < values) return null;
  const mean = (list: readonly JudgedReading[]): number => list.reduce((sum, { value }) => sum + value, 0) / list.length;
  return { before: mean(before), after: mean(after), at: record.to };
}
