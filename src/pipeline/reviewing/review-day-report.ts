/** What does a reviewer see of one day, and what would a decision change before it is set? */
import { validity } from '../../domain/quality/intake.js';
import type { REVIEW_OUTCOMES } from '../../domain/quality/decision.js';
import { type ReviewOutcome } from '../../domain/quality/decision.js';
import type { JudgedReading, Ruling, Source } from '../../domain/reading.js';
import type { Site } from '../../domain/site.js';
import { limitText } from '../../domain/standards/bind.js';
import type { Station } from '../../domain/station.js';
import { DAY, type Instant, isoTime, type Span } from '../../domain/time.js';
import type { Decisions } from '../deciding/decisions.js';
import type { DayFacts } from '../../domain/reviewing/day-facts.js';
import { ArchiveError, type Clock, Refusal } from '../ports.js';
import { askedTime } from '../reporting/asked-time.js';
import type { LabSamples, SampleValue } from './lab-samples.js';
import type { LookAtDays } from './look-at-days.js';
import type { ReviewDesk } from './review-desk.js';
import type { ReviewQueue } from './review-queue.js';
import type { DayKey, ReviewDayStore } from './review-stores.js';

/** Records, decisions and doubts of one day. */
const MOST = 500;

/** A preview goes no further than this. */
const LONGEST = 32 * DAY;

/** What somebody is about to decide. */
export interface AskedPreview {
  readonly station: string;
  readonly source: Source;
  readonly parameters?: readonly string[] | undefined;
  readonly from: string;
  /** Not in it. */
  readonly to: string;
  readonly outcome: ReviewOutcome;
}

const RULINGS: Readonly<Record<keyof typeof REVIEW_OUTCOMES, Ruling>> = {
  ...{ invalid: 'invalid', suspect: 'suspect', restored: 'restored' },
};

/** Answers for one day of the review. */
export class ReviewDayReport {
  constructor(
    private readonly site: Site,
    private readonly store: ReviewDayStore,
    private readonly queue: ReviewQueue,
    private readonly desk: Pick<ReviewDesk, 'key'>,
    private readonly look: Pick<LookAtDays, 'readings' | 'beyond' | 'facts'>,
    private readonly samples: Pick<LabSamples, 'of'>,
    private readonly decisions: Pick<Decisions, 'maintenance' | 'decisions'>,
    private readonly clock: Clock,
    private readonly isPending: (key: DayKey) => boolean,
  ) {}

  /** One day with its findings as they are now, its doubtful readings, its laboratory samples, and all that people did. Throws `Refusal`. */
  async day(id: string, date: string) {
    const key = this.desk.key(id, date);
    return this.answer(key, date, await this.read(() => this.readings(key)));
  }

  /** The same after an act, which stands whether the archive answers or not: without it, what was last found in the day. */
  async dayAfterAct(id: string, date: string) {
    const key = this.desk.key(id, date);
    const found = await this.readings(key).catch((error: unknown) => {
      if (error instanceof ArchiveError) return null;
      throw error;
    });
    return this.answer(key, date, found);
  }

  /** What has to be read of a day that is no longer at hand. */
  private async readings(key: DayKey) {
    const station = this.site.stations.get(key.station)!;
    const span = { from: key.day, to: key.day + DAY };
    return {
      facts: await this.look.facts(key),
      doubts: await this.doubts(station, span),
      samples: await this.samples.of(station, span),
    };
  }

  /** A day; `found`: `null` where its readings could not be read. */
  private answer(key: DayKey, date: string, found: Found | null) {
    const listed = this.queue.dayOf(key);
    if (listed === undefined) throw new Refusal('bad-request', `${date} 还没有结束,结束后才能审核`);
    const { station } = key;
    const iso = (t: Instant): string => isoTime(t, this.site.calendar);
    const span = { from: iso(key.day), to: iso(key.day + DAY) };
    const view = this.queue.view(listed, found?.facts ?? undefined);
    return {
      ...view,
      ...span,
      verdict: view.verdict ?? (this.store.isJudged(key) ? ('met' as const) : null),
      pending: this.isPending(key),
      events: this.store.events(key).map(({ at, ...event }) => ({ ...event, at: iso(at) })),
      decisions: this.decisions.decisions({ station, ...span, limit: MOST }).decisions,
      maintenance: this.decisions.maintenance({ station, ...span, limit: MOST }).maintenance,
      partial: found === null,
      doubts: (found?.doubts ?? []).map(({ parameter, time, value, quality, checks }) => ({
        ...{ parameter, time: iso(time), value, quality, checks: [...checks] },
      })),
      samples: (found?.samples ?? []).map((one) => this.sampleView(one)),
    };
  }

