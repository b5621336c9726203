/** Does whatever comes later touch exactly its windows, and is each change of a verdict told with its cause? */
import { afterEach, describe, expect, test } from '@jest/globals';
import type { ExcuseReason } from '../../../src/domain/compliance/excuse.js';
import type { JudgedReading } from '../../../src/domain/reading.js';
import type { Site } from '../../../src/domain/site.js';
import { DAY, HOUR, localDate, type WindowKind } from '../../../src/domain/time.js';
import { Refusal } from '../../../src/pipeline/ports.js';
import { Pipeline, type PipelineOptions } from '../../support/pipeline.js';
import { at, reading, riverDay, series, siteWith, station, times, wupi } from '../../support/wupi.js';

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
const days = (from: string, n: number, over: (i: number) => Parameters<typeof riverDay>[1] = () => ({})): JudgedReading[] =>
  Array.from({ length: n }, (_, i) => riverDay(localDate(at(from) + i * DAY, wupi.calendar), over(i))).flat();
const verdicts = (kind: WindowKind, id = 'nankeng-out') =>
  pipeline.parts.verdicts.list(kind, [id], { from: 0, to: at('2100-01-01') }, null, 1000, 0);
/** Texts of the changes, oldest first. */
const changes = (window: WindowKind, target = 'river'): string[] =>
  pipeline.parts.compliance
    .changes(target, { window })
    .changes.map(({ text }) => text)
    .reverse();
const nh3n = (day: string, values: readonly (number | null)[]): JudgedReading[] =>
  series('nankeng-out', 'nh3n', at(day), 4 * HOUR, values);

