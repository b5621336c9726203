/** What does a town look like on an ordinary bad day? Answers of the service for the page's test: an exceedance, a dead sensor, a target without samples. */
import type {
  AlertView,
  ComplianceAnswer,
  LiveReading,
  NoticeAnswer,
  ReadingsAnswer,
  ReceiptsAnswer,
  RejectionsAnswer,
  SiteAnswer,
  StationView,
  TargetView,
} from '../../src/adapters/http/contract.js';

type Latest = StationView['latest'][number];

/** The moment of all answers. */
export const AS_OF = '2026-11-23T10:32:07+08:00';
const at = (clock: string, day = '23'): string => `2026-11-${day}T${clock}:00+08:00`;

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
  clo2: { limit: [0.02, 0.8], limitText: '0.02–0.8(限值待确认)', citation: 'GB 5749-2022 表2', grade: 'transcribed' },
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

function target(
  given: Partial<TargetView> & Pick<TargetView, 'id' | 'name' | 'nameEn' | 'kind' | 'basis' | 'window'>,
): TargetView {
  return {
    goal: given.kind === 'target' ? 100 : null,
    period: '2026',
    rate: null,
    met: 0,
    exceeded: 0,
    undetermined: 0,
    excused: 0,
    due: 0,
    capture: null,
    status: null,
    reason: null,
    provisional: true,
    note: null,
    process: null,
    ...given,
  };
}

/** Targets and indicators of the running year. */
export const targets: TargetView[] = [
  target({
    id: 'river',
    name: '南坑河五陂段水质达标率',
    nameEn: 'Nankeng river, Wupi reach',
    kind: 'target',
    basis: 'section-month',
    window: 'month',
    rate: 100,
    met: 10,
    due: 10,
    capture: 100,
    status: 'met',
    note: '5 项自动监测(非 21 项全评价)',
    process: { window: 'day', rate: 99.39, met: 324, exceeded: 2, undetermined: 1, due: 327, capture: 99.69 },
  }),
  target({
    id: 'drinking',
    name: '农村饮用水水质达标率',
    nameEn: 'Rural drinking water',
    kind: 'target',
    basis: 'sample',
    window: 'sample',
    status: 'insufficient',
    reason: '暂无化验结果',
  }),
  target({
    id: 'drinking-online',
    name: '饮用水在线指标合规时长(参考)',
    nameEn: 'Drinking water on-line',
    kind: 'indicator',
    basis: 'station-time',
    window: 'hour',
    rate: 99.99,
    met: 46_912,
    exceeded: 3,
    undetermined: 288,
    due: 47_203,
    capture: 99.38,
    note: '未计入:二氧化氯(限值待确认)',
  }),
  target({
    id: 'sewage',
    name: '污水处理厂出水达标率',
    nameEn: 'Sewage works',
    kind: 'indicator',
    basis: 'station-time',
    window: 'day',
    met: 321,
    undetermined: 327,
    due: 648,
    capture: 49.53,
    status: 'insufficient',
    reason: '未判定:有效评价比例 49.53 %,不足 90 %(金桥配套污水处理厂总排口:缺许可限值)',
  }),
  target({
    id: 'dust',
    name: '工地扬尘管理阈值符合率',
    nameEn: 'Dust at building sites',
    kind: 'indicator',
    basis: 'station-time',
    window: 'rule',
    rate: 100,
    met: 62_700,
    due: 62_784,
    undetermined: 84,
    capture: 99.86,
    note: '管理阈值,非国家标准',
  }),
];

const nh3nFinding: ComplianceAnswer['windows'][number]['findings'][number] = {
  parameter: 'nh3n',
  name: '氨氮',
  statistic: '日均值(时段均值的均值)',
  value: 1.2,
  compared: 1.2,
  unit: 'mg/L',
  limit: 1,
  limitText: '≤ 1.0',
  times: 0.2,
  outcome: 'exceeded',
  reason: null,
  valid: 6,
  total: 6,
  filled: 6,
  due: 6,
  class: 'IV',
  citation: 'GB 3838-2002',
  clause: '表1 Ⅲ类',
  grade: 'verified',
  counted: true,
};

/** The evidence behind the river's days: one exceeded, one with too little, the rest met. */
export const riverDays: ComplianceAnswer = {
  target: 'river',
  name: '南坑河五陂段水质达标率',
  kind: 'target',
  period: '2026',
  window: 'day',
  official: false,
  goal: 100,
  basis: 'station-time',
  rate: 99.39,
  met: 324,
  exceeded: 2,
  undetermined: 1,
  excused: 0,
  due: 327,
  capture: 99.69,
  status: null,
  reason: null,
  provisional: true,
  note: null,
  windows: [
    {
      station: 'nankeng-out',
      stationName: '南坑河出境断面',
      start: at('00:00', '20'),
      end: at('00:00', '21'),
      verdict: 'exceeded',
      class: 'IV',
      reason: null,
      findings: [
        nh3nFinding,
        {
          ...nh3nFinding,
          parameter: 'tp',
          name: '总磷',
          value: 0.11,
          compared: 0.11,
          limit: 0.2,
          limitText: '≤ 0.2',
          times: null,
          outcome: 'met',
          class: 'III',
        },
      ],
    },
    {
      station: 'nankeng-out',
      stationName: '南坑河出境断面',
      start: at('00:00', '21'),
      end: at('00:00', '22'),
      verdict: 'undetermined',
      class: null,
      reason: '有效数据不足',
      findings: [
        {
          ...nh3nFinding,
          value: null,
          compared: null,
          times: null,
          outcome: 'undetermined',
          reason: '有效时段不足 4 个',
          valid: 1,
          total: 3,
          filled: 1,
          class: null,
        },
      ],
    },
  ],
};

