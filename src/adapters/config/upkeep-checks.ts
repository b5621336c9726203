/** Does every tolerance say one thing of a parameter that is there, and is every task planned once? */
import type { Entries, Loose } from './entries.js';
import { quote, type Path } from './faults.js';
import { listed, type Known, type Note } from './findings.js';
import type { Place } from './entries.js';
import type { PlannedTasks } from './schema-upkeep.js';

/** Checks comparisons and maintenance plans of every file. */
export function checkUpkeep(entries: Entries, known: Known, note: Note): void {
  for (const entry of entries.comparison)
    entry.value.tolerances?.forEach((tolerance, i) => {
      if (!tolerance) return;
      const { parameter, media, bands } = tolerance;
      const at: Path = ['tolerances', i];
      if (parameter !== undefined && !known.parameter(parameter))
        note(
          entry,
          [...at, 'parameter'],
          `no parameter ${quote(parameter)}; ${listed(entries.parameters.map(({ value }) => value.code))}`,
        );
      const before = entry.value.tolerances
        ?.slice(0, i)
        .find((other) => other?.parameter === parameter && other?.media?.some((medium) => media?.includes(medium)));
      if (before && parameter !== undefined)
        note(entry, [...at, 'parameter'], `${parameter} already has a tolerance in one of these media`);
      let last = 0;
      bands?.forEach((band, j) => {
        if (!band) return;
        const kinds = [band.relative, band.absolute, band.both].filter((kind) => kind !== undefined).length;
        if (kinds !== 1) note(entry, [...at, 'bands', j], 'must have exactly one of relative (percent), absolute and both: true');
        if (band.upTo !== undefined && band.upTo <= last)
          note(entry, [...at, 'bands', j, 'upTo'], `must be above the band before, ${last}; found ${band.upTo}`);
        if (band.upTo === undefined && j < bands.length - 1)
          note(entry, [...at, 'bands', j, 'upTo'], 'missing; only the last band has no end');
        last = band.upTo ?? last;
      });
      const end = bands?.at(-1);
      if (end && (end.upTo !== undefined || end.both !== undefined))
        note(entry, [...at, 'bands', bands!.length - 1], 'the last band must have no upTo and say relative or absolute');
    });
  for (const entry of entries.upkeep)
    for (const [medium, tasks] of Object.entries(entry.value)) checkTwice(entry, [medium], tasks, note);
  for (const entry of entries.stations) checkTwice(entry, ['upkeep'], entry.value.upkeep, note);
}

function checkTwice(entry: Place, at: Path, tasks: Loose<PlannedTasks> | undefined, note: Note): void {
  tasks?.forEach((one, i) => {
    const before = tasks.slice(0, i).some((other) => other?.task === one?.task);
    if (one?.task !== undefined && before) note(entry, [...at, i, 'task'], `${one.task} is already in the list`);
  });
}
