/** What does the 断面水质月报 say: which class had each section, by which items, and on which days was it worse? */
import type { Bulletin, DayCourse, Section } from './bulletin.js';
import type { DayTally, RiverMonthFacts, SectionFacts, WindowFacts } from './facts.js';
import { className, dayText, itemText, NONE, plain } from './figures.js';
import { dayCourse, isLower, nearness } from './courses.js';
import { commonSections, monthBulletin, rateSection } from './month.js';
import { type Cells, section } from './sections.js';
import { exceededItems, tally } from './week.js';

const ROLES: Readonly<Record<string, string>> = { assessed: '考核', control: '控制', inflow: '入境对照' };
const VERDICTS = { met: '达标', exceeded: '超标', undetermined: '未判定' } as const;

/** Items of a section that are drawn. */
const DRAWN = 2;

/** The 月报 of a river. */
export function riverMonthBulletin(facts: RiverMonthFacts): Bulletin {
  return monthBulletin(
    facts,
    [rateSection(facts), classes(facts), items(facts), process(facts), ...commonSections(facts)],
    [
      '达标率只计考核断面;控制断面和入境对照断面列出水质类别,不计入。',
      '月均值为日均值的均值,先均值后定类;表中小数位与页面一致,评价时按项目规定修约后与限值比较;超标倍数与页面一致,pH、溶解氧、水温不计倍数。主要污染指标按环办〔2011〕22 号,倍数相对Ⅲ类限值。',
      '每日结果为过程指标,不作考核。',
    ],
  );
}

function verdictText(window: WindowFacts | null): string {
  if (window === null) return NONE;
  if (window.excused !== undefined) return `不参评(${window.excused.reasonName})`;
  return window.verdict === 'undetermined' ? `未判定(${window.reason ?? '有效数据不足'})` : VERDICTS[window.verdict];
}

function classes({ kind, sections }: RiverMonthFacts): Section {
  const rows = sections.map((one): Cells => ({
    断面: one.name,
    性质: ROLES[one.role] ?? one.role,
    目标类别: className(one.targetClass),
    本月类别: className(one.month?.class),
    上月类别: className(one.lastMonth),
    上年同月类别: className(one.lastYear),
    评价结果: verdictText(one.month),
    主要污染指标: one.month?.mainItems?.map(({ text }) => text).join('、') || (one.month?.class ? '无' : NONE),
  }));
  return section(kind, '断面水质', { rows });
}

function items({ kind, sections, decimals }: RiverMonthFacts): Section {
  const rows = sections.flatMap((one) =>
    (one.month?.findings ?? []).map((item): Cells => ({
      断面: one.name,
      项目: item.name,
      月均值: itemText(item, decimals),
      单位: item.unit === '' ? NONE : item.unit,
      限值: item.limitText ?? NONE,
      超标倍数: plain(item.times),
      单项类别: className(item.class),
      有效天数: `${item.filled}/${item.due}`,
      结果: one.month?.excused ? '不参评' : `${VERDICTS[item.outcome]}${item.counted ? '' : `(${item.reason ?? '不计入'})`}`,
    })),
  );
  return section(kind, '主要项目', { lines: rows.length === 0 ? ['本月还没有评价结果。'] : [], rows });
}

/** 08-20(氨氮). */
const lossText = (day: WindowFacts): string =>
  `${dayText(day.start).slice(5)}(${exceededItems(day)
    .map(({ name }) => name)
    .join('、')})`;

const sameDays = (a: DayTally, b: DayTally): boolean => a.met === b.met && a.exceeded === b.exceeded;

/** Day by day; each excess with what exceeded. */
function process({ kind, period, sections, days, signedDays }: RiverMonthFacts): Section {
  const names = [...new Set(days.map(({ stationName }) => stationName))];
  const rows = names.map((name): Cells => {
    const own = days.filter(({ stationName }) => stationName === name);
    const { met, exceeded, undetermined, excused } = tally(own);
    const lost = own.filter((day) => day.verdict === 'exceeded' && day.excused === undefined);
    return {
      断面: name,
      达标天数: String(met),
      超标天数: String(exceeded),
      未判定天数: String(undetermined),
      不参评天数: String(excused),
      超标日期: met + exceeded === 0 ? NONE : lost.map(lossText).join(',') || '无',
    };
  });
  const courses = sections.filter(({ role }) => role === 'assessed').flatMap((one) => coursesOf(one, days, period));
  const isCorrected = sections.some((one) => one.isCorrected) || (signedDays !== null && !sameDays(signedDays, tally(days)));
  const lines = [
    ...(rows.length === 0 ? ['本月没有日评价结果。'] : []),
    ...(isCorrected
      ? [
          '更正后:定稿后数据有变,本节的天数、日期和图按制表时的数据' +
            `${signedDays === null ? '' : `;定稿时达标 ${signedDays.met} 天,超标 ${signedDays.exceeded} 天,未判定 ${signedDays.undetermined} 天`}。`,
        ]
      : []),
  ];
  return section(kind, '过程指标', { lines, rows, courses });
}

/** The items of a section that came nearest their upper limit, as a course of the month. */
function coursesOf({ name, month, isCorrected }: SectionFacts, days: readonly WindowFacts[], period: string): DayCourse[] {
  const own = days.filter(({ stationName }) => stationName === name);
  return [...(month?.findings ?? [])]
    .filter((item) => item.counted && !isLower(item) && nearness(item) >= 0)
    .sort((a, b) => nearness(b) - nearness(a) || (a.parameter < b.parameter ? -1 : 1))
    .slice(0, DRAWN)
    .map((item) => {
      const course = dayCourse(name, item, own, period);
      return isCorrected ? { ...course, caption: `${course.caption}(更正后)` } : course;
    });
}
