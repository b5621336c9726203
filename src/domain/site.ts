/** What did the operator write down? The whole config after checking, as the rest of the service reads it. */
import type { BackupSettings } from './backup.js';
import type { Rules } from './alerting/rules.js';
import type { BulletinSettings } from './bulletins/settings.js';
import type { Parameter } from './parameter.js';
import type { ChannelSettings, Duty, NoticeSettings, Person } from './people.js';
import type { Medium, Position, Role, Station } from './station.js';
import type { Limit } from './standards/limit.js';
import type { Calendar, WindowKind } from './time.js';
import type { ComparisonSettings } from './upkeep/comparison.js';
import type { PlannedTask } from './upkeep/plan.js';

/** What a rate is a share of (contract §4). */
export const BASES = ['section', 'section-month', 'station-time', 'sample'] as const;
export type Basis = (typeof BASES)[number];

/** A target (with a goal) or an indicator (without one). */
export interface Target {
  readonly id: string;
  readonly name: string;
  readonly nameEn: string;
  readonly kind: 'target' | 'indicator';
  /** Percent; `null` for an indicator. */
  readonly goal: number | null;
  readonly basis: Basis;
  /** The window that counts. */
  readonly window: WindowKind;
  /** A finer window shown beside it as 过程指标, never as the rate; `null` when there is none. */
  readonly process: WindowKind | null;
  /** The stations it covers: a medium, and of it the roles named. */
  readonly medium: Medium;
  readonly roles: readonly Role[];
  /** Percent of due windows that must be judged before a rate of 100 is printed. */
  readonly minCapture: number;
  /** How many laboratory samples are due at every station (basis `sample`); `null`: what was taken was due. */
  readonly plan: { readonly samples: number; readonly every: 'month' | 'quarter' | 'year' } | null;
  /** Printed under the rate, e.g. 5 项自动监测(非 21 项全评价). */
  readonly note: string | null;
}

/** A stretch of a river between two sections, of which what came in and what went out is told. */
export interface Reach {
  /** As addresses name it; the name itself where the config says nothing of the reach. */
  readonly id: string;
  /** As the stations name it. */
  readonly name: string;
  readonly nameEn: string;
  /** How long the water takes from the inflow to the assessed section, hours; `null`: not known. */
  readonly travelHours: number | null;
  /** How far a mean may be off, percent, as calibration at the site says; without it no load is told. */
  readonly uncertainty: { readonly flow: number; readonly concentration: number } | null;
  /** Its course along the flow, as surveyed; absent: not known. */
  readonly line?: readonly Position[];
}

/** How one medium is judged, with the settings of the methods (design §5). */
export interface Judging {
  /** The named items, by parameter code. */
  readonly items: readonly string[];
  /** The windows that get verdicts. */
  readonly windows: readonly WindowKind[];
  /** Parts of a day that must be filled: `slots` a day, `slotsNeeded` of them (surface water 6 and 4, sewage and air 24 and 20). */
  readonly slotsPerDay: number;
  readonly slotsNeeded: number;
  /** Share of due values that a window without slots needs (and, for sewage, of the due values of a slower analyser). */
  readonly shareNeeded: number;
  /** Share of a month's days that must be valid. */
  readonly monthShareNeeded: number;
  /** Days a month needs where the text counts them, of an ordinary month and of February (air 27 and 25); `null`: the share alone. */
  readonly monthDaysNeeded: readonly [number, number] | null;
  /** Months that the mean of a quarter, and of a year, needs (环办[2011]22号: 2 and 8). */
  readonly quarterMonthsNeeded: number;
  readonly yearMonthsNeeded: number;
  /** Days that a year needs where it is the mean of its days (air 324, GB 3095 table 4); `null`: it is the mean of its months. */
  readonly yearDaysNeeded: number | null;
  /** Means of a day are weighted by flow where the station measures it (sewage, HJ 356-2019). */
  readonly flowWeighted: boolean;
  /** How pH is averaged. */
  readonly phMean: 'hydrogen-ion' | 'arithmetic';
  /** Printed with a verdict, e.g. 5 项自动监测(非 21 项全评价). */
  readonly note: string | null;
}

/** The config of a site. */
export interface Site {
  /** 五陂镇 */
  readonly name: string;
  readonly nameEn: string;
  readonly calendar: Calendar;
  /** The office that publishes, e.g. 萍乡市安源生态环境局. */
  readonly office: string;
  readonly officePhone: string | null;
  /** Who approves what is published; absent: not named. */
  readonly approver?: string | null;
  /** English of names that have none beside them: villages, waterworks, offices; what is not in it stays Chinese. */
  readonly english?: ReadonlyMap<string, string>;
  readonly parameters: ReadonlyMap<string, Parameter>;
  /** Code or alias → parameter code. */
  readonly codes: ReadonlyMap<string, string>;
  /** All stations, inactive ones too, in flow order for sections. */
  readonly stations: ReadonlyMap<string, Station>;
  /** The reaches that sections lie on, by id. */
  readonly reaches: ReadonlyMap<string, Reach>;
  readonly limits: readonly Limit[];
  readonly judging: ReadonlyMap<Medium, Judging>;
  readonly targets: readonly Target[];
  readonly people: readonly Person[];
  readonly duty: Duty;
  readonly notices: NoticeSettings;
  /** The bulletins (报表) the office wants; absent: none. */
  readonly bulletins?: readonly BulletinSettings[];
  readonly channels: readonly ChannelSettings[];
  readonly rules: Rules;
  /** How instruments are compared with the laboratory (比对). */
  readonly comparison: ComparisonSettings;
  /** What is done at the instruments of a medium how often (运维计划); a station may say otherwise. */
  readonly upkeep: ReadonlyMap<Medium, readonly PlannedTask[]>;
  readonly settings: {
    /** Days of readings kept at hand beside InfluxDB. */
    readonly workingSetDays: number;
    /** Days after which a value is `too-old`; `null` keeps for ever. */
    readonly retentionDays: number | null;
    /** Bytes of refused payloads that are kept. */
    readonly rejectionQuotaBytes: number;
    /** Bytes, and percent of the disk, below which no more readings are taken; the lower of both binds. */
    readonly diskFloorBytes: number;
    readonly diskFloorPercent: number;
    /** A login ends after so many minutes without a request of a person, and at most after so many hours; absent: 30 and 12. */
    readonly sessionIdleMinutes?: number;
    readonly sessionHours?: number;
    /** The daily backup; `null`: none is wanted, absent: as `DEFAULT_BACKUP`. */
    readonly backup?: BackupSettings | null;
    /** Values waiting in the log above which no more readings are taken. */
    readonly logLimitValues: number;
  };
}
