/** What is asked about a target: which period, which windows, which of its stations? */
import type { Hears, Person } from '../../domain/people.js';
import type { Site, Target } from '../../domain/site.js';
import type { Station } from '../../domain/station.js';
import { type Instant, localDate, parsePeriod, type Span, WINDOW_WORDS, type WindowKind } from '../../domain/time.js';
import { Refusal } from '../ports.js';

/** Which of a target's stations are meant; without any: all. */
export interface ScopeQuery {
  readonly village?: string | undefined;
  /** Id of a reach. */
  readonly reach?: string | undefined;
  /** Id of a river chief. */
  readonly chief?: string | undefined;
  readonly station?: string | undefined;
}

/** A question about one target. */
export interface Query extends ScopeQuery {
  readonly period?: string | undefined;
  readonly window?: WindowKind | undefined;
}

/** A question, understood. */
export interface Asked {
  readonly target: Target;
  readonly period: string;
  readonly span: Span;
  readonly window: WindowKind;
  /** By the window that counts, over all stations. */
  readonly official: boolean;
  readonly stations: readonly Station[];
  /** What was asked for in words, e.g. 长潭村; `null`: every station of the target. */
  readonly part: string | null;
}

/** The active stations a target covers. */
export function stationsOf(site: Site, target: Target): Station[] {
  return [...site.stations.values()].filter(
    (station) =>
      station.active && station.medium === target.medium && (target.roles.length === 0 || target.roles.includes(station.role)),
  );
}

/** Reads a question. Throws `Refusal` with what would be right. */
export function understand(site: Site, id: string, query: Query, now: Instant): Asked {
  const target = site.targets.find((candidate) => candidate.id === id);
  if (target === undefined) {
    throw new Refusal('not-found', `没有代号为 ${id} 的目标;现有:${site.targets.map((t) => t.id).join('、')}`);
  }
  const period = query.period ?? localDate(now, site.calendar).slice(0, 4);
  const span = parsePeriod(period, site.calendar);
  if (span === null) throw new Refusal('bad-request', `period 应为 2026、2026-Q4 或 2026-11,收到的是 ${period}`);
  const own = officialWindow(site, target, period);
  const window = query.window ?? own;
  const known = new Set([own, target.window, ...site.judging.get(target.medium)!.windows]);
  if (!known.has(window)) {
    throw new Refusal('bad-request', `${target.name} 不按${WINDOW_WORDS[window]}评价;window 可为 ${[...known].join('、')}`);
  }
  const { stations, part } = scopeOf(site, target, query);
  return { target, period, span, window, official: window === own && part === null, stations, part };
}

/** The window a target counts by. By `section` every section counts once: by its verdict over the very period, where there is one. */
export function officialWindow(site: Site, target: Target, period: string): WindowKind {
  if (target.basis !== 'section') return target.window;
  const own: WindowKind = period.length === 4 ? 'year' : period.includes('Q') ? 'quarter' : 'month';
  return site.judging.get(target.medium)!.windows.includes(own) ? own : target.window;
}

/** The parts a target can be asked for by: only what holds some but perhaps not all of its stations. */
export function partsOf(site: Site, target: Target) {
  const stations = stationsOf(site, target);
  const reaches = [...site.reaches.values()].filter(({ name }) => stations.some(({ reach }) => reach === name));
  return {
    villages: [...new Set(stations.flatMap(({ village }) => village ?? []))],
    reaches: reaches.map(({ id, name, nameEn }) => ({ id, name, nameEn })),
    chiefs: chiefsOf(site)
      .filter((chief) => answeredBy(site, chief, stations).length > 0)
      .map(({ id, name, nameEn }) => ({ id, name, nameEn })),
    stations: stations.map(({ id, name, nameEn }) => ({ id, name, nameEn })),
  };
}

/** River chiefs, of a village or of the town. */
const chiefsOf = (site: Site): Person[] => site.people.filter(({ step }) => step === 1 || step === 4);

/** Of these stations those a chief answers for: its own, or, where none is, those of the reaches that its own ones lie on. */
function answeredBy(site: Site, chief: Person, stations: readonly Station[]): readonly Station[] {
  const own = (station: Station): boolean => chief.hears.some((route) => isAt(site, route, station));
  const direct = stations.filter(own);
  if (direct.length > 0) return direct;
  const reaches = new Set(
    [...site.stations.values()].filter((one) => one.active && own(one)).flatMap(({ reach }) => reach ?? []),
  );
  return stations.filter(({ reach }) => reach !== null && reaches.has(reach));
}

function isAt(site: Site, { media, villages, reaches, stations }: Hears, { id, medium, village, reach }: Station): boolean {
  return (
    (media?.includes(medium) ?? true) &&
    (villages === undefined || (village !== null && villages.includes(village))) &&
    (stations?.includes(id) ?? true) &&
    (reaches?.some((name) => reach !== null && site.reaches.get(name)?.name === reach) ?? true)
  );
}

/** Of a target's stations those that a question means; none where its parts do not meet. */
export function stationsMeant(site: Site, target: Target, asked: ScopeQuery): readonly Station[] {
  let found: readonly Station[] = stationsOf(site, target);
  if (asked.village !== undefined) found = found.filter(({ village }) => village === asked.village);
  if (asked.reach !== undefined) {
    const name = site.reaches.get(asked.reach)?.name;
    found = found.filter(({ reach }) => reach !== null && reach === name);
  }
  if (asked.chief !== undefined) {
    const chief = chiefsOf(site).find(({ id }) => id === asked.chief);
    found = chief === undefined ? [] : answeredBy(site, chief, found);
  }
  if (asked.station !== undefined) found = found.filter(({ id }) => id === asked.station);
  return found;
}

function scopeOf(site: Site, target: Target, asked: ScopeQuery): Pick<Asked, 'stations' | 'part'> {
  const { village, reach, chief, station } = asked;
  const words = [
    village,
    reach && (site.reaches.get(reach)?.name ?? reach),
    chief && (chiefsOf(site).find(({ id }) => id === chief)?.name ?? chief),
    station && (site.stations.get(station)?.name ?? station),
  ].filter((word) => word !== undefined && word !== '');
  const stations = stationsMeant(site, target, asked);
  const part = words.length === 0 ? null : words.join('、');
  if (part !== null && stations.length === 0) throw new Refusal('not-found', `${target.name}在${part}没有站点`);
  return { stations, part };
}
