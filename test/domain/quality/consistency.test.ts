/** Do items of one time that contradict each other become doubtful, and no more? Timing and the sum of findings too. */
import { expect, test } from '@jest/globals';
import { changeWords, judgement } from '../../../src/domain/quality/checks.js';
import { consistency, interference } from '../../../src/domain/quality/consistency.js';
import { isGap, samplingTime } from '../../../src/domain/quality/timing.js';
import { HOUR, MINUTE } from '../../../src/domain/time.js';

const of = (values: Readonly<Record<string, number>>) => (code: string) => values[code];

test.each([
  ['NH₃-N above TN', 1.5, { whole: 'tn', parts: [] }, { tn: 1.2 }, 'suspect'],
  ['as much as TN', 1.2, { whole: 'tn', parts: [] }, { tn: 1.2 }, 'pass'],
  ['below', 0.4, { whole: 'tn', parts: [] }, { tn: 1.2 }, 'pass'],
  ['no TN at that time', 1.5, { whole: 'tn', parts: [] }, {}, 'pass'],
  ['TN below its NH₃-N', 1.2, { whole: null, parts: ['nh3n', 'tp'] }, { nh3n: 1.5, tp: 0.1 }, 'suspect'],
  ['TN below its TP', 1.2, { whole: null, parts: ['nh3n', 'tp'] }, { nh3n: 0.5, tp: 1.3 }, 'suspect'],
  ['TN above both', 1.2, { whole: null, parts: ['nh3n', 'tp'] }, { nh3n: 0.5, tp: 0.1 }, 'pass'],
  ['TN alone', 1.2, { whole: null, parts: ['nh3n', 'tp'] }, {}, 'pass'],
] as const)('consistency: %s', (_, value, relations, values, expected) => {
  expect(consistency(value, relations, of(values))).toBe(expected);
});

test.each([
  ['turbid', { by: 'turb', above: 200 }, { turb: 201 }, 'suspect'],
  ['at the setting', { by: 'turb', above: 200 }, { turb: 200 }, 'pass'],
  ['turbidity unknown', { by: 'turb', above: 200 }, {}, 'pass'],
  ['switched off', null, { turb: 4000 }, 'pass'],
] as const)('interference: %s', (_, check, values, expected) => {
  expect(interference(check, of(values))).toBe(expected);
});

test.each([
  ['not said', undefined, 'pass'],
  ['at the same time', 0, 'pass'],
  ['four hours before', -4 * HOUR, 'pass'],
  ['as old as is believed', -24 * HOUR, 'pass'],
  ['an old measurement again and again', -24 * HOUR - 1, 'suspect'],
  ['clocks differ a little', MINUTE, 'pass'],
  ['sampled after it was measured', MINUTE + 1, 'suspect'],
] as const)('sampling time: %s', (_, sampled, expected) => {
  expect(samplingTime(100 * HOUR, sampled === undefined ? undefined : 100 * HOUR + sampled, 24 * HOUR)).toBe(expected);
});

test('a gap is longer than the setting', () => {
  expect([isGap(0, HOUR, HOUR), isGap(0, HOUR + 1, HOUR)]).toEqual([false, true]);
});

test.each([
  ['nothing', {}, 'good', []],
  ['passed ones', { spike: 'pass' }, 'good', []],
  ['a doubt', { 'flat-line': 'suspect' }, 'suspect', ['flat-line']],
  ['the worst wins', { 'flat-line': 'fail', spike: 'suspect' }, 'fail', ['spike', 'flat-line']],
  ['in one order', { interference: 'suspect', 'gross-range': 'fail' }, 'fail', ['gross-range', 'interference']],
] as const)('findings together: %s', (_, findings, quality, checks) => {
  expect(judgement(findings)).toEqual({ quality, checks });
});

test.each([
  [[], { spike: 'suspect' }, '突变:存疑'],
  [['spike'], { spike: 'fail' }, '突变:判为无效'],
  [['spike'], {}, '突变:已排除'],
  [['spike'], { 'flat-line': 'suspect', consistency: 'suspect' }, '长时间不变、分项大于总量:存疑'],
] as const)('why it changed: %p → %p', (before, after, words) => {
  expect(changeWords(before, judgement(after))).toBe(words);
});
