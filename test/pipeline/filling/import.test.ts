/** Do values that people bring in go the way of all values: through the log, counted, once, whole lists or nothing? */
import { afterEach, describe, expect, test } from '@jest/globals';
import { parsePeriod } from '../../../src/domain/time.js';
import type { Reading } from '../../../src/domain/reading.js';
import { Import } from '../../../src/pipeline/filling/import.js';
import { ArchiveError } from '../../../src/pipeline/ports.js';
import type { Transact } from '../../../src/pipeline/stores.js';
import { Pipeline, type PipelineOptions } from '../../support/pipeline.js';
import { at, wupi } from '../../support/wupi.js';

let pipeline: Pipeline;
afterEach(() => pipeline.dispose());

const open = async (options: PipelineOptions = {}): Promise<void> => {
  pipeline = await Pipeline.open(options);
};
const importing = ({ closed = null as string | null, failing = false, archive = pipeline.parts.archive } = {}): Import => {
  const { log, ledger, audit, workingSet, database } = pipeline.parts;
  const transact: Transact = (work) =>
    database.transact(() => {
      const done = work();
      if (failing) throw new Error('the disk is full');
      return done;
    });
  return new Import(
    wupi,
    log,
    ledger,
    audit,
    workingSet,
    archive,
    transact,
    pipeline.clock,
    () => closed,
    () => {},
  );
};
const TAKE = { dryRun: false, by: 'officer', file: 'samples.csv' };
const LOOK = { ...TAKE, dryRun: true };
const sample: Reading = {
  station: 'nankeng-out',
  parameter: 'nh3n',
  time: at('2026-11-20 09:30'),
  value: 0.0125,
  mark: 'S',
  source: 'lab',
  detection: 0.025,
};
const history: Reading = {
  station: 'nankeng-out',
  parameter: 'tp',
  time: at('2026-03-01 00:00'),
  value: 0.08,
  mark: 'N',
  source: 'sensor',
};
const counts = (day: string) => pipeline.parts.ledger.counts(day).get('nankeng-out');
const year = parsePeriod('2026', wupi.calendar)!;
const rows = (parameter: string) => pipeline.parts.workingSet.rows({ station: 'nankeng-out', parameter, ...year });

describe('taken', () => {
  test('a non-detect is kept with its detection limit, counted on the day it came, and a duplicate the second time', async () => {
    await open();
    expect(await importing().run([sample], TAKE)).toEqual({ taken: 1, standings: ['new'], refused: [] });
    expect(counts('2026-11-23')).toMatchObject({ received: 1, pending: 1 });
    expect(pipeline.parts.audit.list({}, 10)).toMatchObject([
      {
        who: 'officer',
        action: 'values-imported',
        what: 'import/samples.csv',
        station: 'nankeng-out',
        after: { source: 'lab', values: 1, from: '2026-11-20T09:30:00+08:00' },
      },
    ]);
    await pipeline.run();
    expect(counts('2026-11-23')).toMatchObject({ received: 1, stored: 1, pending: 0 });
    expect(rows('nh3n')).toMatchObject([{ ...sample, quality: 'good', received: at('2026-11-23 08:00') }]);
    expect(await importing().run([sample], TAKE)).toMatchObject({ standings: ['duplicate'] });
    await pipeline.run();
    expect(counts('2026-11-23')).toMatchObject({ received: 2, stored: 1, duplicate: 1, pending: 0 });
  });

  test('another value under the same key is different, and a correction', async () => {
    await open();
    await importing().run([sample], TAKE);
    await pipeline.run();
    const { detection: _, ...rest } = sample;
    expect(await importing().run([{ ...rest, value: 0.4 }], TAKE)).toMatchObject({ taken: 1, standings: ['different'] });
    await pipeline.run();
    expect(counts('2026-11-23')).toMatchObject({ received: 2, stored: 1, corrected: 1 });
    const [held] = rows('nh3n');
    expect(held).toMatchObject({ value: 0.4 });
    expect(held).not.toHaveProperty('detection');
  });

  test('old data of an instrument are no sign of life: they count as arrived when they were measured', async () => {
    await open();
    await importing().run([history], TAKE);
    await pipeline.run();
    expect(pipeline.parts.workingSet.station('nankeng-out')).toEqual(
      expect.objectContaining({ earliest: history.time, lastArrival: history.time }),
    );
    expect(counts('2026-03-01')).toMatchObject({ received: 1, stored: 1 });
    expect(pipeline.parts.ledger.heard(10)).toBeNull();
  });
});

