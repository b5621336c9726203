/** What is the mean of the last hours, at a cost that does not depend on how dense the values are? */
import { type Instant, MINUTE } from '../../time.js';

/** Width of a bin (ms), number of the newest bin, sums and counts of all. */
export type BinsText = readonly [width: number, newest: number, sums: readonly number[], counts: readonly number[]];

/** Share of the bins that can hold a value which must hold one. */
const ENOUGH = 0.75;

/** The last hours of a series in two dozen bins. The mean is the mean of the bins' means, so a burst of values weighs no more than an hour. */
export class Bins {
  static readonly COUNT = 24;
  private newest = 0;
  private sums = Array<number>(Bins.COUNT).fill(0);
  private counts = Array<number>(Bins.COUNT).fill(0);

  /** `width` of a bin, ms. */
  constructor(private readonly width: number) {}

  /** Values must come in order of time. */
  add(time: Instant, value: number): void {
    const bin = Math.floor(time / this.width);
    if (bin - this.newest >= Bins.COUNT) {
      this.sums.fill(0);
      this.counts.fill(0);
    } else {
      for (let i = this.newest + 1; i <= bin; i++) this.sums[i % Bins.COUNT] = this.counts[i % Bins.COUNT] = 0;
    }
    this.newest = bin;
    this.sums[bin % Bins.COUNT]! += value;
    this.counts[bin % Bins.COUNT]!++;
  }

  /** Takes a value back. */
  remove(time: Instant, value: number): void {
    const bin = Math.floor(time / this.width);
    if (this.newest - bin >= Bins.COUNT || bin > this.newest || this.counts[bin % Bins.COUNT] === 0) return;
    this.sums[bin % Bins.COUNT]! -= value;
    this.counts[bin % Bins.COUNT]!--;
  }

  /** `null`: fewer than three quarters of the bins hold a value which at this cadence (minutes) could. */
  mean(cadence: number): number | null {
    let sum = 0;
    let filled = 0;
    for (let i = 0; i < Bins.COUNT; i++) {
      const n = this.counts[i]!;
      if (n === 0) continue;
      sum += this.sums[i]! / n;
      filled++;
    }
    const possible = Math.min(Bins.COUNT, Math.max(1, Math.floor((Bins.COUNT * this.width) / (cadence * MINUTE))));
    return filled >= ENOUGH * possible ? sum / filled : null;
  }

  /** As it is kept. */
  text(): BinsText {
    return [this.width, this.newest, this.sums, this.counts];
  }

  /** Takes up what was kept; nothing of other bins. */
  restore([width, newest, sums, counts]: BinsText): void {
    if (width !== this.width || sums.length !== Bins.COUNT) return;
    this.newest = newest;
    this.sums = [...sums];
    this.counts = [...counts];
  }
}
