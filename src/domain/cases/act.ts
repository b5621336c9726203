/** May this be done with a case now, by this person, and what becomes of it? Nothing but an act of a person ever moves a case. */
import type { Words } from '../alerting/alert.js';
import type { Instant } from '../time.js';
import {
  type Case,
  type CaseEvent,
  type CaseState,
  type Finding,
  type Level,
  type Place,
  STATE_WORDS,
  verification,
} from './case.js';

/** What stands beside a step at the site. */
export interface Evidence {
  readonly note: string;
  readonly place: Place | null;
  readonly photos: readonly number[];
}

/** What a person does with a case. */
export type CaseAct =
  | ({ readonly act: 'verify'; readonly finding: Finding | null } & Evidence)
  | ({ readonly act: 'mend' } & Evidence)
  | ({ readonly act: 'check'; readonly passed: boolean } & Evidence)
  | { readonly act: 'close'; readonly note: string }
  | { readonly act: 'hand-over'; readonly person: string; readonly level: Level; readonly note: string }
  | { readonly act: 'extend'; readonly until: Instant; readonly note: string };

export const REFUSALS = [
  'closed',
  'wrong-state',
  'finding-missing',
  'note-missing',
  'same-person-checks',
  'not-mended',
  'not-checked',
  'already-theirs',
  'not-later',
] as const;

/** Why something cannot be done with a case. */
export interface CaseRefusal {
  readonly refused: (typeof REFUSALS)[number];
  readonly words: Words;
}

/** What was found may be checked without mending: there is nothing of the water to mend. */
const NEEDS_NO_MENDING: readonly Finding[] = ['fault', 'false-alarm'];

const refuse = (refused: CaseRefusal['refused'], zh: string, en: string): CaseRefusal => ({ refused, words: { zh, en } });

const noNote = (zh: string, en: string): CaseRefusal => refuse('note-missing', `请写明${zh}`, `please say ${en}`);

const wrongState = (state: CaseState, zh: string, en: string): CaseRefusal =>
  refuse('wrong-state', `处置单现为“${STATE_WORDS[state].zh}”,${zh}`, `the case is ${STATE_WORDS[state].en}: ${en}`);

/**
 * The case after an act of `by`, or why it is refused. A check that is not passed sends the case back: to be mended again,
 * or, where nothing was mended, to be verified again. Who verified or mended does not check (核查 by another person).
 */
export function act(given: Case, what: CaseAct, by: string, now: Instant): Case | CaseRefusal {
  if (given.state === 'closed')
    return refuse('closed', `处置单 ${given.number} 已销号,不能再改`, `case ${given.number} is closed and changes no more`);
  return refusal(given, what, by, now) ?? after(given, what, by, now);
}

function refusal(given: Case, what: CaseAct, by: string, now: Instant): CaseRefusal | null {
  const { state } = given;
  const isSilent = what.note.trim() === '';
  switch (what.act) {
    case 'verify':
      if (state !== 'dispatched') return wrongState(state, '不再核实', 'there is nothing to verify any more');
      if (what.finding === null)
        return refuse('finding-missing', '请选核实结论:属实、设备故障、雨后、上游来水或误报', 'please choose what was found');
      return isSilent ? noNote('现场看到了什么', 'what was seen at the site') : null;
    case 'mend':
      if (state !== 'verified' && state !== 'mending') return wrongState(state, '现在不能登记整改', 'nothing can be mended now');
      return isSilent ? noNote('做了什么整改', 'what was mended') : null;
    case 'check':
      return mayNotCheck(given, by) ?? (!what.passed && isSilent ? noNote('为什么退回', 'why it goes back') : null);
    case 'close':
      return state === 'checked' ? null : refuse('not-checked', '核查通过后才能销号', 'a case is closed only after a check');
    case 'hand-over':
      if (what.person === given.to) return refuse('already-theirs', '处置单已在其手中', 'they have the case already');
      return isSilent ? noNote('为什么移交', 'why it is handed over') : null;
    case 'extend':
      if (what.until <= Math.max(now, given.until))
        return refuse(
          'not-later',
          '新期限应晚于原期限,也晚于现在',
          'the new time limit must be later than the old one, and than now',
        );
      return isSilent ? noNote('为什么延期', 'why more time is needed') : null;
  }
}

function mayNotCheck(given: Case, by: string): CaseRefusal | null {
  const { state } = given;
  if (state === 'dispatched') return wrongState(state, '核实之后才能核查', 'it must be verified before it is checked');
  if (state === 'checked') return wrongState(state, '不必再核查', 'it need not be checked again');
  const finding = verification(given)?.finding ?? null;
  if (state === 'verified' && (finding === null || !NEEDS_NO_MENDING.includes(finding)))
    return refuse(
      'not-mended',
      '整改之后才能核查(设备故障、误报除外)',
      'it must be mended before it is checked (but for faults and false alarms)',
    );
  const last = given.history.findLast(({ act }) => act === 'mend' || act === 'return');
  if (state === 'mending' && last?.act === 'return')
    return refuse('not-mended', '退回之后尚未登记整改', 'nothing was mended since the case went back');
  const worked = given.history.some((event) => (event.act === 'verify' || event.act === 'mend') && event.by === by);
  return worked
    ? refuse('same-person-checks', '核查应由核实、整改以外的另一人进行', 'somebody else than who verified or mended must check')
    : null;
}

function after(given: Case, what: CaseAct, by: string, now: Instant): Case {
  const step = (to: CaseState, more: Partial<CaseEvent> = {}, change: Partial<Case> = {}): Case => {
    const none = { finding: null, person: null, until: null, place: null, photos: [] };
    const event: CaseEvent = { at: now, by, act: what.act, from: given.state, to, note: what.note.trim(), ...none, ...more };
    return { ...given, ...change, state: to, history: [...given.history, event] };
  };
  switch (what.act) {
    case 'verify':
      return step('verified', { finding: what.finding, place: what.place, photos: what.photos });
    case 'mend':
      return step('mending', { place: what.place, photos: what.photos });
    case 'check': {
      const evidence = { place: what.place, photos: what.photos };
      if (what.passed) return step('checked', evidence);
      return step(given.state === 'mending' ? 'mending' : 'dispatched', { ...evidence, act: 'return' });
    }
    case 'close':
      return step('closed');
    case 'hand-over':
      return step(given.state, { person: what.person }, { to: what.person, level: what.level });
    case 'extend':
      return step(given.state, { until: what.until }, { until: what.until });
  }
}
