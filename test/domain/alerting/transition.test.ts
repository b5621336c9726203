/** Does the rule open once, rise within itself and end once? */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Alert } from '../../../src/domain/alerting/alert.js';
import { acknowledge, type Change, type LimitState, QUIET, transition } from '../../../src/domain/alerting/transition.js';
import { checkMoment } from '../../../src/domain/compliance/evaluate.js';
import type { LimitRule } from '../../../src/domain/site.js';
import type { Limit } from '../../../src/domain/standards/limit.js';
import { HOUR, type Instant, MINUTE } from '../../../src/domain/time.js';
import { at, limit, wupi } from '../../support/wupi.js';

const T0 = at('2026-11-23 08:00');
const shipped = wupi.limitRule;

/** Feeds `[minute, value]` one after the other, each judged the moment it was measured unless `now` says otherwise. */
function run(
  values: readonly (readonly [minute: number, value: number])[],
  options: { rule?: Partial<LimitRule>; limits?: readonly Limit[]; now?: Instant; cadence?: number; from?: LimitState } = {},
): { state: LimitState; changes: (Change | null)[] } {
  let state = options.from ?? QUIET;
  const changes = values.map(([minute, value]) => {
    const time = T0 + minute * MINUTE;
    const moment = checkMoment(value, options.limits ?? [limit()], null)!;
    const seen = { station: 'nankeng-out', parameter: 'nh3n', time, value, moment, cadence: options.cadence ?? 240 };
    const next = transition(state, seen, { ...shipped, ...options.rule }, options.now ?? time);
    state = next.state;
    return next.change;
  });
  return { state, changes };
}
const what = (changes: readonly (Change | null)[]): (string | null)[] => changes.map((change) => change?.what ?? null);

test('the shipped rule: opens at the first value over the limit, ends after three back inside', () => {
  const { state, changes } = run([
    [0, 0.8],
    [1, 1.37],
    [2, 1.5],
    [3, 0.9],
    [4, 0.9],
    [5, 1.1],
    [6, 0.9],
    [7, 1.0],
    [8, 0.5],
    [9, 0.5],
  ]);
  expect(what(changes)).toEqual([null, 'opened', null, null, null, null, null, null, 'resolved', null]);
  expect(changes[1]?.alert).toMatchObject({
    id: 'nankeng-out_nh3n_limit_20261123T000100000Z',
    kind: 'limit',
    severity: 'over',
    state: 'active',
    openedAt: T0 + MINUTE,
    value: 1.37,
    limit: 1,
    limitText: '≤ 1.0',
    reason: '单次测值 1.37 超出限值 ≤ 1.0',
    history: [{ at: T0 + MINUTE, from: null, to: 'active', by: null }],
  });
  expect(changes[8]?.alert).toMatchObject({
    id: changes[1]?.alert.id,
    state: 'resolved',
    resolvedAt: T0 + 8 * MINUTE,
    value: 1.5,
    history: [{ to: 'active' }, { from: 'active', to: 'resolved', reason: '连续 3 次测值回到限值以内' }],
  });
  expect(state).toMatchObject({ alert: null, over: 0, inside: 0 });
});

test.each([
  [1, [[0, 2]], ['opened']],
  [
    2,
    [
      [0, 2],
      [1, 2],
    ],
    [null, 'opened'],
  ],
  [
    2,
    [
      [0, 2],
      [1, 0.5],
      [2, 2],
      [3, 2],
    ],
    [null, null, null, 'opened'],
  ],
  [
    3,
    [
      [0, 2],
      [1, 2],
      [2, 2],
    ],
    [null, null, 'opened'],
  ],
] as const)('%i values in a row open', (open, values, expected) => {
  expect(what(run(values, { rule: { open } }).changes)).toEqual(expected);
});

test.each([
  [
    1,
    [
      [0, 2],
      [1, 1],
    ],
    ['opened', 'resolved'],
  ],
  [
    3,
    [
      [0, 2],
      [1, 1],
      [2, 1],
      [3, 2],
      [4, 1],
      [5, 1],
      [6, 1],
    ],
    ['opened', null, null, null, null, null, 'resolved'],
  ],
] as const)('%i values in a row end', (clear, values, expected) => {
  expect(what(run(values, { rule: { clear } }).changes)).toEqual(expected);
});

test('an older or equal time changes nothing at all', () => {
  const { state } = run([[10, 1.37]]);
  for (const minute of [10, 9, -600]) {
    const again = run([[minute, 0.1]], { from: state });
    expect(again.state).toBe(state);
    expect(again.changes).toEqual([null]);
  }
});

describe('a value too old to warn of', () => {
  test.each([
    [6 * HOUR, 60, 'opened'],
    [6 * HOUR + 1, 60, null],
    // Two cadences where those are longer: an analyser of four hours is still told of after eight.
    [8 * HOUR, 240, 'opened'],
    [8 * HOUR + 1, 240, null],
  ])('%i ms old at a cadence of %i minutes: %s', (age, cadence, expected) => {
    expect(what(run([[0, 1.37]], { now: T0 + age, cadence }).changes)).toEqual([expected]);
  });

  test('opens nothing, yet ends what stands', () => {
    const { state } = run([[0, 1.37]]);
    const late = run(
      [
        [1, 0.5],
        [2, 0.5],
        [3, 0.5],
      ],
      { from: state, now: T0 + 48 * HOUR },
    );
    expect(what(late.changes)).toEqual([null, null, 'resolved']);
  });

  test('does not count towards opening', () => {
    const stale = run([[0, 2]], { rule: { open: 2 }, now: T0 + 48 * HOUR });
    expect(what(run([[1, 2]], { rule: { open: 2 }, from: stale.state }).changes)).toEqual([null]);
  });
});

