/** Is a series held by the scope that means it, and by the first shape that does? */
import { expect, test } from '@jest/globals';
import type { LimitShape, SeriesScope } from '../../../src/domain/alerting/rules.js';
import { inScope, shapeOf } from '../../../src/domain/alerting/scope.js';
import { station } from '../../support/wupi.js';

test.each<[string, SeriesScope, string, string, boolean]>([
  ['no list holds all', {}, 'dust-site-1', 'pm10', true],
  ['its medium', { media: ['dust', 'air'] }, 'dust-site-1', 'pm10', true],
  ['another medium', { media: ['air'] }, 'dust-site-1', 'pm10', false],
  ['its role', { roles: ['tap'] }, 'changtan-tap', 'cl2', true],
  ['another role', { roles: ['tap'] }, 'changtan-plant', 'cl2', false],
  ['its station', { stations: ['dust-site-1'] }, 'dust-site-1', 'pm10', true],
  ['another station', { stations: ['dust-site-1'] }, 'dust-site-2', 'pm10', false],
  ['another parameter', { parameters: ['pm25'] }, 'dust-site-1', 'pm10', false],
  ['one list of several does not hold it', { media: ['dust'], parameters: ['pm25'] }, 'dust-site-1', 'pm10', false],
  ['an empty list holds nothing', { parameters: [] }, 'dust-site-1', 'pm10', false],
])('%s', (_, scope, id, parameter, expected) => expect(inScope(scope, station(id), parameter)).toBe(expected));

const shape = (scope: SeriesScope): LimitShape => ({
  ...scope,
  ...{ over: { by: 'never' }, severe: [], warning: null, clear: { values: 3, share: 1 }, noSupplyMinutes: null },
});

test('the first shape that holds a series is its own; in none, or with the rule off, it has none', () => {
  const [own, rest] = [shape({ stations: ['dust-site-1'] }), shape({ media: ['dust'] })];
  const rule = { id: 'limit', kind: 'limit', shapes: [own, rest] } as const;
  expect(shapeOf(rule, station('dust-site-1'), 'pm10')).toBe(own);
  expect(shapeOf(rule, station('dust-site-2'), 'pm10')).toBe(rest);
  expect(shapeOf(rule, station('town-air'), 'pm10')).toBeNull();
  expect(shapeOf(null, station('dust-site-1'), 'pm10')).toBeNull();
});
