/** What does the mail say that a bulletin comes with? */
import { messageOf } from '../alerting/letter.js';
import type { Message } from '../alerting/facts.js';
import type { Person } from '../people.js';
import type { Bulletin, BulletinKind } from './bulletin.js';

const TAGS: Readonly<Record<BulletinKind, { readonly zh: string; readonly en: string }>> = {
  day: { zh: '日报', en: 'Daily' },
  week: { zh: '周报', en: 'Weekly' },
  'river-month': { zh: '月报', en: 'Monthly' },
  'drinking-month': { zh: '月报', en: 'Monthly' },
};

/** Sentences of each part that the mail repeats; the files hold the rest. */
const LINES = 3;

/** The mail to one person: it says the same as the paper's head, names the files, and reads without them. */
export function bulletinMessage(
  bulletin: Bulletin,
  person: Pick<Person, 'language' | 'name' | 'nameEn'>,
  { link, files, site }: { readonly link: string; readonly files: readonly string[]; readonly site: string },
): Message {
  const { kind, title, periodText, stateText, headline, watermark, sections } = bulletin;
  const zh = person.language === 'zh';
  const mark = watermark === '' ? '' : `(${watermark})`;
  return messageOf(
    {
      language: person.language,
      tone: 'plain',
      subject: zh
        ? `【${TAGS[kind].zh}】${title} ${periodText}${mark}:${headline}`
        : `[${TAGS[kind].en}] ${title} ${periodText}${mark}`,
      headline: zh ? `${title},${periodText}:${headline}。` : `${title}, ${periodText}. The bulletin itself is in Chinese.`,
      pictureText: '',
      sections: [
        {
          title: null,
          rows: [
            { label: zh ? '状态' : 'State', text: stateText },
            { label: zh ? '附件' : 'Files', text: files.join(zh ? '、' : ', ') },
          ],
        },
        ...sections
          .filter(({ lines }) => lines.length > 0)
          .map(({ name, lines }) => ({ title: name, rows: lines.slice(0, LINES).map((text) => ({ label: '', text })) })),
      ],
      buttons: [],
      link: { label: zh ? '在页面上看、打印' : 'Read and print it on the page', url: link },
      foot: [
        zh
          ? `收到此信的原因:配置中报表的收件人含${person.name}。`
          : `Why you get this: the config names ${person.nameEn} for this bulletin.`,
        zh ? `${site} 河清环境监测` : `${site}, Heqing environmental monitoring`,
      ],
    },
    null,
  );
}