/** Active alerts: one over the limit, one warning already taken on. */
export const alerts: AlertView[] = [
  {
    id: 'a1',
    station: 'nankeng-out',
    stationName: '南坑河出境断面',
    parameter: 'nh3n',
    parameterName: '氨氮',
    unit: 'mg/L',
    rule: 'over-limit',
    kind: 'limit',
    severity: 'over',
    state: 'active',
    openedAt: at('08:40'),
    acknowledgedAt: null,
    acknowledgedBy: null,
    resolvedAt: null,
    value: 1.37,
    limit: 1,
    limitText: '≤ 1.0',
    reason: '单次测值 1.37 mg/L,超Ⅲ类限值(1.0)0.37 倍(未审核)',
    history: [{ at: at('08:40'), from: null, to: 'active', reason: '单次测值 1.37 mg/L 超过限值 1.0', by: null, note: null }],
  },
  {
    id: 'a2',
    station: 'changtan-tap',
    stationName: '长潭村末梢水监测点',
    parameter: 'cl2',
    parameterName: '游离氯',
    unit: 'mg/L',
    rule: 'over-limit',
    kind: 'limit',
    severity: 'warning',
    state: 'acknowledged',
    openedAt: at('21:10', '22'),
    acknowledgedAt: at('07:45'),
    acknowledgedBy: null,
    resolvedAt: null,
    value: 0.04,
    limit: [0.05, 2],
    limitText: '0.05–2',
    reason: '游离氯 0.04 mg/L 低于下限 0.05',
    history: [
      { at: at('21:10', '22'), from: null, to: 'active', reason: '0.04 mg/L 低于下限 0.05', by: null, note: null },
      { at: at('07:45'), from: 'active', to: 'acknowledged', reason: '签收', by: null, note: null },
    ],
  },
];

/** The site before any mail went out: the alert path is unproven. */
export const site: SiteAnswer = {
  name: '五陂镇',
  nameEn: 'Wupi',
  office: '萍乡市安源生态环境局',
  officePhone: null,
  notice: '自动监测原始数据,未经审核,仅供内部工作参考',
  user: null,
  mail: { waiting: 2, lastSentAt: null, failing: false },
};

/** A day of NH₃-N at the outflow every 20 minutes: a hole in the night, two refused values, a rise over the limit. */
export const readings: ReadingsAnswer = {
  parameter: 'nh3n',
  unit: 'mg/L',
  readings: Array.from({ length: 72 }, (_, i) => {
    const instant = Date.parse(AS_OF) - (71 - i) * 20 * 60_000;
    const rise = Math.max(0, i - 52) * 0.028;
    return {
      time: `${new Date(instant + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`,
      value: i === 30 ? 2.4 : Number((0.62 + 0.12 * Math.sin(i / 9) + rise + (i % 3) * 0.02).toFixed(2)),
      mark: i === 41 ? ('M' as const) : ('N' as const),
      quality: i === 30 ? ('fail' as const) : ('good' as const),
      checks: i === 30 ? ['spike'] : [],
      source: 'sensor' as const,
    };
  }).filter((_, i) => i < 33 || i > 38),
};

/** Mails told about the alert. */
export const notices: NoticeAnswer[] = [
  {
    id: 'n1',
    alerts: ['a1'],
    recipient: '镇环保办',
    subject: '【超限】南坑河出境断面 氨氮 1.37 mg/L,超Ⅲ类限值(1.0)0.37 倍(单次测值,未审核)11-23 08:40',
    reason: '新报警',
    state: 'waiting',
    attempts: 1,
    createdAt: at('08:40'),
    sentAt: null,
    error: 'connect ECONNREFUSED',
    text: '南坑河出境断面氨氮 1.37 mg/L,超Ⅲ类限值 1.0 mg/L 0.37 倍。\n自 08:40。',
  },
];

/** Refused payloads; one tries to be markup. */
export const rejections: RejectionsAnswer = {
  rejections: [
    {
      time: at('09:12'),
      topic: 'heqing/nankeng-mid/readings',
      station: 'nankeng-mid',
      reason: 'no-time-zone',
      detail: '"2026-11-23T09:12:00" 没有时区;应写成 2026-11-23T09:12:00+08:00',
      values: 3,
      payload: '{"time":"2026-11-23T09:12:00","values":{"ph":7.1,"x":"<script>1</script>"}}',
    },
  ],
};

/** The receipts of the day. */
export const receipts: ReceiptsAnswer = {
  date: '2026-11-23',
  stations: [
    {
      station: 'nankeng-in',
      expected: 310,
      received: 312,
      stored: 309,
      duplicate: 2,
      corrected: 1,
      rejected: 0,
      pending: 0,
      missing: [],
    },
    {
      station: 'datian-tap',
      expected: 380,
      received: 306,
      stored: 306,
      duplicate: 0,
      corrected: 0,
      rejected: 0,
      pending: 0,
      missing: [{ parameter: 'cl2', from: at('08:31'), to: at('10:30') }],
    },
  ],
  service: { received: 619, stored: 615, duplicate: 2, corrected: 1, rejected: 1, pending: 0 },
};

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
