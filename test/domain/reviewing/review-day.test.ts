/** Does a day go from 待审 over 初审 to 复核 by two people, back when it is sent back, and back by itself when it changed? */
import { describe, expect, test } from '@jest/globals';
import {
  cameText,
  fallBack,
  review,
  type ReviewActName,
  type ReviewDay,
  type Reviewed,
  waitingDay,
} from '../../../src/domain/reviewing/review-day.js';
import { DAY } from '../../../src/domain/time.js';
import { at } from '../../support/wupi.js';

const START = at('2026-11-22');
const END = START + DAY;
const LATER = END + 1000;

/** The day after steps that all succeed, as `officer:first auditor:second`; a return has a note. */
function after(steps: string): ReviewDay {
  return steps
    .split(' ')
    .filter((step) => step !== '')
    .reduce(
      (day, step, i) => {
        const [by = '', what = ''] = step.split(':');
        if (what === 'changed') return fallBack(day, { by, at: LATER + i, note: '迟到 1 条' })?.day ?? day;
        const note = what === 'return' ? '再看看' : '';
        const done = review(day, what as ReviewActName, { by, at: LATER + i, note }, END);
        if ('refused' in done) throw new Error(done.words.zh);
        return done.day;
      },
      waitingDay('nankeng-out', START),
    );
}

describe('what may be done next', () => {
  test.each<[before: string, by: string, what: ReviewActName, note: string, outcome: string]>([
    ['', 'officer', 'first', '', 'first'],
    ['', 'reviewer', 'second', '', 'wrong-state'],
    ['', 'reviewer', 'return', '再看看', 'wrong-state'],
    ['officer:first', 'upkeep', 'first', '', 'wrong-state'],
    ['officer:first', 'reviewer', 'second', '', 'second'],
    ['officer:first', 'officer', 'second', '', 'same-person'],
    ['officer:first', 'reviewer', 'return', '', 'note-missing'],
    ['officer:first', 'reviewer', 'return', '  ', 'note-missing'],
    ['officer:first', 'reviewer', 'return', '再看看', 'waiting'],
    ['officer:first reviewer:second', 'officer', 'first', '', 'wrong-state'],
    ['officer:first reviewer:second', 'other', 'second', '', 'wrong-state'],
    ['officer:first reviewer:second', 'other', 'return', '查到问题', 'waiting'],
    ['officer:first reviewer:return', 'upkeep', 'first', '', 'first'],
    ['officer:first reviewer:return', 'reviewer', 'second', '', 'wrong-state'],
    ['officer:first heqing:changed', 'reviewer', 'second', '', 'wrong-state'],
    ['officer:first heqing:changed', 'officer', 'first', '', 'first'],
    ['officer:first heqing:changed officer:first', 'officer', 'second', '', 'same-person'],
    ['officer:first heqing:changed upkeep:first', 'officer', 'second', '', 'second'],
  ])('%s, then %s %s “%s”: %s', (before, by, what, note, outcome) => {
    const done = review(after(before), what, { by, at: LATER + 10, note }, END);
    expect('refused' in done ? done.refused : done.day.state).toBe(outcome);
  });

  test('a day that is not over has no first review', () => {
    const early = (time: number) => review(waitingDay('a', START), 'first', { by: 'officer', at: time, note: '' }, END);
    expect(early(END - 1)).toMatchObject({ refused: 'not-over' });
    expect(early(END)).toMatchObject({ day: { state: 'first' } });
  });
});

describe('what stays visible', () => {
  test('a change names how far the review had come, until somebody looks again', () => {
    const changed = after('officer:first reviewer:second heqing:changed');
    expect(changed).toMatchObject({
      ...{ state: 'waiting', first: null, second: null },
      changed: { by: 'heqing', note: '迟到 1 条', was: 'second' },
    });
    expect(after('officer:first reviewer:second heqing:changed officer:first')).toMatchObject({ state: 'first', changed: null });
  });

  test('what is sent back says by whom and why, until somebody looks again', () => {
    expect(after('officer:first reviewer:return')).toMatchObject({ returned: { by: 'reviewer', note: '再看看' } });
    expect(after('officer:first reviewer:return upkeep:first')).toMatchObject({ returned: null, first: { by: 'upkeep' } });
  });

  test('a day that nobody looked at cannot fall back', () => {
    expect(fallBack(waitingDay('a', START), { by: 'heqing', at: LATER, note: '' })).toBeNull();
    expect(fallBack(after('officer:first heqing:changed'), { by: 'heqing', at: LATER, note: '' })).toBeNull();
  });

  test('every act is an event under its own name', () => {
    const done = review(after('officer:first'), 'return', { by: 'reviewer', at: LATER, note: ' 再看看 ' }, END) as Reviewed;
    expect(done.event).toEqual({ act: 'returned', by: 'reviewer', at: LATER, note: '再看看' });
  });
});

test.each([
  [{ late: 3 }, '迟到 3 条'],
  [{ sampled: 2 }, '新到化验结果 2 条'],
  [{ late: 1, corrected: 2, rejudged: 4 }, '迟到 1 条,更正 2 条,质量改判 4 条'],
  [{}, ''],
])('what came in words: %j is %s', (came, text) =>
  expect(cameText({ late: 0, sampled: 0, corrected: 0, rejudged: 0, ...came })).toBe(text),
);
