/** How does a bulletin look in Word where the office has no template of its own? A4, 仿宋 and 宋体, tables with rules, lines to sign. */
import type { BulletinKind, Column } from '../../domain/bulletins/bulletin.js';
import { SIGNERS } from '../../domain/bulletins/bulletin.js';
import { headingOf, OUTLINES, type SectionOutline } from '../../domain/bulletins/outline.js';
import { sameZip } from './same-zip.js';

const W = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main';
const R = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const RELS = 'http://schemas.openxmlformats.org/package/2006/relationships';
const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

/** A4 and its margins, in twentieths of a point; wide tables lie across. */
const PAGE = { width: 11_906, height: 16_838, side: 1134, top: 1304 } as const;
const TEXT_WIDTH = PAGE.width - 2 * PAGE.side;

/** The template of a kind as a Word file. Its texts name what is filled in, in braces; an office copies it and changes the rest. */
export function builtInTemplate(kind: BulletinKind): Uint8Array {
  return sameZip(
    new Map<string, string>([
      ['[Content_Types].xml', CONTENT_TYPES],
      [
        '_rels/.rels',
        rels([
          ['rId1', `${R}/officeDocument`, 'word/document.xml'],
          ['rId2', CORE_TYPE, 'docProps/core.xml'],
        ]),
      ],
      ['docProps/core.xml', CORE],
      ['word/document.xml', document(kind)],
      ['word/styles.xml', STYLES],
      [
        'word/settings.xml',
        `${XML}<w:settings xmlns:w="${W}"><w:defaultTabStop w:val="420"/><w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>`,
      ],
      ['word/header1.xml', HEADER],
      ['word/footer1.xml', FOOTER],
      [
        'word/_rels/document.xml.rels',
        rels([
          ['rId1', `${R}/styles`, 'styles.xml'],
          ['rId2', `${R}/settings`, 'settings.xml'],
          ['rId3', `${R}/header`, 'header1.xml'],
          ['rId4', `${R}/footer`, 'footer1.xml'],
        ]),
      ],
    ]),
  );
}

const CORE_TYPE = 'http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties';

const rels = (all: readonly (readonly [id: string, type: string, target: string])[]): string =>
  `${XML}<Relationships xmlns="${RELS}">${all.map(([id, type, target]) => `<Relationship Id="${id}" Type="${type}" Target="${target}"/>`).join('')}</Relationships>`;

const PART = 'application/vnd.openxmlformats-officedocument.wordprocessingml';
const CONTENT_TYPES =
  `${XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
  '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
  '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>' +
  `<Override PartName="/word/document.xml" ContentType="${PART}.document.main+xml"/>` +
  `<Override PartName="/word/styles.xml" ContentType="${PART}.styles+xml"/>` +
  `<Override PartName="/word/settings.xml" ContentType="${PART}.settings+xml"/>` +
  `<Override PartName="/word/header1.xml" ContentType="${PART}.header+xml"/>` +
  `<Override PartName="/word/footer1.xml" ContentType="${PART}.footer+xml"/>` +
  '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>';

const CORE =
  `${XML}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" ` +
  'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">' +
  '<dc:title>{标题} {时段}</dc:title><dc:creator>{单位}</dc:creator></cp:coreProperties>';

const font = (eastAsia: string): string =>
  `<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:cs="Times New Roman" w:eastAsia="${eastAsia}"/>`;
const style = (id: string, name: string, paragraph: string, run: string, isDefault = false): string =>
  `<w:style w:type="paragraph"${isDefault ? ' w:default="1"' : ''} w:styleId="${id}"><w:name w:val="${name}"/>` +
  `${isDefault ? '' : '<w:basedOn w:val="Normal"/>'}<w:qFormat/><w:pPr>${paragraph}</w:pPr><w:rPr>${run}</w:rPr></w:style>`;
const size = (halfPoints: number): string => `<w:sz w:val="${halfPoints}"/><w:szCs w:val="${halfPoints}"/>`;
const space = (before: number, after: number, line = 360): string =>
  `<w:spacing w:before="${before}" w:after="${after}" w:line="${line}" w:lineRule="auto"/>`;

