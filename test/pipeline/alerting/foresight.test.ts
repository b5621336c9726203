/** Do the rounds of trend, upstream, rain and regional open, hold back and end what they should, on real stores? */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { SqliteAlertStore } from '../../../src/adapters/sqlite/alert-store.js';
import { Database } from '../../../src/adapters/sqlite/database.js';
import { SqliteWorkingSet } from '../../../src/adapters/sqlite/working-set.js';
import type { Alert, Subject } from '../../../src/domain/alerting/alert.js';
import { passedOf } from '../../../src/domain/alerting/passed.js';
import type { Signal } from '../../../src/domain/alerting/signal.js';
import type { JudgedReading } from '../../../src/domain/reading.js';
import type { Site } from '../../../src/domain/site.js';
import { DAY, HOUR, type Instant, MINUTE } from '../../../src/domain/time.js';
import { Episodes } from '../../../src/pipeline/alerting/episodes.js';
import { TrendRound, UpstreamRound } from '../../../src/pipeline/alerting/foresight.js';
import { MomentaryCheck } from '../../../src/pipeline/judging/momentary.js';
import { Outlook } from '../../../src/pipeline/alerting/outlook.js';
import type { Said } from '../../../src/pipeline/alerting/vigil.js';
import { RainContext, RegionalRound, Suppression } from '../../../src/pipeline/alerting/weather.js';
import { at, limit, reading, series, wupi } from '../../support/wupi.js';

const NOW = at('2026-11-23 08:00');
const trendRule = { id: 'trend', kind: 'trend', parameters: ['nh3n', 'tp'], days: 7, measurements: 5, horizonHours: 12 } as const;
const upstreamRule = { id: 'upstream', kind: 'upstream', afterHours: 6 } as const;
const rainRule = {
  id: 'rain',
  kind: 'rain',
  gauge: 'rain',
  mm: 10,
  hours: 6,
  afterHours: 24,
  parameters: ['turb', 'tp', 'codmn'],
} as const;
const regionalRule = {
  id: 'regional',
  kind: 'regional',
  media: ['dust', 'air'],
  parameters: ['pm10'],
  stations: 3,
  share: 0.8,
  rise: 1.5,
  hours: 6,
} as const;
const site: Site = {
  ...wupi,
  reaches: new Map([...wupi.reaches].map(([id, reach]) => [id, { ...reach, travelHours: 5 }])),
};

let database: Database;
let workingSet: SqliteWorkingSet;
let alerts: SqliteAlertStore;
let episodes: Episodes;
let check: MomentaryCheck;
let outlook: Outlook;
let rain: RainContext;
let suppression: Suppression;

function openUp(): void {
  alerts = new SqliteAlertStore(database);
  episodes = new Episodes(alerts, { openings: 3, hours: 24, holdMinutes: 30 });
  check = new MomentaryCheck(site, workingSet);
  outlook = new Outlook(workingSet, 8);
  rain = new RainContext(site, rainRule, outlook, workingSet, check, episodes);
  suppression = new Suppression(site, episodes, rain);
}
beforeEach(() => {
  database = new Database(':memory:');
  workingSet = new SqliteWorkingSet(database, false);
  openUp();
});
afterEach(() => database.close());

const keep = (...readings: readonly JudgedReading[]): void =>
  database.transact(() => {
    for (const r of readings.toSorted((a, b) => a.time - b.time)) workingSet.settle(r);
    workingSet.flush();
  });
/** Runs a round, and says what changed: `opened nankeng-out nh3n`. */
const run = (round: { signals(now: Instant): Iterable<Said> }, now: Instant): string[] =>
  database.transact(() =>
    [...round.signals(now)].flatMap(({ subject, signal, arrivedAt }) => {
      const change = episodes.apply(subject, signal, now, arrivedAt ?? now);
      return change === null ? [] : [`${change.what} ${change.alert.subject} ${change.alert.parameter ?? '-'}`];
    }),
  );
const limitAlert = (station: string, parameter: string): Subject => ({
  subject: station,
  station,
  parameter,
  rule: 'limit',
  kind: 'limit',
});
const firing = (value: number, when: Instant, severity: Alert['severity'] = 'over'): Signal => ({
  says: 'firing',
  at: when,
  severity,
  value,
  passed: passedOf(limit()),
  reason: { zh: '超限', en: 'over' },
});
const back = (when: Instant): Signal => ({ says: 'clear', at: when, reason: { zh: '恢复', en: 'back' } });
const apply = (subject: Subject, signal: Signal, now: Instant): void =>
  void database.transact(() => episodes.apply(subject, signal, now, now));
const standing = (kind: Alert['kind']): Alert[] => episodes.list().filter((alert) => alert.kind === kind);

