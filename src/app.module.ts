/** Which adapter stands behind which port? The one wiring page. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { type DynamicModule, Logger, Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { BackupProcess } from './adapters/backup/backup-process.js';
import { FilePress } from './adapters/bulletin/press.js';
import { openChannels } from './adapters/channel/channels.js';
import type { Loaded } from './adapters/config/build-site.js';
import type { EmbeddedBroker as Embedded, Environment } from './adapters/config/environment.js';
import { Heartbeat } from './adapters/heartbeat/heartbeat.js';
import { Accounts } from './adapters/http/access/accounts.js';
import { askedFrom } from './adapters/http/asking.js';
import type { DataDesk } from './adapters/http/controllers/data.controller.js';
import { type Desks, deskProviders } from './adapters/http/desks.js';
import { createHttpModule } from './adapters/http/http.module.js';
import { LiveHub } from './adapters/http/live-hub.js';
import type { Reports } from './adapters/http/reports.js';
import type { HttpOptions } from './adapters/http/access/tokens.js';
import { readTables, UnreadableFile } from './adapters/import/tables.js';
import { readValues } from './adapters/import/values.js';
import { InfluxArchive } from './adapters/influx/influx-archive.js';
import { EmlMailer } from './adapters/mail/eml-mailer.js';
import { SmtpMailer } from './adapters/mail/smtp-mailer.js';
import { Metrics } from './adapters/metrics/metrics.js';
import { BrokerClient } from './adapters/mqtt/broker-client.js';
import { Devices } from './adapters/mqtt/devices.js';
import { EmbeddedBroker, refusesToListen } from './adapters/mqtt/embedded-broker.js';
import type { Line, LineOptions } from './adapters/mqtt/line.js';
import { decodeNative } from './adapters/payload/native.js';
import { drawCourse } from './adapters/picture/course.js';
import { DAYS_HEIGHT, DAYS_WIDTH, drawDays } from './adapters/picture/days.js';
import { type Tasks, TASKS, Ticks } from './adapters/schedule/ticks.js';
import { openDataFolder } from './adapters/sqlite/data-folder.js';
import { Database } from './adapters/sqlite/database.js';
import { EmbeddedArchive } from './adapters/sqlite/embedded-archive.js';
import { ServiceLock } from './adapters/sqlite/service-lock.js';
import { sha256 } from './adapters/sqlite/sign-off-store.js';
import { StateDisk } from './adapters/sqlite/state-disk.js';
import { openState, type State } from './adapters/sqlite/state.js';
import { DEFAULT_BACKUP, influxCommand } from './domain/backup.js';
import type { RejectionReason } from './domain/reading.js';
import type { Site } from './domain/site.js';
import { HOUR, type Instant, isoTime, MINUTE } from './domain/time.js';
import { FREE_PAGES, PACKED, READING_BYTES, VERDICT_BYTES, yearlyVolume } from './domain/volume.js';
import { type Alarms, alarms as assembleAlarms } from './pipeline/alerting/alarms.js';
import { MAIL } from './pipeline/alerting/alert-stores.js';
import { closeDeparted } from './pipeline/alerting/departed.js';
import { Archiver } from './pipeline/archive.js';
import { Assess } from './pipeline/assess.js';
import { BackPressure } from './pipeline/back-pressure.js';
import { DailyBackup } from './pipeline/backup/daily-backup.js';
import { bulletins as assembleBulletins } from './pipeline/bulletins/bulletins.js';
import { takenOut } from './pipeline/bulletins/taken-out.js';
import { spanRates } from './pipeline/bulletins/span-rates.js';
import { Attachments } from './pipeline/deciding/attachments.js';
import { Decisions } from './pipeline/deciding/decisions.js';
import { Excusing } from './pipeline/deciding/excusing.js';
import { ReviewReport } from './pipeline/deciding/review.js';
import { FileImport } from './pipeline/filling/import-file.js';
import { Import } from './pipeline/filling/import.js';
import { LastMessages } from './pipeline/filling/last-messages.js';
import { Replay } from './pipeline/filling/replay.js';
import { forget, hasForgotten } from './pipeline/forget.js';
import { Handovers } from './pipeline/handover/handovers.js';
import { openItems } from './pipeline/handover/open-items.js';
import { health, type HealthSources, unwell } from './pipeline/health.js';
import { GroupCommit } from './pipeline/intake.js';
import { Judge } from './pipeline/judge.js';
import { Amendments } from './pipeline/judging/amendments.js';
import { DueWindows } from './pipeline/judging/due.js';
import { judgedBy } from './pipeline/judging/judged-as.js';
import { MomentaryCheck } from './pipeline/judging/momentary.js';
import { printFor } from './pipeline/judging/print-verdict.js';
import { Rejudger, Rulings } from './pipeline/judging/rejudge.js';
import { type Archive, type Clock, type Journal, type Mailer, type ReadAttachment, Refusal } from './pipeline/ports.js';
import { AlertFile } from './pipeline/reporting/alert-file.js';
import { ChiefCards } from './pipeline/reporting/chief-cards.js';
import { ChiefPlaces } from './pipeline/reporting/chief-places.js';
import { publicBoard } from './pipeline/reporting/public-board.js';
import { AlertsReport } from './pipeline/reporting/report-alerts.js';
import { BacklogReport } from './pipeline/reporting/report-backlog.js';
import { BreakdownReport } from './pipeline/reporting/report-breakdown.js';
import { ComplianceReport } from './pipeline/reporting/report-compliance.js';
import { ReachReport } from './pipeline/reporting/report-reach.js';
import { RecordsReport } from './pipeline/reporting/report-records.js';
import { StationReport } from './pipeline/reporting/report-station.js';
import { WindowsReport } from './pipeline/reporting/report-windows.js';
import { Report } from './pipeline/reporting/report.js';
import { RollCall } from './pipeline/reporting/roll-call.js';
import { reviewing as assembleReviewing } from './pipeline/reviewing/reviewing.js';
import { Settle } from './pipeline/settle.js';
import { signing as assembleSigning } from './pipeline/signing/signing.js';
import { type Stage, Stages } from './pipeline/stages.js';
import { CONSUMERS, type Transact } from './pipeline/stores.js';
import { comparedBy } from './pipeline/upkeep/compared.js';
import { upkeep as assembleUpkeep } from './pipeline/upkeep/upkeep.js';

/** The state file within `HEQING_DATA`. */
export const STATE_FILE = 'heqing.db';

