/** Which decision of people stands over a reading, and what has to be amended when one is entered, corrected or taken back? */
import { describe, expect, test } from '@jest/globals';
import {
  amend,
  coverage,
  type MaintenanceRecord,
  onFile,
  type ReviewDecision,
  ruled,
  touched,
} from '../../../src/domain/quality/decision.js';
import { validity } from '../../../src/domain/quality/intake.js';
import type { JudgedReading } from '../../../src/domain/reading.js';
import { at, reading } from '../../support/wupi.js';

const clock = (time: string): number => at(`2026-11-20 ${time}`);

const record = (over: Partial<MaintenanceRecord> = {}): MaintenanceRecord => ({
  id: 1,
  station: 'nankeng-out',
  parameters: null,
  from: clock('09:00'),
  to: clock('11:00'),
  settlingMinutes: 60,
  who: '运维单位',
  note: '更换试剂',
  by: 'officer',
  at: clock('09:00'),
  withdrawn: false,
  ...over,
});

const decision = (over: Partial<ReviewDecision> = {}): ReviewDecision => ({
  id: 1,
  station: 'nankeng-out',
  source: 'sensor',
  parameters: ['nh3n'],
  from: clock('08:00'),
  to: clock('12:00'),
  outcome: 'invalid',
  reason: 'device-fault',
  note: '',
  by: 'reviewer',
  at: clock('18:00'),
  undone: null,
  ...over,
});

const undone = { by: 'reviewer', at: clock('19:00'), note: '误判' };
const reading10 = (over: Partial<JudgedReading> = {}): JudgedReading => reading({ time: clock('10:00'), ...over });

describe('a maintenance record', () => {
  test.each([
    ['before it', {}, '08:59', null],
    ['at its beginning', {}, '09:00', 'maintenance'],
    ['in it', {}, '10:00', 'maintenance'],
    ['at its end, while the instrument settles', {}, '11:00', 'maintenance'],
    ['in the last minute of settling', {}, '11:59', 'maintenance'],
    ['when it has settled', {}, '12:00', null],
    ['at its end, without settling', { settlingMinutes: 0 }, '11:00', null],
    ['settling longer', { settlingMinutes: 120 }, '12:59', 'maintenance'],
    ['long after its beginning, still open', { to: null }, '23:59', 'maintenance'],
    ['for this parameter', { parameters: ['ph', 'nh3n'] }, '10:00', 'maintenance'],
    ['for another parameter', { parameters: ['ph'] }, '10:00', null],
    ['withdrawn', { withdrawn: true }, '10:00', null],
    ['entered two days late', { at: at('2026-11-22 09:00') }, '10:00', 'maintenance'],
  ] as const)('%s (%j, %s): %s', (_, over, time, expected) => {
    expect(ruled(reading({ time: clock(time) }), onFile([record(over)], []))?.ruling ?? null).toBe(expected);
  });

  test('says nothing of a laboratory sample', () => {
    expect(ruled(reading10({ source: 'lab' }), onFile([record()], []))).toBeNull();
  });

  test('overlapping another one: where either reaches, and the newer one is told', () => {
    const file = onFile([record(), record({ id: 2, from: clock('10:30'), to: clock('14:00'), by: 'other', note: '' })], []);
    const rulings = ['08:59', '09:00', '11:00', '14:59', '15:00'].map((time) => ruled(reading({ time: clock(time) }), file));
    expect(rulings.map((one) => one?.by ?? null)).toEqual([null, 'officer', 'other', 'other', null]);
  });

  test('withdrawn from under another one leaves that one', () => {
    const file = onFile([record({ withdrawn: true }), record({ id: 2 })], []);
    expect(ruled(reading10(), file)).toEqual({ ruling: 'maintenance', by: 'officer', reason: '维护:更换试剂(维护记录 2)' });
  });
});

describe('a review decision', () => {
  test.each([
    ['on the span', [decision()], 'invalid'],
    ['at the end of the span, which is not in it', [decision({ to: clock('10:00') })], null],
    ['on one reading', [decision({ from: clock('10:00'), to: clock('10:00') + 1 })], 'invalid'],
    ['on another parameter', [decision({ parameters: ['ph'] })], null],
    ['on all parameters', [decision({ parameters: null })], 'invalid'],
    ['on laboratory samples', [decision({ source: 'lab' })], null],
    ['suspect', [decision({ outcome: 'suspect' })], 'suspect'],
    ['the newest of three', [decision(), decision({ id: 3, outcome: 'restored' }), decision({ id: 2 })], 'restored'],
    ['undone: what stood before stands again', [decision(), decision({ id: 2, outcome: 'restored', undone })], 'invalid'],
    ['undone, with none before', [decision({ undone })], null],
    ['set again after an undo', [decision({ undone }), decision({ id: 2, outcome: 'suspect' })], 'suspect'],
  ] as const)('%s', (_, decisions, expected) => {
    expect(ruled(reading10(), onFile([], decisions))?.ruling ?? null).toBe(expected);
  });

  test('wins over maintenance, entered before or after it, in any order of the lists', () => {
    const restored = decision({ outcome: 'restored', reason: 'calibration', note: '校准未影响测值' });
    for (const id of [1, 99]) {
      const file = onFile([record({ id })], [restored]);
      expect(ruled(reading10(), file)).toEqual({
        ruling: 'restored',
        by: 'reviewer',
        reason: '审核置恢复有效:维护校准,校准未影响测值(审核 1)',
      });
    }
    expect(ruled(reading10(), onFile([record()], [decision({ outcome: 'restored', undone })]))?.ruling).toBe('maintenance');
  });
});

