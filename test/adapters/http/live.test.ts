/** What does an open page hear: which events, in which order, how often, and for how long? */
import { once } from 'node:events';
import { createServer, type IncomingMessage, request as httpRequest, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { LiveHub, type LivePace } from '../../../src/adapters/http/live-hub.js';
import type { Alert } from '../../../src/domain/alerting/alert.js';
import type { JudgedReading } from '../../../src/domain/reading.js';
import { ALERT } from './fake-reports.js';
import { PASSWORD, type Running, startHttp } from './start-http.js';

interface Heard {
  id: string;
  event: string;
  data: Record<string, unknown>;
}

/** A browser's EventSource, as far as the wire goes. */
class Listening {
  readonly heard: Heard[] = [];
  beats = 0;
  retry: number | null = null;
  ended = false;
  private rest = '';

  private constructor(readonly response: IncomingMessage) {
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      const blocks = (this.rest + chunk).split('\n\n');
      this.rest = blocks.pop() ?? '';
      for (const block of blocks) this.take(block);
    });
    response.on('close', () => (this.ended = true));
    response.on('error', () => (this.ended = true));
  }

  static async to(url: string, headers: Record<string, string> = {}): Promise<Listening> {
    const request = httpRequest(url, { headers, agent: false });
    request.end();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    expect(response.statusCode).toBe(200);
    expect(response.headers['content-type']).toBe('text/event-stream; charset=utf-8');
    return new Listening(response);
  }

  private take(block: string): void {
    if (block.startsWith('event: alive\n')) this.beats += 1;
    else if (block.startsWith('retry: ')) this.retry = Number(block.slice(7));
    else {
      const fields = Object.fromEntries(
        block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
      );
      this.heard.push({
        id: fields.id ?? '',
        event: fields.event ?? '',
        data: JSON.parse(fields.data ?? '') as Record<string, unknown>,
      });
    }
  }

  values(): unknown[] {
    return this.heard.filter(({ event }) => event === 'reading').map(({ data }) => data.value);
  }

  count(event: string): number {
    return this.heard.filter((heard) => heard.event === event).length;
  }
}

