/** What is due when, once, up to two days late, and the signed month instead of the draft? */
import { describe, expect, test } from '@jest/globals';
import type { BulletinSettings } from '../../../src/domain/bulletins/settings.js';
import { daysOfWeek, dueBulletins, lastMonthOf, type Signature, weekOf } from '../../../src/domain/bulletins/timetable.js';
import { at, wupi } from '../../support/wupi.js';

const due = (now: string, signed: readonly Signature[] = [], settings: readonly BulletinSettings[] = wupi.bulletins!): string[] =>
  dueBulletins(settings, signed, at(now), wupi.calendar).map(({ key }) => key);
const only = (kind: string): BulletinSettings[] => wupi.bulletins!.filter((one) => one.kind === kind);

describe('a day', () => {
  test.each([
    ['2026-11-25 07:59', ['day 2026-11-22', 'day 2026-11-23']],
    ['2026-11-25 08:00', ['day 2026-11-22', 'day 2026-11-23', 'day 2026-11-24']],
    ['2026-11-25 08:01', ['day 2026-11-23', 'day 2026-11-24']],
    ['2027-01-01 08:30', ['day 2026-12-30', 'day 2026-12-31']],
  ])('at %s: %j', (now, keys) => {
    expect(due(now, [], only('day'))).toEqual(keys);
  });
});

describe('a week', () => {
  test.each([
    ['2026-11-23 08:09', []],
    ['2026-11-23 08:10', ['week 2026-W47']],
    ['2026-11-25 08:10', ['week 2026-W47']],
    ['2026-11-25 08:11', []],
    ['2027-01-04 09:00', ['week 2026-W53']],
  ])('at %s: %j', (now, keys) => {
    expect(due(now, [], only('week'))).toEqual(keys);
  });

  test('on another weekday it is still the last whole week', () => {
    const friday = only('week').map((one) => ({ ...one, weekday: 5 }));
    expect(due('2026-11-27 09:00', [], friday)).toEqual(['week 2026-W47']);
  });

  test('ISO weeks', () => {
    expect(weekOf('2026-11-22')).toBe('2026-W47');
    expect(weekOf('2027-01-01')).toBe('2026-W53');
    expect(daysOfWeek('2026-W47')).toEqual(expect.arrayContaining(['2026-11-16', '2026-11-22']));
    expect(daysOfWeek('2026-W54')).toBeNull();
    expect(daysOfWeek('2027-W53')).toBeNull();
    expect(daysOfWeek('x')).toBeNull();
  });
});

describe('a month', () => {
  const river = only('river-month');
  const signature = (over: Partial<Signature> = {}): Signature => ({
    ...{ target: 'river', period: '2026-10', edition: 1, at: at('2026-11-02 15:00') },
    ...over,
  });

  test('unsigned it leaves as a draft on its day', () => {
    expect(due('2026-11-03 08:59', [], river)).toEqual([]);
    expect(due('2026-11-03 09:00', [], river)).toEqual(['river-month 2026-10 draft']);
    expect(due('2026-11-05 09:01', [], river)).toEqual([]);
  });

  test('signed it leaves at once, and no draft after it', () => {
    expect(due('2026-11-02 15:00', [signature()], river)).toEqual(['river-month 2026-10 signed 1']);
    expect(due('2026-11-03 09:00', [signature()], river)).toEqual(['river-month 2026-10 signed 1']);
  });

  test('signed late, or again, each signature has its own; another target’s has none', () => {
    const again = signature({ edition: 2, at: at('2026-11-20 10:00') });
    expect(due('2026-11-20 10:01', [signature(), again], river)).toEqual(['river-month 2026-10 signed 2']);
    expect(due('2026-11-02 15:00', [signature({ target: 'sewage' })], river)).toEqual([]);
  });

  test('the month before January', () => {
    expect(lastMonthOf('2026-01')).toBe('2025-12');
    expect(lastMonthOf('2026-11')).toBe('2026-10');
    expect(due('2027-01-03 09:00', [], river)).toEqual(['river-month 2026-12 draft']);
  });
});
