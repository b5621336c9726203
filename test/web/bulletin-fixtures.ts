/** Which bulletins does the page's test look at? A signed month, and a daily that somebody did not get. */
import type { BulletinAnswer, BulletinHead, BulletinsAnswer } from '../../src/adapters/http/contract/bulletins.js';
import { dayBulletin } from '../../src/domain/bulletins/day.js';
import { riverMonthBulletin } from '../../src/domain/bulletins/river-month.js';
import type { Bulletin } from '../../src/domain/bulletins/bulletin.js';
import { dayFacts, riverFacts } from '../support/bulletin-facts.js';

const file = { bytes: 20_000, hash: 'a'.repeat(64) };
const month = riverMonthBulletin(
  riverFacts({
    signed: { edition: 1, by: 'officer', on: '2026-11-02', hash: 'abc123abc123', despite: ['有站点日未审核 2(已现场核对)'] },
  }),
);
const daily = dayBulletin(dayFacts());

const head = (bulletin: Bulletin, over: Partial<BulletinHead>): BulletinHead => {
  const { kind, period, title, periodText, state, stateText, headline } = bulletin;
  return {
    ...{ id: '1', issue: 1, kind, period, title, periodText, state, stateText, headline, by: 'heqing' },
    ...{ at: '2026-11-02T15:00:05+08:00', scheduled: true, templateTrouble: null, files: { docx: file, xlsx: file }, mails: [] },
    ...over,
  };
};

const heads = [
  head(daily, {
    id: '4',
    at: '2026-11-23T08:00:10+08:00',
    mails: [
      { recipient: '镇环保办', state: 'sent', sentAt: '2026-11-23T08:00:12+08:00', error: null },
      { recipient: '运维', state: 'failed', sentAt: null, error: 'no such mailbox' },
    ],
  }),
  head(month, {
    id: '3',
    issue: 2,
    by: 'officer',
    scheduled: false,
    templateTrouble: '模板 templates/river-month.docx 读不到。已改用内置模板。',
  }),
];

/** The list. */
export const bulletins: BulletinsAnswer = {
  asOf: '2026-11-23T10:32:05+08:00',
  waiting: [{ kind: 'week', period: '2026-W47', why: '历史数据库暂不可用' }],
  kinds: [
    {
      ...{ kind: 'day', title: '数据到报日报', at: '08:00', weekday: null, day: null, to: ['镇环保办', '运维'] },
      ...{ template: 'day.docx', templateTrouble: null },
    },
    {
      ...{ kind: 'week', title: '周报', at: '08:10', weekday: 1, day: null, to: [], template: null, templateTrouble: null },
    },
    {
      ...{ kind: 'river-month', title: month.title, at: '09:00', weekday: null, day: 3, to: ['镇环保办'] },
      ...{ template: 'river-month.docx', templateTrouble: '模板 templates/river-month.docx 读不到。已改用内置模板。' },
    },
  ],
  bulletins: heads,
  more: false,
};

/** The signed month, whole. */
export const monthly: BulletinAnswer = {
  ...heads[1]!,
  bulletin: JSON.parse(JSON.stringify(month)) as BulletinAnswer['bulletin'],
};
