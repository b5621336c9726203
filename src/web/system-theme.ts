/** When does the system turn light or dark? What is drawn on a canvas does not follow by itself. */
import { onBeforeUnmount } from 'vue';

/** Calls `draw` whenever it does, as long as the component is there. */
export function onSystemTheme(draw: () => void): void {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  dark.addEventListener('change', draw);
  onBeforeUnmount(() => dark.removeEventListener('change', draw));
}
