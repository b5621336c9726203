/** Which keys say which bulletins (报表) are made, when, and for whom? */
import { z } from 'zod';
import { BULLETIN_KINDS } from '../../domain/bulletins/bulletin.js';
import type { BulletinSettings } from '../../domain/bulletins/settings.js';
import type { Entries } from './entries.js';
import { clock, count, id, text } from './fields.js';
import { listed, type Known, type Note } from './findings.js';
import { quote } from './faults.js';
import { mapping } from './mapping.js';

const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

export const bulletinEntry = mapping({
  kind: z.enum(BULLETIN_KINDS),
  title: text,
  /** Of a month: whose rate it tells. */
  target: id.nullish(),
  at: clock,
  /** Of a week. */
  on: z.enum(DAYS).optional(),
  /** Of a month: the day of the next one on which an unsigned month leaves as a draft. */
  day: count(1, 28).optional(),
  /** Ids of people, or their names. */
  to: z.array(text),
  template: z
    .string()
    .regex(/^[^/\\]+\.docx$/i, 'must be the name of a .docx file below templates/, without a path')
    .nullish(),
});
export type BulletinEntry = z.infer<typeof bulletinEntry>;

/** Monday, and the third of the month: two days to review what came last. */
const USUAL = { on: 'monday', day: 3 } as const;

/** An entry with what was left out; `people`: ids by id and by name. */
export function toBulletin(entry: BulletinEntry, people: ReadonlyMap<string, string>): BulletinSettings {
  return {
    kind: entry.kind,
    title: entry.title,
    target: entry.target ?? null,
    at: entry.at,
    weekday: DAYS.indexOf(entry.on ?? USUAL.on) + 1,
    day: entry.day ?? USUAL.day,
    to: [...new Set(entry.to.flatMap((name) => people.get(name) ?? []))],
    template: entry.template ?? null,
  };
}

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
