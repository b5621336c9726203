/**
 * How is a series of a station drawn over any stretch of time?
 *
 * Loaded with ECharts when the first chart comes into view.
 */
import { LineChart, ScatterChart } from 'echarts/charts';
import { DataZoomInsideComponent, GridComponent, MarkAreaComponent, TooltipComponent } from 'echarts/components';
import { use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { CROSS, crossStyle, openCanvas, paintOf, reach, timeAxis, tooltip, valueAxis } from '../chart-frame.js';
import { cornersOf, labelsOf, type LimitStroke } from './limit-lines.js';
import { lineOf, type Point } from '../series-points.js';

use([LineChart, ScatterChart, DataZoomInsideComponent, GridComponent, MarkAreaComponent, TooltipComponent, CanvasRenderer]);

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A shaded stretch: work at the instruments, or an alert. Times as `Point.at`. */
export interface Shade {
  readonly from: number;
  readonly to: number;
  readonly kind: 'maintenance' | 'exceeded' | 'warning';
  readonly label: string;
}

/** What a chart shows. Times as `Point.at`. */
export interface StationDrawing {
  readonly points: readonly Point[];
  /** What is in view; points beyond it are at hand when it is moved. */
  readonly from: number;
  readonly to: number;
  /** Nothing later can be looked at. */
  readonly now: number;
  readonly limits: readonly LimitStroke[];
  readonly shades: readonly Shade[];
  /** Lines of the tooltip for a point. */
  readonly describe: (point: Point) => string;
  /** Colour, letters and numbers of the axis. */
  readonly axis: (value: number) => string;
}

/** A chart in its element. */
export interface StationChart {
  draw(drawing: StationDrawing): void;
  close(): void;
}

/** The label of a time on an axis as long as this. */
export function timeLabel(at: number, length: number): string {
  const iso = new Date(at).toISOString();
  if (length <= 2 * DAY) return iso.slice(11, 16) === '00:00' ? iso.slice(5, 10) : iso.slice(11, 16);
  if (length <= 200 * DAY) return iso.slice(5, 10);
  return iso.slice(0, 7);
}

/** Opens an empty chart; `zoomed` hears where a person has moved it to. */
export function openStationChart(element: HTMLElement, zoomed: (from: number, to: number) => void): StationChart {
  const { chart, close } = openCanvas(element);
  chart.on('datazoom', () => {
    const [zoom] = (chart.getOption() as { dataZoom?: { startValue?: number; endValue?: number }[] }).dataZoom ?? [];
    if (zoom?.startValue !== undefined && zoom.endValue !== undefined) zoomed(zoom.startValue, zoom.endValue);
  });

  return {
    draw(drawing) {
      const paint = paintOf(element);
      const { token, font } = paint;
      const length = drawing.to - drawing.from;
      const line = lineOf(drawing.points);
      const excluded = drawing.points.filter((p) => p.why !== null || p.valid === 0);
      const shown = drawing.points.filter((p) => p.at >= drawing.from - length / 20 && p.at < drawing.to + length / 20);
      const measured = shown.flatMap((p) => (p.min === null || p.max === null ? [] : [p.min, p.max]));
      // A limit is always in the picture; a line between classes only where the water comes near it.
      const bound = drawing.limits
        .filter(({ kind }) => kind !== 'class')
        .flatMap(({ spans }) => spans.filter(({ from, to }) => from < drawing.to && to > drawing.from).map(({ value }) => value));
      const all = [...measured, ...bound];
      const floor = reach(all).min;
      const isStepped = drawing.points.some((p) => p.total > 1);
      const shadeColour = { maintenance: token('muted'), exceeded: token('exceeded'), warning: token('warning') };
      chart.setOption(
        {
          animation: false,
          useUTC: true,
          textStyle: font,
          grid: { left: 4, right: 8, top: 20, bottom: 2, containLabel: true },
          tooltip: tooltip(paint, (params: unknown) => {
            const seen = (Array.isArray(params) ? params : [params]) as { data?: { point?: Point } }[];
            const told = [...new Set(seen.flatMap((s) => s.data?.point ?? []))];
            return told.map(drawing.describe).join('\n');
          }),
          // A wheel over a page of charts scrolls the page; with Ctrl it zooms, as in a map. Sideways drags move.
          dataZoom: [
            {
              type: 'inside',
              startValue: drawing.from,
              endValue: drawing.to,
              minValueSpan: HOUR,
              filterMode: 'none',
              zoomOnMouseWheel: 'ctrl',
              moveOnMouseWheel: false,
              preventDefaultMouseMove: false,
              throttle: 40,
            },
          ],
          xAxis: timeAxis(paint, {
            min: drawing.from - 3 * length,
            max: Math.max(drawing.to, Math.min(drawing.to + 3 * length, drawing.now)),
            splitNumber: 4,
            label: (at) => timeLabel(at, length),
          }),
          yAxis: valueAxis(paint, all, { label: drawing.axis }),
          series: [
            ...(isStepped ? band(line, token('water')) : []),
            {
              type: 'line',
              data: line.map((p) => ('total' in p ? { value: [p.at, p.value], point: p } : { value: [p.at, null] })),
              showSymbol: line.length <= 40,
              symbol: 'circle',
              symbolSize: 5,
              connectNulls: false,
              lineStyle: { width: 1.75, color: token('water') },
              itemStyle: { color: token('water') },
              emphasis: { disabled: true },
              markArea: {
                silent: true,
                data: drawing.shades.map(({ from, to, kind, label }) => [
                  {
                    xAxis: from,
                    itemStyle: { color: shadeColour[kind], opacity: kind === 'maintenance' ? 0.16 : 0.09 },
                    label: {
                      ...font,
                      color: kind === 'maintenance' ? token('muted') : shadeColour[kind],
                      fontSize: 11,
                      position: 'top',
                      distance: 2,
                      // Where a stretch is too short for its word the table and the list have it.
                      formatter: to - from > length / 12 ? label : '',
                    },
                  },
                  { xAxis: to },
                ]),
              },
            },
            ...drawing.limits.flatMap((stroke) =>
              limitSeries(stroke, drawing, { font, own: token('exceeded'), quiet: token('muted') }),
            ),
            {
              type: 'scatter',
              data: excluded.map((p) => ({ value: [p.at, p.value ?? floor], point: p })),
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

/** A limit and its words: bold where it binds a value, dotted where it binds the mean of a day, faint between classes. */
function limitSeries(
  stroke: LimitStroke,
  { from, to }: StationDrawing,
  { font, own, quiet }: { font: object; own: string; quiet: string },
): object[] {
  const isClass = stroke.kind === 'class';
  const color = isClass ? quiet : own;
  const still = { silent: true, tooltip: { show: false }, emphasis: { disabled: true }, animation: false };
  return [
    {
      ...{ type: 'line', symbol: 'none', data: cornersOf(stroke), ...still },
      lineStyle: {
        color,
        type: stroke.kind === 'own' ? 'dashed' : 'dotted',
        width: isClass ? 1 : 1.25,
        opacity: isClass ? 0.7 : 1,
      },
    },
    {
      ...{ type: 'scatter', symbolSize: 1, itemStyle: { color: 'transparent' }, ...still },
      data: labelsOf(stroke, from, to).map(({ at, value, label }) => ({
        value: [at, value],
        label: {
          ...font,
          ...{ show: true, color, formatter: label, position: 'right', distance: 2 },
          ...{ verticalAlign: 'bottom', offset: [0, -1] },
        },
      })),
    },
  ];
}

/** Between the lowest and the highest of each step, behind the line of the means. */
function band(line: ReturnType<typeof lineOf>, colour: string): object[] {
  const one = { type: 'line', stack: 'band', stackStrategy: 'all', symbol: 'none', silent: true, lineStyle: { opacity: 0 } };
  const low = line.map((p) => [p.at, 'min' in p ? p.min : null]);
  const height = line.map((p) => [p.at, 'min' in p && p.min !== null && p.max !== null ? p.max - p.min : null]);
  const quiet = { tooltip: { show: false }, emphasis: { disabled: true } };
  return [
    { ...one, ...quiet, data: low },
    { ...one, ...quiet, data: height, areaStyle: { color: colour, opacity: 0.18 } },
  ];
}
