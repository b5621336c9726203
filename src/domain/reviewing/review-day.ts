/** How far has the review of one day of a station come, and what may be done with it next? */
import type { Words } from '../alerting/alert.js';
import type { Instant } from '../time.js';

/** What people said of a day so far: nothing yet, a first look (镇、运维), or a second one by the authority (生态环境局、监测站). */
export const REVIEW_STATES = {
  waiting: { zh: '待审', en: 'waits for review' },
  first: { zh: '初审', en: 'first review' },
  second: { zh: '复核', en: 'second review' },
} as const satisfies Readonly<Record<string, Words>>;
export type ReviewState = keyof typeof REVIEW_STATES;

/** Somebody did something to a day. */
export interface ReviewAct {
  readonly by: string;
  readonly at: Instant;
  readonly note: string;
}

/** Why a day that had been looked at waits again: its data are not what was looked at. */
export interface ChangedSince extends ReviewAct {
  /** How far the review had come. */
  readonly was: 'first' | 'second';
}

/** One day of a station (站日). Nobody has to make it: without a row it is as `waitingDay` says. */
export interface ReviewDay {
  readonly station: string;
  /** First instant of the day. */
  readonly day: Instant;
  readonly state: ReviewState;
  readonly first: ReviewAct | null;
  readonly second: ReviewAct | null;
  /** Stands until somebody looks again. */
  readonly changed: ChangedSince | null;
  /** Sent back (退回) by the reviewer; stands until somebody looks again. */
  readonly returned: ReviewAct | null;
}

/** What was done to a day; events are added and never changed. */
export interface ReviewEvent extends ReviewAct {
  readonly act: 'first' | 'second' | 'returned' | 'changed';
}

/** What a person does with a day. */
export const REVIEW_ACTS = ['first', 'second', 'return'] as const;
export type ReviewActName = (typeof REVIEW_ACTS)[number];

/** A day after an act, with the act as an event. */
export interface Reviewed {
  readonly day: ReviewDay;
  readonly event: ReviewEvent;
}

/** Why something cannot be done with a day. */
export interface ReviewRefusal {
  readonly refused: 'not-over' | 'wrong-state' | 'same-person' | 'note-missing';
  readonly words: Words;
}

/** A day that nobody has looked at. */
export const waitingDay = (station: string, day: Instant): ReviewDay => ({
  ...{ station, day, state: 'waiting', first: null, second: null, changed: null, returned: null },
});

const refuse = (refused: ReviewRefusal['refused'], zh: string, en: string): ReviewRefusal => ({ refused, words: { zh, en } });

/**
 * The day after an act of a person, or why it is refused. A day is looked at once it is over (`ends`). Whoever looked
 * first never looks second; what is sent back waits for a first look again.
 */
export function review(given: ReviewDay, what: ReviewActName, act: ReviewAct, ends: Instant): Reviewed | ReviewRefusal {
  const { state } = given;
  const note = act.note.trim();
  const done: ReviewAct = { ...act, note };
  switch (what) {
    case 'first':
      if (act.at < ends) return refuse('not-over', '这一天还没有结束,结束后才能初审', 'the day is not over');
      if (state !== 'waiting')
        return refuse(
          'wrong-state',
          `这一天已${REVIEW_STATES[state].zh},不必再初审`,
          `it had its ${REVIEW_STATES[state].en} already`,
        );
      return {
        day: { ...given, state: 'first', first: done, second: null, changed: null, returned: null },
        event: { act: 'first', ...done },
      };
    case 'second':
      if (state === 'waiting') return refuse('wrong-state', '初审之后才能复核', 'it needs a first review before the second');
      if (state === 'second') return refuse('wrong-state', '这一天已复核', 'it had its second review already');
      if (given.first?.by === act.by)
        return refuse(
          'same-person',
          '复核应由初审以外的另一人进行',
          'somebody else than who did the first review must do the second',
        );
      return { day: { ...given, state: 'second', second: done }, event: { act: 'second', ...done } };
    case 'return':
      if (state === 'waiting')
        return refuse('wrong-state', '这一天还没有初审,没有可退回的', 'nothing was submitted that could go back');
      if (note === '') return refuse('note-missing', '请写明为什么退回', 'please say why it goes back');
      return {
        day: { ...given, state: 'waiting', first: null, second: null, returned: done },
        event: { act: 'returned', ...done },
      };
  }
}

/** The day after its data, their quality or a decision about them changed; `null` when nobody had looked at it yet. */
export function fallBack(given: ReviewDay, act: ReviewAct): Reviewed | null {
  if (given.state === 'waiting') return null;
  return {
    day: { ...given, state: 'waiting', first: null, second: null, changed: { ...act, was: given.state } },
    event: { act: 'changed', ...act },
  };
}

/** What came to a day that had been looked at. */
export interface Came {
  readonly late: number;
  /** Results of the laboratory, which come days after the sample. */
  readonly sampled: number;
  readonly corrected: number;
  /** Readings of which our own checks say something else now. */
  readonly rejudged: number;
}

/** What came, in words, Chinese: 迟到 3 条,更正 1 条. */
export function cameText({ late, sampled, corrected, rejudged }: Came): string {
  const parts = [
    [late, '迟到'],
    [sampled, '新到化验结果'],
    [corrected, '更正'],
    [rejudged, '质量改判'],
  ] as const;
  return parts.flatMap(([n, word]) => (n > 0 ? [`${word} ${n} 条`] : [])).join(',');
}
