/** Which parts has a bulletin of each kind, and which columns have their tables? What a template may name. */
import type { BulletinKind, Column } from './bulletin.js';

/** A part as every bulletin of the kind has it; without columns it is sentences alone. */
export interface SectionOutline {
  readonly name: string;
  readonly columns: readonly Column[];
  /** It may show courses. */
  readonly courses?: true;
}

const text = (tag: string, width = 2, title = tag): Column => ({ tag, title, width });
const figure = (tag: string, title = tag, width = 1.2): Column => ({ tag, title, width, figure: true });

const SET_ASIDE = text('人工剔除', 1.8, '人工剔除(条)');
const RATES: readonly Column[] = [
  ...[text('时段', 2.6), figure('达标率', '达标率(%)'), figure('达标'), figure('超标'), figure('未判定'), figure('不参评')],
  ...[figure('应评'), figure('有效评价比例', '有效评价比例(%)', 1.6), SET_ASIDE],
];
const CAME: readonly Column[] = [
  ...[
    text('站点', 3),
    figure('应到'),
    figure('实到'),
    figure('获取率', '获取率(%)'),
    figure('有效'),
    figure('有效率', '有效率(%)'),
  ],
];
const ALERTS: SectionOutline = {
  name: '预警报警',
  columns: [text('时间', 1.8), text('对象', 2.6), text('项目', 1.6), text('级别', 1.2), text('原因', 4.4), text('状态', 1.2)],
};
const CASES: SectionOutline = {
  name: '处置',
  columns: [
    text('编号', 1.6),
    text('站点', 2.4, '对象'),
    text('事由', 3.6),
    text('承办', 2),
    text('期限', 1.8),
    text('状态', 1.6),
  ],
};
const EXCUSES: SectionOutline = {
  name: '不参评',
  columns: [text('站点', 2.4), text('起', 1.8), text('止', 1.8), text('原因', 1.6), text('批准单位', 2.4), text('文号', 2.4)],
};
const TAKEN_OUT: SectionOutline = {
  name: '人工剔除',
  columns: [
    ...[text('站点', 2.2), text('项目', 1.6), text('起', 1.5), text('止', 1.5), text('处理', 1), text('原因', 2.8)],
    ...[text('决定人', 1.6), figure('条数', '条数', 1), figure('其中超限', '其中超限', 1)],
  ],
};
const COMPARISONS: SectionOutline = {
  name: '最近比对',
  columns: [text('站点', 3), text('项目', 2), text('日期', 1.8), text('结论', 1.6)],
};
const DATA: SectionOutline = { name: '数据质量', columns: CAME };

/** The parts of each kind, in their order. */
export const OUTLINES: Readonly<Record<BulletinKind, readonly SectionOutline[]>> = {
  day: [
    { name: '概况', columns: [] },
    {
      name: '到报情况',
      columns: [
        ...[...CAME, figure('入库'), figure('重复', '重复', 1), figure('更正', '更正', 1), figure('拒收', '拒收', 1)],
        figure('待入库', '待入库', 1.2),
      ],
    },
    { name: '缺测时段', columns: [text('站点', 3), text('项目', 2), text('起', 2), text('止', 2), figure('缺测条数')] },
    ALERTS,
    CASES,
  ],
  week: [
    { name: '概况', columns: [] },
    {
      name: '评价结果',
      columns: [
        ...[text('指标', 3.6), text('评价时段', 1.4), figure('达标'), figure('超标'), figure('未判定'), figure('不参评')],
        ...[figure('达标率', '达标率(%)'), figure('有效评价比例', '有效评价比例(%)', 1.6), SET_ASIDE],
      ],
    },
    {
      name: '超标时段',
      columns: [...[text('时段', 2), text('站点', 2.6), text('项目', 1.6), figure('数值'), text('限值', 2), figure('超标倍数')]],
    },
    DATA,
    ALERTS,
    CASES,
  ],
  'river-month': [
    { name: '达标情况', columns: [...RATES, figure('优良比例', '水质优良(Ⅰ–Ⅲ类)比例(%)', 1.8)] },
    {
      name: '断面水质',
      columns: [
        ...[text('断面', 2.4), text('性质', 1), text('目标类别', 1.2), text('本月类别', 1.2), text('上月类别', 1.2)],
        ...[text('上年同月类别', 1.4), text('评价结果', 1.2), text('主要污染指标', 3, '主要污染指标(超标倍数)')],
      ],
    },
    {
      name: '主要项目',
      columns: [
        ...[text('断面', 2.4), text('项目', 1.6), figure('月均值'), text('单位', 1), text('限值', 1.6), figure('超标倍数')],
        ...[text('单项类别', 1.2), text('有效天数', 1.4, '有效天数/应有'), text('结果', 1.4)],
      ],
    },
    {
      name: '过程指标',
      columns: [
        ...[text('断面', 2.4), figure('达标天数'), figure('超标天数'), figure('未判定天数'), figure('不参评天数')],
        text('超标日期', 4),
      ],
      courses: true,
    },
    DATA,
    TAKEN_OUT,
    EXCUSES,
    ALERTS,
    CASES,
    COMPARISONS,
  ],
  'drinking-month': [
    { name: '达标情况', columns: RATES },
    {
      name: '化验结果',
      columns: [text('采样时间', 2), text('监测点', 3), text('结果', 1.4), text('不合格项目', 4, '不合格项目或未判定原因')],
    },
    {
      name: '在线指标',
      columns: [
        ...[text('监测点', 3), figure('达标时段'), figure('超标时段'), figure('未判定时段'), figure('合规时长', '合规时长(%)')],
        ...[SET_ASIDE, text('超标项目', 3)],
      ],
      courses: true,
    },
    DATA,
    TAKEN_OUT,
    EXCUSES,
    ALERTS,
    CASES,
    COMPARISONS,
  ],
};

/** What any template of any kind may name, beside its parts. */
export const FIELDS = ['标题', '时段', '单位', '状态', '草稿', '提要', '制表日期'] as const;

const ORDER = ['一', '二', '三', '四', '五', '六', '七', '八', '九', '十'];

/** 二、断面水质. */
export const headingOf = (kind: BulletinKind, name: string): string => {
  const place = OUTLINES[kind].findIndex((one) => one.name === name);
  return `${ORDER[place]}、${name}`;
};
