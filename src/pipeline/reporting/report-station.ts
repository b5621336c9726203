/** What belongs to one station alone: its days, what lay over its readings, and what it sent last? */
import { stands } from '../../domain/alerting/alert.js';
import type { Reading } from '../../domain/reading.js';
import type { Site } from '../../domain/site.js';
import type { Station } from '../../domain/station.js';
import {
  DAY,
  datesOf,
  type Instant,
  isoTime,
  localDate,
  parsePeriod,
  startOfDate,
  windowAt,
  type WindowKind,
} from '../../domain/time.js';
import { askedTime } from './asked-time.js';
import { limitLines } from './limit-lines.js';
import type { Decisions } from '../deciding/decisions.js';
import type { LastMessages } from '../filling/last-messages.js';
import { type Clock, Refusal } from '../ports.js';
import type { AlertStore } from '../alerting/alert-stores.js';
import type { Ledger, WorkingSet } from '../stores.js';
import type { Outcome, VerdictStore } from '../judging/verdict-stores.js';

/** Windows of one day listed with their evidence: every quarter of an hour, as dust rules have them. */
const MOST_OF_A_DAY = 200;

/** Alerts and maintenance records of one answer. */
const MOST_SPANS = 500;

/** Refusals of a station that are told. */
const REFUSALS = 5;

/** Bytes of a refused payload that are told. */
const SHOWN = 4096;

type DayState = 'met' | 'exceeded' | 'undetermined' | 'excused';

/** Answers for `/api/v1/stations/{id}/days`, `…/spans` and `…/last`. */
export class StationReport {
  constructor(
    private readonly site: Site,
    private readonly workingSet: WorkingSet,
    private readonly verdicts: VerdictStore,
    private readonly ledger: Pick<Ledger, 'rejections'>,
    private readonly alerts: Pick<AlertStore, 'within'>,
    private readonly decisions: Pick<Decisions, 'maintenance'>,
    private readonly lastMessages: Pick<LastMessages, 'of'>,
    private readonly clock: Clock,
  ) {}

  /** How each day of a year came out, by the finest window not under a day, or by the shorter ones where there is none. Throws `Refusal`. */
  days(id: string, year: string | undefined) {
    const station = this.station(id);
    const now = this.clock.now();
    const period = year ?? localDate(now, this.site.calendar).slice(0, 4);
    const span = /^\d{4}$/.test(period) ? parsePeriod(period, this.site.calendar) : null;
    if (span === null) throw new Refusal('bad-request', `year 应为四位年份,如 2026,收到的是 ${period}`);
    const window = this.dayWindow(station);
    const dateOf = datesOf(this.site.calendar);
    const days = new Map<string, Outcome[]>();
    for (const outcome of this.verdicts.outcomes(window, id, span)) {
      const date = dateOf(outcome.start);
      const known = days.get(date);
      if (known === undefined) days.set(date, [outcome]);
      else known.push(outcome);
    }
    const open = windowAt('day', now, this.site.calendar).start;
    return {
      station: id,
      asOf: this.iso(now),
      year: period,
      window,
      today: open >= span.from && open < span.to ? dateOf(open) : null,
      days: [...days].map(([date, outcomes]) => dayView(date, outcomes)),
    };
  }

  /** The windows of one day with their evidence, as JSON texts of one `verdictView` each. Throws `Refusal`. */
  day(id: string, date: string) {
    const station = this.station(id);
    const from = startOfDate(date, this.site.calendar);
    if (Number.isNaN(from) || localDate(from, this.site.calendar) !== date)
      throw new Refusal('bad-request', `没有 ${date} 这一天`);
    const window = this.dayWindow(station);
    const span = { from, to: from + DAY };
    const windows = this.verdicts.printed(window, [id], span, null, MOST_OF_A_DAY, 0).map(({ text }) => text);
    return { head: { station: id, date, window }, windows };
  }

  /** The limits that held for each series in a stretch of time. Throws `Refusal`. */
  limits(id: string, query: { from: string; to: string }) {
    const station = this.station(id);
    return { station: id, limits: limitLines(station, this.site, this.span(query)) };
  }