describe('severity', () => {
  const waiting = limit({ high: '0.5', grade: 'transcribed' });
  const limits = [waiting, limit()];

  test('over a limit that waits for the office is a warning and rises once', () => {
    const { changes, state } = run(
      [
        [0, 0.7],
        [1, 0.8],
        [2, 1.37],
        [3, 1.6],
        [4, 0.7],
      ],
      { limits },
    );
    expect(what(changes)).toEqual(['opened', null, 'risen', null, null]);
    expect(changes[0]?.alert).toMatchObject({ severity: 'warning', limitText: '≤ 0.5' });
    expect(changes[2]?.alert).toMatchObject({
      id: changes[0]?.alert.id,
      severity: 'over',
      limitText: '≤ 1.0',
      limit: 1,
      value: 1.37,
    });
    expect(state.alert).toMatchObject({
      severity: 'over',
      value: 1.6,
      history: [{ to: 'active' }, { reason: '升级为超限:1.37,限值 ≤ 1.0' }],
    });
  });

  test('never sinks while it stands', () => {
    expect(
      run(
        [
          [0, 1.37],
          [1, 0.7],
          [2, 0.7],
        ],
        { limits },
      ).state.alert,
    ).toMatchObject({ severity: 'over', value: 1.37 });
  });
});

describe('the worst value since', () => {
  const lower = limit({ operator: '>=', low: '5', high: null });
  const range = limit({ operator: 'between', low: '6', high: '9' });
  const residual = limit({ operator: '>=', low: '0.05', high: null });
  const most = limit({ high: '2', grade: 'transcribed' });
  test.each([
    ['upper', [limit()], [1.2, 1.9, 1.5], 1.9],
    ['lower', [lower], [4.5, 3, 4], 3],
    ['range: further beyond either end', [range], [9.5, 5.2, 9.7], 5.2],
    ['chlorine too low, then too high: only its own limit is compared', [residual, most], [0.04, 3, 0.02], 0.02],
  ])('%s', (_, limits, values, worst) => {
    expect(
      run(
        values.map((value, i) => [i, value] as const),
        { limits },
      ).state.alert?.value,
    ).toBe(worst);
  });
});

describe('acknowledging', () => {
  const alert = run([[0, 1.37]]).state.alert!;
  const seen = acknowledge(alert, '镇环保办', '已派人', T0 + HOUR);

  test('names who and when, once', () => {
    expect(seen).toMatchObject({
      state: 'acknowledged',
      acknowledgedBy: '镇环保办',
      acknowledgedAt: T0 + HOUR,
      history: [{}, { from: 'active', to: 'acknowledged', by: '镇环保办', note: '已派人' }],
    });
    expect(acknowledge(seen, '镇河长办', '', T0 + 2 * HOUR)).toBe(seen);
  });

  test('an acknowledged alert goes on and ends as usual', () => {
    const { changes } = run(
      [
        [1, 0.5],
        [2, 0.5],
        [3, 0.5],
      ],
      { from: { newest: T0, over: 1, inside: 0, alert: seen } },
    );
    expect(changes.at(-1)?.alert).toMatchObject({
      state: 'resolved',
      acknowledgedBy: '镇环保办',
      history: [{}, {}, { from: 'acknowledged' }],
    });
  });
});

test('law: never two standing alerts; every episode is opened once and resolved once; ids are never used again', () => {
  const step = fc.record({
    minute: fc.integer({ min: 0, max: 3000 }),
    value: fc.constantFrom(0.2, 0.6, 0.99, 1, 1.01, 1.37, 5),
    age: fc.constantFrom(0, HOUR, 7 * HOUR, 48 * HOUR),
    acknowledged: fc.boolean(),
  });
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 60 }),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 4 }),
      (steps, open, clear) => {
        const limits = [limit({ high: '0.5', grade: 'transcribed' }), limit()];
        let state: LimitState = QUIET;
        const standing = new Set<string>();
        const ended = new Set<string>();
        const use = (change: Change | null): void => {
          const id = change?.alert.id ?? '';
          if (change?.what === 'opened') {
            expect(standing.size).toBe(0);
            expect(ended.has(id)).toBe(false);
            standing.add(id);
          }
          if (change?.what === 'risen') expect(standing.has(id)).toBe(true);
          if (change?.what === 'resolved') {
            expect(standing.delete(id)).toBe(true);
            ended.add(id);
          }
        };
        const feed = (minute: number, value: number, age: number): void => {
          const time = T0 + minute * MINUTE;
          const seen = { station: 's', parameter: 'nh3n', time, value, moment: checkMoment(value, limits, null)!, cadence: 5 };
          const next = transition(state, seen, { ...shipped, open, clear }, time + age);
          state = next.state;
          use(next.change);
          expect(state.alert === null).toBe(standing.size === 0);
        };
        for (const { minute, value, age, acknowledged } of steps) {
          feed(minute, value, age);
          const alert: Alert | null = state.alert;
          if (acknowledged && alert !== null) state = { ...state, alert: acknowledge(alert, '镇环保办', '', T0) };
        }
        // Back inside for long enough, everything that opened has ended.
        for (let i = 0; i < clear; i++) feed(4000 + i, 0.1, 0);
        expect(standing.size).toBe(0);
        expect(state.alert).toBeNull();
      },
    ),
  );
});
