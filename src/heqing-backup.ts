/** What do `heqing backup` and `heqing restore` do? They keep the state in one proven file, and make a state of one again. */
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { STATE_FILE } from './app.module.js';
import { DamagedFile } from './adapters/backup/archive-file.js';
import { BUSY_EXIT } from './adapters/backup/backup-process.js';
import { BackupFault, backupsIn, type FinishedBackup, makeBackup } from './adapters/backup/make-backup.js';
import { restoreBackup } from './adapters/backup/restore-backup.js';
import type { Environment } from './adapters/config/environment.js';
import { readDocuments } from './adapters/config/documents.js';
import { ConfigFaults } from './adapters/config/faults.js';
import { loadConfig } from './adapters/config/load-config.js';
import { SqliteBackupStore } from './adapters/sqlite/backup-store.js';
import { Database } from './adapters/sqlite/database.js';
import { pathReason } from './adapters/sqlite/data-folder.js';
import { DataInUse, ServiceLock } from './adapters/sqlite/service-lock.js';
import { copyState, settleRestored, surveyState } from './adapters/sqlite/state-copy.js';
import { DEFAULT_BACKUP, influxCommand, influxRestoreCommand, type Manifest } from './domain/backup.js';

/** Its lines in `heqing --help`. */
export const BACKUP_HELP = `  backup [--to DIR]              备份状态与配置并验证(服务运行时也可);不写 --to 则为配置的目录
                                 backs up state and config and proves it, the service may be running
  restore FILE [--into DIR] [--replace]
                                 从备份恢复(先停服务);目录里已有状态时须 --replace,旧的移到旁边
                                 makes a state of a backup; --replace moves one that stands there aside
`;

/** Ends a command with words and no stack trace. */
export class BackupCommandFault extends Error {
  constructor(
    message: string,
    readonly exit = 1,
  ) {
    super(message);
  }
}

const state = { copy: copyState, survey: surveyState };

const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8')) as { version: string };

