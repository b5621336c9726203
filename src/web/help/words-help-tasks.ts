/** Who does what? Tasks × roles; a test holds each `do` to what the role's account may really do. */

/** The columns: roles of accounts, by what they are. */
export const DOERS = ['maintenance', 'officer', 'reviewer', 'chief', 'operator', 'auditor', 'admin'] as const;
export type Doer = (typeof DOERS)[number];

/** One row. `route`: what somebody who does it asks the service for; `null` where it is done outside the page. */
export interface Task {
  readonly zh: string;
  readonly en: string;
  readonly route: string | null;
  readonly do: readonly Doer[];
  readonly decide: Doer;
  readonly know: readonly Doer[];
}

export const TASKS: readonly Task[] = [
  {
    zh: '看运行状态、缺数和拒收',
    en: 'Look at health, gaps, refused data',
    route: 'GET /api/v1/receipts',
    do: ['maintenance', 'operator'],
    decide: 'officer',
    know: ['admin'],
  },
  {
    zh: '签收预警',
    en: 'Acknowledge alerts',
    route: 'POST /api/v1/alerts/:id/acknowledge',
    do: ['maintenance', 'operator', 'chief', 'officer'],
    decide: 'officer',
    know: ['reviewer'],
  },
  {
    zh: '处置:核实、整改',
    en: 'Cases: verify and mend',
    route: 'POST /api/v1/cases/:id/mend',
    do: ['maintenance', 'chief', 'officer'],
    decide: 'officer',
    know: ['reviewer'],
  },
  {
    zh: '处置:销号',
    en: 'Cases: close',
    route: 'POST /api/v1/cases/:id/close',
    do: ['chief', 'officer'],
    decide: 'officer',
    know: ['maintenance', 'reviewer'],
  },
  {
    zh: '登记维护',
    en: 'Enter maintenance',
    route: 'POST /api/v1/maintenance',
    do: ['maintenance', 'operator'],
    decide: 'maintenance',
    know: ['officer', 'reviewer'],
  },
  {
    zh: '比对',
    en: 'Comparison with the laboratory',
    route: 'POST /api/v1/comparisons',
    do: ['maintenance', 'reviewer'],
    decide: 'reviewer',
    know: ['officer'],
  },
  {
    zh: '初审',
    en: 'First review',
    route: 'POST /api/v1/review/days/:station/:date/first',
    do: ['maintenance', 'officer'],
    decide: 'officer',
    know: ['reviewer'],
  },
  {
    zh: '复核(不得是初审本人)',
    en: 'Second review (never by the same person)',
    route: 'POST /api/v1/review/days/:station/:date/second',
    do: ['reviewer'],
    decide: 'reviewer',
    know: ['officer', 'maintenance'],
  },
  {
    zh: '定稿',
    en: 'Sign a month',
    route: 'POST /api/v1/signed/:target/:period',
    do: ['officer', 'reviewer'],
    decide: 'reviewer',
    know: ['chief', 'auditor'],
  },
  {
    zh: '交接班',
    en: 'Hand duty over',
    route: 'POST /api/v1/handovers',
    do: ['maintenance', 'officer', 'operator'],
    decide: 'officer',
    know: [],
  },
  {
    zh: '账号与角色',
    en: 'Accounts and roles',
    route: 'POST /api/v1/accounts',
    do: ['admin'],
    decide: 'admin',
    know: ['auditor'],
  },
  {
    zh: '备份与恢复演练',
    en: 'Backups and restore drills',
    route: 'POST /api/v1/backup',
    do: ['operator', 'admin'],
    decide: 'admin',
    know: ['officer', 'auditor'],
  },
  {
    zh: '导出审计并核对',
    en: 'Export and verify the audit trail',
    route: 'GET /api/v1/audit/export',
    do: ['auditor'],
    decide: 'auditor',
    know: ['admin'],
  },
  {
    zh: '改配置(站点、限值、人员)',
    en: 'Change the config (stations, limits, people)',
    route: null,
    do: ['admin'],
    decide: 'officer',
    know: ['reviewer', 'auditor'],
  },
];
