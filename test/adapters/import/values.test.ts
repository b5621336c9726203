/** Does a file come to the values its writer meant, and is everything else refused by line and reason? */
import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { writeXlsx } from 'hucre';
import { loadConfig } from '../../../src/adapters/config/load-config.js';
import { readTables } from '../../../src/adapters/import/tables.js';
import { readValues } from '../../../src/adapters/import/values.js';
import { isoTime } from '../../../src/domain/time.js';

const { site } = loadConfig('config');
const NOW = Date.parse('2026-11-23T08:00:00+08:00');

async function read(
  bytes: Uint8Array,
  { source = 'lab', station = null }: { source?: 'lab' | 'sensor'; station?: string | null } = {},
) {
  const { tables } = await readTables(bytes);
  const file = readValues(tables, site, { source, station: station === null ? null : site.stations.get(station)!, now: NOW });
  return {
    ...file,
    // One line a value, as short as can be compared by eye.
    values: file.values.map(({ place, reading: { station: of, parameter, time, value, mark, detection } }) =>
      [place.line, of, parameter, isoTime(time, site.calendar).slice(0, 16), value, mark, ...(detection ? [detection] : [])].join(
        ' ',
      ),
    ),
    refused: file.refused.map(({ place, why }) => [place.line, place.column, why]),
  };
}
const fixture = (name: string, options = {}) => read(readFileSync(`test/fixtures/import/${name}`), options);
const csv = (text: string, options = {}) => read(new TextEncoder().encode(text), options);
const words = (text: string): unknown => expect.stringContaining(text);

test('a cell as long as a book is no name and no number, and nobody waits for it', async () => {
  const book = 'x/'.repeat(100_000);
  const file = await csv(`采样时间,站点,氨氮,总磷,${book}\n2026-11-03 08:30,nankeng-out,0.1,0.02${' '.repeat(1000)}?,1\n`);
  expect(file.values).toEqual(['2 nankeng-out nh3n 2026-11-03T08:30 0.1 S']);
  expect(file.refused.map(([line, column]) => [line, String(column).length])).toEqual([
    [2, 303],
    [2, 2],
  ]);
});