describe('what comes of it', () => {
  test.each([
    ['nothing on file', {}, [], [], 'counts'],
    ['a mark', { mark: 'C' }, [], [], 'mark'],
    ['a failed check', { quality: 'fail' }, [], [], 'quality'],
    ['maintenance over a good reading', {}, [record()], [], 'maintenance'],
    ['maintenance over a marked one: people are told before the device', { mark: 'M' }, [record()], [], 'maintenance'],
    ['invalid over maintenance', {}, [record()], [decision()], 'review'],
    ['restored over maintenance', {}, [record()], [decision({ outcome: 'restored' })], 'counts'],
    ['restored over mark and quality', { mark: 'D', quality: 'fail' }, [], [decision({ outcome: 'restored' })], 'counts'],
    ['restored over range: still only at least', { mark: 'T' }, [], [decision({ outcome: 'restored' })], 'upper'],
    ['suspect in place of fail', { quality: 'fail' }, [], [decision({ outcome: 'suspect' })], 'counts'],
    ['suspect against the mark', { mark: 'D' }, [], [decision({ outcome: 'suspect' })], 'mark'],
  ] as const)('%s', (_, over, maintenance, decisions, expected) => {
    const before = reading10(over);
    const after = amend(before, onFile(maintenance, decisions), clock('20:00')) ?? before;
    expect(validity(after)).toBe(expected);
    // What the device said is never altered.
    expect([after.value, after.mark, after.quality, after.time]).toEqual([
      before.value,
      before.mark,
      before.quality,
      before.time,
    ]);
  });
});

describe('amendments', () => {
  const now = at('2026-11-22 09:00');

  test('a reading that is right is not amended, and amending is done after one time', () => {
    const file = onFile([record()], []);
    expect(amend(reading({ time: clock('12:00') }), file, now)).toBeNull();
    const amended = amend(reading10(), file, now)!;
    expect(amended).toEqual({
      ...reading10(),
      ruling: 'maintenance',
      amended: { by: 'officer', reason: '维护:更换试剂(维护记录 1)', at: now },
    });
    expect(amend(amended, file, now)).toBeNull();
  });

  test('the act that takes a ruling away is told, and nothing is left of the ruling', () => {
    const cause = { by: 'admin', reason: '误记' };
    const back = amend(reading10({ ruling: 'maintenance' }), onFile([record({ withdrawn: true })], []), now, cause)!;
    expect(back).toEqual({ ...reading10(), amended: { ...cause, at: now } });
    expect('ruling' in back).toBe(false);
  });

  test('a ruling that nothing on file explains goes', () => {
    expect(amend(reading10({ ruling: 'invalid' }), onFile([], []), now)?.amended?.by).toBe('heqing');
  });
});

describe('an act touches', () => {
  const open = record({ to: null });
  const span = (from: string, to: string, parameters: readonly string[] | null = null) => ({
    from: clock(from),
    to: clock(to),
    parameters,
  });
  test.each([
    ['a new record: what it covers', null, record(), [span('09:00', '12:00')]],
    ['an open record: all from its beginning', null, open, [{ ...span('09:00', '09:00'), to: Number.POSITIVE_INFINITY }]],
    ['an end: what was covered', open, record(), [{ ...span('09:00', '09:00'), to: Number.POSITIVE_INFINITY }]],
    [
      'a shorter one: what either covers',
      record(),
      record({ from: clock('10:00'), to: clock('10:30') }),
      [span('09:00', '12:00')],
    ],
    [
      'other parameters: each their own',
      record({ parameters: ['ph'] }),
      record({ parameters: ['nh3n'], to: clock('12:00') }),
      [span('09:00', '12:00', ['ph']), span('09:00', '13:00', ['nh3n'])],
    ],
    ['a withdrawn one: what it covered', record(), record({ withdrawn: true }), [span('09:00', '12:00')]],
    ['one withdrawn before: nothing', record({ withdrawn: true }), record({ withdrawn: true }), []],
  ] as const)('%s', (_, before, after, expected) => {
    expect(touched(before, after)).toEqual(expected);
  });

  test('nothing on file is reached after the last coverage ends', () => {
    expect(onFile([record()], [decision()]).until).toBe(clock('12:00'));
    expect(onFile([open], []).until).toBe(Number.POSITIVE_INFINITY);
    expect(onFile([], []).until).toBe(Number.NEGATIVE_INFINITY);
    expect(coverage(record())).toEqual({ from: clock('09:00'), to: clock('12:00') });
  });
});
