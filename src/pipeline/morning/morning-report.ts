/** What does a person's 晨报 tell? The five things of the river chief's card, what stands, and what the night left, gathered from what is at hand. */
import type { Alert, Severity, Words } from '../../domain/alerting/alert.js';
import { callable, standIn } from '../../domain/alerting/duty.js';
import { beside, placeOf } from '../../domain/alerting/message-words.js';
import type { Morning, Standing, YearSoFar } from '../../domain/alerting/morning-facts.js';
import { above, hearers, type Routed } from '../../domain/alerting/routing.js';
import { percent } from '../../domain/compliance/rate.js';
import type { Hears, Person, Step } from '../../domain/people.js';
import { dueSlots } from '../../domain/quality/due-slots.js';
import type { Site, Target } from '../../domain/site.js';
import type { Station } from '../../domain/station.js';
import { DAY, type Instant, localDate, MINUTE, startOfDate } from '../../domain/time.js';
import type { Cases } from '../deciding/cases.js';
import { lowNights } from './morning-night.js';
import { MorningRiver } from './morning-river.js';
import type { Patrols } from '../deciding/patrols.js';
import { lineOf } from '../reporting/online.js';
import type { PathProof } from '../alerting/path-proof.js';
import type { ComplianceReport } from '../reporting/report-compliance.js';
import type { ReviewStore } from '../deciding/review.js';
import type { AlertStore } from '../alerting/alert-stores.js';
import type { JudgedAs } from '../judging/judged-as.js';
import { dueSince } from '../judging/due.js';
import type { VerdictStore } from '../judging/verdict-stores.js';
import type { WorkingSet } from '../stores.js';
import type { Upkeep } from '../upkeep/upkeep.js';

/** Alerts that are looked at; what stands beyond them is older than the oldest of so many. */
const MOST = 500;

const STEPS: readonly (Step | null)[] = [null, 1, 2, 3, 4];
const GRAVITY: Readonly<Record<Severity, number>> = { severe: 0, over: 1, warning: 2 };

/** What a person sees: the stations and villages of the places it answers for; `null`: all. */
interface Sight {
  readonly stations: readonly Station[] | null;
  readonly villages: readonly string[] | null;
}

interface Tally {
  readonly due: number;
  readonly received: number;
  readonly valid: number;
}

/** Gathers the 晨报. Nothing is asked of the archive, which may be away. */
export class MorningReport {
  private readonly river: MorningRiver;
  /** Everybody's mail of a morning is written at once, and cards are asked for by many: stations are counted once a minute. */
  private counted: { readonly minute: number; readonly of: Map<string, Tally> } | null = null;

  constructor(
    private readonly site: Site,
    private readonly workingSet: Pick<WorkingSet, 'rows' | 'newest' | 'station'>,
    verdicts: VerdictStore,
    judgedAs: JudgedAs,
    /** As they are printed: signed months as they were signed. */
    private readonly rates: Pick<ComplianceReport, 'targets'>,
    private readonly alerts: Pick<AlertStore, 'list'>,
    private readonly cases: Pick<Cases, 'summary'>,
    private readonly path: Pick<PathProof, 'state'>,
    private readonly publicUrl: string,
    /** Days of stations that wait for review; without it the 晨报 does not say how many do. */
    private readonly reviews: Pick<ReviewStore, 'count'> | null = null,
    /** Patrols of the week; without it the 晨报 does not speak of them. */
    private readonly patrols: Pick<Patrols, 'count'> | null = null,
    /** Work at the instruments; without it the 晨报 does not speak of it. */
    private readonly upkeep: Pick<Upkeep, 'summary'> | null = null,
    /** The turn of duty that nobody signed for. */
    private readonly unhanded: (() => Words | null) | null = null,
  ) {
    this.river = new MorningRiver(site, workingSet, verdicts, judgedAs);
  }

  /**
   * What `person` is told at `now`: for itself, and for those it stands in for. `since`: when it was last told, a day ago
   * unless somebody knows better; nights that ended since are told.
   */
  of(person: Person, now: Instant, since: Instant = now - DAY): Morning {
    const answered = this.answeredFor(person, now);
    const sight = this.sightOf(answered);
    return {
      site: this.site,
      now,
      link: `${this.publicUrl.replace(/\/+$/, '')}/`,
      onDuty: callable(now, this.site),
      whyYou: whyYou(person, answered),
      ...this.river.of(sight.stations, now),
      years: this.years(sight.stations),
      cases: this.casesOf(sight.villages, now),
      patrols: this.patrolsOf(answered, now),
      data: this.data(sight.stations, now),
      ...(looksAfter(person) && {
        upkeep: this.upkeep?.summary(sight.stations, now) ?? null,
        unhanded: this.unhanded?.() ?? null,
      }),
      standing: this.standing(person, now),
      night: lowNights(this.site, this.workingSet, now, since)
        .filter(({ station, parameter }) => this.hears(person, lowResidual(station, parameter), now))
        .map(({ words }) => words),
      proven: this.path.state().lastConfirmedAt,
    };
  }