/** The house style of Chinese papers: 黑体 heads, 仿宋 text with two signs of indent, 宋体 tables. */
const STYLES =
  `${XML}<w:styles xmlns:w="${W}"><w:docDefaults><w:rPrDefault><w:rPr>${font('仿宋')}<w:kern w:val="2"/>${size(24)}<w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault></w:docDefaults>` +
  style('Normal', 'Normal', space(0, 0), '', true) +
  style(
    'BulletinTitle',
    'Bulletin Title',
    `${space(120, 60)}<w:jc w:val="center"/>`,
    `${font('宋体')}<w:b/><w:bCs/>${size(40)}`,
  ) +
  style('BulletinLine', 'Bulletin Line', `${space(0, 60)}<w:jc w:val="center"/>`, size(24)) +
  style('BulletinState', 'Bulletin State', `${space(0, 120)}<w:jc w:val="center"/>`, `${font('黑体')}${size(22)}`) +
  style(
    'BulletinHeading',
    'Bulletin Heading',
    `<w:keepNext/>${space(200, 60)}<w:outlineLvl w:val="0"/>`,
    `${font('黑体')}${size(26)}`,
  ) +
  style('BulletinText', 'Bulletin Text', `${space(0, 40, 300)}<w:ind w:firstLineChars="200" w:firstLine="480"/>`, '') +
  style('BulletinCell', 'Bulletin Cell', `${space(20, 20, 240)}`, `${font('宋体')}${size(18)}`) +
  style('BulletinCaption', 'Bulletin Caption', `${space(0, 120, 280)}<w:jc w:val="center"/>`, `${font('宋体')}${size(18)}`) +
  style('BulletinNote', 'Bulletin Note', space(40, 20, 280), `${font('宋体')}${size(18)}`) +
  style(
    'BulletinHead',
    'Bulletin Head',
    `<w:jc w:val="center"/>`,
    `${font('黑体')}<w:b/><w:bCs/><w:color w:val="B03A2E"/>${size(24)}`,
  ) +
  style('BulletinFoot', 'Bulletin Foot', `<w:jc w:val="center"/>`, `${font('宋体')}${size(18)}`) +
  '</w:styles>';

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const run = (text: string, properties = ''): string =>
  `<w:r>${properties === '' ? '' : `<w:rPr>${properties}</w:rPr>`}<w:t xml:space="preserve">${escape(text)}</w:t></w:r>`;
const paragraph = (styleId: string, text: string, properties = ''): string =>
  `<w:p><w:pPr><w:pStyle w:val="${styleId}"/>${properties}</w:pPr>${run(text)}</w:p>`;
const field = (code: string): string =>
  `<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> ${code} </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>`;

const HEADER = `${XML}<w:hdr xmlns:w="${W}">${paragraph('BulletinHead', '{草稿}')}</w:hdr>`;
const FOOTER = `${XML}<w:ftr xmlns:w="${W}"><w:p><w:pPr><w:pStyle w:val="BulletinFoot"/></w:pPr>${run('第 ')}${field('PAGE')}${run(' 页 共 ')}${field('NUMPAGES')}${run(' 页')}</w:p></w:ftr>`;

/** All of one kind, part by part. */
function document(kind: BulletinKind): string {
  const parts = OUTLINES[kind].map((outline) => part(kind, outline));
  return (
    `${XML}<w:document xmlns:w="${W}" xmlns:r="${R}"><w:body>` +
    paragraph('BulletinTitle', '{标题}') +
    paragraph('BulletinLine', '{时段}') +
    paragraph('BulletinState', '{状态}') +
    paragraph('BulletinLine', '{单位}    制表日期 {制表日期}') +
    parts.join('') +
    paragraph('BulletinNote', '{#脚注}') +
    paragraph('BulletinNote', '注{序}:{文}') +
    paragraph('BulletinNote', '{/脚注}') +
    signatures() +
    `<w:sectPr><w:headerReference w:type="default" r:id="rId3"/><w:footerReference w:type="default" r:id="rId4"/>` +
    `<w:pgSz w:w="${PAGE.width}" w:h="${PAGE.height}"/><w:pgMar w:top="${PAGE.top}" w:right="${PAGE.side}" w:bottom="${PAGE.top}" w:left="${PAGE.side}" w:header="680" w:footer="680" w:gutter="0"/></w:sectPr>` +
    '</w:body></w:document>'
  );
}

