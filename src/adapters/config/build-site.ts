/** How do checked files become the site the rest of the service reads? */
import { type BackupSettings, DEFAULT_BACKUP } from '../../domain/backup.js';
import type { Parameter } from '../../domain/parameter.js';
import type { Judging, Reach, Site, Target } from '../../domain/site.js';
import { SATURATION, type Limit } from '../../domain/standards/limit.js';
import { MEDIA, type Medium, type Station } from '../../domain/station.js';
import { buildDuty, buildNotices, toChannel, toPerson } from './build-people.js';
import { toBulletin } from './schema-bulletins.js';
import type { DutyEntry } from './schema-people.js';
import { buildRules } from './build-rules.js';
import { buildComparison, buildUpkeep } from './build-upkeep.js';
import { type ChecksEntry, toChecks } from './check-settings.js';
import { pathText } from './faults.js';
import {
  RELAXATION,
  type FileContent,
  type LimitEntry,
  type SettingsEntry,
  type StandardEntry,
  type StationEntry,
  type TargetEntry,
} from './schema.js';

/** A limit of the files as `check-config` lists it. */
export interface ListedLimit {
  readonly standard: string;
  /** The item's Chinese name. */
  readonly item: string;
  /** Our code; `null` where nothing here measures the item. */
  readonly parameter: string | null;
  readonly class: string | null;
  readonly averaging: string;
  /** As printed: `<= 1.0`, `6 – 9`, `not detected`. */
  readonly number: string;
  readonly citation: string;
  readonly note: string | null;
  readonly file: string;
  /** E.g. `limits[3]`. */
  readonly path: string;
}

/** The site, and what the files hold beside it. Each limit of a file is loaded, a placeholder, or unmeasured. */
export interface Loaded {
  readonly site: Site;
  /** Guesses and other provinces' rules: in the files for whoever looks the number up, never loaded. */
  readonly placeholders: readonly ListedLimit[];
  /** Loaded, but `transcribed` and not confirmed by the office: 限值待确认, no verdicts. */
  readonly unconfirmed: readonly ListedLimit[];
  /** Limits of items that no parameter of the config measures. */
  readonly unmeasured: readonly ListedLimit[];
}

/** A file without faults. */
export interface CheckedFile {
  readonly file: string;
  readonly content: FileContent;
}

/** Builds the site. The files must have passed every check: a missing `site` or `settings` throws. */
export function buildSite(files: readonly CheckedFile[]): Loaded {
  const contents = files.map(({ content }) => content);
  const entry = only(contents.flatMap(({ site }) => site ?? []));
  const settings = only(contents.flatMap((content) => content.settings ?? []));
  const parameters = contents
    .flatMap((content) => content.parameters ?? [])
    .map((p): Parameter => ({ ...p, aliases: p.aliases ?? [] }));
  const checks = new Map(contents.flatMap((content) => content.checks ?? []).map(({ parameter, ...set }) => [parameter, set]));
  const limits = sortLimits(files);
  const stations = inFlowOrder(contents.flatMap((content) => content.stations ?? []).map((s) => toStation(s, checks)));

  const people = contents.flatMap((content) => content.people ?? []).map(toPerson);
  const named = new Map(people.flatMap(({ id, name }) => [[name, id] as const, [id, id] as const]));
  const site: Site = {
    name: entry.name,
    nameEn: entry.nameEn,
    calendar: { offsetMinutes: offsetMinutes(entry.utcOffset) },
    office: entry.office,
    officePhone: entry.officePhone ?? null,
    approver: entry.approver ?? null,
    english: new Map(Object.entries(entry.english ?? {})),
    parameters: new Map(parameters.map((p) => [p.code, p])),
    codes: new Map(parameters.flatMap((p) => [p.code, ...p.aliases].map((name) => [name, p.code] as const))),
    stations: new Map(stations.map((s) => [s.id, s])),
    reaches: toReaches(contents),
    limits: limits.loaded,
    judging: new Map(contents.flatMap(({ judging }) => toJudging(judging ?? {}))),
    targets: contents.flatMap((content) => content.targets ?? []).map(toTarget),
    people,
    duty: buildDuty(Object.assign({}, ...contents.flatMap((content) => content.duty ?? [])) as DutyEntry),
    notices: buildNotices(contents.flatMap((content) => content.notices ?? [])[0]),
    bulletins: contents.flatMap((content) => content.bulletins ?? []).map((entry) => toBulletin(entry, named)),
    channels: contents.flatMap((content) => content.channels ?? []).map(toChannel),
    rules: buildRules(
      contents.flatMap((content) => content.rules ?? []),
      contents.flatMap((content) => content.damping ?? [])[0],
      stations,
    ),
    comparison: buildComparison(contents.flatMap((content) => content.comparison ?? [])[0]),
    upkeep: buildUpkeep(contents.flatMap((content) => content.upkeep ?? [])[0]),
    settings: { ...settings, retentionDays: settings.retentionDays ?? null, backup: backupOf(settings.backup) },
  };
  return { site, placeholders: limits.placeholders, unconfirmed: limits.unconfirmed, unmeasured: limits.unmeasured };
}