const sizeOf = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MiB`;

function countLine({ counts: { accounts, readings, verdicts, alerts, audit, newestReading } }: Manifest): string {
  return (
    `账号 accounts ${accounts},测值 readings ${readings},评价结果 verdicts ${verdicts},预警 alerts ${alerts},` +
    `审计 audit ${audit.entries} (${audit.head.slice(0, 12)}…),最新测值 newest ${newestReading ?? '—'}`
  );
}

/** Runs `backup`. Throws `BackupCommandFault`. */
export async function backup(
  environment: Environment,
  { to, json }: { readonly to: string | undefined; readonly json: boolean },
): Promise<void> {
  const { dataDir, configDir, influx } = environment;
  const { settings } = loadConfig(configDir).site;
  const wanted = settings.backup ?? DEFAULT_BACKUP;
  const own = wanted.dir ?? join(dataDir, 'backups');
  const dir = to ?? own;
  const source = join(dataDir, STATE_FILE);
  if (!existsSync(source)) throw new BackupCommandFault(`${source} 不存在:请先启动一次服务 start the service once first`);
  const began = Date.now();
  const lock = held(dataDir, 'backup.lock', '正在备份 a backup is being made', BUSY_EXIT);
  try {
    const made = await makeBackup({
      ...{ dataDir, configDir, version, state },
      configFiles: readDocuments(configDir).documents.map(({ file }) => file),
      to: dir,
      floor: (disk) => Math.min(settings.diskFloorBytes, (disk * settings.diskFloorPercent) / 100),
      // A folder that somebody names once is theirs to tidy.
      keep: to === undefined || json ? wanted.keep : null,
      history: influx
        ? { where: 'influxdb', database: influx.database, command: influxCommand(influx.database) }
        : { where: 'state' },
      now: began,
    });
    if (json) console.log(JSON.stringify({ file: made.file, bytes: made.bytes }));
    else tell(made, dir, environment, began, resolve(dir) === resolve(own) ? null : resolve(dir));
  } catch (error) {
    throw inWords(error);
  } finally {
    lock.release();
  }
}

function tell(
  { file, bytes, manifest }: FinishedBackup,
  dir: string,
  { dataDir }: Environment,
  at: number,
  elsewhere: string | null,
): void {
  // The page shows what was made by hand, too; the service notes its own.
  const database = new Database(join(dataDir, STATE_FILE));
  try {
    new SqliteBackupStore(database).add({ at, ended: Date.now(), file, bytes, why: null, elsewhere });
  } finally {
    database.close();
  }
  console.log(
    `已备份并验证 backed up and proven: ${join(dir, file)}(${sizeOf(bytes)},${((Date.now() - at) / 1000).toFixed(1)} s)`,
  );
  console.log(`  ${countLine(manifest)}`);
  if (manifest.history.where === 'influxdb')
    console.log(
      `  历史测值在 InfluxDB,须在此之后另行备份 raw history is in InfluxDB, back it up too, after this: ${manifest.history.command}`,
    );
  if (statSync(dir).dev === statSync(dataDir).dev)
    console.log('  注意:备份与数据在同一块盘上,盘坏则两者皆失 it lies on the same disk as the state');
}

/** Runs `restore`. Throws `BackupCommandFault`. */
export async function restore(
  environment: Environment,
  file: string | undefined,
  { into, replace }: { readonly into: string | undefined; readonly replace: boolean },
): Promise<void> {
  if (file === undefined) {
    const dir = configuredFolder(environment) ?? join(environment.dataDir, 'backups');
    const names = await backupsIn(dir);
    throw new BackupCommandFault(
      `${BACKUP_HELP}${names.length > 0 ? `\n${dir}:\n${names.map((name) => `  ${name}\n`).join('')}` : ''}`,
    );
  }
  const folder = into ?? environment.dataDir;
  mkdirSync(folder, { recursive: true });
  const lock = held(folder, undefined, null, 1);
  try {
    const { manifest, kept } = await restoreBackup({
      ...{ file, replace, state },
      into: folder,
      now: Date.now(),
      settle: (path, { madeAt }) => settleRestored(path, { file: basename(file), madeAt, at: Date.now() }),
    });
    console.log(`已恢复并验证 restored and proven: ${join(folder, STATE_FILE)}(${manifest.madeAt},Heqing ${manifest.version})`);
    console.log(`  ${countLine(manifest)}`);
    if (kept !== null) console.log(`  原有的在 what stood there is in ${kept}`);
    console.log(`  当时的配置 the config of then: ${join(folder, 'config')}`);
    console.log('  所有登录已失效,账号与令牌不变 all logins have ended, accounts and tokens are as they were');
    if (manifest.history.where === 'influxdb')
      console.log(
        `  历史测值在 InfluxDB「${manifest.history.database}」,不在此备份内;库若也失去,先恢复它再启动服务 raw history is InfluxDB's, ` +
          `not in this backup; if that is lost too, restore it before the service starts: ${influxRestoreCommand(manifest.history.database)}`,
      );
  } catch (error) {
    throw inWords(error);
  } finally {
    lock.release();
  }
}

/** Where the config has backups kept; `null` where it does not say, as on a machine that has none yet. */
function configuredFolder({ configDir }: Environment): string | null {
  try {
    return loadConfig(configDir).site.settings.backup?.dir ?? null;
  } catch (error) {
    if (error instanceof ConfigFaults) return null;
    throw error;
  }
}

/** A lock on a folder that ends with this process; `words` are said instead of the lock's own. */
function held(folder: string, name: string | undefined, words: string | null, exit: number): ServiceLock {
  try {
    return new ServiceLock(folder, name);
  } catch (error) {
    if (!(error instanceof DataInUse)) throw inWords(error);
    throw new BackupCommandFault(words ?? error.message, exit);
  }
}

/** What an operator can mend needs words only. */
function inWords(error: unknown): unknown {
  if (error instanceof DamagedFile) return new BackupCommandFault(`备份文件已损坏 the file is damaged: ${error.message}`);
  if (error instanceof BackupFault) return new BackupCommandFault(error.message);
  const { code, path } = error as NodeJS.ErrnoException;
  if (code !== undefined) return new BackupCommandFault(`不能使用 ${path ?? ''} cannot be used: ${pathReason(error)}`);
  return error;
}
