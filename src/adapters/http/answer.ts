/** What does OpenAPI say about a route's answers? The schema of the good one, and problems for the rest. */
import { applyDecorators } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiResponse } from '@nestjs/swagger';
import type { z } from 'zod';

const PROBLEMS = {
  400: '参数有误,逐项说明 · A parameter is not right; each is named',
  401: '需要登录 · Login needed',
  403: '没有权限,或请求来自别的网站 · Not allowed, or the request came from another site',
  404: '没有找到 · Not found',
  410: '链接已过期 · The link has expired',
  429: '尝试次数过多,见 Retry-After · Too many attempts',
  503: '暂时无法回答 · Unavailable for now',
} as const;

/** Describes a route: what it does, the schema of its 200, and the statuses of its problems. */
export function Answer(summary: string, schema: z.ZodType, ...problems: (keyof typeof PROBLEMS)[]): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary }),
    ApiOkResponse({ description: summary, standardSchema: schema }),
    ...problemAnswers(problems),
  );
}

/** Describes a route whose good answer is text of another type than JSON. */
export function TextAnswer(summary: string, mediaType: string, ...problems: (keyof typeof PROBLEMS)[]): MethodDecorator {
  const content = { [mediaType]: { schema: { type: 'string' as const } } };
  return applyDecorators(
    ApiOperation({ summary }),
    ApiOkResponse({ description: summary, content }),
    ...problemAnswers(problems),
  );
}

/** Describes a route whose good answer is a file. */
export function FileAnswer(summary: string, mediaType: string, ...problems: (keyof typeof PROBLEMS)[]): MethodDecorator {
  const content = { [mediaType]: { schema: { type: 'string' as const, format: 'binary' } } };
  return applyDecorators(
    ApiOperation({ summary }),
    ApiOkResponse({ description: summary, content }),
    ...problemAnswers(problems),
  );
}

/** Describes a route that answers 204. */
export function EmptyAnswer(summary: string, ...problems: (keyof typeof PROBLEMS)[]): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary }),
    ApiResponse({ status: 204, description: summary }),
    ...problemAnswers(problems),
  );
}

function problemAnswers(statuses: readonly (keyof typeof PROBLEMS)[]): MethodDecorator[] {
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  return statuses.map((status) => ApiResponse({ status, description: PROBLEMS[status], content }));
}
