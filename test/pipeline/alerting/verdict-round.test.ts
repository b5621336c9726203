/** Is every exceeded window told once, whenever its readings came, and ended once? */
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { SqliteAlertStore } from '../../../src/adapters/sqlite/alert-store.js';
import { Database } from '../../../src/adapters/sqlite/database.js';
import { SqliteVerdictStore } from '../../../src/adapters/sqlite/verdict-store.js';
import { DEFAULT_RULES } from '../../../src/domain/alerting/default-rules.js';
import { inhibited } from '../../../src/domain/alerting/inhibition.js';
import { close } from '../../../src/domain/alerting/lifecycle.js';
import { hasChanged } from '../../../src/domain/compliance/change.js';
import type { Finding, VerdictState } from '../../../src/domain/compliance/verdict.js';
import { HOUR, MINUTE, SECOND, type Window } from '../../../src/domain/time.js';
import { Episodes } from '../../../src/pipeline/alerting/episodes.js';
import { VerdictRound } from '../../../src/pipeline/alerting/verdict-round.js';
import { Vigil } from '../../../src/pipeline/alerting/vigil.js';
import { printFor } from '../../../src/pipeline/judging/print-verdict.js';
import { FakeLive, ManualClock } from '../../support/fakes.js';
import { temporaryFolder, type TemporaryFolder } from '../../support/temporary-folder.js';
import { at, limit, windowOf, wupi } from '../../support/wupi.js';

let folder: TemporaryFolder;
let clock: ManualClock;
let town: ReturnType<typeof start>;

/** The watch for verdicts as at start, on the state file. */
function start() {
  const database = new Database(join(folder.path, 'heqing.db'));
  const alerts = new SqliteAlertStore(database);
  const verdicts = new SqliteVerdictStore(database, printFor(wupi));
  const round = new VerdictRound(wupi, DEFAULT_RULES.verdict, verdicts, alerts);
  const episodes = new Episodes(alerts, DEFAULT_RULES.damping);
  const transact = <T>(work: () => T): T => database.derive(work);
  const vigil = new Vigil(wupi, [round], episodes, inhibited, transact, clock, new FakeLive(), () => {});
  return { database, alerts, verdicts, episodes, vigil };
}

beforeEach(async () => {
  folder = await temporaryFolder('verdict-round');
  clock = new ManualClock(at('2026-11-23 08:00'));
  town = start();
});
afterEach(async () => {
  town.database.close();
  await folder.remove();
});

const restart = (): void => {
  town.database.close();
  town = start();
};
/** Time passes in steps of ten seconds. */
const pass = (ms: number): void => {
  for (let t = 0; t < ms; t += 10 * SECOND) {
    clock.advance(10 * SECOND);
    town.vigil.step();
  }
};
const putWindow = (window: Window, verdict: VerdictState, station = 'nankeng-out', excuse: string | null = null): void => {
  const finding: Finding = {
    ...{
      parameter: 'nh3n',
      statistic: window.kind === 'sample' ? 'sample' : 'day-mean',
      mean: '1.37',
      compared: '1.37',
      atLeast: false,
      enough: true,
    },
    ...{ outcome: verdict, reason: null, limit: limit(), times: '0.37', valid: 6, total: 6, filled: 6, due: 6, class: null },
    ...{ timesOverIII: null, counted: true, uncounted: null, setAsideOver: 0, detection: null, temperature: null },
    excluded: { mark: 0, quality: 0, maintenance: 0, review: 0 },
  };
  town.database.transact(() => {
    const judged = { ...window, station, verdict, class: null, reason: null, findings: [finding] };
    const before = town.verdicts.put(judged, clock.now(), excuse);
    const after = { verdict, class: null, excused: excuse !== null };
    if (before === undefined || !hasChanged(before, after)) return;
    town.verdicts.record({ ...window, station, at: clock.now(), from: before, to: after, reason: '补传' });
  });
};
const put = (day: string, verdict: VerdictState, station?: string, excuse?: string): void =>
  putWindow(windowOf('day', day), verdict, station, excuse);
const happened = (): string[] =>
  town.alerts.announcements(1000).map(({ change: { what, alert } }) => `${alert.subject} ${alert.rule} ${what}`);
const [OPENED, RESOLVED] = ['nankeng-out verdict-day opened', 'nankeng-out verdict-day resolved'];

test('an exceeded day is told once; days that follow, or were not judged, are neither told nor its end; a met one is', () => {
  put('2026-11-22', 'exceeded');
  pass(HOUR);
  put('2026-11-23', 'exceeded');
  pass(HOUR);
  put('2026-11-24', 'undetermined');
  pass(HOUR);
  expect(happened()).toEqual([OPENED]);
  put('2026-11-25', 'met');
  clock.set(at('2026-11-26 01:00'));
  pass(MINUTE);
  expect(happened()).toEqual([OPENED, RESOLVED]);
});

