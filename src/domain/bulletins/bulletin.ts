/** What is a bulletin (报表): the paper that leaves the office every day, week and month? A typed document, whatever it is rendered to. */
import type { LocalDate } from '../time.js';

/** 数据到报日报, 周报, 断面水质月报, 饮用水月报. */
export const BULLETIN_KINDS = ['day', 'week', 'river-month', 'drinking-month'] as const;
export type BulletinKind = (typeof BULLETIN_KINDS)[number];

/** A column. `tag` is its name in a template, so it holds no bracket. */
export interface Column {
  readonly tag: string;
  /** As printed over it. */
  readonly title: string;
  /** Its cells are figures: set to the right, and numbers in a workbook. */
  readonly figure?: true;
  /** Its share of the width of the page. */
  readonly width: number;
}

/** The course of an item over a month, day by day; drawn with figures only, the words stand beside it. */
export interface DayCourse {
  /** E.g. 南坑河出境断面 氨氮 日均值(mg/L),虚线为Ⅲ类限值 1.0. */
  readonly caption: string;
  /** A value for each day, in order; `null` where there is none. */
  readonly values: readonly (number | null)[];
  readonly limit: number | null;
  /** It is a lower limit: a day below it is what is wrong. Absent: an upper one. */
  readonly isLower?: true;
  readonly decimals: number;
  /** What stands under the first day: 1 for a month. */
  readonly firstDay: number;
}

/** One part, with what its outline says of it. */
export interface Section {
  /** Its name in a template, e.g. 断面水质. */
  readonly name: string;
  /** E.g. 二、断面水质. */
  readonly heading: string;
  /** Sentences over the table. */
  readonly lines: readonly string[];
  readonly columns: readonly Column[];
  /** Cells as printed, by column; empty where there is nothing to say. */
  readonly rows: readonly (readonly string[])[];
  readonly courses: readonly DayCourse[];
}

/** A bulletin as it is kept, shown and rendered. Made of the same facts it is the same to the letter, but for `madeOn`. */
export interface Bulletin {
  readonly kind: BulletinKind;
  /** `2026-11-22`, `2026-W47` or `2026-10`. */
  readonly period: string;
  readonly title: string;
  /** In words: 2026 年 10 月. */
  readonly periodText: string;
  readonly office: string;
  /** `signed`: from a month that was signed (定稿). */
  readonly state: 'draft' | 'signed';
  /** 未审核 草稿, or by whom it was signed and when. */
  readonly stateText: string;
  /** Stands across the head of a draft; empty for a signed one. */
  readonly watermark: string;
  /** What a reader in a hurry reads; also the first line of the mail. */
  readonly headline: string;
  readonly madeOn: LocalDate;
  readonly sections: readonly Section[];
  readonly footnotes: readonly string[];
}

/** Who puts a name under it, in the order of the lines. */
export const SIGNERS = ['编制', '审核', '签发'] as const;

/** The mark of everything that nobody has signed. */
export const DRAFT = '未审核 草稿';
