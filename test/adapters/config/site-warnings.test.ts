/** Is an operator warned of instruments whose figures do not count? */
import { expect, test } from '@jest/globals';
import { siteWarnings } from '../../../src/adapters/config/site-warnings.js';
import type { StationParameter } from '../../../src/domain/station.js';
import { siteWith, station, wupi } from '../../support/wupi.js';

const passed = { on: '2026-10-20', passed: true, laboratory: 0.52, sensor: 0.55, by: '区环境监测站' };
const withNh3n = (over: Partial<StationParameter>, active = true) => {
  const out = station('nankeng-out', { active });
  return siteWith({ ...out, parameters: out.parameters.map((p) => (p.parameter === 'nh3n' ? { ...p, ...over } : p)) });
};

test.each([
  ['the shipped config', wupi, []],
  ['an electrode', withNh3n({ method: 'electrode' }), ['南坑河出境断面 氨氮:电极法,无合格比对,不计入评价 does not count']],
  ['an electrode that passed', withNh3n({ method: 'electrode', comparisons: [passed] }), []],
  [
    'a spectral probe that did not',
    withNh3n({ method: 'spectral', comparisons: [{ ...passed, passed: false }] }),
    ['南坑河出境断面 氨氮:光谱法,2026-10-20 比对不合格,不计入评价 does not count'],
  ],
  [
    'a plan that nobody is told of',
    { ...wupi, people: wupi.people.map(({ upkeep: _, ...person }) => person) },
    ['运维计划到期无人收到邮件:people 中没有 upkeep: true nobody is told of work that becomes due'],
  ],
  ['no plan to be told of', { ...wupi, upkeep: new Map(), people: wupi.people.map(({ upkeep: _, ...person }) => person) }, []],
  ['an inactive station', withNh3n({ method: 'electrode' }, false), []],
])('%s', (_, site, expected) => expect(siteWarnings(site, '2026-11-23')).toEqual(expected));
