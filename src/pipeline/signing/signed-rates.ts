/** What of the rates that people read is signed (定稿), and what may be published of it? */
import { ofMonths } from '../../domain/signing/signed-year.js';
import type { Figure, SignOff, Snapshot } from '../../domain/signing/sign-off.js';
import type { Site, Target } from '../../domain/site.js';
import { isoTime } from '../../domain/time.js';
import { samplingOf } from './sampling.js';
import type { SignedMonths } from './signed-months.js';

type Signed = NonNullable<ReturnType<SignedMonths['of']>>;

/** Months that the board lists of each target, newest first. */
const MOST_MONTHS = 12;

/** Puts what is signed beside the living figures, and makes the figures of the public board. */
export class SignedRates {
  constructor(
    private readonly site: Site,
    private readonly months: SignedMonths,
  ) {}

  /** The head of a rate's answer with what of it is signed. Of some stations, and in the process view, nothing is. */
  beside<T extends { target: string; period: string; official: boolean; due: number; provisional: boolean }, W>(answer: {
    readonly head: T;
    readonly windows: W;
  }): { readonly head: T & { signed?: Signed }; readonly windows: W } {
    const { head, windows } = answer;
    return head.official ? { head: this.with(head, this.months.of(head.target, head.period)), windows } : answer;
  }

  /** Every target with what of its year is signed. */
  targets<T extends { id: string; period: string; due: number; provisional: boolean }>(answer: {
    asOf: string;
    targets: readonly T[];
  }) {
    return {
      asOf: answer.asOf,
      targets: answer.targets.map((target) => this.with(target, this.months.of(target.id, target.period))),
    };
  }

  /** Every target as it is printed where only one figure stands: its signed months as they were signed, the others as they are now. */
  printed<T extends { id: string; period: string; due: number; provisional: boolean }>(answer: {
    asOf: string;
    targets: readonly T[];
  }) {
    const { asOf, targets } = this.targets(answer);
    return { asOf, targets: targets.map((target) => ({ ...target, ...target.signed?.figure })) };
  }

  /**
   * Signed figures and nothing else, newest month first: rates with their division, what people took out of them, what was
   * open when they were signed, classes of river sections; no value, no account, no reason that would name either.
   */
  published() {
    const targets = this.site.targets.filter(({ kind }) => kind === 'target');
    return {
      figures: targets.flatMap((target) =>
        this.months
          .snapshots(target.id)
          .slice(-MOST_MONTHS)
          .reverse()
          .map((signOff) => this.monthView(target, signOff)),
      ),
      years: targets.flatMap((target) => this.years(target)),
    };
  }

  private with<T extends { due: number; provisional: boolean }>(of: T, signed: Signed | null): T & { signed?: Signed } {
    if (signed === null) return of;
    const sum = signed.months.reduce((n, { due }) => n + due, 0);
    // Every window that counts is signed, and none has changed since.
    const whole = signed.figure !== null && sum === signed.figure.due && signed.months.every((month) => month.corrections === 0);
    return { ...of, provisional: !whole, signed };
  }

  private monthView(target: Target, { period, edition, at, despite, snapshot }: SignOff) {
    return {
      ...{ target: target.name, targetEn: target.nameEn, period, edition },
      ...division(snapshot),
      setAside: takenOut([snapshot]),
      despite: despite.map(({ kind, count }) => ({ kind, count })),
      basis: snapshot.basis,
      window: snapshot.window,
      signedBy: this.site.approver ?? this.site.office,
      signedOn: isoTime(at, this.site.calendar).slice(0, 10),
      sections: snapshot.window === 'month' ? snapshot.windows.flatMap(sectionOf) : [],
    };
  }

  private years(target: Target) {
    const byYear = new Map<string, Snapshot[]>();
    for (const { period, snapshot } of this.months.snapshots(target.id)) {
      const year = period.slice(0, 4);
      byYear.set(year, [...(byYear.get(year) ?? []), snapshot]);
    }
    return [...byYear]
      .reverse()
      .slice(0, 2)
      .filter(([, months]) => months.every(({ window }) => window === target.window))
      .map(([year, months]) => {
        const planless = target.window === 'sample' && target.plan === null;
        const goal = { goal: target.goal, minCapture: target.minCapture, planless };
        const figure = ofMonths(months, goal, samplingOf(this.site, target));
        const { basis, window } = months[0]!;
        return {
          ...{ target: target.name, targetEn: target.nameEn, year, months: months.length, basis, window },
          ...division(figure),
          setAside: takenOut(months),
        };
      });
  }
}

function division({ rate, met, exceeded, undetermined, excused, due, capture }: Figure) {
  return { rate, met, exceeded, undetermined, excused, due, capture };
}

/** 人工剔除 of the months together. */
function takenOut(months: readonly Pick<Snapshot, 'setAside'>[]) {
  const sum = (of: 'total' | 'over'): number => months.reduce((n, { setAside }) => n + setAside[of], 0);
  return { total: sum('total'), over: sum('over') };
}

/** The class of a river section over the month, where the month itself is a window. */
function sectionOf({ stationName, class: name, targetClass, verdict, excused }: Snapshot['windows'][number]) {
  return targetClass === undefined
    ? []
    : [{ name: stationName, class: name, targetClass, verdict, excused: excused !== undefined }];
}
