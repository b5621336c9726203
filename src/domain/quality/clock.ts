/** Can the times that a device writes be believed? Its clock, judged by when its messages arrive. */
import { DAY, HOUR, type Instant, MINUTE, SECOND } from '../time.js';

/** What one message shows of its device's clock. */
export interface ClockSign {
  readonly received: Instant;
  /** `timed`: it named `time`, taken or refused; `timeless`: none, the arrival stands for it; else its number was in that unit. */
  readonly kind: 'timed' | 'timeless' | 'microseconds' | 'nanoseconds';
  readonly time: Instant;
  /** Its first value, by which a repetition is told from another measurement; `null` when the message was refused. */
  readonly parameter: string | null;
  readonly value: number | null;
}

/** Same-parameter messages whose times lie together. */
interface Together {
  readonly parameter: string;
  readonly value: number;
  readonly time: Instant;
  /** Messages with another value than the one before. */
  readonly changes: number;
  readonly firstReceived: Instant;
  readonly lastReceived: Instant;
  /** How long the station had been silent before the first, ms. */
  readonly silence: number;
}

/** What is remembered of a station's clock; a few hundred bytes, whatever it sends. */
export interface ClockMemory {
  /** Received − measured, ms, of the last messages with a time of their own, oldest first. */
  readonly recent: readonly { readonly received: Instant; readonly time: Instant }[];
  /** Least lateness (ms) in each two hours of arrivals: the delay of the line left out, as far as it can be. */
  readonly course: readonly { readonly at: Instant; readonly lateness: number }[];
  readonly unit: { readonly kind: 'microseconds' | 'nanoseconds'; readonly since: Instant } | null;
  /** Messages of exactly one time. */
  readonly same: Together | null;
  /** Messages that came in one go. */
  readonly flock: Together | null;
  /** When a buffered burst last came under one time. */
  readonly burst: Instant | null;
  readonly timeless: boolean;
  readonly lastReceived: Instant | null;
}

/** Nothing heard yet. */
export const NO_CLOCK: ClockMemory = {
  recent: [],
  course: [],
  unit: null,
  same: null,
  flock: null,
  burst: null,
  timeless: false,
  lastReceived: null,
};

/** What is wrong with a clock. `offset`: ms it runs ahead (behind: negative); `perDay`: ms it gains a day. */
export type ClockFinding = { readonly since: Instant } & (
  | { readonly kind: 'microseconds' | 'nanoseconds' | 'stuck' | 'burst' | 'future' }
  | { readonly kind: 'hours' | 'minutes'; readonly offset: number }
  | { readonly kind: 'drifting'; readonly offset: number; readonly perDay: number }
);

/** Messages that are judged together, and how many are needed at least. */
const RECENT = 5;
const NEEDED = 3;
/** Ahead has no innocent cause beyond a second or two; behind may be an analyser that sends when it is done. */
const AHEAD = MINUTE;
const BEHIND = 5 * MINUTE;
/** A whole hour off: within so much of it. Farther than any zone is no zone. */
const HOUR_TOLERANCE = 2 * MINUTE;
const MOST_HOURS = 14;
/** Beyond this a message is refused as `from-the-future` (contract §3). */
const FUTURE = 10 * MINUTE;
/** Steps of the course, how many are kept, how many are needed, and what a drift must have gained over them. */
const STEP = 2 * HOUR;
const STEPS = 24;
const STEPS_NEEDED = 5;
const DRIFT = MINUTE;
/** Changed values under one time that cannot be corrections any more. */
const CHANGES = 3;
/** Messages that arrive within this came in one go. */
const GO = 10 * SECOND;
/** A burst is told for so long. */
const BURST_TOLD = DAY;

/**
 * Takes one message into account; O(1). `cadence`: ms between two due messages of the station. Messages must be given in the
 * order in which they arrived.
 */
export function observe(memory: ClockMemory, sign: ClockSign, cadence: number): ClockMemory {
  const { received, kind } = sign;
  const silence = memory.lastReceived === null ? 0 : received - memory.lastReceived;
  const heard = { ...memory, lastReceived: Math.max(received, memory.lastReceived ?? received) };
  if (kind === 'microseconds' || kind === 'nanoseconds') {
    return { ...heard, unit: memory.unit?.kind === kind ? memory.unit : { kind, since: received }, timeless: false };
  }
  const same = together(memory.same, sign, silence, (t) => t.time === sign.time);
  const flock = together(
    memory.flock,
    sign,
    silence,
    (t) =>
      GO < cadence &&
      received - t.lastReceived <= GO &&
      Math.abs(sign.time - t.time) <= GO &&
      Math.abs(received - sign.time) <= MINUTE,
  );
  let burst = isOneArrivalTime(same) || isBurst(flock, cadence) ? received : memory.burst;
  // What goes on and on was no burst but a device that is faster than its cadence.
  if (burst !== null && flock !== null && !isBurst(flock, cadence) && burst >= flock.firstReceived && !isOneArrivalTime(same)) {
    burst = null;
  }
  const next = { ...heard, unit: null, same, flock, burst, timeless: kind === 'timeless' };
  if (kind === 'timeless') return next;
  const isNew = memory.recent.at(-1)?.time !== sign.time;
  return isNew
    ? { ...next, recent: [...memory.recent, { received, time: sign.time }].slice(-RECENT), course: course(memory, sign) }
    : next;
}

