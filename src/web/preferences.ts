/** How does this person want to read the page? Language and light or dark, kept in this browser only. */
import { computed, ref, watchEffect, type ComputedRef } from 'vue';
import { en } from './words/words-en.js';
import { zh, type Words } from './words/words.js';

export type Language = 'zh' | 'en';
export type Theme = 'auto' | 'light' | 'dark';

/** A browser may refuse storage (private windows, policy); then the choice lasts as long as the page. */
function stored(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function store(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // nothing is lost but the memory of a choice
  }
}

const storedTheme = stored('heqing.theme');

/** The language of the page. */
export const language = ref<Language>(stored('heqing.language') === 'en' ? 'en' : 'zh');

/** Light, dark, or as the system says. */
export const theme = ref<Theme>(storedTheme === 'light' || storedTheme === 'dark' ? storedTheme : 'auto');

/** The words of the page in its language. */
export const words: ComputedRef<Words> = computed(() => (language.value === 'en' ? en : zh));

/** A thing's name in the language of the page; the Chinese one where no other is given. */
export function nameOf(thing: { name: string; nameEn?: string | undefined }): string {
  return (language.value === 'en' && thing.nameEn) || thing.name;
}

/** Keeps the document and the browser's memory in step with both choices. */
export function applyPreferences(): void {
  watchEffect(() => {
    document.documentElement.lang = words.value.lang;
    store('heqing.language', language.value);
  });
  watchEffect(() => {
    if (theme.value === 'auto') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme.value;
    store('heqing.theme', theme.value);
  });
}

/** The side of a pair of words (`words-NAME.ts`) that this person reads. */
export function spoken<Z, E extends Z>(both: { zh: Z; en: E }): ComputedRef<Z> {
  return computed(() => (language.value === 'en' ? both.en : both.zh));
}
