/** Who must hear of an alert: at its opening, when nobody acknowledges it, and when a person reports it upward? */
import type { Hears, Person, Step } from '../people.js';
import type { Site } from '../site.js';
import type { Station } from '../station.js';
import { type Instant, localDate, type LocalDate } from '../time.js';
import { type Alert, isMaintenance, type Words } from './alert.js';
import { roster, standIn } from './duty.js';

/** As much of an alert as routing looks at. */
export type Routed = Pick<Alert, 'subject' | 'station' | 'parameter' | 'kind' | 'severity'>;

/** Somebody who is told. */
export interface Hearer {
  /** Who is told: the substitute, where one stands in. */
  readonly person: Person;
  /** Why this one, e.g. 您是 11-23 值班的值班员甲. Without a full stop. */
  readonly why: Words;
  /** In whose place `person` is told; `null`: in its own. */
  readonly instead: Person | null;
}

const STEPS: readonly Step[] = [1, 2, 3, 4];
/** 严重超限 is told to the village, to duty and to the town's river office at once; the chief of the town hears it when they do not answer. */
const SEVERE_UP_TO: Step = 3;

/** The stations an alert is about: its own, those of its reach or target, or those of the air it rises in; none for the service. */
function placesOf(alert: Pick<Routed, 'subject'>, station: Station | null, site: Site): readonly Station[] {
  if (station !== null) return [station];
  const active = [...site.stations.values()].filter((one) => one.active);
  const [what, id = ''] = alert.subject.split(':');
  switch (what) {
    case 'reach':
      return active.filter(({ reach }) => reach !== null && reach === site.reaches.get(id)?.name);
    case 'target': {
      const target = site.targets.find((one) => one.id === id);
      return active.filter(({ medium, role }) => medium === target?.medium && target.roles.includes(role));
    }
    case 'region':
      return active.filter(
        ({ medium, parameters }) =>
          (site.rules.regional?.media.includes(medium) ?? false) && parameters.some(({ parameter }) => parameter === id),
      );
    default:
      return [];
  }
}

/** Does a route hold one of the places? One that names no place holds all alerts, those about none too. */
function atPlace(route: Hears, places: readonly Station[], site: Site): boolean {
  const { media, villages, reaches, stations } = route;
  if (media === undefined && villages === undefined && reaches === undefined && stations === undefined) return true;
  return places.some(
    (place) =>
      (media?.includes(place.medium) ?? true) &&
      (villages === undefined || (place.village !== null && villages.includes(place.village))) &&
      (stations?.includes(place.id) ?? true) &&
      (reaches?.some((id) => place.reach !== null && site.reaches.get(id)?.name === place.reach) ?? true),
  );
}

/** Do a person's routes hold one of the places an alert is about, whatever its kind and severity? */
export const isAt = (person: Person, alert: Pick<Routed, 'subject'>, station: Station | null, site: Site): boolean => {
  const places = placesOf(alert, station, site);
  return person.hears.some((route) => atPlace(route, places, site));
};

/**
 * Does a person's config say that it hears the alert, whether or not it is there today? What is the devices' business
 * (sensor, no data, service) is heard only by a route that names the kind: it never reaches a river chief by accident.
 */
function fits(person: Person, alert: Routed, places: readonly Station[], site: Site, named = isMaintenance(alert.kind)): boolean {
  return person.hears.some(
    (route) =>
      (route.kinds?.includes(alert.kind) ?? !named) &&
      (route.severities?.includes(alert.severity) ?? true) &&
      atPlace(route, places, site),
  );
}

/** The town's people who hear the alert on a day, of the steps asked for (`null`: beside the ladder). */
class Listeners {
  private readonly date: LocalDate;
  private readonly turn: readonly string[];
  private readonly places: readonly Station[];
  private readonly town: readonly Person[];

  constructor(
    private readonly alert: Routed,
    station: Station | null,
    private readonly site: Site,
    now: Instant,
  ) {
    this.date = localDate(now, site.calendar);
    this.turn = roster(this.date, site.duty);
    this.places = placesOf(alert, station, site);
    this.town = site.people.filter(({ level }) => level === 'town');
  }

  /** Those of a step, or beside the ladder, who hear it and are there: of those on duty only whose turn it is. */
  of(step: Step | null): Person[] {
    return this.town.filter((person) => person.step === step && this.isThere(person) && this.hears(person));
  }

  /** The steps of the ladder that have somebody who hears it, lowest first. */
  steps(): Step[] {
    return STEPS.filter((step) => this.of(step).length > 0);
  }

  /**
   * Who hears what is nobody's: those beside the ladder who hear other kinds at its place, else all beside the ladder, else
   * everybody in town. An alert told to nobody is worse than none.
   */
  lastResort(): Person[] {
    const beside = this.town.filter((person) => person.step === null && this.isThere(person));
    const near = beside.filter((person) => fits(person, this.alert, this.places, this.site, false));
    return near.length > 0 ? near : beside.length > 0 ? beside : [...this.town];
  }

  /** Those above the town whose config names it. */
  above(): Person[] {
    return this.site.people.filter((person) => person.level === 'above' && this.hears(person));
  }

