/** What do tests of bulletins write about? October of the town's river: two sections, one of them over its limit on a day. */
import type { DayFacts, FindingFacts, MonthRate, RiverMonthFacts, WindowFacts } from '../../src/domain/bulletins/facts.js';

/** An item of a window. */
export const finding = (over: Partial<FindingFacts> = {}): FindingFacts => ({
  parameter: 'nh3n',
  name: '氨氮',
  value: 0.7125,
  compared: 0.71,
  unit: 'mg/L',
  limit: 1,
  limitText: 'Ⅲ类 ≤ 1.0',
  times: null,
  outcome: 'met',
  reason: null,
  filled: 30,
  due: 31,
  class: 'III',
  counted: true,
  ...over,
});

const PERIODS = { month: 'T00:00:00+08:00' } as const;

/** The month of a section. */
export const month = (over: Partial<WindowFacts> = {}): WindowFacts => ({
  station: 'nankeng-out',
  stationName: '南坑河出境断面',
  start: `2026-10-01${PERIODS.month}`,
  end: `2026-11-01${PERIODS.month}`,
  verdict: 'met',
  class: 'III',
  targetClass: 'III',
  reason: null,
  findings: [
    finding(),
    finding({ parameter: 'tp', name: '总磷', value: 0.142, compared: 0.14, limit: 0.2, limitText: 'Ⅲ类 ≤ 0.2' }),
    finding({ parameter: 'ph', name: 'pH', value: 7.4, compared: 7.4, unit: '', limit: [6, 9], limitText: '6–9', class: null }),
  ],
  ...over,
});

/** A day of the outflow section. */
export function day(date: string, nh3n: number): WindowFacts {
  const isOver = nh3n > 1;
  return {
    ...month(),
    start: `${date}T00:00:00+08:00`,
    end: `${date}T24:00:00+08:00`,
    verdict: isOver ? 'exceeded' : 'met',
    findings: [
      finding({
        value: nh3n,
        compared: nh3n,
        outcome: isOver ? 'exceeded' : 'met',
        times: isOver ? Number((nh3n - 1).toFixed(2)) : null,
        filled: 6,
        due: 6,
      }),
      finding({
        parameter: 'tp',
        name: '总磷',
        value: 0.1,
        compared: 0.1,
        limit: 0.2,
        limitText: 'Ⅲ类 ≤ 0.2',
        filled: 6,
        due: 6,
      }),
    ],
  };
}

/** The rate of October. */
export const rate = (over: Partial<MonthRate> = {}): MonthRate => ({
  name: '南坑河五陂段水质达标率',
  period: '2026-10',
  window: 'month',
  basis: 'section-month',
  goal: 100,
  note: '5 项自动监测(非 21 项全评价)',
  rate: 66.66,
  met: 2,
  exceeded: 1,
  undetermined: 0,
  excused: 1,
  due: 3,
  capture: 100,
  status: 'missed',
  reason: null,
  good: { rate: 66.66, good: 2, classed: 3 },
  setAside: { total: 7, over: 2 },
  excuses: [
    {
      stationName: '南坑河中段断面',
      from: '2026-10-03T00:00:00+08:00',
      to: '2026-10-05T00:00:00+08:00',
      reasonName: '断流',
      approver: '萍乡市安源生态环境局',
      document: '安环函〔2026〕12 号',
    },
  ],
  windows: [month()],
  ...over,
});

