/** What belongs to one station: its days, what lay over its readings, and what it sent last? */
import { Controller, Get, Header, Inject, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { StationReport } from '../../../pipeline/reporting/report-station.js';
import { Open } from '../access/access.js';
import { Answer } from '../answer.js';
import {
  type LastMessageAnswer,
  lastMessageAnswer,
  type SpansAnswer,
  spansAnswer,
  spansQuery,
  stationDayAnswer,
  type StationDaysAnswer,
  stationDaysAnswer,
  stationDaysQuery,
  type StationLimitsAnswer,
  stationLimitsAnswer,
} from '../contract/station.js';

/** `StationReport` of `pipeline/reporting/report-station.ts` */
export const STATION_REPORT = Symbol('StationReport');

/** One station. Its verdicts are open as the rates are; who worked there and what it sent, word by word, need a login. */
@ApiTags('stations')
@Controller('api/v1/stations/:id')
export class StationController {
  constructor(@Inject(STATION_REPORT) private readonly report: StationReport) {}

  /** A year of verdicts, a day at a time. */
  @Get('days')
  @Open('public')
  @Answer('某站点一年的逐日评价结果 · A year of verdicts of a station, a day at a time', stationDaysAnswer, 400, 401, 404)
  stationDays(
    @Param('id') id: string,
    @Query({ schema: stationDaysQuery.strict() }) query: z.infer<typeof stationDaysQuery>,
  ): StationDaysAnswer {
    return this.report.days(id, query.year);
  }

  /** The windows of one day with their evidence. They are printed already, so the answer is put together as text. */
  @Get('days/:date')
  @Open('public')
  @Header('Content-Type', 'application/json; charset=utf-8')
  @Answer('某站点某日的评价依据 · The windows of one day with their evidence', stationDayAnswer, 400, 401, 404)
  stationDay(@Param('id') id: string, @Param('date') date: string): string {
    const { head, windows } = this.report.day(id, date);
    return `${JSON.stringify(head).slice(0, -1)},"windows":[${windows.join(',')}]}`;
  }

  /** The limits that held at each time of a stretch, for the charts. */
  @Get('limits')
  @Open('public')
  @Answer(
    '某站点各指标在一段时间内执行的限值 · The limits of a station over a stretch of time',
    stationLimitsAnswer,
    400,
    401,
    404,
  )
  stationLimits(
    @Param('id') id: string,
    @Query({ schema: spansQuery.strict() }) query: z.infer<typeof spansQuery>,
  ): StationLimitsAnswer {
    return this.report.limits(id, query);
  }

  /** Maintenance and alerts that touch a stretch of time. */
  @Get('spans')
  @Answer('某站点的维护与报警时段 · Maintenance and alerts of a station in a stretch of time', spansAnswer, 400, 401, 404)
  stationSpans(@Param('id') id: string, @Query({ schema: spansQuery.strict() }) query: z.infer<typeof spansQuery>): SpansAnswer {
    return this.report.spans(id, query);
  }

  /** The newest message as it came, and what became of it. */
  @Get('last')
  @Answer('某站点最近一条报文及处理结果 · The newest message of a station and what became of it', lastMessageAnswer, 401, 404)
  lastMessage(@Param('id') id: string): LastMessageAnswer {
    return this.report.last(id);
  }
}
