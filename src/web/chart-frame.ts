/**
 * What do all charts share: the canvas in its element, the colours of the page, axes, tooltip, the lines of limits?
 *
 * Loaded with ECharts when the first chart is opened. Drawn on a canvas with the tooltip on the canvas too, because the
 * page's Content-Security-Policy forbids the inline styles of ECharts' HTML tooltip.
 */
import { type EChartsType, init } from 'echarts/core';
import type { LimitValue } from './format.js';

/** The colours and letters of the page as they are now. */
export interface Paint {
  /** The value of a design token, e.g. `water`. */
  token(name: string): string;
  readonly font: { readonly fontFamily: string; readonly fontSize: number; readonly color: string };
}

/** Drawn where a reading does not count. */
export const CROSS = 'path://M0 0L10 10M10 0L0 10';

/** Opens an empty canvas that follows the size of its element; `close` when the element goes. */
export function openCanvas(element: HTMLElement): { chart: EChartsType; close(): void } {
  const chart = init(element, null, { renderer: 'canvas' });
  const resize = new ResizeObserver(() => chart.resize());
  resize.observe(element);
  // A printer takes what is drawn when this returns; an observer would be heard too late.
  const forPaper = (): void => {
    chart.resize();
    chart.getZr().flush();
  };
  addEventListener('beforeprint', forPaper);
  return {
    chart,
    close() {
      removeEventListener('beforeprint', forPaper);
      resize.disconnect();
      chart.dispose();
    },
  };
}

/** Read anew for each drawing: the theme may have changed. */
export function paintOf(element: HTMLElement): Paint {
  const style = getComputedStyle(element);
  const token = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return { token, font: { fontFamily: style.fontFamily, fontSize: 12, color: token('muted') } };
}

/** The numbers of a limit, lower one first; none without a limit. */
export const numbersOf = (limit: LimitValue): readonly number[] =>
  limit === null ? [] : typeof limit === 'number' ? [limit] : [...limit];

/** How far the axis of values reaches, with some air. A quantity that is never negative has no room below zero. */
export function reach(values: readonly number[]): { readonly min: number; readonly max: number } {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const air = (high - low || Math.abs(high) || 1) * 0.12;
  return { min: low >= 0 && low - air < 0 ? 0 : low - air, max: high + air };
}

/** A tooltip over all that stands at one time. */
export const tooltip = ({ token, font }: Paint, formatter: (params: unknown) => string) => ({
  trigger: 'axis' as const,
  renderMode: 'richText' as const,
  confine: true,
  backgroundColor: token('raised'),
  borderColor: token('hairline'),
  borderWidth: 1,
  padding: [6, 8],
  textStyle: { ...font, color: token('ink') },
  axisPointer: { type: 'line' as const, lineStyle: { color: token('muted'), type: 'solid' as const } },
  formatter,
});

/** The axis of time. */
export const timeAxis = (
  { token, font }: Paint,
  { label, ...span }: { min: number; max: number; splitNumber: number; label: (at: number) => string },
) => ({
  type: 'time' as const,
  ...span,
  axisLine: { lineStyle: { color: token('hairline') } },
  axisTick: { show: false },
  splitLine: { show: false },
  axisLabel: { ...font, hideOverlap: true, showMinLabel: false, showMaxLabel: false, formatter: label },
});

const fourDigits = (value: number): string => String(Number(value.toPrecision(4)));

/** The axis of values, within `reach` of them; of no value at all as ECharts likes. */
export function valueAxis(
  { token, font }: Paint,
  values: readonly number[],
  { splitNumber = 3, label = fourDigits }: { splitNumber?: number; label?: (value: number) => string } = {},
) {
  const ends = reach(values);
  return {
    type: 'value' as const,
    ...(values.length > 0 && ends),
    splitNumber,
    axisLabel: { ...font, showMinLabel: ends.min === 0, showMaxLabel: false, formatter: label },
    splitLine: { lineStyle: { color: token('hairline') } },
  };
}

/** How the line of a limit and its words are drawn. */
export const limitStyle = ({ token, font }: Paint) => ({
  lineStyle: { color: token('exceeded'), type: 'dashed' as const, width: 1.25 },
  label: { ...font, color: token('exceeded'), position: 'insideStartTop' as const, distance: [2, 2] },
});

/** How a cross is drawn. */
export const crossStyle = ({ token }: Paint) => ({ color: 'transparent', borderColor: token('muted'), borderWidth: 1.5 });

/** The line breaks where more than three usual steps are missing, so that silence is not drawn as data. */
export function withGaps(points: readonly (readonly [at: number, value: number])[]): [number, number | null][] {
  const steps = points.slice(1).map(([at], i) => at - (points[i]?.[0] ?? at));
  const usual = [...steps].sort((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 0;
  return points.flatMap(([at, value], i): [number, number | null][] =>
    i > 0 && (steps[i - 1] ?? 0) > 3 * usual
      ? [
          [at - 1, null],
          [at, value],
        ]
      : [[at, value]],
  );
}
