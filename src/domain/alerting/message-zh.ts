/** What does a mail about an alert say in Chinese? */
import { DAY, HOUR, type Instant, shortTime } from '../time.js';
import { adviceOf } from './advice.js';
import type { Alert, Passed } from './alert.js';
import type { Facts } from './facts.js';
import { contacts, dutyParts } from './letter.js';
import type { Row } from './letter-shape.js';
import {
  courseOf,
  duration,
  gist,
  headOf,
  isOver,
  isWarned,
  latest,
  percentOf,
  placeOf,
  spanOf,
  valueOf,
  worstWord,
  writtenCourse,
  isPast,
} from './message-words.js';

/** Number and state of a limit, as it stands in brackets: `(1.0)`, `(2,限值待确认)`. */
const bracket = ({ text, isCertain }: Passed): string => `(${text.replace(/^[≤≥<>]\s*/, '')}${isCertain ? '' : ',限值待确认'})`;

/** What the value does to the limit: `超Ⅲ类限值(1.0)0.37 倍`, `低于限值(0.05)`, `超出Ⅲ类限值(6–9)`. */
function beyond(passed: Passed): string {
  const name = `${passed.name.zh}${bracket(passed)}`;
  if (typeof passed.number !== 'number') return `超出${name}`;
  if (passed.isLower) return `低于${name}`;
  // Under a hundredth the multiple is cut to 0, which says less than the value itself.
  const times = passed.times !== null && Number(passed.times) !== 0 ? `${passed.times} 倍` : '';
  return `超${name}${times}`;
}

/** Station and parameter, unless the words that follow name them. */
function about(facts: Facts, words: string): string {
  const place = placeOf(facts).zh;
  const name = facts.parameter?.name ?? '';
  return [words.includes(place) ? '' : place, name === '' || words.includes(name) ? '' : name, words]
    .filter((part) => part !== '')
    .join(' ');
}

/** Why it is told again, before what is told. */
function again({ why, change, now }: Facts): string {
  const since = duration(now - change.alert.openedAt, 'zh');
  const state = change.alert.state === 'acknowledged' ? '已签收,仍未恢复' : '未签收';
  switch (why) {
    case 'repeat':
      return `再次提醒(已 ${since},${state}):`;
    case 'escalated':
      return `升级通知(已 ${since},${state}):`;
    case 'reported':
      return '核实后上报:';
    case 'confirmed':
      return '复核属实:';
    case 'joined':
      return '新增超限:';
    case 'opened':
    case 'risen':
    case 'resolved':
    case 'refuted':
    case 'closed':
      return '';
  }
}

const isAgain = ({ why }: Facts): boolean => why === 'repeat' || why === 'escalated' || why === 'reported';

/** The sentence of a mail without its full stop, `full` for the first line, else for the subject; the time stands at its end. */
export function sentenceZh(facts: Facts, full: boolean): string {
  const { change, site } = facts;
  const at = (t: Instant): string => shortTime(t, site.calendar);
  if (isOver(change)) return `${endZh(facts)} ${at(change.at)}`;
  const { alert } = change;
  if (alert.kind === 'limit' && alert.passed !== null && alert.value !== null && isPast(alert)) {
    const worst = isAgain(facts) ? `${worstWord(alert).zh} ` : '';
    const is = `${alert.passed.statistic === undefined ? '' : `${alert.passed.statistic.zh} `}${worst}${valueOf(facts, alert.value)}`;
    const kind = alert.passed.statistic === undefined ? '单次测值,' : '';
    const note = `(${kind}${alert.isUnconfirmed ? '待复核' : '未审核'})`;
    const when = isAgain(facts) ? `,自 ${at(alert.openedAt)} 起` : at(change.at);
    return `${again(facts)}${about(facts, `${is},${beyond(alert.passed)}${note}`)}${when}`;
  }
  const reason = full ? alert.reason.zh : gist(alert, 'zh');
  const note = alert.kind === 'verdict' || alert.kind === 'target' || alert.kind === 'limit' ? '(未审核)' : ' ';
  const words = alert.kind === 'upstream' ? `${placeOf(facts).zh} ${reason}` : about(facts, reason);
  return `${again(facts)}${words}${note}${at(isAgain(facts) ? alert.openedAt : change.at)}`;
}

