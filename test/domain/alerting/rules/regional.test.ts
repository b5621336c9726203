/** Is it the air of the town, or one site? */
import { expect, test } from '@jest/globals';
import type { Signal } from '../../../../src/domain/alerting/signal.js';
import { type AirStation, regional } from '../../../../src/domain/alerting/rules/regional.js';
import { at, wupi } from '../../../support/wupi.js';

const rule = {
  id: 'regional',
  kind: 'regional',
  media: ['air', 'dust'],
  parameters: ['pm10'],
  stations: 3,
  share: 0.8,
  rise: 1.5,
  hours: 6,
} as const;
const stations = (...values: readonly (readonly [number | null, number | null])[]): AirStation[] =>
  values.map(([hour, before], i) => ({ name: `站${i}`, nameEn: `Station ${i}`, hour, before }));
const UP = [160, 80] as const;
const FLAT = [80, 80] as const;
const HALF = [105, 80] as const;

test.each<[string, Signal['says'], AirStation[]]>([
  ['all four rise', 'firing', stations(UP, UP, UP, UP)],
  ['four of five rise', 'firing', stations(UP, UP, UP, UP, FLAT)],
  ['three of five rise: sites, not the air', 'clear', stations(UP, UP, UP, FLAT, FLAT)],
  ['one site', 'clear', stations(UP, FLAT, FLAT, FLAT)],
  ['on the way down, more than half of the rise left', 'nothing', stations(HALF, HALF, HALF, HALF)],
  ['back', 'clear', stations(FLAT, FLAT, FLAT, FLAT)],
  ['two stations with data are too few', 'nothing', stations(UP, UP, [null, 80], [160, null])],
  ['a station without data is not asked', 'firing', stations(UP, UP, UP, [null, null])],
  ['nothing before, nothing to compare with', 'nothing', stations([10, 0], [10, 0], [10, 0])],
])('%s: %s', (_, says, asked) => {
  expect(regional({ parameter: wupi.parameters.get('pm10')!, stations: asked, at: at('2026-11-23 08:00') }, rule).says).toBe(
    says,
  );
});

test('says how many, and by how much', () => {
  const input = { parameter: wupi.parameters.get('pm10')!, stations: stations(UP, UP, UP, FLAT), at: 7 };
  expect(regional(input, { ...rule, share: 0.7 })).toEqual({
    says: 'firing',
    at: 7,
    severity: 'warning',
    value: 160,
    passed: null,
    isWorse: expect.any(Function),
    reason: {
      zh: expect.stringContaining('区域性升高:4 个站中 3 个同时升高,小时均值中位 80 → 160'),
      en: expect.stringContaining('3 of 4 stations together'),
    },
  });
});
