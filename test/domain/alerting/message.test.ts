/** Does a mail say what the people of the town must read, in their words and their time? */
import { describe, expect, test } from '@jest/globals';
import { type Facts, message } from '../../../src/domain/alerting/message.js';
import { QUIET, transition } from '../../../src/domain/alerting/transition.js';
import { checkMoment } from '../../../src/domain/compliance/evaluate.js';
import type { Person } from '../../../src/domain/site.js';
import { inForce, limitsAt, momentary } from '../../../src/domain/standards/bind.js';
import type { Limit } from '../../../src/domain/standards/limit.js';
import { HOUR, localDate, MINUTE } from '../../../src/domain/time.js';
import { at, limit, station, wupi } from '../../support/wupi.js';

const T0 = at('2026-11-23 08:00');
const officer = wupi.people.find((person) => person.id === 'town-office')!;
const english: Person = { ...officer, language: 'en' };

/** The facts as the rule finds them for one value. */
function opened(id: string, code: string, value: number, over: Partial<Facts> = {}, limits?: readonly Limit[]): Facts {
  const where = over.station ?? station(id);
  const bound = limits ?? momentary(inForce(limitsAt(where, code, wupi.limits), localDate(T0, wupi.calendar)));
  const moment = checkMoment(value, bound, null)!;
  const seen = { station: id, parameter: code, time: T0, value, moment, cadence: 60 };
  const { change } = transition(QUIET, seen, wupi.limitRule, T0);
  return {
    site: wupi,
    station: where,
    parameter: wupi.parameters.get(code)!,
    change: change!,
    value,
    time: T0,
    limit: moment.limit,
    times: moment.times === null ? null : moment.times.round(2, 0).toString(),
    recent: [],
    upstream: null,
    previous: null,
    link: 'http://127.0.0.1:3000/?alert=1',
    ...over,
  };
}
const resolved = (facts: Facts, value: number, after: number): Facts => ({
  ...facts,
  value,
  time: T0 + after,
  times: null,
  change: { what: 'resolved', alert: { ...facts.change.alert, state: 'resolved', resolvedAt: T0 + after } },
});
const subject = (facts: Facts, person = officer): string => message(facts, person).subject;

describe('subjects', () => {
  const own = limit({ standard: '管理阈值', parameter: 'pm10', class: null, high: '150', grade: 'own' });
  test.each([
    [
      'upper',
      opened('nankeng-out', 'nh3n', 1.37),
      '【超限】南坑河出境断面 氨氮 1.37 mg/L,超Ⅲ类限值(1.0)0.37 倍(单次测值,未审核)11-23 08:00',
    ],
    [
      'lower',
      opened('nankeng-out', 'do', 4.2),
      '【超限】南坑河出境断面 溶解氧 4.20 mg/L,低于Ⅲ类限值(5)(单次测值,未审核)11-23 08:00',
    ],
    ['range', opened('nankeng-out', 'ph', 9.3), '【超限】南坑河出境断面 pH 9.30,超出Ⅲ类限值(6–9)(单次测值,未审核)11-23 08:00'],
    [
      'residual',
      opened('changtan-tap', 'cl2', 0.04),
      '【超限】长潭村末梢水监测点 余氯 0.04 mg/L,低于限值(0.05)(单次测值,未审核)11-23 08:00',
    ],
    [
      'waiting for the office',
      opened('changtan-tap', 'cl2', 2.5),
      '【预警】长潭村末梢水监测点 余氯 2.50 mg/L,超限值(2,限值待确认)0.25 倍(单次测值,未审核)11-23 08:00',
    ],
    [
      'own threshold',
      opened('dust-site-1', 'pm10', 300, {}, [own]),
      '【超限】一号建筑工地扬尘监测点 PM10 300 µg/m³,超管理阈值(150)1 倍(单次测值,未审核)11-23 08:00',
    ],
    [
      'a hair over: the digits that show it, and no 0 倍',
      opened('nankeng-out', 'nh3n', 1.004),
      '【超限】南坑河出境断面 氨氮 1.004 mg/L,超Ⅲ类限值(1.0)(单次测值,未审核)11-23 08:00',
    ],
    [
      'the multiple is cut',
      opened('nankeng-out', 'nh3n', 1.379),
      '【超限】南坑河出境断面 氨氮 1.379 mg/L,超Ⅲ类限值(1.0)0.37 倍(单次测值,未审核)11-23 08:00',
    ],
    [
      'end',
      resolved(opened('nankeng-out', 'nh3n', 1.37), 0.8, 12 * HOUR),
      '【恢复】南坑河出境断面 氨氮 0.80 mg/L,已连续回到限值(1.0)以内,历时 12 小时,最高 1.37 mg/L 11-23 20:00',
    ],
    [
      'end of too little',
      resolved(opened('nankeng-out', 'do', 4.2), 6, 40 * MINUTE),
      '【恢复】南坑河出境断面 溶解氧 6.00 mg/L,已连续回到限值(5)以内,历时 40 分钟,最低 4.20 mg/L 11-23 08:40',
    ],
    [
      'end after days',
      resolved(opened('nankeng-out', 'ph', 9.3), 7, 36 * HOUR),
      '【恢复】南坑河出境断面 pH 7.00,已连续回到限值(6–9)以内,历时 1.5 天,极值 9.30 11-24 20:00',
    ],
  ])('%s', (_, facts, expected) => expect(subject(facts)).toBe(expected));

  test('risen carries the tag of what it is now', () => {
    const facts = opened('nankeng-out', 'nh3n', 1.37);
    const { text, subject: title } = message({ ...facts, change: { what: 'risen', alert: facts.change.alert } }, officer);
    expect(title.startsWith('【超限】')).toBe(true);
    expect(text).toContain('现已升级为超限');
  });
});

