/** How is a story of alerts told and checked? Inputs at their times go in; every mail that a real SMTP server takes must be awaited. */
import { SmtpMailer } from '../../src/adapters/mail/smtp-mailer.js';
import type { Mark, Reading } from '../../src/domain/reading.js';
import type { Site } from '../../src/domain/site.js';
import { HOUR, type Instant, isoTime, MINUTE, SECOND } from '../../src/domain/time.js';
import { Pipeline } from '../support/pipeline.js';
import { type Accepted, TestSmtp } from '../support/smtp.js';
import { at } from '../support/wupi.js';

/** A value over the course of time, or one that does not change; `null`: nothing is sent then. */
export type Course = number | ((t: Instant) => number | null);

/** What is measured ordinarily: station → parameter → course, at the cadence of the config. */
export type Ordinary = Readonly<Record<string, Readonly<Record<string, Course>>>>;

/** What a story does at a time. */
export type Act = (town: Town) => void | Promise<void>;

/** `[time, what]`; a time is `MM-DD HH:mm` or, on the day the story begins, `HH:mm` (`HH:mm:ss`). */
export type Given = readonly [time: string, act: Act];

/** `[not before, not after, person, subject]`: one mail. */
export type Expected = readonly [from: string, to: string, whom: string, subject: RegExp];

/** A story with everything that must be heard in it, and nothing else. */
export interface Story {
  readonly name: string;
  readonly site: Site;
  readonly begins: string;
  readonly ends: string;
  readonly ordinary: Ordinary;
  readonly given: readonly Given[];
  readonly expected: readonly Expected[];
  /** How far the clock goes at a time, ms; by default ten seconds. */
  readonly tick?: number;
  /** Does nobody confirm the test mails of the alert path? By default somebody does at once, and they are not listed. */
  readonly isUnproven?: boolean;
  /** Hours of ordinary values before it begins, of which nobody may hear anything but the 晨报. */
  readonly before?: number;
}

/** A mail and when it was accepted on the story's clock. */
export interface Heard {
  readonly at: Instant;
  readonly mail: Accepted;
}

/** The town of a story: the whole pipeline, a clock that is moved by hand, a real SMTP server. */
export class Town {
  readonly heard: Heard[] = [];
  private readonly overrides = new Map<string, Course>();
  private readonly marks = new Map<string, Mark>();
  private readonly silent = new Set<string>();
  private readonly published = new Map<string, Instant>();

  private constructor(
    readonly pipeline: Pipeline,
    readonly smtp: TestSmtp,
    private readonly story: Story,
  ) {}

  static async open(story: Story): Promise<Town> {
    const smtp = new TestSmtp();
    await smtp.start();
    const mailer = new SmtpMailer({
      server: { secure: false, host: '127.0.0.1', port: smtp.port, username: null, password: null },
      from: 'heqing@example.org',
    });
    const begins = moment(story.begins, story) - (story.before ?? 0) * HOUR;
    return new Town(await Pipeline.open({ site: story.site, now: begins, mailer }), smtp, story);
  }

  get now(): Instant {
    return this.pipeline.clock.now();
  }

  /** From now on a series takes this course; `null`: its ordinary one again. */
  course(station: string, parameter: string, course: Course | null): void {
    if (course === null) this.overrides.delete(`${station} ${parameter}`);
    else this.overrides.set(`${station} ${parameter}`, course);
  }

  /** From now on the station sends nothing, or does again. */
  silence(station: string, isSilent = true): void {
    if (isSilent) this.silent.add(station);
    else this.silent.delete(station);
  }

  /** From now on the values of a series carry this mark. */
  mark(station: string, parameter: string, mark: Mark): void {
    this.marks.set(`${station} ${parameter}`, mark);
  }

  /** One value beside the ordinary ones, measured now or `ago` ms before. */
  value(station: string, parameter: string, value: number, ago = 0): Promise<void> {
    return this.pipeline.publish(reading(station, parameter, this.now - ago, value, 'N'));
  }

  /** Takes note of every alert of the station that stands. */
  acknowledge(station: string, note: string): void {
    for (const { id } of this.alertsOf(station)) this.pipeline.parts.alarms.desk.acknowledge(id, '镇环保办', note);
  }

  /** Says that the station shall be silent for so long from now. */
  keepSilent(station: string, ms: number, reason: string): void {
    const to = isoTime(this.now + ms, this.story.site.calendar);
    this.pipeline.parts.alarms.silencing.add('镇环保办', { station, to, reason });
  }

  /** Somebody works at the station for so long from now; its instruments settle for half an hour after. */
  maintain(station: string, ms: number): void {
    const to = isoTime(this.now + ms, this.story.site.calendar);
    this.pipeline.parts.decisions.addMaintenance('运维', { station, to, settlingMinutes: 30 });
  }

  /** Reports every alert of the station that stands upward. */
  reportUpward(station: string, note: string): void {
    for (const { id } of this.alertsOf(station)) this.pipeline.parts.alarms.upward.report(id, '镇环保办', note);
  }

  /** The broker, or the archive, is away from now on for this reason; `null`: it is back. */
  away(part: 'broker' | 'archive', why: string | null): void {
    this.pipeline.world.away[part] = why;
  }

