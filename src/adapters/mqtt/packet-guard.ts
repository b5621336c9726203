/** Where does each packet on the wire begin, and may it come in yet? Told from its header, before anything keeps its bytes. */

/** Packets that answer one of ours (PUBACK, PUBREC, PUBREL, PUBCOMP): they cost a device nothing. */
const ANSWERS: ReadonlySet<number> = new Set([4, 5, 6, 7]);

/** A packet counts as one request for each begun piece of this size, so that few large ones weigh as much as many small ones. */
const PIECE_BYTES = 4096;

/** What of a chunk may pass. */
export interface Passed {
  /** Bytes from the start of the chunk; what lies behind them must be given to `pass` again. */
  readonly bytes: number;
  /** What these bytes cost the sender: packets that are no answers, one for each begun 4 KiB. */
  readonly requests: number;
  /** The announced length, bytes, of a packet above the limit, `Infinity` for one that MQTT cannot express; else `null`. */
  readonly tooLong: number | null;
}

/**
 * Follows one stream of MQTT packets; feed it every byte in order. The parser behind it would collect up to 256 MB for one
 * packet before anybody is asked, and would read on however fast they come.
 */
export class PacketGuard {
  /** Bytes of the current packet still to come; while 0, a header is being read. */
  private left = 0;
  private inLength = false;
  private answer = false;
  private length = 0;
  private factor = 1;

  /** `limit`: the longest packet, bytes after its fixed header. */
  constructor(private readonly limit: number) {}

  /** Has the last packet come whole, so that the next byte begins another one? */
  get between(): boolean {
    return this.left === 0 && !this.inLength;
  }

  /** Passes what is left of the current packet, and further ones as long as `budget` requests are not spent. */
  pass(chunk: Uint8Array, budget = Infinity): Passed {
    let at = 0;
    let requests = 0;
    while (at < chunk.length) {
      if (this.left > 0) {
        const taken = Math.min(this.left, chunk.length - at);
        this.left -= taken;
        at += taken;
        continue;
      }
      if (!this.inLength) {
        if (requests >= budget) break;
        this.answer = ANSWERS.has((chunk[at] ?? 0) >> 4);
        at += 1;
        this.inLength = true;
        this.length = 0;
        this.factor = 1;
        continue;
      }
      const byte = chunk[at++] ?? 0;
      this.length += (byte & 0x7f) * this.factor;
      if (byte & 0x80) {
        this.factor *= 128;
        if (this.factor > 128 ** 3) return { bytes: at, requests, tooLong: Infinity };
        continue;
      }
      this.inLength = false;
      if (this.length > this.limit) return { bytes: at, requests, tooLong: this.length };
      this.left = this.length;
      if (!this.answer) requests += Math.max(1, Math.ceil(this.length / PIECE_BYTES));
    }
    return { bytes: at, requests, tooLong: null };
  }
}
