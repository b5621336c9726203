/** Does every notice reach its person, however long the mail server is away? */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { MINUTE } from '../../src/domain/time.js';
import { MailError } from '../../src/pipeline/ports.js';
import { Pipeline } from '../support/pipeline.js';
import { reading } from '../support/wupi.js';

let pipeline: Pipeline;
beforeEach(async () => {
  pipeline = await Pipeline.open();
  await pipeline.publish(reading({ value: 1.37 }));
  await pipeline.run(['settle', 'watch']);
});
afterEach(() => pipeline.dispose());

const mailer = () => pipeline.world.mailer;
const notices = () => pipeline.parts.alerts.notices(99);
const states = () => pipeline.parts.alerts.noticeCounts();
const away = () => new MailError('connect ECONNREFUSED', false);

test('accepted: sent, with the delay since the reading arrived', async () => {
  pipeline.clock.advance(4000);
  await pipeline.run(['notify']);
  expect(states()).toEqual({ waiting: 0, sent: 5, failed: 0 });
  expect(notices().every((notice) => notice.sentAt === pipeline.clock.now() && notice.attempts === 1)).toBe(true);
  // Two runs, a second each, and the four above.
  expect(pipeline.world.delays).toEqual([6, 6, 6, 6, 6]);
  expect(pipeline.parts.alerts.lastSentAt()).toBe(pipeline.clock.now());
});

describe('away', () => {
  test('is tried again with growing pauses under the cap of a minute, and says so once', async () => {
    mailer().refuses = away;
    const pauses: number[] = [];
    for (let i = 0; i < 12; i++) {
      await pipeline.run(['notify']);
      const next = pipeline.parts.alerts.nextNoticeAt()!;
      pauses.push(next - pipeline.clock.now());
      pipeline.clock.set(Math.max(...notices().map((notice) => notice.nextAt)));
    }
    expect(pauses[0]).toBeLessThanOrEqual(1000);
    expect(pauses[0]).toBeGreaterThan(500);
    expect(pauses[4]! > 8000 && pauses[4]! <= 16_000).toBe(true);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(MINUTE);
    expect(pauses.at(-1)).toBeGreaterThan(30_000);
    expect(states()).toEqual({ waiting: 5, sent: 0, failed: 0 });
    expect(pipeline.parts.notify.trouble).toBe('connect ECONNREFUSED');
    expect(pipeline.world.journal.lines.filter((line) => line.startsWith('warn'))).toHaveLength(1);
    expect(notices()[0]).toMatchObject({ error: 'connect ECONNREFUSED', attempts: 12 });
  });

  test('nothing is tried before its time', async () => {
    mailer().refuses = away;
    await pipeline.run(['notify']);
    const tried = mailer().tried;
    expect(await pipeline.parts.steps.notify()).toBe(false);
    expect(mailer().tried).toBe(tried);
  });

  test('back: each is sent once, in the end nothing is wrong', async () => {
    mailer().refuses = away;
    await pipeline.run(['notify']);
    mailer().refuses = () => null;
    pipeline.clock.advance(MINUTE);
    await pipeline.run(['notify']);
    expect(mailer().accepted).toHaveLength(5);
    expect(states()).toEqual({ waiting: 0, sent: 5, failed: 0 });
    expect(pipeline.parts.notify.trouble).toBeNull();
    expect(notices().every((notice) => notice.error === null)).toBe(true);
  });

  test('a restart tries at once', async () => {
    mailer().refuses = away;
    for (let i = 0; i < 6; i++) {
      await pipeline.run(['notify']);
      pipeline.clock.advance(MINUTE);
    }
    await pipeline.run(['notify']);
    pipeline.crash();
    mailer().refuses = () => null;
    expect(await pipeline.parts.steps.notify()).toBe(false);
    pipeline.parts.alerts.retryAll();
    await pipeline.run(['notify']);
    expect(mailer().accepted).toHaveLength(5);
  });
});

test('an address that will never accept is given up, the others are not held up', async () => {
  mailer().refuses = (mail) => (mail.to === 'bureau@example.org' ? new MailError('550 no such user', true) : null);
  await pipeline.run(['notify']);
  expect(states()).toEqual({ waiting: 0, sent: 4, failed: 1 });
  expect(notices().find((notice) => notice.state === 'failed')).toMatchObject({ recipient: 'bureau', error: '550 no such user' });
  expect(pipeline.world.journal.lines).toEqual([expect.stringContaining('bureau@example.org does not accept mail: 550')]);
  expect(pipeline.parts.notify.trouble).toBeNull();
  pipeline.clock.advance(MINUTE);
  const tried = mailer().tried;
  await pipeline.run(['notify']);
  expect(mailer().tried).toBe(tried);
});

test('one slow address does not hold up the queue behind it', async () => {
  mailer().refuses = (mail) => (mail.to === 'bureau@example.org' ? away() : null);
  await pipeline.run(['notify']);
  expect(states()).toEqual({ waiting: 1, sent: 4, failed: 0 });
});

test('a crash between "accepted" and "recorded": at most one double, with the same Message-ID', async () => {
  pipeline.world.faults.failing = 1;
  expect((await pipeline.run(['notify'])).size).toBe(1);
  pipeline.crash();
  pipeline.parts.alerts.retryAll();
  await pipeline.run(['notify']);
  expect(states()).toEqual({ waiting: 0, sent: 5, failed: 0 });
  const ids = mailer().accepted.map((mail) => mail.messageId);
  expect(ids).toHaveLength(6);
  expect(new Set(ids).size).toBe(5);
  const [first, second] = ids.flatMap((id, i) => (ids.indexOf(id) !== ids.lastIndexOf(id) ? [mailer().accepted[i]] : []));
  expect(second).toEqual(first);
});
