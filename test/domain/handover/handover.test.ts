/** Is every change of turn seen, and a hand-over missed exactly when its hour has passed? */
import { describe, expect, test } from '@jest/globals';
import { type Handover, lastTurn, nextTurn, standingOf, stateOf, turnOn } from '../../../src/domain/handover/handover.js';
import type { Duty } from '../../../src/domain/people.js';
import { at, wupi } from '../../support/wupi.js';

const { duty } = wupi;
const given = (over: Partial<Handover> = {}): Handover => ({
  ...{ id: '1', turn: '2026-11-23', from: 'duty-a', to: 'duty-b', by: 'anna', at: at('2026-11-23 08:30'), note: '', items: [] },
  taken: null,
  ...over,
});
const taken = { by: 'bert', at: at('2026-11-23 08:40'), note: '' };

describe('turns', () => {
  test('the shipped rotation turns on Mondays', () => {
    expect(turnOn('2026-11-23', duty)).toEqual({ date: '2026-11-23', from: ['duty-b'], to: ['duty-a'] });
    expect(turnOn('2026-11-24', duty)).toBeNull();
    expect(lastTurn('2026-11-29', duty)?.date).toBe('2026-11-23');
    expect(nextTurn('2026-11-23', duty)).toEqual({ date: '2026-11-30', from: ['duty-a'], to: ['duty-b'] });
  });

  test('a single day of another makes two turns', () => {
    const other: Duty = { ...duty, days: { '2026-11-25': ['duty-b'] } };
    expect(['2026-11-24', '2026-11-25', '2026-11-26'].map((date) => turnOn(date, other)?.to)).toEqual([
      undefined,
      ['duty-b'],
      ['duty-a'],
    ]);
  });

  test('days off of others make turns too; the order of names makes none', () => {
    const off: Duty = { ...duty, onDaysOff: ['duty-b'] };
    expect(turnOn('2026-11-28', off)?.to).toEqual(['duty-b']);
    expect(turnOn('2026-11-30', off)).toBeNull();
    const pairs: Duty = { ...duty, days: { '2026-11-25': ['duty-a', 'duty-b'], '2026-11-26': ['duty-b', 'duty-a'] } };
    expect(turnOn('2026-11-26', pairs)).toBeNull();
  });

  test('without a roster there is no turn', () => {
    const none: Duty = { ...duty, rotation: null };
    expect([lastTurn('2026-11-23', none), nextTurn('2026-11-23', none)]).toEqual([null, null]);
  });
});

test('a newer one of the same turn replaces one that nobody took', () => {
  const [first, second, other] = [given(), given({ id: '2' }), given({ id: '3', turn: '2026-11-30' })];
  const all = [first, second, other];
  expect(all.map((one) => stateOf(one, all))).toEqual(['replaced', 'waiting', 'waiting']);
  expect(stateOf({ ...first, taken }, all)).toBe('taken');
});

// prettier-ignore
test.each([
  ['before its hour there is time', '2026-11-23 08:59', [], '2026-01-01', 'waiting'],
  ['at its hour nobody handed over', '2026-11-23 09:00', [], '2026-01-01', 'missing'],
  ['handed over and not taken', '2026-11-23 09:00', [given()], '2026-01-01', 'missing'],
  ['handed over and taken', '2026-11-23 09:00', [given({ taken })], '2026-01-01', 'taken'],
  ['taken for another turn', '2026-11-23 09:00', [given({ taken, turn: '2026-11-16' })], '2026-01-01', 'missing'],
  ['still missing days later', '2026-11-26 00:00', [], '2026-01-01', 'missing'],
  ['a service that began after it asks nothing', '2026-11-26 00:00', [], '2026-11-23 09:00', 'taken'],
  ['one that began before its hour does', '2026-11-26 00:00', [], '2026-11-23 08:59', 'missing'],
])('%s', (_, now, all, began, expected) => {
  expect(standingOf(turnOn('2026-11-23', duty)!, all, at(now), at(began), duty, wupi.calendar)).toBe(expected);
});
