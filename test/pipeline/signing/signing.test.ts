/** Does a signed month stay as it was signed, whatever comes later, and does anybody notice who changes it all the same? */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { sha256 } from '../../../src/adapters/sqlite/sign-off-store.js';
import type { Alert } from '../../../src/domain/alerting/alert.js';
import { morningMessage } from '../../../src/domain/alerting/morning.js';
import { canonical } from '../../../src/domain/signing/sign-off.js';
import type { JudgedReading } from '../../../src/domain/reading.js';
import { localDate, windowsIn } from '../../../src/domain/time.js';
import { isChief } from '../../../src/pipeline/deciding/patrols.js';
import { ChiefCards } from '../../../src/pipeline/reporting/chief-cards.js';
import type { Signing } from '../../../src/pipeline/signing/signing.js';
import { asSigned } from '../../../src/web/signed.js';
import { alert } from '../../support/facts.js';
import { Pipeline } from '../../support/pipeline.js';
import { signingOf, signMonth } from '../../support/signing.js';
import { at, reading, riverDay, times, wupi } from '../../support/wupi.js';

/** Two autumn months of ordinary water; every second day a hundredth higher, or the analysers would be taken for stuck. */
const days = (from: string, to: string): JudgedReading[] =>
  windowsIn('day', { from: at(from), to: at(to) }, wupi.calendar).flatMap(({ start }, i) =>
    riverDay(localDate(start, wupi.calendar)).map((r) => ({
      ...r,
      value: Number((r.value * (i % 2 === 1 ? 1.01 : 1)).toFixed(4)),
    })),
  );

let pipeline: Pipeline;
let signing: Signing;
beforeEach(async () => {
  pipeline = await Pipeline.open({ now: at('2026-11-05 09:30') });
  await pipeline.publish(...days('2026-09-01', '2026-11-05'));
  await pipeline.run();
  signing = signingOf(pipeline);
});
afterEach(() => pipeline.dispose());

/** September turns bad: ammonia of ten days was four times as high as was first told. */
const turnSeptember = async (): Promise<void> => {
  pipeline.clock.set(at('2026-11-06 10:00'));
  const bad = windowsIn('day', { from: at('2026-09-01'), to: at('2026-09-20') }, wupi.calendar).flatMap(({ start }) =>
    riverDay(localDate(start, wupi.calendar), { nh3n: times(6, 4) }).filter(({ parameter }) => parameter === 'nh3n'),
  );
  await pipeline.publish(...bad);
  await pipeline.run();
};
const head = (period: string) => signing.rates.beside(pipeline.parts.compliance.compliance('river', { period })).head;

