/** How many laboratory samples were due? */
import { type Calendar, type Instant, type Span, windowAt, windowsIn } from '../time.js';

/** So many samples of every station in each period of the calendar. */
export interface SamplingPlan {
  readonly samples: number;
  readonly every: 'month' | 'quarter' | 'year';
}

/** Samples of one station that were taken, by any instant of their month. */
export interface TakenSamples {
  readonly at: Instant;
  readonly n: number;
  /** 不参评: they fill the plan and are not due. */
  readonly excused: boolean;
}

/**
 * Samples of one station that were due in `span` by `now` (contract §4, Rates): of every period of the plan that lies in the
 * span and has ended, as many as planned, or as were taken where those are more; of a period that still runs, those taken.
 * A sample too many in one period, or at another station, stands for none that is missing: what was not sampled stays due,
 * and therefore undetermined. Excused samples are left out of it.
 */
export function dueSamples(
  plan: SamplingPlan,
  span: Span,
  taken: readonly TakenSamples[],
  now: Instant,
  calendar: Calendar,
): number {
  const periods = new Map<Instant, { planned: number; counting: number; excused: number }>();
  const of = (start: Instant) => {
    const period = periods.get(start) ?? { planned: 0, counting: 0, excused: 0 };
    periods.set(start, period);
    return period;
  };
  for (const { start, end } of span.to > span.from ? windowsIn(plan.every, span, calendar) : []) {
    if (start >= span.from && end <= Math.min(span.to, now)) of(start).planned = plan.samples;
  }
  for (const { at, n, excused } of taken) of(windowAt(plan.every, at, calendar).start)[excused ? 'excused' : 'counting'] += n;
  let due = 0;
  for (const { planned, counting, excused } of periods.values()) due += Math.max(planned - excused, counting);
  return due;
}
