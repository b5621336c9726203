/** How do values from a file get in? As every value does, through the log; compared first with what is held. */
import type { AuditEvent } from '../../domain/audit.js';
import { grossRange } from '../../domain/quality/intake.js';
import type { JudgedReading, Reading, RejectionReason } from '../../domain/reading.js';
import type { Site } from '../../domain/site.js';
import { DAY, datesOf, type Instant, isoTime, MINUTE } from '../../domain/time.js';
import { type Archive, ArchiveError, type Clock, Refusal } from '../ports.js';
import type { Audit, Ledger, ReadingLog, Transact, WorkingSet } from '../stores.js';

/** How far ahead of the clock a value may lie, as on every other way in (contract §3). */
const AHEAD = 10 * MINUTE;

/**
 * What a value is beside what is held: nothing under its key (`new`), the same value and mark (`duplicate`), another one
 * (`different`: it becomes a correction), or not known while the archive is away (`unknown`).
 */
export type Standing = 'new' | 'duplicate' | 'different' | 'unknown';

/** A value that is not taken, and why. */
export interface RefusedValue {
  /** Its place in the list. */
  readonly index: number;
  readonly reason: RejectionReason;
  readonly detail: string;
}

/** What came of a list of values. */
export interface Imported {
  /** How many are in the log now. */
  readonly taken: number;
  /** Of each value in turn; of a refused one too, by its key. */
  readonly standings: Standing[];
  readonly refused: RefusedValue[];
}

/** Who brings values, from where, and whether they are only to be looked at. */
export interface Offer {
  readonly dryRun: boolean;
  /** The account. */
  readonly by: string;
  /** Name of the file, as the audit trail tells it. */
  readonly file: string;
}

/**
 * Takes values that people bring: laboratory results, old data of instruments. They go into the log in one transaction with
 * their counts (promise 2) and an entry of the audit trail, so that a list is taken whole or not at all, and end like any value: a second import of the same
 * file makes duplicates. What is refused is told to the one who asked and is not counted: it was never received.
 *
 * A device has not sent them: they say nothing of its clock or its numbers, and old data of an instrument count as arrived
 * when they were measured, so that an import does not pass for a sign of life.
 */
export class Import {
  constructor(
    private readonly site: Site,
    private readonly log: ReadingLog,
    private readonly ledger: Ledger,
    private readonly audit: Audit,
    private readonly workingSet: WorkingSet,
    private readonly archive: Archive,
    private readonly transact: Transact,
    private readonly clock: Clock,
    /** Why nothing is taken now, in words; `null` while all is well. */
    private readonly closed: () => string | null,
    private readonly appended: () => void,
  ) {}

  /** Compares the values with what is held and, unless `dryRun`, takes those that may be. Throws `Refusal` when nothing is taken now. */
  async run(readings: readonly Reading[], { dryRun, by, file }: Offer): Promise<Imported> {
    const refused = readings.flatMap((reading, index) => this.refuse(reading, index) ?? []);
    const standings = await this.compare(readings);
    if (dryRun) return { taken: 0, standings, refused };
    const closed = this.closed();
    if (closed !== null) throw new Refusal('unavailable', `现在不接收数据:${closed}`);
    const out = new Set(refused.map(({ index }) => index));
    return {
      taken: this.take(
        readings.filter((_, i) => !out.has(i)),
        by,
        file,
      ),
      standings,
      refused,
    };
  }

  private refuse({ station, parameter, time, value }: Reading, index: number): RefusedValue | null {
    const now = this.clock.now();
    const { retentionDays } = this.site.settings;
    const no = (reason: RejectionReason, detail: string): RefusedValue => ({ index, reason, detail });
    if (!this.site.stations.has(station)) return no('unknown-station', `配置里没有站点 ${station}`);
    if (!this.site.parameters.has(parameter)) return no('unknown-parameter', `配置里没有指标 ${parameter}`);
    if (!Number.isFinite(value)) return no('not-a-number', '不是有限的数值');
    if (time > now + AHEAD) return no('from-the-future', `${isoTime(time, this.site.calendar)} 在未来`);
    if (retentionDays !== null && time < now - retentionDays * DAY) {
      return no('too-old', `${isoTime(time, this.site.calendar)} 早于保存期限 ${retentionDays} 天`);
    }
    return null;
  }

  /** What is at hand is newer than the archive, which follows it. */
  private async compare(readings: readonly Reading[]): Promise<Standing[]> {
    const near = readings.map(
      ({ station, parameter, source, time }) =>
        this.workingSet.rows({ station, parameter, from: time, to: time + 1 }, source, 1)[0],
    );
    const far = readings.flatMap((reading, i) => (near[i] === undefined && reading.time < this.workingSet.floor() ? [i] : []));
    const held = await this.archive.find(far.map((i) => readings[i]!)).catch((error: unknown) => {
      if (error instanceof ArchiveError) return null;
      throw error;
    });
    const farHeld = new Map(far.map((i, n) => [i, held === null ? 'unknown' : held[n]] as const));
    return readings.map((reading, i) => {
      const found = near[i] ?? farHeld.get(i);
      if (found === 'unknown') return 'unknown';
      if (found === undefined) return 'new';
      return found.value === reading.value && found.mark === reading.mark ? 'duplicate' : 'different';
    });
  }

  private entry(readings: readonly Reading[], by: string, file: string, at: Instant): AuditEvent {
    const stations = new Set(readings.map(({ station }) => station));
    const times = readings.map(({ time }) => time);
    const [from, to] = [Math.min(...times), Math.max(...times)].map((time) => isoTime(time, this.site.calendar));
    return {
      at,
      who: by,
      action: 'values-imported',
      what: `import/${file}`,
      station: stations.size === 1 ? readings[0]!.station : null,
      before: null,
      after: { source: readings[0]!.source, values: readings.length, from, to },
      reason: '',
    };
  }

  private take(readings: readonly Reading[], by: string, file: string): number {
    if (readings.length === 0) return 0;
    const now = this.clock.now();
    const judged = readings.map((reading): JudgedReading => {
      const { quality, checks } = grossRange(reading.value, reading.mark, this.site.parameters.get(reading.parameter)!);
      return { ...reading, quality, checks, received: reading.source === 'sensor' ? Math.min(reading.time, now) : now };
    });
    const dayOf = datesOf(this.site.calendar);
    const counts = new Map<string, { day: string; station: string; n: number }>();
    for (const { received, station } of judged) {
      const day = dayOf(received);
      const count = counts.get(`${day} ${station}`);
      if (count) count.n++;
      else counts.set(`${day} ${station}`, { day, station, n: 1 });
    }
    const head = this.log.head();
    try {
      this.transact(() => {
        this.log.append(judged);
        this.audit.record(this.entry(judged, by, file, now));
        for (const { day, station, n } of counts.values()) this.ledger.count(day, station, { received: n, pending: n });
      });
    } catch (error) {
      this.log.rewind(head);
      throw error;
    }
    this.appended();
    return judged.length;
  }
}
