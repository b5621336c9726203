/** Is what was refused taken again once the config is mended: each value once, with the counts an identity at every moment? */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { decodeNative } from '../../../src/adapters/payload/native.js';
import type { Site } from '../../../src/domain/site.js';
import { DAY } from '../../../src/domain/time.js';
import { GroupCommit } from '../../../src/pipeline/intake.js';
import type { Counts } from '../../../src/pipeline/stores.js';
import { Pipeline } from '../../support/pipeline.js';
import { at, station, wupi } from '../../support/wupi.js';

let pipeline: Pipeline;
beforeEach(async () => {
  pipeline = await Pipeline.open();
});
afterEach(() => pipeline.dispose());

const send = async (message: object | string, id = 'nankeng-out', maySpeak = true): Promise<void> => {
  const { log, ledger, database } = pipeline.parts;
  const nothing = (): void => {};
  const transact = <T>(work: () => T): T => database.transact(work);
  const intake = new GroupCommit(
    wupi,
    decodeNative,
    log,
    ledger,
    transact,
    pipeline.clock,
    pipeline.world.journal,
    { committed: nothing },
    nothing,
  );
  const payload = new TextEncoder().encode(typeof message === 'string' ? message : JSON.stringify(message));
  const received = pipeline.clock.now();
  const error = await new Promise<Error | undefined>((done) =>
    intake.take({ topic: `heqing/${id}/readings`, payload, maySpeakFor: maySpeak ? null : () => false, received }, done),
  );
  if (error) throw error;
};

/** The town's config with the parameter `xyz` known under that name, and a station more. */
const mended: Site = {
  ...wupi,
  codes: new Map([...wupi.codes, ['xyz', 'tp']]),
  stations: new Map([...wupi.stations, ['new-post', station('nankeng-out', { id: 'new-post' })]]),
};
const replay = (which = {}, site = mended) => pipeline.parts.replay(site, decodeNative).run(which);
const identity = ({ received, ...ends }: Counts): void =>
  expect(received).toBe(Object.values(ends).reduce((sum, n) => sum + n, 0));
const counts = (day: string, id: string): Counts => {
  const found = pipeline.parts.ledger.counts(day).get(id)!;
  identity(found);
  return found;
};
const zero = { received: 0, stored: 0, duplicate: 0, corrected: 0, rejected: 0, pending: 0 };
const rows = (parameter: string, id = 'nankeng-out') =>
  pipeline.parts.workingSet
    .rows({ station: id, parameter, from: 0, to: at('2027-01-01') })
    .map(({ value, time, received }) => ({ value, time, received }));

const time = at('2026-11-23 07:55');
const arrived = at('2026-11-23 08:00');

test('part of a message: what was accepted is not counted again, what is mended counts on its arrival day', async () => {
  await send({ time, values: { nh3n: 0.5, ph: 7, xyz: 0.1, nonsense: 1 } });
  await pipeline.run();
  expect(counts('2026-11-23', 'nankeng-out')).toEqual({ ...zero, received: 4, stored: 2, rejected: 2 });
  pipeline.clock.advance(DAY);
  expect(await replay()).toEqual({ messages: 1, taken: 1, values: 1, refused: {}, skipped: 0 });
  expect(counts('2026-11-23', 'nankeng-out')).toEqual({ ...zero, received: 4, stored: 2, rejected: 1, pending: 1 });
  await pipeline.run();
  expect(counts('2026-11-23', 'nankeng-out')).toEqual({ ...zero, received: 4, stored: 3, rejected: 1 });
  expect(rows('tp')).toEqual([{ value: 0.1, time, received: arrived }]);
  // What is still refused stands there, once, and a second replay takes nothing.
  expect(pipeline.parts.ledger.rejections(9)).toMatchObject([
    { reason: 'unknown-parameter', values: 1, detail: expect.stringContaining('nonsense') },
  ]);
  expect(await replay()).toMatchObject({ taken: 0, refused: { 'unknown-parameter': 1 } });
  expect(pipeline.counts).toEqual({ ...zero, received: 4, stored: 3, rejected: 1 });
});

test('an unknown station: its values move from the service to the station', async () => {
  await send({ time, values: { nh3n: 0.5, ph: 7 } }, 'new-post');
  await send({ time, values: { nh3n: 0.6 } }, 'nowhere');
  expect(counts('2026-11-23', '')).toEqual({ ...zero, received: 3, rejected: 3 });
  expect(await replay()).toEqual({ messages: 2, taken: 1, values: 2, refused: { 'unknown-station': 1 }, skipped: 0 });
  expect(counts('2026-11-23', '')).toEqual({ ...zero, received: 1, rejected: 1 });
  await pipeline.run();
  expect(counts('2026-11-23', 'new-post')).toEqual({ ...zero, received: 2, stored: 2 });
  expect(pipeline.parts.ledger.rejections(9).map((r) => r.topic)).toEqual(['heqing/nowhere/readings']);
});

