/** What may be done with a case in which state, by whom, and what is said when it may not? */
import { describe, expect, test } from '@jest/globals';
import { act, type CaseAct, type CaseRefusal } from '../../../src/domain/cases/act.js';
import {
  type Case,
  CASE_STATES,
  type CaseState,
  closedAt,
  isLate,
  isOverdue,
  levelOf,
  summarise,
  verification,
} from '../../../src/domain/cases/case.js';
import { DAY, HOUR } from '../../../src/domain/time.js';

const OPENED = 1_000 * DAY;
const bare = { note: '', place: null, photos: [] };
const said = { ...bare, note: '现场看过' };

const opened: Case = {
  id: '1',
  number: '2026-0001',
  alert: 'a1',
  station: 's1',
  village: '长潭村',
  reach: 'nankeng',
  parameter: 'nh3n',
  what: '氨氮 1.37 mg/L',
  openedAt: OPENED,
  by: 'officer',
  to: 'chief',
  level: 'village',
  until: OPENED + 3 * DAY,
  state: 'dispatched',
  history: [],
};

type Acts = Record<string, CaseAct>;
const acts = {
  real: { act: 'verify', finding: 'real', ...said },
  fault: { act: 'verify', finding: 'fault', ...said },
  rain: { act: 'verify', finding: 'rain', ...said },
  alarm: { act: 'verify', finding: 'false-alarm', ...said },
  mend: { act: 'mend', ...said },
  check: { act: 'check', passed: true, ...bare },
  back: { act: 'check', passed: false, ...said },
  close: { act: 'close', note: '' },
  'hand-over': { act: 'hand-over', person: 'office', level: 'town', note: '超出村级能力' },
  extend: { act: 'extend', until: OPENED + 5 * DAY, note: '等配件' },
} satisfies Acts;

/** Plays acts, each `name` or `name by`; throws at a refusal. */
function after(...steps: string[]): Case {
  return steps.reduce<Case>((given, step, i) => {
    const [name, by = name === 'check' || name === 'back' ? 'checker' : 'worker'] = step.split(' ') as [
      keyof typeof acts,
      string?,
    ];
    const next = act(given, acts[name], by, OPENED + (i + 1) * HOUR);
    if ('refused' in next) throw new Error(`${step}: ${next.refused}`);
    return next;
  }, opened);
}

const STATES: Record<CaseState, () => Case> = {
  dispatched: () => opened,
  verified: () => after('real'),
  mending: () => after('real', 'mend'),
  checked: () => after('real', 'mend', 'check'),
  closed: () => after('real', 'mend', 'check', 'close'),
};

/** Every act in every state: the state after it, or why not. */
const TABLE: [act: keyof typeof acts, Record<CaseState, CaseState | CaseRefusal['refused']>][] = [
  ['real', { dispatched: 'verified', verified: 'wrong-state', mending: 'wrong-state', checked: 'wrong-state', closed: 'closed' }],
  ['mend', { dispatched: 'wrong-state', verified: 'mending', mending: 'mending', checked: 'wrong-state', closed: 'closed' }],
  ['check', { dispatched: 'wrong-state', verified: 'not-mended', mending: 'checked', checked: 'wrong-state', closed: 'closed' }],
  ['back', { dispatched: 'wrong-state', verified: 'not-mended', mending: 'mending', checked: 'wrong-state', closed: 'closed' }],
  ['close', { dispatched: 'not-checked', verified: 'not-checked', mending: 'not-checked', checked: 'closed', closed: 'closed' }],
  ['hand-over', { dispatched: 'dispatched', verified: 'verified', mending: 'mending', checked: 'checked', closed: 'closed' }],
  ['extend', { dispatched: 'dispatched', verified: 'verified', mending: 'mending', checked: 'checked', closed: 'closed' }],
];

describe.each(TABLE)('%s', (name, outcomes) => {
  test.each(CASE_STATES.map((state) => [state, outcomes[state]] as const))('in %s: %s', (state, outcome) => {
    const given = STATES[state]();
    expect(given.state).toBe(state);
    const result = act(given, acts[name], 'checker', OPENED + DAY);
    if ('refused' in result) {
      expect(result.refused).toBe(outcome);
      expect(result.words.zh).not.toBe('');
      expect(result.words.en).not.toBe('');
    } else {
      expect([state, result.state]).toEqual([state, outcome]);
      expect(result.history).toEqual([...given.history, expect.objectContaining({ by: 'checker', from: state, to: outcome })]);
      expect([result.number, result.openedAt]).toEqual([opened.number, OPENED]);
    }
  });
});

