/** Of what is HTTP made, and in which order does a request pass? Headers, page, guard, body, schema, route, filter. */
import { type DynamicModule, Module, type ModuleMetadata, type Provider, type Type } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { MINUTE, SECOND } from '../../domain/time.js';
import { Access } from './access/access.js';
import { AccountsController } from './controllers/accounts.controller.js';
import { AckController } from './controllers/ack.controller.js';
import { AlertFileController } from './controllers/alert-file.controller.js';
import { ChiefsController, PatrolsController } from './controllers/chiefs.controller.js';
import { AlertsController } from './controllers/alerts.controller.js';
import { AuditController } from './controllers/audit.controller.js';
import { keepAddress } from './asking.js';
import { BulletinsController } from './controllers/bulletins.controller.js';
import { BackupController } from './controllers/backup.controller.js';
import { BodyInterceptor } from './body.js';
import { CasesController } from './controllers/cases.controller.js';
import { Closing } from './closing.js';
import { ComplianceController } from './controllers/compliance.controller.js';
import { DataController } from './controllers/data.controller.js';
import { DecisionsController } from './controllers/decisions.controller.js';
import { ExcusesController } from './controllers/excuses.controller.js';
import { HandoverController } from './controllers/handover.controller.js';
import { HealthController } from './controllers/health.controller.js';
import { ImportController } from './controllers/import.controller.js';
import { LiveController } from './controllers/live.controller.js';
import { isLoopbackUrl } from './access/loopback.js';
import { useOpenApi } from './openapi.js';
import { OverviewController } from './controllers/overview.controller.js';
import { usePage, useSecurityHeaders } from './page.js';
import { OwnPlaces } from './access/own-places.js';
import { PathController } from './controllers/path.controller.js';
import { ProblemFilter } from './problem-filter.js';
import { PublicController } from './controllers/public.controller.js';
import { ReviewingController } from './controllers/reviewing.controller.js';
import { AttachmentsController } from './controllers/attachments.controller.js';
import { ReviewController } from './controllers/review.controller.js';
import { ReachesController } from './controllers/reaches.controller.js';
import { RecordsController } from './controllers/records.controller.js';
import { RejectionsController } from './controllers/rejections.controller.js';
import { SchemaPipe } from './schema-pipe.js';
import { SessionController } from './controllers/session.controller.js';
import { SigningController } from './controllers/signing.controller.js';
import { SilencesController, UpwardController } from './controllers/silences.controller.js';
import { StationController } from './controllers/station.controller.js';
import { UpkeepController } from './controllers/upkeep.controller.js';
import { VolumeController } from './controllers/volume.controller.js';
import { HTTP_OPTIONS, type HttpOptions } from './access/tokens.js';

/** Every route. */
export const httpControllers: Type[] = [
  HealthController,
  SessionController,
  AccountsController,
  AuditController,
  PublicController,
  OverviewController,
  ComplianceController,
  AlertsController,
  AlertFileController,
  ChiefsController,
  PatrolsController,
  UpkeepController,
  HandoverController,
  SilencesController,
  UpwardController,
  RecordsController,
  StationController,
  DecisionsController,
  ExcusesController,
  SigningController,
  CasesController,
  BulletinsController,
  ReachesController,
  ReviewController,
  ReviewingController,
  AttachmentsController,
  RejectionsController,
  ImportController,
  DataController,
  BackupController,
  VolumeController,
  LiveController,
  AckController,
  PathController,
];

/** What stands around the routes; it needs the tokens of `tokens.ts`. */
export const httpProviders: Provider[] = [
  Access,
  Closing,
  { provide: APP_GUARD, useExisting: Access },
  { provide: APP_INTERCEPTOR, useClass: BodyInterceptor },
  { provide: APP_INTERCEPTOR, useClass: OwnPlaces },
  { provide: APP_PIPE, useClass: SchemaPipe },
  { provide: APP_FILTER, useClass: ProblemFilter },
];

/** Pass to `NestFactory.create`: a body is read after the guard, by `BodyInterceptor`. */
export const httpApplicationOptions = { bodyParser: false } as const;

@Module({})
class HttpModule {}

/**
 * HTTP as a module. `parts` names where `REPORTS`, `DECISIONS`, `ACCOUNTS`, `LIVE_HUB`, `METRICS` and `JOURNAL` come from:
 * providers, or modules that export them; `HTTP_OPTIONS` too, when `options` is `null`.
 */
export function createHttpModule(
  options: HttpOptions | null,
  parts: Pick<ModuleMetadata, 'imports' | 'providers'>,
): DynamicModule {
  const own: Provider[] = options ? [{ provide: HTTP_OPTIONS, useValue: options }] : [];
  return {
    module: HttpModule,
    imports: parts.imports ?? [],
    controllers: httpControllers,
    providers: [...own, ...(parts.providers ?? []), ...httpProviders],
  };
}

/** Sets headers, OpenAPI and page; call it before `listen`. `version` is the service's own, printed in OpenAPI. */
export function configureHttp(app: NestExpressApplication, options: HttpOptions, version: string): void {
  // Nothing of the API may be kept by anybody, so nothing is gained by hashing a megabyte of answer.
  app.set('etag', false);
  // A proxy on this machine says who asked; only where one is expected, or anybody could name an address of their choice.
  app.set(
    'trust proxy',
    options.trustProxy === 'none' ? false : (options.trustProxy ?? (isLoopbackUrl(options.publicUrl) ? false : 'loopback')),
  );
  app.use(keepAddress);
  // The time a whole request may take to arrive; no answer is cut by it, the live one neither. A photo of 5 MB over a weak
  // line in a valley needs two minutes; who sends not even headers has no login to wait for.
  const server = app.getHttpServer();
  server.headersTimeout = 30 * SECOND;
  server.requestTimeout = 2 * MINUTE;
  useSecurityHeaders(app, options);
  useOpenApi(app, version);
  usePage(app, options);
}
