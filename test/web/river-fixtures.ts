/** What does the fake service tell of the river? Three sections, a plume that moves down them, rain before it, and coordinates of nowhere. */
import type { BalanceAnswer, ReachesAnswer, StripAnswer } from '../../src/adapters/http/contract/river.js';
import type { WindowsAnswer } from '../../src/adapters/http/contract/compliance.js';
import { daysBetween, daysLater } from '../../src/web/river-strip.js';
import { nh3nFinding } from './fixtures.js';
import { AS_OF } from './station-fixtures.js';

const iso = (day: string): string => `${day}T00:00:00+08:00`;
const TODAY = AS_OF.slice(0, 10);
const SECTIONS = [
  { id: 'nankeng-in', name: '南坑河入境断面', nameEn: 'Nankeng River, inflow section', role: 'inflow' },
  { id: 'nankeng-mid', name: '南坑河中段断面', nameEn: 'Nankeng River, middle section', role: 'control' },
  { id: 'nankeng-out', name: '南坑河出境断面', nameEn: 'Nankeng River, outflow section', role: 'assessed' },
];

/** One reach; its line lies in the open sea. */
export const reaches: ReachesAnswer = {
  asOf: AS_OF,
  reaches: [
    {
      id: 'nankeng',
      name: '南坑河五陂段',
      nameEn: 'Nankeng River in Wupi',
      travelHours: 5,
      line: [
        [0.01, 0.01],
        [0.03, 0.022],
        [0.05, 0.02],
        [0.07, 0.035],
        [0.1, 0.03],
      ],
      sections: SECTIONS.map(({ id, name, role }, i) => ({ id, name, role, position: [0.01 + i * 0.04, 0.01 + i * 0.01] })),
      months: [],
    },
  ],
};

type Window = StripAnswer['sections'][number]['windows'][number];

/** Of every day: Ⅱ; the 18th at the inflow, the 19th in the middle, the 20th at the outflow the plume; the 21st is missing below. */
function windowsOf(place: number, from: string, to: string): Window[] {
  const until = to > TODAY ? TODAY : to;
  return Array.from({ length: Math.max(daysBetween(from, until), 0) }, (_, i): Window => {
    const day = daysLater(from, i);
    const date = Number(day.slice(8));
    const plain = { start: iso(day), end: iso(daysLater(day, 1)), reason: null, mainItems: [], excused: false };
    if (date === 18 + place) return { ...plain, verdict: 'exceeded', class: 'IV', mainItems: ['氨氮(0.2)'] };
    if (date === 21 && place === 2) return { ...plain, verdict: 'undetermined', class: null, reason: '有效数据不足' };
    if (date === 15) return { ...plain, verdict: 'met', class: null, excused: true, reason: '批准剔除' };
    return { ...plain, verdict: 'met', class: date % 5 === 0 ? 'III' : date % 7 === 0 ? 'I' : 'II' };
  });
}

/** The strip of the days that are asked for. */
export function strip(window: StripAnswer['window'], from: string, to: string): StripAnswer {
  const days = window === 'day' ? daysBetween(from, to > TODAY ? daysLater(TODAY, 1) : to) : 0;
  return {
    ...{ reach: 'nankeng', name: '南坑河五陂段', window, asOf: AS_OF, from: iso(from), to: iso(to) },
    sections: SECTIONS.map((section, i) => ({
      ...section,
      class: 'III',
      note: '待区局确认',
      windows: window === 'day' ? windowsOf(i, from, to) : [],
    })),
    rain: {
      ...{ station: 'nankeng-out', name: '南坑河出境断面', nameEn: 'Nankeng River, outflow section', unit: 'mm' },
      windows: Array.from({ length: days }, (_, i) => {
        const day = daysLater(from, i);
        const sum = { '16': 4.5, '17': 28.2, '18': 12 }[day.slice(8)] ?? 0;
        return { start: iso(day), sum, valid: 24, due: 24 };
      }),
    },
    noRain: null,
  };
}

/** One window with its findings. */
export const evidence = {
  ...{ station: 'nankeng-out', stationName: '南坑河出境断面', start: iso('2026-11-20'), end: iso('2026-11-21') },
  ...{ verdict: 'exceeded' as const, class: 'IV' as const, targetClass: 'III', reason: null },
  findings: [nh3nFinding],
};

