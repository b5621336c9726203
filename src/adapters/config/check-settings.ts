/** How does an operator set the checks of a series, and what holds where nothing is set? */
import { z } from 'zod';
import type { Checks } from '../../domain/quality/checks.js';
import { HOUR, MINUTE } from '../../domain/time.js';
import { mapping } from './mapping.js';

/** Cadences that may be missing between neighbours. */
const GAP_CADENCES = 3;
/** Hours for which a sampling instant is believed. */
const SAMPLE_AGE = 24;
/** Measurements that a flat line needs at least. */
const FLAT_MEASUREMENTS = 6;

const above0 = z.number().positive('must be a number above 0');
const orOff = <T extends z.ZodType>(schema: T) =>
  z.union([z.literal('off'), schema], `must be off or a mapping, e.g. { step: 2 }`);

const settings = {
  /** Minutes; left out: three cadences. */
  gapMinutes: above0.optional(),
  sampleAgeHours: above0.optional(),
  spike: orOff(mapping({ step: above0, factor: z.number().min(0, 'must not be below 0').optional() })).optional(),
  rate: orOff(mapping({ change: above0, minutes: above0 })).optional(),
  flatLine: orOff(
    mapping({
      tolerance: z.number().min(0, 'must not be below 0').optional(),
      measurements: z.number().int().min(2, 'must be a whole number from 2').optional(),
      suspectHours: above0,
      failHours: above0,
    }),
  ).optional(),
  partOf: z.string().optional(),
  interference: orOff(mapping({ by: z.string(), above: z.number() })).optional(),
};

/** The checks at one station that differ from those of its parameter. */
export const checksOverride = mapping(settings);
/** The checks of a parameter at every station. */
export const checksEntry = mapping({ parameter: z.string(), ...settings });

/** The checks of a series as the files hold them. */
export type CheckSettings = z.infer<typeof checksOverride>;
export type ChecksEntry = z.infer<typeof checksEntry>;

/** The checks of a series: what its station says, else its parameter, else nothing but gaps and sampling times. `cadence`: minutes. */
export function toChecks(parameter: CheckSettings | undefined, station: CheckSettings | undefined, cadence: number): Checks {
  const { gapMinutes, sampleAgeHours, spike, rate, flatLine, partOf, interference }: CheckSettings = { ...parameter, ...station };
  const on = <T>(setting: T | 'off' | undefined): T | null => (setting === undefined || setting === 'off' ? null : setting);
  const [jump, pace, flat] = [on(spike), on(rate), on(flatLine)];
  return {
    gap: (gapMinutes ?? GAP_CADENCES * cadence) * MINUTE,
    sampleAge: (sampleAgeHours ?? SAMPLE_AGE) * HOUR,
    spike: jump && { step: jump.step, factor: jump.factor ?? 0 },
    rate: pace && { change: pace.change, within: pace.minutes * MINUTE },
    flatLine: flat && {
      tolerance: flat.tolerance ?? 0,
      measurements: flat.measurements ?? FLAT_MEASUREMENTS,
      suspectAfter: flat.suspectHours * HOUR,
      failAfter: flat.failHours * HOUR,
    },
    partOf: partOf ?? null,
    interference: on(interference),
  };
}
