/** Does the clock's watch see silence, sick instruments, lost windows and its own failures, once, over restarts and outages? */
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { SqliteAlertStore } from '../../../src/adapters/sqlite/alert-store.js';
import { Database } from '../../../src/adapters/sqlite/database.js';
import { SqliteDecisionStore } from '../../../src/adapters/sqlite/decision-store.js';
import { SqliteHearingStore } from '../../../src/adapters/sqlite/hearing-store.js';
import { SqliteReadingLog } from '../../../src/adapters/sqlite/reading-log.js';
import { SqliteVerdictStore } from '../../../src/adapters/sqlite/verdict-store.js';
import { SqliteWorkingSet } from '../../../src/adapters/sqlite/working-set.js';
import { inhibited } from '../../../src/domain/alerting/inhibition.js';
import { DEFAULT_RULES } from '../../../src/domain/alerting/default-rules.js';
import type { ClockFinding } from '../../../src/domain/quality/clock.js';
import type { JudgedReading } from '../../../src/domain/reading.js';
import type { Site } from '../../../src/domain/site.js';
import type { Station } from '../../../src/domain/station.js';
import { HOUR, MINUTE, SECOND } from '../../../src/domain/time.js';
import { closeDeparted } from '../../../src/pipeline/alerting/departed.js';
import { Episodes } from '../../../src/pipeline/alerting/episodes.js';
import { HearingTime } from '../../../src/pipeline/alerting/hearing-time.js';
import { NoDataRound } from '../../../src/pipeline/alerting/no-data-round.js';
import { printFor } from '../../../src/pipeline/judging/print-verdict.js';
import { SensorRound } from '../../../src/pipeline/alerting/sensor-round.js';
import { ServiceRound, type ServiceSources } from '../../../src/pipeline/alerting/service-round.js';
import { TargetRound, type TargetReport } from '../../../src/pipeline/alerting/target-round.js';
import { VerdictRound } from '../../../src/pipeline/alerting/verdict-round.js';
import { type Round, Vigil } from '../../../src/pipeline/alerting/vigil.js';
import { FakeLive, ManualClock } from '../../support/fakes.js';
import { KeptJournal } from '../../support/pipeline-ends.js';
import { temporaryFolder, type TemporaryFolder } from '../../support/temporary-folder.js';
import { at, reading, station, wupi } from '../../support/wupi.js';

/** Two stations, one parameter fast and one slow. */
const parameters: Station['parameters'] = [
  { parameter: 'ph', cadence: 10 },
  { parameter: 'nh3n', cadence: 240 },
];
const two = ['nankeng-out', 'nankeng-mid'].map((id) => ({
  ...wupi.stations.get('nankeng-out')!,
  id,
  name: id,
  since: null,
  parameters,
}));
const site: Site = { ...wupi, stations: new Map(two.map((one) => [one.id, one])) };

let folder: TemporaryFolder;
let clock: ManualClock;
let town: ReturnType<typeof start>;
/** What the world is like. */
const world = {
  taking: true,
  archive: null as string | null,
  broker: null as string | null,
  paused: null as string | null,
  disk: null as ReturnType<ServiceSources['disk']>,
  path: false,
  backup: false,
  clock: null as ClockFinding | null,
  target: 'met' as 'met' | 'missed',
  year: '2026',
};
const calm = { ...world };

const targets: TargetReport = {
  targets: () => ({
    targets: [
      {
        id: 'river',
        name: '达标率',
        nameEn: 'rate',
        kind: 'target',
        goal: 100,
        period: world.year,
        window: 'sample',
        status: world.target,
        exceeded: 1,
        left: { month: null, daysLeft: null, items: [] },
      },
    ],
  }),
};