/** Longest pause between two tries of the archive, ms (contract §2). */
const ARCHIVE_CAP = 10_000;

/** Longest pause between two tries of the mail server, ms (contract §2). */
const MAIL_CAP = 60_000;

/** How long a stage may take to end its step at the stop, ms: well within the 10 s of contract §1. */
const FINISH_WITHIN = 5000;

/** The service, put together and not yet started. */
export interface Service {
  readonly line: Line;
  readonly archive: Archive & { readonly address?: string };
  readonly mailer: Mailer & { readonly address?: string };
  readonly accounts: Accounts;
  readonly module: DynamicModule;
  /** Goes on where the log stands, then takes messages. */
  start(): Promise<void>;
  /** Stops taking, finishes what it took, closes everything. */
  stop(): Promise<void>;
}

/** Puts the service together: opens the state, connects to nothing. Throws when the state file cannot be opened, or the broker may not listen. */
export function assemble(environment: Environment, loaded: Loaded, http: HttpOptions, clock: Clock = { now: Date.now }): Service {
  const { site, ...listed } = loaded;
  const logger = new Logger('heqing');
  const journal: Journal = { info: (t) => logger.log(t), warn: (t) => logger.warn(t), error: (t) => logger.error(t) };
  openDataFolder(environment.dataDir);

  const lock = new ServiceLock(environment.dataDir);
  const database = new Database(join(environment.dataDir, STATE_FILE));
  const transact: Transact = (work) => database.transact(work);
  const derive: Transact = (work) => database.derive(work);
  const state = openState(database, { site, print: printFor(site), forgets: environment.influx !== null, askedFrom });
  const { log, ledger, deviceRecords, workingSet, verdicts, excuses, alerts, outbox, cases, decisionStore, audit } = state;
  const rollCall = new RollCall(site, ledger, deviceRecords, derive, clock);
  const rulings = new Rulings(decisionStore);
  const amendments = new Amendments(log);
  const archive = environment.influx
    ? new InfluxArchive({ server: environment.influx, createDatabase: () => !hasForgotten(log, workingSet) })
    : new EmbeddedArchive(database, workingSet);
  const mailer = mailerFor(environment, (key) => bulletins.desk.attachment(key));

  const check = new MomentaryCheck(site, workingSet);
  const { sessionIdleMinutes = 30, sessionHours = 12 } = site.settings;
  const sessions = { idle: sessionIdleMinutes * MINUTE, absolute: sessionHours * HOUR };
  const accounts = new Accounts(state.accountStore, clock, { beyondLoopback: !http.isLoopback, sessions }, { audit, transact });
  const metrics = new Metrics({
    logPending: () => Object.fromEntries(CONSUMERS.map((name) => [name, log.waiting(name)])),
    alertsActive: () => alerts.activeCounts(),
    noticesTotal: () => outbox.counts(),
    stationLastReading: () => Object.fromEntries(lastReadings(site, workingSet)),
    stationMissingMessages: () => rollCall.missing(),
    backupAge: () => backup.age(),
  });
  const live: LiveHub = new LiveHub({
    calendar: site.calendar,
    clock,
    check: (reading) => check.of(reading)?.check ?? null,
    alertView: (alert) => alertsReport.alertView(alert, true),
  });

  // Each stage wakes the ones that follow it; a stage never calls another.
  const channels = openChannels(site.channels, process.env).open;
  const stages: Stages = new Stages(
    {
      settle: () => settling.step(),
      judge: () => judge.step(),
      archive: () => archiving.step(),
      watch: () => alarms.watch.step(),
      assess: () => assess.step(),
      rejudge: () => rejudger.step(),
      vigil: () => alarms.vigil.step(),
      tell: () => alarms.tellStep(),
      // One for each way: a bot that hangs must not hold up the mails.
      notify: [MAIL, ...channels.keys()].map((way) => () => alarms.notify.step(way)),
      'roll call': () => rollCall.step(),
      bulletins: () => bulletins.call.step(),
      review: () => reviewing.look.step(),
      // Nothing may be due for hours: that a part is away must be known before something is.
      'archive check': () => archive.check().then(() => false),
      'mail check': () => mailer.check().then(() => false),
    },
    {
      ...{ archive: ARCHIVE_CAP, assess: ARCHIVE_CAP, rejudge: ARCHIVE_CAP, review: ARCHIVE_CAP, 'archive check': ARCHIVE_CAP },
      'mail check': MAIL_CAP,
    },
    journal,
  );
  const wake = (...names: Stage[]): void => stages.wake(...names);
  const archiveTrouble = (): string | null => stages.stuck('archive') ?? stages.stuck('archive check');
  const carrying = (): (readonly [string, string | null])[] => stages.carrying();

  const settling = new Settle(log, workingSet, derive, live, () => wake('judge', 'watch', 'assess', 'archive', 'rejudge'));
  const archiving = new Archiver(site, log, workingSet, archive, ledger, derive, journal, {
    ended: (outcome, values) => outcome !== 'rejected' && metrics.valueOutcome(outcome, null, values),
    wrote: (ms) => metrics.archiveWriteSeconds(ms / 1000),
    judge: (keep) => judge.judgeLate(keep),
    told: (came) => due.told(came),
    withdrawn: (readings) => due.again(readings),
    up: (up) => metrics.archiveUp(up),
  });
  const reviewing = assembleReviewing(site, {
    days: state.reviewDays,
    ...{ workingSet, archive, alerts, check, log, amendments, audit, transact, derive, clock },
  });
  const due = new DueWindows(site, log, workingSet, verdicts, derive, clock, (came) => reviewing.changes.readings(came));
  const compared = comparedBy(state.comparisons, site.calendar);
  const judgedAs = judgedBy(site, excuses, compared);
  const assess = new Assess(site, due, workingSet, archive, verdicts, judgedAs, derive, clock, live);
  const lastMessages = new LastMessages();
  const intake = new GroupCommit(
    site,
    decodeNative,
    log,
    ledger,
    transact,
    clock,
    journal,
    {
      committed(ms, deliveries, _values, rejected, last) {
        lastMessages.take(last);
        metrics.commitSeconds(ms / 1000);
        metrics.messageReceived(deliveries);
        for (const [reason, n] of rejected) metrics.valueOutcome('rejected', reason as RejectionReason, n);
      },
    },
    () => wake('settle'),
  );
  const lineOptions = { intake, clock, journal };
  const line: Line =
    environment.broker.kind === 'outside'
      ? new BrokerClient({
          ...lineOptions,
          broker: environment.broker,
          clientId: environment.mqttClientId,
          sessions: state.sessions,
          testsQueue: true,
        })
      : embeddedBroker(environment.broker, new Devices(state.devices), lineOptions);
  const disk = new StateDisk(environment.dataDir, database);
  const pressure = new BackPressure(site.settings, disk, log, intake, line, clock, journal);

  const backup = dailyBackup(environment, site, state, clock, journal);
  const began = (now: Instant): Instant => alarms.path.began(now);
  const upkeep = assembleUpkeep(
    site,
    {
      comparisons: state.comparisons,
      told: state.told,
      ...{ decisions: decisionStore, workingSet, outbox, audit, verdicts },
    },
    transact,
    clock,
    {
      publicUrl: environment.publicUrl,
      domain: mailDomain(environment.mailFrom),
      ...{ began, wrote: () => wake('notify'), marked: () => wake('assess') },
    },
  );
  const compliance = new ComplianceReport(site, workingSet, verdicts, excuses, clock, judgedAs, upkeep.comparisons);
  const breakdown = new BreakdownReport(site, workingSet, verdicts, clock, judgedAs);
  const alarms: Alarms = assembleAlarms(
    site,
    {
      ...{ alerts, outbox, audit, verdicts, log, workingSet, decisions: decisionStore },
      reviews: { count: (station) => reviewing.queue.waiting(station) },
      ...{ tellings: state.tellings, silences: state.silences, hearing: state.hearing },
      ...{ path: state.path, cases, patrols: state.patrols },
    },
    {
      ...{ check, rulings, rollCall, compliance, judgedAs, transact, derive, clock, live, journal, mailer },
      rates: { targets: () => signing.rates.printed(compliance.targets()) },
      channels,
      draw: drawCourse,
      signing: state.linkKey,
      publicUrl: environment.publicUrl,
      domain: mailDomain(environment.mailFrom),
      taking: () => line.taking(),
      mailTrouble: () => stages.stuck('mail check'),
      parts: {
        archive: archiveTrouble,
        broker: () => (line.state().state === 'up' ? null : line.state().detail),
        paused: () => pressure.paused?.reason ?? intake.down,
        disk: () => room(disk, site.settings),
        backup: () => backup.standing(),
        stuck: carrying,
      },
      sent: (seconds) => metrics.noticeDelay(seconds),
      changed: () => wake('tell'),
      upkeep,
      unhanded: () => handovers.missing()?.words ?? null,
      told: () => wake('notify'),
    },
  );
  const parts: HealthSources = {
    intake: () => pressure.paused?.reason ?? intake.down,
    broker: () => line.state(),
    archive: () => archiveState(),
    mail: () => ({ name: mailer.name, trouble: alarms.mailTrouble(), waiting: outbox.counts().waiting }),
    channels: () => alarms.channels(),
    path: () => alarms.path.state(),
    backup: () => backup.standing(),
    stuck: carrying,
  };
  const heartbeat = new Heartbeat(environment.heartbeatUrl, () => unwell(log, parts), clock, journal);
  const alertsReport = new AlertsReport(site, alerts, clock);
  const alertFile = new AlertFile(site, alerts, state.tellings, outbox, alertsReport, clock);
  const toReview = { count: (station: string | null) => reviewing.queue.waiting(station) };
  const handovers = new Handovers(
    site,
    state.handoverStore,
    (now) =>
      openItems(
        site,
        { alerts, cases, silences: state.silences, decisions: decisionStore, reviews: toReview, path: alarms.path, upkeep },
        now,
      ),
    ...([audit, transact, clock, began] as const),
  );
  const report = new Report(
    site,
    workingSet,
    verdicts,
    outbox,
    check,
    clock,
    alarms.mailTrouble,
    rollCall,
    judgedAs,
    upkeep.comparisons,
  );
  const chiefs = new ChiefCards(site, alarms.morning, alarms.patrols, verdicts, report, clock);
  const windows = new WindowsReport(site, workingSet, verdicts, clock, judgedAs);
  const excusing = new Excusing(site, excuses, verdicts, audit, transact, clock, () => wake('assess'));
  const reaches = new ReachReport(site, archive, verdicts, clock);
  const records = new RecordsReport(site, workingSet, archive, ledger, clock, deviceRecords);
  const replay = new Replay(site, decodeNative, log, ledger, transact, clock, () => wake('settle'));
  const importing = new Import(
    site,
    log,
    ledger,
    audit,
    workingSet,
    archive,
    transact,
    clock,
    () => pressure.paused?.reason ?? intake.down,
    () => wake('settle'),
  );
  const judge = new Judge(site, log, workingSet, amendments, rulings, state.doubts, decisionStore, derive, clock, () =>
    wake('settle'),
  );
  const rejudger = new Rejudger(
    site,
    decisionStore,
    rulings,
    log,
    amendments,
    workingSet,
    archive,
    state.doubts,
    derive,
    clock,
    () => wake('settle'),
  );
  const attachments = new Attachments(site, state.attachmentStore, decisionStore, audit, transact, clock);
  const decisions = new Decisions(
    site,
    decisionStore,
    audit,
    transact,
    clock,
    (station) => {
      rulings.forget(station);
      wake('rejudge');
    },
    (touched) => reviewing.changes.decided(touched),
    attachments,
  );
  const signing = assembleSigning(site, {
    ...{ store: state.signOffs, digest: sha256, decisions: decisionStore },
    ...{ compliance, alerts, cases, verdicts, workingSet, audit, transact, clock },
    unreviewed: (stations, span) => reviewing.queue.unreviewed(stations, span),
    settled: () => amendments.haveBeenAssessed,
    // A signed 月报 leaves at once.
    signed: () => wake('bulletins'),
  });
  const bulletins = assembleBulletins(site, {
    ...{
      compliance,
      breakdown,
      spanRate: spanRates(site, workingSet, verdicts, clock),
      takenOut: takenOut(site, { decisions: decisionStore, workingSet, archive, check }),
      records,
      alerts,
      cases: alarms.cases,
      verdicts,
      signing: state.signOffs,
      comparisons: upkeep.comparisons,
    },
    reviewed: (stations, span) => reviewing.queue.share(stations, span),
    alertView: (alert, names) => alertsReport.alertView(alert, names),
    store: state.bulletinStore,
    leases: state.leases,
    press: new FilePress(environment.configDir, { width: DAYS_WIDTH, height: DAYS_HEIGHT, draw: drawDays }),
    ...{ outbox, audit, transact, clock, journal },
    address: { domain: mailDomain(environment.mailFrom), publicUrl: environment.publicUrl },
    owner: randomUUID(),
    began: (now) => alarms.path.began(now),
    wrote: () => wake('notify'),
  });
  const reports: Reports = {
    site: () => ({
      ...report.siteView(),
      onDuty: handovers.now(),
      paused: pressure.paused && {
        reason: pressure.paused.reason,
        since: isoTime(pressure.paused.since, site.calendar),
      },
      backup: backup.brief(),
    }),
    stations: () => report.stations(),
    alerts: (state, names) => alertsReport.alerts(state, names),
    acknowledge: (id, by, note) => alertsReport.alertView(alarms.desk.acknowledge(id, by, note), true),
    close: (id, by, reason) => alertsReport.alertView(alarms.desk.close(id, by, reason), true),
    notices: () => alarms.notices.notices(),
    notice: (id) => alarms.notices.notice(id),
    windows: (id) => windows.windows(id),
    targets: () => signing.rates.targets(compliance.targets()),
    compliance: (id, query) => signing.rates.beside(compliance.compliance(id, query)),
    breakdown: (id, query) => breakdown.breakdown(id, query),
    calendar: (id, query) => breakdown.calendar(id, query),
    changes: (id, query) => compliance.changes(id, query),
    readings: (id, query) => records.readings(id, query),
    receipts: (date) => records.receipts(date),
    rejections: (limit, which) => records.rejections(limit, which),
    refusedPayloads: (which) => records.refusedPayloads(records.which(which)),
    importValues: ({ station, source, file, dryRun, values }, by) =>
      importing.run(
        values.map(({ time, mark = source === 'lab' ? 'S' : 'N', detection, ...value }) => ({
          ...value,
          station,
          source,
          mark,
          time: Date.parse(time),
          ...(detection === undefined ? {} : { detection }),
        })),
        { dryRun, by, file },
      ),
    replay: async (which, by) => {
      const after = await replay.run(records.which(which));
      const event = { at: clock.now(), who: by, action: 'values-replayed', what: 'rejections', station: null } as const;
      audit.record({ ...event, before: which, after, reason: '' });
      return after;
    },
    ready: () => health(log, parts),
  };

  const archiveState = () => ({ name: archive.name, trouble: archiveTrouble() });
  const backlog = new BacklogReport(site, log, verdicts, archiveState, clock);
  const fileImport = new FileImport(
    site,
    importing,
    async (bytes, options) => {
      const { format, tables } = await readTables(bytes).catch((error: unknown) => {
        throw error instanceof UnreadableFile ? new Refusal('bad-request', error.message) : error;
      });
      return { format, ...readValues(tables, site, options) };
    },
    clock,
  );
  const data: DataDesk = {
    limits: () => ({
      unconfirmed: [...listed.unconfirmed],
      placeholders: [...listed.placeholders],
      unmeasured: [...listed.unmeasured],
    }),
    backlog: () => backlog.backlog(),
    importFile: (bytes, { dryRun, ...query }, by) =>
      fileImport.run(bytes, { ...query, station: query.station, dryRun: dryRun === '1' }, by),
  };

  let complained = '';
  /** What cannot be done now (the disk is full) keeps nothing else from being done, and is said once. */
  const careful = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (why !== complained) journal.warn(`a regular task waits: ${why}`);
      complained = why;
    }
  };
  const tasks: Tasks = {
    everySecond() {
      pressure.look();
      careful(() => alarms.hearing.look(clock.now()));
      wake('assess', 'vigil', 'tell', 'notify', 'roll call', 'rejudge', 'review');
    },
    everyMinute() {
      wake('archive check', 'mail check', 'bulletins');
      void heartbeat.tick();
      void backup.tick();
      careful(() => alarms.path.tick());
      careful(() => upkeep.call.step());
      careful(() => log.prune());
      careful(() => ledger.prune(clock.now()));
      careful(() => forget(site, log, verdicts, workingSet, clock.now()));
    },
  };

  return {
    line,
    archive,
    mailer,
    accounts,
    module: wiring(http, tasks, {
      reports,
      alertFile,
      chiefs,
      upkeep,
      handovers,
      data,
      backup,
      volume: {
        ...yearlyVolume(site),
        ...{ bytesPerReading: READING_BYTES, bytesPerVerdict: VERDICT_BYTES, freePages: FREE_PAGES, packed: PACKED },
        keptBackups: (site.settings.backup ?? (site.settings.backup === null ? null : DEFAULT_BACKUP))?.keep ?? null,
        rawHistory: environment.influx ? 'influxdb' : 'state',
      },
      alarms,
      upward: { report: (id, by, note) => alertsReport.alertView(alarms.upward.report(id, by, note), true) },
      decisions,
      excusing,
      signing,
      bulletins,
      reaches,
      review: new ReviewReport(site, state.doubts, (station) => reviewing.queue.tally(station)),
      reviewRoom: { ...reviewing, report: reviewing.report(decisions) },
      attachments,
      station: new StationReport(site, workingSet, verdicts, ledger, alerts, decisions, lastMessages, clock),
      accounts,
      places: new ChiefPlaces(site, alerts, cases, clock),
      publicSite: {
        calendar: site.calendar,
        now: () => clock.now(),
        people: () => site.people,
        board: () => ({ ...publicBoard(site), ...signing.rates.published() }),
      },
      live,
      metrics,
      journal,
    }),
    async start() {
      outbox.retryAll();
      bulletins.checkTemplates();
      closeDeparted(site, alerts, transact, clock, journal);
      stages.wakeAll();
      pressure.look();
      await line.start();
    },
    async stop() {
      await line.stop();
      await Promise.all([intake.drained(), backup.stop()]);
      // A step that waits for an archive or a mail server that never answers is left: what it has not recorded is done again.
      await Promise.race([stages.stop(), new Promise((resolve) => setTimeout(resolve, FINISH_WITHIN))]);
      await Promise.all([archive.close(), mailer.close()]);
      database.fold();
      database.close();
      lock.release();
    },
  };
}

