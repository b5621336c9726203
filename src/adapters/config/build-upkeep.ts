/** How do the entries of comparisons and of the maintenance plan become what upkeep reads? */
import { DEFAULT_COMPARISON } from '../../domain/default-upkeep.js';
import { MEDIA, type Medium } from '../../domain/station.js';
import type { ComparisonSettings } from '../../domain/upkeep/comparison.js';
import type { PlannedTask } from '../../domain/upkeep/plan.js';
import type { ComparisonEntry, UpkeepEntry } from './schema-upkeep.js';

/** The schema has filled in what was left out; each band holds one of its three kinds. */
export function buildComparison(entry: ComparisonEntry | undefined): ComparisonSettings {
  if (entry === undefined) return DEFAULT_COMPARISON;
  return {
    dueDays: entry.dueDays,
    aroundMinutes: entry.aroundMinutes,
    tolerances: entry.tolerances.map(({ bands, ...tolerance }) => ({
      ...tolerance,
      bands: bands.map(({ upTo = null, relative, absolute }) =>
        relative !== undefined
          ? { upTo, kind: 'relative' as const, within: relative }
          : absolute !== undefined
            ? { upTo, kind: 'absolute' as const, within: absolute }
            : { upTo, kind: 'both' as const, within: 0 },
      ),
    })),
  };
}

/** By medium; of one that is left out nothing is planned. */
export const buildUpkeep = (entry: UpkeepEntry | undefined): ReadonlyMap<Medium, readonly PlannedTask[]> =>
  new Map(MEDIA.flatMap((medium) => (entry?.[medium] ? [[medium, entry[medium]] as const] : [])));
