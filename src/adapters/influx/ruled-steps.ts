/** How are steps computed that InfluxQL cannot: those that hold a reading people decided about? */
import { isCharted } from '../../domain/quality/intake.js';
import type { JudgedReading } from '../../domain/reading.js';
import type { Instant, Span } from '../../domain/time.js';
import type { Step } from '../../pipeline/ports.js';

const startOf = (time: Instant, stepMs: number, offset: number): Instant =>
  Math.floor((time - offset) / stepMs) * stepMs + offset;

/** The steps in which `times` lie, as spans; steps next to each other are one. `times` are in order. */
export function runsOf(times: readonly Instant[], stepMs: number, offset: number): Span[] {
  const runs: { from: Instant; to: Instant }[] = [];
  for (const time of times) {
    const from = startOf(time, stepMs, offset);
    const last = runs.at(-1);
    if (last === undefined || from > last.to) runs.push({ from, to: from + stepMs });
    else if (from === last.to) last.to = from + stepMs;
  }
  return runs;
}

/** Steps of `stepMs` that begin at multiples of it after `offset`, over readings in order of time. */
export function stepsOf(readings: readonly JudgedReading[], stepMs: number, offset: number): Step[] {
  const steps = new Map<Instant, JudgedReading[]>();
  for (const reading of readings) {
    const start = startOf(reading.time, stepMs, offset);
    const step = steps.get(start);
    if (step === undefined) steps.set(start, [reading]);
    else step.push(reading);
  }
  return [...steps].map(([start, all]) => {
    const values = all.filter(isCharted).map(({ value }) => value);
    const none = values.length === 0;
    return {
      start,
      mean: none ? null : values.reduce((a, b) => a + b) / values.length,
      min: none ? null : values.reduce((a, b) => Math.min(a, b)),
      max: none ? null : values.reduce((a, b) => Math.max(a, b)),
      valid: values.length,
      total: all.length,
    };
  });
}
