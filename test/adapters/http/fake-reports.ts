/** What would the service answer? A small town with one section, one alert and real shapes. */
import type {
  AlertView,
  NoticeAnswer,
  ReadingsQuery,
  ReadyAnswer,
  ReplayAnswer,
  StationsAnswer,
  RejectionsQuery,
  WhichRejections,
} from '../../../src/adapters/http/contract/contract.js';
import type { BreakdownAnswer, BreakdownQuery, CalendarAnswer } from '../../../src/adapters/http/contract/breakdown.js';
import type { ImportAnswer, ImportBody } from '../../../src/adapters/http/contract/import.js';
import type { ComplianceAnswer, VerdictView } from '../../../src/adapters/http/contract/compliance.js';
import type { Reports } from '../../../src/adapters/http/reports.js';
import { Refusal } from '../../../src/pipeline/ports.js';

const AS_OF = '2026-11-23T08:00:05+08:00';

export const ALERT: AlertView = {
  id: 'a1',
  subject: 'chujing',
  subjectName: '南坑河出境断面',
  subjectNameEn: 'Nankeng River, outflow section',
  station: 'chujing',
  stationName: '南坑河出境断面',
  parameter: 'nh3n',
  parameterName: '氨氮',
  parameterNameEn: 'ammonia nitrogen',
  unit: 'mg/L',
  rule: 'over-limit',
  kind: 'limit',
  severity: 'over',
  state: 'active',
  unconfirmed: false,
  openedAt: '2026-11-23T08:00:00+08:00',
  acknowledgedAt: null,
  acknowledgedBy: null,
  resolvedAt: null,
  value: 1.37,
  limit: 1,
  limitText: '≤ 1.0',
  limitName: 'Ⅲ类限值',
  limitNameEn: 'class III limit',
  citation: 'GB 3838-2002 表1 Ⅲ类',
  reason: '单次测值 1.37 mg/L 超过限值 1.0',
  reasonEn: 'single value 1.37 mg/L, over the limit',
  history: [
    {
      at: '2026-11-23T08:00:01+08:00',
      from: null,
      to: 'active',
      reason: '单次测值 1.37 mg/L 超过限值 1.0',
      by: null,
      note: null,
    },
  ],
};

const STATIONS: StationsAnswer = {
  asOf: AS_OF,
  stations: [
    {
      id: 'chujing',
      name: '南坑河出境断面',
      nameEn: 'Nankeng River, outflow',
      medium: 'surface-water',
      role: 'assessed',
      village: null,
      reach: 'nankeng',
      class: 'III',
      note: '待区局确认',
      supply: null,
      state: 'met',
      stateReason: null,
      clock: null,
      timeless: false,
      lastReadingAt: '2026-11-23T08:00:00+08:00',
      latest: [
        {
          parameter: 'nh3n',
          name: '氨氮',
          value: 1.37,
          unit: 'mg/L',
          time: '2026-11-23T08:00:00+08:00',
          mark: 'N',
          quality: 'good',
          limit: 1,
          limitText: '≤ 1.0',
          citation: 'GB 3838-2002 表1 Ⅲ类',
          grade: 'verified',
          unconfirmed: false,
          check: 'over',
          decimals: 2,
        },
      ],
      current: {
        window: 'day',
        start: '2026-11-23T00:00:00+08:00',
        end: '2026-11-24T00:00:00+08:00',
        validCount: 3,
        dueCount: 6,
        class: null,
      },
    },
  ],
};

const NOTICE: NoticeAnswer = {
  id: 'n1',
  alerts: ['a1'],
  recipient: 'huanbaoban@example.org',
  subject: '【超限】南坑河出境断面 氨氮 1.37 mg/L',
  reason: '首次通知',
  state: 'sent',
  attempts: 1,
  createdAt: '2026-11-23T08:00:02+08:00',
  sentAt: '2026-11-23T08:00:03+08:00',
  error: null,
  text: '出境断面氨氮超限。',
};

const HEALTHY: ReadyAnswer = { status: 'up', parts: [{ name: 'log', state: 'up', detail: '' }] };

/** One month as the service keeps it printed. */
const WINDOW: VerdictView = {
  station: 'chujing',
  stationName: '南坑河出境断面',
  start: '2026-10-01T00:00:00+08:00',
  end: '2026-11-01T00:00:00+08:00',
  verdict: 'met',
  class: 'II',
  reason: null,
  findings: [],
};

