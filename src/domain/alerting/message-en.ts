/** What does a mail about an alert say in English? */
import { DAY, HOUR, type Instant, shortTime } from '../time.js';
import { adviceOf } from './advice.js';
import type { Alert, Passed } from './alert.js';
import type { Facts } from './facts.js';
import { contacts, dutyParts } from './letter.js';
import type { Row } from './letter-shape.js';
import {
  courseOf,
  duration,
  gist,
  headOf,
  isOver,
  isWarned,
  latest,
  percentOf,
  placeOf,
  spanOf,
  valueOf,
  worstWord,
  writtenCourse,
  isPast,
} from './message-words.js';

/** The limit's name with its number: `the class III limit (1.0)`. */
const named = ({ name, text, isCertain }: Passed): string =>
  `the ${name.en} (${text.replace(/^[≤≥<>]\s*/, '')}${isCertain ? '' : ', not yet confirmed'})`;

function beyond(passed: Passed): string {
  if (typeof passed.number !== 'number') return `outside ${named(passed)}`;
  if (passed.isLower) return `under ${named(passed)}`;
  const times = passed.times !== null && Number(passed.times) !== 0 ? ` by ${passed.times} times` : '';
  return `over ${named(passed)}${times}`;
}

/** Station and parameter, unless the words that follow name them. */
function about(facts: Facts, words: string, between: string): string {
  const place = placeOf(facts).en;
  const name = facts.parameter?.nameEn ?? '';
  const head = [words.includes(place) ? '' : place, name === '' || words.includes(name) ? '' : name].filter(
    (part) => part !== '',
  );
  return head.length === 0 ? words : `${head.join(', ')}${between}${words}`;
}

function again({ why, change, now }: Facts): string {
  const since = duration(now - change.alert.openedAt, 'en');
  const state = change.alert.state === 'acknowledged' ? 'acknowledged, not over' : 'not acknowledged';
  switch (why) {
    case 'repeat':
      return `Reminder (${since}, ${state}): `;
    case 'escalated':
      return `Escalated (${since}, ${state}): `;
    case 'reported':
      return 'Reported after a check: ';
    case 'confirmed':
      return 'Confirmed: ';
    case 'joined':
      return 'More is over: ';
    case 'opened':
    case 'risen':
    case 'resolved':
    case 'refuted':
    case 'closed':
      return '';
  }
}

const isAgain = ({ why }: Facts): boolean => why === 'repeat' || why === 'escalated' || why === 'reported';

/** The sentence of a mail without its full stop, `full` for the first line, else for the subject; the time stands at its end. */
export function sentenceEn(facts: Facts, full: boolean): string {
  const { change, site } = facts;
  const at = (t: Instant): string => shortTime(t, site.calendar);
  if (isOver(change)) return `${endEn(facts)} ${at(change.at)}`;
  const { alert } = change;
  if (alert.kind === 'limit' && alert.passed !== null && alert.value !== null && isPast(alert)) {
    const worst = isAgain(facts) ? `${worstWord(alert).en} ` : '';
    const is = `${alert.passed.statistic === undefined ? '' : `${alert.passed.statistic.en} `}${worst}${valueOf(facts, alert.value)}`;
    const kind = alert.passed.statistic === undefined ? 'single value, ' : '';
    const note = `(${kind}${alert.isUnconfirmed ? 'to be confirmed' : 'not reviewed'})`;
    const when = isAgain(facts) ? `, since ${at(alert.openedAt)}` : ` ${at(change.at)}`;
    return `${again(facts)}${about(facts, `${is}, ${beyond(alert.passed)} ${note}`, ' ')}${when}`;
  }
  const reason = full ? alert.reason.en : gist(alert, 'en');
  const note = alert.kind === 'verdict' || alert.kind === 'target' || alert.kind === 'limit' ? ' (not reviewed)' : '';
  const words = alert.kind === 'upstream' ? `${placeOf(facts).en}, ${reason}` : about(facts, reason, ': ');
  return `${again(facts)}${words}${note} ${at(isAgain(facts) ? alert.openedAt : change.at)}`;
}

