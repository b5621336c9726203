/** What becomes of every value, and is each counted once? Settle and archive, promise 2. */
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Counts } from '../../src/pipeline/stores.js';
import { DAY, HOUR } from '../../src/domain/time.js';
import { Pipeline, type PipelineOptions } from '../support/pipeline.js';
import { at, reading, series } from '../support/wupi.js';

let pipeline: Pipeline;
afterEach(() => pipeline.dispose());
const open = async (options: PipelineOptions = {}): Promise<void> => {
  pipeline = await Pipeline.open(options);
};
/** Promise 2, and what it is made of. */
function fates(): Omit<Counts, 'received'> {
  const { received, ...rest } = pipeline.counts;
  expect(Object.values(rest).reduce((a, b) => a + b)).toBe(received);
  expect(Math.min(...Object.values(rest))).toBeGreaterThanOrEqual(0);
  return rest;
}
const none = { stored: 0, duplicate: 0, corrected: 0, rejected: 0, pending: 0 };

describe.each(['embedded', 'outside'] as const)('with the archive %s', (archive) => {
  test.each([
    ['new values', [[0.4], [0.5, 60]], { stored: 2 }],
    ['the same again', [[0.4], [0.4], [0.4]], { stored: 1, duplicate: 2 }],
    ['another value', [[0.4], [0.5]], { stored: 1, corrected: 1 }],
    ['another mark', [[0.4], [0.4, 0, 'M']], { stored: 1, corrected: 1 }],
    ['a redelivery of the superseded value', [[0.4], [0.5], [0.4], [0.5]], { stored: 1, corrected: 1, duplicate: 2 }],
    ['twice corrected, all three again', [[0.4], [0.5], [0.6], [0.4], [0.5], [0.6]], { stored: 1, corrected: 2, duplicate: 3 }],
    ['older than the newest', [[0.5, 60], [0.4]], { stored: 2 }],
    ['an older one corrected', [[0.5, 60], [0.4], [0.3]], { stored: 2, corrected: 1 }],
  ] as const)('%s', async (_, values, expected) => {
    await open({ archive });
    const rows = values.map(([value, minute = 0, mark = 'N']) =>
      reading({ value, mark: mark as 'N', time: at('2026-11-23 06:00') + minute * 60_000 }),
    );
    for (const row of rows) {
      await pipeline.publish(row);
      fates();
      await pipeline.run(['settle']);
      fates();
      await pipeline.run(['archive']);
      fates();
    }
    expect(fates()).toEqual({ ...none, ...expected });

    // And all in one message.
    const again = await Pipeline.open({ archive });
    await again.publish(...rows);
    await again.run();
    expect(again.counts).toEqual({ ...none, ...expected, received: rows.length });
    await again.dispose();
  });

  test('the last accepted value stands in the working set and in the archive', async () => {
    await open({ archive });
    for (const value of [0.4, 0.5, 0.4]) {
      await pipeline.publish(reading({ value }));
      await pipeline.run();
    }
    const query = { station: 'nankeng-out', parameter: 'nh3n', from: 0, to: at('2027-01-01') };
    expect(pipeline.parts.workingSet.rows(query)).toMatchObject([{ value: 0.5 }]);
    expect(await pipeline.parts.archive.readings(query, 9)).toMatchObject([{ value: 0.5 }]);
  });

  test('a laboratory value is another series', async () => {
    await open({ archive });
    await pipeline.publish(reading({ value: 0.4 }), reading({ value: 0.6, source: 'lab', mark: 'S' }));
    await pipeline.run();
    expect(fates()).toEqual({ ...none, stored: 2 });
  });

  test.each(['settle', 'archive'] as const)(
    'a crash in %s before it commits counts nothing twice and loses nothing',
    async (stage) => {
      await open({ archive });
      await pipeline.publish(...series('nankeng-out', 'nh3n', at('2026-11-23 00:00'), HOUR, [0.1, 0.2, 0.3]));
      await pipeline.publish(reading({ value: 0.9, time: at('2026-11-23 00:00') }));
      if (stage === 'archive') await pipeline.run(['settle']);
      const cursor = pipeline.parts.log.cursor(stage);
      pipeline.world.faults.failing = 1;
      expect((await pipeline.run([stage])).get(stage)?.message).toBe('the power failed');
      // The failed transaction moved nothing, in the file or in memory: without a restart the step is simply repeated.
      expect(pipeline.parts.log.cursor(stage)).toBe(cursor);
      expect(fates()).toEqual({ ...none, pending: 4 });
      expect(await pipeline.run()).toEqual(new Map());
      const query = { station: 'nankeng-out', parameter: 'nh3n', from: 0, to: at('2027-01-01') };
      const kept = async (): Promise<void> => {
        expect(fates()).toEqual({ ...none, stored: 3, corrected: 1 });
        expect(pipeline.parts.workingSet.rows(query).map((r) => r.value)).toEqual([0.9, 0.2, 0.3]);
        expect((await pipeline.parts.archive.readings(query, 9)).map((r) => r.value)).toEqual([0.9, 0.2, 0.3]);
        expect(pipeline.parts.workingSet.newest('nankeng-out', 'nh3n')?.value).toBe(0.3);
        expect(pipeline.parts.workingSet.station('nankeng-out')?.earliest).toBe(at('2026-11-23 00:00'));
      };
      await kept();
      pipeline.crash();
      await pipeline.run();
      await kept();
    },
  );
});

