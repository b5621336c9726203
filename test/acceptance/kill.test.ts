/** Does an acknowledged value survive `kill -9` at any moment, once and not twice? A short chaos over five rounds. */
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { Stream } from '../support/device.js';
import type { ProtocolVersion } from '../support/device.js';
import { eventually } from '../support/eventually.js';
import { startInfluxd } from '../support/influxd.js';
import type { Influxd } from '../support/influxd.js';
import { killRounds } from '../support/kill-rounds.js';
import { startMosquitto } from '../support/mosquitto.js';
import { describeWith } from '../support/real-server.js';
import { startService } from '../support/service.js';
import type { RunningService } from '../support/service.js';
import { counted, HOUR, SECOND, series } from './ask.js';

jest.setTimeout(240_000);

const ROUNDS = 5;
const undo: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

/** Kills the service again and again under a stream, then compares what was acknowledged with what is there. */
async function chaos(service: RunningService, version: ProtocolVersion, influxd: Influxd | null): Promise<void> {
  // 18 hours of a value a second are more than the rounds can send, and end in the past.
  const stream = new Stream(service.mqttUrl, 'nankeng-in', 'cond', Math.floor(Date.now() / SECOND) * SECOND - 18 * HOUR, version);
  undo.push(() => stream.end());
  stream.start();
  // Whatever was in the middle of being done: nothing is lost or counted twice on paper either.
  const moments = await killRounds(service, stream, ROUNDS, () => counted(service));
  await stream.finish();
  const { sent, acknowledged } = stream;
  console.log(`killed after ${moments.join(', ')} ms; ${sent} messages, all acknowledged`);
  expect(acknowledged.size).toBe(sent);
  expect(sent).toBeGreaterThan(200);

  const counts = await eventually(
    'everything is stored',
    async () => {
      const { service: found } = await counted(service);
      return found.pending === 0 && found.stored >= sent && found;
    },
    20 * SECOND,
  );
  expect(counts).toMatchObject({ stored: sent, corrected: 0, rejected: 0, pending: 0 });
  const { rows } = await series(service, 'nankeng-in', 'cond', { from: stream.time(0), to: stream.time(sent) });
  expect(rows.map(({ time, value }) => `${time} ${value}`)).toEqual(
    Array.from({ length: sent }, (_, n) => `${stream.time(n)} ${n}`),
  );
  if (influxd) {
    const answer = (await influxd.query('SELECT count(value), sum(value) FROM reading')) as {
      results: { series: { values: number[][] }[] }[];
    };
    expect(answer.results[0]!.series[0]!.values[0]!.slice(1)).toEqual([sent, (sent * (sent - 1)) / 2]);
  }
}

describe('on the embedded parts', () => {
  test(`${ROUNDS} × kill -9 in mid-stream: every acknowledged message is there exactly once`, async () => {
    const service = await startService();
    undo.push(() => service.dispose());
    await chaos(service, 4, null);
  });
});

describeWith(['mosquitto', 'influxd'], 'on Mosquitto and InfluxDB', () => {
  test.each([4, 5] as const)(
    `${ROUNDS} × kill -9 in mid-stream: every acknowledged message is there exactly once (device speaks %i)`,
    async (version) => {
      const mosquitto = await startMosquitto();
      undo.push(() => mosquitto.dispose());
      const influxd = await startInfluxd();
      undo.push(() => influxd.dispose());
      const service = await startService({ env: { MQTT_URL: mosquitto.url, INFLUX_URL: influxd.url } });
      undo.push(() => service.dispose());
      await chaos(service, version, influxd);
    },
  );
});
