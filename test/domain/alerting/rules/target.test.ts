/** When is a target lost, out of reach, or only just within it? */
import { describe, expect, test } from '@jest/globals';
import { type MonthItem, target, type TargetStanding } from '../../../../src/domain/alerting/rules/target.js';
import { at } from '../../../support/wupi.js';

const rule = { id: 'target', kind: 'target', margin: 1.15 } as const;
const now = at('2026-11-23 00:05');
const item = (over: Partial<MonthItem> = {}): MonthItem => ({
  stationName: '出境断面',
  name: '氨氮',
  unit: 'mg/L',
  mean: 0.97,
  days: 22,
  limit: 1,
  limitText: '≤ 1.0',
  low: null,
  high: '1.09',
  possible: true,
  ...over,
});
const river = (over: Partial<TargetStanding> = {}): TargetStanding => ({
  name: { zh: '南坑河五陂段水质达标率', en: 'River target' },
  goal: 100,
  period: '2026',
  status: 'met',
  exceeded: 0,
  byMonth: true,
  month: '2026-11',
  daysLeft: 8,
  items: [item()],
  alert: null,
  ...over,
});
const oxygen = (mean: number, low: string | null): MonthItem =>
  item({ name: '溶解氧', mean, limit: 5, limitText: '≥ 5', low, high: null });
const ph = (mean: number, low: string, high: string): MonthItem =>
  item({ name: 'pH', unit: '', mean, limit: [6, 9], limitText: '6–9', low, high });

describe('what it says', () => {
  test.each<[string, Partial<TargetStanding>, string]>([
    ['easily', { items: [item({ mean: 0.71, high: '1.79' })] }, 'clear'],
    ['only just', {}, 'warning'],
    ['hardly easier: neither', { items: [item({ mean: 0.93, high: '1.10' })] }, 'nothing'],
    ['the mean so far is over, and can still be brought down', { items: [item({ mean: 1.1, high: '0.72' })] }, 'warning'],
    ['out of reach', { items: [item({ mean: 1.5, high: null, possible: false })] }, 'over'],
    ['out of reach goes before only just', { items: [item(), item({ mean: 1.5, high: null, possible: false })] }, 'over'],
    ['two days say little', { items: [item({ days: 2, mean: 1.1, high: '0.99' })] }, 'clear'],
    ['no day yet: the last month may not be judged', { items: [] }, 'nothing'],
    ['missed', { status: 'missed', exceeded: 1 }, 'severe'],
    ['missed, on the first of a month', { status: 'missed', items: [] }, 'severe'],
    ['samples that are met', { byMonth: false, items: [] }, 'clear'],
    ['insufficient is not lost', { status: 'insufficient', byMonth: false, items: [] }, 'clear'],
    ['oxygen enough', { items: [oxygen(7, '0.5')] }, 'clear'],
    ['oxygen only just', { items: [oxygen(5.1, '4.8')] }, 'warning'],
    ['oxygen sure already', { items: [oxygen(7, null)] }, 'clear'],
    ['an ordinary pH, near to the limit by share and far by distance', { items: [ph(7.9, '1.00', '10.00')] }, 'clear'],
    ['an alkaline pH', { items: [ph(8.9, '3.00', '9.10')] }, 'warning'],
    ['an acid pH', { items: [ph(6.1, '5.90', '12.00')] }, 'warning'],
    ['nothing of it in the water', { items: [item({ mean: 0, high: '3.75' })] }, 'clear'],
  ])('%s', (_, over, expected) => {
    const signal = target(river(over), rule, now);
    expect(signal.says === 'firing' ? signal.severity : signal.says).toBe(expected);
  });
});

describe('in words', () => {
  const zh = (over: Partial<TargetStanding>): string => {
    const signal = target(river(over), rule, now);
    return signal.says === 'nothing' ? '' : signal.reason.zh;
  };
  test.each<[string, Partial<TargetStanding>, string]>([
    ['only just', {}, '南坑河五陂段水质达标率 本月接近不能达标:出境断面 本月氨氮均值 0.97 mg/L(22 天),剩 8 天日均须 ≤ 1.09 mg/L'],
    [
      'out of reach',
      { items: [item({ mean: 1.5, high: null, possible: false })] },
      '南坑河五陂段水质达标率 本月已不能达标:出境断面 本月氨氮均值 1.5 mg/L(22 天),剩 8 天无论如何,月均都超出限值 ≤ 1.0',
    ],
    [
      'missed',
      { status: 'missed', exceeded: 1 },
      '南坑河五陂段水质达标率 目标已失:2026 年已超标 1 次,无论以后如何都达不到 100 %',
    ],
    [
      'easily',
      { items: [item({ mean: 0.71, high: '1.79' })], alert: { month: '2026-11', ofYear: false } },
      '恢复到可实现范围,余下各日正常即可达标',
    ],
    [
      'a month that has ended, and another that begins well',
      { items: [item({ mean: 0.71, high: '1.79' })], alert: { month: '2026-10', ofYear: false } },
      '10 月已结束,本月余下各日正常即可达标',
    ],
    [
      'a lost year that is corrected',
      { items: [item({ mean: 0.71, high: '1.79' })], alert: { month: '2026-10', ofYear: true } },
      '恢复到可实现范围,余下各日正常即可达标',
    ],
    [
      'a lost year that has ended, before the first day of the next is judged',
      { period: '2027', month: '2027-01', status: 'insufficient', items: [], alert: { month: '2026-11', ofYear: true } },
      '2026 年已结束,2027 年重新计算',
    ],
    [
      'a year that has ended, of samples',
      {
        period: '2027',
        month: null,
        status: 'insufficient',
        byMonth: false,
        items: [],
        alert: { month: '2026-03', ofYear: true },
      },
      '2026 年已结束,2027 年重新计算',
    ],
  ])('%s', (_, over, expected) => expect(zh(over)).toBe(expected));
});
