/** Which months are signed (定稿), what has changed since (更正), and how do they stand beside the living figure? */
import { type Correction, corrections, figureDiffers } from '../../domain/signing/correction.js';
import { HINDRANCE_WORDS } from '../../domain/signing/hindrance.js';
import type { Figure, SignOff, SignOffHead, Snapshot } from '../../domain/signing/sign-off.js';
import { withSignedMonths } from '../../domain/signing/signed-year.js';
import type { Site, Target } from '../../domain/site.js';
import { type Instant, isoTime, localDate, parsePeriod, type Span, type WindowKind, windowsIn } from '../../domain/time.js';
import { dueSince } from '../judging/due.js';
import type { VerdictStore } from '../judging/verdict-stores.js';
import { type Clock, Refusal } from '../ports.js';
import { officialWindow, stationsOf } from '../reporting/compliance-question.js';
import { Rates } from '../reporting/rates.js';
import type { Audit, WorkingSet } from '../stores.js';
import type { LiveMonths } from './live-month.js';
import type { Digest, SigningStore } from './signing-store.js';
import { auditedAs, isIntact } from './trail.js';

/** Changes of one month's windows that are looked through. */
const MOST_CHANGES = 10_000;

/** A signed month beside the living figure: in memory as long as no verdict of its target changes. */
interface Compared {
  readonly when: string;
  readonly signed: Figure;
  /** 水质优良比例 as it was signed. */
  readonly good: Snapshot['good'];
  readonly live: Figure;
  readonly list: readonly Correction[];
}

/** Answers about what is signed. */
export class SignedMonths {
  private readonly rates: Rates;
  private readonly kept = new Map<string, Compared>();

  constructor(
    private readonly site: Site,
    private readonly store: SigningStore,
    private readonly live: LiveMonths,
    private readonly workingSet: WorkingSet,
    private readonly verdicts: VerdictStore,
    private readonly audit: Pick<Audit, 'list'>,
    private readonly digest: Digest,
    private readonly clock: Clock,
  ) {
    this.rates = new Rates(site, workingSet, verdicts);
  }

  /** The newest edition of every signed month; `verify` computes every hash of every edition again. Throws `Refusal`. */
  list({ target, year, verify }: { target?: string | undefined; year?: string | undefined; verify: boolean }) {
    if (target !== undefined) this.target(target);
    const heads = this.store.list(target).filter(({ period }) => year === undefined || period.startsWith(year));
    const newest = new Map(heads.map((head) => [`${head.target} ${head.period}`, head]));
    return {
      signed: [...newest.values()].map((head) => ({
        target: head.target,
        name: this.site.targets.find(({ id }) => id === head.target)?.name ?? head.target,
        ...this.month(head),
      })),
      verified: verify ? this.verify(heads, target, year) : null,
    };
  }

  /** One month as it was signed, with what has changed since; the newest edition unless one is named. Throws `Refusal`. */
  detail(id: string, period: string, edition?: number) {
    this.live.span(period);
    const signOff = this.store.find(id, period, edition);
    if (signOff === undefined) {
      throw new Refusal('not-found', `${id} 的 ${period} ${edition === undefined ? '尚未定稿' : `没有第 ${edition} 版定稿`}`);
    }
    const compared = this.isKnown(id) ? this.compared(signOff) : null;
    return {
      target: id,
      period,
      ...this.headView(signOff),
      intact: isIntact(signOff, this.audit, this.digest),
      editions: this.store
        .list(id)
        .filter((head) => head.period === period)
        .map((head) => this.headView(head)),
      snapshot: signOff.snapshot,
      live: compared?.live ?? null,
      corrections: this.views(compared?.list ?? []),
    };
  }

  /** Who signed it when, and despite what. */
  headView(head: SignOffHead) {
    const { edition, by, note, hash, despite } = head;
    return {
      ...{ edition, by, note, hash, at: this.iso(head.at) },
      despite: despite.map(({ kind, count, reason }) => ({ kind, count, reason, words: HINDRANCE_WORDS[kind] })),
    };
  }

  /** What is not as it was signed, as printed. */
  corrections(signOff: SignOff) {
    return this.views(this.compared(signOff).list);
  }

  /** Would a further edition say anything else? */
  differs(signOff: SignOff, live: Snapshot): boolean {
    return figureDiffers(signOff.snapshot, live) || corrections(signOff.snapshot, live, []).length > 0;
  }

  /**
   * What of a rate is signed; `null` where nothing is. `figure` is the rate with the signed months as they were signed, `null`
   * where the windows of the period are longer than a month.
   */
  of(id: string, period: string) {
    const span = parsePeriod(period, this.site.calendar);
    const target = this.site.targets.find((each) => each.id === id);
    if (span === null || target === undefined) return null;
    const newest = this.newest(id, period, span);
    if (newest.length === 0) return null;
    const months = newest.map((head) => this.month(head));
    return { months, ended: this.ended(target, span), figure: this.figure(target, period, span, newest) };
  }

  /** The signed months of a target, newest edition each, as they were signed: for what is published. */
  snapshots(id: string): SignOff[] {
    const periods = [...new Set(this.store.list(id).map(({ period }) => period))];
    return periods.flatMap((period) => this.store.find(id, period) ?? []);
  }

