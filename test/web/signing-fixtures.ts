/** What does the service tell the pages of a month that is signed and was corrected since, in tests of the pages? */
import type { BoardAnswer } from '../../src/adapters/http/contract/accounts.js';
import type { SignedMonthAnswer, SigningPreview } from '../../src/adapters/http/contract/signing.js';

const start = '2026-10-01T00:00:00+08:00';
const end = '2026-11-01T00:00:00+08:00';

const finding = (value: number, outcome: 'met' | 'exceeded'): SigningPreview['windows'][number]['findings'][number] => ({
  ...{ parameter: 'nh3n', name: '氨氮', statistic: '月均值', value, compared: value, unit: 'mg/L', limit: 1, limitText: '≤ 1.0' },
  ...{ times: null, outcome, reason: null, valid: 186, total: 186, filled: 31, due: 31, class: 'III', citation: 'GB 3838-2002' },
  ...{ clause: '表1 Ⅲ类', grade: 'verified', counted: true },
});
const window = (value: number, outcome: 'met' | 'exceeded'): SigningPreview['windows'][number] => ({
  ...{ station: 'nankeng-out', stationName: '南坑河出境断面', start, end, verdict: outcome, class: 'III', targetClass: 'III' },
  ...{ reason: null, findings: [finding(value, outcome)] },
});
const figure = (met: number): SigningPreview['figure'] => ({
  ...{ target: 'river', name: '南坑河五陂段水质达标率', nameEn: 'Nankeng River in Wupi', kind: 'target', period: '2026-10' },
  ...{ window: 'month', basis: 'section-month', goal: 100, minCapture: 90, note: '5 项自动监测(非 21 项全评价)', reason: null },
  ...{ rate: met * 100, met, exceeded: 1 - met, undetermined: 0, excused: 0, due: 1, capture: 100 },
  ...{ status: met === 1 ? 'met' : 'missed', good: { rate: 100, good: 1, classed: 1 }, process: null, excuses: [] },
  ...{ setAside: { total: 3, over: 2, maintenance: 1, review: 2 }, wholeEvidence: true },
});
const signature: SignedMonthAnswer['editions'][number] = {
  ...{ edition: 1, by: 'officer', at: '2026-11-05T09:30:00+08:00', note: '', hash: '51ff4be7'.repeat(8) },
  despite: [
    {
      ...{ kind: 'unreviewed', count: 1, reason: '由监测站补审' },
      words: { zh: '有站点日未审核', en: 'station-days are not reviewed' },
    },
  ],
};
const corrections: SignedMonthAnswer['corrections'] = [
  {
    ...{ station: 'nankeng-out', stationName: '南坑河出境断面', start, end, at: '2026-11-06T10:00:00+08:00' },
    from: { verdict: 'met', class: 'III', excused: false },
    to: { verdict: 'exceeded', class: 'IV', excused: false },
    items: [
      {
        ...{ parameter: 'nh3n', name: '氨氮', statistic: '月均值', unit: 'mg/L', limitText: '≤ 1.0' },
        from: { value: 0.77, outcome: 'met' },
        to: { value: 1.2, outcome: 'exceeded' },
      },
    ],
    reason: '更正 114 条测值',
  },
];

/** The month as it was signed. */
export const signedOctober: SignedMonthAnswer = {
  ...{ ...signature, target: 'river', period: '2026-10', intact: true, editions: [signature], corrections },
  snapshot: { ...figure(1), windows: [window(0.77, 'met')] },
  live: figure(0),
};

/** The month as it could be signed again, with something of every kind in the way that is not absolute. */
export const october: SigningPreview = {
  ...{ target: 'river', name: '南坑河五陂段水质达标率', nameEn: 'Nankeng River in Wupi', period: '2026-10', edition: 2 },
  ...{ hash: '8bb85e02'.repeat(8), figure: figure(0), windows: [window(1.2, 'exceeded')], signed: signature, corrections },
  hindrances: [
    {
      ...{ kind: 'unreviewed', absolute: false, count: 2, words: { zh: '有站点日未审核', en: 'station-days are not reviewed' } },
      items: ['2026-10-01', '2026-10-02'].map((date) => ({
        ...{ subject: '南坑河出境断面', station: 'nankeng-out', date, text: '待审', case: null },
      })),
    },
    {
      ...{ kind: 'open-cases', absolute: false, count: 1, words: { zh: '有处置单未销号', en: 'cases are open' } },
      items: [
        {
          subject: '南坑河出境断面',
          station: 'nankeng-out',
          date: null,
          text: '处置单 2026-0001 未销号:氨氮超限',
          case: '2026-0001',
        },
      ],
    },
  ],
  refused: null,
};

const published = {
  ...{ target: '南坑河五陂段水质达标率', targetEn: 'Nankeng River in Wupi', basis: 'section-month', window: 'month', rate: 100 },
  ...{ met: 1, exceeded: 0, undetermined: 0, excused: 0, due: 1, capture: 100 },
  setAside: { total: 12, over: 3 },
} satisfies Partial<BoardAnswer['figures'][number]>;

/** The public board with one signed month. */
export const board: BoardAnswer = {
  ...{ name: '五陂镇', nameEn: 'Wupi', publisher: '萍乡市安源生态环境局', approver: null, asOf: '2026-11-23T10:32:07+08:00' },
  reaches: [{ id: 'wupi', name: '南坑河五陂段', sections: [{ name: '南坑河出境断面', targetClass: 'III' }] }],
  targets: [{ name: '南坑河五陂段水质达标率', nameEn: 'Nankeng River in Wupi', goal: 100 }],
  figures: [
    {
      ...{ ...published, period: '2026-10', edition: 2, signedBy: '萍乡市安源生态环境局', signedOn: '2026-11-05' },
      despite: [{ kind: 'unreviewed', count: 31 }],
      sections: [{ name: '南坑河出境断面', class: 'III', targetClass: 'III', verdict: 'met', excused: false }],
    },
  ],
  years: [{ ...published, year: '2026', months: 1 }],
  notice: '仅公布定稿数据',
};
