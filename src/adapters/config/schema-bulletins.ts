/** Which keys say which bulletins (报表) are made, when, and for whom? */
import { z } from 'zod';
import { BULLETIN_KINDS } from '../../domain/bulletins/bulletin.js';
import type { BulletinSettings } from '../../domain/bulletins/settings.js';
import { clock, count, id, text } from './fields.js';
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
