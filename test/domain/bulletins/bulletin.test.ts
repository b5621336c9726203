/** Does a bulletin say what the facts are, and mark what nobody has signed? */
import { describe, expect, test } from '@jest/globals';
import type { Bulletin } from '../../../src/domain/bulletins/bulletin.js';
import { dayBulletin } from '../../../src/domain/bulletins/day.js';
import { drinkingMonthBulletin } from '../../../src/domain/bulletins/drinking-month.js';
import { OUTLINES } from '../../../src/domain/bulletins/outline.js';
import { riverMonthBulletin } from '../../../src/domain/bulletins/river-month.js';
import type { WeekFacts } from '../../../src/domain/bulletins/facts.js';
import { weekBulletin } from '../../../src/domain/bulletins/week.js';
import { day, dayFacts, finding, month, rate, riverFacts } from '../../support/bulletin-facts.js';

const part = ({ sections }: Bulletin, name: string) => sections.find((one) => one.name === name)!;
const row = (bulletin: Bulletin, name: string, first: string): Record<string, string> => {
  const { columns, rows } = part(bulletin, name);
  const found = rows.find((cells) => cells[0] === first)!;
  return Object.fromEntries(columns.map(({ tag }, i) => [tag, found[i]!]));
};

describe('the month of a river', () => {
  const bulletin = riverMonthBulletin(riverFacts());

  test('the rate is a division, beside last month and last year, rounded; the cut figure stands in the note', () => {
    const { lines } = part(bulletin, '达标情况');
    expect(lines[0]).toBe('南坑河五陂段水质达标率 66.7 % = 2 达标 ÷ 3 个断面月;目标 100 %,未达标。');
    expect(lines).toContain('环比(比上月)下降 33.3 个百分点;同比:上年同月没有数据。');
    expect(lines).toContain('人工剔除 7 条(其中超限 2 条)。');
    expect(part(bulletin, '数据质量').lines).toContain('审核率 50.0 %(复核 31 ÷ 62 站日;只经初审 3 站日)。');
    expect(row(bulletin, '达标情况', '2026 年 10 月')).toMatchObject({
      达标率: '66.7',
      达标: '2',
      不参评: '1',
      优良比例: '66.7',
      人工剔除: '7(超限 2)',
    });
    expect(row(bulletin, '达标情况', '2026 年 1–10 月')).toMatchObject({
      达标率: '93.3',
      达标: '28',
      应评: '30',
      人工剔除: '7(超限 2)',
    });
    expect(bulletin.footnotes[0]).toContain('本月 66.66 %,上月 100 %,本年累计 93.33 %');
  });

  test('who reads the draft sees which months of the year and of its neighbours are signed', () => {
    const linesOf = (signedMonths: string[]) => part(riverMonthBulletin(riverFacts({ signedMonths })), '达标情况').lines;
    expect(part(bulletin, '达标情况').lines).toContain('2026 年已定稿 8 月、9 月;未定稿 10 月,按制表时的数据。');
    expect(row(bulletin, '达标情况', '上月(2026-09,已定稿)').达标率).toBe('100.0');
    expect(linesOf([])).toContain('2026 年计入的 3 个月均未定稿(8 月、9 月、10 月),按制表时的数据。');
    expect(linesOf(['2026-08', '2026-09', '2026-10'])).toContain('2026 年计入的 3 个月均已定稿(8 月、9 月、10 月)。');
    // Of another year's month nothing is said among this year's.
    expect(linesOf(['2025-10'])).toContain('2026 年计入的 3 个月均未定稿(8 月、9 月、10 月),按制表时的数据。');
  });

  test('means have the decimals of their item, whatever was their last digit', () => {
    const means = part(bulletin, '主要项目').rows.map((cells) => [cells[1], cells[2]]);
    expect(means.slice(0, 3)).toEqual([
      ['氨氮', '0.71'],
      ['总磷', '0.142'],
      ['pH', '7.40'],
    ]);
  });

  test('classes of every section, the role named, main items with their multiples', () => {
    expect(row(bulletin, '断面水质', '南坑河出境断面')).toEqual({
      ...{ 断面: '南坑河出境断面', 性质: '考核', 目标类别: 'Ⅲ类', 本月类别: 'Ⅳ类', 上月类别: 'Ⅲ类', 上年同月类别: '—' },
      ...{ 评价结果: '超标', 主要污染指标: '氨氮(0.37)' },
    });
    expect(row(bulletin, '断面水质', '南坑河入境断面')).toMatchObject({ 性质: '入境对照', 本月类别: 'Ⅱ类', 主要污染指标: '无' });
  });

  test('days over the limit are named with what exceeded; the items nearest their limit are drawn', () => {
    expect(row(bulletin, '过程指标', '南坑河出境断面')).toMatchObject({ 达标天数: '30', 超标天数: '1', 超标日期: '10-14(氨氮)' });
    const { courses } = part(bulletin, '过程指标');
    expect(courses.map(({ caption }) => caption.slice(0, 10))).toEqual(['南坑河出境断面 氨氮', '南坑河出境断面 总磷']);
    expect(courses[0]).toMatchObject({ limit: 1, firstDay: 1 });
    expect(courses[0]!.values).toHaveLength(31);
    expect(courses[0]!.values[13]).toBe(1.37);
  });

  test('excused days are a column of their own; where no day was judged nothing is said to have been fine', () => {
    const excused = { excused: { reasonName: '断流' } };
    const facts = riverFacts();
    const some = riverMonthBulletin({ ...facts, days: facts.days.map((one, i) => (i < 3 ? { ...one, ...excused } : one)) });
    expect(row(some, '过程指标', '南坑河出境断面')).toMatchObject({ 达标天数: '27', 不参评天数: '3', 超标日期: '10-14(氨氮)' });
    const all = riverMonthBulletin({ ...facts, days: facts.days.map((one) => ({ ...one, ...excused })) });
    expect(row(all, '过程指标', '南坑河出境断面')).toMatchObject({
      达标天数: '0',
      超标天数: '0',
      不参评天数: '31',
      超标日期: '—',
    });
    const sections = facts.sections.map((one) => ({ ...one, month: one.month && { ...one.month, ...excused } }));
    const results = part(riverMonthBulletin({ ...facts, sections }), '主要项目').rows.map((cells) => cells.at(-1));
    expect(new Set(results)).toEqual(new Set(['不参评']));
  });

  test('what nobody signed is a draft; what somebody signed says who and when, and a later change stands beside it', () => {
    expect(bulletin).toMatchObject({ state: 'draft', watermark: '未审核 草稿' });
    const signed = riverMonthBulletin(
      riverFacts({
        signed: { edition: 1, by: 'officer', on: '2026-11-02', hash: 'abc123abc123', despite: ['有站点日未审核 2(已现场核对)'] },
        live: rate({ rate: 33.33, met: 1, exceeded: 2 }),
      }),
    );
    expect(signed).toMatchObject({
      state: 'signed',
      watermark: '',
      stateText: '已定稿:第 1 版,officer,2026-11-02(指纹 abc123abc123)',
    });
    expect(part(signed, '达标情况').lines).toContain('定稿时保留:有站点日未审核 2(已现场核对)。');
    expect(signed.footnotes.at(-1)).toContain('按制表时的数据');
    expect(bulletin.footnotes.join()).not.toContain('按制表时的数据');
    expect(part(signed, '达标情况').lines.at(-1)).toBe(
      '更正:定稿后数据有变,现为 33.3 %(1 达标 ÷ 3 个断面月),人工剔除 7 条(其中超限 2 条);本报表仍按定稿时的数据。',
    );
  });

  test('days of a signed month that changed since are marked as corrected, beside what was signed', () => {
    const facts = riverFacts();
    const sections = facts.sections.map((one) => ({ ...one, isCorrected: one.role === 'assessed' }));
    const signedDays = { met: 28, exceeded: 3, undetermined: 0 };
    const said = '更正后:定稿后数据有变,本节的天数、日期和图按制表时的数据;定稿时达标 28 天,超标 3 天,未判定 0 天。';
    const changed = part(riverMonthBulletin({ ...facts, sections, signedDays }), '过程指标');
    expect(changed.lines).toEqual([said]);
    expect(changed.courses.map(({ caption }) => caption.endsWith('(更正后)'))).toEqual([true, true]);
    // Days that moved while the month stayed as it was.
    expect(part(riverMonthBulletin({ ...facts, signedDays }), '过程指标').lines).toEqual([said]);
    const same = part(riverMonthBulletin({ ...facts, signedDays: { met: 30, exceeded: 1, undetermined: 0 } }), '过程指标');
    expect(same.lines).toEqual([]);
    expect(same.courses[0]!.caption).not.toContain('更正后');
  });

  test('without a rate there is none, and the reason says why; what is excused or undetermined is called so', () => {
    const empty = riverMonthBulletin(
      riverFacts({
        rate: rate({
          rate: null,
          met: 0,
          exceeded: 0,
          undetermined: 1,
          due: 1,
          capture: 0,
          status: 'insufficient',
          reason: '未判定:有效数据不足',
          good: null,
        }),
        sections: [
          {
            name: 'A',
            role: 'assessed',
            targetClass: 'III',
            month: month({ verdict: 'undetermined', class: null, reason: '缺项:氨氮' }),
            lastMonth: null,
            lastYear: null,
            isCorrected: false,
          },
          {
            name: 'B',
            role: 'assessed',
            targetClass: 'III',
            month: month({ excused: { reasonName: '断流' } }),
            lastMonth: null,
            lastYear: null,
            isCorrected: false,
          },
          { name: 'C', role: 'control', targetClass: null, month: null, lastMonth: null, lastYear: null, isCorrected: false },
        ],
      }),
    );
    expect(part(empty, '达标情况').lines[0]).toContain('未判定:有效数据不足(0 达标 ÷ 0 个断面月)');
    expect(row(empty, '达标情况', '2026 年 10 月').达标率).toBe('未判定');
    expect(['A', 'B', 'C'].map((name) => row(empty, '断面水质', name).评价结果)).toEqual([
      '未判定(缺项:氨氮)',
      '不参评(断流)',
      '—',
    ]);
  });

  test('what was excused, what alarmed, what is overdue, what was compared', () => {
    expect(part(bulletin, '不参评').rows).toEqual([
      ['南坑河中段断面', '10-03 00:00', '10-05 00:00', '断流', '萍乡市安源生态环境局', '安环函〔2026〕12 号'],
    ]);
    const [excuse] = rate().excuses;
    const partly = riverFacts({ rate: rate({ excused: 0, excuses: [{ ...excuse!, scope: '仅日评价,仅氨氮' }] }) });
    const said = part(riverMonthBulletin(partly), '不参评');
    expect(said.lines).toEqual(['不参评 0 个评价时段,不计入应评;只限日评价或个别项目的,不计入均值。依据如下。']);
    expect(said.rows[0]![3]).toBe('断流(仅日评价,仅氨氮)');
    expect(part(bulletin, '人工剔除').lines).toEqual([
      '审核置无效与维护共 2 次,人工剔除 7 条(其中超限 2 条)。含未计入达标率的站点和项目。',
    ]);
    expect(part(bulletin, '人工剔除').rows).toEqual([
      ['南坑河出境断面', '氨氮、总磷', '10-12 08:00', '10-12 12:00', '无效', '设备故障,探头脱落(审核 7)', 'officer', '4', '2'],
      ['南坑河入境断面', '全部', '10-20 09:00', '未结束', '维护', '更换试剂(维护记录 3)', '运维单位(worker 录入)', '3', '0'],
    ]);
    const away = riverFacts().takenOut.map((one) => ({ ...one, readings: null }));
    expect(part(riverMonthBulletin(riverFacts({ takenOut: away })), '人工剔除').rows[0]!.slice(-2)).toEqual(['—', '—']);
    expect(part(riverMonthBulletin(riverFacts({ takenOut: [] })), '人工剔除').lines).toEqual(['本月没有人工剔除。']);
    expect(part(bulletin, '预警报警').lines).toEqual([
      '本月新增 1 条:预警 0 条,超限 1 条,严重超限 0 条;其中期末已恢复或关闭 1 条。期末未恢复 0 条。',
    ]);
    expect(row(bulletin, '处置', '2026-0012').状态).toBe('整改中(逾期)');
    expect(part(bulletin, '最近比对').rows).toEqual([['南坑河出境断面', '氨氮', '2026-10-05', '合格']]);
    expect(part(bulletin, '最近比对').lines).toEqual(['2 个在线项目,待比对 1 个。', '尚无比对记录:南坑河出境断面 总磷。']);
  });
});

