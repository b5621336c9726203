/** Does a digest begin with the worst, say first what stands, and tell every event once? */
import { describe, expect, test } from '@jest/globals';
import { digestMessage } from '../../../src/domain/alerting/digest.js';
import type { DigestOccasion, Facts } from '../../../src/domain/alerting/facts.js';
import { beside } from '../../../src/domain/alerting/message-words.js';
import { HOUR } from '../../../src/domain/time.js';
import { alert, facts, ofKind, T0 } from '../../support/facts.js';
import { wupi } from '../../support/wupi.js';

const occasion: DigestOccasion = {
  site: wupi,
  now: T0 + 4 * HOUR,
  because: null,
  link: 'https://heqing.example.org/alerts',
  onDuty: [{ name: { zh: '值班员', en: 'Officer on duty' }, phone: '0799-0000000' }],
  whyYou: { zh: '您是值班员', en: 'you are on duty' },
};
const zh = { language: 'zh' } as const;

const over = facts();
const severe = facts(
  alert({ id: 'A-2', subject: 'nankeng-mid', station: 'nankeng-mid', severity: 'severe', value: 2.4, openedAt: T0 + HOUR }),
  {},
  'opened',
  T0 + HOUR,
);
const silent = facts({ ...ofKind('no-data'), id: 'A-3' }, {}, 'opened', T0 + 2 * HOUR);
const ended: Facts = facts(
  alert({ id: 'A-4', parameter: 'tp', value: 0.31, state: 'resolved' }),
  { recent: [{ time: T0 + 3 * HOUR, value: 0.1 }] },
  'resolved',
  T0 + 3 * HOUR,
);

test.each<[string, Facts[], string]>([
  ['the worst first', [over, severe, silent], '【严重超限】3 条:南坑河中段断面 氨氮 2.40 mg/L 等 11-23 12:00'],
  ['some over', [over, severe, ended], '【严重超限】3 条:南坑河中段断面 氨氮 2.40 mg/L 等,2 条未恢复、1 条已恢复 11-23 12:00'],
  ['all over', [ended], '【恢复】1 条均已恢复:南坑河出境断面 总磷 0.310 mg/L 11-23 12:00'],
  ['one', [over], '【超限】1 条:南坑河出境断面 氨氮 1.37 mg/L 11-23 12:00'],
])('%s', (_, items, subject) => expect(digestMessage(items, zh, occasion).subject).toBe(subject));

test('who is on duty stands in its foot, in both languages', () => {
  expect(digestMessage([over, severe], zh, occasion).text).toContain('值班 值班员 0799-0000000');
  expect(digestMessage([over, severe], { language: 'en' }, occasion).html).toContain('On duty: Officer on duty 0799-0000000');
  expect(digestMessage([over], zh, { ...occasion, onDuty: [] }).text).not.toContain('值班 值班员');
});

test.each([
  ['zh', '已知悉:'],
  ['en', 'Seen:'],
] as const)('what stands can be acknowledged from plain text too, each by its own link: %s', (language, label) => {
  const known = (of: Facts, url: string): Facts => ({ ...of, buttons: { known: url, dispatch: '' } });
  const items = [known(over, 'https://heqing.example.org/ack/a'), known(severe, 'https://heqing.example.org/ack/b'), ended];
  const lines = digestMessage(items, { language }, occasion).text.split('\n');
  const links = lines.flatMap((line, i) => (line === label ? [lines[i + 1]] : []));
  expect(links).toEqual(['https://heqing.example.org/ack/b', 'https://heqing.example.org/ack/a']);
  const without = digestMessage([{ ...over, buttons: null }], { language }, occasion).text;
  expect(without.split('\n')).not.toContain(label);
});

