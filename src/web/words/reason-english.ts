/**
 * How are the service's reasons said in English?
 *
 * A reason is kept with its verdict as the sentence that the office reads. The sentences are few and built from one another,
 * so they are told again here, and nothing is judged anew; one that is not known stays as it was written.
 */
/** English name of an item or station by its Chinese one; the Chinese one where there is no other. */
export type NameIn = (zh: string) => string;

const WHOLE: Readonly<Record<string, string>> = {
  无数据: 'no data',
  无有效数据: 'no valid data',
  无限值: 'no limit',
  无有效评价: 'nothing could be judged',
  有效数据不足: 'too few valid data',
  '缺水温,饱和度未定': 'no water temperature, so saturation is open',
  '缺水温,限值未定': 'no water temperature, so the limit is open',
  缺背景值: 'no background value',
  缺许可限值: 'no permit limit',
  缺限值: 'no limit',
  限值待确认: 'limit not yet confirmed',
  没有可判定的项目: 'no item could be judged',
  暂无化验结果: 'no laboratory results yet',
  化验结果均未能判定: 'no laboratory result could be judged',
  尚无数据: 'no data yet',
  尚未开始监测: 'monitoring had not begun',
  首个评价时段尚未结束: 'the first window has not ended',
  评价时段均不参评: 'every window is excused',
  有整月没有可判定的评价时段: 'a whole month without a judged window',
  从未收到数据: 'no data ever came',
  余下各日均不参评: 'the days left are all excused',
  余下各日已不影响达标: 'the days left can no longer lose it',
  '国标法分析仪,无合格比对': 'standard analyser without a passed comparison',
  '电极法,无合格比对': 'electrode without a passed comparison',
  '光谱法,无合格比对': 'spectral method without a passed comparison',
  // What the shipped config and every page say of their figures.
  按化验水样: 'by laboratory sample',
  参考: 'for reference',
  '按日均值,参考': 'by day means, for reference',
  管理阈值: 'management threshold',
  待区局确认: 'to be confirmed by the district bureau',
  待许可证确认: 'to be confirmed by the permit',
  '自动监测原始数据,未经审核,仅供内部工作参考': 'raw automatic data, not reviewed, internal use only',
  待审: 'waits for review',
  '已初审,待复核': 'first review done, waits for the second',
  '审核后数据有变,待重新审核': 'changed since its review, waits for another',
  正常: 'works',
  接收正常: 'takes readings',
  还没有备份: 'no backup yet',
  传输时间未知: 'travel time unknown',
  '传输时间未知,按同日比较': 'travel time unknown, compared by the same day',
  小时均值: 'hour mean',
  日均值: 'day mean',
  流量加权日均值: 'flow-weighted day mean',
  日最大8小时平均: 'highest 8-hour mean of the day',
  月均值: 'month mean',
  季均值: 'quarter mean',
  年均值: 'year mean',
  日均值第90百分位数: '90th percentile of day means',
  日均值第95百分位数: '95th percentile of day means',
  日均值第98百分位数: '98th percentile of day means',
  时段均值: 'mean of the window',
  化验值: 'laboratory value',
};

const listed = (zh: string, name: NameIn): string => zh.split('、').map(name).join(', ');

