/** How does a page stay up to date? It keeps this one request open. */
import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import type { ChiefPlaces } from '../../../pipeline/reporting/chief-places.js';
import { Access, hearsNames, Open, visitorOf } from '../access/access.js';
import { TextAnswer } from '../answer.js';
import type { LiveHub } from '../live-hub.js';
import { RequestProblem } from '../problem.js';
import { CHIEF_PLACES, LIVE_HUB } from '../access/tokens.js';

/** `/api/v1/live` */
@ApiTags('live')
@Controller('api/v1/live')
export class LiveController {
  constructor(
    @Inject(LIVE_HUB) private readonly hub: LiveHub,
    @Inject(Access) private readonly access: Access,
    @Inject(CHIEF_PLACES) private readonly places: Pick<ChiefPlaces, 'holdsAlert'>,
  ) {}

  /** Events `reading`, `alert` and `compliance` until one side hangs up; names and notes only after a login. */
  @Get()
  @Open('public')
  @TextAnswer('实时事件 reading、alert、compliance · Server-sent events', 'text/event-stream', 401, 503)
  live(@Req() request: Request, @Res() response: Response): void {
    if (request.method === 'HEAD') {
      response.type('text/event-stream').end();
      return;
    }
    const visitor = visitorOf(request);
    const connected = this.hub.connect(response, {
      names: hearsNames(visitor),
      ...(visitor?.role === 'chief' && { hears: (alert) => this.places.holdsAlert(visitor.person, alert) }),
      address: request.ip ?? '',
      lastEventId: request.get('Last-Event-ID') ?? null,
      welcome: () => this.access.stillWelcome(request),
    });
    if (connected) return;
    throw new RequestProblem('unavailable', '实时连接已满或服务正在停止。Too many live connections, or stopping.', {
      'Retry-After': '10',
    });
  }
}
