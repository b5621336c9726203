/** What else does the service answer that day? Rates, evidence, alerts, notices, and what was refused. */
import type {
  AlertView,
  NoticeAnswer,
  ReadingsAnswer,
  ReceiptsAnswer,
  RejectionsAnswer,
  SiteAnswer,
} from '../../src/adapters/http/contract.js';
import type { PathAnswer } from '../../src/adapters/http/contract-path.js';
import type { ComplianceAnswer, TargetView } from '../../src/adapters/http/contract-compliance.js';
import { AS_OF, at } from './station-fixtures.js';

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
    good: null,
    lastYear: null,
    left: { mayFail: null, month: null, daysLeft: null, items: [], nearest: null },
    ...given,
  };
}

/** The item of the river that is nearest to its limit this month. */
const limitItem = {
  station: 'nankeng-out',
  stationName: '南坑河出境断面',
  parameter: 'nh3n',
  name: '氨氮',
  unit: 'mg/L',
  mean: 0.71,
  limit: 1,
  limitText: '≤ 1.0',
  used: 71,
};

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
    left: {
      mayFail: 0,
      month: '2026-11',
      daysLeft: 8,
      items: [
        {
          ...limitItem,
          parameter: 'tp',
          name: '总磷',
          mean: 0.071,
          limit: 0.2,
          limitText: '≤ 0.2',
          used: 35.5,
          days: 22,
          low: null,
          high: '0.55',
          possible: true,
          reason: null,
        },
        { ...limitItem, days: 22, low: null, high: '1.79', possible: true, reason: null },
      ],
      nearest: limitItem,
    },
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
    left: {
      mayFail: null,
      month: null,
      daysLeft: null,
      items: [],
      nearest: {
        station: 'changtan-tap',
        stationName: '长潭村末梢水监测点',
        parameter: 'cl2',
        name: '游离氯',
        unit: 'mg/L',
        mean: 0.08,
        limit: 0.05,
        limitText: '≥ 0.05',
        used: 62.5,
      },
    },
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

export const nh3nFinding: ComplianceAnswer['windows'][number]['findings'][number] = {
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
  nameEn: 'Nankeng river, Wupi reach',
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
  part: null,
  parts: { villages: [], reaches: [], chiefs: [], stations: [] },
  windowsOf: ['month', 'day'],
  minCapture: 90,
  setAside: { total: 0, over: 0, maintenance: 0, review: 0 },
  good: { rate: 100, good: 326, classed: 326 },
  lastYear: null,
  left: null,
  excuses: [],
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
    subject: 'nankeng-out',
    subjectName: '南坑河出境断面',
    subjectNameEn: 'Nankeng River, outflow section',
    station: 'nankeng-out',
    stationName: '南坑河出境断面',
    parameter: 'nh3n',
    parameterName: '氨氮',
    parameterNameEn: 'ammonia nitrogen',
    unit: 'mg/L',
    rule: 'over-limit',
    kind: 'limit',
    severity: 'over',
    state: 'active',
    unconfirmed: false,
    openedAt: at('08:40'),
    acknowledgedAt: null,
    acknowledgedBy: null,
    resolvedAt: null,
    value: 1.37,
    limit: 1,
    limitText: '≤ 1.0',
    citation: 'GB 3838-2002 表1 Ⅲ类',
    reason: '单次测值 1.37 mg/L,超Ⅲ类限值(1.0)0.37 倍(未审核)',
    reasonEn: 'single value 1.37 mg/L, over the limit',
    history: [{ at: at('08:40'), from: null, to: 'active', reason: '单次测值 1.37 mg/L 超过限值 1.0', by: null, note: null }],
  },
  {
    id: 'a2',
    subject: 'changtan-tap',
    subjectName: '长潭村末梢水监测点',
    subjectNameEn: 'Changtan village, tap',
    station: 'changtan-tap',
    stationName: '长潭村末梢水监测点',
    parameter: 'cl2',
    parameterName: '游离氯',
    parameterNameEn: 'free chlorine',
    unit: 'mg/L',
    rule: 'over-limit',
    kind: 'limit',
    severity: 'warning',
    state: 'acknowledged',
    unconfirmed: false,
    openedAt: at('21:10', '22'),
    acknowledgedAt: at('07:45'),
    acknowledgedBy: null,
    resolvedAt: null,
    value: 0.04,
    limit: [0.05, 2],
    limitText: '0.05–2',
    citation: 'GB 5749-2022 表2',
    reason: '游离氯 0.04 mg/L 低于下限 0.05',
    reasonEn: 'free chlorine 0.04 mg/L, under the lower limit of 0.05',
    history: [
      { at: at('21:10', '22'), from: null, to: 'active', reason: '0.04 mg/L 低于下限 0.05', by: null, note: null },
      { at: at('07:45'), from: 'active', to: 'acknowledged', reason: '签收', by: null, note: null },
    ],
  },
];

/** Nobody has confirmed a test mail yet. */
export const path: PathAnswer = {
  ...{ state: 'unproven', since: '2026-11-23T07:00:00+08:00', lastConfirmedAt: null },
  words: { zh: '预警通道未验证:还没有人确认过测试邮件', en: 'alert path unproven: nobody has confirmed a test mail yet' },
};

/** The site before any mail went out: the alert path is unproven. */
export const site: SiteAnswer = {
  name: '五陂镇',
  nameEn: 'Wupi',
  office: '萍乡市安源生态环境局',
  officePhone: null,
  notice: '自动监测原始数据,未经审核,仅供内部工作参考',
  user: null,
  mail: { waiting: 2, lastSentAt: null, failing: false },
  paused: null,
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
      valid: 308,
      missing: [],
      missingMessages: 0,
      gaps: [],
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
      valid: 306,
      missing: [{ parameter: 'cl2', from: at('08:31'), to: at('10:30') }],
      missingMessages: 24,
      gaps: [{ first: 1205, last: 1228, messages: 24, after: at('08:31'), before: at('10:30') }],
    },
  ],
  service: { received: 619, stored: 615, duplicate: 2, corrected: 1, rejected: 1, pending: 0 },
};