describe('the history of verdicts', () => {
  test('late readings that undo a verdict are counted, with the month above', async () => {
    await open();
    await say('2026-12-05 08:00', [
      ...days('2026-11-01', 2),
      ...riverDay('2026-11-03', { nh3n: times(6, null as unknown as number) }),
      ...days('2026-11-04', 27),
    ]);
    expect([changes('day'), changes('month')]).toEqual([[], []]);
    await say('2026-12-05 09:00', nh3n('2026-11-03', times(6, 40)));
    expect(changes('day')).toEqual(['2026-11-03 由 未判定 改为 超标,原因:补传 6 条测值']);
    expect(changes('month')).toEqual(['2026-11 由 达标 改为 超标,原因:补传 6 条测值']);
    const answer = pipeline.parts.compliance.changes('river', { period: '2026-11', window: 'day' });
    expect(answer).toMatchObject({
      changes: [
        {
          station: 'nankeng-out',
          start: '2026-11-03T00:00:00+08:00',
          from: { verdict: 'undetermined', class: null, excused: false },
          to: { verdict: 'exceeded', excused: false },
        },
      ],
    });
    // Beside the window it stands too.
    const { windows } = pipeline.parts.compliance.compliance('river', { period: '2026-11', window: 'day' });
    const told = windows.map((text) => JSON.parse(text) as { start: string; changes?: { text: string }[] });
    expect(told.filter((w) => w.changes !== undefined).map((w) => [w.start.slice(0, 10), w.changes?.[0]?.text])).toEqual([
      ['2026-11-03', '2026-11-03 由 未判定 改为 超标,原因:补传 6 条测值'],
    ]);
  });

  test('a comparison that is entered lets an item of another method count from its day on; withdrawn, it does not', async () => {
    const electrode = station('nankeng-out').parameters.map((one) =>
      one.parameter === 'nh3n' ? { ...one, method: 'electrode' as const } : one,
    );
    await open({ site: siteWith(station('nankeng-out', { parameters: electrode })) });
    await say(
      '2026-12-05 08:00',
      days('2026-11-01', 30, () => ({ nh3n: times(6, 9) })),
    );
    const lost = (): string[] =>
      verdicts('day').flatMap(({ start, verdict }) => (verdict === 'exceeded' ? [localDate(start, wupi.calendar)] : []));
    expect([lost(), verdicts('month')[0]?.verdict]).toEqual([[], 'met']);
    const { comparisons } = pipeline.parts;
    const sample = { station: 'nankeng-out', parameter: 'nh3n', time: '2026-11-29T10:00:00+08:00', sensor: 9, note: '' };
    const { id, passed } = comparisons.add('officer', { ...sample, laboratory: 9.1 });
    expect(passed).toBe(true);
    await say('2026-12-05 08:01');
    expect(lost()).toEqual(['2026-11-29', '2026-11-30']);
    expect(changes('day')).toEqual([
      '2026-11-29 由 达标 改为 超标,原因:比对登记:氨氮 2026-11-29 合格',
      '2026-11-30 由 达标 改为 超标,原因:比对登记:氨氮 2026-11-29 合格',
    ]);
    // One that failed later takes its day out again.
    comparisons.add('officer', { ...sample, time: '2026-11-30T10:00:00+08:00', laboratory: 3 });
    await say('2026-12-05 08:02');
    expect(lost()).toEqual(['2026-11-29']);
    comparisons.withdraw(id, 'officer', '瓶号写错');
    await say('2026-12-05 08:03');
    expect(lost()).toEqual([]);
    expect(changes('day').at(-1)).toBe('2026-11-29 由 超标 改为 达标,原因:撤回比对:氨氮 2026-11-29 合格');
  });

  test('a correction that moves the mean and no verdict leaves none; one that does is named', async () => {
    await open();
    await say('2026-11-23 08:00', riverDay('2026-11-22', { nh3n: times(6, 0.6) }));
    await say('2026-11-23 09:00', nh3n('2026-11-22', [0.62]));
    expect(verdicts('day')[0]?.findings.find((f) => f.parameter === 'nh3n')?.mean).toContain('0.603');
    expect(changes('day')).toEqual([]);
    await say('2026-11-23 10:00', nh3n('2026-11-22', [9]));
    expect(changes('day')).toEqual(['2026-11-22 由 达标 改为 超标,原因:更正 1 条测值']);
    // A redelivery of what was corrected does nothing.
    await say('2026-11-23 11:00', nh3n('2026-11-22', [0.6, 0.6]));
    expect(changes('day')).toHaveLength(1);
  });

  test('survives a crash, and what was told in time is no change', async () => {
    await open({ now: at('2026-11-22 23:00') });
    await pipeline.publish(...riverDay('2026-11-22'));
    await say('2026-11-23 00:00');
    expect([verdicts('day')[0]?.verdict, changes('day')]).toEqual(['met', []]);
    await say('2026-11-23 01:00', nh3n('2026-11-22', [9]));
    pipeline.crash();
    expect(changes('day')).toEqual(['2026-11-22 由 达标 改为 超标,原因:更正 1 条测值']);
  });
});

describe('a changed config', () => {
  const restart = async (site: Site): Promise<void> => {
    pipeline.crash(site);
    await pipeline.run();
  };
  const filled = async (): Promise<void> => {
    await open();
    await say('2026-11-23 08:00', [
      ...riverDay('2026-11-22', { nh3n: times(6, 0.8) }),
      ...riverDay('2026-11-22', { nh3n: times(6, 0.8) }, 'nankeng-mid'),
    ]);
  };

  test('that judges a station otherwise makes its windows anew, and only its own', async () => {
    await filled();
    const before = pipeline.parts.verdicts.revision('nankeng-mid');
    expect(before).toBeGreaterThan(0);
    const { binding } = station('nankeng-out');
    await restart(siteWith(station('nankeng-out', { binding: { ...binding!, class: 'II' } })));
    expect(verdicts('day')[0]?.verdict).toBe('exceeded');
    expect(changes('day')).toEqual(['2026-11-22 由 达标 改为 超标,原因:配置变更']);
    // It counts from the start on: nothing of the other station was written since.
    expect([pipeline.parts.verdicts.revision('nankeng-mid'), pipeline.parts.verdicts.revision('nankeng-out')]).toEqual([0, 1]);
    await restart(siteWith(station('nankeng-out', { binding: { ...binding!, class: 'II' } })));
    expect(pipeline.parts.verdicts.revision('nankeng-out')).toBe(0);
  });

  test('that only names a station otherwise makes nothing anew, and prints the new name', async () => {
    await filled();
    await restart(siteWith(station('nankeng-out', { name: '出境断面' })));
    expect(pipeline.parts.verdicts.revision('nankeng-out')).toBe(0);
    const { windows } = pipeline.parts.compliance.compliance('river', { window: 'day' });
    expect(windows.map((text) => (JSON.parse(text) as { stationName: string }).stationName)).toEqual(['出境断面']);
  });
});