function together(
  known: Together | null,
  { parameter, value, time, received }: ClockSign,
  silence: number,
  belongs: (known: Together) => boolean,
): Together | null {
  if (parameter === null || value === null) return known;
  if (known === null || !belongs(known)) {
    return { parameter, value, time, changes: 0, firstReceived: received, lastReceived: received, silence };
  }
  // One message a parameter is a usual way to send: only one parameter is followed. The same value again is a redelivery.
  if (known.parameter !== parameter || known.value === value) return known;
  return { ...known, value, time, changes: known.changes + 1, lastReceived: received };
}

/** After a silence of some cadences about as many measurements as it lacks, with times that lie together. */
const isBurst = (flock: Together | null, cadence: number): boolean =>
  flock !== null &&
  flock.silence >= 3 * cadence &&
  flock.changes >= CHANGES &&
  flock.changes + 1 <= (1.5 * flock.silence) / cadence + 2 &&
  flock.lastReceived - flock.firstReceived <= MINUTE;

const isOneArrivalTime = (same: Together | null): boolean =>
  same !== null &&
  same.changes >= CHANGES &&
  same.lastReceived - same.firstReceived <= MINUTE &&
  Math.abs(same.firstReceived - same.time) <= MINUTE;

function course(memory: ClockMemory, { received, time }: ClockSign): ClockMemory['course'] {
  const lateness = received - time;
  const at = Math.floor(received / STEP) * STEP;
  const last = memory.course.at(-1);
  if (last?.at !== at) return [...memory.course, { at, lateness }].slice(-STEPS);
  return lateness < last.lateness ? [...memory.course.slice(0, -1), { at, lateness }] : memory.course;
}

/** What is wrong with the clock at `now`, the gravest first; `null` when nothing is, or too little is known. */
export function diagnose(memory: ClockMemory, now: Instant): ClockFinding | null {
  if (memory.unit !== null) return memory.unit;
  const { same } = memory;
  if (same !== null && same.changes >= CHANGES && !isOneArrivalTime(same)) return { kind: 'stuck', since: same.firstReceived };
  const constant = constantOffset(memory.recent);
  if (constant?.kind === 'hours' || constant?.kind === 'future') return constant;
  const drift = drifting(memory.course);
  if (drift !== null) return { ...drift, since: constant?.since ?? drift.since };
  if (constant !== null) return constant;
  if (memory.burst !== null && now - memory.burst <= BURST_TOLD) return { kind: 'burst', since: memory.burst };
  return null;
}

/** The offset on which the last messages agree; late ones that catch up agree on none, because their lateness shrinks. */
function constantOffset(recent: ClockMemory['recent']): ClockFinding | null {
  if (recent.length < NEEDED) return null;
  const since = recent[0]!.received;
  const offsets = recent.map(({ received, time }) => time - received).sort((a, b) => a - b);
  if (offsets.length > NEEDED) {
    // One straggler may be left out: the line is slow at times.
    const [low, middle, high] = [offsets[0]!, median(offsets), offsets.at(-1)!];
    if (high - middle > middle - low) offsets.pop();
    else offsets.shift();
  }
  const offset = median(offsets);
  const times = recent.map(({ time }) => time);
  const span = Math.max(...times) - Math.min(...times);
  const agree = offsets.at(-1)! - offsets[0]! <= Math.min(5 * MINUTE, Math.max(5 * SECOND, span / 4));
  if (!agree) return offsets[0]! > FUTURE ? { kind: 'future', since } : null;
  const hours = Math.round(offset / HOUR);
  if (hours !== 0 && Math.abs(hours) <= MOST_HOURS && Math.abs(offset - hours * HOUR) <= HOUR_TOLERANCE) {
    return { kind: 'hours', offset: hours * HOUR, since };
  }
  if (offset >= AHEAD) return { kind: 'minutes', offset, since };
  // A backlog of moments agrees, too: a clock that is behind stays so.
  const lasts = recent.length === RECENT && recent.at(-1)!.received - since >= 2 * MINUTE;
  return offset <= -BEHIND && lasts ? { kind: 'minutes', offset, since } : null;
}

function drifting(course: ClockMemory['course']): (ClockFinding & { kind: 'drifting' }) | null {
  if (course.length < STEPS_NEEDED) return null;
  const points = course.map(({ at, lateness }) => [at, -lateness] as const);
  const slopes = points.flatMap(([t, a], i) => points.slice(i + 1).map(([u, b]) => (b - a) / (u - t)));
  // Theil–Sen: the median of all slopes does not mind a delayed hour.
  const slope = median(slopes.sort((a, b) => a - b));
  const [first, last] = [points[0]!, points.at(-1)!];
  const gained = slope * (last[0] - first[0]);
  if (Math.abs(gained) < DRIFT) return null;
  const base = median(points.map(([t, a]) => a - slope * (t - first[0])).sort((a, b) => a - b));
  const strays = points.filter(([t, a]) => Math.abs(a - base - slope * (t - first[0])) > Math.abs(gained) / 5);
  // A clock that was set once, or a line that was once slow, moves in a step and not along a line.
  if (strays.length > points.length / 8) return null;
  return { kind: 'drifting', offset: base + gained, perDay: slope * DAY, since: first[0] };
}

