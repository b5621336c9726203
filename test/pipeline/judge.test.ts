/** Do readings that their neighbours, their company or people speak against get the quality they should, and wait for review? */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { JudgedReading, Mark } from '../../src/domain/reading.js';
import { HOUR, MINUTE } from '../../src/domain/time.js';
import { Pipeline } from '../support/pipeline.js';
import { at, reading, series } from '../support/wupi.js';

const START = at('2026-11-20');
let pipeline: Pipeline;
beforeEach(async () => (pipeline = await Pipeline.open()));
afterEach(() => pipeline.dispose());

/** The qualities of a series, as letters (g, s, f), in measured time. */
function letters(parameter: string, station = 'nankeng-out'): string {
  const query = { station, parameter, from: 0, to: at('2100-01-01') };
  return pipeline.parts.workingSet
    .rows(query)
    .map(({ quality }) => quality[0])
    .join('');
}
const checksOf = (parameter: string): string[][] =>
  pipeline.parts.workingSet
    .rows({ station: 'nankeng-out', parameter, from: 0, to: at('2100-01-01') })
    .map(({ checks }) => [...checks]);
const waiting = (): string[] =>
  pipeline.parts.reviews
    .list(null, 100)
    .map((doubt) => `${doubt.parameter} ${(doubt.time - START) / HOUR} ${doubt.checks.join()}`);
const nh3n = (values: readonly (number | null)[], over: Partial<JudgedReading> = {}): JudgedReading[] =>
  series('nankeng-out', 'nh3n', START, 4 * HOUR, values, over);
const send = async (...readings: JudgedReading[]): Promise<void> => {
  await pipeline.publish(...readings);
  await pipeline.run();
};
/** One message a reading, as a device sends them. */
const sendOneByOne = async (readings: readonly JudgedReading[]): Promise<void> => {
  for (const one of readings) await send(one);
};

describe('a spike', () => {
  test('is suspect and waits, until the next reading confirms it', async () => {
    await sendOneByOne(nh3n([0.4, 0.5, 9]));
    expect(letters('nh3n')).toBe('ggs');
    expect(waiting()).toEqual(['nh3n 8 spike']);
    await send(...nh3n([null, null, null, 9.2]));
    expect(letters('nh3n')).toBe('gggg');
    expect(waiting()).toEqual([]);
  });

  test('fails when the next reading is back, and then waits for a person', async () => {
    await sendOneByOne(nh3n([0.4, 0.5, 9, 0.5, 0.4]));
    expect(letters('nh3n')).toBe('ggfgg');
    expect(waiting()).toEqual(['nh3n 8 spike']);
    const [, , spike] = pipeline.parts.workingSet.rows({
      station: 'nankeng-out',
      parameter: 'nh3n',
      from: 0,
      to: at('2100-01-01'),
    });
    expect(spike).toMatchObject({ value: 9, mark: 'N', amended: { by: 'judge', reason: '突变:判为无效' } });
  });

  test('all at once ends the same', async () => {
    await send(...nh3n([0.4, 0.5, 9, 0.5, 0.4]));
    expect(letters('nh3n')).toBe('ggfgg');
  });

  test('one that came between later turns the doubt', async () => {
    await send(...nh3n([0.4, 0.5, 9, null, 0.4]));
    expect(letters('nh3n')).toBe('ggfg');
    await send(reading({ parameter: 'nh3n', time: START + 10 * HOUR, value: 8.8 }));
    expect(letters('nh3n')).toBe('ggggg'.replace(/.$/, 's'));
    expect(waiting()).toEqual(['nh3n 16 spike']);
  });

  test('one that is corrected to an ordinary value leaves nothing behind', async () => {
    await sendOneByOne(nh3n([0.4, 0.5, 9, 0.5]));
    await send(...nh3n([null, null, 0.6]));
    expect(letters('nh3n')).toBe('gggg');
    expect(waiting()).toEqual([]);
  });

  test('a calibration between is no neighbour', async () => {
    await send(...nh3n([0.4, 0.5]), reading({ parameter: 'nh3n', time: START + 6 * HOUR, value: 20, mark: 'C' }));
    await send(...nh3n([null, null, 0.5]));
    expect(letters('nh3n')).toBe('gggg');
    // Marked afterwards: the correction takes it out of the series.
    await sendOneByOne(nh3n([null, null, null, 9, 0.5]));
    expect(letters('nh3n')).toBe('ggggfg');
    await send(...nh3n([null, null, null, 9], { mark: 'M' as Mark }));
    expect(letters('nh3n')).toBe('gggggg');
    expect(waiting()).toEqual([]);
  });

  test('of a repeated sampling instant every reading is judged', async () => {
    const of = (hour: number, sampled: number, value: number) =>
      reading({ parameter: 'nh3n', time: START + hour * HOUR, sampled: START + sampled * HOUR, value });
    await sendOneByOne([of(0, 0, 0.4), of(4, 4, 0.5), of(8, 8, 9), of(9, 8, 9), of(10, 8, 9)]);
    expect(letters('nh3n')).toBe('ggsss');
    await send(of(12, 12, 0.5));
    expect(letters('nh3n')).toBe('ggfffg');
    expect(waiting()).toEqual(['nh3n 10 spike', 'nh3n 9 spike', 'nh3n 8 spike']);
  });
});