/** The watch as at start, on the state file. */
function start(of: Site = site) {
  const database = new Database(join(folder.path, 'heqing.db'));
  const transact = <T>(work: () => T): T => database.derive(work);
  const alerts = new SqliteAlertStore(database);
  const workingSet = new SqliteWorkingSet(database, false);
  const verdicts = new SqliteVerdictStore(database, printFor(of));
  const decisions = new SqliteDecisionStore(database);
  const log = new SqliteReadingLog(database);
  const hearing = new HearingTime(new SqliteHearingStore(database), () => world.taking, transact, clock);
  const sources: ServiceSources = {
    archive: () => world.archive,
    broker: () => world.broker,
    paused: () => world.paused,
    disk: () => world.disk,
    outbox: () => ({ trouble: null, stalled: [] }),
    refused: () => [],
    stuck: () => [],
    path: () => ({ alarms: world.path, words: { zh: '十天未确认', en: 'not confirmed for ten days' } }),
    backup: () => ({ alarms: world.backup, words: { zh: '4 天没有备份', en: 'no backup for 4 days' } }),
  };
  const rules = DEFAULT_RULES;
  const rounds: Round[] = [
    new ServiceRound(rules.service, sources, log, alerts),
    new NoDataRound(of, rules.noData, workingSet, alerts, hearing),
    new SensorRound(of, rules.sensor, workingSet, decisions, () => world.clock),
    new VerdictRound(of, rules.verdict, verdicts, alerts),
    new TargetRound(rules.target, of.calendar, targets),
  ];
  const live = new FakeLive();
  const told: number[] = [];
  const episodes = new Episodes(alerts, rules.damping);
  const vigil = new Vigil(of, rounds, episodes, inhibited, transact, clock, live, () => told.push(clock.now()));
  return { database, alerts, workingSet, verdicts, decisions, hearing, vigil, live, told, rounds, episodes, log };
}

beforeEach(async () => {
  Object.assign(world, calm);
  folder = await temporaryFolder('vigil');
  clock = new ManualClock(at('2026-11-23 08:00'));
  town = start();
});
afterEach(async () => {
  town.database.close();
  await folder.remove();
});

/** After a kill, and so long a pause. */
const restart = (pause = 0, of = site): void => {
  town.database.close();
  clock.advance(pause);
  town = start(of);
};
/** Keeps readings, as if they had arrived now. */
const arrive = (...list: Partial<JudgedReading>[]): void =>
  town.database.derive(() => {
    for (const over of list) {
      const now = clock.now();
      town.workingSet.settle(reading({ parameter: 'ph', value: 7 + (now % 97) / 1000, time: now, received: now, ...over }));
    }
    town.workingSet.flush();
  });
/** Every station says all it measures. */
const allSpeak = (): void => arrive(...two.flatMap(({ id }) => parameters.map(({ parameter }) => ({ station: id, parameter }))));
/** Time passes in steps of ten seconds, long times in minutes. `each`: done every ten minutes. */
const pass = (ms: number, each: () => void = () => {}): void => {
  const step = ms > HOUR ? MINUTE : 10 * SECOND;
  for (let t = 0; t < ms; t += step) {
    clock.advance(step);
    if (clock.now() % (10 * MINUTE) === 0) each();
    town.hearing.look(clock.now());
    town.vigil.step();
  }
};
const standing = (): string[] =>
  town.alerts
    .list('active', 100)
    .map((alert) => `${alert.subject} ${alert.parameter ?? '-'} ${alert.rule} ${alert.severity}`)
    .sort();
const happened = (): string[] =>
  town.alerts
    .announcements(1000)
    .map(({ change: { what, alert } }) => `${alert.subject} ${alert.parameter ?? '-'} ${alert.rule} ${what}`);

