/** What does sending do with one notice: how long until it is tried again, what is recorded, and what is given up? */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { MINUTE } from '../../src/domain/time.js';
import { MailError } from '../../src/pipeline/ports.js';
import { PEOPLE, siteOf, Telling } from '../support/telling.js';

const NH3N = 'nankeng-out/nh3n/1';
const away = () => new MailError('connect ECONNREFUSED', false);

let t: Telling;
beforeEach(async () => {
  t = await Telling.open(siteOf({ escalateMinutes: { warning: null, over: null, severe: null } }));
});
afterEach(() => t.dispose());

const notices = () => t.parts.outbox.list(99);
const states = () => t.parts.outbox.counts();

/** 严重超限 is told to three at once. */
const severe = () => t.change(NH3N, 'opened', { severity: 'severe' });

test('accepted: sent, with the delay since the reading arrived', async () => {
  await t.change(NH3N, 'opened');
  expect(await t.until('08:00:06', 6)).toEqual([`village: opened over ${NH3N}`]);
  expect(states()).toEqual({ waiting: 0, sent: 1, failed: 0 });
  expect(notices()).toMatchObject([{ attempts: 1, sentAt: t.world.clock.now(), error: null, isUnsure: false }]);
  expect(t.world.delays).toEqual([6]);
  expect(t.parts.outbox.lastSentAt()).toBe(t.world.clock.now());
});

describe('refused for now', () => {
  test('a notice is tried again after growing pauses under the cap of a minute, and it is said once', async () => {
    t.world.mailer.refuses = away;
    await t.change(NH3N, 'opened');
    const pauses: number[] = [];
    t.set('08:00:02');
    for (let i = 1; i <= 12; i++) {
      await t.run();
      const [notice] = notices();
      expect(notice).toMatchObject({ state: 'waiting', attempts: i, error: 'connect ECONNREFUSED' });
      pauses.push(notice!.nextAt - t.world.clock.now());
      t.world.clock.set(notice!.nextAt);
    }
    for (const [i, pause] of pauses.entries()) {
      const longest = Math.min(MINUTE, 1000 * 2 ** i);
      expect(pause).toBeLessThanOrEqual(longest);
      expect(pause).toBeGreaterThanOrEqual(longest * 0.75);
    }
    expect(t.parts.notify.trouble).toBe('connect ECONNREFUSED');
    expect(t.world.journal.lines.filter((line) => line.startsWith('warn'))).toHaveLength(1);
  });

  test('nothing is tried before its time', async () => {
    t.world.mailer.refuses = away;
    await severe();
    const { tried } = t.world.mailer;
    expect(tried).toBe(3);
    expect(await t.parts.notify.step()).toBe(false);
    expect(t.world.mailer.tried).toBe(tried);
  });

  test('accepted again: each is sent once, in the end nothing is wrong, and that is said once', async () => {
    t.world.mailer.refuses = away;
    await severe();
    t.world.mailer.refuses = () => null;
    await t.until('08:01', 2);
    expect(t.world.mailer.accepted.map(({ to }) => to).sort()).toEqual([
      'duty@example.org',
      'office@example.org',
      'village@example.org',
    ]);
    expect(states()).toEqual({ waiting: 0, sent: 3, failed: 0 });
    expect(t.parts.notify.trouble).toBeNull();
    expect(notices().every(({ error }) => error === null)).toBe(true);
    expect(t.world.journal.lines.filter((line) => line.includes('accepts again'))).toHaveLength(1);
  });

  test('a restart tries at once, however long the pause had grown', async () => {
    t.world.mailer.refuses = away;
    await severe();
    for (let i = 0; i < 6; i++) {
      t.world.clock.advance(MINUTE);
      await t.run();
    }
    t.world.mailer.refuses = () => null;
    expect(await t.run()).toEqual([]);
    t.restart();
    expect(await t.run()).toHaveLength(3);
  });
});

test('a crash between "accepted" and "recorded" doubles that one alone, with the same Message-ID and the same words', async () => {
  const three = PEOPLE.slice(0, 3).map((person) => ({ ...person, step: 1 as const }));
  const others = await Telling.open(siteOf({}, three));
  try {
    await others.change(NH3N, 'opened');
    others.set('08:00:02');
    others.parts.letters.step();
    others.world.faults.failing = 3;
    await expect(others.parts.notify.step()).rejects.toThrow('the power failed');
    others.restart();
    await others.run();
    expect(others.parts.outbox.counts()).toEqual({ waiting: 0, sent: 3, failed: 0 });
    const { accepted } = others.world.mailer;
    const ids = accepted.map(({ messageId }) => messageId);
    expect(ids).toHaveLength(4);
    expect(new Set(ids).size).toBe(3);
    const [first, second] = accepted.filter(({ messageId }) => ids.indexOf(messageId) !== ids.lastIndexOf(messageId));
    expect(second).toEqual(first);
  } finally {
    await others.dispose();
  }
});

test('an address given up is not tried again', async () => {
  t.world.mailer.refuses = (mail) => (mail.to.startsWith('duty') ? new MailError('550 no such user', true) : null);
  await severe();
  const { tried } = t.world.mailer;
  expect(states()).toEqual({ waiting: 0, sent: 2, failed: 1 });
  expect(notices().find(({ state }) => state === 'failed')).toMatchObject({ recipient: 'duty', error: '550 no such user' });
  await t.until('08:10', 10);
  expect(t.world.mailer.tried).toBe(tried);
});

describe('one full mailbox', () => {
  const full = (mail: { to: string }) =>
    mail.to.startsWith('duty') ? new MailError('452 mailbox full', false, false, true) : null;
  const troubles = async (minutes: number): Promise<Set<string | null>> => {
    const seen = new Set<string | null>();
    for (let i = 0; i < minutes * 6; i++) {
      t.world.clock.advance(10_000);
      await t.run();
      seen.add(t.parts.notify.trouble);
    }
    return seen;
  };

  test('it waits by itself: the way stays open and without trouble, and everybody else is told', async () => {
    t.world.mailer.refuses = full;
    expect(await severe()).toHaveLength(2);
    expect(t.parts.notify.isOpen('mail')).toBe(true);
    expect(await troubles(90)).toEqual(new Set([null]));
    expect(t.world.mailer.checks).toBe(0);
    expect(states()).toEqual({ waiting: 1, sent: 2, failed: 0 });
    expect(t.world.journal.lines).toEqual([expect.stringContaining('duty@example.org takes no mail for now: 452')]);
    t.world.mailer.refuses = () => null;
    expect(await t.until('09:40', 30)).toEqual([`duty: opened severe ${NH3N}`]);
  });

  test('a moment without the server leaves no trouble behind, while that mail alone still waits', async () => {
    t.world.mailer.refuses = full;
    await severe();
    t.world.mailer.away = away;
    expect(await troubles(2)).toContain('connect ECONNREFUSED');
    t.world.mailer.away = null;
    await troubles(1);
    expect(states()).toMatchObject({ waiting: 1 });
    expect(await troubles(10)).toEqual(new Set([null]));
  });

  test('it hides no trouble of the others', async () => {
    await severe();
    t.world.mailer.refuses = (mail) => full(mail) ?? new MailError('451 later', false);
    await t.change('nankeng-mid/nh3n/1', 'opened', { severity: 'severe' });
    await troubles(2);
    expect(await troubles(10)).toEqual(new Set(['451 later']));
  });
});
