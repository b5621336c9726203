/** How do many files become one that any `tar` opens, and many again? In order, so that the same files give the same bytes. */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, stat } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import type { Readable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { extract, pack } from 'tar-stream';
import type { BackedUpFile } from '../../domain/backup.js';

/** It holds password hashes and the key that signs links: for whoever runs the service alone. */
const OWN = 0o600;

/** A quick level: it halves the state, and the next ones cost seconds for a few percent. */
const LEVEL = 3;

/** Something to pack: a file on disk, or a text. */
export interface Packed {
  /** Within the archive, with `/`. */
  readonly path: string;
  readonly from: string | { readonly text: string };
}

/** A file that cannot be unpacked, in words for whoever restores. */
export class DamagedFile extends Error {}

/** Size and SHA-256 of a file. */
export async function sumOf(file: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return { bytes: (await stat(file)).size, sha256: hash.digest('hex') };
}

/** Packs files into a gzipped tar at `to`, on disk when it resolves. `at`: the time every entry carries. */
export async function packFiles(files: readonly Packed[], to: string, at: Date): Promise<void> {
  const tar = pack();
  const written = pipeline(tar, createGzip({ level: LEVEL }), createWriteStream(to, { mode: OWN }));
  const filled = (async () => {
    for (const { path, from } of files) {
      const text = typeof from === 'string' ? null : Buffer.from(from.text);
      const size = text === null ? (await stat(from as string)).size : text.length;
      const entry = tar.entry({ name: path, size, mtime: at, mode: OWN });
      if (text === null) await pipeline(createReadStream(from as string), entry);
      else {
        entry.end(text);
        await finished(entry);
      }
    }
    tar.finalize();
  })();
  filled.catch((error: Error) => tar.destroy(error));
  await Promise.all([written, filled]);
  const file = await open(to, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * Unpacks an archive below `to` and returns each file's size and sum. Throws `DamagedFile` where it is cut, no gzipped tar, or
 * would write anywhere else.
 */
export async function unpackFiles(archive: string, to: string): Promise<BackedUpFile[]> {
  const files: BackedUpFile[] = [];
  const tar = extract();
  const read = pipeline(createReadStream(archive), createGunzip(), tar);
  read.catch(() => undefined);
  try {
    for await (const entry of tar) {
      const { name, type } = entry.header;
      if (type !== 'file' || posix.isAbsolute(name) || posix.normalize(name) !== name || name.startsWith('..'))
        throw new DamagedFile(`it holds ${type ?? 'something'} ${name}, which no backup has`);
      const target = join(to, name);
      await mkdir(dirname(target), { recursive: true });
      const hash = createHash('sha256');
      let bytes = 0;
      const source = entry as unknown as Readable;
      source.on('data', (part: Buffer) => {
        hash.update(part);
        bytes += part.length;
      });
      await pipeline(source, createWriteStream(target, { mode: OWN }));
      files.push({ path: name, bytes, sha256: hash.digest('hex') });
    }
    await read;
  } catch (error) {
    throw damaged(error);
  }
  return files;
}

/** What the world says of a file that is no archive, as a `DamagedFile`; a full disk or a missing file stays what it is. */
function damaged(error: unknown): unknown {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return error instanceof DamagedFile || /^E[A-Z]+$/.test(code) ? error : new DamagedFile(message);
}
