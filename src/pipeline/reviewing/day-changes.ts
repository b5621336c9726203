/** Which days are no longer what was looked at? Late and corrected values, judgements and decisions send them back to the queue. */
import type { JudgedReading, Settled } from '../../domain/reading.js';
import { cameText, type Came, fallBack } from '../../domain/reviewing/review-day.js';
import type { Site } from '../../domain/site.js';
import { DAY, type Instant, localDate, type Span, windowAt, windowsIn } from '../../domain/time.js';
import { JUDGE } from '../judging/amendments.js';
import type { Clock } from '../ports.js';
import type { Audit } from '../stores.js';
import type { LookAtDays } from './look-at-days.js';
import type { DayKey, ReviewDayStore } from './review-stores.js';

/** What an act of a person touches. */
export interface TouchedSpan extends Span {
  readonly station: string;
  readonly by: string;
  /** The act in words. */
  readonly reason: string;
}

/** Days that one act is held against at most; an act without an end touches what is over, no further. */
const MOST_DAYS = 4000;

/** Who sends a day back where no person did. */
const SERVICE = 'heqing';

/** Sends days back whose data, judgement or decisions changed after somebody looked at them. */
export class DayChanges {
  constructor(
    private readonly site: Site,
    private readonly store: ReviewDayStore,
    private readonly look: Pick<LookAtDays, 'mark'>,
    private readonly audit: Pick<Audit, 'record'>,
    private readonly clock: Clock,
  ) {}

  /** Readings of days that are over came, were corrected or amended: inside the transaction that passes them. */
  readings(came: readonly { readonly reading: JudgedReading; readonly fate: Settled | null }[]): void {
    const { calendar } = this.site;
    const days = new Map<string, DayKey & { came: Came }>();
    let day = { start: 0, end: 0 };
    for (const { reading, fate } of came) {
      if (fate === 'duplicate' || fate === 'void') continue;
      if (reading.time < day.start || reading.time >= day.end) day = windowAt('day', reading.time, calendar);
      const name = `${reading.station} ${day.start}`;
      const known = days.get(name) ?? { station: reading.station, day: day.start, came: NOTHING };
      days.set(name, { ...known, came: addTo(known.came, reading, fate) });
    }
    for (const { came: what, ...key } of days.values()) {
      this.look.mark(key);
      // What a person did was told when it was done.
      const text = cameText(what);
      if (text !== '') this.sendBack(key, SERVICE, text);
    }
  }

  /** A person decided about a span, or entered work at the instruments: inside the transaction of the act. */
  decided({ station, from, to, by, reason }: TouchedSpan): void {
    const end = Math.min(to, this.clock.now());
    if (end <= from) return;
    const first = Math.max(from, end - MOST_DAYS * DAY);
    for (const { start: day } of windowsIn('day', { from: first, to: end }, this.site.calendar))
      this.sendBack({ station, day }, by, reason);
  }

  private sendBack(key: DayKey, by: string, note: string): void {
    const before = this.store.find(key);
    if (before === undefined) return;
    const done = fallBack(before, { by, at: this.clock.now(), note });
    if (done === null) return;
    this.store.put(done.day, done.event);
    this.audit.record({
      ...{ at: this.clock.now(), who: by, action: 'review-reopened', what: reviewName(key, this.site), station: key.station },
      ...{ before: { state: before.state }, after: { state: done.day.state }, reason: note },
    });
  }
}

/** What the audit trail calls a day: review/nankeng-out/2026-11-22. */
export const reviewName = ({ station, day }: { station: string; day: Instant }, site: Site): string =>
  `review/${station}/${localDate(day, site.calendar)}`;

const NOTHING: Came = { late: 0, sampled: 0, corrected: 0, rejudged: 0 };

function addTo(came: Came, reading: JudgedReading, fate: Settled | null): Came {
  if (reading.amended !== undefined) return reading.amended.by === JUDGE ? { ...came, rejudged: came.rejudged + 1 } : came;
  if (fate === 'corrected') return { ...came, corrected: came.corrected + 1 };
  return reading.source === 'lab' ? { ...came, sampled: came.sampled + 1 } : { ...came, late: came.late + 1 };
}
