/** Does a person sit at this page? What it asks by itself while nobody does must not keep a login alive. */

/** Ms after the last touch for which what is asked counts as asked by a person. */
const ATTENDED_MS = 60_000;

let touched = Date.now();

/** True when nobody has touched the page for a minute. A wall is looked at and never touched. */
export const isUnattended = (): boolean => Date.now() - touched > ATTENDED_MS && location.pathname !== '/wall';

/** Listens for a hand: keys, pointer, wheel. To be called once. */
export function watchHands(): void {
  const touch = (): void => void (touched = Date.now());
  for (const sign of ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const)
    addEventListener(sign, touch, { passive: true, capture: true });
}
