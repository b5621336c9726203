/** Does the 晨报 tell each person what is theirs, from what is at hand, and of a fresh install nothing that is not so? */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { SqliteAlertStore } from '../../../src/adapters/sqlite/alert-store.js';
import { SqliteAudit } from '../../../src/adapters/sqlite/audit-store.js';
import { SqliteCaseStore } from '../../../src/adapters/sqlite/case-store.js';
import { SqliteComparisonStore } from '../../../src/adapters/sqlite/comparison-store.js';
import { Database } from '../../../src/adapters/sqlite/database.js';
import { SqliteExcuseStore } from '../../../src/adapters/sqlite/excuse-store.js';
import { SqliteReviewStore } from '../../../src/adapters/sqlite/review-store.js';
import { SqliteVerdictStore } from '../../../src/adapters/sqlite/verdict-store.js';
import { SqliteWorkingSet } from '../../../src/adapters/sqlite/working-set.js';
import type { Alert } from '../../../src/domain/alerting/alert.js';
import { morningMessage } from '../../../src/domain/alerting/morning.js';
import { assessWindow } from '../../../src/domain/compliance/assess.js';
import { assessPeriod } from '../../../src/domain/compliance/period.js';
import type { Person } from '../../../src/domain/people.js';
import type { JudgedReading } from '../../../src/domain/reading.js';
import type { Site } from '../../../src/domain/site.js';
import { DAY, HOUR, type Instant, localDate, MINUTE, windowsIn } from '../../../src/domain/time.js';
import { Cases } from '../../../src/pipeline/deciding/cases.js';
import { lowNights, nightBefore } from '../../../src/pipeline/morning/morning-night.js';
import { MorningReport } from '../../../src/pipeline/morning/morning-report.js';
import { judgedBy } from '../../../src/pipeline/judging/judged-as.js';
import { printFor } from '../../../src/pipeline/judging/print-verdict.js';
import { ComplianceReport } from '../../../src/pipeline/reporting/report-compliance.js';
import { comparedBy } from '../../../src/pipeline/upkeep/compared.js';
import { alert } from '../../support/facts.js';
import { ManualClock } from '../../support/fakes.js';
import { at, byParameter, reading, riverDay, series, station, times, wupi } from '../../support/wupi.js';

const NOW = at('2026-11-23 07:30');

let site: Site;
let clock: ManualClock;
let town: ReturnType<typeof assemble>;
let confirmedAt: Instant | null;

function assemble() {
  const database = new Database(':memory:');
  const workingSet = new SqliteWorkingSet(database, false);
  const verdicts = new SqliteVerdictStore(database, printFor(site));
  const alerts = new SqliteAlertStore(database);
  const reviews = new SqliteReviewStore(database);
  const transact = <T>(work: () => T): T => database.transact(work);
  const cases = new Cases(site, new SqliteCaseStore(database), alerts, new SqliteAudit(database), transact, clock, () => {});
  const excuses = new SqliteExcuseStore(database);
  const judgedAs = judgedBy(site, excuses, comparedBy(new SqliteComparisonStore(database), site.calendar));
  const compliance = new ComplianceReport(site, workingSet, verdicts, excuses, clock, judgedAs);
  const report = (withReviews: boolean): MorningReport =>
    new MorningReport(
      site,
      workingSet,
      verdicts,
      judgedAs,
      compliance,
      alerts,
      cases,
      {
        state: () => ({ state: 'proven', since: NOW, lastConfirmedAt: confirmedAt, alarms: false, words: { zh: '', en: '' } }),
      },
      'https://heqing.example.org/',
      withReviews ? reviews : null,
    );
  return {
    ...{ database, workingSet, verdicts, alerts, reviews, cases, transact, report: report(true), withoutReviews: report(false) },
    measure: (...readings: JudgedReading[]): void =>
      transact(() => {
        for (const one of readings) workingSet.settle(one);
        workingSet.flush();
      }),
    raise: (over: Partial<Alert>): void => transact(() => alerts.put(alert({ openedAt: NOW - 2 * HOUR, ...over }))),
  };
}

