/** How did a rate come out over a span that no report has a name for, such as a week? */
import type { RateFacts } from '../../domain/bulletins/facts.js';
import type { Site, Target } from '../../domain/site.js';
import type { Span, WindowKind } from '../../domain/time.js';
import type { VerdictStore } from '../judging/verdict-stores.js';
import type { Clock } from '../ports.js';
import { Rates } from '../reporting/rates.js';
import { setAside } from '../reporting/set-aside.js';
import type { WorkingSet } from '../stores.js';

/** The rate of a target over the windows of a kind that start in the span, by the same rules as every other rate. */
export type SpanRate = (target: Target, window: WindowKind, span: Span) => RateFacts;

/** Rates of spans, from counted verdicts. */
export function spanRates(site: Site, workingSet: WorkingSet, verdicts: VerdictStore, clock: Clock): SpanRate {
  const rates = new Rates(site, workingSet, verdicts);
  return (target, window, span) => {
    const ids = rates.stations(target).map(({ id }) => id);
    const { rate, met, exceeded, undetermined, excused, due, capture, status, reason, good } = rates.summary(
      target,
      window,
      span,
      clock.now(),
    );
    const { total, over } = setAside(verdicts.withSetAside(window, ids, span));
    return {
      ...{ rate, met, exceeded, undetermined, excused, due, capture, status, reason, good },
      setAside: { total, over },
    };
  };
}