test('several reasons in one message are one message', async () => {
  await send({ time, values: { xyz: 0.1, nh3n: 'x', ph: 7 }, marks: { ph: '?' } });
  expect(pipeline.parts.ledger.rejections(9)).toHaveLength(3);
  expect(await replay({ reason: 'unknown-parameter' })).toEqual({ messages: 1, taken: 1, values: 1, refused: {}, skipped: 0 });
  expect(pipeline.parts.ledger.rejections(9).map((r) => [r.reason, r.values])).toEqual([
    ['bad-mark', 1],
    ['not-a-number', 1],
  ]);
  expect(counts('2026-11-23', 'nankeng-out')).toEqual({ ...zero, received: 3, rejected: 2, pending: 1 });
});

test('without a time the arrival it had stands for it, and a redelivery is still known by its number', async () => {
  await send({ seq: 5, values: { xyz: 0.1 } });
  pipeline.clock.advance(60_000);
  await send({ seq: 5, values: { xyz: 0.1 } });
  pipeline.clock.advance(DAY);
  expect(await replay()).toMatchObject({ taken: 2, values: 2 });
  await pipeline.run();
  expect(rows('tp')).toEqual([{ value: 0.1, time: arrived, received: arrived }]);
  expect(pipeline.counts).toEqual({ ...zero, received: 2, stored: 1, duplicate: 1 });
});

test('what the clock refused at its arrival is refused still', async () => {
  await send({ time: arrived + DAY, values: { nh3n: 1 } });
  pipeline.clock.advance(2 * DAY);
  expect(await replay()).toMatchObject({ taken: 0, refused: { 'from-the-future': 1 } });
});

test('only those of the reason, only those since', async () => {
  await send({ time, values: { xyz: 0.1 } });
  pipeline.clock.advance(DAY);
  await send({ time, values: { xyz: 0.2 } }, 'new-post');
  await send('{', 'nankeng-in');
  expect(await replay({ reason: 'not-json' })).toEqual({
    messages: 1,
    taken: 0,
    values: 0,
    refused: { 'not-json': 1 },
    skipped: 0,
  });
  expect(await replay({ since: at('2026-11-24') })).toMatchObject({ messages: 2, taken: 1 });
  expect(await replay({})).toMatchObject({ messages: 2, taken: 1 });
  expect(pipeline.parts.ledger.rejections(9)).toHaveLength(1);
});

test('who may not speak is taken only when asked for by name', async () => {
  await send({ time, values: { nh3n: 1 } }, 'nankeng-out', false);
  expect(await replay()).toMatchObject({ messages: 1, taken: 0, skipped: 1 });
  expect(await replay({ reason: 'wrong-sender' })).toMatchObject({ taken: 1, values: 1 });
});

test('what the archive refused is no message of a device', async () => {
  pipeline.parts.ledger.refuse({
    received: arrived,
    topic: 'heqing/nankeng-out/readings',
    station: 'nankeng-out',
    reason: 'not-a-number',
    detail: '归档拒收',
    values: 1,
    payload: new TextEncoder().encode(JSON.stringify({ time, values: { nh3n: 1 } })),
    message: null,
  });
  expect(await replay()).toMatchObject({ messages: 1, taken: 0, skipped: 1 });
});

describe('exactly once', () => {
  test('two at a time, many messages', async () => {
    for (let i = 0; i < 120; i++) await send({ time: time + i, values: { xyz: i } });
    const both = await Promise.all([replay(), replay()]);
    expect(both[0].values + both[1].values).toBe(120);
    await pipeline.run();
    expect(rows('tp')).toHaveLength(120);
    expect(pipeline.counts).toEqual({ ...zero, received: 120, stored: 120 });
  });

  test('a power failure in the middle takes nothing, and the next one everything', async () => {
    await send({ time, values: { xyz: 1 } });
    const before = pipeline.counts;
    pipeline.world.faults.failing = 1;
    await expect(replay()).rejects.toThrow('the power failed');
    expect(pipeline.counts).toEqual(before);
    expect(pipeline.parts.ledger.rejections(9)).toHaveLength(1);
    pipeline.crash();
    expect(await replay()).toMatchObject({ taken: 1 });
    pipeline.crash();
    expect(await replay()).toMatchObject({ messages: 0 });
    await pipeline.run();
    expect(pipeline.counts).toEqual({ ...zero, received: 1, stored: 1 });
  });

  test('the log goes on in order after a replay that failed', async () => {
    await send({ time, values: { xyz: 1 } });
    pipeline.world.faults.failing = 1;
    await expect(replay()).rejects.toThrow();
    await send({ time, values: { nh3n: 1 } });
    expect(pipeline.parts.log.head()).toBe(1);
    await pipeline.run();
    expect(rows('nh3n')).toHaveLength(1);
  });
});
