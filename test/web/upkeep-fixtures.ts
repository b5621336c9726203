/** What do tests of upkeep and duty show where no service stands behind the page? */
import type { DutyAnswer, HandoversAnswer } from '../../src/adapters/http/contract/handover.js';
import type { ComparisonsAnswer, UpkeepAnswer } from '../../src/adapters/http/contract/upkeep.js';
import { AS_OF } from './station-fixtures.js';

const NH3N = {
  ...{ station: 'nankeng-out', stationName: '南坑河出境断面', stationNameEn: 'Nankeng River, outflow section' },
  ...{ parameter: 'nh3n', name: '氨氮', nameEn: 'Ammonia nitrogen', unit: 'mg/L', decimals: 2 },
};
const RULE = { citation: 'HJ 915-2017 实际水样比对', grade: 'transcribed' as const };
const agreed = {
  rule: { zh: '相对误差 ≤ 30 %', en: 'relative error ≤ 30 %' },
  error: { zh: '相对误差 15.4 %', en: 'relative error 15.4 %' },
};

export const upkeepPlan: UpkeepAnswer = {
  asOf: AS_OF,
  counts: { never: 1, overdue: 1, due: 0, soon: 1, later: 0 },
  stations: [
    {
      ...{ station: 'nankeng-out', name: '南坑河出境断面', nameEn: 'Nankeng River, outflow section', village: '长潭村' },
      open: true,
      tasks: [
        {
          ...{ task: 'cleaning', name: '清洗', nameEn: 'cleaning', everyDays: 7 },
          ...{ last: '2026-11-13', due: '2026-11-20', days: -3, state: 'overdue' },
        },
        {
          ...{ task: 'reagent', name: '试剂', nameEn: 'reagents', everyDays: 28 },
          ...{ last: null, due: null, days: null, state: 'never' },
        },
        {
          ...{ task: 'calibration', name: '校准', nameEn: 'calibration', everyDays: 14 },
          ...{ last: '2026-11-13', due: '2026-11-27', days: 4, state: 'soon' },
        },
      ],
    },
  ],
};

export const comparisons: ComparisonsAnswer = {
  asOf: AS_OF,
  dueDays: 60,
  comparisons: [
    {
      ...NH3N,
      ...{
        id: '1',
        time: '2026-11-05T10:00:00+08:00',
        laboratory: 0.52,
        sensor: 0.6,
        readings: 1,
        passed: true,
        ...agreed,
        ...RULE,
      },
      ...{ note: '委托监测', by: 'officer', at: AS_OF, withdrawn: null },
    },
  ],
  series: [{ ...NH3N, comparison: { date: '2026-11-05', passed: true, due: false }, ...RULE }],
  offered: [
    {
      ...NH3N,
      ...{ time: '2026-11-20T10:00:00+08:00', laboratory: 0.7, detection: null, sensor: 0.81, readings: 1 },
      agreement: { passed: true, ...agreed },
    },
  ],
};

const [a, b] = [
  { id: 'duty-a', name: '值班员甲', nameEn: 'Duty officer A', phone: '0799-0000001' },
  { id: 'duty-b', name: '值班员乙', nameEn: 'Duty officer B', phone: null },
];

export const duty: DutyAnswer = {
  asOf: AS_OF,
  today: '2026-11-23',
  onDuty: [a],
  handoverBy: '09:00',
  missing: { turn: '2026-11-23', words: { zh: '未交接:11-23 值班员乙 → 值班员甲', en: 'not handed over: 11-23' } },
  days: Array.from({ length: 35 }, (_, i) => {
    const date = new Date(Date.parse('2026-11-23T00:00:00Z') + i * 86_400_000).toISOString().slice(0, 10);
    const isOff = i % 7 > 4;
    const people = [{ ...(Math.floor(i / 7) % 2 === 0 ? a : b), instead: null }];
    return { date, people, isWorked: !isOff, holiday: null, isMakeUp: false, isTurn: i % 7 === 0 };
  }),
};

const item = {
  kind: 'alert' as const,
  words: { zh: '南坑河出境断面 氨氮:单次测值 1.37 mg/L 超过限值 1.0,未签收', en: 'Outflow section: 1.37 mg/L, not acknowledged' },
  link: '/alerts/a1',
  since: AS_OF,
};

export const handovers: HandoversAnswer = {
  asOf: AS_OF,
  pending: { date: '2026-11-23', from: [b], to: [a], state: 'missing', isEarly: false },
  people: [a, b],
  open: [item],
  handovers: [
    {
      ...{ id: '2', turn: '2026-11-23', from: b, to: a, by: 'bert', at: AS_OF, note: '夜里有雨', items: [item] },
      ...{ taken: null, state: 'waiting' },
    },
  ],
};
