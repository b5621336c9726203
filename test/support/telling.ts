/** How is telling tested without rules? Alerts that a test opens and ends, real SQLite stores, a manual clock, a mail server that can be away. */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { SqliteAlertStore } from '../../src/adapters/sqlite/alert-store.js';
import { Database } from '../../src/adapters/sqlite/database.js';
import { SqliteDecisionStore } from '../../src/adapters/sqlite/decision-store.js';
import { SqliteOutbox } from '../../src/adapters/sqlite/outbox.js';
import { SqliteSilenceStore } from '../../src/adapters/sqlite/silence-store.js';
import { SqliteTellingStore } from '../../src/adapters/sqlite/telling-store.js';
import { SqliteWorkingSet } from '../../src/adapters/sqlite/working-set.js';
import type { Alert } from '../../src/domain/alerting/alert.js';
import { hearers, nextStep } from '../../src/domain/alerting/routing.js';
import type { Happening } from '../../src/domain/alerting/signal.js';
import type { NoticeSettings, Person } from '../../src/domain/people.js';
import type { Site } from '../../src/domain/site.js';
import { FactsOf } from '../../src/pipeline/alerting/facts.js';
import { hushOf } from '../../src/pipeline/alerting/hush.js';
import { Letters } from '../../src/pipeline/alerting/letters.js';
import { Notify } from '../../src/pipeline/notify.js';
import type { Mail } from '../../src/pipeline/ports.js';
import type { Transact } from '../../src/pipeline/stores.js';
import { Tell } from '../../src/pipeline/alerting/tell.js';
import { FakeMailer, ManualClock } from './fakes.js';
import { KeptJournal } from './pipeline-ends.js';
import { temporaryFolder, type TemporaryFolder } from './temporary-folder.js';
import { at, wupi } from './wupi.js';

const person = (id: string, over: Partial<Person> = {}): Person => ({
  id,
  name: id,
  nameEn: id,
  email: `${id}@example.org`,
  phone: null,
  language: 'zh',
  step: null,
  level: 'town',
  onDuty: false,
  away: [],
  morning: false,
  channels: [],
  hears: [{ media: ['surface-water'] }, { kinds: ['no-data'] }],
  ...over,
});

/** One of each step, one beside the ladder, one above the town. */
export const PEOPLE: readonly Person[] = [
  person('village', { step: 1 }),
  person('duty', { step: 2 }),
  person('office', { step: 3 }),
  person('chief', { step: 4 }),
  person('bureau', { level: 'above', hears: [{}] }),
];

export const SETTINGS: NoticeSettings = {
  settleSeconds: 2,
  groupMinutes: 5,
  repeatHours: { warning: null, over: 24, severe: 4 },
  digestOver: 5,
  quietHours: { from: '22:00', to: '07:00' },
  escalateMinutes: { warning: null, over: 60, severe: 15 },
  morning: '07:30',
  links: true,
  linkDays: 7,
  path: { everyDays: 7, unprovenDays: 10, firstHours: 24 },
};

/** The river's part of the town with these people; who beside the ladder is added by a test. */
export const siteOf = (settings: Partial<NoticeSettings> = {}, people: readonly Person[] = PEOPLE): Site => ({
  ...wupi,
  people,
  duty: { rotation: null, holidays: [], makeUpDays: [], onDaysOff: [] },
  notices: { ...SETTINGS, ...settings },
});

/** The files of a state: what is in it, and what was written since. */
const PARTS = ['', '-wal'] as const;

function assemble(file: string, site: Site, world: Telling['world']) {
  const { clock, mailer, group, journal, faults } = world;
  const database = new Database(file);
  const faulty =
    <T>(work: () => T) =>
    (): T => {
      const result = work();
      if (faults.failing > 0 && --faults.failing === 0) throw new Error('the power failed');
      return result;
    };
  const derive: Transact = (work) => database.derive(faulty(work));
  const commit: Transact = (work) => {
    const result = database.transact(work);
    // What was committed before lies in the same log, so it is on disk too.
    if (world.power.isWatched) for (const part of PARTS) copyFileSync(`${file}${part}`, `${file}.disk${part}`);
    return result;
  };
  const transact: Transact = (work) => commit(faulty(work));
  const alerts = new SqliteAlertStore(database);
  const outbox = new SqliteOutbox(database);
  const silences = new SqliteSilenceStore(database);
  const decisions = new SqliteDecisionStore(database);
  const tellings = new SqliteTellingStore(database);
  const hush = hushOf(silences, decisions, site.calendar);
  const workingSet = new SqliteWorkingSet(database, false);
  const facts = new FactsOf(site, workingSet, alerts, 'http://127.0.0.1:3000', { to: () => 'http://127.0.0.1/ack/x' }, hush);
  const nothing = (): void => {};
  const tell = new Tell(site, alerts, tellings, outbox, hush, { hearers, nextStep }, derive, clock, nothing, nothing);
  const letters: Letters = new Letters(
    site,
    alerts,
    tellings,
    outbox,
    facts,
    {
      event: ({ why, change, buttons }) => {
        const words = plain(`${why} ${change.alert.severity} ${change.alert.id}`);
        return { ...words, text: `${words.text} ${buttons?.known ?? 'no button'}`, chart: null };
      },
      digest: (items) => ({
        ...plain(`digest ${items.map(({ why, change }) => `${why} ${change.alert.id}`).join(', ')}`),
        chart: null,
      }),
    },
    null,
    derive,
    clock,
    journal,
    'example.org',
    (channel) => notify.isOpen(channel),
    nothing,
  );
  const notify = new Notify(
    outbox,
    new Map([
      ['mail', mailer],
      ['group', group],
    ]),
    transact,
    derive,
    clock,
    journal,
    (seconds) => world.delays.push(seconds),
    () => letters.step(),
  );
  return { database, commit, alerts, outbox, silences, decisions, tellings, tell, letters, notify };
}