/** Days and months of a section from its readings, as the assessment computes them. */
function judge(from: string, to: string, id = 'nankeng-out', over: Parameters<typeof riverDay>[1] = {}): void {
  const section = station(id);
  const days = windowsIn('day', { from: at(from), to: at(to) }, site.calendar).map((day) => {
    const readings = byParameter(riverDay(localDate(day.start, site.calendar), over, id));
    return assessWindow(site, section, { ...day, kind: 'day' }, readings);
  });
  const months = windowsIn('month', { from: at(from), to: at(to) }, site.calendar).filter(({ end }) => end <= at(to));
  town.transact(() => {
    for (const day of days) town.verdicts.put(day, day.end);
    for (const { start, end } of months) {
      const of = days.filter((day) => day.start >= start && day.start < end);
      town.verdicts.put(assessPeriod(site, section, { kind: 'month', start, end }, of), end);
    }
  });
}

const person = (id: string): Person => site.people.find((one) => one.id === id)!;
const of = (id: string) => town.report.of(person(id), clock.now());

const use = (changed: Partial<Site>): void => {
  site = { ...wupi, ...changed };
  clock = new ManualClock(NOW);
  town = assemble();
};
beforeEach(() => {
  confirmedAt = NOW - 2 * DAY;
  use({});
});

/** Two months of the outflow and three weeks of the third, the last night of river and taps, alerts, cases and a gauge in the rain. */
function fill(): void {
  judge('2026-09-01', '2026-11-23', 'nankeng-out', { nh3n: times(6, 0.71) });
  const today = (id: string, nh3n: number): JudgedReading[] => [
    ...riverDay('2026-11-22', { nh3n: times(6, nh3n) }, id),
    ...['ph', 'do', 'codmn', 'tp', 'nh3n'].map((parameter, i) =>
      reading({ station: id, parameter, time: at('2026-11-23 04:00'), value: [7.3, 7, 3, 0.08, nh3n][i]! }),
    ),
  ];
  town.measure(
    ...today('nankeng-in', 0.31),
    ...today('nankeng-out', 0.86),
    ...series('nankeng-out', 'rain', NOW - 3 * HOUR, HOUR, [1.2, 0, 2.3]),
    // Of the night four values are low, and one more by day, which was told at once.
    ...series('changtan-tap', 'cl2', at('2026-11-22 21:00'), 15 * MINUTE, [0.04, ...times(23, 0.2), 0.04, 0.03, 0.04, 0.04]),
    ...series('changtan-tap', 'cl2', at('2026-11-23 04:00'), 15 * MINUTE, times(14, 0.2)),
    // A fault is received, and not valid.
    ...series('changtan-tap', 'turb', at('2026-11-23 04:00'), 15 * MINUTE, times(14, 0.4), { mark: 'D' }),
    ...series('datian-tap', 'cl2', at('2026-11-23 01:00'), 15 * MINUTE, [0.02, 0.2]),
  );
  town.transact(() =>
    town.reviews.put({
      ...{ station: 'changtan-tap', parameter: 'turb', source: 'sensor', time: NOW, value: 9 },
      ...{ quality: 'suspect', checks: ['spike'], since: NOW },
    }),
  );
  town.raise({ id: 'a1', severity: 'over', openedAt: NOW - 3 * HOUR });
  town.raise({
    id: 'a2',
    severity: 'severe',
    parameter: 'ph',
    state: 'acknowledged',
    reason: { zh: '南坑河出境断面 pH 5.2', en: 'pH 5.2' },
  });
  town.raise({ id: 'a3', parameter: 'tp', state: 'pending' });
  town.raise({ id: 'a4', parameter: 'codmn', state: 'resolved', resolvedAt: NOW - HOUR });
  const silent: Partial<Alert> = { kind: 'no-data', rule: 'no-data', severity: 'warning', parameter: null, passed: null };
  town.raise({ ...silent, id: 'a5', subject: 'datian-tap', station: 'datian-tap', reason: { zh: '无数据', en: 'silent' } });
  clock.set(NOW - 6 * DAY);
  town.cases.open({ station: 'nankeng-out', to: 'chief-changtan', until: '2026-11-20', note: '岸边有异味' }, 'officer');
  town.cases.open({ station: 'datian-tap', to: 'chief-datian', until: '2026-11-30', note: '无数据' }, 'officer');
  clock.set(NOW);
}