  /** Maintenance and alerts that touch a stretch of time. Throws `Refusal`. */
  spans(id: string, query: { from: string; to: string }) {
    this.station(id);
    const span = this.span(query);
    const { maintenance } = this.decisions.maintenance({ station: id, from: query.from, to: query.to, limit: MOST_SPANS });
    const alerts = this.alerts.within(span, id, MOST_SPANS).map((alert) => {
      const ended = stands(alert) ? null : (alert.resolvedAt ?? alert.history.at(-1)?.at ?? alert.openedAt);
      return {
        id: alert.id,
        parameter: alert.parameter,
        kind: alert.kind,
        severity: alert.severity,
        from: this.iso(alert.openedAt),
        to: ended === null ? null : this.iso(ended),
        reason: alert.reason.zh,
        reasonEn: alert.reason.en,
      };
    });
    return { station: id, maintenance: maintenance.filter(({ state }) => state !== 'withdrawn'), alerts };
  }

  /** The newest message as it came, what became of each of its values, and the station's newest refusals. Throws `Refusal`. */
  last(id: string) {
    const station = this.station(id);
    const message = this.lastMessages.of(id);
    const decoder = new TextDecoder();
    return {
      station: id,
      asOf: this.iso(this.clock.now()),
      message: message && {
        ...{ received: this.iso(message.received), topic: message.topic, bytes: message.bytes, payload: message.payload },
        ...{ seq: message.seq, timeless: message.timeless, more: message.more },
        values: message.readings.map((reading) => this.became(reading, message.timeless)),
        refused: message.rejections.map(({ reason, detail, values }) => ({ reason, detail, values })),
      },
      newest: station.parameters.flatMap(({ parameter }) => {
        const row = this.workingSet.newest(id, parameter);
        if (row === undefined) return [];
        const { value, mark, quality, checks } = row;
        return [
          { parameter, time: this.iso(row.time), received: this.iso(row.received), value, mark, quality, checks: [...checks] },
        ];
      }),
      rejections: this.ledger
        .rejections(REFUSALS, { station: id })
        .map(({ received, topic, reason, detail, values, payload }) => {
          return { time: this.iso(received), topic, reason, detail, values, payload: decoder.decode(payload.subarray(0, SHOWN)) };
        }),
    };
  }

  /** What stands under a value's key now. A timeless value that came a second time stands at its first arrival. */
  private became({ station, parameter, time, value, mark, source }: Reading, timeless: boolean) {
    const head = { parameter, time: this.iso(time), value, mark };
    const near = this.workingSet.rows({ station, parameter, from: timeless ? time - DAY : time, to: time + 1 }, source);
    const row = near.findLast((r) => r.time === time) ?? (timeless ? near.at(-1) : undefined);
    if (row === undefined) return { ...head, fate: 'pending' as const, quality: null, checks: [] };
    const stays = row.value === value && row.mark === mark;
    return { ...head, fate: stays ? ('kept' as const) : ('replaced' as const), quality: row.quality, checks: [...row.checks] };
  }

  private dayWindow(station: Station): WindowKind {
    const { windows } = this.site.judging.get(station.medium)!;
    return windows.includes('day') ? 'day' : windows[0]!;
  }

  private span(query: { from: string; to: string }): { from: Instant; to: Instant } {
    const span = { from: askedTime('from', query.from, this.site.calendar), to: askedTime('to', query.to, this.site.calendar) };
    if (span.to < span.from) throw new Refusal('bad-request', 'to 早于 from');
    return span;
  }

  private station(id: string): Station {
    const station = this.site.stations.get(id);
    if (!station?.active) throw new Refusal('not-found', `没有代号为 ${id} 的站点`);
    return station;
  }

  private iso(t: Instant): string {
    return isoTime(t, this.site.calendar);
  }
}

/** A day is as bad as its worst window that counts; it is excused when every one of it is. */
function dayView(date: string, outcomes: readonly Outcome[]) {
  const counted = outcomes.filter(({ excuse }) => excuse === null);
  const n = (state: Outcome['verdict']): number => counted.filter(({ verdict }) => verdict === state).length;
  const [met, exceeded, undetermined] = [n('met'), n('exceeded'), n('undetermined')];
  const state: DayState =
    counted.length === 0 ? 'excused' : exceeded > 0 ? 'exceeded' : undetermined > 0 ? 'undetermined' : 'met';
  return { date, state, class: outcomes.length === 1 ? outcomes[0]!.class : null, met, exceeded, undetermined };
}
