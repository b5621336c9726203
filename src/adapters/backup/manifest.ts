/** What does the first file of a backup say, and does the rest keep to it? */
import { z } from 'zod';
import type { BackedUpFile, Manifest } from '../../domain/backup.js';

export const MANIFEST = 'manifest.json';
/** In the form of `sha256sum`, so that `sha256sum -c SHA256SUMS` checks a backup without Heqing. */
export const SUMS = 'SHA256SUMS';
/** The state within a backup. */
export const STATE = 'heqing.db';

const count = z.number().int().min(0);
const manifest = z.object({
  format: z.literal(1),
  version: z.string(),
  madeAt: z.iso.datetime(),
  counts: z.object({
    accounts: count,
    readings: count,
    verdicts: count,
    alerts: count,
    cases: count,
    audit: z.object({ entries: count, head: z.string() }),
    newestReading: z.string().nullable(),
  }),
  history: z.discriminatedUnion('where', [
    z.object({ where: z.literal('state') }),
    z.object({ where: z.literal('influxdb'), database: z.string(), command: z.string() }),
  ]),
  files: z.array(z.object({ path: z.string(), bytes: count, sha256: z.string().regex(/^[0-9a-f]{64}$/) })).min(1),
});

/** Reads a manifest; `null` where the text is none, or one of a newer form. */
export function readManifest(text: string): Manifest | null {
  try {
    return manifest.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** The lines of `SHA256SUMS`. */
export const sumLines = (files: readonly BackedUpFile[]): string =>
  files.map(({ path, sha256 }) => `${sha256}  ${path}\n`).join('');

/** Files that are missing, changed or not named, in words; empty: all are as the manifest says. */
export function misfits({ files }: Manifest, found: readonly BackedUpFile[]): string[] {
  const there = new Map(found.map((file) => [file.path, file]));
  const named = new Set([MANIFEST, SUMS, ...files.map(({ path }) => path)]);
  return [
    ...files.flatMap(({ path, sha256 }) => {
      const file = there.get(path);
      if (file === undefined) return [`${path} 缺失 is missing`];
      return file.sha256 === sha256 ? [] : [`${path} 与校验和不符 does not match its checksum`];
    }),
    ...found.filter(({ path }) => !named.has(path)).map(({ path }) => `${path} 不在清单内 is not in the manifest`),
  ];
}
