/** Which series does the rule "over the limit" look at, and where do its answers come from? */
import type { Subject } from '../../domain/alerting/alert.js';
import type { LimitMemory } from '../../domain/alerting/rules/limit-memory.js';
import type { Doubt, LimitSeries } from '../../domain/alerting/rules/limit-series.js';
import { shapeOf } from '../../domain/alerting/scope.js';
import { ruled } from '../../domain/quality/decision.js';
import { validity } from '../../domain/quality/intake.js';
import type { Site } from '../../domain/site.js';
import type { Station, StationParameter } from '../../domain/station.js';
import { DAY, HOUR, type Instant, MINUTE } from '../../domain/time.js';
import { Context, placesOf } from '../judging/context.js';
import type { MomentaryCheck } from '../judging/momentary.js';
import type { Rulings } from '../judging/rejudge.js';
import type { WorkingSet } from '../stores.js';

/** Hours of the day between which people draw water. */
export const DRAWN = { from: 6, to: 22 } as const;

/** A flow is believed for so many of its cadences. */
const FLOW_CADENCES = 3;

/** A series that the rule looks at. */
export interface WatchedSeries extends LimitSeries {
  readonly subject: Subject;
  memory: LimitMemory | undefined;
  isTouched: boolean;
}

/** The series of active stations that a shape of the rule holds, by station and parameter; none without a rule. */
export function watchedSeries(
  site: Site,
  workingSet: WorkingSet,
  check: MomentaryCheck,
  rulings: Pick<Rulings, 'of'>,
): Map<string, Map<string, WatchedSeries>> {
  const rule = site.rules.limit;
  const doubt = doubts(site, workingSet, rulings);
  const all = new Map<string, Map<string, WatchedSeries>>();
  if (rule === null) return all;
  for (const station of site.stations.values()) {
    if (!station.active) continue;
    const flow = flowOf(station, workingSet);
    const ofStation = new Map<string, WatchedSeries>();
    for (const { parameter: code, cadence } of station.parameters) {
      const shape = shapeOf(rule, station, code);
      if (shape === null) continue;
      ofStation.set(code, {
        shape,
        parameter: site.parameters.get(code)!,
        cadence,
        subject: { subject: station.id, station: station.id, parameter: code, rule: rule.id, kind: 'limit' },
        hold: (value, time) => check.hold(station, code, value, time),
        holdClass: (value, time, as) => check.holdClass(station, code, value, time, as),
        flow,
        isDay: (time) => isDrawnAt(time, site.calendar.offsetMinutes),
        doubt: (time) => doubt(station.id, code, time),
        memory: undefined,
        isTouched: false,
      });
    }
    all.set(station.id, ofStation);
  }
  return all;
}

/** Is it a time of day at which people draw water? */
export function isDrawnAt(time: Instant, offsetMinutes: number): boolean {
  const ofDay = (time + offsetMinutes * MINUTE) % DAY;
  return ofDay >= DRAWN.from * HOUR && ofDay < DRAWN.to * HOUR;
}

/** The last valid flow before a time, as long as it is believed; `null` where none is measured. */
export function flowOf(station: Station, workingSet: Pick<WorkingSet, 'rows' | 'newest'>): (time: Instant) => number | null {
  const flow: StationParameter | undefined = station.parameters.find(({ parameter }) => parameter === 'flow');
  if (flow === undefined) return () => null;
  const reach = Math.max(HOUR, FLOW_CADENCES * flow.cadence * MINUTE);
  return (time) => {
    const newest = workingSet.newest(station.id, 'flow');
    // Nearly always the newest is the one; only a late reading has to look.
    if (newest && newest.time <= time && newest.time > time - reach && validity(newest) === 'counts') return newest.value;
    const rows = workingSet.rows({ station: station.id, parameter: 'flow', from: time - reach, to: time + 1 }, 'sensor');
    return rows.filter((reading) => validity(reading) === 'counts').at(-1)?.value ?? null;
  };
}

/** What the checks in context will say of a value, from what is at hand: asked when it would open or raise an alert. */
function doubts(
  site: Site,
  workingSet: WorkingSet,
  rulings: Pick<Rulings, 'of'>,
): (station: string, parameter: string, time: Instant) => Doubt {
  const places = placesOf(site);
  const context = new Context(places, workingSet);
  return (station, parameter, time) => {
    const place = places.get(station)?.get(parameter);
    if (place === undefined) return 'none';
    const found = context.around(place, { from: time, to: time }).judged.find(({ reading }) => reading.time === time);
    if (found === undefined) return 'none';
    const ruling = ruled(found.reading, rulings.of(station))?.ruling;
    const reading = { ...found.reading, ...found.judgement, ...(ruling === undefined ? {} : { ruling }) };
    const counts = validity(reading);
    if (counts !== 'counts' && counts !== 'upper') return 'wrong';
    return reading.quality === 'suspect' && reading.checks.includes('spike') ? 'spike' : 'none';
  };
}
