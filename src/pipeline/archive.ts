/** How does every value reach the archive once, and when is it counted? Log → archive, and the fate of each value. */
import type { Fate, JudgedReading, Settled } from '../domain/reading.js';
import type { Site } from '../domain/site.js';
import { datesOf, type Instant } from '../domain/time.js';
import { type Archive, ArchiveError, type Held, type Journal } from './ports.js';
import { type Counts, type Ledger, type LogBatch, NEVER, type ReadingLog, type Transact, type WorkingSet } from './stores.js';

/** Values of one write. */
const CHUNK = 1500;

/** Later than any reading, and within what a database of nanoseconds can be asked for. */
const FAR: Instant = Date.UTC(2200, 0);

/** Among so many readings at the beginning of a series there is one of a sensor. */
const LOOKED_THROUGH = 100;

type Ended = Fate | 'rejected';

/** A batch with fates that are open. */
interface OpenBatch extends LogBatch {
  readonly fates: (Settled | null)[];
}

/** Why a value was refused, and what stands under its key instead: an older value that the archive holds, or nothing. */
interface Refused {
  readonly why: string;
  readonly reason: ArchiveError['culprits'][number]['reason'];
  readonly instead: JudgedReading | null;
}

/** What an observer hears: outcomes of values, and how long a write took. */
export interface ArchiveWatcher {
  ended(outcome: Ended, values: number): void;
  /**
   * Runs `keep` and judges the values that it returns, in one transaction: they are at hand from then on. False, and nothing
   * done, while what is at hand is about to be amended.
   */
  judge(keep: () => readonly JudgedReading[]): boolean;
  /** Fates of readings that were assessed as open, within the transaction that keeps them: what was made without them is out of date. */
  told(came: readonly { readonly reading: JudgedReading; readonly fate: Settled }[]): void;
  /** Values that were taken back since the archive refused them, within the transaction: what was made of them is out of date. */
  withdrawn(readings: readonly JudgedReading[]): void;
  wrote(ms: number): void;
  up(up: boolean): void;
}

/**
 * Follows `settle`. Fates that only the archive can tell are looked up and committed first, with what is made of the winners,
 * which are at hand from then on; then the winners are written (idempotent); then, in one transaction, the values are counted
 * and the cursor moves. A crash between any two of these repeats the write and counts once.
 */
export class Archiver {
  /** What the archive answered about the open fates up to a batch, while they wait to be told: nobody else writes there. */
  private answer: { readonly upTo: number; readonly archived: readonly (Held | undefined)[] } | null = null;

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

  /**
   * Writes and counts the next chunk; false when there is none, or when amendments are still on their way to what is held.
   * Throws `ArchiveError` while the archive is away.
   */
  async step(): Promise<boolean> {
    const batches = this.log.read(this.log.cursor('archive'), this.answer?.upTo ?? this.log.cursor('settle'), CHUNK);
    if (batches.length === 0) return false;
    const fates = await this.fatesOf(batches);
    if (fates === null) return false;
    const readings = batches.flatMap((batch) => batch.readings);
    const refused = await this.write(readings.filter((_, i) => fates[i] !== 'duplicate' && fates[i] !== 'void'));
    const beginnings = await this.beginnings([...refused.keys()]);
    this.transact(() => {
      if (refused.size > 0) this.withdraw(refused, beginnings);
      this.count(batches, readings, fates, refused);
    });
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

  /** The fate of every value of the batches; those left open are looked up in the archive and committed. `null`: not yet. */
  private async fatesOf(batches: readonly LogBatch[]): Promise<Settled[] | null> {
    const kept = batches.map(({ seq, readings }) => ({ seq, readings, fates: this.workingSet.fatesOf(seq) }));
    const open = kept.filter((batch): batch is OpenBatch => batch.fates?.includes(null) === true);
    if (open.length > 0 && !(await this.tell(open))) return null;
    return kept.flatMap(({ readings, fates }) => (fates as Settled[] | undefined) ?? readings.map(() => 'stored' as const));
  }

  /** Tells the open fates of batches, and writes them into these; false, and nothing done, when that has to wait. */
  private async tell(batches: readonly OpenBatch[]): Promise<boolean> {
    const open = batches.flatMap(({ seq, readings, fates }) =>
      fates.flatMap((fate, i) => (fate === null ? [{ seq, fates, i, reading: readings[i]! }] : [])),
    );
    const readings = open.map(({ reading }) => reading);
    const upTo = batches.at(-1)!.seq;
    const archived = this.answer?.upTo === upTo ? this.answer.archived : await this.archive.find(readings);
    // Asked again each time, under load it would never find a moment in which no amendment is on its way.
    this.answer = { upTo, archived };
    const isTold = this.watcher.judge(() => {
      const told = this.workingSet.settleOld(readings, archived);
      const assessed = this.log.cursor('assess');
      open.forEach(({ fates, i }, n) => (fates[i] = told[n]!));
      for (const { seq, fates } of batches) this.workingSet.keepFates(seq, fates);
      const came = open.map(({ seq, reading }, n) => ({ seq, reading, fate: told[n]! }));
      // Whoever assesses them later finds the fates told.
      this.watcher.told(came.filter(({ seq }) => seq <= assessed));
      return came.flatMap(({ reading, fate }) => (fate === 'stored' || fate === 'corrected' ? [reading] : []));
    });
    if (isTold) this.answer = null;
    return isTold;
  }

  /** Writes, setting aside what the archive refuses for good. */
  private async write(readings: readonly JudgedReading[]): Promise<Map<JudgedReading, Refused>> {
    const refused = new Map<JudgedReading, Refused>();
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
      for (const { reading, why, reason } of error.culprits) {
        refused.set(reading, { why, reason, instead: await this.standing(reading) });
      }
      if (refused.size === 0) throw error;
      this.journal.warn(`the archive refused ${refused.size} values; they stand in the rejections: ${error.message}`);
    }
    this.watcher.wrote(performance.now() - started);
    return refused;
  }

