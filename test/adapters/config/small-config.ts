/** Which config is small enough to be broken in one place at a time? */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { inChinese } from '../../../src/adapters/config/fault-words.js';
import { ConfigFaults, type ConfigFault } from '../../../src/adapters/config/faults.js';
import { loadConfig } from '../../../src/adapters/config/load-config.js';

/** File name → its content, as a value or as text. */
export type Files = Record<string, unknown>;

const station = (id: string, medium: string, role: string, more: object) => ({
  id,
  name: `站 ${id}`,
  nameEn: id,
  medium,
  role,
  ...more,
});
const standard = (id: string, medium: string) => ({ id, name: id, nameEn: id, media: [medium] });
const parameter = (code: string, unit: string, aliases: string[] = []) => ({
  ...{ code, name: code, nameEn: code, unit, aliases },
  ...{ decimals: 1, range: [0, 100] },
});
const limit = (code: string, more: object) => ({
  ...{ item: code, itemEn: code, parameter: code, unit: 'mg/L', operator: '<=', limit: '1.0' },
  ...{ averaging: 'sample', comparison: 'full', grade: 'verified', citation: '表1' },
  ...more,
});
const judging = (items: string[], windows: string[]) => ({
  ...{ items, windows },
  ...{ slotsPerDay: 6, slotsNeeded: 4, shareNeeded: 0.75, monthShareNeeded: 0.6 },
});

/** The smallest config with one station of four media that loads. A new copy each time. */
export function smallConfig(): Files {
  return {
    'site.yaml': {
      site: { name: '镇', nameEn: 'Town', office: '局', utcOffset: '+08:00' },
      settings: { workingSetDays: 10, rejectionQuotaBytes: 1000 },
      judging: {
        'surface-water': judging(['nh3n'], ['day', 'month']),
        'drinking-water': judging(['cl2'], ['hour']),
        sewage: judging(['tp'], ['day']),
        dust: judging([], ['rule']),
      },
    },
    'parameters.yaml': {
      parameters: [
        parameter('nh3n', 'mg/L', ['w21003', '060']),
        parameter('cl2', 'mg/L'),
        parameter('tp', 'mg/L'),
        parameter('pm10', 'µg/m³'),
      ],
    },
    'stations.yaml': {
      stations: [
        station('out', 'surface-water', 'assessed', {
          ...{ village: '甲村', reach: '河', order: 2, binding: { texts: ['GB 1'], class: 'III' } },
          parameters: [{ parameter: 'nh3n', cadence: 240 }],
        }),
        station('tap', 'drinking-water', 'tap', {
          ...{ village: '乙村', disinfectant: 'free-chlorine', binding: { texts: ['GB 2'] } },
          parameters: [{ parameter: 'cl2', cadence: 15 }],
        }),
        station('works', 'sewage', 'outlet', {
          binding: { texts: ['GB 3'], class: '1B', conditions: ['built from 2006-01-01'] },
          parameters: [{ parameter: 'tp', cadence: 60 }],
        }),
        station('site', 'dust', 'site', {
          parameters: [{ parameter: 'pm10', cadence: 5 }],
          dustRules: [{ id: 'rule', parameter: 'pm10', windowMinutes: 15, limit: '150', allowedPerDay: 1, citation: '镇' }],
        }),
      ],
    },
    'one.yaml': { standard: standard('GB 1', 'surface-water'), limits: [limit('nh3n', { class: 'III' })] },
    'two.yaml': {
      standard: standard('GB 2', 'drinking-water'),
      limits: [limit('cl2', { operator: '>=', limit: '0.05', condition: 'tap' }), limit('cl2', { limit: '2' })],
    },
    'three.yaml': {
      standard: standard('GB 3', 'sewage'),
      limits: [
        limit('tp', { class: '1B', condition: 'built from 2006-01-01' }),
        limit('tp', { class: '1B', condition: 'built to 2005-12-31', limit: '1.5' }),
        limit('tp', { class: '1A', grade: 'placeholder' }),
      ],
    },
    'targets.yaml': {
      targets: [
        {
          ...{ id: 'river', name: '率', nameEn: 'rate', kind: 'target', goal: 100, basis: 'section-month' },
          ...{ window: 'month', process: 'day', medium: 'surface-water', roles: ['assessed'] },
        },
        {
          ...{ id: 'dust', name: '尘', nameEn: 'dust', kind: 'indicator', basis: 'station-time' },
          ...{ window: 'rule', medium: 'dust', roles: ['site'] },
        },
      ],
    },
    'people.yaml': { people: [{ id: 'office', name: '办', nameEn: 'office', email: 'office@example.org', hears: [{}] }] },
    'rules.yaml': { rules: [{ id: 'limit', kind: 'limit', media: ['surface-water', 'sewage', 'dust'], open: 1, clear: 3 }] },
  };
}

/** The value under a place such as `stations.yaml stations.0.order`. */
export function valueAt(files: Files, place: string): unknown {
  return steps(place).reduce<unknown>((value, step) => (value as Record<string, unknown>)[step], files);
}

/** Sets the value under a place; `undefined` takes the key out. A function makes the new value of the old one. */
export function change(files: Files, place: string, value: unknown): Files {
  const path = steps(place);
  const holder = valueAt(files, path.slice(0, -1).join(' ')) as Record<string, unknown>;
  const last = path.at(-1) ?? '';
  const next: unknown = typeof value === 'function' ? (value as (old: unknown) => unknown)(holder[last]) : value;
  if (next === undefined) delete holder[last];
  else holder[last] = next;
  return files;
}

/** `stations.yaml stations.0.order` as steps; a file alone is one step. */
function steps(place: string): string[] {
  if (place === '') return [];
  const [file = '', ...rest] = place.split(' ');
  return [file, ...rest.flatMap((part) => part.split('.'))];
}

/** Writes the files below a folder, which it makes. */
export function writeConfig(dir: string, files: Files): string {
  mkdirSync(dir, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), typeof content === 'string' ? content : stringify(content));
  }
  return dir;
}

/** The faults of a folder; none when it loads. */
export function faultsOf(dir: string): readonly ConfigFault[] {
  try {
    loadConfig(dir);
    return [];
  } catch (error) {
    if (error instanceof ConfigFaults) return error.faults;
    throw error;
  }
}

/** Faults as `file path: message`, sorted. Throws where one is not said in Chinese too: every table of faults holds that. */
export const faultLines = (faults: readonly ConfigFault[]): string[] =>
  faults
    .map(({ file, path, message }) => {
      if (!/^[^$]*\p{Script=Han}[^$]*$/u.test(inChinese(message) ?? message)) throw new Error(`not in Chinese: ${message}`);
      return `${file} ${path}: ${message}`;
    })
    .sort();
