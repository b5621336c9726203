/** What does a browser get besides `/api`? The built page, and headers that let it load nothing from elsewhere. */
import type { ServerResponse } from 'node:http';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import helmet from 'helmet';
import type { HttpOptions } from './access/tokens.js';

/** What the page's own addresses begin with (`src/web/addresses.ts`); `''` is the first page. */
export const PAGE_ROOTS: ReadonlySet<string> = new Set([
  '',
  'river',
  'stations',
  'compliance',
  'alerts',
  'cases',
  'help',
  'chiefs',
  'review',
  'upkeep',
  'duty',
  'bulletins',
  'data',
  'account',
  'wall',
  'public',
]);

/**
 * `/stations` and `/stations/nankeng-out` are the page's, whatever stands in the second part; so is the one page below such a
 * one, where a month is signed; anything else is not.
 */
export const isPageAddress = (path: string): boolean => {
  const [, root = '', subject = '', ...deeper] = path.split('/');
  const below = root === 'compliance' && subject !== '' && deeper[0] === 'sign' ? deeper.slice(1) : deeper;
  return PAGE_ROOTS.has(root) && below.every((part) => part === '');
};

/** Paths that belong to the service; the page's own addresses never begin like this. */
const SERVICE_PATH = /^\/(api|health|metrics|ack)(\/|$)/i;

/** The builder puts a hash of the content into these names, so what they hold never changes. */
const HASHED_NAME = /[-.][\w-]{8,}\.(js|css|woff2?|svg|png|jpe?g|webp|ico|map)$/;

/** Security headers for everything; `/api/docs` has a policy of its own, because Swagger UI brings inline styles. */
export function useSecurityHeaders(app: NestExpressApplication, options: HttpOptions): void {
  const https = new URL(options.publicUrl).protocol === 'https:';
  const headers = (styles: string[]) =>
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'none'"],
          scriptSrc: ["'self'"],
          styleSrc: styles,
          imgSrc: ["'self'", 'data:'],
          fontSrc: ["'self'"],
          connectSrc: ["'self'"],
          manifestSrc: ["'self'"],
          baseUri: ["'none'"],
          formAction: ["'self'"],
          frameAncestors: ["'none'"],
        },
      },
      // Over plain http these three are ignored by browsers, with a warning on every page.
      strictTransportSecurity: https,
      crossOriginOpenerPolicy: https,
      originAgentCluster: https,
      referrerPolicy: { policy: 'same-origin' },
      xFrameOptions: { action: 'deny' },
    });
  const page = headers(["'self'"]);
  const docs = headers(["'self'", "'unsafe-inline'"]);
  app.use((request: Request, response: Response, next: NextFunction) => {
    if (SERVICE_PATH.test(request.path)) response.setHeader('Cache-Control', 'no-store');
    const policy = /^\/api\/docs(\/|$)/i.test(request.path) ? docs : page;
    policy(request, response, (error?: unknown) => next(error));
  });
}

/**
 * The files of the built page; its own addresses are the page itself, which finds its own way. At any other address a
 * browser gets the page too, as a 404: it says in words that there is nothing, and leads on. Machines get a problem.
 */
export function usePage(app: NestExpressApplication, options: HttpOptions): void {
  app.useStaticAssets(options.webFolder, {
    index: false,
    redirect: false,
    setHeaders: (response: ServerResponse, path) => {
      const hashed = HASHED_NAME.test(path);
      response.setHeader('Cache-Control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  app.use((request: Request, response: Response, next: NextFunction) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return next();
    const isPage = isPageAddress(request.path);
    if (!isPage && (SERVICE_PATH.test(request.path) || request.accepts(['json', 'html']) !== 'html')) return next();
    response
      .status(isPage ? 200 : 404)
      .sendFile(
        'index.html',
        { root: options.webFolder, headers: { 'Cache-Control': 'no-cache' }, cacheControl: false },
        (error) => {
          // Not built yet, or the browser hung up: the first is a 404 like any other missing file.
          if (error && !response.headersSent) next();
        },
      );
  });
}
