/** Whatever values come: does at most one alert of a series stand, and does every episode end exactly once? */
import { expect, test } from '@jest/globals';
import { type Alert, stands, type Subject } from '../../../../src/domain/alerting/alert.js';
import { promoted, transition } from '../../../../src/domain/alerting/lifecycle.js';
import { type Amended, limitAmendment } from '../../../../src/domain/alerting/rules/limit-amendment.js';
import { LimitMemory } from '../../../../src/domain/alerting/rules/limit-memory.js';
import type { Doubt, LimitSeries } from '../../../../src/domain/alerting/rules/limit-series.js';
import { limitStep } from '../../../../src/domain/alerting/rules/limit.js';
import type { LimitShape } from '../../../../src/domain/alerting/rules.js';
import type { Change, Signal } from '../../../../src/domain/alerting/signal.js';
import { checkMoment } from '../../../../src/domain/compliance/evaluate.js';
import type { Limit } from '../../../../src/domain/standards/limit.js';
import { HOUR, MINUTE } from '../../../../src/domain/time.js';

/** Readings in all; a million with HEQING_READINGS=1000000. */
const READINGS = Number(process.env['HEQING_READINGS'] ?? 150_000);
const SHAPES: readonly LimitShape[] = [
  {
    over: { by: 'value', values: 1 },
    severe: [{ times: 1 }],
    warning: { by: 'share', share: 0.8, values: 2 },
    clear: { values: 3, share: 0.95 },
    noSupplyMinutes: null,
  },
  {
    over: { by: 'value', values: 3 },
    severe: [{ above: 3 }],
    warning: null,
    clear: { values: 1, share: 1 },
    noSupplyMinutes: null,
  },
  {
    over: { by: 'mean', hours: 24 },
    severe: [{ above: 3, minutes: 120 }],
    warning: null,
    clear: { values: 3, share: 1 },
    noSupplyMinutes: null,
  },
  {
    over: { by: 'lasting', minutes: 60, when: 'supply' },
    severe: [],
    warning: { by: 'outside', low: 0.2, high: 1.2, hours: 3 },
    clear: { values: 3, share: 1 },
    noSupplyMinutes: 30,
  },
];
const LIMIT: Limit = {
  standard: 'GB 3838-2002',
  parameter: 'nh3n',
  class: 'III',
  operator: '<=',
  low: null,
  high: '1.0',
  averaging: 'sample',
  comparison: 'full',
  decimals: null,
  condition: null,
  alternative: null,
  waterBody: null,
  clause: '',
  citation: '',
  grade: 'verified',
  confirmed: null,
  validFrom: null,
  validTo: null,
};
const damping = { openings: 3, hours: 24, holdMinutes: 30 };

/** A small generator (mulberry32), so that a failure can be run again. */
function random(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

test(`${READINGS} random readings, among them late ones, gaps, spikes and values left out`, () => {
  const starts = new Map<string, number>();
  const ends = new Map<string, number>();
  const problems: string[] = [];
  let open = 0;
  for (let s = 0; s < 40; s++) {
    const next = random(s + 1);
    const shape = SHAPES[s % SHAPES.length]!;
    let doubt: Doubt = 'none';
    const series: LimitSeries = {
      shape,
      parameter: { decimals: 2, unit: 'mg/L' },
      cadence: 15,
      hold: (value) => checkMoment(value, [LIMIT], null),
      holdClass: () => null,
      flow: () => (next() < 0.2 ? 0 : 1),
      isDay: () => true,
      doubt: () => doubt,
    };
    const subject: Subject = { subject: `s${s}`, station: `s${s}`, parameter: 'nh3n', rule: 'limit', kind: 'limit' };
    const memory = new LimitMemory(shape);
    const openings: number[] = [];
    let standing: Alert | null = null;
    const take = (change: Change | null, alert: Alert | null): void => {
      if (alert !== null) {
        if (standing === null && stands(alert)) openings.unshift(alert.openedAt);
        standing = stands(alert) ? alert : null;
      }
      if (change === null) return;
      const { id } = change.alert;
      if (change.what === 'opened') starts.set(id, (starts.get(id) ?? 0) + 1);
      else if (!starts.has(id)) problems.push(`${id} ${change.what} before it opened`);
      if (ends.has(id)) problems.push(`${id} ${change.what} after its end`);
      if (change.what === 'resolved' || change.what === 'refuted' || change.what === 'closed') ends.set(id, 1);
    };
    const apply = (signal: Signal, now: number): void => {
      if (signal.says === 'firing' && standing === null && memory.raised === null) problems.push('fires without memory');
      const step = transition(standing, openings, subject, signal, damping, now);
      take(step.change, step.alert);
    };
    let time = Date.parse('2026-11-23T08:00:00+08:00');
    let level = 0.7;
    for (let i = 0; i < READINGS / 40; i++) {
      time += (next() < 0.01 ? 3 * HOUR : 15 * MINUTE) * (next() < 0.02 ? -1 : 1);
      level = Math.max(0, level + (next() - 0.5) * 0.3 + (0.75 - level) * 0.05);
      const value = next() < 0.01 ? 5 * next() : next() < 0.02 ? 0 : level;
      const now = time + (next() < 0.02 ? 8 * HOUR : MINUTE);
      doubt = next() < 0.9 ? 'none' : next() < 0.5 ? 'spike' : 'wrong';
      const moment = checkMoment(value, [LIMIT], null)!;
      apply(limitStep(memory, series, time, value, moment, now), now);
      if (next() < 0.05) {
        const is = next() < 0.5 ? 'excluded' : next() < 0.5 ? 'valid' : 'spike';
        const amended: Amended = is === 'excluded' ? { is, reason: { zh: '置无效', en: 'invalid' } } : { is };
        apply(limitAmendment(memory, series, time, value, amended), now);
      }
      const step = standing === null ? null : promoted(standing, damping, now);
      if (step !== null) take(step.change, step.alert);
    }
    if (standing !== null && (standing as Alert).state !== 'pending') open++;
  }
  expect(problems.slice(0, 5)).toEqual([]);
  expect([...starts.values()].filter((n) => n !== 1)).toEqual([]);
  expect(starts.size - ends.size).toBe(open);
  expect(starts.size).toBeGreaterThan(READINGS / 1000);
});
