/** Which stations does the page's test show? Those of a town on an ordinary bad day: an exceedance, a dead sensor, a missing permit. */
import type { LiveReading, StationView } from '../../src/adapters/http/contract/contract.js';

type Latest = StationView['latest'][number];

/** The moment of all answers. */
export const AS_OF = '2026-11-23T10:32:07+08:00';
/** A minute of that month, on the 23rd unless told. */
export const at = (clock: string, day = '23'): string => `2026-11-${day}T${clock}:00+08:00`;

const PARAMETERS: Record<string, [name: string, nameEn: string, unit: string, decimals: number]> = {
  temp: ['水温', 'Water temperature', '℃', 1],
  ph: ['pH', 'pH', '', 2],
  do: ['溶解氧', 'Dissolved oxygen', 'mg/L', 1],
  cond: ['电导率', 'Conductivity', 'µS/cm', 0],
  turb: ['浑浊度', 'Turbidity', 'NTU', 1],
  codmn: ['高锰酸盐指数', 'Permanganate index', 'mg/L', 1],
  nh3n: ['氨氮', 'Ammonia nitrogen', 'mg/L', 2],
  tp: ['总磷', 'Total phosphorus', 'mg/L', 3],
  tn: ['总氮', 'Total nitrogen', 'mg/L', 2],
  cod: ['化学需氧量', 'COD', 'mg/L', 0],
  cl2: ['游离氯', 'Free chlorine', 'mg/L', 2],
  clo2: ['二氧化氯', 'Chlorine dioxide', 'mg/L', 2],
  flow: ['流量', 'Flow', 'L/s', 1],
  pm10: ['PM₁₀', 'PM₁₀', 'µg/m³', 0],
  pm25: ['PM₂.₅', 'PM₂.₅', 'µg/m³', 0],
  tsp: ['总悬浮颗粒物', 'TSP', 'µg/m³', 0],
  noise: ['噪声', 'Noise', 'dB(A)', 1],
  windspeed: ['风速', 'Wind speed', 'm/s', 1],
};

const upper = (limit: number, text: string, citation: string): Partial<Latest> => ({
  limit,
  limitText: `≤ ${text}`,
  citation,
  grade: 'verified',
});
const RIVER: Record<string, Partial<Latest>> = {
  ph: { limit: [6, 9], limitText: '6–9', citation: 'GB 3838-2002 表1', grade: 'verified' },
  do: { limit: 5, limitText: '≥ 5', citation: 'GB 3838-2002 表1 Ⅲ类', grade: 'verified' },
  codmn: upper(6, '6', 'GB 3838-2002 表1 Ⅲ类'),
  nh3n: upper(1, '1.0', 'GB 3838-2002 表1 Ⅲ类'),
  tp: upper(0.2, '0.2', 'GB 3838-2002 表1 Ⅲ类'),
};
const TAP: Record<string, Partial<Latest>> = {
  turb: upper(1, '1', 'GB 5749-2022 表1'),
  ph: { limit: [6.5, 8.5], limitText: '6.5–8.5', citation: 'GB 5749-2022 表1', grade: 'verified' },
  cl2: { limit: [0.05, 2], limitText: '0.05–2', citation: 'GB 5749-2022 表2', grade: 'verified' },
  clo2: { limit: [0.02, 0.8], limitText: '0.02–0.8', citation: 'GB 5749-2022 表2', grade: 'transcribed' },
};
const SEWAGE: Record<string, Partial<Latest>> = {
  cod: upper(60, '60', 'GB 18918-2002 表1 一级B'),
  nh3n: upper(8, '8', 'GB 18918-2002 表1 一级B'),
  tp: upper(1, '1', 'GB 18918-2002 表1 一级B'),
  tn: upper(20, '20', 'GB 18918-2002 表1 一级B'),
};
const DUST: Record<string, Partial<Latest>> = {
  pm10: { limit: 150, limitText: '≤ 150', citation: '五陂镇管理阈值', grade: 'own' },
};

