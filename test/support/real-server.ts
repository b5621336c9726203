/** Is a real server at hand for a test? Where it is not, the run says so. */
import { describe, expect, test } from '@jest/globals';
import { appendFileSync } from 'node:fs';
import { serverProgram } from './server-process.js';
import type { ServerName } from './server-process.js';

/**
 * Is the server there? When it is not: throws in CI, so that the run fails; elsewhere notes its name in the file that
 * `HEQING_NOT_TESTED` names, for the last lines of `npm test`, and returns false.
 */
export function requireServer(name: ServerName): boolean {
  if (serverProgram(name) !== null) return true;
  if (process.env.CI === 'true') throw new Error(`${name} is not installed, and in CI nothing may go untested`);
  if (process.env.HEQING_NOT_TESTED) appendFileSync(process.env.HEQING_NOT_TESTED, `${name}\n`);
  return false;
}

/** `describe` for tests that need real servers. Where one is missing (in CI: a failure) one test says so by its name instead. */
export function describeWith(names: readonly ServerName[], title: string, body: () => void): void {
  const missing = names.filter((name) => !requireServer(name));
  if (missing.length === 0) return describe(title, body);
  describe(title, () => {
    test(`NOT TESTED HERE: ${missing.join(', ')} is not installed`, () => expect(process.env.CI).not.toBe('true'));
  });
}
