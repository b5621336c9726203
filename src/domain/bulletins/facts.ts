/** What must be known to write a bulletin? The answers of the reports, as they are printed elsewhere; nothing is worked out anew. */
import type { VerdictState } from '../compliance/verdict.js';
import type { Figure, SignedFinding } from '../signing/sign-off.js';
import type { Role } from '../station.js';
import type { LocalDate, WindowKind } from '../time.js';
import type { BulletinKind } from './bulletin.js';

/** The division of a rate; `rate` and `capture` percent, cut. */
export interface RateFacts extends Figure {
  /** 人工剔除, and how many of them are over a limit. */
  readonly setAside: { readonly total: number; readonly over: number };
  /** 水质优良比例; `null` where the medium knows no classes. */
  readonly good: { readonly rate: number | null; readonly good: number; readonly classed: number } | null;
}

/** One item of a window. */
export type FindingFacts = Pick<
  SignedFinding,
  | 'parameter'
  | 'name'
  | 'value'
  | 'compared'
  | 'unit'
  | 'limit'
  | 'limitText'
  | 'times'
  | 'outcome'
  | 'reason'
  | 'filled'
  | 'due'
  | 'class'
  | 'counted'
>;

/** Decimals of the items by their codes, as the config prints them. */
export type Decimals = Readonly<Record<string, number>>;

/** How many days of stations were looked at; `due`: 站日 of the span. */
export interface ReviewedFacts {
  readonly due: number;
  readonly first: number;
  readonly second: number;
}

/** One window; times are ISO 8601 with the site's offset. */
export interface WindowFacts {
  readonly station: string;
  readonly stationName: string;
  readonly start: string;
  readonly end: string;
  readonly verdict: VerdictState;
  readonly class: string | null;
  readonly targetClass?: string | undefined;
  readonly reason: string | null;
  readonly mainItems?: readonly { readonly text: string }[] | undefined;
  readonly findings: readonly FindingFacts[];
  readonly excused?: { readonly reasonName: string } | undefined;
}

/** What an office excused. */
export interface ExcuseFacts {
  readonly stationName: string;
  readonly from: string;
  readonly to: string;
  readonly reasonName: string;
  /** To which windows and items it is limited, in words; `null`: to none. Months signed in earlier days do not say. */
  readonly scope?: string | null;
  readonly approver: string;
  readonly document: string;
}

/** What one decision or one maintenance record took out of the readings of a span (人工剔除); times are ISO 8601. */
export interface TakenOutFacts {
  readonly stationName: string;
  /** Names of the items; `null`: all. */
  readonly items: readonly string[] | null;
  readonly from: string;
  /** `null`: it goes on. */
  readonly to: string | null;
  /** 无效 by a decision, 维护 by a record. */
  readonly outcome: string;
  readonly reason: string;
  /** Account or role. */
  readonly by: string;
  /** Readings of the span that do not count because of it, and how many of them are over a limit; `null`: the archive did not answer. */
  readonly readings: { readonly total: number; readonly over: number } | null;
}

/** The answer of a rate for a period. */
export interface MonthRate extends RateFacts {
  readonly name: string;
  readonly period: string;
  readonly window: WindowKind;
  readonly basis: string;
  readonly goal: number | null;
  readonly note: string | null;
  readonly excuses: readonly ExcuseFacts[];
  readonly windows: readonly WindowFacts[];
}

/** What of a station came and counts; in values. */
export interface DataFacts {
  readonly name: string;
  readonly expected: number;
  /** Due values that came. */
  readonly arrived: number;
  /** Of the values that came, those that count, and all; `null`: the archive did not answer. */
  readonly valid: number | null;
}

/** The same of one day, with what became of what arrived. */
export interface ReceiptFacts extends DataFacts {
  readonly stored: number;
  readonly duplicate: number;
  readonly corrected: number;
  readonly rejected: number;
  readonly pending: number;
  readonly missing: readonly {
    readonly parameter: string;
    readonly from: string;
    readonly to: string;
    readonly values: number;
  }[];
}

/** One alert; its state at the end of the span. */
export interface AlertFacts {
  readonly openedAt: string;
  readonly subjectName: string;
  readonly parameterName: string | null;
  readonly severity: 'warning' | 'over' | 'severe';
  readonly state: string;
  readonly reason: string;
}

/** Alerts of a span: those that opened in it, with how many of them are over; and those that stand at its end. */
export interface AlertsFacts {
  readonly opened: readonly AlertFacts[];
  readonly standing: number;
}