function endEn(facts: Facts): string {
  const { alert, what } = facts.change;
  const lasted = `, lasted ${duration(facts.change.at - alert.openedAt, 'en')}`;
  const place = placeOf(facts).en;
  const name = facts.parameter === null ? place : `${place}, ${facts.parameter.nameEn}`;
  const value = alert.value === null ? '' : valueOf(facts, alert.value);
  if (what === 'closed') return `${name}: alert closed${lasted}`;
  if (what === 'refuted' && alert.kind === 'verdict') {
    return `${name}: the verdict was corrected: ${alert.ended?.en ?? 'no longer exceeded'}`;
  }
  if (what === 'refuted') {
    const which = value === '' ? '' : `: ${value} (${shortTime(alert.openedAt, facts.site.calendar)}) does not count`;
    return alert.isUnconfirmed ? `${name}: a spike, ruled out${which}` : `${name}: not so, ruled out${which}`;
  }
  switch (alert.kind) {
    case 'limit':
      return `${name} ${backInside(facts, alert)}${lasted}${value === '' ? '' : `, ${worstWord(alert).en} ${value}`}`;
    case 'trend':
      return `${name}: the warning of a trend has ended: ${alert.ended?.en ?? 'it no longer leads over the limit'}${lasted}`;
    case 'verdict':
      return `${name}: ${alert.ended?.en ?? 'no longer exceeded'}`;
    case 'target':
      return `${name}: ${alert.ended?.en ?? 'within reach again'}${lasted}`;
    case 'no-data':
      return `${name}: data are back${lasted}`;
    case 'sensor':
      return `${name}: the device works again${lasted}`;
    case 'upstream':
      return `${name}: the warning of water from upstream has ended: ${alert.ended?.en ?? 'upstream is back'}${lasted}`;
    case 'regional':
      return `${name}: the regional rise is over${lasted}`;
    case 'rain':
      return `${name}: settled after the rain${lasted}`;
    case 'service':
      return `${name}: back to normal (${headOf(alert.reason.en)})${lasted}`;
  }
}

function backInside(facts: Facts, { passed }: Alert): string {
  const now = latest(facts);
  const value = now === null ? '' : `${valueOf(facts, now.value)}, `;
  if (passed === null) return `${value}back to normal`;
  const percent = percentOf(passed);
  const where = passed.isLower ? 'above' : percent === null ? 'within' : 'under';
  return `${value}back ${where} ${percent === null ? '' : `${percent} % of `}${named(passed)}`;
}

/** The lines under the first sentence. */
export function rowsEn(facts: Facts): Row[] {
  const { change, site, previous, likely, reported } = facts;
  const { alert } = change;
  const at = (t: Instant): string => shortTime(t, site.calendar);
  const rows: (Row | null)[] = [
    isOver(change)
      ? { label: 'From, to', text: `${at(alert.openedAt)} to ${at(change.at)}` }
      : { label: 'Since', text: `${at(alert.openedAt)}${lasting(facts)}` },
    isOver(change) || alert.kind !== 'limit' ? null : { label: 'What', text: `${alert.reason.en}.` },
    reported === undefined || reported === null
      ? null
      : { label: 'Checked', text: `Reported by ${reported.by}${reported.note === null ? '' : `: ${reported.note}`}.` },
    alert.acknowledgedBy === null || alert.acknowledgedAt === null
      ? null
      : { label: 'Seen by', text: `${alert.acknowledgedBy}, ${at(alert.acknowledgedAt)}` },
    course(facts),
    facts.recent.length < 2 ? null : { label: 'Last 24 h', text: writtenCourse(facts, ', '), isInPicture: true },
    inflow(facts),
    likely === null || isOver(change) ? null : { label: 'Likely', text: `${likely.en}.` },
    alert.passed === null || isOver(change) ? null : { label: 'By', text: basis(facts, alert.passed) },
    isOver(change)
      ? null
      : {
          label: 'Please',
          text: `${adviceOf(alert, facts.station).en}. Call: ${contacts(facts.onDuty, officeOf(facts), 'en')}.`,
        },
    isOver(change)
      ? { label: 'Call', text: contacts(facts.onDuty, officeOf(facts), 'en') }
      : {
          label: 'Last time',
          text: previous === null ? 'No such alert before.' : `${at(previous)}, ${ago(facts, previous)} ago.`,
        },
  ];
  return rows.filter((row) => row !== null);
}

