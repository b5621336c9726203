/** May a config say where its river and its stations lie, and is a slip in the coordinates told? */
import { afterAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../../src/adapters/config/load-config.js';
import { faultLines, faultsOf, smallConfig, type Files, writeConfig } from './small-config.js';

const root = mkdtempSync(join(tmpdir(), 'heqing-positions-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;

function placed(position: unknown, line: unknown): string {
  const files: Files = smallConfig();
  const { stations } = files['stations.yaml'] as { stations: { id: string; position?: unknown }[] };
  stations.find(({ id }) => id === 'out')!.position = position;
  files['reaches.yaml'] = { reaches: [{ id: 'he', name: '河', nameEn: 'River', line }] };
  return writeConfig(join(root, String(folders++)), files);
}
const LINE = [
  [113.5, 27.1],
  [113.6, 27.2],
];

test('positions and the line of a reach are taken as GeoJSON writes them', () => {
  const { site } = loadConfig(placed([113.55, 27.15], LINE));
  expect(site.stations.get('out')?.position).toEqual([113.55, 27.15]);
  expect(site.reaches.get('he')?.line).toEqual(LINE);
  expect(site.stations.get('tap')).not.toHaveProperty('position');
});

test.each([
  ['latitude first', [27.15, 113.55], LINE, 'longitude comes first'],
  ['no two numbers', [113.55], LINE, 'must be [longitude, latitude]'],
  ['a line of one point', [113.55, 27.15], [[113.5, 27.1]], 'at least two positions'],
  ['a section far from its river', [114.55, 27.15], LINE, 'more than about 10 km away from the line of 河'],
])('%s is a fault', (_, position, line, words) => {
  expect(faultLines(faultsOf(placed(position, line))).join('\n')).toContain(words);
});
