/** Which keys does the config have, and what may stand under them? */
import { z } from 'zod';
import { BASES } from '../../domain/site.js';
import { DEFAULT_BACKUP } from '../../domain/backup.js';
import { COLD_WATER, WARM_WATER } from '../../domain/standards/bind.js';
import { DISINFECTANTS, MEDIA, METHODS, ROLES, type Medium, type Role } from '../../domain/station.js';
import { WINDOW_KINDS } from '../../domain/time.js';
import { checksEntry, checksOverride } from './check-settings.js';
import { bulletinEntry } from './schema-bulletins.js';
import { clock, count, date, id, position, share, text } from './fields.js';
import { mapping } from './mapping.js';
import { channelEntry, dutyEntry, noticesEntry, personEntry } from './schema-people.js';
import { dampingEntry, ruleEntry } from './schema-rules.js';
import { comparisonEntry, plannedTasks, upkeepEntry } from './schema-upkeep.js';

/** Conditions which Heqing decides by itself from a station's role or the day's water temperature. */
export const DECIDED_CONDITIONS = [WARM_WATER, COLD_WATER, 'plant outlet', 'tap'] as const;
/** The condition of the relaxed limits of GB 5749-2022: a station gets it by its `relaxation`, never by naming it. */
export const RELAXATION = 'small supply relaxation';
/** Conditions a station's `binding.conditions` names itself: when a sewage works was built (GB 18918-2002 table 1, TP). */
export const NAMED_CONDITIONS = ['built to 2005-12-31', 'built from 2006-01-01'] as const;
/** Every condition a limit may carry. */
export const CONDITIONS = [...DECIDED_CONDITIONS, RELAXATION, ...NAMED_CONDITIONS] as const;

/** The roles a station of a medium can have. */
export const ROLES_OF: Readonly<Record<Medium, readonly Role[]>> = {
  'surface-water': ['assessed', 'control', 'inflow'],
  'drinking-water': ['plant-outlet', 'tap'],
  sewage: ['outlet'],
  dust: ['site'],
  air: ['ambient'],
};

/** What a limit's number is compared with. A closed list, because a misspelt one would bind nothing and say nothing. */
export const AVERAGINGS = [
  'period mean or sample',
  'sample',
  'instantaneous',
  'hour',
  'hour mean',
  '15 min mean',
  '5 min continuous mean',
  'day',
  'daily mean',
  'daily max 8-hour',
  'weekly mean maximum rise',
  'weekly mean maximum fall',
  'quarter',
  'year',
] as const;

const alias = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'must be letters, digits, ., _ or -, e.g. w21003');
const decimalText = z
  .string('must be a number in quotes, so that its digits stay, e.g. "1.0"')
  .regex(/^(0|[1-9]\d*)(\.\d+)?$/, 'must be a plain decimal number, e.g. "1.0"');
const offset = z
  .string('must be an offset from UTC in quotes, e.g. "+08:00"')
  .regex(/^[+-](0\d|1[0-4]):[0-5]\d$/, 'must be an offset from UTC, e.g. "+08:00"');

export const siteEntry = mapping({
  name: text,
  nameEn: text,
  /** The office that publishes. */
  office: text,
  officePhone: text.nullish(),
  /** Who approves what is published. */
  approver: text.nullish(),
  /** The site's calendar, a fixed offset. */
  utcOffset: offset,
  /** English of names that have no `nameEn` of their own. */
  english: z.record(text, text).optional(),
});

