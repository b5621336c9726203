/** What alerts stand, what does each rule remember, and what has not been told yet? */
import { type Alert, SEVERITIES, stands } from '../../domain/alerting/alert.js';
import type { Change } from '../../domain/alerting/signal.js';
import type { Instant, Span } from '../../domain/time.js';
import type { AlertStore, Announcement } from '../../pipeline/alerting/alert-stores.js';
import type { Database, Statement } from './database.js';
import { moveOldAlerts } from './old-alerts.js';

const STANDING = `state NOT IN ('resolved', 'closed')`;

const OF = 'subject = ? AND parameter = ? AND rule = ?';

interface AnnouncementRow {
  readonly seq: number;
  readonly what: Change['what'];
  readonly alert: string;
  readonly at: number;
  readonly seen: number;
  readonly arrived: number;
}

/** Alerts, the memory of the rules and announcements in SQLite. A parameter that is none is kept as an empty text. */
export class SqliteAlertStore implements AlertStore {
  private readonly sql: Record<
    | 'memory'
    | 'putMemory'
    | 'put'
    | 'find'
    | 'standing'
    | 'openings'
    | 'active'
    | 'all'
    | 'within'
    | 'previous'
    | 'announce'
    | 'announcements'
    | 'forget'
    | 'counts',
    Statement
  >;

  constructor(database: Database) {
    database.sqlite.exec(`
      CREATE TABLE IF NOT EXISTS episode (
        id TEXT PRIMARY KEY, subject TEXT NOT NULL, station TEXT, parameter TEXT NOT NULL, rule TEXT NOT NULL,
        severity TEXT NOT NULL, state TEXT NOT NULL, opened_at INTEGER NOT NULL, ended_at INTEGER, alert TEXT NOT NULL)
        STRICT, WITHOUT ROWID;
      CREATE INDEX IF NOT EXISTS episode_subject ON episode (subject, parameter, rule, opened_at);
      CREATE INDEX IF NOT EXISTS episode_opened ON episode (opened_at);
      CREATE INDEX IF NOT EXISTS episode_station ON episode (station, opened_at);
      CREATE UNIQUE INDEX IF NOT EXISTS one_standing_episode ON episode (subject, parameter, rule) WHERE ${STANDING};
      CREATE TABLE IF NOT EXISTS rule_memory (
        subject TEXT NOT NULL, parameter TEXT NOT NULL, rule TEXT NOT NULL, memory TEXT NOT NULL,
        PRIMARY KEY (subject, parameter, rule)) STRICT, WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS announcement (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, what TEXT NOT NULL, alert TEXT NOT NULL, at INTEGER NOT NULL,
        seen INTEGER NOT NULL, arrived INTEGER NOT NULL) STRICT;
    `);
    const p = (sql: string): Statement => database.prepare(sql);
    this.sql = {
      memory: p(`SELECT memory FROM rule_memory WHERE ${OF}`),
      putMemory: p('REPLACE INTO rule_memory (subject, parameter, rule, memory) VALUES (?, ?, ?, ?)'),
      put: p(`INSERT INTO episode (id, subject, station, parameter, rule, severity, state, opened_at, ended_at, alert)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET
        severity = excluded.severity, state = excluded.state, ended_at = excluded.ended_at, alert = excluded.alert`),
      find: p('SELECT alert FROM episode WHERE id = ?'),
      standing: p(`SELECT alert FROM episode WHERE ${OF} AND ${STANDING}`),
      openings: p(`SELECT opened_at AS at FROM episode WHERE ${OF} AND opened_at >= ? ORDER BY opened_at DESC`),
      active: p(`SELECT alert FROM episode WHERE ${STANDING} ORDER BY opened_at DESC, id LIMIT ?`),
      all: p('SELECT alert FROM episode ORDER BY opened_at DESC, id LIMIT ?'),
      within: p(`SELECT alert FROM episode WHERE opened_at < ?1 AND (ended_at IS NULL OR ended_at >= ?2)
        AND (?3 IS NULL OR station = ?3) ORDER BY opened_at DESC, id LIMIT ?4`),
      previous: p(`SELECT max(opened_at) AS at FROM episode WHERE ${OF} AND opened_at < ?`),
      announce: p('INSERT INTO announcement (what, alert, at, seen, arrived) VALUES (?, ?, ?, ?, ?)'),
      announcements: p('SELECT * FROM announcement ORDER BY seq LIMIT ?'),
      forget: p('DELETE FROM announcement WHERE seq <= ?'),
      counts: p(`SELECT severity, count(*) AS n FROM episode WHERE ${STANDING} GROUP BY severity`),
    };
    moveOldAlerts(
      database,
      (alert) => this.put(alert),
      (station, parameter, rule, memory) => this.putMemory(station, parameter, rule, memory),
    );
  }

