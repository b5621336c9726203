/** How are instruments compared where the config says nothing? */
import type { ComparisonSettings } from './upkeep/comparison.js';

/** Every sixty days by the readings of an hour; nothing is judged without a tolerance. */
export const DEFAULT_COMPARISON: ComparisonSettings = { dueDays: 60, aroundMinutes: 30, tolerances: [] };
