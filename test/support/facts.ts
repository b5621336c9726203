/** What do tests tell in mails? Alerts of every kind at the stations of the shipped config. */
import type { Alert, AlertKind } from '../../src/domain/alerting/alert.js';
import type { Point } from '../../src/domain/alerting/chart.js';
import type { Facts } from '../../src/domain/alerting/facts.js';
import type { Change, Happening } from '../../src/domain/alerting/signal.js';
import { HOUR, type Instant } from '../../src/domain/time.js';
import { at, station, wupi } from './wupi.js';

export const T0 = at('2026-11-23 08:00');

/** NH₃-N at the outflow: 1.37 over 1.0. */
export const alert = (over: Partial<Alert> = {}): Alert => ({
  id: 'A-1123-0007',
  subject: 'nankeng-out',
  station: 'nankeng-out',
  parameter: 'nh3n',
  rule: 'limit',
  kind: 'limit',
  severity: 'over',
  state: 'active',
  openedAt: T0,
  acknowledgedAt: null,
  acknowledgedBy: null,
  resolvedAt: null,
  value: 1.37,
  passed: {
    number: 1,
    text: '≤ 1.0',
    name: { zh: 'Ⅲ类限值', en: 'class III limit' },
    isLower: false,
    citation: 'GB 3838-2002 表1 Ⅲ类',
    isCertain: true,
    times: '0.37',
  },
  isUnconfirmed: false,
  reason: { zh: '单次测值 1.37 mg/L 超过限值 1.0', en: 'a single value of 1.37 mg/L is over the limit 1.0' },
  history: [{ at: T0, from: null, to: 'active', reason: '单次测值 1.37 mg/L 超过限值 1.0', by: null, note: null }],
  ...over,
});

/** Hourly values of the day before `to`: a night at `low`, then up to `high`. */
export const day = (to: Instant, low: number, high: number): Point[] =>
  Array.from({ length: 25 }, (_, i) => ({
    time: to - (24 - i) * HOUR,
    value: Number((low + (high - low) * Math.max(0, (i - 18) / 6) ** 2 + 0.04 * low * Math.sin(i)).toFixed(2)),
  }));

/** Facts about an alert: opened at its station, with everything known. */
export function facts(
  of: Alert = alert(),
  over: Partial<Facts> = {},
  what: Happening = 'opened',
  changedAt: Instant = T0,
): Facts {
  const change: Change = { what, alert: of, at: changedAt };
  return {
    site: wupi,
    now: changedAt,
    change,
    why: what,
    station: of.station === null ? null : station(of.station),
    parameter: of.parameter === null ? null : (wupi.parameters.get(of.parameter) ?? null),
    recent:
      of.value === null || of.parameter === null
        ? []
        : [...day(changedAt, of.value * 0.4, of.value)].slice(0, 24).concat({ time: changedAt, value: of.value }),
    upstream:
      of.kind === 'limit' && of.station === 'nankeng-out'
        ? { name: { zh: '南坑河入境断面', en: 'Nankeng River inflow section' }, value: 0.31, time: T0 }
        : null,
    previous: at('2026-10-02 14:00'),
    link: 'https://heqing.example.org/?alert=A-1123-0007',
    buttons: {
      known: 'https://heqing.example.org/ack/known-token',
      dispatch: 'https://heqing.example.org/ack/dispatch-token',
    },
    onDuty: [{ name: { zh: '值班员', en: 'Officer on duty' }, phone: '0799-0000000' }],
    likely: { zh: '更像水质变化:同站化学需氧量同时上升', en: 'rather the water: other items of the station rise too' },
    whyYou: { zh: '您是 11-23 的值班员', en: 'you are on duty on 11-23' },
    ...over,
  };
}

/** An alert of a kind, as its rule would put it. */
export function ofKind(kind: AlertKind): Alert {
  const none = { value: null, passed: null } as const;
  switch (kind) {
    case 'limit':
      return alert();
    case 'trend':
      return alert({
        kind,
        rule: 'trend',
        severity: 'warning',
        value: 0.86,
        reason: {
          zh: '约 4–12 小时内可能超限:近 6 次测值 0.62 → 0.86 mg/L,Ⅲ类限值 ≤ 1.0',
          en: 'may be over the limit in about 4–12 h: the last 6 values 0.62 → 0.86 mg/L, class III limit ≤ 1.0',
        },
      });
    case 'verdict':
      return alert({
        kind,
        rule: 'verdict',
        reason: {
          zh: '11-22 日评价超标:日均 1.12 mg/L,Ⅲ类限值 ≤ 1.0',
          en: 'day 11-22 exceeded: mean 1.12 mg/L, class III limit ≤ 1.0',
        },
        ended: { zh: '11-23 达标(11-22 仍为超标)', en: '11-23: met (11-22 remains exceeded)' },
      });
    case 'target':
      return alert({
        ...none,
        kind,
        subject: `target:${wupi.targets[0]!.id}`,
        station: null,
        rule: 'target',
        severity: 'warning',
        reason: {
          zh: '11 月只差一点:剩 8 天日均须 ≤ 1.05 mg/L',
          en: 'November is close: the 8 days left must stay at ≤ 1.05 mg/L',
        },
      });
    case 'no-data':
      return alert({
        ...none,
        kind,
        subject: 'changtan-tap',
        station: 'changtan-tap',
        parameter: null,
        rule: 'no-data',
        severity: 'warning',
        reason: { zh: '2 小时没有数据,上次 11-23 06:00', en: 'no data for 2 h, last 11-23 06:00' },
      });
    case 'sensor':
      return alert({
        kind,
        rule: 'sensor',
        severity: 'warning',
        value: 0.42,
        passed: null,
        reason: { zh: '连续 6 小时数值不变,可能卡滞', en: 'no change for 6 h, it may be stuck' },
      });
    case 'upstream':
      return alert({
        kind,
        rule: 'upstream',
        severity: 'warning',
        value: 1.2,
        reason: {
          zh: '上游来水:南坑河入境断面 氨氮 超限 1.20 mg/L,按流速约 3 小时后到达',
          en: 'from upstream: Nankeng River inflow section is over at 1.20 mg/L; the water arrives in about 3 h',
        },
      });
    case 'regional':
      return alert({
        ...none,
        kind,
        subject: 'region:pm10',
        station: null,
        parameter: 'pm10',
        rule: 'regional',
        severity: 'warning',
        reason: {
          zh: 'PM10 区域性升高:5 个站中 4 个同时升高,小时均值中位 62 → 148 µg/m³',
          en: 'PM10 rises in the region: 4 of 5 stations, median of hourly means 62 → 148 µg/m³',
        },
      });
    case 'rain':
      return alert({
        ...none,
        kind,
        subject: `reach:${[...wupi.reaches.keys()][0]!}`,
        station: null,
        parameter: null,
        rule: 'rain',
        severity: 'warning',
        reason: {
          zh: '雨后水质波动(6 小时降雨 18 mm):出境断面 浊度 82 NTU;出境断面 总磷 0.24 mg/L',
          en: 'unsettled after rain (18 mm in 6 h): outflow turbidity 82 NTU; outflow TP 0.24 mg/L',
        },
      });
    case 'service':
      return alert({
        ...none,
        kind,
        subject: 'service',
        station: null,
        parameter: null,
        rule: 'service',
        severity: 'over',
        reason: {
          zh: '归档中断 30 分钟:InfluxDB 不可达,数据已保存待写',
          en: 'the archive is away for 30 min: InfluxDB cannot be reached, data are kept',
        },
      });
  }
}