test('a day that is judged again, or excused, is taken back; old days and excused ones open nothing', () => {
  put('2026-11-20', 'exceeded', 'nankeng-mid');
  put('2026-11-22', 'exceeded');
  pass(MINUTE);
  put('2026-11-22', 'exceeded', undefined, '7');
  pass(MINUTE);
  expect(happened()).toEqual([OPENED, 'nankeng-out verdict-day refuted']);
  restart();
  pass(5 * MINUTE);
  expect(happened()).toHaveLength(2);
});

describe('what came late', () => {
  test('is told and ended although the next day is met already, once, over restarts and when it is judged again', () => {
    clock.set(at('2026-11-24 09:00'));
    put('2026-11-23', 'met');
    pass(MINUTE);
    put('2026-11-22', 'exceeded');
    pass(MINUTE);
    expect(happened()).toEqual([OPENED, RESOLVED]);
    expect(town.alerts.list('all', 9)).toMatchObject([{ openedAt: at('2026-11-23'), resolvedAt: at('2026-11-24') }]);
    restart();
    put('2026-11-22', 'exceeded');
    pass(HOUR);
    expect(happened()).toHaveLength(2);
  });

  test('is told also where the days around it made an episode that is over, and once', () => {
    put('2026-11-21', 'exceeded');
    put('2026-11-22', 'undetermined');
    pass(MINUTE);
    clock.set(at('2026-11-24 01:00'));
    put('2026-11-23', 'met');
    pass(MINUTE);
    expect(happened()).toEqual([OPENED, RESOLVED]);
    put('2026-11-22', 'exceeded');
    pass(MINUTE);
    restart();
    put('2026-11-22', 'exceeded');
    pass(10 * MINUTE);
    expect(happened()).toEqual([OPENED, RESOLVED, OPENED, RESOLVED]);
  });

  test('opens nothing when it is older than 36 hours', () => {
    clock.set(at('2026-11-24 12:00') + SECOND);
    put('2026-11-22', 'exceeded');
    pass(10 * MINUTE);
    expect(happened()).toEqual([]);
  });
});

test('what a person closed stays closed; the next exceeded day is told', () => {
  put('2026-11-22', 'exceeded');
  pass(MINUTE);
  const [alert] = town.alerts.list('active', 1);
  town.database.transact(() => town.alerts.put(close(alert!, '已处置', clock.now(), '镇环保办')));
  town.episodes.forget();
  pass(MINUTE);
  expect(happened()).toEqual([OPENED]);
  clock.set(at('2026-11-24 00:30'));
  put('2026-11-23', 'exceeded');
  pass(MINUTE);
  expect(happened()).toEqual([OPENED, OPENED]);
});

describe('laboratory samples', () => {
  const sample = (time: string, verdict: VerdictState, station = 'changtan-tap'): void =>
    putWindow({ kind: 'sample', start: at(time), end: at(time) }, verdict, station);

  test('each tap that fails is told by its name and item, the second too', () => {
    sample('2026-11-12 10:00', 'exceeded');
    pass(MINUTE);
    sample('2026-11-12 10:30', 'exceeded', 'datian-tap');
    pass(MINUTE);
    expect(happened()).toEqual(['changtan-tap verdict-sample opened', 'datian-tap verdict-sample opened']);
    const reasons = town.alerts.list('active', 9).map(({ reason }) => reason.zh);
    expect(reasons).toEqual([
      expect.stringMatching(/^大田村末梢水监测点 11-12 10:30 水样超标:氨氮 化验值 1\.37 mg\/L/),
      expect.stringMatching(/^长潭村末梢水监测点 11-12 10:00 水样超标:氨氮 化验值 1\.37 mg\/L/),
    ]);
  });

  test('several of one import are told in the order they were taken; those of another time are history', () => {
    sample('2026-10-20 10:00', 'exceeded');
    sample('2026-11-05 10:00', 'exceeded');
    sample('2026-11-12 10:00', 'met');
    sample('2026-11-19 10:00', 'exceeded');
    pass(MINUTE);
    restart();
    pass(MINUTE);
    const said = ['opened', 'resolved', 'opened'].map((what) => `changtan-tap verdict-sample ${what}`);
    expect(happened()).toEqual(said);
    expect(town.alerts.list('active', 9)).toMatchObject([{ openedAt: at('2026-11-19 10:00') }]);
  });
});