test('a day: what was due and came, what is missing, per station and in all', () => {
  const bulletin = dayBulletin(dayFacts());
  expect(bulletin.headline).toBe('数据获取率 97.7 %(实到 334 ÷ 应到 342),缺测 1 段');
  expect(part(bulletin, '概况').lines[0]).toBe('数据获取率 97.7 %(实到 334 ÷ 应到 342),有效率 97.4 %(有效 333 ÷ 应到 342)。');
  expect(row(bulletin, '到报情况', '大田村末梢水监测点')).toMatchObject({ 获取率: '97.2', 拒收: '3' });
  expect(part(bulletin, '缺测时段').rows).toEqual([['大田村末梢水监测点', '余氯', '11-22 02:00', '11-22 04:00', '8']]);
});

const days = ['2026-11-16', '2026-11-17', '2026-11-18'].map((date, i) => day(date, i === 1 ? 1.37 : 0.5));
const week = (...rates: WeekFacts['rates']): Bulletin =>
  weekBulletin({
    ...{
      kind: 'week',
      period: '2026-W47',
      title: '周报',
      office: '局',
      madeOn: '2026-11-23',
      from: '2026-11-16',
      to: '2026-11-22',
    },
    decimals: { nh3n: 2, tp: 3 },
    rates,
    ...{ data: dayFacts().stations, alerts: dayFacts().alerts, cases: dayFacts().cases },
  });

