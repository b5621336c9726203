/** Is the right person on duty, on holidays and make-up days too, and does only a warning wait for the morning? */
import { describe, expect, test } from '@jest/globals';
import type { Severity } from '../../../src/domain/alerting/alert.js';
import { callable, isWorkingDay, onDuty, quietUntil, roster, standIn } from '../../../src/domain/alerting/duty.js';
import { DEFAULT_NOTICES } from '../../../src/domain/default-notices.js';
import type { Duty, Person } from '../../../src/domain/people.js';
import { isoTime } from '../../../src/domain/time.js';

const CALENDAR = { offsetMinutes: 480 };
const duty: Duty = {
  rotation: { people: ['a', 'b', 'c'], from: '2026-01-05', days: 7 },
  holidays: [{ name: '春节', from: '2026-02-15', to: '2026-02-23' }],
  makeUpDays: ['2026-02-14', '2026-02-28'],
  onDaysOff: [],
};
const person = (id: string, away: Person['away'] = []): Person => ({
  ...{ id, name: id, nameEn: id, email: `${id}@example.org`, phone: null, language: 'zh', step: 2, level: 'town' },
  ...{ onDuty: true, away, morning: false, channels: [], hears: [{}] },
});

test.each([
  ['2026-01-05', true, 'a Monday'],
  ['2026-01-09', true, 'a Friday'],
  ['2026-01-10', false, 'a Saturday'],
  ['2026-01-11', false, 'a Sunday'],
  ['2026-02-14', true, 'a Saturday that makes up'],
  ['2026-02-15', false, 'the first day of a holiday'],
  ['2026-02-18', false, 'a Wednesday within it'],
  ['2026-02-23', false, 'its last day'],
  ['2026-02-24', true, 'the day after'],
] as const)('%s is worked: %s (%s)', (date, expected, _) => expect(isWorkingDay(date, duty)).toBe(expected));

describe('the roster', () => {
  test.each([
    ['2026-01-05', ['a'], 'the first day'],
    ['2026-01-11', ['a'], 'the last day of the first turn'],
    ['2026-01-12', ['b'], 'the second turn'],
    ['2026-01-19', ['c'], 'the third'],
    ['2026-01-26', ['a'], 'round again'],
    ['2026-01-04', ['c'], 'the day before the first'],
    ['2025-12-28', ['b'], 'a week before that'],
    ['2026-02-18', ['a'], 'a holiday: the rotation goes on'],
  ] as const)('%s: %j (%s)', (date, expected, _) => expect(roster(date, duty)).toEqual(expected));

  const off: Duty = { ...duty, onDaysOff: ['x', 'y'] };
  test.each([
    ['2026-01-10', ['x', 'y'], 'a Saturday'],
    ['2026-02-14', ['c'], 'a Saturday that is worked'],
    ['2026-02-18', ['x', 'y'], 'a holiday'],
    ['2026-01-09', ['a'], 'a Friday'],
  ] as const)('with others on days off, %s: %j (%s)', (date, expected, _) => expect(roster(date, off)).toEqual(expected));

  test('without a rotation nobody is on duty', () => expect(roster('2026-01-05', { ...duty, rotation: null })).toEqual([]));
});

describe('substitutes', () => {
  const week = { from: '2026-01-05', to: '2026-01-07' };
  test.each([
    ['there', [person('a'), person('b')], '2026-01-05', 'a'],
    ['away on the first day', [person('a', [{ ...week, substitute: 'b' }]), person('b')], '2026-01-05', 'b'],
    ['away on the last day', [person('a', [{ ...week, substitute: 'b' }]), person('b')], '2026-01-07', 'b'],
    ['back again', [person('a', [{ ...week, substitute: 'b' }]), person('b')], '2026-01-08', 'a'],
    [
      'the substitute away too',
      [person('a', [{ ...week, substitute: 'b' }]), person('b', [{ ...week, substitute: 'c' }]), person('c')],
      '2026-01-06',
      'c',
    ],
    [
      'all away in a circle: itself',
      [person('a', [{ ...week, substitute: 'b' }]), person('b', [{ ...week, substitute: 'a' }])],
      '2026-01-06',
      'a',
    ],
    ['the substitute unknown: itself', [person('a', [{ ...week, substitute: 'z' }])], '2026-01-06', 'a'],
  ] as const)('%s', (_, people, date, expected) => {
    expect(standIn(people[0], date, people).id).toBe(expected);
    expect(onDuty(date, { ...duty, onDaysOff: [] }, people).map(({ id }) => id)).toEqual([expected]);
  });

  test('two on duty with one substitute are one', () => {
    const people = [person('x', [{ ...week, substitute: 'y' }]), person('y')];
    const both = { ...duty, onDaysOff: ['x', 'y'], holidays: [{ name: '假', ...week }] };
    expect(onDuty('2026-01-06', both, people).map(({ id }) => id)).toEqual(['y']);
  });

  test('to be rung are all of them, a substitute in place of whoever is away', () => {
    const people = [person('x', [{ ...week, substitute: 'z' }]), person('y'), person('z')];
    const site = { calendar: CALENDAR, duty: { ...duty, days: { '2026-01-06': ['x', 'y'] } }, people };
    const names = (time: string) => callable(Date.parse(time), site).map(({ name }) => name.zh);
    expect(names('2026-01-06T09:00:00+08:00')).toEqual(['z', 'y'].map((id) => people.find((one) => one.id === id)!.name));
  });
});

describe('quiet hours', () => {
  const until = (time: string, severity: Severity, quietHours: { from: string; to: string } | null): string | null => {
    const end = quietUntil(Date.parse(`${time}+08:00`), severity, { ...DEFAULT_NOTICES, quietHours }, CALENDAR);
    return end === null ? null : isoTime(end, CALENDAR).slice(0, 16);
  };
  const night = { from: '22:00', to: '07:00' };
  test.each([
    ['2026-11-23T21:59:59', 'warning', night, null],
    ['2026-11-23T22:00:00', 'warning', night, '2026-11-24T07:00'],
    ['2026-11-30T23:59:59', 'warning', night, '2026-12-01T07:00'],
    ['2026-11-24T00:00:00', 'warning', night, '2026-11-24T07:00'],
    ['2026-11-24T06:59:59', 'warning', night, '2026-11-24T07:00'],
    ['2026-11-24T07:00:00', 'warning', night, null],
    ['2026-11-24T03:00:00', 'over', night, null],
    ['2026-11-24T03:00:00', 'severe', night, null],
    ['2026-11-24T12:30:00', 'warning', { from: '12:00', to: '14:00' }, '2026-11-24T14:00'],
    ['2026-11-24T14:00:00', 'warning', { from: '12:00', to: '14:00' }, null],
    ['2026-11-24T03:00:00', 'warning', null, null],
  ] as const)('%s, %s, %j: %s', (time, severity, hours, expected) => expect(until(time, severity, hours)).toBe(expected));
});
