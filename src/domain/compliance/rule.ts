/** How are the windows of a dust rule judged? */
import type Big from 'big.js';
import type { Site } from '../site.js';
import { limitsAt } from '../standards/bind.js';
import type { DustRule, Station } from '../station.js';
import { MINUTE, type Window } from '../time.js';
import { cadenceOf, type ReadingsOf } from './assess.js';
import { nameOf } from './items.js';
import { partsOf, type Statistic, windowMean } from './statistic.js';
import { type Item, judge, type Verdict } from './verdict.js';

/**
 * The verdicts of a dust rule's own windows over one day: a window is over when its mean, less the background's, passes
 * the threshold; it is 超标 once the day has had more of them than the rule allows (管理阈值, design §5). Without the
 * background's value only what is within in full is within, the rest is in doubt. Above the rule's humidity an optical
 * instrument reads droplets as dust: the window says so, its verdict stands. What `isExcused` (不参评) uses up no allowance.
 */
export function assessRule(
  site: Site,
  station: Station,
  rule: DustRule,
  day: Window,
  own: ReadingsOf,
  background: ReadingsOf | null,
  isExcused: (window: Window) => boolean,
): Verdict[] {
  const length = rule.windowMinutes * MINUTE;
  const verdicts: Verdict[] = [];
  let over = 0;
  for (let start = day.start; start < day.end; start += length) {
    const window: Window = { kind: 'rule', start, end: start + length };
    const verdict = ruleWindow(site, station, rule, window, own, background);
    const allowed = verdict.verdict === 'exceeded' && !isExcused(window) && ++over <= rule.allowedPerDay;
    const met = { ...verdict, verdict: 'met', reason: `当日允许超过 ${rule.allowedPerDay} 次,本次为第 ${over} 次` } as const;
    verdicts.push(withHumidity(allowed ? met : verdict, rule, meanIn(site, station, 'humidity', window, own).mean));
  }
  return verdicts;
}

/** One window by itself, before the day's allowance. */
function ruleWindow(
  site: Site,
  station: Station,
  rule: DustRule,
  window: Window,
  own: ReadingsOf,
  background: ReadingsOf | null,
): Verdict {
  const { parameter } = rule;
  const gross = meanIn(site, station, parameter, window, own);
  const other = site.stations.get(rule.background ?? '') ?? station;
  const behind = background === null ? null : meanIn(site, other, parameter, window, background);
  const base = behind?.enough ? behind.mean : null;
  const net: Statistic = { ...gross, mean: gross.mean?.minus(base ?? 0) ?? null };
  const item: Item = {
    parameter,
    name: nameOf(site, parameter),
    statistic: 'rule-mean',
    upper: net,
    other: net,
    limits: limitsAt(station, parameter, []).filter((limit) => limit.high === rule.limit),
    doubt: null,
    uncounted: null,
    class: null,
    classIII: null,
    temperature: null,
  };
  const verdict = judge(station.id, window, [item], [], null);
  return background !== null && base === null && verdict.verdict === 'exceeded' ? inDoubt(verdict, '缺背景值') : verdict;
}

/** The mean of a parameter of a station in a rule's window; one measured more slowly than that has one value due. */
function meanIn(site: Site, station: Station, parameter: string, window: Window, readings: ReadingsOf): Statistic {
  const minutes = (window.end - window.start) / MINUTE;
  return windowMean(
    readings(parameter).filter((r) => r.time >= window.start && r.time < window.end),
    window,
    partsOf(window, cadenceOf(station, parameter, minutes), site.judging.get(station.medium)!),
    'arithmetic',
    'upper',
  );
}

const inDoubt = (verdict: Verdict, reason: string): Verdict => ({
  ...verdict,
  verdict: 'undetermined',
  reason,
  findings: verdict.findings.map((f) => ({ ...f, outcome: 'undetermined', reason, times: null })),
});

/** Says that it was too humid, where it was. */
function withHumidity(verdict: Verdict, rule: DustRule, humidity: Big | null): Verdict {
  if (humidity === null || humidity.lte(rule.humidity)) return verdict;
  const doubt = `相对湿度 ${humidity.round(0).toString()} % 高于 ${rule.humidity} %,光散射测值存疑`;
  return { ...verdict, reason: verdict.reason === null ? doubt : `${verdict.reason};${doubt}` };
}
