/** What does the 断面水质月报 say: which class had each section, by which items, and on which days was it worse? */
import type { Bulletin, DayCourse, Section } from './bulletin.js';
import type { FindingFacts, RiverMonthFacts, SectionFacts, WindowFacts } from './facts.js';
import { className, dayText, itemText, NONE, plain } from './figures.js';
import { commonSections, monthBulletin, monthText, rateSection } from './month.js';
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
      结果: `${VERDICTS[item.outcome]}${item.counted ? '' : `(${item.reason ?? '不计入'})`}`,
    })),
  );
  return section(kind, '主要项目', { lines: rows.length === 0 ? ['本月还没有评价结果。'] : [], rows });
}

/** Day by day; each excess with what exceeded. */
function process({ kind, period, sections, days }: RiverMonthFacts): Section {
  const names = [...new Set(days.map(({ stationName }) => stationName))];
  const rows = names.map((name): Cells => {
    const own = days.filter(({ stationName }) => stationName === name);
    const { met, exceeded, undetermined } = tally(own);
    const lost = own.filter((day) => day.verdict === 'exceeded' && day.excused === undefined);
    return {
      断面: name,
      达标天数: String(met),
      超标天数: String(exceeded),
      未判定天数: String(undetermined),
      超标日期:
        lost
          .map(
            (day) =>
              `${dayText(day.start).slice(5)}(${exceededItems(day)
                .map((item) => item.name)
                .join('、')})`,
          )
          .join(',') || '无',
    };
  });
  const courses = sections.filter(({ role }) => role === 'assessed').flatMap((one) => coursesOf(one, days, period));
  return section(kind, '过程指标', { lines: rows.length === 0 ? ['本月没有日评价结果。'] : [], rows, courses });
}

/** The items of a section that came nearest their upper limit, as a course of the month. */
function coursesOf({ name, month }: SectionFacts, days: readonly WindowFacts[], period: string): DayCourse[] {
  const used = ({ value, limit }: FindingFacts): number =>
    value !== null && typeof limit === 'number' && limit > 0 ? value / limit : -1;
  const length = new Date(Date.UTC(Number(period.slice(0, 4)), Number(period.slice(5)), 0)).getUTCDate();
  const own = new Map(
    days.filter(({ stationName }) => stationName === name).map((day) => [Number(dayText(day.start).slice(8)), day]),
  );
  return [...(month?.findings ?? [])]
    .filter((item) => item.counted && item.parameter !== 'do' && used(item) >= 0)
    .sort((a, b) => used(b) - used(a) || (a.parameter < b.parameter ? -1 : 1))
    .slice(0, DRAWN)
    .map(({ parameter, name: item, unit, limit, limitText }) => {
      const values = Array.from({ length }, (_, i) => {
        const found = own.get(i + 1)?.findings.find((one) => one.parameter === parameter);
        return found?.value ?? null;
      });
      return {
        caption: `${name} ${item} 日均值${unit === '' ? '' : `(${unit})`},${monthText(period)};虚线为限值 ${limitText ?? ''}`,
        values,
        limit: typeof limit === 'number' ? limit : null,
        decimals: decimalsOf([...values, typeof limit === 'number' ? limit : null]),
        firstDay: 1,
      };
    });
}

/** Decimals that show the figures apart: two below ten, one above. */
const decimalsOf = (values: readonly (number | null)[]): number =>
  Math.max(...values.map((value) => Math.abs(value ?? 0))) < 10 ? 2 : 1;
