/** How long does what happened wait until it is told? */
import type { NoticeSettings } from '../people.js';
import { type Calendar, type Instant, MINUTE, SECOND } from '../time.js';
import type { Severity } from './alert.js';
import { quietUntil } from './duty.js';
import type { Why } from './facts.js';

/** When it may be told at the earliest, and what it waits for. */
export interface Timing {
  readonly at: Instant;
  readonly waitsFor: 'nothing' | 'settle' | 'group' | 'quiet-hours';
}

/** Is it over, one way or another? */
export const isEnd = (why: Why): boolean => why === 'resolved' || why === 'refuted' || why === 'closed';

/** Is it news: it opened, rose, climbed the ladder, was reported, or ended? The rest adds to what is known. */
const isNews = (why: Why): boolean =>
  why === 'opened' || why === 'risen' || why === 'escalated' || why === 'reported' || isEnd(why);

/**
 * 严重超限 never waits. What opens or ends of 超限 settles, so that what belongs together leaves together. All else gathers for
 * `groupMinutes` after the person's last mail (`lastTold`; `null`: there was none), and a 预警 waits for the end of the
 * night, but for one that a person reports upward.
 */
export function timing(
  why: Why,
  severity: Severity,
  now: Instant,
  lastTold: Instant | null,
  settings: NoticeSettings,
  calendar: Calendar,
): Timing {
  if (severity === 'severe' && !isEnd(why)) return { at: now, waitsFor: 'nothing' };
  const settled = now + settings.settleSeconds * SECOND;
  if (why === 'reported' || (severity !== 'warning' && isNews(why))) return { at: settled, waitsFor: 'settle' };
  // A mail of the future was written before the clock was set back: nobody waits for it.
  const grouped = lastTold === null || lastTold > now ? settled : Math.max(settled, lastTold + settings.groupMinutes * MINUTE);
  const quiet = quietUntil(grouped, severity, settings, calendar);
  if (quiet !== null) return { at: quiet, waitsFor: 'quiet-hours' };
  return { at: grouped, waitsFor: grouped > settled ? 'group' : 'settle' };
}
