/** When is the state backed up, and what is said of it? Once a day, never two at once, each attempt remembered. */
import {
  type BackupAttempt,
  type BackupSettings,
  type BackupStanding,
  backupStanding,
  type History,
  isDue,
  lastDue,
} from '../../domain/backup.js';
import { type Calendar, DAY, type Instant, isoTime } from '../../domain/time.js';
import type { Clock, Journal } from '../ports.js';
import type { Audit } from '../stores.js';

/** Attempts a page shows. */
const SHOWN = 14;

/** What became of the attempts. */
export interface BackupStore {
  /** When this installation first ran; `now` at its first call. */
  began(now: Instant): Instant;
  add(attempt: BackupAttempt): void;
  /** Newest first, those that somebody keeps elsewhere too. */
  list(limit: number): BackupAttempt[];
  /** Of those that are kept where the config says. */
  last(): BackupAttempt | null;
  lastGood(): BackupAttempt | null;
}

/** What making one came to. `busy`: another one is being made, so this one never began. */
export type Made = { readonly file: string; readonly bytes: number } | { readonly why: string } | { readonly busy: true };

/** Makes one: copied, packed, restored into a scratch folder and compared, all off this thread. */
export interface BackupMaker {
  /** Where they go. */
  readonly dir: string;
  /** Does that folder lie on the disk that the state lies on? */
  isSameDisk(): boolean;
  make(): Promise<Made>;
  /** Ends what is being made; the half of it never counts. */
  stop(): void;
}

/** The daily backup; `settings` is `null` where the config wants none. */
export class DailyBackup {
  private running: Promise<void> | null = null;
  private stopped = false;

  constructor(
    private readonly settings: BackupSettings | null,
    private readonly calendar: Calendar,
    private readonly store: BackupStore,
    private readonly maker: BackupMaker,
    private readonly history: History,
    private readonly audit: Pick<Audit, 'record'>,
    private readonly clock: Clock,
    private readonly journal: Journal,
  ) {}

  /** Once a minute. Resolves when what it began has ended. */
  async tick(): Promise<void> {
    if (this.settings === null || this.running !== null || this.stopped) return;
    const now = this.clock.now();
    if (isDue(this.settings, this.facts(now), now, this.calendar)) await this.begin();
  }

  /** Somebody wants one now; while one is being made, that one will do. */
  ask(who: string): BackupView {
    if (this.running !== null || this.stopped) return this.view();
    const at = this.clock.now();
    this.audit.record({ at, who, action: 'backup-asked', what: 'backup', station: null, before: null, after: null, reason: '' });
    void this.begin();
    return this.view();
  }

  /** How it stands. */
  standing(): BackupStanding {
    if (this.settings === null)
      return { state: 'off', alarms: false, words: { zh: '配置为不备份', en: 'the config wants no backup' } };
    const now = this.clock.now();
    return backupStanding(this.facts(now), now, this.calendar);
  }

  /** Seconds since the last good one; `null` before the first. */
  age(): number | null {
    const good = this.store.lastGood();
    return good && (this.clock.now() - good.at) / 1000;
  }

  /** What stands on every page. */
  brief() {
    const good = this.store.lastGood();
    return { state: this.standing().state, lastGoodAt: good && isoTime(good.at, this.calendar) };
  }

  /** Everything the page of the data shows. */
  view() {
    const { settings, calendar, maker } = this;
    const now = this.clock.now();
    const { state, words } = this.standing();
    const good = this.store.lastGood();
    const told = ({ at, ended, ...rest }: BackupAttempt) => ({
      at: isoTime(at, calendar),
      seconds: Math.round((ended - at) / 1000),
      ...rest,
    });
    return {
      state,
      words,
      isRunning: this.running !== null,
      dir: maker.dir,
      sameDisk: maker.isSameDisk(),
      at: settings?.at ?? null,
      keepDays: settings?.keep ?? null,
      next: settings && isoTime(lastDue(settings.at, now, calendar) + DAY, calendar),
      lastGood: good && told(good),
      attempts: this.store.list(SHOWN).map(told),
      history: this.history,
    };
  }

  /** Ends what is being made. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.maker.stop();
    await this.running;
  }

  private facts(now: Instant) {
    return { began: this.store.began(now), last: this.store.last(), lastGood: this.store.lastGood() };
  }

  private begin(): Promise<void> {
    const at = this.clock.now();
    this.running = this.maker
      .make()
      .catch((error: unknown): Made => ({ why: String(error) }))
      .then((made) => {
        if ('busy' in made || this.stopped) return;
        const ended = this.clock.now();
        if ('why' in made) this.journal.error(`备份失败 the backup failed: ${made.why}`);
        const came = 'why' in made ? { file: null, bytes: null, why: made.why } : { ...made, why: null };
        this.store.add({ at, ended, ...came, elsewhere: null });
      })
      .finally(() => (this.running = null));
    return this.running;
  }
}

/** What a page shows of the backup. */
export type BackupView = ReturnType<DailyBackup['view']>;
