/** Which stations' newest windows are 超标? */
import type { Subject } from '../../domain/alerting/alert.js';
import { type JudgedWindow, verdict } from '../../domain/alerting/rules/verdict.js';
import type { VerdictRule } from '../../domain/alerting/rules.js';
import type { Site } from '../../domain/site.js';
import type { Station } from '../../domain/station.js';
import { type Instant, SECOND, type WindowKind } from '../../domain/time.js';
import type { VerdictStore } from '../judging/verdict-stores.js';
import type { Round, Said, Standing } from './vigil.js';

/** The newest window of each kind at each station; looked up again only when a verdict of the station has changed. */
export class VerdictRound implements Round {
  readonly every = 10 * SECOND;
  private readonly kept = new Map<string, { readonly revision: number; readonly windows: readonly (JudgedWindow | null)[] }>();

  constructor(
    private readonly site: Site,
    private readonly rule: VerdictRule,
    private readonly verdicts: Pick<VerdictStore, 'last' | 'printed' | 'revision'>,
  ) {}

  *signals(now: Instant, standing: Standing): Iterable<Said> {
    for (const station of this.site.stations.values()) {
      if (!station.active || !(this.rule.media?.includes(station.medium) ?? true)) continue;
      const windows = this.newest(station, now);
      for (const [i, kind] of this.rule.windows.entries()) {
        const subject: Subject = {
          subject: station.id,
          station: station.id,
          parameter: null,
          rule: `${this.rule.id}-${kind}`,
          kind: 'verdict',
        };
        const openedBy = standing(subject)?.openedAt ?? null;
        const { parameters, calendar } = this.site;
        yield { subject, signal: verdict(windows[i] ?? null, station, parameters, calendar, openedBy, now) };
      }
    }
  }

  private newest({ id }: Station, now: Instant): readonly (JudgedWindow | null)[] {
    const revision = this.verdicts.revision(id);
    const kept = this.kept.get(id);
    if (kept?.revision === revision) return kept.windows;
    const windows = this.rule.windows.map((kind) => this.window(kind, id, now));
    this.kept.set(id, { revision, windows });
    return windows;
  }

  private window(kind: WindowKind, station: string, now: Instant): JudgedWindow | null {
    const last = this.verdicts.last(kind, station, now);
    if (last === undefined) return null;
    const [printed] = this.verdicts.printed(kind, [station], { from: last.start, to: last.start + 1 }, null, 1, 0);
    return { verdict: last, isExcused: (printed?.excuse ?? null) !== null };
  }
}
