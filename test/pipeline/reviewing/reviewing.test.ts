/** Does the queue find what was planted and nothing else, and does a day that changed come back to it? With real stores. */
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { SqliteReviewDayStore } from '../../../src/adapters/sqlite/review-day-store.js';
import { DAY, HOUR, type Instant } from '../../../src/domain/time.js';
import { Pipeline } from '../../support/pipeline.js';
import { at, reading, siteWith, station, wupi } from '../../support/wupi.js';

const SECTION = 'nankeng-out';
const ammoniaAlone = station(SECTION).parameters.flatMap((one) => (one.parameter === 'nh3n' ? [{ ...one, cadence: 60 }] : []));
/** The section measures ammonia alone and is held to nothing else, so that a quiet day is met. */
const site = {
  ...siteWith(station(SECTION, { parameters: ammoniaAlone })),
  judging: new Map([...wupi.judging, ['surface-water', { ...wupi.judging.get('surface-water')!, items: ['nh3n'] }] as const]),
};
const START = at('2026-11-18');
const NOW = at('2026-11-22 09:00');

let pipeline: Pipeline;
beforeEach(async () => {
  pipeline = await Pipeline.open({ site, now: NOW });
});
afterEach(() => pipeline.dispose());

/** Hourly ammonia of the days from START on, a little different each hour; `over` replaces values, `null` leaves one out. */
async function history(days: number, over: Readonly<Record<string, number | null>> = {}): Promise<void> {
  const readings = Array.from({ length: days * 24 }, (_, i) => START + i * HOUR).flatMap((time) => {
    const key = new Date(time + 8 * HOUR).toISOString().slice(5, 13).replace('T', ' ');
    const value = key in over ? over[key] : 0.4 + ((time / HOUR) % 7) / 100;
    return value === null || value === undefined ? [] : [reading({ time, value })];
  });
  await pipeline.publish(
    ...readings.map(({ station: id, parameter, time, value, mark, source }) => ({
      station: id,
      parameter,
      time,
      value,
      mark,
      source,
    })),
  );
  await settled();
}

/** Everything has come to rest: readings judged, verdicts computed, days gone through. */
async function settled(): Promise<void> {
  await pipeline.run();
  while (await pipeline.parts.reviewing.look.step());
}

const queue = (over: Parameters<Pipeline['parts']['reviewing']['queue']['list']>[0] = { limit: 50 }) =>
  pipeline.parts.reviewing.queue.list(over);
const days = (over = {}): string[] => queue({ limit: 50, ...over }).days.map(({ date }) => date);
const act = (date: string, what: 'first' | 'second' | 'return', by: string, note = '') =>
  pipeline.parts.reviewing.desk.act(SECTION, date, what, by, note);
const spanOf = (date: string): { from: Instant; to: Instant } => ({ from: at(date), to: at(date) + DAY });

test('every day since the first reading waits, today does not, and only what is suspicious is listed', async () => {
  await history(4, { '11-19 10': 7.9, '11-20 06': null, '11-20 07': null, '11-20 08': null, '11-20 09': null });
  const { counts, days: listed } = queue();
  expect(counts).toMatchObject({ due: 4, waiting: 4, first: 0, second: 0, unlooked: 0 });
  expect(listed.map(({ date }) => date).sort()).toEqual(expect.arrayContaining(['2026-11-19', '2026-11-20']));
  const spike = listed.find(({ date }) => date === '2026-11-19');
  expect(spike?.findings.map(({ kind }) => kind)).toContain('spike');
  expect(listed.find(({ date }) => date === '2026-11-20')?.findings.map(({ text }) => text)).toContain('氨氮 缺数约 5 小时');
});

