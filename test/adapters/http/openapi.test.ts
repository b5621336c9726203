/** Does OpenAPI describe every route of the contract, and does it hold together? */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Running, startHttp } from './start-http.js';

type Node = { readonly [key: string]: unknown };
interface Operation {
  operationId: string;
  security?: Node[];
  parameters?: { name: string; in: string; required: boolean; schema: Node }[];
  requestBody?: { content: Record<string, { schema: Node }> };
  responses: Record<string, { description: string; content?: Record<string, { schema: Node }> }>;
}

let running: Running;
let document: {
  openapi: string;
  info: Node;
  security: Node[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Node; securitySchemes: Node };
};
beforeAll(async () => {
  running = await startHttp();
  document = (await (await fetch(`${running.url}/api/openapi.json`)).json()) as typeof document;
});
afterAll(() => running.stop());

/** Which of a target's stations. */
const PLACES = ['village', 'reach', 'chief', 'station'];
const ROUTES: Record<string, Record<string, string[]>> = {
  '/health/live': { get: [] },
  '/health/ready': { get: [] },
  '/metrics': { get: [] },
  '/api/v1/session': { post: [], delete: [] },
  '/api/v1/site': { get: [] },
  '/api/v1/stations': { get: [] },
  '/api/v1/stations/{id}/readings': { get: ['id*', 'parameter*', 'from*', 'to*', 'step'] },
  '/api/v1/stations/{id}/windows': { get: ['id*'] },
  '/api/v1/stations/{id}/days': { get: ['id*', 'year'] },
  '/api/v1/stations/{id}/days/{date}': { get: ['id*', 'date*'] },
  '/api/v1/stations/{id}/spans': { get: ['id*', 'from*', 'to*'] },
  '/api/v1/stations/{id}/last': { get: ['id*'] },
  '/api/v1/stations/{id}/limits': { get: ['id*', 'from*', 'to*'] },
  '/api/v1/targets': { get: [] },
  '/api/v1/compliance/{target}': { get: ['target*', ...PLACES, 'period', 'window', 'only', 'on', 'all', 'page', 'order'] },
  '/api/v1/compliance/{target}/breakdown': { get: ['target*', ...PLACES, 'period', 'window', 'by*'] },
  '/api/v1/compliance/{target}/calendar': { get: ['target*', ...PLACES, 'period'] },
  '/api/v1/compliance/{target}/changes': { get: ['target*', ...PLACES, 'period', 'window', 'page'] },
  '/api/v1/compliance/{target}/export': { get: ['target*', ...PLACES, 'period', 'window', 'only', 'on', 'format*', 'by'] },
  '/api/v1/volume': { get: [] },
  '/api/v1/backup': { get: [], post: [] },
  '/api/v1/signed': { get: ['target', 'year', 'verify'] },
  '/api/v1/signed/{target}/{period}': { get: ['target*', 'period*', 'edition'], post: ['target*', 'period*'] },
  '/api/v1/signed/{target}/{period}/preview': { get: ['target*', 'period*'] },
  '/api/v1/upkeep': { get: [] },
  '/api/v1/comparisons': { get: ['station', 'parameter', 'limit'], post: [] },
  '/api/v1/comparisons/proposal': { get: ['station*', 'parameter*', 'time*', 'laboratory'] },
  '/api/v1/comparisons/{id}/withdraw': { post: ['id*'] },
  '/api/v1/duty': { get: [] },
  '/api/v1/handovers': { get: ['limit'], post: [] },
  '/api/v1/handovers/{id}/take': { post: ['id*'] },
  '/api/v1/excuses': { get: ['station'], post: [] },
  '/api/v1/excuses/{id}/remove': { post: ['id*'] },
  '/api/v1/bulletins': { get: ['kind', 'period'], post: [] },
  '/api/v1/bulletins/{id}': { get: ['id*'] },
  '/api/v1/bulletins/{id}/docx': { get: ['id*'] },
  '/api/v1/bulletins/{id}/xlsx': { get: ['id*'] },
  '/api/v1/bulletins/{id}/pictures/{n}': { get: ['id*', 'n*'] },
  '/api/v1/cases': { get: ['village', 'reach', 'state', 'overdue', 'to', 'alert', 'period'], post: [] },
  '/api/v1/cases/register.xlsx': { get: ['village', 'reach', 'state', 'overdue', 'to', 'alert', 'period'] },
  '/api/v1/cases/{id}': { get: ['id*'] },
  '/api/v1/cases/{id}/verify': { post: ['id*'] },
  '/api/v1/cases/{id}/mend': { post: ['id*'] },
  '/api/v1/cases/{id}/check': { post: ['id*'] },
  '/api/v1/cases/{id}/close': { post: ['id*'] },
  '/api/v1/cases/{id}/hand-over': { post: ['id*'] },
  '/api/v1/cases/{id}/extend': { post: ['id*'] },
  '/api/v1/cases/{id}/photos': { post: ['id*'] },
  '/api/v1/cases/{id}/photos/{n}': { get: ['id*', 'n*'] },
  '/api/v1/reaches': { get: [] },
  '/api/v1/reaches/{id}/balance': { get: ['id*', 'period', 'from', 'to'] },
  '/api/v1/reaches/{id}/strip': { get: ['id*', 'window', 'from', 'to'] },
  '/api/v1/reaches/{id}/evidence': { get: ['id*', 'section*', 'window', 'start*'] },
  '/api/v1/alerts': { get: ['state'] },
  '/api/v1/alerts/search': { get: ['state', 'kind', 'severity', 'station', 'from', 'to'] },
  '/api/v1/alerts/{id}': { get: ['id*'] },
  '/api/v1/chiefs': { get: [] },
  '/api/v1/chiefs/{id}': { get: ['id*'] },
  '/api/v1/patrols': { get: ['person*'], post: [] },
  '/api/v1/alerts/{id}/acknowledge': { post: ['id*'] },
  '/api/v1/alerts/{id}/close': { post: ['id*'] },
  '/api/v1/alerts/{id}/report': { post: ['id*'] },
  '/api/v1/silences': { get: ['holding'], post: [] },
  '/api/v1/silences/{id}': { delete: ['id*'] },
  '/api/v1/notices': { get: [] },
  '/api/v1/notices/{id}': { get: ['id*'] },
  '/api/v1/receipts': { get: ['date'] },
  '/api/v1/rejections': { get: ['limit', 'reason', 'station'] },
  '/api/v1/rejections/export': { get: ['format', 'reason', 'since', 'station'] },
  '/api/v1/rejections/replay': { post: [] },
  '/api/v1/import': { post: [] },
  '/api/v1/import/file': { post: ['station', 'source', 'file', 'dryRun', 'from'] },
  '/api/v1/limits': { get: [] },
  '/api/v1/backlog': { get: [] },
  '/api/v1/maintenance': { get: ['station', 'open', 'from', 'to', 'limit'], post: [] },
  '/api/v1/maintenance/{id}': { patch: ['id*'] },
  '/api/v1/decisions': { get: ['station', 'from', 'to', 'limit'], post: [] },
  '/api/v1/decisions/{id}/undo': { post: ['id*'] },
  '/api/v1/decisions/{id}/attachment': { get: ['id*'], post: ['id*'] },
  '/api/v1/review': { get: ['station', 'limit'] },
  '/api/v1/review/queue': { get: ['station', 'from', 'to', 'state', 'only', 'limit', 'offset'] },
  '/api/v1/review/preview': { get: ['station*', 'source', 'parameters', 'from*', 'to*', 'outcome*'] },
  '/api/v1/review/days/{station}/{date}': { get: ['station*', 'date*'] },
  '/api/v1/review/days/{station}/{date}/first': { post: ['station*', 'date*'] },
  '/api/v1/review/days/{station}/{date}/second': { post: ['station*', 'date*'] },
  '/api/v1/review/days/{station}/{date}/return': { post: ['station*', 'date*'] },
  '/api/v1/review/bulk': { post: [] },
  '/api/v1/audit': { get: ['station', 'what', 'who', 'action', 'from', 'to', 'before', 'verify', 'limit'] },
  '/api/v1/audit/export': { get: ['station', 'what', 'who', 'action', 'from', 'to'] },
  '/api/v1/account': { get: [] },
  '/api/v1/account/password': { post: [] },
  '/api/v1/sessions': { get: ['all'] },
  '/api/v1/sessions/{id}': { delete: ['id*'] },
  '/api/v1/accounts': { get: [], post: [] },
  '/api/v1/accounts/{username}': { patch: ['username*'], delete: ['username*'] },
  '/api/v1/accounts/{username}/password': { post: ['username*'] },
  '/api/v1/accounts/{username}/tokens': { post: ['username*'] },
  '/api/v1/tokens/remove': { post: [] },
  '/api/v1/public/board': { get: [] },
  '/api/v1/live': { get: [] },
  '/api/v1/path': { get: [] },
  '/api/v1/path/test': { post: [] },
  '/api/v1/path/confirm': { post: [] },
  '/ack/{token}': { get: ['token*'], post: ['token*'] },
};

