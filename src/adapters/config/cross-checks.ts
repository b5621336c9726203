/** Do the files agree with each other? Faults that no single file shows. */
import type { Basis } from '../../domain/site.js';
import type { WindowKind } from '../../domain/time.js';
import { checkCheckSettings } from './check-faults.js';
import type { Entries, Entry, Place } from './entries.js';
import { quote, type Path } from './faults.js';
import { knownNames, listed, type Finding, type Known, type Note } from './findings.js';
import { checkLimits } from './limit-checks.js';
import { checkPeople } from './people-checks.js';
import { checkUpkeep } from './upkeep-checks.js';
import { checkRules } from './rule-checks.js';
import { checkBulletins } from './bulletin-checks.js';
import { ROLES_OF, type ParameterEntry } from './schema.js';
import { checkStations } from './station-checks.js';

/** The windows in which a rate of a basis can be counted. */
const WINDOWS_OF: Readonly<Record<Basis, readonly WindowKind[]>> = {
  section: ['month', 'quarter', 'year'],
  'section-month': ['month'],
  'station-time': ['hour', 'day', 'month', 'quarter', 'year', 'rule'],
  sample: ['sample'],
};
/** From fine to coarse; windows outside the list compare with none. */
const COARSENESS: readonly WindowKind[] = ['hour', 'day', 'month', 'quarter', 'year'];

/** Every fault found by comparing entries. `unread` are the texts of files that could not be read. */
export function crossChecks(entries: Entries, unread: readonly string[]): Finding[] {
  const findings: Finding[] = [];
  const note: Note = ({ file, path }, below, message) => findings.push({ file, path: [...path, ...below], message });
  const known = knownNames(entries, unread);
  checkDoubles(entries, note);
  checkParameters(entries, note);
  checkLimits(entries, known, note);
  checkCheckSettings(entries, known, note);
  checkStations(entries, known, note);
  checkJudging(entries, known, note);
  checkTargets(entries, known, note);
  checkReaches(entries, known, note);
  checkPeople(entries, known, note);
  checkUpkeep(entries, known, note);
  checkRules(entries, known, note);
  checkBulletins(entries, known, note);
  return findings;
}

/** Nothing may be said twice: ids, and what a site has one of. */
function checkDoubles(entries: Entries, note: Note): void {
  const once = (places: readonly (Place & { readonly id: string | undefined; readonly at: Path })[], what: string): void => {
    const first = new Map<string, string>();
    for (const { file, path, id, at } of places) {
      if (id === undefined) continue;
      const before = first.get(id);
      if (before === undefined) first.set(id, file);
      else note({ file, path }, at, `${what} ${quote(id)} is already in ${before}; it may stand only once`);
    }
  };
  const byId = <T extends { id: string }>(list: readonly Entry<T>[]) =>
    list.map((entry) => ({ ...entry, id: (entry.value as { id?: string }).id, at: ['id'] }));
  once(byId(entries.stations), 'station');
  once(byId(entries.standards), 'standard');
  once(byId(entries.targets), 'target');
  once(byId(entries.reaches), 'reach');
  once(
    entries.reaches.map((entry) => ({ ...entry, id: entry.value.name, at: ['name'] })),
    'reach of name',
  );
  once(byId(entries.people), 'person');
  once(byId(entries.rules), 'rule');
  once(byId(entries.channels), 'channel');
  once(
    entries.sites.map((entry) => ({ ...entry, id: 'site', at: [] })),
    'key',
  );
  once(
    entries.settings.map((entry) => ({ ...entry, id: 'settings', at: [] })),
    'key',
  );
  // The roster stands with its people, the holidays may stand apart: each of its keys once.
  once(
    entries.duty.flatMap(({ file, path, value }) => Object.keys(value).map((id) => ({ file, path, id, at: [id] }))),
    'key duty',
  );
  for (const key of ['notices', 'damping', 'comparison', 'upkeep'] as const)
    once(
      entries[key].map((entry) => ({ file: entry.file, path: entry.path, id: key, at: [] })),
      'key',
    );
  once(
    entries.judging.map((entry) => ({ ...entry, id: entry.medium, at: [] })),
    'judging of',
  );
  once(
    entries.stations.flatMap(({ file, path, value }) =>
      (value.dustRules ?? []).map((rule, i) => ({ file, path, id: rule?.id, at: ['dustRules', i, 'id'] })),
    ),
    'dust rule',
  );
}

/** A code or alias must name one parameter only, or a device's value could go to either. */
function checkParameters(entries: Entries, note: Note): void {
  const owner = new Map<string, Entry<ParameterEntry>>();
  for (const entry of entries.parameters) {
    const { code, range, aliases } = entry.value;
    if (range && range[0] !== undefined && range[1] !== undefined && range[0] >= range[1]) {
      note(entry, ['range'], `the first number must be below the second; found ${range[0]} and ${range[1]}`);
    }
    [code, ...(aliases ?? [])].forEach((name, i) => {
      if (name === undefined) return;
      const at = i === 0 ? ['code'] : ['aliases', i - 1];
      const before = owner.get(name);
      if (before)
        note(
          entry,
          at,
          `${quote(name)} already names the parameter ${before.value.code ?? ''} in ${before.file}; it may stand only once`,
        );
      else owner.set(name, entry);
    });
  }
}

/** Which windows one is made of (means first, class second); `null` for those made of readings. */
function madeOf(window: WindowKind | undefined, yearOfDays: boolean): 'day' | 'month' | null {
  if (window === 'month' || (window === 'year' && yearOfDays)) return 'day';
  return window === 'quarter' || window === 'year' ? 'month' : null;
}

