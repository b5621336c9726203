/** What did people decide about a reading, and which of their decisions stands? */
import type { JudgedReading, Ruling, Source } from '../reading.js';
import { type Instant, MINUTE, type Span } from '../time.js';
import type { UpkeepTask } from '../upkeep/plan.js';

/** How long after its end a maintenance record still covers readings unless it says otherwise, minutes: instruments settle. */
export const SETTLING_MINUTES = 60;

/** Somebody worked at the instruments of a station: what they measured meanwhile says nothing of the water (维护记录). */
export interface MaintenanceRecord {
  /** Rises with every record. */
  readonly id: number;
  readonly station: string;
  /** `null`: all of the station's. */
  readonly parameters: readonly string[] | null;
  readonly from: Instant;
  /** When the work ended; `null` while it goes on. */
  readonly to: Instant | null;
  readonly settlingMinutes: number;
  /** What of the maintenance plan was done; absent: nothing of it was named. */
  readonly tasks?: readonly UpkeepTask[];
  /** Who did the work: an account or a role, e.g. 运维单位. */
  readonly who: string;
  readonly note: string;
  /** The account that entered it, also afterwards, and when. */
  readonly by: string;
  readonly at: Instant;
  /** Entered by mistake: it covers nothing, and stays on file. */
  readonly withdrawn: boolean;
}

/** Why a reviewer decided, as the list says it (issue: 设备故障, 维护校准, 采样异常, 断流, 停电, 其他). */
export const REVIEW_REASONS = {
  'device-fault': '设备故障',
  calibration: '维护校准',
  'sampling-fault': '采样异常',
  'no-flow': '断流',
  'power-cut': '停电',
  other: '其他',
} as const;
export type ReviewReason = keyof typeof REVIEW_REASONS;

/** What a reviewer can set readings to. */
export const REVIEW_OUTCOMES = { invalid: '无效', suspect: '存疑', restored: '恢复有效' } as const;
export type ReviewOutcome = keyof typeof REVIEW_OUTCOMES;

/** A person set the readings of a span invalid, suspect or restored (审核). It holds for what arrives later too. */
export interface ReviewDecision {
  /** Rises with every decision: of two, the higher one is the newer. */
  readonly id: number;
  readonly station: string;
  readonly source: Source;
  /** `null`: all of the station's. */
  readonly parameters: readonly string[] | null;
  /** Half-open `[from, to)`; one reading is its millisecond. */
  readonly from: Instant;
  readonly to: Instant;
  readonly outcome: ReviewOutcome;
  readonly reason: ReviewReason;
  /** Free text. */
  readonly note: string;
  readonly by: string;
  readonly at: Instant;
  /** Taken back by a later event, which says by whom and why; `null` while it stands. */
  readonly undone: { readonly by: string; readonly at: Instant; readonly note: string } | null;
}

/** What stands on file about one station, newest first, and the first instant that no record or decision reaches. */
export interface OnFile {
  readonly maintenance: readonly MaintenanceRecord[];
  readonly decisions: readonly ReviewDecision[];
  readonly until: Instant;
}

/** What stands of what was ever entered about a station: nothing withdrawn, nothing undone. The order of the lists does not matter. */
export function onFile(maintenance: readonly MaintenanceRecord[], decisions: readonly ReviewDecision[]): OnFile {
  const newestFirst = (a: { id: number }, b: { id: number }): number => b.id - a.id;
  const records = maintenance.filter((record) => !record.withdrawn).sort(newestFirst);
  const standing = decisions.filter((decision) => decision.undone === null).sort(newestFirst);
  const ends = [...records.map((record) => coverage(record).to), ...standing.map(({ to }) => to)];
  // Not by spreading into Math.max: ten years of records are more arguments than a call takes.
  return { maintenance: records, decisions: standing, until: ends.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY) };
}

/** The readings a maintenance record covers: from its beginning until the instruments have settled; without an end, for good. */
export function coverage({ from, to, settlingMinutes }: MaintenanceRecord): Span {
  return { from, to: to === null ? Number.POSITIVE_INFINITY : to + settlingMinutes * MINUTE };
}

