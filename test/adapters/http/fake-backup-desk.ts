/** What stands behind the backups in a test of HTTP? One good backup, and a note of who asked for another. */
import type { BackupDesk } from '../../../src/adapters/http/controllers/backup.controller.js';
import type { BackupAnswer } from '../../../src/adapters/http/contract/backup.js';
import type { VolumeAnswer } from '../../../src/adapters/http/contract/volume.js';

const GOOD = {
  at: '2026-11-23T02:30:00+08:00',
  seconds: 9,
  file: 'heqing-20261122T183000Z.tar.gz',
  bytes: 23_765_168,
  why: null,
  elsewhere: null,
};

/** What a year of the shipped config comes to. */
export const FAKE_VOLUME: VolumeAnswer = {
  ...{ stations: 14, series: 93, readingsPerYear: 3_532_000, verdictsPerYear: 74_500, bytesPerYear: 370_000_000 },
  ...{ bytesPerReading: 32, bytesPerVerdict: 3450, freePages: 1.7, packed: 0.0625, keptBackups: 14, rawHistory: 'state' },
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
