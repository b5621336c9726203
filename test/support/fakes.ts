/** What stands behind the ports where the world is not what a test is about? Each fake obeys, remembers, and can be taken away. */
import type { Alert } from '../../src/domain/alerting/alert.js';
import { isCharted } from '../../src/domain/quality/intake.js';
import type { JudgedReading, Reading, Rejection } from '../../src/domain/reading.js';
import type { Instant } from '../../src/domain/time.js';
import {
  type Archive,
  ArchiveError,
  type Clock,
  type Decode,
  type Held,
  type Live,
  type Mail,
  type MailError,
  type Mailer,
  type ReadingKey,
  type SeriesQuery,
  type Step,
} from '../../src/pipeline/ports.js';

/** A clock that stands until it is moved. */
export class ManualClock implements Clock {
  constructor(private instant: Instant) {}

  now(): Instant {
    return this.instant;
  }

  set(instant: Instant): void {
    this.instant = instant;
  }

  advance(ms: number): void {
    this.instant += ms;
  }
}

const keyOf = ({ station, parameter, source, time }: ReadingKey): string => `${station} ${parameter} ${source} ${time}`;

/** An archive in memory. `away`: every call fails and may be tried again. `refuses`: why a reading can never be held. */
export class FakeArchive implements Archive {
  readonly name = 'fake';
  readonly held = new Map<string, JudgedReading>();
  /** Values handed over by `write`, repetitions too. */
  written = 0;
  /** How often `find` was called. */
  asked = 0;
  away = false;
  refuses: (reading: JudgedReading) => string | null = () => null;

  async write(readings: readonly JudgedReading[]): Promise<void> {
    await this.check();
    const culprits: ArchiveError['culprits'][number][] = [];
    for (const reading of readings) {
      const why = this.refuses(reading);
      if (why !== null) culprits.push({ reading, why, reason: 'not-a-number' });
      else {
        this.written++;
        this.held.set(keyOf(reading), reading);
      }
    }
    if (culprits.length > 0) throw new ArchiveError(`${culprits.length} readings cannot be held`, false, culprits);
  }

  async find(keys: readonly ReadingKey[]): Promise<(Held | undefined)[]> {
    this.asked++;
    await this.check();
    return keys.map((key) => this.held.get(keyOf(key)));
  }

  async readings(query: SeriesQuery, max: number): Promise<JudgedReading[]> {
    await this.check();
    return this.of(query).slice(0, max);
  }

  async count(query: SeriesQuery): Promise<number> {
    await this.check();
    return this.of(query).length;
  }

  async steps(query: SeriesQuery, stepMs: number, origin: Instant): Promise<Step[]> {
    await this.check();
    const steps = new Map<Instant, JudgedReading[]>();
    for (const reading of this.of(query)) {
      const start = origin + Math.floor((reading.time - origin) / stepMs) * stepMs;
      steps.set(start, [...(steps.get(start) ?? []), reading]);
    }
    return [...steps].map(([start, readings]) => {
      const values = readings.filter(isCharted).map((r) => r.value);
      const none = values.length === 0;
      return {
        start,
        mean: none ? null : values.reduce((a, b) => a + b) / values.length,
        min: none ? null : Math.min(...values),
        max: none ? null : Math.max(...values),
        valid: values.length,
        total: readings.length,
      };
    });
  }

  check(): Promise<void> {
    return this.away ? Promise.reject(new ArchiveError('the archive is away', true)) : Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private of({ station, parameter, from, to }: SeriesQuery): JudgedReading[] {
    return [...this.held.values()]
      .filter((r) => r.station === station && r.parameter === parameter && r.time >= from && r.time < to)
      .sort((a, b) => a.time - b.time);
  }
}

/** A mail server in memory. `refuses`: why a mail is not taken now. */
export class FakeMailer implements Mailer {
  readonly name = 'fake';
  readonly accepted: Mail[] = [];
  /** Every try, accepted or not. */
  tried = 0;
  refuses: (mail: Mail) => MailError | null = () => null;

  send(mail: Mail): Promise<void> {
    this.tried++;
    const refusal = this.refuses(mail);
    if (refusal !== null) return Promise.reject(refusal);
    this.accepted.push(mail);
    return Promise.resolve();
  }

  check(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** Keeps what a page would have heard. */
export class FakeLive implements Live {
  readonly readings: JudgedReading[] = [];
  readonly alerts: Alert[] = [];
  compliances = 0;

  reading(reading: JudgedReading): void {
    this.readings.push(reading);
  }

  alert(alert: Alert): void {
    this.alerts.push(alert);
  }

  compliance(): void {
    this.compliances++;
  }
}

/** What `decodeFake` reads: readings and refusals as they are. */
export interface FakePayload {
  readonly readings?: readonly Reading[];
  readonly rejections?: readonly Rejection[];
  readonly station?: string | null;
  readonly seq?: number;
  readonly timeless?: boolean;
}

/** A dialect of the tests: the payload is a `FakePayload` as JSON. A payload that says so throws, as no dialect may. */
export const decodeFake: Decode = ({ payload }) => {
  const text = new TextDecoder().decode(payload);
  if (text === 'throw') throw new Error('a decoder that throws');
  const {
    readings = [],
    rejections = [],
    station = readings[0]?.station ?? null,
    seq = null,
    timeless = false,
  } = JSON.parse(text) as FakePayload;
  return { readings, rejections, station, seq, timeless };
};
