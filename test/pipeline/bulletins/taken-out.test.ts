/** Is every reading that people took out counted once, under the act that took it out? */
import { expect, test } from '@jest/globals';
import { Database } from '../../../src/adapters/sqlite/database.js';
import { SqliteDecisionStore } from '../../../src/adapters/sqlite/decision-store.js';
import { SqliteWorkingSet } from '../../../src/adapters/sqlite/working-set.js';
import type { ReviewDecision } from '../../../src/domain/quality/decision.js';
import type { JudgedReading } from '../../../src/domain/reading.js';
import { HOUR } from '../../../src/domain/time.js';
import { takenOut } from '../../../src/pipeline/bulletins/taken-out.js';
import { MomentaryCheck } from '../../../src/pipeline/judging/momentary.js';
import { type Archive, ArchiveError } from '../../../src/pipeline/ports.js';
import { at, series, times, wupi } from '../../support/wupi.js';

const OUT = 'nankeng-out';
const october = { from: at('2026-10-01'), to: at('2026-11-01') };

function town(readings: readonly JudgedReading[], archive: Pick<Archive, 'readings'>['readings'] = () => Promise.resolve([])) {
  const database = new Database(':memory:');
  const workingSet = new SqliteWorkingSet(database, true);
  const decisions = new SqliteDecisionStore(database);
  database.transact(() => {
    for (const one of readings) workingSet.settle(one);
    workingSet.flush();
  });
  const check = new MomentaryCheck(wupi, workingSet);
  return { decisions, workingSet, of: takenOut(wupi, { decisions, workingSet, archive: { readings: archive }, check }) };
}

const decision: Omit<ReviewDecision, 'id'> = {
  station: OUT,
  source: 'sensor',
  parameters: ['nh3n'],
  outcome: 'invalid',
  reason: 'device-fault',
  note: '探头脱落',
  ...{ from: at('2026-10-12 08:00'), to: at('2026-10-12 12:00'), by: 'officer', at: at('2026-10-13'), undone: null },
};
const record = {
  ...{ station: OUT, parameters: null, from: at('2026-10-12 10:00'), to: at('2026-10-12 13:00'), settlingMinutes: 60 },
  ...{ who: '运维单位', note: '更换试剂', by: 'worker', at: at('2026-10-12'), withdrawn: false },
} as const;

test('each act with what it took out of the span, and of that what is over a limit', async () => {
  // Eight to twelve by the decision, twelve to fourteen by the record: of its hours ten and eleven are the decision's.
  const byDecision = series(OUT, 'nh3n', at('2026-10-12 08:00'), HOUR, [1.37, 1.4, 0.4, 0.5], { ruling: 'invalid' });
  const byRecord = series(OUT, 'nh3n', at('2026-10-12 12:00'), HOUR, [2.5, 0.4], { ruling: 'maintenance' });
  const { decisions, of } = town([
    ...[...byDecision, ...byRecord],
    ...series(OUT, 'tp', at('2026-10-12 10:00'), HOUR, [0.05], { ruling: 'maintenance' }),
    ...series(OUT, 'nh3n', at('2026-10-12 14:00'), HOUR, times(3, 1.9)),
  ]);
  decisions.addDecision(decision);
  decisions.addMaintenance(record);
  decisions.addDecision({ ...decision, undone: { by: 'officer', at: at('2026-10-14'), note: '' } });
  decisions.addDecision({ ...decision, parameters: ['do'], outcome: 'suspect' });
  decisions.addMaintenance({ ...record, withdrawn: true });
  decisions.addDecision({ ...decision, from: at('2026-09-12'), to: at('2026-09-13') });

  expect(await of([OUT, 'nankeng-in'], october)).toEqual([
    {
      ...{ stationName: '南坑河出境断面', items: ['氨氮'], outcome: '无效', reason: '设备故障,探头脱落(审核 1)', by: 'officer' },
      ...{ from: '2026-10-12T08:00:00+08:00', to: '2026-10-12T12:00:00+08:00', readings: { total: 4, over: 2 } },
    },
    {
      ...{
        stationName: '南坑河出境断面',
        items: null,
        outcome: '维护',
        reason: '更换试剂(维护记录 1)',
        by: '运维单位(worker 录入)',
      },
      ...{ from: '2026-10-12T10:00:00+08:00', to: '2026-10-12T13:00:00+08:00', readings: { total: 3, over: 1 } },
    },
  ]);
});

test('while the archive is away the act is listed all the same', async () => {
  const { decisions, workingSet, of } = town([], () => Promise.reject(new ArchiveError('away', true)));
  workingSet.prune(october.to);
  decisions.addDecision(decision);
  const [found] = await of([OUT], october);
  expect(found).toMatchObject({ reason: '设备故障,探头脱落(审核 1)', readings: null });
});