  /** What the archive holds under the key of a value that it has refused. */
  private async standing({ station, parameter, source, time }: JudgedReading): Promise<JudgedReading | null> {
    const held = await this.archive.readings({ station, parameter, from: time, to: time + 1 }, 2);
    return held.find((reading) => reading.source === source) ?? null;
  }

  /** Where a station seemed to begin with a value that was refused: its earliest reading in the archive, `NEVER` without one. */
  private async beginnings(refused: readonly JudgedReading[]): Promise<Map<string, Instant>> {
    const beginnings = new Map<string, Instant>();
    for (const { station, time } of refused) {
      if (beginnings.has(station) || this.workingSet.station(station)?.earliest !== time) continue;
      let earliest: Instant = NEVER;
      for (const { parameter } of this.site.stations.get(station)?.parameters ?? []) {
        const first = await this.archive.readings({ station, parameter, from: time, to: FAR }, LOOKED_THROUGH);
        earliest = Math.min(earliest, first.find(({ source }) => source === 'sensor')?.time ?? NEVER);
      }
      beginnings.set(station, earliest);
    }
    return beginnings;
  }

  private count(
    batches: readonly LogBatch[],
    readings: readonly JudgedReading[],
    fates: readonly Settled[],
    refused: ReadonlyMap<JudgedReading, Refused>,
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
      if (count === undefined) {
        count = { pending: 0 };
        counts.set(reading.station, count);
      }
      const refusal = refused.get(reading);
      const outcome: Ended = refusal === undefined ? fate : 'rejected';
      count[outcome] = (count[outcome] ?? 0) + 1;
      count.pending -= 1;
      if (refusal !== undefined) this.refuse(reading, refusal);
    });
    for (const [day, counts] of days) for (const [station, delta] of counts) this.ledger.count(day, station, delta);
    // Assess tells by them what late values did; whoever comes second has no more use for them.
    const assessed = this.log.cursor('assess');
    for (const { seq } of batches) if (seq <= assessed) this.workingSet.forgetFates(seq);
    this.log.advance('archive', batches.at(-1)!.seq);
  }

  /**
   * Pages and verdicts must not hold what raw history does not. An alert that such a value has raised stands: people were
   * told of it, and the values that follow end it.
   */
  private withdraw(refused: ReadonlyMap<JudgedReading, Refused>, beginnings: ReadonlyMap<string, Instant>): void {
    for (const [reading, { instead }] of refused) this.workingSet.withdraw(reading, instead);
    for (const [station, elsewhere] of beginnings) this.workingSet.begin(station, elsewhere);
    this.watcher.withdrawn([...refused.keys()]);
  }

  private refuse(reading: JudgedReading, { why, reason }: Refused): void {
    const beyond =
      reason === 'too-old' ? '归档库的保留期已过 older than what the archive keeps' : '归档拒收 refused by the archive';
    this.ledger.refuse({
      received: reading.received,
      topic: `heqing/${reading.station}/readings`,
      station: reading.station,
      reason,
      detail: `${beyond}: ${why}`,
      values: 1,
      message: null,
      payload: new TextEncoder().encode(JSON.stringify({ time: reading.time, values: { [reading.parameter]: reading.value } })),
    });
  }
}