describe('a morning with everything', () => {
  beforeEach(fill);

  test('the river: class, target, what is left to the nearest limit, the month, what came in and goes out', () => {
    const { river, sections, months, along } = of('river-office');
    expect(river?.zh).toBe('南坑河五陂段');
    expect(sections).toEqual([
      {
        station: 'nankeng-out',
        name: { zh: '南坑河出境断面', en: station('nankeng-out').nameEn },
        class: 'III',
        target: 'III',
        nearest: {
          name: { zh: '氨氮', en: 'Ammonia nitrogen' },
          ...{ value: 0.86, unit: 'mg/L', decimals: 2, time: at('2026-11-23 04:00'), limit: '≤ 1.0', left: 0.14 },
        },
      },
    ]);
    // (1.0 × 30 − 0.71 × 22) ÷ 8 = 1.7975
    expect(months).toMatchObject([
      {
        section: { zh: '南坑河出境断面' },
        item: { zh: '氨氮' },
        mean: '0.71',
        daysLeft: 8,
        high: '1.79',
        low: null,
        possible: true,
      },
    ]);
    expect(along).toEqual({
      parameter: 'nh3n',
      item: { zh: '氨氮', en: 'Ammonia nitrogen' },
      ...{ unit: 'mg/L', decimals: 2, rain24: 3.5 },
      sections: [
        { station: 'nankeng-in', name: { zh: '南坑河入境断面', en: station('nankeng-in').nameEn }, value: 0.31 },
        { station: 'nankeng-mid', name: { zh: station('nankeng-mid').name, en: station('nankeng-mid').nameEn }, value: null },
        { station: 'nankeng-out', name: { zh: '南坑河出境断面', en: station('nankeng-out').nameEn }, value: 0.86 },
      ],
    });
  });

  test('years, cases, data, alerts in order of weight, and the proof of the path', () => {
    const { years, cases, patrols, data, standing, proven, onDuty, link, whyYou } = of('town-office');
    expect(years).toMatchObject([
      { target: { zh: '南坑河五陂段水质达标率' }, basis: 'section-month', met: 2, exceeded: 0, goal: 100 },
      { target: { zh: '农村饮用水水质达标率' }, basis: 'sample', met: 0, exceeded: 0, rate: null, status: 'insufficient' },
    ]);
    expect(cases).toEqual({ open: 2, overdue: 1, oldestDays: 6 });
    expect(patrols).toBeNull();
    // The inflow was last heard at four. Of what was due since yesterday began: 2 × (30 + 2) of the river, since what is measured
    // every four hours is due at eight; 3 of the gauge, 28 + 14 and 2 of chlorine; 14 of a faulty turbidimeter do not count. Who is
    // silent owes all, and one tap from today on, when it was first heard.
    const due = wupiActive().flatMap(({ id, parameters }) =>
      parameters.map(({ cadence }) => Math.floor(((id === 'datian-tap' ? 7.5 : 31.5) * 60) / cadence)),
    );
    const valid = Math.floor((111 / due.reduce((sum, n) => sum + n)) * 10_000) / 100;
    expect(data).toEqual({ online: 2, stations: wupiActive().length, valid, toReview: 1 });
    expect(standing).toEqual([
      {
        alert: expect.any(String),
        // What stands before a reason is not told in it again.
        what: { zh: '南坑河出境断面 pH', en: `${station('nankeng-out').nameEn}, pH` },
        ...{
          reason: { zh: '5.2', en: 'pH 5.2' },
          kind: 'limit',
          severity: 'severe',
          since: NOW - 2 * HOUR,
          isAcknowledged: true,
        },
      },
      expect.objectContaining({ severity: 'over', since: NOW - 3 * HOUR, isAcknowledged: false }),
    ]);
    expect(proven).toBe(NOW - 2 * DAY);
    expect(onDuty.map(({ name }) => name.zh)).toEqual(['值班员甲']);
    expect(link).toBe('https://heqing.example.org/');
    expect(whyYou.zh).toBe('您(镇环保办)在配置中订阅了晨报');
  });

  test('residuals low in the night that nobody was woken for', () => {
    expect(of('town-office').night.map(({ zh }) => zh)).toEqual([
      '长潭村末梢水监测点 余氯 夜间最低 0.03 mg/L(03:15),限值 ≥ 0.05,32 个测值中 4 个低于限值,03:00–03:45',
      expect.stringContaining('大田村末梢水监测点 余氯 夜间最低 0.02 mg/L(01:00),限值 ≥ 0.05,2 个测值中 1 个低于限值'),
    ]);
    // Whoever hears nothing of drinking water hears nothing of it in the morning.
    expect(of('river-office').night).toEqual([]);
  });

  test('a village chief sees the village, its section of the reach, its cases and its nights', () => {
    const morning = of('chief-changtan');
    expect(morning.sections.map(({ name }) => name.zh)).toEqual(['南坑河出境断面']);
    expect(morning.cases).toEqual({ open: 1, overdue: 1, oldestDays: 6 });
    expect(morning.data).toMatchObject({ online: 2, stations: 3, toReview: 1 });
    expect(morning.standing.map(({ what }) => what.zh)).toEqual(['南坑河出境断面 pH', '南坑河出境断面 氨氮']);
    expect(morning.night).toHaveLength(1);
  });

  test('the chief of another village sees that one, and the assessed section downstream', () => {
    const morning = of('chief-datian');
    expect(morning.sections.map(({ name }) => name.zh)).toEqual([station('nankeng-mid').name, '南坑河出境断面']);
    expect(morning.sections[0]).toMatchObject({ class: null, nearest: null });
    expect(morning.cases).toEqual({ open: 1, overdue: 0, oldestDays: 6 });
    expect(morning.data).toMatchObject({ online: 0, stations: 3, toReview: 0 });
    // The silence of a tap is the devices' business, and the outflow another village's.
    expect(morning.standing).toEqual([]);
    expect(morning.night.map(({ zh }) => zh)).toEqual([expect.stringContaining('大田村末梢水监测点')]);
    expect(morning.years.map(({ target }) => target.zh)).toEqual(['南坑河五陂段水质达标率', '农村饮用水水质达标率']);
  });

  test('whoever stands in sees what the absent one answers for, and is told so', () => {
    const away = [{ from: '2026-11-23', to: '2026-11-23', substitute: 'chief-celei' }];
    use({ people: wupi.people.map((p) => (p.id === 'chief-datian' ? { ...p, away } : p)) });
    fill();
    const morning = of('chief-celei');
    expect(morning.whyYou.zh).toBe('您(册雷村村级河长)在配置中订阅了晨报,并代大田村村级河长接收');
    expect(morning.sections.map(({ name }) => name.zh)).toEqual([
      '南坑河入境断面',
      station('nankeng-mid').name,
      '南坑河出境断面',
    ]);
    expect(morning.data.stations).toBe(6);
    expect(morning.night.map(({ zh }) => zh)).toEqual([expect.stringContaining('大田村末梢水监测点')]);
  });

  test('the mail in both languages', () => {
    for (const language of ['zh', 'en'] as const) {
      const { subject, text } = morningMessage(of('town-office'), { language });
      expect(subject).toContain(language === 'zh' ? '南坑河出境断面 Ⅲ类,2 条未恢复' : 'class III, 2 standing');
      expect(text).toContain(language === 'zh' ? '还差 0.14 mg/L' : '0.14 mg/L to go');
      expect(text).not.toMatch(/NaN|undefined|null/);
    }
  });
});

