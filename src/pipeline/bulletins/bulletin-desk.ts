/** How is a bulletin made, kept, sent and asked for? */
import type { Bulletin, BulletinKind } from '../../domain/bulletins/bulletin.js';
import { dayBulletin } from '../../domain/bulletins/day.js';
import { drinkingMonthBulletin } from '../../domain/bulletins/drinking-month.js';
import { bulletinMessage } from '../../domain/bulletins/letter.js';
import { riverMonthBulletin } from '../../domain/bulletins/river-month.js';
import type { BulletinSettings } from '../../domain/bulletins/settings.js';
import { daysOfWeek } from '../../domain/bulletins/timetable.js';
import { weekBulletin } from '../../domain/bulletins/week.js';
import { standIn } from '../../domain/alerting/duty.js';
import type { Person } from '../../domain/people.js';
import { DAY, type Instant, isoTime, localDate, parsePeriod, startOfDate } from '../../domain/time.js';
import type { Notice, Outbox } from '../alerting/alert-stores.js';
import { plainNotice } from '../alerting/plain-notice.js';
import { type Clock, Refusal } from '../ports.js';
import type { Audit, Transact } from '../stores.js';
import {
  BULLETIN_FORMATS,
  type BulletinFormat,
  type BulletinStore,
  type MadeBulletin,
  type Press,
  type Waiting,
} from './bulletin-stores.js';
import type { BulletinSources } from './gather.js';
import { MonthGatherer } from './gather-month.js';
import { gatherDay, gatherWeek } from './gather-short.js';

/** Bulletins of one answer. */
const MOST = 200;

