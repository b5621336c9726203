/** Does a run reach a real broker, with the right topics, payloads the service accepts, and an end? */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Aedes } from 'aedes';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { loadConfig } from '../../src/adapters/config/load-config.js';
import { decodeNative } from '../../src/adapters/payload/native.js';
import type { Reading } from '../../src/domain/reading.js';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/domain/time.js';
import { Unreachable } from '../../src/simulator/link.js';
import { sending } from '../../src/simulator/scenario.js';
import { liveStart, simulate, type Surroundings, type Wishes } from '../../src/simulator/simulation.js';
import { createWorld } from '../../src/simulator/world.js';

const { site } = loadConfig(join(import.meta.dirname, '../../config'));
const NOW = Date.parse('2026-11-23T08:02:00+08:00');
const HASTY = { everyMs: 20, attempts: 3, lostAfterMs: 200 };

let broker: Aedes;
let server: Server;
let url: string;
const sockets = new Set<Socket>();
/** Published by the devices, in order of arrival. */
let arrived: { topic: string; payload: Buffer; qos: number; retain: boolean }[];

beforeEach(async () => {
  arrived = [];
  broker = await Aedes.createBroker();
  broker.on('publish', ({ topic, payload, qos, retain }, client) => {
    if (client !== null || topic.startsWith('heqing/')) arrived.push({ topic, payload: Buffer.from(payload), qos, retain });
  });
  server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    broker.handle(socket);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  url = `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

const stopBroker = async (): Promise<void> => {
  const closed = new Promise<void>((done) => server.close(() => done()));
  for (const socket of sockets) socket.destroy();
  await new Promise<void>((done) => broker.close(done));
  await closed;
};

afterEach(async () => {
  if (server.listening) await stopBroker();
});

function around(over: Partial<Surroundings> = {}): Surroundings & { said: string[] } {
  const said: string[] = [];
  const progress = async (): Promise<{ advance: () => void; stop: () => void }> => ({
    advance: () => undefined,
    stop: () => undefined,
  });
  return {
    now: () => NOW,
    say: (line) => void said.push(line),
    progress,
    signal: new AbortController().signal,
    patience: HASTY,
    said,
    ...over,
  };
}

const wish = (over: Partial<Wishes> = {}): Wishes => ({
  url,
  scenario: 'calm',
  seed: '1',
  days: 0,
  speed: 1,
  stopAfterSeconds: 0,
  ...over,
});

const readings = (): Reading[] =>
  arrived
    .filter(({ topic }) => topic.endsWith('/readings'))
    .flatMap(({ topic, payload }) => {
      const decoded = decodeNative({ topic, payload, maySpeakFor: null, received: NOW }, site);
      expect(decoded.rejections).toEqual([]);
      return decoded.readings;
    });

const key = (r: Reading): string => `${r.station}/${r.parameter}/${r.time}`;

describe('backfill', () => {
  test('two days of every station arrive whole, once, at QoS 1, as the service reads them', async () => {
    const { past } = await simulate(site, wish({ days: 2 }), around());
    const got = readings();
    const from = Date.parse('2026-11-21T00:00:00+08:00');
    const due = sending(site).flatMap((station) =>
      station.parameters.flatMap(({ parameter, cadence }) => {
        const keys: string[] = [];
        for (let t = from; t <= NOW; t += cadence * MINUTE) keys.push(`${station.id}/${parameter}/${t}`);
        return keys;
      }),
    );
    expect(got.map(key).sort()).toEqual(due.sort());
    expect(past).toEqual({ messages: arrived.filter(({ topic }) => topic.endsWith('/readings')).length, values: due.length });
    expect(past.messages).toBeLessThan(due.length / 100);
    expect(arrived.every(({ qos }) => qos === 1)).toBe(true);
    expect(Math.max(...arrived.map(({ payload }) => payload.byteLength))).toBeLessThanOrEqual(256 * 1024);
    const world = createWorld(site, '1', 'calm');
    for (const r of got) expect(r.value).toBe(world.value(r.station, r.parameter, r.time));
  });

  test('without days it begins where every instrument has reported once', async () => {
    await simulate(site, wish(), around());
    const times = (station: string): string[] => [
      ...new Set(
        readings()
          .filter((r) => r.station === station)
          .map((r) => new Date(r.time).toISOString()),
      ),
    ];
    expect(times('nankeng-out')).toEqual(['2026-11-23T00:00:00.000Z']);
    expect(new Set(readings().map((r) => `${r.station}/${r.parameter}`)).size).toBe(
      sending(site).reduce((sum, s) => sum + s.parameters.length, 0),
    );
  });
});

describe('live', () => {
  test('sent live or afterwards, a value is the same; numbers rise by one', async () => {
    // A clock ten thousand times as fast stands in for hours of waiting.
    const began = Date.now();
    const now = (): number => NOW + (Date.now() - began) * 10_000;
    const { live } = await simulate(site, wish({ stopAfterSeconds: 2 * 3600 }), around({ now }));
    const messages = arrived
      .filter(({ topic }) => topic === 'heqing/dust-site-1/readings')
      .map(({ payload }) => JSON.parse(payload.toString()) as unknown);
    const lively = messages.filter((m): m is { seq: number; time: string } => !Array.isArray(m));
    const past = messages.find((m): m is { time: string }[] => Array.isArray(m));
    const first = Date.parse(past?.at(-1)?.time ?? '') + 5 * MINUTE;
    expect(lively.length).toBeGreaterThanOrEqual(24);
    lively.forEach(({ seq, time }, i) => {
      expect(seq).toBe((lively[0]?.seq ?? NaN) + i);
      expect(Date.parse(time)).toBe(first + i * 5 * MINUTE);
    });
    expect(live.messages).toBeGreaterThan(lively.length);
    const world = createWorld(site, '1', 'calm');
    for (const { topic, payload } of arrived) {
      if (!topic.endsWith('/readings')) continue;
      for (const r of decodeNative({ topic, payload, maySpeakFor: null, received: NOW + DAY }, site).readings) {
        expect(r.value).toBe(world.value(r.station, r.parameter, r.time));
      }
    }
  });

  test('a fast run begins in the past and never passes the real clock', async () => {
    expect(liveStart(NOW, { speed: 1, stopAfterSeconds: 60 })).toBe(NOW);
    expect(liveStart(NOW, { speed: 60, stopAfterSeconds: 60 })).toBe(NOW - 59 * MINUTE);
    expect(liveStart(NOW, { speed: 60, stopAfterSeconds: null })).toBe(NOW - DAY);
    await simulate(site, wish({ speed: 14_400, stopAfterSeconds: 0.5 }), around({ now: Date.now }));
    const times = arrived
      .filter(({ topic }) => topic === 'heqing/nankeng-out/readings')
      .flatMap(({ payload }) => {
        const message = JSON.parse(payload.toString()) as { time: string } | { time: string }[];
        return (Array.isArray(message) ? message : [message]).map(({ time }) => Date.parse(time));
      });
    expect(times.length).toBeGreaterThanOrEqual(2);
    expect(Math.max(...times)).toBeLessThanOrEqual(Date.now());
    expect(Math.max(...times)).toBeGreaterThan(Date.now() - HOUR - 2 * SECOND);
  });

  test('stations say online, and offline when the run ends; the silent one of an outage is offline', async () => {
    await simulate(site, wish({ scenario: 'outage' }), around());
    const said = (station: string): string[] =>
      arrived.filter(({ topic }) => topic === `heqing/${station}/status`).map(({ payload }) => payload.toString());
    expect(said('nankeng-out')).toEqual(['online', 'offline']);
    expect(said('celei-tap')).toEqual(['offline', 'offline']);
    expect(arrived.filter(({ topic }) => topic.endsWith('/status')).every(({ retain }) => retain)).toBe(true);
    expect(readings().some((r) => r.station === 'celei-tap' && r.time === Date.parse('2026-11-23T08:00:00+08:00'))).toBe(false);
  });

  test('a device that is torn off leaves its last will', async () => {
    const stop = new AbortController();
    const run = simulate(site, wish({ stopAfterSeconds: null }), around({ signal: stop.signal, now: Date.now }));
    const wills = (): number =>
      arrived.filter(({ topic, payload }) => topic.endsWith('/status') && payload.toString() === 'offline').length;
    const until = async (what: () => boolean): Promise<void> => {
      while (!what()) await new Promise((r) => setTimeout(r, 10));
    };
    const all = sending(site).length;
    await until(() => arrived.filter(({ payload }) => payload.toString() === 'online').length === all);
    for (const socket of sockets) socket.destroy();
    await until(() => wills() === all);
    await until(() => broker.connectedClients === all);
    stop.abort();
    await run;
  });

  test('it stops when asked to', async () => {
    const stop = new AbortController();
    const run = simulate(site, wish({ stopAfterSeconds: null }), around({ signal: stop.signal, now: Date.now }));
    setTimeout(() => stop.abort(), 300);
    await expect(run).resolves.toMatchObject({ live: { messages: expect.any(Number) } });
    expect(broker.connectedClients).toBe(0);
  });
});

describe('no broker', () => {
  test('nobody listens: an error that says where, after the attempts', async () => {
    await stopBroker();
    const run = simulate(site, wish({ url: url.replace('//', '//device:secret@') }), around());
    await expect(run).rejects.toThrow(Unreachable);
    await expect(run).rejects.toThrow(/no broker at mqtt:\/\/127\.0\.0\.1:\d+ after 3 attempts: .*ECONNREFUSED/);
  });

  test('a refused login is not tried again', async () => {
    let tries = 0;
    broker.authenticate = (_client, _name, _password, done) => {
      tries++;
      done(Object.assign(new Error('no'), { returnCode: 5 }), false);
    };
    await expect(simulate(site, wish(), around())).rejects.toThrow(/refuses nankeng-in/);
    expect(tries).toBe(1);
  });

  test('a broker that goes away for good ends the run', async () => {
    const run = simulate(site, wish({ stopAfterSeconds: null }), around({ now: Date.now }));
    const ended = expect(run).rejects.toThrow(/went away and did not come back/);
    while (arrived.length < sending(site).length) await new Promise((r) => setTimeout(r, 10));
    await stopBroker();
    await ended;
  });
});
