/** What went wrong in the simulated quarter, and what was real though it looked wrong? Planted on the simulator's plain course, so that a review can be counted against it. */
import type { Site } from '../../src/domain/site.js';
import { DAY, HOUR, type Instant, isoTime, localDate, MINUTE, type Span, windowAt } from '../../src/domain/time.js';
import { timetableOf } from '../../src/simulator/schedule.js';
import { createWorld } from '../../src/simulator/world.js';
import type { Message } from '../support/device.js';

/** Who must be found out, and who must be left alone. */
export type Truth = 'false' | 'real' | 'silent';

/** One thing that happened. */
export interface Planted {
  readonly name: string;
  readonly truth: Truth;
  readonly stations: readonly string[];
  readonly parameters: readonly string[];
  /** Half-open. */
  readonly span: Span;
  /** Findings of the queue that must tell of it, as `kind parameter`. */
  readonly findings: readonly string[];
  /** The key of the reason, as the legend of the page numbers them; `null`: there is nothing to set. */
  readonly reason: string | null;
  /** What the sensor shows instead of the natural value; `null`: nothing is sent. */
  readonly shown: (natural: number, t: Instant, parameter: string) => number | null;
}

/** One reading, as `station parameter time`. */
export type ReadingName = string;

/** The name of a reading. */
export const readingName = (station: string, parameter: string, t: Instant): ReadingName => `${station} ${parameter} ${t}`;

/** What the device had kept while nobody heard it: so much more than the plain course, by parameter. */
export type Late = Readonly<Record<string, number>>;

const SEED = 'quarter';
const OUT = 'nankeng-out';
const MID = 'nankeng-mid';

/** What rises and falls again around a moment. */
const crest = (t: Instant, peak: Instant, width: number): number => Math.exp(-0.5 * ((t - peak) / width) ** 2);

/** 0 to 1 within half a day, and back. */
const plateau = (t: Instant, { from, to }: Span): number =>
  Math.max(0, Math.min(1, (t - from) / (12 * HOUR), (to - t) / (12 * HOUR)));

/** How much a flood adds at its crest. */
const FLOOD: Readonly<Record<string, number>> = { turb: 380, tp: 0.36, codmn: 8, level: 1.2, flow: 4200, rain: 9 };

/** A probe that hangs in the air beside the river. */
const IN_THE_AIR: Readonly<Record<string, (natural: number, t: Instant) => number>> = {
  temp: (water) => water + 4.3,
  ph: (water) => water - 1.3,
  do: () => 9.1,
  cond: (_, t) => 3 + ((t / HOUR) % 3),
  turb: (_, t) => 0.4 + ((t / HOUR) % 3) / 10,
};

/** Three whole months before the one in which `now` lies, and what was planted in them. */
export class Quarter {
  /** The first instants of the three months, and of the one after them. */
  readonly months: readonly Instant[];
  readonly planted: readonly Planted[];
  private readonly world;

  constructor(
    private readonly site: Site,
    private readonly now: Instant,
  ) {
    this.world = createWorld(site, SEED, 'calm');
    const months = [windowAt('month', now, site.calendar).start];
    while (months.length < 4) months.unshift(windowAt('month', months[0]! - DAY, site.calendar).start);
    this.months = months;
    this.planted = this.plan();
  }

  get span(): Span {
    return { from: this.months[0]!, to: this.months[3]! };
  }

  /** Of a month by its place, 0 to 2: `2026-10`. */
  period(month: number): string {
    return this.date(this.months[month]!).slice(0, 7);
  }

  date(t: Instant): string {
    return localDate(t, this.site.calendar);
  }

  iso(t: Instant): string {
    return isoTime(t, this.site.calendar);
  }

  /** An instant of the quarter: the hour of a day, counted from 1, of a month, counted from 0. */
  at(month: number, day: number, hour = 0): Instant {
    return this.months[month]! + (day - 1) * DAY + hour * HOUR;
  }

  /** What happened under this name. */
  named(name: string): Planted {
    const found = this.planted.find((one) => one.name === name);
    if (found === undefined) throw new Error(`nothing is planted as ${name}`);
    return found;
  }

  /** Everything that a station's device sends in a span (the quarter and what came after it, unless told); with `late` also what it kept back. */
  messages(station: string, span: Span = { from: this.span.from, to: this.now }, late: Late | null = null): Message[] {
    const parameters = this.site.stations.get(station)!.parameters;
    const timetable = timetableOf(parameters, this.site.calendar);
    const messages: Message[] = [];
    for (let t = timetable.next(span.from - 1); t < span.to; t = timetable.next(t)) {
      const values: Record<string, number> = {};
      for (const parameter of timetable.due(t)) {
        const value = this.value(station, parameter, t, late);
        if (value !== null) values[parameter] = value;
      }
      if (Object.keys(values).length > 0) messages.push({ time: this.iso(t), values });
    }
    return messages;
  }