test('a flat line becomes suspect and fails by time, and ends when the value moves', async () => {
  const values = [7.1, ...Array<number>(26).fill(7.3), 7.4];
  await sendOneByOne(series('nankeng-out', 'ph', START, HOUR, values));
  expect(letters('ph')).toBe(`g${'g'.repeat(6)}${'s'.repeat(18)}ffg`);
  expect(checksOf('ph')[8]).toEqual(['flat-line']);
  expect(waiting()).toHaveLength(20);
  // A late reading that moved breaks the line, and all after it are judged anew.
  await send(reading({ parameter: 'ph', time: START + 12 * HOUR + 30 * MINUTE, value: 7.2 }));
  expect(letters('ph')).toBe('g'.repeat(7) + 's'.repeat(6) + 'g'.repeat(1) + 'g'.repeat(6) + 's'.repeat(8) + 'g');
});

test('a fast change is suspect and stays so', async () => {
  await sendOneByOne(series('nankeng-out', 'temp', START, HOUR, [15, 15.2, 19, 19.1, 19.2]));
  expect(letters('temp')).toBe('ggsgg');
  expect(checksOf('temp')[2]).toEqual(['rate-of-change']);
});

test('a sampling instant that cannot be is suspect', async () => {
  await send(reading({ parameter: 'tp', time: START + HOUR, value: 0.1, sampled: START - 30 * HOUR }));
  expect(checksOf('tp')).toEqual([['sampling-time']]);
});

describe('items of the same time', () => {
  const of = (parameter: string, value: number, over: Partial<JudgedReading> = {}) =>
    reading({ parameter, value, time: START, ...over });

  test.each([
    ['in one message', 1],
    ['one after the other', 4],
  ])('a part above the whole makes both suspect, %s', async (_, messages) => {
    const all = [of('nh3n', 1.5), of('tp', 0.1), of('tn', 1.2), of('codmn', 3)];
    if (messages === 1) await send(...all);
    else await sendOneByOne(all);
    expect([letters('nh3n'), letters('tn'), letters('tp'), letters('codmn')]).toEqual(['s', 's', 'g', 'g']);
    expect(checksOf('nh3n')).toEqual([['consistency']]);
    expect(waiting()).toEqual(['nh3n 0 consistency', 'tn 0 consistency']);
    // The whole is corrected: both fit again.
    await send(of('tn', 1.8));
    expect([letters('nh3n'), letters('tn')]).toEqual(['g', 'g']);
    expect(waiting()).toEqual([]);
  });

  test('of other times, or marked, they are not compared', async () => {
    await send(of('nh3n', 1.5), of('tn', 1.2, { time: START + MINUTE }), of('tp', 2), of('tn', 1, { mark: 'D' }));
    expect([letters('nh3n'), letters('tn'), letters('tp')]).toEqual(['g', 'gg', 'g']);
  });

  test('turbid water makes TP suspect, and it still counts', async () => {
    await sendOneByOne([of('turb', 250), of('tp', 0.1)]);
    await sendOneByOne([of('tp', 0.12, { time: START + 4 * HOUR }), of('turb', 260, { time: START + 4 * HOUR })]);
    await sendOneByOne([of('tp', 0.11, { time: START + 8 * HOUR }), of('turb', 90, { time: START + 8 * HOUR })]);
    expect(letters('tp')).toBe('ssg');
    expect(checksOf('tp')[0]).toEqual(['interference']);
  });

  test('after a restart the items that came before are still compared', async () => {
    await send(of('nh3n', 1.5), of('tp', 1.4));
    pipeline.crash();
    await sendOneByOne([of('turb', 10), of('tn', 1.2)]);
    expect([letters('nh3n'), letters('tp'), letters('tn')]).toEqual(['s', 's', 's']);
  });
});

