/** Do the checks of the files refer to what is there, and make sense? */
import type { CheckSettings } from './check-settings.js';
import type { Entries, Loose, Place } from './entries.js';
import { quote, type Path } from './faults.js';
import { listed, type Known, type Note } from './findings.js';

/** Faults of the checks that no single entry shows. */
export function checkCheckSettings(entries: Entries, known: Known, note: Note): void {
  const seen = new Map<string, string>();
  const all = entries.parameters.map(({ value }) => value.code);
  const checkOne = (place: Place, at: Path, own: string | undefined, set: Loose<CheckSettings>): void => {
    const { flatLine, partOf, interference } = set;
    const refer = (code: string | undefined, key: Path): void => {
      if (code === undefined) return;
      if (code === own) note(place, [...at, ...key], `${code} cannot be held against itself`);
      else if (!known.parameter(code)) note(place, [...at, ...key], `no parameter ${quote(code)}; ${listed(all)}`);
    };
    refer(partOf, ['partOf']);
    if (typeof interference === 'object') refer(interference.by, ['interference', 'by']);
    if (typeof flatLine !== 'object') return;
    const { suspectHours, failHours } = flatLine;
    if (suspectHours !== undefined && failHours !== undefined && failHours <= suspectHours)
      note(place, [...at, 'flatLine', 'failHours'], `must be above suspectHours, ${suspectHours}; found ${failHours}`);
  };
  for (const entry of entries.checks) {
    const { parameter, ...set } = entry.value;
    if (parameter !== undefined) {
      if (!known.parameter(parameter)) note(entry, ['parameter'], `no parameter ${quote(parameter)}; ${listed(all)}`);
      const before = seen.get(parameter);
      if (before !== undefined)
        note(entry, ['parameter'], `the checks of ${parameter} are already in ${before}; they may stand only once`);
      seen.set(parameter, entry.file);
    }
    checkOne(entry, [], parameter, set);
  }
  for (const station of entries.stations) {
    station.value.parameters?.forEach((item, i) => {
      if (item?.checks) checkOne(station, ['parameters', i, 'checks'], item.parameter, item.checks);
    });
  }
}
