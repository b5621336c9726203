/** How does the page's test stand in for the cases (处置单) of the service? The real decisions, over a memory of one test. */
import type { IncomingMessage } from 'node:http';
import { SqliteAudit } from '../../src/adapters/sqlite/audit-store.js';
import { SqliteCaseStore } from '../../src/adapters/sqlite/case-store.js';
import { Database } from '../../src/adapters/sqlite/database.js';
import type { Alert } from '../../src/domain/alerting/alert.js';
import type { CaseState } from '../../src/domain/cases/case.js';
import { Cases, type CaseWords, type StepWords } from '../../src/pipeline/deciding/cases.js';
import { Refusal } from '../../src/pipeline/ports.js';
import { wupi } from '../support/wupi.js';
import { alerts } from './fixtures.js';
import { AS_OF } from './station-fixtures.js';

const STATUS: Record<Refusal['kind'], number> = { 'not-found': 404, 'bad-request': 400, unavailable: 503 };

/** Cases of one test. `as`: the account that asks. */
export class FakeCases {
  as = 'officer';
  private readonly database = new Database(':memory:');
  readonly cases = new Cases(
    wupi,
    new SqliteCaseStore(this.database),
    { find: (id) => openAlert(id) },
    new SqliteAudit(this.database),
    (work) => this.database.transact(work),
    { now: () => Date.parse(AS_OF) },
    () => {},
  );

  /** The answer to a request below `/cases`, or a photo's bytes; `null` for another route. */
  async answer(request: IncomingMessage, url: URL): Promise<[status: number, body: unknown] | null> {
    const [, id, act, n] = /^\/api\/v1\/cases(?:\/([^/]+))?(?:\/([^/]+))?(?:\/([^/]+))?$/.exec(url.pathname) ?? [];
    if (!url.pathname.startsWith('/api/v1/cases')) return null;
    const sent = await bytes(request);
    const json = (): Record<string, unknown> => JSON.parse(sent.toString('utf8') || '{}') as Record<string, unknown>;
    try {
      if (request.method === 'GET') {
        if (act === 'photos') return [200, this.cases.photo(id!, Number(n))];
        const asked = Object.fromEntries(url.searchParams);
        const state = asked.state as CaseState | 'open' | undefined;
        return [
          200,
          id === undefined ? this.cases.list({ ...asked, state, overdue: asked.overdue === '1' }) : this.cases.find(id),
        ];
      }
      if (id === undefined) return [200, this.cases.open({ note: '', ...json() } as CaseWords, this.as)];
      if (act === 'photos') return [200, this.cases.addPhoto(id, sent, this.as)];
      return [200, this.cases.step(id, { photos: [], passed: true, ...json(), act } as unknown as StepWords, this.as)];
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return [STATUS[error.kind], { type: 'about:blank', title: 'refused', status: STATUS[error.kind], detail: error.message }];
    }
  }

  close(): void {
    this.database.close();
  }
}

async function bytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** An alert of the page, as the service keeps it. */
function openAlert(id: string): Alert | undefined {
  const view = alerts.find((alert) => alert.id === id);
  return (
    view && {
      ...view,
      openedAt: Date.parse(view.openedAt),
      acknowledgedAt: null,
      resolvedAt: null,
      passed: null,
      isUnconfirmed: false,
      reason: { zh: view.reason, en: view.reasonEn },
      history: [],
    }
  );
}
