/** How are smooth lines put on a sheet of pixels? */

/** Red, green, blue, 0–255. */
export type Colour = readonly [number, number, number];

/** Steps between paper and ink at the edges of a line. */
const STEPS = 12;

/**
 * A sheet of pixels that lines are drawn on; coordinates in pixels, (0, 0) the upper left corner. A pixel is one byte, a place
 * in the palette: a third of what colours would take, and encoded three times as fast.
 */
export class Raster {
  /** Places in the palette, row by row; 0 is paper. */
  readonly data: Uint8Array;

  constructor(
    readonly width: number,
    readonly height: number,
    private readonly paper: Colour,
    /** At most 20. Inks are named by their place. */
    private readonly inks: readonly Colour[],
  ) {
    this.data = new Uint8Array(width * height);
  }

  /** The paper, then of every ink its steps from faint to full. */
  get palette(): number[][] {
    const { paper } = this;
    const shades = this.inks.flatMap((ink) =>
      Array.from({ length: STEPS }, (_, i) =>
        ink.map((part, c) => Math.round(paper[c]! + ((part - paper[c]!) * (i + 1)) / STEPS)),
      ),
    );
    return [[...paper], ...shades];
  }

  /** A line with round ends, its edges smoothed. Both ends may be one point: a dot. */
  line(x0: number, y0: number, x1: number, y1: number, thick: number, ink: number): void {
    const reach = thick / 2;
    const left = Math.max(0, Math.floor(Math.min(x0, x1) - reach - 1));
    const right = Math.min(this.width - 1, Math.ceil(Math.max(x0, x1) + reach + 1));
    const top = Math.max(0, Math.floor(Math.min(y0, y1) - reach - 1));
    const bottom = Math.min(this.height - 1, Math.ceil(Math.max(y0, y1) + reach + 1));
    const dx = x1 - x0;
    const dy = y1 - y0;
    const square = dx * dx + dy * dy;
    for (let y = top; y <= bottom; y++) {
      for (let x = left; x <= right; x++) {
        const along = square === 0 ? 0 : Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) / square));
        const px = x - x0 - along * dx;
        const py = y - y0 - along * dy;
        const cover = reach + 0.5 - Math.sqrt(px * px + py * py);
        if (cover > 0) this.set(y * this.width + x, ink, cover);
      }
    }
  }

  /** A level line of whole pixels, `dash` pixels on and as many off; 0: unbroken. */
  level(x0: number, x1: number, y: number, thick: number, ink: number, dash = 0): void {
    const top = Math.round(y - thick / 2);
    const from = Math.round(x0);
    for (let row = Math.max(0, top); row < Math.min(this.height, top + thick); row++) {
      for (let x = Math.max(0, from); x < Math.min(this.width, x1); x++) {
        if (dash === 0 || Math.floor((x - from) / dash) % 2 === 0) this.set(row * this.width + x, ink, 1);
      }
    }
  }

  /** A faint edge gives way to whatever lies there more fully. */
  private set(i: number, ink: number, cover: number): void {
    const step = Math.min(STEPS, Math.round(cover * STEPS));
    const before = this.data[i]!;
    const there = before === 0 ? 0 : ((before - 1) % STEPS) + 1;
    if (step === 0 || (step < there && step * 2 < STEPS)) return;
    this.data[i] = ink * STEPS + step;
  }
}
