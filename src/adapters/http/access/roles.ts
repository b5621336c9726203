/** Which role may ask which route? One table of every route; what stands in no row is for administrators only. */
import { RequestMethod, type Type } from '@nestjs/common';
import { ACCOUNT_ROLES, type AccountRole } from '../../../domain/account-role.js';

const all = ACCOUNT_ROLES;
/** Whoever is somebody: a screen on a wall shows what stands on the wall, and that is all it reads. */
const people = all.filter((role) => role !== 'screen');
/** Whoever works with what is measured: all but the auditor, who only reads. */
const acting = people.filter((role) => role !== 'auditor');
/** Whoever reads what the office keeps for itself; a river chief has the card instead, and of lists the own (`own-places.ts`). */
const office = people.filter((role) => role !== 'chief');
const steering = ['officer', 'operator', 'admin'] as const;
const reviewing = ['officer', 'reviewer', 'admin'] as const;
const comparing = ['maintenance', ...reviewing] as const;
const field = ['chief', 'maintenance', 'officer', 'operator', 'admin'] as const;
const admin = ['admin'] as const;

/**
 * `METHOD /path` as the controllers name it → the roles that may ask. Whether somebody without a login may is said at the
 * route itself (`@Open`): this table is asked only about those who have one.
 */
export const ROUTE_ROLES: Readonly<Record<string, readonly AccountRole[]>> = {
  'GET /health/live': all,
  'GET /health/ready': all,
  'GET /metrics': people,
  'GET /ack/:token': all,
  'POST /ack/:token': all,
  'GET /api/v1/public/board': all,

  'POST /api/v1/session': all,
  'DELETE /api/v1/session': all,
  'GET /api/v1/account': people,
  'POST /api/v1/account/password': people,
  'GET /api/v1/sessions': people,
  'DELETE /api/v1/sessions/:id': people,
  'GET /api/v1/accounts': ['auditor', 'admin'],
  'POST /api/v1/accounts': admin,
  'PATCH /api/v1/accounts/:username': admin,
  'DELETE /api/v1/accounts/:username': admin,
  'POST /api/v1/accounts/:username/password': admin,
  'POST /api/v1/accounts/:username/tokens': admin,
  'POST /api/v1/tokens/remove': admin,
  'GET /api/v1/audit': ['officer', 'auditor', 'admin'],
  'GET /api/v1/audit/export': ['auditor', 'admin'],

  'GET /api/v1/site': all,
  'GET /api/v1/stations': all,
  'GET /api/v1/stations/:id/readings': people,
  'GET /api/v1/stations/:id/windows': people,
  'GET /api/v1/stations/:id/days': people,
  'GET /api/v1/stations/:id/days/:date': people,
  'GET /api/v1/stations/:id/limits': people,
  'GET /api/v1/stations/:id/spans': people,
  'GET /api/v1/stations/:id/last': office,
  'GET /api/v1/targets': all,
  'GET /api/v1/compliance/:target': people,
  'GET /api/v1/compliance/:target/changes': people,
  'GET /api/v1/compliance/:target/breakdown': people,
  'GET /api/v1/compliance/:target/calendar': people,
  'GET /api/v1/compliance/:target/export': people,
  'GET /api/v1/reaches': all,
  'GET /api/v1/reaches/:id/strip': all,
  'GET /api/v1/reaches/:id/evidence': people,
  'GET /api/v1/reaches/:id/balance': people,
  'GET /api/v1/live': all,
  'GET /api/v1/path': all,
  'POST /api/v1/path/test': steering,
  'POST /api/v1/path/confirm': acting,

  'GET /api/v1/alerts': all,
  'GET /api/v1/alerts/search': people,
  'GET /api/v1/alerts/:id': people,
  'GET /api/v1/chiefs': people,
  'GET /api/v1/chiefs/:id': people,
  'GET /api/v1/patrols': people,
  'POST /api/v1/patrols': ['chief', 'officer', 'operator', 'admin'],
  'POST /api/v1/alerts/:id/acknowledge': acting,
  'POST /api/v1/alerts/:id/close': steering,
  'POST /api/v1/alerts/:id/report': ['officer', 'admin'],
  'GET /api/v1/silences': office,
  'POST /api/v1/silences': steering,
  'DELETE /api/v1/silences/:id': steering,
  'GET /api/v1/notices': office,
  'GET /api/v1/notices/:id': office,

  'GET /api/v1/cases': people,
  'GET /api/v1/cases/register.xlsx': office,
  'GET /api/v1/cases/:id': people,
  'POST /api/v1/cases': ['chief', 'officer', 'operator', 'admin'],
  'POST /api/v1/cases/:id/verify': field,
  'POST /api/v1/cases/:id/mend': field,
  'POST /api/v1/cases/:id/check': ['chief', 'officer', 'reviewer', 'admin'],
  'POST /api/v1/cases/:id/close': ['chief', 'officer', 'admin'],
  'POST /api/v1/cases/:id/hand-over': ['chief', 'officer', 'operator', 'admin'],
  'POST /api/v1/cases/:id/extend': ['chief', 'officer', 'admin'],
  'POST /api/v1/cases/:id/photos': acting,
  'GET /api/v1/cases/:id/photos/:n': people,

  'GET /api/v1/maintenance': people,
  'POST /api/v1/maintenance': ['maintenance', ...steering],
  'PATCH /api/v1/maintenance/:id': ['maintenance', ...steering],
  'GET /api/v1/decisions': office,
  'POST /api/v1/decisions': reviewing,
  'POST /api/v1/decisions/:id/undo': reviewing,
  'GET /api/v1/decisions/:id/attachment': office,
  'POST /api/v1/decisions/:id/attachment': reviewing,
  'GET /api/v1/review': office,
  'GET /api/v1/review/queue': office,
  'GET /api/v1/review/preview': office,
  'GET /api/v1/review/days/:station/:date': office,
  'POST /api/v1/review/days/:station/:date/first': ['maintenance', 'officer', 'admin'],
  'POST /api/v1/review/days/:station/:date/second': ['reviewer', 'admin'],
  'POST /api/v1/review/days/:station/:date/return': ['reviewer', 'admin'],
  // Which of the two acts is asked again inside, by the rows above.
  'POST /api/v1/review/bulk': ['maintenance', 'officer', 'reviewer', 'admin'],
  'GET /api/v1/upkeep': office,
  'GET /api/v1/comparisons': office,
  'GET /api/v1/comparisons/proposal': office,
  'POST /api/v1/comparisons': comparing,
  'POST /api/v1/comparisons/:id/withdraw': comparing,
  'GET /api/v1/duty': office,
  'GET /api/v1/handovers': office,
  'POST /api/v1/handovers': ['maintenance', ...steering],
  'POST /api/v1/handovers/:id/take': ['maintenance', ...steering],
  'GET /api/v1/excuses': people,
  'POST /api/v1/excuses': reviewing,
  'POST /api/v1/excuses/:id/remove': reviewing,

  'GET /api/v1/signed': people,
  'GET /api/v1/signed/:target/:period': people,
  'GET /api/v1/signed/:target/:period/preview': office,
  'POST /api/v1/signed/:target/:period': reviewing,

  'GET /api/v1/bulletins': office,
  'GET /api/v1/bulletins/:id': office,
  'GET /api/v1/bulletins/:id/docx': office,
  'GET /api/v1/bulletins/:id/xlsx': office,
  'GET /api/v1/bulletins/:id/pictures/:n': office,
  'POST /api/v1/bulletins': ['officer', 'admin'],

  'GET /api/v1/receipts': office,
  'GET /api/v1/limits': office,
  'GET /api/v1/backlog': office,
  'GET /api/v1/backup': office,
  'GET /api/v1/volume': people,
  'POST /api/v1/backup': ['operator', 'admin'],
  'GET /api/v1/rejections': office,
  'GET /api/v1/rejections/export': office,
  'POST /api/v1/rejections/replay': admin,
  'POST /api/v1/import/file': ['officer', 'reviewer', 'operator', 'admin'],
  'POST /api/v1/import': ['officer', 'reviewer', 'operator', 'admin'],
};