describe('by two people', () => {
  beforeEach(() => history(4));

  test('待审 → 初审 → 复核, durable, each with its entry in the trail; the same person is refused', () => {
    act('2026-11-18', 'first', 'officer');
    expect(() => act('2026-11-18', 'second', 'officer')).toThrow('复核应由初审以外的另一人进行');
    act('2026-11-18', 'second', 'bureau');
    pipeline.crash(site);
    expect(queue({ limit: 9, state: 'second', suspicious: false }).days).toMatchObject([
      { date: '2026-11-18', state: 'second', first: { by: 'officer' }, second: { by: 'bureau' } },
    ]);
    expect(pipeline.parts.audit.list({ station: SECTION }, 9).map(({ action, who, what }) => [action, who, what])).toEqual([
      ['review-second', 'bureau', 'review/nankeng-out/2026-11-18'],
      ['review-first', 'officer', 'review/nankeng-out/2026-11-18'],
    ]);
  });

  test('what a month still lacks, and how much of it is reviewed', () => {
    act('2026-11-18', 'first', 'officer');
    act('2026-11-18', 'second', 'bureau');
    act('2026-11-19', 'first', 'officer');
    const { queue: room } = pipeline.parts.reviewing;
    const month = { from: at('2026-11-01'), to: at('2026-12-01') };
    expect(room.unreviewed([SECTION], month).map(({ date, state }) => [date, state])).toEqual([
      ['2026-11-19', 'first'],
      ['2026-11-20', 'waiting'],
      ['2026-11-21', 'waiting'],
    ]);
    expect(room.share([SECTION], month)).toEqual({ due: 4, first: 1, second: 1, percent: 25 });
    expect(room.waiting(SECTION)).toBe(2);
    expect(room.share([SECTION], spanOf('2026-11-25'))).toMatchObject({ due: 0, percent: null });
  });

  test.each([
    ['2026-11-22', '还没有结束'],
    ['2026-11-17', '不在南坑河'],
    ['2026-11-31', '没有 2026-11-31 这一天'],
  ])('%s: %s', (date, word) => {
    expect(() => act(date, 'first', 'officer')).toThrow(word);
  });
});

describe('a day that changed after somebody looked falls back, visibly', () => {
  const changed = () =>
    queue({ limit: 9, state: 'changed' }).days.map(({ date, state, changed: is }) => [date, state, is?.was, is?.note]);
  beforeEach(async () => {
    await history(4, { '11-19 10': null });
    act('2026-11-19', 'first', 'officer');
    act('2026-11-19', 'second', 'bureau');
    act('2026-11-20', 'first', 'officer');
  });

  test('a late value', async () => {
    await pipeline.publish(reading({ time: at('2026-11-19 10:00'), value: 0.44 }));
    await settled();
    expect(changed()).toEqual([['2026-11-19', 'waiting', 'second', '迟到 1 条']]);
    expect(pipeline.parts.audit.list({ action: 'review-reopened' }, 9)).toMatchObject([
      { who: 'heqing', before: { state: 'second' }, after: { state: 'waiting' }, reason: '迟到 1 条' },
    ]);
  });

  test('a correction, and another value of the same day makes no second event', async () => {
    await pipeline.publish(reading({ time: at('2026-11-20 10:00'), value: 0.51 }));
    await settled();
    await pipeline.publish(reading({ time: at('2026-11-20 11:00'), value: 0.52 }));
    await settled();
    expect(changed()).toEqual([['2026-11-20', 'waiting', 'first', '更正 1 条']]);
    const events = await pipeline.parts.reviewReport.day(SECTION, '2026-11-20').then((day) => day.events.map((one) => one.act));
    expect(events).toEqual(['first', 'changed']);
  });

  test('a redelivery of what is held changes nothing', async () => {
    await pipeline.publish(reading({ time: at('2026-11-20 10:00'), value: 0.4 + ((at('2026-11-20 10:00') / HOUR) % 7) / 100 }));
    await settled();
    expect(changed()).toEqual([]);
  });

  test('a decision falls back at once and once: its amendments are not told again', async () => {
    pipeline.parts.decisions.decide('officer', {
      ...{ station: SECTION, source: 'sensor', parameters: ['nh3n'], outcome: 'invalid', reason: 'device-fault', note: '' },
      ...{ from: '2026-11-20T08:00:00+08:00', to: '2026-11-20T10:00:00+08:00' },
    });
    expect(changed()).toEqual([['2026-11-20', 'waiting', 'first', '审核置无效:设备故障(审核 1)']]);
    expect(() => act('2026-11-20', 'first', 'officer')).toThrow('重新计算');
    await settled();
    act('2026-11-20', 'first', 'officer');
    await settled();
    expect(changed()).toEqual([]);
    expect(queue({ limit: 9, state: 'first' }).days[0]?.findings.map(({ text }) => text)).toContain(
      '人工剔除 2 条(其中超限 0 条)',
    );
  });
});

const SPAN = { station: SECTION, from: '2026-11-18', to: '2026-11-22' };

