/** How is the service doing, in numbers for Prometheus? The names of contract §6, and the process's own. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Severity } from '../../domain/alerting/alert.js';
import type { Fate, RejectionReason } from '../../domain/reading.js';
import { SECOND, type Instant } from '../../domain/time.js';

/** What is looked up when somebody scrapes. */
export interface MetricsSources {
  /** Rows of the log that each consumer has yet to pass. */
  logPending(): Readonly<Record<string, number>>;
  /** Alerts neither resolved nor closed. */
  alertsActive(): Readonly<Record<Severity, number>>;
  /** Notices ever made, by what has become of them. */
  noticesTotal(): Readonly<Record<'waiting' | 'sent' | 'failed', number>>;
  /** Measured time of each station's newest reading; a station without one is left out. */
  stationLastReading(): Readonly<Record<string, Instant>>;
  /** Messages that are missing by their numbers; a station that numbers none is left out. */
  stationMissingMessages(): Readonly<Record<string, number>>;
  /** Seconds since the last good backup; `null` before the first. */
  backupAge(): number | null;
}

/** Seconds; from a fast disk to one that is about to fail. */
const WRITE_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

/** Seconds; a mail may wait for its server for hours. */
const NOTICE_BUCKETS = [0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600, 14_400];

/** Counters and histograms run since start; gauges are looked up at each scrape. Each instance has a registry of its own. */
export class Metrics {
  private readonly registry = new Registry();
  private readonly messages: Counter;
  private readonly values: Counter<'outcome' | 'reason'>;
  private readonly commits: Histogram;
  private readonly archiveWrites: Histogram;
  private readonly archive: Gauge;
  private readonly noticeDelays: Histogram;

  constructor(sources: MetricsSources) {
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry });
    this.messages = new Counter({ name: 'heqing_messages_received_total', help: 'MQTT messages taken', registers });
    this.values = new Counter({
      name: 'heqing_values_total',
      help: 'Values by what became of them (stored, duplicate, corrected, rejected); reason is empty unless rejected',
      labelNames: ['outcome', 'reason'],
      registers,
    });
    this.commits = new Histogram({
      name: 'heqing_commit_seconds',
      help: 'Time of one durable commit of the log',
      buckets: WRITE_BUCKETS,
      registers,
    });
    this.archiveWrites = new Histogram({
      name: 'heqing_archive_write_seconds',
      help: 'Time of one write to the archive',
      buckets: WRITE_BUCKETS,
      registers,
    });
    this.archive = new Gauge({ name: 'heqing_archive_up', help: '1 while the archive takes writes, else 0', registers });
    this.noticeDelays = new Histogram({
      name: 'heqing_notice_delay_seconds',
      help: 'From the arrival of the reading to the acceptance of the mail',
      buckets: NOTICE_BUCKETS,
      registers,
    });
    this.lookUp('heqing_log_pending', 'Rows of the log that a consumer has yet to pass', 'consumer', () => sources.logPending());
    this.lookUp('heqing_alerts_active', 'Alerts neither resolved nor closed', 'severity', () => sources.alertsActive());
    // A gauge, for all its name: what waits leaves that state again.
    this.lookUp('heqing_notices_total', 'Notices by state, since the state began', 'state', () => sources.noticesTotal());
    this.lookUp(
      'heqing_station_last_reading_seconds',
      'Measured time of the newest reading of a station, seconds since 1970',
      'station',
      () => Object.fromEntries(Object.entries(sources.stationLastReading()).map(([station, at]) => [station, at / SECOND])),
    );
    this.lookUp('heqing_station_missing_messages', 'Messages of a station missing by their numbers, now', 'station', () =>
      sources.stationMissingMessages(),
    );
    new Gauge({
      name: 'heqing_backup_age_seconds',
      help: 'Since the last backup that was proven by restoring it; absent before the first',
      registers,
      collect() {
        this.remove();
        const age = sources.backupAge();
        if (age !== null) this.set(age);
      },
    });
  }

  /** Messages were taken. */
  messageReceived(count = 1): void {
    this.messages.inc(count);
  }

  /** `count` values ended as `outcome`; `reason` says why for rejected ones and is `null` for the others. */
  valueOutcome(outcome: Fate | 'rejected', reason: RejectionReason | null, count = 1): void {
    this.values.inc({ outcome, reason: reason ?? '' }, count);
  }

  /** One commit of the log took so many seconds. */
  commitSeconds(seconds: number): void {
    this.commits.observe(seconds);
  }

  /** One write to the archive took so many seconds. */
  archiveWriteSeconds(seconds: number): void {
    this.archiveWrites.observe(seconds);
  }

  /** The archive takes writes, or does not. */
  archiveUp(up: boolean): void {
    this.archive.set(up ? 1 : 0);
  }

  /** A mail was accepted so many seconds after its reading arrived. */
  noticeDelay(seconds: number): void {
    this.noticeDelays.observe(seconds);
  }

  /** Media type of `text`. */
  get contentType(): string {
    return this.registry.contentType;
  }

  /** Everything in Prometheus text format; looks the gauges up. */
  text(): Promise<string> {
    return this.registry.metrics();
  }

  private lookUp(name: string, help: string, label: string, values: () => Readonly<Record<string, number>>): void {
    new Gauge({
      name,
      help,
      labelNames: [label],
      registers: [this.registry],
      collect() {
        this.reset();
        for (const [key, value] of Object.entries(values())) this.set({ [label]: key }, value);
      },
    });
  }
}