test('every route with its parameters, and no other', () => {
  const found = Object.fromEntries(
    Object.entries(document.paths).map(([path, methods]) => [
      path,
      Object.fromEntries(
        Object.entries(methods).map(([method, operation]) => [
          method,
          (operation.parameters ?? []).map((parameter) => parameter.name + (parameter.required ? '*' : '')).sort(),
        ]),
      ),
    ]),
  );
  const wanted = Object.fromEntries(
    Object.entries(ROUTES).map(([path, methods]) => [
      path,
      Object.fromEntries(Object.entries(methods).map(([method, names]) => [method, [...names].sort()])),
    ]),
  );
  expect(found).toEqual(wanted);
});

test('it holds together: versions, ids, schemas, references', () => {
  expect(document.openapi).toMatch(/^3\.0\.\d$/);
  expect(document.info).toMatchObject({ title: '河清 Heqing', version: '0.0.0-test' });
  expect(Object.keys(document.components.securitySchemes)).toEqual(['session', 'token']);
  const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
  const ids = operations.map((operation) => operation.operationId);
  expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
  for (const operation of operations) {
    const good = Object.entries(operation.responses).filter(([status]) => status.startsWith('2'));
    expect(good).toHaveLength(1);
    for (const [status, response] of Object.entries(operation.responses)) {
      expect(response.description).not.toBe('');
      const media = Object.values(response.content ?? {});
      expect([operation.operationId, status, media.length]).toEqual([operation.operationId, status, status === '204' ? 0 : 1]);
      for (const { schema } of media) expect(Object.keys(schema).length).toBeGreaterThan(0);
    }
    for (const parameter of operation.parameters ?? []) expect(parameter.schema).toMatchObject({ type: expect.any(String) });
  }
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(
    (match) => match[1],
  );
  expect(references).toContain('Problem');
  for (const name of references) expect(document.components.schemas).toHaveProperty([name ?? '']);
  // What OpenAPI 3.0 does not know, and a converter might leave behind.
  expect(JSON.stringify(document)).not.toMatch(/"\$schema"|"prefixItems"|"const":|"type":\[/);
});

test('a body and an answer carry the fields of the contract', () => {
  const login = document.paths['/api/v1/session']?.post?.requestBody?.content['application/json']?.schema;
  expect(login).toMatchObject({ type: 'object', required: ['username', 'password'] });
  const rate = document.paths['/api/v1/compliance/{target}']?.get?.responses['200']?.content?.['application/json']?.schema;
  expect(rate?.properties).toMatchObject({ rate: { type: 'number', nullable: true }, windows: { type: 'array' } });
  expect(document.paths['/api/v1/alerts']?.get?.responses['401']?.content).toHaveProperty(['application/problem+json']);
});

test('it says what needs a login, and what may be read without', () => {
  const login = [{ session: [] }, { token: [] }];
  expect(document.security).toEqual(login);
  expect(document.paths['/api/v1/notices']?.get?.security ?? document.security).toEqual(login);
  expect(document.paths['/api/v1/session']?.post?.security).toEqual([{}]);
  for (const path of ['/api/v1/stations', '/api/v1/live', '/metrics']) {
    const security = document.paths[path]?.get?.security ?? [];
    expect(security).toHaveLength(3);
    expect(security).toEqual(expect.arrayContaining([{}, ...login]));
  }
});
