/** How does any part of a page ask a person to log in? The frame listens and opens the one dialog. */
import { ref } from 'vue';

/** Counts the wishes. */
export const loginWishes = ref(0);

/** Opens the login dialog. */
export function askForLogin(): void {
  loginWishes.value++;
}