/** Everything of October; not signed. */
export const riverFacts = (over: Partial<RiverMonthFacts> = {}): RiverMonthFacts => ({
  kind: 'river-month',
  period: '2026-10',
  title: '南坑河五陂段水质月报',
  office: '萍乡市安源生态环境局',
  madeOn: '2026-11-03',
  rate: rate(),
  signed: null,
  live: null,
  lastMonth: rate({ period: '2026-09', rate: 100, met: 3, exceeded: 0, status: 'met', windows: [] }),
  lastYear: null,
  soFar: rate({ rate: 93.33, met: 28, exceeded: 2, due: 30 }),
  months: ['2026-08', '2026-09', '2026-10'],
  signedMonths: ['2026-08', '2026-09'],
  decimals: { nh3n: 2, tp: 3, ph: 2, do: 2, turb: 2 },
  reviewed: { due: 62, first: 3, second: 31 },
  sections: [
    {
      name: '南坑河入境断面',
      role: 'inflow',
      targetClass: 'III',
      month: month({ stationName: '南坑河入境断面', class: 'II' }),
      lastMonth: 'II',
      lastYear: null,
      isCorrected: false,
    },
    {
      name: '南坑河出境断面',
      role: 'assessed',
      targetClass: 'III',
      month: month({
        verdict: 'exceeded',
        class: 'IV',
        mainItems: [{ text: '氨氮(0.37)' }],
        findings: [
          finding({ value: 1.3691, compared: 1.37, times: 0.37, outcome: 'exceeded', class: 'IV' }),
          finding({ parameter: 'tp', name: '总磷', value: 0.142, compared: 0.14, limit: 0.2, limitText: 'Ⅲ类 ≤ 0.2' }),
        ],
      }),
      lastMonth: 'III',
      lastYear: null,
      isCorrected: false,
    },
  ],
  days: Array.from({ length: 31 }, (_, i) =>
    day(`2026-10-${String(i + 1).padStart(2, '0')}`, i === 13 ? 1.37 : 0.6 + (i % 7) / 20),
  ),
  signedDays: null,
  data: [
    { name: '南坑河入境断面', expected: 1674, arrived: 1670, valid: 1655 },
    { name: '南坑河出境断面', expected: 1674, arrived: 1500, valid: 1490 },
  ],
  takenOut: [
    {
      ...{
        stationName: '南坑河出境断面',
        items: ['氨氮', '总磷'],
        from: '2026-10-12T08:00:00+08:00',
        to: '2026-10-12T12:00:00+08:00',
      },
      ...{ outcome: '无效', reason: '设备故障,探头脱落(审核 7)', by: 'officer', readings: { total: 4, over: 2 } },
    },
    {
      ...{ stationName: '南坑河入境断面', items: null, from: '2026-10-20T09:00:00+08:00', to: null },
      ...{ outcome: '维护', reason: '更换试剂(维护记录 3)', by: '运维单位(worker 录入)', readings: { total: 3, over: 0 } },
    },
  ],
  alerts: {
    opened: [
      {
        openedAt: '2026-10-14T08:00:00+08:00',
        subjectName: '南坑河出境断面',
        parameterName: '氨氮',
        severity: 'over',
        state: 'resolved',
        reason: '单次测值 1.37 mg/L 超过Ⅲ类限值 1.0',
      },
    ],
    standing: 0,
  },
  cases: {
    cases: [
      {
        number: '2026-0012',
        subjectName: '南坑河出境断面',
        what: '单次测值 1.37 mg/L 超过Ⅲ类限值 1.0',
        toName: '长潭村村级河长',
        openedAt: '2026-10-14T09:00:00+08:00',
        closedAt: null,
        until: '2026-10-20T18:00:00+08:00',
        state: 'mending',
        overdue: true,
      },
    ],
    opened: 1,
    closed: 0,
    overdue: 1,
  },
  comparisons: [
    { stationName: '南坑河出境断面', parameterName: '氨氮', date: '2026-10-05', passed: true, due: false },
    { stationName: '南坑河出境断面', parameterName: '总磷', date: null, passed: null, due: true },
  ],
  ...over,
});

/** A day's arrivals of two stations, one of which was silent at night. */
export const dayFacts = (over: Partial<DayFacts> = {}): DayFacts => ({
  kind: 'day',
  period: '2026-11-22',
  title: '数据到报日报',
  office: '萍乡市安源生态环境局',
  madeOn: '2026-11-23',
  stations: [
    {
      name: '南坑河入境断面',
      expected: 54,
      arrived: 54,
      valid: 53,
      stored: 54,
      duplicate: 2,
      corrected: 1,
      rejected: 0,
      pending: 0,
      missing: [],
    },
    {
      name: '大田村末梢水监测点',
      ...{ expected: 288, arrived: 280, valid: 280, stored: 280, duplicate: 0, corrected: 0, rejected: 3, pending: 0 },
      missing: [{ parameter: '余氯', from: '2026-11-22T02:00:00+08:00', to: '2026-11-22T04:00:00+08:00', values: 8 }],
    },
  ],
  service: { received: 340, stored: 334, rejected: 3 },
  alerts: { opened: [], standing: 1 },
  cases: { cases: [], opened: 0, closed: 0, overdue: 0 },
  ...over,
});
