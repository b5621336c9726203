/** Does a slip in the bulletins of the config give one line at its place, and what is left out its usual value? */
import { afterAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../../src/adapters/config/load-config.js';
import { faultLines, faultsOf, smallConfig, writeConfig } from './small-config.js';

const root = mkdtempSync(join(tmpdir(), 'heqing-bulletins-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;
const written = (...bulletins: object[]): string =>
  writeConfig(join(root, String(folders++)), { ...smallConfig(), 'bulletins.yaml': { bulletins } });

const day = { kind: 'day', title: '日报', at: '08:00', to: ['office'] };
const month = { kind: 'river-month', title: '月报', at: '09:00', to: [], target: 'river' };

// prettier-ignore
test.each<[object[], string]>([
  [[{ ...day, kind: 'hour' }], 'bulletins[0].kind: must be one of day, week, river-month, drinking-month; found "hour"'],
  [[{ ...day, at: '8:00' }], 'bulletins[0].at: must be a time of day in quotes, e.g. "22:00"'],
  [[day, day], 'bulletins[1].kind: the bulletin "day" is already in bulletins.yaml; each kind stands once'],
  [[{ ...day, to: ['nobody'] }], 'bulletins[0].to[0]: no person "nobody"; there are office'],
  [[{ ...day, target: 'river' }], 'bulletins[0].target: a bulletin of kind day tells of every target; leave it out'],
  [[{ ...day, on: 'friday' }], 'bulletins[0].on: only a bulletin of kind week has a weekday; leave it out'],
  [[{ ...day, day: 3 }], 'bulletins[0].day: only a bulletin of a month has a day; leave it out'],
  [[{ ...day, template: '../day.docx' }], 'bulletins[0].template: must be the name of a .docx file below templates/'],
  [[{ ...day, template: 'day.doc' }], 'bulletins[0].template: must be the name of a .docx file below templates/'],
  [[{ ...month, target: undefined }], 'bulletins[0].target: missing; the target of surface-water whose rate it tells: there are river'],
  [[{ ...month, target: 'dust' }], 'bulletins[0].target: no target "dust" of surface-water; there are river'],
  [[{ ...month, day: 31 }], 'bulletins[0].day: must be a whole number from 1 to 28'],
])('%j', (bulletins, line) => {
  const lines = faultLines(faultsOf(written(...bulletins)));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain(`bulletins.yaml ${line}`);
});

test('people by id or by name, once; Monday and the third of the month unless said', () => {
  const { site } = loadConfig(written({ ...day, to: ['办', 'office'] }, { ...day, kind: 'week' }, month));
  expect(site.bulletins).toEqual([
    { ...day, target: null, weekday: 1, day: 3, template: null },
    { ...day, kind: 'week', target: null, weekday: 1, day: 3, template: null },
    { ...month, weekday: 1, day: 3, template: null },
  ]);
});

test('a config without bulletins asks for none', () => {
  expect(loadConfig(writeConfig(join(root, 'none'), smallConfig())).site.bulletins).toEqual([]);
});
