/**
 * How is one item of all sections drawn in one picture, so that a plume is seen as it moves?
 *
 * Loaded with ECharts when the first chart is wanted. Sections are told apart by the stroke of their line as well as by
 * its colour.
 */
import { LineChart } from 'echarts/charts';
import { GridComponent, MarkLineComponent, TooltipComponent } from 'echarts/components';
import { use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { limitStyle, numbersOf, openCanvas, paintOf, timeAxis, tooltip, valueAxis, withGaps } from '../chart-frame.js';
import { STROKES, strokeOf } from './river-stroke.js';
import type { LimitValue } from '../format.js';

use([LineChart, GridComponent, MarkLineComponent, TooltipComponent, CanvasRenderer]);

/** The means of one section. */
export interface SectionSeries {
  readonly name: string;
  /** `at`: the site's wall clock as if UTC, ms; `mean` is `null` where nothing valid came. */
  readonly points: readonly { readonly at: number; readonly mean: number | null }[];
}

/** What a chart shows. `from` and `to` as `at`; sections in flow order. */
export interface RiverDrawing {
  readonly sections: readonly SectionSeries[];
  readonly from: number;
  readonly to: number;
  readonly limit: LimitValue;
  readonly limitText: string | null;
  readonly format: (value: number) => string;
}

/** A chart in its element: draw again with new data or after a change of theme; close when the element goes. */
export interface RiverChart {
  draw(drawing: RiverDrawing): void;
  close(): void;
}

/** What there is to draw of a section. */
const known = (points: SectionSeries['points']): [number, number][] =>
  points.flatMap(({ at, mean }) => (mean === null ? [] : [[at, mean] as [number, number]]));

const dayAndClock = (at: number): string => new Date(at).toISOString().slice(5, 16).replace('T', ' ');

/** Opens an empty chart in an element that has a size. */
export function openRiverChart(element: HTMLElement): RiverChart {
  const { chart, close } = openCanvas(element);

  return {
    draw({ sections, from, to, limit, limitText, format }) {
      const paint = paintOf(element);
      const { token, font } = paint;
      const limits = numbersOf(limit);
      const all = [...sections.flatMap(({ points }) => known(points).map(([, mean]) => mean)), ...limits];
      const bound = limitStyle(paint);
      chart.setOption(
        {
          animation: false,
          useUTC: true,
          textStyle: font,
          grid: { left: 4, right: 12, top: 16, bottom: 2, containLabel: true },
          tooltip: tooltip(paint, (params: unknown) => {
            const seen = (Array.isArray(params) ? params : [params]) as {
              seriesName: string;
              value: [number, number | null];
            }[];
            const lines = seen.filter(({ value }) => value[1] !== null);
            const [first] = lines;
            if (first === undefined) return '';
            const values = lines.map(({ seriesName, value }) => `${seriesName}  ${format(Number(value[1]))}`);
            return [dayAndClock(first.value[0]), ...values].join('\n');
          }),
          xAxis: timeAxis(paint, {
            min: from,
            max: to,
            splitNumber: 5,
            label: (at: number) => {
              const text = dayAndClock(at);
              return text.endsWith('00:00') ? text.slice(0, 5) : text.slice(6);
            },
          }),
          yAxis: valueAxis(paint, all),
          series: sections.map(({ name, points }, i) => {
            const stroke = STROKES[strokeOf(i, sections.length)];
            return {
              type: 'line' as const,
              name,
              data: withGaps(known(points)),
              symbol: 'circle',
              showSymbol: points.length <= 12,
              symbolSize: 4,
              connectNulls: false,
              lineStyle: { width: stroke.width, color: token(stroke.token), type: [...stroke.dash] },
              itemStyle: { color: token(stroke.token) },
              emphasis: { disabled: true },
              ...(i === 0 && {
                markLine: {
                  silent: true,
                  symbol: 'none',
                  precision: 6,
                  lineStyle: bound.lineStyle,
                  label: {
                    ...bound.label,
                    formatter: ({ value }: { value?: unknown }) =>
                      limits.length > 1 ? `${value === limits[0] ? '≥' : '≤'} ${String(value)}` : (limitText ?? ''),
                  },
                  data: limits.map((yAxis) => ({ yAxis })),
                },
              }),
            };
          }),
        },
        { notMerge: true },
      );
    },
    close,
  };
}
