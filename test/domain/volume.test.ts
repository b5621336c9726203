/** Is the disk of a year what the config says and what was measured? */
import { expect, test } from '@jest/globals';
import { join } from 'node:path';
import { loadConfig } from '../../src/adapters/config/load-config.js';
import { READING_BYTES, VERDICT_BYTES, yearlyVolume } from '../../src/domain/volume.js';
import { PROJECT } from '../support/service.js';

test('the shipped town: within a tenth of what a simulated year of it left on disk', () => {
  const { site } = loadConfig(join(PROJECT, 'config'));
  const volume = yearlyVolume(site);
  expect(volume.stations).toBe(14);
  const near = (value: number, measured: number): void => expect(Math.abs(value / measured - 1)).toBeLessThan(0.1);
  near(volume.readingsPerYear, 3_547_844);
  near(volume.verdictsPerYear, 74_680);
  near(volume.bytesPerYear, 372_621_312);
});

test('a station that is switched off counts nothing; half the cadence is twice the readings', () => {
  const { site } = loadConfig(join(PROJECT, 'config'));
  const [station] = [...site.stations.values()].filter(({ medium }) => medium === 'sewage');
  const only = (change: object) => yearlyVolume({ ...site, stations: new Map([[station!.id, { ...station!, ...change }]]) });
  expect(only({ active: false })).toMatchObject({ readingsPerYear: 0, verdictsPerYear: 0, bytesPerYear: 0 });
  const parameters = station!.parameters.map((one) => ({ ...one, cadence: one.cadence / 2 }));
  const [whole, twice] = [only({}), only({ parameters })];
  expect(twice.readingsPerYear).toBe(2 * whole.readingsPerYear);
  expect(whole.bytesPerYear).toBe(whole.readingsPerYear * READING_BYTES + whole.verdictsPerYear * VERDICT_BYTES);
});
