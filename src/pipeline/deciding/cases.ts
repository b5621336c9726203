/** What can people do about what is wrong, and who has which case? One transaction each: the case, its step, its audit entry. */
import type { Alert } from '../../domain/alerting/alert.js';
import type { AuditAction } from '../../domain/audit.js';
import { act, type CaseAct } from '../../domain/cases/act.js';
import {
  type Case,
  type CaseActName,
  type CaseState,
  type CaseSummary,
  closedAt,
  type Finding,
  levelOf,
  type Place,
  summarise,
} from '../../domain/cases/case.js';
import { photoRefusal, PHOTOS_A_STEP, photoType } from '../../domain/cases/photo.js';
import type { Person } from '../../domain/people.js';
import type { Site } from '../../domain/site.js';
import { DAY, type Instant, localDate, parsePeriod, SECOND, type Span } from '../../domain/time.js';
import { askedTime } from '../reporting/asked-time.js';
import { type CaseRow, caseRow, type CaseView, caseView, type PhotoView, photoView } from './case-view.js';
import type { CaseStore, Photo, WhichCases } from './case-stores.js';
import { type Clock, Refusal } from '../ports.js';
import type { Audit, Transact } from '../stores.js';

/** Cases that one answer lists at most. */
const MOST = 1000;

/** How far ahead a time limit may lie, ms: further is a slip of the year. */
const AHEAD = 366 * DAY;

/** What is said of a new case; `until` as people write it. */
export interface CaseWords {
  readonly alert?: string | undefined;
  readonly station?: string | undefined;
  /** Id of the person who shall do it. */
  readonly to: string;
  readonly until: string;
  readonly note: string;
}

/** What is said of a step; `until` as people write it. */
export type StepWords =
  | {
      readonly act: 'verify';
      readonly finding?: Finding | undefined;
      readonly note: string;
      readonly place?: Place | undefined;
      readonly photos: readonly number[];
    }
  | { readonly act: 'mend'; readonly note: string; readonly place?: Place | undefined; readonly photos: readonly number[] }
  | {
      readonly act: 'check';
      readonly passed: boolean;
      readonly note: string;
      readonly place?: Place | undefined;
      readonly photos: readonly number[];
    }
  | { readonly act: 'close'; readonly note: string }
  | { readonly act: 'hand-over'; readonly to: string; readonly note: string }
  | { readonly act: 'extend'; readonly until: string; readonly note: string };

/** Which cases somebody asks for. */
export interface AskedCases {
  readonly village?: string | undefined;
  /** Id or name. */
  readonly reach?: string | undefined;
  readonly state?: CaseState | 'open' | undefined;
  readonly overdue?: boolean | undefined;
  readonly to?: string | undefined;
  readonly alert?: string | undefined;
  /** `2026`, `2026-Q4` or `2026-11`: opened within. */
  readonly period?: string | undefined;
}

const ACTIONS: Readonly<Record<CaseActName, AuditAction & `case-${string}`>> = {
  open: 'case-opened',
  verify: 'case-verified',
  mend: 'case-mended',
  check: 'case-checked',
  return: 'case-returned',
  close: 'case-closed',
  'hand-over': 'case-handed-over',
  extend: 'case-extended',
};

/** Cases. Every act that cannot be done throws `Refusal`, in the words of who asked, and leaves no trace. */
export class Cases {
  constructor(
    private readonly site: Site,
    private readonly store: CaseStore,
    private readonly alerts: { find(id: string): Alert | undefined },
    private readonly audit: Audit,
    private readonly transact: Transact,
    private readonly clock: Clock,
    /** A case is somebody's now: told inside the transaction of the step that gave it. */
    private readonly given: (given: Case) => void,
  ) {}

  /** Opens a case (派人处理), of an alert or of a station. One alert has at most one case that is not closed. */
  open(words: CaseWords, by: string): CaseView {
    const now = this.clock.now();
    const person = this.person(words.to);
    const until = this.until(words.until);
    if (until <= now) throw refused('期限应晚于现在', 'the time limit must be later than now');
    const about = this.about(words);
    const given = this.transact(() => {
      const standing = words.alert === undefined ? undefined : this.store.list({ alert: words.alert, state: 'open' }, 1)[0];
      if (standing !== undefined)
        throw refused(`该报警已派单,见处置单 ${standing.number}`, `the alert has a case already: ${standing.number}`);
      const opened = { at: now, by, act: 'open', from: null, to: 'dispatched', note: words.note.trim() } as const;
      const event = { ...opened, finding: null, person: person.id, until, place: null, photos: [] };
      const kept = this.store.add(localDate(now, this.site.calendar).slice(0, 4), {
        ...about,
        openedAt: now,
        by,
        to: person.id,
        level: levelOf(person),
        until,
        state: 'dispatched',
        history: [event],
      });
      this.record(kept, null, by, 'case-opened', words.note);
      this.given(kept);
      return kept;
    });
    return this.view(given);
  }