describe('what must be said', () => {
  test.each<[string, Case, CaseAct, CaseRefusal['refused']]>([
    ['a finding', opened, { ...acts.real, finding: null }, 'finding-missing'],
    ['what was seen', opened, { ...acts.real, note: '  ' }, 'note-missing'],
    ['what was mended', after('real'), { ...acts.mend, note: '' }, 'note-missing'],
    ['why it goes back', after('real', 'mend'), { ...acts.back, note: '' }, 'note-missing'],
    ['why it is handed over', opened, { ...acts['hand-over'], note: '' }, 'note-missing'],
    ['why more time is needed', opened, { ...acts.extend, note: '' }, 'note-missing'],
    ['handed to who has it', opened, { ...acts['hand-over'], person: 'chief' }, 'already-theirs'],
    ['no later than it was', opened, { ...acts.extend, until: opened.until }, 'not-later'],
  ])('%s', (_, given, what, refused) => {
    expect(act(given, what, 'checker', OPENED + HOUR)).toMatchObject({ refused });
  });
  test('an extension lies ahead of now, also of a case that is long overdue', () => {
    expect(act(opened, acts.extend, 'officer', OPENED + 6 * DAY)).toMatchObject({ refused: 'not-later' });
  });
});

describe('a check', () => {
  test.each(['fault', 'alarm'])('of %s needs no mending', (found) => {
    expect(after(found, 'check').state).toBe('checked');
  });
  test('of rain does', () => {
    expect(act(after('rain'), acts.check, 'checker', OPENED)).toMatchObject({ refused: 'not-mended' });
  });
  test.each([
    ['who verified', after('fault a'), 'a'],
    ['who mended', after('real a', 'mend b'), 'b'],
    ['who verified what another mended', after('real a', 'mend b'), 'a'],
    ['who mended before it went back', after('real a', 'mend b', 'back c', 'mend d'), 'b'],
  ])('is refused to %s', (_, given, by) => {
    expect(act(given, acts.check, by, OPENED)).toMatchObject({ refused: 'same-person-checks' });
    expect(act(given, acts.check, 'somebody', OPENED)).toMatchObject({ state: 'checked' });
  });
  test('that is not passed sends it back, and only what was done since is checked again', () => {
    const back = after('real', 'mend', 'back');
    expect([back.state, back.history.at(-1)]).toMatchObject(['mending', { act: 'return', note: '现场看过' }]);
    expect(act(back, acts.check, 'checker', OPENED)).toMatchObject({ refused: 'not-mended' });
    expect(after('real', 'mend', 'back', 'mend', 'check').state).toBe('checked');
  });
  test('of a fault that was none sends it back to be verified', () => {
    const back = after('fault', 'back');
    expect([back.state, verification(back)]).toEqual(['dispatched', null]);
    expect(verification(after('fault', 'back', 'real'))).toMatchObject({ finding: 'real' });
  });
});

test('handed over, it keeps number, opening and time limit', () => {
  const given = after('real', 'hand-over');
  expect(given).toMatchObject({ to: 'office', level: 'town', number: '2026-0001', openedAt: OPENED, until: opened.until });
  expect(given.history.at(-1)).toMatchObject({ act: 'hand-over', person: 'office', note: '超出村级能力' });
});

test.each([
  [{ step: 1, level: 'town' } as const, 'village'],
  [{ step: 3, level: 'town' } as const, 'town'],
  [{ step: null, level: 'town' } as const, 'town'],
  [{ step: null, level: 'above' } as const, 'district'],
])('%j has it at the level of the %s', (person, level) => expect(levelOf(person)).toBe(level));

test('overdue is what is not closed and past its time limit; late is what ever was', () => {
  const closed = after('real', 'mend', 'check', 'close');
  expect([isOverdue(opened, opened.until), isOverdue(opened, opened.until + 1)]).toEqual([false, true]);
  expect([isOverdue(closed, opened.until + DAY), isLate(closed, opened.until + DAY)]).toEqual([false, false]);
  expect([closedAt(closed), closedAt(opened)]).toEqual([OPENED + 4 * HOUR, null]);
  const extended = after('extend');
  expect(isOverdue(extended, opened.until + 1)).toBe(false);
  const slow = { ...closed, until: OPENED + HOUR };
  expect(isLate(slow, OPENED + DAY)).toBe(true);
});

test('the sum of cases', () => {
  const now = OPENED + 4 * DAY + HOUR;
  const young = { ...opened, openedAt: OPENED + 3 * DAY, until: OPENED + 9 * DAY };
  const closed = { ...after('real', 'mend', 'check', 'close'), openedAt: OPENED - 90 * DAY };
  expect(summarise([young, opened, closed], now)).toEqual({ open: 2, overdue: 1, oldestDays: 4 });
  expect(summarise([closed], now)).toEqual({ open: 0, overdue: 0, oldestDays: null });
});
