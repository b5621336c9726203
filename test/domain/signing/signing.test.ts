/** What is in the way of a signature, what is a correction, and what is the rate of a year of which months are signed? */
import { describe, expect, test } from '@jest/globals';
import type { Change } from '../../../src/domain/compliance/change.js';
import { corrections, figureDiffers } from '../../../src/domain/signing/correction.js';
import {
  type Found,
  type HindranceItem,
  type HindranceKind,
  hindrances,
  inTheWay,
} from '../../../src/domain/signing/hindrance.js';
import {
  canonical,
  type Figure,
  type SignedFinding,
  type SignedWindow,
  type Snapshot,
} from '../../../src/domain/signing/sign-off.js';
import { at, wupi } from '../../support/wupi.js';
import { type MonthTally, ofMonths, withSignedMonths } from '../../../src/domain/signing/signed-year.js';

const item: HindranceItem = { subject: '出境断面', station: 'out', date: '2026-10-01', text: '待审', case: null };
const found = (over: Partial<Omit<Found, 'items'>> & { items?: Partial<Found['items']> } = {}): Found => ({
  ...{ ended: true, waiting: 0, ...over },
  items: { unreviewed: [], 'open-cases': [], 'missing-samples': [], 'not-judged': [], ...over.items },
});

describe('hindrances', () => {
  test.each<[string, Found, [HindranceKind, boolean, number][]]>([
    ['nothing', found(), []],
    ['a month that runs, whatever waits in it', found({ ended: false, waiting: 3 }), [['not-ended', true, 1]]],
    ['a computation under way', found({ waiting: 3 }), [['waiting', true, 3]]],
    [
      'what may be signed despite',
      found({ items: { 'missing-samples': [item], unreviewed: [item, item] } }),
      [
        ['unreviewed', false, 2],
        ['missing-samples', false, 1],
      ],
    ],
  ])('%s', (_, what, expected) => {
    expect(hindrances(what).map(({ kind, absolute, count }) => [kind, absolute, count])).toEqual(expected);
  });

  test('a reason answers for what is not absolute, and only for that; blanks are none', () => {
    const all = hindrances(found({ waiting: 1, items: { unreviewed: [item], 'open-cases': [item] } }));
    const left = (reasons: [HindranceKind, string][]) => inTheWay(all, new Map(reasons)).map(({ kind }) => kind);
    expect(left([])).toEqual(['waiting', 'unreviewed', 'open-cases']);
    expect(
      left([
        ['unreviewed', '人手不足'],
        ['open-cases', '  '],
        ['waiting', '急'],
      ]),
    ).toEqual(['waiting', 'open-cases']);
  });
});

const figure = (met: number, exceeded: number, over: Partial<Figure> = {}): Figure => ({
  ...{ rate: null, met, exceeded, undetermined: 0, excused: 0, due: met + exceeded, capture: 100, status: null, reason: null },
  ...over,
});
const finding = (value: number, outcome: SignedFinding['outcome'], limitText = '≤ 1.0'): SignedFinding => ({
  ...{
    parameter: 'nh3n',
    name: '氨氮',
    statistic: '月均值',
    value,
    compared: value,
    unit: 'mg/L',
    limit: 1,
    limitText,
    times: null,
  },
  ...{
    outcome,
    reason: null,
    valid: 180,
    total: 180,
    filled: 30,
    due: 30,
    class: 'III',
    citation: null,
    clause: null,
    counted: true,
  },
});
const window = (over: Partial<SignedWindow> = {}): SignedWindow => ({
  ...{ station: 'out', stationName: '出境断面', start: '2026-10-01T00:00:00+08:00', end: '2026-11-01T00:00:00+08:00' },
  ...{ verdict: 'met', class: 'III', reason: null, findings: [finding(0.71, 'met')], ...over },
});
const snapshot = (windows: readonly SignedWindow[], over: Partial<Snapshot> = {}): Snapshot => ({
  ...figure(windows.length, 0),
  ...{
    target: 'river',
    name: '',
    nameEn: '',
    kind: 'target',
    period: '2026-10',
    window: 'month',
    basis: 'section-month',
    goal: 100,
  },
  ...{ minCapture: 90, note: null, good: null, process: null, excuses: [], wholeEvidence: true },
  ...{ setAside: { total: 0, over: 0, maintenance: 0, review: 0 }, windows, ...over },
});
const change = (over: Partial<Change> = {}): Change => ({
  ...{ kind: 'month', station: 'out', start: Date.parse('2026-09-30T16:00:00Z'), end: Date.parse('2026-10-31T16:00:00Z'), at: 1 },
  ...{ from: { verdict: 'met', class: 'III', excused: false }, to: { verdict: 'exceeded', class: 'IV', excused: false } },
  ...{ reason: '补传 14 条测值', ...over },
});

