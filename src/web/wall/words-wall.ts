/** Which words does the wall view use? */

/** Names of what takes turns, and what is said of the age of the data. */
export const wallWords = {
  zh: {
    panels: { targets: '达标率', river: '河段', alerts: '预警与报警' },
    turns: '轮播',
    choose: '显示',
    asOf: '数据截至',
    ago: (age: string) => `(${age})`,
    old: (age: string) => `数据已旧:最近的测值是 ${age}`,
    stale: (at: string, age: string) => `数据可能已过时:最后更新 ${at}(${age})`,
    none: '尚无数据',
    more: (n: number) => `另有 ${n} 条`,
    moreItems: (n: number) => `另 ${n} 项`,
    target: (c: string) => `目标${c}`,
    inProgress: '进行中',
  },
  en: {
    panels: { targets: 'Compliance', river: 'River', alerts: 'Alerts' },
    turns: 'In turn',
    choose: 'Show',
    asOf: 'Data as of',
    ago: (age: string) => `(${age})`,
    old: (age: string) => `Old data: the newest reading is from ${age}`,
    stale: (at: string, age: string) => `Possibly out of date: last updated ${at} (${age})`,
    none: 'No data yet',
    more: (n: number) => `${n} more`,
    moreItems: (n: number) => `+${n}`,
    target: (c: string) => `held to ${c}`,
    inProgress: 'In progress',
  },
};