describe('before the button', () => {
  test('what is in the way is listed; what is absolute refuses, the rest wants a reason each', () => {
    const running = signing.desk.preview('river', '2026-11');
    expect(running.refused).toBe('还不能定稿:本月尚未结束');
    expect(() => signMonth(signing, 'river', '2026-11')).toThrow('还不能定稿:本月尚未结束');

    const october = signing.desk.preview('river', '2026-10');
    expect(october).toMatchObject({ edition: 1, refused: null, signed: null, figure: { rate: 100, met: 1, exceeded: 0 } });
    const [unreviewed] = october.hindrances;
    expect(october.hindrances.map(({ kind, absolute }) => [kind, absolute])).toEqual([['unreviewed', false]]);
    expect([unreviewed?.count, unreviewed?.items[0]]).toEqual([
      31,
      { subject: '南坑河出境断面', station: 'nankeng-out', date: '2026-10-01', text: '待审', case: null },
    ]);
    const seen = october.hash;
    expect(() => signing.desk.sign('river', '2026-10', 'officer', { seen, note: '', despite: [] })).toThrow(
      '没有定稿,请逐项写明理由:有站点日未审核 31',
    );
    expect(signing.months.list({ verify: false }).signed).toEqual([]);
    expect(pipeline.parts.audit.list({ action: 'month-signed' }, 10)).toEqual([]);
  });

  test('an open case, a day without a verdict and a decision on its way are in the way', async () => {
    pipeline.parts.alarms.cases.open(
      { station: 'nankeng-out', to: wupi.people[0]!.id, until: '2026-11-20', note: '出境断面水色异常' },
      'officer',
    );
    pipeline.parts.decisions.decide('officer', {
      ...{ station: 'nankeng-out', source: 'sensor', parameters: ['nh3n'], from: '2026-10-10', to: '2026-10-11' },
      ...{ outcome: 'invalid', reason: 'calibration', note: '试剂更换' },
    });
    expect(signing.desk.preview('river', '2026-10').refused).toBe('还不能定稿:有评价时段待重算');
    await pipeline.run();
    const { hindrances, refused } = signing.desk.preview('river', '2026-10');
    expect(refused).toBeNull();
    // A person saw it in November: it is none of October's.
    expect(hindrances.map(({ kind, count }) => [kind, count])).toEqual([
      ['unreviewed', 31],
      ['not-judged', 1],
    ]);
    pipeline.clock.set(at('2026-12-02 09:00'));
    await pipeline.run();
    const november = signing.desk.preview('river', '2026-11').hindrances.find(({ kind }) => kind === 'open-cases');
    expect(november?.items).toMatchObject([{ case: '2026-0001', text: '处置单 2026-0001 未销号:出境断面水色异常' }]);
  });

  test.each<[string, Partial<Alert>, string[]]>([
    ['a value of October', { openedAt: at('2026-10-20 08:00') }, ['2026-10', '2026-11']],
    ['a value of November', { openedAt: at('2026-11-03 08:00') }, ['2026-11']],
    ['a month that was 超标, told after its end', { kind: 'verdict', openedAt: at('2026-11-01') }, ['2026-10', '2026-11']],
    ['another station', { openedAt: at('2026-10-20'), station: 'changtan-tap', subject: 'changtan-tap' }, []],
    ['its reach', { kind: 'rain', openedAt: at('2026-10-20'), station: null, subject: 'reach:nankeng' }, ['2026-10', '2026-11']],
    [
      'the target that September lost',
      { kind: 'target', severity: 'severe', openedAt: at('2026-11-06 10:01'), station: null, subject: 'target:river' },
      ['2026-09', '2026-11'],
    ],
    [
      'the target that November may lose',
      { kind: 'target', severity: 'over', openedAt: at('2026-11-06 10:01'), station: null, subject: 'target:river' },
      ['2026-11'],
    ],
    ['another target', { kind: 'target', openedAt: at('2026-10-06'), station: null, subject: 'target:drinking-water' }, []],
  ])('a case that was opened in November hinders by what it is about: %s', async (_, over, hindered) => {
    await turnSeptember();
    pipeline.parts.database.transact(() => pipeline.parts.alerts.put(alert({ id: 'a-1', rule: 'by-hand', ...over })));
    const words = { alert: 'a-1', to: wupi.people[0]!.id, until: '2026-11-20', note: '' };
    pipeline.parts.alarms.cases.open(words, 'officer');
    const open = (period: string) => signing.desk.preview('river', period).hindrances.filter(({ kind }) => kind === 'open-cases');
    expect(['2026-09', '2026-10', '2026-11'].filter((period) => open(period).length > 0)).toEqual(hindered);
    for (const period of hindered) expect(open(period)[0]?.items).toMatchObject([{ case: '2026-0001' }]);
  });

  test('what changed since it was looked at is not signed unseen', async () => {
    const { hash } = signing.desk.preview('river', '2026-09');
    await turnSeptember();
    const despite = [{ kind: 'unreviewed' as const, reason: '逐日审核尚未完成' }];
    expect(() => signing.desk.sign('river', '2026-09', 'officer', { seen: hash, note: '', despite })).toThrow(
      '您查看之后数据有变化,没有定稿。请重新查看再定稿。',
    );
  });
});

