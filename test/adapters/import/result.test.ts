/** Is a result cell read as a number, a non-detect or over range, and refused where it would have to be guessed? */
import { describe, expect, test } from '@jest/globals';
import { readMark, readResult } from '../../../src/adapters/import/result.js';
import type { Cell } from '../../../src/adapters/import/tables.js';
import { isSame, unitFactor } from '../../../src/adapters/import/units.js';

const same = { times: '1', per: '1' };
const micro = unitFactor('µg/L', 'mg/L')!;

const read: readonly [cell: Cell, detection: Cell | undefined, result: object][] = [
  [0.42, undefined, { value: 0.42 }],
  ['0.42', undefined, { value: 0.42 }],
  [' 0.42 ', undefined, { value: 0.42 }],
  ['7.30', undefined, { value: 7.3 }],
  ['-0', undefined, { value: 0 }],
  ['<0.05', undefined, { value: 0.025, detection: 0.05 }],
  ['＜ 0.05', undefined, { value: 0.025, detection: 0.05 }],
  ['0.025L', undefined, { value: 0.0125, detection: 0.025 }],
  ['<0.3L', undefined, { value: 0.15, detection: 0.3 }],
  ['ND(0.05)', undefined, { value: 0.025, detection: 0.05 }],
  ['未检出(<0.05)', undefined, { value: 0.025, detection: 0.05 }],
  ['未检出', 0.02, { value: 0.01, detection: 0.02 }],
  ['未检出', '0.02L', { value: 0.01, detection: 0.02 }],
  ['ND', '<0.02', { value: 0.01, detection: 0.02 }],
  // A result that stands is not touched by the limit beside it.
  [0.42, 0.02, { value: 0.42 }],
  ['>2419.6', undefined, { value: 2419.6, mark: 'T' }],
];

const refused: readonly [cell: Cell, detection: Cell | undefined, why: string][] = [
  ['未检出', undefined, '没有检出限'],
  ['ND', '', '没有检出限'],
  ['1,234', undefined, '逗号'],
  ['0,42', undefined, '逗号'],
  ['约0.4', undefined, '不是数值'],
  ['0.4 mg/L', undefined, '不是数值'],
  ['#DIV/0!', undefined, '不是数值'],
  ['Infinity', undefined, '不是数值'],
  ['<0', undefined, '检出限应大于 0'],
  ['合格', undefined, '不是数值'],
];

describe('a result', () => {
  test.each(read)('%j beside %j', (cell, detection, result) => {
    expect(readResult(cell, detection, same, [], null)).toEqual(result);
  });

  test.each(refused)('%j beside %j is refused: %s', (cell, detection, why) => {
    expect(readResult(cell, detection, same, [], null)).toEqual(expect.stringContaining(why));
  });

  test('in another unit is converted with exact decimals, its detection limit too', () => {
    expect(readResult('82', undefined, micro, [], null)).toEqual({ value: 0.082 });
    expect(readResult('<0.3', undefined, micro, [], null)).toEqual({ value: 0.00015, detection: 0.0003 });
    expect(readResult('ND', 35, micro, [], null)).toEqual({ value: 0.0175, detection: 0.035 });
    expect(readResult(1.1, undefined, unitFactor('g/L', 'mg/L')!, [], null)).toEqual({ value: 1100 });
  });

  test('words that mean 0 of an item do so for this item alone', () => {
    expect(readResult('未检出', undefined, same, ['未检出'], null)).toEqual({ value: 0 });
    expect(readResult('无', undefined, same, ['无'], null)).toEqual({ value: 0 });
    expect(readResult('无', undefined, same, [], null)).toEqual(expect.stringContaining('不是数值'));
  });

  test("the method's own detection limit stands in where the table has none, and is never above a stated one", () => {
    expect(readResult('未检出', undefined, same, [], 0.025)).toEqual({ value: 0.0125, detection: 0.025, assumed: true });
    expect(readResult('未检出', 0.01, same, [], 0.025)).toEqual({ value: 0.005, detection: 0.01 });
    // It is in the parameter's unit, whatever the table's.
    expect(readResult('未检出', undefined, micro, [], 0.025)).toEqual({ value: 0.0125, detection: 0.025, assumed: true });
  });
});

test.each([
  ['N', 'N'],
  ['t', 'T'],
  ['校准', 'C'],
  ['', null],
  [null, null],
])('mark %j is %j', (cell, mark) => expect(readMark(cell)).toBe(mark));

test('a mark that HJ 212 does not know is refused', () => {
  expect(readMark('X')).toMatchObject({ why: expect.stringContaining('数据标识') });
});

test.each([
  ['mg/L', 'mg/L', 'same'],
  ['毫克/升', 'mg/L', 'same'],
  ['ｍｇ/L', 'mg/L', 'same'],
  ['µg/m³', 'µg/m³', 'same'],
  ['ug/m3', 'µg/m³', 'same'],
  ['μg/m3', 'µg/m³', 'same'],
  ['°C', '℃', 'same'],
  ['无量纲', '', 'same'],
  ['dB', 'dB(A)', 'same'],
  ['MPN/100mL或CFU/100mL', 'MPN/100mL', 'same'],
  ['CFU/100 mL', 'MPN/100mL', 'same'],
  ['mg/m³', 'µg/m³', 'other'],
  ['m³/h', 'L/s', 'other'],
  ['mS/m', 'µS/cm', 'other'],
  ['mmol/L', 'mg/L', 'no'],
  ['CFU/mL', 'MPN/100mL', 'no'],
  ['mg/L', '', 'no'],
  ['FNU', 'NTU', 'no'],
])('%s and %s: %s', (given, wanted, expected) => {
  const factor = unitFactor(given, wanted);
  expect(factor === null ? 'no' : isSame(factor) ? 'same' : 'other').toBe(expected);
});
