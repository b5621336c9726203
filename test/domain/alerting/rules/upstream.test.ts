/** Are those downstream told of what comes, with the time it takes? */
import { describe, expect, test } from '@jest/globals';
import type { Alert } from '../../../../src/domain/alerting/alert.js';
import { passedOf } from '../../../../src/domain/alerting/passed.js';
import { travelHours, upstream, type UpstreamInput } from '../../../../src/domain/alerting/rules/upstream.js';
import { HOUR } from '../../../../src/domain/time.js';
import { at, limit, station, wupi } from '../../../support/wupi.js';

const rule = { id: 'upstream', kind: 'upstream', afterHours: 2 } as const;
const opened = at('2026-11-23 08:00');
const nh3n = wupi.parameters.get('nh3n')!;
const inflow = station('nankeng-in');
const middle = station('nankeng-mid');
const outflow = station('nankeng-out');

const alert = (over: Partial<Alert> = {}): Alert => ({
  id: 'a',
  subject: 'nankeng-in',
  station: 'nankeng-in',
  parameter: 'nh3n',
  rule: 'limit',
  kind: 'limit',
  severity: 'over',
  state: 'active',
  openedAt: opened,
  acknowledgedAt: null,
  acknowledgedBy: null,
  resolvedAt: null,
  value: 1.37,
  passed: passedOf(limit(), '0.37'),
  isUnconfirmed: false,
  reason: { zh: '', en: '' },
  history: [],
  ...over,
});
const ended = (hoursAgo: number, now: number): Partial<Alert> => ({ state: 'resolved', resolvedAt: now - hoursAgo * HOUR });
const now = at('2026-11-23 20:00');

describe('upstream', () => {
  const ask = (above: UpstreamInput['above'], isOver = false) => upstream({ parameter: nh3n, above, isOver }, rule, now);
  const one = (over: Partial<Alert>, hours: number | null = 5) => [{ section: inflow, alert: alert(over), travelHours: hours }];

  test.each<[string, string, UpstreamInput['above'], boolean]>([
    ['nothing above', 'clear', [], false],
    ['over at the inflow', 'firing', one({}), false],
    ['far over', 'firing', one({ severity: 'severe' }), false],
    ['acknowledged', 'firing', one({ state: 'acknowledged' }), false],
    ['only near the limit', 'clear', one({ severity: 'warning' }), false],
    ['a spike that waits', 'clear', one({ isUnconfirmed: true }), false],
    ['held back by damping', 'clear', one({ state: 'pending' }), false],
    ['by a limit that waits for confirmation', 'clear', one({ passed: { ...passedOf(limit()), isCertain: false } }), false],
    ['over here already', 'clear', one({}), true],
    ['ended, its water on the way', 'firing', one(ended(4, now)), false],
    ['ended, arrived, still within the time after', 'firing', one(ended(6.9, now)), false],
    ['ended and past', 'clear', one(ended(7, now)), false],
    ['ended, travel time not known', 'clear', one(ended(2, now), null), false],
    ['closed by people', 'clear', one({ state: 'closed' }), false],
  ])('%s: %s', (_, says, above, isOver) => {
    expect(ask(above, isOver).says).toBe(says);
  });

  test('says what comes, and when', () => {
    expect(ask(one({}))).toMatchObject({
      severity: 'warning',
      value: 1.37,
      at: opened,
      passed: { text: '≤ 1.0' },
      reason: {
        zh: '上游来水:南坑河入境断面 氨氮 超限 1.37 mg/L,按流速约 5 小时后到达',
        en: expect.stringContaining('here in about 5 h'),
      },
    });
    expect(ask(one({}, null))).toMatchObject({ reason: { zh: '上游来水:南坑河入境断面 氨氮 超限 1.37 mg/L,注意来水' } });
    expect(ask(one({}, 0.5))).toMatchObject({ reason: { zh: expect.stringContaining('约 0.5 小时后') } });
  });

  test('of two sections above the nearest is named', () => {
    const above = [...one({}), { section: middle, alert: alert({ value: 1.2, station: 'nankeng-mid' }), travelHours: 2.5 }];
    expect(ask(above)).toMatchObject({ value: 1.2, reason: { zh: expect.stringMatching(/^上游来水.南坑河中段断面/) } });
  });
});

describe('travel time shared by order', () => {
  const sections = [inflow, middle, outflow];
  const reach = [...wupi.reaches.values()][0]!;
  test.each([
    [1, 3, 5],
    [1, 2, 2.5],
    [2, 3, 2.5],
  ])('from %d to %d: %d h', (from, to, hours) => {
    expect(travelHours({ ...reach, travelHours: 5 }, sections, from, to)).toBe(hours);
  });
  test('not known', () => {
    expect(travelHours({ ...reach, travelHours: null }, sections, 1, 3)).toBeNull();
    expect(travelHours(undefined, sections, 1, 3)).toBeNull();
    expect(travelHours(reach, [outflow], 3, 3)).toBeNull();
  });
});
