/** What do the stations measure, and how do the targets stand? */
import { Controller, Get, Header, Inject, Param, Query, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import type { ChiefPlaces } from '../../../pipeline/reporting/chief-places.js';
import { hearsNames, Open, visitorOf } from '../access/access.js';
import { Answer } from '../answer.js';
import {
  type ReadingsAnswer,
  readingsAnswer,
  type ReadingsQuery,
  readingsQuery,
  type SiteAnswer,
  siteAnswer,
  type StationsAnswer,
  stationsAnswer,
} from '../contract/contract.js';
import {
  type ChangesAnswer,
  changesAnswer,
  type ChangesQuery,
  changesQuery,
  complianceAnswer,
  type ComplianceQuery,
  complianceQuery,
  type SignedView,
  type TargetsAnswer,
  targetsAnswer,
  type WindowsAnswer,
  windowsAnswer,
} from '../contract/compliance.js';
import { addressForOthers } from '../access/loopback.js';
import type { Reports } from '../reports.js';
import { routesFor } from '../access/roles.js';
import { CHIEF_PLACES, HTTP_OPTIONS, type HttpOptions, REPORTS } from '../access/tokens.js';

/** The site, its stations, their readings, its targets and their rates. */
@ApiTags('overview')
@Controller('api/v1')
@Open('public')
export class OverviewController {
  constructor(
    @Inject(REPORTS) private readonly reports: Reports,
    @Inject(CHIEF_PLACES) private readonly places: Pick<ChiefPlaces, 'stations'>,
    @Inject(HTTP_OPTIONS) private readonly options: HttpOptions,
  ) {}

  /** The site, and who is asking. */
  @Get('site')
  @Answer('站点所属单位与当前用户 · The site, and who is asking', siteAnswer, 401)
  site(@Req() request: Request): SiteAnswer {
    const visitor = visitorOf(request);
    const site = { ...this.reports.site(), address: addressForOthers(this.options.publicUrl) };
    if (visitor === null) return { ...site, user: null, onDuty: null };
    const { username, role, person } = visitor;
    const stations = role === 'chief' ? this.places.stations(person) : null;
    const onDuty = hearsNames(visitor) ? site.onDuty : site.onDuty?.map((one) => ({ ...one, phone: null }));
    return { ...site, onDuty, user: { username, role, may: routesFor(role), stations, person: person ?? null } };
  }

  /** Every active station with its last values. */
  @Get('stations')
  @Answer('各站点及最新测值 · Stations and their latest values', stationsAnswer, 401)
  stations(): StationsAnswer {
    return this.reports.stations();
  }

  /** One series over a stretch of time. */
  @Get('stations/:id/readings')
  @Answer('某站点某指标的测值 · Readings of one parameter at one station', readingsAnswer, 400, 401, 404, 503)
  readings(@Param('id') id: string, @Query({ schema: readingsQuery.strict() }) query: ReadingsQuery): Promise<ReadingsAnswer> {
    return this.reports.readings(id, query);
  }

  /** The open windows of one station. */
  @Get('stations/:id/windows')
  @Answer('某站点进行中的评价时段 · Open windows of one station', windowsAnswer, 401, 404)
  windows(@Param('id') id: string): WindowsAnswer {
    return this.reports.windows(id);
  }

  /** Every target and indicator for the running year. */
  @Get('targets')
  @Answer('各目标与指标的达标率 · Targets and indicators with their rates', targetsAnswer, 401)
  targets(@Req() request: Request): TargetsAnswer {
    const { asOf, targets } = this.reports.targets();
    return { asOf, targets: hearsNames(visitorOf(request)) ? targets : targets.map(withoutNames) };
  }

  /** A rate with its evidence. Its windows are printed already, so it is put together as text. */
  @Get('compliance/:target')
  @Header('Content-Type', 'application/json; charset=utf-8')
  @Answer('达标率及逐时段依据 · A rate with its windows and findings', complianceAnswer, 400, 401, 404)
  compliance(
    @Param('target') target: string,
    @Query({ schema: complianceQuery.strict() }) query: ComplianceQuery,
    @Req() request: Request,
  ): string {
    const { head, windows } = this.reports.compliance(target, query);
    return `${JSON.stringify(visitorOf(request) === null ? withoutNames(head) : head).slice(0, -1)},"windows":[${windows.join(',')}]}`;
  }

  /** How verdicts were changed after they had been given. */
  @Get('compliance/:target/changes')
  @Answer('评价结果的变更记录 · How verdicts were changed, newest first', changesAnswer, 400, 401, 404)
  changes(@Param('target') target: string, @Query({ schema: changesQuery.strict() }) query: ChangesQuery): ChangesAnswer {
    return this.reports.changes(target, query);
  }
}

/** Who signed is for those with a login. */
function withoutNames<T extends { signed?: SignedView | undefined }>(of: T): T {
  const { signed } = of;
  return signed === undefined
    ? of
    : { ...of, signed: { ...signed, months: signed.months.map((month) => ({ ...month, by: null })) } };
}
