/** How does a case (处置单) leave the service: for a page, and as a row of the register (台账)? */
import {
  type Case,
  type CaseEvent,
  closedAt,
  FINDING_WORDS,
  isLate,
  isOverdue,
  lastOf,
  STATE_WORDS,
  taken,
  verification,
} from '../../domain/cases/case.js';
import type { Site } from '../../domain/site.js';
import { type Calendar, DAY, HOUR, isoTime } from '../../domain/time.js';
import type { Photo } from './case-stores.js';

/** A photo without its bytes. */
export const photoView = ({ at, ...photo }: Photo, calendar: Calendar) => ({ ...photo, at: isoTime(at, calendar) });
export type PhotoView = ReturnType<typeof photoView>;

/** A case with all that was done. */
export function caseView(given: Case, photos: readonly Photo[], site: Site, now: number) {
  const { calendar } = site;
  const iso = (t: number | null): string | null => (t === null ? null : isoTime(t, calendar));
  const station = given.station === null ? undefined : site.stations.get(given.station);
  const reach = given.reach === null ? undefined : site.reaches.get(given.reach);
  const parameter = given.parameter === null ? undefined : site.parameters.get(given.parameter);
  const found = verification(given);
  const { history, openedAt, until, ...rest } = given;
  return {
    ...rest,
    stationName: station?.name ?? given.station,
    stationNameEn: station?.nameEn ?? given.station,
    reachName: reach?.name ?? given.reach,
    reachNameEn: reach?.nameEn ?? given.reach,
    parameterName: parameter?.name ?? given.parameter,
    parameterNameEn: parameter?.nameEn ?? given.parameter,
    ...person(given.to, site),
    openedAt: isoTime(openedAt, calendar),
    until: isoTime(until, calendar),
    finding: found?.finding ?? null,
    overdue: isOverdue(given, now),
    late: isLate(given, now),
    closedAt: iso(closedAt(given)),
    hours: Math.floor(taken(given, now) / HOUR),
    photos: photos.map((photo) => photoView(photo, calendar)),
    history: history.map((event) => eventView(event, site)),
  };
}
export type CaseView = ReturnType<typeof caseView>;

function person(id: string, site: Site) {
  const found = site.people.find((one) => one.id === id);
  return { toName: found?.name ?? id, toNameEn: found?.nameEn ?? id };
}

function eventView({ at, until, place, photos, person: id, ...event }: CaseEvent, site: Site) {
  const found = id === null ? null : person(id, site);
  return {
    ...event,
    at: isoTime(at, site.calendar),
    until: until === null ? null : isoTime(until, site.calendar),
    person: id,
    personName: found && found.toName,
    personNameEn: found && found.toNameEn,
    place: place && { ...place },
    photos: [...photos],
  };
}

/** Headings of the register, in order. */
export const REGISTER_HEADINGS = [
  '编号',
  '站点',
  '村',
  '河段',
  '事由',
  '派发人',
  '承办',
  '期限',
  '状态',
  '核实结论',
  '核实说明',
  '整改',
  '核查人',
  '销号时间',
  '用时',
  '是否逾期',
] as const;

/** One case of the register, by heading; empty where nothing is to be said yet. */
export type CaseRow = Readonly<Record<(typeof REGISTER_HEADINGS)[number], string>>;

/** A case as a row of the register; times on the wall clock of the site. */
export function caseRow(given: Case, site: Site, now: number): CaseRow {
  const wall = (t: number | null | undefined): string =>
    t === null || t === undefined ? '' : isoTime(t, site.calendar).slice(0, 16).replace('T', ' ');
  const found = verification(given);
  const mended = given.history.filter((event) => event.act === 'mend').map(({ note }) => note);
  return {
    编号: given.number,
    站点: given.station === null ? '' : (site.stations.get(given.station)?.name ?? given.station),
    村: given.village ?? '',
    河段: given.reach === null ? '' : (site.reaches.get(given.reach)?.name ?? given.reach),
    事由: matterOf(given, site),
    派发人: given.by,
    承办: person(given.to, site).toName,
    期限: wall(given.until),
    状态: STATE_WORDS[given.state].zh,
    核实结论: found?.finding ? FINDING_WORDS[found.finding].zh : '',
    核实说明: found?.note ?? '',
    整改: mended.join(';'),
    核查人: given.state === 'checked' || given.state === 'closed' ? (lastOf(given, 'check')?.by ?? '') : '',
    销号时间: wall(closedAt(given)),
    用时: lengthText(taken(given, now)),
    是否逾期: isLate(given, now) ? '是' : '否',
  };
}

/** What a case is about for whoever reads no page, which names the item apart: 总磷 单次测值 0.500 mg/L…. */
export function matterOf({ what, parameter }: Pick<Case, 'what' | 'parameter'>, { parameters }: Site): string {
  const name = parameter === null ? '' : (parameters.get(parameter)?.name ?? parameter);
  return name === '' || what.includes(name) ? what : `${name} ${what}`;
}

/** A length of time in words: 3 天 4 小时. */
function lengthText(ms: number): string {
  const [days, hours] = [Math.floor(ms / DAY), Math.floor((ms % DAY) / HOUR)];
  return days > 0 ? `${days} 天 ${hours} 小时` : `${hours} 小时`;
}