function only<T>(list: readonly T[]): T {
  const [first] = list;
  if (first === undefined) throw new Error('buildSite needs files that passed the checks');
  return first;
}

/** `+08:00` as minutes east of UTC. */
function offsetMinutes(text: string): number {
  const minutes = Number(text.slice(1, 3)) * 60 + Number(text.slice(4, 6));
  return text.startsWith('-') ? -minutes : minutes;
}

/** By medium; sections by reach and place in the flow; the rest as written. */
function inFlowOrder(stations: readonly Station[]): Station[] {
  const reaches = [...new Set(stations.map(({ reach }) => reach))];
  const rank = (s: Station): number => MEDIA.indexOf(s.medium);
  return [...stations].sort(
    (a, b) => rank(a) - rank(b) || reaches.indexOf(a.reach) - reaches.indexOf(b.reach) || a.order - b.order,
  );
}

function toStation(s: StationEntry, checks: ReadonlyMap<string, Omit<ChecksEntry, 'parameter'>>): Station {
  const conditions = [...(s.binding?.conditions ?? []), ...(s.relaxation ? [RELAXATION] : [])];
  return {
    id: s.id,
    name: s.name,
    nameEn: s.nameEn,
    medium: s.medium,
    role: s.role,
    village: s.village ?? null,
    reach: s.reach ?? null,
    order: s.order ?? 0,
    active: s.active ?? true,
    inactiveReason: s.inactiveReason ?? null,
    since: s.since ?? null,
    deviceOffsetMinutes: s.deviceOffset === undefined ? null : offsetMinutes(s.deviceOffset),
    binding: s.binding
      ? { texts: s.binding.texts, class: s.binding.class ?? null, conditions, note: s.binding.note ?? null }
      : null,
    disinfectant: s.disinfectant ?? null,
    supply: s.supply ?? null,
    parameters: s.parameters.map((p) => ({ ...p, checks: toChecks(checks.get(p.parameter), p.checks, p.cadence) })),
    dustRules: (s.dustRules ?? []).map((rule) => ({
      ...rule,
      background: rule.background ?? null,
      humidity: rule.humidity ?? 85,
    })),
    ...(s.upkeep && { upkeep: s.upkeep }),
    ...(s.position && { position: s.position }),
  };
}

/** Every reach that a section lies on; of one that the config says nothing more of, only its name is known. */
function toReaches(contents: readonly FileContent[]): Map<string, Reach> {
  const said = contents.flatMap(({ reaches }) => reaches ?? []);
  const names = contents.flatMap(({ stations }) => stations ?? []).flatMap(({ reach }) => reach ?? []);
  const reaches = [...new Set(names)].map((name): Reach => {
    const entry = said.find((one) => one.name === name);
    return {
      id: entry?.id ?? name,
      name,
      nameEn: entry?.nameEn ?? name,
      travelHours: entry?.travelHours ?? null,
      uncertainty: entry?.uncertainty ?? null,
      ...(entry?.line && { line: entry.line }),
    };
  });
  return new Map(reaches.map((reach) => [reach.id, reach]));
}

