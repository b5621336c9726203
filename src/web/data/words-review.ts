/** Which words stand around the readings that wait for a person's decision? */

/** The list and the names of the checks. */
export const reviewWords = {
  zh: {
    heading: '待审测值',
    total: (n: number, shown: number) => (n > shown ? `共 ${n} 条,最新 ${shown} 条` : `共 ${n} 条`),
    why: '没有通过某项检查、还没有人作决定的测值。存疑的计入评价,无效的不计入。',
    none: '没有待审的测值。',
    station: '站点',
    item: '指标',
    time: '测量时间',
    value: '测值',
    quality: '质量',
    checks: '未通过的检查',
    since: '等待自',
    names: {
      'gross-range': '量程',
      'sampling-time': '采样时间',
      spike: '尖峰',
      'rate-of-change': '变化过快',
      'flat-line': '恒值',
      consistency: '指标间矛盾',
      interference: '干扰',
    } as Record<string, string>,
  },
  en: {
    heading: 'Readings to review',
    total: (n: number, shown: number) => (n > shown ? `${n} in all, the newest ${shown}` : `${n} in all`),
    why: 'Readings that failed a check and that nobody has decided about. Suspect ones count in verdicts, failed ones do not.',
    none: 'No reading waits for review.',
    station: 'Station',
    item: 'Parameter',
    time: 'Measured',
    value: 'Value',
    quality: 'Quality',
    checks: 'Checks not passed',
    since: 'Waiting since',
    names: {
      'gross-range': 'gross range',
      'sampling-time': 'sampling time',
      spike: 'spike',
      'rate-of-change': 'rate of change',
      'flat-line': 'flat line',
      consistency: 'consistency',
      interference: 'interference',
    } as Record<string, string>,
  },
};
