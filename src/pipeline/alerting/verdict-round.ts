/** Which stations' closed windows are 超标? */
import type { Alert, Subject } from '../../domain/alerting/alert.js';
import { type JudgedWindow, NEWS, verdict } from '../../domain/alerting/rules/verdict.js';
import type { VerdictRule } from '../../domain/alerting/rules.js';
import type { Standing as VerdictStanding } from '../../domain/compliance/change.js';
import type { Site } from '../../domain/site.js';
import { type Instant, SECOND, windowAt, type WindowKind } from '../../domain/time.js';
import type { AlertStore } from './alert-stores.js';
import { unit } from '../judging/due.js';
import type { VerdictStore } from '../judging/verdict-stores.js';
import type { Round, Said, Standing } from './vigil.js';

/** More windows, and more alerts, than a station has. */
const ALL = 1_000_000;

/** What was looked up, and of what it stays true. */
interface Kept {
  readonly revision: number;
  readonly openedBy: Instant | null;
  readonly windows: readonly JudgedWindow[];
}

/**
 * The closed windows of each kind at each station, looked up again only when a verdict of the station has changed or an
 * alert has opened or ended. What was told is read from the alerts of the past, so a restart neither forgets nor repeats it.
 */
export class VerdictRound implements Round {
  readonly every = 10 * SECOND;
  private readonly kept = new Map<string, Kept>();

  constructor(
    private readonly site: Site,
    private readonly rule: VerdictRule,
    private readonly verdicts: Pick<VerdictStore, 'changes' | 'list' | 'outcomes' | 'revision'>,
    private readonly alerts: Pick<AlertStore, 'within'>,
  ) {}

  *signals(now: Instant, standing: Standing): Iterable<Said> {
    const { parameters, calendar } = this.site;
    for (const station of this.site.stations.values()) {
      if (!station.active || !(this.rule.media?.includes(station.medium) ?? true)) continue;
      for (const kind of this.rule.windows) {
        const rule = `${this.rule.id}-${kind}`;
        const subject: Subject = { subject: station.id, station: station.id, parameter: null, rule, kind: 'verdict' };
        const openedBy = standing(subject)?.openedAt ?? null;
        const windows = this.windows(kind, station.id, rule, openedBy, now);
        yield { subject, signal: verdict(windows, station, parameters, calendar, openedBy, now) };
      }
    }
  }

  private windows(kind: WindowKind, station: string, rule: string, openedBy: Instant | null, now: Instant): Kept['windows'] {
    const key = `${kind} ${station}`;
    const revision = this.verdicts.revision(station);
    const kept = this.kept.get(key);
    if (kept?.revision === revision && kept.openedBy === openedBy) return kept.windows;
    const since = this.closed(kind, station, openedBy ?? now - NEWS[kind], now);
    const windows = openedBy === null ? this.untold(since, rule) : since;
    this.kept.set(key, { revision, openedBy, windows });
    return windows;
  }

  /** Those that ended at or after `since`, and perhaps a few before. */
  private closed(kind: WindowKind, station: string, since: Instant, now: Instant): JudgedWindow[] {
    // A sample is an instant; any other window that ends there begins before.
    const from = kind === 'sample' ? since : windowAt(unit(kind), since - 1, this.site.calendar).start;
    const outcomes = this.verdicts.outcomes(kind, station, { from, to: now });
    const excused = new Set(outcomes.flatMap(({ start, excuse }) => (excuse === null ? [] : [start])));
    return this.verdicts
      .list(kind, [station], { from, to: now }, null, ALL, 0)
      .map((judged) => ({ verdict: judged, isExcused: excused.has(judged.start) }));
  }

  /** The exceeded ones that lie in no episode of the past, or became so when it had ended. */
  private untold(windows: readonly JudgedWindow[], rule: string): JudgedWindow[] {
    return windows.filter(({ verdict: judged, isExcused }) => {
      if (judged.verdict !== 'exceeded' || isExcused) return false;
      const { kind, station, start, end } = judged;
      const isOver = ({ verdict: state, excused }: VerdictStanding): boolean => state === 'exceeded' && !excused;
      const changes = this.verdicts.changes(kind, [station], { from: start, to: start + 1 }, ALL, 0);
      const since = changes.find(({ from, to }) => isOver(to) && !isOver(from))?.at ?? Number.NEGATIVE_INFINITY;
      const episodes = this.alerts.within({ from: end, to: end + 1 }, station, ALL).filter((alert) => alert.rule === rule);
      return !episodes.some((alert) => end < endOf(alert) && since <= (alert.history.at(-1)?.at ?? end));
    });
  }
}

/** The first window that lies in it no more; where a person closed it, whatever had ended by then was told. */
const endOf = ({ resolvedAt, history, openedAt }: Alert): Instant => resolvedAt ?? history.at(-1)?.at ?? openedAt;
