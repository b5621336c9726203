/** When is the service itself an alert? */
import { expect, test } from '@jest/globals';
import { service, type ServicePart, serviceSubject } from '../../../../src/domain/alerting/rules/service.js';
import { MINUTE, SECOND } from '../../../../src/domain/time.js';
import { at } from '../../../support/wupi.js';

const rule = {
  id: 'service',
  kind: 'service',
  archiveMinutes: 5,
  brokerMinutes: 2,
  outboxMinutes: 10,
  behindMinutes: 10,
} as const;
const since = at('2026-11-23 08:00');
const why = { zh: '连不上', en: 'no connection' };

test.each<[ServicePart, number, string]>([
  ['archive', 5 * MINUTE - 1, 'nothing'],
  ['archive', 5 * MINUTE, 'warning'],
  ['broker', 119 * SECOND, 'nothing'],
  ['broker', 2 * MINUTE, 'over'],
  ['intake', 0, 'over'],
  ['disk', 0, 'warning'],
  ['outbox', 9 * MINUTE, 'nothing'],
  ['outbox', 10 * MINUTE, 'warning'],
  ['address', 0, 'over'],
  ['behind', 9 * MINUTE, 'nothing'],
  ['behind', 10 * MINUTE, 'warning'],
  ['path', 0, 'over'],
])('%s in trouble for %d ms: %s', (part, lasts, expected) => {
  const signal = service(part, { why, since }, rule, since + lasts);
  expect(signal.says === 'firing' ? signal.severity : signal.says).toBe(expected);
});

test.each<[number, string]>([
  [MINUTE - 1, 'nothing'],
  [MINUTE, 'clear'],
])('well for %d ms: %s', (lasts, expected) => {
  expect(service('archive', { why: null, since }, rule, since + lasts).says).toBe(expected);
});

test('names the part, how long, and why', () => {
  expect(service('archive', { why, since }, rule, since + 6 * MINUTE)).toMatchObject({
    reason: { zh: '归档中断,已 6 分钟:连不上', en: 'The archive is away, for 6 min: no connection' },
  });
  expect(serviceSubject('archive', rule)).toEqual({
    subject: 'service',
    station: null,
    parameter: null,
    rule: 'service-archive',
    kind: 'service',
  });
});