describe('不参评', () => {
  const WORDS = {
    ...{ station: 'nankeng-out', from: '2026-11-03', to: '2026-11-04', reason: 'no-flow' as const },
    ...{ approver: '安源生态环境局', document: '安环〔2026〕8 号' },
  };
  const excuse = (
    over: Partial<Omit<typeof WORDS, 'reason'> & { reason: ExcuseReason }> & { kinds?: WindowKind[]; parameters?: string[] } = {},
  ) => pipeline.parts.excusing.add('office', { ...WORDS, ...over });
  const dry = (i: number) => (i === 2 ? { nh3n: times(6, 40) } : {});
  const dayOf = (date: string) => {
    const { head, windows } = pipeline.parts.compliance.compliance('river', { period: '2026-11', window: 'day' });
    const window = windows
      .map((text) => JSON.parse(text) as { start: string; verdict: string; reason: string | null; excused?: object })
      .find(({ start }) => start.startsWith(date));
    return { head, window };
  };

  test('a day of one item that is excused for its day alone is printed beside the month whose mean it leaves', async () => {
    await open();
    await say('2026-12-05 08:00', days('2026-11-01', 30, dry));
    const { id } = excuse({ kinds: ['day'], parameters: ['nh3n'] });
    await say('2026-12-05 09:00');
    expect(verdicts('month')[0]).toMatchObject({ verdict: 'met' });
    const excusesOf = (period: string, window?: WindowKind) =>
      pipeline.parts.compliance.compliance('river', { period, ...(window && { window }) }).head.excuses;
    const told = [expect.objectContaining({ id, scope: '仅日评价,仅氨氮', document: '安环〔2026〕8 号' })];
    expect([excusesOf('2026-11'), excusesOf('2026'), excusesOf('2026', 'year'), excusesOf('2026-11', 'day')]).toEqual([
      told,
      told,
      told,
      told,
    ]);
    expect(excusesOf('2026-10')).toEqual([]);
  });

  test('a day leaves the due number and the mean of its month, is printed, told and can be taken back', async () => {
    await open();
    await say('2026-12-05 08:00', days('2026-11-01', 30, dry));
    expect(dayOf('2026-11-03').head).toMatchObject({ due: 30, exceeded: 1, excused: 0, excuses: [] });
    expect(verdicts('month')[0]?.verdict).toBe('exceeded');
    const { id } = excuse();
    await say('2026-12-05 09:00');
    const { head, window } = dayOf('2026-11-03');
    expect(head).toMatchObject({ due: 29, met: 29, exceeded: 0, undetermined: 0, excused: 1, rate: 100, capture: 100 });
    expect(head.excuses).toMatchObject([{ id, approver: '安源生态环境局', document: '安环〔2026〕8 号', reasonName: '断流' }]);
    expect(window).toMatchObject({ verdict: 'exceeded', excused: { id, approver: '安源生态环境局', reasonName: '断流' } });
    expect(verdicts('month')[0]).toMatchObject({ verdict: 'met' });
    expect(changes('day')).toEqual(['2026-11-03 由 超标 改为 不参评,原因:不参评:断流,安源生态环境局 安环〔2026〕8 号']);
    expect(changes('month')).toEqual(['2026-11 由 超标 改为 达标,原因:不参评:断流,安源生态环境局 安环〔2026〕8 号']);
    pipeline.parts.excusing.remove(id, 'office', '误登');
    await say('2026-12-05 10:00');
    expect(dayOf('2026-11-03').head).toMatchObject({ due: 30, exceeded: 1, excused: 0, excuses: [] });
    expect(changes('day').at(-1)).toBe('2026-11-03 由 不参评 改为 超标,原因:撤回不参评:安环〔2026〕8 号');
    expect(pipeline.parts.excusing.list().excuses).toMatchObject([
      { id, addedBy: 'office', removed: { by: 'office', reason: '误登' } },
    ]);
    const trail = pipeline.parts.audit.list({}, 9);
    expect(trail.map(({ action, what, who }) => [action, what, who])).toEqual([
      ['excuse-removed', `excuse/${id}`, 'office'],
      ['excuse-added', `excuse/${id}`, 'office'],
    ]);
  });

  test('one item: the window is judged without it', async () => {
    await open();
    await say('2026-12-05 08:00', days('2026-11-01', 30, dry));
    excuse({ parameters: ['nh3n'] });
    await say('2026-12-05 09:00');
    expect(dayOf('2026-11-03')).toMatchObject({
      head: { due: 30, met: 30, excused: 0 },
      window: { verdict: 'met', reason: '不参评:氨氮(断流,安源生态环境局 安环〔2026〕8 号)' },
    });
  });

  test.each([
    ['every item that counts', ['codmn', 'ph'], { met: 0, exceeded: 0, undetermined: 0, excused: 1 }],
    ['the item that is over', ['codmn'], { met: 1, exceeded: 0, undetermined: 0, excused: 0 }],
    ['another item', ['ph'], { met: 0, exceeded: 1, undetermined: 0, excused: 0 }],
  ])('a sample: %s', async (_, parameters, counts) => {
    await open();
    const lab = (parameter: string, value: number) =>
      reading({ station: 'changtan-tap', parameter, time: at('2026-11-03 09:00'), value, mark: 'S', source: 'lab' });
    // Nothing limits the water's temperature.
    await say('2026-11-05 08:00', [lab('codmn', 9), lab('ph', 7), lab('temp', 15)]);
    expect(verdicts('sample', 'changtan-tap')).toMatchObject([{ verdict: 'exceeded' }]);
    const { id } = excuse({ station: 'changtan-tap', reason: 'approved-removal', parameters });
    await say('2026-11-05 09:00');
    const head = () => pipeline.parts.compliance.compliance('drinking-water', { period: '2026' }).head;
    expect(head()).toMatchObject(counts);
    pipeline.parts.excusing.remove(id, 'office', '误登');
    await say('2026-11-05 10:00');
    expect(head()).toMatchObject({ exceeded: 1, excused: 0, status: 'missed' });
  });

  test('dust windows by their own item, and those after them have the allowance of the day', async () => {
    await open();
    const hour = (h: number) => series('dust-site-1', 'pm10', at('2026-11-03') + h * HOUR, 5 * 60_000, times(12, 200));
    await say('2026-11-05 08:00', [7, 8, 9, 10].flatMap(hour));
    const hours = () =>
      verdicts('rule', 'dust-site-1').flatMap(({ start, verdict }) =>
        verdict === 'undetermined' ? [] : [`${(start - at('2026-11-03')) / HOUR} ${verdict}`],
      );
    expect(hours()).toEqual(['7 met', '8 met', '9 exceeded', '10 exceeded']);
    const flood = { station: 'dust-site-1', from: '2026-11-03T07:00:00+08:00', to: '2026-11-03T09:00:00+08:00' };
    excuse({ ...flood, parameters: ['noise'] });
    await say('2026-11-05 09:00');
    expect(hours()).toEqual(['7 met', '8 met', '9 exceeded', '10 exceeded']);
    excuse({ ...flood, parameters: ['pm10'] });
    await say('2026-11-05 10:00');
    expect(hours()).toEqual(['7 exceeded', '8 exceeded', '9 met', '10 met']);
    const { head } = pipeline.parts.compliance.compliance('dust', { period: '2026-11', window: 'rule' });
    expect(head).toMatchObject({ met: 2, exceeded: 0, excused: 2 });
  });

  test('a window that closes later is excused from its first verdict on', async () => {
    await open({ now: at('2026-11-02 12:00') });
    await pipeline.publish(...riverDay('2026-11-02'));
    await pipeline.run();
    excuse();
    await say('2026-11-04 08:00');
    expect(dayOf('2026-11-03')).toMatchObject({
      head: { due: 1, excused: 1, undetermined: 0 },
      window: { verdict: 'undetermined' },
    });
    expect(changes('day')).toEqual([]);
  });

  test('only the kinds it names: a month of its own', async () => {
    await open();
    await say('2026-12-05 08:00', days('2026-11-01', 30, dry));
    excuse({ from: '2026-11-01', to: '2026-12-01', kinds: ['month'] });
    await say('2026-12-05 09:00');
    expect(pipeline.parts.compliance.compliance('river', { period: '2026-11' }).head).toMatchObject({
      due: 0,
      excused: 1,
      rate: null,
    });
    expect(dayOf('2026-11-03').head).toMatchObject({ due: 30, exceeded: 1, excused: 0 });
  });

  test.each([
    [{ station: 'nowhere' }, 'not-found'],
    [{ to: '2026-11-03' }, 'bad-request'],
    [{ from: 'soon' }, 'bad-request'],
    [{ from: '2026-02-30' }, 'bad-request'],
    [{ to: '2026-11-31T00:00:00+08:00' }, 'bad-request'],
    [{ approver: ' ' }, 'bad-request'],
    [{ document: '' }, 'bad-request'],
    [{ parameters: ['gold'] }, 'bad-request'],
    [{ kinds: ['hour' as const] }, 'bad-request'],
  ])('%j is refused and leaves no trace', async (over, kind) => {
    await open();
    expect(() => excuse(over)).toThrow(expect.objectContaining({ kind }));
    expect([pipeline.parts.excusing.list().excuses, pipeline.parts.audit.list({}, 9)]).toEqual([[], []]);
  });

  test('what is not there or no more cannot be withdrawn', async () => {
    await open();
    const { id } = excuse();
    expect(() => pipeline.parts.excusing.remove('7', 'office', '误登')).toThrow(Refusal);
    expect(() => pipeline.parts.excusing.remove(id, 'office', ' ')).toThrow(Refusal);
    pipeline.parts.excusing.remove(id, 'office', '误登');
    expect(() => pipeline.parts.excusing.remove(id, 'office', '误登')).toThrow(Refusal);
  });
});

test('a late background reading is a cause of the dust windows it is subtracted in', async () => {
  const [rule] = station('dust-site-1').dustRules;
  await open({ site: siteWith(station('dust-site-1', { dustRules: [{ ...rule!, allowedPerDay: 0, background: 'town-air' }] })) });
  await say('2026-11-23 08:00', series('dust-site-1', 'pm10', at('2026-11-22 08:00'), 5 * 60_000, times(12, 200)));
  await say('2026-11-23 09:00', [reading({ station: 'town-air', parameter: 'pm10', time: at('2026-11-22 08:00'), value: 60 })]);
  expect(changes('rule', 'dust')).toEqual(['2026-11-22 08:00 由 未判定 改为 达标,原因:补传 1 条测值']);
});