/** `METHOD /path` of a handler, as the table names it. */
export function routeOf(controller: Type, handler: object): string {
  const parts = [Reflect.getMetadata('path', controller), Reflect.getMetadata('path', handler)] as string[];
  const path = parts.map((part) => part.replace(/^\/+|\/+$/g, '')).filter((part) => part !== '');
  return `${RequestMethod[Reflect.getMetadata('method', handler) as number]} /${path.join('/')}`;
}

/** Every route of these controllers. */
export function routesOf(controllers: readonly Type[]): string[] {
  return controllers.flatMap((controller) => {
    const own = controller.prototype as Record<string, unknown>;
    return Object.getOwnPropertyNames(own)
      .map((name) => own[name])
      .filter((member): member is object => typeof member === 'function' && Reflect.hasMetadata('method', member))
      .map((handler) => routeOf(controller, handler));
  });
}

/** Every route that an account of this role may ask: the page shows no button that would end in a 403. */
export const routesFor = (role: AccountRole): string[] =>
  Object.keys(ROUTE_ROLES).filter((route) => ROUTE_ROLES[route]?.includes(role));

/** May an account of this role ask this route? */
export function mayAsk(role: AccountRole, route: string): boolean {
  return (ROUTE_ROLES[route] ?? admin).includes(role);
}