/** Of sorted numbers. */
const median = (sorted: readonly number[]): number => {
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
};

/** What is told in both languages of the page. */
interface Told {
  readonly zh: string;
  readonly en: string;
}

/** A finding in plain words for the page and the mail, in Chinese and in English. `zoneMinutes`: the site's offset from UTC. */
export function clockWords(finding: ClockFinding, zoneMinutes: number): Told {
  switch (finding.kind) {
    case 'microseconds':
      return {
        zh: '时间以微秒发送,数据被拒收:应为秒或毫秒',
        en: 'times are sent in microseconds and refused: seconds or milliseconds are right',
      };
    case 'nanoseconds':
      return {
        zh: '时间以纳秒发送,数据被拒收:应为秒或毫秒',
        en: 'times are sent in nanoseconds and refused: seconds or milliseconds are right',
      };
    case 'stuck':
      return {
        zh: '时钟停走:测值在变,时间不变,同一时刻只留下最后一个值',
        en: 'the clock stands still: values change, the time does not, and of one time only the last value is kept',
      };
    case 'burst':
      return {
        zh: '补发的数据用了同一个到达时间,疑似断线期间没有记录测量时间',
        en: 'values kept during an outage came under one time: probably it was not noted when they were measured',
      };
    case 'future':
      return {
        zh: '时间超前 10 分钟以上,数据被拒收,且超前多少不固定',
        en: 'times are more than 10 minutes ahead, by changing amounts, and refused',
      };
    case 'hours':
      return hourWords(finding.offset / HOUR, zoneMinutes);
    case 'minutes': {
      if (finding.offset < -365 * DAY)
        return { zh: '时钟停在多年以前,疑似电池失效', en: 'the clock stands years back: its battery is probably empty' };
      const late = finding.offset < 0;
      return {
        zh: `时钟${way(finding.offset).zh}约 ${length(finding.offset).zh}${late ? ',或仪器测完很久才发送' : ''}`,
        en: `the clock is about ${length(finding.offset).en} ${way(finding.offset).en}${late ? ', or the instrument sends long after it measured' : ''}`,
      };
    }
    case 'drifting':
      return {
        zh: `时钟在漂移:每天约${way(finding.perDay).zh} ${length(finding.perDay).zh},目前${way(finding.offset).zh}约 ${length(finding.offset).zh}`,
        en: `the clock ${finding.perDay > 0 ? 'gains' : 'loses'} about ${length(finding.perDay).en} a day, and is now about ${length(finding.offset).en} ${way(finding.offset).en}`,
      };
  }
}

const way = (ms: number): Told => (ms > 0 ? { zh: '快', en: 'fast' } : { zh: '慢', en: 'slow' });

function hourWords(hours: number, zoneMinutes: number): Told {
  const size = Math.abs(hours);
  const zh = `时钟${way(hours).zh} ${size} 小时`;
  const en = `the clock is ${size} h ${way(hours).en}`;
  const zone = zoneMinutes === 480 ? { zh: '北京时间', en: 'Beijing time' } : { zh: '当地时间', en: 'local time' };
  if (hours * 60 === zoneMinutes)
    return { zh: `${zh},疑似把${zone.zh}当作 UTC 发送`, en: `${en}: probably ${zone.en} is sent as UTC` };
  if (hours * 60 === -zoneMinutes)
    return { zh: `${zh},疑似把 UTC 时间当作${zone.zh}发送`, en: `${en}: probably UTC is sent as ${zone.en}` };
  return {
    zh: `${zh},疑似时区设置有误${hours === -1 ? ',或以时段的起点作为时间' : ''}`,
    en: `${en}: probably a wrong time zone${hours === -1 ? ', or the start of a period stands for its time' : ''}`,
  };
}

/** `40 秒`, `6 分钟`, `3 小时 20 分`, `12 天`. */
function length(ms: number): Told {
  const size = Math.abs(ms);
  if (size < 100 * SECOND) return { zh: `${Math.round(size / SECOND)} 秒`, en: `${Math.round(size / SECOND)} s` };
  const minutes = Math.round(size / MINUTE);
  if (minutes < 60) return { zh: `${minutes} 分钟`, en: `${minutes} min` };
  if (size < 2 * DAY) {
    const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
    return { zh: `${hours} 小时${rest === 0 ? '' : ` ${rest} 分`}`, en: `${hours} h${rest === 0 ? '' : ` ${rest} min`}` };
  }
  return { zh: `${Math.round(size / DAY)} 天`, en: `${Math.round(size / DAY)} days` };
}
