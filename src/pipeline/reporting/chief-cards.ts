/** What does a river chief see of the own reach in two minutes? The five things of the 晨报, as they are now. */
import type { Morning } from '../../domain/alerting/morning-facts.js';
import type { Person } from '../../domain/people.js';
import type { Site } from '../../domain/site.js';
import { DAY, type Instant, isoTime, localDate, startOfDate } from '../../domain/time.js';
import { isChief, type Patrols } from '../deciding/patrols.js';
import { type Clock, Refusal } from '../ports.js';
import type { Report } from './report.js';
import { travelTime } from './report-reach.js';
import type { VerdictStore } from '../judging/verdict-stores.js';

/** Days of the small course beside the river's values. */
const COURSE = 7;
/** Verdicts of a course: one a day, with room for what is judged twice. */
const MOST = 20;

/** River chiefs of the config, and the card of each. */
export class ChiefCards {
  constructor(
    private readonly site: Site,
    private readonly morning: { of(person: Person, now: Instant): Morning },
    private readonly patrols: Patrols,
    private readonly verdicts: Pick<VerdictStore, 'list'>,
    /** What the overview says of the open window: the card says the same. */
    private readonly present: Pick<Report, 'current'>,
    private readonly clock: Clock,
  ) {}

  /** All of them, the town's first, with what waits for each. */
  chiefs() {
    const now = this.clock.now();
    const chiefs = this.site.people.filter(isChief).sort((a, b) => Number(b.step) - Number(a.step));
    return {
      asOf: this.iso(now),
      chiefs: chiefs.map((person) => {
        const { cases, standing, sections } = this.morning.of(person, now);
        return {
          ...this.chief(person),
          patrols: this.patrols.count(person, now),
          ...{ cases, standing: standing.length },
          section: this.sectionView(sections.at(-1), now),
        };
      }),
    };
  }

  /** One card. Throws `Refusal`. */
  card(id: string) {
    const person = this.site.people.find((one) => one.id === id);
    if (person === undefined || !isChief(person)) throw new Refusal('not-found', `没有代号为 ${id} 的河长`);
    const now = this.clock.now();
    const { river, sections, months, years, along, cases, data, standing, proven } = this.morning.of(person, now);
    return {
      asOf: this.iso(now),
      chief: this.chief(person),
      river,
      sections: sections.flatMap((section) => this.sectionView(section, now) ?? []),
      months: months.map((month) => ({ ...month })),
      years: years.map((year) => ({ ...year })),
      along: along && {
        ...along,
        sections: along.sections.map(({ name, value }) => ({ name, value })),
        travel: this.travel(along),
        course: this.course(along, now),
      },
      cases: cases && { ...cases },
      patrols: this.patrols.week(id),
      data: { ...data },
      standing: standing.map(({ since, ...one }) => ({ ...one, since: this.iso(since) })),
      proven: proven === null ? null : this.iso(proven),
    };
  }

  private chief({ id, name, nameEn, step, hears }: Person) {
    return { id, name, nameEn, step: step ?? null, villages: [...new Set(hears.flatMap(({ villages }) => villages ?? []))] };
  }

  private sectionView(section: Morning['sections'][number] | undefined, now: Instant) {
    const station = this.site.stations.get(section?.station ?? '');
    if (section === undefined || station === undefined) return null;
    const { nearest, ...rest } = section;
    const { window, class: soFar } = this.present.current(station, now);
    return { ...rest, current: { window, class: soFar }, nearest: nearest && { ...nearest, time: this.iso(nearest.time) } };
  }

  /** How long the water takes along the sections; `null` where they are of no reach. */
  private travel({ sections }: NonNullable<Morning['along']>): string | null {
    const name = this.site.stations.get(sections.at(-1)?.station ?? '')?.reach;
    const reach = [...this.site.reaches.values()].find((one) => one.name === name);
    return reach === undefined ? null : travelTime(reach);
  }

  /** Day means of the item at the last section, of the days before today; `null` where a day has none. */
  private course({ parameter, sections }: NonNullable<Morning['along']>, now: Instant) {
    const { calendar } = this.site;
    const outflow = sections.at(-1)?.station;
    const today = startOfDate(localDate(now, calendar), calendar);
    const span = { from: today - COURSE * DAY, to: today };
    const days = outflow === undefined ? [] : this.verdicts.list('day', [outflow], span, null, MOST, 0);
    return Array.from({ length: COURSE }, (_, i) => {
      const start = span.from + i * DAY;
      const mean = days.find((day) => day.start === start)?.findings.find((one) => one.parameter === parameter)?.mean ?? null;
      return { date: localDate(start, calendar), mean: mean === null ? null : Number(mean) };
    });
  }

  private iso(t: Instant): string {
    return isoTime(t, this.site.calendar);
  }
}
