/** Is every number, time and limit printed as it was sent, and never better than it is? */
import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decodeNative } from '../../src/adapters/payload/native.js';
import { METHOD_NAMES } from '../../src/domain/compliance/items.js';
import { STATISTIC_NAMES } from '../../src/domain/compliance/verdict.js';
import { inEnglish } from '../../src/web/words/reason-english.js';
import { refusalIn } from '../../src/web/words/refusal-words.js';
import {
  className,
  clockSeconds,
  counts,
  cut,
  isoAt,
  number,
  offsetMinutes,
  percent,
  readable,
  timesOver,
  wallClock,
  when,
  windowLabel,
  sourceOf,
} from '../../src/web/format.js';
import { siteFor, type Given } from '../adapters/payload/site.js';

describe('a rate is cut, never rounded', () => {
  test.each([
    [100, '100'],
    [99.99, '99.99'],
    [99.999, '99.99'],
    [99.9, '99.9'],
    [0, '0'],
    [33.33, '33.33'],
    [98.0, '98'],
    [1e-9, '0'],
  ])('%d is printed %s', (rate, text) => expect(percent(rate)).toBe(text));

  test('a multiple over the limit is cut as well', () => {
    expect(cut(0.379, 2)).toBe('0.37');
    expect(timesOver(1.37, 1, '≤ 1.0')).toBe('0.37');
    expect(timesOver(1.2, 1, '≤ 1.0')).toBe('0.20');
    expect(timesOver(0.3, 0.2, '≤ 0.2')).toBe('0.50');
  });

  test('within the limit, under a lower limit and outside a range there is no multiple', () => {
    expect(timesOver(1, 1, '≤ 1.0')).toBeNull();
    // Over by less than can be told: 超 0 倍 would say that it is not.
    expect(timesOver(1.004, 1, '≤ 1.0')).toBeNull();
    expect(timesOver(9, 5, '≥ 5')).toBeNull();
    expect(timesOver(9.5, [6, 9], '6–9')).toBeNull();
    expect(timesOver(9, null, null)).toBeNull();
  });
});

describe('a value has its parameter’s decimals, and more where rounding would hide on which side of the limit it is', () => {
  test.each([
    [7.3, 2, null, '7.30'],
    [213.7, 0, null, '214'],
    [1.37, 2, 1, '1.37'],
    [1.004, 2, 1, '1.004'],
    [0.996, 2, 1, '0.996'],
    [1, 1, 1, '1.0'],
    [4.96, 1, 5, '4.96'],
    [9.004, 2, [6, 9] as [number, number], '9.004'],
    [5.9999, 1, [6, 9] as [number, number], '5.9999'],
    [1.00000004, 2, 1, '1.'],
    [-0.001, 1, null, '0.0'],
  ])('%d with %d decimals beside %p is %s', (value, decimals, limit, text) => {
    const printed = number(value, decimals, limit);
    // Beyond six decimals nothing is measured: only the form is promised.
    if (text.endsWith('.')) expect(printed.startsWith(text)).toBe(true);
    else expect(printed).toBe(text);
  });
});

