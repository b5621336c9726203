/** Are the worked cases of `test/fixtures/standards/` judged as their sources say? */
import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { assessWindow } from '../../../src/domain/compliance/assess.js';
import { assessPeriod } from '../../../src/domain/compliance/period.js';
import type { Finding, Verdict } from '../../../src/domain/compliance/verdict.js';
import type { JudgedReading, Mark, Quality, Ruling } from '../../../src/domain/reading.js';
import { limitText } from '../../../src/domain/standards/bind.js';
import type { Disinfectant, Method, Station } from '../../../src/domain/station.js';
import { localDate, MINUTE, parsePeriod, type Window, windowsIn } from '../../../src/domain/time.js';
import { at, byParameter, reading, siteWith, station, windowOf, wupi } from '../../support/wupi.js';

const fixture = <T>(name: string): T => parse(readFileSync(`test/fixtures/standards/${name}`, 'utf8')) as T;

/** How a fixture writes the values of one parameter. */
interface Values {
  readonly from?: string;
  readonly every: number;
  readonly values?: readonly (number | null)[];
  readonly repeat?: number;
  readonly value?: number;
  readonly mark?: Mark;
  readonly quality?: Quality;
  readonly ruling?: Ruling;
  readonly detection?: number;
}

/** What a fixture replaces of a station. */
interface Over {
  readonly class?: string;
  readonly disinfectant?: Disinfectant;
  readonly measures?: readonly string[];
  readonly cadence?: Readonly<Record<string, number>>;
  readonly method?: Readonly<Record<string, Method>>;
  readonly comparisons?: Readonly<Record<string, readonly { on: string; passed: boolean }[]>>;
}

interface WindowCase {
  readonly name: string;
  readonly kind?: 'hour' | 'day';
  readonly station: string;
  readonly with?: Over;
  readonly at: string;
  readonly base?: keyof typeof ORDINARY;
  readonly readings: Readonly<Record<string, Values>>;
  readonly verdict?: string;
  readonly class?: string;
  readonly reason?: string;
  readonly findings?: Readonly<Record<string, object>>;
  readonly absent?: readonly string[];
}

const ORDINARY = {
  river: { ph: 7.3, do: 7, codmn: 3, nh3n: 0.4, tp: 0.08 },
  'clean river': { ph: 7.3, do: 9, codmn: 1.5, nh3n: 0.1, tp: 0.01 },
  sewage: { cod: 30, nh3n: 1, tp: 0.5, tn: 12, ss: 10, ph: 7 },
  tap: { turb: 0.3, ph: 7.2, cl2: 0.5, clo2: 0.3 },
  air: { pm10: 60, pm25: 20, o3: 80 },
} as const;

function stationOf(id: string, over: Over = {}): Station {
  const base = station(id);
  const { method = {}, comparisons = {}, cadence = {}, measures = [] } = over;
  const measured = [
    ...base.parameters,
    ...measures
      .filter((parameter) => !base.parameters.some((p) => p.parameter === parameter))
      .map((parameter) => ({ ...base.parameters[0]!, parameter })),
  ];
  const signed = { laboratory: 1, sensor: 1, by: '区环境监测站' };
  return {
    ...base,
    binding: base.binding && { ...base.binding, class: over.class ?? base.binding.class },
    disinfectant: over.disinfectant ?? base.disinfectant,
    parameters: measured.map((p) => ({
      ...p,
      cadence: cadence[p.parameter] ?? p.cadence,
      ...(method[p.parameter] && { method: method[p.parameter]! }),
      ...(comparisons[p.parameter] && { comparisons: comparisons[p.parameter]!.map((c) => ({ ...signed, ...c })) }),
    })),
  };
}

/** The readings of one parameter from the beginning of a window. */
function readingsOf(of: Station, parameter: string, window: Window, spec: Values): JudgedReading[] {
  const { from, every, values = Array<number>(spec.repeat ?? 0).fill(spec.value ?? 0), repeat: _, value: __, ...over } = spec;
  const start = from === undefined ? window.start : at(`${localDate(window.start, wupi.calendar)} ${from}`);
  return values.flatMap((value, i) =>
    value === null ? [] : [reading({ station: of.id, parameter, time: start + i * every * MINUTE, value, ...over })],
  );
}

function ordinary(of: Station, parameter: string, window: Window, value: number): JudgedReading[] {
  const every = of.parameters.find((p) => p.parameter === parameter)?.cadence;
  if (every === undefined) return [];
  const repeat = (window.end - window.start) / (every * MINUTE);
  return readingsOf(of, parameter, window, { every, repeat, value });
}

function judged(c: WindowCase): Verdict {
  const of = stationOf(c.station, c.with);
  const window = windowOf(c.kind ?? 'day', c.at);
  const base: Readonly<Record<string, number>> = c.base === undefined ? {} : ORDINARY[c.base];
  const readings = [
    ...Object.entries(base).flatMap(([p, value]) => (p in c.readings ? [] : ordinary(of, p, window, value))),
    ...Object.entries(c.readings).flatMap(([p, spec]) => readingsOf(of, p, window, spec)),
  ];
  return assessWindow(siteWith(of), of, window, byParameter(readings));
}

