/** Does every window get its verdict when it closes, and a new one when something late changes it? */
import { afterEach, describe, expect, test } from '@jest/globals';
import type { JudgedReading } from '../../src/domain/reading.js';
import { DAY, HOUR, localDate, MINUTE, type WindowKind, windowAt, windowsIn } from '../../src/domain/time.js';
import { Pipeline, type PipelineOptions } from '../support/pipeline.js';
import { at, reading, riverDay, series, siteWith, station, times, wupi } from '../support/wupi.js';

let pipeline: Pipeline;
afterEach(() => pipeline.dispose());
const open = async (options: PipelineOptions = {}): Promise<void> => {
  pipeline = await Pipeline.open(options);
};
const say = async (now: string, readings: readonly JudgedReading[] = []): Promise<void> => {
  pipeline.clock.set(at(now));
  if (readings.length > 0) await pipeline.publish(...readings);
  await pipeline.run();
};
const verdicts = (kind: WindowKind, id = 'nankeng-out') =>
  pipeline.parts.verdicts.list(kind, [id], { from: 0, to: at('2100-01-01') }, null, 100_000, 0);
/** `11-20 met` … of a station's windows. */
const told = (kind: WindowKind, id?: string): string[] =>
  verdicts(kind, id).map((v) => `${localDate(v.start, wupi.calendar).slice(5)} ${v.verdict}`);
const days = (from: string, n: number, over: (i: number) => Parameters<typeof riverDay>[1] = () => ({})): JudgedReading[] =>
  Array.from({ length: n }, (_, i) => riverDay(localDate(at(from) + i * DAY, wupi.calendar), over(i))).flat();
const nh3n = (kind: WindowKind, i = 0) => verdicts(kind)[i]?.findings.find((f) => f.parameter === 'nh3n');

describe('the clock closes windows', () => {
  test('with or without data; an open one has no verdict', async () => {
    await open({ now: at('2026-11-20 23:59') });
    await pipeline.publish(...riverDay('2026-11-20', { nh3n: times(6, 1.2) }));
    await pipeline.run(['settle', 'archive', 'watch']);
    await pipeline.run(['assess']);
    expect(told('day')).toEqual([]);
    await say('2026-11-21 00:00');
    expect(told('day')).toEqual(['11-20 exceeded']);
    await say('2026-11-22 12:00');
    expect(told('day')).toEqual(['11-20 exceeded', '11-21 undetermined']);
    expect(verdicts('day')[1]).toMatchObject({ reason: 'pH、溶解氧、高锰酸盐指数、氨氮、总磷无数据' });
  });

  test('not before the first reading, and not of stations that never spoke', async () => {
    await open();
    await say('2026-11-23 08:00', [reading({ time: at('2026-11-22 08:00') })]);
    expect(told('day')).toEqual(['11-22 undetermined']);
    expect(told('day', 'nankeng-mid')).toEqual([]);
  });

  test('from the day the config names', async () => {
    await open({ site: siteWith(station('nankeng-mid', { since: '2026-11-20' })) });
    await say('2026-11-23 08:00');
    expect(told('day', 'nankeng-mid')).toEqual(['11-20 undetermined', '11-21 undetermined', '11-22 undetermined']);
  });

  test('each kind of its medium', async () => {
    await open();
    await say('2026-11-23 12:10', [
      reading({ station: 'changtan-tap', parameter: 'turb', time: at('2026-11-23 09:05') }),
      reading({ station: 'qinghuchong-outlet', parameter: 'cod', time: at('2026-11-22 09:05') }),
      reading({ station: 'dust-site-1', parameter: 'pm10', time: at('2026-11-23 09:05') }),
    ]);
    expect(verdicts('hour', 'changtan-tap')).toHaveLength(12);
    expect(verdicts('day', 'qinghuchong-outlet')).toHaveLength(1);
    // The dust day still runs: its closed hours are judged, the open one and those to come are not.
    expect(verdicts('rule', 'dust-site-1')).toHaveLength(12);
  });

  test('is not asked in vain twice within a second', async () => {
    await open({ now: at('2026-11-22 23:59:59.500') });
    await pipeline.publish(reading({ time: at('2026-11-22 08:00') }));
    pipeline.parts.steps.settle();
    while (await pipeline.parts.steps.assess());
    pipeline.clock.set(at('2026-11-23 00:00'));
    while (await pipeline.parts.steps.assess());
    expect(told('day')).toEqual([]);
    pipeline.clock.advance(500);
    while (await pipeline.parts.steps.assess());
    expect(told('day')).toHaveLength(1);
  });
});

