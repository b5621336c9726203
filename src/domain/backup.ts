/** What is in a backup, when is the next one due, and is the last one good enough? */
import type { Words } from './alerting/alert.js';
import { type Calendar, DAY, HOUR, type Instant, localDate, MINUTE, shortTime, startOfDate } from './time.js';

/** After so long without a good one, somebody must look, ms. */
export const TOO_OLD = 3 * DAY;

/** A failed one is tried again after so long, ms. */
export const AGAIN_AFTER = HOUR;

/** When and whereto. `dir` is `null` for the folder beside the state. */
export interface BackupSettings {
  readonly dir: string | null;
  /** `HH:mm` of the site's wall clock. */
  readonly at: string;
  /** Days for which a backup is kept. */
  readonly keep: number;
}

/** What holds where the config says nothing. */
export const DEFAULT_BACKUP: BackupSettings = { dir: null, at: '02:30', keep: 14 };

/** What a state holds, as far as it can be counted: a restored one must hold the same. */
export interface StateCounts {
  readonly accounts: number;
  readonly readings: number;
  readonly verdicts: number;
  readonly alerts: number;
  readonly cases: number;
  readonly audit: { readonly entries: number; readonly head: string };
  /** Measured time of the newest reading, ISO 8601 in UTC; `null` without any. */
  readonly newestReading: string | null;
}

/** Where the raw history is: in the state itself, or in a database that is backed up by its own means. */
export type History =
  { readonly where: 'state' } | { readonly where: 'influxdb'; readonly database: string; readonly command: string };

/** One file of a backup. */
export interface BackedUpFile {
  /** Within the backup, e.g. `config/settings.yaml`. */
  readonly path: string;
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** The first file of a backup: what the others are. */
export interface Manifest {
  readonly format: 1;
  readonly version: string;
  /** ISO 8601 in UTC. */
  readonly madeAt: string;
  readonly counts: StateCounts;
  readonly history: History;
  readonly files: readonly BackedUpFile[];
}

/** One attempt. `file` and `bytes` of one that succeeded, `why` of one that did not. */
export interface BackupAttempt {
  readonly at: Instant;
  readonly ended: Instant;
  readonly file: string | null;
  readonly bytes: number | null;
  readonly why: string | null;
  /** The folder that somebody named for this one (`--to`); `null`: the one that the config has backups kept in. */
  readonly elsewhere: string | null;
}

/** InfluxDB 1.x's own way; what it needs from whoever reads it is a folder. */
export const influxCommand = (database: string): string => `influxd backup -portable -db '${database}' /backup/influxdb`;

/** How that comes back: into a database that is not there, so before the service starts. */
export const influxRestoreCommand = (database: string): string => `influxd restore -portable -db '${database}' /backup/influxdb`;

/** What differs between the counts of a manifest and those of the state that was made from its backup; empty: nothing. */
export function differences(wanted: StateCounts, found: StateCounts): string[] {
  const flat = ({ audit, ...rest }: StateCounts): [string, string | number | null][] => [
    ...Object.entries(rest),
    ['audit entries', audit.entries],
    ['audit head', audit.head],
  ];
  const there = new Map(flat(found));
  return flat(wanted)
    .filter(([name, value]) => there.get(name) !== value)
    .map(([name, value]) => `${name} ${there.get(name) ?? 'none'} ≠ ${value ?? 'none'}`);
}

/** The last instant up to `now` at which one was due. */
export function lastDue(at: string, now: Instant, calendar: Calendar): Instant {
  const [hours = 0, minutes = 0] = at.split(':').map(Number);
  const today = startOfDate(localDate(now, calendar), calendar) + hours * HOUR + minutes * MINUTE;
  return today <= now ? today : today - DAY;
}

/**
 * Is one due? Once a day at its hour, later where the service was down then; a failed one again after an hour. `began`: when
 * this installation first ran, since before that there was nothing to keep.
 */
export function isDue(
  { at }: BackupSettings,
  { began, last, lastGood }: { began: Instant; last: BackupAttempt | null; lastGood: BackupAttempt | null },
  now: Instant,
  calendar: Calendar,
): boolean {
  const due = lastDue(at, now, calendar);
  if (due <= began || (lastGood !== null && lastGood.at >= due)) return false;
  return last === null || last.at < due || now - last.ended >= AGAIN_AFTER;
}

/** How it stands: `off` where the config wants none, `none` before the first, `good`, `failed` when the last one failed, `old`. */
export const BACKUP_STATES = ['off', 'none', 'good', 'failed', 'old'] as const;
export type BackupState = (typeof BACKUP_STATES)[number];

/** How it stands, with words; `alarms`: must somebody be told? */
export interface BackupStanding {
  readonly state: BackupState;
  readonly alarms: boolean;
  readonly words: Words;
}

/** The standing after these attempts. */
export function backupStanding(
  { began, last, lastGood }: { began: Instant; last: BackupAttempt | null; lastGood: BackupAttempt | null },
  now: Instant,
  calendar: Calendar,
): BackupStanding {
  const since = lastGood?.at ?? began;
  const good =
    lastGood === null
      ? { zh: '还没有备份', en: 'there is no backup yet' }
      : { zh: `上次成功 ${shortTime(lastGood.at, calendar)}`, en: `last good one ${shortTime(lastGood.at, calendar)}` };
  const why = last?.why ?? null;
  if (why !== null) {
    return {
      state: 'failed',
      alarms: true,
      words: { zh: `备份失败(${why}),${good.zh}`, en: `the backup failed (${why}), ${good.en}` },
    };
  }
  if (now - since > TOO_OLD) {
    const days = Math.floor((now - since) / DAY);
    return {
      state: 'old',
      alarms: true,
      words: { zh: `${days} 天没有备份,${good.zh}`, en: `no backup for ${days} days, ${good.en}` },
    };
  }
  return { state: lastGood === null ? 'none' : 'good', alarms: false, words: good };
}
