/** Is a request what the contract says? Its parts are checked by their zod schemas; faults are named in plain words. */
import { type ArgumentMetadata, Injectable, StandardSchemaValidationPipe } from '@nestjs/common';
import type { core } from 'zod';
import { type FieldFault, RequestProblem } from './problem.js';

/** Checks `@Body({ schema })` and `@Query({ schema })`; what does not fit is a 400 that names every field. */
@Injectable()
export class SchemaPipe extends StandardSchemaValidationPipe {
  constructor() {
    super({ exceptionFactory: (issues) => invalidRequest(issues as unknown as readonly core.$ZodIssue[]) });
  }

  /** The checked value, with defaults; throws a `RequestProblem`. A body that was left out is an empty object. */
  override async transform<T>(value: T, metadata: ArgumentMetadata): Promise<T> {
    return super.transform(metadata.type === 'body' && value === undefined ? ({} as T) : value, metadata);
  }
}

function invalidRequest(issues: readonly core.$ZodIssue[]): RequestProblem {
  const faults: FieldFault[] = issues.flatMap((issue) => {
    const path = issue.path.map(String);
    const fields = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...path, key].join('.')) : [path.join('.')];
    return fields.map((field) => ({ field, message: wording(issue) }));
  });
  const detail = faults.map(({ field, message }) => (field === '' ? message : `${field}:${message}`)).join(';');
  return new RequestProblem('invalid-request', detail, {}, faults);
}

/** What is wrong with a field, and what would be right. */
function wording(issue: core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.message.endsWith('received undefined')
        ? '缺少此项 (is required)'
        : `应为${TYPES[issue.expected] ?? issue.expected} (expected ${issue.expected})`;
    case 'invalid_value':
      return `只能是 ${issue.values.map(String).join('、')} (must be one of these)`;
    case 'too_small':
      return issue.origin === 'string' ? `至少 ${issue.minimum} 个字符 (too short)` : `不能小于 ${issue.minimum} (too small)`;
    case 'too_big':
      return issue.origin === 'string' ? `至多 ${issue.maximum} 个字符 (too long)` : `不能大于 ${issue.maximum} (too large)`;
    case 'unrecognized_keys':
      return '没有这一项 (is not known here)';
    case 'invalid_format':
    case 'not_multiple_of':
    case 'invalid_union':
    case 'invalid_key':
    case 'invalid_element':
    case 'custom':
      return `写法有误 (${issue.message})`;
  }
}

const TYPES: Readonly<Record<string, string>> = {
  string: '文字,且只出现一次',
  number: '数字',
  int: '整数',
  boolean: 'true 或 false',
  object: ' JSON 对象',
  array: '数组',
};