  /** Each once, substitutes in place of those away; who is told for itself is not told again for another. */
  told(people: readonly Person[], why: (person: Person) => Words): Hearer[] {
    const hearers = new Map<string, Hearer>();
    const acting = people.map((person) => ({ person, acts: standIn(person, this.date, this.site.people) }));
    for (const { person, acts } of acting)
      if (acts === person) hearers.set(person.id, { person, why: why(person), instead: null });
    for (const { person, acts } of acting)
      if (acts !== person && !hearers.has(acts.id))
        hearers.set(acts.id, { person: acts, why: inPlaceOf(person), instead: person });
    return [...hearers.values()];
  }

  /** E.g. 您是 11-23 值班的值班员甲. */
  role(person: Person): Words {
    const { name, nameEn, onDuty } = person;
    if (!onDuty) return { zh: `您是${name},此类通知发给您`, en: `you are ${nameEn}, who hears of this` };
    const day = this.date.slice(5);
    return { zh: `您是 ${day} 值班的${name}`, en: `you are ${nameEn}, on duty on ${day}` };
  }

  private isThere(person: Person): boolean {
    return !person.onDuty || this.turn.includes(person.id);
  }

  private hears(person: Person): boolean {
    return fits(person, this.alert, this.places, this.site);
  }
}

const inPlaceOf = ({ name, nameEn }: Person): Words => ({
  zh: `${name}不在岗,由您代为接收`,
  en: `${nameEn} is away and you stand in`,
});

const escalated = ({ name, nameEn, step }: Person): Words => ({
  zh: `至今无人签收,上报至您(${name},上报层级第 ${step} 级)`,
  en: `nobody has acknowledged it, so it has climbed to you (${nameEn}, step ${step} of the ladder)`,
});

const NOBODY_ELSE: Words = { zh: '没有为这一通知设置接收人,因此发给您', en: 'nobody is set to hear of this, so you are told' };

/** The sentences above, to which others than the one they address may listen; of a route there is nothing but the name to say. */
const TO_OTHERS: Readonly<Record<keyof Words, readonly (readonly [RegExp, string])[]>> = {
  zh: [
    [/^您是.+,此类通知发给您$/, ''],
    [/^您是 (\S+ 值班)的.+$/, '$1'],
    [/,由您代为接收$/, ',代为接收'],
    [/,上报至您\(.+\)$/, ',上报至此'],
    [/,因此发给您$/, ''],
  ],
  en: [
    [/^you are .+, who hears of this$/, ''],
    [/^you are .+, (on duty on \S+)$/, '$1'],
    [/^(.+) is away and you stand in$/, 'stands in for $1, who is away'],
    [/, so it has climbed to you \(.+\)$/, ', so it has climbed here'],
    [/, so you are told$/, ''],
  ],
};

/** Why somebody is told, for whoever reads it beside that one's name; empty where the name says all. */
export function toOthers(why: Words): Words {
  const said = (language: keyof Words): string =>
    TO_OTHERS[language].reduce((text, [address, other]) => text.replace(address, other), why[language]);
  return { zh: said('zh'), en: said('en') };
}

/** The steps told at the opening: the lowest that has somebody; of 严重超限 all up to the third. */
function firstSteps(listeners: Listeners, alert: Routed): Step[] {
  const steps = listeners.steps();
  const atOnce = alert.severity === 'severe' ? steps.filter((step) => step <= SEVERE_UP_TO) : [];
  return atOnce.length > 0 ? atOnce : steps.slice(0, 1);
}

/**
 * Who hears of an alert at `now`. `step` `null`: at its opening, or when it rises: those beside the ladder and the lowest step
 * that has somebody (of 严重超限 all steps up to 3); never nobody. A `step`: those of that step alone, to whom it has climbed
 * (see `nextStep`). Above the town nobody, ever: see `above`. `station` is the alert's own, `null` where it has none.
 */
export function hearers(alert: Routed, station: Station | null, site: Site, now: Instant, step: Step | null): Hearer[] {
  const listeners = new Listeners(alert, station, site, now);
  if (step !== null) return listeners.told(listeners.of(step), escalated);
  const people = [...listeners.of(null), ...firstSteps(listeners, alert).flatMap((one) => listeners.of(one))];
  return people.length > 0
    ? listeners.told(people, (person) => listeners.role(person))
    : listeners.told(listeners.lastResort(), () => NOBODY_ELSE);
}

/**
 * The step that an unacknowledged alert climbs to after `after` (`null`: after its opening); `null` when nobody on a higher
 * one hears it.
 */
export function nextStep(alert: Routed, station: Station | null, site: Site, now: Instant, after: Step | null): Step | null {
  const listeners = new Listeners(alert, station, site, now);
  // What rose to 严重超限 was told to the first steps as well, further up than it may have climbed.
  const reached = Math.max(after ?? 0, firstSteps(listeners, alert).at(-1) ?? 0);
  return listeners.steps().find((step) => step > reached) ?? null;
}

/** Who above the town (区局, 疾控) is told when a person reports the alert upward (核实后上报); nobody where none is set to hear it. */
export function above(alert: Routed, station: Station | null, site: Site, now: Instant): Hearer[] {
  const listeners = new Listeners(alert, station, site, now);
  return listeners.told(listeners.above(), ({ name, nameEn }) => ({
    zh: `镇里核实后上报${name}`,
    en: `the town has checked it and reports it to ${nameEn}`,
  }));
}
