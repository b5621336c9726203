/** How is the whole pipeline run without a wire? Real SQLite stores on a file, a manual clock, fakes behind the other ports. */
import { join } from 'node:path';
import { SqliteAudit } from '../../src/adapters/sqlite/audit-store.js';
import { SqliteAlertStore } from '../../src/adapters/sqlite/alert-store.js';
import { SqliteCaseStore } from '../../src/adapters/sqlite/case-store.js';
import { Database } from '../../src/adapters/sqlite/database.js';
import { SqliteDecisionStore } from '../../src/adapters/sqlite/decision-store.js';
import { EmbeddedArchive } from '../../src/adapters/sqlite/embedded-archive.js';
import { SqliteExcuseStore } from '../../src/adapters/sqlite/excuse-store.js';
import { SqliteDeviceRecords } from '../../src/adapters/sqlite/device-records.js';
import { SqliteHearingStore } from '../../src/adapters/sqlite/hearing-store.js';
import { SqliteLedger } from '../../src/adapters/sqlite/ledger.js';
import { SqliteOutbox } from '../../src/adapters/sqlite/outbox.js';
import { SqlitePatrolStore } from '../../src/adapters/sqlite/patrol-store.js';
import { SqlitePathStore } from '../../src/adapters/sqlite/path-store.js';
import { SqliteReadingLog } from '../../src/adapters/sqlite/reading-log.js';
import { SqliteAttachmentStore } from '../../src/adapters/sqlite/attachment-store.js';
import { SqliteComparisonStore } from '../../src/adapters/sqlite/comparison-store.js';
import { SqliteReviewDayStore } from '../../src/adapters/sqlite/review-day-store.js';
import { SqliteReviewStore } from '../../src/adapters/sqlite/review-store.js';
import { SqliteLinkKey } from '../../src/adapters/sqlite/link-key.js';
import { SqliteSilenceStore } from '../../src/adapters/sqlite/silence-store.js';
import { SqliteTellingStore } from '../../src/adapters/sqlite/telling-store.js';
import { SqliteVerdictStore } from '../../src/adapters/sqlite/verdict-store.js';
import { SqliteWorkingSet } from '../../src/adapters/sqlite/working-set.js';
import type { JudgedReading, Reading } from '../../src/domain/reading.js';
import type { Site } from '../../src/domain/site.js';
import type { Instant } from '../../src/domain/time.js';
import { alarms as assembleAlarms } from '../../src/pipeline/alerting/alarms.js';
import { Amendments } from '../../src/pipeline/judging/amendments.js';
import { Archiver } from '../../src/pipeline/archive.js';
import { Assess } from '../../src/pipeline/assess.js';
import { closeDeparted } from '../../src/pipeline/alerting/departed.js';
import { Attachments } from '../../src/pipeline/deciding/attachments.js';
import { reviewing as assembleReviewing } from '../../src/pipeline/reviewing/reviewing.js';
import { Decisions } from '../../src/pipeline/deciding/decisions.js';
import { GroupCommit, type IntakeWatcher } from '../../src/pipeline/intake.js';
import { LastMessages } from '../../src/pipeline/filling/last-messages.js';
import { Judge } from '../../src/pipeline/judge.js';
import { MomentaryCheck } from '../../src/pipeline/judging/momentary.js';
import type { Archive, Decode, Mailer } from '../../src/pipeline/ports.js';
import type { Counts, Transact } from '../../src/pipeline/stores.js';
import { DueWindows } from '../../src/pipeline/judging/due.js';
import { judgedBy } from '../../src/pipeline/judging/judged-as.js';
import { printFor } from '../../src/pipeline/judging/print-verdict.js';
import { ComplianceReport } from '../../src/pipeline/reporting/report-compliance.js';
import { Excusing } from '../../src/pipeline/deciding/excusing.js';
import { Rejudger, Rulings } from '../../src/pipeline/judging/rejudge.js';
import { ReachReport } from '../../src/pipeline/reporting/report-reach.js';
import { RecordsReport } from '../../src/pipeline/reporting/report-records.js';
import { AlertsReport } from '../../src/pipeline/reporting/report-alerts.js';
import { Report } from '../../src/pipeline/reporting/report.js';
import { Replay } from '../../src/pipeline/filling/replay.js';
import { RollCall } from '../../src/pipeline/reporting/roll-call.js';
import { Settle } from '../../src/pipeline/settle.js';
import { comparedBy } from '../../src/pipeline/upkeep/compared.js';
import { Comparisons } from '../../src/pipeline/upkeep/comparisons.js';
import { decodeFake, FakeArchive, FakeLive, FakeMailer, type FakePayload, ManualClock } from './fakes.js';
import { KeptJournal } from './pipeline-ends.js';
import { signingOn } from './signing.js';
import { temporaryFolder, type TemporaryFolder } from './temporary-folder.js';
import { at, wupi } from './wupi.js';