describe('what people decided', () => {
  const maintain = (to?: string) =>
    pipeline.parts.decisions.addMaintenance('officer', { station: 'nankeng-out', from: '2026-11-20T06:00:00+08:00', to });

  test('covers what arrives later, beside what its neighbours say, and nothing waits for review', async () => {
    maintain();
    await sendOneByOne(nh3n([0.4, 0.5, 9, 0.5]));
    const rows = pipeline.parts.workingSet.rows({ station: 'nankeng-out', parameter: 'nh3n', from: 0, to: at('2100-01-01') });
    expect(rows.map(({ quality, ruling }) => `${quality} ${ruling ?? '-'}`)).toEqual([
      'good -',
      'good -',
      'fail maintenance',
      'good maintenance',
    ]);
    expect(rows[3]!.amended).toMatchObject({ by: 'officer' });
    expect(waiting()).toEqual([]);
  });

  test('takes a reading from the queue, and gives it back when it is undone', async () => {
    await sendOneByOne(nh3n([0.4, 0.5, 9, 0.5]));
    expect(waiting()).toHaveLength(1);
    const words = { station: 'nankeng-out', source: 'sensor', parameters: ['nh3n'], time: '2026-11-20T08:00:00+08:00' } as const;
    const decision = pipeline.parts.decisions.decide('officer', {
      ...words,
      outcome: 'restored',
      reason: 'other',
      note: '复测一致',
    });
    await pipeline.run();
    expect(waiting()).toEqual([]);
    pipeline.parts.decisions.undo(decision.id, 'officer', '误审');
    await pipeline.run();
    expect(waiting()).toEqual(['nh3n 8 spike']);
  });
});

test('a value outside the range waits for review although nothing is amended', async () => {
  await send(reading({ parameter: 'ph', time: START, value: 99 }));
  await send(reading({ parameter: 'ph', time: START + HOUR, value: 99 }));
  expect(waiting()).toEqual(['ph 1 gross-range', 'ph 0 gross-range']);
});

test('a step that fails leaves nothing behind and is done again', async () => {
  await send(...nh3n([0.4, 0.5, 9]));
  await pipeline.publish(...nh3n([null, null, null, 0.5]));
  await pipeline.run(['settle']);
  pipeline.world.faults.failing = 1;
  const failed = await pipeline.run(['judge']);
  expect(failed.get('judge')?.message).toBe('the power failed');
  expect(letters('nh3n')).toBe('ggsg');
  await pipeline.run();
  expect(letters('nh3n')).toBe('ggfg');
});

test('an amendment is not judged: what is settled comes to rest', async () => {
  await send(...nh3n([0.4, 9, 0.4, 9, 0.4, 9]));
  const head = pipeline.parts.log.head();
  await pipeline.run();
  await send(...nh3n([0.4, 9, 0.4, 9, 0.4, 9]));
  expect(pipeline.parts.log.head()).toBe(head + 1);
  expect(pipeline.counts).toMatchObject({ received: 12, stored: 6, duplicate: 6, corrected: 0, pending: 0 });
});

test('where neighbours are no longer at hand, what was made of a reading stays', async () => {
  await pipeline.dispose();
  pipeline = await Pipeline.open({ archive: 'outside' });
  await sendOneByOne(nh3n([0.4, 0.5, 9, 0.5, 0.4, 0.4, 0.5]));
  expect(letters('nh3n')).toBe('ggfgggg');
  pipeline.parts.workingSet.prune(START + 6 * HOUR);
  await send(reading({ parameter: 'nh3n', time: START + 10 * HOUR, value: 0.6 }));
  expect(letters('nh3n')).toBe('fggggg');
  // Without its old neighbours the spike would be the first of its series, and good.
  expect(waiting()).toEqual(['nh3n 8 spike']);
});
