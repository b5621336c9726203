/** Does a mail say what the people of the town must read, in their words and their time? */
import { describe, expect, test } from '@jest/globals';
import { ALERT_KINDS, type Alert, type Passed } from '../../../src/domain/alerting/alert.js';
import type { Facts, Why } from '../../../src/domain/alerting/facts.js';
import { digestMessage } from '../../../src/domain/alerting/digest.js';
import { alertMessage } from '../../../src/domain/alerting/message.js';
import { HAPPENINGS, type Happening } from '../../../src/domain/alerting/signal.js';
import { HOUR } from '../../../src/domain/time.js';
import { alert, facts, ofKind, T0 } from '../../support/facts.js';
import { station } from '../../support/wupi.js';

const LATER = T0 + 3.2 * HOUR;
const zh = { language: 'zh' } as const;
const en = { language: 'en' } as const;

const passed = (over: Partial<Passed>): Passed => ({ ...alert().passed!, ...over });
const plainLimit = { name: { zh: '限值', en: 'limit' }, citation: 'GB 5749-2022' };

describe('subjects of single values', () => {
  test.each<[string, Alert, string]>([
    ['upper', alert(), '【超限】南坑河出境断面 氨氮 1.37 mg/L,超Ⅲ类限值(1.0)0.37 倍(单次测值,未审核)11-23 08:00'],
    [
      'lower',
      alert({ parameter: 'do', value: 4.2, passed: passed({ number: 5, text: '≥ 5', isLower: true, times: null }) }),
      '【超限】南坑河出境断面 溶解氧 4.20 mg/L,低于Ⅲ类限值(5)(单次测值,未审核)11-23 08:00',
    ],
    [
      'range',
      alert({ parameter: 'ph', value: 9.3, passed: passed({ number: [6, 9], text: '6–9', times: null }) }),
      '【超限】南坑河出境断面 pH 9.30,超出Ⅲ类限值(6–9)(单次测值,未审核)11-23 08:00',
    ],
    [
      'waiting for the office',
      alert({
        station: 'changtan-tap',
        parameter: 'cl2',
        severity: 'warning',
        value: 2.5,
        passed: passed({ ...plainLimit, number: 2, text: '≤ 2', isCertain: false, times: '0.25' }),
      }),
      '【预警】长潭村末梢水监测点 余氯 2.50 mg/L,超限值(2,限值待确认)0.25 倍(单次测值,未审核)11-23 08:00',
    ],
    [
      'own threshold',
      alert({
        station: 'dust-site-1',
        parameter: 'pm10',
        value: 300,
        passed: passed({ number: 150, text: '≤ 150', name: { zh: '管理阈值', en: 'own threshold' }, times: '1' }),
      }),
      '【超限】一号建筑工地扬尘监测点 PM10 300 µg/m³,超管理阈值(150)1 倍(单次测值,未审核)11-23 08:00',
    ],
    [
      'a hair over: the digits that show it, and no 0 倍',
      alert({ value: 1.004, passed: passed({ times: '0' }) }),
      '【超限】南坑河出境断面 氨氮 1.004 mg/L,超Ⅲ类限值(1.0)(单次测值,未审核)11-23 08:00',
    ],
    [
      'a spike that waits',
      alert({ isUnconfirmed: true }),
      '【超限】南坑河出境断面 氨氮 1.37 mg/L,超Ⅲ类限值(1.0)0.37 倍(单次测值,待复核)11-23 08:00',
    ],
    [
      'a running mean is no single value',
      alert({
        parameter: 'do',
        value: 4.8,
        passed: passed({
          number: 5,
          text: '≥ 5',
          isLower: true,
          times: null,
          statistic: { zh: '24 小时均值', en: '24 h mean' },
        }),
      }),
      '【超限】南坑河出境断面 溶解氧 24 小时均值 4.80 mg/L,低于Ⅲ类限值(5)(未审核)11-23 08:00',
    ],
    [
      'severe',
      alert({ severity: 'severe', value: 2.4, passed: passed({ times: '1.4' }) }),
      '【严重超限】南坑河出境断面 氨氮 2.40 mg/L,超Ⅲ类限值(1.0)1.4 倍(单次测值,未审核)11-23 08:00',
    ],
  ])('%s', (_, of, subject) => expect(alertMessage(facts(of), zh).subject).toBe(subject));
});