function checkJudging(entries: Entries, known: Known, note: Note): void {
  for (const entry of entries.judging) {
    entry.value.items?.forEach((code, i) => {
      if (code !== undefined && !known.parameter(code)) {
        note(entry, ['items', i], `no parameter ${quote(code)}; ${listed(entries.parameters.map(({ value }) => value.code))}`);
      }
    });
    const { slotsPerDay, slotsNeeded, items, windows, yearDaysNeeded } = entry.value;
    windows?.forEach((window, i) => {
      const part = madeOf(window, typeof yearDaysNeeded === 'number');
      if (part !== null && !windows.includes(part))
        note(entry, ['windows', i], `a ${window} is made of its ${part}s; add ${part} to the windows`);
    });
    if (items?.length === 0 && entry.medium !== 'dust')
      note(entry, ['items'], 'must name at least one item; only dust is judged by the rules of its stations alone');
    if (slotsPerDay !== undefined && 1440 % slotsPerDay !== 0)
      note(entry, ['slotsPerDay'], `must divide a day, e.g. 6 or 24; found ${slotsPerDay}`);
    if (slotsPerDay !== undefined && slotsNeeded !== undefined && slotsNeeded > slotsPerDay) {
      note(entry, ['slotsNeeded'], `must not be more than slotsPerDay, ${slotsPerDay}; found ${slotsNeeded}`);
    }
  }
  const judged = new Set(entries.judging.map(({ medium }) => medium));
  for (const station of entries.stations) {
    const { medium } = station.value;
    if (medium && !judged.has(medium) && !known.unread('judging:')) {
      note(station, ['medium'], `nothing says how ${medium} is judged; add it under judging`);
      judged.add(medium);
    }
  }
}

function checkTargets(entries: Entries, known: Known, note: Note): void {
  for (const entry of entries.targets) {
    const { kind, goal, basis, window, process, plan, medium, roles } = entry.value;
    if (kind === 'target' && (goal === undefined || goal === null))
      note(entry, ['goal'], 'missing; a target has a goal in percent, e.g. 100');
    if (kind === 'indicator' && typeof goal === 'number')
      note(entry, ['goal'], 'an indicator has no goal; leave it out or make it a target');
    if (basis && window && !WINDOWS_OF[basis].includes(window)) {
      note(entry, ['window'], `a rate by ${basis} is counted by ${WINDOWS_OF[basis].join(', ')}; found ${quote(window)}`);
    }
    if (window && process && !(COARSENESS.includes(process) && COARSENESS.indexOf(process) < COARSENESS.indexOf(window))) {
      note(entry, ['process'], `the process view must be finer than the window ${window}; found ${quote(process)}`);
    }
    if (plan && basis && basis !== 'sample') note(entry, ['plan'], 'only a target by sample has a sampling plan; leave it out');
    if (!medium) continue;
    const windows = entries.judging.find((judging) => judging.medium === medium)?.value.windows;
    // Laboratory samples are judged one by one, whatever the windows of the instruments.
    if (window && window !== 'sample' && windows && !windows.includes(window)) {
      note(entry, ['window'], `judging.${medium} makes no verdicts by ${window}, only by ${windows.join(', ')}`);
    }
    if (process && windows && !windows.includes(process)) {
      note(entry, ['process'], `judging.${medium} makes no verdicts by ${process}, only by ${windows.join(', ')}`);
    }
    roles?.forEach((role, i) => {
      if (role && !ROLES_OF[medium].includes(role))
        note(entry, ['roles', i], `${role} is not a role of ${medium}; its roles are ${ROLES_OF[medium].join(', ')}`);
    });
    // A station whose medium or role is itself a fault may well be the one that is meant.
    const covered = entries.stations.some(
      ({ value }) =>
        (value.medium ?? medium) === medium &&
        value.active !== false &&
        (value.role === undefined || roles?.includes(value.role)),
    );
    if (roles && !covered && !known.unread('stations:')) {
      note(entry, ['roles'], `covers no active station: there is none of medium ${medium} with role ${roles.join(' or ')}`);
    }
  }
}

/** A reach that no section lies on would say nothing, and a misspelt one would be missed where it is meant. */
function checkReaches(entries: Entries, known: Known, note: Note): void {
  if (known.unread('stations:')) return;
  for (const entry of entries.reaches) {
    const { name } = entry.value;
    if (name !== undefined && !entries.stations.some(({ value }) => value.reach === name)) {
      note(entry, ['name'], `no section lies on ${quote(name)}; ${listed(entries.stations.map(({ value }) => value.reach))}`);
    }
  }
  checkPositions(entries, note);
}

/** How far a section may stand outside the frame of its reach's line, degrees: about 10 km. */
const NEAR = 0.1;

/** A section far from its own river has a slip of the pen in its coordinates, or in the river's. */
function checkPositions(entries: Entries, note: Note): void {
  for (const station of entries.stations) {
    const { position, reach } = station.value;
    const line = entries.reaches.find(({ value }) => value.name === reach)?.value.line;
    if (!Array.isArray(position) || !Array.isArray(line) || !reach) continue;
    // What is not a place at all is told where it stands, and may be anything here.
    const points = (line as unknown[]).filter((point): point is [number, number] => Array.isArray(point));
    const outside = ([0, 1] as const).some((axis) => {
      const along = points.map((point) => point[axis]).filter(Number.isFinite);
      return position[axis] < Math.min(...along) - NEAR || position[axis] > Math.max(...along) + NEAR;
    });
    if (outside)
      note(station, ['position'], `is more than about 10 km away from the line of ${reach}; check both, longitude first`);
  }
}
