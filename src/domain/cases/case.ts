/** Who must do what about it by when, until 销号: what is a case (处置单)? */
import type { Words } from '../alerting/alert.js';
import type { Person } from '../people.js';
import { DAY, type Instant } from '../time.js';

/** `dispatched` 待核实 → `verified` 已核实 → `mending` 整改中 → `checked` 核查通过 → `closed` 已销号. */
export const CASE_STATES = ['dispatched', 'verified', 'mending', 'checked', 'closed'] as const;
export type CaseState = (typeof CASE_STATES)[number];

/** As an office says it. */
export const STATE_WORDS: Readonly<Record<CaseState, Words>> = {
  dispatched: { zh: '待核实', en: 'to be verified' },
  verified: { zh: '已核实', en: 'verified' },
  mending: { zh: '整改中', en: 'being mended' },
  checked: { zh: '核查通过', en: 'checked' },
  closed: { zh: '已销号', en: 'closed' },
};

/** What was found at the site. */
export const FINDINGS = ['real', 'fault', 'rain', 'upstream', 'false-alarm'] as const;
export type Finding = (typeof FINDINGS)[number];

/** As an office says it. */
export const FINDING_WORDS: Readonly<Record<Finding, Words>> = {
  real: { zh: '属实', en: 'real' },
  fault: { zh: '设备故障', en: 'device fault' },
  rain: { zh: '雨后', en: 'after rain' },
  upstream: { zh: '上游来水', en: 'from upstream' },
  'false-alarm': { zh: '误报', en: 'false alarm' },
};

/** With whom it lies: village, town or district (县区). */
export const LEVELS = ['village', 'town', 'district'] as const;
export type Level = (typeof LEVELS)[number];

/** Where somebody stood: as a device said, `accuracyMetres` around it, or as the person wrote it. */
export type Place =
  | { readonly kind: 'point'; readonly lat: number; readonly lon: number; readonly accuracyMetres: number | null }
  | { readonly kind: 'text'; readonly text: string };

/** What can be done with a case. `return`: a check that was not passed (退回). */
export const CASE_ACTS = ['open', 'verify', 'mend', 'check', 'return', 'close', 'hand-over', 'extend'] as const;
export type CaseActName = (typeof CASE_ACTS)[number];

/** One step in the life of a case. It is added and never changed. */
export interface CaseEvent {
  readonly at: Instant;
  /** The account. */
  readonly by: string;
  readonly act: CaseActName;
  /** `null`: it was opened. */
  readonly from: CaseState | null;
  readonly to: CaseState;
  readonly note: string;
  /** Of a verification. */
  readonly finding: Finding | null;
  /** To whom it was given: opened, handed over. */
  readonly person: string | null;
  /** The time limit that was set: opened, extended. */
  readonly until: Instant | null;
  readonly place: Place | null;
  /** Numbers of the photos that belong to this step. */
  readonly photos: readonly number[];
}

/** A case. Its number and `openedAt` stay whoever has it. */
export interface Case {
  readonly id: string;
  /** Year of the site's calendar and a number without gaps, e.g. `2026-0012`; kept for life. */
  readonly number: string;
  /** The alert it came from; `null`: a person saw something. */
  readonly alert: string | null;
  readonly station: string | null;
  readonly village: string | null;
  /** Id of the reach. */
  readonly reach: string | null;
  readonly parameter: string | null;
  /** What it is about, in words. */
  readonly what: string;
  readonly openedAt: Instant;
  /** The account that opened it (派发人). */
  readonly by: string;
  /** Id of the person who has it (承办). */
  readonly to: string;
  readonly level: Level;
  readonly until: Instant;
  readonly state: CaseState;
  readonly history: readonly CaseEvent[];
}

/** With whom does a case lie that a person has? The first step of the ladder is the village, whoever is above the town the district. */
export const levelOf = ({ step, level }: Pick<Person, 'step' | 'level'>): Level =>
  level === 'above' ? 'district' : step === 1 ? 'village' : 'town';

/** The step that last did `act`, or `null`. */
export const lastOf = (given: Case, act: CaseActName): CaseEvent | null =>
  given.history.findLast((event) => event.act === act) ?? null;

/** When it was closed; `null` while it is not. */
export const closedAt = (given: Case): Instant | null => (given.state === 'closed' ? (lastOf(given, 'close')?.at ?? null) : null);

/** What the newest verification found; `null` before it, and again once a check has sent the case back to be verified. */
export const verification = (given: Case): CaseEvent | null => (given.state === 'dispatched' ? null : lastOf(given, 'verify'));

/** Is it past its time limit and not closed? */
export const isOverdue = (given: Case, now: Instant): boolean => given.state !== 'closed' && now > given.until;

/** Was it, or is it, past its time limit? For the register. */
export const isLate = (given: Case, now: Instant): boolean => (closedAt(given) ?? now) > given.until;

/** How long it took, or has taken until now, ms. */
export const taken = (given: Case, now: Instant): number => (closedAt(given) ?? now) - given.openedAt;

/** How many are not closed (未销号), how many of them overdue, and for how many whole days the oldest is open; `null`: none is. */
export interface CaseSummary {
  readonly open: number;
  readonly overdue: number;
  readonly oldestDays: number | null;
}

/** The sum of some cases. */
export function summarise(cases: readonly Case[], now: Instant): CaseSummary {
  const open = cases.filter(({ state }) => state !== 'closed');
  const oldest = open.reduce((first, { openedAt }) => Math.min(first, openedAt), Number.POSITIVE_INFINITY);
  return {
    open: open.length,
    overdue: open.filter((given) => isOverdue(given, now)).length,
    oldestDays: open.length === 0 ? null : Math.max(0, Math.floor((now - oldest) / DAY)),
  };
}