describe('silence', () => {
  test('a station that never spoke is told after its time, once, and names the config; it ends with the first arrival', () => {
    pass(29 * MINUTE, () => arrive({ station: 'nankeng-mid' }));
    expect(standing()).toEqual([]);
    pass(5 * HOUR, () => arrive({ station: 'nankeng-mid' }));
    expect(happened()).toEqual(['nankeng-out - no-data opened']);
    expect(town.alerts.list('active', 1)[0]!.reason.zh).toContain('nankeng-out 自启用以来从未收到数据,自 11-23 08:00 起应有');
    arrive({});
    pass(MINUTE);
    expect(happened()).toEqual(['nankeng-out - no-data opened', 'nankeng-out - no-data resolved']);
    expect(town.alerts.list('all', 1)[0]).toMatchObject({ state: 'resolved' });
    expect(town.live.alerts).toHaveLength(2);
    expect(town.told).toHaveLength(2);
  });

  test('an alert that stands says how long it lasts by now, as a mail that repeats it will', () => {
    allSpeak();
    const says = (): string | undefined => town.alerts.list('active', 1)[0]?.reason.zh;
    pass(40 * MINUTE, () => arrive({ station: 'nankeng-mid' }));
    expect(says()).toContain('40 分钟没有数据');
    pass(5 * HOUR, () => arrive({ station: 'nankeng-mid' }));
    expect(says()).toContain('5.7 小时没有数据');
    expect(happened()).toEqual(['nankeng-out - no-data opened']);
  });

  test('a restart in the middle of silence neither begins it anew nor tells it twice', () => {
    allSpeak();
    pass(20 * MINUTE, () => arrive({ station: 'nankeng-mid' }));
    restart();
    pass(11 * MINUTE, () => arrive({ station: 'nankeng-mid' }));
    expect(happened()).toEqual(['nankeng-out - no-data opened']);
    restart();
    pass(HOUR, () => arrive({ station: 'nankeng-mid' }));
    expect(happened()).toEqual(['nankeng-out - no-data opened']);
  });

  test('six hours down: nothing is told of what nobody could hear; a station that stays silent is told after the rest of its time', () => {
    pass(20 * MINUTE, allSpeak);
    pass(10 * MINUTE, () => {});
    restart(6 * HOUR);
    pass(15 * MINUTE);
    expect(standing()).toEqual([]);
    // Ten minutes before, twenty after.
    pass(6 * MINUTE, () => {});
    expect(standing()).toEqual(['nankeng-mid - no-data warning', 'nankeng-out - no-data warning']);
  });

  test('six hours down, and all speak again: no word', () => {
    pass(20 * MINUTE, allSpeak);
    restart(6 * HOUR);
    pass(12 * HOUR, () =>
      arrive(
        {},
        { station: 'nankeng-mid' },
        ...(clock.now() % (4 * HOUR) === 0 ? two.map(({ id }) => ({ station: id, parameter: 'nh3n' })) : []),
      ),
    );
    expect(happened()).toEqual([]);
  });

  test('a broker outage is one alert, however many are silent', () => {
    pass(20 * MINUTE, allSpeak);
    Object.assign(world, { taking: false, broker: '连不上代理' });
    pass(3 * HOUR);
    expect(happened()).toEqual(['service - service-broker opened']);
    Object.assign(world, calm);
    pass(2 * HOUR, allSpeak);
    expect(happened()).toEqual(['service - service-broker opened', 'service - service-broker resolved']);
  });

  test('a parameter that is silent while its station speaks, by its own cadence', () => {
    allSpeak();
    const ph = (): void => arrive({}, { station: 'nankeng-mid' });
    pass(12 * HOUR - MINUTE, ph);
    expect(standing()).toEqual([]);
    pass(3 * MINUTE, ph);
    expect(standing()).toEqual(['nankeng-mid nh3n no-data warning', 'nankeng-out nh3n no-data warning']);
    pass(12 * HOUR, ph);
    expect(standing()).toEqual(['nankeng-mid nh3n no-data over', 'nankeng-out nh3n no-data over']);
    arrive({ parameter: 'nh3n' });
    pass(MINUTE);
    expect(standing()).toEqual(['nankeng-mid nh3n no-data over']);
  });

  test('a parameter that the config measures no more: its alert is closed, and not opened again', () => {
    const ph = (): void => arrive({}, { station: 'nankeng-mid' });
    pass(13 * HOUR, ph);
    expect(standing()).toHaveLength(2);
    const fewer: Site = {
      ...site,
      stations: new Map(
        two.map((one) => [one.id, { ...one, parameters: parameters.filter(({ parameter }) => parameter === 'ph') }]),
      ),
    };
    restart(MINUTE, fewer);
    closeDeparted(fewer, town.alerts, (work) => town.database.transact(work), clock, new KeptJournal());
    pass(2 * HOUR, ph);
    expect(standing()).toEqual([]);
  });

  test('parameters of a silent station are its own alert, and have their whole time after its return, also after a restart', () => {
    allSpeak();
    const mid = (): void => arrive({ station: 'nankeng-mid' }, { station: 'nankeng-mid', parameter: 'nh3n' });
    pass(20 * HOUR, mid);
    expect(standing()).toEqual(['nankeng-out - no-data warning']);
    arrive({});
    pass(MINUTE, mid);
    restart();
    pass(11 * HOUR, () => {
      mid();
      arrive({});
    });
    expect(happened()).toEqual(['nankeng-out - no-data opened', 'nankeng-out - no-data resolved']);
    pass(2 * HOUR, () => {
      mid();
      arrive({});
    });
    expect(standing()).toEqual(['nankeng-out nh3n no-data warning']);
  });

  test('a station that the config adds has its time from then on, and one that is switched on again too', () => {
    pass(2 * HOUR, allSpeak);
    const third = { ...two[0]!, id: 'nankeng-in', name: 'nankeng-in' };
    const more: Site = { ...site, stations: new Map([...site.stations, [third.id, third]]) };
    restart(MINUTE, more);
    pass(29 * MINUTE, allSpeak);
    expect(standing()).toEqual([]);
    pass(5 * MINUTE, allSpeak);
    expect(standing()).toEqual(['nankeng-in - no-data warning']);
    arrive({ station: 'nankeng-in' });
    pass(MINUTE, allSpeak);
    const off: Site = { ...more, stations: new Map([...more.stations, [third.id, { ...third, active: false }]]) };
    restart(MINUTE, off);
    pass(2 * HOUR, allSpeak);
    restart(MINUTE, more);
    pass(25 * MINUTE, allSpeak);
    expect(standing()).toEqual([]);
  });
});