describe('a month is made of its days', () => {
  test('when it closes its last day is in it', async () => {
    await open({ now: at('2026-11-30 23:59') });
    await pipeline.publish(...days('2026-11-01', 30));
    await pipeline.run();
    expect(told('month')).toEqual([]);
    await say('2026-12-01 00:00');
    expect(told('month')).toEqual(['11-01 met']);
    expect(nh3n('month')).toMatchObject({ filled: 30, due: 30, mean: '0.4' });
  });

  test('a late reading makes its day and its month anew, and nothing else', async () => {
    await open();
    await say('2026-12-05 08:00', days('2026-11-01', 30));
    expect(nh3n('month')).toMatchObject({ mean: '0.4' });
    const before = verdicts('day');
    await say('2026-12-05 09:00', series('nankeng-out', 'nh3n', at('2026-11-03 00:00'), 4 * HOUR, times(6, 30.4)));
    expect(nh3n('day', 2)).toMatchObject({ mean: '30.4', outcome: 'exceeded' });
    expect(nh3n('month')).toMatchObject({ mean: '1.4', outcome: 'exceeded' });
    expect(told('month')).toEqual(['11-01 exceeded']);
    const changed = verdicts('day').flatMap((v, i) => (JSON.stringify(v) === JSON.stringify(before[i]) ? [] : [i]));
    // Of December so far only days: no reading of it came, so they stay as they were.
    expect(changed).toEqual([2]);
  });

  test('a late reading makes an undetermined month met', async () => {
    await open();
    await say('2026-12-01 08:00', days('2026-11-01', 17));
    expect(told('month')).toEqual(['11-01 undetermined']);
    await say('2026-12-01 09:00', days('2026-11-18', 1));
    expect(told('month')).toEqual(['11-01 met']);
  });
});

describe('an earliest reading that moves back', () => {
  test('makes the windows before it due, each once', async () => {
    await open();
    await say('2026-11-23 08:00', [reading({ time: at('2026-11-22 08:00') })]);
    await say('2026-11-23 09:00', [reading({ time: at('2026-11-19 08:00') })]);
    expect(told('day')).toEqual(['11-19', '11-20', '11-21', '11-22'].map((day) => `${day} undetermined`));
  });

  test('by more than one step can close: every hour of a hundred days has its verdict', async () => {
    await open();
    const tap = (time: string) => reading({ station: 'changtan-tap', parameter: 'turb', time: at(time) });
    await say('2026-11-23 02:30', [tap('2026-11-23 00:05')]);
    expect(verdicts('hour', 'changtan-tap')).toHaveLength(2);
    await say('2026-11-23 03:30', [tap('2026-08-15 00:05')]);
    const starts = verdicts('hour', 'changtan-tap').map((v) => v.start);
    expect(starts).toEqual(
      windowsIn('hour', { from: at('2026-08-15'), to: at('2026-11-23 03:00') }, wupi.calendar).map((w) => w.start),
    );
  });
});

