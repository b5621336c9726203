/** Whose messages are missing, and whose clock is wrong? What was heard at the intake → what is known of each device. */
import { follow, missingMessages, type Numbering } from '../../domain/numbering.js';
import { type ClockFinding, type ClockMemory, diagnose, NO_CLOCK, observe } from '../../domain/quality/clock.js';
import type { Site } from '../../domain/site.js';
import { type Instant, MINUTE } from '../../domain/time.js';
import type { Clock } from '../ports.js';
import type { Heard } from '../hearing.js';
import type { Ledger, Transact } from '../stores.js';

/** Commits of one transaction. */
const CHUNK = 500;

/** Where a device's cadence is unknown. */
const USUAL_CADENCE = 5 * MINUTE;

/** What is known of a station's device. */
export interface DeviceRecord {
  /** `null` while it has numbered nothing. */
  readonly numbering: Numbering | null;
  readonly clock: ClockMemory;
  readonly finding: ClockFinding | null;
}

const NEW: DeviceRecord = { numbering: null, clock: NO_CLOCK, finding: null };

/** What is known of each device; durable with the transaction it is called in. */
export interface DeviceRecords {
  find(station: string): DeviceRecord | undefined;
  put(station: string, record: DeviceRecord): void;
}

/** Keeps the device records, apart from the way of the values: each commit is looked at exactly once, also after a crash. */
export class RollCall {
  constructor(
    private readonly site: Site,
    private readonly ledger: Ledger,
    private readonly records: DeviceRecords,
    private readonly transact: Transact,
    private readonly clock: Clock,
  ) {}

  /** Looks at what waits; false when nothing more does. */
  step(): boolean {
    const waiting = this.ledger.heard(CHUNK);
    if (waiting === null) return false;
    const now = this.clock.now();
    this.transact(() => {
      const changed = new Map<string, DeviceRecord>();
      for (const heard of waiting.heard) {
        const known = changed.get(heard.station) ?? this.records.find(heard.station);
        changed.set(heard.station, this.take(known ?? NEW, heard));
      }
      for (const [station, record] of changed) this.records.put(station, { ...record, finding: this.find(record, now) });
      this.ledger.forgetHeard(waiting.upTo);
    });
    return true;
  }

  /** What is wrong with a station's clock now. */
  finding(station: string): ClockFinding | null {
    const record = this.records.find(station);
    return record === undefined ? null : this.find(record, this.clock.now());
  }

  /** Does a station's device name no time of its own? Then the arrival stands for it. */
  isTimeless(station: string): boolean {
    return this.records.find(station)?.clock.timeless ?? false;
  }

  /** Missing messages of every station that numbers its messages. */
  missing(): Record<string, number> {
    const numbered = [...this.site.stations.keys()].flatMap((id) => {
      const numbering = this.records.find(id)?.numbering;
      return numbering === null || numbering === undefined ? [] : [[id, missingMessages(numbering)] as const];
    });
    return Object.fromEntries(numbered);
  }

  private take(record: DeviceRecord, { station, runs, signs }: Heard): DeviceRecord {
    const cadence = this.cadence(station);
    return {
      ...record,
      numbering: runs.reduce(follow, record.numbering),
      clock: signs.reduce((memory, sign) => observe(memory, sign, cadence), record.clock),
    };
  }

  /** A finding that stays the same in kind keeps the moment since which it holds. */
  private find({ clock, finding: before }: DeviceRecord, now: Instant): ClockFinding | null {
    const finding = diagnose(clock, now);
    const lasts = finding !== null && before?.kind === finding.kind && finding.kind !== 'burst';
    return lasts ? { ...finding, since: Math.min(before.since, finding.since) } : finding;
  }

  private cadence(station: string): number {
    const parameters = this.site.stations.get(station)?.parameters ?? [];
    return parameters.length === 0 ? USUAL_CADENCE : Math.min(...parameters.map((p) => p.cadence)) * MINUTE;
  }
}
