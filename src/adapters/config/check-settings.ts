/** How does an operator set the checks of a series, and what holds where nothing is set? */
import { z } from 'zod';
import type { Checks } from '../../domain/quality/checks.js';
import { HOUR, MINUTE } from '../../domain/time.js';
import type { Entries, Loose, Place } from './entries.js';
import { quote, type Path } from './faults.js';
import { listed, type Known, type Note } from './findings.js';
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

type Settings = z.infer<typeof checksOverride>;
export type ChecksEntry = z.infer<typeof checksEntry>;

/** The checks of a series: what its station says, else its parameter, else nothing but gaps and sampling times. `cadence`: minutes. */
export function toChecks(parameter: Settings | undefined, station: Settings | undefined, cadence: number): Checks {
  const { gapMinutes, sampleAgeHours, spike, rate, flatLine, partOf, interference }: Settings = { ...parameter, ...station };
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

/** Faults of the checks that no single entry shows. */
export function checkCheckSettings(entries: Entries, known: Known, note: Note): void {
  const seen = new Map<string, string>();
  const all = entries.parameters.map(({ value }) => value.code);
  const checkOne = (place: Place, at: Path, own: string | undefined, set: Loose<Settings>): void => {
    const { flatLine, partOf, interference } = set;
    const refer = (code: string | undefined, key: Path): void => {
      if (code === undefined) return;
      if (code === own) note(place, [...at, ...key], `${code} cannot be held against itself`);
      else if (!known.parameter(code)) note(place, [...at, ...key], `no parameter ${quote(code)}; ${listed(all)}`);
    };
    refer(partOf, ['partOf']);
    if (typeof interference === 'object') refer(interference.by, ['interference', 'by']);
    if (typeof flatLine !== 'object') return;
    const { suspectHours, failHours } = flatLine;
    if (suspectHours !== undefined && failHours !== undefined && failHours <= suspectHours)
      note(place, [...at, 'flatLine', 'failHours'], `must be above suspectHours, ${suspectHours}; found ${failHours}`);
  };
  for (const entry of entries.checks) {
    const { parameter, ...set } = entry.value;
    if (parameter !== undefined) {
      if (!known.parameter(parameter)) note(entry, ['parameter'], `no parameter ${quote(parameter)}; ${listed(all)}`);
      const before = seen.get(parameter);
      if (before !== undefined)
        note(entry, ['parameter'], `the checks of ${parameter} are already in ${before}; they may stand only once`);
      seen.set(parameter, entry.file);
    }
    checkOne(entry, [], parameter, set);
  }
  for (const station of entries.stations) {
    station.value.parameters?.forEach((item, i) => {
      if (item?.checks) checkOne(station, ['parameters', i, 'checks'], item.parameter, item.checks);
    });
  }
}
