/** What does the stand-in service answer about one station? A year with every state, work at the instruments, and a message half refused. */
import type { ReadingsAnswer } from '../../src/adapters/http/contract/contract.js';
import type { MaintenanceView } from '../../src/adapters/http/contract/decisions.js';
import type {
  LastMessageAnswer,
  SpansAnswer,
  StationDayAnswer,
  StationDaysAnswer,
  StationLimitsAnswer,
} from '../../src/adapters/http/contract/station.js';
import { riverDays } from './fixtures.js';
import { AS_OF, at } from './station-fixtures.js';

const STATION = 'nankeng-out';

/** Days of November: met but for one of each other state; the 23rd is open. */
export const days: StationDaysAnswer = {
  station: STATION,
  asOf: AS_OF,
  year: '2026',
  window: 'day',
  today: '2026-11-23',
  days: Array.from({ length: 22 }, (_, i) => {
    const date = `2026-11-${String(i + 1).padStart(2, '0')}`;
    const state = i === 19 ? 'exceeded' : i === 20 ? 'undetermined' : i === 4 ? 'excused' : 'met';
    const n = (of: string): number => Number(state === of);
    return {
      date,
      state,
      class: state === 'exceeded' ? 'IV' : 'III',
      met: n('met'),
      exceeded: n('exceeded'),
      undetermined: n('undetermined'),
    };
  }),
};

export const day: StationDayAnswer = { station: STATION, date: '2026-11-20', window: 'day', windows: [riverDays.windows[0]!] };

/** Work goes on since half past nine. */
export const work: MaintenanceView = {
  id: '7',
  station: STATION,
  parameters: null,
  from: at('09:30'),
  to: null,
  settlingMinutes: 60,
  coversTo: null,
  who: 'officer',
  note: '更换试剂',
  by: 'officer',
  enteredAt: at('09:30'),
  state: 'open',
};

export const spans: SpansAnswer = {
  station: STATION,
  maintenance: [{ ...work, id: '6', from: at('02:00'), to: at('03:00'), coversTo: at('04:00'), state: 'closed' }],
  alerts: [
    {
      id: 'a1',
      parameter: 'nh3n',
      kind: 'limit',
      severity: 'over',
      from: at('08:40'),
      to: null,
      reason: '单次测值 1.37 mg/L 超过限值 1.0',
      reasonEn: 'one value over its limit',
    },
  ],
};

export const last: LastMessageAnswer = {
  station: STATION,
  asOf: AS_OF,
  message: {
    received: at('10:30'),
    topic: 'heqing/nankeng-out/readings',
    bytes: 61,
    payload: '{"values":{"nh3n":1.37,"tp":"<img src=x onerror=document.title=2>"}}',
    seq: 4711,
    timeless: false,
    more: 0,
    values: [{ parameter: 'nh3n', time: at('10:30'), value: 1.37, mark: 'N', fate: 'kept', quality: 'good', checks: [] }],
    refused: [{ reason: 'not-a-number', detail: 'tp 不是数', values: 1 }],
  },
  newest: [],
  rejections: [],
};

/** 氨氮 was held to another limit until the middle of the month. */
export const limits: StationLimitsAnswer = {
  station: STATION,
  limits: [
    ['nh3n', '2026-11-01', '2026-11-15', 1.5, '≤ 1.5', null],
    ['nh3n', '2026-11-15', '2026-12-01', 1, '≤ 1.0', null],
    ['nh3n', '2026-11-01', '2026-12-01', 0.5, '≤ 0.5', 'II'],
    ['ph', '2026-11-01', '2026-12-01', [6, 9], '6–9', null],
  ].map(([parameter, from, to, limit, text, otherClass]) => ({
    ...{ parameter, limit, text, otherClass, citation: 'GB 3838-2002 表1', condition: null, daily: false, unconfirmed: false },
    from: `${String(from)}T00:00:00+08:00`,
    to: `${String(to)}T00:00:00+08:00`,
  })) as StationLimitsAnswer['limits'],
};

/** Every half hour of the asked stretch; one in maintenance, one failed, one over its range. */
export function readingsOf(asked: URLSearchParams): ReadingsAnswer {
  const [from, to] = [Date.parse(asked.get('from')!), Date.parse(asked.get('to')!)];
  const iso = (t: number): string => new Date(t + 8 * 3_600_000).toISOString().replace('.000Z', '+08:00');
  const head = { parameter: asked.get('parameter')!, unit: 'mg/L' };
  const end = Math.min(to, Date.parse(AS_OF));
  const times = (length: number): number[] =>
    Array.from(
      { length: Math.max(0, Math.floor((end - from) / length)) },
      (_, i) => Math.ceil(from / length) * length + i * length,
    );
  return {
    ...head,
    readings: times(1_800_000).map((t, i) => ({
      time: iso(t),
      value: 0.4 + (i % 7) / 10,
      mark: i % 24 === 5 ? ('D' as const) : ('N' as const),
      quality: i % 24 === 7 ? ('fail' as const) : ('good' as const),
      checks: [],
      source: 'sensor' as const,
      ...(i % 24 === 9 && { ruling: 'maintenance' as const }),
    })),
  };
}

/** The routes of one station; what was asked and done is kept. */
export class FakeStation {
  readonly asked: URLSearchParams[] = [];
  readonly acts: [route: string, body: unknown][] = [];
  standing: MaintenanceView[] = [];

  /** `null`: not a route of a station, or not without a login. */
  async answer(route: string, url: URL, loggedIn: boolean, body: () => Promise<unknown>): Promise<[number, unknown] | null> {
    if (/^GET \/stations\/nankeng-out\/readings$/.test(route) && !url.searchParams.has('step')) {
      this.asked.push(url.searchParams);
      return [200, readingsOf(url.searchParams)];
    }
    if (/^GET \/stations\/[^/]+\/days$/.test(route)) return [200, { ...days, year: url.searchParams.get('year') }];
    if (/^GET \/stations\/[^/]+\/limits$/.test(route)) return [200, limits];
    const date = /^GET \/stations\/[^/]+\/days\/(.*)$/.exec(route)?.[1];
    if (date) return [200, { ...day, date }];
    if (/^GET \/stations\/[^/]+\/windows$/.test(route)) return [200, { station: STATION, asOf: AS_OF, windows: [] }];
    if (!loggedIn) return null;
    if (/^GET \/stations\/[^/]+\/spans$/.test(route)) return [200, spans];
    if (/^GET \/stations\/[^/]+\/last$/.test(route)) return [200, last];
    if (route === 'GET /maintenance') return [200, { maintenance: this.standing }];
    if (!/^(POST|PATCH) \/maintenance/.test(route)) return null;
    this.acts.push([route, await body()]);
    this.standing = route.startsWith('POST') ? [work] : [{ ...work, to: AS_OF, coversTo: at('11:32'), state: 'closed' }];
    return [200, this.standing[0]];
  }
}
