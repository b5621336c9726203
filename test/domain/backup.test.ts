/** When is a backup due, when does it alarm, and is a difference between two states seen? */
import { describe, expect, test } from '@jest/globals';
import {
  type BackupAttempt,
  backupStanding,
  DEFAULT_BACKUP,
  differences,
  isDue,
  type StateCounts,
} from '../../src/domain/backup.js';

const BEIJING = { offsetMinutes: 480 };
const at = (text: string): number => Date.parse(`2026-${text}:00+08:00`);
const good = (text: string): BackupAttempt => ({
  at: at(text),
  ended: at(text),
  file: 'f',
  bytes: 1,
  why: null,
  elsewhere: null,
});
const failed = (text: string): BackupAttempt => ({
  ...{ at: at(text), ended: at(text), file: null, bytes: null, why: 'no room', elsewhere: null },
});
const began = at('11-01T12:00');

describe('due at 02:30', () => {
  test.each([
    ['on the first day there was nothing to keep at that hour', null, null, '11-01T18:00', false],
    ['the first night', null, null, '11-02T02:30', true],
    ['a minute before', good('11-22T02:30'), good('11-22T02:30'), '11-23T02:29', false],
    ['the next night', good('11-22T02:30'), good('11-22T02:30'), '11-23T02:30', true],
    ['once a day', good('11-23T02:31'), good('11-23T02:31'), '11-23T23:59', false],
    ['the service was down at the hour', good('11-22T02:30'), good('11-22T02:30'), '11-23T09:00', true],
    ['one by hand before the hour does not stand for it', good('11-23T01:00'), good('11-23T01:00'), '11-23T02:30', true],
    ['a failed one is left alone for a while', failed('11-23T02:30'), good('11-22T02:30'), '11-23T03:29', false],
    ['and tried again after an hour', failed('11-23T02:30'), good('11-22T02:30'), '11-23T03:30', true],
  ])('%s', (_words, last, lastGood, now, due) => {
    expect(isDue(DEFAULT_BACKUP, { began, last, lastGood }, at(now), BEIJING)).toBe(due);
  });
});

describe('standing', () => {
  test.each([
    ['none yet on the first day', null, null, '11-02T02:00', 'none', false],
    ['none after three days', null, null, '11-04T12:01', 'old', true],
    ['good', good('11-22T02:30'), good('11-22T02:30'), '11-23T08:00', 'good', false],
    ['good up to three days', good('11-20T02:30'), good('11-20T02:30'), '11-23T02:30', 'good', false],
    ['old beyond them', good('11-20T02:30'), good('11-20T02:30'), '11-23T02:31', 'old', true],
    [
      'failed at once, however young the last good one',
      failed('11-23T02:30'),
      good('11-22T02:30'),
      '11-23T02:31',
      'failed',
      true,
    ],
  ] as const)('%s', (_words, last, lastGood, now, state, alarms) => {
    expect(backupStanding({ began, last, lastGood }, at(now), BEIJING)).toMatchObject({ state, alarms });
  });

  test('a failure says why, and when the last good one was', () => {
    const { words } = backupStanding(
      { began, last: failed('11-23T02:30'), lastGood: good('11-22T02:30') },
      at('11-23T08:00'),
      BEIJING,
    );
    expect(words).toEqual({
      zh: '备份失败(no room),上次成功 11-22 02:30',
      en: 'the backup failed (no room), last good one 11-22 02:30',
    });
  });
});

test('every count and the end of the audit trail tell two states apart', () => {
  const counts: StateCounts = {
    ...{ accounts: 3, readings: 1000, verdicts: 40, alerts: 2, cases: 1 },
    audit: { entries: 7, head: 'abc' },
    newestReading: '2026-11-22T18:00:00.000Z',
  };
  expect(differences(counts, { ...counts })).toEqual([]);
  expect(differences(counts, { ...counts, accounts: 2 })).toEqual(['accounts 2 ≠ 3']);
  expect(differences(counts, { ...counts, readings: 999 })).toHaveLength(1);
  expect(differences(counts, { ...counts, verdicts: 41 })).toHaveLength(1);
  expect(differences(counts, { ...counts, alerts: 0 })).toHaveLength(1);
  expect(differences(counts, { ...counts, cases: 0 })).toHaveLength(1);
  expect(differences(counts, { ...counts, newestReading: null })).toHaveLength(1);
  expect(differences(counts, { ...counts, audit: { entries: 7, head: 'abd' } })).toEqual(['audit head abd ≠ abc']);
});