const officeOf = ({ site }: Facts): { name: { zh: string; en: string }; phone: string | null } => ({
  name: { zh: site.office, en: site.office },
  phone: site.officePhone,
});

function ago({ change }: Facts, previous: Instant): string {
  const past = change.at - previous;
  if (past < DAY) return duration(past, 'en');
  const days = Math.floor(past / DAY);
  return days === 1 ? '1 day' : `${days} days`;
}

function lasting({ now, change }: Facts): string {
  const past = now - change.alert.openedAt;
  return past < HOUR / 2 ? '' : `, for ${duration(past, 'en')}`;
}

function basis({ change }: Facts, passed: Passed): string {
  const percent = percentOf(passed);
  const share = percent === null ? '' : `${percent} % of the `;
  const source = `${share}${passed.name.en} ${passed.text}${passed.citation === null ? '' : `, ${passed.citation}`}`;
  const doubt = passed.isCertain ? '' : '. The limit is not yet confirmed, so this is a warning at most';
  const { alert } = change;
  const alarm = isWarned(alert)
    ? ' A warning: neither over the limit nor a verdict.'
    : alert.kind === 'limit'
      ? ' A value over its limit is an alarm, not a verdict.'
      : '';
  return `${source}${doubt}.${alarm}`;
}

function course(facts: Facts): Row | null {
  const found = courseOf(facts);
  if (found === null) return null;
  const way = { up: 'rising', down: 'falling', level: 'level' }[found.way];
  const { low, high } = spanOf(facts.recent);
  const span = low === high ? '' : `; ${valueOf(facts, low)} to ${valueOf(facts, high)} within 24 h`;
  const hours = duration(found.to.time - found.from.time, 'en');
  const ends = `${valueOf(facts, found.from.value)} → ${valueOf(facts, found.to.value)}`;
  return { label: 'Course', text: `${way} over the last ${hours}: ${ends}${span}.` };
}

function inflow(facts: Facts): Row | null {
  const { upstream, change, site } = facts;
  if (upstream === null) return null;
  const { passed } = change.alert;
  const is = `${upstream.name.en} ${valueOf(facts, upstream.value)} (${shortTime(upstream.time, site.calendar)})`;
  if (passed === null || typeof passed.number !== 'number' || isOver(change)) return { label: 'Inflow', text: `${is}.` };
  const over = passed.isLower ? upstream.value < passed.number : upstream.value > passed.number;
  return {
    label: 'Inflow',
    text: `${is}, ${over ? `beyond it${isPast(change.alert) && change.alert.kind === 'limit' ? ' too' : ''}: look upstream` : 'not beyond it: look between the two sections'}.`,
  };
}

/** The foot: number, telephone, why it came, how to be silent. */
export function footEn(facts: Facts): string[] {
  const { change, site, whyYou } = facts;
  return [
    [`Alert ${change.alert.id}`, ...dutyParts(facts.onDuty, site.officePhone, 'en')].join(' · '),
    `Why you get this: ${whyYou.en}. ${isOver(change) ? 'Silence alerts' : 'Once acknowledged it climbs no further; silence it'} on the page of alerts; to get none at all, ask ${site.office}.`,
    'Raw data of automatic monitoring, not reviewed, for internal use.',
  ];
}