describe('subjects of every kind, at the beginning and at the end', () => {
  test.each<[Alert['kind'], string, string, string]>([
    [
      'trend',
      '【预警】南坑河出境断面 氨氮 约 4–12 小时内可能超限 11-23 08:00',
      '【恢复】南坑河出境断面 氨氮 趋势预警结束:按当前趋势不会超限,历时 3.2 小时 11-23 11:12',
      '【预警 Warning】Nankeng River, outflow section, Ammonia nitrogen: may be over the limit in about 4–12 h 11-23 08:00',
    ],
    [
      'verdict',
      '【超标】南坑河出境断面 氨氮 11-22 日评价超标:日均 1.12 mg/L,Ⅲ类限值 ≤ 1.0(未审核)11-23 08:00',
      '【恢复】南坑河出境断面 氨氮 11-23 达标(11-22 仍为超标) 11-23 11:12',
      '【超标 Exceeded】Nankeng River, outflow section, Ammonia nitrogen: day 11-22 exceeded: mean 1.12 mg/L, class III limit ≤ 1.0 (not reviewed) 11-23 08:00',
    ],
    [
      'target',
      '【预警】南坑河五陂段水质达标率 氨氮 11 月只差一点:剩 8 天日均须 ≤ 1.05 mg/L(未审核)11-23 08:00',
      '【恢复】南坑河五陂段水质达标率 氨氮 恢复到可实现范围,历时 3.2 小时 11-23 11:12',
      '【预警 Warning】Nankeng River in Wupi, share of section-months that meet their class, Ammonia nitrogen: November is close: the 8 days left must stay at ≤ 1.05 mg/L (not reviewed) 11-23 08:00',
    ],
    [
      'no-data',
      '【无数据】长潭村末梢水监测点 2 小时没有数据,上次 11-23 06:00 11-23 08:00',
      '【恢复】长潭村末梢水监测点 数据已恢复,中断 3.2 小时 11-23 11:12',
      '【无数据 No data】Changtan Village, tap: no data for 2 h, last 11-23 06:00 11-23 08:00',
    ],
    [
      'sensor',
      '【设备】南坑河出境断面 氨氮 连续 6 小时数值不变,可能卡滞 11-23 08:00',
      '【恢复】南坑河出境断面 氨氮 设备已恢复正常,历时 3.2 小时 11-23 11:12',
      '【设备 Device】Nankeng River, outflow section, Ammonia nitrogen: no change for 6 h, it may be stuck 11-23 08:00',
    ],
    [
      'upstream',
      '【预警】南坑河出境断面 上游来水:南坑河入境断面 氨氮 超限 1.20 mg/L,按流速约 3 小时后到达 11-23 08:00',
      '【恢复】南坑河出境断面 氨氮 来水预警结束:上游已恢复,历时 3.2 小时 11-23 11:12',
      '【预警 Warning】Nankeng River, outflow section, from upstream: Nankeng River inflow section is over at 1.20 mg/L; the water arrives in about 3 h 11-23 08:00',
    ],
    [
      'regional',
      '【预警】五陂镇 PM10 区域性升高 11-23 08:00',
      '【恢复】五陂镇 PM10 区域性升高已回落,历时 3.2 小时 11-23 11:12',
      '【预警 Warning】Wupi Town: PM10 rises in the region 11-23 08:00',
    ],
    [
      'rain',
      '【预警】南坑河五陂段 雨后水质波动(6 小时降雨 18 mm) 11-23 08:00',
      '【恢复】南坑河五陂段 雨后水质波动已平息,历时 3.2 小时 11-23 11:12',
      '【预警 Warning】Nankeng River in Wupi: unsettled after rain (18 mm in 6 h) 11-23 08:00',
    ],
    [
      'service',
      '【系统】河清系统 归档中断 30 分钟:InfluxDB 不可达,数据已保存待写 11-23 08:00',
      '【恢复】河清系统 已恢复正常(归档中断 30 分钟),历时 3.2 小时 11-23 11:12',
      '【系统 System】Heqing: the archive is away for 30 min: InfluxDB cannot be reached, data are kept 11-23 08:00',
    ],
  ])('%s', (kind, opened, resolved, english) => {
    expect(alertMessage(facts(ofKind(kind)), zh).subject).toBe(opened);
    expect(alertMessage(facts(ofKind(kind), {}, 'resolved', LATER), zh).subject).toBe(resolved);
    expect(alertMessage(facts(ofKind(kind)), en).subject).toBe(english);
  });
});

