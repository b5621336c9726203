/** Does a worker run whenever there is work, rest when there is none, and come back from any failure? */
import { expect, test } from '@jest/globals';
import { Worker } from '../../src/pipeline/consumer.js';
import { eventually, pause } from '../support/eventually.js';
import { KeptJournal } from '../support/pipeline-ends.js';

test('runs until there is no more, and again when woken', async () => {
  let left = 3;
  let steps = 0;
  const worker = new Worker('w', () => (steps++, left-- > 0), new KeptJournal());
  worker.wake();
  await eventually('it is done', () => steps === 4);
  await pause(30);
  expect(steps).toBe(4);
  left = 1;
  worker.wake();
  await eventually('it ran again', () => steps === 6);
  await worker.stop();
});

test('one step at a time; a wake during a step is not lost', async () => {
  let running = 0;
  let most = 0;
  let steps = 0;
  const worker = new Worker(
    'w',
    async () => {
      most = Math.max(most, ++running);
      await pause(20);
      running--;
      steps++;
      return false;
    },
    new KeptJournal(),
  );
  for (let i = 0; i < 10; i++) worker.wake();
  await pause(10);
  worker.wake();
  await eventually('the second run', () => steps === 2);
  await pause(40);
  expect([most, steps]).toEqual([1, 2]);
  await worker.stop();
});

test('a failing step is tried again after a growing pause, without being woken, and says so once', async () => {
  const journal = new KeptJournal();
  const tries: number[] = [];
  let failures = 4;
  const worker = new Worker(
    'archive',
    () => {
      tries.push(Date.now());
      if (failures-- > 0) throw new Error('away');
      return false;
    },
    journal,
    200,
  );
  worker.wake();
  await eventually('it is stuck', () => worker.stuck === 'away');
  await eventually('it works again', () => tries.length === 5 && worker.stuck === null);
  const pauses = tries.slice(1).map((time, i) => time - tries[i]!);
  // 100, 200, then capped at 200; each ± 25 %.
  expect(pauses[0]).toBeGreaterThanOrEqual(70);
  expect(pauses[1]).toBeGreaterThanOrEqual(145);
  for (const length of pauses) expect(length).toBeLessThan(200 * 1.25 + 150);
  expect(journal.lines).toEqual(['warn: archive waits: away', 'info: archive works again']);
  await worker.stop();
});

test('stops at once, also out of a long pause, and never runs again', async () => {
  let steps = 0;
  const worker = new Worker(
    'w',
    () => {
      steps++;
      throw new Error('away');
    },
    new KeptJournal(),
    60_000,
  );
  worker.wake();
  await eventually('it waits', () => steps >= 2);
  const started = Date.now();
  await worker.stop();
  // Out of a pause of a minute; the bound is no measurement.
  expect(Date.now() - started).toBeLessThan(20_000);
  const before = steps;
  worker.wake();
  await pause(50);
  expect(steps).toBe(before);
});

test('stop waits for the step under way', async () => {
  let ended = false;
  const worker = new Worker(
    'w',
    async () => {
      await pause(60);
      ended = true;
      return true;
    },
    new KeptJournal(),
  );
  worker.wake();
  await pause(20);
  await worker.stop();
  expect(ended).toBe(true);
});
