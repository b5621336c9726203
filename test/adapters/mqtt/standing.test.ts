/** Is a session that the broker has lost noticed, also over a restart of ours, and what it drops while we run? */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import mqtt from 'mqtt';
import { BrokerClient } from '../../../src/adapters/mqtt/broker-client.js';
import type { Granted } from '../../../src/adapters/mqtt/connection.js';
import { DROPPED, type QueueTest } from '../../../src/adapters/mqtt/queue-test.js';
import { Standing } from '../../../src/adapters/mqtt/standing.js';
import { SqliteBrokerSessions } from '../../../src/adapters/sqlite/broker-sessions.js';
import { Database } from '../../../src/adapters/sqlite/database.js';
import { HOUR, MINUTE } from '../../../src/domain/time.js';
import { brokerAt } from '../../support/addresses.js';
import { eventually } from '../../support/eventually.js';
import { ManualClock } from '../../support/fakes.js';
import { startMosquitto } from '../../support/mosquitto.js';
import { KeptIntake, KeptJournal, wallClock } from '../../support/pipeline-ends.js';
import { describeWith } from '../../support/real-server.js';
import { accommodating, ScriptedBroker } from '../../support/scripted-broker.js';
import { at } from '../../support/wupi.js';

const LOST = '代理丢了我们的会话';

let database: Database;
let sessions: SqliteBrokerSessions;
beforeEach(() => {
  database = new Database(':memory:');
  sessions = new SqliteBrokerSessions(database);
});
const cleanup: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const clean of cleanup.splice(0).reverse()) await clean();
  database.close();
});

const granted = (resumed: boolean): Granted => ({ version: 5, resumed, properties: { receiveMaximum: 1000 }, qos: 1 });

describe('the session', () => {
  const clock = new ManualClock(at('2026-11-23 08:00'));
  const start = (session = 'mqtt://broker:1883 heqing') => {
    const journal = new KeptJournal();
    return { journal, standing: new Standing('mqtt://broker:1883', session, sessions, clock, journal) };
  };

  test.each([
    ['the first start of all', false, false, 'mqtt://broker:1883 heqing', false],
    ['it was kept', true, true, 'mqtt://broker:1883 heqing', false],
    ['it was lost while we were stopped', true, false, 'mqtt://broker:1883 heqing', true],
    ['another broker', true, false, 'mqtt://other:1883 heqing', false],
    ['another name', true, false, 'mqtt://broker:1883 heqing-2', false],
  ])('%s', (_, before, resumed, session, lost) => {
    if (before) start().standing.accepted(granted(false));
    clock.advance(3 * HOUR);
    const { standing, journal } = start(session);
    standing.accepted(granted(resumed));
    expect(standing.words().includes(LOST)).toBe(lost);
    expect(journal.lines.filter((line) => line.startsWith('warn') && line.includes(LOST))).toHaveLength(lost ? 1 : 0);
    if (lost) expect(standing.words()).toContain('last connected 3 h ago');
  });

  test('how long ago is told from the end of the last connection, and what was lost stands until the next start', () => {
    const first = start();
    first.standing.accepted(granted(false));
    clock.advance(HOUR);
    first.standing.left();
    clock.advance(5 * MINUTE);
    first.standing.accepted(granted(false));
    expect(first.standing.words()).toContain('last connected 5 min ago');
    first.standing.accepted(granted(true));
    expect(first.standing.words()).toContain(LOST);
    const next = start();
    next.standing.accepted(granted(true));
    expect(next.standing.words()).not.toContain(LOST);
  });

  test('where nothing can be noted or read, the line goes on', () => {
    const { standing, journal } = start();
    database.sqlite.exec('DROP TABLE broker_session');
    standing.accepted(granted(false));
    expect(journal.lines.join()).toContain('could not be noted');
    expect(standing.words()).toContain('subscribed');
  });
});

