/** When does something become true? */

/**
 * Asks until `look` returns something other than `undefined`, `null` or `false`, and returns that. Throws after `within`
 * milliseconds, with `what` and the last error that `look` threw.
 */
export async function eventually<T>(
  what: string,
  look: () => T | Promise<T>,
  within = 15_000,
): Promise<Exclude<T, undefined | null | false>> {
  const end = Date.now() + within;
  let last: unknown;
  for (;;) {
    try {
      const found = await look();
      if (found !== undefined && found !== null && found !== false) return found as Exclude<T, undefined | null | false>;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) throw new Error(`not within ${within} ms: ${what}`, { cause: last });
    await pause(10);
  }
}

/** Waits. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
