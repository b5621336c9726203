/** What happens when somebody opens a link of a mail, and when they press its button? */
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import type { LinkDesk, LinkPage } from '../../../pipeline/alerting/link-desk.js';
import { Open } from '../access/access.js';
import { ACK_POLICY, ackPage, type AckSite, tooOften } from '../ack-page.js';
import { TextAnswer } from '../answer.js';
import { TakesForm } from '../body.js';
import type { Reports } from '../reports.js';
import { Throttle } from '../access/throttle.js';
import { LINK_DESK, REPORTS } from '../access/tokens.js';

/** Pages that one address may open within a minute: a whole office behind one address, and no guessing. */
const A_MINUTE = 120;

/** `/ack/{token}`: no login, the token is the login. Opening shows; only the button does. */
@ApiTags('ack')
@Controller('ack')
export class AckController {
  private readonly throttle = new Throttle({ now: Date.now }, A_MINUTE);

  constructor(
    @Inject(LINK_DESK) private readonly desk: LinkDesk,
    @Inject(REPORTS) private readonly reports: Reports,
  ) {}

  /** Names the alert, or the test mail. Changes nothing. */
  @Get(':token')
  @Open('always')
  @TextAnswer('邮件链接的页面,只看不改 · The page behind a link of a mail', 'text/html', 404, 410, 429)
  look(@Param('token') token: string, @Req() request: Request, @Res({ passthrough: true }) response: Response): string {
    return this.answer(request, response, () => this.desk.look(token));
  }

  /** Acknowledges, sends somebody, or confirms the test mail; a second time it says that it was done. */
  @Post(':token')
  @HttpCode(200)
  @Open('always')
  @TakesForm()
  @TextAnswer('签收、派单或确认测试邮件 · Does what the link is for', 'text/html', 400, 404, 410, 429)
  act(
    @Param('token') token: string,
    @Body() form: unknown,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): string {
    const { to, until, note } = (form ?? {}) as Record<string, string>;
    return this.answer(request, response, () =>
      this.desk.act(token, { ...(to && { to }), ...(until && { until }), ...(note && { note }) }),
    );
  }

  private answer(request: Request, response: Response, page: () => LinkPage): string {
    const site: AckSite = this.reports.site();
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.setHeader('Content-Security-Policy', ACK_POLICY);
    response.setHeader('X-Robots-Tag', 'noindex');
    const wait = this.throttle.ask(request.ip ?? '');
    if (wait > 0) {
      response.status(429).setHeader('Retry-After', String(wait));
      return tooOften(site, wait);
    }
    const { status, html } = ackPage(page(), site);
    response.status(status);
    return html;
  }
}
