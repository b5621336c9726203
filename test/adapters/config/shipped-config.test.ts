/** Does the config that Heqing ships load, and does it hold every limit of its source with every digit? */
import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { loadConfig } from '../../../src/adapters/config/load-config.js';
import type { LimitEntry, StandardEntry } from '../../../src/adapters/config/schema.js';
import { DEFAULT_RULES } from '../../../src/domain/alerting/default-rules.js';
import { isWorkingDay } from '../../../src/domain/alerting/duty.js';
import { shapeOf } from '../../../src/domain/alerting/scope.js';
import { DEFAULT_NOTICES } from '../../../src/domain/default-notices.js';
import { inForce, limitsAt, limitText } from '../../../src/domain/standards/bind.js';

const loaded = loadConfig('config');
const { site } = loaded;
const station = (id: string) => {
  const found = site.stations.get(id);
  if (!found) throw new Error(`no station ${id}`);
  return found;
};

/** Limits as the service would print them beside a value on a day. */
const printed = (id: string, parameter: string, day: string): string[] =>
  inForce(limitsAt(station(id), parameter, site.limits), day).map(
    (limit) => `${limitText(limit)} ${limit.grade} ${limit.citation}`,
  );

/** An entry of the source, its numbers as they are written there. */
interface SourceEntry {
  readonly [key: string]: unknown;
  readonly standard: string;
  readonly item_zh: string;
}

/** Reads JSON with every number as the text it was written in, so that 1.0 stays 1.0. */
function readSource(): SourceEntry[] {
  const text = readFileSync('test/fixtures/config/limits.json', 'utf8');
  const quoted = text.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g, (token) =>
    token.startsWith('"') ? token : JSON.stringify(`#${token}`),
  );
  return (JSON.parse(quoted) as { entries: SourceEntry[] }).entries;
}

