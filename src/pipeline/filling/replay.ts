/** How is what was refused taken again once the config is mended? Each payload once, with the arrival it had. */
import { grossRange } from '../../domain/quality/intake.js';
import type { JudgedReading, Reading, RejectionReason } from '../../domain/reading.js';
import type { Site } from '../../domain/site.js';
import { localDate } from '../../domain/time.js';
import type { Clock, Decode } from '../ports.js';
import type { Counts, KeptRefusal, Ledger, ReadingLog, Transact, WhichRefusals } from '../stores.js';

/** Refusals of one transaction: the intake waits no longer than that. */
const CHUNK = 50;

/** By what a replay knows a value of a message that was accepted at its arrival. */
export const acceptedKey = ({ parameter, source, time }: Pick<Reading, 'parameter' | 'source' | 'time'>): string =>
  `${parameter} ${source} ${time}`;

/** What a replay did. */
export interface Replayed {
  /** Messages that were looked at. */
  readonly messages: number;
  /** Of them those of which something was taken, and how many values. */
  readonly taken: number;
  readonly values: number;
  /** Messages that are refused still, by reason. */
  readonly refused: Readonly<Partial<Record<RejectionReason, number>>>;
  /** Messages that cannot be taken again: cut, kept by an older version, or `wrong-sender` that nobody asked for by name. */
  readonly skipped: number;
}

/**
 * Takes refused messages again, as if they arrived when they did, under the config of today. What passes goes into the log
 * and leaves the rejections in one transaction, so that nothing is taken twice, whenever the power fails or whoever else
 * replays. In the counts it moves, on its arrival day, from rejected to pending (promise 2 stays an identity); values of
 * the same message that were accepted at once are not counted again. What is still refused stays as it is.
 *
 * A message whose sender had no right to speak is taken only when its reason is named: who sent it is not known any more.
 */
export class Replay {
  constructor(
    private readonly site: Site,
    private readonly decode: Decode,
    private readonly log: ReadingLog,
    private readonly ledger: Ledger,
    private readonly transact: Transact,
    private readonly clock: Clock,
    private readonly appended: () => void,
  ) {}

  /** Replays what is kept now; what is refused while it runs is not looked at. Throws what the disk throws; what was done stays done. */
  async run(which: WhichRefusals): Promise<Replayed> {
    const sum = { messages: 0, taken: 0, values: 0, skipped: 0 };
    const refused: Partial<Record<RejectionReason, number>> = {};
    const newest = this.ledger.rejections(1)[0]?.id ?? 0;
    const seen = new Set<number>();
    for (let after = 0; after < newest;) {
      const found = this.ledger.refusals(which, after, CHUNK).filter(({ id }) => id <= newest);
      if (found.length === 0) break;
      after = found.at(-1)!.id;
      const head = this.log.head();
      let values = 0;
      try {
        this.transact(() => {
          for (const refusal of found) {
            if (refusal.messageId !== null && seen.has(refusal.messageId)) continue;
            if (refusal.messageId !== null) seen.add(refusal.messageId);
            sum.messages++;
            const mayTake = refusal.messageId !== null && (refusal.reason !== 'wrong-sender' || which.reason === 'wrong-sender');
            const taken = mayTake ? this.again(this.ledger.refusalsOf(refusal.messageId)) : null;
            if (taken === null) sum.skipped++;
            else if (taken.length === 0) refused[refusal.reason] = (refused[refusal.reason] ?? 0) + 1;
            else {
              this.log.append(taken);
              sum.taken++;
              values += taken.length;
            }
          }
        });
      } catch (error) {
        this.log.rewind(head);
        throw error;
      }
      sum.values += values;
      if (values > 0) this.appended();
      // Deliveries come first.
      await new Promise<void>((resolve) => setTimeout(resolve, 1));
    }
    return { ...sum, refused };
  }

  /** The values of one message that pass now; its refusals and counts are put right. `null`: it cannot be taken again. */
  private again(refusals: readonly KeptRefusal[]): JudgedReading[] | null {
    const [first] = refusals;
    if (first === undefined || first.message === null) return null;
    const { received, accepted } = first.message;
    const decoded = this.decode({ topic: first.topic, payload: first.payload, maySpeakFor: null, received }, this.site);
    const { station, seq, timeless } = decoded;
    const known = new Set(accepted);
    const fresh = decoded.readings.filter((reading) => !known.has(acceptedKey(reading)));
    if (fresh.length === 0) return [];
    const arrival =
      timeless && seq !== null && station !== null ? this.ledger.firstArrival(station, seq, first.payload, received) : null;
    const taken = fresh.map((reading): JudgedReading => {
      const { quality, checks } = grossRange(reading.value, reading.mark, this.site.parameters.get(reading.parameter)!);
      return { ...reading, ...(arrival === null ? {} : { time: arrival }), quality, checks, received };
    });

    this.ledger.withdraw(refusals.map(({ id }) => id));
    const message = { received, accepted: [...accepted, ...fresh.map(acceptedKey)] };
    const { topic, payload } = first;
    for (const rejection of decoded.rejections) {
      this.ledger.refuse({ received: this.clock.now(), topic, payload, message, ...rejection });
    }
    const day = localDate(received, this.site.calendar);
    const still = decoded.rejections.reduce((n, { values }) => n + values, 0);
    for (const { station: named, values } of refusals) this.ledger.count(day, named, { received: -values, rejected: -values });
    const delta: Partial<Counts> = { received: taken.length + still, pending: taken.length, rejected: still };
    this.ledger.count(day, station, delta);
    return taken;
  }
}
