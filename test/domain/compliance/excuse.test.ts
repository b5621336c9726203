/** Is exactly that excused what an approver named, from beginning to end of a window? */
import { expect, test } from '@jest/globals';
import { type Excuse, excusedIn, itemsText, siteWithout } from '../../../src/domain/compliance/excuse.js';
import { namedItems } from '../../../src/domain/compliance/items.js';
import { DAY, type Window } from '../../../src/domain/time.js';
import { at, station, windowOf, wupi } from '../../support/wupi.js';

const excuse = (over: Partial<Excuse> = {}): Excuse => ({
  ...{ id: '1', station: 'nankeng-out', kinds: null, parameters: null, from: at('2026-11-03'), to: at('2026-11-05') },
  ...{ reason: 'no-flow', approver: '安源生态环境局', document: '安环〔2026〕8 号', note: '', addedBy: 'office' },
  ...{ addedAt: at('2026-11-06'), removed: null, ...over },
});
const NAMED = ['ph', 'nh3n'];
const day = windowOf('day', '2026-11-03');
const sample = (time: string): Window => ({ kind: 'sample', start: at(time), end: at(time) });

test.each<[string, Window, Partial<Excuse>, boolean]>([
  ['a day of it', day, {}, true],
  ['its last day', windowOf('day', '2026-11-04'), {}, true],
  ['the day after', windowOf('day', '2026-11-05'), {}, false],
  ['a day it begins in', day, { from: at('2026-11-03 01:00') }, false],
  ['a day it ends in', day, { to: at('2026-11-03 23:00') }, false],
  ['the month around it', windowOf('month', '2026-11-03'), {}, false],
  ['a month within it', windowOf('month', '2026-11-03'), { from: at('2026-11-01'), to: at('2026-12-01') }, true],
  ['a kind it names', day, { kinds: ['day'] }, true],
  ['a kind it does not name', day, { kinds: ['month'] }, false],
  ['another station', day, { station: 'nankeng-in' }, false],
  ['a withdrawn one', day, { removed: { by: 'office', at: at('2026-11-07'), reason: '误登' } }, false],
  ['one of the items', day, { parameters: ['nh3n'] }, false],
  ['all of the items', day, { parameters: ['nh3n', 'ph'] }, true],
  ['a sample in it', sample('2026-11-03 09:00'), {}, true],
  ['a sample at its first instant', sample('2026-11-03'), {}, true],
  ['a sample at its end', sample('2026-11-05'), {}, false],
])('%s', (_, window, over, whole) => {
  expect(excusedIn('nankeng-out', window, [excuse(over)], NAMED).whole !== null).toBe(whole);
});

test('items of several excuses come together; the earliest entered is told, in any order', () => {
  const both = [
    excuse({ id: '2', parameters: ['nh3n', 'tp'], addedAt: at('2026-11-08') }),
    excuse({ id: '1', parameters: ['nh3n'], document: '安环〔2026〕7 号' }),
  ];
  for (const list of [both, [...both].reverse()]) {
    const { whole, items } = excusedIn('nankeng-out', day, list, NAMED);
    expect(whole).toBeNull();
    expect([...items].map(([parameter, { id }]) => `${parameter} ${id}`).sort()).toEqual(['nh3n 1', 'tp 2']);
  }
});

test('a window is judged without the items, and says by whom', () => {
  const { items } = excusedIn('nankeng-out', { ...day, end: day.start + DAY }, [excuse({ parameters: ['nh3n'] })], NAMED);
  const of = station('nankeng-out');
  const without = siteWithout(wupi, of, items);
  expect(namedItems(of, without.judging.get('surface-water')!)).toEqual(['ph', 'do', 'codmn', 'tp']);
  expect(without.judging.get('sewage')).toBe(wupi.judging.get('sewage'));
  expect(itemsText(items, () => '氨氮')).toBe('不参评:氨氮(断流,安源生态环境局 安环〔2026〕8 号)');
  expect(siteWithout(wupi, of, new Map())).toBe(wupi);
});
