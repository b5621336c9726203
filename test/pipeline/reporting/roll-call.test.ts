/** Are missing messages counted and wrong clocks named, once, whatever crashes and whatever comes again? */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { decodeNative } from '../../../src/adapters/payload/native.js';
import { HOUR, type Instant, isoTime, MINUTE } from '../../../src/domain/time.js';
import { GroupCommit } from '../../../src/pipeline/intake.js';
import { Pipeline } from '../../support/pipeline.js';
import { at, wupi } from '../../support/wupi.js';

let pipeline: Pipeline;
beforeEach(async () => {
  pipeline = await Pipeline.open();
});
afterEach(() => pipeline.dispose());

/** The intake with the real dialect. */
const intake = (): GroupCommit => {
  const { log, ledger, database } = pipeline.parts;
  const transact = <T>(work: () => T): T => {
    const { faults } = pipeline.world;
    if (faults.failing === 0) return database.transact(work);
    faults.failing--;
    return database.transact(() => {
      work();
      throw new Error('the power failed');
    });
  };
  const nothing = (): void => {};
  return new GroupCommit(
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
};
const send = (message: object, id = 'nankeng-out', to = intake()): Promise<Error | undefined> => {
  const payload = new TextEncoder().encode(JSON.stringify(message));
  const delivery = { topic: `heqing/${id}/readings`, payload, maySpeakFor: null, received: pipeline.clock.now() };
  return new Promise((resolve) => to.take(delivery, resolve));
};
/** Message number `seq`, measured now; a minute passes. */
const numbered = async (seq: number, time: Instant | null = pipeline.clock.now()): Promise<void> => {
  pipeline.clock.advance(MINUTE);
  await send({ seq, values: { nh3n: seq / 100 }, ...(time === null ? {} : { time }) });
};
const look = (): void => {
  while (pipeline.parts.rollCall.step());
};
const receipt = async (date?: string) =>
  (await pipeline.parts.records.receipts(date)).stations.find((s) => s.station === 'nankeng-out')!;
const stationView = () => pipeline.parts.report.stations().stations.find((s) => s.id === 'nankeng-out')!;

describe('numbers', () => {
  test('a hole stands in the receipts of its day and in the metric, and closes when the message comes after all', async () => {
    for (const seq of [7, 8, 12]) await numbered(seq);
    look();
    expect(await receipt()).toMatchObject({
      missingMessages: 3,
      gaps: [{ first: 9, last: 11, messages: 3, after: '2026-11-23T08:02:00+08:00', before: '2026-11-23T08:03:00+08:00' }],
    });
    expect(pipeline.parts.rollCall.missing()).toEqual({ 'nankeng-out': 3 });
    expect(await receipt('2026-11-22')).toMatchObject({ missingMessages: 0, gaps: [] });

    await numbered(10, at('2026-11-23 08:01'));
    look();
    expect(await receipt()).toMatchObject({
      missingMessages: 2,
      gaps: [
        { first: 9, last: 9 },
        { first: 11, last: 11 },
      ],
    });
    await numbered(9, at('2026-11-23 08:01'));
    await numbered(11, at('2026-11-23 08:01'));
    look();
    expect(await receipt()).toMatchObject({ missingMessages: 0, gaps: [] });
  });

  test('a refused message is not a missing one', async () => {
    await numbered(1);
    await send({ seq: 2, time: pipeline.clock.now(), values: { nothing: 1 } });
    await send({ seq: 3, time: 'x', values: { nh3n: 1 } });
    await numbered(4);
    look();
    expect(pipeline.parts.rollCall.missing()).toEqual({ 'nankeng-out': 0 });
  });

  test('survives kill -9 before and after it was looked at, and counts each message once', async () => {
    await numbered(1);
    await numbered(4);
    pipeline.crash();
    look();
    look();
    expect((await receipt()).missingMessages).toBe(2);
    pipeline.crash();
    await numbered(6);
    await numbered(4, at('2026-11-23 08:01'));
    look();
    pipeline.crash();
    expect((await receipt()).gaps.map(({ first, last }) => [first, last])).toEqual([
      [2, 3],
      [5, 5],
    ]);
    expect(pipeline.parts.ledger.heard(9)).toBeNull();
  });

  test('a roll call that fails is done again, once', async () => {
    await numbered(1);
    await numbered(4);
    pipeline.world.faults.failing = 1;
    expect(() => pipeline.parts.rollCall.step()).toThrow('the power failed');
    expect(pipeline.parts.rollCall.missing()).toEqual({});
    look();
    expect(pipeline.parts.rollCall.missing()).toEqual({ 'nankeng-out': 2 });
  });

  test('what a failed commit heard is heard when it comes again', async () => {
    const to = intake();
    pipeline.world.faults.failing = 1;
    const first = { seq: 1, time: pipeline.clock.now(), values: { nh3n: 1 } };
    expect(await send(first, 'nankeng-out', to)).toBeInstanceOf(Error);
    expect(pipeline.parts.ledger.heard(9)).toBeNull();
    await send({ ...first, seq: 5 }, 'nankeng-out', to);
    look();
    expect(pipeline.parts.rollCall.missing()).toEqual({ 'nankeng-out': 0 });
  });

  test('a device that begins again has lost nothing', async () => {
    for (const seq of [4_000_000, 4_000_001, 0, 1]) await numbered(seq);
    look();
    expect(pipeline.parts.rollCall.missing()).toEqual({ 'nankeng-out': 0 });
  });

  test('a thousand messages in one commit are one row and one run', async () => {
    const to = intake();
    const now = pipeline.clock.now();
    await Promise.all(
      Array.from({ length: 1000 }, (_, i) => send({ seq: i, time: now - 1e6 + i, values: { nh3n: 1 } }, 'nankeng-out', to)),
    );
    const heard = pipeline.parts.ledger.heard(99)!.heard;
    expect(heard).toHaveLength(1);
    expect(heard[0]?.runs).toMatchObject([{ first: 0, last: 999, time: now - 1e6, newest: now - 1e6 + 999 }]);
    expect(heard[0]?.signs.length).toBeLessThanOrEqual(8);
  });
});

describe('clocks', () => {
  const every = async (n: number, message: (now: Instant, i: number) => object): Promise<void> => {
    for (let i = 0; i < n; i++) {
      pipeline.clock.advance(10 * MINUTE);
      await send(message(pipeline.clock.now(), i));
    }
    look();
  };

  test('Beijing time labelled as UTC is named, although every reading is refused, and is well again when mended', async () => {
    expect(stationView()).toMatchObject({ clock: null, timeless: false });
    await every(4, (now) => ({ time: isoTime(now, wupi.calendar).replace('+08:00', 'Z'), values: { nh3n: 1 } }));
    expect(pipeline.counts).toMatchObject({ received: 4, rejected: 4 });
    expect(stationView().clock).toEqual({
      kind: 'hours',
      finding: '时钟快 8 小时,疑似把北京时间当作 UTC 发送',
      findingEn: 'the clock is 8 h fast: probably Beijing time is sent as UTC',
      since: '2026-11-23T08:10:00+08:00',
    });
    await every(1, (now) => ({ time: now, values: { nh3n: 1 } }));
    expect(stationView().clock).toMatchObject({ since: '2026-11-23T08:10:00+08:00' });
    pipeline.crash();
    expect(stationView().clock).toMatchObject({ since: '2026-11-23T08:10:00+08:00' });
    await every(1, (now) => ({ time: now, values: { nh3n: 1 } }));
    expect(stationView().clock).toBeNull();
  });

  test.each<[string, (now: Instant, i: number) => object, string]>([
    ['microseconds', (now) => ({ time: now * 1e3, values: { nh3n: 1 } }), '时间以微秒发送,数据被拒收:应为秒或毫秒'],
    ['nanoseconds', (now) => ({ time: now * 1e6, values: { nh3n: 1 } }), '时间以纳秒发送,数据被拒收:应为秒或毫秒'],
    [
      'stuck',
      (_, i) => ({ time: at('2026-11-23 08:00'), values: { nh3n: i } }),
      '时钟停走:测值在变,时间不变,同一时刻只留下最后一个值',
    ],
    [
      'UTC labelled as Beijing time',
      (now) => ({ time: new Date(now).toISOString().replace('Z', '+08:00'), values: { nh3n: 1 } }),
      '时钟慢 8 小时,疑似把 UTC 时间当作北京时间发送',
    ],
    [
      'a lost battery',
      (now) => ({ time: new Date(now - at('2026-11-23')).toISOString(), values: { nh3n: 1 } }),
      '时钟停在多年以前,疑似电池失效',
    ],
  ])('%s', async (kind, message, finding) => {
    await every(5, message);
    expect(stationView().clock).toMatchObject({ finding });
    // Other stations' clocks are their own.
    expect(pipeline.parts.report.stations().stations.filter((s) => s.clock !== null)).toHaveLength(1);
    expect(kind).not.toBe('');
  });

  test('a laboratory is no clock: its samples are days old', async () => {
    await every(5, (now) => ({ time: now - 48 * HOUR, source: 'lab', values: { nh3n: 1 } }));
    expect(stationView()).toMatchObject({ clock: null, timeless: false });
  });

  test('a device without a time is named as one', async () => {
    await every(3, () => ({ values: { nh3n: 1 } }));
    expect(stationView()).toMatchObject({ clock: null, timeless: true });
    await every(1, (now) => ({ time: now, values: { nh3n: 1 } }));
    expect(stationView().timeless).toBe(false);
  });
});