  private figure(target: Target, period: string, span: Span, heads: readonly SignOffHead[]): Figure | null {
    const window = officialWindow(this.site, target, period);
    if (!lieWithinMonths(window) && period.length !== 7) return null;
    const compared = heads.flatMap((head) => this.comparedHead(head) ?? []);
    if (period.length === 7) return compared[0]?.signed ?? null;
    const whole = this.rates.summary(target, window, span, this.clock.now());
    const planless = window === 'sample' && target.plan === null;
    return withSignedMonths(whole, compared, { goal: target.goal, minCapture: target.minCapture, planless });
  }

  /** Newest edition of every month that begins in the span. */
  private newest(id: string, period: string, span: Span): SignOffHead[] {
    const within = windowsIn('month', span, this.site.calendar).map(({ start }) =>
      localDate(start, this.site.calendar).slice(0, 7),
    );
    const heads = this.store
      .list(id)
      .filter((head) => (period.length === 7 ? head.period === period : within.includes(head.period)));
    return [...new Map(heads.map((head) => [head.period, head])).values()];
  }

  /** Months of the span that have ended and in which something was due. */
  private ended(target: Target, span: Span): number {
    const now = this.clock.now();
    const since = stationsOf(this.site, target).flatMap((station) => dueSince(this.site, station, this.workingSet) ?? []);
    const first = Math.min(...since, Number.POSITIVE_INFINITY);
    return windowsIn('month', span, this.site.calendar).filter(({ end }) => end <= now && end > first).length;
  }

  private month(head: SignOffHead) {
    const { signed, good, list } = this.comparedHead(head)!;
    const { rate, met, exceeded, undetermined, excused, due, capture, status, reason } = signed;
    return {
      ...{ period: head.period, edition: head.edition, by: head.by, at: this.iso(head.at), hash: head.hash },
      ...{ rate, met, exceeded, undetermined, excused, due, capture, status, reason },
      good,
      corrections: list.length,
    };
  }

  private comparedHead(head: SignOffHead): Compared | null {
    const kept = this.kept.get(head.id);
    if (kept?.when === this.when(head.target)) return kept;
    const signOff = this.store.find(head.target, head.period, head.edition);
    return signOff === undefined ? null : this.compared(signOff);
  }

  private compared(signOff: SignOff): Compared {
    const when = this.when(signOff.target);
    const kept = this.kept.get(signOff.id);
    if (kept?.when === when) return kept;
    const { snapshot } = signOff;
    const target = this.site.targets.find(({ id }) => id === signOff.target);
    // A target that the config no longer has is not computed any more: it stays as it was signed.
    const live = target === undefined ? snapshot : this.live.snapshot(signOff.target, signOff.period);
    const list = target === undefined ? [] : corrections(snapshot, live, this.changes(target, signOff));
    const compared = { when, signed: figureOf(snapshot), good: snapshot.good, live: figureOf(live), list };
    this.kept.set(signOff.id, compared);
    return compared;
  }

  private changes(target: Target, { snapshot, at, period }: SignOff) {
    const ids = stationsOf(this.site, target).map(({ id }) => id);
    const changes = this.verdicts.changes(snapshot.window, ids, this.live.span(period), MOST_CHANGES, 0);
    return changes.filter((change) => change.at >= at);
  }

  /** Changes with every verdict of the target's stations. */
  private when(id: string): string {
    const target = this.site.targets.find((each) => each.id === id);
    const stations = target === undefined ? [] : stationsOf(this.site, target);
    return stations.map((station) => this.verdicts.revision(station.id)).join(' ');
  }

  private verify(heads: readonly SignOffHead[], target: string | undefined, year: string | undefined) {
    const broken = heads.filter(({ target: id, period, edition }) => {
      const signOff = this.store.find(id, period, edition);
      return signOff === undefined || !isIntact(signOff, this.audit, this.digest);
    });
    const known = new Set(heads.map(auditedAs));
    // What the trail tells of and the table has no more was taken away.
    const gone = this.audit
      .list({ action: 'month-signed' }, Number.MAX_SAFE_INTEGER)
      .map(({ what }) => what)
      .filter((what) => {
        const [, id = '', period = ''] = what.split('/');
        return (target === undefined || id === target) && (year === undefined || period.startsWith(year)) && !known.has(what);
      });
    return { editions: heads.length, broken: [...broken.map(auditedAs), ...gone] };
  }

  private views(list: readonly Correction[]) {
    return list.map(({ at, items, ...rest }) => ({ ...rest, items: [...items], at: at === null ? null : this.iso(at) }));
  }

  private isKnown(id: string): boolean {
    return this.site.targets.some((each) => each.id === id);
  }

  private target(id: string): void {
    if (this.isKnown(id)) return;
    throw new Refusal('not-found', `没有代号为 ${id} 的目标;现有:${this.site.targets.map((each) => each.id).join('、')}`);
  }

  private iso(t: Instant): string {
    return isoTime(t, this.site.calendar);
  }
}

/** Windows that never reach over the end of a month. */
const lieWithinMonths = (window: WindowKind): boolean => window !== 'quarter' && window !== 'year';

function figureOf({ rate, met, exceeded, undetermined, excused, due, capture, status, reason }: Snapshot): Figure {
  return { rate, met, exceeded, undetermined, excused, due, capture, status, reason };
}