describe('a signed month', () => {
  test('is kept with its windows, its reservations and its hash, which stands in the trail', () => {
    const signed = signMonth(signing, 'river', '2026-10', '按月定稿');
    expect(signed).toMatchObject({ edition: 1, by: 'officer', note: '按月定稿', intact: true, corrections: [] });
    expect(signed.despite).toMatchObject([{ kind: 'unreviewed', count: 31, reason: '经办人已说明' }]);
    expect(signed.hash).toBe(sha256(canonical(signed.snapshot)));
    expect(signed.snapshot).toMatchObject({
      period: '2026-10',
      rate: 100,
      due: 1,
      window: 'month',
      process: { window: 'day', due: 31 },
    });
    expect(signed.snapshot.windows[0]?.findings.map(({ parameter }) => parameter)).toEqual(
      expect.arrayContaining(['ph', 'do', 'codmn', 'nh3n', 'tp']),
    );
    const [entry] = pipeline.parts.audit.list({ what: 'sign-off/river/2026-10/1' }, 1);
    expect(entry).toMatchObject({ who: 'officer', action: 'month-signed', after: { hash: signed.hash } });
    expect(head('2026-10')).toMatchObject({ provisional: false, signed: { ended: 1, months: [{ edition: 1, corrections: 0 }] } });
    expect(head('2026')).toMatchObject({ provisional: true, signed: { ended: 2, months: [{ period: '2026-10' }] } });
  });

  test('stays when a later value changes the living figure, which stands beside it as a correction with its cause', async () => {
    signMonth(signing, 'river', '2026-09');
    signMonth(signing, 'river', '2026-10');
    expect(head('2026')).toMatchObject({ rate: 100, provisional: false });
    await turnSeptember();

    const september = signing.months.detail('river', '2026-09');
    expect(september).toMatchObject({ intact: true, snapshot: { rate: 100, met: 1 }, live: { rate: 0, exceeded: 1 } });
    expect(september.corrections).toMatchObject([
      {
        station: 'nankeng-out',
        start: '2026-09-01T00:00:00+08:00',
        from: { verdict: 'met' },
        to: { verdict: 'exceeded' },
        items: [{ parameter: 'nh3n', from: { outcome: 'met' }, to: { outcome: 'exceeded' } }],
        reason: expect.stringMatching(/^更正 114 条测值/) as unknown,
      },
    ]);
    expect(september.corrections[0]?.at).toMatch(/^2026-11-06T10:00/);
    expect(signing.months.detail('river', '2026-10').corrections).toEqual([]);
    // The living rate of the year falls; the year by its signed months stays, and says how many there are.
    const year = head('2026');
    expect(year).toMatchObject({ rate: 50, provisional: true });
    expect(year.signed).toMatchObject({ ended: 2, figure: { rate: 100, met: 2, exceeded: 0, due: 2, status: 'met' } });
    expect(year.signed?.months.map(({ period, corrections }) => [period, corrections])).toEqual([
      ['2026-09', 1],
      ['2026-10', 0],
    ]);
  });

  test("the year on a river chief's card and in the 晨报 stays with it: both say what the overview says", async () => {
    signMonth(signing, 'river', '2026-09');
    signMonth(signing, 'river', '2026-10');
    await turnSeptember();
    const { compliance, alarms, verdicts, report } = pipeline.parts;
    const river = signing.rates.targets(compliance.targets()).targets.find(({ id }) => id === 'river')!;
    expect(river).toMatchObject({ rate: 50, met: 1, exceeded: 1 });
    const { rate, met, exceeded, status } = asSigned(river);
    expect([rate, met, exceeded, status]).toEqual([100, 2, 0, 'met']);

    const chief = wupi.people.find((person) => isChief(person) && person.step === 4)!;
    const card = new ChiefCards(wupi, alarms.morning, alarms.patrols, verdicts, report, pipeline.clock).card(chief.id);
    expect(card.years.find(({ target }) => target.zh === river.name)).toMatchObject({ rate, met, exceeded, status });
    const { text } = morningMessage(alarms.morning.of(chief, pipeline.clock.now()), { language: 'zh' });
    expect(text).toContain('2 达标 ÷ 2 个断面月 100 %(目标 100 %),达标');
    expect(text).not.toContain('÷ 2 个断面月 50 %');
  });

  test('who waits for a signature hears of it once it is on disk, and of none that was refused', async () => {
    const heard: number[] = [];
    const waited = signingOf(pipeline, () => heard.push(waited.months.snapshots('river').length));
    expect(() => signMonth(waited, 'river', '2026-11')).toThrow('还不能定稿');
    expect(heard).toEqual([]);
    signMonth(waited, 'river', '2026-10');
    expect(heard).toEqual([1]);
  });

  test('a further edition wants a difference and a reason, and all editions stay', async () => {
    signMonth(signing, 'river', '2026-09');
    expect(signing.desk.preview('river', '2026-09').refused).toBe('2026-09 已定稿(第 1 版),数据没有变化,不需要更正定稿');
    expect(() => signMonth(signing, 'river', '2026-09', '再签一次')).toThrow('不需要更正定稿');
    await turnSeptember();
    expect(() => signMonth(signing, 'river', '2026-09')).toThrow('更正定稿须写明理由');
    const second = signMonth(signing, 'river', '2026-09', '运维补传更正数据');
    expect(second).toMatchObject({ edition: 2, snapshot: { rate: 0 }, corrections: [] });
    expect(second.editions.map(({ edition }) => edition)).toEqual([1, 2]);
    expect(signing.months.detail('river', '2026-09', 1)).toMatchObject({ edition: 1, snapshot: { rate: 100 }, intact: true });
    expect(signing.months.list({ verify: true })).toMatchObject({
      signed: [{ target: 'river', period: '2026-09', edition: 2, rate: 0 }],
      verified: { editions: 2, broken: [] },
    });
  });

  test('a mean that moved is a correction too, though its verdict stands', async () => {
    signMonth(signing, 'river', '2026-10');
    pipeline.clock.set(at('2026-11-06 10:00'));
    await pipeline.publish(reading({ time: at('2026-10-15 08:00'), value: 0.9 }));
    await pipeline.run();
    const { corrections, live } = signing.months.detail('river', '2026-10');
    expect(live).toMatchObject({ rate: 100 });
    expect(corrections).toMatchObject([
      { from: { verdict: 'met' }, to: { verdict: 'met' }, items: [{ parameter: 'nh3n' }], at: null },
    ]);
  });

  test('survives a crash; the table refuses changes, and who changes it all the same is found', () => {
    signMonth(signing, 'river', '2026-09');
    signMonth(signing, 'river', '2026-10');
    pipeline.crash();
    signing = signingOf(pipeline);
    const { sqlite } = pipeline.parts.database;
    expect(signing.months.list({ verify: true }).verified).toEqual({ editions: 2, broken: [] });
    expect(() => sqlite.exec('DELETE FROM sign_off')).toThrow('a month that was signed stays');
    expect(() => sqlite.exec("UPDATE sign_off SET note = 'x'")).toThrow('a month that was signed stays');

    const forged = (change: string): readonly string[] => {
      sqlite.exec('SAVEPOINT forging; DROP TRIGGER sign_off_no_UPDATE; DROP TRIGGER sign_off_no_DELETE');
      sqlite.exec(change);
      const { broken } = signing.months.list({ verify: true }).verified!;
      sqlite.exec('ROLLBACK TO forging; RELEASE forging');
      return broken;
    };
    const ours = "WHERE period = '2026-10'";
    expect(forged(`UPDATE sign_off SET snapshot = replace(snapshot, '"met":1', '"met":2') ${ours}`)).toEqual([
      'sign-off/river/2026-10/1',
    ]);
    expect(forged(`UPDATE sign_off SET by = 'somebody' ${ours}`)).toEqual(['sign-off/river/2026-10/1']);
    // With a hash that fits the forged snapshot the trail still tells another one.
    const { snapshot } = signing.months.detail('river', '2026-10');
    const text = canonical({ ...snapshot, rate: 99 });
    expect(forged(`UPDATE sign_off SET snapshot = '${text.replaceAll("'", "''")}', hash = '${sha256(text)}' ${ours}`)).toEqual([
      'sign-off/river/2026-10/1',
    ]);
    expect(forged(`DELETE FROM sign_off ${ours}`)).toEqual(['sign-off/river/2026-10/1']);
    expect(forged('SELECT 1')).toEqual([]);
  });
});