test('only a verdict that was itself judged again is corrected', () => {
  const ended = { zh: '11-22 重新评价后达标', en: '11-22 judged again: met' };
  const refuted = facts({ ...ofKind('verdict'), ended }, {}, 'refuted', LATER);
  expect(alertMessage(refuted, zh).subject).toBe('【恢复】南坑河出境断面 氨氮 评价结果已更正:11-22 重新评价后达标 11-23 11:12');
  expect(alertMessage(refuted, en).subject).toContain('the verdict was corrected: 11-22 judged again: met');
  const resolved = alertMessage(facts(ofKind('verdict'), {}, 'resolved', LATER), en).subject;
  expect(resolved).toContain('11-23: met (11-22 remains exceeded)');
});

describe('what happens to a limit alert', () => {
  const back = [{ time: LATER, value: 0.62 }];
  test.each<[string, Facts, string]>([
    [
      'resolved: how long, how high',
      facts(alert(), { recent: back }, 'resolved', LATER),
      '【恢复】南坑河出境断面 氨氮 0.62 mg/L,已连续回到Ⅲ类限值(1.0)以内,历时 3.2 小时,最高 1.37 mg/L 11-23 11:12',
    ],
    [
      'a spike, ruled out',
      facts(alert({ isUnconfirmed: true }), {}, 'refuted', LATER),
      '【恢复】南坑河出境断面 氨氮 突跳,已排除:1.37 mg/L(11-23 08:00)不作为依据 11-23 11:12',
    ],
    [
      'a value set invalid later',
      facts(alert(), {}, 'refuted', LATER),
      '【恢复】南坑河出境断面 氨氮 经查不成立,已排除:1.37 mg/L(11-23 08:00)不作为依据 11-23 11:12',
    ],
    ['closed', facts(alert(), {}, 'closed', LATER), '【恢复】南坑河出境断面 氨氮 报警已关闭,历时 3.2 小时 11-23 11:12'],
    [
      'confirmed',
      facts(alert(), {}, 'confirmed'),
      '【超限】复核属实:南坑河出境断面 氨氮 1.37 mg/L,超Ⅲ类限值(1.0)0.37 倍(单次测值,未审核)11-23 08:00',
    ],
    ['joined', facts(ofKind('rain'), {}, 'joined'), '【预警】新增超限:南坑河五陂段 雨后水质波动(6 小时降雨 18 mm) 11-23 08:00'],
    [
      'told again',
      facts(alert(), { why: 'repeat', now: T0 + 4 * HOUR }),
      '【超限】再次提醒(已 4 小时,未签收):南坑河出境断面 氨氮 最高 1.37 mg/L,超Ⅲ类限值(1.0)0.37 倍(单次测值,未审核),自 11-23 08:00 起',
    ],
    [
      'climbed the ladder',
      facts(alert(), { why: 'escalated', now: T0 + HOUR / 2 }),
      '【超限】升级通知(已 30 分钟,未签收):南坑河出境断面 氨氮 最高 1.37 mg/L,超Ⅲ类限值(1.0)0.37 倍(单次测值,未审核),自 11-23 08:00 起',
    ],
    [
      'reported upward',
      facts(alert({ state: 'acknowledged' }), { why: 'reported', now: T0 + HOUR }),
      '【超限】核实后上报:南坑河出境断面 氨氮 最高 1.37 mg/L,超Ⅲ类限值(1.0)0.37 倍(单次测值,未审核),自 11-23 08:00 起',
    ],
  ])('%s', (_, of, subject) => expect(alertMessage(of, zh).subject).toBe(subject));
});

