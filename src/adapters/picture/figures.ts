/** How are figures written without any font? As strokes. */
import type { Raster } from './raster.js';

type Stroke = readonly (readonly [number, number])[];

/** Width of a figure and of the gap behind it, in its own units; a figure is 6 high. */
const WIDE = 4;
const GAP = 2;
const HIGH = 6;

const SIX: Stroke = [
  [3.6, 0.4],
  [2.7, 0],
  [1.5, 0],
  [0.4, 1],
  [0, 2.6],
  [0, 4.9],
  [1, 6],
  [3, 6],
  [4, 4.9],
  [4, 3.7],
  [3, 2.7],
  [1, 2.7],
  [0, 3.7],
];

/** The strokes of each sign in a field of 4 × 6, the upper left corner (0, 0). */
const SIGNS: Readonly<Record<string, { readonly wide: number; readonly strokes: readonly Stroke[] }>> = {
  '0': {
    wide: WIDE,
    strokes: [
      [
        [1, 0],
        [3, 0],
        [4, 1.2],
        [4, 4.8],
        [3, 6],
        [1, 6],
        [0, 4.8],
        [0, 1.2],
        [1, 0],
      ],
    ],
  },
  '1': {
    wide: WIDE,
    strokes: [
      [
        [0.8, 1.2],
        [2.2, 0],
        [2.2, 6],
      ],
    ],
  },
  '2': {
    wide: WIDE,
    strokes: [
      [
        [0, 1.2],
        [1, 0],
        [3, 0],
        [4, 1],
        [4, 2.1],
        [0, 6],
        [4, 6],
      ],
    ],
  },
  '3': {
    wide: WIDE,
    strokes: [
      [
        [0, 1],
        [1, 0],
        [3, 0],
        [4, 1],
        [4, 2],
        [3, 2.9],
        [1.6, 2.9],
      ],
      [
        [3, 2.9],
        [4, 3.9],
        [4, 5],
        [3, 6],
        [1, 6],
        [0, 5],
      ],
    ],
  },
  '4': {
    wide: WIDE,
    strokes: [
      [
        [3.1, 6],
        [3.1, 0],
        [0, 4.3],
        [4.2, 4.3],
      ],
    ],
  },
  '5': {
    wide: WIDE,
    strokes: [
      [
        [3.8, 0],
        [0.4, 0],
        [0.2, 2.7],
        [1.2, 2.2],
        [2.9, 2.2],
        [4, 3.3],
        [4, 4.9],
        [3, 6],
        [1, 6],
        [0, 5],
      ],
    ],
  },
  '6': { wide: WIDE, strokes: [SIX] },
  '7': {
    wide: WIDE,
    strokes: [
      [
        [0, 0],
        [4, 0],
        [1.5, 6],
      ],
    ],
  },
  '8': {
    wide: WIDE,
    strokes: [
      [
        [1, 0],
        [3, 0],
        [3.8, 0.9],
        [3.8, 2],
        [3, 2.9],
        [1, 2.9],
        [0.2, 2],
        [0.2, 0.9],
        [1, 0],
      ],
      [
        [1, 2.9],
        [0, 3.9],
        [0, 5],
        [1, 6],
        [3, 6],
        [4, 5],
        [4, 3.9],
        [3, 2.9],
      ],
    ],
  },
  '9': { wide: WIDE, strokes: [SIX.map(([x, y]) => [WIDE - x, HIGH - y] as const)] },
  '.': {
    wide: 0.6,
    strokes: [
      [
        [0.3, 5.8],
        [0.3, 6],
      ],
    ],
  },
  ':': {
    wide: 0.6,
    strokes: [
      [
        [0.3, 1.9],
        [0.3, 2.1],
      ],
      [
        [0.3, 4.9],
        [0.3, 5.1],
      ],
    ],
  },
  '-': {
    wide: WIDE,
    strokes: [
      [
        [0.6, 3.2],
        [3.4, 3.2],
      ],
    ],
  },
};

/** How wide a text of figures becomes, pixels, at `size` pixels of height. Signs without strokes take no place. */
export function widthOf(text: string, size: number): number {
  const units = [...text].reduce((sum, sign) => sum + (SIGNS[sign] === undefined ? 0 : SIGNS[sign].wide + GAP), 0);
  return (Math.max(0, units - GAP) * size) / HIGH;
}

/** Writes digits, points, colons and minus signs; (`x`, `y`) is the upper left corner. */
export function write(raster: Raster, text: string, x: number, y: number, size: number, thick: number, ink: number): void {
  const unit = size / HIGH;
  let pen = x;
  for (const sign of text) {
    const shape = SIGNS[sign];
    if (shape === undefined) continue;
    for (const stroke of shape.strokes) {
      for (let i = 1; i < stroke.length; i++) {
        const [from, to] = [stroke[i - 1]!, stroke[i]!];
        raster.line(pen + from[0] * unit, y + from[1] * unit, pen + to[0] * unit, y + to[1] * unit, thick, ink);
      }
    }
    pen += (shape.wide + GAP) * unit;
  }
}