  /** Takes a step. */
  step(id: string, words: StepWords, by: string): CaseView {
    return this.transact(() => {
      const before = this.found(id);
      const after = act(before, this.worded(before, words, by), by, this.clock.now());
      if ('refused' in after) throw refused(after.words.zh, after.words.en);
      this.store.put(after);
      this.record(after, before, by, ACTIONS[after.history.at(-1)!.act], words.note);
      if (after.to !== before.to) this.given(after);
      return this.view(after);
    });
  }

  /** Keeps a photo as it was sent, until a step of the same account names it. */
  addPhoto(id: string, bytes: Uint8Array, by: string): PhotoView {
    return this.transact(() => {
      const given = this.found(id);
      if (given.state === 'closed') throw refused(`处置单 ${given.number} 已销号,不能再改`, 'the case is closed');
      const waiting = this.loose(given, this.store.photos(given.id)).filter((photo) => photo.by === by);
      const no = photoRefusal(bytes, waiting.length);
      if (no !== null) throw refused(no.zh, no.en);
      const at = this.clock.now();
      const photo = this.store.addPhoto(given.id, { type: photoType(bytes)!, by, at }, bytes);
      const view = photoView(photo, this.site.calendar);
      const what = `case/${given.number}`;
      this.audit.record({
        at,
        who: by,
        action: 'case-photo-added',
        what,
        station: given.station,
        before: null,
        after: view,
        reason: '',
      });
      return view;
    });
  }

  /** A photo with its bytes. */
  photo(id: string, n: number): { readonly type: string; readonly bytes: Uint8Array } {
    const photo = this.store.photo(this.found(id).id, n);
    if (photo === undefined) throw new Refusal('not-found', `处置单 ${id} 没有第 ${n} 张照片。There is no such photo.`);
    return photo;
  }

  find(id: string): CaseView {
    return this.view(this.found(id));
  }

  /** All that were open at any moment of a span, newest first. */
  openIn({ from, to }: Span): CaseView[] {
    return this.store
      .list({ opened: { from: 0, to } }, Number.MAX_SAFE_INTEGER)
      .filter((given) => (closedAt(given) ?? from) >= from)
      .map((given) => this.view(given));
  }

  /** The newest `MOST`, with the sum of all and the people a case can be given to. */
  list(asked: AskedCases) {
    const now = this.clock.now();
    const cases = this.store.list(this.which(asked), Number.MAX_SAFE_INTEGER);
    return {
      cases: cases.slice(0, MOST).map((given) => this.view(given)),
      summary: summarise(cases, now),
      people: this.site.people.map((person) => ({
        id: person.id,
        name: person.name,
        nameEn: person.nameEn,
        level: levelOf(person),
      })),
    };
  }

  /** The register (台账), oldest first. */
  register(asked: AskedCases): CaseRow[] {
    const now = this.clock.now();
    const cases = this.store.list(this.which(asked), Number.MAX_SAFE_INTEGER);
    return cases.reverse().map((given) => caseRow(given, this.site, now));
  }

  /** What of a village, or of all (`null`), is not closed (未销号), for mails and the 晨报. */
  summary(village: string | null, now: Instant): CaseSummary {
    return summarise(this.store.list({ village: village ?? undefined, state: 'open' }, Number.MAX_SAFE_INTEGER), now);
  }

  /** The cases of an alert, newest first. */
  casesOf(alert: string): Case[] {
    return this.store.list({ alert }, MOST);
  }

  /** What a case is about: the alert's subject and words, or the station and the note. */
  private about({ alert: id, station: asked, note }: CaseWords) {
    if (id === undefined) {
      if (asked === undefined) throw refused('请写明报警 alert 或站点 station', 'name an alert or a station');
      if (note.trim() === '') throw refused('请写明事由', 'please say what it is about');
      return { alert: null, ...this.where(asked), parameter: null, what: note.trim() };
    }
    const alert = this.alerts.find(id);
    if (alert === undefined) throw new Refusal('not-found', `没有编号为 ${id} 的报警。There is no such alert.`);
    if (asked !== undefined && asked !== alert.station)
      throw refused(`报警 ${id} 不在站点 ${asked}`, 'the alert is not of that station');
    const where = alert.station === null ? this.nowhere(alert.subject) : this.where(alert.station);
    return { alert: id, ...where, parameter: alert.parameter, what: alert.reason.zh };
  }

