/**
 * Why was a message or a value refused, in the language of the page?
 *
 * A refusal is kept with the sentence that its decoder wrote, which names the device's own words. Those sentences are few, so
 * they are told again here in Chinese; one that is not known stays as it was written.
 */
import { isoAt, offsetMinutes, when, type IsoTime } from '../format.js';
import { language } from '../preferences.js';

const KINDS: Readonly<Record<string, string>> = {
  nothing: '空缺',
  null: 'null',
  'an array': '数组',
  'an object': '对象',
  seconds: '秒',
  milliseconds: '毫秒',
  microseconds: '微秒',
  nanoseconds: '纳秒',
};
const kind = (found: string): string => KINDS[found] ?? found;

/** What a device wrote, in quotes; it may hold anything. */
const Q = '("(?:[^"\\\\]|\\\\.)*"…?)';
const TIME_RIGHT = '应写成 "2026-11-23T08:00:00+08:00",或用数字写秒或毫秒';

/** Tried from the top; `clock` prints an instant that the decoder wrote in UTC by the site's clock. */
const SAID: readonly (readonly [RegExp, (match: string[], clock: (utc: string) => string) => string])[] = [
  [
    new RegExp(`^topic ${Q}: heqing/\\{station\\}/readings is right$`),
    ([, topic]) => `主题 ${topic} 应为 heqing/{站点}/readings`,
  ],
  [new RegExp(`^topic ${Q}: no station of this id in the config$`), ([, topic]) => `主题 ${topic} 的站点不在配置中`],
  [/^this device may not speak for (.+)$/, ([, station]) => `这台设备无权代 ${station} 发送`],
  [/^(\d+) bytes; a message may hold (\d+) \(256 KiB\)$/, ([, n]) => `报文 ${n} 字节,最多 256 KiB`],
  [/^(\d+) values; a message may hold (\d+)$/, ([, n, most]) => `报文有 ${n} 个值,最多 ${most} 个`],
  [/^the payload is empty$/, () => '报文是空的'],
  [
    new RegExp(`^(\\d+) bytes that begin with ${Q} are no JSON in UTF-8$`),
    ([, n, start]) => `共 ${n} 字节,开头是 ${start},不是 UTF-8 的 JSON`,
  ],
  [/^an array without an object$/, () => '数组里没有对象'],
  [/^(.+) where an object with "values" should stand$/, ([, found = '']) => `此处应为带 "values" 的对象,收到的是 ${kind(found)}`],
  [/^and (\d+) more values?$/, ([, n]) => `另有 ${n} 个值`],
  [/^no "values"$/, () => '没有 "values"'],
  [/^"values" holds nothing$/, () => '"values" 里没有值'],
  [
    /^"(values|marks|sampled|source)" is (.+); right is (?:e\.g\. )?(.+)$/,
    ([, field, found = '', right = '']) => `"${field}" 是 ${kind(found)},应写成 ${right.replace(' or ', ' 或 ')}`,
  ],
  [
    new RegExp(`^different marks for one parameter under ${Q} and ${Q}$`),
    ([, a, b]) => `同一指标以 ${a} 和 ${b} 给出了不同的数据标识`,
  ],
  [
    new RegExp(`^different "sampled" for one parameter under ${Q} and ${Q}$`),
    ([, a, b]) => `同一指标以 ${a} 和 ${b} 给出了不同的采样时间`,
  ],
  [
    new RegExp(`^the mark of ${Q} is (.+); right is one of (.+)$`),
    ([, key, found = '', right]) => `${key} 的数据标识是 ${kind(found)},应为 ${right} 之一`,
  ],
  [new RegExp(`^no parameter ${Q} in the config$`), ([, key]) => `指标 ${key} 不在配置中`],
  [
    new RegExp(`^${Q} is (\\S+), but (\\S+) was given as (\\S+) under another of its names$`),
    ([, key, value, code, other]) => `${key} 是 ${value},而同一指标(${code})以另一名称给出的是 ${other}`,
  ],
  [
    new RegExp(`^${Q} is the text ${Q}: send the number without quotes$`),
    ([, key, text]) => `${key} 是文本 ${text}:数值不要加引号`,
  ],
  [new RegExp(`^${Q} is a number in quotes: send it without them$`), ([, text]) => `时间 ${text} 是加了引号的数字:请去掉引号`],
  [new RegExp(`^${Q} is no finite number$`), ([, key]) => `${key} 不是有限的数值`],
  [new RegExp(`^${Q} is (.+); right is a number$`), ([, key, found = '']) => `${key} 是 ${kind(found)},应为数值`],
  [/^no "time": in an array of more than one object each needs it$/, () => '没有 "time":数组里有多个对象时,每个都要有时间'],
  [/^"sampled" of ("(?:[^"\\]|\\.)*"…?): (.+)$/s, ([, key, rest = ''], clock) => `${key} 的采样时间:${inChinese(rest, clock)}`],
  [/^(.+) is no time: e\.g\. .+$/, ([, found = '']) => `${kind(found)} 不是时间,${TIME_RIGHT}`],
  [new RegExp(`^${Q} is no day of the calendar$`), ([, text]) => `${text} 的日期不存在`],
  [new RegExp(`^${Q} is no time of day$`), ([, text]) => `${text} 的钟点不存在`],
  [new RegExp(`^${Q} has an offset that no zone has$`), ([, text]) => `${text} 的时区不存在`],
  [new RegExp(`^${Q} has no offset: .+$`), ([, text]) => `${text} 没有时区:请加上,如 +08:00,或在站点配置中写明设备的时区`],
  [new RegExp(`^${Q} lies before the year 2000$`), ([, text]) => `${text} 早于 2000 年`],
  [
    /^(\S+) looks like (\w+) since 1970: send seconds or milliseconds$/,
    ([, n, unit = '']) => `${n} 像是 1970 年起的${kind(unit)}数:应以秒或毫秒发送`,
  ],
  [
    /^(\S+) is neither seconds nor milliseconds of a time between 2000 and 2100$/,
    ([, n]) => `${n} 不是 2000–2100 年间以秒或毫秒计的时间`,
  ],
  [
    /^(\S+) is more than 10 min ahead of (\S+): is the device's clock right\?$/,
    ([, at = '', now = ''], clock) => `测量时间 ${clock(at)} 比收到时的 ${clock(now)} 超前 10 分钟以上,请查设备时钟`,
  ],
  [
    /^(\S+) is older than the (\d+) days that are kept$/,
    ([, at = '', days], clock) => `测量时间 ${clock(at)} 早于 ${days} 天的保存期限`,
  ],
  [/^归档库的保留期已过 older than what the archive keeps: (.+)$/s, ([, why]) => `归档库的保留期已过:${why}`],
  [/^归档拒收 refused by the archive: (.+)$/s, ([, why]) => `归档拒收:${why}`],
];

/** Between the refusals of one message; not what belongs to one of them, and not what a device wrote. */
const NEXT = /; (?!right is |a message may )(?=(?:[^"]*"[^"]*")*[^"]*$)/;

function oneInChinese(detail: string, clock: (utc: string) => string): string {
  for (const [pattern, say] of SAID) {
    const match = pattern.exec(detail);
    if (match !== null) return say([...match], clock);
  }
  return detail;
}

const inChinese = (detail: string, clock: (utc: string) => string): string =>
  detail
    .split(NEXT)
    .map((one) => oneInChinese(one, clock))
    .join(';');

/** The sentence of a refusal in the language of the page, its times by the site's clock. */
export function refusalIn(detail: string, now: IsoTime): string {
  if (language.value === 'en') return detail;
  const clock = (utc: string): string => {
    const at = Date.parse(utc);
    return Number.isNaN(at) ? utc : when(isoAt(at, offsetMinutes(now)), now);
  };
  return inChinese(detail, clock);
}