describe('the layouts', () => {
  test('long, Chinese, GBK, days without a time of day, a village with the kind of water', async () => {
    const file = await fixture('long-gbk.csv');
    expect(file.values).toEqual([
      '3 changtan-plant turb 2026-11-03T00:00 0.42 S',
      '4 changtan-plant ph 2026-11-03T00:00 7.21 S',
      '5 changtan-plant cl2 2026-11-03T00:00 0.45 S',
      '6 changtan-plant codmn 2026-11-03T00:00 1.2 S',
      '7 changtan-plant nh3n 2026-11-03T00:00 0.01 S 0.02',
      '8 changtan-plant coliform 2026-11-03T00:00 0 S',
      '9 changtan-tap turb 2026-11-03T00:00 1.35 S',
      '10 changtan-tap cl2 2026-11-03T00:00 0.005 S 0.01',
      '11 changtan-tap fe 2026-11-03T00:00 0.082 S',
    ]);
    expect(file.refused).toEqual([[13, null, words('配置里没有项目“总铬”')]]);
    expect(file.blank).toBe(1);
    expect(file.notes).toEqual(['未用的列:备注', words('铁:'), '9 行只有日期,时间按当日 00:00']);
  });

  test('wide, one column an item, non-detects in two ways', async () => {
    const file = await fixture('wide-utf8-bom.csv');
    expect(file.values).toEqual([
      '2 nankeng-out ph 2026-10-12T09:30 7.35 S',
      '2 nankeng-out do 2026-10-12T09:30 8.1 S',
      '2 nankeng-out codmn 2026-10-12T09:30 2.6 S',
      '2 nankeng-out nh3n 2026-10-12T09:30 0.31 S',
      '2 nankeng-out tp 2026-10-12T09:30 0.08 S',
      '3 nankeng-out ph 2026-10-26T10:00 7.41 S',
      '3 nankeng-out do 2026-10-26T10:00 7.9 S',
      '3 nankeng-out codmn 2026-10-26T10:00 2.8 S',
      '3 nankeng-out nh3n 2026-10-26T10:00 0.0125 S 0.025',
      '3 nankeng-out tp 2026-10-26T10:00 0.005 S 0.01',
    ]);
    expect(file.refused).toEqual([]);
    expect(file.notes).toContain('总磷:未检出而没有写检出限,按 0.01 mg/L(GB 11893-89)');
  });

  test('wide with lines of units and detection limits above, means and remarks below, an item that the config lacks', async () => {
    const file = await fixture('wide-units-below.csv');
    expect(file.values).toEqual([
      '5 nankeng-in ph 2026-10-12T09:10 7.28 S',
      '5 nankeng-in nh3n 2026-10-12T09:10 0.0125 S 0.025',
      '5 nankeng-in tp 2026-10-12T09:10 0.062 S',
      '6 nankeng-out ph 2026-10-12T10:40 7.33 S',
      '6 nankeng-out nh3n 2026-10-12T10:40 0.21 S',
      '6 nankeng-out tp 2026-10-12T10:40 0.005 S 0.01',
    ]);
    expect(file.refused).toEqual([[6, '铅', words('配置里没有项目“铅”')]]);
    expect(file.notes).toEqual(
      expect.arrayContaining(['未用的列:序号', words('平均值'), words('第 8 行'), '总磷:μg/L 换算为 mg/L']),
    );
  });

  test('long, English, semicolons, codes and aliases, offsets in the times', async () => {
    const file = await fixture('long-english.csv');
    expect(file.values).toEqual([
      '2 nankeng-out nh3n 2026-10-12T09:30 0.31 S',
      '3 nankeng-out tp 2026-10-12T09:30 0.005 S 0.01',
      '4 nankeng-out codmn 2026-10-12T09:30 2.6 S',
    ]);
    expect(file.refused).toEqual([]);
  });

  test('old data of an instrument keep their marks; without a mark they are normal; a day without a time is refused', async () => {
    const file = await fixture('sensor-history.csv', { source: 'sensor' });
    expect(file.values).toEqual([
      '2 nankeng-out nh3n 2025-03-01T00:00 0.42 N',
      '2 nankeng-out tp 2025-03-01T00:00 0.081 N',
      '3 nankeng-out nh3n 2025-03-01T04:00 0.44 N',
      '3 nankeng-out tp 2025-03-01T04:00 0.083 M',
      '4 nankeng-out nh3n 2025-03-01T08:00 3.9 C',
      '4 nankeng-out tp 2025-03-01T08:00 0.082 N',
    ]);
    expect(file.refused).toEqual([
      [5, '总磷(mg/L)', words('数据标识“X”')],
      [6, null, words('没有时刻')],
    ]);
  });

  test('a workbook: a title, headings of two rows, merged stations and days, dates as Excel keeps them', async () => {
    const merged = (startRow: number, endRow: number, startCol: number, endCol = startCol) => ({
      startRow,
      endRow,
      startCol,
      endCol,
    });
    const bytes = await writeXlsx({
      sheets: [
        {
          name: '水样',
          rows: [
            ['农村饮用水检测结果(示例数据)', null, null, null, null, null],
            ['监测点', '采样日期', '采样时间', '感官性状', null, '消毒剂指标'],
            [null, null, null, '色度（度）', '浑浊度（NTU）', '游离氯（mg/L）'],
            ['长潭村末梢水监测点', new Date(Date.UTC(2026, 10, 3)), '8:30', '<5', 0.4, 0.06],
            [null, null, '16:30', 5, 0.1 + 0.2, 0.05],
          ],
          merges: [
            merged(0, 0, 0, 5),
            merged(1, 2, 0),
            merged(1, 2, 1),
            merged(1, 2, 2),
            merged(1, 1, 3, 4),
            merged(3, 4, 0),
            merged(3, 4, 1),
          ],
        },
        { name: '说明', rows: [['本表为示例']] },
      ],
    });
    const file = await read(bytes);
    expect(file.values).toEqual([
      '4 changtan-tap colour 2026-11-03T08:30 2.5 S 5',
      '4 changtan-tap turb 2026-11-03T08:30 0.4 S',
      '4 changtan-tap cl2 2026-11-03T08:30 0.06 S',
      '5 changtan-tap colour 2026-11-03T16:30 5 S',
      '5 changtan-tap turb 2026-11-03T16:30 0.3 S',
      '5 changtan-tap cl2 2026-11-03T16:30 0.05 S',
    ]);
    expect(file.refused).toEqual([]);
    expect(file.notes).toContainEqual(words('“说明”'));
  });

  test('a file of one station without a column for it', async () => {
    const text = '采样时间,氨氮(mg/L)\n2026-10-12 09:30,0.3\n';
    expect((await csv(text)).refused).toEqual([[1, null, words('--station')]]);
    expect((await csv(text, { station: 'nankeng-mid' })).values).toEqual(['2 nankeng-mid nh3n 2026-10-12T09:30 0.3 S']);
  });

  test('a file of several stations is not laid on one', async () => {
    const text = '断面,采样时间,氨氮\n甲,2026-10-12 09:30,0.3\n乙,2026-10-12 09:30,0.3\n';
    expect(await csv(text, { station: 'nankeng-mid' })).toMatchObject({ values: [], refused: [[1, null, words('多个站点')]] });
    const one = '断面,采样时间,氨氮\n甲,2026-10-12 09:30,0.3\n';
    expect((await csv(one, { station: 'nankeng-mid' })).values).toHaveLength(1);
    const other = '断面,采样时间,氨氮\n南坑河出境断面,2026-10-12 09:30,0.3\n';
    expect((await csv(other, { station: 'nankeng-mid' })).refused).toEqual([[2, null, words('不是 --station')]]);
  });
});

