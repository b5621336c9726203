/** What is wrong in the config, where, and what would be right? */
import type { z } from 'zod';
import { inChinese } from './fault-words.js';

/** Keys and list positions from the top of a file to a value. */
export type Path = readonly (string | number)[];

/** One fault. */
export interface ConfigFault {
  /** Relative to the config folder, with `/`; `environment` for a variable; `.` for the folder as a whole. */
  readonly file: string;
  /** Line in the file, from 1; `null` where there is none. */
  readonly line: number | null;
  /** E.g. `stations[3].parameters[0].cadence`, or the name of a variable; empty for a whole file. */
  readonly path: string;
  /** In plain words: what was found and what would be right. */
  readonly message: string;
}

/** Every fault of the config or the environment at once. Its message is the printed list. */
export class ConfigFaults extends Error {
  constructor(readonly faults: readonly ConfigFault[]) {
    super(formatFaults(faults));
    this.name = 'ConfigFaults';
  }
}

/** The faults as an operator reads them: a heading, then one line each, in order of file and line. No stack traces. */
export function formatFaults(faults: readonly ConfigFault[]): string {
  const n = faults.length;
  const lines = [...faults].sort((a, b) => compare(a.file, b.file) || (a.line ?? 0) - (b.line ?? 0)).map(formatFault);
  return [`配置有 ${n} 处错误,未启动。${n} ${n === 1 ? 'fault' : 'faults'} in the config, nothing was started:`, ...lines].join(
    '\n',
  );
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function formatFault({ file, line, path, message }: ConfigFault): string {
  const place = line === null ? file : `${file}:${line}`;
  const chinese = inChinese(message);
  return `  ${place}${path === '' ? '' : ` ${path}`}: ${chinese === null ? '' : `${chinese}。`}${message}`;
}

/** A path as people write it: `stations[3].parameters[0].cadence`. */
export function pathText(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');
}

/** A value as it is quoted in a fault: its text, cut, or its kind. */
export function quote(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** The value a path leads to; `undefined` where it breaks off. */
export function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>)[step] : undefined,
    root,
  );
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a mapping (key: value)',
  array: 'a list',
  tuple: 'a list',
};

/**
 * A zod issue in plain words, one entry per place: what would be right, and what was found. Messages written in the
 * schema itself stand as they are.
 */
export function issueFaults(issue: z.core.$ZodIssue, root: unknown): { path: Path; message: string }[] {
  const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
  const found = valueAt(root, path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ path: [...path, key], message: issue.message }));
    case 'invalid_type': {
      const wanted = KINDS[issue.expected] ?? issue.expected;
      if (!issue.message.startsWith('Invalid input')) return [{ path, message: withFound(issue.message, found) }];
      if (found === undefined) return [{ path, message: `missing; it must be ${wanted}` }];
      return [{ path, message: withFound(`must be ${wanted}`, found) }];
    }
    case 'invalid_value': {
      const values = issue.values.map(String).join(', ');
      return [
        { path, message: found === undefined ? `missing; one of ${values}` : withFound(`must be one of ${values}`, found) },
      ];
    }
    case 'too_small':
      return [
        { path, message: ownWords(issue.message, `must be at least ${String(issue.minimum)}${countWord(issue.origin)}`, found) },
      ];
    case 'too_big':
      return [
        { path, message: ownWords(issue.message, `must be at most ${String(issue.maximum)}${countWord(issue.origin)}`, found) },
      ];
    default:
      return [{ path, message: withFound(issue.message, found) }];
  }
}

const countWord = (origin: string): string =>
  origin === 'string' ? ' characters long' : origin === 'array' ? ' entries long' : '';

const ownWords = (message: string, fallback: string, found: unknown): string =>
  withFound(message.startsWith('Too ') ? fallback : message, found);

const withFound = (message: string, found: unknown): string =>
  found === undefined ? `missing; ${message}` : `${message}; found ${quote(found)}`;
