/** Is every number of a bulletin the API's own: of the living month, of the signed one, and of the neighbours beside it? */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { EmbeddedArchive } from '../../../src/adapters/sqlite/embedded-archive.js';
import { SqliteComparisonStore } from '../../../src/adapters/sqlite/comparison-store.js';
import { Database } from '../../../src/adapters/sqlite/database.js';
import { SqliteDeviceRecords } from '../../../src/adapters/sqlite/device-records.js';
import { SqliteExcuseStore } from '../../../src/adapters/sqlite/excuse-store.js';
import { SqliteLedger } from '../../../src/adapters/sqlite/ledger.js';
import { SqliteSignOffStore } from '../../../src/adapters/sqlite/sign-off-store.js';
import { SqliteVerdictStore } from '../../../src/adapters/sqlite/verdict-store.js';
import { SqliteWorkingSet } from '../../../src/adapters/sqlite/working-set.js';
import type { BulletinAnswer } from '../../../src/adapters/http/contract/bulletins.js';
import type { VerdictView } from '../../../src/adapters/http/contract/compliance.js';
import { assessSample, assessWindow } from '../../../src/domain/compliance/assess.js';
import { assessPeriod } from '../../../src/domain/compliance/period.js';
import type { Site } from '../../../src/domain/site.js';
import { localDate, MINUTE, windowsIn } from '../../../src/domain/time.js';
import { judgedBy } from '../../../src/pipeline/judging/judged-as.js';
import { comparedBy } from '../../../src/pipeline/upkeep/compared.js';
import { printFor } from '../../../src/pipeline/judging/print-verdict.js';
import { spanRates } from '../../../src/pipeline/bulletins/span-rates.js';
import { stationsOf } from '../../../src/pipeline/reporting/compliance-question.js';
import { BreakdownReport } from '../../../src/pipeline/reporting/report-breakdown.js';
import { ComplianceReport } from '../../../src/pipeline/reporting/report-compliance.js';
import { RecordsReport } from '../../../src/pipeline/reporting/report-records.js';
import { LiveMonths } from '../../../src/pipeline/signing/live-month.js';
import { number } from '../../../src/web/format.js';
import { bulletinsOn } from '../../support/bulletin-desk.js';
import { ManualClock } from '../../support/fakes.js';
import { at, byParameter, reading, riverDay, series, station, times, wupi } from '../../support/wupi.js';

let town: ReturnType<typeof assemble>;

function assemble(site: Site = wupi) {
  const database = new Database(':memory:');
  const clock = new ManualClock(at('2026-11-03 08:00'));
  const workingSet = new SqliteWorkingSet(database, false);
  const verdicts = new SqliteVerdictStore(database, printFor(site));
  const excuses = new SqliteExcuseStore(database);
  const judgedAs = judgedBy(site, excuses, comparedBy(new SqliteComparisonStore(database), site.calendar));
  const compliance = new ComplianceReport(site, workingSet, verdicts, excuses, clock, judgedAs);
  const breakdown = new BreakdownReport(site, workingSet, verdicts, clock, judgedAs);
  const ledger = new SqliteLedger(database, 1_000_000);
  const archive = new EmbeddedArchive(database, workingSet);
  const records = new RecordsReport(site, workingSet, archive, ledger, clock, new SqliteDeviceRecords(database));
  const signing = new SqliteSignOffStore(database);
  const live = new LiveMonths(site, workingSet, verdicts, compliance, clock);
  const reviewed: { stations: readonly string[]; from: number; to: number }[] = [];
  const { desk } = bulletinsOn(database, site, clock, {
    ...{ compliance, breakdown, records, verdicts, signing },
    spanRate: spanRates(site, workingSet, verdicts, clock),
    reviewed: (stations, span) => {
      reviewed.push({ stations, ...span });
      return { due: 62, first: 0, second: 31 };
    },
  });
  return { reviewed, database, clock, workingSet, verdicts, compliance, records, signing, live, desk };
}

