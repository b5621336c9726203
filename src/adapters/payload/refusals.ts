/** What of a message was refused, and how many values does each reason cover? */
import type { Rejection, RejectionReason } from '../../domain/reading.js';
import type { Decoded } from '../../pipeline/ports.js';

/** Why something could not be taken. */
export interface Refused {
  readonly reason: RejectionReason;
  readonly detail: string;
  /** What a time that was refused says of the device's clock. */
  readonly refusedTime?: Decoded['refusedTime'];
}

/** Different details that a rejection spells out; the rest is counted. */
const SPELLED_OUT = 3;

/**
 * Collects the refusals of one message. One rejection a reason, not one a value: a message of 5,000 broken values is one
 * line on the page, and its payload is kept once.
 */
export class Refusals {
  private byReason: Map<RejectionReason, { values: number; spelled: number; details: string[] }> | null = null;

  constructor(private readonly station: string | null) {}

  /** Counts `values` values as refused. */
  add({ reason, detail }: Refused, values: number): void {
    this.byReason ??= new Map();
    const entry = this.byReason.get(reason);
    if (!entry) {
      this.byReason.set(reason, { values, spelled: values, details: [detail] });
      return;
    }
    entry.values += values;
    if (entry.details.includes(detail)) entry.spelled += values;
    else if (entry.details.length < SPELLED_OUT) {
      entry.details.push(detail);
      entry.spelled += values;
    }
  }

  /** One rejection for each reason, in the order in which the reasons were met. */
  list(): Rejection[] {
    if (this.byReason === null) return [];
    return Array.from(this.byReason, ([reason, { values, spelled, details }]) => {
      const more = values - spelled;
      const detail = details.join('; ') + (more > 0 ? `; and ${more} more ${more === 1 ? 'value' : 'values'}` : '');
      return { station: this.station, reason, detail, values };
    });
  }
}
