/**
 * How do values scatter, and yet stay the same in every run?
 *
 * Noise here is no sequence but a function of a name and a time: asking in another order, or for a past hour, gives the same
 * value. That is what makes a backfill equal to what a live run would have sent.
 */
import type { Instant } from '../domain/time.js';

/** A quantity over time. */
export type Signal = (t: Instant) => number;

/** 32-bit FNV-1a of a name. */
function keyOf(name: string): number {
  let key = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) key = Math.imul(key ^ name.charCodeAt(i), 0x01000193);
  return key >>> 0;
}

/** Evenly spread over [0, 1), by key and index (the finalizer of MurmurHash3). */
function spread(key: number, index: number): number {
  let h = key ^ Math.imul(index | 0, 0x9e3779b1) ^ Math.imul(Math.floor(index / 0x1_0000_0000), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 0x1_0000_0000;
}

/** A die that always falls the same way: [0, 1) for a name and an index. */
export function die(name: string): (index: number) => number {
  const key = keyOf(name);
  return (index) => spread(key, index);
}

/** A smooth wandering between -1 and 1 that changes over `period` milliseconds. */
export function wander(name: string, period: number): Signal {
  const key = keyOf(name);
  return (t) => {
    const x = t / period;
    const i = Math.floor(x);
    const f = x - i;
    const smooth = f * f * (3 - 2 * f);
    const a = spread(key, i);
    return 2 * (a + (spread(key, i + 1) - a) * smooth) - 1;
  };
}

/** Instrument noise: bell-shaped, standard deviation 1, never beyond ±3; another value for every second. */
export function jitter(name: string): Signal {
  const keys = [0, 1, 2].map((i) => keyOf(`${name}#${i}`)) as [number, number, number];
  return (t) => {
    const second = Math.floor(t / 1000);
    // Three even dice have variance 3/12: doubled about their mean they have 1, and end at ±3.
    return 2 * (spread(keys[0], second) + spread(keys[1], second) + spread(keys[2], second) - 1.5);
  };
}
