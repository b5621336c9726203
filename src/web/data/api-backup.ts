/** What does the page ask about backups? */
import type { BackupAnswer } from '../../adapters/http/contract/backup.js';
import { ask, send } from '../api/api.js';

/** The routes. Each throws `ApiError`. */
export const backupApi = {
  state: () => ask<BackupAnswer>('/backup'),
  make: () => send<BackupAnswer>('POST', '/backup', {}),
};
