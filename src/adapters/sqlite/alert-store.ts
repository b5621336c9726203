/** What alerts stand, what does each rule remember, and what were people told? */
import { type Alert, SEVERITIES } from '../../domain/alerting/alert.js';
import type { LimitState } from '../../domain/alerting/transition.js';
import type { Instant } from '../../domain/time.js';
import { type Mail } from '../../pipeline/ports.js';
import { type AlertStore, NEVER, type Notice } from '../../pipeline/stores.js';
import type { Database, Statement } from './database.js';

const STANDING = `state NOT IN ('resolved', 'closed')`;

interface NoticeRow extends Omit<Notice, 'mail' | 'nextAt' | 'createdAt' | 'arrivedAt' | 'sentAt'> {
  mail: string;
  next_at: number;
  created_at: number;
  arrived_at: number;
  sent_at: number | null;
}

const notice = ({ mail, next_at, created_at, arrived_at, sent_at, ...row }: NoticeRow): Notice => ({
  ...row,
  mail: JSON.parse(mail) as Mail,
  nextAt: next_at,
  createdAt: created_at,
  arrivedAt: arrived_at,
  sentAt: sent_at,
});

/** Alerts, rule states and the outbox in SQLite. */
export class SqliteAlertStore implements AlertStore {
  private readonly sql: Record<
    | 'state'
    | 'putState'
    | 'put'
    | 'find'
    | 'active'
    | 'all'
    | 'previous'
    | 'addNotice'
    | 'updateNotice'
    | 'findNotice'
    | 'notices'
    | 'due'
    | 'next'
    | 'retry'
    | 'counts'
    | 'lastSent'
    | 'active_counts',
    Statement
  >;

