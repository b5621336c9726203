/** Are the files of a bulletin what it says, the same every time, and there also when the office's template is not fit? */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { readXlsx } from 'hucre/xlsx';
import { builtInTemplate } from '../../../src/adapters/bulletin/built-in-template.js';
import { FilePress } from '../../../src/adapters/bulletin/press.js';
import { entriesOf, sameZip } from '../../../src/adapters/bulletin/same-zip.js';
import { DAYS_HEIGHT, DAYS_WIDTH, drawDays } from '../../../src/adapters/picture/days.js';
import { BULLETIN_KINDS } from '../../../src/domain/bulletins/bulletin.js';
import { dayBulletin } from '../../../src/domain/bulletins/day.js';
import { riverMonthBulletin } from '../../../src/domain/bulletins/river-month.js';
import { dayFacts, riverFacts } from '../../support/bulletin-facts.js';
import { type TemporaryFolder, temporaryFolder } from '../../support/temporary-folder.js';

const days = { width: DAYS_WIDTH, height: DAYS_HEIGHT, draw: drawDays };
const shipped = new FilePress('config', days);
const river = riverMonthBulletin(riverFacts());
const textOf = (docx: Uint8Array, name = 'word/document.xml'): string => new TextDecoder().decode(entriesOf(docx).get(name));
/** The words of a Word file, paragraph by paragraph. */
const wordsOf = (docx: Uint8Array): string =>
  textOf(docx)
    .replaceAll('</w:p>', '\n')
    .replaceAll(/<[^>]+>/g, '');

describe('as Word', () => {
  test('every part, every cell and every note stands in it, and no brace is left', async () => {
    const { files, templateTrouble } = await shipped.render(river, 'river-month.docx');
    expect(templateTrouble).toBeNull();
    const words = wordsOf(files.docx);
    expect(words).not.toMatch(/[{}]|undefined/);
    for (const { heading, lines, rows, courses } of river.sections) {
      for (const text of [heading, ...lines, ...rows.flat(), ...courses.map(({ caption }) => caption)])
        expect(words).toContain(text.replaceAll('&', '&amp;').replaceAll('<', '&lt;'));
    }
    for (const text of [...river.footnotes, '编制', '审核', '签发', river.title, river.stateText]) expect(words).toContain(text);
    expect(textOf(files.docx, 'word/header1.xml')).toContain('未审核 草稿');
  });

  test('its pictures are in the package, related and typed', async () => {
    const { docx } = (await shipped.render(river, null)).files;
    const entries = entriesOf(docx);
    const relations = textOf(docx, 'word/_rels/document.xml.rels');
    for (const n of [1, 2]) {
      expect([...entries.get(`word/media/heqing-${n}.png`)!.subarray(1, 4)]).toEqual([...Buffer.from('PNG')]);
      expect(relations).toContain(`Id="heqingPicture${n}"`);
      expect(textOf(docx)).toContain(`r:embed="heqingPicture${n}"`);
    }
    expect(textOf(docx, '[Content_Types].xml')).toContain('Extension="png"');
  });

  test('a part without rows has its sentence and no empty table', async () => {
    const { docx } = (await shipped.render(dayBulletin(dayFacts()), 'day.docx')).files;
    const [, alerts = ''] = wordsOf(docx).split('四、预警报警');
    expect(alerts).toContain('当日没有新的预警与报警;期末未恢复 1 条。');
    expect(alerts.split('五、处置')[0]).not.toContain('级别');
  });

  test('a name that looks like markup or like a field is text', async () => {
    const odd = riverMonthBulletin(riverFacts({ title: '<w:p/>{标题} & "月报"' }));
    const { docx } = (await shipped.render(odd, null)).files;
    expect(textOf(docx)).toContain('&lt;w:p/&gt;{标题} &amp; ');
  });
});

test('a vertical tab of Word in a stored note, as any control character, keeps no report from being made', async () => {
  const odd = riverMonthBulletin(riverFacts({ title: '清淤\v完成\u0000\u001b[1m\ud800' }));
  const { files } = await shipped.render(odd, 'river-month.docx');
  expect(wordsOf(files.docx)).toContain('清淤完成[1m\ufffd');
  expect(textOf(files.docx)).toMatch(/清淤<\/w:t><\/w:r><w:r>.*?<w:br\/>/);
  const { sheets } = await readXlsx(files.xlsx);
  expect(sheets[0]!.rows.flat().join()).toContain('清淤');
});