  memory(subject: string, parameter: string | null, rule: string): string | undefined {
    return (this.sql.memory.get(subject, parameter ?? '', rule) as { memory: string } | undefined)?.memory;
  }

  putMemory(subject: string, parameter: string | null, rule: string, memory: string): void {
    this.sql.putMemory.run(subject, parameter ?? '', rule, memory);
  }

  put(alert: Alert): void {
    const { id, subject, station, parameter, rule, severity, state, openedAt, resolvedAt, history } = alert;
    const ended = stands(alert) ? null : (resolvedAt ?? history.at(-1)?.at ?? openedAt);
    this.sql.put.run(id, subject, station, parameter ?? '', rule, severity, state, openedAt, ended, JSON.stringify(alert));
  }

  find(id: string): Alert | undefined {
    return one(this.sql.find.get(id));
  }

  standing(subject: string, parameter: string | null, rule: string): Alert | undefined {
    return one(this.sql.standing.get(subject, parameter ?? '', rule));
  }

  openings(subject: string, parameter: string | null, rule: string, since: Instant): Instant[] {
    return (this.sql.openings.all(subject, parameter ?? '', rule, since) as { at: number }[]).map(({ at }) => at);
  }

  list(which: 'active' | 'all', limit: number): Alert[] {
    return many((which === 'active' ? this.sql.active : this.sql.all).all(limit));
  }

  within({ from, to }: Span, station: string | null, limit: number): Alert[] {
    return many(this.sql.within.all(to, from, station, limit));
  }

  previous(subject: string, parameter: string | null, rule: string, before: Instant): Instant | null {
    return (this.sql.previous.get(subject, parameter ?? '', rule, before) as { at: number | null }).at;
  }

  announce({ what, alert, at }: Change, seen: Instant, arrivedAt: Instant): void {
    this.sql.announce.run(what, JSON.stringify(alert), at, seen, arrivedAt);
  }

  announcements(limit: number): Announcement[] {
    return (this.sql.announcements.all(limit) as unknown as AnnouncementRow[]).map(({ seq, what, alert, at, seen, arrived }) => ({
      seq,
      change: { what, alert: JSON.parse(alert) as Alert, at },
      at: seen,
      arrivedAt: arrived,
    }));
  }

  forgetAnnouncements(upTo: number): void {
    this.sql.forget.run(upTo);
  }

  activeCounts(): Record<Alert['severity'], number> {
    const counts = Object.fromEntries(SEVERITIES.map((severity) => [severity, 0])) as Record<Alert['severity'], number>;
    for (const row of this.sql.counts.all() as { severity: Alert['severity']; n: number }[]) counts[row.severity] = row.n;
    return counts;
  }
}

const one = (row: unknown): Alert | undefined =>
  row === undefined ? undefined : (JSON.parse((row as { alert: string }).alert) as Alert);

const many = (rows: unknown[]): Alert[] => (rows as { alert: string }[]).map(({ alert }) => JSON.parse(alert) as Alert);