describe('what the broker drops while we run', () => {
  const kept = { software: null, outcome: 'kept', sent: 10, delivered: 10 } as const;
  test.each<[name: string, test: QueueTest, told: string[], total: number]>([
    ['nothing', { ...kept, dropped: 7 }, ['7', '7'], 0],
    ['some, twice', { ...kept, dropped: 7 }, ['7', '10', '10', '12'], 5],
    [
      'what our own test made it drop does not count',
      { ...kept, outcome: 'dropped', delivered: 6, dropped: 7 },
      ['7', '11', '13'],
      2,
    ],
    ['the broker was restarted and counts anew', { ...kept, dropped: 7 }, ['9', '0', '3'], 5],
    ['it does not say', { ...kept, dropped: null }, ['9'], 0],
    ['it says something else', { ...kept, dropped: 7 }, ['', 'many', '-9'], 0],
  ])('%s', (_, tested, told, total) => {
    const journal = new KeptJournal();
    const standing = new Standing('mqtt://b:1883', 'b', undefined, wallClock, journal);
    standing.accepted(granted(true));
    standing.tested(tested);
    const news = told.map((text) => standing.dropped(text));
    const named = journal.lines.flatMap((line) => /DROPPED (\d+)/.exec(line)?.[1] ?? []).map(Number);
    expect(named.reduce((a, b) => a + b, 0)).toBe(total);
    expect(news.filter(Boolean)).toHaveLength(named.length);
    expect(/丢弃了 (\d+) 条/.exec(standing.words())?.[1]).toBe(total === 0 ? undefined : String(total));
  });
});

function client(url: string, options: { byHand?: boolean; testsQueue?: boolean } = {}) {
  const journal = new KeptJournal();
  const intake = new KeptIntake(options.byHand);
  const { testsQueue = false } = options;
  const line = new BrokerClient({ broker: brokerAt(url), intake, journal, clock: wallClock, sessions, testsQueue });
  cleanup.push(() => {
    intake.taken.forEach((taken) => taken.done());
    return line.stop();
  });
  return { line, journal, intake };
}

test('a scripted broker: stopped and started again, with and without the session', async () => {
  let resumed = false;
  const broker = new ScriptedBroker((packet, peer, n) => accommodating({ resumed })(packet, peer, n));
  await broker.start();
  cleanup.push(() => broker.stop());
  for (const [kept, lost] of [
    [false, false],
    [true, false],
    [false, true],
  ] as const) {
    resumed = kept;
    const { line, journal } = client(broker.url);
    await line.start();
    expect(line.state()).toMatchObject({ state: 'up' });
    expect(line.state().detail.includes(LOST)).toBe(lost);
    expect(journal.lines.some((text) => text.includes(LOST))).toBe(lost);
    await line.stop();
  }
  // Nobody asked whether it tells what it drops: some brokers hang up on who asks.
  expect(broker.peers.flatMap(({ received }) => received.filter(({ cmd }) => cmd === 'subscribe'))).not.toContainEqual(
    expect.objectContaining({ subscriptions: expect.arrayContaining([expect.objectContaining({ topic: DROPPED })]) }),
  );
});

describeWith(['mosquitto'], 'a real Mosquitto', () => {
  test('that forgot everything while we were stopped', async () => {
    const mosquitto = await startMosquitto(['persistence false']);
    cleanup.push(() => mosquitto.dispose());
    const first = client(mosquitto.url);
    await first.line.start();
    await first.line.stop();
    const second = client(mosquitto.url);
    await second.line.start();
    expect(second.line.state().detail).not.toContain(LOST);
    await second.line.stop();
    await mosquitto.kill();
    await mosquitto.start();
    const third = client(mosquitto.url);
    await third.line.start();
    expect(third.line.state()).toMatchObject({ state: 'up', detail: expect.stringContaining(LOST) });
  });

  test('that drops while we are slow says so, and we do', async () => {
    const mosquitto = await startMosquitto(['sys_interval 1', 'max_inflight_messages 10', 'max_queued_messages 2000']);
    cleanup.push(() => mosquitto.dispose());
    const { line, journal } = client(mosquitto.url, { byHand: true, testsQueue: true });
    await line.start();
    await eventually('tested', () => line.state().detail.includes('queue test'), 20_000);
    expect(line.state().detail).not.toContain('丢弃了');
    const device = await mqtt.connectAsync(mosquitto.url, { reconnectPeriod: 0 });
    cleanup.push(() => device.endAsync(true));
    const publish = (n: number): Promise<unknown> => device.publishAsync('heqing/s1/readings', `${n}`, { qos: 1 });
    await Promise.all(Array.from({ length: 4000 }, (_, n) => publish(n)));
    await eventually('named', () => line.state().detail.includes('丢弃了'), 10_000);
    expect(journal.lines.join('\n')).toMatch(/DROPPED \d+ messages/);
    expect(line.state().state).toBe('up');
  }, 40_000);
});
