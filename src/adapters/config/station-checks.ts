/** Can every station be judged as the config says? */
import type { Entries, Entry, LimitOf } from './entries.js';
import { listed, type Known, type Note } from './findings.js';
import { quote } from './faults.js';
import { DECIDED_CONDITIONS, NAMED_CONDITIONS, RELAXATION, ROLES_OF, type StationEntry } from './schema.js';

/** Residuals of disinfection: which limit binds depends on the disinfectant. */
const RESIDUALS: readonly string[] = ['cl2', 'tcl2', 'clo2', 'ozone'];
/** A small centralised supply (GB 5749-2022): below one of these. */
const SMALL_CAPACITY = 1000;
const SMALL_POPULATION = 10_000;

type Station = Entry<StationEntry>;

/** Checks every station of every file. */
export function checkStations(entries: Entries, known: Known, note: Note): void {
  const orders = new Map<string, string>();
  for (const station of entries.stations) {
    checkPlace(station, orders, note);
    checkParameters(station, entries, known, note);
    checkBinding(station, entries, known, note);
    checkDisinfection(station, note);
    checkDust(station, entries, known, note);
  }
}

function checkPlace(station: Station, orders: Map<string, string>, note: Note): void {
  const { id, medium, role, reach, order, active, inactiveReason } = station.value;
  if (medium && role && !ROLES_OF[medium].includes(role)) {
    note(station, ['role'], `${role} is not a role of ${medium}; its roles are ${ROLES_OF[medium].join(', ')}`);
  }
  if (active === false && inactiveReason === undefined)
    note(station, ['inactiveReason'], 'missing; an inactive station says why');
  if (active !== false && inactiveReason !== undefined)
    note(station, ['inactiveReason'], 'only an inactive station has a reason; set active: false');
  if (medium !== 'surface-water') return;
  if (!reach) note(station, ['reach'], 'missing; a section names the reach it lies on');
  if (order === undefined) note(station, ['order'], 'missing; a section has its place in the flow, inflow first: 1, 2, 3 …');
  if (!reach || order === undefined) return;
  const taken = orders.get(`${reach}|${order}`);
  if (taken !== undefined)
    note(station, ['order'], `${order} is already the place of ${taken} on ${reach}; count along the flow`);
  orders.set(`${reach}|${order}`, id ?? 'another section');
}

function checkParameters(station: Station, entries: Entries, known: Known, note: Note): void {
  const seen = new Set<string>();
  station.value.parameters?.forEach((item, i) => {
    const code = item?.parameter;
    if (code === undefined) return;
    if (!known.parameter(code)) {
      const meant = entries.parameters.find(({ value }) => value.aliases?.includes(code))?.value.code;
      const hint =
        meant === undefined ? listed(entries.parameters.map(({ value }) => value.code)) : `it is an alias, write ${meant}`;
      note(station, ['parameters', i, 'parameter'], `no parameter ${quote(code)}; ${hint}`);
    }
    if (seen.has(code)) note(station, ['parameters', i, 'parameter'], `${code} is listed twice at this station`);
    seen.add(code);
  });
}

function checkBinding(station: Station, entries: Entries, known: Known, note: Note): void {
  const { binding, medium } = station.value;
  if (!binding) return;
  binding.texts?.forEach((text, i) => {
    if (text === undefined) return;
    const at = ['binding', 'texts', i];
    if (!known.standard(text)) {
      note(station, at, `no standard ${quote(text)}; ${listed(entries.standards.map(({ value }) => value.id))}`);
      return;
    }
    if (known.unread(text)) return;
    const limits = entries.limits.filter(({ standard, value }) => standard === text && value.grade !== 'placeholder');
    if (limits.length === 0) note(station, at, `${text} has no limit that is loaded (a placeholder never is)`);
    const media = entries.standards.find(({ value }) => value.id === text)?.value.media;
    if (media && medium && !media.includes(medium)) note(station, at, `${text} speaks of ${media.join(', ')}, not of ${medium}`);
    if (limits.length > 0) checkClass(station, text, limits, note);
  });
  checkConditions(station, entries, note);
}

function checkClass(station: Station, text: string, limits: readonly LimitOf[], note: Note): void {
  const { binding } = station.value;
  const classes = new Set(limits.map(({ value }) => value.class).filter((name) => name !== undefined));
  const wanted = binding?.class ?? null;
  if (wanted === null && classes.size > 0) {
    note(station, ['binding', 'class'], `missing; ${text} has the classes ${[...classes].join(', ')}`);
  }
  if (wanted !== null && !classes.has(wanted)) {
    const right = classes.size > 0 ? `its classes are ${[...classes].join(', ')}` : 'it knows no classes, leave class out';
    note(station, ['binding', 'class'], `${text} has no loaded limit of class ${quote(wanted)}; ${right}`);
  }
}

