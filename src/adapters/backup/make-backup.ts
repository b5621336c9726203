/** How is a backup made? Copied, packed, unpacked again and compared; only then does it get its name. */
import { existsSync } from 'node:fs';
import { chmod, mkdir, open, readdir, readFile, realpath, rename, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { type BackedUpFile, differences, type History, type Manifest, type StateCounts } from '../../domain/backup.js';
import { DAY, type Instant } from '../../domain/time.js';
import { type Packed, packFiles, sumOf, unpackFiles } from './archive-file.js';
import { MANIFEST, misfits, readManifest, STATE, sumLines, SUMS } from './manifest.js';

/** What begins so is being made, or was left behind by a process that died; it never counts. */
const HALF = '.heqing-half-';

/** Names of finished ones, which sort by their UTC time. */
const NAME = /^heqing-(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z\.tar\.gz$/;

/** Copy and packed file lie side by side, then packed file and scratch folder: so many times the state, with a little more. */
const ROOM = 2.2;

/** What is done to a state file, by whoever knows how. */
export interface StateFile {
  copy(from: string, to: string): void;
  survey(path: string): { readonly counts: StateCounts; readonly faults: readonly string[] };
}

/** What is backed up, and whereto. */
export interface BackupJob {
  readonly dataDir: string;
  readonly configDir: string;
  /** Files that the config was read from, relative to `configDir`, with `/`; none of them may be missing. */
  readonly configFiles: readonly string[];
  /** Made if missing. */
  readonly to: string;
  /** What must stay free on the disk of `to`, bytes. */
  readonly floor: (diskBytes: number) => number;
  /** Days after which an older one goes; `null` keeps all. */
  readonly keep: number | null;
  readonly version: string;
  readonly history: History;
  readonly now: Instant;
  readonly state: StateFile;
}

/** A finished one. */
export interface FinishedBackup {
  /** Its name within `to`. */
  readonly file: string;
  readonly bytes: number;
  readonly manifest: Manifest;
}

/** What keeps a backup from being made, in words for an operator. */
export class BackupFault extends Error {}

/** Folders and files of `HEQING_DATA` that are not the state's: they are made anew, or are copies. */
const LEFT_OUT = /^(heqing\.(db|lock)|backup\.lock|(backups|mail|config)$|replaced-)/;

/**
 * Makes a backup and resolves when it is on disk, proven and named. Whatever ends it before leaves only a folder that does not
 * count and that the next one removes; two must not run at once. Throws `BackupFault`.
 */
export async function makeBackup(job: BackupJob): Promise<FinishedBackup> {
  const { dataDir, configDir, configFiles, to, now, state } = job;
  const source = join(dataDir, STATE);
  if (!existsSync(source)) throw new BackupFault(`${source} 不存在 is not there`);
  await mkdir(to, { recursive: true });
  await removeHalves(to);
  await needRoom(job, source);
  const at = new Date(Math.floor(now / 1000) * 1000);
  const file = `heqing-${at.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z.tar.gz`;
  const half = join(to, `${HALF}${process.pid}`);
  await mkdir(half, { mode: 0o700 });
  try {
    const copy = join(half, STATE);
    state.copy(source, copy);
    // Before the sums: whoever opens a state may touch it.
    const { counts, faults } = state.survey(copy);
    if (faults.length > 0) throw new BackupFault(`状态文件有损坏 the state is damaged: ${faults.join('; ')}`);
    // The service may read what a walk leaves out, a name that begins with a dot for one.
    const config = [...new Set([...(await filesBelow(configDir, to)), ...configFiles])].sort();
    const files: Packed[] = [
      { path: STATE, from: copy },
      ...config.map((path) => ({ path: `config/${path}`, from: join(configDir, path) })),
      ...(await ownFiles(dataDir, to)).map((path) => ({ path: `files/${path}`, from: join(dataDir, path) })),
    ];
    const sums: BackedUpFile[] = [];
    for (const { path, from } of files) sums.push({ path, ...(await sumOf(from as string)) });
    const { version, history } = job;
    const manifest: Manifest = { format: 1, version, madeAt: at.toISOString(), counts, history, files: sums };
    const packed = join(half, file);
    const head: Packed[] = [
      { path: MANIFEST, from: { text: `${JSON.stringify(manifest, null, 2)}\n` } },
      { path: SUMS, from: { text: sumLines(sums) } },
    ];
    await packFiles([...head, ...files], packed, at);
    // Room for the scratch folder; and what is proven is the packed file, not the copy it came from.
    await rm(copy);
    await prove(packed, join(half, 'scratch'), state);
    await chmod(packed, 0o600);
    await rename(packed, join(to, file));
    await syncFolder(to);
    if (job.keep !== null) await removeOld(to, now - job.keep * DAY, file);
    return { file, bytes: (await stat(join(to, file))).size, manifest };
  } finally {
    await rm(half, { recursive: true, force: true });
  }
}

/** Restores a packed file into `scratch` and compares it with its manifest, which it returns. Throws `BackupFault`. */
export async function prove(packed: string, scratch: string, state: StateFile): Promise<Manifest> {
  const found = await unpackFiles(packed, scratch);
  const manifest = found.some(({ path }) => path === MANIFEST)
    ? readManifest(await readFile(join(scratch, MANIFEST), 'utf8'))
    : null;
  if (manifest === null)
    throw new BackupFault('没有清单或清单属于更新的版本 it has no manifest, or one of a newer version: not a backup of Heqing');
  const wrong = misfits(manifest, found);
  if (wrong.length > 0) throw new BackupFault(`与清单不符 it is not what its manifest says: ${wrong.join('; ')}`);
  const { counts, faults } = state.survey(join(scratch, STATE));
  const all = [...faults, ...differences(manifest.counts, counts)];
  if (all.length > 0)
    throw new BackupFault(`恢复出的状态与清单不符 the restored state is not what was backed up: ${all.join('; ')}`);
  return manifest;
}

/** Finished backups in a folder, oldest first; none where there is no folder. */
export async function backupsIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => NAME.test(name)).sort();
}

