/** Do the same readings in any order, in any number of deliveries, give the same archive, quality, verdicts and rates? Promise 4. */
import { expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import type { JudgedReading } from '../../src/domain/reading.js';
import type { WindowKind } from '../../src/domain/time.js';
import { HOUR, MINUTE } from '../../src/domain/time.js';
import { Pipeline, type PipelineOptions, withoutArrival } from '../support/pipeline.js';
import { at, reading, riverDay, series, times, wupi } from '../support/wupi.js';

jest.setTimeout(120_000);

const WINDOWS: readonly WindowKind[] = ['hour', 'day', 'month', 'rule', 'sample'];
const STATIONS = ['nankeng-out', 'changtan-tap', 'dust-site-1'];

/** What the readings leave behind for people to see. */
async function outcome(pipeline: Pipeline) {
  const span = { from: 0, to: at('2100-01-01') };
  const archive: unknown[] = [];
  for (const station of STATIONS) {
    for (const parameter of wupi.parameters.keys()) {
      archive.push(...(await pipeline.parts.archive.readings({ station, parameter, ...span }, 100_000)).map(withoutArrival));
    }
  }
  return {
    archive,
    verdicts: WINDOWS.map((kind) => pipeline.parts.verdicts.list(kind, STATIONS, span, null, 100_000, 0)),
    rates: pipeline.parts.compliance.targets().targets,
    stored: pipeline.counts.stored,
    waiting: pipeline.parts.reviews.list(null, 100_000).map(({ since: _, ...doubt }) => doubt),
  };
}

/** Two days before a month ends: ordinary ones, an exceeded one, marks, repeated samples, a broken value, a laboratory sample. */
const all: readonly JudgedReading[] = [
  ...riverDay('2026-11-29', { nh3n: [1, 1.1, 1.2, 1.2, 1.3, 1.4], ph: [6.1, 7.2, 7.9, 8.1, 6.6, 7] }),
  ...riverDay('2026-11-30', { nh3n: [0.4, null, 0.5, null, 9.9, null] }).map((r) =>
    r.value === 9.9 ? { ...r, mark: 'T' as const } : r,
  ),
  ...[1, 2, 3].map((hour) =>
    reading({ parameter: 'codmn', time: at('2026-11-29') + hour * HOUR, value: 5, sampled: at('2026-11-29') }),
  ),
  reading({ parameter: 'ph', time: at('2026-11-29 02:00'), value: 99 }),
  reading({ parameter: 'do', time: at('2026-11-29 02:00'), value: 1, mark: 'M' }),
  ...['ph', 'cl2'].flatMap((p) =>
    series('changtan-tap', p, at('2026-11-30 21:00'), 15 * MINUTE, times(12, p === 'ph' ? 7 : 0.2)),
  ),
  ...series('changtan-tap', 'turb', at('2026-11-30 21:00'), 15 * MINUTE, [...times(8, 0.2), ...times(4, 9)]),
  ...['turb', 'cl2'].map((p) =>
    reading({ station: 'changtan-tap', parameter: p, time: at('2026-11-12 09:00'), value: 0.3, source: 'lab', mark: 'S' }),
  ),
  // For the judge: a spike refuted, one that is confirmed, a sample repeated, a probe that sticks, items that contradict each other.
  ...series('nankeng-out', 'turb', at('2026-11-29'), HOUR, [8, 8.1, 90, 8.2, 8, 70, 72, 74, 71, null, 9, 60]),
  ...series('nankeng-out', 'cond', at('2026-11-30 01:00'), HOUR, [240, 241, ...times(9, 242), 240]),
  ...series('nankeng-out', 'temp', at('2026-11-30 01:00'), HOUR, [15, 15.2, 19, 19.1, 24.2, 19.2]),
  ...[0, 1, 5, 6].map((hour) =>
    reading({
      parameter: 'tn',
      time: at('2026-11-29') + hour * HOUR,
      value: hour < 5 ? 0.9 : 1.4,
      sampled: at('2026-11-29') + (hour < 5 ? 0 : 5) * HOUR,
    }),
  ),
  ...series('nankeng-out', 'tn', at('2026-11-29 08:00'), 4 * HOUR, [1.1, 30, 1.2, 1.3]),
  ...[0, 1, 2, 3].flatMap((hour) =>
    series('dust-site-1', 'pm10', at('2026-11-30 18:00') + hour * HOUR, 5 * MINUTE, times(12, 200)),
  ),
];
const keyOf = (r: JudgedReading): string => `${r.station} ${r.parameter} ${r.source} ${r.time}`;
// Another value for a key: the later one stands, so its order is defined.
const corrections: readonly JudgedReading[] = all
  .filter((r, i) => r.mark === 'N' && i % 9 === 0)
  .map((r) => ({ ...r, value: r.value / 2 + 0.01 }));

/** One way of delivering: messages of readings, and after each whether the stages run, the service crashes, or all runs and half or all is forgotten. */
type Way = readonly {
  readonly message: readonly JudgedReading[];
  readonly then: 'nothing' | 'run' | 'settle' | 'judge' | 'assess' | 'archive' | 'crash' | 'prune-half' | 'prune';
}[];

async function deliver(way: Way, options: PipelineOptions) {
  const pipeline = await Pipeline.open({ ...options, now: at('2026-12-01 02:00') });
  try {
    for (const { message, then } of way) {
      if (message.length > 0) await pipeline.publish(...message);
      if (then === 'run' || then.startsWith('prune')) await pipeline.run();
      if (then === 'settle') await pipeline.run(['settle']);
      if (then === 'judge') await pipeline.run(['settle', 'judge']);
      // The archive answers over a network: whoever assesses may be there before it.
      if (then === 'assess') await pipeline.run(['settle', 'judge', 'assess']);
      // Old ones may be told, and wait to be judged among their neighbours, when the service ends.
      if (then === 'archive') await pipeline.run(['settle', 'archive', 'judge', 'assess']);
      if (then === 'archive' || then === 'crash') pipeline.crash();
      if (then === 'prune-half') pipeline.parts.workingSet.prune(at('2026-11-29 12:30'));
      if (then === 'prune') pipeline.parts.workingSet.prune(at('2026-12-01 01:30'));
    }
    await pipeline.run();
    pipeline.clock.set(at('2026-12-01 02:30'));
    expect([...(await pipeline.run()).values()]).toEqual([]);
    const { received, stored, duplicate, corrected, rejected, pending } = pipeline.counts;
    expect(received).toBe(stored + duplicate + corrected + rejected);
    expect(pending).toBe(0);
    return await outcome(pipeline);
  } finally {
    await pipeline.dispose();
  }
}

const plainly: Way = [...all, ...corrections].map((r) => ({ message: [r], then: 'nothing' }));

/** Numbers that look random and are the same for the same seed (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  };
}

const THEN = [
  ...(['nothing', 'nothing', 'nothing', 'run', 'settle', 'judge', 'assess', 'archive', 'crash', 'prune-half'] as const),
  'prune',
] as const;

/**
 * Any order and number of deliveries in which every first value comes before the value that corrects it. Meanwhile what came
 * may be forgotten, so that the others come too late for their neighbours; when all has come, nothing is at hand any more, and
 * anything may come once again.
 */
function anyWay(seed: number): Way {
  const next = numbers(seed);
  const shuffled = (list: readonly JudgedReading[]): JudgedReading[] =>
    list
      .map((r) => ({ r, key: next() }))
      .sort((a, b) => a.key - b.key)
      .map(({ r }) => r);
  const again = (list: readonly JudgedReading[]): JudgedReading[] => list.filter(() => next() % 4 === 0);
  const corrected = new Set(corrections.map(keyOf));
  // First the values that will be corrected, among others; then everything else, with repetitions of anything.
  const first = shuffled([...all.filter((r) => corrected.has(keyOf(r))), ...again(all)]);
  const rest = shuffled([...all.filter((r) => !corrected.has(keyOf(r))), ...corrections, ...again(all), ...again(corrections)]);
  const deliveries = (queue: JudgedReading[]): Way[number][] => {
    const way: Way[number][] = [];
    while (queue.length > 0) {
      const message = queue.splice(0, 1 + (next() % 30));
      way.push({ message, then: THEN[next() % THEN.length]! });
    }
    return way;
  };
  const late = shuffled([...again(all), ...again(corrections)]);
  return [...deliveries([...first, ...rest]), { message: [], then: 'prune' }, ...deliveries(late)];
}

test('the plain way has every kind of outcome in it, or the law below would say little', async () => {
  const { verdicts, rates, archive, waiting } = await deliver(plainly, {});
  const states = verdicts.flat().map((v) => `${v.kind} ${v.verdict}`);
  for (const state of [
    'hour met',
    'hour exceeded',
    'hour undetermined',
    'day undetermined',
    'month undetermined',
    'rule met',
    'rule exceeded',
    'sample met',
  ]) {
    expect(states).toContain(state);
  }
  const checks = new Set(
    archive.flatMap((r) => (r as JudgedReading).checks.map((check) => `${check} ${(r as JudgedReading).quality}`)),
  );
  for (const check of ['gross-range fail', 'spike fail', 'rate-of-change suspect', 'flat-line suspect', 'consistency suspect']) {
    expect(checks).toContain(check);
  }
  expect(waiting.length).toBeGreaterThan(10);
  expect(rates.filter((target) => target.met + target.exceeded > 0).length).toBeGreaterThanOrEqual(3);
  expect(corrections.length).toBeGreaterThan(5);
  expect(new Set(all.map(keyOf)).size).toBe(all.length);
  expect(archive).toHaveLength(all.length);
});

test.each(['embedded', 'outside'] as const)('any way ends where the plain way ends (archive %s)', async (archive) => {
  const expected = await deliver(plainly, { archive });
  await fc.assert(
    fc.asyncProperty(fc.integer(), async (seed) => {
      expect(await deliver(anyWay(seed), { archive })).toEqual(expected);
    }),
    { numRuns: 20, endOnFailure: true },
  );
});
