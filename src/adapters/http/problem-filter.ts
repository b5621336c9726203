/** How does an error become an answer? Whatever is thrown ends here as a problem, and nothing of the inside gets out. */
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Inject } from '@nestjs/common';
import type { Request, Response } from 'express';
import { type Journal, Refusal } from '../../pipeline/ports.js';
import { Access } from './access/access.js';
import { describeProblem, loginNeeded, PROBLEM_TYPE, type ProblemKind, RequestProblem } from './problem.js';
import { JOURNAL } from './access/tokens.js';

const REFUSED = {
  'not-found': 'not-found',
  'bad-request': 'invalid-request',
  unavailable: 'unavailable',
} as const satisfies Record<Refusal['kind'], ProblemKind>;

/** Writes every error as `application/problem+json`; an unknown one is logged and answered without its words. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    @Inject(Access) private readonly access: Access,
    @Inject(JOURNAL) private readonly journal: Journal,
  ) {}

  /** Answers the request of `host` with the problem that `error` stands for. */
  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    const problem = this.access.precedes(request) ? loginNeeded() : this.toProblem(error, request);
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const body = describeProblem(problem);
    for (const [name, value] of Object.entries(problem.headers)) response.setHeader(name, value);
    // A body that was not read would be taken for the next request of the connection.
    if (!request.complete) response.setHeader('Connection', 'close');
    response.status(body.status).setHeader('Content-Type', PROBLEM_TYPE);
    response.setHeader('Cache-Control', 'no-store');
    response.end(JSON.stringify(body));
  }

  private toProblem(error: unknown, request: Request): RequestProblem {
    if (error instanceof RequestProblem) return error;
    if (error instanceof Refusal) {
      const headers: Record<string, string> = error.kind === 'unavailable' ? { 'Retry-After': '10' } : {};
      return new RequestProblem(REFUSED[error.kind], error.message, headers);
    }
    const status = statusOf(error);
    if (status === 404) {
      return new RequestProblem('not-found', `没有 ${request.method} ${request.path} 这个地址。There is no such address.`);
    }
    if (status === 413) return new RequestProblem('too-large', '请求正文太大。The body is too large.');
    if (status !== null && status < 500) {
      return new RequestProblem('invalid-request', '请求无法读懂:地址或正文的写法有误。The request could not be read.');
    }
    const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.journal.error(`${request.method} ${request.path}: ${words}`);
    return new RequestProblem('internal-error', '服务内部出错,已记入日志。Something failed inside; it has been logged.');
  }
}

/** The HTTP status an error of the framework carries; `null` for any other error. */
function statusOf(error: unknown): number | null {
  if (error instanceof HttpException) return error.getStatus();
  if (error instanceof Error && 'status' in error && typeof error.status === 'number') return error.status;
  return null;
}
