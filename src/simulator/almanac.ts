/** Which hour and season is it where the sensors stand? */
import { DAY, HOUR, MINUTE, type Calendar, type Instant } from '../domain/time.js';

/** Hour of the local day, [0, 24), with its fraction. */
export function hourOf(t: Instant, calendar: Calendar): number {
  const local = (t + calendar.offsetMinutes * MINUTE) % DAY;
  return (local < 0 ? local + DAY : local) / HOUR;
}

/** Local days since 1970-01-01. */
export function dayOf(t: Instant, calendar: Calendar): number {
  return Math.floor((t + calendar.offsetMinutes * MINUTE) / DAY);
}

/** First instant of a local day counted since 1970-01-01. */
export function startOfDay(day: number, calendar: Calendar): Instant {
  return day * DAY - calendar.offsetMinutes * MINUTE;
}

/** +1 in the warmest days (late July), -1 in the coldest (late January). */
export function season(t: Instant): number {
  return Math.cos((2 * Math.PI * (t / DAY - 204)) / 365.2425);
}

/** A daily wave: +1 at `peak` o'clock, -1 twelve hours later. */
export function daily(hour: number, peak: number): number {
  return Math.cos((2 * Math.PI * (hour - peak)) / 24);
}

/** 0 outside `from`–`to` o'clock, 1 inside, with ramps of half an hour before and after. `to` may lie beyond 24. */
export function between(hour: number, from: number, to: number): number {
  const h = hour < from - 0.5 ? hour + 24 : hour;
  const edge = Math.min((h - (from - 0.5)) / 0.5, (to + 0.5 - h) / 0.5);
  return Math.max(0, Math.min(1, edge));
}
