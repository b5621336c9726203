/** Is it known when the service could hear, over kills, outages and restarts? */
import { expect, test } from '@jest/globals';
import { Database } from '../../../src/adapters/sqlite/database.js';
import { SqliteHearingStore } from '../../../src/adapters/sqlite/hearing-store.js';
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/domain/time.js';
import { HearingTime } from '../../../src/pipeline/alerting/hearing-time.js';
import { ManualClock } from '../../support/fakes.js';
import { at } from '../../support/wupi.js';

const T0 = at('2026-11-23 08:00');
const setUp = () => {
  const database = new Database(':memory:');
  const clock = new ManualClock(T0);
  const world = { taking: true, failing: false };
  const store = new SqliteHearingStore(database);
  const start = () =>
    new HearingTime(
      store,
      () => world.taking,
      (work) => {
        if (world.failing) throw new Error('the disk is full');
        return database.derive(work);
      },
      clock,
    );
  const pass = (hearing: HearingTime, ms: number): void => {
    for (let t = 0; t < ms; t += SECOND) {
      clock.advance(SECOND);
      hearing.look(clock.now());
    }
  };
  const deaf = (hearing: HearingTime): (readonly [number, number])[] =>
    hearing.deaf(clock.now()).map(({ from, to }) => [(from - T0) / SECOND, (to - T0) / SECOND] as const);
  return { database, clock, world, start, pass, deaf };
};

test('deaf until it hears for the first time, then while nothing can be taken', () => {
  const { database, world, start, pass, deaf } = setUp();
  const hearing = start();
  world.taking = false;
  pass(hearing, 5 * SECOND);
  expect([deaf(hearing), hearing.since]).toEqual([[[0, 5]], T0]);
  world.taking = true;
  pass(hearing, 20 * SECOND);
  world.taking = false;
  pass(hearing, 10 * SECOND);
  expect(deaf(hearing)).toEqual([
    [0, 6],
    [26, 35],
  ]);
  world.taking = true;
  pass(hearing, SECOND);
  expect([deaf(hearing), hearing.since]).toEqual([
    [
      [0, 6],
      [26, 36],
    ],
    null,
  ]);
  database.close();
});

test('a kill: deaf from the last ten seconds that were written down until it hears again', () => {
  const { database, clock, start, pass, deaf } = setUp();
  pass(start(), 25 * SECOND);
  clock.advance(6 * HOUR);
  const again = start();
  expect(deaf(again)).toEqual([
    [0, 1],
    [21, 25 + 6 * 3600],
  ]);
  pass(again, SECOND);
  expect(deaf(again).at(-1)).toEqual([21, 26 + 6 * 3600]);
  database.close();
});

test('a kill while it was deaf is one span; a look that could not be kept is made up for', () => {
  const { database, clock, world, start, pass, deaf } = setUp();
  const first = start();
  pass(first, 10 * SECOND);
  world.taking = false;
  world.failing = true;
  expect(() => pass(first, 5 * SECOND)).toThrow('the disk is full');
  world.failing = false;
  pass(first, 5 * SECOND);
  clock.advance(HOUR);
  world.taking = true;
  const again = start();
  pass(again, SECOND);
  expect(deaf(again)).toEqual([
    [0, 1],
    [12, 17 + 3600],
  ]);
  database.close();
});

test('a machine that slept, or whose clock was set ahead, heard nothing meanwhile; one set back has missed nothing', () => {
  const { database, clock, start, pass, deaf } = setUp();
  const hearing = start();
  pass(hearing, 20 * SECOND);
  clock.advance(6 * HOUR);
  hearing.look(clock.now());
  expect(deaf(hearing)).toEqual([
    [0, 1],
    [20, 20 + 6 * 3600],
  ]);
  clock.advance(-5 * HOUR);
  pass(hearing, 5 * SECOND);
  expect(deaf(hearing)).toHaveLength(2);
  database.close();
});

test('spans of more than eight days ago are forgotten, also on disk', () => {
  const { database, clock, world, start, pass, deaf } = setUp();
  const hearing = start();
  pass(hearing, MINUTE);
  clock.advance(9 * DAY);
  hearing.look(clock.now());
  world.taking = false;
  pass(hearing, SECOND);
  world.taking = true;
  pass(hearing, SECOND);
  expect(deaf(hearing).map(([from]) => from)).toEqual([60, 9 * 86_400 + 61]);
  expect(deaf(start()).filter(([from]) => from < 60)).toEqual([]);
  database.close();
});
