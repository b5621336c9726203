/** Does history, lived through twice, say what other rules would have made of it? */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JudgedReading } from '../../../src/domain/reading.js';
import type { Site } from '../../../src/domain/site.js';
import { DAY, HOUR, type Instant, MINUTE, SECOND } from '../../../src/domain/time.js';
import { printed, withRules } from '../../../src/heqing-backtest.js';
import { openTrial } from '../../../src/heqing-trial.js';
import { backtest, type Comparison, history } from '../../../src/pipeline/alerting/backtest.js';
import type { Archive, SeriesQuery } from '../../../src/pipeline/ports.js';
import type { Scenario } from '../../../src/simulator/scenario.js';
import { timetableOf } from '../../../src/simulator/schedule.js';
import { createWorld } from '../../../src/simulator/world.js';
import { Pipeline } from '../../support/pipeline.js';
import { temporaryFolder, type TemporaryFolder } from '../../support/temporary-folder.js';
import { at, reading, wupi } from '../../support/wupi.js';

const FROM = at('2026-10-01');

/** An archive that a simulated township has filled; its sections alone, which keeps it quick. */
function simulated(scenario: Scenario, days: number) {
  const world = createWorld(wupi, '1', scenario);
  const rows = new Map<string, JudgedReading[]>();
  for (const { id, active, medium, parameters } of wupi.stations.values()) {
    if (!active || medium !== 'surface-water') continue;
    const timetable = timetableOf(parameters, wupi.calendar);
    for (let t = timetable.next(FROM - 1); t < FROM + days * DAY; t = timetable.next(t)) {
      for (const parameter of timetable.due(t)) {
        const value = world.value(id, parameter, t);
        if (value === null) continue;
        const key = `${id} ${parameter}`;
        if (!rows.has(key)) rows.set(key, []);
        rows.get(key)!.push(reading({ station: id, parameter, time: t, value, received: t + 2000 }));
      }
    }
  }
  return {
    readings: ({ station, parameter, from, to }: SeriesQuery): Promise<JudgedReading[]> =>
      Promise.resolve((rows.get(`${station} ${parameter}`) ?? []).filter(({ time }) => time >= from && time < to)),
  };
}

async function live(archive: Pick<Archive, 'readings'>, days: number, changed: Site): Promise<Comparison> {
  const span = { from: FROM, to: FROM + days * DAY };
  const trials = { today: openTrial(wupi, span.from), changed: openTrial(changed, span.from) };
  try {
    return await backtest(history(archive, wupi, span), span, trials, { today: 12, changed: 12 }, () => undefined);
  } finally {
    trials.today.close();
    trials.changed.close();
  }
}

let folder: TemporaryFolder;
let laxer: Site;
beforeAll(async () => {
  folder = await temporaryFolder('backtest');
  const file = join(folder.path, 'other.yaml');
  const shape =
    '{ parameters: [nh3n], over: { by: value, values: 3 }, severe: [], warning: null, clear: { values: 3, share: 1 } }';
  writeFileSync(file, `rules:\n  - { id: limit, kind: limit, shapes: [${shape}] }\n`);
  laxer = withRules('config', file);
});
afterAll(() => folder.remove());

test('a file of rules takes the place of the rules, and of nothing else', () => {
  expect(laxer.rules.limit?.shapes).toHaveLength(1);
  expect(laxer.people).toEqual(wupi.people);
  expect(laxer.stations.size).toBe(wupi.stations.size);
});

describe('a river whose NH3-N is over every morning', () => {
  test('the same rules: the same, twice over; other rules: what they would have left out', async () => {
    const archive = simulated('exceedance', 12);
    const same = await live(archive, 12, wupi);
    expect(same.changed).toEqual(same.today);
    expect([same.onlyToday, same.onlyChanged]).toEqual([[], []]);
    expect(same.today.byKind['limit over'] ?? 0).toBeGreaterThan(3);
    expect(same.today.mails).toBeGreaterThan(same.today.alerts);
    expect(same.today.warnings.over).toBe(same.today.byKind['limit over']);

    const other = await live(archive, 12, laxer);
    expect(other.today).toEqual(same.today);
    expect(other.values).toBe(same.values);
    expect(other.changed.byKind['limit over'] ?? 0).toBeLessThan(same.today.byKind['limit over']!);
    expect(other.onlyToday.length).toBeGreaterThan(0);
    expect(other.changed.mails).toBeLessThan(other.today.mails);
    const text = printed(other, wupi);
    expect(text).toContain(
      `${String(other.today.alerts).padStart(10)}${String(other.changed.alerts).padStart(10)}   报警 alerts`,
    );
    expect(text).toContain('命中率 hit rate');
  }, 60_000);

  test('a calm river: nothing', async () => {
    const calm = await live(simulated('calm', 12), 12, laxer);
    expect(calm.today).toMatchObject({ alerts: 0, mails: 0, warnings: { given: 0, hitRate: null } });
  }, 60_000);
});