test('laboratory samples and indicators by day are signed alike', async () => {
  const sample = ['ph', 'nh3n'].map((parameter) =>
    reading({
      station: 'changtan-tap',
      parameter,
      time: at('2026-10-14 09:00'),
      value: parameter === 'ph' ? 7.2 : 0.1,
      source: 'lab',
      mark: 'S',
    }),
  );
  await pipeline.publish(...sample);
  await pipeline.run();
  const water = signMonth(signing, 'drinking-water', '2026-10');
  expect(water.snapshot).toMatchObject({ window: 'sample', basis: 'sample', due: 1, capture: null });
  expect(signing.desk.preview('sewage', '2026-10').hindrances.map(({ kind }) => kind)).toEqual(['not-judged']);
  expect(signMonth(signing, 'sewage', '2026-10').snapshot).toMatchObject({ window: 'day', due: 0, rate: null });
});

test('the board has signed figures and classes, and nothing of values, people or reasons', async () => {
  expect(signing.rates.published()).toEqual({ figures: [], years: [] });
  pipeline.parts.decisions.decide('officer', {
    ...{ station: 'nankeng-out', source: 'sensor', parameters: ['nh3n'], from: '2026-09-29', to: '2026-09-30' },
    ...{ outcome: 'invalid', reason: 'calibration', note: '试剂更换' },
  });
  await pipeline.run();
  signMonth(signing, 'river', '2026-09', '经办:某某,电话 0799-1234567');
  await turnSeptember();
  const board = signing.rates.published();
  expect(board.figures).toMatchObject([
    {
      ...{ target: '南坑河五陂段水质达标率', period: '2026-09', edition: 1, rate: 100, met: 1, exceeded: 0 },
      sections: [{ name: '南坑河出境断面', verdict: 'met', targetClass: 'III' }],
    },
  ]);
  const despite = [
    { kind: 'unreviewed', count: 30 },
    { kind: 'not-judged', count: 1 },
  ];
  expect(board.figures[0]).toMatchObject({ setAside: { total: 6, over: 0 }, despite });
  expect(board.years).toMatchObject([{ year: '2026', months: 1, rate: 100, setAside: { total: 6, over: 0 } }]);
  const text = JSON.stringify(board);
  for (const secret of ['officer', '0799', 'findings', 'value', '经办', '经办人', '试剂', 'hash'])
    expect(text).not.toContain(secret);
});
