/** What must the office hear, and when? Stories of the town: rivers, taps, instruments, people. Times are Beijing's, 2026-11-23 a Monday. */
import { DAY, HOUR, MINUTE } from '../../src/domain/time.js';
import type { Site } from '../../src/domain/site.js';
import { wupi } from '../support/wupi.js';
import { type Course, type Expected, type Given, type Ordinary, siteOf, type Story } from './timeline.js';

/** Rises and falls once a day around its middle, highest at `peak` o'clock. */
const daily =
  (middle: number, swing: number, peak: number): Course =>
  (t) =>
    Number((middle + swing * Math.cos(((t + 8 * HOUR - peak * HOUR) / DAY) * 2 * Math.PI)).toFixed(3));

/** A little up and down, never twice the same: no instrument stands still. */
const about =
  (middle: number, part = 0.04): Course =>
  (t) =>
    Number((middle * (1 + part * Math.sin(t / 7e6) + (part / 2) * Math.sin(t / 2.3e6))).toFixed(4));

const river = {
  temp: daily(16, 1.5, 15),
  ph: daily(7.6, 0.3, 16),
  do: daily(7.6, 1.3, 15),
  cond: about(310),
  turb: about(14),
  codmn: about(3.1),
  nh3n: about(0.42),
  tp: about(0.09),
  tn: about(1.3),
} as const;
const flows = { flow: about(820), level: about(1.2, 0.01) } as const;

const outflow = { ...river, ...flows, rain: 0 };
const only = (...stations: string[]): Site => siteOf(wupi, stations);

const OUT: Ordinary = { 'nankeng-out': outflow };
const REACH: Ordinary = { 'nankeng-in': { ...river, ...flows }, 'nankeng-mid': river, 'nankeng-out': outflow };
const tap = { turb: about(0.3), ph: daily(7.4, 0.1, 15), cl2: about(0.12) } as const;
const TAP: Ordinary = { 'changtan-tap': tap };
const plant = { turb: about(0.2), ph: daily(7.4, 0.1, 15), cl2: about(0.6), temp: daily(17, 0.8, 15), flow: about(12) } as const;
const PLANT: Ordinary = { 'changtan-plant': plant };
const dust = {
  pm10: about(60),
  pm25: about(30),
  tsp: about(95),
  noise: about(58),
  humidity: daily(60, 12, 5),
  windspeed: about(1.8, 0.3),
  winddir: about(120, 0.3),
  airtemp: daily(14, 4, 15),
};

const TOWN = 'town-office';
const CHIEF = 'chief-changtan';
const DUTY = 'duty-a';
const RIVER = 'river-office';
const TOP = 'town-chief';
const OPS = 'operations';

const air = {
  pm10: about(60),
  pm25: about(30),
  airtemp: daily(14, 4, 15),
  humidity: daily(60, 12, 5),
  windspeed: about(1.8, 0.3),
  winddir: about(120, 0.3),
};
const SEWAGE: Ordinary = {
  'qinghuchong-outlet': {
    cod: about(32),
    nh3n: about(2.1),
    tp: about(0.3),
    tn: about(11),
    ss: about(6),
    ph: daily(7.3, 0.1, 15),
    temp: daily(18, 0.6, 15),
    flow: about(60),
  },
};

/** The 晨报 of a working day. */
const MORNING_OF = (day: string): Expected[] =>
  ['chief-changtan', 'chief-datian', 'chief-celei', 'river-office', 'town-chief', 'town-office'].map((whom) => [
    `${day} 07:30`,
    `${day} 07:36`,
    whom,
    /晨报/,
  ]);

/** Before the story: a whole week, so that trends and minima have a past. */
const WEEK = 7 * 24;

