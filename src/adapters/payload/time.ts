/** Which instant does a device mean by what it wrote into `time`? */
import { DAY, HOUR, MINUTE, SECOND, type Instant } from '../../domain/time.js';
import { describe, quote } from './words.js';
import type { Refused } from './refusals.js';

/** 2000-01-01 and 2101-01-01 UTC in seconds: the years a number is believed to mean. */
const FIRST_SECOND = 946_684_800;
const END_SECOND = 4_133_980_800;

/** Farther from UTC than any zone of the world. */
const MAX_OFFSET_MINUTES = 14 * 60;

/** ISO 8601, extended or basic, seconds and their fraction optional, offset captured apart. */
const EXTENDED = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(Z|z|[+-]\d\d(?::?\d\d)?)?$/;
const BASIC = /^(\d{4})(\d\d)(\d\d)[Tt](\d\d)(\d\d)(?:(\d\d)(?:[.,](\d{1,9}))?)?(Z|z|[+-]\d\d(?::?\d\d)?)?$/;

const RIGHT = 'e.g. "2026-11-23T08:00:00+08:00", or epoch seconds or milliseconds as a number';

const bad = (detail: string): Refused => ({ reason: 'bad-time', detail });

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Minutes east of UTC of `Z`, `+08:00`, `+0800` or `+08`; `null` when no zone of the world is so far off. */
function offsetMinutes(text: string): number | null {
  if (text === 'Z' || text === 'z') return 0;
  const minutes = Number(text.slice(-2));
  const total = text.length === 3 ? Number(text.slice(1)) * 60 : Number(text.slice(1, 3)) * 60 + minutes;
  if (total > MAX_OFFSET_MINUTES || (text.length > 3 && minutes > 59)) return null;
  return text.startsWith('-') ? -total : total;
}

function fromText(text: string, deviceOffset: number | null): Instant | Refused {
  const match = EXTENDED.exec(text) ?? BASIC.exec(text);
  if (!match) {
    return bad(
      /^\d+$/.test(text.trim())
        ? `${quote(text)} is a number in quotes: send it without them`
        : `${quote(text)} is no time: ${RIGHT}`,
    );
  }
  const year = Number(match[1]);
  const month = Number(match[2]);
  const day = Number(match[3]);
  const hour = Number(match[4]);
  const minute = Number(match[5]);
  const second = match[6] === undefined ? 0 : Number(match[6]);
  // Digits beyond the millisecond are cut: an instant here has no finer part.
  const ms = match[7] === undefined ? 0 : Number(match[7].slice(0, 3).padEnd(3, '0'));
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return bad(`${quote(text)} is no day of the calendar`);
  // 24:00 is the end of a day in ISO 8601, and the way many stations in China name midnight.
  const clock = hour < 24 ? minute < 60 && second < 60 : hour === 24 && minute === 0 && second === 0 && ms === 0;
  if (!clock) return bad(`${quote(text)} is no time of day`);

  let offset = deviceOffset;
  if (match[8] !== undefined) {
    offset = offsetMinutes(match[8]);
    if (offset === null) return bad(`${quote(text)} has an offset that no zone has`);
  } else if (offset === null) {
    return {
      reason: 'no-time-zone',
      detail: `${quote(text)} has no offset: add one, e.g. +08:00, or let the station's config name the zone of its device`,
    };
  }
  const at = Date.UTC(year, month - 1, day) + hour * HOUR + minute * MINUTE + second * SECOND + ms - offset * MINUTE;
  // Before this a clock has lost its battery; a text beyond the range is simply in the future.
  if (at < FIRST_SECOND * SECOND)
    return { ...bad(`${quote(text)} lies before the year 2000`), refusedTime: { kind: 'timed', time: at } };
  return at;
}

function fromNumber(number: number): Instant | Refused {
  for (const [perSecond, unit] of [
    [1, 'seconds'],
    [1e3, 'milliseconds'],
    [1e6, 'microseconds'],
    [1e9, 'nanoseconds'],
  ] as const) {
    if (number < FIRST_SECOND * perSecond || number >= END_SECOND * perSecond) continue;
    if (perSecond <= 1e3) return Math.round((number / perSecond) * SECOND);
    const kind = perSecond === 1e6 ? 'microseconds' : 'nanoseconds';
    return {
      ...bad(`${number} looks like ${unit} since 1970: send seconds or milliseconds`),
      refusedTime: { kind, time: Math.round((number / perSecond) * SECOND) },
    };
  }
  return bad(`${number} is neither seconds nor milliseconds of a time between 2000 and 2100`);
}

/**
 * The instant a `time` or `sampled` field names: ISO 8601 with an offset, or without one where the device's own zone is
 * known (`deviceOffset`, minutes east of UTC); or epoch seconds or milliseconds as a number, told apart by which of the two
 * lies in the years 2000–2100. Else why not: `bad-time` or `no-time-zone`. Source: contract §3.
 */
export function readTime(found: unknown, deviceOffset: number | null): Instant | Refused {
  if (typeof found === 'string') return fromText(found, deviceOffset);
  if (typeof found === 'number') return fromNumber(found);
  return bad(`${describe(found)} is no time: ${RIGHT}`);
}

/** How far ahead of the service's clock a device's may run. */
const AHEAD = 10 * MINUTE;

/** Why an instant cannot be taken at `now`: `from-the-future`, `too-old` (when `retentionDays` is set), or `null`. */
export function refuseInstant(at: Instant, now: Instant, retentionDays: number | null): Refused | null {
  if (at > now + AHEAD) {
    return {
      reason: 'from-the-future',
      detail: `${iso(at)} is more than 10 min ahead of ${iso(now)}: is the device's clock right?`,
      refusedTime: { kind: 'timed', time: at },
    };
  }
  if (retentionDays !== null && at < now - retentionDays * DAY) {
    return {
      reason: 'too-old',
      detail: `${iso(at)} is older than the ${retentionDays} days that are kept`,
      refusedTime: { kind: 'timed', time: at },
    };
  }
  return null;
}

/** In UTC, for a detail; an instant beyond the range of dates as its number. */
function iso(at: Instant): string {
  return Math.abs(at) <= 8.64e15 ? new Date(at).toISOString() : String(at);
}