describe('一并复核', () => {
  const bulk = (by: string, over = {}) => pipeline.parts.reviewing.desk.bulk({ ...SPAN, ...over }, 'second', by, '');
  const done = (): string[] => days({ state: 'second', suspicious: false }).sort();

  test('passes what another account submitted and is quiet, counts the own among what is left, and is one entry in the trail', async () => {
    await history(4, { '11-19 10': 7.9 });
    act('2026-11-18', 'first', 'bureau');
    act('2026-11-19', 'first', 'officer');
    act('2026-11-20', 'first', 'officer');
    expect(queue({ limit: 9, by: 'bureau' }).counts).toMatchObject({ first: 3, quietSecond: 1 });
    expect(queue({ limit: 9, by: 'officer' }).counts.quietSecond).toBe(1);
    expect(bulk('bureau')).toEqual({ passed: 1, left: 2, own: 1 });
    expect(queue({ limit: 9, state: 'second', suspicious: false }).days).toMatchObject([
      { date: '2026-11-20', first: { by: 'officer' }, second: { by: 'bureau', note: '一并复核' } },
    ]);
    expect(days({ state: 'waiting', suspicious: false })).toEqual(['2026-11-21']);
    expect(pipeline.parts.audit.list({ action: 'review-bulk-second' }, 9)).toMatchObject([
      { who: 'bureau', station: SECTION, after: { days: ['nankeng-out/2026-11-20'] } },
    ]);
    expect(bulk('bureau')).toEqual({ passed: 0, left: 2, own: 1 });
    expect(pipeline.parts.audit.list({ action: 'review-bulk-second' }, 9)).toHaveLength(1);
  });

  test('goes no further than the span, and leaves a day out of which somebody took readings', async () => {
    await history(4);
    for (const date of ['2026-11-18', '2026-11-19', '2026-11-20']) act(date, 'first', 'officer');
    expect(bulk('bureau', { to: '2026-11-19' })).toEqual({ passed: 1, left: 0, own: 0 });
    pipeline.parts.decisions.decide('officer', {
      ...{ station: SECTION, source: 'sensor', parameters: ['nh3n'], outcome: 'invalid', reason: 'device-fault', note: '' },
      ...{ from: '2026-11-19T08:00:00+08:00', to: '2026-11-19T10:00:00+08:00' },
    });
    await settled();
    act('2026-11-19', 'first', 'officer');
    expect(bulk('bureau')).toEqual({ passed: 1, left: 1, own: 0 });
    expect(done()).toEqual(['2026-11-18', '2026-11-20']);
  });

  test('leaves what changed after its first review, and what is being gone through again', async () => {
    await history(4, { '11-19 10': null });
    act('2026-11-19', 'first', 'officer');
    act('2026-11-20', 'first', 'officer');
    await pipeline.publish(reading({ time: at('2026-11-19 10:00'), value: 0.44 }));
    await settled();
    pipeline.parts.reviewing.look.mark({ station: SECTION, day: at('2026-11-20') });
    expect(bulk('bureau')).toEqual({ passed: 0, left: 1, own: 0 });
    expect(done()).toEqual([]);
  });
});

describe('一并初审', () => {
  test('passes what is quiet, leaves what is not, and is one entry in the trail', async () => {
    await history(4, { '11-19 10': 7.9 });
    const quiet = queue({ limit: 9, state: 'waiting' }).counts.quiet;
    expect(quiet).toBeGreaterThan(0);
    const done = pipeline.parts.reviewing.desk.bulk(SPAN, 'first', 'officer', '');
    expect(done).toEqual({ passed: quiet, left: 4 - quiet, own: 0 });
    expect(days({ state: 'waiting', suspicious: false })).toContain('2026-11-19');
    expect(pipeline.parts.audit.list({}, 9).map(({ action }) => action)).toEqual(['review-bulk']);
  });

  test('passes nothing that was not gone through', async () => {
    await history(4);
    pipeline.parts.reviewing.look.mark({ station: SECTION, day: at('2026-11-18') });
    const { passed } = pipeline.parts.reviewing.desk.bulk({ ...SPAN, to: '2026-11-19' }, 'first', 'officer', '');
    expect(passed).toBe(0);
  });
});

