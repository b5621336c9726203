/** How do a device's mark and our quality fit into one byte? */
import { type Mark, MARKS, QUALITY, type Quality } from '../../domain/reading.js';

const QUALITIES = Object.keys(QUALITY) as Quality[];
const MARK_AT = Object.fromEntries(MARKS.map((mark, i) => [mark, i])) as Record<Mark, number>;
const QUALITY_AT = Object.fromEntries(QUALITIES.map((quality, i) => [quality, i * 16])) as Record<Quality, number>;

/** Both in one byte; what is stored depends on the order of the two sets, which only grow at their ends. */
export const flagsOf = (mark: Mark, quality: Quality): number => MARK_AT[mark] + QUALITY_AT[quality];
export const markIn = (flags: number): Mark => MARKS[flags & 15]!;
export const qualityIn = (flags: number): Quality => QUALITIES[flags >> 4]!;