/** The parts of a pipeline, open on one state file. */
type Parts = ReturnType<typeof assemble>;

/** One of those that follow the log. */
export type Stage = 'settle' | 'judge' | 'rejudge' | 'watch' | 'archive' | 'assess' | 'vigil' | 'tell' | 'notify';
const STAGES: readonly Stage[] = ['settle', 'judge', 'rejudge', 'watch', 'archive', 'assess', 'vigil', 'tell', 'notify'];

/** What may be chosen. */
export interface PipelineOptions {
  readonly site?: Site;
  /** When the clock stands first; by default 2026-11-23 08:00 in Beijing. */
  readonly now?: Instant;
  /** `outside`: a fake archive, and the working set forgets; by default the embedded archive. */
  readonly archive?: 'outside' | 'embedded';
  /** By default a fake one, `world.mailer`. */
  readonly mailer?: Mailer;
}

function assemble(file: string, site: Site, world: World) {
  const { clock, live, journal, faults } = world;
  const mailer = world.realMailer ?? world.mailer;
  const database = new Database(file);
  // A test can kill but not cut the power, and half its time would go to waiting for the disk.
  const transact: Transact = (work) => {
    faults.transactions++;
    if (faults.failing === 0) return database.derive(work);
    faults.failing--;
    return database.derive(() => {
      work();
      throw new Error('the power failed');
    });
  };
  const derive: Transact = (work) => {
    faults.derived++;
    return transact(work);
  };
  const log = new SqliteReadingLog(database);
  const ledger = new SqliteLedger(database, site.settings.rejectionQuotaBytes);
  const workingSet = new SqliteWorkingSet(database, world.archive !== null);
  const verdicts = new SqliteVerdictStore(database, printFor(site));
  const excuses = new SqliteExcuseStore(database);
  const comparisonStore = new SqliteComparisonStore(database);
  const audit = new SqliteAudit(database);
  const alerts = new SqliteAlertStore(database);
  const outbox = new SqliteOutbox(database);
  const archive: Archive = world.archive ?? new EmbeddedArchive(database, workingSet);
  const check = new MomentaryCheck(site, workingSet);
  const nothing = (): void => {};
  const decisionStore = new SqliteDecisionStore(database);
  const rulings = new Rulings(decisionStore);
  const archiver = new Archiver(site, log, workingSet, archive, ledger, transact, journal, {
    ended: (outcome, n) => world.ended.push(...Array<string>(n).fill(outcome)),
    wrote: nothing,
    judge: (keep) => judge.judgeLate(keep),
    told: (came) => due.told(came),
    withdrawn: (readings) => due.again(readings),
    up: nothing,
  });
  const amendments = new Amendments(log);
  const reviewing = assembleReviewing(site, {
    days: new SqliteReviewDayStore(database, site.calendar),
    ...{ workingSet, archive, alerts, check, log, amendments, audit, transact, derive: transact, clock },
  });
  const due = new DueWindows(site, log, workingSet, verdicts, transact, clock, (came) => reviewing.changes.readings(came));
  const compared = comparedBy(comparisonStore, site.calendar);
  const judgedAs = judgedBy(site, excuses, compared);
  const assess = new Assess(site, due, workingSet, archive, verdicts, judgedAs, transact, clock, live);
  const reviews = new SqliteReviewStore(database);
  const judge = new Judge(site, log, workingSet, amendments, rulings, reviews, decisionStore, transact, clock, nothing);
  const rejudger = new Rejudger(
    site,
    decisionStore,
    rulings,
    log,
    amendments,
    workingSet,
    archive,
    reviews,
    transact,
    clock,
    nothing,
  );
  const attachments = new Attachments(site, new SqliteAttachmentStore(database), decisionStore, audit, transact, clock);
  const decisions = new Decisions(
    site,
    decisionStore,
    audit,
    transact,
    clock,
    (station) => rulings.forget(station),
    (touched) => reviewing.changes.decided(touched),
    attachments,
  );
  const settle = new Settle(log, workingSet, transact, live, nothing);
  const devices = new SqliteDeviceRecords(database);
  const rollCall = new RollCall(site, ledger, devices, transact, clock);
  const lastMessages = new LastMessages();
  const heard: IntakeWatcher = { committed: (_ms, _deliveries, _values, _rejected, last) => lastMessages.take(last) };
  const intake = new GroupCommit(site, decodeFake, log, ledger, transact, clock, journal, heard, nothing);
  const compliance = new ComplianceReport(site, workingSet, verdicts, excuses, clock, judgedAs);
  const signing = signingOn(site, { database, compliance, verdicts, workingSet, audit, reviewing, clock });
  const alarms = assembleAlarms(
    site,
    {
      ...{ alerts, outbox, audit, verdicts, log, workingSet, reviews, decisions: decisionStore },
      tellings: new SqliteTellingStore(database),
      silences: new SqliteSilenceStore(database),
      hearing: new SqliteHearingStore(database),
      path: new SqlitePathStore(database),
      cases: new SqliteCaseStore(database),
      patrols: new SqlitePatrolStore(database),
    },
    {
      ...{ check, rulings, rollCall, compliance, judgedAs, transact, derive, clock, live, journal, mailer },
      rates: { targets: () => signing.rates.printed(compliance.targets()) },
      channels: new Map(),
      draw: null,
      signing: new SqliteLinkKey(database),
      publicUrl: 'http://127.0.0.1:3000',
      domain: 'example.org',
      taking: () => world.away.broker === null,
      mailTrouble: () => null,
      parts: {
        archive: () => world.away.archive,
        broker: () => world.away.broker,
        paused: () => null,
        disk: () => null,
        backup: () => ({ alarms: false, words: { zh: '', en: '' } }),
        stuck: () => [],
      },
      sent: (seconds) => world.delays.push(seconds),
      changed: nothing,
      told: nothing,
    },
  );
  const report = new Report(site, workingSet, verdicts, outbox, check, clock, alarms.mailTrouble, rollCall, judgedAs);
  return {
    database,
    lastMessages,
    log,
    ledger,
    workingSet,
    verdicts,
    excuses,
    alerts,
    outbox,
    alarms,
    alertsReport: new AlertsReport(site, alerts, clock),
    archive,
    check,
    intake,
    assess,
    report,
    compliance,
    audit,
    reviews,
    reviewing,
    reviewReport: reviewing.report(decisions),
    attachments,
    decisions,
    excusing: new Excusing(site, excuses, verdicts, audit, transact, clock, nothing),
    judgedAs,
    comparisons: new Comparisons(site, comparisonStore, workingSet, audit, transact, clock, verdicts, nothing),
    reaches: new ReachReport(site, archive, verdicts, clock),
    records: new RecordsReport(site, workingSet, archive, ledger, clock, devices),
    rollCall,
    /** As at start. */
    closeDeparted: () => closeDeparted(site, alerts, transact, clock, journal),
    /** Takes refusals again under a mended config; the world stays. */
    replay: (mended: Site, decode: Decode = decodeFake) => new Replay(mended, decode, log, ledger, transact, clock, nothing),
    steps: {
      settle: () => settle.step(),
      judge: () => judge.step(),
      rejudge: () => rejudger.step(),
      watch: () => alarms.watch.step(),
      archive: () => archiver.step(),
      assess: () => assess.step(),
      vigil: () => (alarms.hearing.look(clock.now()), alarms.vigil.step()),
      tell: () => alarms.tellStep(),
      notify: () => alarms.notify.step(),
    } satisfies Record<Stage, () => boolean | Promise<boolean>>,
  };
}

