/** Do the rules refer to what is there, and could each of them ever say something? */
import type { Entries, Entry, Loose } from './entries.js';
import { quote, type Path } from './faults.js';
import { listed, type Known, type Note } from './findings.js';
import { ROLES_OF } from './schema.js';
import { SEVERE_KEYS, type RuleEntry, type SevereEntry, type ShapeEntry } from './schema-rules.js';

type Rule = Loose<RuleEntry>;
type LimitEntry = Extract<Rule, { readonly kind?: 'limit' | undefined }>;

/** Keys of the former form of the limit rule, which has no shapes. */
const FORMER = ['media', 'except', 'open', 'clear'] as const;

/** Checks every rule of every file. */
export function checkRules(entries: Entries, known: Known, note: Note): void {
  const before = new Set<string>();
  for (const entry of entries.rules) {
    const rule = entry.value;
    if (rule.kind === undefined) continue;
    if (before.has(rule.kind)) {
      const how = rule.kind === 'limit' ? 'write its shapes in one list' : 'leave one out';
      note(entry, ['kind'], `there may be one rule of kind ${rule.kind}; ${how}`);
    }
    before.add(rule.kind);
    const names = references(entries, known, (below, message) => note(entry, below, message));
    switch (rule.kind) {
      case 'limit':
        names.parameters(rule.except, ['except']);
        checkForm(entry, rule, note);
        rule.shapes?.forEach((shape, i) => {
          if (!shape) return;
          names.parameters(shape.parameters, ['shapes', i, 'parameters']);
          names.stations(shape.stations, ['shapes', i, 'stations']);
          checkShape(shape, entries, (below, message) => note(entry, ['shapes', i, ...below], message));
        });
        break;
      case 'trend':
        names.parameters(rule.parameters, ['parameters']);
        names.stations(rule.stations, ['stations']);
        break;
      case 'upstream':
      case 'regional':
        names.parameters(rule.parameters, ['parameters']);
        break;
      case 'rain':
        names.parameters(rule.parameters, ['parameters']);
        if (rule.gauge !== undefined) names.parameters([rule.gauge], []);
        break;
      case 'verdict':
      case 'target':
      case 'no-data':
      case 'sensor':
      case 'service':
        break;
    }
  }
}

/** Notes a fault below the rule at hand. */
type Say = (below: Path, message: string) => void;
type Names = readonly (string | undefined)[] | undefined;

function references(entries: Entries, known: Known, say: Say) {
  const check = (names: Names, at: Path, is: (name: string) => boolean, what: string, all: () => string): void =>
    names?.forEach((name, i) => {
      if (name !== undefined && !is(name)) say(at.length === 0 ? ['gauge'] : [...at, i], `no ${what} ${quote(name)}; ${all()}`);
    });
  const ofParameters = (): string => listed(entries.parameters.map(({ value }) => value.code));
  const ofStations = (): string => listed(entries.stations.map(({ value }) => value.id));
  return {
    parameters: (names: Names, at: Path): void => check(names, at, known.parameter, 'parameter', ofParameters),
    stations: (names: Names, at: Path): void => check(names, at, known.station, 'station', ofStations),
  };
}

/** The limit rule is written with shapes, or in its former form, or not at all; not half of one. */
function checkForm(entry: Entry<RuleEntry>, rule: LimitEntry, note: Note): void {
  const former = FORMER.filter((key) => rule[key] !== undefined);
  if (former.length === 0) return;
  if (rule.shapes !== undefined) {
    note(entry, [former[0]!], `${former.join(', ')} is the former form; with shapes, write it into each shape`);
    return;
  }
  for (const key of ['media', 'open', 'clear'] as const)
    if (rule[key] === undefined)
      note(entry, [key], `missing; the former form needs media, open and clear, the present one has shapes`);
}

function checkShape(shape: Loose<ShapeEntry>, entries: Entries, say: Say): void {
  const { media, warning } = shape;
  shape.roles?.forEach((role, j) => {
    if (role && media && !media.some((medium) => medium && ROLES_OF[medium].includes(role)))
      say(['roles', j], `${role} is a role of none of the media ${media.join(', ')}; the shape would hold nothing`);
  });
  if (warning?.by === 'outside' && warning.low !== undefined && warning.high !== undefined && warning.low >= warning.high)
    say(['warning', 'low'], `must be below high, ${warning.high}; found ${warning.low}`);
  shape.severe?.forEach((one, j) => {
    if (one) checkSevere(one, entries, (below, message) => say(['severe', j, ...below], message));
  });
}

function checkSevere(one: Loose<SevereEntry>, entries: Entries, say: Say): void {
  const keys = SEVERE_KEYS.filter((key) => one[key] !== undefined);
  if (keys.length !== 1) say([], `must have exactly one of ${SEVERE_KEYS.join(', ')}; it has ${keys.join(', ') || 'none'}`);
  const [key] = keys;
  if (one.minutes !== undefined && (key === 'beyondClass' || key === 'times'))
    say(['minutes'], `only below, above and atMost may have to last; leave it out`);
  if (one.withFlow !== undefined && key !== 'atMost') say(['withFlow'], 'goes with atMost only; leave it out');
  const { beyondClass } = one;
  if (beyondClass !== undefined && !entries.limits.some(({ value }) => value.class === beyondClass))
    say(['beyondClass'], `no limit is of class ${quote(beyondClass)}; ${listed(entries.limits.map(({ value }) => value.class))}`);
}
