/** Does an alert path that nobody confirmed show in the health of the service, without stopping any reading? */
import { expect, test } from '@jest/globals';
import { health, type HealthSources, unwell } from '../../src/pipeline/health.js';
import type { PathState } from '../../src/pipeline/alerting/path-proof.js';
import type { ReadingLog } from '../../src/pipeline/stores.js';

const log = { waiting: () => 0 } as Pick<ReadingLog, 'waiting'> as ReadingLog;
const well = (state: PathState['state'], alarms = state !== 'proven'): HealthSources => ({
  intake: () => null,
  broker: () => ({ state: 'up', detail: '已订阅' }),
  archive: () => ({ name: 'archive', trouble: null }),
  mail: () => ({ name: 'SMTP', trouble: null, waiting: 0 }),
  channels: () => [],
  path: () => ({ state, alarms, words: { zh: `预警通道 ${state}`, en: `the path is ${state}` } }),
  backup: () => ({ alarms: false, words: { zh: '上次成功 11-23 02:30', en: '' } }),
  stuck: () => [['watch', null]],
});

test.each([
  ['proven', 'up', 'up'],
  ['unproven', 'degraded', 'degraded'],
  ['failing', 'degraded', 'degraded'],
] as const)('a path that is %s is %s, and the whole is %s', (state, part, whole) => {
  const { status, parts } = health(log, well(state));
  expect(status).toBe(whole);
  expect(parts.find(({ name }) => name === 'alert-path')).toEqual({
    name: 'alert-path',
    state: part,
    detail: `预警通道 ${state}`,
  });
});

test('a path of a new installation that nobody has confirmed yet is no trouble before its first hours are over', () => {
  const { status, parts } = health(log, well('unproven', false));
  expect(status).toBe('up');
  expect(parts.find(({ name }) => name === 'alert-path')).toMatchObject({ state: 'up', detail: '预警通道 unproven' });
});

test('a channel that takes nothing degrades the whole by a part of its own', () => {
  const sources: HealthSources = {
    ...well('proven'),
    channels: () => [
      ['group', 'code 310000'],
      ['gateway', null],
    ],
  };
  const { status, parts } = health(log, sources);
  expect(status).toBe('degraded');
  expect(parts.filter(({ name }) => name.startsWith('channel-'))).toEqual([
    { name: 'channel-group', state: 'degraded', detail: 'code 310000' },
    { name: 'channel-gateway', state: 'up', detail: '正常' },
  ]);
});

test('no subscription weighs more than an unproven path', () => {
  const sources: HealthSources = { ...well('unproven'), broker: () => ({ state: 'down', detail: '' }) };
  expect(health(log, sources).status).toBe('down');
});

test('a backup that failed or is too old degrades the whole, and stops no reading', () => {
  const words = { zh: '4 天没有备份', en: '' };
  const { status, parts } = health(log, { ...well('proven'), backup: () => ({ alarms: true, words }) });
  expect(status).toBe('degraded');
  expect(parts.find(({ name }) => name === 'backup')).toEqual({ name: 'backup', state: 'degraded', detail: words.zh });
});

test.each<[string, Partial<HealthSources>, string | null]>([
  ['all is well', {}, null],
  ['the broker is away', { broker: () => ({ state: 'down', detail: 'ECONNREFUSED' }) }, 'broker: ECONNREFUSED'],
  ['the disk is full', { intake: () => 'ENOSPC' }, 'intake: ENOSPC'],
  [
    'a stage is stuck',
    {
      stuck: () => [
        ['settle', null],
        ['watch', 'SQLITE_CORRUPT'],
      ],
    },
    'watch: SQLITE_CORRUPT',
  ],
  ['alerts are not accepted', { path: () => well('failing').path() }, 'the path is failing'],
  ['nobody has confirmed a test mail', { path: () => well('unproven').path() }, null],
  [
    'the archive is away, mails wait and a backup is old',
    {
      archive: () => ({ name: 'archive', trouble: 'ECONNREFUSED' }),
      mail: () => ({ name: 'SMTP', trouble: 'ECONNREFUSED', waiting: 3 }),
      backup: () => ({ alarms: true, words: { zh: '4 天没有备份', en: '' } }),
    },
    null,
  ],
])('what a watchdog outside may hear when %s', (_, part, why) => {
  expect(unwell(log, { ...well('proven'), ...part })).toBe(why);
});
