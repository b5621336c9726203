/** Is a series judged the same as a whole, as it comes, and in the stretch that a change reaches? */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Checks } from '../../../src/domain/quality/checks.js';
import { Course, type Point, type SeriesFindings } from '../../../src/domain/quality/course.js';
import { findings, follow } from '../../../src/domain/quality/stretch.js';
import { HOUR } from '../../../src/domain/time.js';

const checks: Checks = {
  gap: 3 * HOUR,
  sampleAge: 24 * HOUR,
  spike: { step: 2, factor: 0 },
  rate: { change: 1, within: HOUR },
  flatLine: { tolerance: 0, measurements: 3, suspectAfter: 3 * HOUR, failAfter: 6 * HOUR },
  partOf: null,
  interference: null,
};

const letter = ({ spike, rate, flat }: SeriesFindings): string =>
  spike !== 'pass' ? (spike === 'fail' ? 'X' : '?') : rate !== 'pass' ? 'r' : flat === 'pass' ? '.' : flat === 'fail' ? 'F' : 'f';

/** Hourly values; a `null` leaves its hour empty. */
const hourly = (values: readonly (number | null)[]): Point[] =>
  values.flatMap((value, i) => (value === null ? [] : [{ time: i * HOUR, value }]));

describe('as a person would judge it', () => {
  test.each([
    ['a spike that waits', [1, 1.1, 9], '..?'],
    ['confirmed', [1, 1.1, 9, 9.1], '....'],
    ['refuted', [1, 1.1, 9, 1.2, 1.1], '..X..'],
    ['a change too fast, that stays doubtful', [1, 1.1, 2.3, 2.4], '..r.'],
    ['a fast change over a longer time', [1, 1.1, null, null, 3], '...'],
    ['stuck', [1, 5, 5, 5, 5, 5, 5, 5, 5.1], '....fffF.'],
    ['a gap takes the neighbours away', [1, 1, null, null, null, 9, 1], '...?'],
    ['a spike before a gap stays doubtful', [1, 9, null, null, null, null, 1], '.?.'],
    ['leaping about', [1, 9, 1, 9, 1], '.XXX.'],
  ])('%s', (_, values, expected) => {
    expect(findings(hourly(values), checks).map(letter).join('')).toBe(expected);
  });

  test('a repeated sampling instant is one measurement: it confirms nothing and does not stand still', () => {
    const sampled = (time: number, of: number, value: number): Point => ({ time: time * HOUR, sampled: of * HOUR, value });
    const points = [sampled(0, 0, 1), sampled(1, 0, 1), sampled(2, 2, 9), sampled(3, 2, 9), sampled(4, 4, 1), sampled(5, 4, 1)];
    expect(findings(points.slice(0, 4), checks).map(letter).join('')).toBe('..??');
    expect(findings(points, checks).map(letter).join('')).toBe('..XX..');
    const still = [0, 1, 2, 3, 4, 5, 6, 7].map((hour) => sampled(hour, hour - (hour % 4), 5));
    expect(findings(still, checks).map(letter).join('')).toBe('........');
  });
});

/** Values among few levels, so that all findings occur; hours apart, sometimes far; sometimes a repeated sample. */
const series = fc
  .array(
    fc.record({
      step: fc.constantFrom(1, 1, 1, 1, 2, 3, 5),
      value: fc.constantFrom(1, 1, 1, 1.5, 2.6, 9),
      sampled: fc.constantFrom(undefined, undefined, 7, 8),
    }),
    { minLength: 1, maxLength: 60 },
  )
  .map((steps) => {
    let time = 0;
    return steps.map(({ step, value, sampled }): Point => {
      time += step * HOUR;
      return { time, value, ...(sampled === undefined ? {} : { sampled }) };
    });
  });

test('a course tells at each point what has to be looked at again', () => {
  fc.assert(
    fc.property(series, (points) => {
      const course = new Course(checks);
      let known: string[] = [];
      points.forEach((point, i) => {
        const where = course.add(point);
        const now = findings(points.slice(0, i + 1), checks).map(letter);
        if (now.slice(0, i).some((one, k) => one !== known[k])) expect(where).toBe('before');
        else expect(where).toBe(now[i] === '.' ? 'nowhere' : 'newest');
        known = now;
      });
    }),
  );
});

test('a change reaches no farther than a stretch says', () => {
  fc.assert(
    fc.property(series, fc.nat(), fc.constantFrom(1, 5, 9, null), fc.nat(20), fc.nat(20), (points, pick, value, back, ahead) => {
      const at = pick % points.length;
      const { time, sampled } = points[at]!;
      // Another value, or none: the device said later that it was calibrating.
      const changed = [
        ...points.slice(0, at),
        ...(value === null ? [] : [{ time, value, ...(sampled === undefined ? {} : { sampled }) }]),
        ...points.slice(at + 1),
      ];
      const [old, now] = [findings(points, checks), findings(changed, checks)];
      const from = Math.max(0, at - back);
      const to = Math.min(changed.length, at + 1 + ahead);
      const stretch = follow(changed.slice(from, to), checks, time, time);
      // The newest measurement of a stretch that has been cut waits for the next one.
      const whole = to === changed.length;
      const newest = changed.slice(from, to).findIndex((point) => point.time >= stretch.course.time);
      for (let i = stretch.warm; i < (whole ? stretch.found.length : newest); i++) {
        expect(stretch.found[i]).toEqual(now[from + i]);
      }
      const oldAt = new Map(points.map((point, i) => [point.time, old[i]!]));
      for (let i = 0; i < changed.length; i++) {
        const inside = i >= from + stretch.first && i < from + stretch.past;
        const isOld = changed[i]!.time !== time && letter(oldAt.get(changed[i]!.time)!) === letter(now[i]!);
        if (
          stretch.warm < stretch.found.length &&
          stretch.warm <= stretch.first &&
          !inside &&
          (i < from + stretch.first || stretch.past < stretch.found.length)
        ) {
          expect(isOld).toBe(true);
        }
      }
    }),
    { numRuns: 1000 },
  );
});
