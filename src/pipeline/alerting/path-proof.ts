/** Does an alert reach anybody? The path proves itself: a test mail now and then, and a person who says that it came. */
import type { Words } from '../../domain/alerting/alert.js';
import { callable } from '../../domain/alerting/duty.js';
import type { Message, PathTest as TestFacts } from '../../domain/alerting/facts.js';
import type { Person } from '../../domain/people.js';
import type { Site } from '../../domain/site.js';
import { clockTime, DAY, HOUR, type Instant, isoTime, localDate, MINUTE, startOfDate } from '../../domain/time.js';
import type { Links, Sign } from './links.js';
import { type Clock, Refusal } from '../ports.js';
import type { Audit, Transact } from '../stores.js';
import type { Notice, Outbox } from './alert-stores.js';
import { plainNotice } from './plain-notice.js';

/** A test mail that went out. */
export interface PathTest {
  readonly id: string;
  /** What stands in the mail and is typed on the page, `CODE_LENGTH` characters that are not mistaken for each other. */
  readonly code: string;
  readonly sentAt: Instant;
  readonly recipients: readonly string[];
  readonly confirmedAt: Instant | null;
  /** The name of who confirmed first. */
  readonly confirmedBy: string | null;
}

/** Tests of the path, written inside a transaction; nothing is forgotten. */
export interface PathStore {
  /** When the service first asked: `now`, if it never did. */
  began(now: Instant): Instant;
  add(test: PathTest): void;
  confirm(id: string, by: string, at: Instant): void;
  find(id: string): PathTest | undefined;
  /** The newest test sent. */
  last(): PathTest | undefined;
  /** The newest test of that code that was sent at or after `since`. */
  withCode(code: string, since: Instant): PathTest | undefined;
  lastConfirmed(): PathTest | undefined;
}

/** How the path stands. */
export interface PathState {
  /** `unproven`: nobody confirmed yet, or not for too long; `failing`: mails are not accepted. */
  readonly state: 'proven' | 'unproven' | 'failing';
  readonly since: Instant;
  readonly lastConfirmedAt: Instant | null;
  /** Must somebody be told? An installation that is new has some hours before it must. */
  readonly alarms: boolean;
  readonly words: Words;
}

/** A confirmation, or the one before it that stays. */
export interface Confirmation {
  readonly test: PathTest;
  /** False: it was confirmed before. */
  readonly isNew: boolean;
}

/** Words of the test mail for one person. */
export type RenderTest = (facts: TestFacts, person: Person) => Pick<Message, 'subject' | 'text' | 'html'>;

/** What mails of the service are made with. */
export interface PathOptions {
  /** Right-hand side of Message-IDs. */
  readonly domain: string;
  /** `PUBLIC_URL`, where the code can be typed. */
  readonly publicUrl: string;
}

export const CODE_LENGTH = 6;

const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** 32 letters and digits, without those that look alike. */
const LETTERS = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

/** Tests go out by day, so that somebody is there to confirm: between these hours of the wall clock. */
const BY_DAY = ['09:00', '17:00'] as const;

/** A new installation has so long to be set up before its first test. */
const FIRST_AFTER = 10 * MINUTE;

/** Mails that wait no longer than this are no failing path: servers put strangers off for a minute (greylisting). */
const PATIENCE = 2 * MINUTE;

/** Two tests that a person asks for are so far apart at least. */
const APART = MINUTE;

/** Sends test mails, hears that they came, and says how the path stands. */
export class PathProof {
  private troubledSince: Instant | null = null;
  private beganAt: Instant | null = null;

  /**
   * `trouble`: why mails are not accepted now, in words, `null` while they are. `wake`: there is something to send.
   */
  constructor(
    private readonly site: Site,
    private readonly store: PathStore,
    private readonly outbox: Pick<Outbox, 'add' | 'find'>,
    private readonly links: Links,
    private readonly signing: Sign,
    private readonly render: RenderTest,
    private readonly transact: Transact,
    private readonly clock: Clock,
    private readonly options: PathOptions,
    private readonly trouble: () => string | null,
    private readonly wake: () => void,
    private readonly audit?: Pick<Audit, 'record'>,
  ) {}

  /** Sends a test when one is due; to be called every minute. */
  tick(): void {
    const now = this.clock.now();
    const began = this.began(now);
    this.look(now);
    const last = this.store.last();
    const { calendar } = this.site;
    const from =
      last === undefined
        ? began + FIRST_AFTER
        : startOfDate(localDate(last.sentAt, calendar), calendar) + this.site.notices.path.everyDays * DAY;
    const time = clockTime(now, calendar);
    if (now >= from && time >= BY_DAY[0] && time < BY_DAY[1]) this.send(now);
  }

