/** Which closed windows are told, and as what? */
import { describe, expect, test } from '@jest/globals';
import { verdict } from '../../../../src/domain/alerting/rules/verdict.js';
import type { Finding, Verdict } from '../../../../src/domain/compliance/verdict.js';
import { at, limit, station, windowOf, wupi } from '../../../support/wupi.js';

const finding = (over: Partial<Finding> = {}): Finding => ({
  parameter: 'nh3n',
  statistic: 'day-mean',
  mean: '1.37',
  compared: '1.37',
  atLeast: false,
  enough: true,
  outcome: 'exceeded',
  reason: null,
  limit: limit(),
  times: '0.37',
  valid: 6,
  total: 6,
  filled: 6,
  due: 6,
  class: 'IV',
  timesOverIII: '0.37',
  counted: true,
  uncounted: null,
  excluded: { mark: 0, quality: 0, maintenance: 0, review: 0 },
  setAsideOver: 0,
  detection: null,
  temperature: null,
  ...over,
});
const judged = (over: Partial<Verdict> = {}): Verdict => ({
  ...windowOf('day', '2026-11-22'),
  station: 'nankeng-out',
  verdict: 'exceeded',
  class: 'IV',
  reason: null,
  findings: [finding()],
  ...over,
});
const night = at('2026-11-23 00:05');
const dayEnd = at('2026-11-23');
const say = (
  windows: Verdict | readonly Verdict[] | null,
  { isExcused = false, openedBy = null as number | null, now = night } = {},
) =>
  verdict(
    (windows === null ? [] : [windows].flat()).map((one) => ({ verdict: one, isExcused })),
    station('nankeng-out'),
    wupi.parameters,
    wupi.calendar,
    openedBy,
    now,
  );

