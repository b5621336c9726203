/** What does the 饮用水月报 say: which samples passed, and how long were the taps within their limits? */
import { WINDOW_WORDS } from '../time.js';
import type { Bulletin, DayCourse, Section } from './bulletin.js';
import { dayCourse, nearness } from './courses.js';
import type { Decimals, DrinkingMonthFacts, FindingFacts, OnlineFacts, WindowFacts } from './facts.js';
import { itemText, momentText, NONE, rateText } from './figures.js';
import { commonSections, monthBulletin, rateSection } from './month.js';
import { type Cells, section, setAsideClause, setAsideText } from './sections.js';
import { exceededItems } from './week.js';

/** Stations that are drawn. */
const DRAWN = 4;

const VERDICTS = { met: '合格', exceeded: '不合格', undetermined: '未判定' } as const;

/** The 月报 of drinking water. */
export function drinkingMonthBulletin(facts: DrinkingMonthFacts): Bulletin {
  return monthBulletin(
    facts,
    [rateSection(facts), samples(facts), online(facts), ...commonSections(facts)],
    ['达标率只计化验水样,一份水样所检项目全部合格为合格;在线指标仅供参考,不作考核。'],
  );
}

function samples({ kind, rate, decimals }: DrinkingMonthFacts): Section {
  return section(kind, '化验结果', {
    lines: rate.windows.length === 0 ? ['本月暂无化验结果。'] : [],
    rows: rate.windows.map((sample) => ({
      采样时间: momentText(sample.start),
      监测点: sample.stationName,
      结果: sample.excused === undefined ? VERDICTS[sample.verdict] : `不参评(${sample.excused.reasonName})`,
      不合格项目: reasonOf(sample, decimals),
    })),
  });
}

function reasonOf(sample: WindowFacts, decimals: Decimals): string {
  if (sample.verdict === 'undetermined') return sample.reason ?? '未判定';
  const failed = exceededItems(sample).map(
    (item) => `${item.name} ${itemText(item, decimals)}${item.unit === '' ? '' : ` ${item.unit}`}(限值 ${item.limitText ?? '—'})`,
  );
  return failed.length === 0 ? '无' : failed.join(';');
}

function online({ kind, period, online: indicator }: DrinkingMonthFacts): Section {
  if (indicator === null) return section(kind, '在线指标', { lines: ['没有在线指标。'] });
  const { rate } = indicator;
  const rows = indicator.stations.map(({ name, rate: of }): Cells => {
    const own = indicator.windows.filter(({ stationName, excused }) => stationName === name && excused === undefined);
    const items = new Map<string, number>();
    for (const window of own) for (const item of exceededItems(window)) items.set(item.name, (items.get(item.name) ?? 0) + 1);
    return {
      监测点: name,
      达标时段: String(of.met),
      超标时段: String(of.exceeded),
      未判定时段: String(of.undetermined),
      合规时长: rateText(of),
      人工剔除: setAsideText(of.setAside),
      超标项目: [...items].map(([item, n]) => `${item} ${n} 个`).join('、') || (of.met + of.exceeded === 0 ? NONE : '无'),
    };
  });
  return section(kind, '在线指标', {
    lines: [
      `${indicator.name}(参考,不作考核),按${WINDOW_WORDS[indicator.window]}评价:` +
        `${rate.rate === null ? (rate.reason ?? '未判定') : `${rateText(rate)} %`}` +
        `(${rate.met} 达标 ÷ ${rate.met + rate.exceeded} 个评价时段;未判定 ${rate.undetermined});${setAsideClause(rate.setAside)}。`,
    ],
    rows,
    courses: coursesOf(indicator, period),
  });
}

/** Of each station the item whose day mean came nearest its limit, as a course of the month; those that came nearest of all. */
function coursesOf({ days, stations }: OnlineFacts, period: string): DayCourse[] {
  const nearest = stations.flatMap(({ name }) => {
    const own = days.filter(({ stationName }) => stationName === name);
    const items = own.flatMap(({ findings }) => findings).filter((item) => item.counted && nearness(item) >= 0);
    const item = items.reduce<FindingFacts | null>((most, one) => (most && nearness(most) >= nearness(one) ? most : one), null);
    return item === null ? [] : [{ name, own, item }];
  });
  return nearest
    .sort((a, b) => nearness(b.item) - nearness(a.item))
    .slice(0, DRAWN)
    .map(({ name, item, own }) => dayCourse(name, item, own, period));
}
