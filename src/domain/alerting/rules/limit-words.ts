/** How does an alert say which limit was passed, by what, and how far? */
import type { Moment } from '../../compliance/evaluate.js';
import type { Parameter } from '../../parameter.js';
import type { Limit } from '../../standards/limit.js';
import type { Passed, Words } from '../alert.js';
import { passedOf, shown } from '../passed.js';
import type { SevereWhen } from '../rules.js';

type Unit = Pick<Parameter, 'decimals' | 'unit'>;

/** What a number is: 单次测值, 24 小时均值. */
export const SINGLE: Words = { zh: '单次测值', en: 'single value' };
export const meanOf = (hours: number): Words => ({ zh: `${hours} 小时均值`, en: `${hours}-hour mean` });
export const inARow = (n: number): Words =>
  n === 1 ? SINGLE : { zh: `连续 ${n} 次测值,最近`, en: `${n} values in a row, the last` };
export const lasting = (minutes: number): Words => ({
  zh: `持续 ${spell(minutes, true)},最近`,
  en: `for ${spell(minutes, false)}, the last`,
});

function spell(minutes: number, zh: boolean): string {
  const hours = Number((minutes / 60).toFixed(1));
  return minutes < 60 ? `${minutes} ${zh ? '分钟' : 'min'}` : `${hours} ${zh ? '小时' : 'h'}`;
}

const bare = (limit: Limit): string =>
  limit.operator === 'between' ? `${limit.low}–${limit.high}` : (limit.low ?? limit.high ?? '');

/** The limit of a moment that is over, as the alert keeps it. */
export function passedBy({ limit, times }: Moment, value: number, statistic: Words): Passed {
  const passed = passedOf(limit, times === null ? null : times.round(2, 0).toFixed(2));
  const isLower = limit.low !== null && value < Number(limit.low);
  return { ...passed, isLower, ...(statistic === SINGLE ? {} : { statistic }) };
}

/** `单次测值 1.37 mg/L,超Ⅲ类限值(1.0)0.37 倍`; `24 小时均值 4.62 mg/L,低于Ⅲ类限值(5)`. */
export function overWords(moment: Moment, value: number, statistic: Words, unit: Unit): Words {
  const { limit } = moment;
  const { name, times, isCertain, isLower } = passedBy(moment, value, statistic);
  const zhNumber = `${name.zh}(${bare(limit)}${isCertain ? '' : ',限值待确认'})`;
  const enNumber = `the ${name.en} (${bare(limit)}${isCertain ? '' : ', not yet confirmed'})`;
  // Under a hundredth the multiple is cut to 0, which says less than the value itself.
  const isTold = times !== null && Number(times) !== 0;
  const zh = limit.operator === 'between' ? '超出' : isLower ? '低于' : '超';
  const en = limit.operator === 'between' ? 'outside' : isLower ? 'under' : 'over';
  return {
    zh: `${statistic.zh} ${shown(value, unit)},${zh}${zhNumber}${isTold ? `${times} 倍` : ''}`,
    en: `${statistic.en} ${shown(value, unit)}, ${en} ${enNumber}${isTold ? ` by ${times} times` : ''}`,
  };
}

/** Near the limit: `连续 2 次测值,最近 0.86 mg/L,达到Ⅲ类限值(1.0)的 80 %`. */
export function nearWords(limit: Limit, value: number, share: number, n: number, unit: Unit): Words {
  const { name } = passedOf(limit);
  const percent = Number((share * 100).toFixed(1));
  const statistic = inARow(n);
  return {
    zh: `${statistic.zh} ${shown(value, unit)},达到${name.zh}(${bare(limit)})的 ${percent} %`,
    en: `${statistic.en} ${shown(value, unit)}, at ${percent} % of the ${name.en} (${bare(limit)})`,
  };
}

