/** What does the 晨报 say of the river: its sections now, their month, and what comes in and goes out? */
import type { Words } from '../../domain/alerting/alert.js';
import type { Morning, SectionNow } from '../../domain/alerting/morning-facts.js';
import { shapeOf } from '../../domain/alerting/scope.js';
import { isBeyond } from '../../domain/compliance/evaluate.js';
import { named } from '../../domain/compliance/items.js';
import { usedBy } from '../../domain/compliance/left.js';
import { validity } from '../../domain/quality/intake.js';
import type { JudgedReading } from '../../domain/reading.js';
import type { Site } from '../../domain/site.js';
import { isCertain, limitText } from '../../domain/standards/bind.js';
import type { Limit } from '../../domain/standards/limit.js';
import type { Station } from '../../domain/station.js';
import { DAY, HOUR, type Instant, windowAt } from '../../domain/time.js';
import { isTelling } from '../alerting/outlook.js';
import { type ItemLeft, WhatIsLeft } from '../reporting/report-left.js';
import type { JudgedAs } from '../judging/judged-as.js';
import type { VerdictStore } from '../judging/verdict-stores.js';
import type { WorkingSet } from '../stores.js';

/** A verdict that ended longer ago does not say how the section is now, ms. */
const JUDGED = 2 * DAY;

/** An older value does not say how the water is this morning, ms. */
const RECENT = DAY;

/** How old a value along the river may be to stand beside the others, ms. */
const ALONGSIDE = 12 * HOUR;

/** Code of a rain gauge where no rule names it, and values of a gauge that are looked at. */
const RAIN = 'rain';
const DROPS = 50_000;

/** Decimals that a difference is told with at most. */
const MOST_DECIMALS = 6;

/** An item of a section with its limit and newest value. */
interface Near {
  readonly parameter: string;
  readonly limit: Limit;
  readonly newest: JudgedReading;
  /** Percent of the limit that is used up, by the value or, where the alarm goes by a mean, by that mean. */
  readonly used: number;
}

/** The river's part of the 晨报, from stored verdicts and the readings at hand. */
export class MorningRiver {
  private readonly left: WhatIsLeft;

  constructor(
    private readonly site: Site,
    private readonly workingSet: Pick<WorkingSet, 'rows' | 'newest'>,
    private readonly verdicts: VerdictStore,
    private readonly judgedAs: JudgedAs,
  ) {
    this.left = new WhatIsLeft(site, verdicts, judgedAs);
  }

  /** For somebody who sees these stations (`null`: all): their sections, and the assessed ones of the same reaches. */
  of(own: readonly Station[] | null, now: Instant): Pick<Morning, 'river' | 'sections' | 'months' | 'along'> {
    const all = [...this.site.stations.values()]
      .filter(({ active, medium }) => active && medium === 'surface-water')
      .sort((a, b) => a.order - b.order);
    const reaches = new Set((own ?? all).flatMap(({ reach }) => reach ?? []));
    const shown = all.filter(
      (section) =>
        own?.includes(section) === true ||
        (section.role === 'assessed' && (own === null || (section.reach !== null && reaches.has(section.reach)))),
    );
    const near = new Map(shown.map((section) => [section, this.nearest(section, now)] as const));
    const outflow = shown.findLast(({ role, reach }) => role === 'assessed' && reach !== null);
    return {
      river: new Set(shown.map(({ reach }) => reach)).size === 1 ? this.reachWords(shown[0]!.reach) : null,
      sections: shown.map((section) => this.section(section, near.get(section) ?? null, now)),
      months: shown.filter(({ role }) => role === 'assessed').flatMap((section) => this.month(section, now)),
      along: outflow === undefined ? null : this.along(outflow, all, near.get(outflow)?.parameter ?? null, now),
    };
  }

  private reachWords(name: string | null): Words | null {
    const reach = [...this.site.reaches.values()].find((one) => one.name === name);
    return reach === undefined ? null : { zh: reach.name, en: reach.nameEn };
  }

  private section(section: Station, near: Near | null, now: Instant): SectionNow {
    const { windows } = this.site.judging.get(section.medium)!;
    const kind = windows.includes('day') ? 'day' : windows[0];
    const verdict = kind && this.verdicts.last(kind, section.id, now);
    return {
      station: section.id,
      name: wordsOf(section),
      class: verdict === undefined || verdict.end < now - JUDGED ? null : verdict.class,
      target: section.binding?.class ?? null,
      nearest: near === null ? null : this.nearestNow(near),
    };
  }

  private nearestNow({ parameter: code, limit, newest }: Near): NonNullable<SectionNow['nearest']> {
    const { unit = '', decimals = 2 } = this.site.parameters.get(code) ?? {};
    const left = leftTo(newest.value, limit);
    return {
      ...{ name: this.itemWords(code), value: newest.value, unit, time: newest.time, limit: limitText(limit), left },
      decimals: decimalsFor(left, decimals),
    };
  }

  /** The named item nearest its certain limit; what is not measured any more is in no hurry. */
  private nearest(section: Station, now: Instant): Near | null {
    const items = named(this.site, this.judgedAs(section).station, 'day', windowAt('day', now, this.site.calendar)).items;
    const found = items.flatMap(({ parameter, limits, uncounted }) =>
      uncounted === null ? limits.filter(isCertain).flatMap((limit) => this.near(section, parameter, limit, now) ?? []) : [],
    );
    return found.reduce<Near | null>((most, one) => (most === null || one.used > most.used ? one : most), null);
  }

