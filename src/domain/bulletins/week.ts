/** What does the 周报 say: how were the windows of each rate, what exceeded, what came? */
import { WINDOW_WORDS } from '../time.js';
import { type Bulletin, DRAFT } from './bulletin.js';
import type { WeekFacts, WindowFacts } from './facts.js';
import { itemText, momentText, NONE, plain, share } from './figures.js';
import { alertsSection, casesSection, dataCells, section } from './sections.js';

/** How many windows came out how; what is excused is none of the three. */
export function tally(windows: readonly WindowFacts[]) {
  const counted = windows.filter(({ excused }) => excused === undefined);
  const count = (verdict: WindowFacts['verdict']): number => counted.filter((one) => one.verdict === verdict).length;
  return {
    met: count('met'),
    exceeded: count('exceeded'),
    undetermined: count('undetermined'),
    excused: windows.length - counted.length,
  };
}

/** The items that make a window exceed. */
export const exceededItems = ({ findings }: WindowFacts) =>
  findings.filter(({ outcome, counted }) => counted && outcome === 'exceeded');

/** The 周报 of a week: never signed, so marked. */
export function weekBulletin(facts: WeekFacts): Bulletin {
  const { kind, period, title, office, madeOn, rates } = facts;
  const [, week] = period.split('-W');
  const { line, rows } = dataCells(facts.data);
  const lost = rates.flatMap(({ windows }) => windows.filter((one) => one.verdict === 'exceeded' && one.excused === undefined));
  const tallies = rates.map((one) => ({ ...one, ...tally(one.windows) }));
  return {
    ...{ kind, period, title, office, madeOn },
    periodText: `${period.slice(0, 4)} 年第 ${Number(week)} 周(${facts.from.slice(5)} 至 ${facts.to.slice(5)})`,
    state: 'draft',
    stateText: DRAFT,
    watermark: DRAFT,
    headline:
      lost.length === 0
        ? '本周没有超标的评价时段'
        : `本周超标 ${lost.length} 个评价时段,涉及 ${[...new Set(lost.map(({ stationName }) => stationName))].join('、')}`,
    sections: [
      section(kind, '概况', {
        lines: [
          ...tallies.map(
            (one) =>
              `${one.name}(按${WINDOW_WORDS[one.window]}):达标 ${one.met},超标 ${one.exceeded},未判定 ${one.undetermined}` +
              `${one.excused === 0 ? '' : `,不参评 ${one.excused}`}。`,
          ),
          line,
        ],
      }),
      section(kind, '评价结果', {
        rows: tallies.map((one) => ({
          指标: one.name,
          评价时段: WINDOW_WORDS[one.window],
          达标: String(one.met),
          超标: String(one.exceeded),
          未判定: String(one.undetermined),
          不参评: String(one.excused),
          达标率: share(one.met, one.met + one.exceeded),
        })),
      }),
      section(kind, '超标时段', {
        lines: lost.length === 0 ? ['本周没有超标。'] : [],
        rows: lost.flatMap((window) =>
          exceededItems(window).map((item) => ({
            时段: momentText(window.start),
            站点: window.stationName,
            项目: item.name,
            数值: `${itemText(item, facts.decimals)}${item.unit === '' ? '' : ` ${item.unit}`}`,
            限值: item.limitText ?? NONE,
            超标倍数: plain(item.times),
          })),
        ),
      }),
      section(kind, '数据质量', { lines: [line], rows }),
      alertsSection(kind, facts.alerts, '本周'),
      casesSection(kind, facts.cases, '本周'),
    ],
    footnotes: [
      '周内达标情况为过程指标,不作考核;达标率 = 达标 ÷(达标 + 超标),按 GB/T 8170 修约到一位小数。',
      '超标倍数与页面一致;pH、溶解氧、水温不计倍数。',
    ],
  };
}
