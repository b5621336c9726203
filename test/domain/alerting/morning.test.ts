/** Do the 晨报 and the test mail say what they must, and no more than is known? */
import { describe, expect, test } from '@jest/globals';
import type { AlertKind, Severity } from '../../../src/domain/alerting/alert.js';
import { type Morning, morningMessage } from '../../../src/domain/alerting/morning.js';
import { testMessage } from '../../../src/domain/alerting/test-message.js';
import { DAY, HOUR } from '../../../src/domain/time.js';
import { T0 } from '../../support/facts.js';
import { wupi } from '../../support/wupi.js';

const occasion = {
  site: wupi,
  now: T0 - HOUR / 2,
  link: 'https://heqing.example.org/',
  onDuty: [{ name: { zh: '值班员', en: 'Officer on duty' }, phone: '0799-0000000' }],
  whyYou: { zh: '您订阅了晨报', en: 'you get the morning mail' },
};

const morning = (over: Partial<Morning> = {}): Morning => ({
  ...occasion,
  river: { zh: '南坑河', en: 'Nankeng River' },
  sections: [
    {
      station: 'nankeng-out',
      name: { zh: '出境断面', en: 'Outflow' },
      class: 'III',
      target: 'III',
      nearest: {
        name: { zh: '氨氮', en: 'ammonia nitrogen' },
        value: 0.86,
        unit: 'mg/L',
        decimals: 2,
        time: T0 - HOUR,
        limit: '≤ 1.0',
        left: 0.14,
      },
    },
  ],
  months: [
    {
      section: { zh: '出境断面', en: 'Outflow' },
      item: { zh: '氨氮', en: 'ammonia nitrogen' },
      unit: 'mg/L',
      mean: '0.71',
      daysLeft: 8,
      high: '1.79',
      low: null,
      possible: true,
    },
  ],
  years: [
    {
      target: { zh: '南坑河达标率', en: 'River' },
      basis: 'section-month',
      met: 10,
      exceeded: 0,
      rate: 100,
      goal: 100,
      status: 'met',
    },
  ],
  along: {
    parameter: 'nh3n',
    item: { zh: '氨氮', en: 'ammonia nitrogen' },
    unit: 'mg/L',
    decimals: 2,
    sections: [
      { station: 'nankeng-in', name: { zh: '入境', en: 'in' }, value: 0.31 },
      { station: 'nankeng-mid', name: { zh: '中段', en: 'middle' }, value: null },
      { station: 'nankeng-out', name: { zh: '出境', en: 'out' }, value: 0.86 },
    ],
    rain24: 3.5,
  },
  cases: { open: 3, overdue: 1, oldestDays: 6 },
  patrols: { due: 1, done: 0 },
  data: { online: 17, stations: 18, valid: 96.4, toReview: 4 },
  standing: [
    {
      alert: 'a1',
      what: { zh: '大田村末梢水监测点', en: 'Datian tap' },
      reason: { zh: '2 小时没有数据', en: 'no data for 2 h' },
      kind: 'no-data',
      severity: 'warning',
      since: T0 - 2 * HOUR,
      isAcknowledged: false,
    },
  ],
  night: [
    {
      zh: '长潭村末梢水监测点 余氯 夜间最低 0.03 mg/L(03:00)',
      en: 'Changtan tap: lowest free chlorine of the night 0.03 mg/L (03:00)',
    },
  ],
  proven: T0 - 2 * DAY,
  ...over,
});

test('what stands is called as in its own mail, and the subject counts the gravest first', () => {
  const [silent] = morning().standing;
  const of = (kind: AlertKind, severity: Severity) => ({ ...silent!, kind, severity, reason: { zh: '原因', en: 'reason' } });
  const standing = [
    of('limit', 'severe'),
    of('limit', 'over'),
    of('verdict', 'over'),
    of('limit', 'over'),
    of('sensor', 'warning'),
  ];
  const { subject, text } = morningMessage(morning({ standing }), { language: 'zh' });
  expect(subject).toContain('5 条未恢复,其中严重超限 1 条、超限 2 条、超标 1 条');
  for (const name of ['严重超限', '超限', '超标', '设备']) expect(text).toContain(`\n${name}:大田村末梢水监测点:原因`);
  expect(morningMessage(morning({ standing }), { language: 'en' }).subject).toContain(
    '5 standing: 1 far over limit, 2 over limit, 1 exceeded',
  );
});

test('the five things, what stands and what the night left', () => {
  const { subject, text } = morningMessage(morning(), { language: 'zh' });
  expect(subject).toBe('【晨报】五陂镇 南坑河 11-23 出境断面 Ⅲ类,1 条未恢复,1 站离线');
  expect(text).toContain(`〔未恢复〕
无数据:大田村末梢水监测点:2 小时没有数据,自 11-23 06:00 起,未签收

〔断面现状〕
出境断面:Ⅲ类(目标Ⅲ类),最接近限值:氨氮 0.86 mg/L(11-23 07:00),限值 ≤ 1.0,还差 0.14 mg/L

〔本月〕
出境断面:氨氮 月均 0.71 mg/L,剩 8 天日均 ≤ 1.79 即达标

〔今年〕
南坑河达标率:10 达标 ÷ 10 个断面月 100 %(目标 100 %),达标

〔来去〕
氨氮:入境 0.31 → 中段 无数据 → 出境 0.86 mg/L
降雨:24 小时 3.5 mm

〔夜间〕
长潭村末梢水监测点 余氯 夜间最低 0.03 mg/L(03:00)。

〔我的〕
处置单:未销号 3 · 逾期 1 · 最久 6 天
巡查:本周应巡 1 / 已巡 0

〔数据〕
在线:17/18 站
有效率:96.4 %
待审:4 站日
预警通道:上次验证 47.5 小时前
联系:值班员 0799-0000000,${wupi.office}
`);
});

