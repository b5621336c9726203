/** What do both ways in, the embedded broker and the client of an outside one, have in common? */
import type { Clock, Intake, Journal, StationStatus, Tap } from '../../pipeline/ports.js';

/** How a part is: `up`, `degraded` (works in part, or waits for something outside) or `down`; `detail` says why, in words. */
export interface PartState {
  readonly state: 'up' | 'degraded' | 'down';
  readonly detail: string;
}

/** What a line from the devices needs. */
export interface LineOptions {
  readonly intake: Intake;
  readonly clock: Clock;
  readonly journal: Journal;
  /** Hears a device's `online` and `offline`, retained ones too. */
  readonly onStatus?: (status: StationStatus) => void;
  /** Hears every change of state, once. */
  readonly onState?: (state: PartState) => void;
}

/** The line over which readings arrive: the embedded broker, or the client of an outside one. */
export interface Line extends Tap {
  /** Where, in words and without a password, for the line printed at start. */
  readonly address: string;
  state(): PartState;
  /** Can readings be taken right now? `false` before the subscription stands, with a broker away, and on a full disk. */
  taking(): boolean;
  /** The embedded broker throws when it cannot listen; the client resolves at once and goes on trying. */
  start(): Promise<void>;
  /** Takes nothing more, finishes and acknowledges what it took, resolves. */
  stop(): Promise<void>;
}

/** Filters of the native dialect (contract §3). */
export const READINGS_FILTER = 'heqing/+/readings';
export const STATUS_FILTER = 'heqing/+/status';

/** What a topic of the native dialect is about, and for which station; `null` for any other topic. */
export function readTopic(topic: string): { readonly kind: 'readings' | 'status'; readonly station: string } | null {
  if (!topic.startsWith('heqing/')) return null;
  const kind = topic.endsWith('/readings') ? 'readings' : topic.endsWith('/status') ? 'status' : null;
  if (kind === null) return null;
  const station = topic.slice(7, -kind.length - 1);
  return station === '' || station.includes('/') ? null : { kind, station };
}

/** The status in a payload: `online` or `offline`; anything else, also the empty payload that clears a retained one, is `null`. */
export function readStatus(payload: Uint8Array): boolean | null {
  if (payload.byteLength > 16) return null;
  const text = Buffer.from(payload).toString('utf8').trim();
  if (text === 'online') return true;
  return text === 'offline' ? false : null;
}

/** Keeps a part's state and tells of changes only. */
export class StateKeeper {
  private current: PartState;

  constructor(
    first: PartState,
    private readonly onState: ((state: PartState) => void) | undefined,
  ) {
    this.current = first;
  }

  get(): PartState {
    return this.current;
  }

  /** Returns whether anything changed. */
  set(state: PartState['state'], detail: string): boolean {
    if (this.current.state === state && this.current.detail === detail) return false;
    this.current = { state, detail };
    this.onState?.(this.current);
    return true;
  }
}