async function needRoom({ to, floor }: BackupJob, source: string): Promise<void> {
  const { bavail, blocks, bsize } = await statfs(to);
  // Some network file systems have no size: there only the attempt can tell.
  if (blocks === 0) return;
  const parts = await Promise.all([source, `${source}-wal`].map((path) => stat(path).catch(() => ({ size: 0 }))));
  const needed = ROOM * parts.reduce((sum, { size }) => sum + size, 0) + floor(blocks * bsize);
  if (bavail * bsize >= needed) return;
  const [free, wanted] = [bavail * bsize, needed].map((bytes) => `${Math.ceil(bytes / 1024 / 1024)} MiB`);
  throw new BackupFault(`${to} 空间不足,剩 ${free},需要 ${wanted} not enough room: ${free} left, ${wanted} needed`);
}

/**
 * Files below a folder, relative to it and sorted; a link counts as what it leads to, and one that leads nowhere is a fault. Hidden
 * ones and backups are left out: a backup must not hold those before it.
 */
async function filesBelow(folder: string, backups: string, isLeftOut = (_path: string): boolean => false): Promise<string[]> {
  const walk = async (path: string, above: readonly string[]): Promise<string[]> => {
    const real = await realpath(join(folder, path));
    // A link to a folder above it would never end.
    if (above.includes(real) || (path !== '' && real === (await realpath(backups)))) return [];
    const names = (await readdir(real)).filter((name) => !name.startsWith('.') && !NAME.test(name));
    const paths = names.map((name) => (path === '' ? name : `${path}/${name}`)).filter((below) => !isLeftOut(below));
    const found = paths.map(async (below) => {
      const kind = await stat(join(folder, below)).catch(() => null);
      if (kind === null) throw new BackupFault(`${join(folder, below)} 读不到,备份不全 cannot be read, the backup would lack it`);
      if (kind.isDirectory()) return walk(below, [...above, real]);
      return kind.isFile() ? [below] : [];
    });
    return (await Promise.all(found)).flat();
  };
  return existsSync(folder) ? (await walk('', [])).sort() : [];
}

/** What parts of the service keep in files beside the state. */
const ownFiles = (dataDir: string, backups: string): Promise<string[]> =>
  filesBelow(dataDir, backups, (path) => LEFT_OUT.test(path));

async function removeHalves(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.startsWith(HALF));
  for (const name of names) await rm(join(folder, name), { recursive: true, force: true });
}

/** The one just made stays, whatever its age says. */
async function removeOld(folder: string, before: Instant, made: string): Promise<void> {
  for (const name of await backupsIn(folder)) {
    const [, year, month, day, hour, minute, second] = NAME.exec(name)!.map(Number);
    if (name !== made && Date.UTC(year!, month! - 1, day, hour, minute, second) < before) await rm(join(folder, name));
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
