/** In which language is a reason of the service told here? */
import { readable, type IsoTime } from '../format.js';
import { nowIso, page } from '../page-state.js';
import { language, nameOf } from '../preferences.js';
import { inEnglish, type NameIn } from './reason-english.js';

/** A name of the config that comes without its English (a village, a waterworks, an office) in the language of the page. */
export function placeIn(zh: string): string {
  return (language.value === 'en' && page.site.data?.english?.[zh]) || zh;
}

/** Several such names in one line. */
export const placesIn = (names: readonly string[]): string => names.map(placeIn).join(language.value === 'en' ? ', ' : '、');

/** A reason beside a figure that says its verdict already. */
export const besideFigure = (reason: string): string => reason.replace(/^未判定[::]/, '');

const nameHere: NameIn = (zh) => {
  for (const station of page.stations.data?.stations ?? []) {
    if (station.name === zh) return nameOf(station);
    const item = station.latest.find((latest) => latest.name === zh);
    if (item !== undefined) return nameOf(item);
  }
  return placeIn(zh);
};

/** A reason in the language of the page, its times as people read them, and the language it then is in where that is another. */
export function reasonIn(text: string, now: IsoTime = nowIso.value): { text: string; lang: 'zh' | undefined } {
  const told = readable(text, now);
  if (language.value !== 'en') return { text: told, lang: undefined };
  const said = inEnglish(told, nameHere);
  if (said !== null) return { text: said, lang: undefined };
  return { text: told, lang: /\p{Script=Han}/u.test(told) ? 'zh' : undefined };
}