  /** Sends a test now, because a person asks for it. Throws `Refusal` right after another one. */
  test(by: string): PathTest {
    const now = this.clock.now();
    const last = this.store.last();
    if (last !== undefined && now - last.sentAt < APART) {
      throw new Refusal('bad-request', '刚刚已发出一封测试邮件,请稍候再试。A test mail has just been sent; wait a minute.');
    }
    return this.send(now, by);
  }

  /**
   * A person says that a test came. `undefined`: there is no such test. Throws `Refusal` while no mail of it was accepted:
   * what never left cannot have come.
   */
  confirm(id: string, by: string): Confirmation | undefined {
    const test = this.store.find(id);
    if (test === undefined || test.confirmedAt !== null) return test && { test, isNew: false };
    if (!this.states(test).includes('sent'))
      throw new Refusal(
        'bad-request',
        '这封测试邮件还没有发出去,不能确认。This test mail has not left yet, so it cannot be confirmed.',
      );
    const now = this.clock.now();
    this.transact(() => {
      this.store.confirm(id, by, now);
      const event = { at: now, who: by, action: 'path-confirmed', what: `test/${id}`, station: null } as const;
      this.audit?.record({ ...event, before: null, after: null, reason: '' });
    });
    return { test: { ...test, confirmedAt: now, confirmedBy: by }, isNew: true };
  }

  /** The same by the code of the mail, as it was typed. Throws `Refusal` also for a code that no test of these days carries. */
  confirmCode(typed: string, by: string): Confirmation {
    const code = typed.replace(/[\s-]/g, '').toUpperCase();
    const since = this.clock.now() - this.site.notices.linkDays * DAY;
    const test = code.length === CODE_LENGTH ? this.store.withCode(code, since) : undefined;
    const confirmed = test && this.confirm(test.id, by);
    if (confirmed) return confirmed;
    throw new Refusal('not-found', '没有这个验证码,或已过期。请核对最近一封测试邮件。No recent test mail carries this code.');
  }

  /** The state, as pages show it. */
  view() {
    const { state, since, lastConfirmedAt, words } = this.state();
    const iso = (t: Instant): string => isoTime(t, this.site.calendar);
    return { state, since: iso(since), lastConfirmedAt: lastConfirmedAt === null ? null : iso(lastConfirmedAt), words };
  }

  /** `test`, as pages show it. */
  sendTest(by: string) {
    const { sentAt, recipients } = this.test(by);
    const people = this.site.people.filter(({ id }) => recipients.includes(id));
    return {
      sentAt: isoTime(sentAt, this.site.calendar),
      recipients: people.map(({ id, name, nameEn }) => ({ id, name, nameEn })),
    };
  }

  find(id: string): PathTest | undefined {
    return this.store.find(id);
  }

  /** How the path stands now. */
  state(): PathState {
    const now = this.clock.now();
    const { path } = this.site.notices;
    const confirmedAt = this.store.lastConfirmed()?.confirmedAt ?? null;
    const began = this.began(now);
    const deadline = this.deadline(confirmedAt, began);
    const trouble = this.look(now);
    const ago = confirmedAt === null ? null : age(now - confirmedAt);
    const last: Words =
      ago === null ? { zh: '还没有人确认过测试邮件', en: 'nobody has confirmed a test mail yet' } : lastWords(ago);
    if (trouble !== null && now - trouble.since >= PATIENCE) {
      const words = {
        zh: `预警通道不通:${trouble.words.zh};${last.zh}`,
        en: `alerts are not accepted: ${trouble.words.en}; ${last.en}`,
      };
      return { state: 'failing', since: trouble.since, lastConfirmedAt: confirmedAt, alarms: true, words };
    }
    if (confirmedAt === null || now >= deadline) {
      const since = confirmedAt === null ? began : deadline;
      const rule: Words =
        confirmedAt === null
          ? { zh: '', en: '' }
          : { zh: `,应每 ${path.unprovenDays} 天内验证一次`, en: `, due every ${path.unprovenDays} days` };
      const words = { zh: `预警通道未验证:${last.zh}${rule.zh}`, en: `alert path unproven: ${last.en}${rule.en}` };
      return { state: 'unproven', since, lastConfirmedAt: confirmedAt, alarms: now >= deadline, words };
    }
    const words = { zh: `预警通道上次验证:${ago?.zh ?? ''}`, en: `alert path: ${last.en}` };
    return { state: 'proven', since: confirmedAt, lastConfirmedAt: confirmedAt, alarms: false, words };
  }

  /**
   * To whom tests go: those beside the ladder who hear alerts of the service itself (the office, operations), for they are
   * told when the path is unproven; where nobody names the service all beside the ladder, as its alerts do; else the town.
   */
  recipients(): readonly Person[] {
    const town = this.site.people.filter((person) => person.level === 'town');
    const beside = town.filter((person) => person.step === null);
    return [beside.filter(hearsService), beside, town].find((people) => people.length > 0) ?? this.site.people;
  }

