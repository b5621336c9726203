/** Is an imported sample judged over all its tested items, those too that only a laboratory measures? */
import { expect, test } from '@jest/globals';
import { loadConfig } from '../../../src/adapters/config/load-config.js';
import { readTables } from '../../../src/adapters/import/tables.js';
import { readValues } from '../../../src/adapters/import/values.js';
import { assessSample } from '../../../src/domain/compliance/assess.js';
import { grossRange } from '../../../src/domain/quality/intake.js';

const { site } = loadConfig('config');
const NOW = Date.parse('2026-11-23T08:00:00+08:00');

const cases: readonly [what: string, items: string, verdict: string, reason: string | null][] = [
  ['every item within its limit', '浊度:0.4 总大肠菌群:未检出 菌落总数:12 色度:<5 臭和味:无', 'met', null],
  ['coliforms where none may be found', '浊度:0.4 总大肠菌群:2', 'exceeded', null],
  ['more coliforms than the method counts', '总大肠菌群:>2400', 'exceeded', null],
  ['coliforms under the detection limit of the method', '总大肠菌群:<2', 'met', null],
  ['colonies at their limit', '菌落总数:100', 'met', null],
  ['one colony more', '菌落总数:101', 'exceeded', null],
  ['turbidity at its limit', '浊度:1', 'met', null],
  ['one item that fails among many', '浊度:0.4 菌落总数:12 色度:16', 'exceeded', null],
  ['an odour', '臭和味:1', 'exceeded', null],
  ['a detection limit above the limit says nothing', '浊度:<2', 'undetermined', '检出限 2 高于限值'],
  ['items that have no limit alone', '电导率:300', 'undetermined', '缺限值'],
  ['an item that waits for confirmation is not counted', '浊度:0.4 氟化物:1.4', 'met', '未计入:氟化物(限值待确认)'],
];

test.each(cases)('%s', async (_, items, verdict, reason) => {
  const lines = items.split(' ').map((item) => `长潭村末梢水监测点,2026-11-03 09:00,${item.replace(':', ',')}`);
  const { tables } = await readTables(new TextEncoder().encode(`站点,采样时间,项目,结果\n${lines.join('\n')}\n`));
  const { values, refused } = readValues(tables, site, { source: 'lab', station: null, now: NOW });
  expect(refused).toEqual([]);
  const readings = values.map(({ reading }) => ({
    ...reading,
    ...grossRange(reading.value, reading.mark, site.parameters.get(reading.parameter)!),
    received: NOW,
  }));
  const judged = assessSample(site, site.stations.get('changtan-tap')!, readings[0]!.time, readings);
  expect(judged.verdict).toBe(verdict);
  if (reason === null) expect(judged.reason).toBeNull();
  else expect(judged.reason).toContain(reason);
});