/** Measures and judges days and months of the outflow, as the assessment does. */
function judge(from: string, to: string, over: Parameters<typeof riverDay>[1] = {}): void {
  const section = station('nankeng-out');
  const days = windowsIn('day', { from: at(from), to: at(to) }, wupi.calendar).map((day) => {
    const readings = riverDay(localDate(day.start, wupi.calendar), over);
    town.database.transact(() => {
      for (const one of readings) town.workingSet.settle(one);
      town.workingSet.flush();
    });
    return assessWindow(wupi, section, { ...day, kind: 'day' }, byParameter(readings));
  });
  const months = windowsIn('month', { from: at(from), to: at(to) }, wupi.calendar);
  town.database.transact(() => {
    for (const day of days) town.verdicts.put(day, day.end);
    for (const { start, end } of months) {
      const of = days.filter((day) => day.start >= start && day.start < end);
      town.verdicts.put(assessPeriod(wupi, section, { kind: 'month', start, end }, of), end);
    }
  });
}

beforeEach(() => {
  town = assemble();
  judge('2026-09-01', '2026-10-01');
  judge('2026-10-01', '2026-11-01', { nh3n: times(6, 1.37) });
});
afterEach(() => town.database.close());

/** Signs a month of the river as it stands. */
function sign(period: string): void {
  const snapshot = town.live.snapshot('river', period);
  town.database.transact(() =>
    town.signing.add({
      ...{ target: 'river', period, edition: 1, by: 'officer', at: town.clock.now(), note: '', despite: [] },
      ...{ hash: 'ab'.repeat(32), snapshot },
    }),
  );
}

const order = { kind: 'river-month', period: '2026-10', by: 'officer', occasion: null, mail: false } as const;
const write = async (): Promise<BulletinAnswer['bulletin']> =>
  (await town.desk.make(order)).bulletin as unknown as BulletinAnswer['bulletin'];
const cells = (bulletin: BulletinAnswer['bulletin'], name: string): Record<string, string>[] => {
  const { columns, rows } = bulletin.sections.find((one) => one.name === name)!;
  return rows.map((row) => Object.fromEntries(columns.map(({ tag }, i) => [tag, row[i]!])));
};
const answer = (period: string) => town.compliance.compliance('river', { period });

test('the living month: division, class, means, multiples and days are those of the API', async () => {
  const bulletin = await write();
  const { head, windows } = answer('2026-10');
  const [now, before, yearAgo, soFar] = cells(bulletin, '达标情况');
  for (const [row, { head: of }] of [
    [now!, answer('2026-10')],
    [before!, answer('2026-09')],
  ] as const) {
    expect([row.达标, row.超标, row.未判定, row.不参评, row.应评]).toEqual(
      [of.met, of.exceeded, of.undetermined, of.excused, of.due].map(String),
    );
    expect(Number(row.达标率)).toBe(of.rate);
  }
  expect(head).toMatchObject({ met: 0, exceeded: 1, rate: 0 });
  expect(yearAgo!.达标率).toBe('—');
  // September met, October not: nothing else is over yet this year.
  expect([soFar!.达标, soFar!.超标, soFar!.达标率]).toEqual(['1', '1', '50.0']);

  const month = JSON.parse(windows[0]!) as VerdictView;
  const out = cells(bulletin, '断面水质').find(({ 断面 }) => 断面 === month.stationName)!;
  expect(out).toMatchObject({ 评价结果: '超标', 本月类别: 'Ⅳ类', 上月类别: 'Ⅱ类', 主要污染指标: month.mainItems![0]!.text });
  const items = cells(bulletin, '主要项目').filter(({ 断面 }) => 断面 === month.stationName);
  expect(items.map(({ 项目, 月均值, 超标倍数, 有效天数 }) => [项目, 月均值, 超标倍数, 有效天数])).toEqual(
    month.findings.map(({ name, value, limit, parameter, times: over, filled, due }) => [
      name,
      number(value!, wupi.parameters.get(parameter)!.decimals, limit),
      over === null ? '—' : String(over),
      `${filled}/${due}`,
    ]),
  );
  const days = town.compliance.compliance('river', { period: '2026-10', window: 'day' }).head;
  expect(cells(bulletin, '过程指标')[0]).toMatchObject({ 达标天数: String(days.met), 超标天数: String(days.exceeded) });
});