  /** Those who get the 晨报 and for whom this person acts today; itself where nobody does. */
  private answeredFor(person: Person, now: Instant): readonly Person[] {
    const date = localDate(now, this.site.calendar);
    const { people } = this.site;
    const all = people.filter((one) => one.morning && standIn(one, date, people).id === person.id);
    return all.length > 0 ? all : [person];
  }

  private sightOf(people: readonly Person[]): Sight {
    const routes = people.map(({ hears }) => placed(hears));
    if (routes.some((own) => own === null)) return { stations: null, villages: null };
    const own = routes.flatMap((found) => found ?? []);
    const villages = [...new Set(own.flatMap((route) => route.villages ?? []))];
    const stations = [...this.site.stations.values()].filter(
      (station) => station.active && own.some((route) => this.isAt(route, station)),
    );
    return { stations, villages: villages.length === 0 ? null : villages };
  }

  private isAt({ villages, reaches, stations }: Hears, { id, village, reach }: Station): boolean {
    return (
      (villages === undefined || (village !== null && villages.includes(village))) &&
      (stations?.includes(id) ?? true) &&
      (reaches?.some((name) => reach !== null && this.site.reaches.get(name)?.name === reach) ?? true)
    );
  }

  /** The running year of the targets; of a village those that count a station of it, or of a reach it lies on. */
  private years(own: readonly Station[] | null): YearSoFar[] {
    const reaches = new Set(own?.flatMap(({ reach }) => reach ?? []));
    const concerns = (target: Target): boolean =>
      own === null ||
      [...this.site.stations.values()].some(
        (station) =>
          station.active &&
          station.medium === target.medium &&
          (target.roles.length === 0 || target.roles.includes(station.role)) &&
          (own.includes(station) || (station.reach !== null && reaches.has(station.reach))),
      );
    const shown = new Set(this.site.targets.filter((target) => target.kind === 'target' && concerns(target)).map(({ id }) => id));
    return this.rates
      .targets()
      .targets.filter(({ id }) => shown.has(id))
      .map(({ name, nameEn, basis, met, exceeded, rate, goal, status, setAside, comparison }) => ({
        target: { zh: name, en: nameEn },
        ...{ basis, met, exceeded, rate, goal, status },
        setAside: { total: setAside.total, over: setAside.over },
        ...(comparison !== undefined && { comparison }),
      }));
  }

  private casesOf(villages: readonly string[] | null, now: Instant): Morning['cases'] {
    if (villages === null) return this.cases.summary(null, now);
    const all = villages.map((village) => this.cases.summary(village, now));
    const oldest = all.flatMap(({ oldestDays }) => oldestDays ?? []);
    return {
      open: all.reduce((sum, { open }) => sum + open, 0),
      overdue: all.reduce((sum, { overdue }) => sum + overdue, 0),
      oldestDays: oldest.length === 0 ? null : Math.max(...oldest),
    };
  }

  /** Of all it answers for; `null` where none of them owes any. */
  private patrolsOf(people: readonly Person[], now: Instant): Morning['patrols'] {
    const counts = people.flatMap((person) => this.patrols?.count(person, now) ?? []);
    if (counts.length === 0) return null;
    return {
      due: counts.reduce((sum, { due }) => sum + due, 0),
      done: counts.reduce((sum, { done }) => sum + done, 0),
    };
  }

  private data(own: readonly Station[] | null, now: Instant): Morning['data'] {
    const stations = own ?? [...this.site.stations.values()].filter(({ active }) => active);
    const isOnline = (station: Station): boolean =>
      lineOf(station, this.workingSet.station(station.id)?.lastArrival ?? null, now) === 'online';
    const tallies = stations.map((station) => this.tally(station, now));
    const sum = (of: keyof Tally): number => tallies.reduce((all, tally) => all + tally[of], 0);
    return {
      online: stations.filter(isOnline).length,
      stations: stations.length,
      valid: sum('received') === 0 ? null : percent(sum('valid'), sum('due')),
      toReview: this.toReview(own),
    };
  }

  private toReview(own: readonly Station[] | null): number | null {
    const { reviews } = this;
    if (reviews === null) return null;
    return own === null ? reviews.count(null) : own.reduce((sum, { id }) => sum + reviews.count(id), 0);
  }

