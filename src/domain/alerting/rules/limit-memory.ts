/** What does the rule "over the limit" remember of one series? */
import { HOUR, type Instant } from '../../time.js';
import type { Passed, Severity, Words } from '../alert.js';
import type { LimitShape } from '../rules.js';
import { Bins, type BinsText } from './bins.js';
import { Minima, type MinimaText } from './minima.js';

/** No run goes on. */
export const NEVER_SINCE = -1;

/** Values of one episode that are known one by one; a longer one cannot be refuted by what is said of single values. */
const RESTS = 64;

/** Values that were left out later; of the newest the means know it. */
const OUT = 64;

/** What was said when the alert opened or rose: kept, so that it can be said again without the doubt. */
export interface Said {
  readonly severity: Severity;
  readonly value: number;
  readonly passed: Passed;
  readonly reason: Words;
}

interface Kept {
  readonly newest: Instant | null;
  readonly over: number;
  readonly near: number;
  readonly inside: number;
  readonly raised: Severity | null;
  readonly isFalling: boolean;
  readonly since: readonly Instant[];
  readonly rests: readonly Instant[];
  readonly isLong: boolean;
  readonly out: readonly Instant[];
  readonly said: Said | null;
  readonly doubted: { readonly at: Instant; readonly said: Said } | null;
  readonly bins: BinsText;
  readonly hour: readonly [index: number, min: number];
}

/** Runs of a shape that last: beyond the limit, outside the band, no supply, and one for each severe threshold. */
export const RUNS = { over: 0, outside: 1, dry: 2, severe: 3 } as const;

/** Changed in place by every value: a series has one for as long as the service runs, and every reading passes it. */
export class LimitMemory {
  /** Measured time of the newest value judged. */
  newest: Instant = Number.NEGATIVE_INFINITY;
  /** Values in a row: beyond the limit, near it, and back inside while something was raised. */
  over = 0;
  near = 0;
  inside = 0;
  /** The gravest that was said and is not over. */
  raised: Severity | null = null;
  /** It comes from beyond the limit: that it is still near it is no warning, until it was farther off. */
  isFalling = false;
  /** Since when each run goes on; `NEVER_SINCE`: it does not. */
  readonly since: Instant[];
  /** Times of the values that what was raised, or is about to be, rests on. */
  rests: Instant[] = [];
  /** More values than `rests` holds. */
  isLong = false;
  /** Times of values left out after they were judged. */
  out: Instant[] = [];
  said: Said | null = null;
  /** What was said of a value that may be a spike (待复核), beside what was said before. */
  doubted: { readonly at: Instant; readonly said: Said } | null = null;
  /** The course that a mean is taken of; `null`: the shape has none. */
  readonly bins: Bins | null;
  /** The minima of the hours; `null`: the shape looks at none. */
  readonly minima: Minima | null;

  /** Does the shape tell water that is drawn from water that stands? */
  readonly asksFlow: boolean;

  constructor({ over, severe, warning, noSupplyMinutes }: LimitShape) {
    const isDrawn =
      (over.by === 'lasting' && over.when === 'supply') || severe.some((when) => 'withFlow' in when && when.withFlow);
    this.asksFlow = noSupplyMinutes !== null || isDrawn;
    this.since = Array<Instant>(RUNS.severe + severe.length).fill(NEVER_SINCE);
    this.bins = over.by === 'mean' ? new Bins((over.hours * HOUR) / Bins.COUNT) : null;
    this.minima = warning?.by === 'dip' ? new Minima(warning.days) : null;
  }

  /** Notes a value that something rests on. */
  rest(at: Instant): void {
    if (this.rests.at(-1) === at) return;
    if (this.rests.length < RESTS) this.rests.push(at);
    else this.isLong = true;
  }

  /** Nothing is, or is about to be, raised. */
  quieten(): void {
    if (this.rests.length > 0) this.rests = [];
    this.isLong = false;
  }

  /** No run goes on. */
  get isQuiet(): boolean {
    for (let i = 0; i < this.since.length; i++) if (this.since[i] !== NEVER_SINCE) return false;
    return true;
  }

  /** What would have been raised was not: the next value may raise it again. */
  withdraw(): void {
    this.raised = null;
    this.said = null;
    this.doubted = null;
  }

  /** What was raised is over. */
  calm(): void {
    this.raised = null;
    this.said = null;
    this.doubted = null;
    this.inside = 0;
    this.over = 0;
    this.quieten();
  }

  /** Notes a value that was left out; false when it was noted before. */
  leaveOut(at: Instant): boolean {
    if (this.out.includes(at)) return false;
    this.out = [...this.out, at].slice(-OUT);
    return true;
  }

  /** As text. The minima of hours that are over stand apart (`minima.text()`), since they rarely change. */
  text(): string {
    const { newest, over, near, inside, raised, isFalling, since, rests, isLong, out, said, doubted, bins, minima } = this;
    const kept: Partial<Kept> = {
      newest,
      ...(over > 0 ? { over } : {}),
      ...(near > 0 ? { near } : {}),
      ...(inside > 0 ? { inside } : {}),
      ...(raised === null ? {} : { raised }),
      ...(isFalling ? { isFalling } : {}),
      ...(this.isQuiet ? {} : { since }),
      ...(rests.length > 0 ? { rests } : {}),
      ...(isLong ? { isLong } : {}),
      ...(out.length > 0 ? { out } : {}),
      ...(said === null ? {} : { said }),
      ...(doubted === null ? {} : { doubted }),
      ...(bins === null ? {} : { bins: bins.text() }),
      ...(minima === null ? {} : { hour: minima.hour() }),
    };
    return JSON.stringify(kept);
  }

  /** Takes up what was kept under this or another shape; what does not fit is left out. */
  restore(text: string, minima: string | undefined): this {
    const kept = JSON.parse(text) as Partial<Kept>;
    this.newest = kept.newest ?? Number.NEGATIVE_INFINITY;
    this.over = kept.over ?? 0;
    this.near = kept.near ?? 0;
    this.inside = kept.inside ?? 0;
    this.raised = kept.raised ?? null;
    this.isFalling = kept.isFalling ?? false;
    if (kept.since?.length === this.since.length) kept.since.forEach((at, i) => (this.since[i] = at));
    this.rests = [...(kept.rests ?? [])];
    // Of what an older version raised nobody knows what it rests on.
    this.isLong = kept.isLong ?? (this.raised !== null && this.rests.length === 0);
    this.out = [...(kept.out ?? [])];
    this.said = kept.said ?? null;
    this.doubted = kept.doubted ?? null;
    if (kept.bins !== undefined) this.bins?.restore(kept.bins);
    if (minima !== undefined) this.minima?.restore(JSON.parse(minima) as MinimaText);
    if (kept.hour !== undefined) this.minima?.goOn(kept.hour);
    return this;
  }
}

/** A kept memory that knows how far it has judged and nothing else. */
export function begunAnew(text: string): string {
  const { newest = null } = JSON.parse(text) as Partial<Kept>;
  return JSON.stringify({ newest });
}
