/** How is a mail built, whatever it tells? One letter, written twice: as plain text and as HTML, both complete. */
import type { Chart } from './chart.js';
import type { Contact, Message } from './facts.js';
import type { Words } from './alert.js';
import { htmlOf } from './letter-html.js';
import type { Letter } from './letter-shape.js';

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
    for (const row of section.rows) lines.push(row.label === '' ? row.text : `${row.label}${colon}${row.text}`);
    lines.push('');
  }
  // An address ends at a line's end and has nothing beside it, so that every mail program makes it a link.
  for (const { label, url } of [...letter.buttons, letter.link]) lines.push(`${label}${colon.trimEnd()}`, url);
  return [...lines, '', '--', ...letter.foot, ''].join('\n');
}

/** Whom to ring, in one phrase: the one on duty, then the office. */
export function contacts(onDuty: Contact | null, office: Contact, language: keyof Words): string {
  const phrase = ({ name, phone }: Contact): string => `${name[language]}${phone === null ? '' : ` ${phone}`}`;
  const both = onDuty === null || phrase(onDuty) === phrase(office) ? [office] : [onDuty, office];
  return both.map(phrase).join(language === 'zh' ? ',' : ', ');
}