test('a preview counts what would be taken out, and how much of it is over the limit', async () => {
  await history(4, { '11-19 10': 1.4, '11-19 11': 1.5 });
  const ask = (outcome: 'invalid' | 'restored') =>
    pipeline.parts.reviewReport.preview({
      ...{ station: SECTION, source: 'sensor', parameters: ['nh3n'], outcome },
      ...{ from: '2026-11-19T08:00:00+08:00', to: '2026-11-19T12:00:00+08:00' },
    });
  expect(await ask('invalid')).toMatchObject({ readings: 4, over: 2, counted: 4, changed: 4, changedOver: 2 });
  expect(await ask('restored')).toMatchObject({ changed: 0, changedOver: 0 });
});

test('a preview of every item counts the readings of all of them, and one decision sets them all', async () => {
  const two = station(SECTION, {
    parameters: station(SECTION).parameters.flatMap((one) =>
      ['nh3n', 'tp'].includes(one.parameter) ? [{ ...one, cadence: 60 }] : [],
    ),
  });
  const town = await Pipeline.open({ site: { ...site, stations: new Map([[SECTION, two]]) }, now: NOW });
  try {
    const values = [0.4, 1.4].flatMap((value, i) =>
      ['nh3n', 'tp'].map((parameter) => reading({ parameter, time: at('2026-11-19 08:00') + i * HOUR, value })),
    );
    await town.publish(
      ...values.map(({ station: id, parameter, time, value, mark, source }) => ({
        station: id,
        parameter,
        time,
        value,
        mark,
        source,
      })),
    );
    await town.run();
    const span = { station: SECTION, from: '2026-11-19T08:00:00+08:00', to: '2026-11-19T10:00:00+08:00' };
    const ask = (parameters?: string[]) =>
      town.parts.reviewReport.preview({ ...span, source: 'sensor', parameters, outcome: 'invalid' });
    expect(await ask(['nh3n'])).toMatchObject({ readings: 2, over: 1 });
    const all = await ask();
    expect(all.readings).toBe(4);
    expect(all.changed).toBe(all.counted);
    const made = town.parts.decisions.decide('officer', {
      ...{ ...span, source: 'sensor', parameters: null, outcome: 'invalid', reason: 'calibration', note: '清洗探头' },
    });
    await town.run();
    expect(made.parameters).toBeNull();
    expect(await ask()).toMatchObject({ readings: 4, counted: 0, changed: 0 });
    expect(town.parts.decisions.decisions({ limit: 9 }).decisions).toHaveLength(1);
  } finally {
    await town.dispose();
  }
});

test('an attachment stands behind its decision, once, and is what it says', async () => {
  await history(1);
  const { attachments, decisions } = pipeline.parts;
  const { id } = decisions.decide('officer', {
    ...{ station: SECTION, source: 'sensor', outcome: 'invalid', reason: 'other', note: '见附件' },
    ...{ from: '2026-11-18', to: '2026-11-19' },
  });
  const paper = new TextEncoder().encode('%PDF-1.7 …');
  expect(() => attachments.add(id, new TextEncoder().encode('<html>'), 'officer')).toThrow('JPEG');
  expect(() => attachments.add(id, paper, 'somebody')).toThrow('账号');
  expect(() => attachments.add('99', paper, 'officer')).toThrow('99');
  attachments.add(id, paper, 'officer');
  expect(() => attachments.add(id, paper, 'officer')).toThrow('已有附件');
  expect(new TextDecoder().decode(attachments.bytes(id).bytes)).toBe('%PDF-1.7 …');
  expect(decisions.decisions({ limit: 1 }).decisions[0]?.attachment).toMatchObject({ type: 'application/pdf', by: 'officer' });
  expect(pipeline.parts.audit.list({ what: `decision/${id}` }, 9).map(({ action }) => action)).toEqual([
    'decision-attached',
    'decision-set',
  ]);
});

