/** What do all files together hold, entry by entry, and where did each entry stand? */
import type { ChecksEntry } from './check-settings.js';
import type { Path } from './faults.js';
import type { BulletinEntry } from './schema-bulletins.js';
import type {
  FileContent,
  JudgingEntry,
  LimitEntry,
  ParameterEntry,
  ReachEntry,
  SettingsEntry,
  SiteEntry,
  StandardEntry,
  StationEntry,
  TargetEntry,
} from './schema.js';
import type { ChannelEntry, DutyEntry, NoticesEntry, PersonEntry } from './schema-people.js';
import type { DampingEntry, RuleEntry } from './schema-rules.js';
import type { ComparisonEntry, UpkeepEntry } from './schema-upkeep.js';
import { MEDIA, type Medium } from '../../domain/station.js';

/**
 * An entry of which the faulty parts have been taken out, so that what is left can still be checked against the other
 * files and every fault is told at once.
 */
export type Loose<T> = T extends readonly (infer U)[]
  ? readonly (Loose<U> | undefined)[]
  : T extends object
    ? { readonly [K in keyof T]?: Loose<T[K]> | undefined }
    : T;

/** A place in a file. */
export interface Place {
  readonly file: string;
  readonly path: Path;
}

/** An entry and its place. */
export interface Entry<T> extends Place {
  readonly value: Loose<T>;
}

/** A limit with the text it belongs to. */
export interface LimitOf extends Entry<LimitEntry> {
  /** `undefined` when the file's `standard` is missing or faulty. */
  readonly standard: string | undefined;
}

/** Everything the files hold, merged over all of them. */
export interface Entries {
  readonly sites: readonly Entry<SiteEntry>[];
  readonly parameters: readonly Entry<ParameterEntry>[];
  readonly checks: readonly Entry<ChecksEntry>[];
  readonly stations: readonly Entry<StationEntry>[];
  readonly reaches: readonly Entry<ReachEntry>[];
  readonly standards: readonly Entry<StandardEntry>[];
  readonly limits: readonly LimitOf[];
  readonly judging: readonly (Entry<JudgingEntry> & { readonly medium: Medium })[];
  readonly targets: readonly Entry<TargetEntry>[];
  readonly people: readonly Entry<PersonEntry>[];
  readonly duty: readonly Entry<DutyEntry>[];
  readonly notices: readonly Entry<NoticesEntry>[];
  readonly bulletins: readonly Entry<BulletinEntry>[];
  readonly channels: readonly Entry<ChannelEntry>[];
  readonly rules: readonly Entry<RuleEntry>[];
  readonly damping: readonly Entry<DampingEntry>[];
  readonly comparison: readonly Entry<ComparisonEntry>[];
  readonly upkeep: readonly Entry<UpkeepEntry>[];
  readonly settings: readonly Entry<SettingsEntry>[];
}

/** A file with what is left of it. */
export interface LooseFile {
  readonly file: string;
  readonly content: Loose<FileContent>;
}

/** Merges the files in their order. */
export function collect(files: readonly LooseFile[]): Entries {
  const single = <K extends 'site' | 'standard' | 'settings' | 'duty' | 'notices' | 'damping' | 'comparison' | 'upkeep'>(
    key: K,
  ): Entry<NonNullable<FileContent[K]>>[] =>
    files.flatMap(({ file, content }) => {
      const value = content[key];
      return value ? [{ file, path: [key], value: value as Loose<NonNullable<FileContent[K]>> }] : [];
    });
  const list = <T>(key: keyof FileContent, of: (content: Loose<FileContent>) => readonly (Loose<T> | undefined)[] | undefined) =>
    files.flatMap(({ file, content }) =>
      (of(content) ?? []).flatMap((value, i): Entry<T>[] => (value ? [{ file, path: [key, i], value }] : [])),
    );
  const standardOf = new Map(files.map(({ file, content }) => [file, content.standard?.id]));

  return {
    sites: single('site'),
    parameters: list<ParameterEntry>('parameters', (content) => content.parameters),
    checks: list<ChecksEntry>('checks', (content) => content.checks),
    stations: list<StationEntry>('stations', (content) => content.stations),
    reaches: list<ReachEntry>('reaches', (content) => content.reaches),
    standards: single('standard'),
    limits: list<LimitEntry>('limits', (content) => content.limits).map((entry) => ({
      ...entry,
      standard: standardOf.get(entry.file),
    })),
    judging: files.flatMap(({ file, content }) =>
      MEDIA.flatMap((medium) => {
        const value = content.judging?.[medium];
        return value ? [{ file, path: ['judging', medium], value, medium }] : [];
      }),
    ),
    targets: list<TargetEntry>('targets', (content) => content.targets),
    people: list<PersonEntry>('people', (content) => content.people),
    duty: single('duty'),
    notices: single('notices'),
    bulletins: list<BulletinEntry>('bulletins', (content) => content.bulletins),
    channels: list<ChannelEntry>('channels', (content) => content.channels),
    rules: list<RuleEntry>('rules', (content) => content.rules),
    damping: single('damping'),
    comparison: single('comparison'),
    upkeep: single('upkeep'),
    settings: single('settings'),
  };
}
