/** What does the mail say that goes to whoever has a case (承办)? */
import type { Words } from '../alerting/alert.js';
import type { Message, Occasion } from '../alerting/facts.js';
import { contacts, messageOf } from '../alerting/letter.js';
import type { Person } from '../people.js';
import { shortTime } from '../time.js';
import type { Case } from './case.js';

/** Why it goes out: the case was opened, handed to somebody else, or is past its time limit. */
export type CaseOccasion = 'open' | 'hand-over' | 'overdue';

/** Everything the mail tells. */
export interface CaseFacts extends Occasion {
  readonly given: Case;
  readonly why: CaseOccasion;
  /** Name of the station; `null`: it is of none. */
  readonly place: Words | null;
  /** What the case is about, in words. */
  readonly what: Words;
}

const HEADS: Readonly<Record<CaseOccasion, Words>> = {
  open: { zh: '派给您处理', en: 'given to you' },
  'hand-over': { zh: '移交给您处理', en: 'handed over to you' },
  overdue: { zh: '已逾期', en: 'overdue' },
};

/** The mail to the person who has the case, or stands in for it. */
export function caseMessage(facts: CaseFacts, { language }: Pick<Person, 'language'>): Message {
  const { site, given, why, place, what, onDuty, whyYou } = facts;
  const zh = language === 'zh';
  const until = shortTime(given.until, site.calendar);
  const where = place === null ? '' : `${place[language]}${zh ? ' ' : ', '}`;
  const head = zh
    ? `${given.number} ${HEADS[why].zh}:${where}期限 ${until}`
    : `${given.number} ${HEADS[why].en}: ${where}due ${until}`;
  const office = { name: { zh: site.office, en: site.office }, phone: site.officePhone };
  const last = given.history.at(-1);
  const rows = [
    { label: zh ? '事由' : 'About', text: what[language] },
    { label: zh ? '期限' : 'Due', text: until },
    ...(why === 'overdue' || last === undefined
      ? []
      : [
          { label: zh ? (why === 'open' ? '派发人' : '移交人') : 'From', text: last.by },
          { label: zh ? '说明' : 'Note', text: last.note },
        ]),
    { label: zh ? '联系' : 'Call', text: contacts(onDuty, office, language) },
  ];
  return messageOf(
    {
      language,
      tone: why === 'overdue' ? 'warning' : 'plain',
      subject: `${zh ? '【处置单】' : '【处置单 Case】'}${head}`,
      headline: `${head}${zh ? '。' : '.'}`,
      pictureText: '',
      sections: [{ title: null, rows: rows.filter(({ text }) => text !== '') }],
      buttons: [],
      link: { label: zh ? '打开处置单' : 'Open the case', url: facts.link },
      foot: zh
        ? [`收到此信的原因:${whyYou.zh}。测值恢复正常不会自动销号。`]
        : [`Why you get this: ${whyYou.en}. Values back to normal close no case.`],
    },
    null,
  );
}
