/** What does the bench say? Figures beside their ceilings, as a table and as JSON. */

/** One figure, as `--json` writes it (contract §1). */
export interface Figure {
  readonly name: FigureName;
  readonly value: number;
  readonly unit: string;
  /** The same measure on the same machine in the same run with nothing of ours in it; `null` where there is none. */
  readonly ceiling: number | null;
  /** value ÷ ceiling. */
  readonly ratio: number | null;
  /** What each run gave; `value` is their median. */
  readonly runs: readonly number[];
  /** What the project promises itself, in words, and whether this run keeps it. */
  readonly floor: { readonly words: string; readonly holds: boolean } | null;
  /** What else was seen. */
  readonly note?: string;
}

/** The names the contract fixes, and ours beside them. */
export const FIGURE_NAMES = [
  ...(['mosquitto-durable', 'mosquitto-influx', 'embedded-durable', 'ten-per-message'] as const),
  ...(['puback-p50', 'puback-p99', 'stream-p99', 'archive-p99', 'mail-p99'] as const),
  ...(['live-ingest', 'live-p99', 'rss', 'cpu-per-message', 'ready', 'year-compliance'] as const),
] as const;

/** One of them. */
export type FigureName = (typeof FIGURE_NAMES)[number];

/** The middle one of some numbers. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** The value below which a share of the numbers lies; 0.99 is p99. `NaN` of none. */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? NaN;
}

/** A figure of some runs; the ceiling is the median of its own runs. */
export function figure(
  name: FigureName,
  unit: string,
  runs: readonly number[],
  ceilings: readonly number[],
  floor: (value: number, ratio: number | null) => Figure['floor'],
  note?: string,
): Figure {
  const value = median(runs);
  const ceiling = ceilings.length > 0 ? median(ceilings) : null;
  const ratio = ceiling === null ? null : value / ceiling;
  return { name, value, unit, ceiling, ratio, runs, floor: floor(value, ratio), ...(note !== undefined && { note }) };
}

/** A promise: the ratio is at least so much. */
export const atLeastRatio =
  (least: number) =>
  (_: number, ratio: number | null): Figure['floor'] => ({ words: `≥ ${least} ×`, holds: ratio !== null && ratio >= least });

/** A promise: the value is at most so much. */
export const atMost = (most: number, unit: string) => (value: number) => ({ words: `≤ ${most} ${unit}`, holds: value <= most });

const print = (n: number | null): string => {
  if (n === null) return '–';
  if (Math.abs(n) >= 1000) return Math.round(n).toLocaleString('en-US');
  return n.toPrecision(3);
};

/** The table for people, one line a figure. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map(({ name, value, unit, ceiling, ratio, floor, runs, note }) => [
    name,
    `${print(value)} ${unit}`,
    print(ceiling),
    ratio === null ? '–' : `${ratio.toFixed(2)} ×`,
    floor?.words ?? '–',
    floor === null ? '' : floor.holds ? '✓' : '✗',
    `${runs.map(print).join(' ')}${note === undefined ? '' : ` · ${note}`}`,
  ]);
  const lines = [['figure', 'value', 'ceiling', 'ratio', 'floor', '', 'runs'], ...rows];
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
