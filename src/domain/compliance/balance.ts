/** What came into a reach, what went out, and how sure is that? */
import Big from 'big.js';
import type { Instant } from '../time.js';
import { type Averaging, meanOf } from './statistic.js';
import type { Verdict } from './verdict.js';

/** mg/L × L/s is mg/s; of 86,400 s and 1,000,000 mg to the kilogram. */
const KG_A_DAY = new Big('0.0864');

/** Roundings of big.js: cut, and half to even. */
const CUT = 0;
const HALF_EVEN = 2;

/** Digits of a load and of its uncertainty. */
const DIGITS = 1;

/** How far means may be off, percent of themselves. */
export interface Uncertainty {
  readonly flow: number;
  readonly concentration: number;
}

/** A load with how far it may be off, kg/d. */
export interface Load {
  readonly kgPerDay: number;
  readonly plusMinus: number;
}

/** One end of a reach over a period: a concentration in mg/L and, where it is measured, the flow in L/s. */
export interface End {
  readonly concentration: Big | null;
  readonly flow: Big | null;
}

/** What of an item came in, what went out. */
export interface Balance {
  /** Out less in, mg/L; `null` when an end has none. */
  readonly difference: Big | null;
  readonly inflow: Load | null;
  readonly outflow: Load | null;
  /** Out less in, with the uncertainties of both ends taken together. */
  readonly added: Load | null;
  /** How much of what went out had come in, percent, cut to one decimal; `null` when nothing went out. */
  readonly shareFromInflow: number | null;
  /** The difference is no larger than its uncertainty: nothing can be said of it. */
  readonly within: boolean | null;
}

function loadOf(end: End, { flow, concentration }: Uncertainty): { load: Big; off: Big } | null {
  if (end.concentration === null || end.flow === null) return null;
  const load = end.concentration.times(end.flow).times(KG_A_DAY);
  // Two independent errors of a product: the root of the sum of their squares.
  return { load, off: load.times(Math.hypot(flow, concentration)).div(100).abs() };
}

const figure = (value: Big | null): number | null => (value === null ? null : Number(value.round(6).toString()));

const printed = ({ load, off }: { load: Big; off: Big }): Load => ({
  kgPerDay: load.round(DIGITS, HALF_EVEN).toNumber(),
  plusMinus: off.round(DIGITS, HALF_EVEN).toNumber(),
});

/**
 * What came in and what went out of a reach. Loads and shares are told only when the flow is known at both ends and its
 * uncertainty is: a difference of concentrations alone says nothing of amounts. It is an estimate and attributes nothing.
 */
export function balance(inflow: End, outflow: End, uncertainty: Uncertainty | null): Balance {
  const difference =
    inflow.concentration === null || outflow.concentration === null ? null : outflow.concentration.minus(inflow.concentration);
  const came = uncertainty && loadOf(inflow, uncertainty);
  const went = uncertainty && loadOf(outflow, uncertainty);
  if (!came || !went) return { difference, inflow: null, outflow: null, added: null, shareFromInflow: null, within: null };
  const added = { load: went.load.minus(came.load), off: came.off.pow(2).plus(went.off.pow(2)).sqrt() };
  return {
    difference,
    inflow: printed(came),
    outflow: printed(went),
    added: printed(added),
    shareFromInflow: went.load.lte(0) ? null : came.load.div(went.load).times(100).round(1, CUT).toNumber(),
    within: added.load.abs().lte(added.off),
  };
}

/** A day of which both ends have a verdict. `start` is the day at the inflow. */
export interface DayPair {
  readonly start: Instant;
  readonly in: Verdict;
  readonly out: Verdict;
  /** Mean flows of the day, L/s; `null` where none was measured. */
  readonly flowIn: number | null;
  readonly flowOut: number | null;
}

/** One item of a reach over some days. Concentrations as the item's unit has them, to six decimals. */
export interface ItemBalance extends Omit<Balance, 'difference'> {
  /** Days with a valid mean at both ends, and how many of them have a flow at both. */
  readonly days: number;
  readonly loadDays: number;
  readonly inMean: number | null;
  readonly outMean: number | null;
  /** Out less in. */
  readonly difference: number | null;
  readonly daily: readonly { readonly start: Instant; readonly in: number; readonly out: number; readonly difference: number }[];
}

/** The valid mean of an item in a verdict. */
function meanIn({ findings }: Verdict, parameter: string): Big | null {
  const finding = findings.find((f) => f.parameter === parameter && f.enough && f.mean !== null);
  return finding === undefined ? null : new Big(finding.mean!);
}

/**
 * An item over the days that have a valid mean at both ends: a gap at one of them must not look like a difference. A load
 * is the mean of the daily loads; it is told of items in mg/L (`isAmount`) alone.
 */
export function itemBalance(
  parameter: string,
  pairs: readonly DayPair[],
  averaging: Averaging,
  isAmount: boolean,
  uncertainty: Uncertainty | null,
): ItemBalance {
  const days = pairs.flatMap((pair) => {
    const [came, went] = [meanIn(pair.in, parameter), meanIn(pair.out, parameter)];
    return came === null || went === null ? [] : [{ ...pair, in: came, out: went }];
  });
  const weighed = days.filter((day) => day.flowIn !== null && day.flowOut !== null);
  // The mean of the concentrations weighted by the flow, times the mean flow, is the mean of the daily loads.
  const end = (flow: 'flowIn' | 'flowOut', value: 'in' | 'out'): End => {
    const all = weighed.reduce((sum, day) => sum.plus(day[flow]!), new Big(0));
    const carried = weighed.reduce((sum, day) => sum.plus(day[value].times(day[flow]!)), new Big(0));
    return all.gt(0) ? { concentration: carried.div(all), flow: all.div(weighed.length) } : { concentration: null, flow: null };
  };
  const { difference: _, ...loads } = balance(end('flowIn', 'in'), end('flowOut', 'out'), isAmount ? uncertainty : null);
  const mean = (of: 'in' | 'out'): Big | null =>
    meanOf(
      days.map((day) => day[of]),
      averaging,
    );
  const [came, went] = [mean('in'), mean('out')];
  return {
    days: days.length,
    loadDays: loads.inflow === null ? 0 : weighed.length,
    inMean: figure(came),
    outMean: figure(went),
    difference: came === null || went === null ? null : figure(went.minus(came)),
    ...loads,
    daily: days.map((day) => ({
      start: day.start,
      in: figure(day.in)!,
      out: figure(day.out)!,
      difference: figure(day.out.minus(day.in))!,
    })),
  };
}
