/** Do stations, alerts and notices read as they are? */
import { afterEach, describe, expect, test } from '@jest/globals';
import type { JudgedReading } from '../../../src/domain/reading.js';
import { Refusal } from '../../../src/pipeline/ports.js';
import { ChiefCards } from '../../../src/pipeline/reporting/chief-cards.js';
import { Pipeline, type PipelineOptions } from '../../support/pipeline.js';
import { at, reading, riverDay, times, wupi } from '../../support/wupi.js';

let pipeline: Pipeline;
afterEach(() => pipeline.dispose());
const open = async (options: PipelineOptions = {}): Promise<void> => {
  pipeline = await Pipeline.open(options);
};
const say = async (now: string, readings: readonly JudgedReading[] = []): Promise<void> => {
  pipeline.clock.set(at(now));
  if (readings.length > 0) await pipeline.publish(...readings);
  await pipeline.run();
};

describe('stations', () => {
  const of = (id: string) => pipeline.parts.report.stations().stations.find((s) => s.id === id)!;

  test('every active one, sections in flow order, with nulls where nothing came', async () => {
    await open();
    const { stations } = pipeline.parts.report.stations();
    expect(stations.slice(0, 3).map((s) => s.id)).toEqual(['nankeng-in', 'nankeng-mid', 'nankeng-out']);
    expect(stations.map((s) => s.id)).not.toContain('gangue-heap');
    expect(of('nankeng-out')).toMatchObject({
      state: 'offline',
      stateReason: '从未收到数据',
      lastReadingAt: null,
      class: 'III',
      note: '待区局确认',
    });
    expect(of('nankeng-out').latest.find((l) => l.parameter === 'nh3n')).toMatchObject({
      value: null,
      time: null,
      check: null,
      limit: 1,
      limitText: '≤ 1.0',
      citation: 'GB 3838-2002 表1 Ⅲ类',
    });
    expect(of('nankeng-out').latest.find((l) => l.parameter === 'tn')).toMatchObject({ limit: null, check: null });
  });

  test('the state is the last closed day, the check is of the moment, the current window is open', async () => {
    await open();
    await say('2026-11-23 08:00', [
      ...riverDay('2026-11-22', { nh3n: times(6, 1.2) }),
      reading({ value: 0.4, time: at('2026-11-23 08:00') }),
    ]);
    const out = of('nankeng-out');
    expect(out).toMatchObject({ state: 'exceeded', lastReadingAt: '2026-11-23T08:00:00+08:00' });
    expect(out.latest.find((l) => l.parameter === 'nh3n')).toMatchObject({ value: 0.4, check: 'within' });
    expect(out.current).toMatchObject({ window: 'day', start: '2026-11-23T00:00:00+08:00', validCount: 1, dueCount: 30 });
    expect(out.current).not.toHaveProperty('verdict');
  });

  test('the card of a river chief says of the open day what the overview says, not yesterday’s class', async () => {
    await open();
    await say('2026-11-23 08:00', [
      ...riverDay('2026-11-22', { nh3n: times(6, 0.8) }),
      reading({ value: 4.1, time: at('2026-11-23 08:00') }),
    ]);
    const { alarms, verdicts, report } = pipeline.parts;
    const { sections } = new ChiefCards(wupi, alarms.morning, alarms.patrols, verdicts, report, pipeline.clock).card(
      'town-chief',
    );
    expect(of('nankeng-out').current.class).toBe('worse-than-V');
    expect(sections).toMatchObject([{ station: 'nankeng-out', class: 'III', current: { window: 'day', class: 'worse-than-V' } }]);
  });

  test('offline after three cadences without an arrival, whatever the measured times say', async () => {
    await open();
    await say('2026-11-23 08:00', [reading({ time: at('2026-11-20 08:00') })]);
    expect(of('nankeng-out').state).not.toBe('offline');
    pipeline.clock.set(at('2026-11-23 11:00'));
    expect(of('nankeng-out').state).not.toBe('offline');
    pipeline.clock.set(at('2026-11-23 11:00:02'));
    expect(of('nankeng-out')).toMatchObject({ state: 'offline', stateReason: '2026-11-23T08:00:00+08:00 之后没有数据' });
  });

  test('before the first window has closed nothing is judged', async () => {
    await open();
    await say('2026-11-23 08:00', [reading({ time: at('2026-11-23 07:00') })]);
    expect(of('nankeng-out')).toMatchObject({ state: 'undetermined', stateReason: '首个评价时段尚未结束' });
  });

  test('the newest value is the sensor’s, even when a laboratory value has the same time', async () => {
    await open();
    const time = at('2026-11-23 08:00');
    await say('2026-11-23 08:00', [reading({ value: 0.4, time }), reading({ value: 0.6, time, source: 'lab', mark: 'S' })]);
    expect(of('nankeng-out').latest.find((l) => l.parameter === 'nh3n')).toMatchObject({ value: 0.4, mark: 'N' });
  });
});

test('notices: to whom, in what state, and the words of each', async () => {
  await open();
  await say('2026-11-23 08:00', [reading({ value: 1.37 })]);
  expect(pipeline.parts.alarms.notices.notices()).toEqual({ notices: [], bounced: [] });
  await say('2026-11-23 08:00:03');
  const { notices } = pipeline.parts.alarms.notices.notices();
  // Nobody higher up before those have not answered, and nobody above the town.
  expect(notices.map((n) => n.recipient).sort()).toEqual(['镇环保办', '长潭村村级河长'].sort());
  expect(notices[0]).toMatchObject({
    state: 'sent',
    reason: 'opened',
    channel: 'mail',
    attempts: 1,
    error: null,
    mergedInto: null,
    alerts: [pipeline.parts.alerts.list('all', 1)[0]?.id],
  });
  expect(pipeline.parts.alarms.notices.notice(notices[0]!.id).text).toContain('氨氮 1.37 mg/L');
  expect(() => pipeline.parts.alarms.notices.notice('none')).toThrow(Refusal);
  expect(pipeline.parts.report.siteView()).toMatchObject({
    name: '五陂镇',
    english: { 南坑河五陂段: 'Nankeng River in Wupi', 长潭村: 'Changtan Village' },
    mail: { waiting: 0, failing: false, lastSentAt: '2026-11-23T08:00:04+08:00' },
  });
});

test('a notice shows neither the links of its mail nor a test’s code: who reads it did not receive it', async () => {
  await open({ site: { ...wupi, notices: { ...wupi.notices, links: true } } });
  const { notices, path } = pipeline.parts.alarms;
  await say('2026-11-23 08:00', [reading({ value: 1.37 })]);
  await say('2026-11-23 08:00:03');
  const alert = pipeline.parts.outbox.list(1)[0]!;
  expect(alert.mail.text).toContain('/ack/');
  expect(notices.notice(alert.id).text).not.toContain('/ack/');
  expect(notices.notice(alert.id).text).toContain('〔只在邮件里〕');

  const { code } = path.test('镇环保办');
  const mail = pipeline.parts.outbox.list(1)[0]!;
  expect(mail.mail.subject).toContain(code);
  const shown = notices.notice(mail.id);
  expect(`${shown.subject} ${shown.text}`).not.toMatch(new RegExp(`${code}|/ack/`));
  expect(notices.notices().notices[0]?.subject).toContain('代码 〔只在邮件里〕');
});