/** Media types of the files. */
export const BULLETIN_TYPES: Readonly<Record<BulletinFormat, string>> = {
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

/** Who or what asked for a bulletin. */
export interface Order {
  readonly kind: BulletinKind;
  readonly period: string;
  /** Account, or `heqing` for the timetable. */
  readonly by: string;
  /** What made it due; `null`: a person asked. */
  readonly occasion: string | null;
  /** Does it go to the people of the config? */
  readonly mail: boolean;
}

/** Bulletins: every act that cannot be done throws `Refusal`, in the words of who asked. */
export class BulletinDesk {
  private readonly months: MonthGatherer;

  constructor(
    private readonly sources: BulletinSources,
    private readonly store: BulletinStore,
    private readonly press: Press,
    private readonly outbox: Pick<Outbox, 'add' | 'find'>,
    private readonly audit: Audit,
    private readonly transact: Transact,
    private readonly clock: Clock,
    /** Right-hand side of our Message-IDs, and `PUBLIC_URL`. */
    private readonly address: { readonly domain: string; readonly publicUrl: string },
    /** Something is to be sent. */
    private readonly wrote: () => void,
    /** What is due and could not be made. */
    private readonly waiting: () => readonly Waiting[],
  ) {
    this.months = new MonthGatherer(sources);
  }

  /** Writes a bulletin, makes its files and keeps both with the mails. What says the same as the newest issue, in the same template, is not made again, unless it is due or to be sent. */
  async make(order: Order): Promise<MadeBulletin> {
    const settings = this.settings(order.kind);
    this.isOver(order.kind, order.period);
    const now = this.clock.now();
    const bulletin = await this.write(settings, order.period, localDate(now, this.sources.site.calendar));
    const [newest] = this.store.list(order, 1);
    const isAsked = order.occasion === null && !order.mail;
    if (isAsked && newest !== undefined && saysTheSame(newest.bulletin, bulletin) && (await this.looksTheSame(newest)))
      return newest;
    const { files, heads, templateTrouble } = await this.press.render(bulletin, settings.template);
    const people = order.mail ? this.readers(settings, now) : [];
    const made = this.transact(() => {
      // Another service on the same state may have been quicker.
      if (order.occasion !== null && this.store.met(order.occasion)) return null;
      const kept = this.store.add(
        {
          ...{ occasion: order.occasion, bulletin, by: order.by, at: now, to: people.map(({ id }) => id) },
          ...{ files: heads, templateTrouble },
        },
        files,
      );
      this.audit.record({
        ...{ at: now, who: order.by, action: 'bulletin-made', what: `bulletin/${kept.id}`, station: null, before: null },
        after: {
          ...{ kind: order.kind, period: order.period, issue: kept.issue, state: bulletin.state, to: kept.to },
          ...{ docx: heads.docx.hash, xlsx: heads.xlsx.hash },
        },
        reason: order.occasion ?? '',
      });
      for (const person of people) this.outbox.add(this.notice(kept, person, now));
      return kept;
    });
    if (made === null) return this.store.list(order, 1)[0]!;
    if (people.length > 0) this.wrote();
    return made;
  }

  /** What was made, newest first, and what the config asks for. */
  list(which: { readonly kind?: BulletinKind | undefined; readonly period?: string | undefined }) {
    const now = this.clock.now();
    const found = this.store.list(which, MOST + 1);
    return {
      asOf: this.iso(now),
      waiting: this.waiting().map((one) => ({ ...one })),
      kinds: this.all().map(({ kind, title, at, weekday, day, to, template }) => ({
        ...{ kind, title, at },
        weekday: kind === 'week' ? weekday : null,
        day: kind === 'river-month' || kind === 'drinking-month' ? day : null,
        to: to.map((id) => this.nameOf(id)),
        template,
        templateTrouble: this.press.templateTrouble(kind, template),
      })),
      bulletins: found.slice(0, MOST).map((made) => this.head(made)),
      more: found.length > MOST,
    };
  }

  /** One bulletin, whole. Throws `Refusal`. */
  find(id: string) {
    const made = this.made(id);
    return { ...this.head(made), bulletin: made.bulletin };
  }

  /** A file: as it was sent, or where that is kept no more, made again of the same content. Throws `Refusal`. */
  async file(id: string, format: BulletinFormat): Promise<{ name: string; type: string; bytes: Uint8Array }> {
    const made = this.made(id);
    const bytes = this.store.file(id, format) ?? (await this.printed(made)).files[format];
    return { name: fileName(made.bulletin, format), type: BULLETIN_TYPES[format], bytes };
  }

  /** What a mail attaches under this key; `null`: it is there no more. */
  attachment(key: string): Uint8Array | null {
    const [, id, format] = /^bulletin\/([^/]+)\/(docx|xlsx)$/.exec(key) ?? [];
    return id === undefined ? null : (this.store.file(id, format as BulletinFormat) ?? null);
  }

  /** The picture of a course, by its place in the bulletin. Throws `Refusal`. */
  picture(id: string, n: number): Uint8Array {
    const course = this.made(id).bulletin.sections.flatMap(({ courses }) => courses)[n - 1];
    if (course === undefined) throw new Refusal('not-found', `报表 ${id} 没有第 ${n} 张图`);
    return this.press.picture(course);
  }

  /** Would its Word file be the same by now? The office may have changed or mended its template. */
  private async looksTheSame(made: MadeBulletin): Promise<boolean> {
    return (await this.printed(made)).heads.docx.hash === made.files.docx.hash;
  }

  private printed({ bulletin }: MadeBulletin) {
    return this.press.render(bulletin, this.all().find(({ kind }) => kind === bulletin.kind)?.template ?? null);
  }

  private async write(settings: BulletinSettings, period: string, madeOn: string): Promise<Bulletin> {
    switch (settings.kind) {
      case 'day':
        return dayBulletin(await gatherDay(this.sources, settings, period, madeOn));
      case 'week':
        return weekBulletin(await gatherWeek(this.sources, settings, period, madeOn));
      case 'river-month':
        return riverMonthBulletin(await this.months.river(settings, period, madeOn));
      case 'drinking-month':
        return drinkingMonthBulletin(await this.months.drinking(settings, period, madeOn));
    }
  }

  private notice(made: MadeBulletin, person: Person, now: Instant): Notice {
    const { bulletin } = made;
    const id = noticeId(made.id, person.id);
    const link = `${this.address.publicUrl.replace(/\/+$/, '')}/bulletins/${made.id}`;
    const files = BULLETIN_FORMATS.map((format) => ({ format, name: fileName(bulletin, format) }));
    const names = files.map(({ name }) => name);
    const message = bulletinMessage(bulletin, person, { link, files: names, site: this.sources.site.name });
    const attachments = files.map(({ format, name }) => ({
      ...{ name, type: BULLETIN_TYPES[format], key: `bulletin/${made.id}/${format}` },
    }));
    return plainNotice({ id, person, message, reason: 'bulletin', domain: this.address.domain, now, attachments });
  }

  /** Those of the config; who is away has a stand-in, and nobody gets it twice. */
  private readers({ to }: BulletinSettings, now: Instant): Person[] {
    const { people, calendar } = this.sources.site;
    const date = localDate(now, calendar);
    const named = to.flatMap((id) => people.find((one) => one.id === id) ?? []);
    return [...new Set(named.map((person) => standIn(person, date, people)))];
  }

  private head(made: MadeBulletin) {
    const { id, issue, bulletin, by, at, to, files, templateTrouble, occasion } = made;
    const { kind, period, title, periodText, state, stateText, headline } = bulletin;
    return {
      ...{ id, issue, kind, period, title, periodText, state, stateText, headline, by, at: this.iso(at) },
      ...{ scheduled: occasion !== null, templateTrouble, files },
      mails: to.map((person) => {
        const notice = this.outbox.find(noticeId(id, person));
        return {
          recipient: this.nameOf(person),
          state: notice?.state ?? 'waiting',
          sentAt: notice?.sentAt === null || notice?.sentAt === undefined ? null : this.iso(notice.sentAt),
          error: notice?.error ?? null,
        };
      }),
    };
  }

  private nameOf(id: string): string {
    return this.sources.site.people.find((one) => one.id === id)?.name ?? id;
  }

  private all(): readonly BulletinSettings[] {
    return this.sources.site.bulletins ?? [];
  }

  private settings(kind: BulletinKind): BulletinSettings {
    const found = this.all().find((one) => one.kind === kind);
    if (found === undefined)
      throw new Refusal('not-found', `配置的 bulletins 里没有 ${kind} 报表。The config asks for no such bulletin.`);
    return found;
  }

  private made(id: string): MadeBulletin {
    const made = this.store.find(id);
    if (made === undefined) throw new Refusal('not-found', `没有编号为 ${id} 的报表。There is no such bulletin.`);
    return made;
  }

  /** Of what is not over there is nothing to report. Throws `Refusal`. */
  private isOver(kind: BulletinKind, period: string): void {
    const end = this.endOf(kind, period);
    if (end === null) throw new Refusal('bad-request', `${FORMS[kind]},收到的是 ${period}。Not such a period.`);
    if (end > this.clock.now()) throw new Refusal('bad-request', `${period} 还没有结束,不能出报表。The period is not over.`);
  }

  private endOf(kind: BulletinKind, period: string): Instant | null {
    const { calendar } = this.sources.site;
    if (kind === 'day') {
      if (!/^\d{4}-\d\d-\d\d$/.test(period)) return null;
      const start = startOfDate(period, calendar);
      return Number.isNaN(start) || localDate(start, calendar) !== period ? null : start + DAY;
    }
    if (kind === 'week') {
      const last = daysOfWeek(period)?.at(-1);
      return last === undefined ? null : startOfDate(last, calendar) + DAY;
    }
    return /^\d{4}-\d\d$/.test(period) ? (parsePeriod(period, calendar)?.to ?? null) : null;
  }

  private iso(t: Instant): string {
    return isoTime(t, this.sources.site.calendar);
  }
}

const FORMS: Readonly<Record<BulletinKind, string>> = {
  day: '日报的日期写作 2026-11-22',
  week: '周报的周写作 2026-W47',
  'river-month': '月报的月份写作 2026-10',
  'drinking-month': '月报的月份写作 2026-10',
};

/** Names the mail of one bulletin to one person, so that the outbox itself remembers that it was written. */
const noticeId = (bulletin: string, person: string): string => `bulletin-${bulletin}-${person}`;

/** The day on which it is made changes nothing of what it says. */
const saysTheSame = (a: Bulletin, b: Bulletin): boolean =>
  JSON.stringify({ ...a, madeOn: '' }) === JSON.stringify({ ...b, madeOn: '' });

/** 南坑河五陂段水质月报-2026-10(未审核 草稿).docx */
export const fileName = ({ title, period, watermark }: Bulletin, format: BulletinFormat): string =>
  `${title}-${period}${watermark === '' ? '' : `(${watermark.replaceAll(' ', '')})`}.${format}`.replaceAll(/[\\/:*?"<>|]/g, '-');
