/** Does an amendment reach what is held, change nothing else, and count as nothing? */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { JudgedReading } from '../../../src/domain/reading.js';
import { HOUR, MINUTE } from '../../../src/domain/time.js';
import { Amendments } from '../../../src/pipeline/judging/amendments.js';
import { Pipeline } from '../../support/pipeline.js';
import { at, reading } from '../../support/wupi.js';

const TIME = at('2026-11-23 04:00');
const first = reading({ time: TIME, value: 0.4 });
const amended = (of: JudgedReading, over: Partial<JudgedReading> = {}): JudgedReading => ({
  ...of,
  quality: 'suspect',
  checks: ['spike'],
  amended: { by: 'judge', reason: '突变:存疑', at: TIME + HOUR },
  ...over,
});

describe.each(['embedded', 'outside'] as const)('with an %s archive', (archive) => {
  let pipeline: Pipeline;
  beforeEach(async () => (pipeline = await Pipeline.open({ archive })));
  afterEach(() => pipeline.dispose());

  const append = (...readings: JudgedReading[]): void => {
    const { database, log } = pipeline.parts;
    database.transact(() => log.append(readings));
  };
  const held = async (): Promise<JudgedReading[]> => {
    const query = { station: first.station, parameter: first.parameter, from: 0, to: at('2100-01-01') };
    const archived = await pipeline.parts.archive.readings(query, 10);
    expect(pipeline.parts.workingSet.rows(query).map((r) => [r.value, r.quality])).toEqual(
      archived.map((r) => [r.value, r.quality]),
    );
    return archived;
  };

  test('it stands over its reading, and no value is counted for it', async () => {
    await pipeline.publish(first);
    await pipeline.run();
    const before = pipeline.counts;
    append(amended((await held())[0]!));
    await pipeline.run();
    expect(await held()).toMatchObject([{ value: 0.4, mark: 'N', quality: 'suspect', checks: ['spike'] }]);
    expect(pipeline.counts).toEqual(before);
    expect(pipeline.world.ended).toEqual(['stored']);
    expect(pipeline.world.live.readings).toHaveLength(2);
  });

  test('a reading that was corrected meanwhile is not touched by what was said of its old value', async () => {
    await pipeline.publish(first);
    await pipeline.run();
    const [old] = await held();
    await pipeline.publish({ ...first, value: 0.6 });
    append(amended(old!));
    await pipeline.run();
    expect(await held()).toMatchObject([{ value: 0.6, quality: 'good', checks: [] }]);
    expect(pipeline.counts).toMatchObject({ received: 2, stored: 1, corrected: 1, pending: 0 });
  });

  test('nothing is made of an amendment of a reading that nobody has', async () => {
    await pipeline.publish(first);
    await pipeline.run();
    append(amended(reading({ time: TIME - HOUR, value: 1 })), amended(reading({ parameter: 'tp', value: 1 })));
    await pipeline.run();
    expect((await held()).map((r) => r.value)).toEqual([0.4]);
    expect(pipeline.counts).toMatchObject({ received: 1, stored: 1, pending: 0 });
  });

  test('a redelivery of the amended reading is a duplicate and takes nothing back', async () => {
    await pipeline.publish(first);
    await pipeline.run();
    append(amended((await held())[0]!));
    await pipeline.publish(first);
    await pipeline.run();
    expect(await held()).toMatchObject([{ quality: 'suspect' }]);
    expect(pipeline.counts).toMatchObject({ received: 2, stored: 1, duplicate: 1 });
  });
});

test('of a reading older than what is at hand the archive decides', async () => {
  const pipeline = await Pipeline.open({ archive: 'outside' });
  const old = reading({ time: TIME - HOUR, value: 1 });
  await pipeline.publish(old, first);
  await pipeline.run();
  pipeline.parts.workingSet.prune(TIME - MINUTE);
  const { database, log } = pipeline.parts;
  database.transact(() => log.append([amended(old), amended({ ...old, time: old.time - HOUR }), amended({ ...old, value: 2 })]));
  await pipeline.run();
  expect([...pipeline.outside.held.values()].map((r) => [r.time - TIME, r.value, r.quality])).toEqual([
    [-HOUR, 1, 'suspect'],
    [0, 0.4, 'good'],
  ]);
  expect(pipeline.counts).toMatchObject({ received: 2, stored: 2, corrected: 0, pending: 0 });
  await pipeline.dispose();
});

test('the next one waits until all before it have arrived', async () => {
  const pipeline = await Pipeline.open();
  await pipeline.publish(first);
  const { database, log } = pipeline.parts;
  const amendments = new Amendments(log);
  expect(amendments.haveArrived).toBe(false);
  await pipeline.run();
  expect(amendments.haveArrived).toBe(true);
  database.transact(() => amendments.append([]));
  expect(amendments.haveArrived).toBe(true);
  database.transact(() => amendments.append([amended(first)]));
  expect(amendments.haveArrived).toBe(false);
  await pipeline.run(['settle']);
  expect(amendments.haveArrived).toBe(true);
  const head = log.head();
  expect(() =>
    database.transact(() => {
      amendments.append([amended(first)]);
      throw new Error('the power failed');
    }),
  ).toThrow('the power failed');
  log.rewind(head);
  expect(amendments.haveArrived).toBe(true);
  await pipeline.dispose();
});
