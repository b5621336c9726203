/** Which messages of a station are missing, by the numbers it gives them? */
import type { Instant } from './time.js';

/** Messages that follow each other by number, as they arrived. */
export interface Run {
  readonly first: number;
  readonly last: number;
  /** Measured time of its first message; `null` when that was refused. */
  readonly time: Instant | null;
  /** Newest measured time in it; `null` when none was taken. */
  readonly newest: Instant | null;
  /** True when the device named no time: then `time` is the arrival and says nothing of the order of sending. */
  readonly timeless: boolean;
  readonly received: Instant;
}

/** Numbers that have not come: both ends are missing. */
export interface Hole {
  readonly first: number;
  readonly last: number;
  /** Which numbering they belong to: a device begins a new one when it restarts. */
  readonly epoch: number;
  /** Arrival of the last message before, and of the one after it. */
  readonly after: Instant;
  readonly before: Instant;
}

/** What is known of a station's numbers. */
export interface Numbering {
  readonly epoch: number;
  /** Measured time at which this numbering began. */
  readonly started: Instant;
  readonly highest: number;
  /** Newest measured time so far. */
  readonly newest: Instant;
  /** Arrival of `highest`. */
  readonly received: Instant;
  /** Oldest first. */
  readonly holes: readonly Hole[];
  /** Missing messages whose holes are no longer kept one by one. */
  readonly forgotten: number;
}

/** A longer leap is another way of numbering, not that many lost messages. */
export const LEAP = 1_000_000;

/** Holes of a station that are kept one by one; the oldest go and stay counted. */
export const MOST_HOLES = 500;

/**
 * Follows a run of messages; give runs in the order of arrival, repetitions too.
 *
 * A number above the highest leaves a hole; one inside a hole closes it; one that came before is a repetition. A number that
 * is not above the highest but was measured after everything so far is a device that has begun again: that is no hole, and
 * what is still missing of the numbering before may yet come.
 */
export function follow(numbering: Numbering | null, run: Run): Numbering {
  if (numbering === null) return begin(run, 0, [], 0);
  const { epoch, started, highest, newest, holes } = numbering;
  if (run.time !== null && !run.timeless && run.time < started) return close(numbering, run, (hole) => hole.epoch < epoch);
  const isInHole = holes.some((hole) => hole.epoch === epoch && run.first >= hole.first && run.first <= hole.last);
  const isLater = run.time !== null && run.time > newest && !(run.timeless && isInHole);
  if ((run.first <= highest && isLater) || run.first > highest + LEAP) {
    return begin(run, epoch + 1, holes, numbering.forgotten);
  }
  const closed = run.first <= highest ? close(numbering, run, (hole) => hole.epoch === epoch) : numbering;
  if (run.last <= highest) return closed;
  const missing = run.first > highest + 1;
  const hole = { first: highest + 1, last: run.first - 1, epoch, after: numbering.received, before: run.received };
  return keep({
    ...closed,
    highest: run.last,
    newest: Math.max(newest, run.newest ?? newest),
    received: run.received,
    holes: missing ? [...closed.holes, hole] : closed.holes,
  });
}

/** How many messages are missing now. */
export const missingMessages = (numbering: Numbering): number =>
  numbering.holes.reduce((sum, hole) => sum + sizeOf(hole), numbering.forgotten);

/** Messages of a hole. */
export const sizeOf = ({ first, last }: Pick<Hole, 'first' | 'last'>): number => last - first + 1;

function begin(run: Run, epoch: number, holes: readonly Hole[], forgotten: number): Numbering {
  const { last: highest, received } = run;
  const started = run.time ?? Number.MIN_SAFE_INTEGER;
  return { epoch, started, highest, newest: run.newest ?? started, received, holes, forgotten };
}

function close(numbering: Numbering, { first, last }: Run, eligible: (hole: Hole) => boolean): Numbering {
  if (!numbering.holes.some((hole) => eligible(hole) && hole.first <= last && hole.last >= first)) return numbering;
  const holes = numbering.holes.flatMap((hole) => {
    if (!eligible(hole) || hole.first > last || hole.last < first) return [hole];
    return [
      { ...hole, last: first - 1 },
      { ...hole, first: last + 1 },
    ].filter((rest) => rest.first <= rest.last);
  });
  return keep({ ...numbering, holes });
}

function keep(numbering: Numbering): Numbering {
  const over = numbering.holes.length - MOST_HOLES;
  if (over <= 0) return numbering;
  const gone = numbering.holes.slice(0, over).reduce((sum, hole) => sum + sizeOf(hole), 0);
  return { ...numbering, holes: numbering.holes.slice(over), forgotten: numbering.forgotten + gone };
}