describe('dust', () => {
  const hours = (id: string, from: string, values: readonly number[]) =>
    values.flatMap((value, hour) => series(id, 'pm10', at(from) + hour * HOUR, 5 * MINUTE, times(12, value)));

  test('a late hour changes which of the day are beyond the allowance', async () => {
    await open();
    await say('2026-11-23 08:00', hours('dust-site-1', '2026-11-22 08:00', [200, 200, 200]));
    const over = () =>
      verdicts('rule', 'dust-site-1')
        .filter((v) => v.verdict === 'exceeded')
        .map((v) => windowAt('hour', v.start, wupi.calendar).start);
    expect(over()).toEqual([at('2026-11-22 10:00')]);
    await say('2026-11-23 09:00', hours('dust-site-1', '2026-11-22 06:00', [200]));
    expect(over()).toEqual([at('2026-11-22 09:00'), at('2026-11-22 10:00')]);
  });

  test('a late background makes the windows of the sites that use it anew', async () => {
    const [rule] = station('dust-site-1').dustRules;
    const site = siteWith(station('dust-site-1', { dustRules: [{ ...rule!, allowedPerDay: 0, background: 'town-air' }] }));
    await open({ site });
    const at8 = () => verdicts('rule', 'dust-site-1').find((v) => v.start === at('2026-11-22 08:00'));
    await say('2026-11-23 08:00', hours('dust-site-1', '2026-11-22 08:00', [200]));
    expect(at8()).toMatchObject({ verdict: 'undetermined', reason: '缺背景值' });
    await say('2026-11-23 09:00', [reading({ station: 'town-air', parameter: 'pm10', time: at('2026-11-22 08:00'), value: 40 })]);
    expect(at8()).toMatchObject({ verdict: 'exceeded' });
    await say('2026-11-23 10:00', [reading({ station: 'town-air', parameter: 'pm10', time: at('2026-11-22 08:00'), value: 60 })]);
    expect(at8()).toMatchObject({ verdict: 'met', findings: [{ mean: '140' }] });
  });
});

test('a laboratory sample gets its verdict when it comes, and again when a test of it comes later', async () => {
  await open();
  const lab = (parameter: string, value: number) =>
    reading({ station: 'changtan-tap', parameter, value, time: at('2026-10-14 09:30'), source: 'lab', mark: 'S' });
  await say('2026-11-23 08:00', [lab('turb', 0.4), lab('ph', 7.1)]);
  expect(told('sample', 'changtan-tap')).toEqual(['10-14 met']);
  await say('2026-11-23 09:00', [lab('cl2', 0.01)]);
  expect(told('sample', 'changtan-tap')).toEqual(['10-14 exceeded']);
  // A laboratory makes no on-line hour due.
  expect(verdicts('hour', 'changtan-tap')).toEqual([]);
});

describe('a clock that steps back over a boundary', () => {
  const half = (): JudgedReading[] => riverDay('2026-11-22', { nh3n: [0.4, 0.4, 0.4, null, null, null] });
  const rest = (): JudgedReading[] => series('nankeng-out', 'nh3n', at('2026-11-22 12:00'), 4 * HOUR, times(3, 0.4));
  const closedTooEarly = async (): Promise<void> => {
    await open({ now: at('2026-11-22 23:59') });
    await pipeline.publish(...half());
    await pipeline.run();
    pipeline.clock.set(at('2026-11-23 00:00'));
    await pipeline.run();
    expect([told('day'), nh3n('day')?.filled]).toEqual([['11-22 undetermined'], 3]);
  };

  test.each([false, true])(
    'what arrives then is in the window that it closes again (restarted between: %s)',
    async (restarts) => {
      await closedTooEarly();
      pipeline.clock.set(at('2026-11-22 23:59'));
      await pipeline.publish(...rest());
      if (restarts) pipeline.crash();
      await pipeline.run();
      await say('2026-11-23 00:00');
      expect([told('day'), nh3n('day')?.filled]).toEqual([['11-22 met'], 6]);
    },
  );

  test('also when it passes the boundary again within the step that reads it', async () => {
    await closedTooEarly();
    pipeline.clock.set(at('2026-11-23 00:00') - 1);
    await pipeline.publish(...rest());
    pipeline.parts.steps.settle();
    // The clock goes on with every look at it.
    const { clock } = pipeline;
    const now = clock.now.bind(clock);
    clock.now = () => (clock.advance(1), now() - 1);
    await pipeline.parts.steps.assess();
    clock.now = now;
    await say('2026-11-23 00:01');
    expect([told('day'), nh3n('day')?.filled]).toEqual([['11-22 met'], 6]);
  });

  test('a year ahead and back: days close as they end, and no more often', async () => {
    await closedTooEarly();
    await say('2027-11-23 08:00');
    await say('2026-11-23 08:00', [...rest(), ...riverDay('2026-11-23')]);
    expect(told('day')[0]).toBe('11-22 met');
    expect(told('day')[1]).toBe('11-23 undetermined');
    await say('2026-11-24 00:00');
    expect(told('day').slice(0, 3)).toEqual(['11-22 met', '11-23 met', '11-24 undetermined']);
    const before = pipeline.parts.verdicts.revision('nankeng-out');
    await say('2026-11-24 00:10', [reading({ time: at('2026-11-24 00:05') })]);
    expect(pipeline.parts.verdicts.revision('nankeng-out')).toBe(before);
  });
});

