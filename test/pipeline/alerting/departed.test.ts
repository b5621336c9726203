/** Does an alert end when what it is about has left the config? */
import { afterEach, expect, test } from '@jest/globals';
import type { Alert } from '../../../src/domain/alerting/alert.js';
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

test.each(['target', 'regional', 'rain', 'service'] as const)('an alert of the kind %s needs no station', async (kind) => {
  const pipeline = await startedAgain(wupi);
  const [alert] = pipeline.parts.alerts.list('active', 1) as [Alert];
  pipeline.parts.alerts.put({ ...alert, id: 'town', station: '', parameter: '', rule: kind, kind });
  pipeline.parts.closeDeparted();
  expect(pipeline.parts.alerts.find('town')).toMatchObject({ state: 'active' });
});
