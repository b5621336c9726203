/** Is an operator warned of what nobody watches and nobody is told of? */
import { expect, test } from '@jest/globals';
import { alertWarnings } from '../../../src/adapters/config/alert-warnings.js';
import type { ChannelSettings, Duty, Person } from '../../../src/domain/people.js';
import type { Site } from '../../../src/domain/site.js';
import { wupi } from '../../support/wupi.js';

const people = (change: (person: Person) => Person): Site => ({ ...wupi, people: wupi.people.map(change) });
const duty = (over: Partial<Duty>): Site => ({ ...wupi, duty: { ...wupi.duty, ...over } });
const channels: ChannelSettings[] = [
  { id: 'gateway', kind: 'webhook', urlFrom: 'GATEWAY_URL', secretFrom: 'GATEWAY_SECRET' },
  { id: 'group', kind: 'wecom', urlFrom: 'WECOM_URL', secretFrom: null },
];
const shapes = wupi.rules.limit?.shapes ?? [];
const withShapes = (keep: (shape: (typeof shapes)[number]) => boolean): Site => ({
  ...wupi,
  rules: { ...wupi.rules, limit: { id: 'limit', kind: 'limit', shapes: shapes.filter(keep) } },
});

test.each<[string, Site, string, Record<string, string>, string[]]>([
  ['the shipped config', wupi, '2026-11-23', {}, []],
  [
    'oxygen that no shape holds',
    withShapes(({ parameters }) => parameters?.includes('do') !== true),
    '2026-11-23',
    {},
    ['南坑河入境断面 溶解氧:有限值', '南坑河中段断面 溶解氧:有限值', '南坑河出境断面 溶解氧:有限值'],
  ],
  ['the limit rule switched off', { ...wupi, rules: { ...wupi.rules, limit: null } }, '2026-11-23', {}, []],
  [
    'no duty for dust, air, plants and sewage',
    people((person) => (person.step === 2 ? { ...person, hears: [] } : person)),
    '2026-11-23',
    {},
    ['扬尘(一号建筑工地扬尘监测点、二号建筑工地扬尘监测点):上报层级中没有人接收', '环境空气(五陂镇区环境空气站):'],
  ],
  ['no ladder at all', people((person) => ({ ...person, step: null })), '2026-11-23', {}, []],
  [
    'no maintenance',
    people((person) => ({ ...person, hears: person.hears.filter(({ kinds }) => kinds === undefined) })),
    '2026-11-23',
    {},
    ['没有人专门接收 no-data、sensor、service,'],
  ],
  ['a year without make-up days', wupi, '2027-01-04', {}, ['duty 没有 2027 年的调休上班日']],
  ['a year without holidays', wupi, '2028-01-04', {}, ['duty 没有 2028 年的节假日']],
  ['a town without holidays', duty({ holidays: [] }), '2028-01-04', {}, []],
  [
    'channels without their variables',
    { ...wupi, channels },
    '2026-11-23',
    { GATEWAY_URL: 'https://gateway.example.org', GATEWAY_SECRET: '' },
    ['通道 gateway:未设环境变量 GATEWAY_SECRET', '通道 group:未设环境变量 WECOM_URL'],
  ],
])('%s', (_, site, today, variables, expected) =>
  expect(alertWarnings(site, today, variables)).toEqual(expected.map((start) => expect.stringContaining(start))),
);
