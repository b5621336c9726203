/** What of the alerts could an operator believe to be watched, or to be told, that is not? */
import { isMaintenance, ALERT_KINDS } from '../../domain/alerting/alert.js';
import { hearers, nextStep, type Routed } from '../../domain/alerting/routing.js';
import { shapeOf } from '../../domain/alerting/scope.js';
import { nameOf } from '../../domain/compliance/items.js';
import type { Site } from '../../domain/site.js';
import { inForce, limitsAt, momentary } from '../../domain/standards/bind.js';
import { MEDIA, type Medium, type Station } from '../../domain/station.js';
import { type LocalDate, startOfDate } from '../../domain/time.js';

const MEDIUM_NAMES: Readonly<Record<Medium, string>> = {
  'surface-water': '地表水',
  'drinking-water': '饮用水',
  sewage: '废水排放口',
  dust: '扬尘',
  air: '环境空气',
};

/** Warnings of rules, ladder, roster and channels on `today`. `variables` is the environment; `null`: not looked at. */
export function alertWarnings(
  site: Site,
  today: LocalDate,
  variables: Readonly<Record<string, string | undefined>> | null,
): string[] {
  const active = [...site.stations.values()].filter((station) => station.active);
  return [
    ...active.flatMap((station) => unwatched(site, station, today)),
    ...withoutLadder(site, active, today),
    ...unnamed(site),
    ...holidays(site, today),
    ...(variables === null ? [] : unset(site, variables)),
  ];
}

/** Series with a limit for single values that no shape holds. */
function unwatched(site: Site, station: Station, today: LocalDate): string[] {
  const { limit } = site.rules;
  if (limit === null) return [];
  return station.parameters
    .filter(({ parameter }) => momentary(inForce(limitsAt(station, parameter, site.limits), today)).length > 0)
    .filter(({ parameter }) => shapeOf(limit, station, parameter) === null)
    .map(
      ({ parameter }) =>
        `${station.name} ${nameOf(site, parameter)}:有限值,但 rules 的 limit 没有适用的 shape,不会报超限 has a limit and no shape`,
    );
}

/** Media of whose alerts nobody on the ladder hears, where there is a ladder. */
function withoutLadder(site: Site, active: readonly Station[], today: LocalDate): string[] {
  if (!site.people.some(({ step }) => step !== null)) return [];
  const now = startOfDate(today, site.calendar);
  const isHeard = (station: Station): boolean => {
    const alert: Routed = { subject: station.id, station: station.id, parameter: null, kind: 'limit', severity: 'over' };
    return (
      hearers(alert, station, site, now, null).some(({ person, instead }) => (instead ?? person).step !== null) ||
      nextStep(alert, station, site, now, null) !== null
    );
  };
  return MEDIA.flatMap((medium) => {
    const unheard = active.filter((station) => station.medium === medium && !isHeard(station));
    if (unheard.length === 0) return [];
    const names = unheard.map(({ name }) => name).join('、');
    return [
      `${MEDIUM_NAMES[medium]}(${names}):上报层级中没有人接收,无人签收时不会上报 no step of the ladder hears it, so it never climbs`,
    ];
  });
}

/** Kinds of maintenance that no route names: they go to those beside the ladder. */
function unnamed(site: Site): string[] {
  const named = new Set(
    site.people.filter(({ level }) => level === 'town').flatMap(({ hears }) => hears.flatMap((r) => r.kinds ?? [])),
  );
  const missing = ALERT_KINDS.filter((kind) => isMaintenance(kind) && !named.has(kind));
  if (missing.length === 0) return [];
  const kinds = missing.join('、');
  return [
    `没有人专门接收 ${kinds},改发给不在上报层级中的人 no hears entry names these kinds; whoever stands beside the ladder is told`,
  ];
}

/** A roster that knows holidays of other years only. Without any, the town has decided to know none. */
function holidays(site: Site, today: LocalDate): string[] {
  const { duty } = site;
  const year = today.slice(0, 4);
  if (duty.holidays.length === 0) return [];
  if (!duty.holidays.some(({ from, to }) => from.startsWith(year) || to.startsWith(year)))
    return [`duty 没有 ${year} 年的节假日 duty has no holidays of ${year}`];
  if (duty.makeUpDays.some((day) => day.startsWith(year))) return [];
  return [`duty 没有 ${year} 年的调休上班日,请按国务院办公厅通知补充 duty has no make-up days of ${year}`];
}

/** Channels whose address or secret is not in the environment. */
function unset(site: Site, variables: Readonly<Record<string, string | undefined>>): string[] {
  return site.channels.flatMap(({ id, urlFrom, secretFrom }) =>
    [urlFrom, ...(secretFrom === null ? [] : [secretFrom])]
      .filter((name) => (variables[name] ?? '') === '')
      .map((name) => `通道 ${id}:未设环境变量 ${name},不会发送 the variable ${name} is unset, so nothing is sent by it`),
  );
}
