/** Is the service well? Asked by whatever watches over it. */
import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Open } from '../access/access.js';
import { Answer, TextAnswer } from '../answer.js';
import { type LiveAnswer, liveAnswer, type ReadyAnswer, readyAnswer } from '../contract/contract.js';
import type { Reports } from '../reports.js';
import { METRICS, type MetricsText, REPORTS } from '../access/tokens.js';

/** `/health/live`, `/health/ready`, `/metrics` */
@ApiTags('health')
@Controller()
export class HealthController {
  constructor(
    @Inject(REPORTS) private readonly reports: Reports,
    @Inject(METRICS) private readonly metrics: MetricsText,
  ) {}

  /** 200 as long as the process answers. */
  @Get('health/live')
  @Open('always')
  @Answer('进程在运行 · The process runs', liveAnswer)
  alive(): LiveAnswer {
    return { status: 'up' };
  }

  /** Each part with its state; 503 while readings cannot be taken. */
  @Get('health/ready')
  @Open('always')
  @Answer('各部分状态 · The state of each part', readyAnswer)
  @ApiResponse({ status: 503, description: '暂时不能接收测值 · Readings cannot be taken', standardSchema: readyAnswer })
  ready(@Res({ passthrough: true }) response: Response): ReadyAnswer {
    const ready = this.reports.ready();
    response.status(ready.status === 'down' ? 503 : 200);
    return ready;
  }

  /** Prometheus text. */
  @Get('metrics')
  @Open('loopback')
  @TextAnswer('Prometheus 指标 · Prometheus text', 'text/plain', 401)
  async prometheus(@Res({ passthrough: true }) response: Response): Promise<string> {
    const text = await this.metrics.text();
    response.setHeader('Content-Type', this.metrics.contentType);
    return text;
  }
}