  /** What a decision would change: readings it reaches, those it would take out or bring back, and how many of these are over a limit. Throws `Refusal`. */
  async preview({ station: id, source, parameters, from: first, to: last, outcome }: AskedPreview) {
    const station = this.site.stations.get(id);
    if (!station?.active) throw new Refusal('not-found', `没有代号为 ${id} 的站点`);
    const [from, to] = [askedTime('from', first, this.site.calendar), askedTime('to', last, this.site.calendar)];
    if (to <= from) throw new Refusal('bad-request', 'to 不晚于 from');
    if (to - from > LONGEST) throw new Refusal('bad-request', '一次最多预览 32 天');
    const codes = parameters?.map((code) => this.site.codes.get(code) ?? code) ?? null;
    const all = await this.read(() => this.touched(station, source, codes, { from, to }));
    const changed = all.filter(({ reading }) => counts(reading) !== counts({ ...reading, ruling: RULINGS[outcome] }));
    const over = (list: readonly Touched[]): number => list.filter(({ isOver }) => isOver).length;
    return {
      ...{ readings: all.length, over: over(all), changed: changed.length, changedOver: over(changed) },
      counted: all.filter(({ reading }) => counts(reading)).length,
      asOf: isoTime(this.clock.now(), this.site.calendar),
    };
  }

  /** Days that are no longer at hand are read from the archive, which may be away. */
  private async read<T>(work: () => Promise<T>): Promise<T> {
    return work().catch((error: unknown) => {
      if (error instanceof ArchiveError) throw new Refusal('unavailable', `归档库暂不可用,无法读取这一天的测值:${error.message}`);
      throw error;
    });
  }

  /** The readings that a decision would reach; `codes`: `null`, those of every parameter. */
  private async touched(station: Station, source: Source, codes: readonly string[] | null, span: Span): Promise<Touched[]> {
    if (source === 'lab') {
      const values = await this.samples.of(station, span);
      return values.flatMap(({ reading, beyond }) =>
        (codes?.includes(reading.parameter) ?? true) ? [{ reading, isOver: beyond !== null }] : [],
      );
    }
    const found: Touched[] = [];
    for (const code of codes ?? station.parameters.map(({ parameter }) => parameter))
      for (const reading of await this.look.readings(station.id, code, span))
        found.push({ reading, isOver: this.look.beyond(station, reading) !== null });
    return found;
  }

  private sampleView({ reading, limits, beyond }: SampleValue) {
    const { parameter: code, time, value, detection = null, quality, ruling = null } = reading;
    const { name = code, nameEn = code, unit = '', decimals = 2 } = this.site.parameters.get(code) ?? {};
    return {
      ...{ parameter: code, name, nameEn, unit, decimals, time: isoTime(time, this.site.calendar), value, detection, quality },
      limitText: limits.length === 0 ? null : limits.map(limitText).join(' · '),
      over: beyond !== null,
      ruling,
    };
  }

  private async doubts(station: Station, span: Span): Promise<JudgedReading[]> {
    const found: JudgedReading[] = [];
    for (const { parameter } of station.parameters)
      for (const reading of await this.look.readings(station.id, parameter, span))
        if (reading.ruling === undefined && (reading.quality === 'suspect' || reading.quality === 'fail')) found.push(reading);
    return found.sort((a, b) => a.time - b.time).slice(0, MOST);
  }
}

/** What is read of a day. */
interface Found {
  readonly facts: DayFacts | null;
  readonly doubts: readonly JudgedReading[];
  readonly samples: readonly SampleValue[];
}

/** A reading that a decision would reach. */
interface Touched {
  readonly reading: JudgedReading;
  /** Beyond its limit, whatever was decided about it. */
  readonly isOver: boolean;
}

function counts(reading: JudgedReading): boolean {
  const found = validity(reading);
  return found === 'counts' || found === 'upper';
}
