/** Does what people decide reach every verdict it touches, and leave what the device said as it was? */
import { afterEach, describe, expect, test } from '@jest/globals';
import type { JudgedReading } from '../../src/domain/reading.js';
import { DAY, MINUTE } from '../../src/domain/time.js';
import { Pipeline } from '../support/pipeline.js';
import { at, reading, riverDay, times } from '../support/wupi.js';

const SECTION = 'nankeng-out';
const DATE = '2026-11-20';
const CALIBRATED = at(`${DATE} 08:00`);

let pipeline: Pipeline;
afterEach(() => pipeline.dispose());

/** What the archive and the API say of the ammonia of that day, but for what people decided. */
async function devicesWord(): Promise<{ archived: unknown[]; answered: unknown[] }> {
  const query = { station: SECTION, parameter: 'nh3n', from: at(DATE), to: at(DATE) + DAY };
  const archived = await pipeline.parts.archive.readings(query, 100);
  const day = { parameter: 'nh3n', from: DATE, to: '2026-11-21' };
  const { readings } = await pipeline.parts.records.readings(SECTION, day);
  return {
    archived: archived.map(({ time, value, mark, quality }) => [time, value, mark, quality]),
    answered: readings.map((r) => ('value' in r ? [r.time, r.value, r.mark, r.quality] : r)),
  };
}

/** The reading of the calibration as the archive holds it. */
async function calibrated(): Promise<JudgedReading | undefined> {
  const query = { station: SECTION, parameter: 'nh3n', from: CALIBRATED, to: CALIBRATED + 1 };
  return (await pipeline.parts.archive.readings(query, 1))[0];
}

const verdict = () => pipeline.parts.verdicts.list('day', [SECTION], { from: at(DATE), to: at(DATE) + DAY }, null, 1, 0)[0]!;
const ammonia = () => verdict().findings.find(({ parameter }) => parameter === 'nh3n')!;

async function say(now: string, act: () => unknown): Promise<void> {
  pipeline.clock.set(at(now));
  act();
  await pipeline.run();
}

describe.each(['embedded', 'outside'] as const)('an exceedance during calibration, with an %s archive', (archive) => {
  test('maintenance entered two days late takes it out, a review brings it back, undoing takes it out again', async () => {
    pipeline = await Pipeline.open({ archive, now: at('2026-11-21 00:00') });
    // Two of six four-hourly values were the standard solution.
    await pipeline.publish(...riverDay(DATE, { nh3n: [0.4, 0.4, 2.5, 2.5, 0.4, 0.4] }));
    await pipeline.run();
    expect([verdict().verdict, ammonia().mean]).toEqual(['exceeded', '1.1']);
    const before = await devicesWord();
    const counts = pipeline.counts;
    expect(before.archived).toHaveLength(6);

    const { decisions } = pipeline.parts;
    const record = { station: SECTION, from: `${DATE}T07:30:00+08:00`, to: `${DATE}T11:10:00+08:00`, note: '校准' };
    await say('2026-11-22 09:00', () => decisions.addMaintenance('officer', record));
    expect([verdict().verdict, ammonia().mean, ammonia().filled]).toEqual(['met', '0.4', 4]);
    expect(await calibrated()).toMatchObject({ value: 2.5, mark: 'N', ruling: 'maintenance' });

    const span = { from: `${DATE}T08:00:00+08:00`, to: `${DATE}T12:00:00.001+08:00` };
    const restored = { station: SECTION, source: 'sensor', outcome: 'restored', reason: 'calibration', note: '' } as const;
    await say('2026-11-22 10:00', () => decisions.decide('officer', { ...restored, ...span, parameters: ['nh3n'] }));
    expect([verdict().verdict, ammonia().mean]).toEqual(['exceeded', '1.1']);
    expect(await calibrated()).toMatchObject({ value: 2.5, mark: 'N', ruling: 'restored' });

    await say('2026-11-22 11:00', () => decisions.undo('1', 'admin', '误判'));
    expect([verdict().verdict, ammonia().mean]).toEqual(['met', '0.4']);
    await say('2026-11-22 12:00', () => decisions.changeMaintenance('1', 'admin', { withdrawn: true, reason: '误记' }));
    expect([verdict().verdict, ammonia().mean]).toEqual(['exceeded', '1.1']);
    expect((await calibrated())!.ruling).toBeUndefined();

    expect(await devicesWord()).toEqual(before);
    expect(pipeline.counts).toEqual(counts);
    expect(pipeline.parts.audit.verify()).toMatchObject({ entries: 4, broken: null });
  });

  test('an open record covers what arrives while the work goes on, also late, and what its end leaves counts', async () => {
    pipeline = await Pipeline.open({ archive, now: at(`${DATE} 07:00`) });
    const { decisions } = pipeline.parts;
    await say(`${DATE} 07:30`, () => decisions.addMaintenance('officer', { station: SECTION, parameters: ['nh3n'] }));
    const day = riverDay(DATE, { nh3n: [0.4, 0.4, 2.5, 2.5, 0.4, 0.4] });
    pipeline.clock.set(at(`${DATE} 20:30`));
    await pipeline.publish(...day.filter(({ time }) => time !== CALIBRATED));
    await pipeline.run();
    // The value of 08:00 comes last of all.
    await pipeline.publish(...day.filter(({ time }) => time === CALIBRATED));
    await pipeline.run();
    expect(await calibrated()).toMatchObject({ value: 2.5, ruling: 'maintenance' });
    await say(`${DATE} 21:00`, () => decisions.changeMaintenance('1', 'officer', { to: `${DATE}T12:30:00+08:00`, reason: '' }));
    await say('2026-11-21 00:00', () => undefined);
    expect([verdict().verdict, ammonia().mean, ammonia().filled]).toEqual(['met', '0.4', 4]);
    expect((await devicesWord()).archived).toHaveLength(6);
  });

  test('a crash between the act and its end loses nothing of it', async () => {
    pipeline = await Pipeline.open({ archive, now: at('2026-11-21 00:00') });
    await pipeline.publish(...riverDay(DATE, { nh3n: times(6, 1.2) }));
    await pipeline.run();
    const restored = { station: SECTION, source: 'sensor', outcome: 'invalid', reason: 'sampling-fault', note: '' } as const;
    pipeline.parts.decisions.decide('officer', { ...restored, from: DATE, to: '2026-11-21', parameters: ['nh3n'] });
    await pipeline.parts.steps.rejudge();
    pipeline.crash();
    await pipeline.run();
    expect(verdict()).toMatchObject({ verdict: 'undetermined' });
    expect(ammonia()).toMatchObject({ valid: 0, total: 6 });
    expect(
      await pipeline.parts.archive.readings({ station: SECTION, parameter: 'nh3n', from: 0, to: at('2100-01-01') }, 9),
    ).toEqual(expect.arrayContaining([expect.objectContaining({ value: 1.2, mark: 'N', ruling: 'invalid' })]));
  });
});

