/** How large does an archive say that it becomes? Told from its directory, before anything of it is unpacked. */

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const END_BYTES = 22;
const ENTRY_BYTES = 46;
/** The longest comment behind the end of the directory. */
const LONGEST_COMMENT = 0xffff;
/** A deflated nothing. */
const EMPTY = 2;
/** Sizes that a reader takes from elsewhere than the directory. */
const SIZES_LATER = 8;

/**
 * Bytes of all entries of a ZIP as its directory names them, which is where readers stop unpacking. `Infinity`: it does not name them
 * all, or is larger than 4 GiB. 0: there is no directory, so that nothing can be unpacked either.
 */
export function unpackedBytes(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.byteLength - END_BYTES;
  const first = Math.max(0, end - LONGEST_COMMENT);
  while (end >= first && view.getUint32(end, true) !== END) end--;
  if (end < first) return 0;
  const entries = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  let total = entries === 0xffff || at === 0xffffffff ? Infinity : 0;
  for (let i = 0; i < entries && at + ENTRY_BYTES <= bytes.byteLength && view.getUint32(at, true) === ENTRY; i++) {
    const [flags, packed, unpacked] = [
      view.getUint16(at + 8, true),
      view.getUint32(at + 20, true),
      view.getUint32(at + 24, true),
    ];
    const isNamed = (packed > 0 || (flags & SIZES_LATER) === 0) && (unpacked > 0 || packed <= EMPTY);
    total += isNamed && unpacked !== 0xffffffff ? unpacked : Infinity;
    at += ENTRY_BYTES + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return total;
}