test('a week: windows counted by how they came out, each excess with value, limit and multiple', () => {
  const windows = [...days, { ...days[0]!, excused: { reasonName: '断流' } }];
  const bulletin = week({ name: '达标率', window: 'day', rate: rate(), windows });
  expect(row(bulletin, '评价结果', '达标率')).toMatchObject({
    ...{ 达标: '2', 超标: '1', 不参评: '1', 达标率: '66.7', 有效评价比例: '100.0', 人工剔除: '7(超限 2)' },
  });
  expect(part(bulletin, '概况').lines[0]).toBe('达标率(按日):达标 2,超标 1,未判定 0,不参评 1;人工剔除 7 条(其中超限 2 条)。');
  expect(part(bulletin, '超标时段').rows).toEqual([['11-17 00:00', '南坑河出境断面', '氨氮', '1.37 mg/L', 'Ⅲ类 ≤ 1.0', '0.37']]);
  expect(bulletin.headline).toBe('本周超标 1 个评价时段,涉及 南坑河出境断面');
});

test('a week of which too little was judged has no 100.0, and its headline says what nobody can tell of', () => {
  const short = rate({
    ...{ rate: null, met: 72, exceeded: 0, undetermined: 384, excused: 0, due: 456, capture: 15.78, status: 'insufficient' },
    reason: '未判定:有效评价比例 15.78 %,不足 90 %',
  });
  const unjudged = { name: '在线指标合规时长', window: 'hour', rate: short, windows: [] } as const;
  const bulletin = week(unjudged);
  expect(row(bulletin, '评价结果', '在线指标合规时长')).toMatchObject({ 达标率: '未判定', 有效评价比例: '15.8' });
  expect(part(bulletin, '概况').lines[0]).toContain(';未判定:有效评价比例 15.78 %,不足 90 %;');
  expect(bulletin.headline).toBe('本周没有超标的评价时段;未判定 384 个,在线指标合规时长未判定');
  const nothing = { ...unjudged, rate: { ...short, met: 0, undetermined: 456 } };
  expect(week(nothing).headline).toBe('本周没有可判定的评价时段;未判定 456 个,在线指标合规时长未判定');
});

