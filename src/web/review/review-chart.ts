/**
 * How is a day drawn so that a person can pick a span of it?
 *
 * Loaded when the first day is opened; on a canvas, as every chart, because the Content-Security-Policy forbids inline
 * styles. A span is picked on the canvas itself: pressed, drawn along, let go.
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
  reach,
  timeAxis,
  tooltip,
  valueAxis,
} from '../chart-frame.js';
import type { LimitValue } from '../format.js';
import { lineOf, type Point } from '../series-points.js';

use([LineChart, ScatterChart, GridComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent, CanvasRenderer]);

const HOUR = 3_600_000;

/** A point narrower than this was a press, not a span, px. */
const PRESS = 4;

/** A stretch on the chart; times as `Point.at`. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** What the chart shows. */
export interface ReviewDrawing {
  readonly points: readonly Point[];
  /** Which of them wait for a decision. */
  readonly doubtful: readonly Point[];
  readonly from: number;
  readonly to: number;
  /** What lies beyond the day itself is context. */
  readonly day: Stretch;
  readonly maintenance: readonly Stretch[];
  readonly picked: Stretch | null;
  readonly cursor: number | null;
  readonly limit: LimitValue;
  readonly limitText: string | null;
  readonly describe: (point: Point) => string;
}

/** A chart in its element. */
export interface ReviewChart {
  draw(drawing: ReviewDrawing): void;
  close(): void;
}

const isTouch = (event: Event): boolean =>
  event.type.startsWith('touch') || (event instanceof PointerEvent && event.pointerType === 'touch');

/** Opens an empty chart. `picked` hears the stretch that was drawn along, or of a press the instant, twice. */
export function openReviewChart(element: HTMLElement, picked: (stretch: Stretch, done: boolean) => void): ReviewChart {
  const { chart, close } = openCanvas(element);
  let began: { x: number; y: number; at: number } | null = null;
  let drawing = false;
  const at = (x: number): number => Number(chart.convertFromPixel({ xAxisIndex: 0 }, x));
  const stretch = (x: number, from: { at: number }): Stretch => {
    const end = drawing ? at(x) : from.at;
    return { from: Math.min(from.at, end), to: Math.max(from.at, end) };
  };
  const zr = chart.getZr();
  zr.on('mousedown', ({ offsetX, offsetY }) => {
    began = { x: offsetX, y: offsetY, at: at(offsetX) };
    drawing = false;
  });
  zr.on('mousemove', ({ offsetX, offsetY, event }) => {
    if (began === null) return;
    const [along, across] = [Math.abs(offsetX - began.x), Math.abs(offsetY - began.y)];
    // A finger that goes up or down scrolls the page, and must not take away what is picked.
    if (!drawing && isTouch(event) && across >= PRESS && across > along) began = null;
    else if ((drawing ||= along >= PRESS)) picked(stretch(offsetX, began), false);
  });
  const end = ({ offsetX }: { offsetX: number }): void => {
    if (began === null) return;
    const drawn = stretch(offsetX, began);
    began = null;
    picked(drawn, true);
  };
  zr.on('mouseup', end);
  zr.on('globalout', () => void (began = null));

  return {
    draw(drawing) {
      const paint = paintOf(element);
      const { token, font } = paint;
      const line = lineOf(drawing.points);
      const excluded = drawing.points.filter((p) => p.why !== null);
      const limits = numbersOf(drawing.limit);
      const values = [...drawing.points.flatMap((p) => (p.value === null ? [] : [p.value])), ...limits];
      const floor = reach(values).min;
      const bound = limitStyle(paint);
      const area = ({ from, to }: Stretch, colour: string, opacity: number): object[] => [
        { xAxis: from, itemStyle: { color: token(colour), opacity } },
        { xAxis: to },
      ];
      const outside: Stretch[] = [
        { from: drawing.from, to: drawing.day.from },
        { from: drawing.day.to, to: drawing.to },
      ];
      const dots = (points: readonly Point[], symbol: string, size: number, item: object): object => ({
        type: 'scatter',
        data: points.map((p) => ({ value: [p.at, p.value ?? floor], point: p })),
        ...{ symbol, symbolSize: size, itemStyle: item, emphasis: { disabled: true }, z: 4 },
      });
      chart.setOption(
        {
          ...{ animation: false, useUTC: true, textStyle: font },
          grid: { left: 4, right: 12, top: 20, bottom: 2, containLabel: true },
          tooltip: tooltip(paint, (params: unknown) => {
            const seen = (Array.isArray(params) ? params : [params]) as { data?: { point?: Point } }[];
            return [...new Set(seen.flatMap((s) => s.data?.point ?? []))].map(drawing.describe).join('\n');
          }),
          xAxis: timeAxis(paint, {
            min: drawing.from,
            max: drawing.to,
            splitNumber: 6,
            label: (t) =>
              t % (24 * HOUR) === 0 ? new Date(t).toISOString().slice(5, 10) : new Date(t).toISOString().slice(11, 16),
          }),
          yAxis: valueAxis(paint, values, { splitNumber: 4 }),
          series: [
            {
              type: 'line',
              data: line.map((p) => ('total' in p ? { value: [p.at, p.value], point: p } : { value: [p.at, null] })),
              ...{ showSymbol: line.length <= 60, symbol: 'circle', symbolSize: 5, connectNulls: false },
              lineStyle: { width: 1.75, color: token('water') },
              itemStyle: { color: token('water') },
              emphasis: { disabled: true },
              markLine: {
                ...{ silent: true, symbol: 'none', precision: 6 },
                label: { ...bound.label, formatter: '{b}' },
                data: [
                  ...limits.map((yAxis, i) => ({
                    yAxis,
                    name: limits.length === 1 ? (drawing.limitText ?? '') : `${i === 0 ? '≥' : '≤'} ${yAxis}`,
                    lineStyle: bound.lineStyle,
                  })),
                  ...(drawing.cursor === null
                    ? []
                    : [{ xAxis: drawing.cursor, name: '', lineStyle: { color: token('ink'), type: 'solid', width: 1 } }]),
                ],
              },
              markArea: {
                silent: true,
                data: [
                  ...outside.filter(({ from, to }) => to > from).map((one) => area(one, 'hairline', 0.45)),
                  ...drawing.maintenance.map((one) => area(one, 'muted', 0.16)),
                  ...(drawing.picked === null ? [] : [area(drawing.picked, 'water', 0.22)]),
                ],
              },
            },
            dots(drawing.doubtful, 'diamond', 9, { color: token('warning') }),
            dots(excluded, CROSS, 8, crossStyle(paint)),
          ],
        },
        { notMerge: true },
      );
    },
    close,
  };
}
