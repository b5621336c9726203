/** How is a mail built, whatever it tells? One letter, written twice: as plain text and as HTML, both complete. */
import type { Chart } from './chart.js';
import type { Contact, Message } from './facts.js';
import type { Words } from './alert.js';
import { htmlOf } from './letter-html.js';
import type { Action, Letter } from './letter-shape.js';

/** The letter as text and HTML. */
export const messageOf = (letter: Letter, chart: Chart | null): Message => ({
  subject: letter.subject,
  text: textOf(letter),
  html: htmlOf(letter, chart !== null),
  chart,
});

function textOf(letter: Letter): string {
  const colon = letter.language === 'zh' ? ':' : ': ';
  const lines: string[] = [letter.headline, ''];
  for (const section of letter.sections) {
    if (section.title !== null) lines.push(letter.language === 'zh' ? `〔${section.title}〕` : `[${section.title}]`);
    for (const { label, text, action } of section.rows) {
      lines.push(label === '' ? text : `${label}${colon}${text}`);
      if (action !== undefined && action !== null) lines.push(...linkOf(action, colon));
    }
    lines.push('');
  }
  for (const action of [...letter.buttons, letter.link]) lines.push(...linkOf(action, colon));
  return [...lines, '', '--', ...letter.foot, ''].join('\n');
}

/** An address ends at a line's end and has nothing beside it, so that every mail program makes it a link. */
const linkOf = ({ label, url }: Action, colon: string): string[] => [`${label}${colon.trimEnd()}`, url];

/** Whom to ring, in one phrase: the one on duty, then the office. */
export function contacts(onDuty: Contact | null, office: Contact, language: keyof Words): string {
  const phrase = ({ name, phone }: Contact): string => `${name[language]}${phone === null ? '' : ` ${phone}`}`;
  const both = onDuty === null || phrase(onDuty) === phrase(office) ? [office] : [onDuty, office];
  return both.map(phrase).join(language === 'zh' ? ',' : ', ');
}
