/** How does a test ask over real HTTP? The module on a free port, with a manual clock and a page in a temporary folder. */
import 'reflect-metadata';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ALERT_FILE } from '../../../src/adapters/http/controllers/alert-file.controller.js';
import { CHIEF_CARDS, PATROLS } from '../../../src/adapters/http/controllers/chiefs.controller.js';
import { HANDOVERS } from '../../../src/adapters/http/controllers/handover.controller.js';
import { UPKEEP } from '../../../src/adapters/http/controllers/upkeep.controller.js';
import { SqliteComparisonStore, SqliteToldStore } from '../../../src/adapters/sqlite/comparison-store.js';
import { SqliteHandoverStore } from '../../../src/adapters/sqlite/handover-store.js';
import { Handovers } from '../../../src/pipeline/handover/handovers.js';
import { openItems } from '../../../src/pipeline/handover/open-items.js';
import { comparedBy } from '../../../src/pipeline/upkeep/compared.js';
import { upkeep as assembleUpkeep } from '../../../src/pipeline/upkeep/upkeep.js';
import { SqliteOutbox } from '../../../src/adapters/sqlite/outbox.js';
import { SqlitePatrolStore } from '../../../src/adapters/sqlite/patrol-store.js';
import { SqliteTellingStore } from '../../../src/adapters/sqlite/telling-store.js';
import { AlertFile } from '../../../src/pipeline/reporting/alert-file.js';
import { ChiefCards } from '../../../src/pipeline/reporting/chief-cards.js';
import { Patrols } from '../../../src/pipeline/deciding/patrols.js';
import { AlertsReport } from '../../../src/pipeline/reporting/report-alerts.js';
import { currentOf, morningOf } from './morning-of.js';
import { Accounts } from '../../../src/adapters/http/access/accounts.js';
import { BACKUP } from '../../../src/adapters/http/controllers/backup.controller.js';
import { VOLUME } from '../../../src/adapters/http/controllers/volume.controller.js';
import { FAKE_VOLUME, FakeBackupDesk } from './fake-backup-desk.js';
import { BULLETINS } from '../../../src/adapters/http/controllers/bulletins.controller.js';
import { DATA_DESK } from '../../../src/adapters/http/controllers/data.controller.js';
import { askedFrom } from '../../../src/adapters/http/asking.js';
import { configureHttp, createHttpModule, httpApplicationOptions } from '../../../src/adapters/http/http.module.js';
import { LiveHub } from '../../../src/adapters/http/live-hub.js';
import { SILENCING, UPWARD } from '../../../src/adapters/http/controllers/silences.controller.js';
import { ATTACHMENTS } from '../../../src/adapters/http/controllers/attachments.controller.js';
import { REVIEW_ROOM } from '../../../src/adapters/http/controllers/reviewing.controller.js';
import { STATION_REPORT } from '../../../src/adapters/http/controllers/station.controller.js';
import {
  ACCOUNTS,
  CASES,
  CHIEF_PLACES,
  DECISIONS,
  EXCUSING,
  type HttpOptions,
  JOURNAL,
  LINK_DESK,
  LIVE_HUB,
  METRICS,
  PATH_PROOF,
  PUBLIC_SITE,
  REACHES,
  REVIEW,
  REPORTS,
  SIGNING,
} from '../../../src/adapters/http/access/tokens.js';
import { SqliteAccountStore } from '../../../src/adapters/sqlite/account-store.js';
import { EmbeddedArchive } from '../../../src/adapters/sqlite/embedded-archive.js';
import { SqliteCaseStore } from '../../../src/adapters/sqlite/case-store.js';
import { SqliteExcuseStore } from '../../../src/adapters/sqlite/excuse-store.js';
import { SqliteVerdictStore } from '../../../src/adapters/sqlite/verdict-store.js';
import { SqlitePathStore } from '../../../src/adapters/sqlite/path-store.js';
import { SqliteAttachmentStore } from '../../../src/adapters/sqlite/attachment-store.js';
import { SqliteReadingLog } from '../../../src/adapters/sqlite/reading-log.js';
import { SqliteReviewDayStore } from '../../../src/adapters/sqlite/review-day-store.js';
import { SqliteReviewStore } from '../../../src/adapters/sqlite/review-store.js';
import { SqliteSilenceStore } from '../../../src/adapters/sqlite/silence-store.js';
import { sha256, SqliteSignOffStore } from '../../../src/adapters/sqlite/sign-off-store.js';
import { SqliteLinkKey } from '../../../src/adapters/sqlite/link-key.js';
import { SqliteWorkingSet } from '../../../src/adapters/sqlite/working-set.js';
import { Cases } from '../../../src/pipeline/deciding/cases.js';
import { ChiefPlaces } from '../../../src/pipeline/reporting/chief-places.js';
import { Excusing } from '../../../src/pipeline/deciding/excusing.js';
import { LinkDesk } from '../../../src/pipeline/alerting/link-desk.js';
import { Links } from '../../../src/pipeline/alerting/links.js';
import { PathProof } from '../../../src/pipeline/alerting/path-proof.js';
import { judgedBy } from '../../../src/pipeline/judging/judged-as.js';
import { printFor } from '../../../src/pipeline/judging/print-verdict.js';
import { publicBoard } from '../../../src/pipeline/reporting/public-board.js';
import { ReachReport } from '../../../src/pipeline/reporting/report-reach.js';
import { ReviewReport, type ReviewStore } from '../../../src/pipeline/deciding/review.js';
import { LastMessages } from '../../../src/pipeline/filling/last-messages.js';
import { StationReport } from '../../../src/pipeline/reporting/report-station.js';
import { SqliteAlertStore } from '../../../src/adapters/sqlite/alert-store.js';
import { SqliteLedger } from '../../../src/adapters/sqlite/ledger.js';
import { SqliteAudit } from '../../../src/adapters/sqlite/audit-store.js';
import { Database } from '../../../src/adapters/sqlite/database.js';
import { SqliteDecisionStore } from '../../../src/adapters/sqlite/decision-store.js';
import { Silencing } from '../../../src/pipeline/alerting/silencing.js';
import { Attachments } from '../../../src/pipeline/deciding/attachments.js';
import { Amendments } from '../../../src/pipeline/judging/amendments.js';
import { MomentaryCheck } from '../../../src/pipeline/judging/momentary.js';
import { reviewing as assembleReviewing } from '../../../src/pipeline/reviewing/reviewing.js';
import { type Signing, signing as assembleSigning } from '../../../src/pipeline/signing/signing.js';
import { ComplianceReport } from '../../../src/pipeline/reporting/report-compliance.js';
import { Decisions } from '../../../src/pipeline/deciding/decisions.js';
import type { Alert } from '../../../src/domain/alerting/alert.js';
import type { JudgedReading } from '../../../src/domain/reading.js';
import type { Notice } from '../../../src/pipeline/alerting/alert-stores.js';
import { acknowledge } from '../../../src/domain/alerting/lifecycle.js';
import { bulletinsOn } from '../../support/bulletin-desk.js';
import { wupi } from '../../support/wupi.js';
import { FakeDataDesk } from './fake-data-desk.js';
import { ALERT, FakeReports } from './fake-reports.js';

