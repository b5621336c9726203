/** What arrived, what became of it, and what was refused? */
import { createHash } from 'node:crypto';
import { DAY, type Instant, type LocalDate } from '../../domain/time.js';
import type { Heard } from '../../pipeline/hearing.js';
import type { Counts, KeptRefusal, Ledger, OneKind, RefusedPayload, WhichRefusals } from '../../pipeline/stores.js';
import type { Database, Statement } from './database.js';
import { packHeard, unpackHeard } from './heard.js';

/** How long the content of a message without a time is remembered, to know it again. */
const ARRIVALS_KEPT = 7 * DAY;

const COLUMNS = ['received', 'stored', 'duplicate', 'corrected', 'rejected', 'pending'] as const;

interface Refused {
  id: number;
  received: number;
  topic: string;
  station: string | null;
  reason: RefusedPayload['reason'];
  detail: string;
  n: number;
  payload: Uint8Array;
  message: number | null;
  arrived: number | null;
  accepted: string | null;
}

const kept = ({ n, message, arrived, accepted, ...row }: Refused): KeptRefusal => ({
  ...row,
  values: n,
  messageId: message,
  message: arrived === null ? null : { received: arrived, accepted: accepted === null ? [] : (JSON.parse(accepted) as string[]) },
});

/** Receipts by arrival day and rejections with their payloads, in SQLite. */
export class SqliteLedger implements Ledger {
  private readonly add: Statement;
  private readonly day: Statement;
  private readonly sum: Statement;
  private readonly insertRefused: Statement;
  private readonly listRefused: Statement;
  private readonly refused: Statement;
  private readonly refusedTogether: Statement;
  private readonly dropRefused: Statement;
  private readonly nameMessage: Statement;
  private readonly addHeard: Statement;
  private readonly nextHeard: Statement;
  private readonly dropHeard: Statement;
  private readonly arrival: Statement;
  private readonly addArrival: Statement;
  private lastMessage: { readonly is: RefusedPayload['message']; readonly id: number } | null = null;

