/** Which readings of a span did people take out, by which decision or maintenance record, and how many of them are over a limit? */
import type { TakenOutFacts } from '../../domain/bulletins/facts.js';
import {
  type Act,
  actOn,
  coverage,
  type MaintenanceRecord,
  onFile,
  REVIEW_OUTCOMES,
  REVIEW_REASONS,
  type ReviewDecision,
} from '../../domain/quality/decision.js';
import { isSetAside, validity } from '../../domain/quality/intake.js';
import type { JudgedReading, Source } from '../../domain/reading.js';
import type { Site } from '../../domain/site.js';
import type { Station } from '../../domain/station.js';
import { isoTime, type Span } from '../../domain/time.js';
import type { DecisionStore } from '../deciding/decision-stores.js';
import { heldReadings } from '../held-readings.js';
import type { MomentaryCheck } from '../judging/momentary.js';
import { type Archive, ArchiveError } from '../ports.js';
import type { WorkingSet } from '../stores.js';

/** Acts of one station and span, and readings of one series of it. */
const MOST_ACTS = 1000;
const MOST_READINGS = 50_000;

/** Where it is told from. */
export interface TakenOutSources {
  readonly decisions: Pick<DecisionStore, 'maintenance' | 'decisions'>;
  readonly workingSet: Pick<WorkingSet, 'rows' | 'floor'>;
  readonly archive: Pick<Archive, 'readings'>;
  readonly check: Pick<MomentaryCheck, 'hold'>;
}

/** What was taken out at some stations in a span, station by station, oldest first. */
export type TakenOut = (stations: readonly string[], span: Span) => Promise<TakenOutFacts[]>;

/** One act, as far as it takes readings out. */
interface Taking {
  readonly act: Act;
  readonly span: Span;
  readonly source: Source;
  readonly parameters: readonly string[] | null;
}

/** What people took out: nothing that was withdrawn or undone, and no decision that left the readings in. */
export function takenOut(site: Site, { decisions, workingSet, archive, check }: TakenOutSources): TakenOut {
  const isOver = (station: Station, { parameter, value, time }: JudgedReading): boolean =>
    check.hold(station, parameter, value, time)?.check === 'over';

  return async (ids, span) => {
    const facts: TakenOutFacts[] = [];
    for (const station of ids.flatMap((id) => site.stations.get(id) ?? [])) {
      const which = { station: station.id, span };
      const file = onFile(decisions.maintenance(which, MOST_ACTS), decisions.decisions(which, MOST_ACTS));
      const takings = [...file.maintenance.map(ofRecord), ...file.decisions.flatMap(ofDecision)];
      for (const taking of takings.sort((a, b) => a.span.from - b.span.from)) {
        const within = { from: Math.max(span.from, taking.span.from), to: Math.min(span.to, taking.span.to) };
        const count = async () => {
          let [total, over] = [0, 0];
          for (const parameter of taking.parameters ?? station.parameters.map((one) => one.parameter)) {
            const query = { station: station.id, parameter, ...within };
            for (const reading of await heldReadings(workingSet, archive, query, taking.source, MOST_READINGS)) {
              if (!isSetAside(validity(reading))) continue;
              // Of two acts over a reading, the one that stands took it out.
              if (!isSame(actOn(reading, file), taking.act)) continue;
              total++;
              if (isOver(station, reading)) over++;
            }
          }
          return { total, over };
        };
        facts.push({ stationName: station.name, ...factsOf(taking, site), readings: await unlessAway(count) });
      }
    }
    return facts;
  };
}

const ofRecord = (record: MaintenanceRecord): Taking => ({
  ...{ act: { record }, span: coverage(record), source: 'sensor', parameters: record.parameters },
});

const ofDecision = (decision: ReviewDecision): Taking[] =>
  decision.outcome === 'invalid'
    ? [{ act: { decision }, span: decision, source: decision.source, parameters: decision.parameters }]
    : [];

const isSame = (a: Act | null, b: Act): boolean =>
  a !== null &&
  ('decision' in a ? 'decision' in b && a.decision.id === b.decision.id : 'record' in b && a.record.id === b.record.id);

function factsOf({ act, parameters }: Taking, site: Site): Omit<TakenOutFacts, 'stationName' | 'readings'> {
  const items = parameters && parameters.map((code) => site.parameters.get(code)?.name ?? code);
  const { from, to } = 'decision' in act ? act.decision : act.record;
  const times = { from: isoTime(from, site.calendar), to: to === null ? null : isoTime(to, site.calendar) };
  if ('record' in act) {
    const { id, note, who, by } = act.record;
    const reason = `${note === '' ? '维护' : note}(维护记录 ${id})`;
    return { items, ...times, outcome: '维护', reason, by: who === by ? who : `${who}(${by} 录入)` };
  }
  const { id, note, reason, outcome, by } = act.decision;
  const why = `${REVIEW_REASONS[reason]}${note === '' ? '' : `,${note}`}(审核 ${id})`;
  return { items, ...times, outcome: REVIEW_OUTCOMES[outcome], reason: why, by };
}

/** The paper is made also while the archive is away; what only it knows is left open. */
async function unlessAway<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ArchiveError) return null;
    throw error;
  }
}
