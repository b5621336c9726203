/** How does the course of a day become a picture for a mail? */
import { encode } from 'fast-png';
import type { Chart, Point } from '../../domain/alerting/chart.js';
import { clockTime, HOUR, type Instant, MINUTE } from '../../domain/time.js';
import type { Draw } from '../../pipeline/ports.js';
import { widthOf, write } from './figures.js';
import { type Colour, Raster } from './raster.js';

/** Twice the 560 × 200 it is shown at, so that it is sharp on a phone. */
const WIDTH = 1120;
const HEIGHT = 400;
const LEFT = 96;
const RIGHT = 1000;
const TOP = 36;
const BOTTOM = 336;

/** White by day and by night: a picture cannot know which it is. */
const PAPER: Colour = [255, 255, 255];
/** The inks by their places. */
const INKS: readonly Colour[] = [
  [226, 231, 227],
  [92, 107, 115],
  [27, 111, 138],
  [194, 59, 34],
  [20, 34, 43],
];
const HAIRLINE = 0;
const MUTED = 1;
const WATER = 2;
const LIMIT = 3;
const INK = 4;

const SIZE = 20;
const TICK_HOURS = 4;

/** A longer pause than so many usual ones is a gap, over which no line is drawn. */
const GAP = 2.5;

/** What the picture's height spans. */
interface Scale {
  readonly low: number;
  readonly high: number;
  readonly step: number;
}

/** The course with its limit lines, the clock below, figures beside: PNG, 1120 × 400, nothing but figures in it. */
export const drawCourse: Draw = (chart) => {
  const points = chart.points.filter(({ value, time }) => Number.isFinite(value) && time >= chart.from && time <= chart.to);
  const limits = chart.limits.filter((limit) => Number.isFinite(limit));
  const raster = new Raster(WIDTH, HEIGHT, PAPER, INKS);
  const scale = scaleOf([...points.map(({ value }) => value), ...limits]);
  const x = (t: Instant): number => LEFT + ((t - chart.from) / Math.max(1, chart.to - chart.from)) * (RIGHT - LEFT);
  const y = (value: number): number => heightOf(value, scale);
  grid(raster, scale, y);
  clock(raster, chart, x);
  for (const limit of limits) raster.level(LEFT, RIGHT, y(limit), 4, LIMIT, 12);
  course(raster, points, x, y);
  labels(raster, points, limits, chart.decimals, x, y);
  return encode({ width: WIDTH, height: HEIGHT, data: raster.data, channels: 1, depth: 8, palette: raster.palette });
};

/** Where a value lies, pixels from the top. */
const heightOf = (value: number, { low, high }: Scale): number => BOTTOM - ((value - low) / (high - low)) * (BOTTOM - TOP);

/** A span of round numbers around all values, from 0 where that costs no more than half the height. */
function scaleOf(values: readonly number[]): Scale {
  const least = values.length === 0 ? 0 : Math.min(...values);
  const most = values.length === 0 ? 1 : Math.max(...values);
  const from = least >= 0 && least <= most / 2 ? 0 : least;
  const step = roundStep((most - from || Math.abs(most) || 1) / 4);
  const low = Math.floor(from / step) * step;
  const high = Math.ceil(most / step) * step;
  return { low, high: high > low ? high : low + step, step };
}

/** 1, 2 or 5 times a power of ten, no less than `rough`. */
function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const times = [1, 2, 5].find((n) => n * power >= rough * 0.999) ?? 10;
  return times * power;
}

function grid(raster: Raster, { low, high, step }: Scale, y: (value: number) => number): void {
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  for (let i = 0; low + i * step <= high + step / 1000; i++) {
    const value = low + i * step;
    raster.level(LEFT, RIGHT, y(value), 2, HAIRLINE);
    const text = value.toFixed(decimals);
    write(raster, text, LEFT - 16 - widthOf(text, SIZE), y(value) - SIZE / 2, SIZE, 2.4, MUTED);
  }
}

function clock(raster: Raster, { from, to, offsetMinutes }: Chart, x: (t: Instant) => number): void {
  const every = TICK_HOURS * HOUR;
  const shift = offsetMinutes * MINUTE;
  for (let t = Math.ceil((from + shift) / every) * every - shift; t <= to; t += every) {
    const text = clockTime(t, { offsetMinutes });
    raster.line(x(t), BOTTOM, x(t), BOTTOM + 8, 2, MUTED);
    write(raster, text, x(t) - widthOf(text, SIZE) / 2, BOTTOM + 24, SIZE, 2.4, MUTED);
  }
}

function course(raster: Raster, points: readonly Point[], x: (t: Instant) => number, y: (value: number) => number): void {
  const pauses = points.slice(1).map((point, i) => point.time - points[i]!.time);
  const usual = [...pauses].sort((a, b) => a - b)[Math.floor(pauses.length / 2)] ?? 0;
  points.forEach((point, i) => {
    const before = points[i - 1];
    const isJoined = before !== undefined && point.time - before.time <= usual * GAP;
    const [x1, y1] = [x(point.time), y(point.value)];
    if (isJoined) raster.line(x(before.time), y(before.value), x1, y1, 5, WATER);
    else raster.line(x1, y1, x1, y1, 7, WATER);
  });
}

/** Beside the course, at the right: the limits in their colour, and the newest value, never one over the other. */
function labels(
  raster: Raster,
  points: readonly Point[],
  limits: readonly number[],
  decimals: number,
  x: (t: Instant) => number,
  y: (value: number) => number,
): void {
  const taken = limits.map((limit) => y(limit));
  for (const limit of limits) {
    write(raster, limitText(limit, decimals), RIGHT + 22, y(limit) - SIZE / 2, SIZE, 2.6, LIMIT);
  }
  const newest = points.at(-1);
  if (newest === undefined) return;
  const [px, py] = [x(newest.time), y(newest.value)];
  raster.line(px, py, px, py, 16, WATER);
  const room = SIZE + 10;
  const near = taken.find((other) => Math.abs(other - py) < room);
  const place = near === undefined ? py : py <= near ? near - room : near + room;
  write(raster, newest.value.toFixed(decimals), RIGHT + 22, place - SIZE / 2, SIZE, 3.2, INK);
}

/** A limit with the parameter's decimals, or as many more as it has. */
function limitText(limit: number, decimals: number): string {
  const short = limit.toFixed(decimals);
  return Number(short) === limit ? short : String(limit);
}
