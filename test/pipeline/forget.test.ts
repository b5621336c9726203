/** Does a reading stay at hand until the archive has it and every window that needs it is computed? */
import { afterEach, expect, test } from '@jest/globals';
import { DAY, startOfDate } from '../../src/domain/time.js';
import { forget, hasForgotten } from '../../src/pipeline/forget.js';
import { Pipeline } from '../support/pipeline.js';
import { at, riverDay, wupi } from '../support/wupi.js';

let pipeline: Pipeline;
afterEach(() => pipeline.dispose());

test('it goes once both are done', async () => {
  const now = at('2026-11-23 08:00');
  const oldest = now - wupi.settings.workingSetDays * DAY;
  pipeline = await Pipeline.open({ now, archive: 'outside' });
  const { log, verdicts, workingSet } = pipeline.parts;
  const prune = (): number => {
    forget(wupi, log, verdicts, workingSet, now);
    return workingSet.floor();
  };
  await pipeline.publish(...riverDay('2026-11-22'));
  await pipeline.run(['settle', 'judge', 'assess']);
  expect([verdicts.markedCount(), log.waiting('archive') > 0, prune()]).toEqual([0, true, Number.NEGATIVE_INFINITY]);
  await pipeline.run(['archive']);
  verdicts.mark({ kind: 'day', station: 'nankeng-out', start: at('2026-11-22') });
  expect(prune()).toBe(Number.NEGATIVE_INFINITY);
  await pipeline.run(['assess']);
  expect(prune()).toBe(oldest);
  // A window that is older waits for the archive anyway, and holds nothing back.
  verdicts.mark({ kind: 'day', station: 'nankeng-out', start: startOfDate('2025-01-01', wupi.calendar) });
  forget(wupi, log, verdicts, workingSet, now + DAY);
  expect(workingSet.floor()).toBe(oldest + DAY);
});

test('a database may be made until the first reading that only it has: also one that was away when the town began', async () => {
  const now = at('2026-11-23 08:00');
  pipeline = await Pipeline.open({ now, archive: 'outside' });
  const { log, verdicts, workingSet } = pipeline.parts;
  const lost: boolean[] = [hasForgotten(log, workingSet)];
  forget(wupi, log, verdicts, workingSet, now);
  lost.push(hasForgotten(log, workingSet));
  await pipeline.publish(...riverDay('2026-11-22'));
  await pipeline.run();
  forget(wupi, log, verdicts, workingSet, now + DAY);
  expect([...lost, hasForgotten(log, workingSet)]).toEqual([false, false, true]);
});