test('what comes while the work goes on wakes nobody; what a review restored does', async () => {
  pipeline = await Pipeline.open({ now: at(`${DATE} 07:00`) });
  const { decisions, alerts } = pipeline.parts;
  await say(`${DATE} 07:30`, () => decisions.addMaintenance('officer', { station: SECTION }));
  pipeline.clock.set(at(`${DATE} 08:20`));
  await pipeline.publish(...[0, 5, 10, 15].map((n) => reading({ time: CALIBRATED + n * MINUTE, value: 9 })));
  await pipeline.run(['settle', 'watch']);
  await pipeline.run();
  expect(alerts.list('all', 9)).toEqual([]);
  const span = { from: `${DATE}T08:20:00+08:00`, to: `${DATE}T09:00:00+08:00` };
  const restored = { station: SECTION, source: 'sensor', outcome: 'restored', reason: 'other', note: '确为来水' } as const;
  await say(`${DATE} 08:30`, () => decisions.decide('officer', { ...restored, ...span }));
  pipeline.clock.set(at(`${DATE} 08:40`));
  await pipeline.publish(...[20, 25, 30, 35].map((n) => reading({ time: CALIBRATED + n * MINUTE, value: 9, mark: 'C' })));
  await pipeline.run();
  expect(alerts.list('all', 9)).toMatchObject([{ parameter: 'nh3n', value: 9, openedAt: CALIBRATED + 20 * MINUTE }]);
});

test('a laboratory sample is ruled on by review, never by maintenance', async () => {
  pipeline = await Pipeline.open();
  const time = at('2026-11-22 10:00');
  await pipeline.publish(reading({ time, source: 'lab', mark: 'S' }), reading({ time }));
  await pipeline.run();
  const rulings = () =>
    pipeline.parts.workingSet
      .rows({ station: SECTION, parameter: 'nh3n', from: time, to: time + 1 })
      .map((r) => [r.source, r.ruling]);
  await say('2026-11-23 08:10', () =>
    pipeline.parts.decisions.addMaintenance('officer', { station: SECTION, from: '2026-11-22' }),
  );
  expect(rulings()).toEqual([
    ['lab', undefined],
    ['sensor', 'maintenance'],
  ]);
  const invalid = { station: SECTION, source: 'lab', outcome: 'invalid', reason: 'sampling-fault', note: '' } as const;
  await say('2026-11-23 08:20', () =>
    pipeline.parts.decisions.decide('officer', { ...invalid, time: '2026-11-22T10:00:00+08:00' }),
  );
  expect(rulings()).toEqual([
    ['lab', 'invalid'],
    ['sensor', 'maintenance'],
  ]);
});
