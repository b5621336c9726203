/** Does every notice reach its person, however long the mail server is away, and without a storm when it is back? */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { channelTroubles } from '../../src/pipeline/alerting/channel-trouble.js';
import { MailError } from '../../src/pipeline/ports.js';
import { NoticesReport } from '../../src/pipeline/reporting/report-notices.js';
import { PEOPLE, siteOf, Telling } from '../support/telling.js';

const NH3N = 'nankeng-out/nh3n/1';

let t: Telling;
beforeEach(async () => {
  t = await Telling.open(siteOf({ escalateMinutes: { warning: null, over: null, severe: null } }));
});
afterEach(() => t.dispose());

const away = () => new MailError('connect ECONNREFUSED', false);
const states = () => t.parts.outbox.counts();

/** Six hours of alerts at two stations, some of them over again. */
async function sixHours(): Promise<void> {
  for (let hour = 8; hour < 14; hour++) {
    for (const [i, station] of ['nankeng-out', 'nankeng-mid'].entries()) {
      const id = `${station}/nh3n/${hour}`;
      t.set(`${String(hour).padStart(2, '0')}:1${i}`);
      await t.change(id, 'opened', { rule: `limit-${hour}` });
      await t.until(`${String(hour).padStart(2, '0')}:2${i}`, 20);
      if (hour % 2 === 0) await t.change(id, 'resolved');
    }
  }
}

describe('away for six hours', () => {
  test.each([
    ['no connection opens', () => (t.world.mailer.away = away), () => (t.world.mailer.away = null)],
    [
      'it answers 451 to every mail',
      () => (t.world.mailer.refuses = () => new MailError('451 later', false)),
      () => (t.world.mailer.refuses = () => null),
    ],
  ])('%s: everything is told, by one digest a person', async (_, leave, comeBack) => {
    leave();
    await sixHours();
    expect(t.world.mailer.accepted).toEqual([]);
    comeBack();
    const mails = await t.until('14:05');
    expect(mails).toHaveLength(1);
    expect(mails[0]).toMatch(/^village: digest/);
    const told = new Set(t.world.mailer.accepted.flatMap((mail) => mail.headers['X-Heqing-Alert']!.split(',')));
    expect(told.size).toBe(12);
    expect(states()).toMatchObject({ waiting: 0, failed: 0 });
    expect(t.parts.notify.trouble).toBeNull();
    expect(await t.until('15:00', 30)).toEqual([]);
  });

  test('while nothing is accepted hardly anything is written, and the server is asked at most once in half a minute', async () => {
    t.world.mailer.away = away;
    await sixHours();
    expect(t.parts.outbox.list(99).length).toBeLessThanOrEqual(1);
    expect(t.world.mailer.tried).toBe(1);
    expect(t.world.mailer.checks).toBeLessThan(6 * 60 * 2);
  });

  test('a restart in the middle forgets nothing', async () => {
    t.world.mailer.away = away;
    await t.change(NH3N, 'opened');
    await t.until('08:10', 5);
    await t.change('nankeng-mid/nh3n/1', 'opened');
    await t.until('08:20', 5);
    t.restart();
    t.world.mailer.away = null;
    expect(await t.until('08:20:10')).toEqual([expect.stringMatching(/^village: digest .*out.*mid|^village: digest .*mid.*out/)]);
    expect(states()).toEqual({ waiting: 0, sent: 2, failed: 0 });
    expect(t.parts.outbox.list(9).map(({ mergedInto }) => mergedInto !== null)).toEqual([false, true]);
  });
});

test('one that waits alone is sent as it was written', async () => {
  t.world.mailer.away = away;
  await t.change(NH3N, 'opened');
  await t.until('08:00:05');
  const [written] = t.parts.outbox.list(1);
  t.world.mailer.away = null;
  expect(await t.until('08:10', 5)).toEqual([`village: opened over ${NH3N}`]);
  expect(t.world.mailer.accepted[0]!.messageId).toBe(written!.mail.messageId);
});

test('a mail whose fate is not known is never merged: it is tried again as it is', async () => {
  t.world.mailer.refuses = () => new MailError('connection closed after DATA', false, true);
  await t.change(NH3N, 'opened');
  await t.until('08:00:02');
  const [written] = t.parts.outbox.list(1);
  expect(written).toMatchObject({ isUnsure: true, attempts: 1 });
  t.set('08:00:04');
  await t.change('nankeng-mid/nh3n/1', 'opened');
  t.world.mailer.refuses = () => null;
  expect((await t.until('08:05', 2)).sort()).toEqual(
    [`village: opened over ${NH3N}`, 'village: opened over nankeng-mid/nh3n/1'].sort(),
  );
  expect(t.world.mailer.accepted.map(({ messageId }) => messageId)).toContain(written!.mail.messageId);
});