/** One case, as it stood at the end of the span. */
export interface CaseFacts {
  readonly number: string;
  /** The station, reach or target it is about. */
  readonly subjectName: string | null;
  readonly what: string;
  readonly toName: string;
  readonly openedAt: string;
  readonly closedAt: string | null;
  readonly until: string;
  readonly state: string;
  readonly overdue: boolean;
}

/** Cases that touch a span. */
export interface CasesFacts {
  readonly cases: readonly CaseFacts[];
  readonly opened: number;
  readonly closed: number;
  readonly overdue: number;
}

/** The newest comparison of an instrument with the laboratory. */
export interface ComparisonFacts {
  readonly stationName: string;
  readonly parameterName: string;
  readonly date: LocalDate | null;
  readonly passed: boolean | null;
  readonly due: boolean;
}

/** Who signed a month, and when. */
export interface SignedFacts {
  readonly edition: number;
  readonly by: string;
  readonly on: LocalDate;
  /** First digits of its hash, as the audit trail knows it. */
  readonly hash: string;
  /** What stood in the way and why it was signed all the same, e.g. 有站点日未审核 31(…). */
  readonly despite: readonly string[];
}

/** What every bulletin tells of itself. */
export interface Head {
  readonly kind: BulletinKind;
  readonly period: string;
  readonly title: string;
  readonly office: string;
  readonly madeOn: LocalDate;
}

/** What a 数据到报日报 is made of. */
export interface DayFacts extends Head {
  readonly stations: readonly ReceiptFacts[];
  /** Counts of the service over the day of arrival, values of unknown stations included. */
  readonly service: { readonly received: number; readonly stored: number; readonly rejected: number };
  readonly alerts: AlertsFacts;
  readonly cases: CasesFacts;
}

/** What a 周报 is made of. */
export interface WeekFacts extends Head {
  readonly from: LocalDate;
  /** The last day. */
  readonly to: LocalDate;
  readonly decimals: Decimals;
  readonly rates: readonly {
    readonly name: string;
    readonly window: WindowKind;
    readonly rate: RateFacts;
    readonly windows: readonly WindowFacts[];
  }[];
  readonly data: readonly DataFacts[];
  readonly alerts: AlertsFacts;
  readonly cases: CasesFacts;
}

/** What both kinds of 月报 are made of. */
export interface MonthFacts extends Head {
  readonly rate: MonthRate;
  readonly signed: SignedFacts | null;
  /** The live figure of a signed month, where it is another by now (更正); `null`: it is not. */
  readonly live: RateFacts | null;
  readonly lastMonth: MonthRate | null;
  readonly lastYear: MonthRate | null;
  /** From January to this month. */
  readonly soFar: RateFacts | null;
  /** The months that are added up in it, oldest first: `2026-10`. */
  readonly months: readonly string[];
  /** Those of them and of the neighbours that are signed. */
  readonly signedMonths: readonly string[];
  readonly decimals: Decimals;
  readonly reviewed: ReviewedFacts;
  readonly data: readonly DataFacts[];
  /** What people took out at the stations of the medium. */
  readonly takenOut: readonly TakenOutFacts[];
  readonly alerts: AlertsFacts;
  readonly cases: CasesFacts;
  readonly comparisons: readonly ComparisonFacts[];
}

/** A section of the river, assessed or not. */
export interface SectionFacts {
  readonly name: string;
  readonly role: Role;
  readonly targetClass: string | null;
  readonly month: WindowFacts | null;
  readonly lastMonth: string | null;
  readonly lastYear: string | null;
  /** The month is printed as it was signed, and comes out otherwise by now (更正). */
  readonly isCorrected: boolean;
}

/** Days by how they came out. */
export type DayTally = Pick<Figure, 'met' | 'exceeded' | 'undetermined'>;

/** What a 断面水质月报 is made of. */
export interface RiverMonthFacts extends MonthFacts {
  readonly sections: readonly SectionFacts[];
  /** Days of the assessed sections (过程指标,不作考核). */
  readonly days: readonly WindowFacts[];
  /** The days as they were signed; `null`: nobody has signed, or nobody signed days. */
  readonly signedDays: DayTally | null;
}

/** What ran on line: its rate in all and at each station, and the windows behind it. */
export interface OnlineFacts {
  readonly name: string;
  readonly window: WindowKind;
  readonly rate: RateFacts;
  readonly stations: readonly { readonly name: string; readonly rate: RateFacts }[];
  readonly windows: readonly WindowFacts[];
  /** Its days, for the courses; empty where the medium is not judged by days. */
  readonly days: readonly WindowFacts[];
}

/** What a 饮用水月报 is made of. */
export interface DrinkingMonthFacts extends MonthFacts {
  /** The indicator on line (参考); `null` where the config has none. */
  readonly online: OnlineFacts | null;
}
