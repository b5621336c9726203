/** Are warnings held against what followed, and episodes against their counterparts? */
import { describe, expect, test } from '@jest/globals';
import type { Alert, AlertKind, Severity } from '../../../src/domain/alerting/alert.js';
import { episodesOf, warningsOf, withoutCounterpart } from '../../../src/domain/alerting/hindsight.js';
import type { Change, Happening } from '../../../src/domain/alerting/signal.js';
import { HOUR } from '../../../src/domain/time.js';

let ids = 0;
const alert = (kind: AlertKind, hour: number, severity: Severity, station = 'a'): Alert => ({
  id: `${kind}${ids++}`,
  subject: station,
  station,
  parameter: 'nh3n',
  rule: kind,
  kind,
  severity,
  state: 'active',
  openedAt: hour * HOUR,
  acknowledgedAt: null,
  acknowledgedBy: null,
  resolvedAt: null,
  value: 1,
  passed: null,
  isUnconfirmed: false,
  reason: { zh: kind, en: kind },
  history: [],
});
const change = (what: Happening, of: Alert, hour: number): Change => ({ what, alert: of, at: hour * HOUR });
const opened = (kind: AlertKind, hour: number, severity: Severity, station?: string): Change =>
  change('opened', alert(kind, hour, severity, station), hour);

test('episodes keep the gravest severity and when it was first over', () => {
  const one = alert('limit', 1, 'warning');
  const changes = [
    change('opened', one, 1),
    change('risen', { ...one, severity: 'severe' }, 3),
    change('resolved', { ...one, severity: 'severe' }, 9),
    change('resolved', alert('limit', 0, 'over'), 2),
  ];
  expect(episodesOf(changes)).toEqual([
    expect.objectContaining({ id: one.id, severity: 'severe', openedAt: HOUR, overAt: 3 * HOUR, endedAt: 9 * HOUR }),
  ]);
});

describe('hit rate', () => {
  const rate = (...changes: readonly Change[]) => warningsOf(episodesOf(changes), 12, 1000 * HOUR);
  test.each<[string, readonly Change[], [given: number, hit: number, over: number, warned: number, lead: number | null]]>([
    ['a trend that came true', [opened('trend', 1, 'warning'), opened('limit', 6, 'over')], [1, 1, 1, 1, 5]],
    ['a trend that did not', [opened('trend', 1, 'warning')], [1, 0, 0, 0, null]],
    ['too early by an hour', [opened('trend', 1, 'warning'), opened('limit', 14, 'over')], [1, 0, 1, 0, null]],
    ['after the fact', [opened('limit', 6, 'over'), opened('upstream', 7, 'warning')], [1, 0, 1, 0, null]],
    ['at another station', [opened('trend', 1, 'warning', 'b'), opened('limit', 6, 'over')], [1, 0, 1, 0, null]],
    [
      'two warnings of one 超限: the earlier one counts for the lead',
      [opened('trend', 1, 'warning'), opened('upstream', 3, 'warning'), opened('limit', 6, 'over')],
      [2, 2, 1, 1, 5],
    ],
    ['still within its horizon at the end', [opened('trend', 995, 'warning')], [0, 0, 0, 0, null]],
    ['nothing', [], [0, 0, 0, 0, null]],
  ])('%s', (_, changes, [given, hit, over, warned, leadHours]) => {
    expect(rate(...changes)).toMatchObject({ given, hit, over, warned, leadHours });
  });

  test('a 预警 near the limit that rises is a warning of itself', () => {
    const one = alert('limit', 1, 'warning');
    expect(rate(change('opened', one, 1), change('risen', { ...one, severity: 'over' }, 4))).toMatchObject({
      given: 1,
      hit: 1,
      hitRate: 100,
      over: 1,
      warnedRate: 100,
      leadHours: 3,
    });
  });

  test('shares are cut, and null of nothing', () => {
    expect(rate()).toMatchObject({ hitRate: null, warnedRate: null });
    const three = [opened('trend', 1, 'warning'), opened('trend', 100, 'warning'), opened('trend', 200, 'warning')];
    expect(rate(...three, opened('limit', 2, 'over'), opened('limit', 101, 'over')).hitRate).toBe(66.6);
  });
});

test('a counterpart is of the same subject and kind and overlaps in time', () => {
  const long = alert('limit', 1, 'over');
  const these = episodesOf([
    change('opened', long, 1),
    change('resolved', long, 5),
    opened('limit', 50, 'over'),
    opened('trend', 3, 'warning'),
  ]);
  const short = alert('limit', 4, 'severe');
  const others = episodesOf([change('opened', short, 4), change('resolved', short, 8)]);
  expect(withoutCounterpart(these, others).map(({ kind, openedAt }) => [kind, openedAt / HOUR])).toEqual([
    ['trend', 3],
    ['limit', 50],
  ]);
  expect(withoutCounterpart(others, these)).toEqual([]);
});
