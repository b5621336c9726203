/** Is a channel that takes nothing, or a person's address that refuses, an alert of the service itself, told by mail? */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { MINUTE } from '../../../src/domain/time.js';
import { refusedPeople, waitingFor } from '../../../src/pipeline/alerting/channel-trouble.js';
import { MailError } from '../../../src/pipeline/ports.js';
import { Pipeline } from '../../support/pipeline.js';
import { at, reading, wupi } from '../../support/wupi.js';

let p: Pipeline;
beforeEach(async () => {
  // Nothing stands behind the channel: each of its notices fails for good.
  const people = wupi.people.map((person) => ({ ...person, morning: false, channels: ['group'] }));
  const rules = { ...wupi.rules, noData: null, sensor: null, verdict: null, target: null, trend: null };
  p = await Pipeline.open({ site: { ...wupi, people, rules }, now: at('2026-11-23 08:00') });
});
afterEach(() => p.dispose());

const trouble = (part = 'outbox') => p.parts.alerts.list('active', 99).filter(({ rule }) => rule.endsWith(`-${part}`));

test('as long as nothing it was given was taken, and not before anything was given', async () => {
  const minutes = async (n: number): Promise<void> => {
    for (let i = 0; i < n; i++) {
      p.clock.advance(MINUTE);
      await p.run(['vigil', 'tell', 'notify']);
    }
  };
  const { outboxMinutes } = wupi.rules.service!;
  await minutes(outboxMinutes + 2);
  expect(trouble()).toEqual([]);
  await p.publish(reading({ time: p.clock.now(), value: 9 }), reading({ time: p.clock.now() + 1000, value: 9 }));
  await p.run();
  expect(p.parts.alarms.channels()).toEqual([['group', expect.stringContaining('group')]]);
  await minutes(outboxMinutes + 2);
  expect(trouble()).toMatchObject([{ kind: 'service', reason: { zh: expect.stringMatching(/^通知发不出去.*group/) } }]);
  expect(p.world.mailer.accepted.some(({ subject }) => subject.includes('通知发不出去'))).toBe(true);
});

test('somebody whose address refuses for good is told of to whoever else hears of the service, until it accepts or is corrected', async () => {
  await p.dispose();
  const people = wupi.people.map((person) => ({ ...person, morning: false }));
  const rules = { ...wupi.rules, noData: null, sensor: null, verdict: null, target: null, trend: null };
  const site = { ...wupi, people, rules };
  p = await Pipeline.open({ site, now: at('2026-11-23 08:00') });
  p.world.mailer.refuses = ({ to }) =>
    to.startsWith('chief-') ? new MailError('550 5.1.1 <chief@example.org>: no such user', true) : null;
  const pass = async (): Promise<void> => {
    for (let i = 0; i < 12; i++) {
      p.clock.advance(10_000);
      await p.run();
    }
  };
  await p.publish(reading({ time: p.clock.now(), value: 9 }));
  await pass();
  expect(trouble('address')).toMatchObject([
    {
      kind: 'service',
      severity: 'over',
      reason: {
        zh: expect.stringMatching(/^有人收不到邮件.*:长潭村村级河长\(对方答复:550 5.1.1 <\*\*\*>: no such user\);请核对/),
      },
    },
  ]);
  const told = p.world.mailer.accepted.filter(({ subject }) => subject.includes('有人收不到邮件')).map(({ to }) => to);
  expect(told.sort()).toEqual(['operations@example.org', 'town-office@example.org']);
  // The same address is not asked over and over, and one that was corrected is not held against its new owner.
  const corrected = people.map((person) => (person.id === 'chief-changtan' ? { ...person, email: 'new@example.org' } : person));
  expect([refusedPeople(site, p.parts.outbox), refusedPeople({ people: corrected }, p.parts.outbox)]).toMatchObject([
    [{ recipient: 'chief-changtan' }],
    [],
  ]);
  p.world.mailer.refuses = () => null;
  await p.publish(reading({ parameter: 'tp', time: p.clock.now(), value: 9 }));
  await pass();
  expect(trouble('address')).toEqual([]);
});

test.each([
  [
    'smtp.example.org:587: Can’t send mail: 452 4.2.2 <chief@example.org>: mailbox full)',
    'chief-changtan',
    'mail',
    { whom: { zh: '长潭村村级河长', en: 'River chief of Changtan Village' }, answer: '452 4.2.2 <***>: mailbox full' },
  ],
  [
    'group.example.org refused with code 310000',
    'gone',
    'group',
    { whom: { zh: 'gone (group)', en: 'gone (group)' }, answer: 'group.example.org refused with code 310000' },
  ],
  [null, 'duty-a', 'mail', { whom: { zh: '值班员甲', en: 'Duty officer A' }, answer: null }],
])('who waits is named by role, with what the other side answered: %s', (error, recipient, channel, expected) => {
  expect(waitingFor(wupi, [{ recipient, channel, since: 7, error }])).toEqual([{ ...expected, since: 7 }]);
});