  private near(section: Station, parameter: string, limit: Limit, now: Instant): Near | null {
    const newest = this.newest(section, parameter, now, RECENT, limit.operator === '<=');
    if (newest === null) return null;
    const value = this.weighed(section, parameter, newest, now);
    return { parameter, limit, newest, used: usedBy(String(value), limit) ?? (isBeyond(value, limit) ? Infinity : 0) };
  }

  /** Oxygen is low every dawn: what alarms by a mean is weighed by that mean. */
  private weighed(section: Station, parameter: string, { value }: JudgedReading, now: Instant): number {
    const over = shapeOf(this.site.rules.limit, section, parameter)?.over;
    if (over?.by !== 'mean') return value;
    const from = now - over.hours * HOUR;
    const rows = this.workingSet.rows({ station: section.id, parameter, from, to: now + 1 }, 'sensor').filter(isTelling);
    return rows.length === 0 ? value : rows.reduce((sum, row) => sum + row.value, 0) / rows.length;
  }

  /** The newest value that says how the water is; `upper`: one over the measuring range says it too. */
  private newest(section: Station, parameter: string, now: Instant, age: number, upper: boolean): JudgedReading | null {
    const says = (r: JudgedReading): boolean =>
      r.source === 'sensor' && (isTelling(r) || (upper && validity(r) === 'upper')) && r.time <= now;
    const newest = this.workingSet.newest(section.id, parameter);
    if (newest === undefined || newest.time <= now - age) return null;
    if (says(newest)) return newest;
    const rows = this.workingSet.rows({ station: section.id, parameter, from: now - age, to: now + 1 }, 'sensor');
    return rows.filter(says).at(-1) ?? null;
  }

  /** The running month of the section's item that is most in danger; none before its first valid day. */
  private month(section: Station, now: Instant): Morning['months'] {
    if (!this.site.judging.get(section.medium)!.windows.includes('month')) return [];
    const { items, daysLeft } = this.left.of([section], 'month', now);
    // What cannot meet its limit any more is told first, what cannot miss it any more last.
    const standing = ({ possible, low, high }: ItemLeft): number => (!possible ? 0 : low !== null || high !== null ? 1 : 2);
    const [worst] = [...items].sort((a, b) => standing(a) - standing(b) || (b.used ?? Infinity) - (a.used ?? Infinity));
    if (worst === undefined || daysLeft === null) return [];
    const { parameter, unit, mean, high, low, possible } = worst;
    const { decimals = 2 } = this.site.parameters.get(parameter) ?? {};
    const item = this.itemWords(parameter);
    return [{ section: wordsOf(section), item, unit, mean: mean.toFixed(decimals), daysLeft, high, low, possible }];
  }

  /** One item from the inflow to the outflow; without a value and without rain there is nothing to tell. */
  private along(outflow: Station, all: readonly Station[], nearest: string | null, now: Instant): Morning['along'] {
    const code = nearest ?? this.site.judging.get(outflow.medium)!.items[0];
    const parameter = this.site.parameters.get(code ?? '');
    if (parameter === undefined) return null;
    const sections = all
      .filter(({ reach }) => reach === outflow.reach)
      .map((section) => ({
        station: section.id,
        name: wordsOf(section),
        value: this.newest(section, parameter.code, now, ALONGSIDE, true)?.value ?? null,
      }));
    const rain24 = this.rain(outflow.reach, now);
    if (rain24 === null && sections.every(({ value }) => value === null)) return null;
    const { unit, decimals } = parameter;
    return { parameter: parameter.code, item: this.itemWords(parameter.code), unit, decimals, sections, rain24 };
  }

  /** mm of the last 24 hours at the wettest gauge, of the reach or, where it has none, of the town. */
  private rain(reach: string | null, now: Instant): number | null {
    const gauge = this.site.rules.rain?.gauge ?? RAIN;
    const gauges = [...this.site.stations.values()].filter(
      ({ active, parameters }) => active && parameters.some(({ parameter }) => parameter === gauge),
    );
    const near = gauges.filter((station) => station.reach === reach);
    const falls = (near.length > 0 ? near : gauges).flatMap(({ id }) => {
      const query = { station: id, parameter: gauge, from: now - DAY + 1, to: now + 1 };
      const rows = this.workingSet.rows(query, 'sensor', DROPS).filter((r) => validity(r) === 'counts');
      return rows.length === 0 ? [] : [rows.reduce((sum, { value }) => sum + value, 0)];
    });
    return falls.length === 0 ? null : Number(Math.max(...falls).toFixed(1));
  }

  private itemWords(code: string): Words {
    const { name = code, nameEn = code } = this.site.parameters.get(code) ?? {};
    return { zh: name, en: nameEn };
  }
}

const wordsOf = ({ name, nameEn }: Station): Words => ({ zh: name, en: nameEn });

/** What is left to a limit, in its unit; negative: beyond it. A range has two sides, and pH no distance that says anything. */
function leftTo(value: number, limit: Limit): number | null {
  switch (limit.operator) {
    case '<=':
      return Number((Number(limit.high) - value).toFixed(MOST_DECIMALS));
    case '>=':
      return Number((value - Number(limit.low)).toFixed(MOST_DECIMALS));
    case 'between':
      return null;
  }
}

/** The parameter's own decimals, or more where what is left, or beyond, would read as nothing. */
function decimalsFor(left: number | null, decimals: number): number {
  if (left === null || left === 0 || Number(left.toFixed(decimals)) !== 0) return decimals;
  return Math.min(MOST_DECIMALS, Math.ceil(-Math.log10(Math.abs(left))));
}