interface World {
  readonly clock: ManualClock;
  readonly live: FakeLive;
  readonly mailer: FakeMailer;
  /** In its place. */
  readonly realMailer: Mailer | null;
  /** Why the broker, or the archive, is away. */
  readonly away: { broker: string | null; archive: string | null };
  readonly journal: KeptJournal;
  readonly archive: FakeArchive | null;
  /** So many of the next transactions do their work and then fail. */
  readonly faults: {
    failing: number;
    transactions: number;
    /** Of the alarms, those that a power cut may take back. */ derived: number;
  };
  /** Outcomes and seconds that the metrics would have heard. */
  readonly ended: string[];
  readonly delays: number[];
}

/** A pipeline on a folder of its own. */
export class Pipeline {
  parts: Parts;

  private constructor(
    public site: Site,
    readonly world: World,
    private readonly folder: TemporaryFolder,
  ) {
    this.parts = this.assemble();
  }

  static async open({
    site = wupi,
    now = at('2026-11-23 08:00'),
    archive = 'embedded',
    mailer,
  }: PipelineOptions = {}): Promise<Pipeline> {
    const world: World = {
      clock: new ManualClock(now),
      live: new FakeLive(),
      mailer: new FakeMailer(),
      realMailer: mailer ?? null,
      away: { broker: null, archive: null },
      journal: new KeptJournal(),
      archive: archive === 'outside' ? new FakeArchive() : null,
      faults: { failing: 0, transactions: 0, derived: 0 },
      ended: [],
      delays: [],
    };
    return new Pipeline(site, world, await temporaryFolder('pipeline'));
  }

