/** How are parts of a case (处置单) said on the page? */
import type { CaseEventView, CasePlace } from '../../adapters/http/contract/cases.js';
import { language, words } from '../preferences.js';

/** Of two names the one in the language of the page. */
export const either = (zh: string | null, en: string | null): string => (language.value === 'en' ? (en ?? zh) : zh) ?? '';

/** A point in words; five decimals are a metre. */
export function pointText({ lat, lon, accuracyMetres }: Extract<CasePlace, { kind: 'point' }>): string {
  const accuracy = accuracyMetres === null ? null : String(Math.round(accuracyMetres));
  return words.value.cases.point(lat.toFixed(5), lon.toFixed(5), accuracy);
}

/** Where a step was taken; empty when that was not said. */
export function placeText({ place }: Pick<CaseEventView, 'place'>): string {
  if (place === null) return '';
  return place.kind === 'point' ? pointText(place) : place.text;
}
