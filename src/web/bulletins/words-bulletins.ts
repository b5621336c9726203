/** Which words do the pages use about bulletins (报表)? What a bulletin itself says is Chinese. */
import type { BulletinHead } from '../../adapters/http/contract/bulletins.js';

type Kind = BulletinHead['kind'];
type MailState = BulletinHead['mails'][number]['state'];

const zh = {
  heading: '报表',
  kind: { day: '日报', week: '周报', 'river-month': '断面水质月报', 'drinking-month': '饮用水月报' } as Record<Kind, string>,
  weekdays: ['', '周一', '周二', '周三', '周四', '周五', '周六', '周日'] as readonly string[],
  planned: '定期报表',
  noneConfigured: '配置里没有报表(config/bulletins.yaml)。',
  leaves: (at: string, weekday: string | null, day: number | null) =>
    weekday !== null
      ? `每${weekday} ${at}`
      : day === null
        ? `每天 ${at}`
        : `定稿后即发;次月 ${day} 日 ${at} 仍未定稿,发未审核草稿`,
  to: (people: string) => `发给 ${people}`,
  toNobody: '只列在这里,不发邮件',
  builtIn: '内置模板',
  waits: (period: string, why: string) => `${period} 到点没有生成:${why}。每分钟再试一次,最多两天。`,
  make: '生成',
  making: '正在生成…',
  makeHeading: '生成以往的报表',
  which: '报表',
  period: { day: '日期', week: '周', 'river-month': '月份', 'drinking-month': '月份' } as Record<Kind, string>,
  mailToo: '同时发给收件人',
  periodMissing: '请先选时间。',
  notMade: (why: string) => `没有生成:${why}`,
  noAnswer: '服务没有应答,请稍后再试。',
  made: (title: string) => `已生成:${title}`,
  all: '全部',
  ofThePast: '已有报表',
  empty: '还没有报表。到点自动生成,也可以在上面选一个时段生成。',
  more: '只列出最近 200 份。',
  issue: (n: number) => `第 ${n} 稿`,
  state: { draft: '未审核 草稿', signed: '已定稿' } as Record<BulletinHead['state'], string>,
  by: (who: string) => (who === 'heqing' ? '定时生成' : `${who} 生成`),
  mail: { waiting: '待发', sent: '已发', failed: '未送达' } as Record<MailState, string>,
  notMailed: '未发邮件',
  read: '看、打印',
  docx: 'Word',
  xlsx: 'Excel',
  download: (format: string, title: string) => `下载 ${format}:${title}`,
  print: '打印',
  back: '全部报表',
  gone: '没有这份报表。',
  one: '报表',
  figure: (n: number) => `图 ${n}`,
  note: (n: number) => `注${n}:`,
  madeOn: (day: string) => `制表日期 ${day}`,
  signers: ['编制', '审核', '签发'] as readonly string[],
  tableOf: (name: string) => `${name},可左右滑动`,
};

const en: typeof zh = {
  heading: 'Bulletins',
  kind: { day: 'Daily', week: 'Weekly', 'river-month': 'River, monthly', 'drinking-month': 'Drinking water, monthly' },
  weekdays: ['', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
  planned: 'Made by the clock',
  noneConfigured: 'The config asks for no bulletin (config/bulletins.yaml).',
  leaves: (at, weekday, day) =>
    weekday !== null
      ? `every ${weekday} at ${at}`
      : day === null
        ? `every day at ${at}`
        : `once the month is signed; as an unreviewed draft on day ${day} of the next month at ${at} if it is not`,
  to: (people) => `to ${people}`,
  toNobody: 'listed here, mailed to nobody',
  builtIn: 'built-in template',
  waits: (period, why) => `${period} is due and was not made: ${why}. It is tried again every minute, for two days.`,
  make: 'Make it',
  making: 'Making…',
  makeHeading: 'Make one of the past',
  which: 'Bulletin',
  period: { day: 'Day', week: 'Week', 'river-month': 'Month', 'drinking-month': 'Month' },
  mailToo: 'Send it to its readers too',
  periodMissing: 'Choose a time first.',
  notMade: (why) => `Not made: ${why}`,
  noAnswer: 'The service did not answer. Please try again later.',
  made: (title) => `Made: ${title}`,
  all: 'all',
  ofThePast: 'Bulletins',
  empty: 'There is none yet. They are made by the clock, or above for a time of your choice.',
  more: 'Only the newest 200 are listed.',
  issue: (n) => `issue ${n}`,
  state: { draft: 'draft, unreviewed', signed: 'signed' },
  by: (who) => (who === 'heqing' ? 'by the clock' : `by ${who}`),
  mail: { waiting: 'waiting', sent: 'sent', failed: 'not delivered' },
  notMailed: 'not mailed',
  read: 'Read, print',
  docx: 'Word',
  xlsx: 'Excel',
  download: (format, title) => `Download ${format}: ${title}`,
  print: 'Print',
  back: 'All bulletins',
  gone: 'There is no such bulletin.',
  one: 'Bulletin',
  figure: (n) => `Figure ${n}`,
  note: (n) => `Note ${n}: `,
  madeOn: (day) => `made on ${day}`,
  signers: ['编制', '审核', '签发'],
  tableOf: (name) => `${name}, scrolls sideways`,
};

/** Words about bulletins in both languages. */
export const bulletinWords = { zh, en };
