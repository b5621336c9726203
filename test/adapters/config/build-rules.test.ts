/** Do entries of rules, people, duty, notices and channels say what they say, and the defaults the rest? */
import { afterAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../../src/adapters/config/load-config.js';
import { DEFAULT_RULES, DEFAULT_SHAPES } from '../../../src/domain/alerting/default-rules.js';
import { shapeOf } from '../../../src/domain/alerting/scope.js';
import { DEFAULT_DUTY, DEFAULT_NOTICES } from '../../../src/domain/default-notices.js';
import type { Site } from '../../../src/domain/site.js';
import { station } from '../../support/wupi.js';
import { change, faultLines, faultsOf, smallConfig, valueAt, writeConfig, type Files } from './small-config.js';

const root = mkdtempSync(join(tmpdir(), 'heqing-rules-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;
const write = (files: Files): string => writeConfig(join(root, String(folders++)), files);
const siteOf = (files: Files): Site => loadConfig(write(files)).site;
/** The small config with these rules, and with whatever else is changed. */
const withRules = (rules: readonly object[], more: Readonly<Record<string, unknown>> = {}): Files => {
  const files = change(smallConfig(), 'rules.yaml rules', rules);
  for (const [place, value] of Object.entries(more)) change(files, place, value);
  return files;
};

describe('rules', () => {
  test('one entry that says nothing of its kind: every default stands, its id is its own', () => {
    expect(
      siteOf(withRules([{ id: 'over', kind: 'limit' }], { 'stations.yaml stations.3.dustRules.0.windowMinutes': 60 })).rules,
    ).toEqual({
      ...DEFAULT_RULES,
      limit: { ...DEFAULT_RULES.limit, id: 'over' },
    });
  });

  test('a key that is written stands, its neighbours are the defaults; a kind can be switched off', () => {
    const rules = [
      { id: 'silence', kind: 'no-data', cadences: 5 },
      { id: 'trend', kind: 'trend', enabled: false },
      { id: 'limit', kind: 'limit', enabled: false },
      { id: 'verdict', kind: 'verdict', media: ['sewage'], enabled: true },
    ];
    const site = siteOf(withRules(rules, { 'more.yaml': { damping: { openings: 2, hours: 0.5, holdMinutes: 5 } } }));
    expect(site.rules).toEqual({
      ...DEFAULT_RULES,
      limit: null,
      trend: null,
      noData: { ...DEFAULT_RULES.noData, id: 'silence', cadences: 5 },
      verdict: { ...DEFAULT_RULES.verdict, media: ['sewage'] },
      damping: { openings: 2, hours: 0.5, holdMinutes: 5 },
    });
  });

  test('shapes stand in the place of the defaults', () => {
    const shapes = [
      {
        stations: ['out'],
        over: { by: 'lasting', minutes: 60 },
        severe: [{ atMost: 1, minutes: 30, withFlow: true }, { below: 2 }],
      },
      {
        over: { by: 'never' },
        warning: { by: 'share', share: 0.5, values: 1 },
        clear: { values: 1, share: 0.5 },
        noSupplyMinutes: 5,
      },
    ];
    expect(siteOf(withRules([{ id: 'limit', kind: 'limit', shapes }])).rules.limit).toEqual({
      id: 'limit',
      kind: 'limit',
      shapes: [
        {
          stations: ['out'],
          over: { by: 'lasting', minutes: 60, when: 'always' },
          severe: [{ atMost: 1, minutes: 30, withFlow: true }, { below: 2 }],
          warning: null,
          clear: { values: 3, share: 1 },
          noSupplyMinutes: null,
        },
        { ...shapes[1], severe: [] },
      ],
    });
  });

  test('a dust site is held by the mean of the window of its own threshold', () => {
    const { rules, stations } = siteOf(withRules([{ id: 'no-data', kind: 'no-data' }]));
    const own = shapeOf(rules.limit, stations.get('site')!, 'pm10');
    expect(own?.over).toEqual({ by: 'mean', hours: 0.25 });
    expect(shapeOf(rules.limit, { ...stations.get('site')!, id: 'other' }, 'pm10')?.over).toEqual({ by: 'mean', hours: 1 });
  });
});

describe('the former form of the limit rule', () => {
  const former = { id: 'limit', kind: 'limit', media: ['surface-water', 'sewage'], except: ['tp'], open: 2, clear: 4 };
  const { limit } = siteOf(withRules([former])).rules;
  const of = (id: string, parameter: string) => shapeOf(limit, station(id), parameter);

  test.each([
    ['nankeng-out', 'nh3n', [{ beyondClass: 'V' }], { by: 'share', share: 0.8, values: 2 }],
    ['nankeng-out', 'do', [{ below: 2 }, { atMost: 3, minutes: 120 }], { by: 'dip', fall: 1.5, days: 7 }],
    ['nankeng-out', 'turb', [], null],
    ['qinghuchong-outlet', 'cod', [{ times: 1 }], null],
  ] as const)('%s %s: by value, so many, with the severe and the warning of the defaults', (id, parameter, severe, warning) => {
    const shape = of(id, parameter);
    expect(shape).toMatchObject({ over: { by: 'value', values: 2 }, clear: { values: 4, share: 1 }, warning });
    expect(shape?.severe).toEqual(severe);
  });

  test('what it excepts never alarms, and a medium it does not name is held by nothing', () => {
    expect(of('nankeng-out', 'tp')).toMatchObject({ over: { by: 'never' }, severe: [], warning: null });
    expect(of('changtan-tap', 'cl2')).toBeNull();
    expect(of('dust-site-1', 'pm10')).toBeNull();
  });

  test('every default shape of its media is kept', () => {
    const kept = DEFAULT_SHAPES.filter(({ media }) => media?.some((medium) => former.media.includes(medium)));
    expect(limit?.shapes).toHaveLength(1 + kept.length + 1);
  });
});

describe('people, duty, notices and channels', () => {
  test('a config of former times: everybody beside the ladder, in the town, by mail alone', () => {
    const site = siteOf(smallConfig());
    expect(site.people).toEqual([
      {
        ...{ id: 'office', name: '办', nameEn: 'office', email: 'office@example.org', phone: null, language: 'zh', step: null },
        ...{ level: 'town', onDuty: false, away: [], morning: false, channels: [], hears: [{}] },
      },
    ]);
    expect([site.duty, site.notices, site.channels]).toEqual([DEFAULT_DUTY, DEFAULT_NOTICES, []]);
  });

  test('what is written stands; what a mapping leaves out is its default', () => {
    const files = change(smallConfig(), 'people.yaml people.0', (old: unknown) => ({
      ...(old as object),
      ...{
        step: 2,
        onDuty: true,
        morning: true,
        channels: ['mail', 'bot'],
        hears: [{ kinds: ['trend'], reaches: ['河'] }, {}, { kinds: ['no-data', 'sensor'] }],
      },
    }));
    change(files, 'more.yaml', {
      duty: { rotation: { people: ['office'], from: '2026-01-05', days: 7 } },
      notices: { settleSeconds: 10, repeatHours: { warning: 12 }, quietHours: null, morning: null, path: { firstHours: 1 } },
      channels: [{ id: 'bot', kind: 'wecom', urlFrom: 'WECOM_URL' }],
    });
    const { people, duty, notices, channels } = siteOf(files);
    expect(people[0]).toMatchObject({ step: 2, onDuty: true, morning: true, channels: ['bot'] });
    expect(people[0]?.hears[0]).toEqual({ kinds: ['trend'], reaches: ['河'] });
    expect(duty).toEqual({ ...DEFAULT_DUTY, rotation: { people: ['office'], from: '2026-01-05', days: 7 } });
    expect(notices).toEqual({
      ...DEFAULT_NOTICES,
      settleSeconds: 10,
      repeatHours: { ...DEFAULT_NOTICES.repeatHours, warning: 12 },
      quietHours: null,
      morning: null,
      path: { ...DEFAULT_NOTICES.path, firstHours: 1 },
    });
    expect(channels).toEqual([{ id: 'bot', kind: 'wecom', urlFrom: 'WECOM_URL', secretFrom: null }]);
  });
});

describe('one fault gives one line:', () => {
  const shape = (over: object) => [{ id: 'limit', kind: 'limit', shapes: [{ over: { by: 'value', values: 1 }, ...over }] }];
  const rules = 'rules.yaml rules';
  const person = 'people.yaml people.0';
  const more = 'more.yaml';
  const second = { id: 'b', name: '乙', nameEn: 'b', email: 'b@example.org', hears: [] };
  const away = (substitute: string, from = '2026-12-01', to = '2026-12-05') => [{ from, to, substitute }];
  const holiday = (name: string, from: string, to: string) => ({ name, from, to });
  type Case = readonly [place: string, value: unknown, line: string];

  // prettier-ignore
  const cases: readonly Case[] = [
    [`${rules}.0.kind`, 'limits', 'rules.yaml rules[0].kind: must be one of limit, trend, verdict, target, no-data'],
    [`${rules}.1`, { id: 'a', kind: 'trend', horizon: 3 }, 'rules.yaml rules[1].horizon: unknown key; the keys here are id, enabled, media'],
    [`${rules}.1`, { id: 'a', kind: 'trend', measurements: 4 }, 'rules.yaml rules[1].measurements: must be a whole number from 5 to 100; found 4'],
    [`${rules}.1`, { id: 'a', kind: 'trend', parameters: ['x'] }, 'rules.yaml rules[1].parameters[0]: no parameter "x"; there are nh3n'],
    [`${rules}.1`, { id: 'a', kind: 'trend', stations: ['x'] }, 'rules.yaml rules[1].stations[0]: no station "x"; there are out'],
    [`${rules}.1`, { id: 'a', kind: 'rain', gauge: 'x' }, 'rules.yaml rules[1].gauge: no parameter "x"'],
    [`${rules}.1`, { id: 'a', kind: 'upstream', parameters: ['x'] }, 'rules.yaml rules[1].parameters[0]: no parameter "x"'],
    [`${rules}.0.open`, undefined, 'rules.yaml rules[0].open: missing; the former form needs media, open and clear'],
    [`${rules}.0.shapes`, [{ over: { by: 'never' } }], 'rules.yaml rules[0].media: media, open, clear is the former form'],
    [rules, shape({ over: { by: 'values' } }), 'rules.yaml rules[0].shapes[0].over.by: must be one of value, mean, lasting, never; found "values"'],
    [rules, shape({ over: { by: 'mean', hours: 0.1 } }), 'rules.yaml rules[0].shapes[0].over.hours: must be at least a quarter of an hour; found 0.1'],
    [rules, shape({ parameters: ['x'] }), 'rules.yaml rules[0].shapes[0].parameters[0]: no parameter "x"'],
    [rules, shape({ media: ['dust'], roles: ['tap'] }), 'rules.yaml rules[0].shapes[0].roles[0]: tap is a role of none of the media dust'],
    [rules, shape({ severe: [{ below: 1, above: 2 }] }), 'rules.yaml rules[0].shapes[0].severe[0]: must have exactly one of below, above, atMost'],
    [rules, shape({ severe: [{ minutes: 5 }] }), 'rules.yaml rules[0].shapes[0].severe[0]: must have exactly one of'],
    [rules, shape({ severe: [{ times: 1, minutes: 5 }] }), 'rules.yaml rules[0].shapes[0].severe[0].minutes: only below, above and atMost'],
    [rules, shape({ severe: [{ below: 1, withFlow: true }] }), 'rules.yaml rules[0].shapes[0].severe[0].withFlow: goes with atMost only'],
    [rules, shape({ severe: [{ beyondClass: 'VI' }] }), 'rules.yaml rules[0].shapes[0].severe[0].beyondClass: no limit is of class "VI"; there are III, 1B, 1A'],
    [rules, shape({ warning: { by: 'outside', low: 8, high: 6, hours: 1 } }), 'rules.yaml rules[0].shapes[0].warning.low: must be below high, 6; found 8'],
    [rules, shape({ clear: { values: 3, share: 1.2 } }), 'rules.yaml rules[0].shapes[0].clear.share: must be a share above 0'],

    [`${person}.step`, 5, 'people.yaml people[0].step: must be a step of the ladder, 1 to 4; found 5'],
    [`${person}.hears.1`, { kinds: ['limits'] }, 'people.yaml people[0].hears[1].kinds[0]: must be one of limit, trend'],
    [`${person}.hears.1`, { reaches: ['x'] }, 'people.yaml people[0].hears[1].reaches[0]: no reach "x"; there are 河'],
    [`${person}.away`, away('x'), 'people.yaml people[0].away[0].substitute: no person "x"; there are office'],
    [`${person}.away`, away('office'), 'people.yaml people[0].away[0].substitute: must be somebody else'],
    [`${person}.onDuty`, true, 'people.yaml people[0].onDuty: is in no rotation under duty'],
    [`${person}.channels`, ['bot'], 'people.yaml people[0].channels[0]: no channel "bot"; there are mail'],
    ['people.yaml people.1', { ...second, away: away('office', '2026-12-05', '2026-12-01') }, 'people.yaml people[1].away[0].to: must not be before from, 2026-12-05'],
    ['people.yaml people.1', { ...second, level: 'above', step: 4 }, 'people.yaml people[1].step: whoever is above the town stands on no step'],
    [`${person}.level`, 'above', 'stations.yaml stations[0]: nobody under people hears its alerts of severity warning, over, severe'],
    [`${person}.hears`, [{ severities: ['over'] }, { kinds: ['limit'] }], 'stations.yaml stations[0]: nobody under people hears its alerts of kind trend,'],
    [`${person}.step`, 1, 'stations.yaml stations[0]: nobody under people hears its alerts of kind no-data, sensor and severity warning, over, severe'],

    [more, { duty: { rotation: { people: ['x'], from: '2026-01-05', days: 7 } } }, 'more.yaml duty.rotation.people[0]: no person "x"'],
    [more, { duty: { onDaysOff: ['x'] } }, 'more.yaml duty.onDaysOff[0]: no person "x"'],
    [more, { duty: { holidays: [holiday('甲', '2026-10-01', '2026-09-30')] } }, 'more.yaml duty.holidays[0].to: must not be before from, 2026-10-01'],
    [more, { duty: { holidays: [holiday('甲', '2026-10-01', '2026-10-07'), holiday('乙', '2026-10-07', '2026-10-08')] } }, 'more.yaml duty.holidays[1].from: overlaps 甲, 2026-10-01 to 2026-10-07'],
    [more, { duty: { makeUpDays: ['2026-11-23'] } }, 'more.yaml duty.makeUpDays[0]: 2026-11-23 is no Saturday or Sunday'],
    [more, { duty: { makeUpDays: ['2026-10-10', '2026-10-10'] } }, 'more.yaml duty.makeUpDays[1]: 2026-10-10 is already in the list'],
    [more, { duty: { holidays: [holiday('甲', '2026-10-10', '2026-10-11')], makeUpDays: ['2026-10-11'] } }, 'more.yaml duty.makeUpDays[0]: 2026-10-11 lies in the holiday 甲'],
    [more, { notices: { quietHours: { from: '22:00', to: '24:00' } } }, 'more.yaml notices.quietHours.to: must be a time of day in quotes'],
    [more, { notices: { quietHours: { from: '22:00', to: '22:00' } } }, 'more.yaml notices.quietHours.to: must differ from from'],
    [more, { notices: { path: { everyDays: 10 } } }, 'more.yaml notices.path.unprovenDays: must be above everyDays, 10'],
    [more, { notices: { escalateMinutes: { severe: 0 } } }, 'more.yaml notices.escalateMinutes.severe: must be a whole number from 1'],
    [more, { channels: [{ id: 'bot', kind: 'dingtalk', urlFrom: 'https://example.org' }] }, 'more.yaml channels[0].urlFrom: must be the name of an environment variable'],
    [more, { channels: [{ id: 'mail', kind: 'webhook', urlFrom: 'X_URL' }] }, 'more.yaml channels[0].id: mail is always there'],
  ];
  test.each(cases)('%s = %j', (place, value, line) => {
    const found = faultLines(faultsOf(write(change(smallConfig(), place, value))));
    // Who hears nothing hears nothing of every station: the first line stands for all.
    expect(
      found.filter((one) => !one.startsWith('stations.yaml stations[') || one.startsWith('stations.yaml stations[0]')),
    ).toEqual([expect.stringContaining(line)]);
  });

  test('a substitute who is away on the same days', () => {
    const files = change(smallConfig(), `${person}.away`, away('b', '2026-12-05', '2026-12-06'));
    change(files, 'people.yaml people.1', { ...second, away: away('office') });
    expect(faultLines(faultsOf(write(files)))).toEqual([
      'people.yaml people[0].away[0].substitute: b is away too, 2026-12-01 to 2026-12-05; name somebody who is there',
      'people.yaml people[1].away[0].substitute: office is away too, 2026-12-05 to 2026-12-06; name somebody who is there',
    ]);
  });

  test('notices, damping and each key of duty may stand in one file only', () => {
    const both = { duty: { makeUpDays: [] }, notices: {}, damping: { openings: 1, hours: 1, holdMinutes: 1 } };
    const files = { ...smallConfig(), 'a.yaml': both, 'b.yaml': both };
    expect(faultLines(faultsOf(write(files))).map((line) => line.split(':')[0])).toEqual([
      'b.yaml damping',
      'b.yaml duty.makeUpDays',
      'b.yaml notices',
    ]);
  });

  test('the roster stands with its people, the holidays apart', () => {
    const { site } = loadConfig('config');
    expect(site.duty.rotation?.people).toEqual(['duty-a', 'duty-b']);
    expect(site.duty.holidays.length).toBeGreaterThan(10);
  });

  test('a config that names each kind twice has a line for each', () => {
    const kinds = ['limit', 'trend', 'verdict', 'target', 'no-data', 'sensor', 'upstream', 'regional', 'rain', 'service'];
    const files = withRules([...kinds.map((kind) => ({ id: kind, kind })), ...kinds.map((kind) => ({ id: `${kind}-2`, kind }))]);
    expect(faultLines(faultsOf(write(files)))).toEqual(
      kinds.map((kind, i) =>
        expect.stringMatching(`^rules.yaml rules\\[${i + 10}\\].kind: there may be one rule of kind ${kind};`),
      ),
    );
    expect(valueAt(files, 'rules.yaml rules.0.kind')).toBe('limit');
  });
});