  /** What was due of a station since yesterday began, how much of it came, and how much of that counts: as the 日报 counts it. */
  private tally(station: Station, now: Instant): Tally {
    const minute = Math.floor(now / MINUTE);
    if (this.counted?.minute !== minute) this.counted = { minute, of: new Map() };
    const known = this.counted.of.get(station.id);
    if (known !== undefined) return known;
    const yesterday = startOfDate(localDate(now - DAY, this.site.calendar), this.site.calendar);
    const from = Math.max(yesterday, dueSince(this.site, station, this.workingSet) ?? yesterday);
    const series = station.parameters.map(({ parameter, cadence }) =>
      dueSlots(this.workingSet.rows({ station: station.id, parameter, from, to: now + 1 }, 'sensor'), { from, to: now }, cadence),
    );
    const tally = series.reduce<Tally>(
      (sum, { due, filled, valid }) => ({ due: sum.due + due, received: sum.received + filled.size, valid: sum.valid + valid }),
      { due: 0, received: 0, valid: 0 },
    );
    this.counted.of.set(station.id, tally);
    return tally;
  }

  /** What stands and is this person's to hear, the gravest first, of two alike the older. What is held back (pending) is not told. */
  private standing(person: Person, now: Instant): Standing[] {
    return this.alerts
      .list('active', MOST)
      .filter((alert) => alert.state !== 'pending' && this.hears(person, alert, now))
      .sort((a, b) => GRAVITY[a.severity] - GRAVITY[b.severity] || a.openedAt - b.openedAt)
      .map((alert) => {
        const what = this.what(alert);
        return {
          alert: alert.id,
          what,
          reason: { zh: beside(alert.reason.zh, what.zh), en: beside(alert.reason.en, what.en) },
          kind: alert.kind,
          severity: alert.severity,
          since: alert.openedAt,
          isAcknowledged: alert.state === 'acknowledged',
        };
      });
  }

  private what(alert: Alert): Words {
    const station = this.stationOf(alert);
    const place = placeOf({ station, site: this.site, change: { what: 'opened', alert, at: alert.openedAt } });
    const parameter = alert.parameter === null ? undefined : this.site.parameters.get(alert.parameter);
    return parameter === undefined ? place : { zh: `${place.zh} ${parameter.name}`, en: `${place.en}, ${parameter.nameEn}` };
  }

  private stationOf({ station }: Pick<Routed, 'station'>): Station | null {
    return station === null ? null : (this.site.stations.get(station) ?? null);
  }

  /** Would this person be told of it, at its opening, on any step of the ladder, or above the town by a report upward? */
  private hears(person: Person, alert: Routed, now: Instant): boolean {
    const station = this.stationOf(alert);
    const isAmong = (told: readonly { readonly person: Person }[]): boolean => told.some((one) => one.person.id === person.id);
    if (person.level === 'above') return isAmong(above(alert, station, this.site, now));
    return STEPS.some((step) => isAmong(hearers(alert, station, this.site, now, step)));
  }
}

/** The routes by which a person answers for places; `null`: it answers for all. A route of kinds alone (no data) says nothing of where. */
function placed(hears: readonly Hears[]): readonly Hears[] | null {
  const names = ({ villages, reaches, stations }: Hears): boolean =>
    villages !== undefined || reaches !== undefined || stations !== undefined;
  const own = hears.filter(names);
  return own.length === 0 || hears.some((route) => !names(route) && route.kinds === undefined) ? null : own;
}

/** A residual under its limit, as routing sees it: whoever would be told of it by day is told in the morning. */
const lowResidual = ({ id }: Station, parameter: string): Routed => ({
  ...{ subject: id, station: id, parameter, kind: 'limit', severity: 'over' },
});

/** The office and whoever has duty or the instruments; a river chief or the supplier has the own reach to look after. */
const looksAfter = ({ step, onDuty, upkeep, level }: Person): boolean =>
  level === 'town' && (upkeep === true || onDuty || step === null);

/** Without a full stop. */
function whyYou(person: Person, answered: readonly Person[]): Words {
  const others = answered.filter(({ id }) => id !== person.id);
  const own = others.length < answered.length;
  const zh = others.map(({ name }) => name).join('、');
  const en = others.map(({ nameEn }) => nameEn).join(', ');
  if (!own) return { zh: `${zh}不在岗,由您代为接收晨报`, en: `you stand in for ${en}, who gets the morning mail` };
  return {
    zh: `您(${person.name})在配置中订阅了晨报${others.length === 0 ? '' : `,并代${zh}接收`}`,
    en: `the config says that you (${person.nameEn}) get the morning mail${others.length === 0 ? '' : `, and you stand in for ${en}`}`,
  };
}