test('a list costs by its days, and what was found is read for those that are shown alone', async () => {
  const spike = {
    ...{ parameter: 'nh3n', total: 288, over: 3, worst: 1.4, doubts: { spike: 2 } },
    ...{ failed: 0, setAside: 0, setAsideOver: 0, missing: 0, gap: 0 },
  };
  const facts = JSON.stringify({ total: 288, series: [spike], alerts: [] });
  const since = at('2025-11-22');
  const listing = async (stations: number): Promise<number> => {
    const many = Array.from({ length: stations }, (_, i) => station(SECTION, { id: `s${i}`, since: '2025-11-22' }));
    const year = await Pipeline.open({ site: { ...site, stations: new Map(many.map((one) => [one.id, one])) }, now: NOW });
    try {
      const { reviewing, database } = year.parts;
      const put = database.prepare('INSERT INTO day_facts (station, day, gravity, facts) VALUES (?, ?, ?, ?)');
      database.transact(() => {
        for (const { id } of many)
          for (let n = 0; n < 365; n++)
            if (n % 4 === 0) put.run(id, since + n * DAY, 500 + (n % 50), facts);
            else put.run(id, since + n * DAY, 0, null);
      });
      const read = jest.spyOn(SqliteReviewDayStore.prototype, 'facts');
      const took = Array.from({ length: 9 }, () => {
        const began = performance.now();
        const { total, counts, days } = reviewing.queue.list({ limit: 20 });
        const spent = performance.now() - began;
        expect([total, counts.due, days.length]).toEqual([stations * 92, stations * 365, 20]);
        expect(days[0]!.findings.map(({ kind }) => kind)).toEqual(['over', 'spike']);
        return spent;
      });
      expect(read).toHaveBeenCalledTimes(9 * 20);
      read.mockRestore();
      return Math.min(...took);
    } finally {
      await year.dispose();
    }
  };
  const [few, many] = [await listing(4), await listing(40)];
  // Ten times the days: about ten times the time, and far from a hundred.
  expect(many / few).toBeLessThan(40);
});

test('what arrives while the clock has stepped back over midnight is in what was found of the day', async () => {
  const night = Array.from({ length: 24 }, (_, i) => reading({ time: START + i * HOUR, value: 0.4 + (i % 7) / 100 }));
  const gaps = (): string[] =>
    queue({ limit: 9 }).days.flatMap(({ date, findings }) => findings.map(({ text }) => `${date} ${text}`));
  pipeline.clock.set(at('2026-11-18 23:59'));
  await pipeline.publish(...night.slice(0, 18));
  await settled();
  pipeline.clock.set(at('2026-11-19 00:00'));
  await settled();
  expect(gaps()).toEqual(['2026-11-18 氨氮 缺数约 7 小时']);
  pipeline.clock.set(at('2026-11-18 23:59'));
  await pipeline.publish(...night.slice(18));
  await settled();
  pipeline.clock.set(at('2026-11-19 00:00'));
  await settled();
  expect(gaps()).toEqual([]);
});

test('with the archive away, a day no longer at hand waits unseen, says so, and is gone through when it is back', async () => {
  const outside = await Pipeline.open({ site, now: NOW, archive: 'outside' });
  try {
    await outside.publish(
      ...Array.from({ length: 96 }, (_, i) => reading({ time: START + i * HOUR, value: 0.4 + (i % 7) / 100 })).map(
        ({ station: id, parameter, time, value, mark, source }) => ({ station: id, parameter, time, value, mark, source }),
      ),
    );
    await outside.run();
    outside.parts.workingSet.prune(at('2026-11-20'));
    const { look, queue: room } = outside.parts.reviewing;
    outside.outside.away = true;
    await expect(look.step()).rejects.toThrow('away');
    expect(room.list({ limit: 9, suspicious: false }).counts).toMatchObject({ due: 4, quiet: 0 });
    await expect(outside.parts.reviewReport.day(SECTION, '2026-11-18')).rejects.toThrow('归档库暂不可用');
    outside.outside.away = false;
    while (await look.step());
    expect(room.list({ limit: 9, suspicious: false }).counts).toMatchObject({ due: 4, unlooked: 0, quiet: 4 });
    // Away again between an act and its answer: the act stands, and the answer is what was last found.
    outside.outside.away = true;
    outside.parts.reviewing.desk.act(SECTION, '2026-11-18', 'first', 'officer', '');
    expect(await outside.parts.reviewReport.dayAfterAct(SECTION, '2026-11-18')).toMatchObject({
      ...{ state: 'first', first: { by: 'officer' }, partial: true, verdict: 'met', findings: [], doubts: [] },
      events: [{ act: 'first', by: 'officer' }],
    });
    outside.outside.away = false;
    expect(await outside.parts.reviewReport.dayAfterAct(SECTION, '2026-11-18')).toMatchObject({ state: 'first', partial: false });
  } finally {
    await outside.dispose();
  }
});
