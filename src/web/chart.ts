/**
 * How is a series drawn?
 *
 * Loaded with ECharts when the first chart is opened.
 */
import { LineChart, ScatterChart } from 'echarts/charts';
import { GridComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent } from 'echarts/components';
import { use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import {
  CROSS,
  crossStyle,
  limitStyle,
  numbersOf,
  openCanvas,
  paintOf,
  timeAxis,
  tooltip,
  valueAxis,
  withGaps,
} from './chart-frame.js';
import type { LimitValue } from './format.js';
import type { Point } from './series-points.js';

use([LineChart, ScatterChart, GridComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent, CanvasRenderer]);

/** What a chart shows. `from` and `to` as `Point.at`. */
export interface Drawing {
  /** What does not count (`why`) is drawn as a cross beside the line. */
  readonly points: readonly Point[];
  readonly from: number;
  readonly to: number;
  readonly limit: LimitValue;
  readonly limitText: string | null;
  /** A value with its unit, for axis and tooltip. */
  readonly format: (value: number) => string;
  readonly excludedWord: string;
  /** A stretch that is shaded, e.g. of an alert, as `from` and `to` are. */
  readonly span?: { readonly from: number; readonly to: number };
}

/** A chart in its element: draw again with new data or after a change of theme; close when the element goes. */
export interface Chart {
  draw(drawing: Drawing): void;
  close(): void;
}

const clockOf = (at: number): string => new Date(at).toISOString().slice(11, 16);
const dayAndClock = (at: number): string => `${new Date(at).toISOString().slice(5, 10)} ${clockOf(at)}`;

/** A longer stretch than this has hours that come twice: its times carry the day, ms. */
const CLOCK_ENOUGH = 30 * 3_600_000;

/** Opens an empty chart in an element that has a size. */
export function openChart(element: HTMLElement): Chart {
  const { chart, close } = openCanvas(element);

  return {
    draw(drawing) {
      const paint = paintOf(element);
      const { token, font } = paint;
      const timeOf = drawing.to - drawing.from > CLOCK_ENOUGH ? dayAndClock : clockOf;
      const valid = drawing.points.filter((p) => p.why === null);
      const excluded = drawing.points.filter((p) => p.why !== null);
      const limits = numbersOf(drawing.limit);
      const all = [...drawing.points.flatMap((p) => p.value ?? []), ...limits];
      const limit = limitStyle(paint);
      chart.setOption(
        {
          animation: false,
          useUTC: true,
          textStyle: font,
          grid: { left: 4, right: 8, top: 16, bottom: 2, containLabel: true },
          tooltip: tooltip(paint, (params: unknown) => {
            const seen = (Array.isArray(params) ? params : [params]) as {
              seriesIndex: number;
              value: [number, number | null];
            }[];
            const lines = seen.filter((s) => s.value[1] !== null);
            if (lines.length === 0) return '';
            return lines
              .map(
                (s) =>
                  `${timeOf(s.value[0])}  ${drawing.format(Number(s.value[1]))}${s.seriesIndex === 1 ? `  × ${drawing.excludedWord}` : ''}`,
              )
              .join('\n');
          }),
          xAxis: timeAxis(paint, { min: drawing.from, max: drawing.to, splitNumber: 4, label: timeOf }),
          yAxis: valueAxis(paint, all),
          series: [
            {
              type: 'line',
              data: withGaps(valid.flatMap((p) => (p.value === null ? [] : [[p.at, p.value] as const]))),
              showSymbol: valid.length <= 30,
              symbol: 'circle',
              symbolSize: 5,
              connectNulls: false,
              lineStyle: { width: 1.75, color: token('water') },
              itemStyle: { color: token('water') },
              emphasis: { disabled: true },
              ...(drawing.span && {
                markArea: {
                  silent: true,
                  itemStyle: { color: token('exceeded-tint') },
                  data: [[{ xAxis: drawing.span.from }, { xAxis: drawing.span.to }]],
                },
              }),
              markLine: {
                silent: true,
                symbol: 'none',
                precision: 6,
                lineStyle: limit.lineStyle,
                label: { ...limit.label, formatter: () => drawing.limitText ?? '' },
                data: limits.map((yAxis) => ({ yAxis })),
              },
            },
            {
              type: 'scatter',
              data: excluded.map((p) => [p.at, p.value]),
              symbol: CROSS,
              symbolSize: 8,
              itemStyle: crossStyle(paint),
              emphasis: { disabled: true },
            },
          ],
        },
        { notMerge: true },
      );
    },
    close,
  };
}