/** What stands in one line under `站点,采样时间,项目,结果,单位`, and why it is refused. */
const refusals: readonly [line: string, why: string][] = [
  ['南坑河下游,2026-10-12 09:30,氨氮,0.3,mg/L', '配置里没有站点“南坑河下游”'],
  [',2026-10-12 09:30,氨氮,0.3,mg/L', '没有站点'],
  ['nankeng-out,,氨氮,0.3,mg/L', '没有时间'],
  ['nankeng-out,12/10/26,氨氮,0.3,mg/L', '看不懂'],
  ['nankeng-out,2026-12-01 00:00,氨氮,0.3,mg/L', '在未来'],
  ['nankeng-out,2026-10-12 09:30,铊,0.3,mg/L', '配置里没有项目“铊”'],
  ['nankeng-out,2026-10-12 09:30,,0.3,mg/L', '没有项目'],
  ['nankeng-out,2026-10-12 09:30,氨氮,0.3,mmol/L', '单位“mmol/L”不能换算为 氨氮 的单位 mg/L'],
  ['nankeng-out,2026-10-12 09:30,氨氮(μg/L),0.3,mg/L', '单位写了两个'],
  ['nankeng-out,2026-10-12 09:30,pH,7.3,mg/L', '单位“mg/L”不能换算为 pH 的单位 (无量纲)'],
  ['nankeng-out,2026-10-12 09:30,氨氮,合格,mg/L', '不是数值'],
  ['nankeng-out,2026-10-12 09:30,余氯,未检出,mg/L', '没有检出限'],
];