describe('corrections', () => {
  test('nothing changed: none, also for a name that the config gives anew', () => {
    expect(corrections(snapshot([window()]), snapshot([window({ stationName: '新名' })]), [])).toEqual([]);
  });

  test('a verdict that changed tells item, from, to, when and why', () => {
    const live = snapshot([window({ verdict: 'exceeded', class: 'IV', findings: [finding(1.2, 'exceeded')] })]);
    expect(corrections(snapshot([window()]), live, [change({ at: 9, reason: '更正 1 条测值' }), change()])).toEqual([
      {
        ...{ station: 'out', stationName: '出境断面', start: window().start, end: window().end },
        from: { verdict: 'met', class: 'III', excused: false },
        to: { verdict: 'exceeded', class: 'IV', excused: false },
        items: [
          {
            ...{ parameter: 'nh3n', name: '氨氮', statistic: '月均值', unit: 'mg/L', limitText: '≤ 1.0' },
            from: { value: 0.71, outcome: 'met' },
            to: { value: 1.2, outcome: 'exceeded' },
          },
        ],
        ...{ at: 9, reason: '更正 1 条测值;补传 14 条测值' },
      },
    ]);
  });

  const excused = { id: '1', reason: 'no-flow', reasonName: '断流', approver: '生态环境局', document: '1号' } as const;
  test.each<[string, Snapshot, Snapshot, { from: unknown; to: unknown; items: number }]>([
    [
      'a mean that moved',
      snapshot([window()]),
      snapshot([window({ findings: [finding(0.72, 'met')] })]),
      { ...same(), items: 1 },
    ],
    [
      'a window that was excused',
      snapshot([window()]),
      snapshot([window({ excused })]),
      { from: { verdict: 'met', class: 'III', excused: false }, to: { verdict: 'met', class: 'III', excused: true }, items: 0 },
    ],
    ['a sample that came later', snapshot([]), snapshot([window()]), { from: null, to: same().to, items: 1 }],
    ['a sample that is gone', snapshot([window()]), snapshot([]), { from: same().from, to: null, items: 1 }],
    [
      'of many windows one that was met and is not kept',
      snapshot([], { wholeEvidence: false }),
      snapshot([window({ verdict: 'exceeded' })], { wholeEvidence: false }),
      {
        from: { verdict: 'met', class: null, excused: false },
        to: { verdict: 'exceeded', class: 'III', excused: false },
        items: 0,
      },
    ],
    [
      'another limit for the item',
      snapshot([window()]),
      snapshot([window({ findings: [finding(0.71, 'met', '≤ 0.5')] })]),
      { ...same(), items: 2 },
    ],
  ])('%s', (_, before, after, { from, to, items }) => {
    const [first, ...more] = corrections(before, after, []);
    expect([first?.from, first?.to, first?.items.length, first?.at, more]).toEqual([from, to, items, null, []]);
  });

  test('the division differs by what is counted, not by its words', () => {
    expect(figureDiffers(figure(1, 0), figure(1, 0, { reason: '未判定' }))).toBe(false);
    expect(figureDiffers(figure(1, 0), figure(0, 1))).toBe(true);
  });
});

function same() {
  const standing = { verdict: 'met', class: 'III', excused: false } as const;
  return { from: standing, to: standing };
}

