/** How does a programmer find out what can be asked? OpenAPI from the schemas that check the requests themselves. */
import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { z } from 'zod';
import { LOGINS, SESSION_COOKIE } from './access/access.js';
import { problem } from './contract/contract.js';

/** Serves `/api/openapi.json` and `/api/docs`, made when first asked for: a start should not wait for it. */
export function useOpenApi(app: NestExpressApplication, version: string): void {
  SwaggerModule.setup('api/docs', app, () => describeApi(app, version), {
    jsonDocumentUrl: 'api/openapi.json',
    raw: ['json'],
    customSiteTitle: '河清 API',
  });
}

function describeApi(app: NestExpressApplication, version: string): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('河清 Heqing')
    .setDescription(
      '环境监测数据、评价与预警。时间为 ISO 8601,带站点所在时区;错误为 application/problem+json (RFC 9457)。\n\n' +
        'Environmental readings, verdicts and alerts. Times are ISO 8601 with the offset of the site; errors are problems.',
    )
    .setVersion(version)
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addCookieAuth(SESSION_COOKIE, { type: 'apiKey', in: 'cookie' }, LOGINS[0])
    .addBearerAuth({ type: 'http', scheme: 'bearer' }, LOGINS[1])
    .addSecurityRequirements(LOGINS[0])
    .addSecurityRequirements(LOGINS[1])
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    operationIdFactory: (_controller, method) => method,
  });
  const { $schema: _, ...schema } = z.toJSONSchema(problem, { target: 'openapi-3.0' }) as Record<string, unknown>;
  document.components = { ...document.components, schemas: { ...document.components?.schemas, Problem: schema } };
  return document;
}