test('data due, come and valid are the receipts of its days, added up', async () => {
  const bulletin = await write();
  let [expected, valid] = [0, 0];
  for (let day = 1; day <= 31; day++) {
    const { stations } = await town.records.receipts(`2026-10-${String(day).padStart(2, '0')}`);
    const out = stations.find((one) => one.station === 'nankeng-out')!;
    [expected, valid] = [expected + out.expected, valid + out.valid];
  }
  const row = cells(bulletin, '数据质量').find(({ 站点 }) => 站点 === station('nankeng-out').name)!;
  expect([Number(row.应到), Number(row.有效)]).toEqual([expected, valid]);
  expect(expected).toBeGreaterThan(valid);
  expect(valid).toBe(31 * 5 * 6);
  const [asked] = town.reviewed;
  expect(asked).toMatchObject({ from: at('2026-10-01'), to: at('2026-11-01') });
  expect(asked!.stations).toContain('nankeng-out');
  expect(asked!.stations).not.toContain('changtan-tap');
});

test('beside a signed neighbour stands the class that was signed; days that changed since are marked', async () => {
  sign('2026-09');
  sign('2026-10');
  judge('2026-09-01', '2026-10-01', { nh3n: times(6, 1.37) });
  judge('2026-10-01', '2026-11-01', { nh3n: times(6, 0.4) });
  const bulletin = await write();
  expect(cells(bulletin, '断面水质').find(({ 性质 }) => 性质 === '考核')).toMatchObject({ 上月类别: 'Ⅱ类', 本月类别: 'Ⅳ类' });
  const process = bulletin.sections.find(({ name }) => name === '过程指标')!;
  expect(process.lines.join()).toContain('定稿时达标 0 天,超标 31 天,未判定 0 天');
  expect(process.courses[0]!.caption).toContain('更正后');
});

test('signed, it stays as it was signed; what came later stands beside it as 更正', async () => {
  sign('2026-10');
  const signed = await write();
  expect(signed).toMatchObject({
    state: 'signed',
    watermark: '',
    stateText: '已定稿:第 1 版,officer,2026-11-03(指纹 abababababab)',
  });
  expect(JSON.stringify(signed.sections)).not.toContain('更正');

  expect(signed.sections[0]!.lines).toContain('2026 年已定稿 10 月;未定稿 9 月,按制表时的数据。');
  expect(cells(signed, '达标情况')[1]!.时段).toBe('上月(2026-09,未定稿)');

  judge('2026-10-01', '2026-11-01', { nh3n: times(6, 0.4) });
  expect(answer('2026-10').head).toMatchObject({ met: 1, exceeded: 0 });
  const later = await write();
  expect(cells(later, '达标情况')[0]).toEqual(cells(signed, '达标情况')[0]);
  expect(cells(later, '断面水质').find(({ 性质 }) => 性质 === '考核')).toMatchObject({ 本月类别: 'Ⅳ类', 评价结果: '超标' });
  expect(later.sections[0]!.lines.at(-1)).toContain(
    '更正:定稿后数据有变,现为 100.0 %(1 达标 ÷ 1 个断面月),人工剔除 0 条(其中超限 0 条)',
  );
});

test('without a change it is the same bulletin, to the byte', async () => {
  const first = await town.desk.make({ ...order, mail: true });
  town.clock.set(at('2026-11-03 09:00'));
  const second = await town.desk.make({ ...order, mail: true });
  expect(second.id).not.toBe(first.id);
  expect(second.files).toEqual(first.files);
});

test('a week counts the windows that start in it, by every target of the config, and no others', async () => {
  const { bulletin } = await town.desk.make({ ...order, kind: 'week', period: '2026-W40' });
  const of = bulletin as unknown as BulletinAnswer['bulletin'];
  const rows = cells(of, '评价结果');
  expect(rows.map(({ 指标 }) => 指标)).toEqual(wupi.targets.map(({ name }) => name));
  // Monday 28 September to Sunday 4 October: three days met, four over the limit.
  expect(rows[0]).toMatchObject({ 评价时段: '日', 达标: '3', 超标: '4', 未判定: '0', 达标率: '42.9' });
  const lost = cells(of, '超标时段');
  expect(lost.map(({ 时段, 项目, 超标倍数 }) => [时段, 项目, 超标倍数])).toEqual(
    ['10-01', '10-02', '10-03', '10-04'].map((day) => [`${day} 00:00`, '氨氮', '0.37']),
  );
});

