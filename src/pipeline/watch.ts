/** Which values are over their limit? Log → rule "over the limit" → alerts. */
import type { Severity, Subject } from '../domain/alerting/alert.js';
import { isGraver } from '../domain/alerting/lifecycle.js';
import { type Amended, limitAmendment } from '../domain/alerting/rules/limit-amendment.js';
import { LimitMemory } from '../domain/alerting/rules/limit-memory.js';
import { isStale } from '../domain/alerting/rules/limit-series.js';
import { refutedWords } from '../domain/alerting/rules/limit-words.js';
import { limitStep } from '../domain/alerting/rules/limit.js';
import type { Change, Signal } from '../domain/alerting/signal.js';
import { ruled } from '../domain/quality/decision.js';
import { validity } from '../domain/quality/intake.js';
import type { JudgedReading } from '../domain/reading.js';
import type { Site } from '../domain/site.js';
import type { Instant } from '../domain/time.js';
import type { Episodes } from './alerting/episodes.js';
import type { MomentaryCheck } from './judging/momentary.js';
import type { Clock, Live } from './ports.js';
import type { Rulings } from './judging/rejudge.js';
import type { AlertStore } from './alerting/alert-stores.js';
import type { ReadingLog, Transact, WorkingSet } from './stores.js';
import { type WatchedSeries, watchedSeries } from './alerting/watched-series.js';

/** Values of one transaction. */
const CHUNK = 1500;

/** Holds new alerts back while another one speaks for them (rain over a reach, an upstream wave). */
export interface Suppression {
  /** Why no new alert may open, in words; `null`: it may. Asked only when one would. */
  suppressed(subject: Subject, now: Instant, severity: Severity): string | null;
}

/**
 * Judges every settled reading by the rule "over the limit". Alerts, announcements, the rule's memory and the cursor are
 * committed in one transaction: after a crash it goes on with neither a gap nor a double.
 */
export class Watch {
  private readonly series: ReadonlyMap<string, ReadonlyMap<string, WatchedSeries>>;
  private readonly touched: WatchedSeries[] = [];

  constructor(
    site: Site,
    private readonly log: ReadingLog,
    workingSet: WorkingSet,
    private readonly alerts: AlertStore,
    private readonly episodes: Episodes,
    private readonly check: MomentaryCheck,
    private readonly transact: Transact,
    private readonly clock: Clock,
    private readonly live: Live,
    private readonly changed: () => void,
    private readonly rulings: Pick<Rulings, 'of'>,
    private readonly suppression: Suppression | null = null,
  ) {
    this.series = watchedSeries(site, workingSet, check, rulings);
  }

  /** Judges the next chunk; false when there is none. */
  step(): boolean {
    const batches = this.log.read(this.log.cursor('watch'), this.log.cursor('settle'), CHUNK);
    if (batches.length === 0) return false;
    this.inOneStep((changes) => {
      for (const { readings } of batches) for (const reading of readings) this.judge(reading, changes);
      this.remember();
      this.log.advance('watch', batches.at(-1)!.seq);
    });
    return true;
  }

  /** Makes the alerts active that damping held back for long enough. */
  tick(): void {
    if (!this.episodes.list().some(({ state }) => state === 'pending')) return;
    this.inOneStep((changes) => changes.push(...this.episodes.tick(this.clock.now())));
  }

  private inOneStep(work: (changes: Change[]) => void): void {
    const changes: Change[] = [];
    try {
      this.transact(() => work(changes));
    } catch (error) {
      this.episodes.forget();
      for (const ofStation of this.series.values()) for (const series of ofStation.values()) series.memory = undefined;
      throw error;
    } finally {
      for (const series of this.touched) series.isTouched = false;
      this.touched.length = 0;
    }
    for (const { alert } of changes) this.live.alert(alert);
    if (changes.length > 0) this.changed();
  }

  private judge(reading: JudgedReading, changes: Change[]): void {
    if (reading.source !== 'sensor') return;
    const series = this.series.get(reading.station)?.get(reading.parameter);
    if (series === undefined) return;
    if (reading.amended !== undefined) {
      this.amend(reading, series, changes);
      return;
    }
    // The amendment that says so comes later through the log; nobody is woken at night by a standard solution.
    const ruling = ruled(reading, this.rulings.of(reading.station))?.ruling;
    const moment = this.check.of(ruling === undefined ? reading : { ...reading, ruling });
    if (moment === null) return;
    const memory = this.memoryOf(series);
    const { raised } = memory;
    const now = this.clock.now();
    const signal = limitStep(memory, series, reading.time, reading.value, moment, now);
    this.touch(series);
    if (signal.says === 'nothing') return;
    if (signal.says === 'firing' && this.episodes.of(series.subject) === undefined) {
      // One that was raised and does not stand was closed by a person: until it rises, or was over, it stays so.
      if (raised !== null && !isGraver(signal.severity, raised)) return;
      if (isStale(reading.time, now, series.cadence) || this.isSuppressed(series, now, signal.severity)) {
        memory.withdraw();
        return;
      }
    }
    this.apply(series, signal, now, reading.received, changes);
  }

  /** What is said of a value that was judged before has changed. */
  private amend(reading: JudgedReading, series: WatchedSeries, changes: Change[]): void {
    const memory = this.memoryOf(series);
    const signal = limitAmendment(memory, series, reading.time, reading.value, amendedOf(reading));
    this.touch(series);
    if (signal.says === 'firing' && this.episodes.of(series.subject) === undefined) return;
    this.apply(series, signal, this.clock.now(), reading.received, changes);
  }

  private isSuppressed({ subject }: WatchedSeries, now: Instant, severity: Severity): boolean {
    return this.suppression !== null && this.suppression.suppressed(subject, now, severity) !== null;
  }

  private apply({ subject }: WatchedSeries, signal: Signal, now: Instant, arrivedAt: Instant, changes: Change[]): void {
    const change = this.episodes.apply(subject, signal, now, arrivedAt);
    if (change !== null) changes.push(change);
  }

  private memoryOf(series: WatchedSeries): LimitMemory {
    if (series.memory !== undefined) return series.memory;
    const { subject, parameter, rule } = series.subject;
    const memory = new LimitMemory(series.shape);
    const text = this.alerts.memory(subject, parameter, rule);
    if (text !== undefined) memory.restore(text, this.alerts.memory(subject, parameter, minimaOf(rule)));
    series.memory = memory;
    return memory;
  }

  private touch(series: WatchedSeries): void {
    if (series.isTouched) return;
    series.isTouched = true;
    this.touched.push(series);
  }

  private remember(): void {
    for (const { subject: of, memory } of this.touched) {
      if (memory === undefined) continue;
      this.alerts.putMemory(of.subject, of.parameter, of.rule, memory.text());
      if (memory.minima?.isChanged !== true) continue;
      this.alerts.putMemory(of.subject, of.parameter, minimaOf(of.rule), JSON.stringify(memory.minima.text()));
      memory.minima.isChanged = false;
    }
  }
}

/** The minima of the hours that are over are kept apart: they change once an hour. */
const minimaOf = (rule: string): string => `${rule}/minima`;

function amendedOf(reading: JudgedReading): Amended {
  const counts = validity(reading);
  const isSpike = reading.checks.includes('spike');
  if (counts === 'counts' || counts === 'upper') return { is: isSpike && reading.quality === 'suspect' ? 'spike' : 'valid' };
  return { is: 'excluded', reason: refutedWords(isSpike && counts === 'quality', reading.amended?.reason ?? '') };
}