  /** Sends what is due, lets every stage work, hears what was mailed. */
  async step(): Promise<void> {
    const due: Reading[] = [];
    for (const [station, series] of Object.entries(this.story.ordinary)) {
      if (this.silent.has(station)) continue;
      for (const [parameter, ordinary] of Object.entries(series)) {
        const key = `${station} ${parameter}`;
        const cadence = this.cadence(station, parameter);
        const time = Math.floor(this.now / cadence) * cadence;
        if (this.published.get(key) === time) continue;
        this.published.set(key, time);
        const course = this.overrides.get(key) ?? ordinary;
        const value = typeof course === 'number' ? course : course(time);
        if (value !== null) due.push(reading(station, parameter, time, value, this.marks.get(key) ?? 'N'));
      }
    }
    if (due.length > 0) await this.pipeline.publish(...due);
    this.pipeline.parts.alarms.path.tick();
    await this.run();
  }

  /** Lets every stage work. */
  async run(): Promise<void> {
    const failed = await this.pipeline.run();
    if (failed.size > 0) throw [...failed.values()][0]!;
    for (const mail of this.smtp.mails.splice(0)) {
      const code = this.story.isUnproven ? null : /预警通道验证,代码 (\w+)/.exec(mail.subject);
      if (code === null) this.heard.push({ at: this.now, mail });
      else this.pipeline.parts.alarms.path.confirmCode(code[1]!, '镇环保办');
    }
  }

  /** As after `kill -9` and a start `ms` later. */
  async restart(ms = 0): Promise<void> {
    this.pipeline.clock.advance(ms);
    this.pipeline.crash();
    await this.run();
  }

  async dispose(): Promise<void> {
    await this.pipeline.dispose();
    await this.smtp.stop();
  }

  private alertsOf(station: string) {
    return this.pipeline.parts.alerts.list('active', 1000).filter((alert) => alert.station === station);
  }

  private cadence(station: string, parameter: string): number {
    const found = this.story.site.stations.get(station)?.parameters.find((one) => one.parameter === parameter);
    if (found === undefined) throw new Error(`the story's ${station} does not measure ${parameter}`);
    return found.cadence * MINUTE;
  }
}

const reading = (station: string, parameter: string, time: Instant, value: number, mark: Mark): Reading => ({
  station,
  parameter,
  time,
  value,
  mark,
  source: 'sensor',
});

/** The site with only those stations at work: nobody waits for the others. */
export function siteOf(site: Site, stations: readonly string[]): Site {
  const kept = [...site.stations].map(([id, station]) => [id, { ...station, active: stations.includes(id) }] as const);
  return { ...site, stations: new Map(kept) };
}

/** An instant of a story. */
export function moment(text: string, story: Pick<Story, 'begins'>): Instant {
  const day = story.begins.slice(0, 10);
  const year = story.begins.slice(0, 4);
  const [head = '', clock = ''] = text.split(' ');
  if (clock === '') return at(`${day} ${head}`);
  return head.length === 10 ? at(text) : at(`${year}-${head} ${clock}`);
}

/** What went wrong in a story, in words; empty when every mail was awaited and every awaited mail came, once. */
export async function faultsOf(story: Story): Promise<string[]> {
  const town = await Town.open(story);
  try {
    const given = story.given.map(([time, act]) => ({ at: moment(time, story), act })).sort((a, b) => a.at - b.at);
    const ends = moment(story.ends, story);
    const begins = moment(story.begins, story);
    // The hours before are only lived through, coarsely.
    while (town.now < begins) {
      await town.step();
      town.pipeline.clock.set(Math.min(begins, town.now + 5 * MINUTE));
    }
    const tick = story.tick ?? 10 * SECOND;
    while (town.now <= ends) {
      while (given[0] !== undefined && given[0].at <= town.now) await given.shift()!.act(town);
      await town.step();
      const next = Math.floor(town.now / tick) * tick + tick;
      town.pipeline.clock.set(given[0] === undefined ? next : Math.min(next, Math.max(town.now, given[0].at)));
    }
    return compare(story, town.heard);
  } finally {
    await town.dispose();
  }
}

function compare(story: Story, heard: readonly Heard[]): string[] {
  // The mornings before it begins are lived through.
  const begins = moment(story.begins, story);
  const left = heard.filter(({ at: time, mail }) => time >= begins || !mail.subject.startsWith('【晨报】'));
  const faults: string[] = [];
  for (const [from, to, whom, subject] of story.expected) {
    const [first, last] = [moment(from, story), moment(to, story)];
    const found = left.findIndex(
      ({ at: time, mail }) =>
        time >= first && time <= last && mail.to.join() === addressOf(story.site, whom) && subject.test(mail.subject),
    );
    if (found < 0) faults.push(`missed: ${from}–${to} ${whom} ${subject.source}`);
    else left.splice(found, 1);
  }
  for (const { at: time, mail } of left) {
    const when = new Date(time + 8 * HOUR).toISOString().slice(5, 19).replace('T', ' ');
    faults.push(`nobody awaited: ${when} ${mail.to.join()} ${mail.subject}`);
  }
  return faults;
}

function addressOf(site: Site, whom: string): string {
  const person = site.people.find(({ id }) => id === whom);
  if (person === undefined) throw new Error(`nobody is ${whom}`);
  return person.email;
}
