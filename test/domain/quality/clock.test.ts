/** Which clock is wrong, and is it said in words that an operator understands? */
import { describe, expect, test } from '@jest/globals';
import { type ClockMemory, type ClockSign, clockWords, diagnose, NO_CLOCK, observe } from '../../../src/domain/quality/clock.js';
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/domain/time.js';
import { at } from '../../support/wupi.js';

const START = at('2026-11-23 08:00');
const CADENCE = 5 * MINUTE;

/** One message: arrives `at` ms after the start, its clock is `ahead` ms ahead. */
interface Message extends Partial<ClockSign> {
  readonly at: number;
  readonly ahead?: number;
}

const sign = ({ at: after, ahead = 0, ...over }: Message, i: number): ClockSign => {
  const received = START + after;
  return { received, kind: 'timed', time: received + ahead, parameter: 'nh3n', value: i, ...over };
};
const hear = (messages: readonly Message[], memory: ClockMemory = NO_CLOCK): ClockMemory =>
  messages.map(sign).reduce((m, s) => observe(m, s, CADENCE), memory);
const every = (n: number, step: number, of: (i: number) => Omit<Message, 'at'>, from = 0): Message[] =>
  Array.from({ length: n }, (_, i) => ({ at: from + i * step, ...of(i) }));
const found = (messages: readonly Message[], now = Math.max(...messages.map((m) => m.at))) => {
  const finding = diagnose(hear(messages), START + now);
  return finding === null ? null : clockWords(finding, 480).zh;
};

const jitter = [2, 9, 1, 30, 4, 12, 3, 7].map((s) => -s * SECOND);
const refused = { parameter: null, value: null };

describe('what is found', () => {
  test.each<[string, Message[], string]>([
    [
      'Beijing time sent as UTC',
      every(5, CADENCE, (i) => ({ ahead: 8 * HOUR + jitter[i]!, ...refused })),
      '时钟快 8 小时,疑似把北京时间当作 UTC 发送',
    ],
    [
      'the same within three messages a second apart',
      every(3, SECOND, () => ({ ahead: 8 * HOUR })),
      '时钟快 8 小时,疑似把北京时间当作 UTC 发送',
    ],
    [
      'UTC sent as Beijing time',
      every(5, CADENCE, (i) => ({ ahead: -8 * HOUR + jitter[i]! })),
      '时钟慢 8 小时,疑似把 UTC 时间当作北京时间发送',
    ],
    ['an hour ahead', every(4, CADENCE, () => ({ ahead: HOUR })), '时钟快 1 小时,疑似时区设置有误'],
    [
      'stamped with the beginning of the hour',
      every(5, HOUR, () => ({ ahead: -HOUR - 20 * SECOND })),
      '时钟慢 1 小时,疑似时区设置有误,或以时段的起点作为时间',
    ],
    ['six minutes ahead', every(3, CADENCE, (i) => ({ ahead: 6 * MINUTE + jitter[i]! })), '时钟快约 6 分钟'],
    [
      'twelve minutes behind',
      every(5, CADENCE, (i) => ({ ahead: -12 * MINUTE + jitter[i]! })),
      '时钟慢约 12 分钟,或仪器测完很久才发送',
    ],
    ['a battery that is empty', every(5, CADENCE, () => ({ ahead: -26 * 365 * DAY })), '时钟停在多年以前,疑似电池失效'],
    [
      'ahead, each time by something else',
      every(5, CADENCE, (i) => ({ ahead: HOUR * (1 + i * 3), ...refused })),
      '时间超前 10 分钟以上,数据被拒收,且超前多少不固定',
    ],
    ['microseconds', [{ at: 0, kind: 'microseconds', ...refused }], '时间以微秒发送,数据被拒收:应为秒或毫秒'],
    ['nanoseconds', [{ at: 0, kind: 'nanoseconds', ...refused }], '时间以纳秒发送,数据被拒收:应为秒或毫秒'],
    ['stuck', every(5, CADENCE, () => ({ time: START })), '时钟停走:测值在变,时间不变,同一时刻只留下最后一个值'],
    [
      'gaining two minutes a day',
      every(40, HOUR, (i) => ({ ahead: i * 5 * SECOND + jitter[i % 8]! })),
      '时钟在漂移:每天约快 2 分钟,目前快约 3 分钟',
    ],
    [
      'losing',
      every(40, HOUR, (i) => ({ ahead: -i * 6 * SECOND + jitter[i % 8]! })),
      '时钟在漂移:每天约慢 2 分钟,目前慢约 4 分钟',
    ],
    [
      'a burst under one time',
      [{ at: 0 }, ...every(6, 20, () => ({ time: START + HOUR }), HOUR)],
      '补发的数据用了同一个到达时间,疑似断线期间没有记录测量时间',
    ],
    [
      'a burst stamped as it is sent',
      [{ at: 0 }, ...every(6, 20, () => ({}), HOUR)],
      '补发的数据用了同一个到达时间,疑似断线期间没有记录测量时间',
    ],
    [
      'a burst without a time',
      [{ at: 0 }, ...every(6, 20, () => ({ kind: 'timeless' as const }), HOUR)],
      '补发的数据用了同一个到达时间,疑似断线期间没有记录测量时间',
    ],
  ])('%s', (_, messages, words) => expect(found(messages)).toBe(words));
});

