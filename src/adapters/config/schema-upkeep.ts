/** Which keys say how instruments are compared with the laboratory, and what is done at them how often? */
import { z } from 'zod';
import { DEFAULT_COMPARISON } from '../../domain/default-upkeep.js';
import { MEDIA, type Medium } from '../../domain/station.js';
import { UPKEEP_TASKS } from '../../domain/upkeep/plan.js';
import { above0, count, listOf, text } from './fields.js';
import { mapping } from './mapping.js';

/** One band of a tolerance; exactly one of `relative`, `absolute` and `both` says how it is held. */
const band = mapping({
  /** Laboratory values up to this, in the parameter's unit; left out: all above the band before. */
  upTo: above0.optional(),
  /** Percent of the laboratory value. */
  relative: above0.optional(),
  /** In the parameter's unit. */
  absolute: above0.optional(),
  /** Enough that both values lie in the band (near the detection limit). */
  both: z.literal(true).optional(),
});

export const comparisonEntry = mapping({
  dueDays: count(1, 3660).default(DEFAULT_COMPARISON.dueDays),
  aroundMinutes: count(1, 1440).default(DEFAULT_COMPARISON.aroundMinutes),
  tolerances: z
    .array(
      mapping({
        parameter: text,
        media: listOf(z.enum(MEDIA)),
        bands: z.array(band).min(1, 'must hold at least one band'),
        citation: text,
        grade: z.enum(['transcribed', 'own']),
      }),
    )
    .default([]),
});

/** What is done at a station's instruments, and after how many days again. */
export const plannedTasks = z.array(mapping({ task: z.enum(UPKEEP_TASKS), everyDays: count(1, 3660) }));

/** The plan of each medium, where a station says nothing else. */
export const upkeepEntry = mapping({
  'surface-water': plannedTasks.optional(),
  'drinking-water': plannedTasks.optional(),
  sewage: plannedTasks.optional(),
  dust: plannedTasks.optional(),
  air: plannedTasks.optional(),
} satisfies Record<Medium, unknown>);

export type ComparisonEntry = z.infer<typeof comparisonEntry>;
export type PlannedTasks = z.infer<typeof plannedTasks>;
export type UpkeepEntry = z.infer<typeof upkeepEntry>;
