/** What does the service remember, and in which store? All of them lie in one file. */
import type { Site } from '../../domain/site.js';
import type { Print } from '../../pipeline/judging/verdict-stores.js';
import { SqliteAccountStore } from './account-store.js';
import { SqliteAlertStore } from './alert-store.js';
import { SqliteAttachmentStore } from './attachment-store.js';
import { SqliteAudit } from './audit-store.js';
import { SqliteBackupStore } from './backup-store.js';
import { SqliteBrokerSessions } from './broker-sessions.js';
import { SqliteBulletinStore } from './bulletin-store.js';
import { SqliteCaseStore } from './case-store.js';
import { SqliteComparisonStore, SqliteToldStore } from './comparison-store.js';
import { SqliteDecisionStore } from './decision-store.js';
import { SqliteDeviceRecords } from './device-records.js';
import { SqliteDeviceStore } from './device-store.js';
import { SqliteExcuseStore } from './excuse-store.js';
import { SqliteHandoverStore } from './handover-store.js';
import { SqliteHearingStore } from './hearing-store.js';
import { SqliteLeaseStore } from './lease-store.js';
import { SqliteLedger } from './ledger.js';
import { SqliteOutbox } from './outbox.js';
import { SqlitePathStore } from './path-store.js';
import { SqlitePatrolStore } from './patrol-store.js';
import { SqliteReadingLog } from './reading-log.js';
import { SqliteReviewDayStore } from './review-day-store.js';
import { SqliteReviewStore } from './review-store.js';
import { SqliteSignOffStore } from './sign-off-store.js';
import { SqliteLinkKey } from './link-key.js';
import { SqliteSilenceStore } from './silence-store.js';
import { SqliteTellingStore } from './telling-store.js';
import { SqliteVerdictStore } from './verdict-store.js';
import { SqliteWorkingSet } from './working-set.js';
import type { Database } from './database.js';

/** What the stores need to know. */
export interface StateOptions {
  readonly site: Pick<Site, 'calendar' | 'settings'>;
  /** How verdicts are printed for the wire. */
  readonly print: Print;
  /** Raw history is kept elsewhere: the working set may forget. */
  readonly forgets: boolean;
  /** The address of whoever asks just now, or `null`. */
  readonly askedFrom: () => string | null;
}

/** Opens every store of a state file; their tables are made where they are missing. */
export function openState(database: Database, { site: { calendar, settings }, print, forgets, askedFrom }: StateOptions) {
  return {
    log: new SqliteReadingLog(database),
    ledger: new SqliteLedger(database, settings.rejectionQuotaBytes),
    deviceRecords: new SqliteDeviceRecords(database),
    devices: new SqliteDeviceStore(database),
    sessions: new SqliteBrokerSessions(database),
    workingSet: new SqliteWorkingSet(database, forgets),
    verdicts: new SqliteVerdictStore(database, print),
    excuses: new SqliteExcuseStore(database),
    alerts: new SqliteAlertStore(database),
    tellings: new SqliteTellingStore(database),
    outbox: new SqliteOutbox(database),
    silences: new SqliteSilenceStore(database),
    hearing: new SqliteHearingStore(database),
    path: new SqlitePathStore(database),
    linkKey: new SqliteLinkKey(database),
    cases: new SqliteCaseStore(database),
    patrols: new SqlitePatrolStore(database),
    decisionStore: new SqliteDecisionStore(database),
    attachmentStore: new SqliteAttachmentStore(database),
    doubts: new SqliteReviewStore(database),
    reviewDays: new SqliteReviewDayStore(database, calendar),
    signOffs: new SqliteSignOffStore(database),
    bulletinStore: new SqliteBulletinStore(database),
    leases: new SqliteLeaseStore(database),
    comparisons: new SqliteComparisonStore(database),
    told: new SqliteToldStore(database),
    handoverStore: new SqliteHandoverStore(database),
    backups: new SqliteBackupStore(database),
    accountStore: new SqliteAccountStore(database),
    audit: new SqliteAudit(database, askedFrom),
  };
}

/** The stores of the service's state. */
export type State = ReturnType<typeof openState>;
