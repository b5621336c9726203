/** What do people see of the present? The site and its stations. */
import { openWindow } from '../../domain/compliance/open.js';
import { clockWords } from '../../domain/quality/clock.js';
import type { Site } from '../../domain/site.js';
import { isCertain, limitNumber, limitText } from '../../domain/standards/bind.js';
import type { Station } from '../../domain/station.js';
import { type Instant, isoTime } from '../../domain/time.js';
import { lineOf } from './online.js';
import type { Clock } from '../ports.js';
import type { Outbox } from '../alerting/alert-stores.js';
import type { VerdictStore } from '../judging/verdict-stores.js';
import type { WorkingSet } from '../stores.js';
import type { RollCall } from './roll-call.js';
import type { Comparisons } from '../upkeep/comparisons.js';
import type { JudgedAs } from '../judging/judged-as.js';
import type { MomentaryCheck } from '../judging/momentary.js';

/** Answers about the present. */
export class Report {
  constructor(
    private readonly site: Site,
    private readonly workingSet: WorkingSet,
    private readonly verdicts: VerdictStore,
    private readonly outbox: Pick<Outbox, 'lastSentAt' | 'counts'>,
    private readonly check: MomentaryCheck,
    private readonly clock: Clock,
    private readonly mailTrouble: () => string | null,
    private readonly rollCall: Pick<RollCall, 'finding' | 'isTimeless'>,
    private readonly judgedAs: JudgedAs,
    /** What the instruments' verdicts stand on; without it stations say nothing of comparisons. */
    private readonly comparisons: Pick<Comparisons, 'ofStations'> | null = null,
  ) {}

  /** The site's name and what must stand on every page. */
  siteView() {
    const { name, nameEn, office, officePhone, reaches, english = new Map<string, string>() } = this.site;
    const sent = this.outbox.lastSentAt();
    return {
      name,
      nameEn,
      office,
      officePhone,
      english: Object.fromEntries([...[...reaches.values()].map((reach) => [reach.name, reach.nameEn] as const), ...english]),
      notice: '自动监测原始数据,未经审核,仅供内部工作参考',
      mail: {
        waiting: this.outbox.counts().waiting,
        lastSentAt: sent === null ? null : this.iso(sent),
        failing: this.mailTrouble() !== null,
      },
    };
  }

  /** Every active station with its last values, its state and its open window. */
  stations() {
    const now = this.clock.now();
    const active = [...this.site.stations.values()].filter((station) => station.active);
    return { asOf: this.iso(now), stations: active.map((station) => this.station(station, now)) };
  }

  private iso(t: Instant): string {
    return isoTime(t, this.site.calendar);
  }

  private station(station: Station, now: Instant) {
    const facts = this.workingSet.station(station.id);
    const latest = station.parameters.map(({ parameter }) => this.latest(station, parameter, now));
    const times = latest.flatMap((value) => value.at ?? []);
    return {
      id: station.id,
      name: station.name,
      nameEn: station.nameEn,
      medium: station.medium,
      role: station.role,
      village: station.village,
      reach: station.reach,
      class: station.binding?.class ?? null,
      note: station.binding?.note ?? null,
      supply: station.supply,
      ...this.state(station, facts?.lastArrival ?? null, now),
      clock: this.clockView(station.id),
      timeless: this.rollCall.isTimeless(station.id),
      lastReadingAt: times.length === 0 ? null : this.iso(Math.max(...times)),
      latest: latest.map(({ at: _, ...value }) => value),
      ...(this.comparisons && { comparison: this.comparisons.ofStations([station], now) }),
      current: this.current(station, now),
    };
  }

  /** The window of a station that is open at `now`, and its class so far. */
  current(known: Station, now: Instant) {
    const { station, siteIn } = this.judgedAs(known);
    const { window, ...open } = openWindow(
      this.site,
      station,
      now,
      (parameter, span) => this.workingSet.rows({ station: station.id, parameter, ...span }, 'sensor'),
      siteIn,
    );
    return { window: window.kind, start: this.iso(window.start), end: this.iso(window.end), ...open };
  }

  private clockView(station: string) {
    const finding = this.rollCall.finding(station);
    if (finding === null) return null;
    const { zh, en } = clockWords(finding, this.site.calendar.offsetMinutes);
    return { kind: finding.kind, finding: zh, findingEn: en, since: this.iso(finding.since) };
  }

  /** The last closed window's verdict, or offline after three cadences without an arrival. */
  private state(station: Station, lastArrival: Instant | null, now: Instant) {
    const line = lineOf(station, lastArrival, now);
    if (line === 'never') return { state: 'offline' as const, stateReason: '从未收到数据' };
    if (line === 'silent') return { state: 'offline' as const, stateReason: `${this.iso(lastArrival!)} 之后没有数据` };
    const kind = this.site.judging.get(station.medium)!.windows[0]!;
    const last = this.verdicts.last(kind, station.id, now);
    return last
      ? { state: last.verdict, stateReason: last.reason }
      : { state: 'undetermined' as const, stateReason: '首个评价时段尚未结束' };
  }

  private latest(station: Station, code: string, now: Instant) {
    const parameter = this.site.parameters.get(code)!;
    const reading = this.workingSet.newest(station.id, code);
    const moment = reading ? this.check.of(reading) : null;
    const limit = moment?.limit ?? this.check.printed(station, code, reading?.time ?? now);
    return {
      at: reading?.time ?? null,
      parameter: code,
      name: parameter.name,
      nameEn: parameter.nameEn,
      value: reading?.value ?? null,
      unit: parameter.unit,
      time: reading ? this.iso(reading.time) : null,
      mark: reading?.mark ?? null,
      quality: reading?.quality ?? null,
      limit: limit === null ? null : limitNumber(limit),
      limitText: limit === null ? null : limitText(limit),
      citation: limit?.citation ?? null,
      grade: limit?.grade ?? null,
      unconfirmed: limit !== null && !isCertain(limit),
      check: moment?.check ?? null,
      decimals: parameter.decimals,
    };
  }
}
