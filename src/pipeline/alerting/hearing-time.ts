/** When could the service hear, so that silence means anything? */
import { DAY, type Instant, MINUTE, SECOND, type Span } from '../../domain/time.js';
import type { Clock } from '../ports.js';
import type { Transact } from '../stores.js';

/** What must speak, and since when it is expected. `parameter` null: the station as a whole. */
export interface Expected {
  readonly station: string;
  readonly parameter: string | null;
  readonly from: Instant;
}

/** When the service heard, durable with the transaction it is written in. */
export interface HearingStore {
  /** When it last heard, and since when it has not; `null` before the first time. */
  state(): { readonly aliveAt: Instant; readonly deafSince: Instant | null } | null;
  putState(aliveAt: Instant, deafSince: Instant | null): void;
  addDeaf(span: Span): void;
  /** Oldest first. */
  deaf(): Span[];
  forgetDeaf(before: Instant): void;
  expected(): Expected[];
  expect(what: Expected): void;
  expectNoMore(station: string, parameter: string | null): void;
}

/** How often it is written down that the service hears: after a kill so much of its hearing counts as deaf, ms. */
const WRITTEN_EVERY = 10 * SECOND;

/** Looks are seconds apart. After so long without one the machine slept, was suspended or had its clock set: nothing was heard, ms. */
const ASLEEP = 10 * MINUTE;

/** Deaf spans are kept for so long. */
const KEPT = 8 * DAY;

/**
 * Keeps the times at which the service itself could not hear: it was down or asleep, the broker was away, or the intake was paused.
 * A silence does not grow in them. Begins deaf, since down: from when it last heard until `taking` says that it hears.
 */
export class HearingTime {
  private spans: Span[];
  private deafSince: Instant | null;
  private aliveAt: Instant;
  private written: Instant;

  constructor(
    private readonly store: HearingStore,
    /** Can readings be taken right now? */
    private readonly taking: () => boolean,
    private readonly transact: Transact,
    clock: Clock,
  ) {
    const now = clock.now();
    const state = store.state();
    this.spans = store.deaf();
    this.aliveAt = state?.aliveAt ?? now;
    this.deafSince = state === null ? now : (state.deafSince ?? Math.min(state.aliveAt, now));
    this.written = Number.NEGATIVE_INFINITY;
  }

  /** Looks whether readings can be taken; call it every few seconds. */
  look(now: Instant): void {
    if (this.deafSince === null && now - this.aliveAt > ASLEEP) this.deafSince = this.aliveAt;
    if (this.taking()) this.hear(now);
    else if (this.deafSince === null) this.turn(() => this.store.putState(this.aliveAt, now), { deafSince: now }, now);
  }

  /** Since when nothing can be heard; `null` while it hears. */
  get since(): Instant | null {
    return this.deafSince;
  }

  /** The spans in which it could not hear, the one under way too. */
  deaf(now: Instant): readonly Span[] {
    return this.deafSince === null ? this.spans : [...this.spans, { from: this.deafSince, to: now }];
  }

  /**
   * From when on each of `what` is expected: when it was first asked for. What is asked for no more is forgotten, so that a
   * station that is switched on again gets its time anew.
   */
  expect(what: readonly Omit<Expected, 'from'>[], now: Instant): ReadonlyMap<string, Instant> {
    const known = new Map(this.store.expected().map((one) => [expectedKey(one.station, one.parameter), one] as const));
    const from = new Map<string, Instant>();
    const fresh = what.filter(({ station, parameter }) => {
      const one = known.get(expectedKey(station, parameter));
      from.set(expectedKey(station, parameter), one?.from ?? now);
      return one === undefined;
    });
    const gone = [...known].filter(([key]) => !from.has(key)).map(([, one]) => one);
    if (fresh.length > 0 || gone.length > 0) {
      this.transact(() => {
        for (const one of fresh) this.store.expect({ ...one, from: now });
        for (const { station, parameter } of gone) this.store.expectNoMore(station, parameter);
      });
    }
    return from;
  }

  private hear(now: Instant): void {
    const from = this.deafSince;
    if (from === null) {
      this.aliveAt = now;
      if (now - this.written >= WRITTEN_EVERY || now < this.written) this.turn(() => this.store.putState(now, null), {}, now);
      return;
    }
    const span = { from, to: now };
    this.turn(
      () => {
        this.store.putState(now, null);
        if (span.to > span.from) this.store.addDeaf(span);
        this.store.forgetDeaf(now - KEPT);
      },
      { deafSince: null },
      now,
    );
    this.aliveAt = now;
    this.spans = [...this.spans.filter(({ to }) => to >= now - KEPT), span];
  }

  /** Memory follows only what was kept. */
  private turn(write: () => void, to: { readonly deafSince?: Instant | null }, now: Instant): void {
    this.transact(write);
    this.written = now;
    if (to.deafSince !== undefined) this.deafSince = to.deafSince;
  }
}

/** Key of `HearingTime.expect`. */
export const expectedKey = (station: string, parameter: string | null): string => `${station} ${parameter ?? ''}`;