/** How it ended, in words. */
function endZh(facts: Facts): string {
  const { alert, what } = facts.change;
  const lasted = duration(facts.change.at - alert.openedAt, 'zh');
  const place = placeOf(facts).zh;
  const name = facts.parameter === null ? place : `${place} ${facts.parameter.name}`;
  const value = alert.value === null ? '' : valueOf(facts, alert.value);
  if (what === 'closed') return `${name} 报警已关闭,历时 ${lasted}`;
  if (what === 'refuted' && alert.kind === 'verdict') return `${name} 评价结果已更正:${alert.ended?.zh ?? '不再超标'}`;
  if (what === 'refuted') {
    const which = value === '' ? '' : `:${value}(${shortTime(alert.openedAt, facts.site.calendar)})不作为依据`;
    return alert.isUnconfirmed ? `${name} 突跳,已排除${which}` : `${name} 经查不成立,已排除${which}`;
  }
  switch (alert.kind) {
    case 'limit':
      return `${name} ${backInside(facts, alert)},历时 ${lasted}${value === '' ? '' : `,${worstWord(alert).zh} ${value}`}`;
    case 'trend':
      return `${name} 趋势预警结束:${alert.ended?.zh ?? '按当前趋势不会超限'},历时 ${lasted}`;
    case 'verdict':
      return `${name} ${alert.ended?.zh ?? '不再超标'}`;
    case 'target':
      return `${name} ${alert.ended?.zh ?? '恢复到可实现范围'},历时 ${lasted}`;
    case 'no-data':
      return `${name} 数据已恢复,中断 ${lasted}`;
    case 'sensor':
      return `${name} 设备已恢复正常,历时 ${lasted}`;
    case 'upstream':
      return `${name} 来水预警结束:${alert.ended?.zh ?? '上游已恢复'},历时 ${lasted}`;
    case 'regional':
      return `${name} 区域性升高已回落,历时 ${lasted}`;
    case 'rain':
      return `${name} 雨后水质波动已平息,历时 ${lasted}`;
    case 'service':
      return `${name} 已恢复正常(${headOf(alert.reason.zh)}),历时 ${lasted}`;
  }
}

function backInside(facts: Facts, { passed }: Alert): string {
  const now = latest(facts);
  const value = now === null ? '' : `${valueOf(facts, now.value)},`;
  if (passed === null) return `${value}已恢复`;
  const percent = percentOf(passed);
  const where = percent === null ? (passed.isLower ? '以上' : '以内') : `的 ${percent} % ${passed.isLower ? '以上' : '以下'}`;
  return `${value}已连续回到${passed.name.zh}${bracket(passed)}${where}`;
}

/** The lines under the first sentence. */
export function rowsZh(facts: Facts): Row[] {
  const { change, site, previous, likely, station, reported } = facts;
  const { alert } = change;
  const at = (t: Instant): string => shortTime(t, site.calendar);
  const rows: (Row | null)[] = [
    isOver(change)
      ? { label: '起止', text: `${at(alert.openedAt)} 至 ${at(change.at)}` }
      : { label: '开始', text: `自 ${at(alert.openedAt)} 起${lasting(facts)}` },
    isOver(change) ? { label: '原因', text: `${alert.history.at(-1)?.reason ?? alert.reason.zh}。` } : null,
    isOver(change) || alert.kind !== 'limit' ? null : { label: '情况', text: `${alert.reason.zh}。` },
    reported === undefined || reported === null
      ? null
      : { label: '核实', text: `${reported.by} 核实后上报${reported.note === null ? '' : `:${reported.note}`}。` },
    alert.acknowledgedBy === null || alert.acknowledgedAt === null
      ? null
      : { label: '签收', text: `${alert.acknowledgedBy},${at(alert.acknowledgedAt)}` },
    course(facts),
    facts.recent.length < 2 ? null : { label: '近 24 小时', text: writtenCourse(facts, ','), isInPicture: true },
    inflow(facts),
    likely === null || isOver(change) ? null : { label: '判断', text: `${likely.zh}。` },
    alert.passed === null || isOver(change) ? null : { label: '依据', text: basis(facts, alert.passed) },
    isOver(change)
      ? null
      : { label: '请做', text: `${adviceOf(alert, station).zh}。联系:${contacts(facts.onDuty, officeOf(facts), 'zh')}。` },
    isOver(change)
      ? { label: '联系', text: `${contacts(facts.onDuty, officeOf(facts), 'zh')}` }
      : { label: '上一次', text: previous === null ? '此前没有同类报警。' : `${at(previous)},${ago(facts, previous)}。` },
  ];
  return rows.filter((row) => row !== null);
}