  /** `quota` bytes of refused payloads are kept; beyond it the oldest go and are counted. */
  constructor(
    private readonly database: Database,
    private readonly quota: number,
  ) {
    database.sqlite.exec(`
      CREATE TABLE IF NOT EXISTS receipt (
        day TEXT NOT NULL, station TEXT NOT NULL, ${COLUMNS.map((c) => `${c} INTEGER NOT NULL`).join(', ')},
        PRIMARY KEY (day, station)) STRICT, WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS rejection (
        id INTEGER PRIMARY KEY, received INTEGER NOT NULL, topic TEXT NOT NULL, station TEXT, reason TEXT NOT NULL,
        detail TEXT NOT NULL, n INTEGER NOT NULL, payload BLOB NOT NULL,
        message INTEGER, arrived INTEGER, accepted TEXT) STRICT;
      CREATE TABLE IF NOT EXISTS heard (id INTEGER PRIMARY KEY, entries TEXT NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS arrival (
        station TEXT NOT NULL, seq INTEGER NOT NULL, content TEXT NOT NULL, time INTEGER NOT NULL,
        PRIMARY KEY (station, seq, content)) STRICT, WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS rejection_overflow (one INTEGER PRIMARY KEY CHECK (one = 1), payloads INTEGER NOT NULL) STRICT;
    `);
    if (database.prepare("SELECT 1 FROM pragma_table_info('rejection') WHERE name = 'message'").get() === undefined) {
      // A state file of before: what it refused is shown, but the message cannot be put together again.
      for (const column of ['message INTEGER', 'arrived INTEGER', 'accepted TEXT'])
        database.sqlite.exec(`ALTER TABLE rejection ADD COLUMN ${column}`);
    }
    database.sqlite.exec('CREATE INDEX IF NOT EXISTS rejection_message ON rejection (message)');
    this.add = database.prepare(`INSERT INTO receipt (day, station, ${COLUMNS.join(', ')}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (day, station) DO UPDATE SET ${COLUMNS.map((c) => `${c} = ${c} + excluded.${c}`).join(', ')}`);
    this.day = database.prepare(`SELECT station, ${COLUMNS.join(', ')} FROM receipt WHERE day = ?`);
    this.sum = database.prepare(`SELECT ${COLUMNS.map((c) => `coalesce(sum(${c}), 0) AS ${c}`).join(', ')} FROM receipt`);
    this.insertRefused = database.prepare(
      `INSERT INTO rejection (received, topic, station, reason, detail, n, payload, message, arrived, accepted)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.refused = database.prepare(`SELECT * FROM rejection
      WHERE id > ? AND (? IS NULL OR reason = ?) AND (? IS NULL OR station = ?) AND coalesce(arrived, received) >= ?
      ORDER BY id LIMIT ?`);
    this.refusedTogether = database.prepare('SELECT * FROM rejection WHERE message = ? ORDER BY id');
    this.dropRefused = database.prepare('DELETE FROM rejection WHERE id = ?');
    this.nameMessage = database.prepare('UPDATE rejection SET message = ? WHERE id = ?');
    this.addHeard = database.prepare('INSERT INTO heard (entries) VALUES (?)');
    this.nextHeard = database.prepare('SELECT id, entries FROM heard ORDER BY id LIMIT ?');
    this.dropHeard = database.prepare('DELETE FROM heard WHERE id <= ?');
    this.listRefused = database.prepare(`SELECT * FROM rejection
      WHERE (?1 IS NULL OR reason = ?1) AND (?2 IS NULL OR station = ?2) ORDER BY id DESC LIMIT ?3`);
    this.arrival = database.prepare('SELECT time FROM arrival WHERE station = ? AND seq = ? AND content = ?');
    this.addArrival = database.prepare('INSERT INTO arrival (station, seq, content, time) VALUES (?, ?, ?, ?)');
  }

  count(day: LocalDate, station: string | null, delta: Partial<Counts>): void {
    this.add.run(day, station ?? '', ...COLUMNS.map((column) => delta[column] ?? 0));
  }

  counts(day: LocalDate): Map<string, Counts> {
    const rows = this.day.all(day) as unknown as ({ station: string } & Counts)[];
    return new Map(rows.map(({ station, ...counts }) => [station, counts]));
  }

  totals(): Counts {
    return { ...(this.sum.get() as Counts) };
  }

  refuse(refused: RefusedPayload): void {
    const { received, topic, station, reason, detail, values, payload, message } = refused;
    const accepted = message === null || message.accepted.length === 0 ? null : JSON.stringify(message.accepted);
    const together = message !== null && this.lastMessage?.is === message ? this.lastMessage.id : null;
    const arrived = message?.received ?? null;
    const { lastInsertRowid } = this.insertRefused.run(
      received,
      topic,
      station,
      reason,
      detail,
      values,
      payload,
      together,
      arrived,
      accepted,
    );
    if (message === null || together !== null) return;
    // The first refusal of a message names it.
    this.lastMessage = { is: message, id: Number(lastInsertRowid) };
    this.nameMessage.run(lastInsertRowid, lastInsertRowid);
  }

  refusals({ reason, station, since }: WhichRefusals, after: number, limit: number): KeptRefusal[] {
    const from = since ?? Number.MIN_SAFE_INTEGER;
    const one = [reason ?? null, reason ?? null, station ?? null, station ?? null] as const;
    return (this.refused.all(after, ...one, from, limit) as unknown as Refused[]).map(kept);
  }

  refusalsOf(messageId: number): KeptRefusal[] {
    return (this.refusedTogether.all(messageId) as unknown as Refused[]).map(kept);
  }

  withdraw(ids: readonly number[]): void {
    for (const id of ids) this.dropRefused.run(id);
  }

  hear(heard: readonly Heard[]): void {
    if (heard.length > 0) this.addHeard.run(packHeard(heard));
  }

  heard(max: number): { upTo: number; heard: Heard[] } | null {
    const rows = this.nextHeard.all(max) as { id: number; entries: string }[];
    if (rows.length === 0) return null;
    return { upTo: rows.at(-1)!.id, heard: rows.flatMap(({ entries }) => unpackHeard(entries)) };
  }

  forgetHeard(upTo: number): void {
    this.dropHeard.run(upTo);
  }

  rejections(limit: number, { reason, station }: OneKind = {}): KeptRefusal[] {
    return (this.listRefused.all(reason ?? null, station ?? null, limit) as unknown as Refused[]).map(kept);
  }

  firstArrival(station: string, seq: number, payload: Uint8Array, now: Instant): Instant {
    const content = createHash('sha256').update(payload).digest('base64');
    const known = this.arrival.get(station, seq, content) as { time: number } | undefined;
    if (known) return known.time;
    this.addArrival.run(station, seq, content, now);
    return now;
  }

  prune(now: Instant): void {
    this.database.transact(() => {
      this.database.prepare('DELETE FROM arrival WHERE time < ?').run(now - ARRIVALS_KEPT);
      // Newest first, summed until the quota is spent: what lies beyond it goes.
      const cut = this.database
        .prepare(
          `SELECT max(id) AS id FROM (SELECT id, sum(length(payload) + 200) OVER (ORDER BY id DESC) AS bytes FROM rejection) WHERE bytes > ?`,
        )
        .get(this.quota) as { id: number | null };
      if (cut.id === null) return;
      const { changes } = this.database.prepare('DELETE FROM rejection WHERE id <= ?').run(cut.id);
      this.database
        .prepare(
          'INSERT INTO rejection_overflow (one, payloads) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET payloads = payloads + excluded.payloads',
        )
        .run(changes);
    });
  }
}