export const STORIES: readonly Story[] = [
  {
    name: 'one value over its limit is told at once to the village and the office, and its end with peak and duration',
    site: only('nankeng-out'),
    begins: '2026-11-23 08:00',
    ends: '12:30',
    ordinary: OUT,
    before: 24,
    tick: 10_000,
    given: [
      ['08:40', (town) => town.value('nankeng-out', 'nh3n', 1.37)],
      ['09:00', (town) => town.value('nankeng-out', 'nh3n', 0.5)],
      ['09:10', (town) => town.value('nankeng-out', 'nh3n', 0.5001)],
      ['09:20', (town) => town.value('nankeng-out', 'nh3n', 0.48)],
    ],
    expected: [
      ['08:40:00', '08:40:20', TOWN, /^【超限】南坑河出境断面 氨氮 1\.37 mg\/L,超Ⅲ类限值\(1\.0\)0\.37 倍/],
      ['08:40:00', '08:40:20', CHIEF, /^【超限】/],
      ['09:20:00', '09:20:20', TOWN, /^【恢复】南坑河出境断面 氨氮/],
      ['09:20:00', '09:20:20', CHIEF, /^【恢复】/],
    ],
  },
  {
    name: 'a severe value is told to the village, the duty officer and the river office in the same second',
    site: only('nankeng-out'),
    begins: '2026-11-23 08:00',
    ends: '08:14',
    ordinary: OUT,
    before: 24,
    tick: 1000,
    given: [['08:10', (town) => town.value('nankeng-out', 'nh3n', 2.6)]],
    expected: [TOWN, CHIEF, DUTY, RIVER].map((whom) => ['08:10:00', '08:10:01', whom, /^【严重超限】.*氨氮 2\.60/] as const),
  },
  {
    name: 'nobody acknowledges: it climbs the ladder, step by step',
    site: only('nankeng-out'),
    begins: '2026-11-23 08:00',
    ends: '12:30',
    ordinary: OUT,
    before: 24,
    tick: MINUTE,
    given: [
      ['08:10', (town) => town.course('nankeng-out', 'nh3n', 1.4)],
      ['08:10', (town) => town.value('nankeng-out', 'nh3n', 1.4)],
    ],
    expected: [
      ['08:10', '08:12', TOWN, /^【超限】/],
      ['08:10', '08:12', CHIEF, /^【超限】/],
      ['09:10', '09:13', DUTY, /^【超限】升级通知/],
      ['10:10', '10:14', RIVER, /^【超限】升级通知/],
      ['11:10', '11:15', TOP, /^【超限】升级通知/],
    ],
  },
  {
    name: 'once acknowledged it climbs no farther; the end is told to those who were told of it',
    site: only('nankeng-out'),
    begins: '2026-11-23 08:00',
    ends: '13:00',
    ordinary: OUT,
    before: 24,
    tick: MINUTE,
    given: [
      ['08:10', (town) => town.value('nankeng-out', 'nh3n', 1.4)],
      ['08:30', (town) => town.acknowledge('nankeng-out', '已到现场')],
      ['12:01', (town) => town.value('nankeng-out', 'nh3n', 0.5)],
      ['12:02', (town) => town.value('nankeng-out', 'nh3n', 0.51)],
    ],
    expected: [
      ['08:10', '08:12', TOWN, /^【超限】/],
      ['08:10', '08:12', CHIEF, /^【超限】/],
      ['12:00', '12:04', TOWN, /^【恢复】/],
      ['12:00', '12:04', CHIEF, /^【恢复】/],
    ],
  },
  {
    name: 'from over to severe is a rise of one alert, told also to those who hear only severe at once',
    site: only('nankeng-out'),
    begins: '2026-11-23 08:00',
    ends: '08:25',
    ordinary: OUT,
    before: 24,
    given: [
      ['08:10', (town) => town.value('nankeng-out', 'nh3n', 1.4)],
      ['08:20', (town) => town.value('nankeng-out', 'nh3n', 2.4)],
    ],
    expected: [
      ['08:10', '08:10:20', TOWN, /^【超限】/],
      ['08:10', '08:10:20', CHIEF, /^【超限】/],
      ...[TOWN, CHIEF, DUTY, RIVER].map((whom) => ['08:20', '08:20:10', whom, /^【严重超限】/] as const),
    ],
  },
  {
    name: 'near the limit twice in a row is a 预警, which waits out the night',
    site: only('nankeng-out'),
    begins: '2026-11-23 20:00',
    ends: '11-24 07:20',
    ordinary: OUT,
    before: 24,
    tick: MINUTE,
    given: [
      ['22:30', (town) => town.value('nankeng-out', 'codmn', 5.1)],
      ['22:40', (town) => town.value('nankeng-out', 'codmn', 5.2)],
      ['22:41', (town) => town.course('nankeng-out', 'codmn', 5.2)],
    ],
    expected: [
      ['11-24 07:00', '11-24 07:03', TOWN, /^【预警】南坑河出境断面 高锰酸盐指数/],
      ['11-24 07:00', '11-24 07:03', CHIEF, /^【预警】/],
    ],
  },
  {
    name: 'a peak of one value is told as 待复核 and taken back as 突跳',
    site: only('nankeng-out'),
    begins: '2026-11-23 08:00',
    ends: '12:10',
    ordinary: OUT,
    before: 24,
    tick: MINUTE,
    given: [['08:10', (town) => town.value('nankeng-out', 'nh3n', 9.3)]],
    expected: [
      ...[TOWN, CHIEF, DUTY, RIVER].map((whom) => ['08:10', '08:11', whom, /^【严重超限】.*待复核/] as const),
      ['08:25', '08:27', TOP, /^【严重超限】/],
      ...[TOWN, CHIEF, DUTY, RIVER, TOP].map((whom) => ['12:00', '12:05', whom, /^【恢复】.*突跳/] as const),
    ],
  },
  {
    name: 'oxygen falls at night and nobody is woken; a fish kill is',
    site: only('nankeng-out'),
    begins: '2026-11-23 18:00',
    ends: '11-24 08:00',
    ordinary: { 'nankeng-out': { ...outflow, do: daily(6.4, 1.8, 15) } },
    before: WEEK,
    tick: MINUTE,
    given: [['11-24 02:30', (town) => town.value('nankeng-out', 'do', 1.6)]],
    expected: [
      ...MORNING_OF('11-24'),
      ...[TOWN, CHIEF, DUTY, RIVER].map((whom) => ['11-24 02:30', '11-24 02:32', whom, /^【严重超限】.*溶解氧/] as const),
      ['11-24 02:45', '11-24 02:47', TOP, /^【严重超限】升级通知/],
      ...[TOWN, CHIEF, DUTY, RIVER, TOP].map((whom) => ['11-24 05:00', '11-24 05:03', whom, /^【恢复】.*溶解氧/] as const),
    ],
  },
  {
    name: 'chlorine at a tap: a low night stands in the morning mail, a low morning is an alarm after two hours',
    site: only('changtan-tap'),
    begins: '2026-11-23 20:00',
    ends: '11-24 12:00',
    ordinary: TAP,
    before: 24,
    tick: MINUTE,
    given: [
      ['23:00', (town) => town.course('changtan-tap', 'cl2', 0.03)],
      ['11-24 04:50', (town) => town.course('changtan-tap', 'cl2', null)],
      ['11-24 08:50', (town) => town.course('changtan-tap', 'cl2', 0.04)],
    ],
    expected: [
      ...MORNING_OF('11-24'),
      ...[TOWN, CHIEF, 'water-supplier'].map(
        (whom) => ['11-24 10:58', '11-24 11:05', whom, /长潭村末梢水.*游离氯|余氯/] as const,
      ),
    ],
  },
  {
    name: 'chlorine at the plant: half an hour under its limit',
    site: only('changtan-plant'),
    begins: '2026-11-23 08:00',
    ends: '09:30',
    ordinary: PLANT,
    before: 24,
    tick: MINUTE,
    given: [
      ['08:10', (town) => town.course('changtan-plant', 'cl2', 0.2)],
      ['08:50', (town) => town.course('changtan-plant', 'cl2', null)],
    ],
    expected: [
      ...[TOWN, CHIEF, 'water-supplier'].map((whom) => ['08:39', '08:45', whom, /长潭/] as const),
      ...[TOWN, CHIEF, 'water-supplier'].map((whom) => ['08:59', '09:05', whom, /^【恢复】/] as const),
    ],
  },
  {
    name: 'a silent station is one alert of 运维, and its return is told',
    site: only('changtan-tap', 'changtan-plant'),
    begins: '2026-11-23 08:00',
    ends: '13:00',
    ordinary: { ...TAP, ...PLANT },
    before: 24,
    tick: MINUTE,
    given: [
      ['09:01', (town) => town.silence('changtan-tap')],
      ['12:01', (town) => town.silence('changtan-tap', false)],
    ],
    expected: [
      ['09:44', '09:52', OPS, /^【无数据】长潭村末梢水/],
      ['12:00', '12:05', OPS, /^【恢复】长潭村末梢水/],
    ],
  },
  {
    name: 'a mark of a fault goes to 运维 and never to the office',
    site: only('nankeng-out'),
    begins: '2026-11-23 08:00',
    ends: '16:30',
    ordinary: OUT,
    before: 24,
    tick: MINUTE,
    given: [['08:30', (town) => town.mark('nankeng-out', 'ph', 'D')]],
    expected: [['09:00', '10:05', OPS, /^【设备】南坑河出境断面 pH/]],
  },
  {
    name: 'what comes in is over: those downstream hear it with the travel time',
    site: only('nankeng-in', 'nankeng-mid', 'nankeng-out'),
    begins: '2026-11-23 08:00',
    ends: '09:05',
    ordinary: REACH,
    before: 24,
    tick: MINUTE,
    given: [['08:10', (town) => town.value('nankeng-in', 'nh3n', 1.5)]],
    expected: [
      // One mail tells the office of all three.
      ['08:10', '08:13', TOWN, /^【超限】3 条:南坑河入境断面 氨氮/],
      ['08:10', '08:12', 'chief-celei', /^【超限】南坑河入境断面 氨氮/],
      ['08:10', '08:13', 'chief-datian', /^【预警】南坑河中段断面 .*小时/],
      ['08:10', '08:13', CHIEF, /^【预警】南坑河出境断面 .*小时/],
    ],
  },
  {
    name: 'after rain, mud is one alert; ammonia keeps its own',
    site: only('nankeng-in', 'nankeng-mid', 'nankeng-out'),
    begins: '2026-11-23 06:00',
    ends: '16:40',
    ordinary: REACH,
    before: WEEK,
    tick: 2 * MINUTE,
    given: [
      ['07:00', (town) => town.course('nankeng-out', 'rain', 6)],
      ['10:30', (town) => town.course('nankeng-out', 'rain', 0)],
      ['11:00', (town) => ['nankeng-in', 'nankeng-mid', 'nankeng-out'].forEach((id) => town.course(id, 'turb', 260))],
      ['11:00', (town) => ['nankeng-mid', 'nankeng-out'].forEach((id) => town.course(id, 'tp', 0.26))],
      ['11:00', (town) => town.course('nankeng-out', 'codmn', 6.6)],
    ],
    expected: [
      ...MORNING_OF('11-23'),
      ...[TOWN, CHIEF, 'chief-datian', 'chief-celei'].map((whom) => ['12:00', '12:05', whom, /雨后水质波动/] as const),
      ['13:00', '13:10', DUTY, /^【超限】升级通知.*雨后水质波动/],
      ['14:00', '14:12', RIVER, /^【超限】升级通知.*雨后水质波动/],
      ['15:00', '15:14', TOP, /^【超限】升级通知.*雨后水质波动/],
    ],
  },
  {
    name: 'the service away for six hours: silence is not counted, nothing is told twice',
    site: only('nankeng-out'),
    begins: '2026-11-23 08:00',
    ends: '18:00',
    ordinary: OUT,
    before: 24,
    tick: MINUTE,
    given: [
      ['08:10', (town) => town.value('nankeng-out', 'nh3n', 1.4)],
      ['08:30', (town) => town.acknowledge('nankeng-out', '已知')],
      ['09:00', (town) => town.course('nankeng-out', 'nh3n', 1.42)],
      ['09:05', (town) => town.restart(6 * HOUR)],
      ['15:30', (town) => town.restart()],
      ['16:30', (town) => town.restart()],
    ],
    expected: [
      ['08:10', '08:12', TOWN, /^【超限】/],
      ['08:10', '08:12', CHIEF, /^【超限】/],
    ],
  },
  {
    name: 'SMTP away for six hours: everything is told, in one mail a person',
    site: only('nankeng-out'),
    begins: '2026-11-23 08:00',
    ends: '15:30',
    ordinary: OUT,
    before: 24,
    tick: MINUTE,
    given: [
      ['08:05', (town) => town.smtp.stop()],
      ['08:10', (town) => town.value('nankeng-out', 'nh3n', 1.4)],
      ['09:10', (town) => town.value('nankeng-out', 'codmn', 6.9)],
      ['10:10', (town) => town.value('nankeng-out', 'tp', 0.26)],
      ['14:05', (town) => town.smtp.start()],
    ],
    expected: [
      ...[TOWN, CHIEF, DUTY, RIVER, TOP].map((whom) => ['14:05', '14:10', whom, /./] as const),
      // The broken path was an alert too, told on the way that was left: none, until it was mended.
      ['14:05', '14:10', OPS, /^【系统】2 条:/],
      ...[OPS, OPS, TOWN].map((whom) => ['14:05', '14:12', whom, /^【恢复】河清系统/] as const),
    ],
  },
  {
    name: 'one full mailbox for 90 minutes: everybody else is told, and the way of alerts is not called broken',
    site: only('nankeng-out'),
    begins: '2026-11-23 08:00',
    ends: '09:50',
    ordinary: OUT,
    before: 24,
    tick: 20_000,
    given: [
      ['08:05', (town) => town.smtp.refuse({ stage: 'to', code: 452, only: 'chief-changtan@example.org' })],
      ['08:10', (town) => town.value('nankeng-out', 'nh3n', 1.4)],
      ['08:20', (town) => town.acknowledge('nankeng-out', '已知')],
      ['09:40', (town) => town.smtp.refuse(null)],
    ],
    expected: [
      ['08:10', '08:12', TOWN, /^【超限】南坑河出境断面 氨氮/],
      // That somebody cannot be told is said once, by role and with the server's words, to those who can ring that person.
      [
        ...(['08:20', '08:22', OPS] as const),
        /^【系统】河清系统 通知发不出去.*长潭村村级河长 已等候 \d+ 分钟\(对方答复:452 refused for the test at to\)/,
      ],
      ['09:40', '09:42', CHIEF, /^【超限】南坑河出境断面 氨氮/],
      ['09:41', '09:44', OPS, /^【恢复】河清系统/],
    ],
  },
  {
    name: 'a silence with an author and a reason: nobody hears anything until it ends',
    site: only('nankeng-out'),
    begins: '2026-11-23 08:00',
    ends: '11:20',
    ordinary: OUT,
    before: 24,
    tick: MINUTE,
    given: [
      ['08:05', (town) => town.keepSilent('nankeng-out', 2 * HOUR, '河道施工')],
      ['08:10', (town) => town.value('nankeng-out', 'nh3n', 1.4)],
      ['08:11', (town) => town.course('nankeng-out', 'nh3n', 1.4)],
    ],
    expected: [
      ['10:05', '10:08', TOWN, /^【超限】/],
      ['10:05', '10:08', CHIEF, /^【超限】/],
      ['11:05', '11:12', DUTY, /^【超限】/],
    ],
  },
  {
    name: 'work at the station: standard solutions and silence wake nobody; what is over afterwards is told',
    site: only('nankeng-out'),
    begins: '2026-11-23 08:00',
    ends: '10:40',
    ordinary: OUT,
    before: 24,
    tick: MINUTE,
    given: [
      ['08:05', (town) => town.maintain('nankeng-out', 1.5 * HOUR)],
      ['08:10', (town) => town.value('nankeng-out', 'nh3n', 1.4)],
      ['08:12', (town) => town.value('nankeng-out', 'nh3n', 9)],
      ['08:30', (town) => town.silence('nankeng-out')],
      ['09:30', (town) => town.silence('nankeng-out', false)],
      // The work has ended, the instrument has not settled yet.
      ['09:50', (town) => town.value('nankeng-out', 'nh3n', 1.4)],
      ['10:20', (town) => town.value('nankeng-out', 'nh3n', 1.4)],
    ],
    expected: [
      ['10:20', '10:23', TOWN, /^【超限】南坑河出境断面 氨氮/],
      ['10:20', '10:23', CHIEF, /^【超限】南坑河出境断面 氨氮/],
    ],
  },
  {
    name: 'reported upward by a person, and only then, the bureau hears',
    site: only('nankeng-out'),
    begins: '2026-11-23 08:00',
    ends: '08:40',
    ordinary: OUT,
    before: 24,
    given: [
      ['08:10', (town) => town.value('nankeng-out', 'nh3n', 1.4)],
      ['08:30', (town) => town.reportUpward('nankeng-out', '现场核实属实')],
    ],
    expected: [
      ['08:10', '08:10:20', TOWN, /^【超限】/],
      ['08:10', '08:10:20', CHIEF, /^【超限】/],
      ['08:30', '08:30:20', 'bureau', /氨氮/],
    ],
  },
  {
    name: 'two parameters within two seconds are two mails; three stations at once are one digest',
    site: only('nankeng-in', 'nankeng-mid', 'nankeng-out'),
    begins: '2026-11-23 08:00',
    ends: '08:25',
    ordinary: REACH,
    before: 24,
    tick: 1000,
    given: [
      ['08:10:00', (town) => town.value('nankeng-out', 'nh3n', 1.3)],
      ['08:10:01', (town) => town.value('nankeng-out', 'codmn', 6.8)],
      ['08:20:00', (town) => town.value('nankeng-mid', 'tp', 0.25)],
      ['08:20:01', (town) => town.value('nankeng-out', 'tp', 0.26)],
    ],
    expected: [
      ...[TOWN, CHIEF].flatMap((whom) =>
        [/氨氮 1\.30/, /高锰酸盐指数 6\.80/].map((what) => ['08:10:02', '08:10:05', whom, what] as const),
      ),
      ['08:20:02', '08:20:05', TOWN, /^【超限】2 条/],
      ['08:20:02', '08:20:05', 'chief-datian', /^【超限】南坑河中段断面 总磷/],
      ['08:20:02', '08:20:05', CHIEF, /^【超限】南坑河出境断面 总磷/],
    ],
  },
  {
    name: 'oxygen: the mean of a day under its limit is 超限, a single low value is not',
    site: only('nankeng-out'),
    begins: '2026-11-23 08:00',
    ends: '11-24 20:00',
    ordinary: OUT,
    before: WEEK,
    tick: 5 * MINUTE,
    given: [
      ['08:30', (town) => town.course('nankeng-out', 'do', about(4.4))],
      ['11-24 07:30', (town) => town.course('nankeng-out', 'do', about(4.2))],
      ['11-24 08:30', (town) => town.acknowledge('nankeng-out', '已到现场')],
    ],
    expected: [
      // The minimum of the day has fallen first.
      ...[TOWN, CHIEF].map((whom) => ['09:00', '11-24 07:30', whom, /^【预警】南坑河出境断面 溶解氧/] as const),
      ...[TOWN, CHIEF].map((whom) => ['16:00', '11-24 08:10', whom, /^【超限】南坑河出境断面 溶解氧.*24 小时均值/] as const),
      ['20:00', '11-24 09:00', DUTY, /^【超限】升级通知/],
      ['20:00', '11-24 09:00', RIVER, /^【超限】升级通知/],
      ['20:00', '11-24 09:00', TOP, /^【超限】升级通知/],
      ...MORNING_OF('11-24'),
    ],
  },
  {
    name: 'pH: three hours outside its band is a 预警, 9.6 is severe',
    site: only('nankeng-out'),
    begins: '2026-11-23 08:00',
    ends: '13:20',
    ordinary: OUT,
    before: 24,
    tick: MINUTE,
    given: [
      ['08:30', (town) => town.course('nankeng-out', 'ph', (t) => 8.6 + ((t / HOUR) % 3) / 100)],
      ['13:10', (town) => town.value('nankeng-out', 'ph', 9.62)],
    ],
    expected: [
      ...[TOWN, CHIEF].map((whom) => ['12:00', '12:03', whom, /^【预警】南坑河出境断面 pH/] as const),
      ...[TOWN, CHIEF, DUTY, RIVER].map((whom) => ['13:10', '13:12', whom, /^【严重超限】南坑河出境断面 pH 9\.62/] as const),
    ],
  },
  {
    name: 'no chlorine where no water flows is 停水, not poison',
    site: only('changtan-plant'),
    begins: '2026-11-23 08:00',
    ends: '09:25',
    ordinary: PLANT,
    before: 24,
    tick: MINUTE,
    given: [
      ['08:10', (town) => town.course('changtan-plant', 'cl2', 0)],
      ['08:10', (town) => town.course('changtan-plant', 'flow', 0)],
    ],
    expected: [TOWN, CHIEF, 'water-supplier'].map((whom) => ['08:40', '08:50', whom, /^【预警】.*停水/] as const),
  },
  {
    name: 'no chlorine with water running is severe after an hour',
    site: only('changtan-plant'),
    begins: '2026-11-23 08:00',
    ends: '09:20',
    ordinary: PLANT,
    before: 24,
    tick: MINUTE,
    given: [['08:10', (town) => town.course('changtan-plant', 'cl2', 0)]],
    expected: [
      // The limit itself waits for confirmation.
      ...[TOWN, CHIEF, 'water-supplier'].map((whom) => ['08:39', '08:47', whom, /^【预警】.*限值待确认/] as const),
      ...[TOWN, CHIEF, 'water-supplier', DUTY].map((whom) => ['09:09', '09:17', whom, /^【严重超限】/] as const),
    ],
  },
  {
    name: 'a plume is seen coming hours before it passes the limit',
    site: only('nankeng-out'),
    begins: '2026-11-23 08:00',
    ends: '11-25 04:10',
    ordinary: OUT,
    before: WEEK,
    tick: 5 * MINUTE,
    given: [
      [
        '10:00',
        (town) => {
          const began = town.now;
          town.course('nankeng-out', 'nh3n', (t) =>
            Number((0.42 + ((t - began) / HOUR) * 0.016 + 0.004 * Math.sin(t)).toFixed(3)),
          );
        },
      ],
      ['11-24 16:30', (town) => town.acknowledge('nankeng-out', '正在排查')],
    ],
    expected: [
      ...[TOWN, CHIEF].map(
        (whom) => ['11-24 07:00', '11-24 21:00', whom, /^【预警】南坑河出境断面 氨氮.*小时内可能超限/] as const,
      ),
      ...[TOWN, CHIEF].map((whom) => ['11-24 16:00', '11-24 16:10', whom, /^【预警】南坑河出境断面 氨氮.*80 %/] as const),
      ...[TOWN, CHIEF].map((whom) => ['11-25 00:00', '11-25 00:10', whom, /^【超限】南坑河出境断面 氨氮/] as const),
      // Who took note of the 预警 has not answered for what it became.
      ['11-25 01:00', '11-25 01:10', DUTY, /^【超限】升级通知/],
      ['11-25 02:00', '11-25 02:15', RIVER, /^【超限】升级通知/],
      ['11-25 03:00', '11-25 03:20', TOP, /^【超限】升级通知/],
      ...MORNING_OF('11-24'),
    ],
  },
  {
    name: 'the town breathes the same dust: one alert for all sites',
    site: only('dust-site-1', 'dust-site-2', 'gangue-heap', 'town-air'),
    begins: '2026-11-23 08:00',
    ends: '12:10',
    ordinary: { 'dust-site-1': dust, 'dust-site-2': dust, 'gangue-heap': { pm10: dust.pm10, tsp: dust.tsp }, 'town-air': air },
    before: 24,
    tick: MINUTE,
    given: [
      [
        '10:00',
        (town) =>
          ['dust-site-1', 'dust-site-2', 'gangue-heap', 'town-air'].forEach((id) => town.course(id, 'pm10', about(170, 0.03))),
      ],
    ],
    expected: [TOWN, DUTY].map((whom) => ['10:10', '10:20', whom, /^【预警】五陂镇 PM10 区域性升高/] as const),
  },
  {
    name: 'a broker that is away is one alert, not one for every station',
    site: only('nankeng-out', 'changtan-tap', 'changtan-plant'),
    begins: '2026-11-23 08:00',
    ends: '13:00',
    ordinary: { ...OUT, ...TAP, ...PLANT },
    before: 24,
    tick: MINUTE,
    given: [
      ['09:00', (town) => town.away('broker', '连不上 MQTT')],
      ['09:00', (town) => ['nankeng-out', 'changtan-tap', 'changtan-plant'].forEach((id) => town.silence(id))],
      ['11:00', (town) => town.away('broker', null)],
      ['11:00', (town) => ['nankeng-out', 'changtan-tap', 'changtan-plant'].forEach((id) => town.silence(id, false))],
    ],
    expected: [
      ...[OPS, TOWN].map((whom) => ['09:01', '09:06', whom, /^【系统】/] as const),
      ...[OPS, TOWN].map((whom) => ['11:00', '11:06', whom, /^【恢复】/] as const),
    ],
  },
  {
    name: 'a station that has never spoken is missed like any other',
    site: only('nankeng-out', 'changtan-tap'),
    begins: '2026-11-23 08:00',
    ends: '09:30',
    ordinary: OUT,
    tick: MINUTE,
    given: [],
    expected: [['08:44', '08:50', OPS, /^【无数据】长潭村末梢水/]],
  },
  {
    name: 'one parameter falls silent while its station speaks',
    site: only('nankeng-out'),
    begins: '2026-11-23 08:00',
    ends: '13:10',
    ordinary: OUT,
    before: 24,
    tick: MINUTE,
    given: [
      ['08:30', (town) => town.course('nankeng-out', 'do', () => null)],
      ['12:30', (town) => town.course('nankeng-out', 'do', null)],
    ],
    expected: [
      ['11:00', '11:05', OPS, /^【无数据】南坑河出境断面 溶解氧/],
      ['13:00', '13:06', OPS, /^【恢复】南坑河出境断面 溶解氧/],
    ],
  },
  {
    name: 'a probe that stands still goes to 运维',
    site: only('nankeng-out'),
    begins: '2026-11-23 08:00',
    ends: '16:30',
    ordinary: OUT,
    before: 24,
    tick: MINUTE,
    given: [['08:30', (town) => town.course('nankeng-out', 'ph', 7.5)]],
    expected: [['14:00', '16:05', OPS, /^【设备】南坑河出境断面 pH/]],
  },
  {
    name: 'a sewage outlet: once over its limit, twice over it',
    site: only('qinghuchong-outlet'),
    begins: '2026-11-23 08:00',
    ends: '08:40',
    ordinary: SEWAGE,
    before: 24,
    tick: MINUTE,
    given: [
      ['08:10', (town) => town.value('qinghuchong-outlet', 'cod', 71)],
      ['08:30', (town) => town.value('qinghuchong-outlet', 'cod', 130)],
    ],
    expected: [
      ['08:10', '08:12', TOWN, /^【超限】.*化学需氧量 71/],
      ['08:10', '08:12', DUTY, /^【超限】/],
      ...[TOWN, DUTY, RIVER].map((whom) => ['08:30', '08:32', whom, /^【严重超限】/] as const),
    ],
  },
  {
    name: 'an alert that flaps is held back the fourth time, never the first',
    site: only('nankeng-out'),
    begins: '2026-11-23 08:00',
    ends: '10:20',
    ordinary: OUT,
    before: 24,
    tick: MINUTE,
    given: [0, 1, 2, 3].flatMap((n): Given[] => {
      const minute = (m: number): string =>
        `${String(8 + Math.floor((n * 30 + m) / 60)).padStart(2, '0')}:${String((n * 30 + m) % 60).padStart(2, '0')}`;
      return [
        [minute(2), (town) => town.value('nankeng-out', 'nh3n', 1.1 + n / 100)],
        ...[10, 12, 14].map((m): Given => [minute(m), (town) => town.value('nankeng-out', 'nh3n', 0.5 + m / 1000)]),
      ];
    }),
    expected: ['08:02', '08:32', '09:02'].flatMap((time) => {
      const later = `${time.slice(0, 3)}${String(Number(time.slice(3)) + 2).padStart(2, '0')}`;
      const end = [
        `${time.slice(0, 3)}${String(Number(time.slice(3)) + 11).padStart(2, '0')}`,
        `${time.slice(0, 3)}${String(Number(time.slice(3)) + 17).padStart(2, '0')}`,
      ];
      return [TOWN, CHIEF].flatMap((whom) => [
        [time, later, whom, /^【超限】/] as const,
        [end[0]!, end[1]!, whom, /^【恢复】/] as const,
      ]);
    }),
  },
  {
    name: 'killed at every hour of an episode: told once, ended once',
    site: only('nankeng-out'),
    begins: '2026-11-23 08:00',
    ends: '12:20',
    ordinary: OUT,
    before: 24,
    tick: MINUTE,
    given: [
      ['08:10', (town) => town.value('nankeng-out', 'nh3n', 1.4)],
      ['08:10:30', (town) => town.restart()],
      ['08:11', (town) => town.restart()],
      ['09:05', (town) => town.restart()],
      ['09:10:30', (town) => town.restart()],
      ['09:20', (town) => town.acknowledge('nankeng-out', '已知')],
      ['09:21', (town) => town.restart()],
      ['09:30', (town) => town.value('nankeng-out', 'nh3n', 0.5)],
      ['09:32', (town) => town.value('nankeng-out', 'nh3n', 0.51)],
      ['09:33', (town) => town.restart()],
      ['09:34', (town) => town.value('nankeng-out', 'nh3n', 0.52)],
      ['09:34:30', (town) => town.restart()],
    ],
    expected: [
      ['08:10', '08:12', TOWN, /^【超限】/],
      ['08:10', '08:12', CHIEF, /^【超限】/],
      ['09:10', '09:13', DUTY, /^【超限】升级通知/],
      ...[TOWN, CHIEF, DUTY].map((whom) => ['09:34', '09:37', whom, /^【恢复】/] as const),
    ],
  },
  {
    name: 'a day over its limit is 超标 on the next morning, a verdict and no alarm',
    site: only('nankeng-out'),
    begins: '2026-11-23 06:00',
    ends: '11-24 06:00',
    ordinary: { 'nankeng-out': { ...outflow, nh3n: about(1.2, 0.01) } },
    tick: 5 * MINUTE,
    given: [['06:30', (town) => town.acknowledge('nankeng-out', '已知')]],
    expected: [
      ...[TOWN, CHIEF].map((whom) => ['06:00', '06:10', whom, /^【超限】/] as const),
      ...[TOWN, CHIEF].map((whom) => ['11-24 00:00', '11-24 00:10', whom, /^【超标】南坑河出境断面/] as const),
      ['11-24 01:00', '11-24 01:20', DUTY, /^【超标】升级通知/],
      ['11-24 02:00', '11-24 02:30', RIVER, /^【超标】升级通知/],
      ['11-24 03:00', '11-24 03:40', TOP, /^【超标】升级通知/],
      ...MORNING_OF('11-23'),
    ],
  },
  {
    name: 'nobody has confirmed a test mail: after a day the path itself is an alert',
    site: only('nankeng-out'),
    begins: '2026-11-23 10:00',
    ends: '11-24 12:00',
    ordinary: OUT,
    isUnproven: true,
    tick: 5 * MINUTE,
    given: [],
    expected: [
      ...[OPS, TOWN].map((whom) => ['10:05', '10:20', whom, /预警通道验证,代码/] as const),
      ...MORNING_OF('11-24'),
      ...[OPS, TOWN].map((whom) => ['11-24 10:00', '11-24 10:10', whom, /^【系统】河清系统 预警通道未经验证/] as const),
    ],
  },
  {
    name: 'old and late readings change verdicts and open nothing',
    site: only('nankeng-out'),
    begins: '2026-11-23 08:00',
    ends: '09:00',
    ordinary: OUT,
    before: 24,
    tick: MINUTE,
    given: [
      ['08:10', (town) => town.value('nankeng-out', 'nh3n', 2.9, 9 * HOUR)],
      ['08:20', (town) => town.value('nankeng-out', 'codmn', 9.9, 30 * HOUR)],
    ],
    expected: [],
  },
  {
    name: 'a clean week with nights, rain without mud, and a cleaning with its marks: nobody hears anything but the 晨报',
    site: only('nankeng-in', 'nankeng-mid', 'nankeng-out', 'changtan-tap', 'changtan-plant', 'dust-site-1'),
    begins: '2026-11-23 06:00',
    ends: '11-30 06:00',
    ordinary: { ...REACH, ...TAP, ...PLANT, 'dust-site-1': dust },
    before: WEEK,
    tick: 5 * MINUTE,
    given: [
      ['11-24 12:00', (town) => town.course('nankeng-out', 'rain', 4)],
      ['11-24 16:00', (town) => town.course('nankeng-out', 'rain', 0)],
      ['11-25 09:00', (town) => ['temp', 'ph', 'do', 'cond', 'turb'].forEach((p) => town.mark('nankeng-out', p, 'M'))],
      ['11-25 11:00', (town) => ['temp', 'ph', 'do', 'cond', 'turb'].forEach((p) => town.mark('nankeng-out', p, 'N'))],
    ],
    expected: ['11-23', '11-24', '11-25', '11-26', '11-27'].flatMap(MORNING_OF),
  },
];
