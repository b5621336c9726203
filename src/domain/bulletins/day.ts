/** What does the 数据到报日报 say: what was due yesterday, and what came? */
import type { Bulletin } from './bulletin.js';
import { DRAFT } from './bulletin.js';
import type { DayFacts } from './facts.js';
import { momentText, share } from './figures.js';
import { alertsSection, casesSection, dataCells, section } from './sections.js';

/** The 日报 of a day. It tells of arrival, so there is nothing to sign in it. */
export function dayBulletin(facts: DayFacts): Bulletin {
  const { kind, period, title, office, madeOn, stations, service } = facts;
  const { line, rows } = dataCells(stations);
  const expected = stations.reduce((sum, one) => sum + one.expected, 0);
  const arrived = stations.reduce((sum, one) => sum + one.arrived, 0);
  const missing = stations.flatMap((one) => one.missing.map((gap) => ({ ...gap, name: one.name })));
  const silent = stations.filter((one) => one.expected > 0 && one.arrived === 0);
  const [year, month, day] = period.split('-');
  return {
    ...{ kind, period, title, office, madeOn },
    periodText: `${year} 年 ${Number(month)} 月 ${Number(day)} 日`,
    state: 'draft',
    stateText: `${DRAFT} · 自动监测原始数据`,
    watermark: DRAFT,
    headline: `数据获取率 ${share(arrived, expected)} %(实到 ${arrived} ÷ 应到 ${expected}),${missing.length === 0 ? '没有缺测' : `缺测 ${missing.length} 段`}${silent.length === 0 ? '' : `,全天无数据 ${silent.length} 个站点`}`,
    sections: [
      section(kind, '概况', {
        lines: [
          line,
          silent.length === 0 ? '没有全天无数据的站点。' : `全天无数据:${silent.map(({ name }) => name).join('、')}。`,
          `全天收到 ${service.received} 条,入库 ${service.stored} 条,拒收 ${service.rejected} 条(按到达日计,含补传和未知站点)。`,
        ],
      }),
      section(kind, '到报情况', {
        rows: rows.map((cells, i) => ({
          ...cells,
          入库: String(stations[i]!.stored),
          重复: String(stations[i]!.duplicate),
          更正: String(stations[i]!.corrected),
          拒收: String(stations[i]!.rejected),
          待入库: String(stations[i]!.pending),
        })),
      }),
      section(kind, '缺测时段', {
        lines: missing.length === 0 ? ['没有缺测。'] : [],
        rows: missing.map((gap) => ({
          站点: gap.name,
          项目: gap.parameter,
          起: momentText(gap.from),
          止: momentText(gap.to),
          缺测条数: String(gap.values),
        })),
      }),
      alertsSection(kind, facts.alerts, '当日'),
      casesSection(kind, facts.cases, '当日'),
    ],
    footnotes: [
      '应到、实到、有效按监测时间计;入库、重复、更正、拒收、待入库按到达时间计,与数据页的到报表一致。',
      '百分数按 GB/T 8170 修约到一位小数;页面为截尾值。',
    ],
  };
}
