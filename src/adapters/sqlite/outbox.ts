/** What waits to be told, and what was people told? */
import type { Mail } from '../../pipeline/ports.js';
import type { Audience, Bounced, Notice, Outbox, Pending, Stalled } from '../../pipeline/alerting/alert-stores.js';
import { HOUR, type Instant } from '../../domain/time.js';
import type { Database, Statement } from './database.js';

interface NoticeRow {
  id: string;
  alerts: string;
  recipient: string;
  channel: string;
  mail: string;
  reason: string;
  state: Notice['state'];
  attempts: number;
  next_at: number;
  created_at: number;
  arrived_at: number;
  sent_at: number | null;
  error: string | null;
  merged_into: string | null;
  is_unsure: number;
}

interface PendingRow {
  id: number;
  recipient: string;
  channel: string;
  why: Pending['why'];
  change: string;
  due_at: number;
  created_at: number;
  arrived_at: number;
}

const noticeOf = (row: NoticeRow): Notice => ({
  id: row.id,
  alerts: JSON.parse(row.alerts) as string[],
  recipient: row.recipient,
  channel: row.channel,
  // Mails written before there were pictures have none.
  mail: { pictures: [], ...(JSON.parse(row.mail) as Omit<Mail, 'pictures'>) },
  reason: row.reason,
  state: row.state,
  attempts: row.attempts,
  nextAt: row.next_at,
  createdAt: row.created_at,
  arrivedAt: row.arrived_at,
  sentAt: row.sent_at,
  error: row.error,
  mergedInto: row.merged_into,
  isUnsure: row.is_unsure === 1,
});

const pendingOf = ({ change, due_at, created_at, arrived_at, ...row }: PendingRow): Pending => ({
  ...row,
  change: JSON.parse(change) as Pending['change'],
  dueAt: due_at,
  createdAt: created_at,
  arrivedAt: arrived_at,
});

/** No pause is so long, ms: a notice that would wait for longer was written before the clock was set back. */
const NO_PAUSE = HOUR;

const TABLES = `
  CREATE TABLE IF NOT EXISTS notice (
    id TEXT PRIMARY KEY, alerts TEXT NOT NULL, recipient TEXT NOT NULL, channel TEXT NOT NULL, mail TEXT NOT NULL,
    reason TEXT NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL, next_at INTEGER NOT NULL, created_at INTEGER NOT NULL,
    arrived_at INTEGER NOT NULL, sent_at INTEGER, error TEXT, merged_into TEXT, is_unsure INTEGER NOT NULL DEFAULT 0) STRICT;
  CREATE INDEX IF NOT EXISTS notice_waiting ON notice (next_at, created_at) WHERE state = 'waiting';
  CREATE INDEX IF NOT EXISTS notice_state ON notice (state, sent_at);
  CREATE INDEX IF NOT EXISTS notice_created ON notice (created_at);
  CREATE INDEX IF NOT EXISTS notice_person ON notice (recipient, channel, created_at);
  CREATE INDEX IF NOT EXISTS notice_channel ON notice (channel, created_at) WHERE channel <> 'mail';
  CREATE INDEX IF NOT EXISTS notice_refused ON notice (channel, recipient, created_at) WHERE state = 'failed';
  CREATE INDEX IF NOT EXISTS notice_taken ON notice (channel, recipient, created_at)
    WHERE state = 'sent' AND merged_into IS NULL;
  CREATE INDEX IF NOT EXISTS notice_merged ON notice (merged_into) WHERE merged_into IS NOT NULL;
  CREATE TABLE IF NOT EXISTS notice_alert (
    alert TEXT NOT NULL, notice TEXT NOT NULL, PRIMARY KEY (alert, notice)) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS pending (
    id INTEGER PRIMARY KEY AUTOINCREMENT, recipient TEXT NOT NULL, why TEXT NOT NULL, change TEXT NOT NULL,
    due_at INTEGER NOT NULL, created_at INTEGER NOT NULL, arrived_at INTEGER NOT NULL,
    channel TEXT NOT NULL DEFAULT 'mail') STRICT;
`;

/** Takes over notices of the layout in which each told of one alert by mail. */
function takeOver(database: Database): void {
  if (!database.hasColumn('notice', 'alert')) return;
  database.transact(() =>
    database.sqlite.exec(`
      ALTER TABLE notice ADD COLUMN alerts TEXT NOT NULL DEFAULT '[]';
      ALTER TABLE notice ADD COLUMN channel TEXT NOT NULL DEFAULT 'mail';
      ALTER TABLE notice ADD COLUMN merged_into TEXT;
      ALTER TABLE notice ADD COLUMN is_unsure INTEGER NOT NULL DEFAULT 0;
      UPDATE notice SET alerts = json_array(alert);
      CREATE TABLE IF NOT EXISTS notice_alert (
        alert TEXT NOT NULL, notice TEXT NOT NULL, PRIMARY KEY (alert, notice)) STRICT, WITHOUT ROWID;
      INSERT OR IGNORE INTO notice_alert (alert, notice) SELECT alert, id FROM notice;
      ALTER TABLE notice DROP COLUMN alert;
    `),
  );
}

