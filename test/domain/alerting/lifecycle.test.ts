/** Does an episode open once, rise within itself and end once? */
import { describe, expect, test } from '@jest/globals';
import type { Alert, Severity, Subject } from '../../../src/domain/alerting/alert.js';
import { acknowledge, close, promoted, type Step, transition } from '../../../src/domain/alerting/lifecycle.js';
import type { Clear, Firing, Signal } from '../../../src/domain/alerting/signal.js';
import { HOUR, type Instant, MINUTE } from '../../../src/domain/time.js';

const T0 = Date.parse('2026-11-23T08:00:00+08:00');
const subject: Subject = { subject: 'nankeng-out', station: 'nankeng-out', parameter: 'nh3n', rule: 'limit', kind: 'limit' };
const damping = { openings: 3, hours: 24, holdMinutes: 30 };
const words = (text: string) => ({ zh: text, en: text });
const firing = (minute: number, severity: Severity, over: Partial<Firing> = {}): Firing => ({
  says: 'firing',
  at: T0 + minute * MINUTE,
  severity,
  value: 1.37,
  passed: null,
  isWorse: (than) => (over.value ?? 1.37) > than,
  reason: words(`${severity} ${minute}`),
  ...over,
});
const clear = (minute: number, over: Partial<Clear> = {}): Clear => ({
  says: 'clear',
  at: T0 + minute * MINUTE,
  reason: words('三次回到限值以内'),
  ...over,
});

/** Feeds signals one after the other, each at its own time. */
function run(signals: readonly Signal[], openings: readonly Instant[] = [], told: Severity | null = null): Step[] {
  let standing: Alert | null = null;
  return signals.map((signal) => {
    const now = signal.says === 'nothing' ? T0 : signal.at + 1000;
    const step = transition(standing, openings, subject, signal, damping, now, told);
    const next: Alert | null = step.alert ?? standing;
    standing = next === null || next.state === 'resolved' || next.state === 'closed' ? null : next;
    return step;
  });
}
const what = (steps: readonly Step[]): (string | null)[] => steps.map(({ change }) => change?.what ?? null);
/** So many openings within the last hours. */
const before = (n: number): Instant[] => Array.from({ length: n }, (_, i) => T0 - (i + 1) * HOUR);

describe('what people hear', () => {
  test.each<[string, Signal[], (string | null)[]]>([
    ['nothing of nothing', [{ says: 'nothing' }, clear(0)], [null, null]],
    ['the opening, and the end', [firing(0, 'over'), firing(5, 'over'), clear(10)], ['opened', null, 'resolved']],
    ['a rise', [firing(0, 'warning'), firing(5, 'over'), firing(9, 'severe')], ['opened', 'risen', 'risen']],
    ['no fall', [firing(0, 'severe'), firing(5, 'warning')], ['opened', null]],
    [
      'a doubt, and its end',
      [firing(0, 'over', { isUnconfirmed: true }), firing(0, 'over', { isUnconfirmed: true }), firing(5, 'over')],
      ['opened', null, 'confirmed'],
    ],
    ['a rise that ends a doubt: once', [firing(0, 'over', { isUnconfirmed: true }), firing(5, 'severe')], ['opened', 'risen']],
    ['a refuted one', [firing(0, 'over', { isUnconfirmed: true }), clear(5, { isRefuted: true })], ['opened', 'refuted']],
    ['the next episode', [firing(0, 'over'), clear(5), clear(6), firing(7, 'over')], ['opened', 'resolved', null, 'opened']],
  ])('%s', (_, signals, expected) => expect(what(run(signals))).toEqual(expected));
});

test('an alert says what opened it', () => {
  const [{ alert }] = run([firing(1, 'over')]) as [Step];
  expect(alert).toEqual({
    ...subject,
    id: 'nankeng-out_nh3n_limit_20261123T000100000Z',
    severity: 'over',
    state: 'active',
    openedAt: T0 + MINUTE,
    acknowledgedAt: null,
    acknowledgedBy: null,
    resolvedAt: null,
    value: 1.37,
    passed: null,
    isUnconfirmed: false,
    reason: words('over 1'),
    history: [{ at: T0 + MINUTE + 1000, from: null, to: 'active', reason: 'over 1', by: null, note: null }],
  });
});

