/** Which readings of a series are held by now? */
import type { JudgedReading, Source } from '../domain/reading.js';
import type { Archive, SeriesQuery } from './ports.js';
import type { WorkingSet } from './stores.js';

/**
 * The readings of a sensor's or a laboratory's series in `[from, to)`, in order of time: at hand, or from the archive with
 * what is at hand laid over it; at most `most` of each. Throws `ArchiveError` while old readings cannot be read.
 */
export async function heldReadings(
  workingSet: Pick<WorkingSet, 'rows' | 'floor'>,
  archive: Pick<Archive, 'readings'>,
  query: SeriesQuery,
  of: Source,
  most: number,
): Promise<JudgedReading[]> {
  const near = workingSet.rows(query, of, most);
  if (query.from >= workingSet.floor()) return near;
  const far = await archive.readings(query, most);
  return laidOver(
    far.filter(({ source }) => source === of),
    near,
  );
}

/** Readings of one series in the archive with those that are at hand laid over them, in order of time. */
export function laidOver(far: readonly JudgedReading[], near: readonly JudgedReading[]): JudgedReading[] {
  const byKey = new Map([...far, ...near].map((one) => [`${one.time} ${one.source}`, one]));
  return [...byKey.values()].sort((a, b) => a.time - b.time);
}
