/** Does an alert end when what it is about has left the config? */
import { afterEach, expect, test } from '@jest/globals';
import type { Alert, AlertKind } from '../../../src/domain/alerting/alert.js';
import type { Site } from '../../../src/domain/site.js';
import { HOUR } from '../../../src/domain/time.js';
import { Pipeline } from '../../support/pipeline.js';
import { at, reading, siteWith, station, wupi } from '../../support/wupi.js';

const T0 = at('2026-11-23 08:00');
const without = (id: string): Site => ({ ...wupi, stations: new Map([...wupi.stations].filter(([other]) => other !== id)) });
const out = station('nankeng-out');

const opened: Pipeline[] = [];
afterEach(async () => {
  for (const pipeline of opened.splice(0)) await pipeline.dispose();
});

/** An alert at the outflow that people were told of, then a start under another config. */
async function startedAgain(site: Site): Promise<Pipeline> {
  const pipeline = await Pipeline.open({ now: T0 });
  opened.push(pipeline);
  await pipeline.publish(reading({ value: 1.37 }));
  await pipeline.run();
  expect(pipeline.parts.alerts.list('active', 9)).toHaveLength(1);
  // 超限 settles two seconds.
  pipeline.clock.advance(2000);
  await pipeline.run();
  expect(pipeline.world.mailer.accepted).not.toEqual([]);
  pipeline.crash(site);
  pipeline.parts.closeDeparted();
  return pipeline;
}

test.each([
  ['the station is gone', without('nankeng-out'), '从配置中移除'],
  ['the station is inactive', siteWith({ ...out, active: false }), '已停用'],
  [
    'the parameter is gone',
    siteWith({ ...out, parameters: out.parameters.filter(({ parameter }) => parameter !== 'nh3n') }),
    '已不测此指标',
  ],
])('%s: closed, for that reason, and nobody is mailed', async (_, site, reason) => {
  const pipeline = await startedAgain(site);
  const mails = pipeline.world.mailer.accepted.length;
  expect(pipeline.parts.alerts.list('active', 9)).toEqual([]);
  const [alert] = pipeline.parts.alerts.list('all', 9);
  expect(alert).toMatchObject({ state: 'closed', resolvedAt: null });
  expect(alert?.history.at(-1)).toMatchObject({
    from: 'active',
    to: 'closed',
    by: null,
    reason: expect.stringContaining(reason),
  });
  expect(pipeline.world.journal.lines.join('\n')).toContain(reason);
  pipeline.parts.closeDeparted();
  expect(pipeline.parts.alerts.list('all', 9)).toEqual([alert]);
  await pipeline.run();
  expect(pipeline.world.mailer.accepted).toHaveLength(mails);
  expect(() => pipeline.parts.alertsReport.alertView(alert!, true)).not.toThrow();
});

test.each([
  ['nothing changed', wupi],
  ['another station is gone', without('nankeng-in')],
])('%s: it stands', async (_, site) => {
  const pipeline = await startedAgain(site);
  expect(pipeline.parts.alerts.list('active', 9)).toMatchObject([{ state: 'active' }]);
});

test('a station that comes back may be over the limit again: a new alert', async () => {
  const pipeline = await startedAgain(without('nankeng-out'));
  pipeline.crash(wupi);
  pipeline.parts.closeDeparted();
  pipeline.clock.set(T0 + HOUR);
  await pipeline.publish(reading({ time: T0 + HOUR, value: 1.4 }));
  await pipeline.run();
  expect(pipeline.parts.alerts.list('all', 9).map(({ state }) => state)).toEqual(['active', 'closed']);
});

/** The site under other rules. */
const ruled = (rules: Partial<Site['rules']>): Site => ({ ...wupi, rules: { ...wupi.rules, ...rules } });
const { limit, verdict, regional } = wupi.rules;
const NOT_NH3N = limit!.shapes.filter(({ parameters }) => !parameters?.includes('nh3n'));
const NO_RULE = '规则已从配置中移除';
const town = (kind: AlertKind, subject: string, over: Partial<Alert> = {}): Partial<Alert> => ({
  ...{ kind, subject, station: null, parameter: null, rule: kind },
  ...over,
});
const REACH = town('rain', `reach:${[...wupi.reaches.keys()][0]!}`);
const TARGET = town('target', `target:${wupi.targets.find(({ goal }) => goal !== null)!.id}`);
const AIR = town('regional', 'region:pm10', { parameter: 'pm10' });
const DAY = { kind: 'verdict', parameter: null, rule: 'verdict-day' } as const;
const PATH = town('service', 'service', { rule: 'service-path' });

test.each<[string, Partial<Alert>, Site, string | null]>([
  ['a rule switched off', {}, ruled({ limit: null }), NO_RULE],
  ['a rule by another name', {}, ruled({ limit: { ...limit!, id: 'over' } }), NO_RULE],
  ['a shape taken away', {}, ruled({ limit: { ...limit!, shapes: NOT_NH3N } }), '规则已不含此项'],
  [
    'a trend no more asked for',
    { kind: 'trend', rule: 'trend' },
    ruled({ trend: { ...wupi.rules.trend!, parameters: [] } }),
    '不含',
  ],
  ['a verdict', DAY, wupi, null],
  ['a window no more told', DAY, ruled({ verdict: { ...verdict!, windows: ['month'] } }), '规则已不含此项'],
  ['no verdicts told', DAY, ruled({ verdict: null }), NO_RULE],
  ['silence of a station', { kind: 'no-data', rule: 'no-data', parameter: null }, wupi, null],
  ['silence no more told', { kind: 'no-data', rule: 'no-data', parameter: null }, ruled({ noData: null }), NO_RULE],
  ['an instrument no more watched', { kind: 'sensor', rule: 'sensor' }, ruled({ sensor: null }), NO_RULE],
  ['water from upstream', { kind: 'upstream', rule: 'upstream' }, ruled({ upstream: null }), NO_RULE],
  ['a target', TARGET, wupi, null],
  ['a target that is gone', TARGET, { ...wupi, targets: [] }, '目标已从配置中移除'],
  ['a reach', REACH, wupi, null],
  ['a reach without sections', REACH, { ...wupi, stations: new Map() }, '河段已无在用断面'],
  ['the air', AIR, wupi, null],
  ['the air of another parameter', AIR, ruled({ regional: { ...regional!, parameters: ['pm25'] } }), '规则已不含此项'],
  ['the service', PATH, wupi, null],
  ['the service no more watched', PATH, ruled({ service: null }), NO_RULE],
])('%s', async (_, over, site, reason) => {
  const pipeline = await startedAgain(wupi);
  const [alert] = pipeline.parts.alerts.list('active', 1) as [Alert];
  const { alerts } = pipeline.parts;
  alerts.put({ ...alert, state: 'resolved' });
  alerts.put({ ...alert, ...over, id: 'other' });
  pipeline.crash(site);
  pipeline.parts.closeDeparted();
  const found = pipeline.parts.alerts.find('other');
  expect(found?.state).toBe(reason === null ? 'active' : 'closed');
  if (reason !== null) expect(found?.history.at(-1)?.reason).toContain(reason);
});