/** A ruling with what is behind it. */
export interface Ruled {
  readonly ruling: Ruling;
  readonly by: string;
  /** In words, Chinese: what was decided, why, and under which number it is on file. */
  readonly reason: string;
}

/** What stands over a reading: a review decision, or a maintenance record. */
export type Act = { readonly decision: ReviewDecision } | { readonly record: MaintenanceRecord };

/**
 * The act that stands over a reading; `null` when none. The newest review decision on it wins over all maintenance
 * records (design §2). A maintenance record is about instruments: it says nothing of a laboratory's sample.
 */
export function actOn(
  { parameter, time, source }: Pick<JudgedReading, 'parameter' | 'time' | 'source'>,
  file: OnFile,
): Act | null {
  if (time >= file.until) return null;
  const decision = file.decisions.find(
    (one) => time >= one.from && time < one.to && source === one.source && concerns(one, parameter),
  );
  if (decision !== undefined) return { decision };
  if (source !== 'sensor') return null;
  const record = file.maintenance.find((one) => {
    const { from, to } = coverage(one);
    return time >= from && time < to && concerns(one, parameter);
  });
  return record === undefined ? null : { record };
}

/** What people decided about a reading; `null` when nothing. */
export function ruled(reading: Pick<JudgedReading, 'parameter' | 'time' | 'source'>, file: OnFile): Ruled | null {
  const act = actOn(reading, file);
  if (act === null) return null;
  if ('decision' in act) return { ruling: act.decision.outcome, by: act.decision.by, reason: inWords(act.decision) };
  const { by, note, id } = act.record;
  return { ruling: 'maintenance', by, reason: `维护${note === '' ? '' : `:${note}`}(维护记录 ${id})` };
}

/**
 * The reading as it should be under what stands on file: an amendment with another ruling, or `null` when it is right as it
 * is. Key, value, mark, quality and checks are as they were. `cause`: the act that brings the change, where there was one;
 * otherwise the amendment tells of what is on file.
 */
export function amend(
  reading: JudgedReading,
  file: OnFile,
  at: Instant,
  cause?: { readonly by: string; readonly reason: string },
): JudgedReading | null {
  const now = ruled(reading, file);
  if (now?.ruling === reading.ruling) return null;
  const { ruling: _, amended: __, ...plain } = reading;
  const { by, reason } = cause ?? now ?? NOBODY;
  return { ...plain, ...(now === null ? {} : { ruling: now.ruling }), amended: { by, reason, at } };
}

/** The spans in which readings may have to be amended after an act, one for each set of parameters it concerns. */
export function touched(
  before: MaintenanceRecord | null,
  after: MaintenanceRecord | null,
): readonly (Span & { readonly parameters: readonly string[] | null })[] {
  const spans = [before, after].flatMap((record) =>
    record === null || record.withdrawn ? [] : [{ ...coverage(record), parameters: record.parameters }],
  );
  const [one, other] = spans;
  if (one === undefined || other === undefined || !isSame(one.parameters, other.parameters)) return spans;
  return [{ from: Math.min(one.from, other.from), to: Math.max(one.to, other.to), parameters: one.parameters }];
}

/** A decision in words, Chinese: 审核置无效:设备故障,探头脱落(审核 7). */
export function inWords({ outcome, reason, note, id }: ReviewDecision): string {
  return `审核置${REVIEW_OUTCOMES[outcome]}:${REVIEW_REASONS[reason]}${note === '' ? '' : `,${note}`}(审核 ${id})`;
}

const concerns = (one: { parameters: readonly string[] | null }, parameter: string): boolean =>
  one.parameters === null || one.parameters.includes(parameter);

const isSame = (a: readonly string[] | null, b: readonly string[] | null): boolean =>
  a === b || (a !== null && b !== null && a.length === b.length && a.every((one) => b.includes(one)));

/** Stands where a ruling ends without an act that is known, e.g. a record lost to a restored backup. */
const NOBODY = { by: 'heqing', reason: '不再有维护记录或审核决定' };