describe('windows older than what is at hand, and the archive away', () => {
  const forget = async (): Promise<void> => {
    await open({ archive: 'outside', now: at('2026-09-01 23:59') });
    await pipeline.publish(...riverDay('2026-09-01'));
    await pipeline.run();
    await say('2026-09-02 00:00');
    expect(told('day')).toEqual(['09-01 met']);
    await say('2026-11-23 08:00', riverDay('2026-11-22'));
    pipeline.parts.workingSet.prune(pipeline.clock.now() - 35 * DAY);
  };
  const late = (value: number) => series('nankeng-out', 'nh3n', at('2026-09-01'), 4 * HOUR, times(6, value));

  test('are computed from the archive with what is at hand laid over it', async () => {
    await forget();
    await say('2026-11-23 09:00', late(1.2).slice(0, 3));
    expect(nh3n('day')).toMatchObject({ mean: '0.8', filled: 6 });
    expect(told('day')[0]).toBe('09-01 met');
  });

  test('wait durably, and hold up nothing that is at hand', async () => {
    await forget();
    pipeline.outside.away = true;
    pipeline.clock.set(at('2026-11-23 09:00'));
    await pipeline.publish(...late(1.2));
    expect((await pipeline.run()).get('assess')?.message).toBe('the archive is away');
    expect(pipeline.parts.assess.waiting).toBe('the archive is away');
    expect(told('day')[0]).toBe('09-01 met');
    await say('2026-11-24 00:00', riverDay('2026-11-23', { nh3n: times(6, 1.2) }));
    expect(told('day').at(-1)).toBe('11-23 exceeded');
    pipeline.crash();
    expect(pipeline.parts.verdicts.markedCount()).toBeGreaterThan(0);
    pipeline.outside.away = false;
    expect(await pipeline.run()).toEqual(new Map());
    expect(pipeline.parts.verdicts.markedCount()).toBe(0);
    expect(pipeline.parts.assess.waiting).toBeNull();
    expect(told('day')[0]).toBe('09-01 exceeded');
  });

  test('sixty of them do not either', async () => {
    await forget();
    pipeline.outside.away = true;
    pipeline.clock.set(at('2026-11-23 09:00'));
    await pipeline.publish(...Array.from({ length: 60 }, (_, i) => reading({ time: at('2026-08-01') + i * DAY })));
    await pipeline.run();
    await say('2026-11-24 00:00', riverDay('2026-11-23'));
    expect(told('day').at(-1)).toBe('11-23 met');
    pipeline.outside.away = false;
    await pipeline.run();
    expect(pipeline.parts.verdicts.markedCount()).toBe(0);
  });
});

describe('a crash', () => {
  test('while verdicts are written: nothing is lost, nothing stays old', async () => {
    await open();
    pipeline.clock.set(at('2026-12-01 08:00'));
    await pipeline.publish(...days('2026-11-01', 30, (i) => (i < 6 ? { nh3n: times(6, 4) } : {})));
    await pipeline.run(['settle']);
    for (let fail = 0; fail < 6; fail++) {
      pipeline.clock.advance(1000);
      for (let i = 0; i < fail; i++) await pipeline.parts.steps.assess();
      pipeline.world.faults.failing = 1;
      await pipeline.run(['assess']);
      pipeline.crash();
    }
    pipeline.world.faults.failing = 0;
    await pipeline.run();
    expect(told('day').filter((text) => text.endsWith('exceeded'))).toHaveLength(6);
    expect(nh3n('month')).toMatchObject({ mean: '1.12', filled: 30 });
    expect(pipeline.parts.verdicts.markedCount()).toBe(0);
  });

  test('a station that left the config leaves no window that waits for ever', async () => {
    await open();
    pipeline.parts.verdicts.mark({ kind: 'day', station: 'gone', start: at('2026-11-20') });
    await pipeline.run();
    expect(pipeline.parts.verdicts.markedCount()).toBe(0);
  });
});