describe('what says nothing of this morning', () => {
  test.each<[string, JudgedReading[], Partial<{ value: number; left: number; decimals: number }> | null]>([
    ['a value of the day before yesterday', [reading({ time: NOW - 30 * HOUR })], null],
    ['a spike that waits for the next value', [reading({ time: NOW - HOUR, quality: 'suspect', checks: ['spike'] })], null],
    [
      'a fault after a good value',
      [reading({ time: NOW - 5 * HOUR, value: 0.5 }), reading({ time: NOW - HOUR, value: 9, mark: 'D' })],
      { value: 0.5, left: 0.5 },
    ],
    ['beyond by less than the decimals show', [reading({ time: NOW - HOUR, value: 1.004 })], { left: -0.004, decimals: 3 }],
    [
      'over the measuring range is over the limit',
      [reading({ time: NOW - HOUR, value: 20, mark: 'T' })],
      { value: 20, left: -19 },
    ],
  ])('%s', (_, readings, expected) => {
    town.measure(...readings);
    const [section] = of('river-office').sections;
    if (expected === null) expect(section!.nearest).toBeNull();
    else expect(section!.nearest).toMatchObject(expected);
  });

  test('oxygen that is low at dawn is weighed by its mean of the day', () => {
    const from = at('2026-11-22 08:00');
    town.measure(
      ...series('nankeng-out', 'do', from, HOUR, [...times(20, 9), ...times(4, 5.1)]),
      reading({ time: NOW - HOUR, value: 0.86 }),
    );
    expect(of('river-office').sections[0]!.nearest?.name.zh).toBe('氨氮');
  });

  test('a verdict of last week is no class of today', () => {
    judge('2026-11-10', '2026-11-16');
    expect(of('river-office').sections[0]!.class).toBeNull();
  });
});