describe('trend', () => {
  const round = () =>
    new TrendRound(site, trendRule, outlook, workingSet, check, episodes, (s, p, now) => rain.isStirred(s, p, now));

  test('opens hours before, says nothing twice, and gives way to 超限', () => {
    keep(
      ...series(
        'nankeng-out',
        'nh3n',
        NOW - 7 * DAY,
        HOUR,
        Array.from({ length: 168 }, (_, i) => 0.4 + 0.01 * (i % 3)),
      ),
    );
    const trends = round();
    const said: string[] = [];
    for (let h = 0; h < 14; h++) {
      const now = NOW + h * HOUR;
      keep(reading({ time: now, value: 0.42 + 0.05 * h }));
      said.push(...run(trends, now + MINUTE).map((text) => `${h} ${text}`), ...run(trends, now + 20 * MINUTE));
    }
    expect(said).toEqual([expect.stringMatching(/^[3-7] opened nankeng-out nh3n$/), '12 resolved nankeng-out nh3n']);
  });

  test('a series without a limit, and one out of scope, is not asked', () => {
    const steep = Array.from({ length: 168 }, (_, i) => (i < 160 ? 0.4 : 0.4 + 0.06 * (i - 160)));
    keep(
      ...series('nankeng-out', 'tn', NOW - 7 * DAY, HOUR, steep),
      ...series('nankeng-out', 'codmn', NOW - 7 * DAY, HOUR, steep),
    );
    expect(run(round(), NOW)).toEqual([]);
  });
});

describe('upstream', () => {
  const round = () => new UpstreamRound(site, upstreamRule, alerts, episodes);

  test('those below are told; not one that is over itself; it ends when the water has passed', () => {
    const told = round();
    expect(run(told, NOW)).toEqual([]);
    apply(limitAlert('nankeng-in', 'nh3n'), firing(1.37, NOW), NOW);
    expect(run(told, NOW + MINUTE)).toEqual(['opened nankeng-mid nh3n', 'opened nankeng-out nh3n']);
    expect(standing('upstream').map(({ reason }) => reason.zh)).toEqual([
      expect.stringContaining('按流速约'),
      '上游来水:南坑河入境断面 氨氮 超限 1.37 mg/L,按流速约 5 小时后到达',
    ]);
    expect(run(told, NOW + 2 * MINUTE)).toEqual([]);
    apply(limitAlert('nankeng-mid', 'nh3n'), firing(1.2, NOW + 3 * HOUR), NOW + 3 * HOUR);
    expect(run(told, NOW + 3 * HOUR)).toEqual(['resolved nankeng-mid nh3n']);
    apply(limitAlert('nankeng-in', 'nh3n'), back(NOW + 4 * HOUR), NOW + 4 * HOUR);
    apply(limitAlert('nankeng-mid', 'nh3n'), back(NOW + 5 * HOUR), NOW + 5 * HOUR);
    expect(run(told, NOW + 6 * HOUR)).toEqual(['opened nankeng-mid nh3n']);
    expect(run(told, NOW + 4 * HOUR + 8.4 * HOUR)).toEqual([]);
    expect(run(told, NOW + 4 * HOUR + 8.6 * HOUR)).toEqual(['resolved nankeng-mid nh3n']);
    expect(run(told, NOW + 16 * HOUR)).toEqual(['resolved nankeng-out nh3n']);
    expect(run(told, NOW + 17 * HOUR)).toEqual([]);
  });

  test('a restart neither forgets nor repeats', () => {
    apply(limitAlert('nankeng-in', 'nh3n'), firing(1.37, NOW), NOW);
    run(round(), NOW + MINUTE);
    openUp();
    expect(run(round(), NOW + HOUR)).toEqual([]);
    expect(standing('upstream')).toHaveLength(2);
  });
});