test('what opens and ends a minute apart is told apart, as the service tells it', async () => {
  const rows = (
    [
      ['nankeng-in', 'nh3n', 1, 1.4, 0.4],
      ['nankeng-mid', 'tp', 2, 0.25, 0.1],
      ['nankeng-out', 'codmn', 3, 7, 3],
    ] as const
  ).flatMap(([station, parameter, minute, over, back]) =>
    [over, back, back * 1.01, back * 1.02].map((value, i) => {
      const time = FROM + 8 * HOUR + minute * MINUTE + (i === 0 ? 0 : 4 * HOUR + i * 10 * MINUTE);
      return reading({ station, parameter, value, time, received: time + SECOND });
    }),
  );
  const archive = {
    readings: ({ station, parameter, from, to }: SeriesQuery) =>
      Promise.resolve(rows.filter((r) => r.station === station && r.parameter === parameter && r.time >= from && r.time < to)),
  };
  const { rules, notices } = wupi;
  const off = { noData: null, sensor: null, verdict: null, target: null, service: null, upstream: null };
  const site: Site = { ...wupi, rules: { ...rules, ...off }, notices: { ...notices, morning: null } };
  const { changed } = await live(archive, 1, site);
  expect(changed.byKind).toEqual({ 'limit over': 3 });

  const pipeline = await Pipeline.open({ now: FROM + 8 * HOUR, site });
  try {
    const until = async (at: Instant): Promise<void> => {
      for (; pipeline.clock.now() < at; pipeline.clock.set(Math.min(at, pipeline.clock.now() + 5 * MINUTE))) await pipeline.run();
    };
    for (const row of rows.toSorted((a, b) => a.received - b.received)) {
      await until(row.received);
      await pipeline.publish(row);
      await pipeline.run();
      pipeline.clock.advance(3 * SECOND);
      await pipeline.run();
    }
    await until(FROM + DAY);
    const mails: Record<string, number> = {};
    for (const { to, subject } of pipeline.world.mailer.accepted) {
      if (!/【(超限|恢复)】/.test(subject)) continue;
      const { id } = wupi.people.find(({ email }) => email === to)!;
      mails[id] = (mails[id] ?? 0) + 1;
    }
    expect(changed.byPerson).toEqual(mails);
  } finally {
    await pipeline.dispose();
  }
}, 60_000);

describe('in order of arrival', () => {
  const arrivals = async (...readings: readonly JudgedReading[]): Promise<(Instant | string)[][]> => {
    const archive = {
      readings: ({ station, parameter, from, to }: SeriesQuery) =>
        Promise.resolve(
          readings.filter((r) => r.station === station && r.parameter === parameter && r.time >= from && r.time < to),
        ),
    };
    const days: (Instant | string)[][] = [];
    for await (const day of history(archive, wupi, { from: FROM, to: FROM + 2 * DAY }))
      days.push(day.map(({ time, received }) => `${(time - FROM) / HOUR} ${Math.round((received - FROM) / HOUR)}`));
    return days;
  };
  test('late by an hour, over midnight, and handed in a month later', async () => {
    expect(
      await arrivals(
        reading({ time: FROM + 2 * HOUR, received: FROM + 5 * HOUR }),
        reading({ time: FROM + 3 * HOUR, received: FROM + 3 * HOUR + 1 }),
        reading({ time: FROM + 23 * HOUR, received: FROM + 26 * HOUR }),
        reading({ time: FROM + 25 * HOUR, received: FROM + 25 * HOUR + 1 }),
        reading({ time: FROM + 4 * HOUR, received: FROM + 30 * DAY, source: 'sensor' }),
        reading({ time: FROM + 6 * HOUR, received: FROM + 6 * HOUR + 1, source: 'lab' }),
      ),
    ).toEqual([
      ['3 3', '4 4', '2 5'],
      ['25 25', '23 26'],
    ]);
  });
});