test.each<[string, Partial<Morning>, string]>([
  [
    'no class is 未判定, never fine',
    { sections: [{ ...morning().sections[0]!, class: null, nearest: null }] },
    '出境断面:未判定(目标Ⅲ类),没有最新测值',
  ],
  [
    'a month that is lost',
    { months: [{ ...morning().months[0]!, possible: false, high: null }] },
    '剩 8 天无论多少,本月都将超标',
  ],
  [
    'no rate without enough',
    { years: [{ ...morning().years[0]!, rate: null, status: 'insufficient' }] },
    '10 达标 ÷ 10 个断面月(目标 100 %),未判定:有效评价不足',
  ],
  ['nothing received', { data: { online: 0, stations: 18, valid: null, toReview: 0 } }, '有效率:昨日以来没有收到数据'],
  ['never proven', { proven: null }, '预警通道:未验证'],
  [
    'beyond',
    { sections: [{ ...morning().sections[0]!, nearest: { ...morning().sections[0]!.nearest!, value: 1.2, left: -0.2 } }] },
    '超出 0.20 mg/L',
  ],
])('%s', (_, over, line) => expect(morningMessage(morning(over), { language: 'zh' }).text).toContain(line));

test('what is not known is left out', () => {
  const { text } = morningMessage(morning({ cases: null, patrols: null, along: null, standing: [], night: [] }), {
    language: 'zh',
  });
  expect(text).not.toMatch(/〔(我的|来去|未恢复|夜间)〕/);
  expect(text).toContain('无未恢复报警');
});

describe.each(['zh', 'en'] as const)('in %s', (language) => {
  test('without holes', () => {
    const mails = [
      morningMessage(morning(), { language }),
      testMessage(
        { ...occasion, code: '4F7K', confirm: 'https://heqing.example.org/ack/t', proven: null, deadline: T0 + DAY },
        { language },
      ),
    ];
    for (const { subject, text, html, chart } of mails) {
      for (const part of [subject, text, html]) expect(part).not.toMatch(/undefined|null|NaN|\[object/);
      if (language === 'en') expect(text.replaceAll(wupi.office, '')).not.toMatch(/[\u4e00-\u9fff]/);
      expect(chart).toBeNull();
      expect(text).toContain(occasion.whyYou[language]);
    }
  });
});

test('the test mail carries its code and one button; without links the code is enough', () => {
  const path = {
    ...occasion,
    code: '4F7K',
    confirm: 'https://heqing.example.org/ack/t',
    proven: T0 - 7 * DAY,
    deadline: T0 + 3 * DAY,
  };
  const { subject, text, html } = testMessage(path, { language: 'zh' });
  expect(subject).toBe('【系统】预警通道验证,代码 4F7K,请确认收到 11-23 07:30');
  expect(text).toContain('确认收到:\nhttps://heqing.example.org/ack/t');
  expect(text).toContain('11-26 08:00 以前没有人确认');
  expect(html.match(/class="button/g)).toHaveLength(1);
  const bare = testMessage({ ...path, confirm: null }, { language: 'zh' });
  expect(bare.html).not.toContain('class="button');
  expect(bare.text).toContain('请在页面上输入代码,代码 4F7K');
});

test('a rate says when its instruments were compared; the office hears what is due at them and of duty nobody took', () => {
  const compared = (over: object) =>
    morning({
      years: [
        {
          ...morning().years[0]!,
          comparison: { date: '2026-11-05', passed: true, due: false, items: 5, waiting: 0, failed: [], ...over },
        },
      ],
      ...{ upkeep: { overdue: 2, due: 1, never: 3, waiting: 4 } },
      unhanded: { zh: '未交接:11-23 值班员乙 → 值班员甲', en: 'not handed over: 11-23' },
    });
  const text = (facts: Morning, language: 'zh' | 'en' = 'zh'): string => morningMessage(facts, { language }).text;
  expect(text(compared({}))).toContain('达标,最近比对 2026-11-05 合格\n');
  const failed = compared({ passed: false, due: true, waiting: 2, failed: [{ zh: '氨氮', en: 'ammonia nitrogen' }] });
  expect(text(failed)).toContain('最近比对 2026-11-05 不合格(氨氮),待比对 2/5 项');
  expect(text(failed, 'en')).toContain('last compared 2026-11-05: failed (ammonia nitrogen), 2 of 5 items to compare');
  expect(text(compared({ date: null, passed: null, due: true, waiting: 5 }))).toContain('尚无比对,待比对 5/5 项');
  for (const line of ['值班:未交接:11-23 值班员乙 → 值班员甲', '运维:逾期 2 · 今日到期 1 · 尚无记录 3', '比对:待比对 4 项'])
    expect(text(failed)).toContain(line);
  expect(text(failed, 'en')).toContain('Upkeep: 2 overdue · 1 due today · 3 never recorded');
  expect(text(morning())).not.toMatch(/运维|比对|未交接/);
});
