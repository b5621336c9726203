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

/** More of those on duty are not written out: a line that is read on a phone has room for three. */
const NAMED = 3;

const phrase = ({ name, phone }: Contact, language: keyof Words): string =>
  `${name[language]}${phone === null ? '' : ` ${phone}`}`;

/** Those on duty with their telephones, `甲 0799-1、乙`, of many the first and how many they are; empty: nobody. */
function named(onDuty: readonly Contact[], language: keyof Words): string {
  const zh = language === 'zh';
  const first = onDuty.slice(0, NAMED).map((one) => phrase(one, language));
  const more = onDuty.length - first.length;
  return `${first.join(zh ? '、' : ', ')}${more === 0 ? '' : zh ? ` 等 ${onDuty.length} 人` : ` and ${more} more`}`;
}

/** Whom to ring, in one phrase: those on duty, then the office. */
export function contacts(onDuty: readonly Contact[], office: Contact, language: keyof Words): string {
  const others = onDuty.filter((one) => phrase(one, language) !== phrase(office, language));
  return [named(others, language), phrase(office, language)].filter((p) => p !== '').join(language === 'zh' ? ',' : ', ');
}

/** Of a foot: `值班 甲 0799-1、乙`, and the office's telephone where nobody on duty has one. */
export function dutyParts(onDuty: readonly Contact[], officePhone: string | null, language: keyof Words): string[] {
  const zh = language === 'zh';
  const isReached = officePhone === null || onDuty.some(({ phone }) => phone !== null);
  return [
    ...(onDuty.length === 0 ? [] : [`${zh ? '值班 ' : 'On duty: '}${named(onDuty, language)}`]),
    ...(isReached ? [] : [`${zh ? '电话' : 'Telephone'} ${officePhone}`]),
  ];
}