test('a fresh install has nothing to tell, and says nothing that is not so', () => {
  confirmedAt = null;
  for (const { id } of site.people.filter(({ morning }) => morning)) {
    const morning = of(id);
    expect(morning).toMatchObject({ months: [], along: null, standing: [], night: [], proven: null });
    expect(morning).toMatchObject({
      cases: { open: 0, overdue: 0, oldestDays: null },
      data: { online: 0, valid: null, toReview: 0 },
    });
    expect(morning.years.every(({ rate, met }) => rate === null && met === 0)).toBe(true);
    for (const language of ['zh', 'en'] as const) {
      const { subject, text, html } = morningMessage(morning, { language });
      expect(`${subject}${text}${html}`).not.toMatch(/NaN|undefined|null|Infinity|\[object/);
      expect(text).toContain(language === 'zh' ? '昨日以来没有收到数据' : 'nothing received since yesterday');
    }
  }
});

test('without a source the 晨报 does not say how many wait for review', () => {
  const morning = town.withoutReviews.of(person('town-office'), NOW);
  expect(morning.data.toReview).toBeNull();
  expect(morningMessage(morning, { language: 'zh' }).text).not.toContain('待审');
});

test('what was low in a night nobody was told of, is told with its night: a weekend on Monday, each night once', () => {
  use({});
  const low = (night: string, value: number) => series('changtan-tap', 'cl2', at(night), 15 * MINUTE, [0.2, value, 0.2]);
  town.measure(...low('2026-11-20 03:00', 0.01), ...low('2026-11-21 00:00', 0.02), ...low('2026-11-23 02:00', 0.03));
  const told = (since: string) => lowNights(site, town.workingSet, NOW, at(since)).map(({ words }) => words.zh);
  // 2026-11-20 is a Friday: its 晨报 told of the night that ended that morning.
  expect(told('2026-11-20 07:30')).toEqual([
    '长潭村末梢水监测点 余氯 11-20 夜间最低 0.02 mg/L(11-21 00:15),限值 ≥ 0.05,3 个测值中 1 个低于限值',
    '长潭村末梢水监测点 余氯 夜间最低 0.03 mg/L(02:15),限值 ≥ 0.05,3 个测值中 1 个低于限值',
  ]);
  expect(told('2026-11-19 07:30')).toHaveLength(3);
  expect(told('2026-11-22 07:30')).toHaveLength(1);
  expect(told('2026-11-23 07:30')).toEqual([]);
  const [first] = town.report.of(person('town-office'), NOW, at('2026-11-20 07:30')).night;
  expect(first?.en).toContain('lowest of the night of 11-20 0.02 mg/L (11-21 00:15)');
});

test('a tap whose flow is measured had its night when nothing flowed', () => {
  const tap = station('changtan-tap', {
    parameters: [...station('changtan-tap').parameters, { parameter: 'flow', cadence: 15 }],
  });
  use({ stations: new Map([...wupi.stations, [tap.id, tap]]) });
  const night = at('2026-11-23 00:00');
  town.measure(
    ...series(tap.id, 'cl2', night, 15 * MINUTE, [0.02, 0.02, 0.03, 0.04]),
    ...series(tap.id, 'flow', night, 15 * MINUTE, [0.4, 0.4, 0, 0]),
  );
  expect(lowNights(site, town.workingSet, NOW, NOW - DAY).map(({ words }) => words.en)).toEqual([
    expect.stringContaining('lowest of the night 0.03 mg/L (00:30), limit ≥ 0.05; 2 of 2 values under it, 00:30–00:45'),
  ]);
});

test.each([
  ['2026-11-23 07:30', '2026-11-22 22:00'],
  ['2026-11-23 06:00', '2026-11-22 22:00'],
  ['2026-11-23 05:59', '2026-11-21 22:00'],
  ['2026-11-23 23:30', '2026-11-22 22:00'],
])('at %s the last night began %s', (now, from) => {
  const { to } = nightBefore(at(now), wupi.calendar.offsetMinutes);
  expect(nightBefore(at(now), wupi.calendar.offsetMinutes)).toEqual({ from: at(from), to: at(from) + 8 * HOUR });
  expect(to).toBeLessThanOrEqual(at(now));
});

const wupiActive = () => [...wupi.stations.values()].filter(({ active }) => active);