/** The threshold of 严重超限 that is a number of its own; `null`: it is told by its limit. */
export function threshold(when: SevereWhen): Passed | null {
  const name = { zh: '严重超限阈值', en: 'threshold of far over' };
  const own = { name, citation: null, isCertain: true, times: null };
  if ('below' in when) return { ...own, number: when.below, text: `≥ ${when.below}`, isLower: true };
  if ('above' in when) return { ...own, number: when.above, text: `≤ ${when.above}`, isLower: false };
  if ('atMost' in when) return { ...own, number: when.atMost, text: `> ${when.atMost}`, isLower: true };
  return null;
}

/** `单次测值 1.80 mg/L,低于严重超限阈值(2)`. */
export function thresholdWords(passed: Passed, value: number, statistic: Words, unit: Unit): Words {
  const isOver = !passed.isLower;
  return {
    zh: `${statistic.zh} ${shown(value, unit)},${isOver ? '高于' : '低于'}${passed.name.zh}(${passed.text})`,
    en: `${statistic.en} ${shown(value, unit)}, ${isOver ? 'above' : 'below'} the ${passed.name.en} (${passed.text})`,
  };
}

/** The band in which a parameter raises no warning. */
export function band(low: number, high: number, value: number): Passed {
  return {
    number: [low, high],
    text: `${low}–${high}`,
    name: { zh: '预警范围', en: 'warning band' },
    isLower: value < low,
    citation: null,
    isCertain: true,
    times: null,
  };
}

/** `持续 3 小时,最近 8.90,在预警范围(6.5–8.5)之外`. */
export function bandWords({ text }: Passed, value: number, hours: number, unit: Unit): Words {
  const statistic = lasting(hours * 60);
  return {
    zh: `${statistic.zh} ${shown(value, unit)},在预警范围(${text})之外`,
    en: `${statistic.en} ${shown(value, unit)}, outside the warning band (${text})`,
  };
}

/** A daily minimum that fell: what is usual at that hour, less the fall that is allowed. */
export function usualAt(usual: number, fall: number, days: number): Passed {
  const number = Number((usual - fall).toPrecision(6));
  return {
    number,
    text: `≥ ${number}`,
    name: { zh: `近 ${days} 天同时刻常值减 ${fall}`, en: `usual value at this hour of the last ${days} days less ${fall}` },
    isLower: true,
    citation: null,
    isCertain: true,
    times: null,
  };
}

/** `日最低值 4.20 mg/L,比近 7 天同时刻中位值(6.00)低 1.80`. */
export function dipWords(value: number, usual: number, days: number, unit: Unit): Words {
  const less = shown(Number((usual - value).toFixed(unit.decimals)), unit, false);
  const is = shown(Number(usual.toFixed(unit.decimals)), unit, false);
  return {
    zh: `日最低值 ${shown(value, unit)},比近 ${days} 天同时刻中位值(${is})低 ${less}`,
    en: `daily minimum ${shown(value, unit)}, ${less} under the median at this hour of the last ${days} days (${is})`,
  };
}

/** 停水: nothing in the pipe that could be measured. */
export function dryWords(minutes: number, value: number, unit: Unit): Words {
  return {
    zh: `停水:流量为 0、测值 ${shown(value, unit)} 已 ${minutes} 分钟,不是水质超限`,
    en: `no supply: no flow and a value of ${shown(value, unit)} for ${minutes} min; no limit passed by water`,
  };
}

/** Back inside; of a 预警, which was never outside, back from what it was given for. */
export const backWords = (n: number, isWarning: boolean): Words =>
  isWarning
    ? { zh: `连续 ${n} 次测值不再达到预警条件`, en: `${n} values in a row that call for no warning` }
    : { zh: `连续 ${n} 次测值回到限值以内`, en: `${n} values in a row back within the limit` };

/** It never was. `why`: in words, of the amendment. */
export const refutedWords = (isSpike: boolean, why: string): Words => ({
  zh: isSpike ? '突跳:下一测值回到原处,该测值不计' : `所依据的测值不计:${why}`,
  en: isSpike
    ? 'a spike: the next value was back where it had been, this one does not count'
    : `the value it rests on does not count: ${why}`,
});

/** A rise that never was. */
export const loweredWords = (refuted: Words, said: Words): Words => ({
  zh: `${refuted.zh};仍${said.zh}`,
  en: `${refuted.en}; still ${said.en}`,
});