describe('rain', () => {
  const storm = (): void => keep(...series('nankeng-out', 'rain', NOW - 6 * HOUR, HOUR, [0, 0, 4, 6, 2, 0, 0]));
  const stir = (value: number, time: Instant): void => keep(reading({ parameter: 'tp', value, time }));
  const holds = (subject: Subject, now: Instant, severity?: Alert['severity']): boolean =>
    suppression.suppressed(subject, now, severity) !== null;

  test('what is over after rain is one alert of the reach, and ends as one', () => {
    storm();
    stir(0.27, NOW);
    keep(reading({ station: 'nankeng-mid', parameter: 'codmn', value: 5.2, time: NOW }));
    expect(holds(limitAlert('nankeng-out', 'tp'), NOW)).toBe(true);
    expect(holds(limitAlert('nankeng-mid', 'codmn'), NOW, 'warning')).toBe(true);
    expect(run(rain, NOW + MINUTE)).toEqual(['opened reach:nankeng -']);
    const [alert] = standing('rain');
    expect(alert).toMatchObject({ severity: 'over', value: 0.27, station: null });
    expect(alert!.reason.zh).toMatch(/^雨后水质波动\(6 小时降雨 12 mm\):南坑河中段断面 .*接近限值.*;南坑河出境断面 总磷 .*超限/);
    expect(run(rain, NOW + 2 * MINUTE)).toEqual([]);
    stir(0.12, NOW + 4 * HOUR);
    keep(reading({ station: 'nankeng-mid', parameter: 'codmn', value: 3, time: NOW + 4 * HOUR }));
    expect(run(rain, NOW + 4 * HOUR)).toEqual(['resolved reach:nankeng -']);
  });

  test('what is over later joins it once, and the alert shows it by its own limit', () => {
    storm();
    keep(reading({ station: 'nankeng-mid', parameter: 'tp', value: 0.22, time: NOW }));
    holds(limitAlert('nankeng-mid', 'tp'), NOW);
    expect(run(rain, NOW + MINUTE)).toEqual(['opened reach:nankeng -']);
    keep(reading({ parameter: 'codmn', value: 14, time: NOW + HOUR }));
    stir(0.39, NOW + HOUR);
    expect(run(rain, NOW + HOUR + MINUTE)).toEqual(['joined reach:nankeng -']);
    expect(standing('rain')).toMatchObject([
      { value: 14, passed: { text: '≤ 6' }, reason: { zh: expect.stringContaining('南坑河出境断面 高锰酸盐指数 14') } },
    ]);
    expect(run(rain, NOW + HOUR + 2 * MINUTE)).toEqual([]);
  });

  test.each<[string, Subject, number, Alert['severity'] | undefined, boolean]>([
    ['NH3-N keeps its own', limitAlert('nankeng-out', 'nh3n'), 0, undefined, false],
    ['far over keeps its own', limitAlert('nankeng-out', 'tp'), 0, 'severe', false],
    ['phosphorus of the reach', limitAlert('nankeng-in', 'tp'), 0, 'over', true],
    ['22 h later', limitAlert('nankeng-in', 'tp'), 20, 'over', true],
    ['when the time after the rain is over', limitAlert('nankeng-in', 'tp'), 24, 'over', false],
    ['sewage does not care', limitAlert('qinghu-wwtp', 'tp'), 0, 'over', false],
    ['a verdict is not held back', { ...limitAlert('nankeng-out', 'tp'), kind: 'verdict', rule: 'verdict' }, 0, undefined, false],
  ])('%s', (_, subject, hours, severity, held) => {
    storm();
    expect(holds(subject, NOW + hours * HOUR, severity)).toBe(held);
  });

  test('without rain nothing is held back', () => {
    keep(...series('nankeng-out', 'rain', NOW - 6 * HOUR, HOUR, [1, 1, 1, 1, 1, 1, 1]));
    expect(holds(limitAlert('nankeng-out', 'tp'), NOW)).toBe(false);
  });

  test('when the time is over the alert of the reach ends, and single ones may open again; a restart changes nothing', () => {
    storm();
    stir(0.27, NOW + 20 * HOUR);
    holds(limitAlert('nankeng-out', 'tp'), NOW + 20 * HOUR);
    expect(run(rain, NOW + 20 * HOUR)).toEqual(['opened reach:nankeng -']);
    openUp();
    expect(run(rain, NOW + 21 * HOUR)).toEqual([]);
    expect(run(rain, NOW + 23 * HOUR)).toEqual(['resolved reach:nankeng -']);
    expect(holds(limitAlert('nankeng-out', 'tp'), NOW + 23 * HOUR)).toBe(false);
  });
});

describe('regional', () => {
  const stations = [...site.stations.values()].filter(
    (s) => s.active && (s.medium === 'dust' || s.medium === 'air') && s.parameters.some((p) => p.parameter === 'pm10'),
  );
  const air = (from: Instant, hours: number, value: (station: string) => number): void => {
    for (const { id, parameters } of stations) {
      const { cadence } = parameters.find(({ parameter }) => parameter === 'pm10')!;
      const n = Math.floor((hours * 60) / cadence);
      const first = from + cadence * MINUTE;
      keep(...series(id, 'pm10', first, cadence * MINUTE, Array<number>(n).fill(value(id))));
    }
  };

  test('all rise: one alert, single ones wait, and it ends when all are back though the high hours were many', () => {
    const round = new RegionalRound(site, regionalRule, outlook, workingSet, episodes);
    expect(stations.length).toBeGreaterThanOrEqual(3);
    const dust = stations.find(({ medium }) => medium === 'dust')!.id;
    const isHeld = (now: Instant): boolean => suppression.suppressed(limitAlert(dust, 'pm10'), now, 'over') !== null;
    const hour = (h: number, value: (station: string) => number): string[] => {
      air(NOW + (h - 1) * HOUR, 1, value);
      return run(round, NOW + h * HOUR);
    };
    air(NOW - 8 * HOUR, 8, () => 60);
    expect(run(round, NOW)).toEqual([]);
    expect(hour(1, (id) => (id === dust ? 200 : 60))).toEqual([]);
    expect(isHeld(NOW + HOUR)).toBe(false);
    expect(hour(2, () => 150)).toEqual(['opened region:pm10 pm10']);
    expect(isHeld(NOW + 2 * HOUR)).toBe(true);
    for (let h = 3; h <= 14; h++) expect(hour(h, () => 150)).toEqual([]);
    expect(hour(15, () => 70)).toEqual(['resolved region:pm10 pm10']);
    expect(isHeld(NOW + 15 * HOUR)).toBe(false);
  });
});
