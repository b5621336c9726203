/** Does every alert open once, tell its people once, and end once, whatever breaks? */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { HOUR, MINUTE } from '../../src/domain/time.js';
import { Refusal } from '../../src/pipeline/ports.js';
import { Pipeline } from '../support/pipeline.js';
import { at, reading } from '../support/wupi.js';

let pipeline: Pipeline;
beforeEach(async () => {
  pipeline = await Pipeline.open();
});
afterEach(() => pipeline.dispose());

/** Publishes one value at a time of day, arriving at once, and lets it run through. */
async function say(time: string, value: number, over: Parameters<typeof reading>[0] = {}): Promise<void> {
  const t = at(`2026-11-23 ${time}`);
  pipeline.clock.set(Math.max(pipeline.clock.now(), t));
  await pipeline.publish(reading({ time: t, value, ...over }));
  await pipeline.run();
}
const active = () => pipeline.parts.alerts.list('active', 99);
const subjects = () => pipeline.world.mailer.accepted.map((mail) => mail.subject);
const PEOPLE = ['bureau', 'town-office', 'river-office', 'town-chief', 'chief-changtan'];

test('08:00 over · one alert, one mail a person · 20:00 third value back inside · one 恢复 each', async () => {
  await say('08:00', 1.37);
  expect(active()).toMatchObject([{ station: 'nankeng-out', parameter: 'nh3n', severity: 'over', value: 1.37, limit: 1 }]);
  expect(pipeline.world.mailer.accepted.map((mail) => mail.to)).toEqual(PEOPLE.map((id) => `${id}@example.org`));
  expect(new Set(subjects())).toEqual(
    new Set(['【超限】南坑河出境断面 氨氮 1.37 mg/L,超Ⅲ类限值(1.0)0.37 倍(单次测值,未审核)11-23 08:00']),
  );
  await say('12:00', 1.5);
  await say('16:00', 0.8);
  await say('17:00', 0.8);
  expect(subjects()).toHaveLength(5);
  await say('20:00', 0.8);
  expect(active()).toEqual([]);
  const ends = pipeline.world.mailer.accepted.slice(5);
  expect(ends.map((mail) => mail.to)).toEqual(PEOPLE.map((id) => `${id}@example.org`));
  for (const mail of ends)
    expect(mail.subject).toMatch(
      /^【恢复】南坑河出境断面 氨氮 0\.80 mg\/L,已连续回到限值\(1\.0\)以内,历时 12 小时,最高 1\.50 mg\/L 11-23 20:00$/,
    );
  expect(pipeline.parts.alerts.list('all', 9)).toMatchObject([{ state: 'resolved', value: 1.5 }]);
  expect(pipeline.world.live.alerts.map((alert) => alert.state)).toEqual(['active', 'resolved']);
  await say('21:00', 0.8);
  expect(subjects()).toHaveLength(10);
});

test('one episode is one thread: Message-IDs differ, the end answers the beginning, and names its alert', async () => {
  await say('08:00', 1.37);
  for (const time of ['12:00', '13:00', '14:00']) await say(time, 0.5);
  const mails = pipeline.world.mailer.accepted;
  expect(new Set(mails.map((mail) => mail.messageId)).size).toBe(10);
  for (const mail of mails) {
    expect(mail.messageId).toMatch(/^<[^<>@\s]+@example\.org>$/);
    expect(mail.headers['X-Heqing-Alert']).toBe(pipeline.parts.alerts.list('all', 1)[0]?.id);
  }
  for (let i = 0; i < 5; i++) {
    expect(mails[i]?.inReplyTo).toBeNull();
    expect(mails[5 + i]?.inReplyTo).toBe(mails[i]?.messageId);
  }
});