describe('a 预警 near the limit speaks of no exceedance', () => {
  const near = alert({
    severity: 'warning',
    value: 0.87,
    passed: passed({ times: null, share: 0.8, statistic: { zh: '连续 2 次测值,最近', en: '2 values in a row, the last' } }),
    reason: { zh: '连续 2 次测值,最近 0.87 mg/L,达到Ⅲ类限值(1.0)的 80 %', en: '2 values in a row, the last 0.87 mg/L, at 80 %' },
  });
  const ended = (of: Alert): Facts => facts(of, { recent: [{ time: LATER, value: 0.7 }] }, 'resolved', LATER);

  test('at its opening', () => {
    const chinese = alertMessage(facts(near), zh).text;
    expect(chinese).toContain('依据:Ⅲ类限值 ≤ 1.0 的 80 %,GB 3838-2002 表1 Ⅲ类(待区局确认)。预警不是超限,也不是评价结果。');
    expect(chinese).not.toContain('超限是报警');
    const english = alertMessage(facts(near), { language: 'en' }).text;
    expect(english).toContain('By: 80 % of the class III limit ≤ 1.0, GB 3838-2002 表1 Ⅲ类. A warning: neither');
    expect(english).not.toContain('A value over its limit');
  });

  test.each<[string, 'zh' | 'en', Alert, string]>([
    ['an upper limit', 'zh', near, '0.70 mg/L,已连续回到Ⅲ类限值(1.0)的 80 % 以下'],
    ['an upper limit', 'en', near, '0.70 mg/L, back under 80 % of the class III limit (1.0)'],
    ['a lower limit', 'zh', { ...near, passed: { ...near.passed!, isLower: true } }, '已连续回到Ⅲ类限值(1.0)的 125 % 以上'],
    ['a lower limit', 'en', { ...near, passed: { ...near.passed!, isLower: true } }, 'back above 125 % of the class III limit'],
    ['one that rose', 'zh', alert({ value: 1.37 }), '0.70 mg/L,已连续回到Ⅲ类限值(1.0)以内'],
  ])('%s, at its end, in %s', (_, language, of, words) => {
    expect(alertMessage(ended(of), { language }).subject).toContain(words);
  });

  test('a run of values is told by its length', () => {
    const row = alert({ passed: passed({ statistic: { zh: '持续 3 小时,最近', en: 'for 3 h, the last' } }) });
    expect(alertMessage(facts(row), zh).text).toContain('持续 3 小时超限是报警');
  });
});

const WHYS: readonly Why[] = [...HAPPENINGS, 'repeat', 'escalated', 'reported'];
const happening = (why: Why): Happening => (why === 'repeat' || why === 'escalated' || why === 'reported' ? 'opened' : why);

