/** What has changed since a month was signed (更正)? Told beside the signed figure, never instead of it. */
import type { Change } from '../compliance/change.js';
import type { RiverClass } from '../compliance/class.js';
import type { VerdictState } from '../compliance/verdict.js';
import type { Instant } from '../time.js';
import type { Figure, SignedFinding, SignedWindow, Snapshot } from './sign-off.js';

/** A window in short; `null` instead of it: there was none, or there is none any more. */
export interface WindowStanding {
  readonly verdict: VerdictState;
  readonly class: RiverClass | null;
  readonly excused: boolean;
}

/** How one item of a window stood and stands; `null`: it was not, or is no longer, an item of it. */
export interface ItemCorrection {
  readonly parameter: string;
  readonly name: string;
  readonly statistic: string;
  readonly unit: string;
  readonly limitText: string | null;
  readonly from: { readonly value: number | null; readonly outcome: VerdictState } | null;
  readonly to: { readonly value: number | null; readonly outcome: VerdictState } | null;
}

/** One window that is not as it was signed. */
export interface Correction {
  readonly station: string;
  readonly stationName: string;
  readonly start: string;
  readonly end: string;
  readonly from: WindowStanding | null;
  readonly to: WindowStanding | null;
  readonly items: readonly ItemCorrection[];
  /** When its verdict last changed; `null` where only means moved. */
  readonly at: Instant | null;
  /** Why, in words, e.g. 补传 14 条测值; `null` where only means moved. */
  readonly reason: string | null;
}

const key = ({ station, start }: SignedWindow): string => `${station} ${start}`;

/** Of more windows than are kept, those that are not there were met. */
const MET: WindowStanding = { verdict: 'met', class: null, excused: false };

const standing = (window: SignedWindow): WindowStanding => ({
  verdict: window.verdict,
  class: window.class,
  excused: window.excused !== undefined,
});

const told = (f: SignedFinding | undefined): ItemCorrection['from'] => (f ? { value: f.value, outcome: f.outcome } : null);

/** Items are told apart by what was computed and against which kind of limit: an item may be held to two. */
function itemsOf(before: SignedWindow | undefined, after: SignedWindow | undefined): ItemCorrection[] {
  const name = (f: SignedFinding): string =>
    `${f.parameter} ${f.statistic.replace(/^≥ /, '')} ${f.clause ?? ''} ${f.limitText ?? ''}`;
  const [was, is] = [before, after].map((window) => new Map(window?.findings.map((f) => [name(f), f]))) as [
    Map<string, SignedFinding>,
    Map<string, SignedFinding>,
  ];
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((each): ItemCorrection[] => {
    const [from, to] = [was.get(each), is.get(each)];
    if (from?.value === to?.value && from?.outcome === to?.outcome) return [];
    const { parameter, name: itemName, statistic, unit, limitText } = (to ?? from)!;
    return [{ parameter, name: itemName, statistic, unit, limitText, from: told(from), to: told(to) }];
  });
}

/**
 * Every window of a month that is not as it was signed, by time. `changes`: those of its windows since the signature,
 * newest first; `startOf` reads the beginning of a window.
 */
export function corrections(signed: Snapshot, live: Snapshot, changes: readonly Change[]): Correction[] {
  const [was, is] = [signed, live].map(({ windows }) => new Map(windows.map((window) => [key(window), window]))) as [
    Map<string, SignedWindow>,
    Map<string, SignedWindow>,
  ];
  const stand = (of: SignedWindow | undefined, whole: boolean): WindowStanding | null => (of ? standing(of) : whole ? null : MET);
  const found = [...new Set([...was.keys(), ...is.keys()])].flatMap((each): Correction[] => {
    const [before, after] = [was.get(each), is.get(each)];
    const from = stand(before, signed.wholeEvidence);
    const to = stand(after, live.wholeEvidence);
    // What was met and is not kept has no items to compare with.
    const items = (from === MET && !before) || (to === MET && !after) ? [] : itemsOf(before, after);
    if (isSame(from, to) && items.length === 0) return [];
    const { station, stationName, start, end } = (after ?? before)!;
    const since = changes.filter((change) => change.station === station && change.start === Date.parse(start));
    const reasons = [...new Set(since.map(({ reason }) => reason))];
    const why = { at: since[0]?.at ?? null, reason: reasons.length === 0 ? null : reasons.join(';') };
    return [{ station, stationName, start, end, from, to, items, ...why }];
  });
  return found.sort((a, b) => a.start.localeCompare(b.start) || a.station.localeCompare(b.station));
}

function isSame(a: WindowStanding | null, b: WindowStanding | null): boolean {
  if (a === null || b === null) return a === b;
  return a.verdict === b.verdict && a.class === b.class && a.excused === b.excused;
}

const COUNTED = [
  'rate',
  'met',
  'exceeded',
  'undetermined',
  'excused',
  'due',
  'capture',
  'status',
] as const satisfies readonly (keyof Figure)[];

/** Does the division of a rate differ? */
export const figureDiffers = (a: Figure, b: Figure): boolean => COUNTED.some((name) => a[name] !== b[name]);