describe('instruments', () => {
  test('out of range three times is one alert, and three sound values end it', () => {
    pass(30 * MINUTE, allSpeak);
    const out = (): void => {
      allSpeak();
      arrive({ value: 99, quality: 'fail', checks: ['gross-range'], time: clock.now() + 1 });
    };
    for (let i = 0; i < 3; i++) {
      out();
      arrive(
        { value: 99, quality: 'fail', checks: ['gross-range'], time: clock.now() + 2 },
        { value: 99, quality: 'fail', checks: ['gross-range'], time: clock.now() + 3 },
      );
      pass(10 * MINUTE);
    }
    expect(happened()).toEqual(['nankeng-out ph sensor opened']);
    for (let i = 0; i < 3; i++) {
      allSpeak();
      pass(10 * MINUTE);
    }
    expect(happened()).toEqual(['nankeng-out ph sensor opened', 'nankeng-out ph sensor resolved']);
  });

  test('refuted spikes add up over the hours, over a restart too', () => {
    for (let i = 0; i < 3; i++) {
      pass(2 * HOUR, allSpeak);
      arrive({ time: clock.now() + 1, value: 12, quality: 'fail', checks: ['spike'] });
      if (i === 1) restart();
    }
    pass(20 * MINUTE, allSpeak);
    expect(happened()).toEqual(['nankeng-out ph sensor opened']);
    expect(town.alerts.list('active', 1)[0]!.reason.zh).toContain('24 小时内突跳 3 次');
  });

  test('a step after cleaning', () => {
    const record = {
      station: 'nankeng-out',
      parameters: ['ph'],
      settlingMinutes: 60,
      who: '运维',
      note: '',
      by: 'officer',
      at: 0,
      withdrawn: false,
    };
    const speak = (value: number) => (): void =>
      arrive(
        { value: value + (clock.now() % 7) / 1000 },
        { station: 'nankeng-mid' },
        ...two.map(({ id }) => ({ station: id, parameter: 'nh3n' })),
      );
    pass(3 * HOUR, speak(4));
    const from = clock.now();
    pass(30 * MINUTE, speak(6));
    town.database.transact(() => town.decisions.addMaintenance({ ...record, from, to: clock.now() }));
    pass(90 * MINUTE, speak(8));
    expect(standing()).toEqual([]);
    pass(HOUR, speak(8));
    expect(standing()).toEqual(['nankeng-out ph sensor warning']);
    expect(town.alerts.list('active', 1)[0]!.reason.zh).toContain('校正量 +4.00');
  });

  test('a wrong clock is told, and its end', () => {
    world.clock = { kind: 'stuck', since: clock.now() };
    pass(MINUTE, allSpeak);
    expect(standing()).toEqual(['nankeng-mid - sensor warning', 'nankeng-out - sensor warning']);
    world.clock = null;
    pass(2 * MINUTE, allSpeak);
    expect(standing()).toEqual([]);
  });
});

describe('targets', () => {
  test('a target that is lost', () => {
    pass(MINUTE, allSpeak);
    world.target = 'missed';
    pass(2 * MINUTE, allSpeak);
    expect(standing()).toEqual(['target:river - target severe']);
  });

  test('a target that was lost ends with its year, which is no recovery', () => {
    world.target = 'missed';
    pass(2 * MINUTE, allSpeak);
    clock.set(at('2027-01-01 00:01'));
    Object.assign(world, { target: 'met', year: '2027' });
    town.vigil.step();
    const [lost] = town.alerts.list('all', 10).filter(({ kind }) => kind === 'target');
    expect(lost).toMatchObject({ state: 'resolved', ended: { zh: '2026 年已结束,2027 年重新计算' } });
  });
});