function part(kind: BulletinKind, { name, columns, courses }: SectionOutline): string {
  const pictures =
    courses === undefined
      ? ''
      : paragraph('BulletinCaption', `{#${name}图}`) +
        paragraph('BulletinCaption', '{@图}') +
        paragraph('BulletinCaption', '{图题}') +
        paragraph('BulletinCaption', `{/${name}图}`);
  const rows =
    columns.length === 0
      ? ''
      : `${paragraph('BulletinText', `{#有${name}}`)}${table(name, columns)}${paragraph('BulletinText', `{/有${name}}`)}`;
  return (
    paragraph('BulletinHeading', headingOf(kind, name)) +
    paragraph('BulletinText', `{#${name}说明}`) +
    paragraph('BulletinText', '{.}') +
    paragraph('BulletinText', `{/${name}说明}`) +
    rows +
    pictures
  );
}

const BORDERS = ['top', 'left', 'bottom', 'right', 'insideH', 'insideV']
  .map((side) => `<w:${side} w:val="single" w:sz="4" w:space="0" w:color="333333"/>`)
  .join('');

function table(name: string, columns: readonly Column[]): string {
  const all = columns.reduce((sum, { width }) => sum + width, 0);
  const widths = columns.map(({ width }) => Math.floor((width / all) * TEXT_WIDTH));
  const cell = (text: string, i: number, align: string): string =>
    `<w:tc><w:tcPr><w:tcW w:w="${widths[i]}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>${paragraph('BulletinCell', text, `<w:jc w:val="${align}"/>`)}</w:tc>`;
  const head = columns
    .map(({ title }, i) =>
      cell(title, i, 'center')
        .replace('<w:vAlign', '<w:shd w:val="clear" w:color="auto" w:fill="EDF1EE"/><w:vAlign')
        .replace('<w:r>', '<w:r><w:rPr><w:b/><w:bCs/></w:rPr>'),
    )
    .join('');
  const body = columns
    .map(({ tag, figure }, i) => {
      const open = i === 0 ? `{#${name}}` : '';
      const close = i === columns.length - 1 ? `{/${name}}` : '';
      return cell(`${open}{${tag}}${close}`, i, figure === true ? 'right' : 'left');
    })
    .join('');
  return (
    `<w:tbl><w:tblPr><w:tblW w:w="${TEXT_WIDTH}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>${BORDERS}</w:tblBorders><w:tblLayout w:type="fixed"/>` +
    '<w:tblCellMar><w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar></w:tblPr>' +
    `<w:tblGrid>${widths.map((width) => `<w:gridCol w:w="${width}"/>`).join('')}</w:tblGrid>` +
    `<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>${head}</w:tr><w:tr><w:trPr><w:cantSplit/></w:trPr>${body}</w:tr></w:tbl>`
  );
}

/** 编制 审核 签发, each with room for a name. */
function signatures(): string {
  const tabs = SIGNERS.map((_, i) => `<w:tab w:val="left" w:pos="${Math.round((i * TEXT_WIDTH) / SIGNERS.length)}"/>`).join('');
  const runs = SIGNERS.map(
    (who, i) => `${i === 0 ? '' : '<w:r><w:tab/></w:r>'}${run(`${who}:`)}${run(' '.repeat(22), '<w:u w:val="single"/>')}`,
  );
  return `<w:p><w:pPr><w:pStyle w:val="Normal"/><w:keepLines/><w:tabs>${tabs}</w:tabs>${space(480, 120)}</w:pPr>${runs.join('')}</w:p>`;
}
