/** Which residuals were low in the nights since the last 晨报, at which taps? Those nobody was woken for are told in the next. */
import type { Words } from '../../domain/alerting/alert.js';
import { shown } from '../../domain/alerting/passed.js';
import { nightLow } from '../../domain/alerting/rules/night-lows.js';
import { shapeOf } from '../../domain/alerting/scope.js';
import type { Site } from '../../domain/site.js';
import { inForce, isCertain, limitsAt, limitText, momentary } from '../../domain/standards/bind.js';
import type { Station } from '../../domain/station.js';
import { clockTime, DAY, HOUR, type Instant, localDate, MINUTE, shortTime, type Span } from '../../domain/time.js';
import { isTelling } from '../alerting/outlook.js';
import type { WorkingSet } from '../stores.js';
import { DRAWN, flowOf, isDrawnAt } from '../alerting/watched-series.js';

/** A series that was under its lower limit in the night, as a sentence without a full stop. */
export interface LowNight {
  readonly station: Station;
  readonly parameter: string;
  readonly words: Words;
}

/** The hours of the last night that ended at or before `now` in which nobody draws water. */
export function nightBefore(now: Instant, offsetMinutes: number): Span {
  const shift = offsetMinutes * MINUTE - DRAWN.from * HOUR;
  const to = Math.floor((now + shift) / DAY) * DAY - shift;
  return { from: to - (DRAWN.from + 24 - DRAWN.to) * HOUR, to };
}

/**
 * The series that alarm only while people draw water, and were low in a night that ended by `now` and not by `since`, when
 * the last 晨报 was written; oldest night first.
 */
export function lowNights(site: Site, workingSet: Pick<WorkingSet, 'rows' | 'newest'>, now: Instant, since: Instant): LowNight[] {
  const { offsetMinutes } = site.calendar;
  const told = nightBefore(since, offsetMinutes).to;
  const last = nightBefore(now, offsetMinutes);
  const nights: Span[] = [];
  for (let { from, to } = last; to > told; from -= DAY, to -= DAY) nights.unshift({ from, to });
  return nights.flatMap((night) => lowsOf(site, workingSet, night, night.to === last.to));
}

function lowsOf(site: Site, workingSet: Pick<WorkingSet, 'rows' | 'newest'>, night: Span, isLast: boolean): LowNight[] {
  return [...site.stations.values()].flatMap((station) =>
    station.active
      ? station.parameters.flatMap(({ parameter }) => {
          const words = lowWords(site, workingSet, station, parameter, night, isLast);
          return words === null ? [] : [{ station, parameter, words }];
        })
      : [],
  );
}

function lowWords(
  site: Site,
  workingSet: Pick<WorkingSet, 'rows' | 'newest'>,
  station: Station,
  code: string,
  night: Span,
  isLast: boolean,
): Words | null {
  const parameter = site.parameters.get(code);
  const over = shapeOf(site.rules.limit, station, code)?.over;
  if (parameter === undefined || over?.by !== 'lasting' || over.when !== 'supply') return null;
  const bound = momentary(inForce(limitsAt(station, code, site.limits), localDate(night.to, site.calendar)));
  const lower = bound.filter(({ operator }) => operator === '>=');
  const limit = lower.find(isCertain) ?? lower[0];
  if (limit === undefined) return null;
  const flow = flowOf(station, workingSet);
  const isDrawn = (time: Instant): boolean => {
    const running = flow(time);
    return running === null ? isDrawnAt(time, site.calendar.offsetMinutes) : running > 0;
  };
  const rows = workingSet.rows({ station: station.id, parameter: code, ...night }, 'sensor').filter(isTelling);
  const low = nightLow(rows, Number(limit.low), isDrawn);
  if (low === null) return null;
  const at = (t: Instant): string => (isLast ? clockTime : shortTime)(t, site.calendar);
  // The night of its evening: 11-20 is the one from Friday to Saturday.
  const evening = isLast ? '' : localDate(night.from, site.calendar).slice(5);
  const value = shown(low.lowest, parameter);
  const doubt = isCertain(limit) ? { zh: '', en: '' } : { zh: '(限值待确认)', en: ' (limit to be confirmed)' };
  const during = low.from === low.to ? '' : `,${at(low.from)}–${at(low.to)}`;
  const duringEn = low.from === low.to ? '' : `, ${at(low.from)}–${at(low.to)}`;
  return {
    zh:
      `${station.name} ${parameter.name} ${evening}${isLast ? '' : ' '}夜间最低 ${value}(${at(low.at)}),限值 ${limitText(limit)}${doubt.zh},` +
      `${low.of} 个测值中 ${low.low} 个低于限值${during}`,
    en:
      `${station.nameEn}, ${parameter.nameEn}: lowest of the night${isLast ? '' : ` of ${evening}`} ${value} (${at(low.at)}), ` +
      `limit ${limitText(limit)}${doubt.en}; ${low.low} of ${low.of} values under it${duringEn}`,
  };
}
