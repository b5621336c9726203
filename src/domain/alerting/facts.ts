/** What must be known to tell a person of a change, and what does a mail consist of? */
import type { Parameter } from '../parameter.js';
import type { Site } from '../site.js';
import type { Station } from '../station.js';
import type { Instant } from '../time.js';
import type { Words } from './alert.js';
import type { Chart, Point } from './chart.js';
import type { Change, Happening } from './signal.js';

/** Why a person is told: something happened; or it stands and nobody answered; or a person reported it upward. */
export type Why = Happening | 'repeat' | 'escalated' | 'reported';

/** Whom to ring: a role, never a person's name. */
export interface Contact {
  readonly name: Words;
  readonly phone: string | null;
}

/** Signed addresses behind the two buttons 已知悉 and 派人处理. */
export interface Buttons {
  readonly known: string;
  readonly dispatch: string;
}

/** Everything a mail about one change tells, gathered by whoever decides to send it. */
export interface Facts {
  readonly site: Site;
  /** When the mail is written. */
  readonly now: Instant;
  readonly change: Change;
  readonly why: Why;
  /** `null` where the alert is about no single station. */
  readonly station: Station | null;
  readonly parameter: Parameter | null;
  /** The values of the last 24 hours, oldest first; empty without a series. */
  readonly recent: readonly Point[];
  /** The section upstream and the newest value there, of the same parameter. */
  readonly upstream: { readonly name: Words; readonly value: number; readonly time: Instant } | null;
  /** When the same rule last opened here before; `null`: never. */
  readonly previous: Instant | null;
  /** Address of the alert's page, for those who can log in. */
  readonly link: string;
  /** `null` where the office cannot be reached from outside, and for alerts that stand no more. */
  readonly buttons: Buttons | null;
  /** All who are on duty when it is written, substitutes in place of those away; empty where no roster says so. */
  readonly onDuty: readonly Contact[];
  /** Rather the instrument or rather the water, and why; `null`: nothing speaks for either. */
  readonly likely: Words | null;
  /** Why this person gets it, without a full stop, e.g. 您是 11-23 的值班员. */
  readonly whyYou: Words;
  /** Of `reported`: who reported it upward (核实后上报), and what they found. */
  readonly reported?: { readonly by: string; readonly note: string | null } | null;
}

/** A mail's words, and the course it shows as `cid:` `CHART_CID`; `null`: no picture. */
export interface Message {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly chart: Chart | null;
}

/** What mails to a person that are not about one alert have in common. */
export interface Occasion {
  readonly site: Site;
  /** When the mail is written. */
  readonly now: Instant;
  /** Address of the page that shows more. */
  readonly link: string;
  /** All who are on duty when it is written, substitutes in place of those away; empty where no roster says so. */
  readonly onDuty: readonly Contact[];
  readonly whyYou: Words;
}

/** Of a digest beside its events. */
export interface DigestOccasion extends Occasion {
  /** Why the events come together, without a full stop, e.g. 邮件中断 6 小时,期间的变化合并为本信; `null`: they are many. */
  readonly because: Words | null;
}

/** The test mail by which the path proves itself. */
export interface PathTest extends Occasion {
  /** What the person finds again on the page, e.g. `4F7K`. */
  readonly code: string;
  /** Signed address of the button; `null` where the office cannot be reached from outside: then the code is entered on the page. */
  readonly confirm: string | null;
  /** The last confirmation; `null`: none yet. */
  readonly proven: Instant | null;
  /** When the path counts as unproven unless somebody confirms. */
  readonly deadline: Instant;
}