/** What is printed beside the class, e.g. 待区局确认. */
function noteOf(station: Facts['station']): string {
  const note = station?.binding?.note ?? null;
  return note === null ? '' : `(${note})`;
}

const officeOf = ({ site }: Facts): { name: { zh: string; en: string }; phone: string | null } => ({
  name: { zh: site.office, en: site.office },
  phone: site.officePhone,
});

const ago = ({ change }: Facts, previous: Instant): string =>
  change.at - previous < DAY ? `${duration(change.at - previous, 'zh')}前` : `${Math.floor((change.at - previous) / DAY)} 天前`;

function lasting({ now, change }: Facts): string {
  const past = now - change.alert.openedAt;
  return past < HOUR / 2 ? '' : `,已 ${duration(past, 'zh')}`;
}

function basis({ change, station }: Facts, passed: Passed): string {
  const percent = percentOf(passed);
  const share = percent === null ? '' : ` 的 ${percent} %`;
  const source = `${passed.name.zh} ${passed.text}${share}${passed.citation === null ? '' : `,${passed.citation}`}${passed.citation === null ? '' : noteOf(station)}`;
  const doubt = passed.isCertain ? '' : '。限值待确认,最多作预警';
  switch (change.alert.kind) {
    case 'limit':
      if (isWarned(change.alert)) return `${source}${doubt}。预警不是超限,也不是评价结果。`;
      // 持续 3 小时,最近: the last value is named above.
      return `${source}${doubt}。${(passed.statistic?.zh ?? '单次测值').replace(/,最近$/, '')}超限是报警,不是评价结果。`;
    case 'trend':
    case 'verdict':
    case 'target':
    case 'no-data':
    case 'sensor':
    case 'upstream':
    case 'regional':
    case 'rain':
    case 'service':
      return `${source}${doubt}。`;
  }
}

function course(facts: Facts): Row | null {
  const found = courseOf(facts);
  if (found === null) return null;
  const way = { up: '上升', down: '下降', level: '平稳' }[found.way];
  const { low, high } = spanOf(facts.recent);
  const span = low === high ? '' : `;24 小时内 ${valueOf({ parameter: facts.parameter }, low)} 至 ${valueOf(facts, high)}`;
  const hours = duration(found.to.time - found.from.time, 'zh');
  return {
    label: '走势',
    text: `近 ${hours}${way}:${valueOf(facts, found.from.value)} → ${valueOf(facts, found.to.value)}${span}。`,
  };
}

function inflow(facts: Facts): Row | null {
  const { upstream, change, site } = facts;
  if (upstream === null) return null;
  const { passed } = change.alert;
  const is = `${upstream.name.zh} ${valueOf(facts, upstream.value)}(${shortTime(upstream.time, site.calendar)})`;
  if (passed === null || typeof passed.number !== 'number' || isOver(change)) return { label: '同期来水', text: `${is}。` };
  const over = passed.isLower ? upstream.value < passed.number : upstream.value > passed.number;
  return {
    label: '同期来水',
    text: `${is},${over ? `${isPast(change.alert) && change.alert.kind === 'limit' ? '同样' : '已'}超出,留意上游来水` : '未超出,留意两断面之间'}。`,
  };
}

/** The foot: number, telephone, why it came, how to be silent. */
export function footZh(facts: Facts): string[] {
  const { change, site, whyYou } = facts;
  return [
    [`报警编号 ${change.alert.id}`, ...dutyParts(facts.onDuty, site.officePhone, 'zh')].join(' · '),
    `收到此信的原因:${whyYou.zh}。${isOver(change) ? '' : '签收(已知悉)后不再升级;'}要暂停提醒,请在页面“预警与报警”设静默;不再接收,请联系${site.office}改配置。`,
    '自动监测原始数据,未经审核,仅供内部工作参考。',
  ];
}
