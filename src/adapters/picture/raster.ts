/** How are smooth lines put on a sheet of pixels? */

/** Red, green, blue, 0–255. */
export type Colour = readonly [number, number, number];

/** A sheet of pixels, RGB, that lines are drawn on; coordinates in pixels, (0, 0) the upper left corner. */
export class Raster {
  readonly data: Uint8Array;

  constructor(
    readonly width: number,
    readonly height: number,
    paper: Colour,
  ) {
    this.data = new Uint8Array(width * height * 3);
    for (let i = 0; i < this.data.length; i += 3) this.data.set(paper, i);
  }

  /** A line with round ends, its edges smoothed. Both ends may be one point: a dot. */
  line(x0: number, y0: number, x1: number, y1: number, thick: number, colour: Colour): void {
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
        const cover = Math.min(1, reach + 0.5 - Math.hypot(x - x0 - along * dx, y - y0 - along * dy));
        if (cover > 0) this.mix(x, y, colour, cover);
      }
    }
  }

  /** A level line of whole pixels, `dash` pixels on and as many off; 0: unbroken. */
  level(x0: number, x1: number, y: number, thick: number, colour: Colour, dash = 0): void {
    const top = Math.round(y - thick / 2);
    for (let x = Math.round(x0); x < x1; x++) {
      if (dash > 0 && Math.floor((x - x0) / dash) % 2 === 1) continue;
      for (let row = top; row < top + thick; row++) {
        if (x >= 0 && x < this.width && row >= 0 && row < this.height) this.mix(x, row, colour, 1);
      }
    }
  }

  private mix(x: number, y: number, colour: Colour, cover: number): void {
    const i = (y * this.width + x) * 3;
    for (let c = 0; c < 3; c++) {
      this.data[i + c] = Math.round((this.data[i + c] ?? 0) * (1 - cover) + (colour[c] ?? 0) * cover);
    }
  }
}