const plain = (subject: string) => ({ subject, text: subject, html: subject });

/** A mail server that can be away as a whole: then not even a connection opens. */
export class AwayMailer extends FakeMailer {
  away: (() => Error) | null = null;
  checks = 0;

  override check(): Promise<void> {
    this.checks++;
    return this.away === null ? Promise.resolve() : Promise.reject(this.away());
  }

  override send(mail: Mail): Promise<void> {
    if (this.away !== null) {
      this.tried++;
      return Promise.reject(this.away());
    }
    return super.send(mail);
  }
}

/** Telling, open on one state file. */
export class Telling {
  readonly world = {
    clock: new ManualClock(at('2026-11-23 08:00')),
    mailer: new AwayMailer(),
    /** Behind the channel `group`, which nobody reads unless a test says so. */
    group: new AwayMailer(),
    journal: new KeptJournal(),
    delays: [] as number[],
    /** The how many-th transaction from now on fails; 0: none does. */
    faults: { failing: 0 },
    /** Is noted what a power cut would leave? */
    power: { isWatched: false },
  };
  parts: ReturnType<typeof assemble>;
  private file: string;
  private heard = 0;

  private constructor(
    private readonly folder: TemporaryFolder,
    readonly site: Site,
  ) {
    this.file = join(folder.path, 'heqing.db');
    this.parts = assemble(this.file, site, this.world);
  }

  static async open(site: Site = siteOf()): Promise<Telling> {
    return new Telling(await temporaryFolder(), site);
  }

  async dispose(): Promise<void> {
    this.parts.database.close();
    await this.folder.remove();
  }

  /** As after `kill -9` and a start. */
  restart(): void {
    this.parts.database.close();
    this.parts = assemble(this.file, this.site, this.world);
    this.parts.outbox.retryAll();
  }

  /** As after a power cut and a start: what no durable commit had covered is gone. */
  cutPower(): void {
    this.parts.database.close();
    const disk = `${this.file}.disk`;
    // Another name: the old connection may still hold its files.
    this.file = `${this.file}.after`;
    for (const part of PARTS) copyFileSync(`${disk}${part}`, `${this.file}${part}`);
    this.parts = assemble(this.file, this.site, this.world);
    this.parts.outbox.retryAll();
  }

  /** `HH:mm[:ss]` of the day, or a whole `YYYY-MM-DD HH:mm`. */
  set(time: string): void {
    this.world.clock.set(at(time.length > 8 ? time : `2026-11-23 ${time}`));
  }

  /** An alert changes, and everybody works until nothing is left. */
  async change(id: string, what: Happening, over: Partial<Alert> = {}): Promise<string[]> {
    this.announce(id, what, over);
    return this.run();
  }

  /** An alert changes, and nobody works yet. */
  announce(id: string, what: Happening, over: Partial<Alert> = {}): void {
    const now = this.world.clock.now();
    const before = this.parts.alerts.find(id);
    const isOver = what === 'resolved' || what === 'refuted';
    const [station = 'nankeng-out', parameter = 'nh3n'] = id.split('/');
    const alert: Alert = {
      ...(before ?? {
        id,
        subject: station,
        station,
        parameter,
        rule: 'limit',
        kind: 'limit',
        severity: 'over',
        state: 'active',
        openedAt: now,
        acknowledgedAt: null,
        acknowledgedBy: null,
        resolvedAt: null,
        value: 1.37,
        passed: null,
        isUnconfirmed: false,
        reason: { zh: '超限', en: 'over' },
        history: [],
      }),
      ...(isOver ? { state: 'resolved' as const, resolvedAt: now } : {}),
      ...over,
    };
    this.parts.commit(() => {
      this.parts.alerts.put(alert);
      this.parts.alerts.announce({ what, alert, at: now }, now, now);
    });
  }

  acknowledge(id: string): void {
    const alert = this.parts.alerts.find(id)!;
    this.parts.database.transact(() => this.parts.alerts.put({ ...alert, state: 'acknowledged' }));
  }

  /** Everybody works; returns the mails that were accepted meanwhile as `person: subject`, by person. */
  async run(): Promise<string[]> {
    while (this.parts.tell.step());
    this.parts.letters.step();
    while (await this.parts.notify.step());
    const mails = this.world.mailer.accepted.slice(this.heard);
    this.heard = this.world.mailer.accepted.length;
    return mails.map(({ to, subject }) => `${to.split('@')[0]}: ${subject}`).sort();
  }

  /** The clock goes on second by second, or in steps of `step` seconds. */
  async until(time: string, step = 1): Promise<string[]> {
    const end = at(time.length > 8 ? time : `2026-11-23 ${time}`);
    const mails = await this.run();
    while (this.world.clock.now() < end) {
      this.world.clock.set(Math.min(end, this.world.clock.now() + step * 1000));
      mails.push(...(await this.run()));
    }
    return mails;
  }
}