test('killed between accepted and recorded: one double at most, with the same Message-ID', async () => {
  await t.change(NH3N, 'opened');
  t.set('08:00:02');
  t.parts.letters.step();
  t.world.faults.failing = 2;
  await expect(t.parts.notify.step()).rejects.toThrow('the power failed');
  t.restart();
  await t.until('08:00:10');
  const [first, second, ...more] = t.world.mailer.accepted;
  expect([second, more]).toEqual([first, []]);
  expect(states()).toEqual({ waiting: 0, sent: 1, failed: 0 });
});

describe('a power cut after mails were handed over: told again under their own Message-IDs', () => {
  beforeEach(() => {
    t.world.power.isWatched = true;
  });
  const ids = () => t.world.mailer.accepted.map(({ messageId }) => messageId);

  test('the first try', async () => {
    await t.change(NH3N, 'opened');
    expect(await t.until('08:00:05')).toHaveLength(1);
    t.cutPower();
    await t.until('08:05', 5);
    expect(ids()).toHaveLength(2);
    expect(new Set(ids()).size).toBe(1);
    expect(states()).toEqual({ waiting: 0, sent: 1, failed: 0 });
  });

  test('the digest of what was refused', async () => {
    t.world.mailer.away = away;
    await t.change(NH3N, 'opened');
    await t.change('nankeng-mid/nh3n/1', 'opened');
    await t.until('08:10', 5);
    t.world.mailer.away = null;
    expect(await t.until('08:11:30')).toEqual([expect.stringContaining('digest')]);
    t.cutPower();
    await t.until('08:15', 5);
    expect(ids()).toHaveLength(2);
    expect(new Set(ids()).size).toBe(1);
  });

  test('one that was refused and then taken is not merged with what comes after', async () => {
    t.world.mailer.refuses = away;
    await t.change(NH3N, 'opened');
    await t.until('08:00:02');
    t.world.mailer.refuses = () => null;
    expect(await t.until('08:01:30')).toEqual([`village: opened over ${NH3N}`]);
    t.cutPower();
    await t.change('nankeng-mid/nh3n/1', 'opened');
    await t.until('08:10', 5);
    expect(ids()[1]).toBe(ids()[0]);
    expect(t.world.mailer.accepted.map(({ subject }) => subject)).not.toContainEqual(expect.stringContaining('digest'));
  });
});

test('an address that refuses for good is given up, named, and named no more when it accepts again', async () => {
  t.world.mailer.refuses = (mail) => (mail.to.startsWith('duty') ? new MailError('550 no such user', true) : null);
  expect(await t.change(NH3N, 'opened', { severity: 'severe' })).toHaveLength(2);
  expect(states()).toEqual({ waiting: 0, sent: 2, failed: 1 });
  const since = t.world.clock.now();
  expect(t.parts.outbox.bounced()).toEqual([
    { recipient: 'duty', channel: 'mail', since, error: '550 no such user', address: 'duty@example.org' },
  ]);
  expect(t.world.journal.lines).toEqual([expect.stringContaining('duty@example.org does not accept mail: 550')]);
  expect(t.parts.notify.trouble).toBeNull();
  t.world.mailer.refuses = () => null;
  t.set('08:30');
  await t.change('nankeng-mid/tp/1', 'opened', { severity: 'severe' });
  expect(t.parts.outbox.bounced()).toEqual([]);
});

test('the clock is set back by a day: what waits for the mail server is not held up until then', async () => {
  t.set('2026-11-24 08:00');
  t.world.mailer.refuses = away;
  await t.change(NH3N, 'opened', { severity: 'severe' });
  await t.until('2026-11-24 08:02');
  t.set('2026-11-23 08:03');
  t.world.mailer.refuses = () => null;
  const mails = await t.until('2026-11-23 08:10');
  expect(mails).toHaveLength(3);
  expect(states()).toMatchObject({ waiting: 0 });
});

test('the clock is set back while something settles: it is told all the same', async () => {
  t.set('2026-11-24 08:00');
  await t.change(NH3N, 'opened');
  t.set('2026-11-23 08:00');
  expect(await t.until('2026-11-23 08:02')).toEqual([`village: opened over ${NH3N}`]);
});

test('one slow address holds nobody up', async () => {
  t.world.mailer.refuses = (mail) => (mail.to.startsWith('duty') ? away() : null);
  expect(await t.change(NH3N, 'opened', { severity: 'severe' })).toHaveLength(2);
  t.set('08:00:01');
  expect(await t.change('nankeng-mid/nh3n/1', 'opened', { severity: 'severe' })).toHaveLength(2);
  t.world.mailer.refuses = () => null;
  expect(await t.until('08:02')).toEqual([expect.stringMatching(/^duty: digest/)]);
});

