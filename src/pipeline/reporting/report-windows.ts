/** Which windows of a station are open, and what became of the last ones? */
import { openWindows } from '../../domain/compliance/open.js';
import { assessPeriod, partOf, type PeriodKind } from '../../domain/compliance/period.js';
import type { Verdict } from '../../domain/compliance/verdict.js';
import type { Site } from '../../domain/site.js';
import { type Instant, isoTime, type Window } from '../../domain/time.js';
import { type Clock, Refusal } from '../ports.js';
import type { Judged, JudgedAs } from '../judging/judged-as.js';
import type { VerdictStore } from '../judging/verdict-stores.js';
import type { WorkingSet } from '../stores.js';

/** Windows a period can be made of: the days of a year. */
const MOST_PARTS = 366;

/** Answers for `/api/v1/stations/{id}/windows`. */
export class WindowsReport {
  /** Station and kind → its open period; it changes only with a verdict of the station, with what people entered about it, or with the period. */
  private readonly kept = new Map<string, { readonly when: string; readonly verdict: Verdict }>();

  constructor(
    private readonly site: Site,
    private readonly workingSet: WorkingSet,
    private readonly verdicts: VerdictStore,
    private readonly clock: Clock,
    private readonly judgedAs: JudgedAs,
  ) {}

  /** The open windows (进行中) of every kind a station is judged by, and each kind's last verdict. Throws `Refusal`. */
  windows(id: string) {
    const known = this.site.stations.get(id);
    if (!known?.active) throw new Refusal('not-found', `没有代号为 ${id} 的站点`);
    const judged = this.judgedAs(known);
    const now = this.clock.now();
    const open = openWindows(
      this.site,
      judged.station,
      now,
      (parameter, span) => this.workingSet.rows({ station: id, parameter, ...span }, 'sensor'),
      (window) => this.soFar(judged, window),
      judged.siteIn,
    );
    return {
      station: id,
      asOf: this.iso(now),
      windows: open.map(({ window, ...counts }) => ({
        window: window.kind,
        state: '进行中' as const,
        start: this.iso(window.start),
        end: this.iso(window.end),
        ...counts,
        last: this.last(this.verdicts.last(window.kind, id, window.start)),
      })),
    };
  }

  /** Without what is excused, as the period will be judged. */
  private soFar({ station, excusedOf, siteIn, edition }: Judged, window: Window & { kind: PeriodKind }): Verdict {
    const key = `${window.kind} ${station.id}`;
    const when = `${this.verdicts.revision(station.id)} ${window.start} ${edition}`;
    const kept = this.kept.get(key);
    if (kept?.when === when) return kept.verdict;
    const part = partOf(window.kind, this.site.judging.get(station.medium)!);
    const parts = this.verdicts.list(part, [station.id], { from: window.start, to: window.end }, null, MOST_PARTS, 0);
    const verdict = assessPeriod(
      siteIn(window),
      station,
      window,
      parts.filter((each) => excusedOf(each).whole === null),
    );
    this.kept.set(key, { when, verdict });
    return verdict;
  }

  private last(v: Verdict | undefined) {
    if (v === undefined) return null;
    const { verdict, class: name, reason } = v;
    return { start: this.iso(v.start), end: this.iso(v.end), verdict, class: name, reason };
  }

  private iso(t: Instant): string {
    return isoTime(t, this.site.calendar);
  }
}
