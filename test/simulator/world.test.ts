/** Does the simulated township behave as its stories say, and the same way every time? */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { join } from 'node:path';
import { loadConfig } from '../../src/adapters/config/load-config.js';
import { DAY, HOUR, MINUTE, type Instant } from '../../src/domain/time.js';
import { hourOf } from '../../src/simulator/almanac.js';
import { SCENARIOS, sending } from '../../src/simulator/scenario.js';
import { createWorld, type World } from '../../src/simulator/world.js';

const { site } = loadConfig(join(import.meta.dirname, '../../config'));
const NOON = Date.parse('2026-11-23T12:00:00+08:00');
const MIDNIGHT = NOON - 12 * HOUR;
const sections = sending(site).filter((s) => s.medium === 'surface-water');
const outflow = 'nankeng-out';

const series = (world: World, station: string, parameter: string, from: Instant, to: Instant, step: number): number[] => {
  const values: number[] = [];
  for (let t = from; t < to; t += step) values.push(world.value(station, parameter, t) ?? NaN);
  return values;
};
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
/** Local time of a day whose midnight is given. */
const at = (clock: string, midnight = MIDNIGHT): Instant => {
  const [h, m] = clock.split(':').map(Number);
  return midnight + (h ?? 0) * HOUR + (m ?? 0) * MINUTE;
};

describe('determinism', () => {
  const signals = sending(site).flatMap((s) => s.parameters.map((p) => [s.id, p.parameter] as const));

  test('a value depends on seed, scenario, station, parameter and time, not on the order of asking', () => {
    const asked = fc.array(fc.tuple(fc.constantFrom(...signals), fc.integer({ min: 0, max: 400 * 288 })), {
      minLength: 2,
      maxLength: 40,
    });
    fc.assert(
      fc.property(asked, fc.constantFrom(...SCENARIOS), fc.string(), (questions, scenario, seed) => {
        const ask = (world: World, list: typeof questions) =>
          new Map(list.map(([[s, p], i]) => [`${s}/${p}/${i}`, world.value(s, p, NOON - i * 5 * MINUTE)]));
        const there = ask(createWorld(site, seed, scenario), questions);
        const back = ask(createWorld(site, seed, scenario), questions.toReversed());
        for (const [key, value] of there) expect(back.get(key)).toBe(value);
      }),
      { numRuns: 40 },
    );
  });

  test('another seed is another township', () => {
    const values = ['1', '2', 'ebb'].map((seed) =>
      series(createWorld(site, seed, 'calm'), outflow, 'cond', MIDNIGHT, NOON, HOUR).join(),
    );
    expect(new Set(values).size).toBe(3);
  });

  test('every parameter of the shipped config is simulated, finite, in range and with its decimals', () => {
    for (const scenario of SCENARIOS) {
      const world = createWorld(site, '1', scenario);
      expect(world.unknown).toEqual([]);
      for (const [station, code] of signals) {
        const { range, decimals } = site.parameters.get(code) ?? { range: [NaN, NaN], decimals: 0 };
        for (const value of series(world, station, code, MIDNIGHT, MIDNIGHT + DAY, HOUR)) {
          expect(value).toBeGreaterThanOrEqual(range[0]);
          expect(value).toBeLessThanOrEqual(range[1]);
          expect(Number(value.toFixed(decimals))).toBe(value);
        }
      }
    }
  });
});

