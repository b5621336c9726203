/** How does a page come on paper? */

const ON_PAPER = 'on-paper';

/** While the browser prints, the page is as wide as the sheet, so that what is drawn to measure fits it. To be called once, first. */
export function watchPaper(): void {
  addEventListener('beforeprint', () => document.documentElement.classList.add(ON_PAPER));
  addEventListener('afterprint', () => document.documentElement.classList.remove(ON_PAPER));
}

/** Ctrl+P (⌘P) does what the page's own button does, because the browser's printer waits for nothing; returns what ends that. */
export function onPrintKey(print: () => void): () => void {
  const listen = (event: KeyboardEvent): void => {
    if (event.key.toLowerCase() !== 'p' || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
    event.preventDefault();
    print();
  };
  addEventListener('keydown', listen);
  return () => removeEventListener('keydown', listen);
}