describe('a time is printed as it stands in the answer, whatever zone the browser is in', () => {
  const now = '2026-11-23T10:32:05+08:00';
  test.each([
    ['2026-11-23T08:40:00+08:00', '08:40'],
    ['2026-11-22T23:59:00+08:00', '11-22 23:59'],
    ['2025-12-31T00:00:00+08:00', '2025-12-31 00:00'],
  ])('%s is %s', (iso, text) => expect(when(iso, now)).toBe(text));

  test('in a sentence too', () => {
    expect(readable('2026-11-23T08:31:00+08:00 之后没有数据', now)).toBe('08:31 之后没有数据');
    expect(readable('没有数据', now)).toBe('没有数据');
  });

  test('seconds, offset and instants', () => {
    expect(clockSeconds(now)).toBe('10:32:05');
    expect(offsetMinutes(now)).toBe(480);
    expect(offsetMinutes('2026-11-23T00:00:00-03:30')).toBe(-210);
    expect(offsetMinutes('2026-11-23T02:32:05Z')).toBe(0);
    expect(isoAt(Date.parse(now), 480)).toBe(now);
    expect(isoAt(Date.parse(now), -210)).toBe('2026-11-22T23:02:05-03:30');
    expect(new Date(wallClock(now)).toISOString()).toBe('2026-11-23T10:32:05.000Z');
  });

  test.each([
    ['month', '2026-10-01T00:00:00+08:00', '2026-11-01T00:00:00+08:00', '2026-10'],
    ['day', '2026-11-21T00:00:00+08:00', '2026-11-22T00:00:00+08:00', '11-21'],
    ['hour', '2026-11-21T08:00:00+08:00', '2026-11-21T09:00:00+08:00', '11-21 08:00–09:00'],
    ['rule', '2026-11-21T08:15:00+08:00', '2026-11-21T08:30:00+08:00', '11-21 08:15–08:30'],
    ['quarter', '2026-10-01T00:00:00+08:00', '2027-01-01T00:00:00+08:00', '2026-Q4'],
    ['year', '2026-01-01T00:00:00+08:00', '2027-01-01T00:00:00+08:00', '2026'],
    ['sample', '2025-10-14T09:00:00+08:00', '2025-10-14T09:00:00+08:00', '2025-10-14 09:00'],
  ] as const)('a window of kind %s', (kind, start, end, text) => expect(windowLabel(kind, start, end, now)).toBe(text));
});

test.each([
  ['III', 'Ⅲ类'],
  ['worse-than-V', '劣Ⅴ类'],
  ['1B', '一级B'],
  ['level 2', '二级'],
  ['A-special', 'A-special'],
])('class %s is %s', (code, text) => expect(className(code)).toBe(text));

test.each([
  ['III', 'class Ⅲ'],
  ['worse-than-V', 'worse than Ⅴ'],
  ['1B', 'grade 1B'],
  ['level 2', 'grade 2'],
  ['A-special', 'A-special'],
])('in English class %s is %s', (code, text) => expect(className(code, 'en')).toBe(text));

test.each([
  ['N', 'good', 'sensor', true],
  ['N', 'suspect', 'sensor', true],
  ['N', 'fail', 'sensor', false],
  ['T', 'fail', 'sensor', true],
  ['S', 'good', 'lab', true],
  ['S', 'good', 'sensor', false],
  ['M', 'good', 'sensor', false],
] as const)('mark %s, quality %s from %s counts: %p', (mark, quality, source, counted) => {
  expect(counts(mark, quality, source)).toBe(counted);
});

test.each([
  ['GB 5749-2022 表1', '表1', 'GB 5749-2022 表1'],
  ['GB 3838-2002 表1 Ⅲ类', '表1', 'GB 3838-2002 表1 Ⅲ类'],
  ['GB 3838-2002', '表1', 'GB 3838-2002 表1'],
  ['排污许可证', null, '排污许可证'],
  [null, null, ''],
])('%s with clause %s is cited once: %s', (citation, clause, said) => expect(sourceOf({ citation, clause })).toBe(said));

