/**
 * How is one item of all sections drawn in one picture, so that a plume is seen as it moves?
 *
 * Loaded with ECharts when the first chart is wanted. Sections are told apart by the stroke of their line as well as by
 * its colour; the tooltip is on the canvas, because the page's Content-Security-Policy forbids ECharts' HTML tooltip.
 */
import { LineChart } from 'echarts/charts';
import { GridComponent, MarkLineComponent, TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { STROKES, strokeOf } from './river-stroke.js';
import type { LimitValue } from './format.js';

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

/** The line breaks where more than three usual steps are missing, so that silence is not drawn as data. */
function withGaps(points: SectionSeries['points']): [number, number | null][] {
  const known = points.filter((p) => p.mean !== null);
  const steps = known.slice(1).map((p, i) => p.at - (known[i]?.at ?? p.at));
  const usual = [...steps].sort((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 0;
  return known.flatMap((p, i): [number, number | null][] =>
    i > 0 && (steps[i - 1] ?? 0) > 3 * usual
      ? [
          [p.at - 1, null],
          [p.at, p.mean],
        ]
      : [[p.at, p.mean]],
  );
}

const dayAndClock = (at: number): string => new Date(at).toISOString().slice(5, 16).replace('T', ' ');

/** Opens an empty chart in an element that has a size. */
export function openRiverChart(element: HTMLElement): RiverChart {
  const chart = init(element, null, { renderer: 'canvas', useDirtyRect: false });
  const resize = new ResizeObserver(() => chart.resize());
  resize.observe(element);

  return {
    draw({ sections, from, to, limit, limitText, format }) {
      const style = getComputedStyle(element);
      const token = (name: string): string => style.getPropertyValue(`--${name}`).trim();
      const font = { fontFamily: style.fontFamily, fontSize: 12, color: token('muted') };
      const limits = limit === null ? [] : typeof limit === 'number' ? [limit] : [...limit];
      const all = [...sections.flatMap(({ points }) => points.flatMap(({ mean }) => (mean === null ? [] : [mean]))), ...limits];
      const [low, high] = [Math.min(...all), Math.max(...all)];
      const air = (high - low || Math.abs(high) || 1) * 0.12;
      chart.setOption(
        {
          animation: false,
          useUTC: true,
          textStyle: font,
          grid: { left: 4, right: 12, top: 16, bottom: 2, containLabel: true },
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
                seriesName: string;
                value: [number, number | null];
              }[];
              const lines = seen.filter(({ value }) => value[1] !== null);
              const [first] = lines;
              if (first === undefined) return '';
              const values = lines.map(({ seriesName, value }) => `${seriesName}  ${format(Number(value[1]))}`);
              return [dayAndClock(first.value[0]), ...values].join('\n');
            },
          },
          xAxis: {
            type: 'time',
            min: from,
            max: to,
            splitNumber: 5,
            axisLine: { lineStyle: { color: token('hairline') } },
            axisTick: { show: false },
            splitLine: { show: false },
            axisLabel: {
              ...font,
              hideOverlap: true,
              showMinLabel: false,
              showMaxLabel: false,
              formatter: (at: number) => {
                const text = dayAndClock(at);
                return text.endsWith('00:00') ? text.slice(0, 5) : text.slice(6);
              },
            },
          },
          yAxis: {
            type: 'value',
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
          series: sections.map(({ name, points }, i) => {
            const stroke = STROKES[strokeOf(i, sections.length)];
            return {
              type: 'line' as const,
              name,
              data: withGaps(points),
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
                  lineStyle: { color: token('exceeded'), type: 'dashed' as const, width: 1.25 },
                  label: {
                    ...font,
                    color: token('exceeded'),
                    position: 'insideStartTop' as const,
                    distance: [2, 2],
                    formatter: ({ value }: { value?: unknown }) => (limits.length > 1 ? String(value) : (limitText ?? '')),
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
    close() {
      resize.disconnect();
      chart.dispose();
    },
  };
}
