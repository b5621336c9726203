/** How does the page's test stand in for the service? The built pages, fixture answers, live events and a login, over real HTTP. */
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { isPageAddress } from '../../src/adapters/http/page.js';
import { mayAsk, ROUTE_ROLES, routesFor } from '../../src/adapters/http/access/roles.js';
import type { SiteAnswer } from '../../src/adapters/http/contract/contract.js';
import type { AccountRole } from '../../src/domain/account-role.js';
import type { PathAnswer } from '../../src/adapters/http/contract/path.js';
import type { ReviewAnswer } from '../../src/adapters/http/contract/review.js';
import type { BouncedView, SilenceView } from '../../src/web/api/api.js';
import { FakeCases } from './fake-cases.js';
import { FakeStation } from './fake-station.js';
import { FakeData } from './fake-data.js';
import { alerts, notices, path, readings, receipts, riverDays, site, targets } from './fixtures.js';
import { riverAnswer } from './river-fixtures.js';
import { AS_OF, stations } from './station-fixtures.js';

/** Who is on duty, told after a login. */
const ON_DUTY = [{ id: 'duty-a', name: '值班员甲', nameEn: 'Duty officer A', phone: '0799-0000001' }];

/** The strictest policy the service may send; the page must live with it. */
const POLICY =
  "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** A running stand-in. */