/** The latest values of a station: a number is an ordinary reading, `null` nothing, an object anything else. */
function latest(
  time: string,
  limits: Record<string, Partial<Latest>>,
  values: Record<string, number | null | Partial<Latest>>,
): Latest[] {
  return Object.entries(values).map(([parameter, given]) => {
    const [name, nameEn, unit, decimals] = PARAMETERS[parameter] ?? [parameter, parameter, '', 2];
    const base = {
      parameter,
      name,
      nameEn,
      unit,
      decimals,
      limit: null,
      limitText: null,
      citation: null,
      grade: null,
      unconfirmed: limits[parameter]?.grade === 'transcribed',
      ...limits[parameter],
    };
    if (given === null) return { ...base, value: null, time: null, mark: null, quality: null, check: null };
    const check = base.limit === null ? null : ('within' as const);
    const usual = { ...base, value: null, time, mark: 'N' as const, quality: 'good' as const, check };
    return typeof given === 'number' ? { ...usual, value: given } : { ...usual, ...given };
  });
}

const day = (validCount: number, dueCount: number, riverClass: StationView['current']['class']): StationView['current'] => ({
  window: 'day',
  start: at('00:00'),
  end: at('00:00', '24'),
  validCount,
  dueCount,
  class: riverClass,
});
const hour = (validCount: number): StationView['current'] => ({
  window: 'hour',
  start: at('10:00'),
  end: at('11:00'),
  validCount,
  dueCount: 12,
  class: null,
});

function station(
  given: Partial<StationView> & Pick<StationView, 'id' | 'name' | 'nameEn' | 'medium' | 'role' | 'latest' | 'current'>,
): StationView {
  return {
    village: null,
    reach: null,
    class: null,
    note: null,
    supply: null,
    state: 'met',
    stateReason: null,
    clock: null,
    timeless: false,
    lastReadingAt: given.latest.find((l) => l.time !== null)?.time ?? null,
    ...given,
  };
}

const river = { medium: 'surface-water', reach: '南坑河五陂段', class: 'III', note: '待区局确认' } as const;
const works = (village: string) => ({ medium: 'drinking-water', village, supply: `${village}水厂` }) as const;

