/** Is the lowest value of a day lower than what is usual at that hour? */
import { HOUR, type Instant } from '../../time.js';

/** Numbers of hours since 1970 with their minima. */
export type MinimaText = readonly (readonly [hour: number, min: number])[];

const HOURS_A_DAY = 24;

/** Share of the days before that must have a minimum at this hour. */
const ENOUGH = 2 / 3;

/** Hourly minima of the last days. What is usual at an hour is worked out when the hour begins. */
export class Minima {
  private readonly kept = new Map<number, number>();
  private now = Number.NEGATIVE_INFINITY;
  private min = Number.POSITIVE_INFINITY;
  private dayMin = Number.POSITIVE_INFINITY;
  private usualNow: number | null = null;
  /** The minima of hours that are over have changed since this was last set to false. */
  isChanged = false;

  /** `days` before that say what is usual. */
  constructor(private readonly days: number) {}

  /** The median of the minima at this hour on the days before; `null`: too few of them have one. */
  get usual(): number | null {
    return this.usualNow;
  }

  /** Adds a value, in order of time; true when it is the lowest of the last day. */
  add(time: Instant, value: number): boolean {
    const hour = Math.floor(time / HOUR);
    if (hour !== this.now) this.begin(hour);
    if (value < this.min) this.min = value;
    return value <= this.min && value <= this.dayMin;
  }

  /** The hour that is not over yet. */
  hour(): readonly [number, number] {
    return [this.now, this.min];
  }

  /** The hours that are over. */
  text(): MinimaText {
    return [...this.kept];
  }

  /** Takes up what was kept. */
  restore(text: MinimaText): void {
    for (const [hour, min] of text) this.kept.set(hour, min);
  }

  /** Takes up the hour that was not over; after `restore`. */
  goOn([hour, min]: readonly [number | null, number | null]): void {
    if (hour === null || min === null) return;
    this.begin(hour);
    this.min = min;
    this.isChanged = false;
  }

  private begin(hour: number): void {
    if (Number.isFinite(this.now)) this.kept.set(this.now, this.min);
    this.now = hour;
    this.min = Number.POSITIVE_INFINITY;
    this.isChanged = true;
    for (const old of this.kept.keys()) if (old < hour - HOURS_A_DAY * (this.days + 1)) this.kept.delete(old);
    this.dayMin = Number.POSITIVE_INFINITY;
    for (let i = 1; i < HOURS_A_DAY; i++) this.dayMin = Math.min(this.dayMin, this.kept.get(hour - i) ?? this.dayMin);
    const same = Array.from({ length: this.days }, (_, i) => this.kept.get(hour - (i + 1) * HOURS_A_DAY));
    const known = same.filter((min) => min !== undefined).sort((a, b) => a - b);
    const middle = known.length / 2;
    this.usualNow = known.length < ENOUGH * this.days ? null : (known[Math.floor(middle)]! + known[Math.ceil(middle) - 1]!) / 2;
  }
}
