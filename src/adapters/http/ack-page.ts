/** How does the page behind a mail's button look? HTML without a script, readable on a phone in the sun, in the person's language. */
import { createHash } from 'node:crypto';
import type { Words } from '../../domain/alerting/alert.js';
import type { Person } from '../../domain/people.js';
import { type LinkedAlert, type LinkPage, NOTE_LENGTH } from '../../pipeline/alerting/link-desk.js';

const STYLE = `
:root{color-scheme:light dark;--paper:#f7f8f5;--ink:#14222b;--muted:#5c6b73;--hairline:#d9ded9;--water:#1b6f8a;--on:#fff;--met:#1e7b6b;--exceeded:#c23b22;--warning:#8a5a12}
@media (prefers-color-scheme:dark){:root{--paper:#10181d;--ink:#e6ecea;--muted:#8fa0a6;--hairline:#26333a;--water:#58b4cc;--on:#10181d;--met:#4cc2ac;--exceeded:#f07b62;--warning:#e3b341}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:1.0625rem/1.6 'PingFang SC','Noto Sans CJK SC','Noto Sans SC','Microsoft YaHei',system-ui,sans-serif;font-variant-numeric:tabular-nums}
main{max-width:34rem;margin:0 auto;padding:20px 20px 40px}
.brand{margin:0 0 20px;color:var(--muted);font-size:.9375rem}
.brand b{color:var(--water);font-weight:600}
h1{margin:0 0 16px;font-size:1.25rem;line-height:1.4;font-weight:600}
h2{margin:0;font-size:1.0625rem;font-weight:600;line-height:1.45}
article{border-top:1px solid var(--hairline);padding:14px 0}
.value{margin:2px 0;font-size:1.75rem;line-height:1.3}
.value small{font-size:.9375rem;color:var(--muted)}
p{margin:6px 0}
.muted{color:var(--muted);font-size:.9375rem}
.warning{color:var(--warning)}.over,.severe,.fault{color:var(--exceeded)}.done{color:var(--met)}
.said{border-left:4px solid var(--met);padding:8px 0 8px 14px;margin:0 0 20px}
.fault{border-left:4px solid var(--exceeded);padding:8px 0 8px 14px}
form{margin:20px 0 0;border-top:1px solid var(--hairline);padding-top:16px}
label{display:block;margin:0 0 14px;font-size:.9375rem;color:var(--muted)}
select,input,textarea{display:block;width:100%;margin-top:4px;padding:10px 12px;font:inherit;font-size:1.0625rem;color:var(--ink);background:transparent;border:1px solid var(--muted);border-radius:4px}
option{color:#14222b;background:#fff}
textarea{min-height:5rem;resize:vertical}
button{display:block;width:100%;padding:14px;font:inherit;font-size:1.125rem;font-weight:600;color:var(--on);background:var(--water);border:0;border-radius:4px;cursor:pointer}
:focus-visible{outline:3px solid var(--water);outline-offset:2px}
footer{margin-top:28px;color:var(--muted);font-size:.875rem}
`;

/** Of this page alone: nothing is loaded, nothing runs, and the form goes nowhere else. */
export const ACK_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Who serves: printed on every page. */
export interface AckSite {
  readonly name: string;
  readonly nameEn: string;
  readonly office: string;
  readonly officePhone: string | null;
}

type Language = Person['language'];

const SEVERITIES = {
  warning: { zh: '◆ 预警', en: '◆ Warning' },
  over: { zh: '▲ 超限', en: '▲ Over limit' },
  severe: { zh: '▲ 严重超限', en: '▲ Far over limit' },
} as const satisfies Record<LinkedAlert['severity'], Words>;

