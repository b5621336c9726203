/** How is it said that a reading does not count, or what is to be said of it? */
import { spoken, words } from '../preferences.js';
import type { Why } from '../series-points.js';
import { stationWords } from './words-station.js';

const w = spoken(stationWords);

/** In the language of the page: by what people decided, by the device's mark, or by our own quality. */
export function whyText(why: Why): string {
  if (why.by === 'ruling') return w.value.ruling[why.code] ?? why.code;
  if (why.by === 'quality') return words.value.quality[why.code];
  return why.code === 'T' ? `${w.value.atLeast} T` : `${words.value.mark[why.code]} ${why.code}`;
}