const digits = (value: unknown): string | undefined => {
  if (typeof value !== 'string') return undefined;
  // JSON writes the mercury limit as 5e-05, the legal text as 0.00005.
  return value === '#5e-05' ? '0.00005' : value.replace(/^#/, '');
};

/** GB 3095 is compared after rounding (HJ 663); the source tells the decimals beside its list: 1, of CO 2, and none of Pb and BaP. */
const airDecimals = ({ standard, item_zh: item }: SourceEntry): number | undefined =>
  !standard.startsWith('GB 3095') || /铅|苯并/.test(item) ? undefined : item === '一氧化碳' ? 2 : 1;

/** What the files hold of a source entry, in the words of the files. */
function expected(entry: SourceEntry): object {
  const limit = Array.isArray(entry.limit) ? entry.limit.map(digits) : digits(entry.limit);
  const number = (key: string) => (entry[key] === undefined ? undefined : Number(digits(entry[key])));
  return JSON.parse(
    JSON.stringify({
      standard: entry.standard,
      item: entry.item_zh,
      itemEn: entry.item_en,
      hj212: entry.factor_code ?? undefined,
      unit: entry.unit,
      operator: entry.operator,
      limit,
      averaging: entry.averaging,
      comparison: entry.comparison,
      decimals: number('decimals') ?? airDecimals(entry),
      decimalsGrade: entry.decimals_grade ?? (airDecimals(entry) === undefined ? undefined : 'transcribed'),
      waterBody: entry.water_body,
      phase: entry.phase,
      scope: entry.scope,
      alternative: entry.alternative,
      hj212Unit: entry.hj212_unit,
      in21Items: entry.in_21_items,
      allowedPerDay: number('allowed_exceedances_per_day'),
      grade: entry.grade,
      clause: entry.clause === '' ? undefined : entry.clause,
      citation: entry.citation,
      validFrom: entry.valid_from ?? undefined,
      validTo: entry.valid_to ?? undefined,
      // What the files word differently stands beside it, for the checks below.
      words: [entry.class, entry.condition, entry.note].filter((word) => word !== undefined),
    }),
  ) as object;
}

function readFiles(): { standard: StandardEntry; limit: LimitEntry }[] {
  return readdirSync('config/standards', { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.yaml'))
    .flatMap((name) => {
      const content = parse(readFileSync(join('config/standards', name), 'utf8')) as {
        standard: StandardEntry;
        limits: LimitEntry[];
      };
      return content.limits.map((limit) => ({ standard: content.standard, limit }));
    });
}

describe('the standards', () => {
  const files = readFiles();

  test('hold each of the 382 entries of the source, in order within its text, with every digit', () => {
    const source = readSource();
    expect(source).toHaveLength(382);
    expect(files).toHaveLength(382);
    const key = (name: string): string => name.replace(/,.*$/, '');
    for (const name of new Set(source.map(({ standard }) => key(standard)))) {
      const wanted = source.filter(({ standard }) => key(standard) === name).map(expected);
      const held = files.filter(({ standard }) => standard.id === name);
      expect(held).toHaveLength(wanted.length);
      held.forEach(({ limit }, i) => {
        const { parameter: _, class: name_, group, condition, note, ...rest } = limit;
        const { words, standard: _standard, ...want } = wanted[i] as { words: string[]; standard: string };
        expect(rest).toEqual(want);
        // Class, condition and note are told in the same or in our own words, and none is lost.
        const ours = [name_, group, group?.split(', ').at(-1), condition, note];
        for (const word of words) expect(ours).toContain(word);
      });
    }
  });

  test('are each loaded, a placeholder, or of an item that nothing measures', () => {
    expect(site.limits.length + loaded.placeholders.length + loaded.unmeasured.length).toBe(382);
    expect(loaded.placeholders).toHaveLength(12);
    expect(
      loaded.placeholders.filter(({ parameter }) => parameter === 'cod').map(({ number, averaging }) => [number, averaging]),
    ).toEqual([['<= 75', 'instantaneous']]);
    expect(site.limits.filter(({ high, averaging }) => high === '75' && averaging === 'instantaneous')).toEqual([]);
    expect(new Set(site.limits.map(({ grade }) => grade))).toEqual(new Set(['verified', 'transcribed']));
    const codes = new Set(site.parameters.keys());
    expect(site.limits.filter(({ parameter }) => !codes.has(parameter))).toEqual([]);
    // An item with a code of ours must not be passed over: only the rise and fall of temperature has a code and no parameter.
    const passedOver = files.filter(
      ({ limit }) => limit.parameter === undefined && limit.hj212 !== undefined && site.codes.has(limit.hj212),
    );
    expect(passedOver.map(({ limit }) => limit.item)).toEqual(['水温(人为温升)', '水温(人为温降)']);
    expect(loaded.unconfirmed.length).toBe(
      site.limits.filter(({ grade, confirmed }) => grade === 'transcribed' && !confirmed).length,
    );
  });

  test('keep the digits of the text', () => {
    const at = (standard: string, parameter: string, name: string) =>
      site.limits
        .filter(
          (l) => l.standard === standard && l.parameter === parameter && l.class === name && l.waterBody !== 'lake_reservoir',
        )
        .map((l) => l.high);
    expect(at('GB 3838-2002', 'nh3n', 'III')).toEqual(['1.0']);
    expect(at('GB 3838-2002', 'nh3n', 'V')).toEqual(['2.0']);
    expect(at('GB 3838-2002', 'codmn', 'III')).toEqual(['6']);
    expect(loaded.unmeasured.find(({ item, class: name }) => item === '汞' && name === 'I')?.number).toBe('<= 0.00005');
  });
});

describe('the limits that bind at the stations', () => {
  test.each([
    ['nankeng-out', 'nh3n', '2026-11-23', ['≤ 1.0 verified GB 3838-2002 表1 Ⅲ类']],
    ['nankeng-out', 'do', '2026-11-23', ['≥ 5 verified GB 3838-2002 表1 Ⅲ类']],
    ['nankeng-out', 'ph', '2026-11-23', ['6–9 verified GB 3838-2002 表1 Ⅲ类']],
    ['nankeng-out', 'tp', '2026-11-23', ['≤ 0.2 verified GB 3838-2002 表1 Ⅲ类']],
    ['nankeng-out', 'tn', '2026-11-23', []],
    ['nankeng-out', 'temp', '2026-11-23', []],
    ['nankeng-out', 'turb', '2026-11-23', []],
    ['changtan-plant', 'cl2', '2026-11-23', ['≤ 2 transcribed GB 5749-2022 表2', '≥ 0.3 transcribed GB 5749-2022 表2']],
    ['changtan-tap', 'cl2', '2026-11-23', ['≤ 2 transcribed GB 5749-2022 表2', '≥ 0.05 verified GB 5749-2022 表2']],
    ['celei-tap', 'clo2', '2026-11-23', ['≤ 0.8 transcribed GB 5749-2022 表2', '≥ 0.02 transcribed GB 5749-2022 表2']],
    ['changtan-tap', 'turb', '2026-11-23', ['≤ 1 verified GB 5749-2022 表1']],
    ['changtan-tap', 'turb', '2023-03-31', []],
    ['qinghuchong-outlet', 'cod', '2026-11-23', ['≤ 60 verified GB 18918-2002 表1 1B']],
    ['qinghuchong-outlet', 'tp', '2026-11-23', ['≤ 1 verified GB 18918-2002 表1 1B']],
    ['qinghuchong-outlet', 'nh3n', '2026-11-23', ['≤ 8 verified GB 18918-2002 表1 1B', '≤ 15 verified GB 18918-2002 表1 1B']],
    ['qinghuchong-outlet', 'ph', '2026-02-28', ['6–9 verified GB 18918-2002 表1 1B']],
    ['qinghuchong-outlet', 'ph', '2026-03-01', ['6–9 transcribed GB 18918-2002 修改单(2025) 瞬时值']],
    ['jinqiao-outlet', 'cod', '2026-11-23', []],
    ['dust-site-1', 'pm10', '2026-11-23', ['≤ 150 own 五陂镇扬尘管理阈值(示例,待镇政府发文确认)']],
    ['town-air', 'pm10', '2026-02-28', ['≤ 70 verified GB 3095-2012 二级', '≤ 150 verified GB 3095-2012 二级']],
    ['town-air', 'pm10', '2026-03-01', ['≤ 60 verified GB 3095-2026 二级', '≤ 120 verified GB 3095-2026 二级']],
    ['town-air', 'pm25', '2031-01-01', ['≤ 25 verified GB 3095-2026 二级', '≤ 50 verified GB 3095-2026 二级']],
  ])('%s %s on %s', (id, parameter, day, limits) => {
    expect(printed(id, parameter, day)).toEqual(limits);
  });
});

describe('the site', () => {
  test('has the stations of the town, sections in flow order', () => {
    expect(
      [...site.stations.values()].map(({ id, medium, role, active }) => `${id} ${medium} ${role}${active ? '' : ' inactive'}`),
    ).toEqual([
      'nankeng-in surface-water inflow',
      'nankeng-mid surface-water control',
      'nankeng-out surface-water assessed',
      'changtan-plant drinking-water plant-outlet',
      'changtan-tap drinking-water tap',
      'datian-plant drinking-water plant-outlet',
      'datian-tap drinking-water tap',
      'celei-plant drinking-water plant-outlet',
      'celei-tap drinking-water tap',
      'qinghuchong-outlet sewage outlet',
      'jinqiao-outlet sewage outlet',
      'dust-site-1 dust site',
      'dust-site-2 dust site',
      'gangue-heap dust site inactive',
      'town-air air ambient',
    ]);
    expect(station('nankeng-out').binding).toEqual({ texts: ['GB 3838-2002'], class: 'III', conditions: [], note: '待区局确认' });
    expect(station('gangue-heap').inactiveReason).toMatch(/复绿/);
    expect([...site.stations.values()].filter(({ since }) => since !== null)).toEqual([]);
  });

  test('knows every parameter code of the contract with its unit and HJ 212 codes of both editions', () => {
    const units =
      'temp ℃, ph , do mg/L, cond µS/cm, turb NTU, codmn mg/L, nh3n mg/L, tp mg/L, tn mg/L, cod mg/L, bod5 mg/L, ss mg/L, cl2 mg/L, tcl2 mg/L, clo2 mg/L, flow L/s, level m, rain mm, pm10 µg/m³, pm25 µg/m³, tsp µg/m³, noise dB(A), airtemp ℃, humidity %, windspeed m/s, winddir °';
    const listed = [...site.parameters.values()].map(({ code, unit }) => `${code} ${unit}`).join(', ');
    expect(listed.slice(0, units.length)).toBe(units);
    const gases = ['so2', 'no2', 'co', 'o3', 'ozone'];
    const others = [...site.parameters.keys()].slice(units.split(', ').length);
    expect(others.slice(0, gases.length)).toEqual(gases);
    // Behind the contract's and the gases of GB 3095 come those that only a laboratory measures, each with a limit that binds a tap.
    const laboratory = others.slice(gases.length);
    expect(laboratory.filter((code) => limitsAt(station('changtan-tap'), code, site.limits).length === 0)).toEqual([]);
    expect(limitsAt(station('changtan-tap'), 'coliform', site.limits).map((l) => [l.operator, l.high, l.grade])).toEqual([
      ['<=', '0', 'verified'],
    ]);
    for (const [alias, code] of [
      ['w21003', 'nh3n'],
      ['060', 'nh3n'],
      ['w01018', 'cod'],
      ['011', 'cod'],
      ['B01', 'flow'],
      ['a34002', 'pm10'],
      ['001', 'ph'],
      ['nh3n', 'nh3n'],
    ]) {
      expect([alias, site.codes.get(alias!)]).toEqual([alias, code]);
    }
    for (const id of ['nankeng-in', 'nankeng-mid', 'nankeng-out']) {
      expect(station(id).parameters.map(({ parameter }) => parameter)).toEqual(
        expect.arrayContaining(['temp', 'ph', 'do', 'cond', 'turb', 'codmn', 'nh3n', 'tp', 'tn']),
      );
    }
  });

  test('has the two targets of the plan and three indicators', () => {
    expect(
      site.targets.map((t) => [t.id, t.kind, t.goal, t.basis, t.window, t.process, t.roles.join('+'), t.minCapture]),
    ).toEqual([
      ['river', 'target', 100, 'section-month', 'month', 'day', 'assessed', 90],
      ['drinking-water', 'target', 100, 'sample', 'sample', null, 'plant-outlet+tap', 90],
      ['drinking-online', 'indicator', null, 'station-time', 'hour', null, 'plant-outlet+tap', 90],
      ['sewage', 'indicator', null, 'station-time', 'day', null, 'outlet', 90],
      ['dust', 'indicator', null, 'station-time', 'rule', null, 'site', 90],
    ]);
    expect(site.judging.get('surface-water')).toMatchObject({
      items: ['ph', 'do', 'codmn', 'nh3n', 'tp'],
      windows: ['day', 'month', 'quarter', 'year'],
      slotsPerDay: 6,
      slotsNeeded: 4,
      monthShareNeeded: 0.6,
    });
    expect(site.calendar).toEqual({ offsetMinutes: 480 });
  });

  test('writes out what holds where nothing is written: rules, damping and notices', () => {
    expect(site.rules).toEqual(DEFAULT_RULES);
    expect(site.notices).toEqual(DEFAULT_NOTICES);
    expect(site.channels).toEqual([]);
  });

  test('never holds mud, warmth or the nitrogen of a river, nor the air, against a limit', () => {
    const silent = [...site.stations.values()].flatMap((one) =>
      one.parameters.flatMap(({ parameter }) =>
        shapeOf(site.rules.limit, one, parameter) === null ? [`${one.medium} ${parameter}`] : [],
      ),
    );
    expect(silent).toEqual(
      expect.arrayContaining(['surface-water turb', 'surface-water cond', 'surface-water temp', 'surface-water tn', 'air pm10']),
    );
    expect(silent.filter((series) => /ph|do$|nh3n|tp$|codmn|cl2|clo2|^sewage|^dust/.test(series))).toEqual([]);
  });

  test.each([
    [1, ['chief-changtan', 'chief-datian', 'chief-celei']],
    [2, ['duty-a', 'duty-b']],
    [3, ['river-office']],
    [4, ['town-chief']],
    [null, ['town-office', 'operations', 'water-supplier', 'bureau', 'cdc']],
  ])('has on step %s of the ladder %j', (step, people) => {
    expect(site.people.filter((person) => person.step === step).map(({ id }) => id)).toEqual(people);
  });

  test('has the bureau and the centre for disease control above the town, and two on duty by turns', () => {
    expect(site.people.filter(({ level }) => level === 'above').map(({ id }) => id)).toEqual(['bureau', 'cdc']);
    expect(site.people.filter((person) => person.onDuty).map(({ id }) => id)).toEqual(site.duty.rotation?.people);
  });

  // 国办发明电〔2025〕7号
  test('knows the days off of 2026 and the weekends that make up for them', () => {
    const days = Array.from({ length: 365 }, (_, i) => new Date(Date.UTC(2026, 0, 1 + i)).toISOString().slice(0, 10));
    const isWeekend = (day: string): boolean => [0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay());
    const off = days.filter((day) => !isWorkingDay(day, site.duty));
    // 33 days of holidays, of which some are weekend days anyway.
    expect(
      site.duty.holidays.filter(({ from }) => from < '2027').flatMap(({ from, to }) => days.filter((d) => from <= d && d <= to)),
    ).toHaveLength(33);
    expect(days.filter((day) => isWeekend(day) && isWorkingDay(day, site.duty))).toEqual([
      '2026-01-04',
      '2026-02-14',
      '2026-02-28',
      '2026-05-09',
      '2026-09-20',
      '2026-10-10',
    ]);
    expect(off.filter((day) => !isWeekend(day))).toHaveLength(19);
  });

  test('writes to nobody who exists', () => {
    expect(site.people.filter(({ email }) => !email.endsWith('@example.org'))).toEqual([]);
  });
});
