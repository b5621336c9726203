/** Does a river chief act on what is the chief's own? Asked once the body is read, for it may name the alert or station. */
import { type CallHandler, type ExecutionContext, Inject, Injectable, type NestInterceptor } from '@nestjs/common';
import type { Request } from 'express';
import type { Observable } from 'rxjs';
import type { ChiefPlaces, Thing } from '../../pipeline/reporting/chief-places.js';
import { visitorOf } from './access.js';
import { RequestProblem } from './problem.js';
import { CHIEF_PLACES } from './tokens.js';

/** Which thing a request changes: the alert or case of its address, and what its body names. */
function thingOf(request: Request): Thing {
  const [, kind, id] = /^\/api\/v1\/(alerts|cases)\/([^/]+)/i.exec(request.path) ?? [];
  const body = (request.body ?? {}) as Record<string, unknown>;
  const named = (field: string): string | undefined => (typeof body[field] === 'string' ? body[field] : undefined);
  return {
    alert: kind?.toLowerCase() === 'alerts' ? decoded(id) : named('alert'),
    case: kind?.toLowerCase() === 'cases' ? decoded(id) : undefined,
    station: named('station'),
  };
}

/** The router has refused what cannot be decoded. */
const decoded = (text: string | undefined): string | undefined => (text === undefined ? undefined : decodeURIComponent(text));

/** Refuses what a chief would change elsewhere; everybody else passes. */
@Injectable()
export class OwnPlaces implements NestInterceptor {
  constructor(@Inject(CHIEF_PLACES) private readonly places: Pick<ChiefPlaces, 'holds'>) {}

  /** 403 for a chief who would change what is not in the chief's places. */
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<Request>();
    const visitor = visitorOf(request);
    const reads = request.method === 'GET' || request.method === 'HEAD';
    if (visitor?.role === 'chief' && !reads && !this.places.holds(visitor.person, thingOf(request))) {
      throw new RequestProblem('not-allowed', '这不在您的河段或村,不能由您处理。This is not on your reach or in your village.');
    }
    return next.handle();
  }
}