test('a week of which too little was judged prints no 100.0', async () => {
  judge('2026-08-24', '2026-08-25');
  judge('2026-08-25', '2026-08-31', { nh3n: [null, null, null, null, null, null] });
  const { bulletin } = await town.desk.make({ ...order, kind: 'week', period: '2026-W35' });
  const of = bulletin as unknown as BulletinAnswer['bulletin'];
  expect(cells(of, '评价结果')[0]).toMatchObject({ 达标: '1', 超标: '0', 未判定: '6', 达标率: '未判定', 有效评价比例: '14.3' });
  expect(of.headline).toContain('本周没有超标的评价时段;未判定 6 个,南坑河五陂段水质达标率未判定');
});

test('drinking water without samples has no rate, and says so', async () => {
  const { bulletin } = await town.desk.make({ ...order, kind: 'drinking-month' });
  const of = bulletin as unknown as BulletinAnswer['bulletin'];
  const { head } = town.compliance.compliance('drinking-water', { period: '2026-10' });
  expect(head.rate).toBeNull();
  expect(cells(of, '达标情况')[0]!.达标率).toBe('未判定');
  expect(of.sections[0]!.lines[0]).toContain(head.reason);
  expect(of.sections.find(({ name }) => name === '化验结果')!.lines).toEqual(['本月暂无化验结果。']);
});

test('the year so far misses what a plan of a quarter asks for, as the page does', async () => {
  town.database.close();
  const plan = { samples: 1, every: 'quarter' } as const;
  town = assemble({
    ...wupi,
    targets: wupi.targets.map((target) => (target.id === 'drinking-water' ? { ...target, plan } : target)),
  });
  const tap = station('changtan-tap');
  for (const time of ['2026-02-10 09:00', '2026-05-12 09:00', '2026-08-11 09:00']) {
    const of = [reading({ station: tap.id, parameter: 'turb', value: 0.3, time: at(time), source: 'lab', mark: 'S' })];
    town.database.transact(() => town.verdicts.put(assessSample(wupi, tap, at(time), of), at(time)));
  }
  const { head } = town.compliance.compliance('drinking-water', { period: '2026' });
  const taps = wupi.targets.find(({ id }) => id === 'drinking-water')!;
  expect(head).toMatchObject({ met: 3, due: 3 * stationsOf(wupi, taps).length, rate: null });
  const { bulletin } = await town.desk.make({ ...order, kind: 'drinking-month', period: '2026-09' });
  const soFar = cells(bulletin as unknown as BulletinAnswer['bulletin'], '达标情况').at(-1)!;
  expect(soFar).toMatchObject({ 达标率: '未判定', 达标: '3', 未判定: String(head.undetermined), 应评: String(head.due) });
});

test('what ran on line: each station by its own division, its days drawn against the limit that came nearest', async () => {
  const tap = station('changtan-tap');
  const day = { start: at('2026-10-05'), end: at('2026-10-06') };
  const readings = Object.entries({ turb: 0.3, ph: 7.2, cl2: 0.06 }).flatMap(([parameter, value]) =>
    series(
      tap.id,
      parameter,
      day.start,
      tap.parameters.find((one) => one.parameter === parameter)!.cadence * MINUTE,
      times(288, value),
    ),
  );
  const windows = [{ ...day, kind: 'day' } as const, ...windowsIn('hour', { from: day.start, to: day.end }, wupi.calendar)];
  town.database.transact(() => {
    for (const one of readings) town.workingSet.settle(one);
    town.workingSet.flush();
    for (const { kind, start, end } of windows) {
      const verdict = assessWindow(wupi, tap, { kind: kind as 'day' | 'hour', start, end }, byParameter(readings));
      town.verdicts.put(verdict, end);
    }
  });
  const { bulletin } = await town.desk.make({ ...order, kind: 'drinking-month' });
  const of = bulletin as unknown as BulletinAnswer['bulletin'];
  const { head } = town.compliance.compliance('drinking-online', { period: '2026-10' });
  expect(head).toMatchObject({ rate: null, met: 24 });
  const row = cells(of, '在线指标').find(({ 监测点 }) => 监测点 === tap.name)!;
  expect(row).toMatchObject({ 达标时段: '24', 未判定时段: String(head.undetermined), 合规时长: '未判定', 人工剔除: '0(超限 0)' });
  const { lines, courses } = of.sections.find(({ name }) => name === '在线指标')!;
  expect(lines[0]).toContain(head.reason);
  expect(courses).toMatchObject([{ limit: 0.05, isLower: true }]);
  expect(courses[0]!.caption).toContain(`${tap.name} 余氯 日均值`);
  expect(courses[0]!.values[4]).toBe(0.06);
});
