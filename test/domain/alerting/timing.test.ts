/** How long does what happened wait until it is told? */
import { expect, test } from '@jest/globals';
import type { Severity } from '../../../src/domain/alerting/alert.js';
import type { Why } from '../../../src/domain/alerting/facts.js';
import { timing } from '../../../src/domain/alerting/timing.js';
import { SETTINGS } from '../../support/telling.js';
import { at, wupi } from '../../support/wupi.js';

const rows: [Why, Severity, now: string, last: string | null, due: string, waitsFor: string][] = [
  ['opened', 'severe', '03:00:00', '02:59:59', '03:00:00', 'nothing'],
  ['risen', 'severe', '12:00:00', null, '12:00:00', 'nothing'],
  ['repeat', 'severe', '03:00:00', '02:59:00', '03:00:00', 'nothing'],
  ['escalated', 'severe', '03:00:00', null, '03:00:00', 'nothing'],
  ['resolved', 'severe', '03:00:00', '02:58:00', '03:00:02', 'settle'],
  ['opened', 'over', '03:00:00', '02:59:59', '03:00:02', 'settle'],
  ['risen', 'over', '12:00:00', '11:59:00', '12:00:02', 'settle'],
  ['confirmed', 'over', '12:00:00', '11:59:00', '12:04:00', 'group'],
  ['resolved', 'over', '12:00:00', null, '12:00:02', 'settle'],
  ['resolved', 'over', '12:00:00', '11:00:00', '12:00:02', 'settle'],
  ['opened', 'warning', '12:00:00', '11:59:00', '12:04:00', 'group'],
  ['opened', 'warning', '22:00:00', null, '07:00:00', 'quiet-hours'],
  ['opened', 'warning', '06:59:00', null, '07:00:00', 'quiet-hours'],
  ['opened', 'warning', '21:58:00', '21:57:00', '07:00:00', 'quiet-hours'],
  ['resolved', 'warning', '23:00:00', null, '07:00:00', 'quiet-hours'],
  ['opened', 'warning', '07:00:00', null, '07:00:02', 'settle'],
  // The clock was set back by half an hour since.
  ['opened', 'warning', '12:00:00', '12:30:00', '12:00:02', 'settle'],
  ['reported', 'warning', '23:00:00', '22:59:00', '23:00:02', 'settle'],
];

test.each(rows)('%s %s at %s after a mail at %s: at %s, for %s', (why, severity, now, last, due, waitsFor) => {
  const night = (time: string): number => at(`2026-11-23 ${time}`);
  const got = timing(why, severity, night(now), last === null ? null : night(last), SETTINGS, wupi.calendar);
  const expected = night(due) < night(now) ? at(`2026-11-24 ${due}`) : night(due);
  expect(got).toEqual({ at: expected, waitsFor });
});
