/** How does every value reach the archive once, and when is it counted? Log → archive, and the fate of each value. */
import type { Fate, JudgedReading, RejectionReason, Settled } from '../domain/reading.js';
import type { Site } from '../domain/site.js';
import { datesOf } from '../domain/time.js';
import { type Archive, ArchiveError, type Journal } from './ports.js';
import { type Counts, type Ledger, type LogBatch, type ReadingLog, type Transact, type WorkingSet } from './stores.js';

/** Values of one write. */
const CHUNK = 5000;

type Ended = Fate | 'rejected';

/** What an observer hears: outcomes of values, and how long a write took. */
export interface ArchiveWatcher {
  ended(outcome: Ended, values: number): void;
  wrote(ms: number): void;
  up(up: boolean): void;
}

/**
 * Follows `settle`. Fates that only the archive can tell are looked up and committed first; then the winners are
 * written (idempotent); then, in one transaction, the values are counted and the cursor moves. A crash between any two of these
 * repeats the write and counts once.
 */
export class Archiver {
  constructor(
    private readonly site: Site,
    private readonly log: ReadingLog,
    private readonly workingSet: WorkingSet,
    private readonly archive: Archive,
    private readonly ledger: Ledger,
    private readonly transact: Transact,
    private readonly journal: Journal,
    private readonly watcher: ArchiveWatcher,
  ) {}

  /** Writes and counts the next chunk; false when there is none. Throws `ArchiveError` while the archive is away. */
  async step(): Promise<boolean> {
    const batches = this.log.read(this.log.cursor('archive'), this.log.cursor('settle'), CHUNK);
    if (batches.length === 0) return false;
    const fates = await this.fatesOf(batches);
    const readings = batches.flatMap((batch) => batch.readings);
    const refused = await this.write(readings.filter((_, i) => fates[i] !== 'duplicate' && fates[i] !== 'void'));
    this.transact(() => this.count(batches, readings, fates, refused));
    const ends = new Map<Ended, number>();
    readings.forEach((reading, i) => {
      const fate = fates[i]!;
      if (fate === 'amended' || fate === 'void') return;
      const outcome: Ended = refused.has(reading) ? 'rejected' : fate;
      ends.set(outcome, (ends.get(outcome) ?? 0) + 1);
    });
    for (const [outcome, n] of ends) this.watcher.ended(outcome, n);
    return true;
  }

  /** The fate of every value of the batches; those left open are looked up in the archive and committed. */
  private async fatesOf(batches: readonly LogBatch[]): Promise<Settled[]> {
    const all: Settled[] = [];
    for (const { seq, readings } of batches) {
      const kept = this.workingSet.fatesOf(seq);
      if (kept === undefined) {
        for (let i = 0; i < readings.length; i++) all.push('stored');
        continue;
      }
      const open = kept.flatMap((fate, i) => (fate === null ? [i] : []));
      if (open.length > 0) {
        const held = await this.archive.find(open.map((i) => readings[i]!));
        this.transact(() => {
          open.forEach((i, n) => {
            const reading = readings[i]!;
            const older = held[n];
            const isSame = older !== undefined && older.value === reading.value && older.mark === reading.mark;
            if (reading.amended !== undefined) kept[i] = isSame ? 'amended' : 'void';
            else if (older === undefined) kept[i] = 'stored';
            else if (isSame) kept[i] = 'duplicate';
            else kept[i] = this.workingSet.supersede(reading, older, reading) ? 'corrected' : 'duplicate';
          });
          this.workingSet.keepFates(seq, kept);
        });
      }
      all.push(...(kept as Settled[]));
    }
    return all;
  }

  /** Writes, setting aside what the archive refuses for good. */
  private async write(readings: readonly JudgedReading[]): Promise<Map<JudgedReading, string>> {
    const refused = new Map<JudgedReading, string>();
    if (readings.length === 0) return refused;
    const started = performance.now();
    try {
      await this.archive.write(readings);
      this.watcher.up(true);
    } catch (error) {
      if (!(error instanceof ArchiveError) || error.retry) {
        this.watcher.up(false);
        throw error;
      }
      for (const { reading, why } of error.culprits) refused.set(reading, why);
      if (refused.size === 0) throw error;
      this.journal.warn(`the archive refused ${refused.size} values; they stand in the rejections: ${error.message}`);
    }
    this.watcher.wrote(performance.now() - started);
    return refused;
  }

  private count(
    batches: readonly LogBatch[],
    readings: readonly JudgedReading[],
    fates: readonly Settled[],
    refused: ReadonlyMap<JudgedReading, string>,
  ): void {
    const days = new Map<string, Map<string, { -readonly [K in keyof Counts]?: number } & { pending: number }>>();
    const dayOf = datesOf(this.site.calendar);
    readings.forEach((reading, i) => {
      const fate = fates[i]!;
      // What is said of a value is no value (promise 2).
      if (fate === 'amended' || fate === 'void') return;
      const day = dayOf(reading.received);
      let counts = days.get(day);
      if (counts === undefined) {
        counts = new Map();
        days.set(day, counts);
      }
      let count = counts.get(reading.station);
      if (count === undefined) counts.set(reading.station, (count = { pending: 0 }));
      const why = refused.get(reading);
      const outcome: Ended = why === undefined ? fate : 'rejected';
      count[outcome] = (count[outcome] ?? 0) + 1;
      count.pending -= 1;
      if (why !== undefined) this.refuse(reading, why);
    });
    for (const [day, counts] of days) for (const [station, delta] of counts) this.ledger.count(day, station, delta);
    // Assess tells by them what late values did; whoever comes second has no more use for them.
    const assessed = this.log.cursor('assess');
    for (const { seq } of batches) if (seq <= assessed) this.workingSet.forgetFates(seq);
    this.log.advance('archive', batches.at(-1)!.seq);
  }

  private refuse(reading: JudgedReading, why: string): void {
    const reason: RejectionReason = 'not-a-number';
    this.ledger.refuse({
      received: reading.received,
      topic: `heqing/${reading.station}/readings`,
      station: reading.station,
      reason,
      detail: `归档拒收 refused by the archive: ${why}`,
      values: 1,
      message: null,
      payload: new TextEncoder().encode(JSON.stringify({ time: reading.time, values: { [reading.parameter]: reading.value } })),
    });
  }
}
