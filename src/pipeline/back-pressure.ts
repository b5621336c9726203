/** When must devices and broker keep their messages, because we could not? Disk nearly full, log too long, writing fails. */
import type { Instant } from '../domain/time.js';
import type { Clock, Disk, Journal, Tap } from './ports.js';
import type { ReadingLog } from './stores.js';

/** Where taking stops; from the settings of the config. */
export interface Floors {
  /** Bytes that stay free on the disk. */
  readonly diskFloorBytes: number;
  /** Percent of the disk that stays free; the lower of both floors binds, so that neither a huge nor a tiny disk stops early. */
  readonly diskFloorPercent: number;
  /** Values that may wait in the log for its slowest reader. */
  readonly logLimitValues: number;
}

/** What the intake says of its own writing. */
export interface Writing {
  /** Why the last commit failed; `null` when it did not. */
  readonly down: string | null;
  /** Writing works again, as a probe has shown. */
  mended(): void;
}

/** Taking starts again with so much more than the floor, and so much less than the limit: else it would flutter. */
const ABOVE_FLOOR = 1.25;
const BELOW_LIMIT = 0.8;

/**
 * Pages that the state file has given up can be filled again, so they count as free: else a log that once filled the
 * disk would block for ever, however empty it is by now. So much of the floor must be free outside the file all the
 * same, for the write-ahead log.
 */
const OUTSIDE = 1 / 8;

type Kind = 'disk' | 'log' | 'write';

/** A pause: since when, and why, in words that anybody may read. */
export interface Pause {
  readonly kind: Kind;
  readonly reason: string;
  readonly since: Instant;
}

/**
 * Closes the tap before acknowledged readings could meet a full disk, and opens it again by itself. `look` is called once
 * a second and before the tap is first opened; what was taken before stays good, and the readers of the log go on.
 */
export class BackPressure {
  private pause: Pause | null = null;

  constructor(
    private readonly floors: Floors,
    private readonly disk: Disk,
    private readonly log: Pick<ReadingLog, 'longest'>,
    private readonly writing: Writing,
    private readonly tap: Tap,
    private readonly clock: Clock,
    private readonly journal: Journal,
  ) {}

  /** Why nothing is taken; `null` while all is well. */
  get paused(): Pause | null {
    return this.pause;
  }

  /** Looks at disk, log and writing, and turns the tap where that has changed. */
  look(): void {
    const found = this.failing() ?? this.crowded() ?? this.long();
    const before = this.pause;
    if (found === null) {
      this.pause = null;
      if (before === null) return;
      this.journal.warn(`taking readings again: 恢复接收测值(曾暂停:${before.reason})`);
      this.tap.release();
      return;
    }
    this.pause = { ...found, since: before?.since ?? this.clock.now() };
    if (before?.kind === found.kind) return;
    this.journal.error(`readings are left with devices and broker: 暂停接收测值,${found.reason}`);
    this.tap.hold(found.reason);
  }

  /** A commit failed: is it the disk, and still? One message that cannot be worked with does not stop all others. */
  private failing(): { kind: Kind; reason: string } | null {
    const { down } = this.writing;
    if (down === null && this.pause?.kind !== 'write') return null;
    try {
      this.disk.tryToWrite();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return { kind: 'write', reason: `写不进数据盘,设备与代理保留消息 the disk cannot be written to: ${why}` };
    }
    this.writing.mended();
    // The line has heard of the failure too, and may not hear of another message for hours.
    if (this.pause === null) this.tap.release();
    return null;
  }

  private crowded(): { kind: Kind; reason: string } | null {
    const space = this.disk.space();
    if (space === null) return null;
    const floor = Math.min(this.floors.diskFloorBytes, (space.total * this.floors.diskFloorPercent) / 100);
    const mark = floor * (this.pause?.kind === 'disk' ? ABOVE_FLOOR : 1);
    if (space.free + space.reusable >= mark && space.free >= mark * OUTSIDE) return null;
    return {
      kind: 'disk',
      reason: `数据盘将满:剩 ${mebibytes(space.free)},须留 ${mebibytes(mark)};设备与代理保留消息 the disk is nearly full`,
    };
  }

  private long(): { kind: Kind; reason: string } | null {
    const waiting = this.log.longest();
    const mark = this.floors.logLimitValues * (this.pause?.kind === 'log' ? BELOW_LIMIT : 1);
    if (waiting <= mark) return null;
    return {
      kind: 'log',
      reason: `待归档的测值过多:${waiting} 条,上限 ${Math.floor(mark)};设备与代理保留消息 too many values wait in the log`,
    };
  }
}

const mebibytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(bytes < 10_485_760 ? 1 : 0)} MiB`;
