/**
 * How is a series drawn?
 *
 * The only file that knows ECharts; it is loaded when the first chart is opened. Drawn on a canvas with its tooltip on
 * the canvas too, because the page's Content-Security-Policy forbids the inline styles of ECharts' HTML tooltip.
 */
import { LineChart, ScatterChart } from 'echarts/charts';
import { GridComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import type { ReadingsAnswer } from '../adapters/http/contract.js';
import type { LimitValue } from './format.js';

use([LineChart, ScatterChart, GridComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent, CanvasRenderer]);

type RawReading = Extract<ReadingsAnswer['readings'][number], { value: number }>;

/** One reading in a chart. `at`: the site's wall clock as if UTC, ms. */
export interface SeriesPoint {
  readonly at: number;
  readonly value: number;
  /** It counts in a verdict; what does not is drawn as a cross beside the line. */
  readonly counts: boolean;
  readonly mark: RawReading['mark'];
  readonly quality: RawReading['quality'];
}

/** What a chart shows. `from` and `to` as `SeriesPoint.at`. */
export interface Drawing {
  readonly points: readonly SeriesPoint[];
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

/** The line breaks where more than three usual steps are missing, so that silence is not drawn as data. */
function withGaps(points: readonly SeriesPoint[]): [number, number | null][] {
  const steps = points.slice(1).map((p, i) => p.at - (points[i]?.at ?? p.at));
  const usual = [...steps].sort((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 0;
  return points.flatMap((p, i): [number, number | null][] => {
    const silent = i > 0 && (steps[i - 1] ?? 0) > 3 * usual;
    return silent
      ? [
          [p.at - 1, null],
          [p.at, p.value],
        ]
      : [[p.at, p.value]];
  });
}

const clockOf = (at: number): string => new Date(at).toISOString().slice(11, 16);
const dayAndClock = (at: number): string => `${new Date(at).toISOString().slice(5, 10)} ${clockOf(at)}`;

/** A longer stretch than this has hours that come twice: its times carry the day, ms. */
const CLOCK_ENOUGH = 30 * 3_600_000;

/** Opens an empty chart in an element that has a size. */
export function openChart(element: HTMLElement): Chart {
  const chart = init(element, null, { renderer: 'canvas', useDirtyRect: false });
  const resize = new ResizeObserver(() => chart.resize());
  resize.observe(element);

  return {
    draw(drawing) {
      const style = getComputedStyle(element);
      const token = (name: string): string => style.getPropertyValue(`--${name}`).trim();
      const timeOf = drawing.to - drawing.from > CLOCK_ENOUGH ? dayAndClock : clockOf;
      const font = { fontFamily: style.fontFamily, fontSize: 12, color: token('muted') };
      const valid = drawing.points.filter((p) => p.counts);
      const excluded = drawing.points.filter((p) => !p.counts);
      const limits = drawing.limit === null ? [] : typeof drawing.limit === 'number' ? [drawing.limit] : [...drawing.limit];
      const all = [...drawing.points.map((p) => p.value), ...limits];
      const low = Math.min(...all);
      const high = Math.max(...all);
      const air = (high - low || Math.abs(high) || 1) * 0.12;
      chart.setOption(
        {
          animation: false,
          useUTC: true,
          textStyle: font,
          grid: { left: 4, right: 8, top: 16, bottom: 2, containLabel: true },
          tooltip: {
            trigger: 'axis',
            renderMode: 'richText',
            confine: true,
            backgroundColor: token('raised'),
            borderColor: token('hairline'),
            borderWidth: 1,
            padding: [6, 8],
            textStyle: { ...font, color: token('ink') },
            axisPointer: { type: 'line', lineStyle: { color: token('muted'), type: 'solid' } },
            formatter: (params: unknown) => {
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
            },
          },
          xAxis: {
            type: 'time',
            min: drawing.from,
            max: drawing.to,
            splitNumber: 4,
            axisLine: { lineStyle: { color: token('hairline') } },
            axisTick: { show: false },
            splitLine: { show: false },
            axisLabel: {
              ...font,
              hideOverlap: true,
              showMinLabel: false,
              showMaxLabel: false,
              formatter: (at: number) => timeOf(at),
            },
          },
          yAxis: {
            type: 'value',
            // A quantity that is never negative has no room below zero.
            min: low >= 0 && low - air < 0 ? 0 : low - air,
            max: high + air,
            splitNumber: 3,
            axisLabel: {
              ...font,
              showMinLabel: low >= 0 && low - air < 0,
              showMaxLabel: false,
              formatter: (v: number) => String(Number(v.toPrecision(4))),
            },
            splitLine: { lineStyle: { color: token('hairline') } },
          },
          series: [
            {
              type: 'line',
              data: withGaps(valid),
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
                lineStyle: { color: token('exceeded'), type: 'dashed', width: 1.25 },
                label: {
                  ...font,
                  color: token('exceeded'),
                  position: 'insideStartTop',
                  distance: [2, 2],
                  formatter: () => drawing.limitText ?? '',
                },
                data: limits.map((yAxis) => ({ yAxis })),
              },
            },
            {
              type: 'scatter',
              data: excluded.map((p) => [p.at, p.value]),
              symbol: 'path://M0 0L10 10M10 0L0 10',
              symbolSize: 8,
              itemStyle: { color: 'transparent', borderColor: token('muted'), borderWidth: 1.5 },
              emphasis: { disabled: true },
            },
          ],
        },
        { notMerge: true },
      );
    },
    close() {
      resize.disconnect();
      chart.dispose();
    },
  };
}