export const parameterEntry = mapping({
  code: id,
  name: text,
  nameEn: text,
  /** Empty for pH. */
  unit: z.string().regex(/^[^\p{Cc}"\\]*$/u, 'must be a unit without control characters or quotes'),
  aliases: z.array(alias).optional(),
  /** Other names that reports print. */
  names: z.array(text).optional(),
  /** Words that mean 0 of it. */
  absent: z.array(text).optional(),
  /** Detection limit of the usual laboratory method, in the parameter's unit. */
  detection: mapping({ limit: z.number().positive('must be a number above 0'), citation: text }).optional(),
  decimals: count(0, 6),
  range: z.tuple([z.number(), z.number()], 'must be [lowest, highest], two numbers'),
});

export const stationEntry = mapping({
  id,
  name: text,
  nameEn: text,
  medium: z.enum(MEDIA),
  role: z.enum(ROLES),
  village: text.nullish(),
  reach: text.nullish(),
  order: count(1, 10_000).optional(),
  active: z.boolean().optional(),
  inactiveReason: text.optional(),
  since: date.optional(),
  /** Where it stands, as surveyed. */
  position: position.optional(),
  /** What is done at its instruments how often, in place of the plan of its medium. */
  upkeep: plannedTasks.optional(),
  /** What a time without an offset means at this device. */
  deviceOffset: offset.optional(),
  binding: mapping({
    texts: z.array(text).min(1, 'must name at least one text, e.g. GB 3838-2002'),
    class: text.nullish(),
    conditions: z.array(z.enum(CONDITIONS)).optional(),
    note: text.nullish(),
  }).nullish(),
  disinfectant: z.enum(DISINFECTANTS).optional(),
  supply: text.optional(),
  /** A small supply that claims the relaxed limits must say why it may. */
  relaxation: mapping({
    /** m³/d */
    capacity: z.number().positive('must be the design capacity in m³/d'),
    population: count(1, 10_000_000),
    reason: text,
  }).optional(),
  parameters: z
    .array(
      mapping({
        parameter: text,
        cadence: count(1, 1440),
        /** How the instrument measures. */
        method: z.enum(METHODS).optional(),
        /** Comparisons with the laboratory; `by` is a role or an office. */
        comparisons: z
          .array(mapping({ on: date, passed: z.boolean(), laboratory: z.number(), sensor: z.number(), by: text }))
          .optional(),
        /** Where they differ from the parameter's. */
        checks: checksOverride.optional(),
      }),
    )
    .min(1, 'must list at least one parameter with its cadence in minutes'),
  dustRules: z
    .array(
      mapping({
        id,
        parameter: text,
        windowMinutes: count(1, 1440),
        limit: decimalText,
        allowedPerDay: count(0, 1440),
        background: text.nullish(),
        humidity: z.number().min(0, 'must be a relative humidity').max(100, 'must be a relative humidity').optional(),
        citation: text,
      }),
    )
    .max(1, 'may hold one rule: a window has one verdict')
    .optional(),
});

/** A reach that sections name; what is not said of one is not told. */
export const reachEntry = mapping({
  id,
  /** As the stations write it. */
  name: text,
  nameEn: text,
  /** From the inflow to the assessed section. */
  travelHours: z.number().min(0, 'must be hours').max(1000, 'must be hours').optional(),
  /** How far means may be off, percent, as calibrated; without it no kg/d is told. */
  uncertainty: mapping({
    flow: z.number().gt(0, 'must be a percentage').max(100, 'must be a percentage'),
    concentration: z.number().gt(0, 'must be a percentage').max(100, 'must be a percentage'),
  }).optional(),
  /** Its course along the flow: the coordinates of a GeoJSON LineString. */
  line: z
    .array(position)
    .min(2, 'must hold at least two positions, along the flow')
    .max(5000, 'may hold 5,000 positions')
    .optional(),
});

export const standardEntry = mapping({
  id: text,
  name: text,
  nameEn: text,
  /** The media it speaks of: a station of another medium cannot be bound to it. */
  media: z.array(z.enum(MEDIA)).min(1, 'must name at least one medium'),
  note: text.optional(),
});

export const limitEntry = mapping({
  item: text,
  itemEn: text,
  hj212: alias.optional(),
  /** Our code; left out where nothing here measures the item. */
  parameter: text.optional(),
  unit: text,
  /** Left out where the text knows no classes. */
  class: text.optional(),
  /** Where in its table the number stands. */
  group: text.optional(),
  operator: z.enum(['<=', '>=', 'between', 'not_detected', 'none']),
  /** The digits as printed, in quotes; `["6", "9"]` for `between`. */
  limit: z
    .union(
      [decimalText, z.tuple([decimalText, decimalText])],
      'must be a number in quotes, so that its digits stay, e.g. "1.0", or ["6", "9"]',
    )
    .optional(),
  averaging: z.enum(AVERAGINGS),
  comparison: z.enum(['full', 'rounded']),
  decimals: count(0, 6).optional(),
  decimalsGrade: z.enum(['verified', 'transcribed']).optional(),
  condition: z.enum(CONDITIONS).optional(),
  waterBody: z.enum(['river', 'lake_reservoir']).optional(),
  phase: z.enum(['transition', 'final']).optional(),
  scope: text.optional(),
  alternative: text.optional(),
  /** Unit on the wire where HJ 212 differs. */
  hj212Unit: text.optional(),
  /** `false`: not among the 21 items of 环办[2011]22号. */
  in21Items: z.boolean().optional(),
  allowedPerDay: count(0, 1440).optional(),
  note: text.optional(),
  grade: z.enum(['verified', 'transcribed', 'own', 'placeholder']),
  clause: text.optional(),
  citation: text,
  validFrom: date.optional(),
  validTo: date.optional(),
  confirmed: mapping({ by: text, on: date }).optional(),
});

export const judgingEntry = mapping({
  items: z.array(text),
  windows: z.array(z.enum(WINDOW_KINDS)).min(1, 'must name at least one window'),
  slotsPerDay: count(1, 24),
  slotsNeeded: count(1, 24),
  shareNeeded: share,
  monthShareNeeded: share,
  monthDaysNeeded: z.tuple([count(1, 31), count(1, 29)], 'must be [days of a month, days of February], e.g. [27, 25]').nullish(),
  quarterMonthsNeeded: count(1, 3).optional(),
  yearMonthsNeeded: count(1, 12).optional(),
  yearDaysNeeded: count(1, 366).nullish(),
  dayMean: z.enum(['arithmetic', 'flow-weighted']).optional(),
  phMean: z.enum(['hydrogen-ion', 'arithmetic']).optional(),
  note: text.nullish(),
});

export const targetEntry = mapping({
  id,
  name: text,
  nameEn: text,
  kind: z.enum(['target', 'indicator']),
  goal: z.number().gt(0, 'must be a percentage').max(100, 'must be a percentage').nullish(),
  basis: z.enum(BASES),
  window: z.enum(WINDOW_KINDS),
  process: z.enum(WINDOW_KINDS).nullish(),
  medium: z.enum(MEDIA),
  roles: z.array(z.enum(ROLES)).min(1, 'must name at least one role'),
  minCapture: z.number().min(0, 'must be a percentage').max(100, 'must be a percentage').optional(),
  /** Laboratory samples due at every station, e.g. { samples: 1, every: quarter }. */
  plan: mapping({ samples: count(1, 1000), every: z.enum(['month', 'quarter', 'year']) }).nullish(),
  note: text.nullish(),
});

export const settingsEntry = mapping({
  workingSetDays: count(1, 400),
  retentionDays: count(1, 36_500).nullish(),
  rejectionQuotaBytes: count(0, Number.MAX_SAFE_INTEGER),
  diskFloorBytes: count(0, Number.MAX_SAFE_INTEGER).default(512 * 1024 * 1024),
  diskFloorPercent: count(0, 90).default(2),
  logLimitValues: count(1000, Number.MAX_SAFE_INTEGER).default(50_000_000),
  sessionIdleMinutes: count(1, 1440).default(30),
  sessionHours: count(1, 720).default(12),
  /** The daily backup; left out: as `DEFAULT_BACKUP`. */
  backup: z
    .union(
      [
        z.literal('off'),
        mapping({ dir: text.nullish(), at: clock.default(DEFAULT_BACKUP.at), keep: count(1, 3650).default(DEFAULT_BACKUP.keep) }),
      ],
      'must be off or a mapping, e.g. { dir: /mnt/backup, at: "02:30", keep: 14 }',
    )
    .optional(),
});

/** One file. Which keys stand in which file is the operator's choice; `limits` need the `standard` beside them. */
export const fileContent = mapping({
  site: siteEntry.optional(),
  parameters: z.array(parameterEntry).optional(),
  /** The checks of quality in context, one entry a parameter. */
  checks: z.array(checksEntry).optional(),
  stations: z.array(stationEntry).optional(),
  reaches: z.array(reachEntry).optional(),
  standard: standardEntry.optional(),
  limits: z.array(limitEntry).optional(),
  judging: mapping({
    'surface-water': judgingEntry.optional(),
    'drinking-water': judgingEntry.optional(),
    sewage: judgingEntry.optional(),
    dust: judgingEntry.optional(),
    air: judgingEntry.optional(),
  } satisfies Record<Medium, unknown>).optional(),
  targets: z.array(targetEntry).optional(),
  people: z.array(personEntry).optional(),
  duty: dutyEntry.optional(),
  notices: noticesEntry.optional(),
  bulletins: z.array(bulletinEntry).optional(),
  channels: z.array(channelEntry).optional(),
  rules: z.array(ruleEntry).optional(),
  damping: dampingEntry.optional(),
  comparison: comparisonEntry.optional(),
  upkeep: upkeepEntry.optional(),
  settings: settingsEntry.optional(),
});

export type SiteEntry = z.infer<typeof siteEntry>;
export type ParameterEntry = z.infer<typeof parameterEntry>;
export type StationEntry = z.infer<typeof stationEntry>;
export type ReachEntry = z.infer<typeof reachEntry>;
export type StandardEntry = z.infer<typeof standardEntry>;
export type LimitEntry = z.infer<typeof limitEntry>;
export type JudgingEntry = z.infer<typeof judgingEntry>;
export type TargetEntry = z.infer<typeof targetEntry>;
export type SettingsEntry = z.infer<typeof settingsEntry>;
export type FileContent = z.infer<typeof fileContent>;
