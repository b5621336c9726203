/** How is an accepted batch kept until everybody has read it? */
import type { JudgedReading } from '../../domain/reading.js';
import { type Consumer, CONSUMERS, type LogBatch, type ReadingLog } from '../../pipeline/stores.js';
import type { Database, Statement } from './database.js';
import { type Rest, restOf } from './rest.js';

/**
 * Values of the newest batches that are kept decoded in memory, so that consumers which keep up read nothing from disk. What
 * all of them have passed is let go at once: objects that die young cost the collector nothing.
 */
const TAIL_VALUES = 50_000;

type Row = [station: string, source: string, time: number, received: number, values: Value[]];
type Value = [parameter: string, value: number, mark: string, quality: string, checks: readonly string[], rest?: Rest | number];

/**
 * Readings of one message share their head; a batch is the list of messages, as JSON. Written by hand where nothing can need
 * escaping: ids, codes, sources, marks and qualities are plain words of the config and of closed sets.
 */
function encode(readings: readonly JudgedReading[]): string {
  let text = '[';
  let head: JudgedReading | undefined;
  for (const r of readings) {
    const rest = restOf(r);
    const checks = r.checks.length === 0 ? '[]' : JSON.stringify(r.checks);
    const more = rest === null ? checks : `${checks},${JSON.stringify(rest)}`;
    const value = `["${r.parameter}",${r.value},"${r.mark}","${r.quality}",${more}]`;
    if (head && head.station === r.station && head.time === r.time && head.source === r.source && head.received === r.received) {
      text += `,${value}`;
    } else {
      text += `${head === undefined ? '' : ']],'}["${r.station}","${r.source}",${r.time},${r.received},[${value}`;
      head = r;
    }
  }
  return head === undefined ? '[]' : `${text}]]]`;
}

function decode(text: string): JudgedReading[] {
  return (JSON.parse(text) as Row[]).flatMap(([station, source, time, received, values]) =>
    values.map(
      ([parameter, value, mark, quality, checks, rest]) =>
        ({
          ...{ station, parameter, time, value, mark, source, quality, checks, received },
          // Layout 1 knew the sampling time only.
          ...(typeof rest === 'number' ? { sampled: rest } : rest),
        }) as JudgedReading,
    ),
  );
}

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
  private tail: LogBatch[] = [];
  private tailValues = 0;

  constructor(private readonly database: Database) {
    database.sqlite.exec(`
      CREATE TABLE IF NOT EXISTS log (seq INTEGER PRIMARY KEY, size INTEGER NOT NULL, batch TEXT NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS cursor (consumer TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    `);
    this.insert = database.prepare('INSERT INTO log (seq, size, batch) VALUES (?, ?, ?)');
    this.select = database.prepare('SELECT seq, size, batch FROM log WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?');
    if (database.prepare("SELECT 1 FROM pragma_table_info('cursor') WHERE name = 'passed'").get() === undefined) {
      // A state file of before: only differences count, so what is still there is enough to begin with.
      database.sqlite.exec(`
        ALTER TABLE cursor ADD COLUMN passed INTEGER NOT NULL DEFAULT 0;
        UPDATE cursor SET passed = (SELECT coalesce(sum(size), 0) FROM log WHERE log.seq <= cursor.seq);
      `);
    }
    this.move = database.prepare(
      'INSERT INTO cursor (consumer, seq, passed) VALUES (?, ?, ?) ' +
        'ON CONFLICT (consumer) DO UPDATE SET seq = excluded.seq, passed = excluded.passed',
    );
    this.forget = database.prepare('DELETE FROM log WHERE seq <= ?');
    this.count = database.prepare('SELECT coalesce(sum(size), 0) AS n FROM log WHERE seq > ? AND seq <= ?');
    const rows = database.prepare('SELECT consumer, seq, passed FROM cursor').all() as {
      consumer: Consumer;
      seq: number;
      passed: number;
    }[];
    const kept = new Map(rows.map((row) => [row.consumer, row]));
    this.cursors = new Map(CONSUMERS.map((consumer) => [consumer, kept.get(consumer)?.seq ?? 0]));
    this.passed = new Map(CONSUMERS.map((consumer) => [consumer, kept.get(consumer)?.passed ?? 0]));
    const ends = database.prepare('SELECT min(seq) AS low, max(seq) AS high FROM log').get() as {
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
    this.insert.run(seq, readings.length, encode(readings));
    this.newest = seq;
    this.appended += readings.length;
    this.tail.push({ seq, readings });
    this.tailValues += readings.length;
    while (this.tailValues > TAIL_VALUES && this.tail.length > 1) this.tailValues -= this.tail.shift()!.readings.length;
    return seq;
  }

  rewind(head: number): void {
    this.newest = head;
    for (const { seq, readings } of this.tail) if (seq > head) this.appended -= readings.length;
    this.tail = this.tail.filter((batch) => batch.seq <= head);
    this.tailValues = this.tail.reduce((n, batch) => n + batch.readings.length, 0);
  }

  read(after: number, upTo: number, max: number): LogBatch[] {
    const batches: LogBatch[] = [];
    let values = 0;
    const first = this.tail[0]?.seq ?? Number.POSITIVE_INFINITY;
    if (after + 1 >= first) {
      for (let i = after + 1 - first; i < this.tail.length; i++) {
        const batch = this.tail[i]!;
        if (batch.seq > upTo || (values > 0 && values + batch.readings.length > max)) break;
        batches.push(batch);
        values += batch.readings.length;
      }
      return batches;
    }
    for (let at = after; values < max;) {
      const row = this.select.get(at, Math.min(upTo, first - 1), 1) as { seq: number; size: number; batch: string } | undefined;
      if (row === undefined || (values > 0 && values + row.size > max)) break;
      batches.push({ seq: row.seq, readings: decode(row.batch) });
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
    for (; n < this.tail.length && this.tail[n]!.seq <= all; n++) this.tailValues -= this.tail[n]!.readings.length;
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
    return this.tail.slice(after + 1 - first, upTo + 1 - first).reduce((n, batch) => n + batch.readings.length, 0);
  }

  prune(): void {
    const passed = Math.min(...this.cursors.values());
    if (passed < this.oldest) return;
    this.database.transact(() => this.forget.run(passed));
    this.oldest = passed + 1;
  }
}
