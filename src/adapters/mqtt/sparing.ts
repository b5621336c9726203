/** How is an operator told of what a stranger can repeat a thousand times a second? Once in a while, with a count. */
import type { Journal } from '../../pipeline/ports.js';

const EVERY_MS = 10_000;
const NAME_LENGTH = 64;

/** Warnings of one kind: the first at once, then one in ten seconds that says how many were left out. */
export class Sparing {
  private last = -Infinity;
  private left = 0;

  constructor(private readonly journal: Journal) {}

  warn(text: string): void {
    const now = performance.now();
    if (now - this.last < EVERY_MS) {
      this.left += 1;
      return;
    }
    this.journal.warn(this.left === 0 ? text : `${text} (and ${this.left} more of the kind before)`);
    this.last = now;
    this.left = 0;
  }
}

/** A name that came over the wire, fit for a line of the journal. */
export const printable = (name: string): string =>
  JSON.stringify(name.length > NAME_LENGTH ? `${name.slice(0, NAME_LENGTH)}…` : name);