function toJudging(judging: NonNullable<FileContent['judging']>): [Medium, Judging][] {
  return MEDIA.flatMap((medium): [Medium, Judging][] => {
    const entry = judging[medium];
    if (!entry) return [];
    const { dayMean, ...rest } = entry;
    return [
      [
        medium,
        {
          ...rest,
          monthDaysNeeded: entry.monthDaysNeeded ?? null,
          quarterMonthsNeeded: entry.quarterMonthsNeeded ?? 2,
          yearMonthsNeeded: entry.yearMonthsNeeded ?? 8,
          yearDaysNeeded: entry.yearDaysNeeded ?? null,
          flowWeighted: dayMean === 'flow-weighted',
          phMean: entry.phMean ?? 'hydrogen-ion',
          note: entry.note ?? null,
        },
      ],
    ];
  });
}

function toTarget(t: TargetEntry): Target {
  return {
    ...t,
    goal: t.goal ?? null,
    process: t.process ?? null,
    minCapture: t.minCapture ?? 90,
    plan: t.plan ?? null,
    note: t.note ?? null,
  };
}

/** Every limit of every file in exactly one of three heaps; `unconfirmed` lists some of the loaded ones again. */
function sortLimits(files: readonly CheckedFile[]): Omit<Loaded, 'site'> & { loaded: Limit[] } {
  const heaps = {
    loaded: [] as Limit[],
    placeholders: [] as ListedLimit[],
    unconfirmed: [] as ListedLimit[],
    unmeasured: [] as ListedLimit[],
  };
  for (const { file, content } of files) {
    const { standard, limits } = content;
    if (!standard || !limits) continue;
    limits.forEach((entry, i) => {
      const { grade } = entry;
      const line = listedLimit(standard, entry, file, i);
      if (grade === 'placeholder') heaps.placeholders.push(line);
      else if (entry.parameter === undefined) heaps.unmeasured.push(line);
      else {
        const { operator } = entry;
        // 不得检出 and 无 are nothing of it: at most 0.
        const number = operator === 'not_detected' || operator === 'none' ? ABSENT : { operator };
        heaps.loaded.push(toLimit(standard, { ...entry, grade, parameter: entry.parameter, ...number }));
        if (grade === 'transcribed' && !entry.confirmed) heaps.unconfirmed.push(line);
      }
    });
  }
  return heaps;
}

const ABSENT = { operator: '<=', limit: '0' } as const;

function toLimit(standard: StandardEntry, entry: LimitEntry & Pick<Limit, 'grade' | 'parameter' | 'operator'>): Limit {
  const [low, high] =
    typeof entry.limit === 'string'
      ? entry.operator === '>='
        ? [entry.limit, null]
        : [null, entry.limit]
      : (entry.limit ?? [null, null]);
  return {
    standard: standard.id,
    parameter: entry.parameter,
    class: entry.class ?? null,
    operator: entry.operator,
    low,
    high,
    averaging: entry.averaging,
    comparison: entry.comparison,
    decimals: entry.decimals ?? null,
    condition: entry.condition ?? null,
    alternative: entry.alternative === SATURATION ? SATURATION : null,
    waterBody: entry.waterBody ?? null,
    clause: entry.clause ?? '',
    citation: entry.citation,
    grade: entry.grade,
    confirmed: entry.confirmed ?? null,
    validFrom: entry.validFrom ?? null,
    validTo: entry.validTo ?? null,
  };
}

function listedLimit(standard: StandardEntry, entry: LimitEntry, file: string, i: number): ListedLimit {
  const { limit, operator } = entry;
  const number =
    limit === undefined ? operator.replace('_', ' ') : typeof limit === 'string' ? `${operator} ${limit}` : limit.join(' – ');
  return {
    standard: standard.id,
    item: entry.item,
    parameter: entry.parameter ?? null,
    class: entry.class ?? null,
    averaging: entry.averaging,
    number,
    citation: entry.citation,
    note: entry.note ?? null,
    file,
    path: pathText(['limits', i]),
  };
}

/** `null`: none is wanted. */
function backupOf(entry: SettingsEntry['backup']): BackupSettings | null {
  if (entry === 'off') return null;
  return entry === undefined ? DEFAULT_BACKUP : { ...entry, dir: entry.dir ?? null };
}