describe('as a workbook', () => {
  test('a sheet for each table; figures are numbers, texts are texts', async () => {
    const { xlsx } = (await shipped.render(river, null)).files;
    const { sheets } = await readXlsx(xlsx);
    expect(sheets.map(({ name }) => name)).toEqual(['报表', ...river.sections.map(({ name }) => name)]);
    const rates = sheets.find(({ name }) => name === '达标情况')!.rows;
    expect(rates[1]).toEqual(river.sections[0]!.columns.map(({ title }) => title));
    expect(rates[2]!.slice(0, 4)).toEqual(['2026 年 10 月', 66.7, 2, 1]);
    // 水质优良(Ⅰ–Ⅲ类)比例(%) takes three lines of its column.
    const sheet = new TextDecoder().decode(entriesOf(xlsx).get('xl/worksheets/sheet2.xml'));
    const height = Number(/<row r="2"[^>]* ht="([\d.]+)"/.exec(sheet)?.[1]);
    expect(height).toBeGreaterThanOrEqual(3 * 13);
    const cases = sheets.find(({ name }) => name === '处置')!.rows;
    expect(cases[2]![0]).toBe('2026-0012');
    expect(sheets[0]!.rows.flat()).toContain('未审核 草稿(本月尚未定稿,数据可能变化)');
  });
});

describe('the same', () => {
  afterEach(() => {
    jest.useRealTimers();
  });

  test('the same bulletin gives the same bytes, on another day and by another clock; another word gives others', async () => {
    const hashes = async (bulletin = river) => (await shipped.render(bulletin, 'river-month.docx')).heads;
    const first = await hashes();
    jest.useFakeTimers({ now: Date.parse('2031-05-06T07:08:09Z'), doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    expect(await hashes()).toEqual(first);
    jest.useRealTimers();
    const other = await hashes(riverMonthBulletin(riverFacts({ title: '另一份' })));
    expect(other.docx.hash).not.toBe(first.docx.hash);
    expect(other.xlsx.hash).not.toBe(first.xlsx.hash);
  });
});

describe('templates', () => {
  let folder: TemporaryFolder;
  let press: FilePress;
  beforeEach(async () => {
    folder = await temporaryFolder('templates');
    mkdirSync(join(folder.path, 'templates'));
    press = new FilePress(folder.path, days);
  });
  afterEach(() => folder.remove());

  /** The built-in one with its text changed. */
  const changed = (change: (text: string) => string, name = 'own.docx'): void => {
    const entries = entriesOf(builtInTemplate('river-month'));
    const text = new TextDecoder().decode(entries.get('word/document.xml'));
    writeFileSync(
      join(folder.path, 'templates', name),
      sameZip(new Map<string, Uint8Array | string>([...entries, ['word/document.xml', change(text)]])),
    );
  };

  test('the shipped files are the built-in ones, and fit', () => {
    for (const kind of BULLETIN_KINDS) {
      expect(readFileSync(`config/templates/${kind}.docx`).equals(Buffer.from(builtInTemplate(kind)))).toBe(true);
      expect(shipped.templateTrouble(kind, `${kind}.docx`)).toBeNull();
    }
  });

  test('what an office changes is in the file', async () => {
    changed((text) => text.replace('{标题}', '五陂镇人民政府 {标题}'));
    const { files, templateTrouble } = await press.render(river, 'own.docx');
    expect(templateTrouble).toBeNull();
    expect(wordsOf(files.docx)).toContain('五陂镇人民政府 南坑河五陂段水质月报');
  });

  test.each<[string, (text: string) => string, string]>([
    ['a name that is none', (text) => text.replace('{目标类别}', '{目标等级}'), '没有这些填充项:{目标等级};可用的填充项:{标题}'],
    ['a column outside its part', (text) => text.replace('{标题}', '{主要污染指标}'), '没有这些填充项:{主要污染指标}'],
    ['a part that does not end', (text) => text.replace('{/断面水质}', ''), '{#断面水质} 没有对应的 {/断面水质}'],
    ['a part that does not begin', (text) => text.replace('{#断面水质}', ''), '{/断面水质} 前面没有 {#断面水质}'],
    ['a brace too few', (text) => text.replace('{标题}', '{标题'), '缺右花括号'],
    ['a brace too many', (text) => text.replace('{标题}', '标题}'), '缺左花括号'],
  ])('%s is told in words, and the bulletin comes all the same', async (_, change, words) => {
    changed(change);
    const trouble = press.templateTrouble('river-month', 'own.docx');
    expect(trouble).toContain('模板 templates/own.docx 不能用:');
    expect(trouble).toContain(words);
    const rendered = await press.render(river, 'own.docx');
    expect(rendered.templateTrouble).toBe(trouble);
    expect(wordsOf(rendered.files.docx)).toContain(river.title);
  });

  test('a file that is no Word file, and one that is not there', () => {
    writeFileSync(join(folder.path, 'templates', 'text.docx'), '报表');
    expect(press.templateTrouble('day', 'text.docx')).toBe(
      '模板 templates/text.docx 不能用:不是 Word 文件(.docx),请用 Word 或 WPS 另存为 .docx。已改用内置模板。',
    );
    expect(press.templateTrouble('day', 'none.docx')).toContain('没有这个文件');
  });

  test('a template runs nothing: what looks like code is a name that is none', () => {
    changed((text) => text.replace('{标题}', '{process.exit(1)}'));
    expect(press.templateTrouble('river-month', 'own.docx')).toContain('{process.exit(1)}');
  });
});
