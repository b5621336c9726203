/** Is a packet on the wire absurdly large? Told from its header, before anything keeps its bytes. */

/**
 * Follows a stream of MQTT packets. Feed it every chunk in order: it returns the announced length, bytes, of the first
 * packet above `limit` (or `Infinity` for a length that MQTT cannot express), and `null` while all is well. The parser
 * behind it would collect up to 256 MB for one packet before anybody is asked.
 */
export function packetGuard(limit: number): (chunk: Uint8Array) => number | null {
  /** Bytes of the current packet still to come; while 0, a header is being read. */
  let left = 0;
  let inLength = false;
  let length = 0;
  let factor = 1;

  return (chunk) => {
    let at = 0;
    while (at < chunk.length) {
      if (left > 0) {
        const taken = Math.min(left, chunk.length - at);
        left -= taken;
        at += taken;
        continue;
      }
      const byte = chunk[at++] ?? 0;
      if (!inLength) {
        inLength = true;
        length = 0;
        factor = 1;
        continue;
      }
      length += (byte & 0x7f) * factor;
      if (byte & 0x80) {
        factor *= 128;
        if (factor > 128 ** 3) return Infinity;
        continue;
      }
      inLength = false;
      if (length > limit) return length;
      left = length;
    }
    return null;
  };
}
