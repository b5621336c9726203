/** With which stroke is a section drawn, so that it is told from the others without its colour too? */

/** A stroke: the name of a token, its width in px, and lengths of dash and gap (none: a whole line). */
export interface Stroke {
  readonly token: 'muted' | 'ink' | 'warning' | 'water';
  readonly width: number;
  readonly dash: readonly number[];
}

/** What comes in is dotted, what goes out is whole and thick, what lies between is dashed. */
export const STROKES = {
  first: { token: 'muted', width: 2, dash: [2, 3] },
  between: { token: 'ink', width: 1.5, dash: [7, 3] },
  other: { token: 'warning', width: 1.5, dash: [10, 3, 2, 3] },
  last: { token: 'water', width: 2.25, dash: [] },
} as const satisfies Record<string, Stroke>;

/** The stroke of the section at a place in the flow. */
export function strokeOf(index: number, count: number): keyof typeof STROKES {
  if (index === count - 1) return 'last';
  if (index === 0) return 'first';
  return index % 2 === 1 ? 'between' : 'other';
}
