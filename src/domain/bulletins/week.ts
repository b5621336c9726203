/** What does the 周报 say: how were the windows of each rate, what exceeded, what came? */
import { WINDOW_WORDS } from '../time.js';
import { type Bulletin, DRAFT } from './bulletin.js';
import type { RateFacts, WeekFacts, WindowFacts } from './facts.js';
import { captureText, itemText, momentText, NONE, plain, rateText } from './figures.js';
import { alertsSection, casesSection, dataCells, section, setAsideClause, setAsideText } from './sections.js';

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

/** What exceeded, and what nobody can tell of: a week in which little was judged is not a good one. */
function headlineOf(rates: WeekFacts['rates'], lost: readonly WindowFacts[]): string {
  const sum = (of: (rate: RateFacts) => number): number => rates.reduce((all, { rate }) => all + of(rate), 0);
  const [judged, undetermined] = [sum(({ met, exceeded }) => met + exceeded), sum((rate) => rate.undetermined)];
  const without = rates.filter(({ rate }) => rate.rate === null && rate.due > 0).map(({ name }) => name);
  const found =
    lost.length > 0
      ? `本周超标 ${lost.length} 个评价时段,涉及 ${[...new Set(lost.map(({ stationName }) => stationName))].join('、')}`
      : judged > 0
        ? '本周没有超标的评价时段'
        : '本周没有可判定的评价时段';
  return (
    `${found}${undetermined === 0 ? '' : `;未判定 ${undetermined} 个`}` +
    `${without.length === 0 ? '' : `,${without.join('、')}未判定`}`
  );
}

/** The 周报 of a week: never signed, so marked. */
export function weekBulletin(facts: WeekFacts): Bulletin {
  const { kind, period, title, office, madeOn, rates } = facts;
  const [, week] = period.split('-W');
  const { line, rows } = dataCells(facts.data);
  const lost = rates.flatMap(({ windows }) => windows.filter((one) => one.verdict === 'exceeded' && one.excused === undefined));
  return {
    ...{ kind, period, title, office, madeOn },
    periodText: `${period.slice(0, 4)} 年第 ${Number(week)} 周(${facts.from.slice(5)} 至 ${facts.to.slice(5)})`,
    state: 'draft',
    stateText: DRAFT,
    watermark: DRAFT,
    headline: headlineOf(rates, lost),
    sections: [
      section(kind, '概况', {
        lines: [
          ...rates.map(
            ({ name, window, rate }) =>
              `${name}(按${WINDOW_WORDS[window]}):达标 ${rate.met},超标 ${rate.exceeded},未判定 ${rate.undetermined}` +
              `${rate.excused === 0 ? '' : `,不参评 ${rate.excused}`}` +
              `${rate.reason === null ? '' : `;${rate.reason}`};${setAsideClause(rate.setAside)}。`,
          ),
          line,
        ],
      }),
      section(kind, '评价结果', {
        rows: rates.map(({ name, window, rate }) => ({
          指标: name,
          评价时段: WINDOW_WORDS[window],
          达标: String(rate.met),
          超标: String(rate.exceeded),
          未判定: String(rate.undetermined),
          不参评: String(rate.excused),
          达标率: rateText(rate),
          有效评价比例: captureText(rate),
          人工剔除: setAsideText(rate.setAside),
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
      '周内达标情况为过程指标,不作考核;达标率 = 达标 ÷(达标 + 超标),有效评价比例 =(达标 + 超标)÷ 应评,按 GB/T 8170 修约到一位小数;有效评价不足而无超标的写未判定。',
      '超标倍数与页面一致;pH、溶解氧、水温不计倍数。',
    ],
  };
}
