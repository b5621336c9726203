/** What does a mail about an alert say? */
import { CLASS_NAMES } from '../compliance/class.js';
import type { Parameter } from '../parameter.js';
import type { Person, Site } from '../site.js';
import type { Limit } from '../standards/limit.js';
import type { Station } from '../station.js';
import { type Calendar, clockTime, DAY, HOUR, type Instant, isoTime, MINUTE, shortTime } from '../time.js';
import type { Change } from './transition.js';

/** Everything a mail tells, gathered by whoever decides to send it. */
export interface Facts {
  readonly site: Site;
  readonly station: Station;
  readonly parameter: Parameter;
  readonly change: Change;
  /** The value that opened, raised or ended it, and when it was measured. */
  readonly value: number;
  readonly time: Instant;
  readonly limit: Limit;
  /** Multiples over the limit, cut to two decimals; `null` where the method knows none. */
  readonly times: string | null;
  /** The values of the last 24 hours, oldest first. */
  readonly recent: readonly { readonly time: Instant; readonly value: number }[];
  /** The section upstream, the last value there. */
  readonly upstream: { readonly name: string; readonly value: number; readonly time: Instant } | null;
  /** When the same rule last opened here before. */
  readonly previous: Instant | null;
  readonly link: string;
}

/** A mail's words. */
export interface Message {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Classes as people write them: of the river, and of sewage works. */
const CLASSES: Readonly<Record<string, string>> = { ...CLASS_NAMES, '1A': '一级A', '1B': '一级B', '2': '二级', '3': '三级' };

const TAGS = {
  zh: { over: '【超限】', warning: '【预警】', severe: '【严重超限】', resolved: '【恢复】' },
  en: {
    over: '【超限 Over limit】',
    warning: '【预警 Warning】',
    severe: '【严重超限 Far over limit】',
    resolved: '【恢复 Resolved】',
  },
} as const;

/** Text for HTML: nothing a station's name holds becomes markup. */
const escape = (text: string): string =>
  text.replace(/[&<>"']/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[c] ?? c);

/** A value with the parameter's decimals and unit. More digits are kept when rounding would hide that it is over. */
function measured(value: number, parameter: Parameter): string {
  const short = value.toFixed(parameter.decimals);
  return `${Math.abs(value) >= 1e-6 && Number(short) !== value ? String(value) : short}${parameter.unit === '' ? '' : ` ${parameter.unit}`}`;
}

const bare = (limit: Limit): string =>
  limit.operator === 'between' ? `${limit.low}–${limit.high}` : (limit.low ?? limit.high ?? '');

function duration(ms: number): string {
  if (ms < HOUR) return `${Math.max(1, Math.round(ms / MINUTE))} 分钟`;
  if (ms < DAY) return `${Number((ms / HOUR).toFixed(1))} 小时`;
  return `${Number((ms / DAY).toFixed(1))} 天`;
}

/** Under a hundredth the multiple is cut to 0, which says less than the value itself. */
const isTold = (times: string | null): boolean => times !== null && Number(times) !== 0;

/** What the value does to the limit, in Chinese: `超Ⅲ类限值(1.0)0.37 倍`, `低于限值(0.05)`, `超出Ⅲ类限值(6–9)`. */
function passedZh(facts: Facts): string {
  const { limit, times } = facts;
  const name = `${CLASSES[limit.class ?? ''] ?? ''}${limit.grade === 'own' ? '管理阈值' : '限值'}`;
  const number = `(${bare(limit)}${limit.grade === 'transcribed' && limit.confirmed === null ? ',限值待确认' : ''})`;
  if (limit.operator === 'between') return `超出${name}${number}`;
  if (limit.operator === '>=') return `低于${name}${number}`;
  return `超${name}${number}${isTold(times) ? `${times} 倍` : ''}`;
}

function passedEn(facts: Facts): string {
  const { limit, times } = facts;
  const unconfirmed = limit.grade === 'transcribed' && limit.confirmed === null ? ', not yet confirmed' : '';
  const name = `${limit.class === null ? 'the limit' : `the class ${limit.class} limit`} (${bare(limit)}${unconfirmed})`;
  if (limit.operator === 'between') return `outside ${name}`;
  if (limit.operator === '>=') return `under ${name}`;
  return isTold(times) ? `over ${name} by ${times} times` : `over ${name}`;
}

const upstreamZh = (facts: Facts, at: (t: Instant) => string): string =>
  facts.upstream === null
    ? ''
    : `上游:${facts.upstream.name} ${measured(facts.upstream.value, facts.parameter)}(${at(facts.upstream.time)})`;

/** The lines of a mail in Chinese, sentence first. */
function linesZh(facts: Facts, at: (t: Instant) => string): { subject: string; lines: string[] } {
  const { alert, what } = facts.change;
  const { station, parameter, limit, site } = facts;
  const value = measured(facts.value, parameter);
  if (what === 'resolved') {
    const lasted = duration(facts.time - alert.openedAt);
    const peak = measured(alert.value, parameter);
    const worst = { '<=': '最高', '>=': '最低', between: '极值' }[limit.operator];
    const said = `${station.name} ${parameter.name} ${value},已连续回到限值(${bare(limit)})以内,历时 ${lasted},${worst} ${peak}`;
    return {
      subject: `${TAGS.zh.resolved}${said} ${at(facts.time)}`,
      lines: [`${said}。`, `开始:${at(alert.openedAt)}  恢复:${at(facts.time)}`, `限值:${bare(limit)}(${limit.citation})`],
    };
  }
  const tag = TAGS.zh[alert.severity];
  const sentence = `${station.name} ${parameter.name} ${value},${passedZh(facts)}(单次测值,未审核)`;
  const note = station.binding?.note ?? null;
  return {
    subject: `${tag}${sentence}${at(facts.time)}`,
    lines: [
      `${sentence}${at(facts.time)}。`,
      `自 ${at(alert.openedAt)} 起${what === 'risen' ? ',现已升级为超限' : ''}。`,
      `依据:${limit.citation}${note === null ? '' : `(${note})`}。单次测值超限是警示,不是评价结果。`,
      upstreamZh(facts, at),
      facts.previous === null ? '此前没有同类报警记录。' : `上一次同类报警:${at(facts.previous)}。`,
      facts.recent.length === 0
        ? ''
        : `近 24 小时:${facts.recent.map((r) => `${clockTime(r.time, site.calendar)} ${measured(r.value, { ...parameter, unit: '' })}`).join(',')}`,
      `请先核实:仪器是否正常、近期有无降雨或来水变化;属实即到现场查看并联系 ${site.office}${site.officePhone === null ? '' : ` ${site.officePhone}`}。`,
    ],
  };
}

function linesEn(facts: Facts, at: (t: Instant) => string): { subject: string; lines: string[] } {
  const { alert, what } = facts.change;
  const { station, parameter, limit, site } = facts;
  const value = measured(facts.value, parameter);
  const where = `${station.nameEn}, ${parameter.nameEn}`;
  if (what === 'resolved') {
    const said = `${where} ${value}, back within the limit (${bare(limit)}); worst ${measured(alert.value, parameter)}`;
    return {
      subject: `${TAGS.en.resolved}${said} ${at(facts.time)}`,
      lines: [`${said}.`, `From ${at(alert.openedAt)} to ${at(facts.time)}.`, `Limit: ${bare(limit)} (${limit.citation})`],
    };
  }
  const sentence = `${where} ${value}, ${passedEn(facts)} (single value, not reviewed)`;
  return {
    subject: `${TAGS.en[alert.severity]}${sentence} ${at(facts.time)}`,
    lines: [
      `${sentence}, ${at(facts.time)}.`,
      `Since ${at(alert.openedAt)}.`,
      `By ${limit.citation}. A single value over its limit is an alarm, not a verdict.`,
      facts.upstream === null
        ? ''
        : `Upstream: ${facts.upstream.name} ${measured(facts.upstream.value, parameter)} (${at(facts.upstream.time)})`,
      facts.previous === null ? 'No such alert before.' : `The last such alert: ${at(facts.previous)}.`,
      `Check the instrument, rain and inflow first; then look on site and call ${site.office}${site.officePhone === null ? '' : ` ${site.officePhone}`}.`,
    ],
  };
}

/**
 * The mail about a change, for one person, in that person's language and the site's time. Reads completely as plain
 * text; subjects begin with what it is (contract §5).
 */
export function message(facts: Facts, person: Person): Message {
  const { calendar } = facts.site;
  const at = (t: Instant): string => shortTime(t, calendar);
  const { subject, lines } = person.language === 'zh' ? linesZh(facts, at) : linesEn(facts, at);
  const body = lines.filter((line) => line !== '');
  const foot = footer(facts, person, calendar);
  return {
    subject,
    text: [...body, '', facts.link, '', ...foot, ''].join('\n'),
    html: html(subject, body, facts, foot, person.language),
  };
}

function footer(facts: Facts, person: Person, calendar: Calendar): string[] {
  const { alert } = facts.change;
  const opened = isoTime(alert.openedAt, calendar);
  return person.language === 'zh'
    ? [
        `编号 ${alert.id}(${opened})`,
        `您收到此信,是因为配置中“${person.name}”接收 ${facts.station.name} 的报警。不再接收请联系 ${facts.site.office} 修改配置。`,
        '自动监测原始数据,未经审核,仅供内部工作参考。',
      ]
    : [
        `Alert ${alert.id} (${opened})`,
        `You get this because the config routes alerts of ${facts.station.nameEn} to "${person.nameEn}". To stop, ask ${facts.site.office}.`,
        'Raw data of automatic monitoring, not reviewed, for internal use.',
      ];
}

function html(
  subject: string,
  body: readonly string[],
  facts: Facts,
  foot: readonly string[],
  language: Person['language'],
): string {
  const [first = '', ...rest] = body;
  const { alert, what } = facts.change;
  const colour = what === 'resolved' ? '#1E7B6B' : alert.severity === 'warning' ? '#B7791F' : '#C23B22';
  const paragraphs = rest.map((line) => `<p style="margin:0 0 8px">${escape(line)}</p>`).join('\n');
  return `<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8"><title>${escape(subject)}</title></head>
<body style="margin:0;background:#F7F8F5;color:#14222B;font:16px/1.6 'PingFang SC','Noto Sans CJK SC','Microsoft YaHei',sans-serif">
<div style="max-width:600px;margin:0 auto;padding:24px 20px">
<p style="margin:0 0 16px;padding-left:12px;border-left:4px solid ${colour};font-size:18px">${escape(first)}</p>
${paragraphs}
<p style="margin:16px 0"><a href="${escape(facts.link)}" style="color:#1B6F8A">${escape(facts.link)}</a></p>
<hr style="border:0;border-top:1px solid #D9DED9;margin:16px 0">
${foot.map((line) => `<p style="margin:0 0 4px;color:#5C6B73;font-size:13px">${escape(line)}</p>`).join('\n')}
</div></body></html>
`;
}
