/** Which limits held for the series of a station at each time? A chart of last winter shows the limits of last winter. */
import { RIVER_CLASSES, type RiverClass } from '../../domain/compliance/class.js';
import type { Site } from '../../domain/site.js';
import { averagedOver, isCertain, limitNumber, limitsAt, limitText, momentary } from '../../domain/standards/bind.js';
import type { Limit } from '../../domain/standards/limit.js';
import type { Station } from '../../domain/station.js';
import { DAY, type Instant, isoTime, startOfDate } from '../../domain/time.js';

/** Means of a day are held against these; a single value is drawn beside them and judged by none. */
const OF_A_DAY = ['day'];

/** One limit over the days on which it holds, as far as they lie in the stretch that was asked for. */
interface Line {
  readonly limit: Limit;
  /** The class of another row of the same text, which is not this station's; `null`: the limit binds. */
  readonly otherClass: RiverClass | null;
  readonly daily: boolean;
}

/** Every limit of a station's series that held within `[from, to)`, each from its first day to the end of its last. */
export function limitLines(station: Station, site: Site, { from, to }: { readonly from: Instant; readonly to: Instant }) {
  const { calendar } = site;
  return station.parameters.flatMap(({ parameter }) =>
    linesOf(station, parameter, site.limits).flatMap(({ limit, otherClass, daily }) => {
      const begins = limit.validFrom === null ? from : Math.max(from, startOfDate(limit.validFrom, calendar));
      const ends = limit.validTo === null ? to : Math.min(to, startOfDate(limit.validTo, calendar) + DAY);
      if (begins >= ends) return [];
      const number = limitNumber(limit);
      return [
        {
          parameter,
          from: isoTime(begins, calendar),
          to: isoTime(ends, calendar),
          limit: number,
          text: limitText(limit),
          citation: limit.citation,
          condition: limit.condition,
          daily,
          otherClass,
          unconfirmed: !isCertain(limit),
        },
      ];
    }),
  );
}

function linesOf(station: Station, parameter: string, limits: readonly Limit[]): Line[] {
  const bound = limitsAt(station, parameter, limits);
  const own = momentary(bound).map((limit) => ({ limit, otherClass: null, daily: false }));
  const ofDays = averagedOver(bound, OF_A_DAY).map((limit) => ({ limit, otherClass: null, daily: true }));
  return [...own, ...ofDays, ...otherClasses(station, parameter, limits, own.length > 0)];
}

/** The lines between the classes of a river, where the item has a class here. */
function otherClasses(station: Station, parameter: string, limits: readonly Limit[], isClassed: boolean): Line[] {
  const { binding, medium } = station;
  const own = RIVER_CLASSES.find((name) => name === binding?.class);
  if (binding === null || own === undefined || medium !== 'surface-water' || !isClassed) return [];
  return RIVER_CLASSES.filter((name) => name !== own).flatMap((name) =>
    momentary(limitsAt({ ...station, binding: { ...binding, class: name }, dustRules: [] }, parameter, limits))
      .filter((limit) => limit.class === name)
      .map((limit) => ({ limit, otherClass: name, daily: false })),
  );
}
