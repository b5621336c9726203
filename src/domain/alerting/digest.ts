/** What does a mail about many alerts say? */
import type { Person } from '../people.js';
import { clockTime, type Instant, localDate, shortTime } from '../time.js';
import { type Severity, stands, type Words } from './alert.js';
import type { DigestOccasion, Facts, Message } from './facts.js';
import { contacts, dutyParts, messageOf } from './letter.js';
import type { Row, Section } from './letter-shape.js';
import { sentenceEn } from './message-en.js';
import { beside, called, duration, gist, isOver, placeOf, tagOf, toneOf, valueOf } from './message-words.js';
import { sentenceZh } from './message-zh.js';

type Language = keyof Words;

const ENDED: Words = { zh: '恢复', en: 'Resolved' };

const WEIGHT: Readonly<Record<Severity, number>> = { severe: 3, over: 2, warning: 1 };

/** What stands and is worst first; of the same weight the newest. What has ended comes last. */
const weight = ({ change }: Facts): number => (isOver(change) ? 0 : WEIGHT[change.alert.severity]);

/** The newest event of each alert: what it has become is what counts. */
function newestOfEach(items: readonly Facts[]): Facts[] {
  const newest = new Map<string, Facts>();
  for (const item of items) {
    const before = newest.get(item.change.alert.id);
    if (before === undefined || item.change.at >= before.change.at) newest.set(item.change.alert.id, item);
  }
  return [...newest.values()];
}

/**
 * One mail for many events, all of one person: `【超限】5 条:…` begins with the worst. First what still stands, then every
 * event by station in the order of time. At least one event; one about the same alert replaces the one before in the count.
 */
export function digestMessage(items: readonly Facts[], person: Pick<Person, 'language'>, occasion: DigestOccasion): Message {
  const { language } = person;
  const each = newestOfEach(items).sort((a, b) => weight(b) - weight(a) || b.change.at - a.change.at);
  const [worst] = each;
  if (worst === undefined) throw new RangeError('a digest of nothing');
  const standing = each.filter(({ change }) => !isOver(change) && stands(change.alert));
  const tag = tagOf(worst.change, language);
  const head = language === 'zh' ? headZh(each, standing, worst) : headEn(each, standing, worst);
  const when = spanOf(items, occasion, language);
  return messageOf(
    {
      language,
      tone: toneOf(worst.change),
      subject: `${tag}${head} ${shortTime(occasion.now, occasion.site.calendar)}`,
      headline: `${head}${when}${language === 'zh' ? '。' : '.'}`,
      pictureText: '',
      sections: [
        ...reason(occasion, language),
        standingSection(standing, occasion, language),
        ...byPlace(items, language),
        { title: language === 'zh' ? '联系' : 'Call', rows: [{ label: '', text: call(occasion, language) }] },
      ],
      buttons: [],
      link: { label: language === 'zh' ? '打开预警与报警' : 'Open the alerts', url: occasion.link },
      foot: foot(occasion, language),
    },
    null,
  );
}

function headZh(each: readonly Facts[], standing: readonly Facts[], worst: Facts): string {
  const ended = each.length - standing.length;
  const what = short(worst, 'zh');
  const counts = standing.length === 0 ? '均已恢复' : ended === 0 ? '' : `,${standing.length} 条未恢复、${ended} 条已恢复`;
  return standing.length === 0
    ? `${each.length} 条${counts}:${what}${each.length > 1 ? ' 等' : ''}`
    : `${each.length} 条:${what}${each.length > 1 ? ' 等' : ''}${counts}`;
}

function headEn(each: readonly Facts[], standing: readonly Facts[], worst: Facts): string {
  const ended = each.length - standing.length;
  const others = each.length > 1 ? ' and others' : '';
  const alerts = `${each.length} ${each.length === 1 ? 'alert' : 'alerts'}`;
  if (standing.length === 0) return `${alerts}, all over: ${short(worst, 'en')}${others}`;
  return `${alerts}: ${short(worst, 'en')}${others}${ended === 0 ? '' : `; ${standing.length} standing, ${ended} over`}`;
}

/** An alert in a few words: place, parameter, and the worst value or why. */
function short(facts: Facts, language: Language): string {
  const { alert } = facts.change;
  const place = placeOf(facts)[language];
  const name = language === 'zh' ? facts.parameter?.name : facts.parameter?.nameEn;
  const says =
    alert.kind === 'limit' && alert.value !== null
      ? valueOf(facts, alert.value)
      : isOver(facts.change)
        ? ''
        : gist(alert, language);
  // It names the section upstream, which must not be read as the place of the alert.
  if (alert.kind === 'upstream' && says !== '') return `${place}${language === 'zh' ? '' : ','} ${says}`;
  return [says.includes(place) ? '' : place, name === undefined || says.includes(name) ? '' : name, says]
    .filter((p) => p !== '')
    .join(' ');
}

