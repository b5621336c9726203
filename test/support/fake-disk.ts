/** A disk whose room is what the test says. */
import type { Disk, Tap } from '../../src/pipeline/ports.js';

/** Bytes are free as set; `broken`: why nothing can be written. */
export class FakeDisk implements Disk {
  /** `null`: the room cannot be told. */
  room: { free: number; total: number; reusable: number } | null;
  broken: string | null = null;

  constructor(free: number, total: number) {
    this.room = { free, total, reusable: 0 };
  }

  space(): { free: number; total: number; reusable: number } | null {
    return this.room;
  }

  tryToWrite(): void {
    if (this.broken !== null) throw new Error(this.broken);
  }
}

/** Remembers how it was turned. */
export class FakeTap implements Tap {
  readonly turns: string[] = [];

  hold(why: string): void {
    this.turns.push(`hold ${why}`);
  }

  release(): void {
    this.turns.push('release');
  }
}