  private where(id: string) {
    const station = this.site.stations.get(id);
    if (station === undefined) throw new Refusal('not-found', `没有代号为 ${id} 的站点。There is no such station.`);
    const reach = [...this.site.reaches.values()].find(({ name }) => name === station.reach)?.id ?? null;
    return { station: id, village: station.village, reach };
  }

  /** An alert of no single station may be of a reach. */
  private nowhere(subject: string) {
    const reach = subject.startsWith('reach:') ? subject.slice('reach:'.length) : null;
    return { station: null, village: null, reach: reach !== null && this.site.reaches.has(reach) ? reach : null };
  }

  private worded(given: Case, words: StepWords, by: string): CaseAct {
    switch (words.act) {
      case 'verify':
        return { act: 'verify', finding: words.finding ?? null, ...this.evidence(given, words, by) };
      case 'mend':
        return { act: 'mend', ...this.evidence(given, words, by) };
      case 'check':
        return { act: 'check', passed: words.passed, ...this.evidence(given, words, by) };
      case 'close':
        return words;
      case 'hand-over': {
        const person = this.person(words.to);
        return { act: 'hand-over', person: person.id, level: levelOf(person), note: words.note };
      }
      case 'extend':
        return { act: 'extend', until: this.until(words.until), note: words.note };
    }
  }

  private evidence(
    given: Case,
    { note, place, photos }: { note: string; place?: Place | undefined; photos: readonly number[] },
    by: string,
  ) {
    if (photos.length > PHOTOS_A_STEP) throw refused(`一步最多 ${PHOTOS_A_STEP} 张照片`, 'too many photos for one step');
    const own = this.loose(given, this.store.photos(given.id)).filter((photo) => photo.by === by);
    const strange = photos.filter((n) => !own.some((photo) => photo.n === n));
    if (strange.length > 0)
      throw refused(`照片 ${strange.join('、')} 不存在、已归入别的步骤,或不是本人上传`, 'not a photo of yours that is free');
    return { note, place: place ?? null, photos: [...new Set(photos)].sort((a, b) => a - b) };
  }

  /** Photos that belong to no step yet. */
  private loose({ history }: Case, photos: readonly Photo[]): Photo[] {
    const used = new Set(history.flatMap((event) => event.photos));
    return photos.filter(({ n }) => !used.has(n));
  }

  private record(after: Case, before: Case | null, who: string, action: AuditAction, reason: string): void {
    this.audit.record({
      at: this.clock.now(),
      who,
      action,
      what: `case/${after.number}`,
      station: after.station,
      before: before && this.summaryOf(before),
      after: { ...this.summaryOf(after), step: this.view(after).history.at(-1) },
      reason: reason.trim(),
    });
  }

  /** What an act can change. */
  private summaryOf(given: Case) {
    const { state, to, level, until } = this.view(given);
    return { state, to, level, until };
  }

  private which({ village, reach, state, overdue, to, alert, period }: AskedCases): WhichCases {
    const opened = period === undefined ? undefined : parsePeriod(period, this.site.calendar);
    if (opened === null) throw refused(`period 应如 2026、2026-Q4 或 2026-11,收到的是 ${period}`, 'not a period');
    const { reaches } = this.site;
    const id =
      reach === undefined || reaches.has(reach) ? reach : ([...reaches.values()].find((r) => r.name === reach)?.id ?? reach);
    return { village, reach: id, state, to, alert, opened, overdueAt: overdue === true ? this.clock.now() : undefined };
  }

  /** A day alone means its end: whoever has until Friday has Friday. */
  private until(text: string): Instant {
    const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text);
    const until = askedTime('until', text, this.site.calendar) + (isDay ? DAY - SECOND : 0);
    if (until > this.clock.now() + AHEAD) throw refused('期限在一年以后,请检查年份', 'more than a year ahead');
    return until;
  }

  private person(id: string): Person {
    const person = this.site.people.find((one) => one.id === id);
    if (person === undefined)
      throw new Refusal('not-found', `没有代号为 ${id} 的人员;现有:${this.site.people.map((one) => one.id).join('、')}`);
    return person;
  }

  private found(id: string): Case {
    const given = this.store.find(id);
    if (given === undefined) throw new Refusal('not-found', `没有编号为 ${id} 的处置单。There is no such case.`);
    return given;
  }

  private view(given: Case): CaseView {
    return caseView(given, this.store.photos(given.id), this.site, this.clock.now());
  }
}

const refused = (zh: string, en: string): Refusal =>
  new Refusal('bad-request', `${zh}。${en.slice(0, 1).toUpperCase()}${en.slice(1)}.`);