/** The broker in this process. Throws when it would listen to other machines and no device has credentials (contract §2). */
function embeddedBroker(where: Embedded, devices: Devices, options: LineOptions): EmbeddedBroker {
  const refused = refusesToListen(where.host, devices);
  if (refused !== null) throw new Error(refused);
  return new EmbeddedBroker({ ...options, host: where.host, port: where.port, tls: where.tls, devices });
}

/** SMTP, or a folder of `.eml` files where there is no server. */
export function mailerFor(environment: Environment, attachment?: ReadAttachment): Mailer & { readonly address?: string } {
  return environment.smtp
    ? new SmtpMailer({ server: environment.smtp, from: environment.mailFrom, ...(attachment && { attachment }) })
    : new EmlMailer({ folder: join(environment.dataDir, 'mail'), from: environment.mailFrom, ...(attachment && { attachment }) });
}

/** The daily backup, made by the command line beside this file. */
function dailyBackup(
  { dataDir, influx }: Environment,
  { settings, calendar }: Site,
  { backups, audit }: State,
  clock: Clock,
  journal: Journal,
): DailyBackup {
  const { backup = DEFAULT_BACKUP } = settings;
  const maker = new BackupProcess(join(import.meta.dirname, 'heqing.js'), backup?.dir ?? join(dataDir, 'backups'), dataDir);
  const history = influx
    ? { where: 'influxdb' as const, database: influx.database, command: influxCommand(influx.database) }
    : { where: 'state' as const };
  return new DailyBackup(backup, calendar, backups, maker, history, audit, clock, journal);
}

