/** When and how are people told where the config says nothing? */
import type { Duty, NoticeSettings } from './people.js';

/** Nobody rotates, no holiday is known: every Saturday and Sunday is off and nothing else. */
export const DEFAULT_DUTY: Duty = { rotation: null, holidays: [], makeUpDays: [], onDaysOff: [] };

/** Early, once, and quiet at night for what can wait until morning. */
export const DEFAULT_NOTICES = {
  settleSeconds: 2,
  groupMinutes: 5,
  repeatHours: { warning: null, over: 24, severe: 4 },
  digestOver: 5,
  quietHours: { from: '22:00', to: '07:00' },
  escalateMinutes: { warning: null, over: 60, severe: 15 },
  morning: '07:30',
  links: true,
  linkDays: 7,
  path: { everyDays: 7, unprovenDays: 10, firstHours: 24 },
} as const satisfies NoticeSettings;