describe('mail is away and a group is not', () => {
  const MID = 'nankeng-mid/nh3n/1';
  const posted = () => t.world.group.accepted.map(({ subject }) => subject);
  beforeEach(async () => {
    await t.dispose();
    const people = PEOPLE.map((person) => ({ ...person, channels: ['group'] }));
    t = await Telling.open(siteOf({ escalateMinutes: { warning: null, over: null, severe: null } }, people));
    t.world.mailer.away = away;
  });

  test('the group hears everything at its time, over a restart too, and the mails follow as one digest', async () => {
    await t.change(NH3N, 'opened', { severity: 'severe' });
    expect(posted()).toEqual([`opened severe ${NH3N}`]);
    t.set('08:30');
    await t.change(MID, 'opened', { severity: 'severe' });
    expect(posted().slice(1)).toEqual([`opened severe ${MID}`]);
    t.restart();
    await t.run();
    await t.change(MID, 'resolved');
    await t.until('08:31');
    expect(posted().slice(2)).toEqual([`resolved severe ${MID}`]);
    expect(t.world.mailer.accepted).toEqual([]);
    t.world.mailer.away = null;
    const mails = await t.until('08:35');
    expect(mails.map((mail) => mail.split(' ')[0]).sort()).toEqual(['duty:', 'office:', 'village:']);
    expect(mails.every((mail) => mail.includes('digest') && mail.includes(NH3N) && mail.includes(MID))).toBe(true);
    expect(posted()).toHaveLength(3);
  });

  test('a group that never answers holds up no mail', async () => {
    t.world.mailer.away = null;
    t.world.group.send = () => new Promise<void>(() => undefined);
    const told = async (id: string): Promise<number> => {
      t.announce(id, 'opened', { severity: 'severe' });
      while (t.parts.tell.step());
      t.parts.letters.step();
      while (await t.parts.notify.step('mail'));
      return t.world.mailer.accepted.length;
    };
    expect(await told(NH3N)).toBe(3);
    void t.parts.notify.step('group');
    expect(await told(MID)).toBe(6);
    expect(states()).toMatchObject({ waiting: 2, sent: 6 });
  });

  test('the other way round: a group that is away holds up no mail, and hears what it missed as one digest', async () => {
    t.world.mailer.away = null;
    t.world.group.away = away;
    expect(await t.change(NH3N, 'opened', { severity: 'severe' })).toHaveLength(3);
    t.set('08:30');
    expect(await t.change(MID, 'opened', { severity: 'severe' })).toHaveLength(3);
    t.world.group.away = null;
    await t.until('08:35', 5);
    expect(posted()).toEqual([expect.stringMatching(/^digest .*mid.*out|^digest .*out.*mid/)]);
  });
});

test('a channel that is gone for good is named with all who read it, and named no more when it accepts again', async () => {
  await t.dispose();
  const people = PEOPLE.map((person) => ({ ...person, channels: person.step === 1 || person.step === 2 ? ['group'] : [] }));
  t = await Telling.open(siteOf({ escalateMinutes: { warning: null, over: null, severe: null } }, people));
  const troubles = () => channelTroubles(t.site, t.parts.outbox, t.parts.notify);
  expect(troubles()).toEqual([['group', null]]);
  t.world.group.refuses = () => new MailError('the robot was removed', true);
  await t.change(NH3N, 'opened', { severity: 'severe' });
  const since = t.world.clock.now();
  expect(t.parts.outbox.bounced()).toEqual([
    { recipient: null, channel: 'group', since, error: 'the robot was removed', address: null },
  ]);
  expect(new NoticesReport(t.site, t.parts.outbox, { find: () => undefined }).notices().bounced).toMatchObject([
    { recipient: 'village、duty', email: null, channel: 'group', error: 'the robot was removed' },
  ]);
  expect(troubles()).toEqual([['group', 'the robot was removed']]);
  t.restart();
  expect(troubles()).toEqual([['group', 'the robot was removed']]);
  t.world.group.refuses = () => null;
  t.set('08:30');
  await t.change('nankeng-mid/tp/1', 'opened', { severity: 'severe' });
  expect([troubles(), t.parts.outbox.bounced()]).toEqual([[['group', null]], []]);
  t.world.group.refuses = () => new MailError('the key is wrong', false);
  t.set('09:00');
  await t.change('nankeng-mid/cod/1', 'opened', { severity: 'severe' });
  expect(troubles()).toEqual([['group', 'the key is wrong']]);
});
