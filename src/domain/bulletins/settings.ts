/** Which bulletins does the office want, when, and who gets them? */
import type { BulletinKind } from './bulletin.js';

/** One bulletin of the config. */
export interface BulletinSettings {
  readonly kind: BulletinKind;
  /** As printed, e.g. 南坑河五陂段水质月报. */
  readonly title: string;
  /** The target of a month; `null` for a day and a week. */
  readonly target: string | null;
  /** Wall clock `HH:mm` at which it leaves. */
  readonly at: string;
  /** Of a week: 1 Monday … 7 Sunday. */
  readonly weekday: number;
  /** Of a month: the day of the next one on which a draft leaves where nobody has signed by then. */
  readonly day: number;
  /** Ids of people. */
  readonly to: readonly string[];
  /** A file of `templates/` in the config folder; `null`: the built-in one. */
  readonly template: string | null;
}
