/** Is a template of the office fit for use, and if not, what is wrong with it, in words? */
import type { DXT } from 'docxtemplater';
import type { BulletinKind } from '../../domain/bulletins/bulletin.js';
import { FIELDS, OUTLINES } from '../../domain/bulletins/outline.js';
import { compiled } from './docx.js';

/** Faults that one line names at most. */
const MOST = 5;

/** What is wrong with a template of a kind, in words; `null`: nothing. */
export function templateFault(template: Uint8Array, kind: BulletinKind): string | null {
  const tags = new Tags();
  try {
    compiled(template, [tags]);
  } catch (error) {
    return readFault(error);
  }
  const strange = [...new Set(unknownTags(tags.parts, allowedTags(kind)))];
  if (strange.length === 0) return null;
  return `没有这些填充项:${strange.slice(0, MOST).join('、')}${strange.length > MOST ? ` 等 ${strange.length} 处` : ''};可用的填充项:${names(kind)}`;
}

/** Tags by the tags they may stand in; the top stands under ''. */
type Allowed = ReadonlyMap<string, ReadonlySet<string>>;

function allowedTags(kind: BulletinKind): Allowed {
  const allowed = new Map<string, Set<string>>([['脚注', new Set(['序', '文'])]]);
  const top = new Set<string>([...FIELDS, '脚注']);
  for (const { name, columns } of OUTLINES[kind]) {
    for (const tag of [name, `有${name}`, `${name}说明`, `${name}图`]) top.add(tag);
    allowed.set(name, new Set(columns.map(({ tag }) => tag)));
    allowed.set(`${name}说明`, new Set(['.']));
    allowed.set(`${name}图`, new Set(['图', '图题']));
  }
  return allowed.set('', top);
}

/** Hears which tags a template holds, as docxtemplater tells every module of what it has read. */
class Tags implements DXT.Module {
  readonly name = 'HeqingTags';
  readonly parts: DXT.Part[] = [];

  set({ inspect }: { readonly inspect?: { readonly postparsed?: readonly DXT.Part[] } }): void {
    this.parts.push(...(inspect?.postparsed ?? []));
  }
}

/** Whatever stands inside a part may also name what stands outside it: a tag is looked up from within to without. */
function unknownTags(parts: readonly DXT.Part[], allowed: Allowed, within: readonly string[] = ['']): string[] {
  return parts
    .filter(({ type }) => type === 'placeholder')
    .flatMap(({ value, subparsed }) => {
      if (!within.some((place) => allowed.get(place)?.has(value) === true)) return [`{${value}}`];
      return unknownTags(subparsed ?? [], allowed, [...within, value]);
    });
}

const names = (kind: BulletinKind): string =>
  [...FIELDS, '脚注', ...OUTLINES[kind].map(({ name }) => name)].map((tag) => `{${tag}}`).join(' ');

/** What docxtemplater tells of one fault. */
interface Told {
  readonly message: string;
  readonly properties?: {
    readonly id?: string;
    readonly xtag?: string;
    readonly openingtag?: string;
    readonly closingtag?: string;
    readonly errors?: readonly Told[];
  };
}

function readFault(error: unknown): string {
  const told = error as Told;
  const all = told.properties?.errors ?? [told];
  const words = [...new Set(all.map(wordsOf))];
  return words.slice(0, MOST).join(';') + (words.length > MOST ? `;另有 ${words.length - MOST} 处` : '');
}

function wordsOf({ message, properties = {} }: Told): string {
  const { id, xtag = '', openingtag, closingtag } = properties;
  switch (id) {
    case 'unclosed_tag':
      return `「{${xtag}」缺右花括号`;
    case 'unopened_tag':
      return `「${xtag}}」缺左花括号`;
    case 'duplicate_open_tag':
      return `「${xtag}」处有多余的左花括号`;
    case 'duplicate_close_tag':
      return `「${xtag}」处有多余的右花括号`;
    case 'unclosed_loop':
      return `{#${xtag}} 没有对应的 {/${xtag}}`;
    case 'unopened_loop':
      return `{/${xtag}} 前面没有 {#${xtag}}`;
    case 'closing_tag_does_not_match_opening_tag':
      return `{#${openingtag}} 被 {/${closingtag}} 结束,两者应同名`;
    case 'raw_xml_tag_should_be_only_text_in_paragraph':
      return `{@${xtag}} 要独占一段`;
    default:
      return /central directory|corrupt|zip|filetype|not seem to be/i.test(`${id ?? ''} ${message}`)
        ? '不是 Word 文件(.docx),请用 Word 或 WPS 另存为 .docx'
        : `不能读:${message}`;
  }
}
