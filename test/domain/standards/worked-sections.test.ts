/** Are grades, main pollution items and rates of the worked cases what their sources say? */
import { describe, expect, test } from '@jest/globals';
import Big from 'big.js';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { parse } from 'yaml';
import { assessSample, assessWindow } from '../../../src/domain/compliance/assess.js';
import { RIVER_CLASSES, type RiverClass } from '../../../src/domain/compliance/class.js';
import { colourOf, mainItems } from '../../../src/domain/compliance/main-items.js';
import { percent, rate } from '../../../src/domain/compliance/rate.js';
import { gradeOf } from '../../../src/domain/compliance/river.js';
import { meanOf } from '../../../src/domain/compliance/statistic.js';
import type { Verdict } from '../../../src/domain/compliance/verdict.js';
import { at, byParameter, reading, riverDay, siteWith, station, times, windowOf, wupi } from '../../support/wupi.js';

interface Share {
  readonly met: number;
  readonly of: number;
}

const { classes, main, rates } = parse(readFileSync('test/fixtures/standards/sections.yaml', 'utf8')) as {
  classes: { source: string; grades: Record<RiverClass, [string, string]> };
  main: {
    source: string;
    cases: { name: string; target?: string; means: Record<string, number>; class: RiverClass; items: string[] }[];
  };
  rates: { name: string; source: string; months?: Share[]; samples?: Share; published?: string[]; whole?: string; cut: number }[];
};

test.each(RIVER_CLASSES)(`class %s has its grade and colour (${classes.source})`, (name) => {
  expect([gradeOf(name), colourOf(name)]).toEqual(classes.grades[name]);
});

const dayOf = (means: Readonly<Record<string, number>>, target = 'III'): Verdict => {
  const base = station('nankeng-out');
  const of = { ...base, binding: { ...base.binding!, class: target } };
  const day = riverDay('2026-11-22', Object.fromEntries(Object.entries(means).map(([p, value]) => [p, times(6, value)])));
  return assessWindow(siteWith(of), of, windowOf('day', '2026-11-22'), byParameter(day));
};

describe(`main pollution items (${main.source})`, () => {
  test.each(main.cases)('$name', ({ means, class: name, items, target }) => {
    const verdict = dayOf(means, target);
    expect(verdict.class).toBe(name);
    const found = mainItems(verdict.findings).map(({ parameter, times: over }) =>
      over === null ? parameter : `${parameter} ${over}`,
    );
    expect(found).toEqual(items);
  });

  test('law: the order of the findings does not matter', () => {
    const { findings } = dayOf({ ph: 5, do: 1, codmn: 20, nh3n: 3, tp: 0.5 });
    fc.assert(
      fc.property(fc.shuffledSubarray([...findings], { minLength: findings.length }), (shuffled) => {
        expect(mainItems(shuffled)).toEqual(mainItems(findings));
      }),
    );
  });
});

describe('published rates', () => {
  const goal = { goal: 100, minCapture: 90, planless: true };
  test.each(rates)('$name ($source)', ({ months = [], samples, published, whole, cut }) => {
    const all = [...months, ...(samples ? [samples] : [])];
    const met = all.reduce((n, share) => n + share.met, 0);
    const of = all.reduce((n, share) => n + share.of, 0);
    const tally = { met, exceeded: of - met, undetermined: 0, due: of, wholePeriod: of, emptyMonth: false };
    expect(rate(tally, goal).rate).toBe(cut);
    if (published === undefined) return;
    // Published figures are rounded, ours are cut: to one decimal they agree with what was printed.
    const shares = months.map((share) => new Big(share.met).times(100).div(share.of));
    expect(shares.map((share) => share.toFixed(1))).toEqual(published);
    expect(meanOf(shares, 'arithmetic')!.round(1).toFixed(1)).toBe(whole);
    expect(months.map((share) => percent(share.met, share.of))).toEqual(shares.map((share) => Number(share.round(2, 0))));
  });
});

describe('23 points of a county, 23 samples, 23 passed (public notice, Zitong county)', () => {
  const tap = station('changtan-tap');
  const items = {
    coliform: 0,
    bacteria: 12,
    colour: 5,
    turb: 0.4,
    odour: 0,
    visible: 0,
    ph: 7.4,
    codmn: 1.2,
    nh3n: 0.06,
    cl2: 0.1,
    tds: 180,
  };
  const sample = (i: number, over: Readonly<Record<string, number>> = {}): Verdict => {
    const time = at('2026-10-14 09:00') + i * 60_000;
    const readings = Object.entries({ ...items, ...over }).map(([parameter, value]) =>
      reading({ station: tap.id, parameter, time, value, source: 'lab', mark: 'S' }),
    );
    return assessSample(wupi, tap, time, readings);
  };
  const rateOf = (verdicts: readonly Verdict[]) => {
    const met = verdicts.filter((v) => v.verdict === 'met').length;
    const exceeded = verdicts.filter((v) => v.verdict === 'exceeded').length;
    const due = verdicts.length;
    const tally = { met, exceeded, undetermined: due - met - exceeded, due, wholePeriod: due, emptyMonth: false };
    return rate(tally, { goal: 100, minCapture: 90, planless: true });
  };
  const points = Array.from({ length: 23 }, (_, i) => i);

  test('are 100 %', () => {
    const verdicts = points.map((i) => sample(i));
    expect(verdicts.map((v) => v.verdict)).toEqual(times(23, 0).map(() => 'met'));
    expect(rateOf(verdicts)).toMatchObject({ rate: 100, status: 'met' });
  });

  test('coliforms under a detection limit are 不得检出', () => {
    const time = at('2026-10-14 09:00');
    const of = (value: number, detection?: number) =>
      reading({ station: tap.id, parameter: 'coliform', time, value, source: 'lab', ...(detection && { detection }) });
    expect(assessSample(wupi, tap, time, [of(1, 2)]).verdict).toBe('met');
    expect(assessSample(wupi, tap, time, [of(0)]).verdict).toBe('met');
    expect(assessSample(wupi, tap, time, [of(1)]).verdict).toBe('exceeded');
  });

  test.each([
    ['turb', 1.1],
    ['coliform', 2],
    ['codmn', 3.1],
  ])('one failing item (%s %f) fails its sample, and 22 of 23 are 95.65 %%', (parameter, value) => {
    const verdicts = points.map((i) => sample(i, i === 7 ? { [parameter]: value } : {}));
    expect(verdicts.filter((v) => v.verdict === 'exceeded')).toHaveLength(1);
    expect(rateOf(verdicts)).toMatchObject({ rate: 95.65, status: 'missed' });
  });
});
