/** How does a verdict look on the wire? */
import { type Finding, STATISTIC_NAMES, type Verdict } from '../../domain/compliance/verdict.js';
import { nameOf } from '../../domain/compliance/items.js';
import { colourOf, mainItems } from '../../domain/compliance/main-items.js';
import { gradeOf, WATER_GRADE_NAMES } from '../../domain/compliance/river.js';
import type { Site } from '../../domain/site.js';
import { limitNumber, limitText } from '../../domain/standards/bind.js';
import { isoTime } from '../../domain/time.js';
import type { Print } from './verdict-stores.js';

/** Raise it whenever `view` prints anything differently: texts kept by an older version are then printed anew. */
const EDITION = 2;

function findingView(site: Site, f: Finding) {
  const parameter = site.parameters.get(f.parameter);
  return {
    parameter: f.parameter,
    name: parameter?.name ?? f.parameter,
    statistic: `${f.atLeast ? '≥ ' : ''}${STATISTIC_NAMES[f.statistic]}`,
    value: f.mean === null ? null : Number(f.mean),
    compared: f.compared === null ? null : Number(f.compared),
    unit: parameter?.unit ?? '',
    limit: f.limit === null ? null : limitNumber(f.limit),
    limitText: f.limit === null ? null : limitText(f.limit),
    times: f.times === null ? null : Number(f.times),
    outcome: f.outcome,
    reason: f.counted ? f.reason : (f.reason ?? f.uncounted ?? '限值待确认'),
    valid: f.valid,
    total: f.total,
    filled: f.filled,
    due: f.due,
    class: f.class,
    citation: f.limit?.citation ?? null,
    clause: f.limit?.clause ?? null,
    grade: f.limit?.grade ?? null,
    counted: f.counted,
    ...evidence(f),
  };
}

/** What a finding tells only when there is something to tell. Findings kept by an earlier version tell none of it. */
function evidence({ excluded = {}, setAsideOver = 0, detection = null, temperature = null }: Partial<Finding>) {
  const setAside = (excluded.maintenance ?? 0) + (excluded.review ?? 0);
  return {
    ...(Object.keys(excluded).length > 0 && { excluded }),
    ...(setAside > 0 && { setAside: `人工剔除 ${setAside} 条(其中超限 ${setAsideOver} 条)` }),
    ...(detection !== null && { detection: Number(detection) }),
    ...(temperature !== null && { temperature: Number(temperature) }),
  };
}

/** What the class of a section says to people: grade, colour and what pollutes it most (环办[2011]22号). */
function gradeView(site: Site, v: Verdict) {
  if (v.class === null) return {};
  const items = mainItems(v.findings).map(({ parameter, class: name, times }) => ({
    parameter,
    name: nameOf(site, parameter),
    class: name,
    times: times === null ? null : Number(times),
    text: times === null ? nameOf(site, parameter) : `${nameOf(site, parameter)}(${times})`,
  }));
  const grade = gradeOf(v.class);
  return {
    ...{ grade, gradeName: WATER_GRADE_NAMES[grade], colour: colourOf(v.class) },
    ...(items.length > 0 && { mainItems: items }),
  };
}

/** The class a river section is held to, beside the one it has. */
function targetClass(site: Site, { station: id }: Verdict) {
  const station = site.stations.get(id);
  const name = station?.medium === 'surface-water' ? station.binding?.class : null;
  return name === null || name === undefined ? {} : { targetClass: name };
}

/** A verdict ready for the wire, with its evidence. */
export function verdictView(site: Site, v: Verdict) {
  return {
    station: v.station,
    stationName: site.stations.get(v.station)?.name ?? v.station,
    start: isoTime(v.start, site.calendar),
    end: isoTime(v.end, site.calendar),
    verdict: v.verdict,
    class: v.class,
    ...targetClass(site, v),
    reason: v.reason,
    ...gradeView(site, v),
    findings: v.findings.map((f) => findingView(site, f)),
  };
}

/** Prints verdicts of a site as JSON text. The edition changes with whatever of the config stands in a print. */
export function printFor(site: Site): Print {
  const names = {
    stations: [...site.stations.values()].map(({ id, name, binding }) => [id, name, binding?.class ?? null]),
    parameters: [...site.parameters.values()].map(({ code, name, unit }) => [code, name, unit]),
  };
  return {
    calendar: site.calendar,
    edition: JSON.stringify([EDITION, site.calendar.offsetMinutes, names]),
    text: (verdict) => JSON.stringify(verdictView(site, verdict)),
  };
}