describe('the mail reads completely as plain text', () => {
  const facts = opened('nankeng-out', 'nh3n', 1.37, {
    recent: [
      { time: T0 - 4 * HOUR, value: 0.62 },
      { time: T0, value: 1.37 },
    ],
    upstream: { name: '南坑河中段断面', value: 0.52, time: T0 - HOUR },
    previous: at('2026-10-02 16:00'),
  });
  const { text, html } = message(facts, officer);

  test.each([
    [
      'first the subject as a sentence',
      /^南坑河出境断面 氨氮 1\.37 mg\/L,超Ⅲ类限值\(1\.0\)0\.37 倍\(单次测值,未审核\)11-23 08:00。\n/,
    ],
    ['since when', /自 11-23 08:00 起。/],
    ['by which text, with its note', /依据:GB 3838-2002 表1 Ⅲ类\(待区局确认\)。单次测值超限是警示,不是评价结果。/],
    ['upstream', /上游:南坑河中段断面 0\.52 mg\/L\(11-23 07:00\)/],
    ['the last time', /上一次同类报警:10-02 16:00。/],
    ['the last day', /近 24 小时:04:00 0\.62,08:00 1\.37/],
    ['whom to ring', /联系 萍乡市安源生态环境局/],
    ['the number of the alert', new RegExp(`编号 ${facts.change.alert.id}`)],
    ['why you get this', /您收到此信,是因为配置中“镇环保办”接收 南坑河出境断面 的报警。/],
    ['the link', /http:\/\/127\.0\.0\.1:3000\/\?alert=1/],
  ])('%s', (_, pattern) => expect(text).toMatch(pattern));

  test('every line of the text is in the page of the mail too', () => {
    const plain = html
      .replace(/<[^>]+>/g, '')
      .replace(/&quot;/g, '"')
      .replace(/&#39;/g, "'")
      .replace(/&amp;/g, '&');
    for (const line of text.split('\n').filter((l) => l !== '')) expect(plain).toContain(line);
  });

  test('without history it says so and leaves no empty lines of facts', () => {
    const bare = message(opened('nankeng-out', 'nh3n', 1.37), officer).text;
    expect(bare).toContain('此前没有同类报警记录。');
    expect(bare).not.toMatch(/上游|近 24 小时/);
  });
});

describe('English', () => {
  test.each([
    [
      opened('nankeng-out', 'nh3n', 1.37),
      '【超限 Over limit】Nankeng River, outflow section, Ammonia nitrogen 1.37 mg/L, over the class III limit (1.0) by 0.37 times (single value, not reviewed) 11-23 08:00',
    ],
    [
      opened('nankeng-out', 'do', 4.2),
      '【超限 Over limit】Nankeng River, outflow section, Dissolved oxygen 4.20 mg/L, under the class III limit (5) (single value, not reviewed) 11-23 08:00',
    ],
    [
      opened('changtan-tap', 'cl2', 2.5),
      '【预警 Warning】Changtan Village, tap, Free chlorine 2.50 mg/L, over the limit (2, not yet confirmed) by 0.25 times (single value, not reviewed) 11-23 08:00',
    ],
    [
      resolved(opened('nankeng-out', 'nh3n', 1.37), 0.8, HOUR),
      '【恢复 Resolved】Nankeng River, outflow section, Ammonia nitrogen 0.80 mg/L, back within the limit (1.0); worst 1.37 mg/L 11-23 09:00',
    ],
  ])('subject', (facts, expected) => expect(subject(facts, english)).toBe(expected));

  test('the language of the page is the reader’s', () => {
    const facts = opened('nankeng-out', 'nh3n', 1.37);
    expect(message(facts, english).html).toContain('<html lang="en">');
    expect(message(facts, officer).html).toContain('<html lang="zh-CN">');
  });
});

test("a station's name never becomes markup, nor a header's second line", () => {
  const hostile = station('nankeng-out', { name: `<img onerror=x src="'&">`, nameEn: '<img onerror=x>' });
  const facts = opened('nankeng-out', 'nh3n', 1.37, {
    station: hostile,
    upstream: { name: '<script>alert(1)</script>', value: 1, time: T0 },
    link: 'http://h/?a="><img onerror=y>',
  });
  for (const person of [officer, english, { ...officer, name: '<b>x</b>', nameEn: '<b>x</b>' }]) {
    const { html } = message(facts, person);
    expect(html).not.toMatch(/<(img|script|b)\b/i);
    expect(html).not.toMatch(/href="[^"]*"[^ >]/);
  }
  expect(message(facts, officer).html).toContain('&lt;img onerror=x src=&quot;&#39;&amp;&quot;&gt;');
});