describe('while it stands', () => {
  test('the worst value is kept, and nobody is told of it', () => {
    const steps = run([firing(0, 'over'), firing(1, 'over', { value: 1.9 }), firing(2, 'over', { value: 1.5 })]);
    expect(steps[1]).toMatchObject({ alert: { value: 1.9, history: [{}] }, change: null });
    expect(steps[2]).toEqual({ alert: null, change: null });
  });

  test('the words of a limit, and its multiples, go with its worst value', () => {
    const passed = (times: string): Firing['passed'] => ({
      ...{ number: 1, text: '≤ 1.0', name: words('Ⅲ类限值'), isLower: false, citation: null, isCertain: true, times },
    });
    const steps = run([
      firing(0, 'over', { passed: passed('0.37') }),
      firing(1, 'over', { value: 1.9, passed: passed('0.90') }),
      firing(2, 'warning', { value: 2 }),
    ]);
    expect(steps[1]?.alert).toMatchObject({ value: 1.9, passed: { times: '0.90' }, reason: words('over 1') });
    expect(steps[2]?.alert).toMatchObject({ value: 2, passed: { times: '0.90' }, reason: words('over 1') });
  });

  test('every other rule says at each look how it stands, and nobody is told of it', () => {
    const target: Subject = {
      ...subject,
      subject: 'target:river',
      station: null,
      parameter: null,
      rule: 'target',
      kind: 'target',
    };
    const [opened] = run([firing(0, 'over', { value: 9.041, isWorse: undefined })]);
    const standing: Alert = { ...opened!.alert!, ...target };
    const look = (reason: string, value: number | null) =>
      transition(standing, [], target, firing(5, 'over', { value, reason: words(reason) }), damping, T0 + 5 * MINUTE);
    expect(look('剩 14 天', 8.7)).toMatchObject({ alert: { reason: words('剩 14 天'), history: [{}] }, change: null });
    expect(look('剩 14 天', null)).toMatchObject({ alert: { value: null, reason: words('剩 14 天') }, change: null });
    expect(look('over 0', null)).toEqual({ alert: null, change: null });
  });

  test('of many items the value, its limit and the words are of one look, whether it is graver, as grave or less', () => {
    const of = (text: string): Firing['passed'] => ({
      ...{ number: 1, text, name: words('限值'), isLower: false, citation: null, isCertain: true, times: null },
    });
    const [opened] = run([firing(0, 'over', { value: 0.97, passed: of('≤ 1.0') })]);
    const standing: Alert = { ...opened!.alert!, subject: 'target:river', station: null, parameter: null, kind: 'target' };
    for (const severity of ['warning', 'over', 'severe'] as const) {
      const look = firing(5, severity, { value: 0.9, passed: of('≤ 6'), reason: words('高锰酸盐指数') });
      expect(transition(standing, [], standing, look, damping, T0 + 5 * MINUTE).alert).toMatchObject({
        value: 0.9,
        passed: { text: '≤ 6' },
        reason: words('高锰酸盐指数'),
      });
    }
  });

  test('what joins an alert of many is told once, and asks anew whoever has acknowledged', () => {
    const reach: Subject = { ...subject, subject: 'reach:nankeng', station: null, parameter: null, rule: 'rain', kind: 'rain' };
    const look = (alert: Alert | null, minute: number, ...items: string[]): Step =>
      transition(alert, [], reach, firing(minute, 'over', { items, reason: words(items.join()) }), damping, T0 + minute * MINUTE);
    const opened = look(null, 0, 'mid tp').alert!;
    const seen = acknowledge(opened, '镇环保办', '', T0 + MINUTE);
    expect(look(seen, 2, 'mid tp')).toEqual({ alert: null, change: null });
    const joined = look(seen, 3, 'mid tp', 'out codmn');
    expect(joined).toMatchObject({ alert: { state: 'active', acknowledgedBy: null }, change: { what: 'joined' } });
    expect(joined.alert!.history.at(-1)).toMatchObject({ from: 'acknowledged', to: 'active', reason: 'mid tp,out codmn' });
    // What came back and is over again was told.
    const less = look(joined.alert, 4, 'mid tp');
    expect(less).toMatchObject({ alert: { items: ['mid tp', 'out codmn'] }, change: null });
    expect(look(less.alert, 5, 'mid tp', 'out codmn').change).toBeNull();
  });

  test('a value takes the place of none', () => {
    const steps = run([firing(0, 'over', { value: null }), firing(1, 'over', { value: 1.9 })]);
    expect(steps[1]?.alert?.value).toBe(1.9);
  });

  test('the value that opened it comes to be doubted: no change, until it is confirmed', () => {
    const steps = run([firing(0, 'over'), firing(0, 'over', { isUnconfirmed: true }), firing(4, 'over')]);
    expect(steps[1]).toMatchObject({ alert: { isUnconfirmed: true }, change: null });
    expect(steps[2]).toMatchObject({ alert: { isUnconfirmed: false }, change: { what: 'confirmed' } });
  });

  test('a doubted rise comes down again when it is refuted', () => {
    const steps = run([
      firing(0, 'over'),
      firing(4, 'severe', { value: 9, isUnconfirmed: true }),
      firing(8, 'over', { value: 1.4 }),
    ]);
    expect(steps[1]).toMatchObject({ alert: { severity: 'severe', isUnconfirmed: true, value: 9 }, change: { what: 'risen' } });
    expect(steps[2]).toMatchObject({
      alert: { severity: 'over', value: 1.4, isUnconfirmed: false },
      change: { what: 'confirmed' },
    });
  });

  test('one that was acknowledged is active again after a rise, and can be acknowledged anew; the history keeps who did', () => {
    const [{ alert }] = run([firing(0, 'warning')]) as [Step];
    const seen = acknowledge(alert!, '长潭村村级河长', '已知', T0 + MINUTE);
    const step = transition(seen, [], subject, firing(2, 'severe'), damping, T0 + 2 * MINUTE);
    expect(step).toMatchObject({
      alert: { state: 'active', severity: 'severe', acknowledgedAt: null, acknowledgedBy: null },
      change: { what: 'risen' },
    });
    expect(step.alert!.history.slice(1)).toMatchObject([
      { from: 'active', to: 'acknowledged', by: '长潭村村级河长' },
      { from: 'acknowledged', to: 'active', reason: 'severe 2', by: null },
    ]);
    expect(acknowledge(step.alert!, '镇环保办', '', T0 + 3 * MINUTE)).toMatchObject({ acknowledgedBy: '镇环保办' });
  });

  test('what is confirmed without a rise stays acknowledged', () => {
    const [{ alert }] = run([firing(0, 'over', { isUnconfirmed: true })]) as [Step];
    const seen = acknowledge(alert!, '镇环保办', '', T0 + MINUTE);
    expect(transition(seen, [], subject, firing(2, 'over'), damping, T0 + 2 * MINUTE)).toMatchObject({
      alert: { state: 'acknowledged', acknowledgedBy: '镇环保办' },
      change: { what: 'confirmed' },
    });
  });
});