export const PASSWORD = 'nankeng-river-clear';

/** An alert that a case can be opened of. */
export const OPEN_ALERT: Alert = {
  id: 'a1',
  subject: 'nankeng-out',
  station: 'nankeng-out',
  parameter: 'nh3n',
  rule: 'nh3n-over',
  kind: 'limit',
  severity: 'over',
  state: 'active',
  openedAt: Date.parse('2026-11-22T23:50:00Z'),
  acknowledgedAt: null,
  acknowledgedBy: null,
  resolvedAt: null,
  value: 1.37,
  passed: null,
  isUnconfirmed: false,
  reason: { zh: '单次测值 1.37 mg/L 超过限值 1.0', en: 'one value over its limit' },
  history: [],
};

export interface Running {
  readonly url: string;
  readonly reports: FakeReports;
  readonly dataDesk: FakeDataDesk;
  /** Readings that wait for review. */
  readonly reviews: ReviewStore;
  /** Makes the links of mails. */
  readonly links: Links;
  /** Alerts that links speak of, `OPEN_ALERT` at first. */
  readonly alerts: Map<string, Alert>;
  /** Test mails of the path. */
  readonly tests: Notice[];
  readonly hub: LiveHub;
  readonly accounts: Accounts;
  /** Over nothing at first; a test may put another one's parts in its place. */
  readonly signing: Signing;
  readonly token: string;
  readonly logged: string[];
  readonly clock: { time: number };
  /** Has readings at hand, as if they had come. */
  keep(readings: readonly JudgedReading[]): void;
  /** Cookie header of a fresh login. */
  logIn(): Promise<string>;
  stop(): Promise<void>;
}