const labelled = (f: Finding): string => `${f.parameter} ${f.limit === null ? '' : limitText(f.limit)}`;

function expectVerdict(found: Verdict, c: { verdict?: string; class?: string; reason?: string }): void {
  if (c.verdict !== undefined) expect([found.verdict, found.reason]).toEqual([c.verdict, found.reason]);
  if (c.class !== undefined) expect(found.class).toBe(c.class);
  if (c.reason !== undefined) expect(found.reason).toContain(c.reason);
  else if (c.verdict === 'undetermined') expect(found.reason).not.toBeNull();
}

type Group<T> = T & { readonly group: string; readonly source: string; readonly cases: readonly T[] };

for (const { group, source, cases, ...common } of fixture<Group<WindowCase>[]>('windows.yaml')) {
  describe(`${group} (${source})`, () => {
    test.each(cases.map((c): [string, WindowCase] => [c.name, { ...common, ...c }]))('%s', (_, c) => {
      const found = judged(c);
      expectVerdict(found, c);
      for (const [label, expected] of Object.entries(c.findings ?? {})) {
        expect(found.findings.map(labelled)).toContain(label);
        expect(found.findings.find((f) => labelled(f) === label)).toMatchObject(expected);
      }
      for (const parameter of c.absent ?? []) expect(found.findings.map((f) => f.parameter)).not.toContain(parameter);
    });
  });
}

interface PeriodCase {
  readonly name: string;
  readonly station: string;
  readonly item: string;
  readonly window: string;
  readonly days?: readonly (readonly [number, number | null])[];
  readonly months?: Readonly<Record<string, number | readonly [number, number]>>;
  readonly verdict: string;
  readonly class?: string;
  readonly reason?: string;
  readonly finding?: object;
  readonly percentile?: { readonly limit?: string } & Readonly<Record<string, unknown>>;
}

/** A day of one value all day, worked out once: the days of a period differ in nothing but their time. */
const days = new Map<string, Verdict>();
function dayOf(c: PeriodCase, window: Window, value: number | null): Verdict {
  const of = station(c.station);
  const limits = localDate(window.start, wupi.calendar) < '2026-03-01' ? 'before' : 'after';
  const key = `${c.station} ${c.item} ${value} ${limits}`;
  const known = days.get(key);
  if (known !== undefined) return { ...known, start: window.start, end: window.end };
  const all: [string, number][] =
    value === null ? [] : Object.entries({ ...ORDINARY[of.medium === 'air' ? 'air' : 'river'], [c.item]: value });
  const readings = all.flatMap(([p, v]) => ordinary(of, p, window, v));
  const found = assessWindow(wupi, of, { ...window, kind: 'day' }, byParameter(readings));
  days.set(key, found);
  return found;
}

/** Every day of a span with the item's values in order; days beyond them are empty. */
const daysOf = (c: PeriodCase, text: string, values: readonly (number | null)[]): Verdict[] =>
  windowsIn('day', parsePeriod(text, wupi.calendar)!, wupi.calendar).map((window, i) => dayOf(c, window, values[i] ?? null));

const runs = (of: readonly (readonly [number, number | null])[]): (number | null)[] =>
  of.flatMap(([n, value]) => Array<number | null>(n).fill(value));

function judgedPeriod(c: PeriodCase): Verdict {
  const of = station(c.station);
  const span = parsePeriod(c.window, wupi.calendar)!;
  const kind = c.window.includes('Q') ? 'quarter' : c.window.length === 4 ? 'year' : 'month';
  const window = { kind, start: span.from, end: span.to } as const;
  if (c.days !== undefined) return assessPeriod(wupi, of, window, daysOf(c, c.window, runs(c.days)));
  const months = Object.entries(c.months ?? {}).map(([text, spec]) => {
    const month = parsePeriod(text, wupi.calendar)!;
    const values = typeof spec === 'number' ? [[31, spec] as const] : [spec];
    return assessPeriod(wupi, of, { kind: 'month', start: month.from, end: month.to }, daysOf(c, text, runs(values)));
  });
  return assessPeriod(wupi, of, window, months);
}

for (const { group, source, cases, ...common } of fixture<Group<PeriodCase>[]>('periods.yaml')) {
  describe(`${group} (${source})`, () => {
    test.each(cases.map((c): [string, PeriodCase] => [c.name, { ...common, ...c }]))('%s', (_, c) => {
      const found = judgedPeriod(c);
      expectVerdict(found, c);
      const own = found.findings.filter((f) => f.parameter === c.item);
      if (c.finding) expect(own.find((f) => !f.statistic.startsWith('percentile'))).toMatchObject(c.finding);
      if (!c.percentile) return;
      const { limit, ...rest } = c.percentile;
      const percentile = own.find((f) => f.statistic.startsWith('percentile'))!;
      expect(percentile).toMatchObject(rest);
      if (limit !== undefined) expect(percentile.limit?.high).toBe(limit);
    });
  });
}