test('an end says how, in the words of its rule', () => {
  const [, over] = run([firing(0, 'over'), clear(5)]);
  expect(over?.alert).toMatchObject({ state: 'resolved', ended: words('三次回到限值以内') });
});

describe('damping', () => {
  test.each([
    ['the first opening', before(0), 'active'],
    ['the second', before(1), 'active'],
    ['the third', before(2), 'active'],
    ['one after three', before(3), 'pending'],
    ['three of last week', before(3).map((at) => at - 7 * 24 * HOUR), 'active'],
  ])('%s', (_, openings, state) => {
    const [step] = run([firing(0, 'over')], openings, openings.length === 0 ? null : 'over') as [Step];
    expect(step.alert?.state).toBe(state);
    expect(step.change?.what ?? null).toBe(state === 'active' ? 'opened' : null);
  });

  test('is told once it has lasted, whether a value or the clock says so', () => {
    const steps = run([firing(0, 'over'), firing(20, 'over'), firing(30, 'over'), firing(40, 'over')], before(3), 'over');
    expect(what(steps)).toEqual([null, null, 'opened', null]);
    expect(steps[2]?.alert).toMatchObject({ state: 'active', openedAt: T0 });
    const pending = steps[0]!.alert!;
    expect(promoted(pending, damping, T0 + 30 * MINUTE)).toBeNull();
    expect(promoted(pending, damping, T0 + 31 * MINUTE)).toMatchObject({
      alert: { state: 'active' },
      change: { what: 'opened' },
    });
    expect(promoted(steps[2]!.alert!, damping, T0 + HOUR)).toBeNull();
  });

  test('one that ends before is closed, and only its history knows', () => {
    const steps = run([firing(0, 'over'), clear(20)], before(3), 'over');
    expect(what(steps)).toEqual([null, null]);
    expect(steps[1]?.alert).toMatchObject({ state: 'closed', resolvedAt: T0 + 20 * MINUTE });
    expect(steps[1]?.alert?.history.at(-1)).toMatchObject({
      from: 'pending',
      to: 'closed',
      reason: expect.stringContaining('未通知'),
    });
  });

  test.each<[string, Severity, string]>([
    ['as grave as before', 'over', 'pending'],
    ['graver than anything told: it is news', 'severe', 'active'],
  ])('%s', (_, severity, state) => {
    expect(run([firing(0, severity)], before(4), 'over')[0]?.alert?.state).toBe(state);
    const later = run([firing(0, 'warning'), firing(1, severity)], before(4), 'over');
    expect(later[1]?.alert?.state).toBe(state);
    expect(later[1]?.change?.what ?? null).toBe(state === 'active' ? 'opened' : null);
  });
});