async function until(what: () => boolean, within = 5000): Promise<void> {
  const deadline = Date.now() + within;
  while (!what()) {
    if (Date.now() > deadline) throw new Error(`waited ${within} ms in vain for ${what.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const START = Date.parse('2026-11-23T00:00:00Z');
const reading = (value: number, changes: Partial<JudgedReading> = {}): JudgedReading => ({
  station: 'chujing',
  parameter: 'nh3n',
  time: START,
  value,
  mark: 'N',
  source: 'sensor',
  quality: 'good',
  checks: [],
  received: START,
  ...changes,
});
const alert = (id: string): Alert => ({
  id,
  subject: 'chujing',
  station: 'chujing',
  parameter: 'nh3n',
  rule: 'over-limit',
  kind: 'limit',
  severity: 'over',
  state: 'active',
  openedAt: START,
  acknowledgedAt: null,
  acknowledgedBy: null,
  resolvedAt: null,
  value: 1.37,
  passed: null,
  isUnconfirmed: false,
  reason: { zh: '', en: '' },
  history: [],
});

describe('GET /api/v1/live', () => {
  let running: Running;
  let live: string;
  beforeEach(async () => {
    running = await startHttp();
    live = `${running.url}/api/v1/live`;
  });
  afterEach(() => running.stop());

  test('says readings with time, mark, quality and check', async () => {
    const page = await Listening.to(live);
    running.hub.reading(reading(1.37));
    running.hub.reading(reading(18.2, { parameter: 'temp', time: START + 500 }));
    await until(() => page.heard.length === 2);
    expect(page.retry).toBe(3000);
    expect(page.heard.map(({ event, data }) => ({ event, data }))).toEqual([
      {
        event: 'reading',
        data: {
          station: 'chujing',
          parameter: 'nh3n',
          time: '2026-11-23T08:00:00+08:00',
          value: 1.37,
          mark: 'N',
          quality: 'good',
          check: 'over',
        },
      },
      {
        event: 'reading',
        data: {
          station: 'chujing',
          parameter: 'temp',
          time: '2026-11-23T08:00:00.500+08:00',
          value: 18.2,
          mark: 'N',
          quality: 'good',
          check: null,
        },
      },
    ]);
    for (const { id } of page.heard) expect(id).toMatch(/^[0-9a-f]{8}-\d+$/);
  });

  test('says the newest of many, and nothing that is older than what was said', async () => {
    const page = await Listening.to(live);
    for (let n = 1; n <= 500; n += 1) running.hub.reading(reading(n, { time: START + n }));
    await until(() => page.heard.length > 0);
    running.hub.reading(reading(501, { time: START + 500 }));
    running.hub.reading(reading(3, { time: START + 3 }));
    await until(() => page.heard.length > 1);
    expect(page.values()).toEqual([500, 501]);
  });

  test('names who did what only to who logged in', async () => {
    const cookie = await running.logIn();
    const [stranger, officer] = await Promise.all([Listening.to(live), Listening.to(live, { cookie })]);
    running.hub.alert(alert('a7'));
    await until(() => stranger.heard.length + officer.heard.length === 2);
    expect(officer.heard[0]).toMatchObject({
      event: 'alert',
      data: { id: 'a7', acknowledgedBy: '镇环保办', history: [{ by: '镇环保办', note: '已派人' }] },
    });
    expect(stranger.heard[0]).toMatchObject({
      event: 'alert',
      data: { id: 'a7', acknowledgedBy: null, history: [{ by: null, note: null, reason: ALERT.history[0]?.reason }] },
    });
    expect(JSON.stringify(stranger.heard)).not.toContain('已派人');
  });

  test('says once that rates have changed, however many changed', async () => {
    const page = await Listening.to(live);
    for (let n = 0; n < 100; n += 1) running.hub.compliance();
    await until(() => page.count('compliance') > 0);
    running.hub.compliance();
    await until(() => page.count('compliance') > 1);
    expect(page.heard).toHaveLength(2);
    expect(page.heard[0]?.data).toEqual({ asOf: '2026-11-23T08:00:00+08:00' });
  });

  test('stays open by its heartbeat while the login lasts, and ends with it', async () => {
    const cookie = await running.logIn();
    const [stranger, officer] = await Promise.all([Listening.to(live), Listening.to(live, { cookie })]);
    await until(() => stranger.beats >= 2 && officer.beats >= 2);
    await fetch(`${running.url}/api/v1/session`, { method: 'DELETE', headers: { cookie } });
    await until(() => officer.ended);
    expect(stranger.ended).toBe(false);
  });

  test('ends when the account gets another role, which may hear less', async () => {
    await running.accounts.add('li', PASSWORD, 'officer');
    const authorization = `Bearer ${running.accounts.addToken('of li', 'li')}`;
    const page = await Listening.to(live, { authorization });
    await until(() => page.beats >= 1);
    expect(page.ended).toBe(false);
    running.accounts.change('li', 'chief', 'chief-datian', 'admin');
    await until(() => page.ended);
  });

  test('ends when the service stops, which does not wait for it', async () => {
    const page = await Listening.to(live);
    const started = Date.now();
    await running.stop();
    await until(() => page.ended);
    expect(Date.now() - started).toBeLessThan(2000);
    running = await startHttp();
  });

  test('a connection that comes back hears the alerts it missed', async () => {
    const first = await Listening.to(live);
    running.hub.alert(alert('a1'));
    await until(() => first.heard.length === 1);
    first.response.destroy();
    await until(() => running.hub.connected === 0);
    running.hub.alert(alert('a2'));
    running.hub.alert(alert('a3'));
    const again = await Listening.to(live, { 'last-event-id': first.heard[0]?.id ?? '' });
    await until(() => again.heard.length === 2);
    expect(again.heard.map(({ data }) => data.id)).toEqual(['a2', 'a3']);
    const another = await Listening.to(live, { 'last-event-id': '00000000-0' });
    running.hub.alert(alert('a4'));
    await until(() => another.heard.length > 0);
    expect(another.heard.map(({ data }) => data.id)).toEqual(['a4']);
  });
});

describe('a client that does not read', () => {
  const stops: (() => void)[] = [];
  afterEach(() => {
    for (const stop of stops.splice(0)) stop();
  });

  /** A hub behind a bare server, and one client that has stopped reading and whose buffers are full. */
  async function stall(pace: Partial<LivePace>): Promise<{ hub: LiveHub; page: Listening }> {
    const words = {
      calendar: { offsetMinutes: 480 },
      clock: { now: () => START },
      check: () => null,
      alertView: (one: Alert) => ({ ...ALERT, id: one.id, reason: 'x'.repeat(1000) }),
    };
    const hub = new LiveHub(words, { readingsEvery: 5, ...pace });
    const responses: ServerResponse[] = [];
    const server = createServer((_request, response) => {
      responses.push(response);
      hub.connect(response, { names: true, address: '127.0.0.1', lastEventId: null, welcome: () => true });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const page = await Listening.to(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    stops.push(() => (hub.onModuleDestroy(), server.close(), server.closeAllConnections()));
    const [response] = responses;
    if (!response) throw new Error('nobody connected');
    page.response.pause();
    // A write waits for a moment even where somebody reads: only what still waits a while later is stuck.
    for (let n = 0, stuck = 0; stuck < 5; n += 1) {
      if (n > 2000) throw new Error('the socket never filled');
      hub.reading(reading(-1, { parameter: 'filler', time: START + n, station: 's'.repeat(100_000) }));
      await new Promise((resolve) => setTimeout(resolve, 10));
      stuck = response.writableNeedDrain ? stuck + 1 : 0;
    }
    return { hub, page };
  }

  test('loses its oldest readings and no alert', async () => {
    const { hub, page } = await stall({ readingsWaiting: 3, alertsWaiting: 100 });
    for (let n = 1; n <= 6; n += 1) hub.reading(reading(n, { parameter: `p${n}` }));
    await new Promise((resolve) => setTimeout(resolve, 50));
    for (let n = 1; n <= 50; n += 1) hub.alert(alert(`a${n}`));
    page.response.resume();
    await until(() => page.count('alert') === 50 && page.values().includes(6));
    expect(page.heard.filter(({ event }) => event === 'alert').map(({ data }) => data.id)).toEqual(
      Array.from({ length: 50 }, (_, n) => `a${n + 1}`),
    );
    expect(page.values().filter((value) => value !== -1)).toEqual([4, 5, 6]);
  }, 30_000);

  test('is cut off rather than kept alerts for without end', async () => {
    const { hub } = await stall({ alertsWaiting: 10 });
    for (let n = 1; n <= 10; n += 1) hub.alert(alert(`a${n}`));
    expect(hub.connected).toBe(1);
    hub.alert(alert('a11'));
    expect(hub.connected).toBe(0);
  }, 30_000);

  test('who takes all the room gives way to others, and the rest stay', async () => {
    const hub = new LiveHub(
      { calendar: { offsetMinutes: 480 }, clock: { now: () => START }, check: () => null, alertView: () => ALERT },
      { clients: 4 },
    );
    const answers: boolean[] = [];
    const server = createServer((request, response) => {
      const address = String(request.headers['x-from']);
      answers.push(hub.connect(response, { names: false, address, lastEventId: null, welcome: () => true }));
      if (answers.at(-1) === false) response.end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    stops.push(() => (hub.onModuleDestroy(), server.close(), server.closeAllConnections()));
    const from = async (address: string): Promise<IncomingMessage> => {
      const request = httpRequest(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, {
        headers: { 'x-from': address },
        agent: false,
      });
      request.end();
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      return response.resume();
    };
    const crowd = [await from('a'), await from('a'), await from('a'), await from('a'), await from('a')];
    const firstEnds = once(crowd[0]!, 'close');
    const [b, c] = [await from('b'), await from('c')];
    await firstEnds;
    await from('b');
    expect(answers).toEqual([true, true, true, true, false, true, true, false]);
    expect([hub.connected, b.closed, c.closed, crowd[3]!.closed]).toEqual([4, false, false, false]);
  });

  test('beyond the number that may connect is sent away', async () => {
    const running = await startHttp();
    stops.push(() => void running.stop());
    running.hub.onModuleDestroy();
    const response = await fetch(`${running.url}/api/v1/live`);
    expect(response.status).toBe(503);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(response.headers.get('retry-after')).toBe('10');
  });
});
