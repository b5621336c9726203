/** Does the test of a broker's queue find what a real Mosquitto drops, and does the service say it? */
import { afterEach, expect, test } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BrokerClient } from '../../../src/adapters/mqtt/broker-client.js';
import { testQueue } from '../../../src/adapters/mqtt/queue-test.js';
import { brokerAt } from '../../support/addresses.js';
import { eventually } from '../../support/eventually.js';
import { startMosquitto } from '../../support/mosquitto.js';
import { KeptIntake, KeptJournal, wallClock } from '../../support/pipeline-ends.js';
import { describeWith } from '../../support/real-server.js';
import { accommodating, ScriptedBroker } from '../../support/scripted-broker.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanup.splice(0).reverse()) await clean();
});

const targetAt = (url: string) => ({ ...brokerAt(url), clientId: 'heqing' });

async function mosquitto(settings: readonly string[] = []): Promise<string> {
  const broker = await startMosquitto(settings);
  cleanup.push(() => broker.dispose());
  return broker.url;
}

async function journalOf(url: string): Promise<{ lines: string[]; detail: string }> {
  const journal = new KeptJournal();
  const intake = new KeptIntake();
  const client = new BrokerClient({ broker: brokerAt(url), intake, journal, clock: wallClock, testsQueue: true });
  cleanup.push(() => client.stop());
  await client.start();
  await eventually('tested', () => client.state().detail.includes('队列'), 15_000);
  expect(client.state().state).toBe('up');
  // What the test publishes is no reading.
  expect(intake.taken).toEqual([]);
  return { lines: journal.lines, detail: client.state().detail };
}

describeWith(['mosquitto'], 'on Mosquitto', () => {
  test.each([5, 4] as const)(
    'MQTT %s, the settings we ship: everything is kept',
    async (version) => {
      const result = await testQueue(targetAt(await mosquitto()), version);
      expect(result).toMatchObject({ software: expect.stringContaining('mosquitto'), dropped: 0, outcome: 'kept' });
    },
    30_000,
  );

  test.each([5, 4] as const)(
    'MQTT %s, its defaults: the queue of 1000 and the window come through, the rest does not',
    async (version) => {
      const url = await mosquitto(['max_inflight_messages 20', 'max_queued_messages 1000']);
      const result = await testQueue(targetAt(url), version);
      if (result.outcome !== 'dropped') throw new Error(JSON.stringify(result));
      expect(result.delivered).toBeGreaterThanOrEqual(1000);
      expect(result.delivered).toBeLessThanOrEqual(1100);
      expect(result.sent).toBeGreaterThan(result.delivered);
    },
    30_000,
  );

  test.each([5, 4] as const)(
    'MQTT %s, an access list that lets us only listen: not tested, and it says so',
    async (version) => {
      const folder = await temporaryFolder('acl');
      cleanup.push(() => folder.remove());
      const acl = join(folder.path, 'acl');
      await writeFile(acl, 'topic read heqing/#\n');
      const result = await testQueue(targetAt(await mosquitto([`acl_file ${acl}`])), version);
      expect(result).toEqual({
        software: null,
        dropped: null,
        outcome: 'untested',
        why: expect.stringContaining('may not publish'),
      });
    },
    30_000,
  );

  test('the service says what a good broker gives, without a warning', async () => {
    const { lines, detail } = await journalOf(await mosquitto());
    expect(detail).toMatch(/MQTT 5, .*QoS 1, .*window 1000, .*mosquitto version.*queue test 1200\/1200$/);
    expect(lines.filter((line) => line.startsWith('warn'))).toEqual([]);
  }, 30_000);

  test('the service warns of a broker with its defaults, once each, and health shows it', async () => {
    const { lines, detail } = await journalOf(await mosquitto(['max_inflight_messages 20', 'max_queued_messages 1000']));
    expect(detail).toMatch(/注意 .*max_inflight_messages 1000.*max_queued_messages 100000/);
    const warnings = lines.filter((line) => line.startsWith('warn'));
    expect(warnings.filter((line) => line.includes('max_inflight_messages'))).toHaveLength(1);
    expect(warnings.filter((line) => line.includes('max_queued_messages'))).toHaveLength(1);
  }, 30_000);
});

test('a broker that hangs up on the test is left in peace', async () => {
  const broker = new ScriptedBroker((packet, peer, connection) => {
    if (connection === 0 && packet.cmd === 'subscribe') peer.cut();
    else accommodating()(packet, peer, connection);
  });
  await broker.start();
  cleanup.push(() => broker.stop());
  const result = await testQueue(targetAt(broker.url), 5);
  expect(result).toMatchObject({ outcome: 'untested' });
  expect(broker.peers).toHaveLength(1);
  expect(broker.peers[0]?.connect).toMatchObject({ clientId: 'heqing-check', clean: true });
});