describe('a crash', () => {
  test.each([1, 2, 3])('%i times before the step is committed: the notices are there once', async (times) => {
    await pipeline.publish(reading({ value: 1.37 }));
    await pipeline.run(['settle']);
    for (let i = 0; i < times; i++) {
      pipeline.world.faults.failing = 1;
      expect((await pipeline.run(['watch'])).get('watch')?.message).toBe('the power failed');
      expect(active()).toEqual([]);
      expect(pipeline.parts.alerts.notices(99)).toEqual([]);
      expect(pipeline.world.live.alerts).toEqual([]);
      if (i % 2 === 1) pipeline.crash();
    }
    await pipeline.run();
    expect(active()).toHaveLength(1);
    expect(subjects()).toHaveLength(5);
  });

  test('while an alert stands: it goes on where it was, and ends once', async () => {
    await say('08:00', 1.37);
    await say('09:00', 0.5);
    await say('10:00', 0.5);
    pipeline.crash();
    await say('11:00', 0.5);
    expect(active()).toEqual([]);
    pipeline.crash();
    await say('12:00', 0.5);
    expect(subjects()).toHaveLength(10);
  });

  test('in the step that ends it: told once', async () => {
    await say('08:00', 1.37);
    await say('09:00', 0.5);
    await say('10:00', 0.5);
    pipeline.clock.set(at('2026-11-23 11:00'));
    await pipeline.publish(reading({ time: at('2026-11-23 11:00'), value: 0.5 }));
    await pipeline.run(['settle']);
    pipeline.world.faults.failing = 1;
    await pipeline.run(['watch']);
    expect(active()).toHaveLength(1);
    await pipeline.run();
    expect(active()).toEqual([]);
    expect(subjects()).toHaveLength(10);
  });
});

describe('what does not alarm', () => {
  test.each([
    ['a value of maintenance', { value: 9, mark: 'M' as const }],
    ['a value outside the instrument', { value: 900 }],
    ['a laboratory sample', { value: 9, source: 'lab' as const, mark: 'S' as const }],
    ['total nitrogen in a river', { parameter: 'tn', value: 90 }],
    ['an hour of particles in ambient air', { station: 'town-air', parameter: 'pm10', value: 900 }],
    ['an outlet without a permit', { station: 'jinqiao-outlet', parameter: 'cod', value: 900 }],
    ['an inactive station', { station: 'gangue-heap', parameter: 'pm10', value: 9000 }],
    ['a value exactly at the limit', { value: 1 }],
    ['over-range oxygen: it says nothing of a lower limit', { parameter: 'do', value: 1, mark: 'T' as const }],
    ['a residual of a disinfectant that is not used', { station: 'celei-tap', parameter: 'cl2', value: 0 }],
  ])('%s', async (_, over) => {
    await pipeline.publish(reading(over));
    await pipeline.run();
    expect(active()).toEqual([]);
    expect(subjects()).toEqual([]);
  });

  test('a backfill of last week, though its verdicts do come', async () => {
    await pipeline.publish(reading({ time: at('2026-11-16 08:00'), value: 9 }));
    await pipeline.run();
    expect(active()).toEqual([]);
  });
});

test('over-range ammonia does: the true value is higher still', async () => {
  await say('08:00', 20, { mark: 'T' });
  expect(active()).toHaveLength(1);
});

describe('sewage NH₃-N by water temperature', () => {
  const outlet = { station: 'qinghuchong-outlet' };
  const temperature = (time: string, value: number, over: Parameters<typeof reading>[0] = {}) =>
    say(time, value, { ...outlet, parameter: 'temp', ...over });
  test.each([
    ['warm', 15, {}, '07:50', 1],
    ['cold', 11, {}, '07:50', 0],
    ['warm, but the probe was out for cleaning', 15, { mark: 'M' as const }, '07:50', 0],
    ['measured after the value only', 15, {}, '08:30', 0],
  ])('10 mg/L, %s', async (_, value, over, time, alerts) => {
    pipeline.clock.set(at('2026-11-23 09:00'));
    await temperature(time, value, over);
    await say('08:00', 10, outlet);
    expect(active()).toHaveLength(alerts);
  });

  test('without temperature only the bracket limit alarms', async () => {
    await say('08:00', 15, outlet);
    expect(active()).toEqual([]);
    await say('09:00', 15.1, outlet);
    expect(active()).toMatchObject([{ limit: 15 }]);
  });
});

