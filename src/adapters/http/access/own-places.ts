/**
 * Does a river chief act on, and read, what is the chief's own? Asked once the body is read, for it may name the alert or
 * station. What the sensors measured and the rates made of it are the town's, so they are not narrowed; what people do
 * about it is: alerts, cases, photos, patrols and cards of other reaches and villages stay with their chiefs.
 */
import { type CallHandler, type ExecutionContext, Inject, Injectable, type NestInterceptor } from '@nestjs/common';
import type { Request } from 'express';
import { map, type Observable } from 'rxjs';
import type { ChiefPlaces, Thing } from '../../../pipeline/reporting/chief-places.js';
import { visitorOf } from './access.js';
import type { AlertsAnswer } from '../contract/contract.js';
import type { CasesAnswer } from '../contract/cases.js';
import type { ChiefsAnswer } from '../contract/chiefs.js';
import type { MaintenanceAnswer } from '../contract/decisions.js';
import type { SpansAnswer } from '../contract/station.js';
import { RequestProblem } from '../problem.js';
import { CHIEF_PLACES } from './tokens.js';

const DAY_HOURS = 24;

/** Which thing a request is about: the alert or case of its address, and what its body names. */
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

/** Of whom a request speaks: the card of its address, the patrols of its query or body; `undefined`: of nobody. */
function personOf(request: Request): string | undefined {
  const card = /^\/api\/v1\/chiefs\/([^/]+)/i.exec(request.path)?.[1];
  if (card !== undefined) return decoded(card);
  if (!/^\/api\/v1\/patrols\/?$/i.test(request.path)) return undefined;
  const { person } = (request.method === 'POST' ? request.body : request.query) as { person?: unknown };
  return typeof person === 'string' ? person : undefined;
}

/** The router has refused what cannot be decoded. */
const decoded = (text: string | undefined): string | undefined => (text === undefined ? undefined : decodeURIComponent(text));

/** Refuses what a chief would do or read elsewhere, and leaves it out of lists; everybody else passes. */
@Injectable()
export class OwnPlaces implements NestInterceptor {
  constructor(@Inject(CHIEF_PLACES) private readonly places: ChiefPlaces) {}

  /** 403 for a chief who asks for one thing that is not in the chief's places. */
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<Request>();
    const visitor = visitorOf(request);
    if (visitor?.role !== 'chief') return next.handle();
    const about = personOf(request);
    if ((about !== undefined && about !== visitor.person) || !this.places.holds(visitor.person, thingOf(request))) {
      throw new RequestProblem('not-allowed', '这不在您的河段或村,不能由您处理。This is not on your reach or in your village.');
    }
    return next.handle().pipe(map((answer: unknown) => this.narrowed(request.path, answer, visitor.person)));
  }

  private narrowed(path: string, answer: unknown, person: string | undefined): unknown {
    const station = decoded(/^\/api\/v1\/stations\/([^/]+)\/spans\/?$/i.exec(path)?.[1]);
    if (station !== undefined && !this.places.holds(person, { station }))
      return { ...(answer as SpansAnswer), maintenance: [], alerts: [] };
    switch (path.toLowerCase().replace(/\/+$/, '')) {
      case '/api/v1/alerts':
      case '/api/v1/alerts/search': {
        const all = answer as AlertsAnswer;
        return { ...all, alerts: all.alerts.filter((alert) => this.places.holdsAlert(person, alert)) };
      }
      case '/api/v1/cases':
        return this.ownCases(answer as CasesAnswer, person);
      case '/api/v1/chiefs': {
        const all = answer as ChiefsAnswer;
        return { ...all, chiefs: all.chiefs.filter(({ id }) => id === person) };
      }
      case '/api/v1/maintenance': {
        const { maintenance } = answer as MaintenanceAnswer;
        return { maintenance: maintenance.filter(({ station }) => this.places.holds(person, { station })) };
      }
      default:
        return answer;
    }
  }

  private ownCases(all: CasesAnswer, person: string | undefined): CasesAnswer {
    const cases = all.cases.filter((given) => this.places.holdsCase(person, given));
    const open = cases.filter(({ state }) => state !== 'closed');
    const oldest = Math.max(...open.map(({ hours }) => hours));
    const summary = {
      open: open.length,
      overdue: open.filter(({ overdue }) => overdue).length,
      oldestDays: open.length === 0 ? null : Math.floor(oldest / DAY_HOURS),
    };
    return { ...all, cases, summary };
  }
}
