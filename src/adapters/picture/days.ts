/** How does the course of a month become a picture for a paper? A bar for each day, the limit across, figures only. */
import { encode } from 'fast-png';
import type { DayCourse } from '../../domain/bulletins/bulletin.js';
import { widthOf, write } from './figures.js';
import { type Colour, Raster } from './raster.js';

/** Printed 16 cm wide, so 220 dots an inch. */
export const DAYS_WIDTH = 1400;
export const DAYS_HEIGHT = 460;
const LEFT = 120;
const RIGHT = 1290;
const TOP = 40;
const BOTTOM = 390;

const PAPER: Colour = [255, 255, 255];
const INKS: readonly Colour[] = [
  [217, 222, 217],
  [92, 107, 115],
  [27, 111, 138],
  [194, 59, 34],
];
const HAIRLINE = 0;
const MUTED = 1;
const WATER = 2;
const LIMIT = 3;

const SIZE = 22;

/** Days between two figures under the bars. */
const EVERY = 5;

/** PNG, 1400 × 460. A day beyond the limit stands in the limit's colour, and above or below its line: colour is never alone. */
export function drawDays({ values, limit, isLower, decimals, firstDay }: DayCourse): Uint8Array {
  const raster = new Raster(DAYS_WIDTH, DAYS_HEIGHT, PAPER, INKS);
  const known = values.filter((value): value is number => value !== null && Number.isFinite(value));
  const step = roundStep(Math.max(...known, limit ?? 0, 0) / 4 || 1);
  const high = Math.max(step, Math.ceil((Math.max(...known, limit ?? 0, 0) * 1.02) / step) * step);
  const y = (value: number): number => BOTTOM - (Math.max(0, value) / high) * (BOTTOM - TOP);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  for (let i = 0; i * step <= high + step / 1000; i++) {
    raster.level(LEFT, RIGHT, y(i * step), 2, HAIRLINE);
    const text = (i * step).toFixed(digits);
    write(raster, text, LEFT - 18 - widthOf(text, SIZE), y(i * step) - SIZE / 2, SIZE, 2.4, MUTED);
  }
  const room = (RIGHT - LEFT) / Math.max(1, values.length);
  const wide = Math.max(2, Math.floor(room * 0.62));
  const isBeyond = (value: number): boolean => limit !== null && (isLower === true ? value < limit : value > limit);
  values.forEach((value, i) => {
    const middle = LEFT + (i + 0.5) * room;
    const day = firstDay + i;
    if (value !== null && Number.isFinite(value)) bar(raster, middle - wide / 2, y(value), wide, isBeyond(value) ? LIMIT : WATER);
    if (day !== 1 && day % EVERY !== 0) return;
    const text = String(day);
    raster.line(middle, BOTTOM, middle, BOTTOM + 8, 2, MUTED);
    write(raster, text, middle - widthOf(text, SIZE) / 2, BOTTOM + 26, SIZE, 2.4, MUTED);
  });
  if (limit !== null) {
    raster.level(LEFT, RIGHT, y(limit), 4, LIMIT, 14);
    const short = limit.toFixed(decimals);
    write(raster, Number(short) === limit ? short : String(limit), RIGHT + 16, y(limit) - SIZE / 2, SIZE, 2.6, LIMIT);
  }
  return encode({ width: DAYS_WIDTH, height: DAYS_HEIGHT, data: raster.data, channels: 1, depth: 8, palette: raster.palette });
}

function bar(raster: Raster, left: number, top: number, wide: number, ink: number): void {
  const height = Math.max(2, Math.round(BOTTOM - top));
  raster.level(Math.round(left), Math.round(left) + wide, BOTTOM - height / 2, height, ink);
}

/** 1, 2 or 5 times a power of ten, no less than `rough`. */
function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  return ([1, 2, 5].find((n) => n * power >= rough * 0.999) ?? 10) * power;
}
