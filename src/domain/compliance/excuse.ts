/** Which windows are 不参评: not counted, by a named approver and a document? */
import type { Site } from '../site.js';
import type { Station } from '../station.js';
import { type Instant, type Window, WINDOW_WORDS, type WindowKind } from '../time.js';

/** Why a window can be excused. Rain or drought alone is none: it is context (design §5). */
export const EXCUSE_REASONS = ['no-flow', 'flood-damage', 'approved-removal'] as const;
export type ExcuseReason = (typeof EXCUSE_REASONS)[number];

/** As people write it. */
export const EXCUSE_NAMES: Readonly<Record<ExcuseReason, string>> = {
  'no-flow': '断流',
  'flood-damage': '水毁',
  'approved-removal': '批准剔除',
};

/** A stretch of time that an office has excused at a station. It is never altered; one that was wrong is withdrawn. */
export interface Excuse {
  readonly id: string;
  readonly station: string;
  /** The kinds of window it excuses; `null`: every kind. */
  readonly kinds: readonly WindowKind[] | null;
  /** The items it excuses, of which the window is then judged without; `null`: the whole window. */
  readonly parameters: readonly string[] | null;
  /** Half-open. A window is excused when it lies in it from beginning to end. */
  readonly from: Instant;
  readonly to: Instant;
  readonly reason: ExcuseReason;
  /** The office that approved it, e.g. 安源生态环境局. */
  readonly approver: string;
  /** Number of its document. */
  readonly document: string;
  readonly note: string;
  /** The account that entered it. */
  readonly addedBy: string;
  readonly addedAt: Instant;
  /** When and by whom it was withdrawn; `null` while it stands. */
  readonly removed: { readonly by: string; readonly at: Instant; readonly reason: string } | null;
}

/** What of a window is excused. */
export interface Excused {
  /** The whole window: it leaves the due number. */
  readonly whole: Excuse | null;
  /** Items it is judged without, each with the excuse. */
  readonly items: ReadonlyMap<string, Excuse>;
}

const lies = (window: Window, { from, to }: Excuse): boolean =>
  window.start >= from && (window.start === window.end ? window.start < to : window.end <= to);

/**
 * What of a window at a station is excused by the excuses that stand. Of several for the same the earliest entered is told.
 * A window all of whose `named` items are excused is excused as a whole; samples have no named items.
 */
export function excusedIn(station: string, window: Window, excuses: readonly Excuse[], named: readonly string[]): Excused {
  const standing = excuses
    .filter((e) => e.station === station && e.removed === null && (e.kinds?.includes(window.kind) ?? true) && lies(window, e))
    .sort((a, b) => a.addedAt - b.addedAt || (a.id < b.id ? -1 : 1));
  const items = new Map<string, Excuse>();
  for (const excuse of standing) {
    for (const parameter of excuse.parameters ?? []) if (!items.has(parameter)) items.set(parameter, excuse);
  }
  const all = named.length > 0 && named.every((parameter) => items.has(parameter));
  const whole = standing.find(({ parameters }) => parameters === null) ?? (all ? items.get(named[0]!)! : null);
  return { whole, items };
}

/** The site as a window is judged in it: without the items that are excused. */
export function siteWithout(site: Site, station: Station, items: ReadonlyMap<string, Excuse>): Site {
  const judging = site.judging.get(station.medium);
  if (items.size === 0 || judging === undefined) return site;
  const left = { ...judging, items: judging.items.filter((parameter) => !items.has(parameter)) };
  return { ...site, judging: new Map([...site.judging, [station.medium, left]]) };
}

/** An excuse in words: 断流,安源生态环境局 安环〔2026〕8 号. */
export function excuseText({ reason, approver, document }: Excuse): string {
  return `${EXCUSE_NAMES[reason]},${approver} ${document}`;
}

/** To what an excuse is limited, in words: 仅日评价,仅氨氮. `null`: whole windows of every kind. */
export function scopeText({ kinds, parameters }: Excuse, name: (parameter: string) => string): string | null {
  const limits = [
    ...(kinds === null ? [] : [`仅${kinds.map((kind) => WINDOW_WORDS[kind]).join('、')}评价`]),
    ...(parameters === null ? [] : [`仅${parameters.map(name).join('、')}`]),
  ];
  return limits.length === 0 ? null : limits.join(',');
}

/** The kinds of windows whose excuses change one of a kind: its own, and of what its mean is made. */
export const kindsWithin = (kind: WindowKind): readonly WindowKind[] =>
  kind === 'month' ? ['month', 'day'] : kind === 'quarter' || kind === 'year' ? [kind, 'month', 'day'] : [kind];

/** What a verdict that was judged without some items says of them: 不参评:氨氮(断流,安源生态环境局 安环〔2026〕8 号). */
export function itemsText(items: ReadonlyMap<string, Excuse>, name: (parameter: string) => string): string {
  const byExcuse = new Map<Excuse, string[]>();
  for (const [parameter, excuse] of items) byExcuse.set(excuse, [...(byExcuse.get(excuse) ?? []), name(parameter)]);
  return [...byExcuse].map(([excuse, names]) => `不参评:${names.join('、')}(${excuseText(excuse)})`).join(';');
}