/** All stations, sections in flow order. The name of one is an attack, and must be read as text. */
export const stations: StationView[] = [
  station({
    id: 'nankeng-in',
    name: '南坑河入境断面',
    nameEn: 'Nankeng inflow',
    role: 'inflow',
    ...river,
    current: day(3, 6, 'II'),
    latest: latest(at('10:30'), RIVER, {
      temp: 13.2,
      ph: 7.42,
      do: 8.6,
      cond: 214,
      turb: 9.1,
      codmn: 2.1,
      nh3n: 0.31,
      tp: 0.061,
      tn: 1.42,
    }),
  }),
  station({
    id: 'nankeng-mid',
    clock: {
      kind: 'hours',
      finding: '时钟快 8 小时,疑似把北京时间当作 UTC 发送',
      findingEn: 'the clock is 8 h fast: probably Beijing time is sent as UTC',
      since: at('06:10'),
    },
    name: '南坑河中段断面',
    nameEn: 'Nankeng middle',
    role: 'control',
    ...river,
    state: 'exceeded',
    stateReason: '氨氮 日均值 1.20 mg/L 超Ⅲ类限值 1.0',
    current: day(3, 6, 'III'),
    latest: latest(at('10:30'), RIVER, {
      temp: 13.6,
      ph: { value: 7.31 },
      do: { value: 7.9 },
      cond: { value: 260, mark: 'M' },
      turb: { value: 612, quality: 'suspect' },
      codmn: { value: 3.4, time: at('08:00') },
      nh3n: 0.94,
      tp: 0.112,
      tn: 2.06,
    }),
  }),
  station({
    id: 'nankeng-out',
    name: '南坑河出境断面',
    nameEn: 'Nankeng outflow',
    role: 'assessed',
    ...river,
    current: day(3, 6, 'IV'),
    latest: latest(at('10:30'), RIVER, {
      temp: 13.9,
      ph: 7.28,
      do: 7.2,
      cond: 275,
      turb: 14.3,
      codmn: { value: 3.9, time: at('08:00') },
      nh3n: { value: 1.37, check: 'over' },
      tp: { value: 0.208, mark: 'D', quality: 'fail', check: null },
      tn: null,
    }),
  }),
  station({
    id: 'changtan-plant',
    name: '长潭村水厂出厂水',
    nameEn: 'Changtan plant outlet',
    role: 'plant-outlet',
    ...works('长潭村'),
    current: hour(6),
    latest: latest(
      at('10:30'),
      { ...TAP, cl2: { limit: [0.3, 2], limitText: '0.3–2', citation: 'GB 5749-2022 表2', grade: 'verified' } },
      { turb: 0.31, ph: 7.31, cl2: 0.52, flow: 3.4 },
    ),
  }),
  station({
    id: 'changtan-tap',
    name: '长潭村末梢水监测点',
    nameEn: 'Changtan tap',
    role: 'tap',
    ...works('长潭村'),
    current: hour(6),
    latest: latest('2026-11-23T10:32:05+08:00', TAP, { turb: 0.42, ph: 7.28, cl2: 0.08 }),
  }),
  station({
    id: 'datian-tap',
    name: '大田村末梢水监测点',
    nameEn: 'Datian tap',
    role: 'tap',
    ...works('大田村'),
    state: 'offline',
    stateReason: '2 小时没有数据,可能停电或断网',
    current: hour(0),
    latest: latest(at('08:31'), TAP, { turb: 0.5, ph: 7.2, cl2: { value: 0.11, mark: 'B', quality: 'fail', check: null } }),
  }),
  station({
    id: 'celei-plant',
    timeless: true,
    name: '册雷村水厂出厂水',
    nameEn: 'Celei plant outlet',
    role: 'plant-outlet',
    ...works('册雷村'),
    current: hour(6),
    latest: latest(at('10:30'), TAP, { turb: 0.28, ph: 7.4, clo2: 0.31 }),
  }),
  station({
    id: 'qinghuchong-outlet',
    name: '青湖冲污水处理厂总排口',
    nameEn: 'Qinghuchong outlet',
    medium: 'sewage',
    role: 'outlet',
    class: '1B',
    note: '待许可证确认',
    current: day(10, 24, null),
    latest: latest(at('10:00'), SEWAGE, {
      ph: 7.1,
      cod: 31,
      nh3n: { value: 12, mark: 'T', check: 'over' },
      tp: 0.42,
      tn: 11.8,
      flow: 18.6,
    }),
  }),
  station({
    id: 'jinqiao-outlet',
    name: '金桥配套污水处理厂总排口',
    nameEn: 'Jinqiao outlet',
    medium: 'sewage',
    role: 'outlet',
    state: 'undetermined',
    stateReason: '缺许可限值',
    current: day(10, 24, null),
    latest: latest(at('10:00'), {}, { ph: 7.3, cod: 38, nh3n: 2.1, tp: 0.55, tn: 13.1, flow: 9.2 }),
  }),
  station({
    id: 'dust-site-1',
    name: '<img src=x onerror="document.title=1">',
    nameEn: '<img src=x onerror="document.title=1">',
    medium: 'dust',
    role: 'site',
    current: { window: 'rule', start: at('10:30'), end: at('10:45'), validCount: 2, dueCount: 15, class: null },
    latest: latest(at('10:31'), DUST, { pm10: 88, tsp: 173, noise: 61.2, windspeed: 1.7 }),
  }),
  station({
    id: 'town-air',
    name: '五陂镇中心空气站',
    nameEn: 'Town centre air',
    medium: 'air',
    role: 'ambient',
    class: 'level 2',
    current: day(10, 24, null),
    latest: latest(at('10:00'), {}, { pm10: 54, pm25: 31 }),
  }),
];

/** What arrives while the page is open. */
export const liveReading: LiveReading = {
  station: 'changtan-tap',
  parameter: 'turb',
  time: '2026-11-23T10:32:30+08:00',
  value: 1.004,
  mark: 'N',
  quality: 'good',
  check: 'over',
};
