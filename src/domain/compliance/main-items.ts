/** What pollutes a section most, and in which colour is its class shown? */
import { RIVER_CLASSES, type RiverClass } from './class.js';
import type { Finding } from './verdict.js';

/** The colour a class is shown in, with its grade (环办[2011]22号): Ⅰ–Ⅱ blue, Ⅲ green, Ⅳ yellow, Ⅴ orange, 劣Ⅴ red. */
export type Colour = 'blue' | 'green' | 'yellow' | 'orange' | 'red';

const COLOURS: Readonly<Record<RiverClass, Colour>> = {
  I: 'blue',
  II: 'blue',
  III: 'green',
  IV: 'yellow',
  V: 'orange',
  'worse-than-V': 'red',
};

/** The colour of a class. */
export const colourOf = (name: RiverClass): Colour => COLOURS[name];

/** Cyanide and heavy metals come first when they exceed, whatever their class. */
const FIRST: ReadonlySet<string> = new Set(['cn', 'pb', 'cr6', 'hg', 'cd', 'as']);

/** Items named at most. */
const MOST = 3;

/** A main pollution item (主要污染指标): its class, and how many times it is over the limit of class Ⅲ; `null` for pH and oxygen. */
export interface MainItem {
  readonly parameter: string;
  readonly class: RiverClass;
  readonly times: string | null;
}

type Earlier = Omit<Finding, 'timesOverIII'> & Partial<Pick<Finding, 'timesOverIII'>>;

const rank = (name: RiverClass): number => RIVER_CLASSES.indexOf(name);

/**
 * The main pollution items of a section from the findings of one window (环办[2011]22号): none of a section that is 优 or
 * 良好; else of the items beyond class Ⅲ the three of the worst class, of one class those with more times over first;
 * cyanide and heavy metals before all. What waits for confirmation or has too little data is not named. The order of the
 * findings does not matter.
 */
export function mainItems(findings: readonly Finding[]): MainItem[] {
  // Findings kept by an earlier version do not tell the times.
  const beyond = findings.flatMap(({ timesOverIII = null, ...f }: Earlier): MainItem[] =>
    f.counted && f.enough && f.class !== null && rank(f.class) > rank('III')
      ? [{ parameter: f.parameter, class: f.class, times: timesOverIII }]
      : [],
  );
  const once = [...new Map(beyond.map((item) => [item.parameter, item])).values()];
  const first = (item: MainItem): number => (FIRST.has(item.parameter) ? 1 : 0);
  return once
    .sort(
      (a, b) =>
        first(b) - first(a) ||
        rank(b.class) - rank(a.class) ||
        Number(b.times ?? -1) - Number(a.times ?? -1) ||
        (a.parameter < b.parameter ? -1 : 1),
    )
    .slice(0, MOST);
}