export interface FakeService {
  readonly url: string;
  /** The answers, to be changed between requests. */
  readonly state: {
    loggedIn: boolean;
    /** The role of who is logged in: what it may not ask is answered 403, as the service would. */
    role: AccountRole;
    /** `PUBLIC_URL`, when other machines find the pages there. */
    address: string | null;
    /** What is told in place of something else, in every answer. */
    renamed: readonly [from: string, to: string] | null;
    /** Where a river chief may act; `null`: everywhere. */
    places: string[] | null;
    /** Whose card is the own one. */
    person: string | null;
    alerts: typeof alerts;
    targets: typeof targets;
    broken: boolean;
    closedToPublic: boolean;
    paused: SiteAnswer['paused'];
    path: PathAnswer;
    silences: SilenceView[];
    bounced: BouncedView[];
    review: ReviewAnswer;
  };
  /** Bodies posted to `acknowledge`. */
  readonly acknowledged: unknown[];
  /** What was asked and is not for the role, e.g. `GET /api/v1/notices`. */
  readonly refused: string[];
  /** Notes posted to `report`, by alert. */
  readonly reported: unknown[];
  readonly cases: FakeCases;
  /** Answers of routes that only one page asks, by method and path below `/api/v1`, e.g. `GET /chiefs`; after a login. */
  readonly others: Map<string, unknown>;
  /** What was posted to those, in order. */
  readonly posted: [route: string, body: unknown][];
  readonly data: FakeData;
  readonly station: FakeStation;
  /** Sends one live event to every open page. */
  tell(event: 'reading' | 'alert' | 'compliance' | 'alive', data?: unknown): void;
  /** Pages that listen. */
  listeners(): number;
  /** Cuts every live line, as a restart would. */
  cutLive(): void;
  /** Nobody answers any more, until `start`. */
  stop(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

/** Serves the pages in `folder` on `port` (0: a free one). */
export async function startFakeService(folder: string, port = 0): Promise<FakeService> {
  const live = new Set<ServerResponse>();
  const acknowledged: unknown[] = [];
  const reported: unknown[] = [];
  const refused: string[] = [];
  const cases = new FakeCases();
  const others = new Map<string, unknown>();
  const posted: [string, unknown][] = [];
  const data = new FakeData();
  const station = new FakeStation();
  const state: FakeService['state'] = {
    loggedIn: false,
    role: 'officer',
    address: null,
    places: null,
    person: null,
    renamed: null,
    path,
    alerts,
    targets,
    broken: false,
    closedToPublic: false,
    paused: null,
    silences: [],
    bounced: [],
    review: { total: 0, days: { waiting: 0, changed: 0 }, review: [] },
  };

  const body = async (request: IncomingMessage): Promise<Record<string, unknown>> => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    return JSON.parse(text || '{}') as Record<string, unknown>;
  };

  const answer = async (request: IncomingMessage, url: URL): Promise<[status: number, body: unknown]> => {
    const route = `${request.method} ${url.pathname.slice('/api/v1'.length)}`;
    if (route === 'POST /session') {
      const given = await body(request);
      state.loggedIn = given.username === 'officer' && given.password === 'right';
      return state.loggedIn ? [200, { username: 'officer', role: 'officer' }] : [401, problem(401)];
    }
    if (state.broken) return [503, problem(503)];
    const listed = state.loggedIn ? routeNamed(`${request.method} ${url.pathname}`) : null;
    if (listed !== null && !mayAsk(state.role, listed)) {
      refused.push(listed);
      return [403, problem(403)];
    }
    if (route === 'DELETE /session') state.loggedIn = false;
    if (route === 'GET /path') return [200, state.path];
    if (route === 'GET /site')
      return [
        200,
        { ...site, address: state.address, paused: state.paused, user: userOf(state), onDuty: state.loggedIn ? ON_DUTY : null },
      ];
    if (state.closedToPublic && !state.loggedIn) return [401, problem(401)];
    if (route === 'GET /stations') return [200, { asOf: AS_OF, stations }];
    if (route === 'GET /targets') return [200, { asOf: AS_OF, targets: state.targets }];
    if (route === 'GET /alerts') return [200, { asOf: AS_OF, alerts: state.alerts }];
    // Other pages ask the same routes of the same stations, and have answers of their own.
    const askedBy = new URL(request.headers.referer ?? 'http://localhost/').pathname;
    const ofStation = askedBy.startsWith('/stations/')
      ? await station.answer(route, url, state.loggedIn, () => body(request))
      : null;
    if (ofStation !== null) return ofStation;
    const ofRiver = riverAnswer(url, state.loggedIn);
    if (ofRiver !== null) return ofRiver;
    if (route.startsWith('GET /compliance/river')) {
      const process = url.searchParams.get('window') === 'day';
      return [200, process ? riverDays : { ...riverDays, window: 'month', official: true, windows: [] }];
    }
    if (/^GET \/stations\/.*\/readings$/.test(route)) {
      return [200, { ...readings, parameter: url.searchParams.get('parameter') }];
    }
    if (!state.loggedIn) return [401, problem(401)];
    if (others.has(route)) {
      if (request.method !== 'GET') posted.push([route, await body(request)]);
      return [200, others.get(route)];
    }
    const ofCases = await cases.answer(request, url);
    if (ofCases !== null) return ofCases;
    const ofData = await data.answer(request, url);
    if (ofData !== null) return ofData;
    const report = /^POST \/alerts\/(.*)\/report$/.exec(route);
    if (report) {
      reported.push([report[1], await body(request)]);
      return [200, state.alerts.find((a) => a.id === report[1])];
    }
    const acknowledge = /^POST \/alerts\/(.*)\/acknowledge$/.exec(route);
    if (acknowledge) {
      acknowledged.push(await body(request));
      const now = { state: 'acknowledged' as const, acknowledgedAt: AS_OF, acknowledgedBy: 'officer' };
      state.alerts = state.alerts.map((a) => (a.id === acknowledge[1] ? { ...a, ...now } : a));
      return [200, state.alerts.find((a) => a.id === acknowledge[1])];
    }
    if (route === 'GET /review') return [200, state.review];
    if (route === 'GET /silences' && url.search === '?holding=1') return [200, { silences: state.silences }];
    if (route === 'GET /notices') return [200, { notices, bounced: state.bounced }];
    if (route.startsWith('GET /notices/')) return [200, notices[0]];
    if (route === 'GET /receipts') return [200, { ...receipts, date: url.searchParams.get('date') }];
    return [404, problem(404)];
  };

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    response.setHeader('content-security-policy', POLICY);
    response.setHeader('x-content-type-options', 'nosniff');
    if (url.pathname === '/api/v1/live') {
      if (state.broken) return void response.writeHead(503).end();
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      response.write('retry: 200\n\n');
      live.add(response);
      request.on('close', () => live.delete(response));
      return;
    }
    if (url.pathname === '/health/ready') {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(data.ready));
      return;
    }
    if (url.pathname.startsWith('/api/')) {
      void answer(request, url).then(([status, given]) => {
        if (given !== null && typeof given === 'object' && 'bytes' in given) {
          const { type, bytes } = given as { type: string; bytes: Uint8Array };
          response.writeHead(200, { 'content-type': type }).end(bytes);
          return;
        }
        response.writeHead(status, { 'content-type': status < 400 ? 'application/json' : 'application/problem+json' });
        const text = JSON.stringify(given);
        response.end(state.renamed === null ? text : text.replaceAll(...state.renamed));
      });
      return;
    }
    const path = extname(url.pathname) === '' ? 'index.html' : normalize(url.pathname).replace(/^[/\\.]+/, '');
    // As the service: the page at its own addresses, and as a 404 at any other.
    const found = path !== 'index.html' || isPageAddress(url.pathname) ? 200 : 404;
    readFile(join(folder, path)).then(
      (file) => response.writeHead(found, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' }).end(file),
      () => response.writeHead(404).end(),
    );
  });
  const listen = (at: number): Promise<void> => new Promise((resolve) => server.listen(at, '127.0.0.1', resolve));
  await listen(port);
  const { port: given } = server.address() as AddressInfo;
  const stop = async (): Promise<void> => {
    for (const response of live) response.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };

  return {
    url: `http://127.0.0.1:${given}/`,
    state,
    acknowledged,
    refused,
    reported,
    cases,
    station,
    others,
    posted,
    data,
    tell(event, told = {}) {
      for (const response of live) response.write(`event: ${event}\ndata: ${JSON.stringify(told)}\n\n`);
    },
    listeners: () => live.size,
    cutLive() {
      for (const response of live) response.destroy();
      live.clear();
    },
    stop,
    start: () => listen(given),
    async close() {
      await stop();
      cases.close();
    },
  };
}

/** Routes as the service lists them; those with fewer blanks first, as `/alerts/search` is no alert. */
const ROUTES = Object.keys(ROUTE_ROLES)
  .sort((a, b) => a.split(':').length - b.split(':').length)
  .map((route) => [route, new RegExp(`^${route.replace(/:\w+/g, '[^/]+')}$`)] as const);

const routeNamed = (asked: string): string | null => ROUTES.find(([, pattern]) => pattern.test(asked))?.[0] ?? null;

const userOf = ({ loggedIn, role, places, person }: FakeService['state']): SiteAnswer['user'] =>
  loggedIn ? { username: 'officer', role, may: routesFor(role), stations: places, person } : null;

const problem = (status: number): object => ({ type: 'about:blank', title: String(status), status, detail: String(status) });
