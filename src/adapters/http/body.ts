/** When is a request's body read? After the guard has let the request in, so that a stranger's bytes are never parsed. */
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import type { Observable } from 'rxjs';
import { RequestProblem } from './problem.js';

/** The largest body taken, bytes. */
export const BODY_LIMIT = 64 * 1024;

const RAW = 'heqing:raw-body';

interface Raw {
  readonly types: readonly string[];
  readonly limit: number;
}

/** Marks a route whose body is not JSON: bytes of one of these media types, at most `limit` of them, as a `Buffer`. */
export const RawBody = (types: readonly string[], limit: number): MethodDecorator => SetMetadata(RAW, { types, limit });

const FORM = 'heqing:form';

/** Marks a route that takes a form as pages without a script send it; `request.body` holds its fields as strings. */
export const TakesForm = (): MethodDecorator => SetMetadata(FORM, true);

/**
 * Reads a JSON body into `request.body`; none leaves it undefined. Throws a `RequestProblem`: not JSON, too large, or cut
 * off. Stands in for the framework's own parser, which works before any guard: start the application with
 * `{ bodyParser: false }`.
 */
@Injectable()
export class BodyInterceptor implements NestInterceptor {
  private readonly reflector = new Reflector();

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const request = context.switchToHttp().getRequest<Request>();
    if (request.method !== 'GET' && request.method !== 'HEAD' && request.body === undefined) {
      const handler = context.getHandler();
      const raw = this.reflector.get<Raw | undefined>(RAW, handler);
      if (raw !== undefined) request.body = await readRaw(request, raw);
      else
        request.body = this.reflector.get<boolean | undefined>(FORM, handler) ? await readForm(request) : await readJson(request);
    }
    return next.handle();
  }
}

async function readForm(request: Request): Promise<Record<string, string>> {
  const text = (await readBytes(request, BODY_LIMIT)).toString('utf8');
  const isForm = /^application\/x-www-form-urlencoded *(;|$)/i.test(request.headers['content-type'] ?? '');
  return isForm ? Object.fromEntries(new URLSearchParams(text)) : {};
}

async function readJson(request: Request): Promise<unknown> {
  const { 'content-type': type = '', 'content-encoding': encoding = 'identity' } = request.headers;
  const text = (await readBytes(request, BODY_LIMIT)).toString('utf8');
  if (text.trim() === '') return undefined;
  if (!/^application\/(json|[\w.+-]+\+json) *(;|$)/i.test(type) || encoding !== 'identity') {
    throw new RequestProblem(
      'not-json',
      '请求正文应为未压缩的 JSON,Content-Type 为 application/json。Send plain JSON with Content-Type application/json.',
    );
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new RequestProblem('invalid-request', '请求正文不是有效的 JSON。The body is not valid JSON.');
  }
}

async function readRaw(request: Request, { types, limit }: Raw): Promise<Buffer> {
  const { 'content-type': type = '', 'content-encoding': encoding = 'identity' } = request.headers;
  if (!types.includes(type.split(';')[0]!.trim().toLowerCase()) || encoding !== 'identity') {
    throw new RequestProblem('invalid-request', `Content-Type 应为 ${types.join('、')}。Content-Type must be one of these.`);
  }
  return readBytes(request, limit);
}

function readBytes(request: Request, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) {
        chunks.push(chunk);
        return;
      }
      request.pause();
      reject(new RequestProblem('too-large', `请求正文超过 ${limit / 1024} KiB。The body is too large.`));
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', () => reject(new RequestProblem('invalid-request', '请求正文中断。The body was cut off.')));
  });
}