describe('calm', () => {
  // GB 3838-2002 table 1, class III, written down again on purpose.
  const CLASS_III: Record<string, (v: number) => boolean> = {
    ph: (v) => v >= 6 && v <= 9,
    do: (v) => v >= 5,
    codmn: (v) => v <= 6,
    nh3n: (v) => v <= 1,
    tp: (v) => v <= 0.2,
  };

  test.each(['2026-01-20', '2026-05-10', '2026-08-05', '2026-11-23'])('30 days to %s stay within class III', (date) => {
    const to = Date.parse(`${date}T00:00:00+08:00`);
    for (const seed of ['1', '7', 'spring']) {
      const world = createWorld(site, seed, 'calm');
      for (const section of sections) {
        for (const [parameter, within] of Object.entries(CLASS_III)) {
          expect(series(world, section.id, parameter, to - 30 * DAY, to, HOUR).filter((v) => !within(v))).toEqual([]);
        }
      }
    }
  });

  test('oxygen falls at night: least before dawn, most in the afternoon', () => {
    const world = createWorld(site, '1', 'calm');
    for (const section of sections) {
      const hourly = Array.from({ length: 24 }, (_, h) =>
        mean(series(world, section.id, 'do', at(`${h}:00`) - 30 * DAY, at(`${h}:00`), DAY)),
      );
      expect([3, 4, 5, 6]).toContain(hourly.indexOf(Math.min(...hourly)));
      expect([14, 15, 16, 17, 18]).toContain(hourly.indexOf(Math.max(...hourly)));
      expect(Math.max(...hourly) - Math.min(...hourly)).toBeGreaterThan(0.8);
    }
  });

  test('summer is warmer than winter and holds less oxygen', () => {
    const world = createWorld(site, '1', 'calm');
    const of = (parameter: string, date: string): number => {
      const from = Date.parse(`${date}T00:00:00+08:00`);
      return mean(series(world, outflow, parameter, from, from + 10 * DAY, HOUR));
    };
    expect(of('temp', '2026-07-25') - of('temp', '2026-01-25')).toBeGreaterThan(12);
    expect(of('do', '2026-07-25')).toBeLessThan(of('do', '2026-01-25') - 2);
  });

  test('rain raises turbidity, and washes dust down', () => {
    const world = createWorld(site, '1', 'calm');
    const wet: number[] = [];
    const dry: number[] = [];
    const dusty: { wet: number[]; dry: number[] } = { wet: [], dry: [] };
    for (let t = NOON - 120 * DAY; t < NOON; t += HOUR) {
      const fell = series(world, outflow, 'rain', t - 11 * HOUR, t + HOUR, HOUR).reduce((a, b) => a + b, 0);
      if (fell > 4) {
        wet.push(world.value(outflow, 'turb', t) ?? NaN);
        dusty.wet.push(world.value('dust-site-1', 'pm10', t) ?? NaN);
      } else if (fell === 0) {
        dry.push(world.value(outflow, 'turb', t) ?? NaN);
        dusty.dry.push(world.value('dust-site-1', 'pm10', t) ?? NaN);
      }
    }
    expect(wet.length).toBeGreaterThan(20);
    expect(mean(wet)).toBeGreaterThan(1.5 * mean(dry));
    expect(mean(dusty.wet)).toBeLessThan(0.85 * mean(dusty.dry));
  });

  test('drinking water keeps its residual and building sites their threshold', () => {
    const world = createWorld(site, '1', 'calm');
    for (const [station, parameter, least] of [
      ['changtan-plant', 'cl2', 0.3],
      ['changtan-tap', 'cl2', 0.05],
      ['celei-plant', 'clo2', 0.1],
      ['celei-tap', 'clo2', 0.02],
    ] as const) {
      expect(Math.min(...series(world, station, parameter, NOON - 30 * DAY, NOON, HOUR))).toBeGreaterThan(least);
    }
    expect(Math.max(...series(world, 'dust-site-1', 'pm10', NOON - 30 * DAY, NOON, 15 * MINUTE))).toBeLessThan(150);
  });
});

