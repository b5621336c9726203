/** Do the standards and their limits hold together? */
import type { Entries, LimitOf } from './entries.js';
import { listed, type Known, type Note } from './findings.js';
import { quote } from './faults.js';

/** Units of the legal texts as our parameters print them; a number in another unit would be off by a thousand. */
const PRINTED_UNITS: Readonly<Record<string, string>> = {
  '-': '',
  C: '℃',
  'ug/m3': 'µg/m³',
  'mg/m3': 'mg/m³',
  'Pt-Co degree': '度',
  'MPN or CFU/100mL': 'MPN/100mL',
  'MPN or CFU/mL': 'CFU/mL',
};

/** Checks every standard and every limit of every file. */
export function checkLimits(entries: Entries, known: Known, note: Note): void {
  const standardFiles = new Set(entries.standards.map(({ file }) => file));
  const orphans = new Set(entries.limits.filter(({ file }) => !standardFiles.has(file)).map(({ file }) => file));
  for (const file of orphans)
    note({ file, path: ['limits'] }, [], 'needs a `standard` in the same file that says which text these limits are from');
  for (const standard of entries.standards) {
    if (!entries.limits.some(({ file }) => file === standard.file)) {
      note(
        { file: standard.file, path: ['limits'] },
        [],
        'missing or empty; a `standard` needs the list of its limits beside it',
      );
    }
  }

  const units = new Map(entries.parameters.map(({ value }) => [value.code, value.unit]));
  const seen = new Map<string, LimitOf[]>();
  for (const limit of entries.limits) {
    checkNumber(limit, note);
    const { parameter, unit, grade, confirmed, validFrom, validTo, decimals, comparison } = limit.value;
    if (validFrom && validTo && validFrom > validTo)
      note(limit, ['validTo'], `must not be before validFrom ${validFrom}; found ${quote(validTo)}`);
    if (confirmed && grade && grade !== 'transcribed')
      note(limit, ['confirmed'], `only a transcribed limit waits for confirmation; this one is ${grade}`);
    if (decimals !== undefined && comparison === 'full')
      note(limit, ['decimals'], 'a limit compared in full is not rounded; leave decimals out');
    if (parameter === undefined) continue;
    if (!known.parameter(parameter)) {
      note(limit, ['parameter'], `no parameter ${quote(parameter)}; ${listed(units.keys())}`);
      continue;
    }
    const ours = units.get(parameter);
    if (grade !== 'placeholder' && unit !== undefined && ours !== undefined && (PRINTED_UNITS[unit] ?? unit) !== ours) {
      note(
        limit,
        ['unit'],
        `${quote(unit)} is not the unit of ${parameter} (${quote(ours)}); the number must be in the parameter's unit`,
      );
    }
    checkDouble(limit, seen, note);
  }
}

/** The number must have the shape its operator asks for. */
function checkNumber(entry: LimitOf, note: Note): void {
  const { operator, limit } = entry.value;
  switch (operator) {
    case '<=':
    case '>=':
      if (limit === undefined) note(entry, ['limit'], `missing; ${operator} needs one number in quotes, e.g. "1.0"`);
      else if (typeof limit !== 'string') note(entry, ['limit'], `${operator} needs one number, e.g. "1.0"; found a list`);
      return;
    case 'between': {
      if (limit === undefined || typeof limit === 'string') {
        note(entry, ['limit'], `between needs two numbers in quotes, e.g. ["6", "9"]; found ${quote(limit)}`);
        return;
      }
      const [low, high] = limit;
      if (Number(low) >= Number(high))
        note(entry, ['limit'], `the first number must be below the second; found ${low} and ${high}`);
      return;
    }
    case 'not_detected':
    case 'none':
      if (limit !== undefined) note(entry, ['limit'], `${operator} has no number; leave limit out`);
      return;
    case undefined:
      return;
  }
}

/** Two limits that say the same thing of the same days: nobody could tell which one binds. */
function checkDouble(limit: LimitOf, seen: Map<string, LimitOf[]>, note: Note): void {
  const { value, standard } = limit;
  if (value.grade === 'placeholder') return;
  const key = [standard, value.parameter, value.class, value.operator, value.averaging, value.condition, value.waterBody].join(
    '|',
  );
  const from = value.validFrom ?? '';
  const to = value.validTo ?? '9999';
  const other = seen.get(key)?.find((one) => (one.value.validFrom ?? '') <= to && from <= (one.value.validTo ?? '9999'));
  if (other) {
    const place = `${other.file} limits[${String(other.path.at(-1))}]`;
    note(limit, [], `says the same as ${place} for the same days; give each its own validFrom and validTo, or take one out`);
  }
  seen.set(key, [...(seen.get(key) ?? []), limit]);
}
