/** Do tolerances, plans and single days of duty reach the site, and is every slip told at its place? */
import { afterAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../../src/adapters/config/load-config.js';
import { DEFAULT_COMPARISON } from '../../../src/domain/default-upkeep.js';
import { roster } from '../../../src/domain/alerting/duty.js';
import { wupi } from '../../support/wupi.js';
import { change, faultLines, faultsOf, smallConfig, writeConfig } from './small-config.js';

const root = mkdtempSync(join(tmpdir(), 'heqing-upkeep-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;
const config = (more: unknown, own?: unknown): string => {
  const files = { ...smallConfig(), 'more.yaml': more };
  if (own !== undefined) change(files, 'stations.yaml stations.0.upkeep', own);
  return writeConfig(join(root, String(folders++)), files);
};
const tolerance = (over: object) => ({
  ...{ parameter: 'nh3n', media: ['surface-water'], bands: [{ relative: 20 }], citation: '自定', grade: 'own' },
  ...over,
});
const tolerances = (...all: object[]) => ({ comparison: { tolerances: all } });

test('nothing said: sixty days, no tolerance, no plan', () => {
  const { site } = loadConfig(config({ duty: {} }));
  expect(site.comparison).toEqual(DEFAULT_COMPARISON);
  expect([...site.upkeep]).toEqual([]);
});

test('what is said reaches the site; a station has its own plan in place of its medium’s', () => {
  const said = {
    comparison: { dueDays: 30, tolerances: [tolerance({ bands: [{ upTo: 0.1, both: true }, { relative: 20 }] })] },
    upkeep: { 'surface-water': [{ task: 'cleaning', everyDays: 7 }] },
  };
  const { site } = loadConfig(config(said, [{ task: 'reagent', everyDays: 28 }]));
  expect(site.comparison.dueDays).toBe(30);
  expect(site.comparison.tolerances[0]!.bands).toEqual([
    { upTo: 0.1, kind: 'both', within: 0 },
    { upTo: null, kind: 'relative', within: 20 },
  ]);
  expect(site.upkeep.get('surface-water')).toEqual([{ task: 'cleaning', everyDays: 7 }]);
  expect(site.stations.get('out')!.upkeep).toEqual([{ task: 'reagent', everyDays: 28 }]);
});

test('the shipped plan covers every medium, and every tolerance of the town says whose it is', () => {
  expect([...wupi.upkeep.keys()]).toEqual(['surface-water', 'drinking-water', 'sewage', 'dust', 'air']);
  for (const one of wupi.comparison.tolerances)
    expect([one.parameter, one.grade, /^HJ \d+-\d{4}/.test(one.citation)]).toEqual([
      one.parameter,
      one.grade,
      one.grade === 'transcribed',
    ]);
});

describe('slips', () => {
  // prettier-ignore
  test.each<[unknown, string]>([
    [tolerances(tolerance({ parameter: 'x' })), 'more.yaml comparison.tolerances[0].parameter: no parameter "x"'],
    [tolerances(tolerance({}), tolerance({})), 'more.yaml comparison.tolerances[1].parameter: nh3n already has a tolerance in one of these media'],
    [tolerances(tolerance({ bands: [] })), 'more.yaml comparison.tolerances[0].bands: must hold at least one band'],
    [tolerances(tolerance({ bands: [{ relative: 20, absolute: 1 }] })), 'more.yaml comparison.tolerances[0].bands[0]: must have exactly one of relative (percent), absolute and both: true'],
    [tolerances(tolerance({ bands: [{ upTo: 2, relative: 20 }] })), 'more.yaml comparison.tolerances[0].bands[0]: the last band must have no upTo'],
    [tolerances(tolerance({ bands: [{ upTo: 2, relative: 30 }, { upTo: 1, relative: 20 }, { relative: 10 }] })), 'more.yaml comparison.tolerances[0].bands[1].upTo: must be above the band before, 2; found 1'],
    [tolerances(tolerance({ bands: [{ relative: 30 }, { relative: 20 }] })), 'more.yaml comparison.tolerances[0].bands[0].upTo: missing; only the last band has no end'],
    [tolerances(tolerance({ grade: 'verified' })), 'more.yaml comparison.tolerances[0].grade: must be one of transcribed, own; found "verified"'],
    [{ comparison: { dueDays: 0 } }, 'more.yaml comparison.dueDays: must be a whole number from 1 to 3660; found 0'],
    [{ upkeep: { sewage: [{ task: 'polish', everyDays: 7 }] } }, 'more.yaml upkeep.sewage[0].task: must be one of cleaning, reagent, calibration; found "polish"'],
    [{ upkeep: { sewage: [{ task: 'reagent', everyDays: 7 }, { task: 'reagent', everyDays: 9 }] } }, 'more.yaml upkeep.sewage[1].task: reagent is already in the list'],
    [{ upkeep: { sewer: [] } }, 'more.yaml upkeep.sewer: unknown key'],
    [{ duty: { days: { '2026-12-01': 'x' } } }, 'more.yaml duty.days.2026-12-01: no person "x"'],
    [{ duty: { days: { '2026-12-01': ['office', 'x'] } } }, 'more.yaml duty.days.2026-12-01[1]: no person "x"'],
    [{ duty: { days: { '2026-02-30': 'office' } } }, 'more.yaml duty.days.2026-02-30'],
    [{ duty: { handoverBy: '9:00' } }, 'more.yaml duty.handoverBy: must be a time of day in quotes'],
  ])('%j', (more, line) => {
    const lines = faultLines(faultsOf(config(more)));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(line);
  });

  test('the same task twice at a station', () => {
    const twice = [
      { task: 'cleaning', everyDays: 7 },
      { task: 'cleaning', everyDays: 8 },
    ];
    expect(faultLines(faultsOf(config({}, twice))).join()).toContain(
      'stations.yaml stations[0].upkeep[1].task: cleaning is already',
    );
  });
});

test('a single day of duty stands before days off and the rotation', () => {
  const duty = { ...wupi.duty, days: { '2026-11-23': ['duty-b'], '2026-11-28': ['duty-a', 'duty-b'] } };
  expect(roster('2026-11-23', duty)).toEqual(['duty-b']);
  expect(roster('2026-11-28', duty)).toEqual(['duty-a', 'duty-b']);
  expect(roster('2026-11-24', duty)).toEqual(roster('2026-11-24', wupi.duty));
});