describe('what is no finding', () => {
  test.each<[string, Message[]]>([
    ['a good clock on a slow line', every(8, CADENCE, (i) => ({ ahead: jitter[i]! }))],
    ['two messages are too few', every(2, CADENCE, () => ({ ahead: 8 * HOUR }))],
    ['a backlog that is sent in order', every(400, 30, (i) => ({ ahead: -30 * DAY + i * CADENCE }))],
    ['a backlog of one-minute values that passes every whole hour', every(500, 20, (i) => ({ ahead: -9 * HOUR + i * MINUTE }))],
    ['an analyser that sends four minutes later', every(8, HOUR, () => ({ ahead: -4 * MINUTE }))],
    ['one message a parameter', every(9, 10, (i) => ({ time: START, parameter: `p${i}` }))],
    ['a redelivery, however often', every(9, CADENCE, () => ({ time: START, value: 1 }))],
    ['two corrections', every(3, CADENCE, () => ({ time: START }))],
    ['one straggler', every(5, CADENCE, (i) => ({ ahead: i === 3 ? -50 * MINUTE : 0 }))],
    ['all parameters after a silence', [{ at: 0 }, ...every(9, 10, (i) => ({ time: START + HOUR, parameter: `p${i}` }), HOUR)]],
    ['a device much faster than its cadence', [{ at: 0 }, ...every(200, 100, () => ({}), 20 * MINUTE)]],
    ['the first messages of a stream', every(50, 20, () => ({}))],
    ['a clock that was set', every(40, HOUR, (i) => ({ ahead: i < 20 ? -4 * MINUTE : 0 }))],
  ])('%s', (_, messages) => expect(found(messages)).toBeNull());
});

describe('how long it holds', () => {
  test('a mended clock is well with its second good message', () => {
    const off = every(5, CADENCE, () => ({ ahead: 8 * HOUR }));
    const mended = [1, 2].map((i) => found([...off, ...every(i, CADENCE, () => ({}), HOUR)]));
    expect(mended).toEqual(['时钟快 8 小时,疑似把北京时间当作 UTC 发送', null]);
  });

  test('a clock that goes on and a number in its right unit are well at once', () => {
    expect(found([...every(9, CADENCE, () => ({ time: START })), { at: HOUR }])).toBeNull();
    expect(found([{ at: 0, kind: 'nanoseconds', ...refused }, { at: CADENCE }])).toBeNull();
  });

  test('a burst is told for a day', () => {
    const burst = [{ at: 0 }, ...every(6, 20, () => ({}), HOUR)];
    expect(found(burst, HOUR + DAY)).toMatch(/^补发/);
    expect(found(burst, HOUR + DAY + MINUTE)).toBeNull();
  });

  test('since when: the first message that shows it', () => {
    expect(diagnose(hear(every(5, CADENCE, () => ({ ahead: 8 * HOUR }))), START)).toMatchObject({ kind: 'hours', since: START });
    expect(diagnose(hear([{ at: -CADENCE }, ...every(5, CADENCE, () => ({ time: START }))]), START)).toMatchObject({
      kind: 'stuck',
      since: START,
    });
  });
});

test('a station far from Beijing has its own zone named', () => {
  expect(clockWords({ kind: 'hours', offset: 6 * HOUR, since: 0 }, 360).zh).toBe('时钟快 6 小时,疑似把当地时间当作 UTC 发送');
});

test('every finding is told in English too, with how much', () => {
  const since = 0;
  const told = [
    { kind: 'hours', offset: 8 * HOUR, since },
    { kind: 'hours', offset: -HOUR, since },
    { kind: 'minutes', offset: -12 * MINUTE, since },
    { kind: 'minutes', offset: -900 * DAY, since },
    { kind: 'drifting', offset: 200 * MINUTE, perDay: 40 * SECOND, since },
    { kind: 'stuck', since },
    { kind: 'future', since },
  ] as const;
  expect(told.map((finding) => clockWords(finding, 480).en)).toEqual([
    'the clock is 8 h fast: probably Beijing time is sent as UTC',
    'the clock is 1 h slow: probably a wrong time zone, or the start of a period stands for its time',
    'the clock is about 12 min slow, or the instrument sends long after it measured',
    'the clock stands years back: its battery is probably empty',
    'the clock gains about 40 s a day, and is now about 3 h 20 min fast',
    'the clock stands still: values change, the time does not, and of one time only the last value is kept',
    'times are more than 10 minutes ahead, by changing amounts, and refused',
  ]);
});

test('what is remembered stays small, whatever comes', () => {
  const memory = hear(every(3000, 37 * MINUTE, (i) => ({ ahead: (i % 7) * HOUR })));
  expect(JSON.stringify(memory).length).toBeLessThan(2500);
});