const escape = (text: string): string =>
  text.replace(/[&<>"']/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[c] ?? c);

/** HTML and status of a page. A link that is none of ours is a 404, one that has had its time a 410; both say what to do. */
export function ackPage(page: LinkPage, site: AckSite): { readonly status: number; readonly html: string } {
  switch (page.is) {
    case 'forged':
      return {
        status: 404,
        html: frame(site, 'zh', '链接无效', [
          said('fault', '链接无效:可能没有复制完整。预警本身不受影响,请从邮件里重新打开,或登录河清签收。'),
          said('muted', 'This link is not valid; it may have been cut. The alert itself stands: open the mail again, or log in.'),
        ]),
      };
    case 'expired': {
      const language = page.person.language;
      const words = say(language, {
        zh: `链接已于 ${page.at} 过期,什么也没有改变。请登录河清签收,或致电${site.office}。`,
        en: `This link expired at ${page.at}, and nothing was changed. Log in to acknowledge, or ring the office.`,
      });
      return {
        status: 410,
        html: frame(site, language, say(language, { zh: '链接已过期', en: 'Link expired' }), [said('fault', words)]),
      };
    }
    case 'acknowledge':
      return { status: 200, html: acknowledge(page, site) };
    case 'dispatch':
      return { status: page.fault === null ? 200 : 400, html: dispatch(page, site) };
    case 'test':
      return { status: page.fault === null ? 200 : 400, html: confirmTest(page, site) };
  }
}

/** When an address asks too often. */
export function tooOften(site: AckSite, seconds: number): string {
  return frame(site, 'zh', '请稍候', [
    said('fault', `打开得太频繁,请 ${seconds} 秒后再试。Too many requests: try again in ${seconds} s.`),
  ]);
}

function acknowledge(page: LinkPage & { is: 'acknowledge' }, site: AckSite): string {
  const { person, alerts, isDone } = page;
  const l = person.language;
  const open = alerts.filter(({ state }) => state === 'active');
  const name = nameOf(person, l);
  const title = say(l, { zh: '签收预警', en: 'Acknowledge' });
  const head = isDone
    ? said(
        'said done',
        say(l, { zh: `已签收。记录为 ${name},各方不再重复催办。`, en: `Acknowledged as ${name}. Nobody is reminded again.` }),
      )
    : open.length === 0
      ? said('said', say(l, { zh: '这里没有需要签收的了。', en: 'Nothing here waits to be acknowledged.' }))
      : `<h1>${escape(say(l, { zh: `${open.length > 1 ? `${open.length} 条预警` : '预警'}待签收`, en: 'Not acknowledged yet' }))}</h1>`;
  const button =
    open.length === 0
      ? ''
      : form(
          [say(l, { zh: `签收后记录:${name},现在。`, en: `Will be recorded: ${name}, now.` })],
          say(l, { zh: '已知悉', en: 'I have taken note' }),
        );
  return frame(site, l, title, [head, ...alerts.map((alert) => article(alert, l)), button]);
}

function dispatch(page: LinkPage & { is: 'dispatch' }, site: AckSite): string {
  const { person, alerts, cases, people, isDone, fault } = page;
  const l = person.language;
  const title = say(l, { zh: '派人处理', en: 'Send somebody' });
  const lines = cases.map(({ number, by, toName, toNameEn, until }) =>
    said(
      isDone ? 'said done' : 'said',
      say(l, {
        zh: `${isDone ? '已派单' : '先前已派单'}:处置单 ${number},${by} 派 ${toName},${day(until)} 前办结。`,
        en: `${isDone ? 'Sent' : 'Sent before'}: case ${number}, by ${by} to ${toNameEn}, due ${day(until)}.`,
      }),
    ),
  );
  const fields = [
    `<label>${escape(say(l, { zh: '派给', en: 'To' }))}<select name="to" required>${people
      .map(
        (one) =>
          `<option value="${escape(one.id)}"${one.id === page.form.to ? ' selected' : ''}>${escape(nameOf(one, l))}</option>`,
      )
      .join('')}</select></label>`,
    `<label>${escape(say(l, { zh: '期限', en: 'Until' }))}<input type="datetime-local" name="until" required value="${escape(page.form.until)}"></label>`,
    `<label>${escape(say(l, { zh: '要求(可不填)', en: 'Note (optional)' }))}<textarea name="note" maxlength="${NOTE_LENGTH}">${escape(page.form.note)}</textarea></label>`,
  ].join('');
  const needed = cases.length < alerts.length;
  const button = needed
    ? form(
        [
          say(l, {
            zh: `派发人记录为 ${nameOf(person, l)};派单即视为已签收。`,
            en: `Recorded as sent by ${nameOf(person, l)}, and as acknowledged.`,
          }),
        ],
        title,
        fields,
      )
    : '';
  const head = needed ? `<h1>${escape(title)}</h1>` : '';
  return frame(site, l, title, [
    ...lines,
    head,
    fault === null ? '' : said('fault', fault),
    ...alerts.map((alert) => article(alert, l)),
    button,
  ]);
}

function confirmTest(page: LinkPage & { is: 'test' }, site: AckSite): string {
  const { person, confirmed, isDone } = page;
  const l = person.language;
  const title = say(l, { zh: '确认测试邮件', en: 'Confirm the test mail' });
  const sent = `<p>${escape(say(l, { zh: `测试邮件 ${page.code},${page.sentAt} 发出。`, en: `Test mail ${page.code}, sent ${page.sentAt}.` }))}</p>`;
  if (confirmed !== null) {
    const words = say(
      l,
      isDone
        ? {
            zh: `已确认,预警通道畅通。记录为 ${confirmed.by},${confirmed.at}。`,
            en: `Confirmed: alerts reach you. Recorded as ${confirmed.by}, ${confirmed.at}.`,
          }
        : {
            zh: `先前已由 ${confirmed.by} 于 ${confirmed.at} 确认。`,
            en: `Confirmed before by ${confirmed.by} at ${confirmed.at}.`,
          },
    );
    return frame(site, l, title, [said('said done', words), sent]);
  }
  return frame(site, l, title, [
    `<h1>${escape(title)}</h1>`,
    page.fault === null ? '' : said('fault', page.fault),
    sent,
    form(
      [say(l, { zh: '按下按钮,即证明预警邮件能送到您这里。', en: 'The button proves that alerts reach you.' })],
      say(l, { zh: '我收到了', en: 'It came' }),
    ),
  ]);
}

function article(alert: LinkedAlert, l: Language): string {
  const { severity, state, value, limit, acknowledged } = alert;
  const stateWords: Words = acknowledged
    ? { zh: `已由 ${acknowledged.by} 于 ${acknowledged.at} 签收`, en: `acknowledged by ${acknowledged.by} at ${acknowledged.at}` }
    : { zh: '未签收', en: 'not acknowledged' };
  const over: Record<LinkedAlert['state'], Words> = {
    pending: { zh: '待观察', en: 'held back' },
    active: { zh: '持续中', en: 'stands' },
    acknowledged: { zh: '持续中', en: 'stands' },
    resolved: {
      zh: `已恢复${alert.resolvedAt ? `(${alert.resolvedAt})` : ''}`,
      en: `over${alert.resolvedAt ? ` (${alert.resolvedAt})` : ''}`,
    },
    closed: { zh: '已关闭', en: 'closed' },
  };
  const stands = state !== 'resolved' && state !== 'closed';
  const number =
    value === null ? '' : `<p class="value">${escape(value)}${limit ? ` <small>${escape(say(l, limit))}</small>` : ''}</p>`;
  return (
    `<article><h2><span class="${severity}">${escape(say(l, SEVERITIES[severity]))}</span> ${escape(say(l, alert.about))}</h2>${number}` +
    `<p>${escape(say(l, alert.reason))}</p>` +
    `<p class="muted">${escape(say(l, { zh: `自 ${alert.since}`, en: `since ${alert.since}` }))} · ${escape(say(l, over[state]))}` +
    `${stands || acknowledged ? ` · ${escape(say(l, stateWords))}` : ''}</p></article>`
  );
}

const form = (notes: readonly string[], button: string, fields = ''): string =>
  `<form method="post">${fields}${notes.map((note) => said('muted', note)).join('')}<button type="submit">${escape(button)}</button></form>`;

const said = (kind: string, words: string): string => `<p class="${kind}">${escape(words)}</p>`;

const say = (language: Language, words: Words): string => (language === 'en' ? words.en : words.zh);

const nameOf = ({ name, nameEn }: Pick<Person, 'name' | 'nameEn'>, language: Language): string =>
  language === 'en' ? nameEn : name;

/** `MM-DD HH:mm` of an ISO time with the site's offset. */
const day = (iso: string): string => iso.slice(5, 16).replace('T', ' ');

function frame(site: AckSite, language: Language, title: string, parts: readonly string[]): string {
  const name = language === 'en' ? site.nameEn : site.name;
  const phone = site.officePhone === null ? '' : ` · ${site.officePhone}`;
  return (
    `<!doctype html><html lang="${language === 'en' ? 'en' : 'zh-CN'}"><head><meta charset="utf-8">` +
    '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">' +
    `<title>${escape(title)} · 河清</title><style>${STYLE}</style></head><body><main>` +
    `<p class="brand"><b>河清</b> · ${escape(name)}</p>${parts.join('')}` +
    `<footer>${escape(site.office)}${escape(phone)}</footer></main></body></html>`
  );
}
