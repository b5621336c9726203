/** When is silence 无数据, and whose silence is it? */
import { describe, expect, test } from '@jest/globals';
import { noData, type Silence } from '../../../../src/domain/alerting/rules/no-data.js';
import type { Span } from '../../../../src/domain/time.js';
import { at, wupi } from '../../../support/wupi.js';

const rule = { id: 'no-data', kind: 'no-data', cadences: 3, atLeastMinutes: 30, overAfterHours: 24 } as const;
const tap: Silence = {
  name: { zh: '大田村末梢水监测点', en: 'Tap of Datian' },
  ofParameter: false,
  cadence: 5,
  lastArrival: at('2026-11-23 08:31'),
  expectedFrom: at('2026-11-01'),
};
const span = (from: string, to: string): Span => ({ from: at(`2026-11-${from}`), to: at(`2026-11-${to}`) });
const says = (over: Partial<Silence>, now: string, ...deaf: Span[]): string => {
  const signal = noData({ ...tap, ...over }, deaf, rule, wupi.calendar, at(`2026-11-${now}`));
  return signal.says === 'firing' ? signal.severity : signal.says;
};

describe('how long', () => {
  test.each<[string, Partial<Silence>, string, Span[], string]>([
    ['speaks', {}, '23 08:35', [], 'clear'],
    ['half an hour exactly is not longer', {}, '23 09:01', [], 'clear'],
    ['longer than half an hour', {}, '23 09:02', [], 'warning'],
    ['three cadences of four hours, not yet', { cadence: 240 }, '23 20:31', [], 'clear'],
    ['three cadences of four hours', { cadence: 240 }, '23 20:32', [], 'warning'],
    ['a day', {}, '24 08:31', [], 'over'],
    [
      'never, half an hour after it was first expected',
      { lastArrival: null, expectedFrom: at('2026-11-23 08:00') },
      '23 08:30',
      [],
      'nothing',
    ],
    ['never, and longer', { lastArrival: null, expectedFrom: at('2026-11-23 08:00') }, '23 08:31', [], 'warning'],
    ['never, and due only tomorrow', { lastArrival: null, expectedFrom: at('2026-11-24') }, '23 09:00', [], 'nothing'],
    [
      'the last arrival was before the station was switched on again',
      { lastArrival: at('2026-11-01'), expectedFrom: at('2026-11-23 08:50') },
      '23 09:00',
      [],
      'clear',
    ],
    ['deaf for six hours: its silence goes on where it was', {}, '23 14:40', [span('23 08:40', '23 14:40')], 'nothing'],
    ['deaf for six hours, and then silent for longer', {}, '23 15:02', [span('23 08:40', '23 14:40')], 'warning'],
    ['deaf in two spans', {}, '23 10:30', [span('23 08:00', '23 09:00'), span('23 09:20', '23 10:20')], 'nothing'],
    ['deaf before it fell silent counts for nothing', {}, '23 09:02', [span('23 02:00', '23 08:00')], 'warning'],
    ['deaf until after now', {}, '23 12:00', [span('23 08:32', '23 23:00')], 'nothing'],
  ])('%s', (_, over, now, deaf, expected) => expect(says(over, now, ...deaf)).toBe(expected));
});

describe('in words', () => {
  const reason = (over: Partial<Silence>, now: string, ...deaf: Span[]) => {
    const signal = noData({ ...tap, ...over }, deaf, rule, wupi.calendar, at(`2026-11-${now}`));
    if (signal.says === 'nothing') throw new Error('nothing was said');
    return signal.reason;
  };
  test.each<[string, Partial<Silence>, string, Span[], string]>([
    ['a station', {}, '23 10:31', [], '大田村末梢水监测点 2 小时没有数据,上次 08:31。可能停电或断网'],
    [
      'since yesterday',
      { lastArrival: at('2026-11-22 08:31') },
      '23 07:00',
      [],
      '大田村末梢水监测点 22.5 小时没有数据,上次 11-22 08:31。可能停电或断网',
    ],
    [
      'with an outage of ours in it',
      {},
      '23 15:31',
      [span('23 09:00', '23 14:00')],
      '大田村末梢水监测点 7 小时没有数据(其中 5 小时本系统未在接收),上次 08:31。可能停电或断网',
    ],
    [
      'never',
      { lastArrival: null, expectedFrom: at('2026-11-20 08:00') },
      '23 08:00',
      [],
      '大田村末梢水监测点 自启用以来从未收到数据,自 11-20 08:00 起应有。请核对设备的主题、编号和网络',
    ],
    [
      'a parameter',
      { name: { zh: '南坑河出境断面 氨氮', en: 'Outflow, ammonia' }, ofParameter: true },
      '23 10:31',
      [],
      '南坑河出境断面 氨氮 2 小时没有数据,上次 08:31。本站其他数据正常,可能是仪器停测或采样不畅',
    ],
    ['the end', {}, '23 08:35', [], '数据已恢复'],
  ])('%s', (_, over, now, deaf, expected) => expect(reason(over, now, ...deaf).zh).toBe(expected));

  test('the end is the arrival, so that its duration is the silence', () => {
    expect(noData(tap, [], rule, wupi.calendar, at('2026-11-23 08:35'))).toMatchObject({ says: 'clear', at: tap.lastArrival });
  });
});
