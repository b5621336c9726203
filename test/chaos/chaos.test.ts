/** Does the service come through the ordeals of `npm run chaos`, in short? The kills have a file of their own in acceptance/. */
import { afterEach, expect, jest, test } from '@jest/globals';
import { DELIVERIES } from './deliveries.js';
import { DISK } from './disk.js';
import { FDATASYNC } from './fdatasync.js';
import { FUZZ } from './fuzz.js';
import { NotHere } from './ordeal.js';
import type { Ordeal } from './ordeal.js';

jest.setTimeout(60_000);

/** Those that take seconds and need no server. */
const ORDEALS: readonly Ordeal[] = [
  ...DELIVERIES,
  ...FUZZ,
  ...DISK.filter(({ name }) => name.includes('by others')),
  ...FDATASYNC.filter(({ needs }) => needs.length === 0),
];
const FUZZED = 2000;

const undo: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of undo.splice(0).reverse()) await end();
});

test.each(ORDEALS.map((ordeal) => [ordeal.name, ordeal] as const))('%s', async (_, ordeal) => {
  const seen = await ordeal.run({ rounds: 1, fuzz: FUZZED, finally: (end) => void undo.push(end) }).catch((error: unknown) => {
    // Without root, or in a container that forbids it: nothing was tested, and the line says so.
    if (!(error instanceof NotHere)) throw error;
    console.warn(`NOT TESTED HERE: ${ordeal.name}: ${error.message}`);
    return '0 messages';
  });
  expect(seen).toMatch(/\d+ (deliveries|payloads|packets|messages)/);
});
