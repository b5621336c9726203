/** What does the answer about backups look like? */
import { z } from 'zod';
import { BACKUP_STATES } from '../../../domain/backup.js';
import { time } from './contract.js';

const attempt = z.object({
  at: time,
  seconds: z.number(),
  file: z.string().nullable().describe('its name; null when it failed'),
  bytes: z.number().nullable(),
  why: z.string().nullable().describe('why it failed'),
  elsewhere: z.string().nullable().describe('the folder of one made by `heqing backup --to`; null: where the config says'),
});

export const backupAnswer = z.object({
  state: z.enum(BACKUP_STATES).describe('off: the config wants none; none: not yet; old: none for three days'),
  words: z.object({ zh: z.string(), en: z.string() }),
  isRunning: z.boolean(),
  dir: z.string(),
  sameDisk: z.boolean().describe('it lies on the disk that the state lies on: one broken disk takes both'),
  at: z.string().nullable().describe('HH:mm of every day'),
  keepDays: z.number().nullable(),
  next: time.nullable(),
  lastGood: attempt.nullable(),
  attempts: z.array(attempt).describe('the last fourteen, newest first'),
  history: z
    .discriminatedUnion('where', [
      z.object({ where: z.literal('state') }),
      z.object({ where: z.literal('influxdb'), database: z.string(), command: z.string() }),
    ])
    .describe('where the raw history is: in this backup, or in InfluxDB, which is backed up by its own command'),
});

export type BackupAnswer = z.infer<typeof backupAnswer>;
