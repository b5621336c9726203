/** How do the same contents make the same file? Every entry of the archive gets one date, in one order. */
import PizZip from 'pizzip';

/** The first day a zip can name, on whatever clock this machine runs: the entries hold a wall clock, no instant. */
const DAY_ONE = new Date(1980, 0, 1);

/** The entries as an archive, to the byte the same whenever and wherever it is made. Word wants the list of types first. */
export function sameZip(entries: ReadonlyMap<string, Uint8Array | string>): Uint8Array {
  const zip = new PizZip();
  const names = [...entries.keys()].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  for (const name of names) zip.file(name, entries.get(name)!, { date: DAY_ONE, createFolders: false });
  return zip.generate({ type: 'uint8array', compression: 'DEFLATE', compressionOptions: { level: 6 }, platform: 'DOS' });
}

/** The entries of an archive. Throws for what is none. */
export function entriesOf(bytes: Uint8Array): Map<string, Uint8Array> {
  const zip = new PizZip(bytes);
  return new Map(
    Object.values(zip.files)
      .filter(({ dir }) => !dir)
      .map((file) => [file.name, file.asUint8Array()]),
  );
}

const rank = (name: string): number => (name === '[Content_Types].xml' ? 0 : 1);