describe('the rate of a year', () => {
  const goal = { goal: 100, minCapture: 90, planless: false };
  const whole = (met: number, exceeded: number) => ({
    ...{ met, exceeded, undetermined: 0, excused: 0, due: met + exceeded, wholePeriod: 12, emptyMonth: false, reason: null },
  });

  test.each<[string, ReturnType<typeof whole>, { signed: Figure; live: Figure }[], Partial<Figure>]>([
    ['nothing signed: as it stands', whole(9, 1), [], { rate: 90, status: 'missed', due: 10 }],
    [
      'signed months that did not change',
      whole(10, 0),
      [{ signed: figure(1, 0), live: figure(1, 0) }],
      { rate: 100, status: 'met' },
    ],
    [
      'a signed month that was lost later counts as it was signed',
      whole(9, 1),
      [{ signed: figure(1, 0), live: figure(0, 1) }],
      { rate: 100, met: 10, exceeded: 0, due: 10, status: 'met' },
    ],
    [
      'a signed month that was won later counts as it was signed',
      whole(10, 0),
      [{ signed: figure(0, 1), live: figure(1, 0) }],
      { rate: 90, met: 9, exceeded: 1, status: 'missed' },
    ],
    [
      'a month signed without a sample of which one came later',
      whole(3, 0),
      [{ signed: figure(0, 0), live: figure(1, 0) }],
      { met: 2, due: 2 },
    ],
  ])('%s', (_, live, months, expected) => {
    expect(withSignedMonths(live, months, goal)).toMatchObject(expected);
  });

  test('what is published counts signed months alone, and never says 100 of too little', () => {
    const published = (...figures: Figure[]): Figure =>
      ofMonths(
        figures.map((one, i) => ({ ...one, period: `2026-0${i + 1}`, windows: [] })),
        goal,
        null,
      );
    expect(published(figure(1, 0), figure(1, 0))).toMatchObject({ rate: 100, met: 2, due: 2, status: 'met' });
    expect(published(figure(1, 0), figure(0, 1))).toMatchObject({ rate: 50, status: 'missed' });
    expect(published(figure(1, 0), figure(0, 0, { undetermined: 1, due: 1 }))).toMatchObject({ rate: null, due: 2 });
  });

  describe('with a plan of one sample a quarter, and two taps', () => {
    const plan = { samples: 1, every: 'quarter' } as const;
    const sampled = (period: string, ...stations: string[]): MonthTally => ({
      ...{ ...figure(stations.length, 0), period },
      windows: stations.map((station) => ({ station, start: `${period}-14T09:00:00+08:00` })),
    });
    const taps = (since: string | null = null) => ({
      ...{ plan, calendar: wupi.calendar },
      stations: [
        { id: 'a', since: null },
        { id: 'b', since: since === null ? null : at(since) },
      ],
    });
    const half = (...last: string[]): MonthTally[] => [
      ...[sampled('2026-01'), sampled('2026-02', 'a'), sampled('2026-03')],
      ...[sampled('2026-04', 'a'), sampled('2026-05'), sampled('2026-06', ...last)],
    ];

    test.each<[string, MonthTally[], ReturnType<typeof taps>, Partial<Figure>]>([
      ['one that was never sampled is missing', half(), taps(), { rate: null, met: 2, undetermined: 2, due: 4, capture: 50 }],
      ['sampled since, it is missing once', half('b'), taps(), { rate: null, met: 3, undetermined: 1, due: 4 }],
      ['a quarter before its beginning asks nothing of it', half('b'), taps('2026-04-10'), { rate: 100, met: 3, due: 3 }],
      ['a quarter that is not whole asks for nothing', half().slice(0, 2), taps(), { rate: 100, met: 1, due: 1 }],
      [
        'nor does one with a month left out',
        [half()[0]!, half()[2]!, ...half('b').slice(3)],
        taps(),
        { rate: 100, met: 2, due: 2 },
      ],
    ])('%s', (_, months, sampling, expected) => {
      expect(ofMonths(months, goal, sampling)).toMatchObject(expected);
    });
  });
});

test('canonical JSON is one text for one thing, whatever the order of its keys', () => {
  expect(canonical({ b: [1, { d: null, c: undefined }], a: '定' })).toBe('{"a":"定","b":[1,{"d":null}]}');
  expect(canonical({ a: 1, b: 2 })).toBe(canonical({ b: 2, a: 1 }));
  expect(canonical([undefined])).toBe('[null]');
  expect(canonical(JSON.parse(canonical(snapshot([window()]))))).toBe(canonical(snapshot([window()])));
});
