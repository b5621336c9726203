/** Does a mail say what speaks for the water, and nothing that only repeats the alert? */
import { expect, test } from '@jest/globals';
import { FactsOf } from '../../../src/pipeline/alerting/facts.js';
import { alert } from '../../support/facts.js';
import { at, wupi } from '../../support/wupi.js';

const [person] = wupi.people;

/** What a mail about `given` says of the cause while an alert by limit stands at the section of inflow. */
function likelyOf(given: ReturnType<typeof alert>): string | null {
  const inflow = alert({ id: 'inflow', subject: 'nankeng-in', station: 'nankeng-in', openedAt: at('2026-11-23 07:00') });
  const facts = new FactsOf(
    wupi,
    { rows: () => [], newest: () => undefined },
    { previous: () => null, list: () => [inflow, given] },
    'https://heqing.example.org',
    { to: () => '' },
    () => null,
  );
  const change = { what: 'opened', alert: given, at: given.openedAt } as const;
  return facts.of({ why: 'opened', change }, person!, { zh: '', en: '' }, at('2026-11-23 08:00')).likely?.zh ?? null;
}

test('over at two sections: rather the water', () => {
  expect(likelyOf(alert())).toBe('更可能是水体:南坑河入境断面 同一指标自 07:00 起也超限');
});

test('what is only on its way from upstream has no second witness in the section it comes from', () => {
  expect(likelyOf(alert({ kind: 'upstream', rule: 'upstream', severity: 'warning' }))).toBeNull();
});
