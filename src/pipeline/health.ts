/** Is every part alive, and can readings be taken? */
import type { BackupStanding } from '../domain/backup.js';
import type { PathState } from './alerting/path-proof.js';
import type { Consumer, ReadingLog } from './stores.js';

/** One part: `degraded` works less than fully, `down` does not take readings. */
export interface PartHealth {
  readonly name: string;
  readonly state: 'up' | 'degraded' | 'down';
  readonly detail: string;
}

/** What health looks at. Each function answers in words, `null` for nothing to say. */
export interface HealthSources {
  intake(): string | null;
  broker(): { readonly state: PartHealth['state']; readonly detail: string };
  archive(): { readonly name: string; readonly trouble: string | null };
  mail(): { readonly name: string; readonly trouble: string | null; readonly waiting: number };
  /** The channels beside mail that somebody reads, each with why it takes nothing. */
  channels(): readonly (readonly [name: string, why: string | null])[];
  /** Does an alert reach anybody (promise 9)? */
  path(): Pick<PathState, 'state' | 'alarms' | 'words'>;
  /** Is there a backup, and is it young enough? */
  backup(): Pick<BackupStanding, 'alarms' | 'words'>;
  stuck(): readonly (readonly [name: string, why: string | null])[];
}

/**
 * The state of the whole: `down` while readings cannot be taken (no subscription, disk full); `degraded` while something
 * behind the log is away, which costs no reading.
 */
export function health(log: ReadingLog, sources: HealthSources): { status: PartHealth['state']; parts: PartHealth[] } {
  const intake = sources.intake();
  const broker = sources.broker();
  const archive = sources.archive();
  const mail = sources.mail();
  const path = sources.path();
  const backup = sources.backup();
  const waiting = (consumer: Consumer): string => `${log.waiting(consumer)} 条测值待处理`;
  const parts: PartHealth[] = [
    { name: 'intake', state: intake === null ? 'up' : 'down', detail: intake ?? '接收正常' },
    // Without a subscription no reading comes in; the broker keeps what devices send meanwhile.
    { name: 'broker', state: broker.state === 'up' ? 'up' : 'down', detail: broker.detail },
    {
      name: 'archive',
      state: archive.trouble === null ? 'up' : 'degraded',
      detail: `${archive.name}:${archive.trouble ?? '正常'},${waiting('archive')}`,
    },
    {
      name: 'mail',
      state: mail.trouble === null ? 'up' : 'degraded',
      detail: `${mail.name}:${mail.trouble ?? '正常'},${mail.waiting} 封待发`,
    },
    ...sources.channels().map(([id, why]): PartHealth => ({
      name: `channel-${id}`,
      state: why === null ? 'up' : 'degraded',
      detail: why ?? '正常',
    })),
    { name: 'alert-path', state: path.alarms ? 'degraded' : 'up', detail: path.words.zh },
    { name: 'backup', state: backup.alarms ? 'degraded' : 'up', detail: backup.words.zh },
    ...sources
      .stuck()
      .map(([name, why]): PartHealth => ({ name, state: why === null ? 'up' : 'degraded', detail: why ?? '正常' })),
  ];
  const worst = parts.some((part) => part.state === 'down')
    ? 'down'
    : parts.some((part) => part.state === 'degraded')
      ? 'degraded'
      : 'up';
  return { status: worst, parts };
}

/**
 * Why a watchdog outside must hear nothing, in words: readings cannot be taken, a stage is stuck, or alerts are not accepted.
 * `null`: it may hear that the service is well. A path that is only unproven, an archive or a backup does not silence it:
 * people are told of those.
 */
export function unwell(log: ReadingLog, sources: HealthSources): string | null {
  const down = health(log, sources).parts.find(({ state }) => state === 'down');
  if (down !== undefined) return `${down.name}: ${down.detail}`;
  const [name, why = null] = sources.stuck().find((one) => one[1] !== null) ?? [];
  if (why !== null) return `${name}: ${why}`;
  const { state, words } = sources.path();
  return state === 'failing' ? words.en : null;
}
