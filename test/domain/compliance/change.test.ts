/** Is a change told with what caused it, and is what changed nothing no change? */
import { expect, test } from '@jest/globals';
import {
  addCause,
  type Cause,
  causeText,
  type Change,
  changeText,
  hasChanged,
  NO_CAUSE,
  type Standing,
} from '../../../src/domain/compliance/change.js';
import type { WindowKind } from '../../../src/domain/time.js';
import { at, wupi } from '../../support/wupi.js';

const cause = (over: Partial<Cause>): Cause => ({ ...NO_CAUSE, ...over });
const standing = (over: Partial<Standing> = {}): Standing => ({ verdict: 'met', class: 'II', excused: false, ...over });
const change = (over: Partial<Change>): Change => ({
  ...{ kind: 'day', station: 'nankeng-out', start: at('2026-11-03'), end: at('2026-11-04'), at: at('2026-11-05') },
  ...{ from: standing(), to: standing({ verdict: 'exceeded', class: 'IV' }), reason: '补传 14 条测值' },
  ...over,
});

test.each([
  [{}, '重新计算'],
  [{ late: 14 }, '补传 14 条测值'],
  [{ corrected: 1, amended: 2 }, '更正 1 条测值,改判 2 条测值'],
  [{ late: 3, why: '配置变更' }, '补传 3 条测值,配置变更'],
  [{ why: '配置变更;撤回不参评:安环〔2026〕8 号' }, '配置变更,撤回不参评:安环〔2026〕8 号'],
])('%j is %s', (over, text) => {
  expect(causeText(cause(over))).toBe(text);
});

test('causes of one window add up, words are said once', () => {
  const both = addCause(cause({ late: 14, why: '配置变更' }), cause({ late: 1, corrected: 2, why: '配置变更' }));
  expect(both).toEqual({ late: 15, corrected: 2, amended: 0, why: '配置变更' });
  expect(addCause(NO_CAUSE, cause({ why: 'a' }))).toEqual(addCause(cause({ why: 'a' }), NO_CAUSE));
});

test.each<[Partial<Change>, string]>([
  [{}, '2026-11-03 由 达标 改为 超标,原因:补传 14 条测值'],
  [{ to: standing({ verdict: 'undetermined', class: null }) }, '2026-11-03 由 达标 改为 未判定,原因:补传 14 条测值'],
  [{ to: standing({ class: 'III' }) }, '2026-11-03 由 达标(Ⅱ类) 改为 达标(Ⅲ类),原因:补传 14 条测值'],
  [{ to: standing({ class: null }) }, '2026-11-03 由 达标(Ⅱ类) 改为 达标(未定类),原因:补传 14 条测值'],
  [{ to: standing({ excused: true }), reason: '断流' }, '2026-11-03 由 达标 改为 不参评,原因:断流'],
])('%j', (over, text) => {
  expect(changeText(change(over), wupi.calendar)).toBe(text);
});

test.each<[WindowKind, string, string]>([
  ['hour', '2026-11-03 08:00', '2026-11-03 08:00'],
  ['sample', '2026-11-03 09:30', '2026-11-03 09:30'],
  ['rule', '2026-11-03 09:15', '2026-11-03 09:15'],
  ['day', '2026-11-03', '2026-11-03'],
  ['month', '2026-11-01', '2026-11'],
  ['quarter', '2026-10-01', '2026-Q4'],
  ['year', '2026-01-01', '2026'],
])('a window of kind %s that begins at %s is named %s', (kind, start, name) => {
  expect(changeText(change({ kind, start: at(start) }), wupi.calendar)).toContain(`${name} 由`);
});

test('what moved no verdict, class or excuse is no change', () => {
  expect(hasChanged(standing(), standing())).toBe(false);
  expect(hasChanged(standing(), standing({ verdict: 'exceeded' }))).toBe(true);
  expect(hasChanged(standing(), standing({ class: 'III' }))).toBe(true);
  expect(hasChanged(standing(), standing({ excused: true }))).toBe(true);
});
