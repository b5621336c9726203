/** What do messages say of their senders beyond their values: which number, which clock? */
import type { ClockSign } from '../domain/quality/clock.js';
import type { Run } from '../domain/numbering.js';
import type { Instant } from '../domain/time.js';
import type { Decoded, Delivery } from './ports.js';

/** What one commit heard of one station. */
export interface Heard {
  readonly station: string;
  /** Numbers in the order of arrival, those that follow each other as one. */
  readonly runs: readonly Run[];
  readonly signs: readonly ClockSign[];
}

/** Signs of a station in each span of time: a clock is not judged better by a thousand a second. */
const SIGNS = 8;
const SPAN = 10_000;

interface Open {
  readonly station: string;
  readonly runs: { -readonly [K in keyof Run]: Run[K] }[];
  readonly signs: ClockSign[];
}

/**
 * Gathers what the messages of a commit say, O(1) a message; `take` hands it over, to be kept in the same transaction as
 * the values. What was gathered for a commit that failed is dropped: its messages come again.
 */
export class Hearing {
  private stations = new Map<string, Open>();
  private readonly allowance = new Map<string, { from: Instant; left: number }>();

  /** Notes one message. `time`: the arrival its first copy had, when it named none itself. */
  note(delivery: Delivery, decoded: Decoded, arrival: Instant | null): void {
    const { station, readings, seq, refusedTime } = decoded;
    if (station === null) return;
    const { received } = delivery;
    const first = readings[0];
    const time = first === undefined ? null : (arrival ?? first.time);
    if (seq !== null) this.number(station, seq, time, decoded.timeless, received);
    if (first !== undefined && first.source === 'sensor') {
      const kind = decoded.timeless ? 'timeless' : 'timed';
      this.sign(station, { received, kind, time: time!, parameter: first.parameter, value: first.value });
    } else if (refusedTime !== undefined) {
      const { kind, time: meant } = refusedTime;
      this.sign(station, { received, kind, time: meant, parameter: null, value: null });
    }
  }

  /** What was heard since the last call. */
  take(): Heard[] {
    if (this.stations.size === 0) return [];
    const heard = [...this.stations.values()];
    this.stations = new Map();
    return heard;
  }

  private of(station: string): Open {
    let open = this.stations.get(station);
    if (open === undefined) this.stations.set(station, (open = { station, runs: [], signs: [] }));
    return open;
  }

  private number(station: string, seq: number, time: Instant | null, timeless: boolean, received: Instant): void {
    const { runs } = this.of(station);
    const run = runs.at(-1);
    if (run !== undefined && seq === run.last + 1) {
      run.last = seq;
      if (time !== null && (run.newest === null || time > run.newest)) run.newest = time;
      run.received = received;
      return;
    }
    runs.push({ first: seq, last: seq, time, newest: time, timeless, received });
  }

  private sign(station: string, sign: ClockSign): void {
    let allowed = this.allowance.get(station);
    if (allowed === undefined || sign.received - allowed.from >= SPAN || sign.received < allowed.from) {
      this.allowance.set(station, (allowed = { from: sign.received, left: SIGNS }));
    }
    if (allowed.left === 0) return;
    allowed.left--;
    this.of(station).signs.push(sign);
  }
}
