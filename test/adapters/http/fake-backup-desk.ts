/** What stands behind the backups in a test of HTTP? One good backup, and a note of who asked for another. */
import type { BackupDesk } from '../../../src/adapters/http/backup.controller.js';
import type { BackupAnswer } from '../../../src/adapters/http/contract-backup.js';

const GOOD = {
  at: '2026-11-23T02:30:00+08:00',
  seconds: 9,
  file: 'heqing-20261122T183000Z.tar.gz',
  bytes: 23_765_168,
  why: null,
};

/** Answers as the contract says. */
export class FakeBackupDesk implements BackupDesk {
  readonly asked: string[] = [];

  view(): BackupAnswer {
    return {
      state: 'good',
      words: { zh: '上次成功 11-23 02:30', en: 'last good one 11-23 02:30' },
      isRunning: this.asked.length > 0,
      ...{ dir: '/mnt/backup', sameDisk: false, at: '02:30', keepDays: 14, next: '2026-11-24T02:30:00+08:00' },
      lastGood: GOOD,
      attempts: [GOOD],
      history: { where: 'state' },
    };
  }

  ask(who: string): BackupAnswer {
    this.asked.push(who);
    return this.view();
  }
}