  get clock(): ManualClock {
    return this.world.clock;
  }

  /** The archive outside. Throws where there is none. */
  get outside(): FakeArchive {
    if (this.world.archive === null) throw new Error('this pipeline has the embedded archive');
    return this.world.archive;
  }

  /** What is counted over all days. */
  get counts(): Counts {
    return this.parts.ledger.totals();
  }

  /** Hands over one delivery; resolves to the error it was refused with, or undefined once it is committed. */
  take(payload: FakePayload | string, topic = 'heqing/x/readings'): Promise<Error | undefined> {
    const bytes = new TextEncoder().encode(typeof payload === 'string' ? payload : JSON.stringify(payload));
    const delivery = { topic, payload: bytes, maySpeakFor: null, received: this.clock.now() };
    return new Promise((resolve) => this.parts.intake.take(delivery, resolve));
  }

  /** Hands over readings in one delivery. Throws when they cannot be kept. */
  async publish(...readings: readonly Reading[]): Promise<void> {
    const plain = readings.map(({ station, parameter, time, value, mark, source, sampled }) => ({
      station,
      parameter,
      time,
      value,
      mark,
      source,
      ...(sampled === undefined ? {} : { sampled }),
    }));
    const error = await this.take({ readings: plain });
    if (error) throw error;
  }

  /** Runs the stages until none has work; a second passes first, so that windows close. Returns the failures of stages, which then rest. */
  async run(stages: readonly Stage[] = STAGES): Promise<Map<Stage, Error>> {
    this.clock.advance(1000);
    const failed = new Map<Stage, Error>();
    for (let busy = true; busy;) {
      busy = false;
      for (const stage of stages) {
        if (failed.has(stage)) continue;
        try {
          if (await this.parts.steps[stage]()) busy = true;
        } catch (error) {
          failed.set(stage, error as Error);
        }
      }
    }
    return failed;
  }

  /** As after `kill -9`: everything in memory is gone, what was committed is there. The config may have changed. */
  crash(site = this.site): void {
    this.parts.database.close();
    this.site = site;
    this.parts = this.assemble();
  }

  async dispose(): Promise<void> {
    this.parts.database.close();
    await this.folder.remove();
  }

  private assemble(): Parts {
    return assemble(join(this.folder.path, 'heqing.db'), this.site, this.world);
  }
}

/** What the archive and promise 4 compare: a reading without the time it arrived, and without when and why its quality was changed. */
export const withoutArrival = ({
  received: _,
  amended: __,
  ...rest
}: JudgedReading): Omit<JudgedReading, 'received' | 'amended'> => rest;
