/** How is an accepted batch kept until everybody has read it? */
import type { JudgedReading } from '../../domain/reading.js';
import { type Consumer, CONSUMERS, type LogBatch, type ReadingLog } from '../../pipeline/stores.js';
import { Batch } from './batch.js';
import type { Database, Statement } from './database.js';
import { moveOldLog } from './old-layout.js';

/**
 * Values of the newest batches that are kept in memory, so that consumers which keep up read nothing from disk. What all of
 * them have passed is let go at once.
 */
const TAIL_VALUES = 50_000;

/** The log in SQLite: one row a batch. */
export class SqliteReadingLog implements ReadingLog {
  private readonly insert: Statement;
  private readonly select: Statement;
  private readonly move: Statement;
  private readonly forget: Statement;
  private readonly count: Statement;
  private readonly cursors: Map<Consumer, number>;
  /** Values ever appended, and of them those that each consumer has passed: the difference waits. */
  private appended: number;
  private readonly passed: Map<Consumer, number>;
  private newest: number;
  private oldest: number;
  private tail: Batch[] = [];
  private tailValues = 0;

  constructor(private readonly database: Database) {
    database.sqlite.exec(`
      CREATE TABLE IF NOT EXISTS log_batch (seq INTEGER PRIMARY KEY, size INTEGER NOT NULL, batch BLOB NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS cursor (consumer TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    `);
    this.insert = database.prepare('INSERT INTO log_batch (seq, size, batch) VALUES (?, ?, ?)');
    moveOldLog(database, (seq, readings) => this.insert.run(seq, readings.length, Batch.of(seq, readings).bytes));
    this.select = database.prepare('SELECT seq, size, batch FROM log_batch WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?');
    if (database.prepare("SELECT 1 FROM pragma_table_info('cursor') WHERE name = 'passed'").get() === undefined) {
      // A state file of before: only differences count, so what is still there is enough to begin with.
      database.sqlite.exec(`
        ALTER TABLE cursor ADD COLUMN passed INTEGER NOT NULL DEFAULT 0;
        UPDATE cursor SET passed = (SELECT coalesce(sum(size), 0) FROM log_batch l WHERE l.seq <= cursor.seq);
      `);
    }
    this.move = database.prepare(
      'INSERT INTO cursor (consumer, seq, passed) VALUES (?, ?, ?) ' +
        'ON CONFLICT (consumer) DO UPDATE SET seq = excluded.seq, passed = excluded.passed',
    );
    this.forget = database.prepare('DELETE FROM log_batch WHERE seq <= ?');
    this.count = database.prepare('SELECT coalesce(sum(size), 0) AS n FROM log_batch WHERE seq > ? AND seq <= ?');
    const rows = database.prepare('SELECT consumer, seq, passed FROM cursor').all() as {
      consumer: Consumer;
      seq: number;
      passed: number;
    }[];
    const kept = new Map(rows.map((row) => [row.consumer, row]));
    this.cursors = new Map(CONSUMERS.map((consumer) => [consumer, kept.get(consumer)?.seq ?? 0]));
    this.passed = new Map(CONSUMERS.map((consumer) => [consumer, kept.get(consumer)?.passed ?? 0]));
    const ends = database.prepare('SELECT min(seq) AS low, max(seq) AS high FROM log_batch').get() as {
      low: number | null;
      high: number | null;
    };
    // The log may be empty because everybody has read it: numbering goes on where the cursors stand.
    this.newest = ends.high ?? Math.max(0, ...this.cursors.values());
    this.oldest = ends.low ?? this.newest + 1;
    // Counted from the foremost cursor, behind which little waits: a long log is not read through at the start.
    const foremost = CONSUMERS.reduce((a, b) => (this.cursor(b) > this.cursor(a) ? b : a));
    this.appended = this.passed.get(foremost)! + this.sum(this.cursor(foremost), this.newest);
  }

  append(readings: readonly JudgedReading[]): number {
    const seq = this.newest + 1;
    const batch = Batch.of(seq, readings);
    this.insert.run(seq, batch.size, batch.bytes);
    this.newest = seq;
    this.appended += batch.size;
    this.tail.push(batch);
    this.tailValues += batch.size;
    while (this.tailValues > TAIL_VALUES && this.tail.length > 1) this.tailValues -= this.tail.shift()!.size;
    return seq;
  }

  rewind(head: number): void {
    this.newest = head;
    for (const { seq, size } of this.tail) if (seq > head) this.appended -= size;
    this.tail = this.tail.filter((batch) => batch.seq <= head);
    this.tailValues = this.tail.reduce((n, batch) => n + batch.size, 0);
  }

  read(after: number, upTo: number, max: number): LogBatch[] {
    const batches: LogBatch[] = [];
    let values = 0;
    const first = this.tail[0]?.seq ?? Number.POSITIVE_INFINITY;
    if (after + 1 >= first) {
      for (let i = after + 1 - first; i < this.tail.length; i++) {
        const batch = this.tail[i]!;
        if (batch.seq > upTo || (values > 0 && values + batch.size > max)) break;
        batches.push(batch);
        values += batch.size;
      }
      return batches;
    }
    for (let at = after; values < max;) {
      const row = this.select.get(at, Math.min(upTo, first - 1), 1) as
        { seq: number; size: number; batch: Uint8Array } | undefined;
      if (row === undefined || (values > 0 && values + row.size > max)) break;
      batches.push(new Batch(row.seq, row.batch));
      values += row.size;
      at = row.seq;
    }
    return batches;
  }

  head(): number {
    return this.newest;
  }

  cursor(consumer: Consumer): number {
    return this.cursors.get(consumer)!;
  }

  advance(consumer: Consumer, seq: number): void {
    const before = this.cursor(consumer);
    const passedBefore = this.passed.get(consumer)!;
    this.database.onUndo(() => {
      this.cursors.set(consumer, before);
      this.passed.set(consumer, passedBefore);
    });
    const passed = passedBefore + this.sum(before, seq);
    this.move.run(consumer, seq, passed);
    this.cursors.set(consumer, seq);
    this.passed.set(consumer, passed);
    this.trim();
  }

  /** Lets go of the batches that everybody has passed; should that be undone, they are read from disk. */
  private trim(): void {
    const all = Math.min(...this.cursors.values());
    let n = 0;
    for (; n < this.tail.length && this.tail[n]!.seq <= all; n++) this.tailValues -= this.tail[n]!.size;
    if (n > 0) this.tail.splice(0, n);
  }

  waiting(consumer: Consumer): number {
    return this.appended - this.passed.get(consumer)!;
  }

  longest(): number {
    return this.appended - Math.min(...this.passed.values());
  }

  /** Values in the batches after `after` up to and with `upTo`. */
  private sum(after: number, upTo: number): number {
    if (after >= upTo) return 0;
    const first = this.tail[0]?.seq ?? Number.POSITIVE_INFINITY;
    if (after + 1 < first) return (this.count.get(after, upTo) as { n: number }).n;
    return this.tail.slice(after + 1 - first, upTo + 1 - first).reduce((n, batch) => n + batch.size, 0);
  }

  prune(): void {
    const passed = Math.min(...this.cursors.values());
    if (passed < this.oldest) return;
    this.database.transact(() => this.forget.run(passed));
    this.oldest = passed + 1;
  }
}
