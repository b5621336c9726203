/** Which figure is printed where some of it is signed (定稿), and what has changed since? */
import type { ComplianceAnswer, SignedView } from '../adapters/http/contract/compliance.js';
import { count, percent } from './format.js';

/** What the service answers of a rate, as far as signing touches it. */
interface Rated {
  readonly rate: number | null;
  readonly met: number;
  readonly exceeded: number;
  readonly good?: ComplianceAnswer['good'];
  readonly period?: string;
  readonly signed?: SignedView | undefined;
}

/** The rate as it is printed: its signed months as they were signed, whatever came later. */
export function asSigned<T extends Rated>(of: T): T {
  const { signed } = of;
  if (!signed?.figure) return of;
  const [month] = signed.months;
  return { ...of, ...signed.figure, ...(month && of.period === month.period && { good: month.good }) };
}

/** Is every window behind the printed figure signed? Then it is no longer unreviewed (未审核), whatever came later. */
export function isSigned({ signed }: Rated): boolean {
  return signed?.figure ? signed.months.reduce((n, { due }) => n + due, 0) === signed.figure.due : false;
}

/** Windows that are not as they were signed. */
export const correctionsOf = (signed: SignedView | undefined): number =>
  signed?.months.reduce((n, month) => n + month.corrections, 0) ?? 0;

/** What is computed now stands beside a signed figure that it contradicts: rate and division, or `null` where they agree. */
export function liveBeside(of: Rated, undetermined: string): { rate: string; division: string } | null {
  const figure = of.signed?.figure;
  if (!figure || (figure.rate === of.rate && figure.met === of.met && figure.exceeded === of.exceeded)) return null;
  return {
    rate: of.rate === null ? undetermined : `${percent(of.rate)} %`,
    division: `${count(of.met)} ÷ ${count(of.met + of.exceeded)}`,
  };
}

/** Where a month is signed. */
export const signAddress = (target: string, period: string): string =>
  `/compliance/${encodeURIComponent(target)}/sign?${new URLSearchParams({ period })}`;