describe('what it says', () => {
  const month = { ...windowOf('month', '2026-10-05') };
  test.each<[string, Verdict | null, Parameters<typeof say>[1], string]>([
    ['no window yet', null, {}, 'nothing'],
    ['exceeded', judged(), {}, 'firing'],
    ['met, and nothing stands', judged({ verdict: 'met' }), {}, 'nothing'],
    ['met', judged({ verdict: 'met' }), { openedBy: dayEnd - 86_400_000 }, 'clear'],
    ['met before that which opened it', judged({ verdict: 'met' }), { openedBy: dayEnd + 86_400_000 }, 'nothing'],
    ['undetermined: neither better nor worse', judged({ verdict: 'undetermined' }), {}, 'nothing'],
    ['excused', judged(), { isExcused: true }, 'nothing'],
    ['excused while one stands', judged(), { isExcused: true, openedBy: dayEnd - 86_400_000 }, 'clear'],
    ['a day that ended 36 hours ago', judged(), { now: dayEnd + 36 * 3_600_000 }, 'firing'],
    ['a day that ended longer ago', judged(), { now: dayEnd + 36 * 3_600_000 + 1 }, 'nothing'],
    ['such a day goes on where it stands', judged(), { now: dayEnd + 40 * 3_600_000, openedBy: dayEnd }, 'firing'],
    ['a month of last week', judged(month), { now: at('2026-11-07') }, 'firing'],
    ['a month of long ago', judged(month), { now: at('2026-11-09') }, 'nothing'],
    ['an hour of this morning', judged(windowOf('hour', '2026-11-23 06:00')), { now: at('2026-11-23 09:30') }, 'firing'],
    ['an hour of last night', judged(windowOf('hour', '2026-11-23 01:00')), { now: at('2026-11-23 09:30') }, 'nothing'],
    ['only an uncounted item is over', judged({ findings: [finding({ counted: false })] }), {}, 'nothing'],
  ])('%s', (_, window, options, expected) => expect(say(window, options).says).toBe(expected));

  test('the worst item, its statistic and its limit', () => {
    const tp = finding({ parameter: 'tp', compared: '0.5', times: '1.50', limit: limit({ parameter: 'tp', high: '0.2' }) });
    const signal = say(judged({ findings: [finding(), tp] }));
    expect(signal).toMatchObject({
      severity: 'over',
      at: dayEnd,
      value: 0.5,
      passed: { number: 0.2, times: '1.50', statistic: { zh: '日均值' } },
      reason: {
        zh: `${station('nankeng-out').name} 11-22 超标:总磷 日均值 0.5 mg/L,超Ⅲ类限值(≤ 0.2)1.50 倍,GB 3838-2002 表1 Ⅲ类;另有 氨氮 超标`,
      },
    });
    if (signal.says !== 'firing') throw new Error('it does not fire');
    expect([signal.isWorse!(0.4), signal.isWorse!(0.6)]).toEqual([true, false]);
  });

  test('oxygen has no multiples and is too low', () => {
    const oxygen = finding({
      parameter: 'do',
      compared: '4.1',
      times: null,
      limit: limit({ parameter: 'do', operator: '>=', low: '5', high: null }),
    });
    expect(say(judged({ findings: [oxygen] }))).toMatchObject({
      reason: { zh: expect.stringContaining('日均值 4.1 mg/L,低于Ⅲ类限值(≥ 5),') },
    });
  });

  describe('several windows', () => {
    const day = (date: string, state: Verdict['verdict'], compared = '1.37'): Verdict =>
      judged({ ...windowOf('day', date), verdict: state, findings: [finding({ compared })] });
    const twice = [day('2026-11-20', 'exceeded'), day('2026-11-21', 'exceeded', '3.0'), day('2026-11-22', 'met')];
    const opened = at('2026-11-21');

    test('what came late fires although the day after it is met, the oldest that is no history first', () => {
      expect(say(twice)).toMatchObject({ says: 'firing', at: at('2026-11-22'), value: 3 });
      expect(say(twice, { now: at('2026-11-22 09:00') })).toMatchObject({ says: 'firing', at: opened });
    });

    test('the first that is met ends it, however many came since; without one the newest that is exceeded speaks', () => {
      expect(say([...twice, day('2026-11-23', 'exceeded')], { openedBy: opened })).toMatchObject({ says: 'clear', at: dayEnd });
      const open = [...twice.slice(0, 2), day('2026-11-22', 'undetermined')];
      expect(say(open, { openedBy: opened })).toMatchObject({ says: 'firing', at: at('2026-11-22') });
    });
  });

  test('the window that opened it, judged again, refutes it; a later one ends it', () => {
    const met = judged({ verdict: 'met' });
    expect(say(met, { openedBy: dayEnd })).toMatchObject({
      says: 'clear',
      isRefuted: true,
      reason: { zh: '11-22 重新评价后达标', en: '11-22 judged again: met' },
    });
    expect(say(met, { openedBy: dayEnd - 86_400_000 })).toMatchObject({
      says: 'clear',
      isRefuted: false,
      reason: { zh: '11-22 达标', en: '11-22: met' },
    });
  });

  test('an end says that what was exceeded stays so', () => {
    const day = (date: string, state: Verdict['verdict']): Verdict => judged({ ...windowOf('day', date), verdict: state });
    const ends = (...days: Verdict[]) => say(days, { openedBy: at('2026-11-21') });
    const [first, second, third] = [day('2026-11-20', 'exceeded'), day('2026-11-21', 'exceeded'), day('2026-11-22', 'met')];
    expect(ends(first, day('2026-11-21', 'undetermined'), third)).toMatchObject({
      reason: { zh: '11-22 达标(11-20 仍为超标)', en: '11-22: met (11-20 remains exceeded)' },
    });
    expect(ends(first, second, third)).toMatchObject({
      reason: { zh: '11-22 达标(11-20 至 11-21 的 2 次超标不变)', en: '11-22: met (2 from 11-20 to 11-21 remain exceeded)' },
    });
  });
});
