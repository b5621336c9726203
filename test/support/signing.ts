/** How is a month signed over a test's pipeline? Signing as the service wires it, on the same state file. */
import { SqliteCaseStore } from '../../src/adapters/sqlite/case-store.js';
import { SqliteDecisionStore } from '../../src/adapters/sqlite/decision-store.js';
import { sha256, SqliteSignOffStore } from '../../src/adapters/sqlite/sign-off-store.js';
import type { HindranceKind } from '../../src/domain/signing/hindrance.js';
import { type Signing, signing } from '../../src/pipeline/signing/signing.js';
import type { Pipeline } from './pipeline.js';

/** Signing over the parts of a pipeline as they are now. */
export function signingOf(pipeline: Pipeline): Signing {
  const { database, compliance, verdicts, workingSet, audit, reviewing } = pipeline.parts;
  return signing(pipeline.site, {
    ...{ store: new SqliteSignOffStore(database), digest: sha256, compliance, verdicts, workingSet, audit },
    cases: new SqliteCaseStore(database),
    decisions: new SqliteDecisionStore(database),
    transact: (work) => database.transact(work),
    clock: pipeline.clock,
    unreviewed: (stations, span) => reviewing.queue.unreviewed(stations, span),
    settled: () => true,
  });
}

/** Signs a month with a reason for everything that is open. */
export function signMonth({ desk }: Signing, target: string, period: string, note = '') {
  const { hash, hindrances } = desk.preview(target, period);
  const despite = hindrances.map(({ kind }): { kind: HindranceKind; reason: string } => ({ kind, reason: '经办人已说明' }));
  return desk.sign(target, period, 'officer', { seen: hash, note, despite });
}
