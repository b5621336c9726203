/** Do the checks of the config reach their series, station before parameter, and is every slip told? */
import { afterAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../../src/adapters/config/load-config.js';
import type { Checks } from '../../../src/domain/quality/checks.js';
import { HOUR, MINUTE } from '../../../src/domain/time.js';
import { wupi } from '../../support/wupi.js';
import { change, faultLines, faultsOf, type Files, smallConfig, writeConfig } from './small-config.js';

const root = mkdtempSync(join(tmpdir(), 'heqing-checks-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;

/** The small config with checks of parameters, and of the NH₃-N of its station `out`. */
function config(checks: unknown, own?: unknown): string {
  const files: Files = { ...smallConfig(), 'checks.yaml': { checks } };
  if (own !== undefined) change(files, 'stations.yaml stations.0.parameters.0.checks', own);
  return writeConfig(join(root, String(folders++)), files);
}
const ofOut = (dir: string): Checks => loadConfig(dir).site.stations.get('out')!.parameters[0]!.checks!;

describe('what holds for a series', () => {
  test('without a word: gaps of three cadences and samples of a day', () => {
    expect(ofOut(config([]))).toEqual({
      gap: 12 * HOUR,
      sampleAge: 24 * HOUR,
      spike: null,
      rate: null,
      flatLine: null,
      partOf: null,
      interference: null,
    });
  });

  const parameter = [
    {
      parameter: 'nh3n',
      spike: { step: 2 },
      rate: { change: 1, minutes: 90 },
      flatLine: { suspectHours: 24, failHours: 96 },
      partOf: 'tp',
      interference: { by: 'tp', above: 9 },
    },
  ];

  test('what its parameter says', () => {
    expect(ofOut(config(parameter))).toEqual({
      gap: 12 * HOUR,
      sampleAge: 24 * HOUR,
      spike: { step: 2, factor: 0 },
      rate: { change: 1, within: 90 * MINUTE },
      flatLine: { tolerance: 0, measurements: 6, suspectAfter: 24 * HOUR, failAfter: 96 * HOUR },
      partOf: 'tp',
      interference: { by: 'tp', above: 9 },
    });
  });

  test('what its station says stands before it, check by check', () => {
    const own = { gapMinutes: 300, sampleAgeHours: 6, spike: { step: 3, factor: 4 }, rate: 'off', interference: 'off' };
    expect(ofOut(config(parameter, own))).toMatchObject({
      gap: 5 * HOUR,
      sampleAge: 6 * HOUR,
      spike: { step: 3, factor: 4 },
      rate: null,
      flatLine: { failAfter: 96 * HOUR },
      interference: null,
    });
  });
});

const spot = 'stations.yaml stations[0].parameters[0].checks';
test.each([
  ['an unknown key', [{ parameter: 'nh3n', spikes: 'off' }], undefined, 'checks.yaml checks[0].spikes: unknown key; the keys'],
  ['an unknown parameter', [{ parameter: 'nh3' }], undefined, 'checks.yaml checks[0].parameter: no parameter "nh3"; there are'],
  [
    'twice',
    [{ parameter: 'tp' }, { parameter: 'tp' }],
    undefined,
    'checks.yaml checks[1].parameter: the checks of tp are already',
  ],
  [
    'neither off nor settings',
    [{ parameter: 'tp', spike: 'on' }],
    undefined,
    'checks.yaml checks[0].spike: must be off or a mapping',
  ],
  ['part of nothing known', [{ parameter: 'nh3n', partOf: 'kn' }], undefined, 'checks.yaml checks[0].partOf: no parameter "kn"'],
  ['part of itself', [{ parameter: 'nh3n', partOf: 'nh3n' }], undefined, 'checks.yaml checks[0].partOf: nh3n cannot be held'],
  ['disturbed by nothing known', [], { interference: { by: 'x', above: 1 } }, `${spot}.interference.by: no parameter "x"`],
  [
    'fails before it is suspect',
    [],
    { flatLine: { suspectHours: 24, failHours: 24 } },
    `${spot}.flatLine.failHours: must be above`,
  ],
])('a slip is told: %s', (_, checks, own, line) => {
  const lines = faultLines(faultsOf(config(checks, own)));
  expect(lines).toHaveLength(1);
  expect(lines[0]!.slice(0, line.length)).toBe(line);
});

test('the shipped config checks what it measures in water, and leaves gusts of dust alone', () => {
  const of = (station: string, parameter: string): Checks =>
    wupi.stations.get(station)!.parameters.find((p) => p.parameter === parameter)!.checks!;
  expect(of('nankeng-out', 'nh3n')).toMatchObject({ gap: 12 * HOUR, partOf: 'tn', flatLine: { failAfter: 720 * HOUR } });
  expect(of('nankeng-out', 'do').flatLine).toMatchObject({ failAfter: 24 * HOUR });
  expect(of('nankeng-out', 'tp').interference).toEqual({ by: 'turb', above: 200 });
  expect(of('dust-site-1', 'pm10').spike).toBeNull();
  for (const station of wupi.stations.values()) {
    for (const { checks, cadence } of station.parameters) {
      expect(checks!.gap).toBe(3 * cadence * MINUTE);
    }
  }
});
