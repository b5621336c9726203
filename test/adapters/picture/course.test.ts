/** Does the picture of a mail show the course, and the limit where it belongs? */
import { describe, expect, test } from '@jest/globals';
import { convertIndexedToRgb, decode } from 'fast-png';
import { drawCourse } from '../../../src/adapters/picture/course.js';
import type { Chart } from '../../../src/domain/alerting/chart.js';
import { HOUR } from '../../../src/domain/time.js';
import { day } from '../../support/facts.js';
import { at } from '../../support/wupi.js';

const TO = at('2026-11-23 08:00');
const chart = (over: Partial<Chart> = {}): Chart => ({
  points: day(TO, 0.5, 1.37),
  limits: [1],
  from: TO - 24 * HOUR,
  to: TO,
  decimals: 2,
  offsetMinutes: 480,
  ...over,
});

const RED = [194, 59, 34];
const BLUE = [27, 111, 138];

/** The rows that hold a colour at some column. */
function rows(png: Uint8Array, colour: readonly number[], from = 0, to = 1120): number[] {
  const decoded = decode(png);
  const { width, height } = decoded;
  const data = convertIndexedToRgb(decoded);
  const found: number[] = [];
  for (let y = 0; y < height; y++) {
    for (let x = from; x < Math.min(to, width); x++) {
      const i = (y * width + x) * 3;
      if (colour.every((part, c) => data[i + c] === part)) {
        found.push(y);
        break;
      }
    }
  }
  return found;
}
const middle = (numbers: readonly number[]): number => (Math.min(...numbers) + Math.max(...numbers)) / 2;

test('a PNG of twice 560 × 200, the same for the same course', () => {
  const png = drawCourse(chart());
  const { width, height, channels, depth } = decode(png, { checkCrc: true });
  expect({ width, height, channels, depth }).toEqual({ width: 1120, height: 400, channels: 1, depth: 8 });
  expect(Buffer.from(drawCourse(chart())).equals(Buffer.from(png))).toBe(true);
  expect(png.length).toBeLessThan(20_000);
});

test('the limit line lies between what is under and what is over', () => {
  const limit = (value: number): number => middle(rows(drawCourse(chart({ limits: [value] })), RED, 200, 900));
  // The scale runs from 0 to 1.5 in 300 rows from 336 upward.
  expect(limit(1)).toBeCloseTo(336 - (1 / 1.5) * 300, -0.5);
  expect(limit(0.5)).toBeCloseTo(336 - (0.5 / 1.5) * 300, -0.5);
  expect(rows(drawCourse(chart({ limits: [] })), RED)).toEqual([]);
});

test('the newest value stands where its figure says, over the limit', () => {
  const png = drawCourse(chart());
  expect(middle(rows(png, BLUE, 990, 1010))).toBeLessThan(middle(rows(png, RED, 200, 900)));
});

test('two limits are two lines', () => {
  const found = rows(drawCourse(chart({ points: day(TO, 7, 9.3), limits: [6, 9] })), RED, 200, 900);
  expect(Math.max(...found) - Math.min(...found)).toBeGreaterThan(100);
});

test('no line is drawn over a gap', () => {
  const all = day(TO, 0.5, 0.5);
  const holed = chart({ points: all.filter(({ time }) => time < TO - 16 * HOUR || time > TO - 8 * HOUR) });
  const x = (t: number): number => Math.round(96 + ((t - (TO - 24 * HOUR)) / (24 * HOUR)) * 904);
  expect(rows(drawCourse(holed), BLUE, x(TO - 14 * HOUR), x(TO - 10 * HOUR))).toEqual([]);
  expect(rows(drawCourse(chart({ points: all })), BLUE, x(TO - 14 * HOUR), x(TO - 10 * HOUR))).not.toEqual([]);
});

describe('odd courses are drawn all the same', () => {
  test.each<[string, Partial<Chart>]>([
    ['nothing', { points: [], limits: [] }],
    ['one value', { points: [{ time: TO, value: 0 }], limits: [] }],
    ['all the same', { points: day(TO, 0, 0), limits: [0] }],
    ['below zero', { points: day(TO, -5, 3), limits: [] }],
    ['very large', { points: day(TO, 1e6, 5e9), limits: [1e7], decimals: 0 }],
    [
      'not a number',
      {
        points: [
          { time: TO - HOUR, value: Number.NaN },
          { time: TO, value: 1 },
        ],
      },
    ],
    ['no time', { from: TO, to: TO }],
  ])('%s', (_, over) => expect(decode(drawCourse(chart(over))).width).toBe(1120));
});
