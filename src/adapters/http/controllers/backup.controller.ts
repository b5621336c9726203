/** Is there a backup, and who wants one now? */
import { Controller, Get, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { visitorOf } from '../access/access.js';
import { Answer } from '../answer.js';
import { type BackupAnswer, backupAnswer } from '../contract/backup.js';
import { loginNeeded } from '../problem.js';

/** The backups as HTTP tells them; times in ISO 8601. */
export interface BackupDesk {
  view(): BackupAnswer;
  /** Begins one, where none is being made. */
  ask(who: string): BackupAnswer;
}

/** `BackupDesk` */
export const BACKUP = Symbol('BackupDesk');

/** `/api/v1/backup`; it needs a login. */
@ApiTags('data')
@Controller('api/v1/backup')
export class BackupController {
  constructor(@Inject(BACKUP) private readonly desk: BackupDesk) {}

  /** How the backups stand. */
  @Get()
  @Answer('备份情况 · How the backups stand', backupAnswer, 401, 403)
  backupState(): BackupAnswer {
    return this.desk.view();
  }

  /** Begins a backup; its end shows in `attempts`. */
  @Post()
  @HttpCode(200)
  @Answer('立即备份 · Makes a backup now', backupAnswer, 401, 403)
  makeBackup(@Req() request: Request): BackupAnswer {
    const visitor = visitorOf(request);
    if (!visitor) throw loginNeeded();
    return this.desk.ask(visitor.username);
  }
}