/** Takes over what waited for a mail when channels were written with the mail. */
function addChannel(database: Database): void {
  if (!database.hasColumn('pending', 'channel'))
    database.sqlite.exec(`ALTER TABLE pending ADD COLUMN channel TEXT NOT NULL DEFAULT 'mail'`);
}

type Name =
  | 'addPending'
  | 'pending'
  | 'forgetPending'
  | 'add'
  | 'bind'
  | 'update'
  | 'find'
  | 'list'
  | 'due'
  | 'waiting'
  | 'waitingOn'
  | 'next'
  | 'retry'
  | 'counts'
  | 'lastSent'
  | 'about'
  | 'lastTold'
  | 'lastToldOn'
  | 'merged'
  | 'bounced'
  | 'bouncedOn'
  | 'stalled';

/** The outbox in SQLite. */
export class SqliteOutbox implements Outbox {
  private readonly sql: Record<Name, Statement>;

  constructor(private readonly database: Database) {
    takeOver(database);
    database.sqlite.exec(TABLES);
    addChannel(database);
    const p = (sql: string): Statement => database.prepare(sql);
    const toSend = `state = 'waiting' AND merged_into IS NULL`;
    this.sql = {
      addPending: p(`INSERT INTO pending (recipient, channel, why, change, due_at, created_at, arrived_at)
        VALUES (?, ?, ?, ?, ?, ?, ?)`),
      pending: p('SELECT * FROM pending ORDER BY id'),
      forgetPending: p('DELETE FROM pending WHERE id = ?'),
      add: p(`INSERT OR IGNORE INTO notice (id, alerts, recipient, channel, mail, reason, state, attempts, next_at, created_at,
        arrived_at, sent_at, error, merged_into, is_unsure) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
      bind: p('INSERT OR IGNORE INTO notice_alert (alert, notice) VALUES (?, ?)'),
      update: p(`UPDATE notice SET state = ?, attempts = ?, next_at = ?, sent_at = ?, error = ?, merged_into = ?, is_unsure = ?
        WHERE id = ?`),
      find: p('SELECT * FROM notice WHERE id = ?'),
      list: p('SELECT * FROM notice ORDER BY created_at DESC, rowid DESC LIMIT ?'),
      due: p(`SELECT * FROM notice WHERE ${toSend} AND (next_at <= ? OR next_at > ?) AND channel NOT IN (SELECT value FROM json_each(?))
        ORDER BY created_at DESC, rowid DESC LIMIT ?`),
      waiting: p(`SELECT * FROM notice WHERE ${toSend} AND recipient = ? AND channel = ? ORDER BY created_at, rowid`),
      waitingOn: p(`SELECT * FROM notice WHERE ${toSend} AND channel = ? ORDER BY created_at, rowid`),
      next: p(`SELECT min(next_at) AS at FROM notice WHERE ${toSend}`),
      retry: p(`UPDATE notice SET next_at = 0 WHERE state = 'waiting'`),
      counts: p('SELECT state, count(*) AS n FROM notice GROUP BY state'),
      lastSent: p(`SELECT max(sent_at) AS at FROM notice WHERE state = 'sent'`),
      about: p(`SELECT notice.* FROM notice_alert JOIN notice ON notice.id = notice_alert.notice WHERE notice_alert.alert = ?
        ORDER BY created_at, notice.rowid`),
      // Beside a min() SQLite takes the other columns from the row that has it.
      stalled: p(`SELECT recipient, channel, min(created_at) AS since, error FROM notice
        WHERE state = 'waiting' AND (next_at <= ? OR attempts > 0) GROUP BY recipient, channel ORDER BY since, recipient`),
      lastTold: p(`SELECT max(created_at) AS at FROM notice WHERE recipient = ? AND channel = ? AND alerts <> '[]'`),
      lastToldOn: p(`SELECT max(created_at) AS at FROM notice WHERE channel = ? AND channel <> 'mail' AND alerts <> '[]'`),
      merged: p('SELECT * FROM notice WHERE merged_into = ? ORDER BY created_at, rowid'),
      // Of each person the refusals since a mail to that person was last accepted. Looked at often, so by the indexes alone, but for
      // the words of the newest.
      bounced: p(`SELECT r.recipient, 'mail' AS channel, r.since, n.error, n.mail ->> 'to' AS address FROM (
          SELECT f.recipient, min(f.created_at) AS since, max(f.created_at) AS newest FROM notice f
          WHERE f.state = 'failed' AND f.channel = 'mail' AND f.created_at > coalesce(
            (SELECT max(s.created_at) FROM notice s WHERE s.recipient = f.recipient AND s.channel = 'mail' AND s.state = 'sent'
              AND s.merged_into IS NULL), -1)
          GROUP BY f.recipient) r
        JOIN notice n ON n.rowid = (SELECT max(l.rowid) FROM notice l WHERE l.state = 'failed' AND l.channel = 'mail'
          AND l.recipient = r.recipient AND l.created_at = r.newest)
        ORDER BY r.recipient`),
      // Of each channel in the same way, for whomever it was.
      bouncedOn: p(`SELECT NULL AS recipient, r.channel, r.since, n.error, NULL AS address FROM (
          SELECT f.channel, min(f.created_at) AS since, max(f.created_at) AS newest FROM notice f
          WHERE f.state = 'failed' AND f.channel <> 'mail' AND f.created_at > coalesce(
            (SELECT max(s.created_at) FROM notice s WHERE s.channel = f.channel AND s.channel <> 'mail' AND s.state = 'sent'
              AND s.merged_into IS NULL), -1)
          GROUP BY f.channel) r
        JOIN notice n ON n.rowid = (SELECT max(l.rowid) FROM notice l WHERE l.state = 'failed' AND l.channel = r.channel
          AND l.created_at = r.newest)
        ORDER BY r.channel`),
    };
  }

  addPending({ recipient, channel, why, change, dueAt, createdAt, arrivedAt }: Omit<Pending, 'id'>): void {
    this.sql.addPending.run(recipient, channel, why, JSON.stringify(change), dueAt, createdAt, arrivedAt);
  }

  pending(): Pending[] {
    return (this.sql.pending.all() as unknown as PendingRow[]).map(pendingOf);
  }

  forgetPending(ids: readonly number[]): void {
    for (const id of ids) this.sql.forgetPending.run(id);
  }

  add(n: Notice): void {
    this.sql.add.run(
      n.id,
      JSON.stringify(n.alerts),
      n.recipient,
      n.channel,
      JSON.stringify(n.mail),
      n.reason,
      n.state,
      n.attempts,
      n.nextAt,
      n.createdAt,
      n.arrivedAt,
      n.sentAt,
      n.error,
      n.mergedInto,
      n.isUnsure === true ? 1 : 0,
    );
    for (const alert of n.alerts) this.sql.bind.run(alert, n.id);
  }

  update(n: Notice): void {
    this.sql.update.run(n.state, n.attempts, n.nextAt, n.sentAt, n.error, n.mergedInto, n.isUnsure === true ? 1 : 0, n.id);
  }

  find(id: string): Notice | undefined {
    const row = this.sql.find.get(id) as NoticeRow | undefined;
    return row && noticeOf(row);
  }

  list(limit: number): Notice[] {
    return this.rows(this.sql.list.all(limit));
  }

  due(now: Instant, limit: number, except: readonly string[] = []): Notice[] {
    return this.rows(this.sql.due.all(now, now + NO_PAUSE, JSON.stringify(except), limit));
  }

  waiting({ recipient, channel }: Audience): Notice[] {
    return this.rows(recipient === null ? this.sql.waitingOn.all(channel) : this.sql.waiting.all(recipient, channel));
  }

  merged(into: string): Notice[] {
    return this.rows(this.sql.merged.all(into));
  }

  nextAt(): Instant | null {
    return (this.sql.next.get() as { at: number | null }).at;
  }

  stalled(now: Instant): Stalled[] {
    return this.sql.stalled.all(now) as Stalled[];
  }

  retryAll(): void {
    this.database.transact(() => this.sql.retry.run());
  }

  counts(): Record<Notice['state'], number> {
    const counts = { waiting: 0, sent: 0, failed: 0 };
    for (const row of this.sql.counts.all() as { state: Notice['state']; n: number }[]) counts[row.state] = row.n;
    return counts;
  }

  lastSentAt(): Instant | null {
    return (this.sql.lastSent.get() as { at: number | null }).at;
  }

  about(alert: string): Notice[] {
    return this.rows(this.sql.about.all(alert));
  }

  lastTold({ recipient, channel }: Audience): Instant | null {
    const row: unknown = recipient === null ? this.sql.lastToldOn.get(channel) : this.sql.lastTold.get(recipient, channel);
    return (row as { at: number | null }).at;
  }

  bounced(): Bounced[] {
    const rows = [this.sql.bounced, this.sql.bouncedOn].flatMap((sql) => sql.all() as unknown as Bounced[]);
    return rows.map((row) => ({ ...row }));
  }

  private rows(rows: unknown[]): Notice[] {
    return (rows as NoticeRow[]).map(noticeOf);
  }
}
