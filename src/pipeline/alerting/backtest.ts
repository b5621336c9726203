/** What would other rules have made of what has happened? */
import { type Episode, episodesOf, type Warnings, warningsOf, withoutCounterpart } from '../../domain/alerting/hindsight.js';
import type { Change } from '../../domain/alerting/signal.js';
import type { JudgedReading } from '../../domain/reading.js';
import type { Site } from '../../domain/site.js';
import { DAY, HOUR, type Instant, MINUTE, SECOND, type Span } from '../../domain/time.js';
import type { Archive } from '../ports.js';

/** A town under one set of rules, on stores of its own and a clock that stands until it is moved. */
export interface Trial {
  /** Readings arrive at `now`; what was due to be told before is told first, each at its own time. */
  take(readings: readonly JudgedReading[], now: Instant): void;
  /** The clock has come to `now`: people were told whatever was due on the way, what it drives looks, and they are told of that. */
  tick(now: Instant): void;
  /** Every change that was announced, in order. */
  readonly changes: readonly Change[];
  /** Mails by id of the person. */
  readonly mails: ReadonlyMap<string, number>;
}

/** Simulated time between two looks of what the clock drives. */
const TICK = 5 * MINUTE;

/** What arrives within so long is taken at once: no longer than 超限 settles, so that one mail stays one mail. */
const TOGETHER = 2 * SECOND;

/** What was handed in later than this (an import, a backfill) counts as if it had come in time: else history would be silent. */
const HANDED_IN = 6 * HOUR;

/** When a reading of history arrives again. */
const arrivalOf = ({ time, received }: JudgedReading): Instant =>
  received > time && received - time <= HANDED_IN ? received : time + MINUTE;

/** Rows of a series that are asked for at once. */
const ROWS = 200_000;

/** What one set of rules made of it. */
export interface Outcome {
  readonly alerts: number;
  /** By kind and the gravest severity, e.g. `limit over`. */
  readonly byKind: Readonly<Record<string, number>>;
  readonly mails: number;
  readonly byPerson: Readonly<Record<string, number>>;
  readonly warnings: Warnings;
}

/** Two sets of rules beside each other. */
export interface Comparison {
  readonly from: Instant;
  readonly to: Instant;
  readonly values: number;
  readonly today: Outcome;
  readonly changed: Outcome;
  /** Alerts with no counterpart under the other rules. */
  readonly onlyToday: readonly Episode[];
  readonly onlyChanged: readonly Episode[];
}

/**
 * The readings of a span of an archive, day by day in the order in which they arrive again. Qualities are those that stand
 * now: a spike that was doubted for an hour is not doubted again. Throws `ArchiveError`.
 */
export async function* history(archive: Pick<Archive, 'readings'>, site: Site, span: Span): AsyncGenerator<JudgedReading[]> {
  const series = [...site.stations.values()]
    .filter(({ active }) => active)
    .flatMap(({ id, parameters }) => parameters.map(({ parameter }) => ({ station: id, parameter })));
  let late: JudgedReading[] = [];
  for (let from = span.from; from < span.to; from += DAY) {
    const to = Math.min(from + DAY, span.to);
    const day = late;
    for (const one of series) {
      for (let next = from; next < to;) {
        const rows = await archive.readings({ ...one, from: next, to }, ROWS);
        for (const row of rows) {
          if (row.source !== 'sensor') continue;
          const { amended: _, ...reading } = row;
          day.push({ ...reading, received: arrivalOf(row) });
        }
        next = rows.length < ROWS ? to : rows[rows.length - 1]!.time + 1;
      }
    }
    day.sort((a, b) => a.received - b.received || a.time - b.time || compare(a, b));
    const end = day.findIndex(({ received }) => received >= to);
    late = end < 0 || to === span.to ? [] : day.splice(end);
    yield day;
  }
}

const compare = (a: JudgedReading, b: JudgedReading): number =>
  a.station < b.station ? -1 : a.station > b.station ? 1 : a.parameter < b.parameter ? -1 : 1;

/**
 * Lives through history once, both trials side by side, and compares. Deterministic: the same history and rules give the same
 * counts. `went`: told after each day with the values so far.
 */
export async function backtest(
  days: AsyncIterable<readonly JudgedReading[]>,
  span: Span,
  trials: { readonly today: Trial; readonly changed: Trial },
  horizonHours: { readonly today: number; readonly changed: number },
  went: (values: number) => void,
): Promise<Comparison> {
  const both = [trials.today, trials.changed];
  let now = span.from;
  let values = 0;
  const tickUntil = (until: Instant): void => {
    for (; now + TICK <= until;) {
      now += TICK;
      for (const trial of both) trial.tick(now);
    }
  };
  for await (const day of days) {
    for (let i = 0; i < day.length;) {
      const first = day[i]!.received;
      tickUntil(first);
      const until = Math.min(first + TOGETHER, now + TICK);
      let end = i;
      while (end < day.length && day[end]!.received < until) end++;
      const batch = day.slice(i, end);
      const arrived = batch.at(-1)!.received;
      for (const trial of both) trial.take(batch, arrived);
      values += batch.length;
      i = end;
    }
    went(values);
  }
  tickUntil(span.to);
  const [today, changed] = [episodesOf(trials.today.changes), episodesOf(trials.changed.changes)];
  return {
    from: span.from,
    to: span.to,
    values,
    today: outcome(today, trials.today.mails, horizonHours.today, span.to),
    changed: outcome(changed, trials.changed.mails, horizonHours.changed, span.to),
    onlyToday: withoutCounterpart(today, changed),
    onlyChanged: withoutCounterpart(changed, today),
  };
}

function outcome(
  episodes: readonly Episode[],
  mails: ReadonlyMap<string, number>,
  horizonHours: number,
  until: Instant,
): Outcome {
  const byKind: Record<string, number> = {};
  for (const { kind, severity } of episodes) byKind[`${kind} ${severity}`] = (byKind[`${kind} ${severity}`] ?? 0) + 1;
  return {
    alerts: episodes.length,
    byKind,
    mails: [...mails.values()].reduce((a, b) => a + b, 0),
    byPerson: Object.fromEntries([...mails].sort(([a], [b]) => (a < b ? -1 : 1))),
    warnings: warningsOf(episodes, horizonHours, until),
  };
}