describe('names', () => {
  test.each<[string, Partial<Subject>, readonly Instant[], string]>([
    ['a second of the same instant', {}, [T0], 'nankeng-out_nh3n_limit_20261123T000000000Z_2'],
    [
      'a subject without parameter',
      { subject: 'reach:nankeng', parameter: null },
      [],
      'reach.nankeng_-_limit_20261123T000000000Z',
    ],
    ['a name in Chinese', { subject: 'reach:南坑', parameter: null }, [], 'reach.~5357~~5751~_-_limit_20261123T000000000Z'],
  ])('%s', (_, over, openings, id) => {
    expect(transition(null, openings, { ...subject, ...over }, firing(0, 'over'), damping, T0).alert?.id).toBe(id);
  });
});

describe('what people do', () => {
  const alert = run([firing(0, 'over')])[0]!.alert!;
  const resolved = run([firing(0, 'over'), clear(1)])[1]!.alert!;
  const pending = run([firing(0, 'over')], before(3))[0]!.alert!;

  test('acknowledging says who, when and why; a second time changes nothing', () => {
    const seen = acknowledge(alert, '镇环保办', '', T0 + HOUR);
    expect(seen).toMatchObject({ state: 'acknowledged', acknowledgedAt: T0 + HOUR, acknowledgedBy: '镇环保办' });
    expect(seen.history.at(-1)).toEqual({
      at: T0 + HOUR,
      from: 'active',
      to: 'acknowledged',
      reason: '已签收',
      by: '镇环保办',
      note: null,
    });
    expect(acknowledge(seen, '值班员', '', T0 + 2 * HOUR)).toBe(seen);
    expect(acknowledge(resolved, '值班员', '', T0)).toBe(resolved);
    expect(acknowledge(pending, '值班员', '', T0)).toBe(pending);
  });

  test('closing says who and why; what is over stays as it ended', () => {
    expect(close(alert, '探头已拆除', T0 + HOUR, '镇环保办').history.at(-1)).toMatchObject({
      from: 'active',
      to: 'closed',
      reason: '探头已拆除',
      by: '镇环保办',
    });
    expect(close(resolved, '探头已拆除', T0)).toBe(resolved);
  });
});