describe('the archive outside', () => {
  test('away: pending, and everything else goes on; back: everything is written once', async () => {
    await open({ archive: 'outside' });
    pipeline.outside.away = true;
    await pipeline.publish(reading({ value: 1.37 }), reading({ value: 1.37 }));
    const failed = await pipeline.run();
    expect([...failed.keys()]).toEqual(['archive']);
    expect(fates()).toEqual({ ...none, pending: 2 });
    expect(pipeline.parts.log.waiting('archive')).toBe(2);
    expect(pipeline.parts.alerts.list('active', 9)).toHaveLength(1);
    // 超限 settles two seconds; then the office and the village are told.
    pipeline.clock.advance(2000);
    expect([...(await pipeline.run()).keys()]).toEqual(['archive']);
    expect(pipeline.world.mailer.accepted).toHaveLength(2);
    pipeline.crash();
    pipeline.outside.away = false;
    await pipeline.run();
    expect(fates()).toEqual({ ...none, stored: 1, duplicate: 1 });
    expect(pipeline.outside.written).toBe(1);
  });

  test('a crash between the write and the count writes again, counts once', async () => {
    await open({ archive: 'outside' });
    await pipeline.publish(reading());
    await pipeline.run(['settle']);
    pipeline.world.faults.failing = 1;
    await pipeline.run(['archive']);
    expect(pipeline.outside.written).toBe(1);
    expect(fates()).toEqual({ ...none, pending: 1 });
    expect(pipeline.world.ended).toEqual([]);
    pipeline.crash();
    await pipeline.run();
    expect(pipeline.outside.written).toBe(2);
    expect(pipeline.outside.held.size).toBe(1);
    expect(fates()).toEqual({ ...none, stored: 1 });
    expect(pipeline.world.ended).toEqual(['stored']);
  });

  test('what it refuses for good is rejected, with the reason, and the rest of the batch is stored', async () => {
    await open({ archive: 'outside' });
    pipeline.outside.refuses = (r) => (r.parameter === 'tp' ? 'field type conflict' : null);
    await pipeline.publish(reading(), reading({ parameter: 'tp', value: 0.1 }), reading({ parameter: 'codmn', value: 3 }));
    expect(await pipeline.run()).toEqual(new Map());
    expect(fates()).toEqual({ ...none, stored: 2, rejected: 1 });
    expect(pipeline.parts.ledger.rejections(9)).toMatchObject([
      { station: 'nankeng-out', values: 1, detail: expect.stringContaining('field type conflict') },
    ]);
    await pipeline.publish(reading({ time: at('2026-11-23 07:00') }));
    await pipeline.run();
    expect(fates()).toEqual({ ...none, stored: 3, rejected: 1 });
  });

  describe('what it refused leaves the pages and the verdicts too', () => {
    const query = { station: 'nankeng-out', parameter: 'nh3n', from: 0, to: at('2027-01-01') };
    const bad = (value: number) => {
      pipeline.outside.refuses = (r) => (r.value === value ? 'field type conflict' : null);
    };
    const atHand = (): (number | undefined)[] => [
      ...pipeline.parts.workingSet.rows(query).map((r) => r.value),
      pipeline.parts.workingSet.newest('nankeng-out', 'nh3n')?.value,
    ];

    test('the value, its place as the newest, and the beginning of the station; it may come again', async () => {
      await open({ archive: 'outside' });
      bad(0.9);
      await pipeline.publish(reading({ time: at('2026-11-22 06:00') }));
      await pipeline.run();
      for (const time of [at('2026-11-23 07:30'), at('2026-10-01 08:00')]) {
        await pipeline.publish(reading({ time, value: 0.9 }));
        await pipeline.run(['settle']);
        expect(atHand()).toContain(0.9);
        await pipeline.run();
      }
      const asBefore = (): void => {
        expect(atHand()).toEqual([0.42, 0.42]);
        expect(pipeline.parts.workingSet.station('nankeng-out')?.earliest).toBe(at('2026-11-22 06:00'));
      };
      asBefore();
      pipeline.crash();
      asBefore();
      bad(-1);
      await pipeline.publish(reading({ time: at('2026-11-23 07:30'), value: 0.9 }));
      await pipeline.run();
      expect(atHand()).toEqual([0.42, 0.9, 0.9]);
      expect(fates()).toEqual({ ...none, stored: 2, rejected: 2 });
    });

    test('a correction: the older value that the archive holds stands again', async () => {
      await open({ archive: 'outside' });
      bad(0.9);
      for (const value of [0.42, 0.9, 0.42]) {
        await pipeline.publish(reading({ value }));
        await pipeline.run();
        expect(atHand()).toEqual([0.42, 0.42]);
      }
      expect(fates()).toEqual({ ...none, stored: 1, rejected: 1, duplicate: 1 });
    });

    test('a later correction of it stays', async () => {
      await open({ archive: 'outside' });
      bad(0.9);
      await pipeline.publish(reading({ value: 0.9 }));
      await pipeline.publish(reading({ value: 0.5 }));
      await pipeline.run();
      expect(atHand()).toEqual([0.5, 0.5]);
      expect(fates()).toEqual({ ...none, corrected: 1, rejected: 1 });
    });

    test('the verdict of a closed day is made again without it', async () => {
      await open({ archive: 'outside' });
      const day = series('nankeng-out', 'nh3n', at('2026-11-22'), 4 * HOUR, [0.3, 0.3, 0.3, 0.3, 0.3, 99]);
      pipeline.outside.away = true;
      await pipeline.publish(...day);
      await pipeline.run();
      const found = () =>
        pipeline.parts.verdicts
          .last('day', 'nankeng-out', at('2026-11-23'))
          ?.findings.find(({ parameter }) => parameter === 'nh3n');
      expect(found()).toMatchObject({ outcome: 'exceeded', total: 6 });
      pipeline.outside.away = false;
      bad(99);
      await pipeline.run();
      expect(found()).toMatchObject({ outcome: 'met', total: 5 });
    });

    test('a failure while it is taken back changes nothing, and is made good', async () => {
      await open({ archive: 'outside' });
      bad(0.9);
      await pipeline.publish(reading({ time: at('2026-11-22 06:00') }), reading({ value: 0.9 }));
      await pipeline.run(['settle']);
      pipeline.world.faults.failing = 1;
      await pipeline.run(['archive']);
      expect(atHand()).toEqual([0.42, 0.9, 0.9]);
      await pipeline.run();
      expect(atHand()).toEqual([0.42, 0.42]);
      expect(fates()).toEqual({ ...none, stored: 1, rejected: 1 });
    });
  });

  describe('older than what is at hand: only the archive knows', () => {
    const old = reading({ time: at('2026-09-01 08:00'), value: 0.4 });
    const forget = async (): Promise<void> => {
      await open({ archive: 'outside', now: at('2026-09-01 09:00') });
      await pipeline.publish(old, reading({ time: at('2026-09-01 08:30') }));
      await pipeline.run();
      pipeline.clock.set(at('2026-11-23 08:00'));
      pipeline.parts.workingSet.prune(pipeline.clock.now() - 35 * DAY);
      expect(
        pipeline.parts.workingSet.rows({ station: 'nankeng-out', parameter: 'nh3n', from: 0, to: pipeline.clock.now() }),
      ).toHaveLength(1);
    };

    test.each([
      ['the same', { value: 0.4 }, { stored: 2, duplicate: 1 }],
      ['another value', { value: 0.7 }, { stored: 2, corrected: 1 }],
      ['another mark', { mark: 'D' as const }, { stored: 2, corrected: 1 }],
      ['a time it does not hold', { time: old.time + 1 }, { stored: 3 }],
    ])('%s', async (_, over, expected) => {
      await forget();
      await pipeline.publish({ ...old, ...over });
      await pipeline.run();
      expect(fates()).toEqual({ ...none, ...expected });
    });

    test('a corrected one, and the superseded one again, also after forgetting once more', async () => {
      await forget();
      for (const value of [0.7, 0.4, 0.7]) {
        await pipeline.publish({ ...old, value });
        await pipeline.run();
      }
      expect(fates()).toEqual({ ...none, stored: 2, corrected: 1, duplicate: 2 });
      pipeline.clock.advance(DAY);
      pipeline.parts.workingSet.prune(pipeline.clock.now() - 35 * DAY);
      for (const value of [0.4, 0.7]) {
        await pipeline.publish({ ...old, value });
        await pipeline.run();
      }
      expect(fates()).toEqual({ ...none, stored: 2, corrected: 1, duplicate: 4 });
      expect(await pipeline.outside.find([old])).toMatchObject([{ value: 0.7 }]);
    });

    test.each([
      ['a correction', { value: 0.7 }, { stored: 2, corrected: 1 }],
      ['a new value', { time: old.time + 1 }, { stored: 3 }],
    ])(
      '%s waits while the archive is away, and is told right after a crash between write and count',
      async (_, over, expected) => {
        await forget();
        pipeline.outside.away = true;
        await pipeline.publish({ ...old, ...over });
        await pipeline.run();
        expect(fates()).toEqual({ ...none, stored: 2, pending: 1 });
        pipeline.outside.away = false;
        // The fates are committed, the write is done, the count is not.
        const write = pipeline.outside.write.bind(pipeline.outside);
        pipeline.outside.write = async (readings) => {
          await write(readings);
          pipeline.world.faults.failing = 1;
        };
        expect((await pipeline.run(['archive'])).size).toBe(1);
        pipeline.outside.write = write;
        pipeline.crash();
        await pipeline.run();
        expect(fates()).toEqual({ ...none, ...expected });
      },
    );

    test('two corrections while the archive is away: the first value never comes back', async () => {
      await forget();
      pipeline.outside.away = true;
      for (const value of [0.7, 0.8]) {
        await pipeline.publish({ ...old, value });
        await pipeline.run();
      }
      pipeline.outside.away = false;
      await pipeline.run();
      await pipeline.publish(old);
      await pipeline.run();
      expect(await pipeline.outside.find([old])).toMatchObject([{ value: 0.8 }]);
      expect(fates()).toMatchObject({ stored: 2, pending: 0 });
    });
  });
});
