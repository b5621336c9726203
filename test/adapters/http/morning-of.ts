/** What does a river chief's morning look like to tests of HTTP? One of each thing that the card shows. */
import type { Morning } from '../../../src/domain/alerting/morning-facts.js';
import type { Person } from '../../../src/domain/people.js';
import type { Instant } from '../../../src/domain/time.js';
import type { Report } from '../../../src/pipeline/reporting/report.js';
import { wupi } from '../../support/wupi.js';

const words = (zh: string, en: string): { zh: string; en: string } => ({ zh, en });

/** The same for every chief. */
export const morningOf = (person: Person, now: Instant): Morning => ({
  site: wupi,
  now,
  link: 'http://127.0.0.1:3000/',
  onDuty: [],
  whyYou: words(person.name, person.nameEn),
  river: words('南坑河五陂段', 'Nankeng River'),
  sections: [
    {
      station: 'nankeng-out',
      name: words('南坑河出境断面', 'outflow'),
      class: 'III',
      target: 'III',
      nearest: {
        name: words('氨氮', 'Ammonia nitrogen'),
        ...{ value: 0.86, unit: 'mg/L', decimals: 2, time: now - 600_000, limit: '≤ 1.0', left: 0.14 },
      },
    },
  ],
  months: [],
  years: [],
  along: {
    parameter: 'nh3n',
    item: words('氨氮', 'Ammonia nitrogen'),
    ...{ unit: 'mg/L', decimals: 2, rain24: 3.5 },
    sections: [{ station: 'nankeng-out', name: words('南坑河出境断面', 'outflow'), value: 0.86 }],
  },
  cases: { open: 3, overdue: 1, oldestDays: 6 },
  patrols: null,
  data: { online: 17, stations: 18, valid: 96.4, toReview: 4 },
  standing: [
    {
      alert: 'a1',
      what: words('南坑河出境断面 氨氮', 'outflow, ammonia nitrogen'),
      reason: words('超限', 'over its limit'),
      ...{ kind: 'limit', severity: 'over', since: now - 3_600_000, isAcknowledged: false },
    },
  ],
  night: [],
  proven: null,
});

/** An open day that is worse than the last judged one. */
export const currentOf: Report['current'] = () => ({
  ...{ window: 'day', start: '2026-11-23T00:00:00+08:00', end: '2026-11-24T00:00:00+08:00' },
  ...{ validCount: 1, dueCount: 30, class: 'IV' },
});