describe('refused by line and reason', () => {
  test.each(refusals)('%s: %s', async (line, why) => {
    const file = await csv(`站点,采样时间,项目,结果,单位\n${line}\nnankeng-out,2026-10-11 09:30,氨氮,0.3,mg/L\n`);
    expect(file.refused).toEqual([[2, null, words(why)]]);
    // The lines beside it are read.
    expect(file.values).toEqual(['3 nankeng-out nh3n 2026-10-11T09:30 0.3 S']);
  });

  test('a unit over the whole column of results counts where a line states none of its own; pH has none', async () => {
    const file = await csv(
      '站点,采样时间,项目,监测值(μg/L),检出限(μg/L),单位\nnankeng-out,2026-10-12 09:30,氨氮,310,,\n' +
        'nankeng-out,2026-10-12 09:30,pH,7.4,,\nnankeng-out,2026-10-12 09:30,总磷,0.08,,mg/L\n' +
        'nankeng-out,2026-10-13 09:30,总磷,ND,10,\nnankeng-out,2026-10-14 09:30,总磷,ND,10,mg/L\n',
    );
    expect(file.values).toEqual([
      '2 nankeng-out nh3n 2026-10-12T09:30 0.31 S',
      '3 nankeng-out ph 2026-10-12T09:30 7.4 S',
      '4 nankeng-out tp 2026-10-12T09:30 0.08 S',
      '5 nankeng-out tp 2026-10-13T09:30 0.005 S 0.01',
    ]);
    expect(file.refused).toEqual([[6, null, words('检出限的单位与结果不同')]]);
  });

  test('two values for one key refuse each other; the same value twice is taken once', async () => {
    const file = await csv(
      '站点,采样时间,项目,结果\n' +
        'nankeng-out,2026-10-12 09:30,氨氮,0.3\nnankeng-out,2026-10-12 09:30,nh3n,0.4\n' +
        'nankeng-out,2026-10-13 09:30,氨氮,0.3\nnankeng-out,2026-10-13 09:30,w21003,0.3\n',
    );
    expect(file.values).toEqual(['4 nankeng-out nh3n 2026-10-13T09:30 0.3 S']);
    expect(file.repeated).toBe(1);
    expect(file.refused).toEqual([
      [2, null, words('不同的值')],
      [3, null, words('不同的值')],
    ]);
  });

  test('one item in two columns refuses both, and a name that could be two things is none', async () => {
    const file = await csv('站点,采样时间,氨氮,NH3-N,pH\nnankeng-out,2026-10-12 09:30,0.3,0.3,7\n');
    expect(file.values).toEqual(['2 nankeng-out ph 2026-10-12T09:30 7 S']);
    expect(file.refused.map(([, column]) => column)).toEqual(['氨氮', 'NH3-N']);
  });

  test.each([
    ['no headings', '1,2,3\n4,5,6\n', '没有找到表头'],
    ['no item', '站点,采样时间,备注\nnankeng-out,2026-10-12 09:30,x\n', '没有一列是配置里的项目'],
    ['a column that names a time twice', '站点,采样时间,监测时间,氨氮\nx,1,2,3\n', '意思与另一列相同'],
  ])('a table with %s', async (_, text, why) => {
    expect(await csv(text)).toMatchObject({ values: [], refused: [[1, null, words(why)]] });
  });
});

test('a line with a single cell of words is a remark; one with a number is not passed over', async () => {
  const file = await csv('站点,采样时间,氨氮\nnankeng-out,2026-10-12 09:30,0.3\n以上数据仅供示例,,\n,,0.7\n');
  expect(file.values).toHaveLength(1);
  expect(file.notes).toContainEqual(words('第 3 行'));
  expect(file.refused).toEqual([[4, null, words('没有站点')]]);
});

test('odour, colonies and coliforms as laboratories write them', async () => {
  const file = await csv(
    '监测点,采样日期,臭和味,肉眼可见物,总大肠菌群(MPN/100mL),菌落总数(CFU/mL),色度(度)\n' +
      '长潭村末梢水监测点,2026-11-03,无异臭、异味,无,未检出,12,<5\n长潭村末梢水监测点,2026-11-10,有异味,1,>2400,ND,5\n',
  );
  expect(file.values).toEqual([
    '2 changtan-tap odour 2026-11-03T00:00 0 S',
    '2 changtan-tap visible 2026-11-03T00:00 0 S',
    '2 changtan-tap coliform 2026-11-03T00:00 0 S',
    '2 changtan-tap bacteria 2026-11-03T00:00 12 S',
    '2 changtan-tap colour 2026-11-03T00:00 2.5 S 5',
    '3 changtan-tap visible 2026-11-10T00:00 1 S',
    '3 changtan-tap coliform 2026-11-10T00:00 2400 T',
    '3 changtan-tap bacteria 2026-11-10T00:00 0 S',
    '3 changtan-tap colour 2026-11-10T00:00 5 S',
  ]);
  expect(file.refused).toEqual([[3, '臭和味', words('不是数值')]]);
});
