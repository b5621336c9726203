/** Does the worst item make the verdict, and is its reason told? */
import { describe, expect, test } from '@jest/globals';
import Big from 'big.js';
import fc from 'fast-check';
import type { Statistic } from '../../../src/domain/compliance/statistic.js';
import { findingsOf, type Item, judge, VERDICTS, worstOf } from '../../../src/domain/compliance/verdict.js';
import type { Limit } from '../../../src/domain/standards/limit.js';
import { limit, windowOf } from '../../support/wupi.js';

const statistic = (mean: string | null, over: Partial<Statistic> = {}): Statistic => ({
  mean: mean === null ? null : new Big(mean),
  valid: 6,
  total: 6,
  filled: 6,
  due: 6,
  enough: true,
  atLeast: false,
  weighted: false,
  detection: null,
  condemns: false,
  excluded: {},
  setAside: [],
  ...over,
});

const item = (mean: string | null, over: Partial<Item> & { of?: Partial<Statistic> } = {}): Item => {
  const { of, ...rest } = over;
  const s = statistic(mean, of);
  return {
    parameter: 'nh3n',
    name: '氨氮',
    statistic: 'day-mean',
    upper: s,
    other: s,
    limits: [limit()],
    class: null,
    classIII: null,
    temperature: null,
    uncounted: null,
    doubt: null,
    ...rest,
  };
};
const tp = (mean: string | null, over: Parameters<typeof item>[1] = {}): Item =>
  item(mean, { parameter: 'tp', name: '总磷', limits: [limit({ parameter: 'tp', high: '0.2' })], ...over });
const window = windowOf('day', '2026-11-22');
const verdictOf = (items: readonly Item[], missing: readonly string[] = [], unlimited: string | null = null) => {
  const { verdict, reason } = judge('nankeng-out', window, items, missing, unlimited);
  return [verdict, reason];
};
const waiting: Limit = limit({ parameter: 'cl2', high: '2', grade: 'transcribed' });

describe('exceeded wins over undetermined wins over met', () => {
  test.each([
    ['all within', [item('0.9'), tp('0.1')], [], ['met', null]],
    ['one over', [item('1.2'), tp('0.1')], [], ['exceeded', null]],
    [
      'one too thin',
      [item('0.9', { of: { enough: false, filled: 3 } }), tp('0.1')],
      [],
      ['undetermined', '氨氮有效数据不足(3/6)'],
    ],
    [
      'over on too thin evidence is not over',
      [item('1.2', { of: { enough: false, filled: 3 } })],
      [],
      ['undetermined', '氨氮有效数据不足(3/6)'],
    ],
    [
      'one over beside one too thin',
      [item('1.2'), tp('0.1', { of: { enough: false, filled: 1 } })],
      [],
      ['exceeded', '总磷有效数据不足(1/6)'],
    ],
    ['no data', [item(null, { of: { total: 0, valid: 0, filled: 0, enough: false } })], [], ['undetermined', '氨氮无数据']],
    [
      'none that counts',
      [item(null, { of: { total: 6, valid: 0, filled: 0, enough: false } })],
      [],
      ['undetermined', '氨氮无有效数据'],
    ],
    ['a missing item', [item('0.9')], ['总磷'], ['undetermined', '缺项:总磷']],
    ['a missing item beside one over', [item('1.2')], ['总磷'], ['exceeded', '缺项:总磷']],
    [
      'the same reason once',
      [item(null, { of: { total: 0 } }), tp(null, { of: { total: 0 } })],
      [],
      ['undetermined', '氨氮、总磷无数据'],
    ],
    ['no items at all', [], [], ['undetermined', '没有可判定的项目']],
  ])('%s', (_, items, missing, expected) => expect(verdictOf(items, missing)).toEqual(expected));

  test('without any limit it is monitored and not judged', () => {
    expect(verdictOf([item('9', { limits: [] })], [], '缺许可限值')).toEqual(['undetermined', '缺许可限值']);
  });

  test('law: the order does not matter', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...VERDICTS)), (outcomes) => {
        const worst = worstOf(outcomes);
        expect(worstOf([...outcomes].reverse())).toBe(worst);
        expect(worst === 'exceeded').toBe(outcomes.includes('exceeded'));
        expect(worst === 'met').toBe(outcomes.length > 0 && outcomes.every((outcome) => outcome === 'met'));
      }),
    );
  });
});

