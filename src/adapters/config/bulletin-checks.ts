/** Is every bulletin asked for once, of a target that fits, and for people who are there? */
import type { Entries } from './entries.js';
import { quote } from './faults.js';
import { listed, type Known, type Note } from './findings.js';

/** Each kind once, its target and people by names that are there. */
export function checkBulletins(entries: Entries, known: Known, note: Note): void {
  const seen = new Map<string, string>();
  for (const entry of entries.bulletins) {
    const { kind, target, to, on, day } = entry.value;
    if (kind === undefined) continue;
    const before = seen.get(kind);
    if (before !== undefined) note(entry, ['kind'], `the bulletin ${quote(kind)} is already in ${before}; each kind stands once`);
    seen.set(kind, before ?? entry.file);
    const isMonth = kind === 'river-month' || kind === 'drinking-month';
    if (isMonth) checkTarget(entry, entries, known, note);
    else if (typeof target === 'string')
      note(entry, ['target'], `a bulletin of kind ${kind} tells of every target; leave it out`);
    if (on !== undefined && kind !== 'week') note(entry, ['on'], 'only a bulletin of kind week has a weekday; leave it out');
    if (day !== undefined && !isMonth) note(entry, ['day'], 'only a bulletin of a month has a day; leave it out');
    to?.forEach((name, i) => {
      const isNamed = entries.people.some(({ value }) => value.name === name);
      if (name !== undefined && !isNamed && !known.person(name))
        note(entry, ['to', i], `no person ${quote(name)}; ${listed(entries.people.map(({ value }) => value.id))}`);
    });
  }
}

const MEDIA_OF = { 'river-month': 'surface-water', 'drinking-month': 'drinking-water' } as const;

function checkTarget(entry: Entries['bulletins'][number], entries: Entries, known: Known, note: Note): void {
  const { kind, target } = entry.value;
  if (kind !== 'river-month' && kind !== 'drinking-month') return;
  const medium = MEDIA_OF[kind];
  const fit = entries.targets.filter(({ value }) => value.medium === medium);
  const ids = listed(fit.map(({ value }) => value.id));
  if (typeof target !== 'string') note(entry, ['target'], `missing; the target of ${medium} whose rate it tells: ${ids}`);
  else if (!fit.some(({ value }) => value.id === target) && !known.unread(target))
    note(entry, ['target'], `no target ${quote(target)} of ${medium}; ${ids}`);
}
