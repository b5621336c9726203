/** What does the service tell the pages of one alert and of a river chief, in tests of the pages? */
import type { AlertFileAnswer } from '../../src/adapters/http/contract/alert-file.js';
import type { CardAnswer, ChiefsAnswer } from '../../src/adapters/http/contract/chiefs.js';
import { alerts } from './fixtures.js';
import { AS_OF } from './station-fixtures.js';

const day = AS_OF.slice(0, 10);
const at = (clock: string): string => `${day}T${clock}:00+08:00`;
const words = (zh: string, en: string): { zh: string; en: string } => ({ zh, en });

/** The first alert, told to the village and the office; duty is next. */
export const alertFile: AlertFileAnswer = {
  asOf: AS_OF,
  alert: alerts[0]!,
  told: [
    {
      ...{ person: 'chief-changtan', name: '长潭村村级河长', nameEn: 'River chief of Changtan Village', step: 1 },
      ...{ why: '', whyEn: '', state: 'sent', at: at('08:41') },
    },
    {
      ...{ person: 'town-office', name: '镇环保办', nameEn: 'Town environment office', step: null },
      ...{ why: '没有为这一通知设置接收人', whyEn: 'nobody is set to hear of this', state: 'failed', at: at('08:41') },
    },
  ],
  next: { at: at('11:40'), step: 2, people: [{ id: 'duty-a', name: '值班员甲', nameEn: 'Duty officer A' }] },
  hushedBy: null,
  notices: [
    {
      ...{ id: 'n1', recipient: '长潭村村级河长', recipientEn: 'River chief of Changtan Village', channel: 'mail' },
      ...{ subject: '【超限】南坑河出境断面 氨氮 1.37 mg/L', reason: '', state: 'sent', attempts: 1, error: null },
      ...{ mergedInto: null, createdAt: at('08:41'), sentAt: at('08:41') },
    },
    {
      ...{ id: 'n2', recipient: '镇环保办', recipientEn: 'Town environment office', channel: 'mail' },
      ...{ subject: '【超限】南坑河出境断面 氨氮 1.37 mg/L', reason: '', state: 'failed', attempts: 3 },
      ...{ error: '550 no such user', mergedInto: null, createdAt: at('08:41'), sentAt: null },
    },
  ],
};

/** The card of a village as `pages.md` draws it. */
export const card: CardAnswer = {
  asOf: AS_OF,
  chief: { id: 'chief-changtan', name: '长潭村村级河长', nameEn: 'River chief of Changtan', step: 1, villages: ['长潭村'] },
  river: words('南坑河', 'Nankeng River'),
  sections: [
    {
      station: 'nankeng-out',
      name: words('南坑河出境断面', 'Nankeng River, outflow section'),
      class: 'II',
      current: { window: 'day', class: 'III' },
      target: 'III',
      nearest: {
        name: words('氨氮', 'Ammonia nitrogen'),
        ...{ value: 0.86, unit: 'mg/L', decimals: 2, time: at('10:00'), limit: '≤ 1.0', left: 0.14 },
      },
    },
  ],
  months: [
    {
      section: words('南坑河出境断面', 'outflow'),
      item: words('氨氮', 'Ammonia nitrogen'),
      ...{ unit: 'mg/L', mean: '0.71', daysLeft: 8, high: '1.79', low: null, possible: true },
    },
  ],
  years: [
    {
      target: words('南坑河五陂段水质达标率', 'River'),
      ...{ basis: 'section-month', met: 10, exceeded: 0, rate: 100, goal: 100, status: 'met' },
    },
    {
      target: words('农村饮用水水质达标率', 'Drinking water'),
      ...{ basis: 'sample', met: 46, exceeded: 0, rate: 100, goal: 100, status: 'met' },
    },
  ],
  along: {
    parameter: 'nh3n',
    item: words('氨氮', 'Ammonia nitrogen'),
    ...{ unit: 'mg/L', decimals: 2, rain24: 3.5, travel: '传输时间约 5 小时' },
    sections: [
      { name: words('南坑河入境断面', 'inflow'), value: 0.31 },
      { name: words('南坑河中段断面', 'middle'), value: 0.52 },
      { name: words('南坑河出境断面', 'outflow'), value: 0.86 },
    ],
    course: [0.3, 0.32, null, 0.35, 0.41, 0.62, 0.8].map((mean, i) => ({ date: `2026-11-${16 + i}`, mean })),
  },
  cases: { open: 3, overdue: 1, oldestDays: 6 },
  patrols: { person: 'chief-changtan', from: at('00:00'), to: at('00:00'), due: 1, patrols: [] },
  data: { online: 17, stations: 18, valid: 96.4, toReview: 4 },
  standing: [
    {
      alert: 'a1',
      what: words('南坑河出境断面 氨氮', 'outflow, ammonia nitrogen'),
      reason: words('单次测值 1.37 mg/L,超Ⅲ类限值(1.0)0.37 倍', 'one value over its limit'),
      ...{ kind: 'limit', severity: 'over', since: at('08:40'), isAcknowledged: false },
    },
  ],
  proven: null,
};

/** Two chiefs. */
export const chiefs: ChiefsAnswer = {
  asOf: AS_OF,
  chiefs: [
    {
      ...{ id: 'town-chief', name: '镇级河长', nameEn: 'Town river chief', step: 4, villages: [] },
      ...{ patrols: null, cases: { open: 4, overdue: 1, oldestDays: 6 }, standing: 1, section: null },
    },
    {
      ...card.chief,
      ...{ patrols: { due: 1, done: 0 }, cases: { open: 3, overdue: 1, oldestDays: 6 }, standing: 0, section: card.sections[0]! },
    },
  ],
};