/** From when to when the events reach, in brackets. */
function spanOf(items: readonly Facts[], { site }: DigestOccasion, language: Language): string {
  const times = items.map(({ change }) => change.at);
  const [from, to] = [Math.min(...times), Math.max(...times)];
  if (from === to) return language === 'zh' ? `(${shortTime(from, site.calendar)})` : ` (${shortTime(from, site.calendar)})`;
  const isOneDay = localDate(from, site.calendar) === localDate(to, site.calendar);
  const end = isOneDay ? clockTime(to, site.calendar) : shortTime(to, site.calendar);
  const start = shortTime(from, site.calendar);
  return language === 'zh' ? `(${start} 至 ${end})` : ` (${start} to ${end})`;
}

const reason = ({ because }: DigestOccasion, language: Language): Section[] =>
  because === null
    ? []
    : [
        {
          title: null,
          rows: [{ label: language === 'zh' ? '说明' : 'Note', text: `${because[language]}${language === 'zh' ? '。' : '.'}` }],
        },
      ];

function standingSection(standing: readonly Facts[], { now, site }: DigestOccasion, language: Language): Section {
  if (standing.length === 0) {
    const text = language === 'zh' ? '信中各条均已恢复。' : 'All of these are over.';
    return { title: language === 'zh' ? '未恢复' : 'Standing', rows: [{ label: '', text, tone: 'good' }] };
  }
  const rows = standing.map((facts): Row => {
    const { alert } = facts.change;
    const since: Instant = alert.openedAt;
    const text =
      language === 'zh'
        ? `${short(facts, 'zh')},自 ${shortTime(since, site.calendar)} 起,已 ${duration(now - since, 'zh')}${alert.state === 'acknowledged' ? ',已签收' : ''}`
        : `${short(facts, 'en')}, since ${shortTime(since, site.calendar)}, for ${duration(now - since, 'en')}${alert.state === 'acknowledged' ? ', acknowledged' : ''}`;
    const known = facts.buttons?.known;
    return {
      label: called(alert)[language],
      text,
      tone: toneOf(facts.change),
      ...(known !== undefined && { action: { label: language === 'zh' ? '已知悉' : 'Seen', url: known } }),
    };
  });
  return { title: language === 'zh' ? `未恢复 ${standing.length} 条` : `Standing: ${standing.length}`, rows };
}

function byPlace(items: readonly Facts[], language: Language): Section[] {
  const places = new Map<string, Facts[]>();
  for (const facts of [...items].sort((a, b) => a.change.at - b.change.at)) {
    const place = placeOf(facts)[language];
    const known = places.get(place);
    if (known === undefined) places.set(place, [facts]);
    else known.push(facts);
  }
  return [...places].map(([place, events]) => ({
    title: place,
    rows: events.map((facts): Row => {
      const { change, site } = facts;
      const word = (isOver(change) ? ENDED : called(change.alert))[language];
      const sentence = language === 'zh' ? sentenceZh(facts, false) : sentenceEn(facts, false);
      return {
        label: shortTime(change.at, site.calendar),
        text: `${word} · ${within(sentence, place, shortTime(change.at, site.calendar))}`,
      };
    }),
  }));
}

/** A sentence under the heading of its place and beside its time, which need not be said again. */
function within(sentence: string, place: string, time: string): string {
  const said = beside(sentence, place);
  return said.endsWith(time) ? said.slice(0, -time.length).trimEnd() : said;
}

const call = ({ onDuty, site }: DigestOccasion, language: Language): string =>
  contacts(onDuty, { name: { zh: site.office, en: site.office }, phone: site.officePhone }, language);

const foot = ({ site, whyYou, onDuty }: DigestOccasion, language: Language): string[] =>
  language === 'zh'
    ? [
        ...dutyParts(onDuty, site.officePhone, 'zh'),
        `收到此信的原因:${whyYou.zh}。要暂停提醒,请在页面“预警与报警”设静默;不再接收,请联系${site.office}改配置。`,
        '自动监测原始数据,未经审核,仅供内部工作参考。',
      ]
    : [
        ...dutyParts(onDuty, site.officePhone, 'en'),
        `Why you get this: ${whyYou.en}. Silence alerts on their page; to get none at all, ask ${site.office}.`,
        'Raw data of automatic monitoring, not reviewed, for internal use.',
      ];