  constructor(private readonly database: Database) {
    database.sqlite.exec(`
      CREATE TABLE IF NOT EXISTS alert (
        id TEXT PRIMARY KEY, station TEXT NOT NULL, parameter TEXT NOT NULL, rule TEXT NOT NULL, severity TEXT NOT NULL,
        state TEXT NOT NULL, opened_at INTEGER NOT NULL, alert TEXT NOT NULL) STRICT, WITHOUT ROWID;
      CREATE INDEX IF NOT EXISTS alert_series ON alert (station, parameter, rule, opened_at);
      CREATE INDEX IF NOT EXISTS alert_standing ON alert (opened_at) WHERE ${STANDING};
      CREATE UNIQUE INDEX IF NOT EXISTS one_standing_alert ON alert (station, parameter, rule) WHERE ${STANDING};
      CREATE TABLE IF NOT EXISTS rule_state (
        station TEXT NOT NULL, parameter TEXT NOT NULL, rule TEXT NOT NULL, newest INTEGER NOT NULL, over INTEGER NOT NULL,
        inside INTEGER NOT NULL, alert TEXT, PRIMARY KEY (station, parameter, rule)) STRICT, WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS notice (
        id TEXT PRIMARY KEY, alert TEXT NOT NULL, recipient TEXT NOT NULL, mail TEXT NOT NULL, reason TEXT NOT NULL,
        state TEXT NOT NULL, attempts INTEGER NOT NULL, next_at INTEGER NOT NULL, created_at INTEGER NOT NULL,
        arrived_at INTEGER NOT NULL, sent_at INTEGER, error TEXT) STRICT;
      CREATE INDEX IF NOT EXISTS notice_waiting ON notice (next_at, created_at) WHERE state = 'waiting';
      CREATE INDEX IF NOT EXISTS notice_state ON notice (state, sent_at);
      CREATE INDEX IF NOT EXISTS notice_created ON notice (created_at);
    `);
    const p = (sql: string): Statement => database.prepare(sql);
    this.sql = {
      state: p('SELECT newest, over, inside, alert FROM rule_state WHERE station = ? AND parameter = ? AND rule = ?'),
      putState: p('REPLACE INTO rule_state (station, parameter, rule, newest, over, inside, alert) VALUES (?, ?, ?, ?, ?, ?, ?)'),
      put: p(`INSERT INTO alert (id, station, parameter, rule, severity, state, opened_at, alert) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET severity = excluded.severity, state = excluded.state, alert = excluded.alert`),
      find: p('SELECT alert FROM alert WHERE id = ?'),
      active: p(`SELECT alert FROM alert WHERE ${STANDING} ORDER BY opened_at DESC, id LIMIT ?`),
      all: p('SELECT alert FROM alert ORDER BY opened_at DESC, id LIMIT ?'),
      previous: p('SELECT max(opened_at) AS at FROM alert WHERE station = ? AND parameter = ? AND rule = ? AND opened_at < ?'),
      addNotice:
        p(`INSERT OR IGNORE INTO notice (id, alert, recipient, mail, reason, state, attempts, next_at, created_at, arrived_at, sent_at, error)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
      updateNotice: p('UPDATE notice SET state = ?, attempts = ?, next_at = ?, sent_at = ?, error = ? WHERE id = ?'),
      findNotice: p('SELECT * FROM notice WHERE id = ?'),
      notices: p('SELECT * FROM notice ORDER BY created_at DESC, rowid DESC LIMIT ?'),
      due: p(`SELECT * FROM notice WHERE state = 'waiting' AND next_at <= ? ORDER BY created_at, rowid LIMIT ?`),
      next: p(`SELECT min(next_at) AS at FROM notice WHERE state = 'waiting'`),
      retry: p(`UPDATE notice SET next_at = 0 WHERE state = 'waiting'`),
      counts: p('SELECT state, count(*) AS n FROM notice GROUP BY state'),
      lastSent: p(`SELECT max(sent_at) AS at FROM notice WHERE state = 'sent'`),
      active_counts: p(`SELECT severity, count(*) AS n FROM alert WHERE ${STANDING} GROUP BY severity`),
    };
  }

  state(station: string, parameter: string, rule: string): LimitState | undefined {
    const row = this.sql.state.get(station, parameter, rule) as
      (Omit<LimitState, 'alert'> & { alert: string | null }) | undefined;
    if (row === undefined) return undefined;
    return {
      newest: row.newest,
      over: row.over,
      inside: row.inside,
      alert: row.alert === null ? null : (this.find(row.alert) ?? null),
    };
  }

  putState(station: string, parameter: string, rule: string, state: LimitState): void {
    const newest = Number.isFinite(state.newest) ? state.newest : -NEVER;
    this.sql.putState.run(station, parameter, rule, newest, state.over, state.inside, state.alert?.id ?? null);
  }

  put(alert: Alert): void {
    const { id, station, parameter, rule, severity, state, openedAt } = alert;
    this.sql.put.run(id, station, parameter, rule, severity, state, openedAt, JSON.stringify(alert));
  }

  find(id: string): Alert | undefined {
    const row = this.sql.find.get(id) as { alert: string } | undefined;
    return row && (JSON.parse(row.alert) as Alert);
  }

  list(which: 'active' | 'all', limit: number): Alert[] {
    const rows = (which === 'active' ? this.sql.active : this.sql.all).all(limit) as { alert: string }[];
    return rows.map((row) => JSON.parse(row.alert) as Alert);
  }

  previous(station: string, parameter: string, rule: string, before: Instant): Instant | null {
    return (this.sql.previous.get(station, parameter, rule, before) as { at: number | null }).at;
  }

  addNotice(n: Notice): void {
    this.sql.addNotice.run(
      n.id,
      n.alert,
      n.recipient,
      JSON.stringify(n.mail),
      n.reason,
      n.state,
      n.attempts,
      n.nextAt,
      n.createdAt,
      n.arrivedAt,
      n.sentAt,
      n.error,
    );
  }

  updateNotice(n: Notice): void {
    this.sql.updateNotice.run(n.state, n.attempts, n.nextAt, n.sentAt, n.error, n.id);
  }

  findNotice(id: string): Notice | undefined {
    const row = this.sql.findNotice.get(id) as NoticeRow | undefined;
    return row && notice(row);
  }

  notices(limit: number): Notice[] {
    return (this.sql.notices.all(limit) as unknown as NoticeRow[]).map(notice);
  }

  dueNotices(now: Instant, limit: number): Notice[] {
    return (this.sql.due.all(now, limit) as unknown as NoticeRow[]).map(notice);
  }

  nextNoticeAt(): Instant | null {
    return (this.sql.next.get() as { at: number | null }).at;
  }

  retryAll(): void {
    this.database.transact(() => this.sql.retry.run());
  }

  noticeCounts(): Record<Notice['state'], number> {
    const counts = { waiting: 0, sent: 0, failed: 0 };
    for (const row of this.sql.counts.all() as { state: Notice['state']; n: number }[]) counts[row.state] = row.n;
    return counts;
  }

  lastSentAt(): Instant | null {
    return (this.sql.lastSent.get() as { at: number | null }).at;
  }

  activeCounts(): Record<Alert['severity'], number> {
    const counts = Object.fromEntries(SEVERITIES.map((severity) => [severity, 0])) as Record<Alert['severity'], number>;
    for (const row of this.sql.active_counts.all() as { severity: Alert['severity']; n: number }[]) counts[row.severity] = row.n;
    return counts;
  }
}
