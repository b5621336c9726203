/** How does a letter look in a mail program: on a phone and a desk, by day and by night? */
import { CHART_CID } from './chart.js';
import type { Action, Letter, Row, Section, Tone } from './letter-shape.js';

/** Text for HTML: nothing a station's name holds becomes markup. */
export const escape = (text: string): string =>
  text.replace(/[&<>"']/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[c] ?? c);

const LIGHT: Readonly<Record<Tone, string>> = {
  severe: '#C23B22',
  over: '#C23B22',
  warning: '#B7791F',
  device: '#5C6B73',
  good: '#1E7B6B',
  plain: '#1B6F8A',
};

const DARK: Readonly<Record<Tone, string>> = {
  severe: '#F07B62',
  over: '#F07B62',
  warning: '#E3B341',
  device: '#8FA0A6',
  good: '#4CC2AC',
  plain: '#58B4CC',
};

const FONT = "'PingFang SC','Noto Sans CJK SC','Microsoft YaHei',system-ui,sans-serif";

/**
 * Every colour stands inline for programs that drop a style sheet; the sheet turns it round in the dark where it is read.
 * `supported-color-schemes` keeps Apple's Mail from turning the colours round by itself.
 */
const SHEET = [
  'a.button:hover{opacity:.85}',
  '@media (prefers-color-scheme:dark){',
  'body,.paper{background:#10181D!important;color:#E6ECEA!important}',
  '.muted{color:#8FA0A6!important}',
  '.line{border-color:#26333A!important}',
  'a.link{color:#58B4CC!important}',
  'a.button{background:#58B4CC!important;color:#10181D!important;border-color:#58B4CC!important}',
  'a.second{background:#10181D!important;color:#58B4CC!important}',
  ...Object.entries(DARK).map(
    ([tone, colour]) => `.${tone}{border-color:${colour}!important}.ink-${tone}{color:${colour}!important}`,
  ),
  '}',
  '@media (max-width:440px){.label{display:block!important;padding:8px 0 0!important;width:auto!important}.text{display:block!important;padding:0 0 4px!important}a.button{display:block!important;margin:0 0 10px!important}}',
].join('');

/** The letter as an HTML document; `hasPicture`: it shows the course under the first sentence. */
export function htmlOf(letter: Letter, hasPicture: boolean): string {
  return `<!doctype html>
<html lang="${letter.language === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">
<title>${escape(letter.subject)}</title><style>${SHEET}</style></head>
<body class="paper" style="margin:0;background:#F7F8F5;color:#14222B;font:16px/1.6 ${FONT};-webkit-text-size-adjust:100%">
<div style="max-width:600px;margin:0 auto;padding:24px 20px;font-variant-numeric:tabular-nums">
<p class="${letter.tone}" style="margin:0 0 20px;padding:2px 0 2px 14px;border-left:4px solid ${LIGHT[letter.tone]};font-size:19px;line-height:1.5">${escape(letter.headline)}</p>
${hasPicture ? picture(letter) : ''}${letter.sections.map((section) => sectionOf(section, hasPicture)).join('\n')}
${letter.buttons.length === 0 ? '' : `<p style="margin:24px 0 12px">${letter.buttons.map(button).join(' ')}</p>\n`}<p style="margin:16px 0"><a class="link" href="${escape(letter.link.url)}" style="color:#1B6F8A">${escape(letter.link.label)}</a></p>
<div class="line" style="border-top:1px solid #D9DED9;margin:20px 0 12px"></div>
${letter.foot.map((line) => `<p class="muted" style="margin:0 0 4px;color:#5C6B73;font-size:13px;overflow-wrap:anywhere">${escape(line)}</p>`).join('\n')}
</div></body></html>
`;
}

const picture = (letter: Letter): string =>
  `<p style="margin:0 0 16px"><img src="cid:${CHART_CID}" width="560" alt="${escape(letter.pictureText)}" style="display:block;width:100%;max-width:560px;height:auto;border:0;border-radius:4px"></p>\n`;

function sectionOf({ title, rows }: Section, hasPicture: boolean): string {
  const shown = rows.filter((row) => !(hasPicture && row.isInPicture === true));
  if (shown.length === 0) return '';
  const head =
    title === null
      ? ''
      : `<p class="line" style="margin:20px 0 4px;padding:12px 0 0;border-top:1px solid #D9DED9;font-weight:600">${escape(title)}</p>\n`;
  return `${head}<table role="presentation" cellpadding="0" cellspacing="0" style="width:100%;border-collapse:collapse">
${shown.map(rowOf).join('\n')}
</table>`;
}

function rowOf({ label, text, tone, action }: Row): string {
  const ink = tone === undefined ? '' : ` ink-${tone}`;
  const colour = tone === undefined ? '' : `;color:${LIGHT[tone]}`;
  const link =
    action === undefined || action === null
      ? ''
      : ` <a class="link" href="${escape(action.url)}" style="color:#1B6F8A;white-space:nowrap">${escape(action.label)}</a>`;
  const body = `${escape(text)}${link}`;
  if (label === '')
    return `<tr><td class="text${ink}" colspan="2" style="padding:4px 0;vertical-align:top${colour}">${body}</td></tr>`;
  return `<tr><td class="label muted" style="padding:4px 16px 4px 0;width:88px;vertical-align:top;color:#5C6B73;font-size:14px;line-height:1.83">${escape(label)}</td><td class="text${ink}" style="padding:4px 0;vertical-align:top${colour}">${body}</td></tr>`;
}

function button({ label, url }: Action, place: number): string {
  const [kind, look] =
    place === 0 ? ['button', 'background:#1B6F8A;color:#FFFFFF;'] : ['button second', 'background:#F7F8F5;color:#1B6F8A;'];
  return `<a class="${kind}" href="${escape(url)}" style="display:inline-block;${look}border:2px solid #1B6F8A;border-radius:6px;padding:9px 28px;margin:0 10px 0 0;text-align:center;text-decoration:none;font-weight:600">${escape(label)}</a>`;
}
