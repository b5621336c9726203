/** How does a bulletin become a Word file? A template, its fields filled in; the same bulletin and template give the same bytes. */
import Docxtemplater from 'docxtemplater';
import PizZip from 'pizzip';
import type { Bulletin, Section } from '../../domain/bulletins/bulletin.js';
import { plainText } from '../../domain/plain-text.js';
import { entriesOf, sameZip } from './same-zip.js';

/** A picture that was drawn: PNG, and how large it is. */
export interface Picture {
  readonly png: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** A Word unit (EMU) is a 360,000th of a centimetre; a picture is so wide. */
const CM = 360_000;
const WIDE = 16;

const RELS = 'word/_rels/document.xml.rels';
const TYPES = '[Content_Types].xml';

/** Fills in a template. Throws what docxtemplater throws: `templateFault` has its words. */
export function fillIn(template: Uint8Array, bulletin: Bulletin, pictures: readonly Picture[]): Uint8Array {
  const document = compiled(template);
  document.render(plain(dataOf(bulletin, pictures)));
  const zip = document.getZip() as PizZip;
  const entries = entriesOf(zip.generate({ type: 'uint8array' }));
  enclose(entries, pictures);
  return sameZip(entries);
}

/** A template that can be read; throws else. It runs no code: a tag is a name and nothing more. */
export function compiled(template: Uint8Array, modules: Docxtemplater.DXT.Module[] = []): Docxtemplater {
  return new Docxtemplater(new PizZip(template), {
    modules,
    paragraphLoop: true,
    linebreaks: true,
    errorLogging: false,
    nullGetter: () => '',
  });
}

/** Every text without what XML does not take: what was written before notes were checked comes all the same. */
function plain<T>(data: T): T {
  if (typeof data === 'string') return plainText(data) as T;
  if (Array.isArray(data)) return data.map(plain) as T;
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([tag, value]) => [tag, plain<unknown>(value)])) as T;
}

/** What the tags of a template stand for. */
function dataOf(bulletin: Bulletin, pictures: readonly Picture[]): Record<string, unknown> {
  let drawn = 0;
  const parts = bulletin.sections.map((section) => {
    const own = section.courses.map(({ caption }) => {
      const n = ++drawn;
      return { 图题: `图 ${n} ${caption}`, 图: drawing(n, caption, pictures[n - 1]!) };
    });
    return partOf(section, own);
  });
  return {
    ...(Object.assign({}, ...parts) as Record<string, unknown>),
    标题: bulletin.title,
    时段: bulletin.periodText,
    单位: bulletin.office,
    状态: bulletin.stateText,
    草稿: bulletin.watermark,
    提要: bulletin.headline,
    制表日期: bulletin.madeOn,
    脚注: bulletin.footnotes.map((text, i) => ({ 序: String(i + 1), 文: text })),
  };
}

const partOf = ({ name, lines, rows, columns }: Section, pictures: readonly object[]): Record<string, unknown> => ({
  [name]: rows.map((row) => Object.fromEntries(columns.map(({ tag }, i) => [tag, row[i]]))),
  [`有${name}`]: rows.length > 0,
  [`${name}说明`]: lines,
  [`${name}图`]: pictures,
});

const relation = (n: number): string => `heqingPicture${n}`;
const file = (n: number): string => `media/heqing-${n}.png`;
const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** A picture in a paragraph of its own, with its words for who does not see it. */
function drawing(n: number, caption: string, { width, height }: Picture): string {
  const [cx, cy] = [WIDE * CM, Math.round((WIDE * CM * height) / width)];
  const names =
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" ' +
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" ' +
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" ' +
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" ' +
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"';
  return (
    `<w:p ${names}><w:pPr><w:keepNext/><w:spacing w:before="160" w:after="0" w:line="240" w:lineRule="auto"/><w:jc w:val="center"/></w:pPr><w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">` +
    `<wp:extent cx="${cx}" cy="${cy}"/><wp:docPr id="${9000 + n}" name="图 ${n}" descr="${escape(caption)}"/>` +
    '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>' +
    `<pic:nvPicPr><pic:cNvPr id="${n}" name="heqing-${n}.png"/><pic:cNvPicPr/></pic:nvPicPr>` +
    `<pic:blipFill><a:blip r:embed="${relation(n)}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>` +
    `<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="${cx}" cy="${cy}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>` +
    '</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>'
  );
}

/** Puts the pictures into the package, those that the template shows. */
function enclose(entries: Map<string, Uint8Array>, pictures: readonly Picture[]): void {
  const text = (name: string): string => new TextDecoder().decode(entries.get(name));
  const document = text('word/document.xml');
  const shown = pictures.flatMap((picture, i) => (document.includes(`"${relation(i + 1)}"`) ? [{ ...picture, n: i + 1 }] : []));
  if (shown.length === 0) return;
  const type = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships/image';
  const relations = shown.map(({ n }) => `<Relationship Id="${relation(n)}" Type="${type}" Target="${file(n)}"/>`).join('');
  const put = (name: string, content: string): void => void entries.set(name, new TextEncoder().encode(content));
  put(RELS, text(RELS).replace('</Relationships>', `${relations}</Relationships>`));
  for (const { n, png } of shown) entries.set(`word/${file(n)}`, png);
  const types = text(TYPES);
  if (!/Extension="png"/i.test(types))
    put(TYPES, types.replace(/(<Types[^>]*>)/, '$1<Default Extension="png" ContentType="image/png"/>'));
}