describe('the service', () => {
  test('an archive that is away for five minutes is told; a restart does not begin them anew; a minute of health ends it', () => {
    world.archive = '归档不可达';
    pass(4 * MINUTE, allSpeak);
    restart();
    world.archive = null;
    pass(20 * SECOND, allSpeak);
    world.archive = '归档不可达';
    pass(MINUTE, allSpeak);
    expect(happened()).toEqual(['service - service-archive opened']);
    world.archive = null;
    pass(30 * SECOND, allSpeak);
    world.archive = '归档不可达';
    pass(30 * SECOND, allSpeak);
    world.archive = null;
    pass(50 * SECOND, allSpeak);
    expect(standing()).toEqual(['service - service-archive warning']);
    pass(30 * SECOND, allSpeak);
    expect(standing()).toEqual([]);
  });

  test('the clock is set back by a day: what is wrong, and what is well again, is told all the same', () => {
    world.archive = '归档不可达';
    pass(MINUTE, allSpeak);
    clock.advance(-24 * HOUR);
    pass(5 * MINUTE + 20 * SECOND, allSpeak);
    expect(standing()).toEqual(['service - service-archive warning']);
    world.archive = null;
    pass(20 * SECOND, allSpeak);
    clock.advance(-24 * HOUR);
    pass(80 * SECOND, allSpeak);
    expect(standing()).toEqual([]);
  });

  test.each<[string, Partial<typeof world>, string]>([
    [
      'a pause of our own is no broker that is away',
      { paused: '磁盘将满', broker: '已暂停', taking: false },
      'service - service-intake over',
    ],
    ['a disk that is filling', { disk: { free: 150, floor: 100 } }, 'service - service-disk warning'],
    ['an unproven path', { path: true }, 'service - service-path over'],
    ['a backup that is too old', { backup: true }, 'service - service-backup warning'],
  ])('%s', (_, over, expected) => {
    Object.assign(world, over);
    pass(3 * MINUTE, allSpeak);
    expect(standing()).toEqual([expected]);
  });

  test('a consumer behind: batches wait, and no fewer than a minute ago', () => {
    allSpeak();
    town.database.transact(() => town.log.append([reading()]));
    pass(10 * MINUTE, allSpeak);
    expect(standing()).toEqual([]);
    pass(3 * MINUTE, allSpeak);
    expect(standing()).toEqual(['service - service-behind warning']);
  });
});

describe('the watch', () => {
  test('a round that throws keeps no other from its work, and is tried again', () => {
    let tries = 0;
    const broken: Round = {
      every: HOUR,
      signals() {
        tries++;
        throw new Error('broken');
      },
    };
    const vigil = new Vigil(
      site,
      [broken, ...town.rounds],
      town.episodes,
      inhibited,
      (work) => town.database.transact(work),
      clock,
      town.live,
      () => {},
    );
    world.path = true;
    expect(() => vigil.step()).toThrow('broken');
    expect(() => vigil.step()).toThrow('broken');
    expect([tries, standing()]).toEqual([2, ['service - service-path over']]);
  });

  test('a look costs by the stations, not by their square', () => {
    const codes = [...wupi.parameters.keys()].slice(0, 10);
    const look = (stations: number): number => {
      const many: Site = {
        ...wupi,
        stations: new Map(
          Array.from({ length: stations }, (_, i) => ({
            ...station('nankeng-out'),
            id: `s${i}`,
            since: null,
            parameters: codes.map((parameter) => ({ parameter, cadence: 5 })),
          })).map((one) => [one.id, one]),
        ),
      };
      restart(0, many);
      for (let i = 0; i < 40; i++) {
        clock.advance(5 * MINUTE);
        arrive(...[...many.stations.keys()].flatMap((id) => codes.map((parameter) => ({ station: id, parameter }))));
      }
      pass(2 * MINUTE);
      const took = Array.from({ length: 15 }, () => {
        const began = performance.now();
        pass(10 * SECOND);
        return performance.now() - began;
      });
      expect(standing()).toEqual([]);
      return Math.min(...took);
    };
    const [few, many] = [look(4), look(40)];
    expect(many / few).toBeLessThan(40);
  });
});