describe('not taken', () => {
  test('a dry run compares and leaves nothing', async () => {
    await open();
    expect(await importing().run([sample, history], LOOK)).toEqual({ taken: 0, standings: ['new', 'new'], refused: [] });
    expect(pipeline.parts.log.head()).toBe(0);
    expect(pipeline.parts.audit.list({}, 10)).toEqual([]);
    expect(counts('2026-11-23')).toBeUndefined();
  });

  test('values that no way in takes are told by place, the others are taken', async () => {
    await open();
    const list = [
      { ...sample, station: 'nowhere' },
      { ...sample, parameter: 'thallium' },
      sample,
      { ...sample, time: at('2026-11-24 00:00') },
      { ...sample, value: Number.NaN },
    ];
    const { taken, refused } = await importing().run(list, TAKE);
    expect(taken).toBe(1);
    expect(refused.map(({ index, reason }) => [index, reason])).toEqual([
      [0, 'unknown-station'],
      [1, 'unknown-parameter'],
      [3, 'from-the-future'],
      [4, 'not-a-number'],
    ]);
  });

  test('a list whose commit fails has left nothing: no value, no count, no number of the log', async () => {
    await open();
    await expect(importing({ failing: true }).run([sample, history], TAKE)).rejects.toThrow('the disk is full');
    expect(pipeline.parts.log.head()).toBe(0);
    expect(pipeline.parts.audit.list({}, 10)).toEqual([]);
    expect(counts('2026-11-23')).toBeUndefined();
    expect(await importing().run([sample], TAKE)).toMatchObject({ taken: 1, standings: ['new'] });
    await pipeline.run();
    expect(rows('nh3n')).toHaveLength(1);
  });

  test('nothing while the service takes no readings; a dry run still answers', async () => {
    await open();
    const shut = importing({ closed: '磁盘已满' });
    await expect(shut.run([sample], TAKE)).rejects.toThrow('现在不接收数据:磁盘已满');
    expect(await shut.run([sample], LOOK)).toMatchObject({ standings: ['new'] });
  });
});

test('what is older than the working set is compared with the archive; while that is away it is not known, and taken all the same', async () => {
  await open({ archive: 'outside' });
  await importing().run([history], TAKE);
  await pipeline.run();
  pipeline.parts.workingSet.prune(at('2026-11-01 00:00'));
  const second = { ...history, time: history.time + 3_600_000 };
  // Of each series the newest stays at hand.
  await importing().run([{ ...history, time: at('2026-03-02 00:00') }], TAKE);
  await pipeline.run();
  pipeline.parts.workingSet.prune(at('2026-11-02 00:00'));
  expect(await importing().run([history, second], LOOK)).toMatchObject({ standings: ['duplicate', 'new'] });
  const away = Object.assign(Object.create(pipeline.parts.archive) as typeof pipeline.parts.archive, {
    find: () => Promise.reject(new ArchiveError('away', true)),
  });
  expect(await importing({ archive: away }).run([history, second], TAKE)).toMatchObject({
    taken: 2,
    standings: ['unknown', 'unknown'],
  });
  await pipeline.run();
  expect(counts('2026-03-01')).toMatchObject({ received: 3, stored: 2, duplicate: 1, pending: 0 });
});