describe('a reason of the service in English', () => {
  const names: Record<string, string> = { 氨氮: 'ammonia nitrogen', 总磷: 'total phosphorus', 大田村水厂: 'Datian waterworks' };
  const english = (text: string): string | null => inEnglish(text, (zh) => names[zh] ?? zh);

  test.each([
    ['有效数据不足(6/30)', 'too few valid data (6/30)'],
    ['氨氮、总磷有效数据不足(6/30)', 'ammonia nitrogen, total phosphorus: too few valid data (6/30)'],
    ['缺项:氨氮;总磷无有效数据', 'missing items: ammonia nitrogen; total phosphorus: no valid data'],
    ['未计入:氨氮(限值待确认)', 'not counted: ammonia nitrogen (limit not yet confirmed)'],
    ['未计入:氨氮(电极法,2026-11-02 比对不合格)', 'not counted: ammonia nitrogen (comparison of 2026-11-02 failed)'],
    [
      '未判定:有效评价比例 50 %,不足 90 %(大田村水厂:缺限值;别处:氨氮无数据)',
      '50 % judged, under 90 % (Datian waterworks: no limit; 别处: ammonia nitrogen: no data)',
    ],
    ['未判定:有效数据不足(大田村水厂:无有效评价)', 'too few valid data (Datian waterworks: nothing could be judged)'],
    ['未判定:尚未开始监测', 'monitoring had not begun'],
    ['11-23 08:31 之后没有数据', 'no data since 11-23 08:31'],
    ['人工剔除 3 条(其中超限 1 条)', '3 taken out by people (1 of them over)'],
    ['余下各日无论多少,均值都超过限值 ≤ 1.0', 'whatever the days left bring, the mean is beyond ≤ 1.0'],
    ['≥ 日均值', '≥ day mean'],
    ['传输时间约 5 小时,不足一日的部分按同日比较', 'about 5 h on the way, parts of a day compared by the same day'],
    ['传输时间约 30 小时,出境按晚 1 日比较', 'about 30 h on the way, the outflow compared 1 d later'],
    // What is not known is not half told.
    ['氨氮无数据;清淤,由区局说明', null],
  ])('%s', (zh, en) => expect(english(zh)).toBe(en));

  test('every statistic and every method without a comparison has its English', () => {
    const said = [...Object.values(STATISTIC_NAMES), ...Object.values(METHOD_NAMES).map((name) => `${name},无合格比对`)];
    expect(said.filter((zh) => /\p{Script=Han}/u.test(english(zh) ?? zh))).toEqual([]);
  });
});

describe('why something was refused, in Chinese', () => {
  const now = '2026-11-23T10:00:00+08:00';
  const FIXTURES = fileURLToPath(new URL('../fixtures/payload/', import.meta.url));

  test('whatever the decoder says of a broken payload is told', () => {
    const details = readdirSync(FIXTURES).flatMap((name) => {
      const { given = {} } = JSON.parse(readFileSync(join(FIXTURES, name, 'expected'), 'utf8')) as { given?: Given };
      const { maySpeakFor, topic = 'heqing/out/readings', received = '2026-11-23T08:00:10+08:00' } = given;
      const delivery = {
        ...{ topic, payload: readFileSync(join(FIXTURES, name, 'input')), received: Date.parse(received) },
        maySpeakFor: maySpeakFor ? (station: string) => maySpeakFor.includes(station) : null,
      };
      return decodeNative(delivery, siteFor(given)).rejections.map(({ detail }) => detail);
    });
    expect(details.length).toBeGreaterThan(40);
    // What stands in quotes is the device's own.
    const untold = details.filter((detail) =>
      / (is|no|of|the|ahead|bytes|values) /.test(refusalIn(detail, now).replace(/"[^"]*"/g, '')),
    );
    expect(untold).toEqual([]);
  });

  test.each([
    [
      "2026-11-23T02:30:00.000Z is more than 10 min ahead of 2026-11-23T02:00:00.000Z: is the device's clock right?",
      '测量时间 10:30 比收到时的 10:00 超前 10 分钟以上,请查设备时钟',
    ],
    ['"tp" is the text "0.2": send the number without quotes', '"tp" 是文本 "0.2":数值不要加引号'],
    [
      '"sampled" of "tp": an array is no time: e.g. "2026-11-23T08:00:00+08:00", or epoch seconds',
      '"tp" 的采样时间:数组 不是时间,应写成 "2026-11-23T08:00:00+08:00",或用数字写秒或毫秒',
    ],
    ['what a later decoder says', 'what a later decoder says'],
  ])('%s', (detail, zh) => expect(refusalIn(detail, now)).toBe(zh));
});
