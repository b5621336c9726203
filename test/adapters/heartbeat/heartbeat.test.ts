/** Does a watchdog outside hear from us while all is well, and only then? */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Heartbeat } from '../../../src/adapters/heartbeat/heartbeat.js';
import { MINUTE } from '../../../src/domain/time.js';

let server: Server;
let url: string;
let asked: string[];
let status: number;
let unwell: string | null;
let now: number;
let logged: string[];

beforeEach(async () => {
  asked = [];
  status = 200;
  unwell = null;
  now = 0;
  logged = [];
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${now / MINUTE}`);
    response.writeHead(status, { location: '/elsewhere' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/ping/hidden`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const heartbeat = (to: string | null = url): Heartbeat => {
  const log = (text: string): void => void logged.push(text);
  return new Heartbeat(to, () => unwell, { now: () => now }, { info: log, warn: log, error: log });
};
const minutes = async (beat: Heartbeat, n: number): Promise<void> => {
  for (let i = 0; i < n; i++, now += MINUTE) await beat.tick();
};

test('every five minutes', async () => {
  await minutes(heartbeat(), 12);
  expect(asked).toEqual(['GET /ping/hidden 0', 'GET /ping/hidden 5', 'GET /ping/hidden 10']);
  expect(logged).toEqual([]);
});

test('not while the service is unwell, said once; as soon as it is well again, at once', async () => {
  const beat = heartbeat();
  unwell = 'archive: stuck';
  await minutes(beat, 7);
  expect(asked).toEqual([]);
  expect(logged).toEqual(['no heartbeat is sent, because the service is not well: archive: stuck']);
  unwell = null;
  await minutes(beat, 1);
  expect(asked).toEqual(['GET /ping/hidden 7']);
  expect(logged.at(-1)).toBe('the heartbeat arrives again');
});

test.each([500, 404, 302])(
  'an answer of %i is a failure, logged once and without the key; no redirect is followed',
  async (code) => {
    const beat = heartbeat();
    status = code;
    await minutes(beat, 11);
    expect(asked).toHaveLength(3);
    status = 204;
    await minutes(beat, 5);
    expect(logged).toEqual([`${new URL(url).host} answers the heartbeat with ${code}`, 'the heartbeat arrives again']);
  },
);

test('a watchdog that is away stops nothing', async () => {
  await minutes(heartbeat('http://127.0.0.1:1/hidden'), 11);
  expect(logged).toEqual(['127.0.0.1:1 cannot be reached, so the heartbeat does not arrive']);
});

test('no address, no heartbeat', async () => {
  unwell = 'stuck';
  await minutes(heartbeat(null), 11);
  expect([asked, logged]).toEqual([[], []]);
});
