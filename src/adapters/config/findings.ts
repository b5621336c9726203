/** What does a check across files note down, and which references may it trust? */
import type { Entries, Place } from './entries.js';
import type { Path } from './faults.js';

/** A fault found by comparing entries. */
export interface Finding extends Place {
  readonly message: string;
}

/** Notes a fault below an entry. */
export type Note = (entry: Place, below: Path, message: string) => void;

/** The names that entries may refer to. */
export interface Known {
  readonly parameter: (code: string) => boolean;
  readonly station: (id: string) => boolean;
  readonly village: (name: string) => boolean;
  readonly person: (id: string) => boolean;
  readonly standard: (id: string) => boolean;
  /** Does a file that could not be read mention it? Then nobody can say that it is missing. */
  readonly unread: (name: string) => boolean;
}

/** The names in all files; what an unreadable file mentions counts as known. */
export function knownNames(entries: Entries, unreadTexts: readonly string[]): Known {
  const unread = (name: string): boolean => unreadTexts.some((text) => text.includes(name));
  const among = (names: Iterable<string | null | undefined>): ((name: string) => boolean) => {
    const set = new Set(names);
    return (name) => set.has(name) || unread(name);
  };
  return {
    parameter: among(entries.parameters.map(({ value }) => value.code)),
    station: among(entries.stations.map(({ value }) => value.id)),
    village: among(entries.stations.map(({ value }) => value.village)),
    person: among(entries.people.map(({ value }) => value.id)),
    standard: among(entries.standards.map(({ value }) => value.id)),
    unread,
  };
}

/** The known names as a fault lists them: all of a few, the first of many. */
export function listed(names: Iterable<string | null | undefined>): string {
  const all = [...new Set(names)].filter((name): name is string => typeof name === 'string');
  if (all.length === 0) return 'there are none';
  return all.length <= 30 ? `there are ${all.join(', ')}` : `there are ${all.slice(0, 30).join(', ')} … (${all.length})`;
}
