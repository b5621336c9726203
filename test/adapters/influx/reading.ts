/** A reading and a failure, for the tests of InfluxDB. */
import { expect } from '@jest/globals';
import type { JudgedReading } from '../../../src/domain/reading.js';
import { ArchiveError } from '../../../src/pipeline/ports.js';

/** Midnight of the site's calendar. */
export const T0 = Date.parse('2026-11-23T00:00:00+08:00');

/** `over` replaces fields. */
export const reading = (over: Partial<JudgedReading> = {}): JudgedReading => ({
  station: 's1',
  parameter: 'nh3n',
  time: T0,
  value: 0.42,
  mark: 'N',
  source: 'sensor',
  quality: 'good',
  checks: [],
  received: T0 + 1234,
  ...over,
});

/** The `ArchiveError` that `work` fails with. */
export async function failureOf(work: Promise<unknown>): Promise<ArchiveError> {
  const error = await work.then(
    () => new Error('it succeeded'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ArchiveError);
  return error as ArchiveError;
}