const RATE = { met: 10, exceeded: 0, undetermined: 0, excused: 0, due: 10, capture: 100, rate: 100 } as const;

/** Real answers, and every way in which one cannot be given. `breakNext` makes the next `targets()` fail inside. */
export class FakeReports implements Reports {
  health: ReadyAnswer = HEALTHY;
  breakNext: Error | null = null;
  alert = ALERT;
  asked: unknown[] = [];

  reset(): void {
    this.health = HEALTHY;
    this.breakNext = null;
    this.alert = ALERT;
    this.asked = [];
  }

  site() {
    return {
      name: '五陂镇',
      nameEn: 'Wupi',
      office: '萍乡市安源生态环境局',
      officePhone: null,
      notice: '自动监测原始数据,未经审核,仅供内部工作参考',
      onDuty: [{ id: 'duty-a', name: '值班员甲', nameEn: 'Duty officer A', phone: '0799-0000001' }],
      mail: { waiting: 0, lastSentAt: null, failing: false },
      paused: null,
    };
  }

  ready() {
    return this.health;
  }

  private stationName: string | null = null;

  /** Calls every station by this name. */
  nameStation(name: string): void {
    this.stationName = name;
  }

  stations() {
    const name = this.stationName;
    return name === null ? STATIONS : { ...STATIONS, stations: STATIONS.stations.map((station) => ({ ...station, name })) };
  }

  async readings(station: string, query: ReadingsQuery) {
    this.asked.push({ station, ...query });
    if (station !== 'chujing') throw new Refusal('not-found', `没有站点 ${station}`);
    if (query.parameter === 'ph') throw new Refusal('unavailable', '归档暂时不可用');
    if (query.from >= query.to) throw new Refusal('bad-request', 'from 应早于 to');
    const row = { time: AS_OF, value: 1.37, mark: 'N' as const, quality: 'good' as const, checks: [], source: 'sensor' as const };
    return { parameter: query.parameter, unit: 'mg/L', readings: [row] };
  }

  windows(station: string) {
    if (station !== 'chujing') throw new Refusal('not-found', `没有站点 ${station}`);
    const span = { start: '2026-11-23T00:00:00+08:00', end: '2026-11-24T00:00:00+08:00' };
    const open = { ...span, state: '进行中' as const, validCount: 13, dueCount: 30, class: 'II' as const, last: null };
    return { station, asOf: AS_OF, windows: [{ window: 'day' as const, ...open }] };
  }

  targets() {
    if (this.breakNext) {
      const error = this.breakNext;
      this.breakNext = null;
      throw error;
    }
    return { asOf: AS_OF, targets: [] };
  }

  compliance(target: string): { head: Omit<ComplianceAnswer, 'windows'>; windows: string[] } {
    if (target !== 'river') throw new Refusal('not-found', `没有目标 ${target}`);
    const head = {
      target,
      name: '南坑河五陂段水质达标率',
      nameEn: 'Nankeng River in Wupi',
      kind: 'target' as const,
      period: '2026',
      window: 'month' as const,
      official: true,
      goal: 100,
      basis: 'section-month' as const,
      ...RATE,
      status: 'met' as const,
      reason: null,
      provisional: true,
      note: null,
      part: null,
      parts: { villages: [], reaches: [], chiefs: [], stations: [] },
      windowsOf: ['month' as const, 'day' as const],
      minCapture: 90,
      setAside: { total: 3, over: 2, maintenance: 1, review: 2 },
      good: { rate: 100, good: 10, classed: 10 },
      lastYear: null,
      left: null,
      excuses: [],
    };
    return { head, windows: [JSON.stringify(WINDOW)] };
  }

  breakdown(target: string, query: BreakdownQuery): BreakdownAnswer {
    if (target !== 'river') throw new Refusal('not-found', `没有目标 ${target}`);
    const good = { rate: 100, good: 10, classed: 10 };
    const row = { ...RATE, key: '2026-10', name: '2026-10', nameEn: '2026-10', period: '2026-10', running: false, good };
    const rows = [{ ...row, window: 'month' as const, status: 'met' as const, reason: null }];
    return { target, period: '2026', window: 'month', by: query.by, part: null, rows };
  }

