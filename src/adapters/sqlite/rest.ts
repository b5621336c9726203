/** What do few readings have beyond what all have? It is kept apart, so that the others do not pay for it. */
import type { JudgedReading } from '../../domain/reading.js';

/** Fields of a reading that are nearly always absent. */
export type Rest = Pick<JudgedReading, 'sampled' | 'detection' | 'ruling' | 'amended'>;

/** Those a reading has, ready for JSON; `null` for nearly every reading. */
export function restOf({ sampled, detection, ruling, amended }: JudgedReading): Rest | null {
  if (sampled === undefined && detection === undefined && ruling === undefined && amended === undefined) return null;
  return {
    ...(sampled !== undefined && { sampled }),
    ...(detection !== undefined && { detection }),
    ...(ruling !== undefined && { ruling }),
    ...(amended !== undefined && { amended }),
  };
}
