/** What stands in the way of signing a month (定稿)? */
import type { Words } from '../alerting/alert.js';

/** In the order in which they are listed before the button. */
export const HINDRANCES = ['not-ended', 'waiting', 'unreviewed', 'open-cases', 'missing-samples', 'not-judged'] as const;
export type HindranceKind = (typeof HINDRANCES)[number];

/** While one of these stands nobody can sign; the others must be named, each with a reason. */
const ABSOLUTE: ReadonlySet<HindranceKind> = new Set(['not-ended', 'waiting']);

/** As an office says it. */
export const HINDRANCE_WORDS: Readonly<Record<HindranceKind, Words>> = {
  'not-ended': { zh: '本月尚未结束', en: 'the month has not ended' },
  waiting: { zh: '有评价时段待重算', en: 'windows wait to be computed again' },
  unreviewed: { zh: '有站点日未审核', en: 'station-days are not reviewed' },
  'open-cases': { zh: '有处置单未销号', en: 'cases are open' },
  'missing-samples': { zh: '缺化验水样', en: 'laboratory samples are missing' },
  'not-judged': { zh: '有评价时段未判定', en: 'windows could not be judged' },
};

/** One thing that stands in the way, and where it can be looked at. */
export interface HindranceItem {
  /** Name of the station, number of the case. */
  readonly subject: string;
  /** `null` where it concerns none or several. */
  readonly station: string | null;
  /** `YYYY-MM-DD`; `null` where it is no single day. */
  readonly date: string | null;
  /** What is wrong with it, in words. */
  readonly text: string;
  /** Where it is mended: the number of a case, else `null`. */
  readonly case: string | null;
}

/** One kind of hindrance with its items. */
export interface Hindrance {
  readonly kind: HindranceKind;
  readonly absolute: boolean;
  readonly count: number;
  readonly items: readonly HindranceItem[];
}

/** What was found of each kind; what is empty or zero stands in nobody's way. */
export interface Found {
  readonly ended: boolean;
  /** Windows, decisions and readings that wait for the computation. */
  readonly waiting: number;
  readonly items: Readonly<Record<Exclude<HindranceKind, 'not-ended' | 'waiting'>, readonly HindranceItem[]>>;
}

/** Everything that stands in the way, what is absolute first. */
export function hindrances({ ended, waiting, items }: Found): Hindrance[] {
  return HINDRANCES.flatMap((kind): Hindrance[] => {
    const absolute = ABSOLUTE.has(kind);
    switch (kind) {
      case 'not-ended':
        return ended ? [] : [{ kind, absolute, count: 1, items: [] }];
      case 'waiting':
        // A month that runs always has something that is not computed yet.
        return waiting === 0 || !ended ? [] : [{ kind, absolute, count: waiting, items: [] }];
      case 'unreviewed':
      case 'open-cases':
      case 'missing-samples':
      case 'not-judged':
        return items[kind].length === 0 ? [] : [{ kind, absolute, count: items[kind].length, items: items[kind] }];
    }
  });
}

/** May it be signed with these reasons? Those absolute, and those without a reason, that are in the way; none: it may. */
export function inTheWay(found: readonly Hindrance[], reasons: ReadonlyMap<HindranceKind, string>): Hindrance[] {
  return found.filter(({ kind, absolute }) => absolute || (reasons.get(kind) ?? '').trim() === '');
}
