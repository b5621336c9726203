/**
 * Is every limit that is loaded held at its number, just over it, just under it, and where rounding brings a mean onto it?
 *
 * The source rows are read by themselves and the expectations are worked out in whole numbers, not with the decimals the
 * service computes in.
 */
import { describe, expect, test } from '@jest/globals';
import Big from 'big.js';
import { readFileSync } from 'node:fs';
import { evaluate, isBeyond } from '../../../src/domain/compliance/evaluate.js';
import { findingsOf, type Item } from '../../../src/domain/compliance/verdict.js';
import type { Limit } from '../../../src/domain/standards/limit.js';
import { wupi } from '../../support/wupi.js';

/** Whole millionths: every number of the source has fewer digits. */
const UNIT = 1_000_000n;

interface Row {
  readonly standard: string;
  readonly item_zh: string;
  readonly factor_code: string | null;
  readonly class?: string;
  readonly operator: string;
  readonly limit: number | [number, number] | null;
  readonly averaging: string;
  readonly comparison: string;
  readonly citation: string;
  readonly grade: string;
  readonly decimals?: number;
  readonly valid_from: string | null;
  readonly water_body?: string;
}

// 不得检出 and 无 are nothing of it: at most 0.
const rows = (JSON.parse(readFileSync('test/fixtures/config/limits.json', 'utf8')) as { entries: Row[] }).entries.map((row) =>
  row.operator === 'not_detected' || row.operator === 'none' ? { ...row, operator: '<=', limit: 0 } : row,
);

const millionths = (value: number): bigint => BigInt(Math.round(value * Number(UNIT)));

/** Half to even at a number of decimals, in whole millionths. */
function rounded(value: bigint, decimals: number): bigint {
  const step = 10n ** BigInt(6 - decimals);
  const [down, rest] = [value / step, value % step];
  const up = rest * 2n > step || (rest * 2n === step && down % 2n === 1n);
  return (up ? down + 1n : down) * step;
}

const decimalText = (value: bigint): string => `${value / UNIT}.${String(value % UNIT).padStart(6, '0')}`;

/** GB 3095 is rounded to one decimal, CO to two (HJ 663); all else as its row says. */
const decimalsOf = (row: Row): number | null => {
  if (row.comparison !== 'rounded') return null;
  if (row.decimals !== undefined) return row.decimals;
  return row.standard.startsWith('GB 3095') ? (row.item_zh === '一氧化碳' ? 2 : 1) : null;
};

/** The row a loaded limit was read from. */
function rowOf(limit: Limit): Row {
  const [low, high] = [limit.low, limit.high].map((text) => (text === null ? null : Number(text)));
  const found = rows.filter(
    (row) =>
      row.standard === limit.standard &&
      row.grade === limit.grade &&
      row.citation === limit.citation &&
      row.averaging === limit.averaging &&
      row.operator === limit.operator &&
      (row.valid_from ?? null) === limit.validFrom &&
      (row.water_body ?? null) === limit.waterBody &&
      (row.factor_code === null ||
        wupi.codes.get(row.factor_code) === undefined ||
        wupi.codes.get(row.factor_code) === limit.parameter) &&
      (Array.isArray(row.limit) ? row.limit[0] === low && row.limit[1] === high : row.limit === (low ?? high)),
  );
  if (found.length === 0) throw new Error(`no row of the source for ${limit.parameter} ${limit.citation}`);
  return found[0]!;
}

/** Values around the bounds of a row: each bound, one millionth and one step of its decimals to either side, and what rounds onto it. */
function around(row: Row): bigint[] {
  const decimals = decimalsOf(row);
  const step = decimals === null ? 1n : 10n ** BigInt(6 - decimals);
  const near = [
    0n,
    1n,
    -1n,
    step,
    -step,
    step / 2n,
    -step / 2n,
    step / 2n + 1n,
    -step / 2n - 1n,
    (step * 2n) / 5n,
    -(step * 2n) / 5n,
  ];
  const bounds = Array.isArray(row.limit) ? row.limit : [row.limit!];
  const values = bounds.flatMap((bound) => near.map((offset) => millionths(bound) + offset));
  return [...new Set(values)].filter((value) => value >= 0n);
}

/** Is a mean within its row's limit? All limits are inclusive. */
function within(row: Row, value: bigint): boolean {
  const decimals = decimalsOf(row);
  const compared = decimals === null ? value : rounded(value, decimals);
  const [low, high] = Array.isArray(row.limit) ? row.limit : row.operator === '>=' ? [row.limit!, null] : [null, row.limit!];
  return (low === null || compared >= millionths(low)) && (high === null || compared <= millionths(high));
}

const itemOf = (limit: Limit, value: Big): Item => {
  const statistic = {
    ...{ mean: value, valid: 24, total: 24, filled: 24, due: 24, enough: true, atLeast: false, weighted: false },
    ...{ detection: null, condemns: false, excluded: {}, setAside: [] },
  };
  return {
    ...{ parameter: limit.parameter, name: limit.parameter, statistic: 'day-mean', upper: statistic, other: statistic },
    ...{ limits: [limit], class: null, classIII: null, temperature: new Big(50), uncounted: null, doubt: null },
  };
};

const label = (limit: Limit): string =>
  `${limit.citation} ${limit.parameter} ${limit.class ?? ''} ${limit.averaging} ${limit.low ?? ''}${limit.operator}${limit.high ?? ''} ${limit.condition ?? ''} ${limit.waterBody ?? ''} ${limit.validFrom ?? ''}`;

describe('every limit that is loaded', () => {
  test('comes from a row of the source that is as sure, and is no placeholder', () => {
    expect(wupi.limits.length).toBeGreaterThan(150);
    for (const limit of wupi.limits) expect(['verified', 'transcribed']).toContain(rowOf(limit).grade);
  });

  test.each(wupi.limits.map((limit): [string, Limit] => [label(limit), limit]))('%s', (_, limit) => {
    const row = rowOf(limit);
    const values = around(row);
    expect(values.some((value) => within(row, value))).toBe(true);
    expect(values.some((value) => !within(row, value))).toBe(true);
    for (const value of values) {
      const text = decimalText(value);
      // At 50 ℃ 90 % of saturation is 5.2 mg/L: the other way to meet class Ⅰ of oxygen would hide its number.
      const plain = { ...limit, alternative: null };
      const found = evaluate(new Big(text), plain, 'mean');
      expect([text, found.outcome]).toEqual([text, within(row, value) ? 'within' : 'over']);
      const [finding] = findingsOf(itemOf(plain, new Big(text)));
      expect([text, finding!.outcome]).toEqual([text, within(row, value) ? 'met' : 'exceeded']);
      // A single value is never rounded.
      const full = { ...row, comparison: 'full' };
      expect([text, isBeyond(Number(text), limit)]).toEqual([text, !within(full, value)]);
    }
  });
});
