/** How long ago was that, in words? */
import { words } from './preferences.js';

/** An age in ms: seconds under two minutes, minutes under two hours, hours under two days, else days; never negative. */
export function ageText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const { ago } = words.value;
  if (seconds < 120) return ago.seconds(seconds);
  if (seconds < 7_200) return ago.minutes(Math.floor(seconds / 60));
  if (seconds < 172_800) return ago.hours(Math.floor(seconds / 3_600));
  return ago.days(Math.floor(seconds / 86_400));
}
