/** What does the browser's tab say beyond the name of the page? A detail page names its subject here. */
import { onBeforeUnmount, ref, watchEffect } from 'vue';

/** The subject of the page that is open, or `null`. */
export const subject = ref<string | null>(null);

/** Names the subject of this page while it is open: a station, a case. Call it in setup. */
export function useSubject(of: () => string | null): void {
  watchEffect(() => (subject.value = of()));
  onBeforeUnmount(() => (subject.value = null));
}
