/** What is left of the running month, and which item is nearest its limit? */
import { type Excused, siteWithout } from '../../domain/compliance/excuse.js';
import { averagingOf, named } from '../../domain/compliance/items.js';
import { type ItemSoFar, soFar, usedBy } from '../../domain/compliance/left.js';
import type { Finding, Verdict } from '../../domain/compliance/verdict.js';
import type { Site } from '../../domain/site.js';
import { isCertain, limitNumber, limitText } from '../../domain/standards/bind.js';
import type { Limit } from '../../domain/standards/limit.js';
import type { Station } from '../../domain/station.js';
import { DAY, type Instant, localDate, type Window, windowAt, type WindowKind, windowsIn } from '../../domain/time.js';
import type { Judged, JudgedAs } from '../judging/judged-as.js';
import type { VerdictStore } from '../judging/verdict-stores.js';

/** An item of a station and its limit, as printed. */
interface ItemView {
  readonly station: string;
  readonly stationName: string;
  readonly parameter: string;
  readonly name: string;
  readonly unit: string;
  /** So far, or of the last window. */
  readonly mean: number;
  readonly limit: number | [number, number];
  readonly limitText: string;
  /** Percent of the limit that is used up. */
  readonly used: number | null;
}

/** An item of the running month with what its remaining days may have. */
export interface ItemLeft extends ItemView, ItemSoFar {
  readonly mean: number;
  readonly used: number | null;
}

/** The running month of a target, and the item nearest its limit: of the month, or of the last windows. */
export interface Left {
  readonly month: string | null;
  /** Days of it that are not over yet. */
  readonly daysLeft: number | null;
  readonly items: readonly ItemLeft[];
  readonly nearest: ItemView | null;
}

/**
 * Worked out from stored verdicts as the month itself will be judged: without what is excused. Again only when a verdict of
 * the station has changed, or what people entered about it.
 */
export class WhatIsLeft {
  private readonly kept = new Map<string, { readonly when: string; readonly items: readonly ItemLeft[] }>();
  private readonly keptNearest = new Map<string, { readonly when: string; readonly items: readonly ItemView[] }>();

  constructor(
    private readonly site: Site,
    private readonly verdicts: VerdictStore,
    private readonly judgedAs: JudgedAs,
  ) {}

  /** What is left at the stations of a target that is counted by `window`. */
  of(stations: readonly Station[], window: WindowKind, now: Instant): Left {
    if (window !== 'month') {
      return { month: null, daysLeft: null, items: [], nearest: nearest(stations.flatMap((s) => this.last(s, window, now))) };
    }
    const month = windowAt('month', now, this.site.calendar);
    const items = stations.flatMap((station) => this.month(station, month, now));
    return {
      month: localDate(month.start, this.site.calendar).slice(0, 7),
      daysLeft: this.daysLeft(month, now),
      items,
      nearest: nearest(items),
    };
  }

  private daysLeft(month: Window, now: Instant): number {
    return Math.round((month.end - windowAt('day', now, this.site.calendar).start) / DAY);
  }

  private month(station: Station, month: Window, now: Instant): readonly ItemLeft[] {
    const judged = this.judgedAs(station);
    const when = `${this.verdicts.revision(station.id)} ${localDate(now, this.site.calendar)} ${judged.edition}`;
    const kept = this.kept.get(station.id);
    if (kept?.when === when) return kept.items;
    const days = this.verdicts.list('day', [station.id], { from: month.start, to: now }, null, 31, 0);
    const coming = windowsIn('day', { from: windowAt('day', now, this.site.calendar).start, to: month.end }, this.site.calendar);
    const items = this.itemsOf(judged, month, days, coming);
    this.kept.set(station.id, { when, items });
    return items;
  }

  private itemsOf(
    { station, excusedOf }: Judged,
    month: Window,
    days: readonly Verdict[],
    coming: readonly Window[],
  ): ItemLeft[] {
    const judging = this.site.judging.get(station.medium)!;
    const excused = excusedOf(month);
    if (excused.whole !== null) return [];
    const site = siteWithout(this.site, station, excused.items);
    return named(site, station, 'month', month).items.flatMap(({ parameter, limits, uncounted }): ItemLeft[] => {
      const certain = limits.filter(isCertain);
      const [limit] = certain;
      const counts = (day: Window): boolean => !isExcused(excusedOf(day), parameter);
      const of = days.filter(counts).flatMap((day) => day.findings.find((f) => f.parameter === parameter && f.counted) ?? []);
      // Of two limits of one item neither alone says what is left.
      if (limit === undefined || certain.length > 1 || uncounted !== null) return [];
      const item: ItemSoFar | null = soFar(of, limit, averagingOf(parameter, judging), coming.filter(counts).length);
      return item === null ? [] : [{ ...this.view(station, parameter, limit), ...item }];
    });
  }

  /** The items of a station's last closed window of a kind. */
  private last(station: Station, window: WindowKind, now: Instant): readonly ItemView[] {
    const { excusedOf, edition } = this.judgedAs(station);
    const when = `${this.verdicts.revision(station.id)} ${edition}`;
    const key = `${window} ${station.id}`;
    const kept = this.keptNearest.get(key);
    if (kept?.when === when) return kept.items;
    const verdict = this.verdicts.last(window, station.id, now);
    const counts = (f: Finding): boolean => f.counted && !isExcused(excusedOf(verdict!), f.parameter);
    const items = (verdict?.findings ?? []).flatMap((f) =>
      counts(f) && f.limit !== null && f.mean !== null
        ? [{ ...this.view(station, f.parameter, f.limit), mean: Number(f.mean), used: usedBy(f.mean, f.limit) }]
        : [],
    );
    this.keptNearest.set(key, { when, items });
    return items;
  }

  private view(station: Station, parameter: string, limit: Limit) {
    const of = this.site.parameters.get(parameter);
    return {
      station: station.id,
      stationName: station.name,
      parameter,
      name: of?.name ?? parameter,
      unit: of?.unit ?? '',
      limit: limitNumber(limit),
      limitText: limitText(limit),
    };
  }
}

const isExcused = ({ whole, items }: Excused, parameter: string): boolean => whole !== null || items.has(parameter);

/** The one that has used up most of its limit; of two alike the first. */
function nearest(items: readonly ItemView[]): ItemView | null {
  const most = items.reduce<ItemView | null>((a, b) => ((b.used ?? -1) > (a?.used ?? -1) ? b : a), null);
  if (most === null) return null;
  const { station, stationName, parameter, name, unit, mean, limit, limitText, used } = most;
  return { station, stationName, parameter, name, unit, mean, limit, limitText, used };
}
