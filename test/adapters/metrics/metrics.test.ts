/** Do the metrics carry the names and labels that others build on (contract §6)? */
import { describe, expect, test } from '@jest/globals';
import { Metrics } from '../../../src/adapters/metrics/metrics.js';

function setUp() {
  const pending: Record<string, number> = { archive: 3, watch: 0 };
  const backup: { age: number | null } = { age: null };
  const metrics = new Metrics({
    logPending: () => pending,
    alertsActive: () => ({ warning: 1, over: 2, severe: 0 }),
    noticesTotal: () => ({ waiting: 1, sent: 7, failed: 0 }),
    stationLastReading: () => ({ chujing: 1_795_392_000_500 }),
    stationMissingMessages: () => ({ chujing: 3 }),
    backupAge: () => backup.age,
  });
  return { metrics, pending, backup };
}

describe('the text of /metrics', () => {
  test('holds every name of the contract and the process defaults', async () => {
    const text = await setUp().metrics.text();
    const names = new Set([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map((match) => `${match[1]} ${match[2]}`));
    for (const name of [
      'heqing_messages_received_total counter',
      'heqing_values_total counter',
      'heqing_log_pending gauge',
      'heqing_commit_seconds histogram',
      'heqing_archive_write_seconds histogram',
      'heqing_archive_up gauge',
      'heqing_alerts_active gauge',
      'heqing_notices_total gauge',
      'heqing_backup_age_seconds gauge',
      'heqing_notice_delay_seconds histogram',
      'heqing_station_last_reading_seconds gauge',
      'process_cpu_seconds_total counter',
      'process_resident_memory_bytes gauge',
      'nodejs_eventloop_lag_seconds gauge',
    ]) {
      expect(names).toContain(name);
    }
  });

  test('counts what it was told', async () => {
    const { metrics } = setUp();
    metrics.messageReceived();
    metrics.messageReceived(4);
    metrics.valueOutcome('stored', null, 10);
    metrics.valueOutcome('rejected', 'bad-time');
    metrics.commitSeconds(0.002);
    metrics.archiveWriteSeconds(0.2);
    metrics.archiveUp(true);
    metrics.noticeDelay(1.5);
    const text = await metrics.text();
    expect(text).toContain('heqing_messages_received_total 5\n');
    expect(text).toContain('heqing_values_total{outcome="stored",reason=""} 10\n');
    expect(text).toContain('heqing_values_total{outcome="rejected",reason="bad-time"} 1\n');
    expect(text).toContain('heqing_commit_seconds_bucket{le="0.0025"} 1\n');
    expect(text).toContain('heqing_commit_seconds_bucket{le="0.001"} 0\n');
    expect(text).toContain('heqing_archive_write_seconds_sum 0.2\n');
    expect(text).toContain('heqing_archive_up 1\n');
    expect(text).toContain('heqing_notice_delay_seconds_count 1\n');
    metrics.archiveUp(false);
    expect(await metrics.text()).toContain('heqing_archive_up 0\n');
  });

  test('looks gauges up at each scrape and forgets what is gone', async () => {
    const { metrics, pending } = setUp();
    const first = await metrics.text();
    expect(first).toContain('heqing_log_pending{consumer="archive"} 3\n');
    expect(first).toContain('heqing_alerts_active{severity="over"} 2\n');
    expect(first).toContain('heqing_notices_total{state="sent"} 7\n');
    expect(first).toContain('heqing_station_last_reading_seconds{station="chujing"} 1795392000.5\n');
    expect(first).toContain('heqing_station_missing_messages{station="chujing"} 3\n');
    delete pending.archive;
    pending.watch = 5;
    const second = await metrics.text();
    expect(second).toContain('heqing_log_pending{consumer="watch"} 5\n');
    expect(second).not.toContain('consumer="archive"');
  });
});

test('the age of the last good backup is there from the first one on', async () => {
  const { metrics, backup } = setUp();
  expect(await metrics.text()).not.toMatch(/^heqing_backup_age_seconds /m);
  backup.age = 7200;
  expect(await metrics.text()).toMatch(/^heqing_backup_age_seconds 7200$/m);
});