test('law: neither the order of the items nor that of the missing ones changes verdict, class or evidence', () => {
  const one = fc.record({
    mean: fc.option(fc.constantFrom('0.1', '0.9', '1.2', '3'), { nil: null }),
    enough: fc.boolean(),
    class: fc.constantFrom('I', 'III', 'V', null),
    certain: fc.boolean(),
    uncounted: fc.constantFrom(null, null, '电极法,无合格比对'),
  });
  fc.assert(
    fc.property(
      fc.array(one, { maxLength: 6 }),
      fc.subarray(['总磷', '氨氮']),
      fc.infiniteStream(fc.nat()),
      (rows, missing, random) => {
        const items = rows.map(({ mean, enough, class: name, certain, uncounted }, i) =>
          item(mean, {
            parameter: `p${i}`,
            of: { enough },
            class: mean === null ? null : name,
            limits: [limit({ grade: certain ? 'verified' : 'transcribed' })],
            uncounted,
          }),
        );
        const shuffled = items.map((each) => ({ each, key: random.next().value as number })).sort((a, b) => a.key - b.key);
        const found = judge('nankeng-out', window, items, missing, null);
        const again = judge(
          'nankeng-out',
          window,
          shuffled.map(({ each }) => each),
          [...missing].reverse(),
          null,
        );
        expect([again.verdict, again.class]).toEqual([found.verdict, found.class]);
        const byItem = (v: typeof found) => [...v.findings].sort((a, b) => (a.parameter < b.parameter ? -1 : 1));
        expect(byItem(again)).toEqual(byItem(found));
      },
    ),
  );
});

describe('a limit that waits for the office', () => {
  const cl2 = (mean: string, limits: readonly Limit[]): Item => item(mean, { parameter: 'cl2', name: '余氯', limits });
  const residual = limit({ parameter: 'cl2', operator: '>=', low: '0.05', high: null });

  test('makes no verdict and is printed as 未计入', () => {
    expect(verdictOf([item('0.9'), cl2('5', [waiting])])).toEqual(['met', '未计入:余氯(限值待确认)']);
    expect(verdictOf([item('1.2'), cl2('5', [waiting])])).toEqual(['exceeded', '未计入:余氯(限值待确认)']);
    expect(verdictOf([cl2('5', [waiting])])).toEqual(['undetermined', '没有可判定的项目;未计入:余氯(限值待确认)']);
  });

  test('its finding is there as evidence and does not count', () => {
    expect(findingsOf(cl2('5', [waiting]))).toMatchObject([{ outcome: 'exceeded', counted: false, times: '1.5' }]);
  });

  test('confirmed, it makes the verdict', () => {
    const confirmed = { ...waiting, confirmed: { by: '萍乡市安源生态环境局', on: '2026-12-01' } };
    expect(verdictOf([cl2('5', [confirmed])])).toEqual(['exceeded', null]);
  });

  test('an item with one certain limit is judged by that one', () => {
    expect(verdictOf([cl2('5', [waiting, residual])])).toEqual(['met', null]);
    expect(verdictOf([cl2('0.04', [waiting, residual])])).toEqual(['exceeded', null]);
  });
});

describe('doubt about which limit binds', () => {
  const sewage = (mean: string): Item =>
    item(mean, { limits: [limit({ high: '8' }), limit({ high: '15' })], doubt: '缺水温,限值未定' });
  test.each([
    ['8', 'met', null],
    ['8.1', 'undetermined', '氨氮缺水温,限值未定'],
    ['15', 'undetermined', '氨氮缺水温,限值未定'],
    ['15.1', 'exceeded', null],
  ])('%s mg/L between 8 and 15: %s', (mean, verdict, reason) => expect(verdictOf([sewage(mean)])).toEqual([verdict, reason]));

  test('what is surely exceeded is told against the bracket limit, in either order', () => {
    for (const limits of [sewage('18').limits, [...sewage('18').limits].reverse()]) {
      expect(findingsOf({ ...sewage('18'), limits })).toMatchObject([
        { outcome: 'exceeded', limit: { high: '15' }, times: '0.2' },
      ]);
    }
  });
});

describe('evidence', () => {
  test('an over-range value counts towards the upper limit only', () => {
    const both: Item = {
      ...item(null),
      upper: statistic('3', { atLeast: true }),
      other: statistic('1', { enough: false, filled: 2 }),
      limits: [limit({ high: '2' }), limit({ operator: '>=', low: '0.05', high: null })],
    };
    expect(findingsOf(both)).toMatchObject([
      { outcome: 'exceeded', mean: '3', atLeast: true },
      { outcome: 'undetermined', mean: '1', atLeast: false, reason: '有效数据不足(2/6)' },
    ]);
  });

  test('mean and compared value are both kept, times are rounded half to even', () => {
    const rounded = limit({ comparison: 'rounded', decimals: 2 });
    expect(findingsOf(item('1.3749', { limits: [rounded] }))).toMatchObject([
      { mean: '1.3749', compared: '1.37', times: '0.37' },
    ]);
    expect(findingsOf(item('1.004', { limits: [rounded] }))).toMatchObject([{ compared: '1', outcome: 'met', times: null }]);
  });

  test('a class is given only when every counted item has its say', () => {
    const classed = (items: readonly Item[]) => judge('nankeng-out', window, items, [], null).class;
    expect(classed([item('0.9', { class: 'III' }), tp('0.05', { class: 'II' })])).toBe('III');
    expect(classed([item('0.9', { class: 'III' }), tp('0.05', { class: 'II', of: { enough: false } })])).toBeNull();
    expect(judge('nankeng-out', window, [item('0.9', { class: 'III' })], ['总磷'], null).class).toBeNull();
  });
});
