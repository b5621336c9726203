/** Are all faults of all files told at once, and are the files merged into one site? */
import { afterAll, expect, test } from '@jest/globals';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { loadConfig } from '../../../src/adapters/config/load-config.js';
import { change, faultLines, faultsOf, smallConfig, valueAt, writeConfig, type Files } from './small-config.js';

const root = mkdtempSync(join(tmpdir(), 'heqing-config-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;
const folder = (): string => join(root, String(folders++));
const write = (files: Files): string => writeConfig(folder(), files);

test('faults of shape and of reference in the same station are told together', () => {
  const files = smallConfig();
  change(files, 'stations.yaml stations.3.id', 'NOT AN ID');
  change(files, 'stations.yaml stations.3.dustRules.0.background', 'nowhere');
  change(files, 'stations.yaml stations.1.disinfectant', undefined);
  change(files, 'stations.yaml stations.1.parameters.1', 'ph');
  expect(faultLines(faultsOf(write(files))).map((line) => line.split(':')[0])).toEqual([
    'stations.yaml stations[1].disinfectant',
    'stations.yaml stations[1].parameters[1]',
    'stations.yaml stations[3].dustRules[0].background',
    'stations.yaml stations[3].id',
  ]);
});

/** A copy of the shipped config and the names of its files. */
function shippedCopy(): { dir: string; files: string[] } {
  const dir = folder();
  cpSync('config', dir, { recursive: true });
  const files = readdirSync(dir, { recursive: true }).map(String);
  return { dir, files: files.filter((name) => name.endsWith('.yaml')).sort() };
}

test('an unknown key in every file of the shipped config: every file is listed, and nothing else', () => {
  const { dir, files } = shippedCopy();
  expect(files.length).toBeGreaterThan(15);
  for (const name of files) writeFileSync(join(dir, name), `${readFileSync(join(dir, name), 'utf8')}\nplanted: 1\n`);
  expect(faultLines(faultsOf(dir)).map((line) => line.split(': unknown key')[0])).toEqual(files.map((name) => `${name} planted`));
});

test('every file of the shipped config broken as YAML: every file is listed', () => {
  const { dir, files } = shippedCopy();
  for (const name of files) writeFileSync(join(dir, name), `${readFileSync(join(dir, name), 'utf8')}\n"planted: 1\n`);
  expect([...new Set(faultsOf(dir).map(({ file }) => file))].sort()).toEqual(files);
});

test('a file that is not YAML is listed with its line and hides no fault of the others', () => {
  const files = smallConfig();
  change(files, 'parameters.yaml', `${stringify(files['parameters.yaml'])}  - { code: "x\n`);
  change(files, 'stations.yaml stations.3.role', 'tap');
  change(files, 'targets.yaml', 'targets:\n\t- id: river\n');
  const faults = faultsOf(write(files));
  expect([...new Set(faults.map(({ file }) => file))].sort()).toEqual(['parameters.yaml', 'stations.yaml', 'targets.yaml']);
  expect(faults.find(({ file }) => file === 'targets.yaml')?.line).toBe(2);
  // The parameters could not be read, so nobody may say that nh3n is missing.
  expect(faults.filter(({ message }) => message.includes('no parameter'))).toEqual([]);
});

test('a folder that is missing or empty is one fault', () => {
  expect(faultLines(faultsOf(join(root, 'nowhere')))).toEqual([expect.stringContaining('cannot be read')]);
  const empty = folder();
  mkdirSync(empty);
  expect(faultLines(faultsOf(empty))).toEqual([expect.stringContaining('holds no .yaml file')]);
});

test('the printed list has a line per fault with file, line and path, and no stack', () => {
  const dir = write({ ...smallConfig(), 'sub/more.yaml': 'targets:\n  - id: river2\n    kind: gaol\n' });
  let text = '';
  try {
    loadConfig(dir);
  } catch (error) {
    text = (error as Error).message;
  }
  expect(text).toMatch(/^配置有 7 处错误,未启动。7 faults in the config, nothing was started:\n/);
  expect(text.split('\n')).toHaveLength(8);
  expect(text).toContain(
    '\n  sub/more.yaml:3 targets[0].kind: 应为其中之一:target, indicator;现为 "gaol"。must be one of target, indicator; found "gaol"',
  );
  expect(text).not.toMatch(/\n\s+at /);
  expect(text).not.toContain(dir);
});

test('a list in several files is one list; a relaxation becomes a condition; a confirmation is kept', () => {
  const files = smallConfig();
  const more = (place: string, changes: object) => ({ ...(valueAt(files, place) as object), ...changes });
  const relaxation = { capacity: 200, population: 12000, reason: '山泉水源,无法改造' };
  change(files, 'deep/er/taps.yaml', { stations: [more('stations.yaml stations.1', { id: 'tap-2', relaxation })] });
  change(
    files,
    'stations.yaml stations.4',
    more('stations.yaml stations.0', { id: 'in', role: 'inflow', order: 1, deviceOffset: '-03:30' }),
  );
  change(
    files,
    'one.yaml limits.0',
    more('one.yaml limits.0', { grade: 'transcribed', confirmed: { by: '局', on: '2026-12-01' } }),
  );
  change(files, 'two.yaml limits.0.grade', 'transcribed');

  const { site, unconfirmed, placeholders } = loadConfig(write(files));
  expect([...site.stations.keys()]).toEqual(['in', 'out', 'tap-2', 'tap', 'works', 'site']);
  expect(site.stations.get('tap-2')?.binding?.conditions).toEqual(['small supply relaxation']);
  expect(site.stations.get('tap')?.binding?.conditions).toEqual([]);
  expect(site.stations.get('in')?.deviceOffsetMinutes).toBe(-210);
  expect(site.limits.find(({ standard }) => standard === 'GB 1')).toMatchObject({
    high: '1.0',
    low: null,
    confirmed: { on: '2026-12-01' },
  });
  expect(site.limits.find(({ operator }) => operator === '>=')).toMatchObject({ high: null, low: '0.05', confirmed: null });
  expect(unconfirmed.map((l) => [l.standard, l.number, l.file, l.path])).toEqual([['GB 2', '>= 0.05', 'two.yaml', 'limits[0]']]);
  expect(placeholders.map((l) => [l.standard, l.class])).toEqual([['GB 3', '1A']]);
});