  /** When this installation first ran. */
  began(now: Instant): Instant {
    return (this.beganAt ??= this.transact(() => this.store.began(now)));
  }

  private deadline(confirmedAt: Instant | null, began: Instant): Instant {
    const { path } = this.site.notices;
    return confirmedAt === null ? began + path.firstHours * HOUR : confirmedAt + path.unprovenDays * DAY;
  }

  /** What is wrong with the mails, and since when it was seen to be. */
  private look(now: Instant): { words: Words; since: Instant } | null {
    const why = this.trouble();
    const words = why === null ? this.refused() : { zh: why, en: why };
    this.troubledSince = words === null ? null : (this.troubledSince ?? now);
    return words === null || this.troubledSince === null ? null : { words, since: this.troubledSince };
  }

  /** Was the newest test refused by everybody it went to? */
  private refused(): Words | null {
    const last = this.store.last();
    const states = last === undefined ? [] : this.states(last);
    return states.length > 0 && states.every((state) => state === 'failed')
      ? { zh: '测试邮件全部被拒收', en: 'everybody’s server refused the test mail' }
      : null;
  }

  private states({ id, recipients }: PathTest): (Notice['state'] | undefined)[] {
    return recipients.map((person) => this.outbox.find(noticeId(id, person))?.state);
  }

  /** `by`: who asked for it; `null`: it was due. */
  private send(now: Instant, by: string | null = null): PathTest {
    const people = this.recipients();
    const id = `test_${new Date(now).toISOString().replace(/[-:.]/g, '')}`;
    const test: PathTest = {
      id,
      code: codeOf(this.signing.sign(`heqing test 1\n${id}`)),
      sentAt: now,
      recipients: people.map((person) => person.id),
      confirmedAt: null,
      confirmedBy: null,
    };
    this.transact(() => {
      this.store.add(test);
      for (const person of people) this.outbox.add(this.notice(test, person, now));
      if (by === null) return;
      const event = { at: now, who: by, action: 'path-tested', what: `test/${id}`, station: null } as const;
      this.audit?.record({ ...event, before: null, after: { recipients: test.recipients }, reason: '' });
    });
    this.wake();
    return test;
  }

  private notice(test: PathTest, person: Person, now: Instant): Notice {
    const { notices } = this.site;
    const confirmedAt = this.store.lastConfirmed()?.confirmedAt ?? null;
    const expiresAt = now + notices.linkDays * DAY;
    const facts: TestFacts = {
      site: this.site,
      now,
      link: this.options.publicUrl,
      onDuty: callable(now, this.site),
      whyYou: { zh: '您在预警通道的测试名单上', en: 'you are among those who test the way of alerts' },
      code: test.code,
      confirm: notices.links ? this.links.to({ what: 'confirm-test', ids: [test.id], recipient: person.id, expiresAt }) : null,
      proven: confirmedAt,
      deadline: this.deadline(confirmedAt, this.began(now)),
    };
    const [id, message] = [noticeId(test.id, person.id), this.render(facts, person)];
    return plainNotice({ id, person, message, reason: 'test', domain: this.options.domain, now });
  }
}

const noticeId = (test: string, person: string): string => `${test}_${person}`;

/** Id of the test that a notice carries; `null`: it carries none. */
export const testOf = ({ id, reason, recipient }: Pick<Notice, 'id' | 'reason' | 'recipient'>): string | null =>
  reason === 'test' ? id.slice(0, -(recipient.length + 1)) : null;

/** Does any entry name the service, and no place? Its alerts have none. */
const hearsService = ({ hears }: Person): boolean =>
  hears.some(
    ({ media, villages, reaches, stations, kinds }) =>
      [media, villages, reaches, stations].every((list) => list === undefined) && kinds?.includes('service') === true,
  );

/** Letters of a signature that nobody can guess, as people can read them to each other. */
const codeOf = (signature: string): string =>
  [...signature.slice(0, CODE_LENGTH)].map((c) => LETTERS[BASE64URL.indexOf(c) % LETTERS.length]).join('');

const lastWords = (ago: Words): Words => ({
  zh: `上次验证在${ago.zh === '刚刚' ? '' : ' '}${ago.zh}`,
  en: `last confirmed ${ago.en}`,
});

function age(ms: number): Words {
  const count = (n: number, unit: string): string => `${n} ${unit}${n === 1 ? '' : 's'} ago`;
  const days = Math.floor(ms / DAY);
  if (days >= 1) return { zh: `${days} 天前`, en: count(days, 'day') };
  const hours = Math.floor(ms / HOUR);
  if (hours >= 1) return { zh: `${hours} 小时前`, en: count(hours, 'hour') };
  return { zh: '刚刚', en: 'just now' };
}