  /** Every reading that was planted and is not true. */
  falseReadings(): Set<ReadingName> {
    const names = new Set<ReadingName>();
    for (const { truth, stations, parameters, span } of this.planted) {
      if (truth !== 'false') continue;
      for (const station of stations)
        for (const parameter of parameters)
          for (const t of this.instants(station, parameter, span)) names.add(readingName(station, parameter, t));
    }
    return names;
  }

  /** When readings of a parameter were due in a span. */
  instants(station: string, parameter: string, { from, to }: Span): Instant[] {
    const timetable = timetableOf(
      this.site.stations.get(station)!.parameters.filter((one) => one.parameter === parameter),
      this.site.calendar,
    );
    const found: Instant[] = [];
    for (let t = timetable.next(from - 1); t < to; t = timetable.next(t)) found.push(t);
    return found;
  }

  /** Minutes between two readings. */
  cadence(station: string, parameter: string): number {
    return this.site.stations.get(station)!.parameters.find((one) => one.parameter === parameter)!.cadence * MINUTE;
  }

  /** What was planted at a station on a day. */
  on(station: string, date: string): Planted[] {
    return this.planted.filter(
      ({ stations, span }) => stations.includes(station) && this.date(span.from) <= date && this.date(span.to - 1) >= date,
    );
  }

  private value(station: string, parameter: string, t: Instant, late: Late | null): number | null {
    const definition = this.site.parameters.get(parameter)!;
    let value = this.world.value(station, parameter, t);
    for (const { truth, stations, parameters, span, shown } of this.planted) {
      if (value === null) break;
      if (late !== null && truth === 'silent') value += late[parameter] ?? 0;
      else if (stations.includes(station) && parameters.includes(parameter) && t >= span.from && t < span.to)
        value = shown(value, t, parameter);
    }
    if (value === null) return null;
    const [lowest, highest] = definition.range;
    const step = 10 ** definition.decimals;
    return Math.round(Math.max(lowest, Math.min(highest, value)) * step) / step;
  }

  private plan(): Planted[] {
    const at = this.at.bind(this);
    const of = (station: string): string[] => this.site.stations.get(station)!.parameters.map(({ parameter }) => parameter);
    const exceedance = { from: at(0, 6), to: at(0, 16) };
    const stuck = at(2, 12, 6);
    return [
      {
        ...{ name: 'exceedance', truth: 'real', stations: [OUT], parameters: ['nh3n', 'tn'], span: exceedance },
        ...{ findings: ['verdict', 'over nh3n'], reason: null },
        shown: (natural, t) => natural + 2.4 * plateau(t, exceedance),
      },
      {
        // In the days before it was cleaned the probe read lower and lower: the step after it is the truth coming back.
        ...{ name: 'fouling', truth: 'real', stations: [MID], parameters: ['do'], findings: [], reason: null },
        span: { from: at(1, 1), to: at(1, 8, 10) },
        shown: (natural, t) => natural - (0.6 * (t - at(1, 1))) / (at(1, 8, 10) - at(1, 1)),
      },
      {
        ...{ name: 'cleaning', truth: 'false', stations: [MID], parameters: Object.keys(IN_THE_AIR) },
        ...{ span: { from: at(1, 8, 10), to: at(1, 8, 13) }, findings: ['rate-of-change temp', 'rate-of-change ph'] },
        ...{ reason: '2', shown: (natural, t, parameter) => IN_THE_AIR[parameter]!(natural, t) },
      },
      {
        ...{ name: 'flood', truth: 'real', stations: ['nankeng-in', MID, OUT], parameters: Object.keys(FLOOD) },
        ...{ span: { from: at(1, 17, 12), to: at(1, 20) }, findings: ['over tp', 'over codmn'], reason: null },
        shown: (natural, t, parameter) => natural + FLOOD[parameter]! * crest(t, at(1, 18, 20), 7 * HOUR),
      },
      {
        ...{ name: 'spike at the works', truth: 'false', stations: ['changtan-plant'], parameters: ['cl2'] },
        ...{ span: { from: at(1, 25, 14), to: at(1, 25, 15) }, findings: ['spike cl2'], reason: '3', shown: () => 3.4 },
      },
      {
        ...{ name: 'spike in the river', truth: 'false', stations: [OUT], parameters: ['codmn'] },
        ...{ span: { from: at(2, 5, 8), to: at(2, 5, 9) }, findings: ['spike codmn'], reason: '3', shown: () => 42 },
      },
      {
        // The value of 06:00 is the last true one; what repeats it is not.
        ...{ name: 'stuck probe', truth: 'false', stations: [OUT], parameters: ['do'], findings: ['flat-line do'], reason: '1' },
        span: { from: stuck + HOUR, to: stuck + 2 * DAY },
        shown: () => this.world.value(OUT, 'do', stuck),
      },
      {
        ...{ name: 'outage', truth: 'silent', stations: [OUT], parameters: of(OUT), span: { from: at(2, 20), to: at(2, 22) } },
        ...{ findings: ['gap'], reason: null, shown: () => null },
      },
    ];
  }
}