test('first what stands, then every event under its station in the order of time', () => {
  const items = [ended, silent, severe, over].map((of) => ({ ...of, buttons: null }));
  const { text } = digestMessage(items, zh, occasion);
  expect(text.slice(0, text.indexOf('\n\n打开') < 0 ? undefined : text.indexOf('\n\n打开'))).toContain(`〔未恢复 3 条〕
严重超限:南坑河中段断面 氨氮 2.40 mg/L,自 11-23 09:00 起,已 3 小时
超限:南坑河出境断面 氨氮 1.37 mg/L,自 11-23 08:00 起,已 4 小时
无数据:长潭村末梢水监测点 2 小时没有数据,上次 11-23 06:00,自 11-23 08:00 起,已 4 小时

〔南坑河出境断面〕
11-23 08:00:超限 · 氨氮 1.37 mg/L,超Ⅲ类限值(1.0)0.37 倍(单次测值,未审核)
11-23 11:00:恢复 · 总磷`);
});

test.each([
  ['zh', /^【预警】1 条:南坑河中段断面 上游来水:南坑河入境断面 氨氮 超限 1\.50 mg\/L/],
  ['en', /1 alert: Nankeng River, middle section, from upstream: Nankeng River, inflow section/],
] as const)('%s: what comes from upstream is told of the place it comes to', (language, expected) => {
  const reason = {
    zh: '上游来水:南坑河入境断面 氨氮 超限 1.50 mg/L',
    en: 'from upstream: Nankeng River, inflow section, ammonia is over, 1.50 mg/L',
  };
  const coming = facts(alert({ ...{ station: 'nankeng-mid', kind: 'upstream', severity: 'warning', value: 1.5, reason } }));
  expect(digestMessage([coming], { language }, occasion).subject).toMatch(expected);
});

test('an alert that opened and ended meanwhile is one, and over', () => {
  const end = facts(alert({ state: 'resolved' }), { recent: [] }, 'resolved', T0 + HOUR);
  const { subject, text } = digestMessage([over, end], zh, occasion);
  expect(subject).toMatch(/^【恢复】1 条均已恢复/);
  expect(text).toContain('信中各条均已恢复。');
  expect(text).toContain('超限 · 氨氮');
  expect(text).toContain('恢复 · 氨氮');
});

test('why they come together is said', () => {
  const because = { zh: '邮件中断 6 小时,期间的变化合并为本信', en: 'mail was down for 6 h, this tells all of it' };
  expect(digestMessage([over], zh, { ...occasion, because }).text).toContain('说明:邮件中断 6 小时,期间的变化合并为本信。');
});

test('of nothing there is none', () => expect(() => digestMessage([], zh, occasion)).toThrow('a digest of nothing'));

describe.each(['zh', 'en'] as const)('in %s', (language) => {
  test('without holes, escaped, no table of one row lost', () => {
    const { text, html, chart } = digestMessage([over, severe, silent, ended], { language }, occasion);
    for (const part of [text, html]) expect(part).not.toMatch(/undefined|null|NaN|\[object/);
    expect(chart).toBeNull();
    expect(html.match(/<tr>/g)).toHaveLength(3 + 4 + 1);
    expect(text).toContain('0799-0000000');
    if (language === 'en')
      expect(text.replace(wupi.office, '').replaceAll(wupi.office, '').split('\n')[0]).not.toMatch(/[\u4e00-\u9fff]/);
  });
});

test.each([
  ['长潭村末梢水监测点 11-24 03:04 水样超标:浊度', ['长潭村末梢水监测点'], '11-24 03:04 水样超标:浊度'],
  ['大田村 余氯 2 小时没有数据', ['大田村', '余氯'], '2 小时没有数据'],
  ['Changtan tap, sample of 11-24: exceeded', ['Changtan tap'], 'sample of 11-24: exceeded'],
  ['单次测值 1.37 mg/L', ['南坑河出境断面', '氨氮', ''], '单次测值 1.37 mg/L'],
])('beside its names a sentence does not begin with them: %s', (sentence, names, said) => {
  expect(beside(sentence, ...names)).toBe(said);
});
