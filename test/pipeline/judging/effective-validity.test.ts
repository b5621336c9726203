/** Does what people decide reach every verdict it touches, and leave what the device said as it was? */
import { afterEach, describe, expect, test } from '@jest/globals';
import type { JudgedReading } from '../../../src/domain/reading.js';
import { DAY, MINUTE } from '../../../src/domain/time.js';
import { Pipeline, withoutArrival } from '../../support/pipeline.js';
import { at, reading, riverDay, times } from '../../support/wupi.js';

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

test('what only the archive still holds is ruled on there, and its windows are judged anew from there', async () => {
  pipeline = await Pipeline.open({ archive: 'outside', now: at('2026-11-21 00:00') });
  await pipeline.publish(...riverDay(DATE, { nh3n: [0.4, 0.4, 2.5, 2.5, 0.4, 0.4] }), ...riverDay('2026-12-19'));
  await pipeline.run();
  await say('2026-12-20 00:00', () => pipeline.parts.workingSet.prune(at('2026-12-01')));
  expect(pipeline.parts.workingSet.rows({ station: SECTION, parameter: 'nh3n', from: 0, to: at(DATE) + DAY })).toEqual([]);
  expect(verdict().verdict).toBe('exceeded');
  const record = { station: SECTION, from: `${DATE}T07:30:00+08:00`, to: `${DATE}T11:10:00+08:00` };
  pipeline.outside.away = true;
  await say('2026-12-20 09:00', () => pipeline.parts.decisions.addMaintenance('officer', record));
  expect(verdict().verdict).toBe('exceeded');
  pipeline.outside.away = false;
  await say('2026-12-20 09:10', () => undefined);
  expect([verdict().verdict, ammonia().mean, (await calibrated())?.ruling]).toEqual(['met', '0.4', 'maintenance']);
  expect(pipeline.counts).toMatchObject({ stored: 60, corrected: 0, pending: 0 });
});

test('what comes while the work goes on wakes nobody; what a review restored does', async () => {
  pipeline = await Pipeline.open({ now: at(`${DATE} 07:00`) });
  const { decisions } = pipeline.parts;
  // Of this section: the others of the town are silent, and that is told.
  const raised = () => pipeline.parts.alerts.list('all', 99).filter(({ station }) => station === SECTION);
  await say(`${DATE} 07:30`, () => decisions.addMaintenance('officer', { station: SECTION }));
  pipeline.clock.set(at(`${DATE} 08:20`));
  await pipeline.publish(...[0, 5, 10, 15].map((n) => reading({ time: CALIBRATED + n * MINUTE, value: 9 })));
  await pipeline.run(['settle', 'watch']);
  await pipeline.run();
  expect(raised()).toEqual([]);

  const span = { from: `${DATE}T08:20:00+08:00`, to: `${DATE}T09:00:00+08:00` };
  const restored = { station: SECTION, source: 'sensor', outcome: 'restored', reason: 'other', note: '确为来水' } as const;
  await say(`${DATE} 08:30`, () => decisions.decide('officer', { ...restored, ...span }));
  pipeline.clock.set(at(`${DATE} 08:40`));
  await pipeline.publish(...[20, 25, 30, 35].map((n) => reading({ time: CALIBRATED + n * MINUTE, value: 9, mark: 'C' })));
  await pipeline.run();
  expect(raised()).toMatchObject([{ parameter: 'nh3n', value: 9, openedAt: CALIBRATED + 20 * MINUTE }]);
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

describe('the same acts among the same readings, whenever they arrive, leave the same (promise 4)', () => {
  const hours = (from: number, to: number) => ({
    from: `${DATE}T${String(from).padStart(2, '0')}:00:00+08:00`,
    to: `${DATE}T${String(to).padStart(2, '0')}:00:00+08:00`,
  });
  const review = { station: SECTION, source: 'sensor', reason: 'calibration', note: '' } as const;
  const acts: readonly ((decisions: Pipeline['parts']['decisions']) => unknown)[] = [
    (d) => d.addMaintenance('officer', { station: SECTION, ...hours(7, 15), note: '校准' }),
    (d) => d.decide('officer', { ...review, ...hours(0, 5), outcome: 'invalid' }),
    (d) => d.changeMaintenance('1', 'officer', { to: hours(7, 11).to, settlingMinutes: 30, reason: '记错' }),
    (d) => d.decide('officer', { ...review, ...hours(8, 10), parameters: ['nh3n', 'tp'], outcome: 'restored' }),
    (d) => d.addMaintenance('admin', { station: SECTION, from: hours(20, 21).from, parameters: ['tp'] }),
    (d) => d.undo('1', 'admin', '误判'),
    (d) => d.decide('officer', { ...review, ...hours(4, 5), outcome: 'suspect' }),
  ];
  const readings = [
    ...riverDay(DATE, { nh3n: [0.4, 0.4, 2.5, 2.5, 0.4, 0.4] }),
    reading({ time: CALIBRATED, source: 'lab', mark: 'S', value: 0.3 }),
    reading({ parameter: 'tp', time: at(`${DATE} 09:00`), value: 0.09, mark: 'C' }),
  ];

  type Plain = ReturnType<typeof withoutArrival>;
  // An archive may tell two sources of one instant in any order.
  const inOrder = (a: Plain, b: Plain): number =>
    a.parameter.localeCompare(b.parameter) || a.time - b.time || a.source.localeCompare(b.source);

  /** What is left for people to see after readings and acts came in an order that `next` makes. */
  async function left(archive: 'embedded' | 'outside', next: (below: number) => number) {
    pipeline = await Pipeline.open({ archive, now: at('2026-11-21 00:00') });
    const waiting = [...readings];
    const undone = [...acts];
    while (waiting.length + undone.length > 0) {
      if (next(waiting.length + undone.length) < undone.length) undone.shift()!(pipeline.parts.decisions);
      else await pipeline.publish(...Array.from({ length: 1 + next(4) }, () => waiting.splice(next(waiting.length), 1)).flat());
      const then = (['nothing', 'nothing', 'settle', 'judge', 'rejudge', 'run', 'crash'] as const)[next(7)]!;
      if (then === 'run') await pipeline.run();
      else if (then === 'crash') pipeline.crash();
      else if (then !== 'nothing') await pipeline.parts.steps[then]();
    }
    await pipeline.run();
    const span = { from: at(DATE), to: at(DATE) + DAY };
    const rows = await Promise.all(
      ['ph', 'do', 'codmn', 'nh3n', 'tp'].map((parameter) =>
        pipeline.parts.archive.readings({ station: SECTION, parameter, ...span }, 100),
      ),
    );
    const seen = { rows: rows.flat().map(withoutArrival).sort(inOrder), verdict: verdict() };
    await pipeline.dispose();
    return seen;
  }

  test.each(['embedded', 'outside'] as const)(
    '%s',
    async (archive) => {
      const plain = await left(archive, () => 0);
      const rulings = plain.rows.map(({ ruling }) => ruling ?? 'none');
      expect(new Set(rulings)).toEqual(new Set(['none', 'maintenance', 'restored', 'suspect']));
      for (let seed = 1; seed <= 4; seed++) {
        let state = seed;
        const next = (below: number): number => {
          state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
          return (state >>> 8) % below;
        };
        expect({ seed, ...(await left(archive, next)) }).toEqual({ seed, ...plain });
      }
      pipeline = await Pipeline.open();
    },
    120_000,
  );
});