/** What is free for us on the disk, and below what nothing more is taken; `null` where that cannot be told. */
function room(disk: StateDisk, { diskFloorBytes, diskFloorPercent }: Site['settings']): { free: number; floor: number } | null {
  const space = disk.space();
  return (
    space && {
      free: space.free + space.reusable,
      floor: Math.min(diskFloorBytes, (space.total * diskFloorPercent) / 100),
    }
  );
}

/** Measured time of each active station's newest reading, looked up without judging anything: a scrape must be cheap. */
function lastReadings(site: Site, workingSet: State['workingSet']): [station: string, at: Instant][] {
  return [...site.stations.values()].flatMap(({ id, active, parameters }): [string, Instant][] => {
    const times = parameters.flatMap(({ parameter }) => workingSet.newest(id, parameter)?.time ?? []);
    return active && times.length > 0 ? [[id, Math.max(...times)]] : [];
  });
}

@Module({})
class AppModule {}

/** What Nest hands to controllers and schedules. */
function wiring(http: HttpOptions, tasks: Tasks, desks: Desks): DynamicModule {
  return {
    module: AppModule,
    imports: [ScheduleModule.forRoot(), createHttpModule(http, { providers: deskProviders(desks) })],
    providers: [{ provide: TASKS, useValue: tasks }, Ticks],
  };
}

/** The right-hand side of our Message-IDs: the domain we send from. */
const mailDomain = (from: string): string => /@([^\s<>@]+)>?$/.exec(from)?.[1] ?? 'localhost';