/** Conditions that Heqing decides are not for the operator; those that only the operator knows must be told. */
function checkConditions(station: Station, entries: Entries, note: Note): void {
  const { binding, parameters } = station.value;
  const named = binding?.conditions ?? [];
  named.forEach((condition, i) => {
    const at = ['binding', 'conditions', i];
    if (condition === RELAXATION)
      note(station, at, 'is not named here; give the station a `relaxation` with capacity, population and reason');
    else if (DECIDED_CONDITIONS.some((one) => one === condition))
      note(station, at, 'is decided by the service from role and water temperature; take it out');
  });
  const dates = NAMED_CONDITIONS.filter((condition) => named.includes(condition));
  if (dates.length > 1) note(station, ['binding', 'conditions'], `a works was built once: ${dates.join(' or ')}, not both`);
  const measured = new Set(parameters?.map((item) => item?.parameter));
  const depends = entries.limits.find(
    ({ standard, value }) =>
      standard !== undefined &&
      binding?.texts?.includes(standard) &&
      value.class === (binding.class ?? undefined) &&
      measured.has(value.parameter) &&
      NAMED_CONDITIONS.some((condition) => condition === value.condition),
  );
  if (depends && dates.length === 0) {
    note(
      station,
      ['binding', 'conditions'],
      `missing; the limit of ${depends.value.parameter} depends on it: ${NAMED_CONDITIONS.join(' or ')}`,
    );
  }
}

function checkDisinfection(station: Station, note: Note): void {
  const { medium, disinfectant, relaxation, binding, parameters } = station.value;
  const residual = parameters?.find((item) => item?.parameter !== undefined && RESIDUALS.includes(item.parameter))?.parameter;
  if (medium === 'drinking-water' && residual !== undefined && disinfectant === undefined) {
    note(
      station,
      ['disinfectant'],
      `missing; the limits of ${residual} depend on it: free-chlorine, total-chlorine, chlorine-dioxide or ozone`,
    );
  }
  if (medium && medium !== 'drinking-water') {
    if (disinfectant !== undefined) note(station, ['disinfectant'], `belongs to drinking water; this station is ${medium}`);
    if (relaxation !== undefined) note(station, ['relaxation'], `belongs to drinking water; this station is ${medium}`);
  }
  if (!relaxation) return;
  if (!binding) note(station, ['relaxation'], 'relaxes a text; give the station a `binding`');
  const { capacity, population } = relaxation;
  if (capacity !== undefined && population !== undefined && capacity >= SMALL_CAPACITY && population >= SMALL_POPULATION) {
    note(
      station,
      ['relaxation'],
      `only a small supply is relaxed: below ${SMALL_CAPACITY} m³/d or below ${SMALL_POPULATION} people (GB 5749-2022)`,
    );
  }
}

function checkDust(station: Station, entries: Entries, known: Known, note: Note): void {
  const { id, medium, dustRules, parameters } = station.value;
  if (!dustRules) return;
  if (medium && medium !== 'dust') note(station, ['dustRules'], `belong to dust; this station is ${medium}`);
  dustRules.forEach((rule, i) => {
    if (!rule) return;
    const { parameter, windowMinutes, background } = rule;
    const own = parameters?.find((item) => item?.parameter === parameter);
    if (parameter !== undefined && parameters && !own) {
      note(
        station,
        ['dustRules', i, 'parameter'],
        `${quote(parameter)} is not measured at this station; ${listed(parameters.map((p) => p?.parameter))}`,
      );
    }
    if (windowMinutes !== undefined && 1440 % windowMinutes !== 0) {
      note(
        station,
        ['dustRules', i, 'windowMinutes'],
        `must divide a day of 1440 minutes, e.g. 15 or 60; found ${windowMinutes}`,
      );
    }
    if (windowMinutes !== undefined && own?.cadence !== undefined && own.cadence > windowMinutes) {
      note(
        station,
        ['dustRules', i, 'windowMinutes'],
        `a window of ${windowMinutes} min is shorter than the cadence of ${parameter}, ${own.cadence} min`,
      );
    }
    if (!background || background === id) {
      if (background) note(station, ['dustRules', i, 'background'], 'a station is not its own background');
      return;
    }
    const at = ['dustRules', i, 'background'];
    const other = entries.stations.find(({ value }) => value.id === background)?.value;
    if (!known.station(background))
      note(station, at, `no station ${quote(background)}; ${listed(entries.stations.map(({ value }) => value.id))}`);
    else if (other?.active === false) note(station, at, `${background} is inactive and measures nothing to subtract`);
    else if (other?.parameters && parameter !== undefined && !other.parameters.some((item) => item?.parameter === parameter)) {
      note(station, at, `${background} does not measure ${parameter}`);
    }
  });
}
