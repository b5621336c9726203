/** Which alerts are only the shadow of another? */
import { describe, expect, test } from '@jest/globals';
import type { Alert, AlertKind, Subject } from '../../../src/domain/alerting/alert.js';
import { inhibited } from '../../../src/domain/alerting/inhibition.js';

const subject = (kind: AlertKind, station: string | null, parameter: string | null, rule: string = kind): Subject => ({
  subject: station ?? 'service',
  station,
  parameter,
  rule,
  kind,
});
const standing = (of: Subject, state: Alert['state'] = 'active'): Alert => ({
  ...of,
  id: 'x',
  severity: 'warning',
  state,
  openedAt: 0,
  acknowledgedAt: null,
  acknowledgedBy: null,
  resolvedAt: null,
  value: null,
  passed: null,
  isUnconfirmed: false,
  reason: { zh: '', en: '' },
  history: [],
});
const silent = standing(subject('no-data', 'a', null));
const broker = standing(subject('service', null, null, 'service-broker'));
const intake = standing(subject('service', null, null, 'service-intake'));
const archive = standing(subject('service', null, null, 'service-archive'));
const haze = standing({ ...subject('regional', null, 'pm10'), subject: 'region:pm10' });

describe('shadows', () => {
  test.each<[string, Subject, Alert[], string | null]>([
    ['a parameter of a silent station', subject('no-data', 'a', 'ph'), [silent], '整站无数据'],
    ['a probe of a silent station', subject('sensor', 'a', 'ph'), [silent], '整站无数据'],
    ['the silent station itself', subject('no-data', 'a', null), [silent], null],
    ['another station', subject('no-data', 'b', 'ph'), [silent], null],
    ['a silence that is over', subject('no-data', 'a', 'ph'), [standing(silent, 'resolved')], null],
    ['a silence that damping holds back', subject('no-data', 'a', 'ph'), [standing(silent, 'pending')], null],
    [
      'one parameter silent does not silence the others',
      subject('no-data', 'a', 'ph'),
      [standing(subject('no-data', 'a', 'do'))],
      null,
    ],
    ['pollution at a silent station', subject('limit', 'a', 'ph'), [silent], null],
    ['a station while the broker is away', subject('no-data', 'b', null), [broker], '接收中断'],
    ['a station while nothing is taken', subject('no-data', 'b', null), [standing(intake, 'acknowledged')], '接收中断'],
    ['a station while the archive is away', subject('no-data', 'b', null), [archive], null],
    ['a probe while the broker is away', subject('sensor', 'b', 'ph'), [broker], null],
    ['nothing stands', subject('no-data', 'b', null), [], null],
  ])('%s', (_, of, alerts, why) => {
    expect(inhibited(of, alerts)?.zh ?? null).toEqual(why === null ? null : expect.stringContaining(why));
  });

  test.each<[string, Subject, Parameters<typeof inhibited>[2], boolean]>([
    ['dust over its threshold', subject('limit', 'd', 'pm10'), { severity: 'over', medium: 'dust' }, true],
    ['ambient air', subject('limit', 'd', 'pm10'), { medium: 'air' }, true],
    ['far over at one site', subject('limit', 'd', 'pm10'), { severity: 'severe', medium: 'dust' }, false],
    ['another parameter', subject('limit', 'd', 'tsp'), { medium: 'dust' }, false],
    ['a river', subject('limit', 'd', 'pm10'), { medium: 'surface-water' }, false],
    ['a verdict is no alarm of the moment', subject('verdict', 'd', 'pm10'), { medium: 'dust' }, false],
  ])('while the region rises: %s', (_, of, opening, waits) => {
    expect(inhibited(of, [haze], opening) !== null).toBe(waits);
  });
});
