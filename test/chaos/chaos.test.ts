/** Does the service come through the ordeals of `npm run chaos`, in short? The kills have a file of their own in acceptance/. */
import { afterEach, expect, jest, test } from '@jest/globals';
import { DELIVERIES } from './deliveries.js';
import { FUZZ } from './fuzz.js';
import type { Ordeal } from './ordeal.js';

jest.setTimeout(60_000);

const ORDEALS: readonly Ordeal[] = [...DELIVERIES, ...FUZZ];
const FUZZED = 2000;

const undo: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of undo.splice(0).reverse()) await end();
});

test.each(ORDEALS.map((ordeal) => [ordeal.name, ordeal] as const))('%s', async (_, ordeal) => {
  const seen = await ordeal.run({ rounds: 1, fuzz: FUZZED, finally: (end) => void undo.push(end) });
  expect(seen).toMatch(/\d+ (deliveries|payloads|packets)/);
});
