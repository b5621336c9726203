/** Does the 晨报 leave on working days, once, also when the service was down at its hour? */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Morning } from '../../../src/domain/alerting/morning-facts.js';
import { shortTime } from '../../../src/domain/time.js';
import { MorningCall } from '../../../src/pipeline/morning/morning-call.js';
import { at } from '../../support/wupi.js';
import { PEOPLE, siteOf, Telling } from '../../support/telling.js';

let t: Telling;
const site = siteOf(
  {},
  PEOPLE.map((person) => ({ ...person, morning: person.id === 'office' || person.id === 'village' })),
);
const holidays = [{ name: '国庆节', from: '2026-10-01', to: '2026-10-07' }];

/** Since when each 晨报 tells, in the order they were written. */
let since: string[];
const call = (began = 0): MorningCall =>
  new MorningCall(
    { ...site, duty: { ...site.duty, holidays, makeUpDays: ['2026-11-28'] } },
    t.parts.outbox,
    (_, __, last) => (since.push(shortTime(last, site.calendar)), {}) as Morning,
    (_, { id }) => ({ subject: `晨报 ${id}`, text: '', html: '', chart: null }),
    (work) => t.parts.database.transact(work),
    t.world.clock,
    'example.org',
    () => began,
    () => {},
  );

beforeEach(async () => {
  since = [];
  t = await Telling.open(site);
});
afterEach(() => t.dispose());

test.each([
  ['2026-11-23 07:29', 0, 'a minute too early'],
  ['2026-11-23 07:30', 2, 'a Monday'],
  ['2026-11-23 11:59', 2, 'the service was down until now'],
  ['2026-11-23 12:00', 0, 'noon: no morning any more'],
  ['2026-11-29 07:30', 0, 'a Sunday'],
  ['2026-11-28 07:30', 2, 'a Saturday that is worked'],
  ['2026-10-02 07:30', 0, 'a holiday'],
])('%s: %d mails, %s', (time, mails) => {
  t.set(time);
  call().step();
  expect(t.parts.outbox.list(9)).toHaveLength(mails);
});

test('an installation of this morning has nothing to tell of it', () => {
  t.set('2026-11-23 08:00');
  call(at('2026-11-23 07:45')).step();
  expect(t.parts.outbox.list(9)).toHaveLength(0);
  call(at('2026-11-23 07:30')).step();
  expect(t.parts.outbox.list(9)).toHaveLength(2);
});

test('once a day and person, over restarts; the next day again', async () => {
  t.set('2026-11-23 07:30');
  call().step();
  expect(await t.run()).toEqual(['office: 晨报 office', 'village: 晨报 village']);
  t.restart();
  t.set('2026-11-23 09:00');
  call().step();
  expect(await t.run()).toEqual([]);
  t.set('2026-11-24 07:31');
  call().step();
  expect(await t.run()).toHaveLength(2);
});

test('each tells since the one before it was written, over days off and an outage; the first since the last working day', () => {
  const story: [string, string][] = [
    ['2026-11-23 07:30', '11-20 07:30'],
    ['2026-11-24 08:10', '11-23 07:30'],
    // Nothing ran on the 25th.
    ['2026-11-26 07:30', '11-24 08:10'],
    ['2026-11-30 07:30', '11-26 07:30'],
  ];
  for (const [time, told] of story) {
    t.set(time);
    call().step();
    expect([time, since.splice(0)]).toEqual([time, [told, told]]);
  }
});