  calendar(target: string): CalendarAnswer {
    if (target !== 'river') throw new Refusal('not-found', `没有目标 ${target}`);
    const day = { date: '2026-11-22', met: 1, exceeded: 0, undetermined: 0, excused: 0, class: 'II' as const };
    return { target, period: '2026', window: 'day', part: null, asOf: AS_OF, days: [day], open: [] };
  }

  changes(target: string) {
    const standing = { class: 'II' as const, excused: false };
    const change = {
      station: 'chujing',
      stationName: '南坑河出境断面',
      start: '2026-11-03T00:00:00+08:00',
      end: '2026-11-04T00:00:00+08:00',
      at: AS_OF,
      from: { verdict: 'met' as const, ...standing },
      to: { verdict: 'exceeded' as const, ...standing },
      reason: '补传 14 条测值',
      text: '2026-11-03 由 达标 改为 超标,原因:补传 14 条测值',
    };
    return { target, period: '2026', window: 'day' as const, changes: [change] };
  }

  alerts(state: 'active' | 'all', names: boolean) {
    this.asked.push({ state, names });
    return { asOf: AS_OF, alerts: [names ? this.alert : { ...this.alert, acknowledgedBy: null }] };
  }

  acknowledge(alert: string, by: string, note: string): AlertView {
    if (alert !== 'a1') throw new Refusal('not-found', `没有报警 ${alert}`);
    const event = { at: AS_OF, from: 'active' as const, to: 'acknowledged' as const, reason: '签收', by, note };
    this.alert = {
      ...ALERT,
      state: 'acknowledged',
      acknowledgedAt: AS_OF,
      acknowledgedBy: by,
      history: [...ALERT.history, event],
    };
    return this.alert;
  }

  close(alert: string, by: string, reason: string): AlertView {
    if (alert !== 'a1') throw new Refusal('not-found', `没有报警 ${alert}`);
    const event = { at: AS_OF, from: 'active' as const, to: 'closed' as const, reason, by, note: null };
    this.alert = { ...ALERT, state: 'closed', history: [...ALERT.history, event] };
    return this.alert;
  }

  /** Reports it above the town. */
  report(alert: string, by: string, note: string): AlertView {
    if (alert !== 'a1') throw new Refusal('not-found', `没有报警 ${alert}`);
    const event = { at: AS_OF, from: 'active' as const, to: 'active' as const, reason: '核实后上报', by, note };
    this.alert = { ...ALERT, history: [...ALERT.history, event] };
    return this.alert;
  }

  notices() {
    const { text: _, ...notice } = NOTICE;
    return { notices: [notice] };
  }

  notice(id: string) {
    if (id !== 'n1') throw new Refusal('not-found', `没有通知 ${id}`);
    return NOTICE;
  }

  async receipts(date: string | undefined) {
    const service = { received: 3, stored: 2, duplicate: 0, corrected: 0, rejected: 1, pending: 0 };
    return { date: date ?? '2026-11-23', stations: [], service };
  }

  rejections(limit: number, which: Omit<RejectionsQuery, 'limit'>) {
    this.asked.push({ limit, ...which });
    const rejection = {
      time: AS_OF,
      topic: 'heqing/x/readings',
      station: null,
      reason: 'not-json',
      detail: '',
      values: 1,
      payload: '{',
    };
    return { rejections: [rejection] };
  }

  refusedPayloads(which: WhichRejections) {
    this.asked.push(which);
    if (which.since === 'yesterday') throw new Refusal('bad-request', 'since 应为带时区的时间');
    const row = { time: AS_OF, topic: 'heqing/x/readings', station: null, reason: 'not-json', values: 1 };
    return [
      { ...row, detail: 'a "b", c', payload: new TextEncoder().encode('=HYPERLINK("x")\n{') },
      { ...row, detail: '', payload: Uint8Array.from([0x7b, 0xff, 0x00]) },
    ];
  }

  async importValues(body: ImportBody, by: string): Promise<ImportAnswer> {
    this.asked.push({ ...body, by });
    if (body.station === 'closed') throw new Refusal('unavailable', '现在不接收数据:磁盘已满');
    return { taken: body.dryRun ? 0 : body.values.length, standings: body.values.map(() => 'new'), refused: [] };
  }

  async replay(which: WhichRejections): Promise<ReplayAnswer> {
    this.asked.push(which);
    return { messages: 3, taken: 1, values: 2, refused: { 'not-json': 1 }, skipped: 1 };
  }
}
