/** Does one mistake in the config give one line, at its place, that says what would be right? */
import { afterAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { change, faultLines, faultsOf, smallConfig, valueAt, writeConfig } from './small-config.js';

const root = mkdtempSync(join(tmpdir(), 'heqing-faults-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;
const folder = (): string => join(root, String(folders++));

const out = 'stations.yaml stations.0';
const tap = 'stations.yaml stations.1';
const works = 'stations.yaml stations.2';
const dust = 'stations.yaml stations.3';
const one = 'one.yaml limits.0';
/** A copy of another part of the small config, with changes. */
const copy = (place: string, more: object) => (): unknown => ({ ...(valueAt(smallConfig(), place) as object), ...more });
const also = (more: object) => (old: unknown) => ({ ...(old as object), ...more });

/** What is changed, to what (`undefined`: taken out), and the start of the one line that must come. */
type Case = readonly [place: string, value: unknown, line: string];

// prettier-ignore
const shape: readonly Case[] = [
  ['site.yaml site.nmae', 'x', 'site.yaml site.nmae: unknown key; the keys here are name,'],
  ['rules.yaml rule', [], 'rules.yaml rule: unknown key; the keys here are site, parameters'],
  ['site.yaml site.office', undefined, 'site.yaml site.office: missing; it must be a text'],
  ['targets.yaml targets', 5, 'targets.yaml targets: must be a list; found 5'],
  [`${out}.parameters.0.cadence`, '4 h', 'stations.yaml stations[0].parameters[0].cadence: must be a whole number from 1 to 1440; found "4 h"'],
  [`${out}.parameters.0.cadence`, 0.5, 'stations.yaml stations[0].parameters[0].cadence: must be a whole number from 1 to 1440; found 0.5'],
  [`${out}.parameters`, [], 'stations.yaml stations[0].parameters: must list at least one parameter'],
  [`${dust}.medium`, 'smoke', 'stations.yaml stations[3].medium: must be one of surface-water, drinking-water, sewage, dust, air; found "smoke"'],
  [`${dust}.id`, 'si"te', 'stations.yaml stations[3].id: must be lower-case letters, digits and hyphens'],
  [`${dust}.id`, '-site', 'stations.yaml stations[3].id: must be lower-case letters, digits and hyphens'],
  [`${dust}.name`, 'a\nb', 'stations.yaml stations[3].name: must be one line of text without control characters'],
  [`${dust}.name`, '\u0001', 'stations.yaml stations[3].name: must be one line of text without control characters'],
  [`${dust}.name`, '  ', 'stations.yaml stations[3].name: must be one line of text'],
  [`${one}.limit`, 1, 'one.yaml limits[0].limit: must be a number in quotes, so that its digits stay, e.g. "1.0"'],
  [`${one}.limit`, '1,0', 'one.yaml limits[0].limit: must be a plain decimal number'],
  [`${one}.averaging`, 'daily', 'one.yaml limits[0].averaging: must be one of period mean or sample, sample'],
  [`${dust}.since`, '2026-02-30', 'stations.yaml stations[3].since: must be a day, YYYY-MM-DD; found "2026-02-30"'],
  ['people.yaml people.0.email', 'office', 'people.yaml people[0].email: must be an e-mail address'],
  ['site.yaml site.utcOffset', '+28:00', 'site.yaml site.utcOffset: must be an offset from UTC'],
  ['site.yaml judging.sewage.shareNeeded', 0, 'site.yaml judging.sewage.shareNeeded: must be a share above 0 and at most 1'],
  ['people.yaml people.0.hears.1', { media: [] }, 'people.yaml people[0].hears[1].media: must hold at least one entry'],
];

// prettier-ignore
const files: readonly Case[] = [
  ['more.yaml', '- a\n', 'more.yaml : must be a mapping whose top-level keys'],
  ['more.yaml', '', 'more.yaml : must be a mapping whose top-level keys'],
  ['more.yaml', 'parameters: []\nparameters: []\n', 'more.yaml : is not valid YAML: Map keys must be unique'],
  ['more.yml', 'a: 1', 'more.yml : is passed over'],
  ['site.yaml site', undefined, '. site: missing; no .yaml file has the top-level key site'],
  ['people.yaml', undefined, '. people: missing; no .yaml file'],
  ['people.yaml people', [], 'people.yaml people: is empty in every file; it needs at least one entry'],
  ['targets.yaml targets', [], 'targets.yaml targets: is empty in every file'],
  ['rules.yaml rules', [], 'rules.yaml rules: is empty in every file'],
  ['more.yaml', { limits: [valueAt(smallConfig(), one)] }, 'more.yaml limits: needs a `standard` in the same file'],
  ['more.yaml', { standard: copy('one.yaml standard', { id: 'GB 9' })() }, 'more.yaml limits: missing or empty'],
];

// prettier-ignore
const doubles: readonly Case[] = [
  [`${dust}.id`, 'tap', 'stations.yaml stations[3].id: station "tap" is already in stations.yaml'],
  ['zzz.yaml', { ...(smallConfig()['two.yaml'] as object), limits: [copy('two.yaml limits.1', { limit: '3', condition: 'plant outlet' })()] }, 'zzz.yaml standard.id: standard "GB 2" is already in'],
  ['targets.yaml targets.1.id', 'river', 'targets.yaml targets[1].id: target "river" is already in'],
  ['people.yaml people.1', copy('people.yaml people.0', {}), 'people.yaml people[1].id: person "office" is already in'],
  ['zzz.yaml', { site: valueAt(smallConfig(), 'site.yaml site') }, 'zzz.yaml site: key "site" is already in site.yaml'],
  ['parameters.yaml parameters.1.aliases', ['060'], 'parameters.yaml parameters[1].aliases[0]: "060" already names the parameter nh3n'],
  ['parameters.yaml parameters.1.aliases', ['tp'], 'parameters.yaml parameters[2].code: "tp" already names the parameter cl2'],
  [`${dust}.parameters.1`, { parameter: 'pm10', cadence: 60 }, 'stations.yaml stations[3].parameters[1].parameter: pm10 is listed twice'],
  ['one.yaml limits.1', copy(one, { limit: '1.1', validFrom: '2026-01-01' }), 'one.yaml limits[1]: says the same as one.yaml limits[0] for the same days'],
  ['rules.yaml rules.1', copy('rules.yaml rules.0', { id: 'other' }), 'rules.yaml rules[1].kind: there may be one rule of kind limit'],
];

// prettier-ignore
const references: readonly Case[] = [
  [`${out}.parameters.0.parameter`, 'nh4', 'stations.yaml stations[0].parameters[0].parameter: no parameter "nh4"; there are nh3n, cl2'],
  [`${out}.parameters.0.parameter`, '060', 'stations.yaml stations[0].parameters[0].parameter: no parameter "060"; it is an alias, write nh3n'],
  [`${one}.parameter`, 'nh4', 'one.yaml limits[0].parameter: no parameter "nh4"'],
  ['site.yaml judging.sewage.items', ['tpp'], 'site.yaml judging.sewage.items[0]: no parameter "tpp"'],
  ['rules.yaml rules.0.except', ['tpp'], 'rules.yaml rules[0].except[0]: no parameter "tpp"'],
  [`${out}.binding.texts`, ['GB 1-2002'], 'stations.yaml stations[0].binding.texts[0]: no standard "GB 1-2002"; there are GB 1, '],
  [`${out}.binding.class`, '3', 'stations.yaml stations[0].binding.class: GB 1 has no loaded limit of class "3"; its classes are III'],
  [`${works}.binding.class`, '1A', 'stations.yaml stations[2].binding.class: GB 3 has no loaded limit of class "1A"; its classes are 1B'],
  [`${out}.binding.class`, undefined, 'stations.yaml stations[0].binding.class: missing; GB 1 has the classes III'],
  [`${tap}.binding.class`, 'I', 'stations.yaml stations[1].binding.class: GB 2 has no loaded limit of class "I"; it knows no classes'],
  ['one.yaml standard.media', ['air'], 'stations.yaml stations[0].binding.texts[0]: GB 1 speaks of air, not of surface-water'],
  ['people.yaml people.0.hears.1', { villages: ['丙村'] }, 'people.yaml people[0].hears[1].villages[0]: no station lies in "丙村"; there are 甲村, 乙村'],
  ['people.yaml people.0.hears.1', { stations: ['x'] }, 'people.yaml people[0].hears[1].stations[0]: no station "x"; there are out, tap'],
  [`${dust}.dustRules.0.background`, 'air', 'stations.yaml stations[3].dustRules[0].background: no station "air"'],
  [`${dust}.dustRules.0.background`, 'out', 'stations.yaml stations[3].dustRules[0].background: out does not measure pm10'],
  [`${dust}.dustRules.0.background`, 'site', 'stations.yaml stations[3].dustRules[0].background: a station is not its own background'],
];

// prettier-ignore
const stations: readonly Case[] = [
  [`${tap}.disinfectant`, undefined, 'stations.yaml stations[1].disinfectant: missing; the limits of cl2 depend on it'],
  [`${works}.disinfectant`, 'ozone', 'stations.yaml stations[2].disinfectant: belongs to drinking water'],
  [`${works}.role`, 'tap', 'stations.yaml stations[2].role: tap is not a role of sewage; its roles are outlet'],
  [`${out}.order`, undefined, 'stations.yaml stations[0].order: missing; a section has its place in the flow'],
  [`${out}.reach`, undefined, 'stations.yaml stations[0].reach: missing; a section names the reach'],
  ['stations.yaml stations.4', copy(out, { id: 'in' }), 'stations.yaml stations[4].order: 2 is already the place of out on 河'],
  ['stations.yaml stations.4', copy(dust, { id: 'old', active: false, dustRules: [] }), 'stations.yaml stations[4].inactiveReason: missing'],
  [`${dust}.inactiveReason`, '已清理', 'stations.yaml stations[3].inactiveReason: only an inactive station has a reason'],
  [`${tap}.binding.conditions`, ['tap'], 'stations.yaml stations[1].binding.conditions[0]: is decided by the service'],
  [`${tap}.binding.conditions`, ['small supply relaxation'], 'stations.yaml stations[1].binding.conditions[0]: is not named here; give the station a'],
  [`${tap}.relaxation`, { capacity: 1000, population: 10000, reason: '水源' }, 'stations.yaml stations[1].relaxation: only a small supply is relaxed'],
  [`${tap}.relaxation`, { capacity: 200, population: 900 }, 'stations.yaml stations[1].relaxation.reason: missing'],
  [`${works}.binding.conditions.1`, 'built to 2005-12-31', 'stations.yaml stations[2].binding.conditions: a works was built once'],
  [`${works}.binding.conditions`, undefined, 'stations.yaml stations[2].binding.conditions: missing; the limit of tp depends on it'],
  [`${dust}.dustRules.0.parameter`, 'tp', 'stations.yaml stations[3].dustRules[0].parameter: "tp" is not measured at this station; there are pm10'],
  [`${dust}.dustRules.0.windowMinutes`, 7, 'stations.yaml stations[3].dustRules[0].windowMinutes: must divide a day'],
  [`${dust}.parameters.0.cadence`, 60, 'stations.yaml stations[3].dustRules[0].windowMinutes: a window of 15 min is shorter than the cadence'],
  [`${out}.dustRules`, [], 'stations.yaml stations[0].dustRules: belong to dust; this station is surface-water'],
];

// prettier-ignore
const judged: readonly Case[] = [
  [`${one}.unit`, 'ug/L', 'one.yaml limits[0].unit: "ug/L" is not the unit of nh3n ("mg/L")'],
  [one, also({ operator: 'between', limit: ['9', '6'] }), 'one.yaml limits[0].limit: the first number must be below the second'],
  [`${one}.operator`, 'between', 'one.yaml limits[0].limit: between needs two numbers'],
  [`${one}.limit`, ['6', '9'], 'one.yaml limits[0].limit: <= needs one number'],
  [one, also({ validFrom: '2026-03-01', validTo: '2026-02-28' }), 'one.yaml limits[0].validTo: must not be before validFrom'],
  [`${one}.confirmed`, { by: '局', on: '2026-12-01' }, 'one.yaml limits[0].confirmed: only a transcribed limit waits for confirmation'],
  [`${one}.decimals`, 2, 'one.yaml limits[0].decimals: a limit compared in full is not rounded'],
  ['parameters.yaml parameters.0.range', [5, 5], 'parameters.yaml parameters[0].range: the first number must be below'],
  ['site.yaml judging.sewage.slotsNeeded', 7, 'site.yaml judging.sewage.slotsNeeded: must not be more than slotsPerDay, 6; found 7'],
  ['site.yaml judging.sewage.slotsPerDay', 7, 'site.yaml judging.sewage.slotsPerDay: must divide a day'],
  ['site.yaml judging.sewage.windows', ['month'], 'site.yaml judging.sewage.windows[0]: a month is made of its days; add day'],
  ['site.yaml judging.sewage.windows', ['day', 'year'], 'site.yaml judging.sewage.windows[1]: a year is made of its months; add month'],
  ['site.yaml judging.sewage.windows', ['day', 'quarter'], 'site.yaml judging.sewage.windows[1]: a quarter is made of its months; add month'],
  [`${out}.parameters.0.method`, 'probe', 'stations.yaml stations[0].parameters[0].method'],
  ['site.yaml judging.sewage.items', [], 'site.yaml judging.sewage.items: must name at least one item'],
  ['site.yaml judging.sewage', undefined, 'stations.yaml stations[2].medium: nothing says how sewage is judged'],
  ['targets.yaml targets.0.goal', undefined, 'targets.yaml targets[0].goal: missing; a target has a goal'],
  ['targets.yaml targets.1.goal', 90, 'targets.yaml targets[1].goal: an indicator has no goal'],
  ['targets.yaml targets.1.basis', 'sample', 'targets.yaml targets[1].window: a rate by sample is counted by sample; found "rule"'],
  ['targets.yaml targets.0.process', 'month', 'targets.yaml targets[0].process: the process view must be finer than the window month'],
  ['site.yaml judging.surface-water.windows', ['day'], 'targets.yaml targets[0].window: judging.surface-water makes no verdicts by month'],
  ['targets.yaml targets.0.process', 'hour', 'targets.yaml targets[0].process: judging.surface-water makes no verdicts by hour, only by day, month'],
  ['targets.yaml targets.0.roles', ['control'], 'targets.yaml targets[0].roles: covers no active station'],
  ['targets.yaml targets.0.roles.1', 'tap', 'targets.yaml targets[0].roles[1]: tap is not a role of surface-water'],
  ['people.yaml people.0.hears', [{ media: ['surface-water', 'sewage'] }], 'stations.yaml stations[3]: nobody under people hears its alerts of severity warning, over, severe'],
  ['people.yaml people.0.hears', [{ media: ['surface-water', 'sewage'] }, { severities: ['over', 'severe'] }], 'stations.yaml stations[3]: nobody under people hears its alerts of severity warning;'],
];

test('the small config loads', () => {
  expect(faultLines(faultsOf(writeConfig(folder(), smallConfig())))).toEqual([]);
});

describe.each([
  ['its shape', shape],
  ['its files', files],
  ['what stands twice', doubles],
  ['what is not there', references],
  ['its stations', stations],
  ['how it judges and who hears', judged],
])('one fault in %s gives one line:', (_what, cases) => {
  test.each(cases)('%s = %j', (place, value, line) => {
    const found = faultLines(faultsOf(writeConfig(folder(), change(smallConfig(), place, value))));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(line);
  });
});
