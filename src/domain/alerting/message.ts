/** What does a mail about one alert say? */
import type { Person } from '../people.js';
import type { Facts, Message } from './facts.js';
import { messageOf } from './letter.js';
import type { Action } from './letter-shape.js';
import { footEn, rowsEn, sentenceEn } from './message-en.js';
import { chartOf, isOver, tagOf, toneOf, writtenCourse } from './message-words.js';
import { footZh, rowsZh, sentenceZh } from './message-zh.js';

export type { Facts, Message };

const WORDS = {
  zh: { stop: '。', known: '已知悉', dispatch: '派人处理', link: '打开报警页', picture: '近 24 小时:' },
  en: { stop: '.', known: 'I have seen it', dispatch: 'Send someone', link: 'Open the alert', picture: 'Last 24 hours: ' },
} as const;

/**
 * The mail about a change, for one person, in that person's language and the site's time. Subjects begin with what it is
 * (contract §5); text and HTML both read completely, the buttons stand only where links work.
 */
export function alertMessage(facts: Facts, person: Pick<Person, 'language'>): Message {
  const { language } = person;
  const words = WORDS[language];
  const sentence = language === 'zh' ? sentenceZh : sentenceEn;
  const buttons: Action[] =
    facts.buttons === null || isOver(facts.change)
      ? []
      : [
          { label: words.known, url: facts.buttons.known },
          { label: words.dispatch, url: facts.buttons.dispatch },
        ];
  return messageOf(
    {
      language,
      tone: toneOf(facts.change),
      subject: `${tagOf(facts.change, language)}${sentence(facts, false)}`,
      headline: `${sentence(facts, true)}${words.stop}`,
      pictureText: `${words.picture}${writtenCourse(facts, language === 'zh' ? ',' : ', ')}`,
      sections: [{ title: null, rows: language === 'zh' ? rowsZh(facts) : rowsEn(facts) }],
      buttons,
      link: { label: words.link, url: facts.link },
      foot: language === 'zh' ? footZh(facts) : footEn(facts),
    },
    chartOf(facts),
  );
}
