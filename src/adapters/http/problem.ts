/** What does somebody read when a request cannot be answered? One `application/problem+json` (RFC 9457), Chinese first. */
import type { Problem } from './contract/contract.js';

/** Media type of every error under `/api`. */
export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

const KINDS = {
  'invalid-request': [400, '请求有误 · Invalid request'],
  'login-needed': [401, '需要登录 · Login needed'],
  'wrong-login': [401, '账号或密码不正确 · Wrong name or password'],
  'not-allowed': [403, '没有权限 · Not allowed'],
  'wrong-origin': [403, '请求来自别的网站 · Request from another site'],
  'not-found': [404, '没有找到 · Not found'],
  'too-large': [413, '请求太大 · Request too large'],
  'not-json': [415, '需要 JSON · JSON expected'],
  'too-many-attempts': [429, '尝试次数过多 · Too many attempts'],
  'internal-error': [500, '服务内部错误 · Internal error'],
  unavailable: [503, '暂时无法回答 · Unavailable for now'],
} as const satisfies Record<string, readonly [number, string]>;

/** What can be wrong; the last part of a problem's `type`. */
export type ProblemKind = keyof typeof KINDS;

/** One field of a request that is not right. */
export interface FieldFault {
  /** E.g. `step`, or `a.b` inside a body; empty for the body as a whole. */
  readonly field: string;
  readonly message: string;
}

/** A request that cannot be answered; thrown by whoever finds out, written by the filter. */
export class RequestProblem extends Error {
  constructor(
    readonly kind: ProblemKind,
    detail: string,
    readonly headers: Readonly<Record<string, string>> = {},
    readonly faults: readonly FieldFault[] = [],
  ) {
    super(detail);
    this.name = 'RequestProblem';
  }
}

/** Status code and body of a problem. */
export function describeProblem(problem: RequestProblem): Problem {
  const [status, title] = KINDS[problem.kind];
  const body = { type: `urn:heqing:problem:${problem.kind}`, title, status, detail: problem.message };
  return problem.faults.length > 0 ? { ...body, errors: [...problem.faults] } : body;
}

/** 401: nobody, or nobody any more. */
export function loginNeeded(): RequestProblem {
  return new RequestProblem(
    'login-needed',
    '请先登录,或在 Authorization 请求头中带上令牌。Log in first, or send a token in the Authorization header.',
    { 'WWW-Authenticate': 'Bearer realm="heqing"' },
  );
}
