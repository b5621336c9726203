/** Has a station, or one of its parameters, fallen silent? */
import { type Calendar, clockTime, HOUR, type Instant, localDate, MINUTE, shortTime, type Span } from '../../time.js';
import type { Severity, Words } from '../alert.js';
import { duration } from '../message-words.js';
import type { NoDataRule } from '../rules.js';
import { NOTHING, type Signal } from '../signal.js';

/** What is known of a series, or of a station as a whole. Arrivals, never measured times: what comes late has come. */
export interface Silence {
  /** As people call it: the station, and the parameter where it is about one. */
  readonly name: Words;
  /** About one parameter while the rest of the station speaks? */
  readonly ofParameter: boolean;
  /** Minutes between two due values; of a station the shortest of its parameters. */
  readonly cadence: number;
  /** Last arrival; `null`: never. */
  readonly lastArrival: Instant | null;
  /** From when on it must speak: first start of the service with it in the config, its `since`, its station's return. */
  readonly expectedFrom: Instant;
}

/** How long a silence has lasted in all, and how long of it the service could hear, ms. */
export interface Lasting {
  readonly whole: number;
  readonly heard: number;
}

/** The silence since the later of the last arrival and `expectedFrom`. `deaf`: when the service itself could not hear. */
export function lasting({ lastArrival, expectedFrom }: Silence, deaf: readonly Span[], now: Instant): Lasting {
  const from = Math.max(lastArrival ?? Number.NEGATIVE_INFINITY, expectedFrom);
  const whole = Math.max(0, now - from);
  const away = deaf.reduce((sum, span) => sum + Math.max(0, Math.min(span.to, now) - Math.max(span.from, from)), 0);
  return { whole, heard: Math.max(0, whole - away) };
}

/** Silence beyond which it is 无数据, ms. */
export const threshold = ({ cadences, atLeastMinutes }: NoDataRule, cadence: number): number =>
  Math.max(cadences * cadence, atLeastMinutes) * MINUTE;

/**
 * Fires once the service has heard nothing for longer than the threshold, and rises to `over` after `overAfterHours`; clear
 * with the first arrival after that. A silence during which the service itself was deaf (down, broker away, intake paused)
 * does not count, so that neither a restart nor an outage of ours opens anything.
 */
export function noData(silence: Silence, deaf: readonly Span[], rule: NoDataRule, calendar: Calendar, now: Instant): Signal {
  const lasts = lasting(silence, deaf, now);
  if (lasts.heard > threshold(rule, silence.cadence)) {
    const severity: Severity = lasts.heard >= rule.overAfterHours * HOUR ? 'over' : 'warning';
    return { says: 'firing', at: now, severity, value: null, passed: null, reason: reason(silence, lasts, calendar, now) };
  }
  if (silence.lastArrival === null || lasts.whole > threshold(rule, silence.cadence)) return NOTHING;
  return { says: 'clear', at: silence.lastArrival, reason: { zh: '数据已恢复', en: 'data are coming in again' } };
}

function reason(silence: Silence, { whole, heard }: Lasting, calendar: Calendar, now: Instant): Words {
  const { name, lastArrival, ofParameter, expectedFrom } = silence;
  if (lastArrival === null) {
    const from = shortTime(expectedFrom, calendar);
    return {
      zh: `${name.zh} 自启用以来从未收到数据,自 ${from} 起应有。请核对设备的主题、编号和网络`,
      en: `${name.en}: nothing has ever been received, due since ${from}. Check the device's topic, id and network`,
    };
  }
  const last = whenOf(lastArrival, calendar, now);
  const ours = whole - heard;
  const deaf =
    ours < MINUTE
      ? { zh: '', en: '' }
      : {
          zh: `(其中 ${duration(ours, 'zh')}本系统未在接收)`,
          en: ` (for ${duration(ours, 'en')} of it this service took nothing)`,
        };
  return {
    zh: `${name.zh} ${duration(whole, 'zh')}没有数据${deaf.zh},上次 ${last}。${
      ofParameter ? '本站其他数据正常,可能是仪器停测或采样不畅' : '可能停电或断网'
    }`,
    en: `${name.en}: no data for ${duration(whole, 'en')}${deaf.en}, last at ${last}. ${
      ofParameter
        ? 'The rest of the station speaks: the instrument or its sampling may have stopped'
        : 'Power or network may be out'
    }`,
  };
}

/** `08:31` of today, `11-22 08:31` of another day. */
function whenOf(t: Instant, calendar: Calendar, now: Instant): string {
  return localDate(t, calendar) === localDate(now, calendar) ? clockTime(t, calendar) : shortTime(t, calendar);
}
