/** Is everybody who is named there, and is every alert told to somebody? */
import { ALERT_KINDS, isMaintenance, SEVERITIES, type AlertKind, type Severity } from '../../domain/alerting/alert.js';
import type { Entries, Entry, Loose } from './entries.js';
import { quote, type Path } from './faults.js';
import { listed, type Known, type Note } from './findings.js';
import type { StationEntry } from './schema.js';
import type { PersonEntry } from './schema-people.js';

/** Checks people, duty, channels and notices of every file. */
export function checkPeople(entries: Entries, known: Known, note: Note): void {
  for (const entry of entries.people) {
    checkRoutes(entry, entries, known, note);
    checkAway(entry, entries, known, note);
    checkStanding(entry, entries, known, note);
  }
  for (const entry of entries.channels)
    if (entry.value.id === 'mail') note(entry, ['id'], 'mail is always there; name the channel otherwise');
  checkDuty(entries, known, note);
  checkNotices(entries, note);
  checkHeard(entries, known, note);
}

function checkRoutes(entry: Entry<PersonEntry>, entries: Entries, known: Known, note: Note): void {
  entry.value.hears?.forEach((route, i) => {
    const each = (key: 'villages' | 'reaches' | 'stations', is: (name: string) => boolean, say: (name: string) => string): void =>
      route?.[key]?.forEach((name, j) => {
        if (name !== undefined && !is(name)) note(entry, ['hears', i, key, j], say(name));
      });
    const villages = entries.stations.map(({ value }) => value.village);
    each('villages', known.village, (name) => `no station lies in ${quote(name)}; ${listed(villages)}`);
    each('stations', known.station, (id) => `no station ${quote(id)}; ${listed(entries.stations.map(({ value }) => value.id))}`);
    const named = new Map(entries.reaches.map(({ value }) => [value.name, value.id]));
    const reaches = new Set(
      entries.stations.flatMap(({ value }) => (value.reach ? [named.get(value.reach) ?? value.reach] : [])),
    );
    each(
      'reaches',
      (id) => reaches.has(id) || known.unread(id),
      (id) => `no reach ${quote(id)}; ${named.get(id) === undefined ? listed(reaches) : `it is a name, write ${named.get(id)}`}`,
    );
  });
}

/** Days as texts compare as days. */
const meet = (a: { from?: string | undefined; to?: string | undefined }, b: typeof a): boolean =>
  a.from !== undefined && a.to !== undefined && b.from !== undefined && b.to !== undefined && a.from <= b.to && b.from <= a.to;

function checkAway(entry: Entry<PersonEntry>, entries: Entries, known: Known, note: Note): void {
  entry.value.away?.forEach((span, i) => {
    if (!span) return;
    const { from, to, substitute } = span;
    if (from !== undefined && to !== undefined && to < from) note(entry, ['away', i, 'to'], `must not be before from, ${from}`);
    if (substitute === undefined) return;
    const at = ['away', i, 'substitute'];
    if (substitute === entry.value.id) note(entry, at, 'must be somebody else');
    else if (!known.person(substitute)) note(entry, at, noPerson(substitute, entries));
    const other = entries.people.find(({ value }) => value.id === substitute && value.id !== entry.value.id);
    const theirs = other?.value.away?.find((one) => one !== undefined && meet(one, span));
    if (theirs) note(entry, at, `${substitute} is away too, ${theirs.from} to ${theirs.to}; name somebody who is there`);
  });
}

const noPerson = (id: string, entries: Entries): string =>
  `no person ${quote(id)}; ${listed(entries.people.map(({ value }) => value.id))}`;

/** Where a person stands: on the ladder, on the roster, above the town; and by which channels it is reached. */
function checkStanding(entry: Entry<PersonEntry>, entries: Entries, known: Known, note: Note): void {
  const { id, step, level, onDuty, channels } = entry.value;
  if (level === 'above' && typeof step === 'number')
    note(entry, ['step'], 'whoever is above the town stands on no step: it is told by a report upward only; leave it out');
  const all = entries.channels.map(({ value }) => value.id);
  channels?.forEach((channel, i) => {
    if (channel !== undefined && channel !== 'mail' && !all.includes(channel) && !known.unread(channel))
      note(entry, ['channels', i], `no channel ${quote(channel)}; ${listed(['mail', ...all])}`);
  });
  if (onDuty !== true || id === undefined || known.unread('duty:')) return;
  const takesTurns = entries.duty.some(
    ({ value }) =>
      value.rotation?.people?.includes(id) === true ||
      value.onDaysOff?.includes(id) === true ||
      Object.values(value.days ?? {}).some((who) => (typeof who === 'string' ? who === id : who?.includes(id) === true)),
  );
  if (!takesTurns)
    note(entry, ['onDuty'], 'is in no rotation under duty, so it would never hear anything; add it or leave onDuty out');
}

