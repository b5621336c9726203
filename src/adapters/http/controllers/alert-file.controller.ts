/** What is known of one alert, and which were there? All of it needs a login: people are named. */
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { AlertFile } from '../../../pipeline/reporting/alert-file.js';
import { Answer } from '../answer.js';
import {
  type AlertFileAnswer,
  alertFileAnswer,
  type AlertSearch,
  alertSearch,
  type AlertSearchAnswer,
  alertSearchAnswer,
} from '../contract/alert-file.js';

/** `AlertFile` of `pipeline/reporting/alert-file.ts` */
export const ALERT_FILE = Symbol('AlertFile');

/** `/api/v1/alerts/search` and `/api/v1/alerts/{id}` */
@ApiTags('alerts')
@Controller('api/v1/alerts')
export class AlertFileController {
  constructor(@Inject(ALERT_FILE) private readonly file: AlertFile) {}

  /** Alerts of any day, by what they were about. */
  @Get('search')
  @Answer('查找预警与报警 · Alerts by state, kind, severity, station and time', alertSearchAnswer, 400, 401)
  searchAlerts(@Query({ schema: alertSearch.strict() }) query: AlertSearch): AlertSearchAnswer {
    return this.file.search(query);
  }

  /** One alert: who was told, who hears it next, and the mails about it. */
  @Get(':id')
  @Answer('一条预警或报警 · One alert, who was told of it and who hears it next', alertFileAnswer, 401, 404)
  alertFile(@Param('id') id: string): AlertFileAnswer {
    return this.file.file(id);
  }
}