describe.each(['zh', 'en'] as const)('every mail in %s', (language) => {
  const cases = ALERT_KINDS.flatMap((kind) => WHYS.map((why) => [kind, why] as const));
  test.each(cases)('%s, %s: whole, in words, without holes', (kind, why) => {
    const of = facts(ofKind(kind), { why, now: LATER }, happening(why), LATER);
    const { subject, text, html } = alertMessage(of, { language });
    for (const part of [subject, text, html]) expect(part).not.toMatch(/undefined|null|NaN|Infinity|\[object|Z\b.*UTC/);
    expect(subject).toMatch(/^【[^】]+】\S/);
    expect(subject).not.toContain('\n');
    expect(text).toContain('A-1123-0007');
    expect(text).toContain('0799-0000000');
    expect(text).toContain(of.whyYou[language]);
    expect(text).toContain(of.link);
    expect(text.split('\n').every((line) => line === line.trimEnd())).toBe(true);
    // What the HTML says, the text says too.
    const words = html.replace(/<style>.*?<\/style>|<title>.*?<\/title>/gs, '').replace(/<[^>]+>/g, '\n');
    const plain = text.replace(/\s+/g, ' ');
    for (const line of words.split('\n').filter((one) => one.trim() !== '')) {
      const decoded = line
        .replace(/&lt;/g, '<')
        .replace(/&gt;/g, '>')
        .replace(/&quot;/g, '"')
        .replace(/&#39;/g, "'")
        .replace(/&amp;/g, '&');
      expect(plain).toContain(decoded.replace(/\s+/g, ' ').trim());
    }
    if (language === 'en') expect(subject.replace(/^【[^】]+】/, '')).not.toMatch(/[\u4e00-\u9fff]/);
  });
});

test('without links the mail is complete: no buttons, the number and a telephone', () => {
  const { text, html } = alertMessage(facts(alert(), { buttons: null }), zh);
  expect(text).not.toContain('派人处理');
  expect(html).not.toContain('class="button');
  expect(text).toContain('报警编号 A-1123-0007 · 值班 值班员 0799-0000000');
});

test.each([...HAPPENINGS])(
  'who is on duty stands in the mail of %s, as text and HTML, in both languages; nowhere without a roster',
  (why) => {
    const mail = (language: 'zh' | 'en', over: Partial<Facts> = {}) =>
      alertMessage(facts(ofKind('no-data'), over, why, LATER), { language });
    for (const [language, words] of [
      ['zh', '值班 值班员'],
      ['en', 'On duty: '],
    ] as const) {
      const { text, html } = mail(language);
      expect([text.includes(words), html.includes(words)]).toEqual([true, true]);
      expect(mail(language, { onDuty: [] }).text).not.toContain(words);
    }
  },
);

const role = (name: string, phone: string | null) => ({ name: { zh: `值班员${name}`, en: `Officer ${name}` }, phone });

test.each([
  ['two: both, in the foot and to be rung', ['甲', '乙'], '值班员甲 1、值班员乙'],
  ['five: three, and how many they are', ['甲', '乙', '丙', '丁', '戊'], '值班员甲 1、值班员乙、值班员丙 3 等 5 人'],
] as const)('all on duty are named; of %s', (_, names, written) => {
  const onDuty = names.map((name, i) => role(name, i === 1 ? null : String(i + 1)));
  const { text, html } = alertMessage(facts(alert(), { onDuty }), zh);
  expect(text).toContain(`报警编号 A-1123-0007 · 值班 ${written}\n`);
  expect(text).toContain(`联系:${written},`);
  expect(html).toContain(`值班 ${written}`);
  const digest = digestMessage([facts(alert(), { onDuty })], zh, { ...facts(alert()), onDuty, because: null });
  expect(digest.text).toContain(`值班 ${written}\n`);
});

test('where nobody on duty has a telephone the foot names that of the office', () => {
  const { site } = facts(alert());
  const over = { onDuty: [role('甲', null)], site: { ...site, officePhone: '0799-1234567' } };
  expect(alertMessage(facts(alert(), over), zh).text).toContain('· 值班 值班员甲 · 电话 0799-1234567\n');
  expect(alertMessage(facts(alert(), over), en).text).toContain('· On duty: Officer 甲 · Telephone 0799-1234567\n');
});

test('a threshold of the town has no class, so nothing waits for the bureau; a sudden fall is no rise', () => {
  const threshold = { ...plainLimit, citation: null, number: 2, text: '≥ 2', isLower: true, times: null };
  const severe = alert({ parameter: 'do', value: 1.5, severity: 'severe', isUnconfirmed: true, passed: passed(threshold) });
  const { text } = alertMessage(facts(severe), zh);
  expect(text).toContain('依据:限值 ≥ 2。');
  expect(text).toContain('这是一次突变,');
});

test.each(['trend', 'upstream'] as const)('%s: the end that is no recovery says so', (kind) => {
  const ended = { zh: '本断面已超限,由超限报警接续', en: 'over here too; its own alert goes on' };
  const over = facts({ ...ofKind(kind), state: 'resolved', ended }, {}, 'resolved', LATER);
  expect(alertMessage(over, zh).subject).toMatch(/预警结束:本断面已超限,由超限报警接续,历时/);
  expect(alertMessage(over, en).subject).toMatch(/has ended: over here too; its own alert goes on, lasted/);
});

test('nobody acknowledges what is over', () => {
  expect(alertMessage(facts(alert(), {}, 'resolved', LATER), zh).html).not.toContain('class="button');
});

test('what a station is called never becomes markup', () => {
  const name = '<img src=x onerror="alert(1)"> & \'Co\'';
  const odd = { ...station('nankeng-out'), name };
  const { html, text, subject } = alertMessage(
    facts(alert(), { station: odd, likely: { zh: '<b>a</b>', en: 'b' }, link: 'https://x.example.org/?a="><script>' }),
    zh,
  );
  expect(html).not.toMatch(/<img src=x|<b>a|<script>/);
  expect(html).toContain('&lt;img src=x onerror=&quot;alert(1)&quot;&gt; &amp; &#39;Co&#39;');
  expect(text).toContain(name);
  expect(subject).toContain(name);
});

test('the picture shows the last 24 hours and the limit; without values there is none', () => {
  const of = facts();
  const { chart, html } = alertMessage(of, zh);
  expect(chart).toEqual({
    points: of.recent,
    limits: [1],
    from: T0 - 24 * HOUR,
    to: T0,
    decimals: of.parameter!.decimals,
    offsetMinutes: 480,
  });
  expect(html).toContain('src="cid:course@heqing"');
  const bare = alertMessage(facts(alert(), { recent: [] }), zh);
  expect(bare.chart).toBeNull();
  expect(bare.html).not.toContain('cid:');
  const range = alert({ parameter: 'ph', value: 9.3, passed: passed({ number: [6, 9], text: '6–9' }) });
  expect(alertMessage(facts(range), zh).chart?.limits).toEqual([6, 9]);
});

test('inflow beyond the same limit points upstream', () => {
  const name = { zh: '南坑河入境断面', en: 'Nankeng River inflow section' };
  const text = (value: number): string => alertMessage(facts(alert(), { upstream: { name, value, time: T0 } }), zh).text;
  expect(text(1.2)).toContain('同期来水:南坑河入境断面 1.20 mg/L(11-23 08:00),同样超出,留意上游来水。');
  expect(text(0.3)).toContain('未超出,留意两断面之间。');
  const coming = alert({ kind: 'upstream', severity: 'warning', value: 1.2 });
  const warned = alertMessage(facts(coming, { upstream: { name, value: 1.2, time: T0 } }), zh).text;
  expect(warned).toContain('1.20 mg/L(11-23 08:00),已超出,留意上游来水。');
});

test('a whole mail, as a person without pictures reads it', () => {
  expect(alertMessage(facts(), zh).text).toBe(`南坑河出境断面 氨氮 1.37 mg/L,超Ⅲ类限值(1.0)0.37 倍(单次测值,未审核)11-23 08:00。

开始:自 11-23 08:00 起
情况:单次测值 1.37 mg/L 超过限值 1.0。
走势:近 3 小时上升:0.77 mg/L → 1.37 mg/L;24 小时内 0.53 mg/L 至 1.37 mg/L。
近 24 小时:08:00 0.55,11:00 0.55,14:00 0.54,17:00 0.56,20:00 0.54,23:00 0.56,02:00 0.53,05:00 0.77,08:00 1.37
同期来水:南坑河入境断面 0.31 mg/L(11-23 08:00),未超出,留意两断面之间。
判断:更像水质变化:同站化学需氧量同时上升。
依据:Ⅲ类限值 ≤ 1.0,GB 3838-2002 表1 Ⅲ类(待区局确认)。单次测值超限是报警,不是评价结果。
请做:先核实仪器、降雨和来水;属实即到现场查看沿岸排口,并留样。联系:值班员 0799-0000000,萍乡市安源生态环境局。
上一次:10-02 14:00,51 天前。

已知悉:
https://heqing.example.org/ack/known-token
派人处理:
https://heqing.example.org/ack/dispatch-token
打开报警页:
https://heqing.example.org/?alert=A-1123-0007

--
报警编号 A-1123-0007 · 值班 值班员 0799-0000000
收到此信的原因:您是 11-23 的值班员。签收(已知悉)后不再升级;要暂停提醒,请在页面“预警与报警”设静默;不再接收,请联系萍乡市安源生态环境局改配置。
自动监测原始数据,未经审核,仅供内部工作参考。
`);
});