function checkDuty(entries: Entries, known: Known, note: Note): void {
  for (const entry of entries.duty) {
    const { rotation, holidays, makeUpDays, onDaysOff } = entry.value;
    const people = (ids: readonly (string | undefined)[] | undefined, at: Path): void =>
      ids?.forEach((id, i) => {
        if (id !== undefined && !known.person(id)) note(entry, [...at, i], noPerson(id, entries));
      });
    people(rotation?.people, ['rotation', 'people']);
    people(onDaysOff, ['onDaysOff']);
    for (const [day, who] of Object.entries(entry.value.days ?? {})) {
      if (typeof who !== 'string') people(who, ['days', day]);
      else if (!known.person(who)) note(entry, ['days', day], noPerson(who, entries));
    }
    holidays?.forEach((holiday, i) => {
      if (!holiday) return;
      const { from, to } = holiday;
      if (from !== undefined && to !== undefined && to < from)
        note(entry, ['holidays', i, 'to'], `must not be before from, ${from}`);
      const before = holidays.slice(0, i).find((other) => other !== undefined && meet(other, holiday));
      if (before) note(entry, ['holidays', i, 'from'], `overlaps ${before.name}, ${before.from} to ${before.to}`);
    });
    makeUpDays?.forEach((day, i) => {
      if (day === undefined) return;
      const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
      if (weekday !== 0 && weekday !== 6)
        note(entry, ['makeUpDays', i], `${day} is no Saturday or Sunday, so it is worked anyway`);
      const holiday = holidays?.find((one) => one !== undefined && meet(one, { from: day, to: day }));
      if (holiday) note(entry, ['makeUpDays', i], `${day} lies in the holiday ${holiday.name}`);
      if (makeUpDays.indexOf(day) < i) note(entry, ['makeUpDays', i], `${day} is already in the list`);
    });
  }
}

function checkNotices(entries: Entries, note: Note): void {
  for (const entry of entries.notices) {
    const { quietHours, path } = entry.value;
    if (quietHours?.from !== undefined && quietHours.from === quietHours.to)
      note(entry, ['quietHours', 'to'], 'must differ from from; write quietHours: null for none');
    const [every, unproven] = [path?.everyDays, path?.unprovenDays];
    if (every !== undefined && unproven !== undefined && unproven <= every)
      note(
        entry,
        ['path', 'unprovenDays'],
        `must be above everyDays, ${every}, or the path is unproven before each test; found ${unproven}`,
      );
  }
}

/** Would a person be told of an alert at a station by the service alone? Maintenance needs the kind by name, or somebody beside the ladder. */
function hears(
  person: Loose<PersonEntry>,
  station: Loose<StationEntry>,
  kind: AlertKind,
  severity: Severity,
  reach: string,
): boolean {
  if (person.level === 'above') return false;
  return (person.hears ?? []).some(
    (entry) =>
      entry !== undefined &&
      (!entry.media || (station.medium !== undefined && entry.media.includes(station.medium))) &&
      (!entry.villages || (typeof station.village === 'string' && entry.villages.includes(station.village))) &&
      (!entry.reaches || entry.reaches.includes(reach)) &&
      (!entry.stations || (station.id !== undefined && entry.stations.includes(station.id))) &&
      (!entry.severities || entry.severities.includes(severity)) &&
      (entry.kinds ? entry.kinds.includes(kind) : !isMaintenance(kind) || typeof person.step !== 'number'),
  );
}

/** An alert that nobody is told of is worse than none: the office would rely on it. */
function checkHeard(entries: Entries, known: Known, note: Note): void {
  if (entries.people.length === 0 || known.unread('people:')) return;
  const off = new Set(entries.rules.flatMap(({ value }) => (value.enabled === false ? [value.kind] : [])));
  const kinds = ALERT_KINDS.filter((kind) => kind !== 'service' && !off.has(kind));
  // The former form of the limit rule named the media that alarm at all; the others were never asked for a listener.
  const asked = entries.rules.flatMap(({ value }) => (value.kind === 'limit' && !value.shapes && value.media) || []);
  for (const station of entries.stations) {
    const { medium, active, reach } = station.value;
    if (active === false || !medium || (asked.length > 0 && !asked.includes(medium))) continue;
    const id = entries.reaches.find(({ value }) => value.name === reach)?.value.id ?? reach ?? '';
    const unheard = SEVERITIES.map((severity) => ({
      severity,
      kinds: kinds.filter((kind) => !entries.people.some(({ value }) => hears(value, station.value, kind, severity, id))),
    })).filter((one) => one.kinds.length > 0);
    if (unheard.length === 0) continue;
    const some = [...new Set(unheard.flatMap((one) => one.kinds))];
    const which = some.length === kinds.length ? '' : `kind ${some.join(', ')} and `;
    const severities = unheard.map(({ severity }) => severity).join(', ');
    note(station, [], `nobody under people hears its alerts of ${which}severity ${severities}; add a matching hears entry`);
  }
}
