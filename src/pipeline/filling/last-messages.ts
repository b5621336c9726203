/** What did each station send last, as it came off the wire, and what was made of it at the door? */
import type { Instant } from '../../domain/time.js';
import type { Decoded, Delivery } from '../ports.js';

/** Bytes of a payload that are kept. */
const KEPT = 4096;

/** Values and refusals of one message that are kept. */
const MOST = 100;

/** The newest message of a station. */
export interface LastMessage {
  readonly received: Instant;
  readonly topic: string;
  /** Length of the whole payload. */
  readonly bytes: number;
  /** The first 4 KiB, as text. */
  readonly payload: string;
  readonly seq: number | null;
  readonly timeless: boolean;
  readonly readings: Decoded['readings'];
  readonly rejections: Decoded['rejections'];
  /** Values of it beyond those that are kept. */
  readonly more: number;
}

/** A message of a commit, with what was read in it. */
export interface Decided {
  readonly delivery: Delivery;
  readonly decoded: Decoded;
}

interface Kept extends Omit<LastMessage, 'payload'> {
  readonly head: Uint8Array;
}

/**
 * The newest message of each station since the start, in memory: one per station, taken over once a commit and not once a
 * message, so that a flood costs no more than a trickle. After a restart a station's next message is awaited.
 */
export class LastMessages {
  private readonly messages = new Map<string, Kept>();

  /** Takes over what one commit decided, by station; only after it is on disk. */
  take(decided: ReadonlyMap<string, Decided>): void {
    for (const [station, { delivery, decoded }] of decided) {
      const { readings, rejections, seq, timeless } = decoded;
      this.messages.set(station, {
        received: delivery.received,
        topic: delivery.topic,
        bytes: delivery.payload.byteLength,
        // A copy: the payload is a view into the socket's buffer, which would stay as long as the view.
        head: new Uint8Array(delivery.payload.subarray(0, KEPT)),
        seq,
        timeless,
        readings: readings.length > MOST ? readings.slice(0, MOST) : readings,
        rejections: rejections.length > MOST ? rejections.slice(0, MOST) : rejections,
        more: Math.max(0, readings.length - MOST) + Math.max(0, rejections.length - MOST),
      });
    }
  }

  /** The newest message of a station; `null` when none came since the start. */
  of(station: string): LastMessage | null {
    const kept = this.messages.get(station);
    if (kept === undefined) return null;
    const { head, ...rest } = kept;
    return { ...rest, payload: new TextDecoder().decode(head) };
  }
}