const item = (over: Partial<BalanceAnswer['items'][number]>): BalanceAnswer['items'][number] => ({
  ...{ parameter: 'nh3n', name: '氨氮', unit: 'mg/L', days: 6, inMean: 0.31, outMean: 0.86, difference: 0.55, loadDays: 6 },
  inflow: { kgPerDay: 26.8, plusMinus: 4.8 },
  outflow: { kgPerDay: 89.2, plusMinus: 16.1 },
  added: { kgPerDay: 62.4, plusMinus: 16.8 },
  ...{ shareFromInflow: 30, within: false, daily: [] },
  ...over,
});

/** What came in and went out over the days that are asked for. */
export const balance = (from: string, to: string): BalanceAnswer => ({
  ...{ reach: 'nankeng', name: '南坑河五陂段', period: `${from}/${to}`, travelHours: 5, shiftDays: 0, days: 6 },
  from: { station: 'nankeng-in', name: '南坑河入境断面' },
  to: { station: 'nankeng-out', name: '南坑河出境断面' },
  ...{ travel: '传输时间约 5 小时,不足一日的部分按同日比较', note: '估算,不作责任认定', noLoads: null },
  items: [
    item({}),
    item({
      ...{ parameter: 'ph', name: 'pH', unit: '', inMean: 7.3, outMean: 7.25, difference: -0.05 },
      ...{ inflow: null, outflow: null, added: null, shareFromInflow: null, within: null },
    }),
  ],
});

/** Steps of one item at one section: a slow day and night, and the plume, later the further down. */
export function steps(station: string, parameter: string, from: string, to: string, step: string) {
  const ms = { '1h': 3_600_000, '4h': 14_400_000, '1d': 86_400_000 }[step] ?? 3_600_000;
  const place = SECTIONS.findIndex(({ id }) => id === station);
  const base = { nh3n: 0.4, tp: 0.08, codmn: 3, do: 7, ph: 7.3 }[parameter] ?? 1;
  const end = Math.min(Date.parse(to), Date.parse(AS_OF));
  const readings = [];
  for (let t = Date.parse(from); t < end; t += ms) {
    const since = (t - Date.parse('2026-11-18T08:00:00+08:00')) / 86_400_000 - place;
    const plume = Math.exp(-(since * since) * 6) * (parameter === 'do' ? -0.35 : parameter === 'ph' ? 0 : 2.2);
    const mean = Number((base * (1 + 0.06 * Math.sin(t / 13_000_000 + place) + plume)).toFixed(3));
    readings.push({
      start: new Date(t + 28_800_000).toISOString().replace('.000Z', '+08:00'),
      mean,
      min: mean,
      max: mean,
      valid: 1,
      total: 1,
    });
  }
  return { parameter, unit: parameter === 'ph' ? '' : 'mg/L', readings };
}

/** What the fake service answers on the routes of the river, or `null` for any other. */
export function riverAnswer(url: URL, loggedIn: boolean): [status: number, body: unknown] | null {
  const given = (name: string): string => url.searchParams.get(name) ?? '';
  const [, , , area, id, what] = url.pathname.split('/');
  if (area === 'stations' && what === 'readings' && url.searchParams.has('step') && SECTIONS.some((s) => s.id === id)) {
    return [200, steps(id ?? '', given('parameter'), given('from'), given('to'), given('step'))];
  }
  if (area === 'stations' && what === 'windows') {
    const month = { start: iso('2026-11-01'), end: iso('2026-12-01'), validCount: 20, dueCount: 30, class: 'III' as const };
    const answer: WindowsAnswer = {
      station: id ?? '',
      asOf: AS_OF,
      windows: [{ window: 'month', state: '进行中', ...month, last: null }],
    };
    return [200, answer];
  }
  if (area !== 'reaches') return null;
  if (id === undefined) return [200, reaches];
  if (what === 'strip') return [200, strip(given('window') === 'month' ? 'month' : 'day', given('from'), given('to'))];
  if (what === 'balance') return loggedIn ? [200, balance(given('from'), given('to'))] : [401, { status: 401, detail: '' }];
  const known = given('section') === 'nankeng-out' && given('start') === '2026-11-20';
  return known ? [200, evidence] : [404, { status: 404, detail: '' }];
}