describe('what a mail knows beside the value', () => {
  const text = () => pipeline.world.mailer.accepted.at(-1)?.text ?? '';

  test('the last day, upstream at the same time, the last time it happened', async () => {
    await say('04:00', 0.62);
    await say('07:00', 0.52, { station: 'nankeng-mid' });
    await say('08:00', 1.37);
    expect(text()).toContain('近 24 小时:04:00 0.62,08:00 1.37');
    expect(text()).toContain('上游:南坑河中段断面 0.52 mg/L(11-23 07:00)');
    expect(text()).toContain('此前没有同类报警记录');
    for (const time of ['09:00', '10:00', '11:00']) await say(time, 0.5);
    await say('12:00', 1.2);
    expect(text()).toContain('上一次同类报警:11-23 08:00');
  });

  test('a busy probe is thinned to twelve values, the newest among them', async () => {
    const rows = Array.from({ length: 200 }, (_, i) =>
      reading({ parameter: 'do', time: at('2026-11-23 03:00') + i * MINUTE, value: 8 }),
    );
    pipeline.clock.set(at('2026-11-23 06:30'));
    await pipeline.publish(...rows);
    await say('06:30', 4, { parameter: 'do' });
    const listed = /近 24 小时:(.*)/.exec(text())?.[1]?.split(',') ?? [];
    expect(listed.length).toBeLessThanOrEqual(12);
    expect(listed.length).toBeGreaterThan(6);
    expect(listed.at(-1)).toBe('06:30 4.00');
  });
});

describe('acknowledging', () => {
  test('is kept, also by the rule: the end comes as usual', async () => {
    await say('08:00', 1.37);
    const { id } = active()[0]!;
    pipeline.parts.report.acknowledge(id, '镇环保办', '已派人');
    expect(active()).toMatchObject([{ state: 'acknowledged', acknowledgedBy: '镇环保办' }]);
    await say('09:00', 1.9);
    expect(active()).toMatchObject([{ state: 'acknowledged', value: 1.9 }]);
    for (const time of ['10:00', '11:00', '12:00']) await say(time, 0.5);
    expect(pipeline.parts.alerts.find(id)).toMatchObject({ state: 'resolved', acknowledgedBy: '镇环保办' });
    expect(() => pipeline.parts.report.acknowledge(id, '镇环保办', '')).toThrow(Refusal);
    expect(() => pipeline.parts.report.acknowledge('none', '镇环保办', '')).toThrow('没有编号为 none 的报警');
  });

  test('names and notes are shown to those who may see them only', async () => {
    await say('08:00', 1.37);
    pipeline.parts.report.acknowledge(active()[0]!.id, '镇环保办', '已派人');
    const open = JSON.stringify(pipeline.parts.report.alerts('active', false));
    expect(open).not.toMatch(/镇环保办|已派人/);
    expect(JSON.stringify(pipeline.parts.report.alerts('active', true))).toMatch(/镇环保办.*已派人/);
  });
});

test('a warning by a limit that waits rises to 超限 within one alert, and those who hear only 超限 are told then', async () => {
  const tap = { station: 'changtan-tap', parameter: 'cl2' };
  await say('08:00', 2.5, tap);
  expect(active()).toMatchObject([{ severity: 'warning', limitText: '≤ 2' }]);
  const before = subjects().length;
  expect(subjects()[0]).toMatch(/^【预警】长潭村末梢水监测点 余氯 2\.50 mg\/L,超限值\(2,限值待确认\)/);
  await say('08:15', 0.01, tap);
  expect(active()).toMatchObject([{ severity: 'over', limitText: '≥ 0.05', value: 0.01 }]);
  expect(
    subjects()
      .slice(before)
      .every((subject) => subject.startsWith('【超限】')),
  ).toBe(true);
  expect(subjects().length).toBeGreaterThan(before);
});

test('values that arrive out of order are all kept; the newest alone decides what stands', async () => {
  pipeline.clock.set(at('2026-11-23 12:00'));
  await say('12:00', 0.5);
  await say('08:00', 1.37);
  expect(active()).toEqual([]);
  expect(pipeline.counts.stored).toBe(2);
  await say('12:00', 0.5);
  expect(pipeline.counts).toMatchObject({ stored: 2, duplicate: 1 });
  expect(pipeline.clock.now() - at('2026-11-23 12:00')).toBeLessThan(HOUR);
});