/** Starts HTTP; `changes` overrides the options of a loopback service with `HEQING_PUBLIC=read`. */
export async function startHttp(changes: Partial<HttpOptions> = {}): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), 'heqing-http-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>河清</title>');
  writeFileSync(join(folder, 'assets', 'index-B1x9Zq3k.js'), 'console.log(1)');
  writeFileSync(join(folder, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');

  const options: HttpOptions = {
    publicRead: true,
    publicUrl: 'http://127.0.0.1:3000',
    isLoopback: true,
    webFolder: folder,
    ...changes,
  };
  const database = new Database(':memory:');
  const clock = { time: Date.parse('2026-11-23T00:00:00Z'), now: () => clock.time };
  const audit = new SqliteAudit(database, askedFrom);
  const accounts = new Accounts(
    new SqliteAccountStore(database),
    clock,
    { beyondLoopback: false },
    { audit, transact: (work) => database.transact(work) },
  );
  await accounts.ensureAdmin(PASSWORD);
  const reports = new FakeReports();
  const dataDesk = new FakeDataDesk();
  const decisionStore = new SqliteDecisionStore(database);
  const verdicts = new SqliteVerdictStore(database, printFor(wupi));
  const workingSet = new SqliteWorkingSet(database, false);
  const readingLog = new SqliteReadingLog(database);
  const transact = <T>(work: () => T): T => database.transact(work);
  const reviewing = assembleReviewing(wupi, {
    days: new SqliteReviewDayStore(database, wupi.calendar),
    archive: new EmbeddedArchive(database, workingSet),
    alerts: new SqliteAlertStore(database),
    check: new MomentaryCheck(wupi, workingSet),
    log: readingLog,
    amendments: new Amendments(readingLog),
    ...{ workingSet, audit, transact, derive: transact, clock },
  });
  const attachments = new Attachments(wupi, new SqliteAttachmentStore(database), decisionStore, audit, transact, clock);
  const decisions = new Decisions(
    wupi,
    decisionStore,
    audit,
    transact,
    clock,
    () => {},
    (touched) => reviewing.changes.decided(touched),
    attachments,
  );
  const excuses = new SqliteExcuseStore(database);
  const judgedAs = judgedBy(wupi, excuses, comparedBy(new SqliteComparisonStore(database), wupi.calendar));
  const excusing = new Excusing(
    wupi,
    excuses,
    verdicts,
    audit,
    (work) => database.transact(work),
    clock,
    () => {},
  );
  const signOffs = assembleSigning(wupi, {
    ...{
      store: new SqliteSignOffStore(database),
      digest: sha256,
      decisions: decisionStore,
      cases: new SqliteCaseStore(database),
      alerts: new SqliteAlertStore(database),
    },
    ...{ verdicts, workingSet, audit, transact, clock },
    compliance: new ComplianceReport(wupi, workingSet, verdicts, excuses, clock, judgedAs),
    unreviewed: (stations, span) => reviewing.queue.unreviewed(stations, span),
    settled: () => true,
    signed: () => {},
  });
  const alerts = new Map([[OPEN_ALERT.id, OPEN_ALERT]]);
  const caseStore = new SqliteCaseStore(database);
  const cases = new Cases(wupi, caseStore, { find: (id) => alerts.get(id) }, audit, transact, clock, () => {});
  const signing = new SqliteLinkKey(database);
  const links = new Links(options.publicUrl, signing);
  const tests: Notice[] = [];
  const path = new PathProof(
    wupi,
    new SqlitePathStore(database),
    { add: (notice) => void tests.push({ ...notice, state: 'sent' }), find: (id) => tests.find((notice) => notice.id === id) },
    links,
    signing,
    ({ code, confirm }) => ({ subject: '【系统】测试', text: `${code} ${confirm ?? ''}`, html: `<p>${code}</p>` }),
    (work) => database.transact(work),
    clock,
    { domain: 'example.org', publicUrl: options.publicUrl },
    () => null,
    () => {},
    audit,
  );
  const desk = new LinkDesk(
    wupi,
    links,
    { find: (id) => alerts.get(id) },
    (id, by, note) => {
      const alert = alerts.get(id);
      if (alert) alerts.set(id, acknowledge(alert, by, note, clock.now()));
    },
    cases,
    path,
    clock,
  );
  const silencing = new Silencing(
    wupi,
    new SqliteSilenceStore(database),
    audit,
    (work) => database.transact(work),
    clock,
    () => {},
  );
  const reviews = new SqliteReviewStore(database);
  const patrols = new Patrols(
    wupi,
    new SqlitePatrolStore(database),
    new SqliteAudit(database),
    (work) => database.transact(work),
    clock,
  );
  const alertFile = new AlertFile(
    wupi,
    { find: (id) => alerts.get(id), within: () => [...alerts.values()] },
    new SqliteTellingStore(database),
    new SqliteOutbox(database),
    new AlertsReport(wupi, { list: () => [] }, clock),
    clock,
  );
  const reaches = new ReachReport(wupi, new EmbeddedArchive(database, new SqliteWorkingSet(database, false)), verdicts, clock);
  const stationReport = new StationReport(
    wupi,
    new SqliteWorkingSet(database, false),
    verdicts,
    new SqliteLedger(database, 1_000_000),
    new SqliteAlertStore(database),
    decisions,
    new LastMessages(),
    clock,
  );
  const began = (): number => 0;
  const outbox = new SqliteOutbox(database);
  const upkeep = assembleUpkeep(
    wupi,
    {
      comparisons: new SqliteComparisonStore(database),
      told: new SqliteToldStore(database),
      ...{ decisions: decisionStore, workingSet, outbox, audit, verdicts: { markJudged: () => {} } },
    },
    transact,
    clock,
    { publicUrl: options.publicUrl, domain: 'example.org', began, wrote: () => {}, marked: () => {} },
  );
  const handovers = new Handovers(
    wupi,
    new SqliteHandoverStore(database),
    (now) =>
      openItems(
        wupi,
        {
          alerts: { list: () => [...alerts.values()] },
          silences: new SqliteSilenceStore(database),
          ...{ cases: caseStore, decisions: decisionStore, reviews: { count: () => 4 }, path, upkeep },
        },
        now,
      ),
    ...([audit, transact, clock, began] as const),
  );
  const hub = new LiveHub(
    {
      calendar: { offsetMinutes: 480 },
      clock,
      check: (reading) => (reading.parameter === 'temp' ? null : reading.value > 1 ? 'over' : 'within'),
      alertView: (alert) => ({
        ...ALERT,
        id: alert.id,
        subject: alert.subject,
        station: alert.station,
        acknowledgedBy: '镇环保办',
        history: ALERT.history.map((e) => ({ ...e, by: '镇环保办', note: '已派人' })),
      }),
    },
    { complianceEvery: 50, heartbeatEvery: 200 },
  );
  const logged: string[] = [];
  const log = (text: string): void => void logged.push(text);

  @Module({
    imports: [
      createHttpModule(options, {
        providers: [
          { provide: REPORTS, useValue: reports },
          { provide: DATA_DESK, useValue: dataDesk },
          { provide: BACKUP, useValue: new FakeBackupDesk() },
          { provide: VOLUME, useValue: FAKE_VOLUME },
          { provide: DECISIONS, useValue: decisions },
          { provide: EXCUSING, useValue: excusing },
          { provide: SIGNING, useValue: signOffs },
          { provide: BULLETINS, useValue: bulletinsOn(database, wupi, clock).desk },
          { provide: CASES, useValue: cases },
          { provide: ALERT_FILE, useValue: alertFile },
          {
            provide: CHIEF_CARDS,
            useValue: new ChiefCards(wupi, { of: morningOf }, patrols, verdicts, { current: currentOf }, clock),
          },
          { provide: PATROLS, useValue: patrols },
          { provide: UPKEEP, useValue: upkeep },
          { provide: HANDOVERS, useValue: handovers },
          { provide: SILENCING, useValue: silencing },
          { provide: UPWARD, useValue: reports },
          { provide: LINK_DESK, useValue: desk },
          { provide: PATH_PROOF, useValue: path },
          { provide: REACHES, useValue: reaches },
          { provide: STATION_REPORT, useValue: stationReport },
          { provide: REVIEW, useValue: new ReviewReport(wupi, reviews, (station) => reviewing.queue.tally(station)) },
          { provide: REVIEW_ROOM, useValue: { ...reviewing, report: reviewing.report(decisions) } },
          { provide: ATTACHMENTS, useValue: attachments },
          { provide: ACCOUNTS, useValue: accounts },
          { provide: CHIEF_PLACES, useValue: new ChiefPlaces(wupi, { find: (id) => alerts.get(id) }, caseStore, clock) },
          {
            provide: PUBLIC_SITE,
            useValue: {
              ...{ calendar: wupi.calendar, now: clock.now, people: () => wupi.people },
              board: () => ({ ...publicBoard(wupi), ...signOffs.rates.published() }),
            },
          },
          { provide: LIVE_HUB, useValue: hub },
          {
            provide: METRICS,
            useValue: { contentType: 'text/plain; version=0.0.4; charset=utf-8', text: async () => 'heqing_archive_up 1\n' },
          },
          { provide: JOURNAL, useValue: { info: log, warn: log, error: log } },
        ],
      }),
    ],
  })
  class TestModule {}

  const app = await NestFactory.create<NestExpressApplication>(TestModule, { ...httpApplicationOptions, logger: false });
  configureHttp(app, options, '0.0.0-test');
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const logIn = async (): Promise<string> => {
    const response = await fetch(`${url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'admin', password: PASSWORD }),
    });
    if (response.status !== 200) throw new Error(`login answered ${response.status}`);
    return (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  };
  const stop = async (): Promise<void> => {
    await app.close();
    database.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return {
    url,
    reports,
    dataDesk,
    reviews,
    links,
    alerts,
    tests,
    hub,
    accounts,
    signing: signOffs,
    token: accounts.addToken('test'),
    logged,
    clock,
    keep: (readings) =>
      transact(() => {
        for (const one of readings) workingSet.settle(one);
        workingSet.flush();
      }),
    logIn,
    stop,
  };
}
