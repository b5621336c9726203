/** What stands behind the page of the data in a test of HTTP? It notes what it is asked and answers as the contract says. */
import type { BacklogAnswer, ImportFileAnswer, ImportFileQuery, LimitsAnswer } from '../../../src/adapters/http/contract/data.js';
import type { DataDesk } from '../../../src/adapters/http/controllers/data.controller.js';

const NONE = { new: 0, duplicate: 0, different: 0, unknown: 0 };

/** Keeps the files that were handed over. */
export class FakeDataDesk implements DataDesk {
  readonly files: { readonly text: string; readonly query: ImportFileQuery; readonly by: string }[] = [];

  limits(): LimitsAnswer {
    return { unconfirmed: [], placeholders: [], unmeasured: [] };
  }

  backlog(): BacklogAnswer {
    return {
      asOf: '2026-11-23T08:00:00+08:00',
      log: [{ consumer: 'settle', waiting: 0 }],
      archive: { name: 'SQLite', trouble: null },
      windows: { waiting: 0, first: [] },
    };
  }

  importFile(bytes: Uint8Array, query: ImportFileQuery, by: string): Promise<ImportFileAnswer> {
    this.files.push({ text: Buffer.from(bytes).toString('utf8'), query, by });
    return Promise.resolve({
      ...{ format: 'CSV, UTF-8', total: 0, done: 0, next: null, taken: 0, standings: NONE, repeated: 0, blank: 0 },
      ...{ notes: [], series: [], first: [], refused: [], refusedTotal: 0 },
    });
  }
}
