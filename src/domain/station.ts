/** Where does a device measure, and what is expected of it? */
import type { Checks } from './quality/checks.js';
import type { LocalDate } from './time.js';
import type { PlannedTask } from './upkeep/plan.js';

/** A place as GeoJSON writes it: longitude, latitude, degrees. */
export type Position = readonly [longitude: number, latitude: number];

/** What is measured at a station. */
export const MEDIA = ['surface-water', 'drinking-water', 'sewage', 'dust', 'air'] as const;
export type Medium = (typeof MEDIA)[number];

/** The station's role: a section 断面 is assessed 考核, control 控制 or inflow 对照; waterworks have a plant outlet 出厂水 and taps 末梢水. */
export const ROLES = ['assessed', 'control', 'inflow', 'plant-outlet', 'tap', 'outlet', 'site', 'ambient'] as const;
export type Role = (typeof ROLES)[number];

export const DISINFECTANTS = ['free-chlorine', 'total-chlorine', 'chlorine-dioxide', 'ozone'] as const;
export type Disinfectant = (typeof DISINFECTANTS)[number];

/** How an instrument measures (监测方法): 国标法分析仪, 电极法, 光谱法. */
export const METHODS = ['standard', 'electrode', 'spectral'] as const;
export type Method = (typeof METHODS)[number];

/** A comparison of an instrument with the laboratory (比对监测). */
export interface Comparison {
  readonly on: LocalDate;
  readonly passed: boolean;
  /** The two values, in the parameter's unit. */
  readonly laboratory: number;
  readonly sensor: number;
  /** The role that signed it, never a person's name. */
  readonly by: string;
}

/** A parameter that a station measures. */
export interface StationParameter {
  readonly parameter: string;
  /** Minutes between two due values. */
  readonly cadence: number;
  /** How it is measured; absent: not said, taken as the standard method. */
  readonly method?: Method;
  /** Comparisons on file: the newest decides whether a method other than the standard one counts. */
  readonly comparisons?: readonly Comparison[];
  /** The checks of quality in context; absent: none. */
  readonly checks?: Checks;
}

/** The legal text a station is held to, and which of its classes. */
export interface Binding {
  /** E.g. `GB 3838-2002`; several where one text replaces another by date (`GB 3095-2012`, `GB 3095-2026`). */
  readonly texts: readonly string[];
  /** E.g. `III`, `1B`, `level 2`; `null` where the text knows no classes. */
  readonly class: string | null;
  /** Conditions of limits that hold here (e.g. `built from 2006-01-01`). */
  readonly conditions: readonly string[];
  /** Printed beside the class wherever it stands, e.g. 待区局确认. It changes nothing in how the station is judged. */
  readonly note: string | null;
}

/** The town's own threshold for dust (管理阈值): quantity, window, limit, and how often it may be passed in a day. */
export interface DustRule {
  readonly id: string;
  readonly parameter: string;
  /** Length of the rule's own window, minutes; divides a day. */
  readonly windowMinutes: number;
  /** The limit, with its digits. */
  readonly limit: string;
  /** How many windows of a day may be over it before one is 超标. */
  readonly allowedPerDay: number;
  /** Station whose value of the same window is subtracted (the town's background), or `null`. */
  readonly background: string | null;
  /** Relative humidity in percent above which optical dust readings are doubtful; the window says so. */
  readonly humidity: number;
  readonly citation: string;
}

/** A station (站点) of the config. */
export interface Station {
  readonly id: string;
  readonly name: string;
  readonly nameEn: string;
  readonly medium: Medium;
  readonly role: Role;
  readonly village: string | null;
  /** The river reach it lies on; sections of a reach are ordered by `order`, inflow first. */
  readonly reach: string | null;
  readonly order: number;
  /** `false`: its readings are stored, not judged, and it is not listed. */
  readonly active: boolean;
  readonly inactiveReason: string | null;
  /** First day it is due; `null`: the day of its earliest reading by measured time. */
  readonly since: LocalDate | null;
  /** Minutes east of UTC that a time without an offset means at this device; `null`: such a time is refused. */
  readonly deviceOffsetMinutes: number | null;
  readonly binding: Binding | null;
  readonly disinfectant: Disinfectant | null;
  /** The works that supplies it (drinking water), as printed. */
  readonly supply: string | null;
  readonly parameters: readonly StationParameter[];
  readonly dustRules: readonly DustRule[];
  /** What is done at its instruments how often; absent: as the plan of its medium says. */
  readonly upkeep?: readonly PlannedTask[];
  /** Where it stands, as surveyed; absent: not known. */
  readonly position?: Position;
}
