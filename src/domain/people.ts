/** Who is told of what, when, and how? People are roles (镇环保办, 值班员), never persons by name. */
import type { AlertKind, Severity } from './alerting/alert.js';
import type { Medium } from './station.js';
import type { LocalDate } from './time.js';

/** Which alerts a person hears of: every list that is there must hold the alert's own, an absent one holds all. */
export interface Hears {
  readonly media?: readonly Medium[] | undefined;
  readonly villages?: readonly string[] | undefined;
  /** Reach ids. */
  readonly reaches?: readonly string[] | undefined;
  readonly stations?: readonly string[] | undefined;
  readonly severities?: readonly Severity[] | undefined;
  readonly kinds?: readonly AlertKind[] | undefined;
}

/**
 * The ladder (上报层级): 1 村级河长, 2 值班员, 3 镇河长办, 4 镇级河长. An alert that nobody acknowledges climbs it. `null`: stands
 * beside the ladder and is told at once of what it hears.
 */
export type Step = 1 | 2 | 3 | 4;

/** A role that is told of alerts. */
export interface Person {
  readonly id: string;
  /** The role, e.g. 镇环保办; never an invented person. */
  readonly name: string;
  readonly nameEn: string;
  readonly email: string;
  readonly phone: string | null;
  readonly language: 'zh' | 'en';
  readonly step: Step | null;
  /** `above`: above the town (区局, 疾控): told only when a person reports upward (核实后上报), never by the service alone. */
  readonly level: 'town' | 'above';
  /** Hears only while the duty roster has it on duty. */
  readonly onDuty: boolean;
  /** Days on which it is away, and who stands in. */
  readonly away: readonly { readonly from: LocalDate; readonly to: LocalDate; readonly substitute: string }[];
  /** Is it told when work at the instruments becomes due (运维计划)? Absent: no. */
  readonly upkeep?: boolean;
  /** Does it get the 晨报? */
  readonly morning: boolean;
  /** Ids of channels beside mail, which always goes, e.g. a webhook; `mail` is never among them. */
  readonly channels: readonly string[];
  /** Patrols (巡河) due in a week; absent: none are counted. */
  readonly patrolsPerWeek?: number;
  /** What it is told: any entry that matches is enough; none: nothing. */
  readonly hears: readonly Hears[];
}

/** Who is on duty (值班): a rotation, with holidays 节假日 and make-up working days 调休. */
export interface Duty {
  /** Ids in the order of their turns, each for `days` days, the first beginning `from`; `null`: nobody rotates. */
  readonly rotation: { readonly people: readonly string[]; readonly from: LocalDate; readonly days: number } | null;
  /** First and last day of each. */
  readonly holidays: readonly { readonly name: string; readonly from: LocalDate; readonly to: LocalDate }[];
  /** Weekend days that are worked. */
  readonly makeUpDays: readonly LocalDate[];
  /** Who is on duty on days that are not worked, in place of the rotation; empty: the rotation goes on. */
  readonly onDaysOff: readonly string[];
  /** Who is on duty on single days, whatever the rotation says. */
  readonly days?: Readonly<Record<LocalDate, readonly string[]>>;
  /** Wall clock `HH:mm` of the day the turn changes by which duty must have been handed over; absent: 09:00. */
  readonly handoverBy?: string;
}

/** When and how people are told. */
export interface NoticeSettings {
  /** Seconds that events of one person wait for each other before they leave in one mail; 严重超限 never waits. */
  readonly settleSeconds: number;
  /** Minutes after a mail during which 预警 and what is no news to that person gather for the next; 超限, 严重超限 and their end do not. */
  readonly groupMinutes: number;
  /** Hours after which an alert that stands and nobody acknowledged is told again; `null`: never. */
  readonly repeatHours: Readonly<Record<Severity, number | null>>;
  /** More events than this in one mail make it a digest (摘要). */
  readonly digestOver: number;
  /** Wall clock `HH:mm` between which no 预警 is mailed; it waits for the end. `null`: none. */
  readonly quietHours: { readonly from: string; readonly to: string } | null;
  /** Minutes unacknowledged after which the next step of the ladder hears it; `null`: it does not climb. */
  readonly escalateMinutes: Readonly<Record<Severity, number | null>>;
  /** Wall clock of the 晨报 on working days; `null`: none. */
  readonly morning: string | null;
  /** Buttons in mails: `false` where the office cannot be reached from outside. */
  readonly links: boolean;
  /** Days for which a mail's link acknowledges. */
  readonly linkDays: number;
  /** The path proves itself: a test mail every so many days; unproven after so many since the last confirmation, at first after so many hours. */
  readonly path: { readonly everyDays: number; readonly unprovenDays: number; readonly firstHours: number };
}

/** A channel beside mail: where its address and secret stand in the environment, never in the config. */
export interface ChannelSettings {
  readonly id: string;
  readonly kind: 'webhook' | 'dingtalk' | 'wecom' | 'feishu';
  /** Name of the environment variable that holds the address. */
  readonly urlFrom: string;
  /** Name of the variable that holds the signing secret; `null`: unsigned (WeCom). */
  readonly secretFrom: string | null;
}
