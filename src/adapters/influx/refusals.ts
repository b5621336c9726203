/** InfluxDB answers 400: are the values at fault, or it itself? */
import type { JudgedReading } from '../../domain/reading.js';
import { ArchiveError } from '../../pipeline/ports.js';

/** A reading that InfluxDB refuses, and why. */
export type Culprit = ArchiveError['culprits'][number];

/**
 * What a 400 says, by its text (measured with 1.6.7; the words are the same up to 1.8):
 * `values`: lines of this write are refused, the others may be stored. `all`: every line is refused, for the same reason.
 * `too-old`: the same, since all lie before what its retention policy keeps. `elsewhere`: InfluxDB is full or set up wrong,
 * or it was not InfluxDB that answered (a proxy): the values are good and wait.
 */
export type Meaning = 'values' | 'all' | 'too-old' | 'elsewhere';

const RETENTION = /beyond retention policy/;
const OF_VALUES = /partial write|unable to parse|field type conflict/;
/** `max-series-per-database limit exceeded`, `max-values-per-tag limit exceeded`: its settings, which somebody can raise. */
const OF_SETTINGS = /max-[a-z-]+ limit exceeded/;

/** Reads the text of a 400 to a write of so many lines. */
export function meaningOf(text: string, lines: number): Meaning {
  if (OF_SETTINGS.test(text) || !(OF_VALUES.test(text) || RETENTION.test(text))) return 'elsewhere';
  // Without "partial" nothing could be read, and nothing is stored. `dropped` is low when there are several reasons, never high.
  const every = /dropped=(\d+)/.exec(text)?.[1] === String(lines) || !text.includes('partial write');
  if (!every) return 'values';
  return RETENTION.test(text) ? 'too-old' : 'all';
}

/** Values that may be refused in a row, over any number of writes, before InfluxDB itself is at fault. */
const IN_A_ROW = 20;

/**
 * Where InfluxDB refuses value after value of several series and takes none between them, something is wrong with it (a
 * field of another type that somebody else has written, a proxy with rules of its own), and setting aside reading after
 * reading would empty the archive into the rejections. A single series may be refused for ever.
 */
export class Suspicion {
  private inARow = 0;
  private readonly series = new Set<string>();

  /** Hears how a write ended. Throws an `ArchiveError` to retry once it is InfluxDB that is at fault; then nothing was refused. */
  hear(taken: number, refused: readonly Culprit[]): void {
    // What is too old says nothing: a backfill may be, as a whole.
    const odd = refused.filter(({ reason }) => reason !== 'too-old');
    if (taken > 0) this.forget();
    else {
      this.inARow += odd.length;
      for (const { reading } of odd) this.series.add(seriesOf(reading));
    }
    if (this.inARow <= IN_A_ROW || this.series.size < 2) return;
    throw new ArchiveError(
      `InfluxDB REFUSES EVERYTHING: more than ${IN_A_ROW} values of several series in a row, and took none; they wait. It says: ${odd.at(-1)?.why ?? ''}`,
      true,
    );
  }

  private forget(): void {
    this.inARow = 0;
    this.series.clear();
  }
}

const seriesOf = ({ station, parameter, source }: JudgedReading): string => JSON.stringify([station, parameter, source]);
