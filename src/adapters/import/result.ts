/** What does a result cell say: a number, less than what can be detected, or more than the range? */
import Big from 'big.js';
import type { Mark } from '../../domain/reading.js';
import type { Cell } from './tables.js';
import { nameKey, textOf } from './text.js';
import { isSame, type UnitFactor } from './units.js';

/** A result in the parameter's unit. */
export interface Result {
  /** A non-detect holds half its detection limit (HJ 91.2-2022; contract §3). */
  readonly value: number;
  /** The detection limit, only of a non-detect. */
  readonly detection?: number;
  /** `T`, over range, for a result written `>2400`. */
  readonly mark?: Mark;
  /** The detection limit is the method's usual one, not one that the table states. */
  readonly assumed?: true;
}

const NUMBER = String.raw`(\d+(?:\.\d+)?(?:e[+-]?\d+)?)`;
const PLAIN = new RegExp(`^[+-]?${NUMBER}$`, 'i');
/** `<0.05`, `<0.05L`, `0.05L` (HJ 630: the detection limit with an L), `ND(0.05)`, `未检出(<0.05)`, `ND<0.05`. */
const NOT_DETECTED = '(?:未检出|未检测出|低于检出限|nd|n\\.d\\.?|bdl|<lod|<dl|<检出限|not detected|l)';
const BELOW = [
  new RegExp(`^<${NUMBER}l?$`, 'i'),
  new RegExp(`^${NUMBER}l$`, 'i'),
  new RegExp(`^${NOT_DETECTED}\\(<?${NUMBER}l?\\)$`, 'i'),
  new RegExp(`^${NOT_DETECTED}<${NUMBER}$`, 'i'),
];
const BARE = new RegExp(`^${NOT_DETECTED}$`, 'i');
const ABOVE = new RegExp(`^>${NUMBER}$`, 'i');

/**
 * Reads a result. `detection` is the cell of the detection limit, if the table has one; `absent` are the words (as `nameKey`
 * makes them) that mean 0 for this parameter, as 未检出 does for coliforms and 无 for visible matter. Else, in words, why it
 * is no result: nothing is guessed, a comma neither. `usual` is the detection limit of the parameter's method (in its own unit),
 * which stands in for one that the table does not state; `null` without one.
 */
export function readResult(
  cell: Cell,
  detection: Cell | undefined,
  factor: UnitFactor,
  absent: readonly string[],
  usual: number | null,
): Result | string {
  const text = textOf(cell).replace(/\s/g, '');
  const convert = (digits: string): number =>
    isSame(factor) ? Number(digits) : Number(new Big(digits).times(factor.times).div(factor.per).toString());
  const below = (limit: number): Result | string =>
    limit > 0 ? { value: Number(new Big(limit).div(2).toString()), detection: limit } : `检出限应大于 0,写的是“${text}”`;
  if (PLAIN.test(text)) return { value: convert(text) + 0 };
  for (const shape of BELOW) {
    const match = shape.exec(text);
    if (match) return below(convert(match[1]!));
  }
  if (BARE.test(text)) {
    const limit = textOf(detection).replace(/\s/g, '').replace(/^</, '').replace(/l$/i, '');
    if (PLAIN.test(limit)) return below(convert(limit));
    if (absent.includes(nameKey(text))) return { value: 0 };
    if (usual !== null) return { value: Number(new Big(usual).div(2).toString()), detection: usual, assumed: true };
    return `“${textOf(cell)}”没有检出限:写成 <0.05,或另加“检出限”一列`;
  }
  if (absent.includes(nameKey(text))) return { value: 0 };
  const above = ABOVE.exec(text);
  if (above) return { value: convert(above[1]!), mark: 'T' };
  if (/^[+-]?[\d,]+(\.\d+)?$/.test(text)) return `“${text}”里的逗号可能是千分位,也可能是小数点:请去掉`;
  return `“${textOf(cell)}”不是数值`;
}

const MARK_WORDS: Readonly<Record<string, Mark>> = {
  n: 'N',
  正常: 'N',
  f: 'F',
  停运: 'F',
  停产: 'F',
  停用: 'F',
  m: 'M',
  维护: 'M',
  维护保养: 'M',
  s: 'S',
  手工: 'S',
  手工录入: 'S',
  手工输入: 'S',
  d: 'D',
  故障: 'D',
  设备故障: 'D',
  仪器故障: 'D',
  c: 'C',
  校准: 'C',
  校验: 'C',
  t: 'T',
  超量程: 'T',
  超上限: 'T',
  超测量上限: 'T',
  b: 'B',
  通讯中断: 'B',
  通信中断: 'B',
  通信异常: 'B',
  通讯异常: 'B',
};

/** Reads a mark: HJ 212-2017's letter or the word for it; `null` for an empty cell, else, in words, why it is none. */
export function readMark(cell: Cell | undefined): Mark | null | { readonly why: string } {
  const text = textOf(cell).replace(/\s/g, '');
  if (text === '') return null;
  const mark = MARK_WORDS[text.toLowerCase()];
  return mark ?? { why: `数据标识“${text}”看不懂,应为 N F M S D C T B 之一(HJ 212-2017)` };
}
