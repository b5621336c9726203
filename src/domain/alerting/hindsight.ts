/** Looking back: which episodes were there, and how good were the early warnings? */
import { HOUR, type Instant } from '../time.js';
import { type Alert, type AlertKind, SEVERITIES, type Severity } from './alert.js';
import type { Change } from './signal.js';

/** One alert from its opening to its end, as its changes tell it. */
export interface Episode {
  readonly id: string;
  readonly subject: string;
  readonly station: string | null;
  readonly parameter: string | null;
  readonly rule: string;
  readonly kind: AlertKind;
  /** The gravest it was told with. */
  readonly severity: Severity;
  readonly openedAt: Instant;
  /** When it was first more than a 预警; `null`: never. */
  readonly overAt: Instant | null;
  /** When it ended; `null`: it stood at the end. */
  readonly endedAt: Instant | null;
  readonly reason: string;
}

const isEnd = (what: Change['what']): boolean => what === 'resolved' || what === 'refuted' || what === 'closed';

/** The episodes that people heard of, in the order they opened. What was refuted as 突跳 is an episode too: somebody was woken. */
export function episodesOf(changes: readonly Change[]): Episode[] {
  const episodes = new Map<string, Episode>();
  for (const { what, alert, at } of changes) {
    const known = episodes.get(alert.id);
    if (known === undefined) {
      if (!isEnd(what)) episodes.set(alert.id, begun(alert));
      continue;
    }
    const severity = SEVERITIES.indexOf(alert.severity) > SEVERITIES.indexOf(known.severity) ? alert.severity : known.severity;
    const overAt = known.overAt ?? (alert.severity === 'warning' ? null : at);
    episodes.set(alert.id, { ...known, severity, overAt, endedAt: isEnd(what) ? at : known.endedAt });
  }
  return [...episodes.values()].sort((a, b) => a.openedAt - b.openedAt || (a.id < b.id ? -1 : 1));
}

const begun = ({ id, subject, station, parameter, rule, kind, severity, openedAt, reason }: Alert): Episode => ({
  ...{ id, subject, station, parameter, rule, kind, severity, openedAt },
  overAt: severity === 'warning' ? null : openedAt,
  endedAt: null,
  reason: reason.zh,
});

/** Those of `these` that have no counterpart among `others`: none of the same subject, parameter and kind that overlaps them. */
export function withoutCounterpart(these: readonly Episode[], others: readonly Episode[]): Episode[] {
  const key = ({ subject, parameter, kind }: Episode): string => `${subject} ${parameter ?? ''} ${kind}`;
  const byKey = new Map<string, Episode[]>();
  for (const other of others) byKey.set(key(other), [...(byKey.get(key(other)) ?? []), other]);
  return these.filter(
    (one) =>
      !(byKey.get(key(one)) ?? []).some(
        (other) => other.openedAt <= (one.endedAt ?? Infinity) && one.openedAt <= (other.endedAt ?? Infinity),
      ),
  );
}

/** How good the early warnings were. Shares are percent, cut; `null` of nothing. */
export interface Warnings {
  /** 预警 of a trend, of water that comes, or near a limit, about a series. */
  readonly given: number;
  /** Those followed by 超限 of the same series within the horizon. */
  readonly hit: number;
  readonly hitRate: number | null;
  /** Times a series went over its limit. */
  readonly over: number;
  /** Those with a 预警 within the horizon before. */
  readonly warned: number;
  readonly warnedRate: number | null;
  /** Hours between the earliest such 预警 and 超限, their median; `null`: none was warned of. */
  readonly leadHours: number | null;
}

/**
 * Holds warnings against what followed. `horizonHours`: how long a warning is about, at most. A warning that was still within
 * its horizon at `until`, the end of what is known, is neither hit nor miss and is not counted unless it was hit.
 */
export function warningsOf(episodes: readonly Episode[], horizonHours: number, until: Instant): Warnings {
  const horizon = horizonHours * HOUR;
  const series = (e: Episode): string => `${e.station ?? ''} ${e.parameter ?? ''}`;
  const limits = episodes.filter(({ kind, station, overAt }) => kind === 'limit' && station !== null && overAt !== null);
  const warnings = episodes.filter(
    ({ kind, station, openedAt, overAt }) =>
      station !== null && (kind === 'trend' || kind === 'upstream' || (kind === 'limit' && openedAt !== overAt)),
  );
  const follows = (warning: Episode, over: Episode): boolean =>
    series(warning) === series(over) && over.overAt! > warning.openedAt && over.overAt! <= warning.openedAt + horizon;
  const hit = warnings.filter((warning) => limits.some((over) => follows(warning, over)));
  const decided = warnings.filter((warning) => warning.openedAt + horizon <= until || hit.includes(warning));
  const leads = limits.flatMap((over) => {
    const before = warnings.filter((warning) => follows(warning, over)).map(({ openedAt }) => openedAt);
    return before.length === 0 ? [] : [(over.overAt! - Math.min(...before)) / HOUR];
  });
  leads.sort((a, b) => a - b);
  const middle = leads[Math.floor(leads.length / 2)];
  return {
    given: decided.length,
    hit: hit.length,
    hitRate: share(hit.length, decided.length),
    over: limits.length,
    warned: leads.length,
    warnedRate: share(leads.length, limits.length),
    leadHours: middle === undefined ? null : Math.round(middle * 10) / 10,
  };
}

const share = (part: number, whole: number): number | null => (whole === 0 ? null : Math.floor((1000 * part) / whole) / 10);