/** Sentences with something in them, tried from the top. */
const BUILT: readonly (readonly [RegExp, (match: string[], name: NameIn) => string | null])[] = [
  [/^未判定[::](.+)$/, ([, rest = ''], name) => inEnglish(rest, name)],
  [/^≥ (.+)$/, ([, rest = ''], name) => before('≥ ', inEnglish(rest, name))],
  [/^有效数据不足\((\d+)\/(\d+)\)$/, ([, n, due]) => `too few valid data (${n}/${due})`],
  [/^(\d+) 项自动监测\(非 21 项全评价\)$/, ([, n]) => `${n} items on line, not all 21`],
  [/^(.+)[::]正常,(\d+) 条测值待处理$/, ([, part, n]) => `${part}: works, ${n} readings wait`],
  [/^(.+)[::]正常,(\d+) 封待发$/, ([, part, n]) => `${part}: works, ${n} mails wait`],
  [/^传输时间约 (\S+) 小时$/, ([, hours]) => `about ${hours} h on the way`],
  [
    /^传输时间约 (\S+) 小时,不足一日的部分按同日比较$/,
    ([, hours]) => `about ${hours} h on the way, parts of a day compared by the same day`,
  ],
  [
    /^传输时间约 (\S+) 小时,出境按晚 (\d+) 日比较$/,
    ([, hours, days]) => `about ${hours} h on the way, the outflow compared ${days} d later`,
  ],
  [/^检出限 (\S+) 高于限值$/, ([, limit]) => `detection limit ${limit} is above the limit`],
  [/^待重算,还有 (\d+) 个评价时段正在计算$/, ([, n]) => `being judged again, ${n} windows to go`],
  [/^有效评价比例 (\S+) %,不足 (\S+) %$/, ([, is, least]) => `${is} % judged, under ${least} %`],
  [/^当日允许超过 (\d+) 次,本次为第 (\d+) 次$/, ([, n, nth]) => `${n} allowed a day; this was number ${nth}`],
  [
    /^相对湿度 (\d+) % 高于 (\d+) %,光散射测值存疑$/,
    ([, is, most]) => `humidity ${is} % is above ${most} %, optical values are doubtful`,
  ],
  [/^余下各日无论多少,均值都超[过出]限值 (.+)$/, ([, limit]) => `whatever the days left bring, the mean is beyond ${limit}`],
  [/^人工剔除 (\d+) 条\(其中超限 (\d+) 条\)$/, ([, n, over]) => `${n} taken out by people (${over} of them over)`],
  [/^(.+),(\d{4}-\d\d-\d\d) 比对不合格$/, ([, , day]) => `comparison of ${day} failed`],
  [/^(.+) 之后没有数据$/, ([, since]) => `no data since ${since}`],
  [/^缺项[::](.+)$/, ([, items = ''], name) => `missing items: ${listed(items, name)}`],
  [
    /^未计入[::](.+)\((.+)\)$/,
    ([, items = '', why = ''], name) => before(`not counted: ${listed(items, name)} (`, inEnglish(why, name), ')'),
  ],
  // What happened, and in brackets where: `有效数据不足(大田村水厂:缺限值;…)`.
  [
    /^([^(]+)\((.+)\)$/,
    ([, what = '', where = ''], name) => {
      const head = inEnglish(what, name);
      return head === null ? null : before(`${head} (`, inEnglish(where, name), ')');
    },
  ],
  [/^([^::]+)[::](.+)$/, ([, place = '', why = ''], name) => before(`${name(place)}: `, inEnglish(why, name))],
  [
    /^(.+?)((?:无数据|无有效数据|无限值|有效数据不足|检出限 |缺水温,).*)$/,
    ([, items = '', why = ''], name) => before(`${listed(items, name)}: `, inEnglish(why, name)),
  ],
];

const before = (head: string, text: string | null, tail = ''): string | null => (text === null ? null : head + text + tail);

/** Splits at semicolons that stand in no bracket. */
function clauses(text: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const letter of text) {
    depth += letter === '(' ? 1 : letter === ')' ? -1 : 0;
    if (depth === 0 && letter === ';') parts.push('');
    else parts[parts.length - 1] += letter;
  }
  return parts;
}

function clause(text: string, name: NameIn): string | null {
  const whole = WHOLE[text];
  if (whole !== undefined) return whole;
  for (const [pattern, say] of BUILT) {
    const match = pattern.exec(text);
    const said = match === null ? null : say([...match], name);
    if (said !== null) return said;
  }
  return null;
}

/** A reason of the service in English; `null` when one of its sentences is not known here. */
export function inEnglish(text: string, name: NameIn): string | null {
  const said = clauses(text).map((part) => clause(part, name));
  return said.includes(null) ? null : said.join('; ');
}