describe('scenarios', () => {
  const calm = createWorld(site, '1', 'calm');

  /** Signals whose day differs from the calm one. */
  const changed = (world: World): Set<string> => {
    const found = new Set<string>();
    for (const station of sending(site)) {
      for (const { parameter } of station.parameters) {
        const [told, natural] = [world, calm].map((w) => series(w, station.id, parameter, MIDNIGHT, MIDNIGHT + DAY, 15 * MINUTE));
        if (String(told) !== String(natural)) found.add(`${station.id}/${parameter}`);
      }
    }
    return found;
  };

  test('exceedance: ammonia at the outflow for hours, a tap without chlorine, an hour of dust, and nothing else', () => {
    const world = createWorld(site, '1', 'exceedance');
    for (const clock of ['08:00', '12:00']) expect(world.value(outflow, 'nh3n', at(clock))).toBeGreaterThan(1.0);
    for (const clock of ['00:00', '04:00', '16:00', '20:00']) expect(world.value(outflow, 'nh3n', at(clock))).toBeLessThan(1.0);
    expect(world.value('changtan-tap', 'cl2', at('06:00'))).toBeLessThan(0.05);
    expect(world.value('changtan-tap', 'cl2', at('12:00'))).toBeGreaterThan(0.05);
    const dust = (from: string, to: string): number => mean(series(world, 'dust-site-1', 'pm10', at(from), at(to), 5 * MINUTE));
    expect(dust('10:00', '11:00')).toBeGreaterThan(150);
    expect(dust('09:00', '10:00')).toBeLessThan(150);
    expect(dust('11:00', '12:00')).toBeLessThan(150);
    expect(changed(world)).toEqual(new Set([`${outflow}/nh3n`, 'changtan-tap/cl2', 'dust-site-1/pm10']));
  });

  test('stuck: one probe repeats one value for hours, then moves again', () => {
    const world = createWorld(site, '1', 'stuck');
    const during = series(world, 'nankeng-mid', 'do', at('06:00'), at('06:00') + 20 * HOUR, HOUR);
    expect(new Set(during).size).toBe(1);
    expect(new Set(series(calm, 'nankeng-mid', 'do', at('06:00'), at('06:00') + 20 * HOUR, HOUR)).size).toBeGreaterThan(5);
    expect(new Set(series(world, 'nankeng-mid', 'do', at('02:00'), at('06:00'), 20 * MINUTE)).size).toBeGreaterThan(3);
    expect(changed(world)).toEqual(new Set(['nankeng-mid/do']));
  });

  test('outage: one tap is silent by day, everybody else speaks', () => {
    const world = createWorld(site, '1', 'outage');
    const silent = (t: Instant): string[] => sending(site).flatMap((s) => (world.speaks(s.id, t) ? [] : [s.id]));
    expect(silent(at('07:59'))).toEqual([]);
    expect(silent(at('08:00'))).toEqual(['celei-tap']);
    expect(silent(at('19:45'))).toEqual(['celei-tap']);
    expect(silent(at('20:00'))).toEqual([]);
  });

  test('plume: it passes each section a travel time after the one above, lower each time', () => {
    const world = createWorld(site, '1', 'plume');
    const crests = sections.map(({ id }) => {
      const above = (t: Instant): number => (world.value(id, 'cond', t) ?? NaN) - (calm.value(id, 'cond', t) ?? NaN);
      const times = Array.from({ length: 96 }, (_, i) => MIDNIGHT - 6 * HOUR + i * 15 * MINUTE);
      const crest = times.reduce((best, t) => (above(t) > above(best) ? t : best));
      return { hour: hourOf(crest, site.calendar), height: above(crest) };
    });
    expect(crests.map((c) => Math.round(c.hour))).toEqual([1, 4, 7]);
    expect(crests[0]?.height).toBeGreaterThan(crests[1]?.height ?? NaN);
    expect(crests[1]?.height).toBeGreaterThan(crests[2]?.height ?? NaN);
    // The four-hourly analysers meet it too, one section after the other.
    for (const [i, clock] of ['00:00', '04:00', '08:00'].entries()) {
      expect(world.value(sections[i]?.id ?? '', 'nh3n', at(clock))).toBeGreaterThan(1.0);
      expect(world.value(sections[i]?.id ?? '', 'nh3n', at('16:00'))).toBeLessThan(1.0);
    }
  });

  test('rain: the storm shows in the gauge, then in turbidity, phosphorus, CODMn and level', () => {
    const world = createWorld(site, '1', 'rain');
    const fell = series(world, outflow, 'rain', at('13:00'), at('19:00'), HOUR).reduce((a, b) => a + b, 0);
    expect(fell).toBeCloseTo(45, 0);
    for (const [parameter, times] of [
      ['turb', 5],
      ['tp', 2],
      ['codmn', 1.5],
      ['level', 1.5],
    ] as const) {
      const before = world.value(outflow, parameter, at('12:00')) ?? NaN;
      expect(world.value(outflow, parameter, at('19:00'))).toBeGreaterThan(times * before);
    }
  });
});
