/** What does a rate say of the laboratory beside its instruments? */
import type { RateComparisonView } from '../../adapters/http/contract/contract.js';

type Known = NonNullable<RateComparisonView>;

/** 最近比对 11-05 合格, and what waits. `when`: the day as the page prints it. */
export const comparisonWords = {
  zh: {
    last: (when: string, { passed, failed }: Known) =>
      `最近比对 ${when} ${passed === false ? `不合格(${failed.map(({ zh }) => zh).join('、')})` : '合格'}`,
    none: '尚无比对',
    waiting: ({ waiting, items }: Known) => (items === 1 ? '待比对' : `待比对 ${waiting}/${items} 项`),
    series: (when: string, passed: boolean) => `${when} ${passed ? '合格' : '不合格'}`,
    due: '待比对',
  },
  en: {
    last: (when: string, { passed, failed }: Known) =>
      `last compared with the laboratory ${when}: ${passed === false ? `failed (${failed.map(({ en }) => en).join('; ')})` : 'passed'}`,
    none: 'never compared with the laboratory',
    waiting: ({ waiting, items }: Known) => (items === 1 ? 'comparison due' : `${waiting} of ${items} items to compare`),
    series: (when: string, passed: boolean) => `${when} ${passed ? 'passed' : 'failed'}`,
    due: 'comparison due',
  },
};
