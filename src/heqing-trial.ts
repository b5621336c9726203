/** How is a town put together to live through history again? The parts of the service that alarm, on stores in memory. */
import { SqliteAlertStore } from './adapters/sqlite/alert-store.js';
import { Database } from './adapters/sqlite/database.js';
import { SqliteOutbox } from './adapters/sqlite/outbox.js';
import { SqliteReadingLog } from './adapters/sqlite/reading-log.js';
import { SqliteTellingStore } from './adapters/sqlite/telling-store.js';
import { SqliteWorkingSet } from './adapters/sqlite/working-set.js';
import { inhibited } from './domain/alerting/inhibition.js';
import { hearers, nextStep } from './domain/alerting/routing.js';
import type { Change } from './domain/alerting/signal.js';
import { onFile } from './domain/quality/decision.js';
import type { JudgedReading } from './domain/reading.js';
import type { Site } from './domain/site.js';
import { DAY, type Instant } from './domain/time.js';
import type { Trial } from './pipeline/alerting/backtest.js';
import { CountedMails } from './pipeline/alerting/backtest-mails.js';
import { Episodes } from './pipeline/alerting/episodes.js';
import { TrendRound, UpstreamRound } from './pipeline/alerting/foresight.js';
import { MomentaryCheck } from './pipeline/judging/momentary.js';
import { Outlook } from './pipeline/alerting/outlook.js';
import type { Clock, Live } from './pipeline/ports.js';
import { Settle } from './pipeline/settle.js';
import type { Announcement } from './pipeline/alerting/alert-stores.js';
import { Tell } from './pipeline/alerting/tell.js';
import { type Round, Vigil } from './pipeline/alerting/vigil.js';
import { Watch } from './pipeline/watch.js';
import { RainContext, RegionalRound, Suppression } from './pipeline/alerting/weather.js';

const nothing = (): void => {};
const SILENT: Live = { reading: nothing, alert: nothing, compliance: nothing };

/** Nothing on file: what people decided stands in the readings of history already. */
const NOTHING_ON_FILE = { of: () => onFile([], []) };

/** Announcements read at once. */
const MANY = 100_000;

/** Days of readings at hand: what the rules look back, and one more. */
const AT_HAND = 9 * DAY;

/** A trial, which must be closed. */
export interface OpenTrial extends Trial {
  close(): void;
}

/**
 * A town on its own stores, living through history: the rules limit, trend, upstream, regional and rain, and who is told. What
 * speaks of instruments, silence, verdicts, targets and the service is not lived through again: history keeps readings, not
 * when the service could hear or what was closed when.
 */
export function openTrial(site: Site, now: Instant): OpenTrial {
  const database = new Database(':memory:');
  const transact = <T>(work: () => T): T => database.transact(work);
  let instant = now;
  let pruned = now;
  const clock: Clock = { now: () => instant };
  const log = new SqliteReadingLog(database);
  const workingSet = new SqliteWorkingSet(database, true);
  const alerts = new SqliteAlertStore(database);
  const outbox = new SqliteOutbox(database);
  const tellings = new SqliteTellingStore(database);
  const episodes = new Episodes(alerts, site.rules.damping);
  const check = new MomentaryCheck(site, workingSet);
  const outlook = new Outlook(workingSet, site.rules.trend?.days ?? 1);
  const { rain: rainRule, trend, upstream, regional } = site.rules;
  const rain = rainRule && new RainContext(site, rainRule, outlook, workingSet, check, episodes);
  const suppression = new Suppression(site, episodes, rain);
  const settle = new Settle(log, workingSet, transact, SILENT, nothing);
  const watch = new Watch(
    ...([
      site,
      log,
      workingSet,
      alerts,
      episodes,
      check,
      transact,
      clock,
      SILENT,
      nothing,
      NOTHING_ON_FILE,
      suppression,
    ] as const),
  );
  const rounds: Round[] = [];
  if (rain) rounds.push(rain);
  if (regional) rounds.push(new RegionalRound(site, regional, outlook, workingSet, episodes));
  if (trend)
    rounds.push(
      new TrendRound(site, trend, outlook, workingSet, check, episodes, (station, parameter, at) =>
        rain ? rain.isStirred(station, parameter, at) : false,
      ),
    );
  if (upstream) rounds.push(new UpstreamRound(site, upstream, alerts, episodes));
  const vigil = new Vigil(site, rounds, episodes, inhibited, transact, clock, SILENT, nothing);
  const mails = new CountedMails(site, outbox);
  const tell = new Tell(
    ...([
      site,
      alerts,
      tellings,
      outbox,
      () => null,
      { hearers, nextStep },
      transact,
      clock,
      nothing,
      () => episodes.forget(),
    ] as const),
  );

  const changes: Change[] = [];
  const hear = (): void => {
    const announced: readonly Announcement[] = alerts.announcements(MANY);
    if (announced.length > 0) for (const { change } of announced) changes.push(change);
    while (tell.step());
    transact(() => mails.step(instant));
  };
  /** The clock goes from one thing that is due to be told to the next, so that what is apart leaves apart. */
  const pass = (at: Instant): void => {
    for (let due = mails.nextDue(); due !== null && due < at; due = mails.nextDue()) {
      instant = due;
      hear();
    }
    instant = at;
  };
  const all = (step: () => boolean): void => {
    while (step());
  };
  return {
    changes,
    mails: mails.byPerson,
    take(readings: readonly JudgedReading[], at) {
      pass(at);
      transact(() => {
        log.append(readings);
        all(() => settle.step());
        all(() => watch.step());
        log.prune();
      });
      hear();
    },
    tick(at) {
      pass(at);
      vigil.step();
      hear();
      if (at - pruned < DAY) return;
      pruned = at;
      workingSet.prune(at - AT_HAND);
    },
    close: () => database.close(),
  };
}
