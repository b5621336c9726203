/** What goes into one mail? */
import { SEVERITIES, stands } from './alert.js';
import type { Why } from './facts.js';
import type { Change } from './signal.js';
import { isEnd } from './timing.js';

/** One event of one alert that a person is to be told. */
export interface Item {
  readonly why: Why;
  readonly change: Change;
}

/** One mail: about one event (`items[0]`, which speaks for the others of its series), or a digest (摘要) of several. */
export interface Letter {
  readonly kind: 'event' | 'digest';
  readonly items: readonly Item[];
}

/**
 * The changes of one alert, oldest first, as the one event that tells the last of it. `wasTold`: the person knows that it
 * opened; who does not is told that it opened, as it is now, or, where it is over already, its whole story as its end.
 */
export function merged(items: readonly Item[], wasTold: boolean): Item {
  const last = items[items.length - 1]!;
  if (wasTold || isEnd(last.why) || items.length === 1) return last;
  const first = items[0]!;
  return first.why === 'opened' ? { why: 'opened', change: { ...last.change, what: 'opened' } } : last;
}

/** Two rules that speak of the same series of values; any other pair tells two things. */
const ofOneSeries = ({ change: { alert: a } }: Item, { change: { alert: b } }: Item): boolean =>
  a.station !== null &&
  a.parameter !== null &&
  a.station === b.station &&
  a.parameter === b.parameter &&
  (a.kind === 'limit' || a.kind === 'trend') &&
  (b.kind === 'limit' || b.kind === 'trend');

/** What stands before what is over, the graver before the lighter, the newer before the older. */
function byWeight({ change: { alert: a, at: atA } }: Item, { change: { alert: b, at: atB } }: Item): number {
  return Number(stands(b)) - Number(stands(a)) || SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) || atB - atA;
}

/** Does it leave by itself whatever else is due? */
const isUrgent = ({ why, change }: Item): boolean => change.alert.severity === 'severe' && !isEnd(why);

/**
 * The mails for one person, of what is due at once: one event one mail; what several rules say of one series is one event;
 * more events than `digestOver`, or events of several stations, are one digest, but 严重超限 has a mail of its own until there
 * are too many of them. `together`: everything is one digest (the mail was away, or the service).
 */
export function bundle(items: readonly Item[], digestOver: number, together: boolean): Letter[] {
  const events: Item[][] = [];
  for (const item of items) {
    const same = events.find((event) => ofOneSeries(event[0]!, item));
    if (same === undefined) events.push([item]);
    else same.push(item);
  }
  for (const event of events) event.sort(byWeight);
  if (events.length > 1 && (together || events.length > digestOver)) return [digest(events)];
  const urgent = events.filter((event) => isUrgent(event[0]!));
  const rest = events.filter((event) => !isUrgent(event[0]!));
  const places = new Set(rest.map(([first]) => first!.change.alert.station ?? first!.change.alert.subject));
  return [...urgent.map(letter), ...(places.size > 1 ? [digest(rest)] : rest.map(letter))];
}

const letter = (items: readonly Item[]): Letter => ({ kind: 'event', items });
const digest = (events: readonly (readonly Item[])[]): Letter => ({
  kind: 'digest',
  items: events.flat().sort(byWeight),
});