test('drinking water: samples with what did not pass; the hours on line are for reference', () => {
  const sample = month({
    ...{ station: 'tap', stationName: '长潭村末梢水', start: '2026-10-14T09:30:00+08:00', verdict: 'exceeded', class: null },
    findings: [
      finding({
        parameter: 'turb',
        name: '浑浊度',
        value: 1.4,
        compared: 1.4,
        unit: 'NTU',
        limitText: '≤ 1',
        outcome: 'exceeded',
      }),
    ],
  });
  const {
    sections: _,
    days: __,
    ...facts
  } = riverFacts({ kind: 'drinking-month', rate: rate({ basis: 'sample', good: null, windows: [sample] }) });
  const bulletin = drinkingMonthBulletin({
    ...facts,
    online: {
      ...{
        name: '在线指标合规时长',
        window: 'hour',
        rate: rate({ rate: null, reason: '未判定:有效评价比例 15.78 %,不足 90 %' }),
      },
      stations: [
        { name: '长潭村末梢水', rate: rate({ rate: 50, met: 1, exceeded: 1 }) },
        { name: '大田村末梢水', rate: rate({ rate: null, met: 72, exceeded: 0, undetermined: 384 }) },
        { name: '册雷村末梢水', rate: rate({ rate: null, met: 0, exceeded: 0, undetermined: 744 }) },
      ],
      windows: [sample, { ...sample, verdict: 'met', findings: [] }],
      days: [0.3, 0.04, 0.2].map((value, i) => {
        const residual = { parameter: 'cl2', name: '余氯', unit: 'mg/L', limit: 0.05, limitText: '≥ 0.05' };
        const turbidity = finding({ parameter: 'turb', name: '浑浊度', value: 0.9, unit: 'NTU', limitText: '≤ 1' });
        const findings = [turbidity, finding({ ...residual, value })];
        return { ...sample, start: `2026-10-0${i + 1}T00:00:00+08:00`, findings };
      }),
    },
  });
  expect(part(bulletin, '化验结果').rows).toEqual([['10-14 09:30', '长潭村末梢水', '不合格', '浑浊度 1.40 NTU(限值 ≤ 1)']]);
  expect(row(bulletin, '在线指标', '大田村末梢水')).toMatchObject({ 达标时段: '72', 合规时长: '未判定', 超标项目: '无' });
  expect(row(bulletin, '在线指标', '册雷村末梢水')).toMatchObject({ 合规时长: '未判定', 超标项目: '—' });
  expect(row(bulletin, '在线指标', '长潭村末梢水')).toMatchObject({
    达标时段: '1',
    超标时段: '1',
    合规时长: '50.0',
    人工剔除: '7(超限 2)',
    超标项目: '浑浊度 1 个',
  });
  // Too little is what is wrong: 0.04 of 0.05 is nearer, and beyond, than 0.9 of 1.
  expect(part(bulletin, '在线指标').courses).toMatchObject([
    { caption: '长潭村末梢水 余氯 日均值(mg/L),2026 年 10 月;虚线为限值 ≥ 0.05', limit: 0.05, isLower: true },
  ]);
  expect(part(bulletin, '在线指标').courses[0]!.values.slice(0, 4)).toEqual([0.3, 0.04, 0.2, null]);
  expect(row(bulletin, '在线指标', '大田村末梢水')).toMatchObject({ 合规时长: '未判定', 未判定时段: '384' });
  expect(part(bulletin, '在线指标').lines[0]).toContain(
    ':未判定:有效评价比例 15.78 %,不足 90 %(2 达标 ÷ 3 个评价时段;未判定 0);人工剔除 7 条(其中超限 2 条)。',
  );
});

test('every bulletin has the parts of its outline, in order, with as many cells as columns', () => {
  for (const bulletin of [riverMonthBulletin(riverFacts()), dayBulletin(dayFacts())]) {
    expect(bulletin.sections.map(({ name }) => name)).toEqual(OUTLINES[bulletin.kind].map(({ name }) => name));
    for (const { rows, columns } of bulletin.sections) for (const cells of rows) expect(cells).toHaveLength(columns.length);
  }
});
