/** How are limits drawn that changed over time? As lines that step where one took the place of another. */
import type { StationLimitsAnswer } from '../../adapters/http/contract/station.js';
import { className } from '../format.js';

/** One limit as the service tells it. */
export type LimitLine = StationLimitsAnswer['limits'][number];

/** A number that held from one time to another; times as `Point.at` of a chart. */
export interface LimitSpan {
  readonly from: number;
  readonly to: number;
  readonly value: number;
  readonly label: string;
}

/** A line of a chart: spans that follow each other, drawn with a step between them. */
export interface LimitStroke {
  /** `own` binds a single value, `daily` the mean of a day, `class` is a line between river classes that does not bind. */
  readonly kind: 'own' | 'daily' | 'class';
  readonly spans: readonly LimitSpan[];
}

/** Is it the line of a class where a limit that binds is drawn at the same number? Classes do not differ in pH. */
const isDrawn = (line: LimitLine, all: readonly LimitLine[]): boolean =>
  line.otherClass !== null &&
  all.some(
    (other) =>
      other.otherClass === null &&
      String(other.limit) === String(line.limit) &&
      Date.parse(other.from) <= Date.parse(line.from) &&
      Date.parse(other.to) >= Date.parse(line.to),
  );

/** The lines of one parameter; `dayMean` is said before a limit of day means, `zone` is added to each time, ms. */
export function strokesOf(lines: readonly LimitLine[], dayMean: string, zone: number): LimitStroke[] {
  const strokes: { key: string; kind: LimitStroke['kind']; spans: LimitSpan[] }[] = [];
  const drawn = lines.filter((line) => !isDrawn(line, lines));
  for (const line of [...drawn].sort((a, b) => Date.parse(a.from) - Date.parse(b.from))) {
    const kind = line.otherClass !== null ? 'class' : line.daily ? 'daily' : 'own';
    const sides = typeof line.limit === 'number' ? [line.limit] : line.limit;
    sides.forEach((value, i) => {
      const sign = sides.length === 2 ? (i === 0 ? '≥' : '≤') : line.text.slice(0, 1);
      const said = sides.length === 2 ? `${sign} ${value}` : line.text;
      const span: LimitSpan = {
        from: Date.parse(line.from) + zone,
        to: Date.parse(line.to) + zone,
        value,
        label: line.otherClass !== null ? className(line.otherClass) : line.daily ? `${dayMean} ${said}` : said,
      };
      const key = [kind, sign, line.otherClass, line.condition].join(' ');
      // Only what ends where the next begins is followed by it: two limits at once are two lines.
      const before = strokes.find((stroke) => stroke.key === key && stroke.spans.at(-1)?.to === span.from);
      if (before) before.spans.push(span);
      else strokes.push({ key, kind, spans: [span] });
    });
  }
  return namedTogether(strokes.map(({ kind, spans }) => ({ kind, spans })));
}

/** Classes that share a limit are one line with all their names, so that no word is printed over another. */
function namedTogether(strokes: readonly LimitStroke[]): LimitStroke[] {
  const drawn = new Map<string, LimitStroke>();
  for (const stroke of strokes) {
    const place = stroke.kind === 'class' ? JSON.stringify(cornersOf(stroke)) : String(drawn.size);
    const other = drawn.get(place);
    const named = (span: LimitSpan, i: number): LimitSpan => ({ ...span, label: `${other!.spans[i]!.label} · ${span.label}` });
    drawn.set(place, other ? { ...stroke, spans: stroke.spans.map(named) } : stroke);
  }
  return [...drawn.values()];
}

/** Corners of a stroke: the step stands where one span meets the next. */
export const cornersOf = ({ spans }: LimitStroke): [at: number, value: number][] =>
  spans.flatMap(({ from, to, value }): [number, number][] => [
    [from, value],
    [to, value],
  ]);

/** Where the words of each span stand that is in view: at its beginning, or at the left edge; never two at one place. */
export function labelsOf({ spans }: LimitStroke, from: number, to: number): { at: number; value: number; label: string }[] {
  return spans
    .filter((span) => span.from < to && span.to > from)
    .filter((span, i, seen) => span.label !== seen[i - 1]?.label)
    .map((span) => ({ at: Math.max(span.from, from), value: span.value, label: span.label }));
}
