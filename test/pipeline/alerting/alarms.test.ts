/** Are the alarms wired so that what a person does is on disk before the person is told that it is done? */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { MINUTE } from '../../../src/domain/time.js';
import { Pipeline } from '../../support/pipeline.js';

let pipeline: Pipeline;
beforeEach(async () => {
  pipeline = await Pipeline.open();
});
afterEach(() => pipeline.dispose());

test('a test mail that is asked for, and its confirmation, are no mere derivations', async () => {
  const { path } = pipeline.parts.alarms;
  const { faults, clock } = pipeline.world;
  const kept = (act: () => void): [durable: number, derived: number] => {
    const before = { ...faults };
    act();
    const derived = faults.derived - before.derived;
    return [faults.transactions - before.transactions - derived, derived];
  };
  path.began(clock.now());
  expect(kept(() => void path.test('镇环保办'))).toEqual([1, 0]);
  clock.advance(MINUTE);
  const { id } = path.test('镇环保办');
  await pipeline.run(['notify']);
  expect(kept(() => void path.confirm(id, '镇环保办'))).toEqual([1, 0]);
  expect(path.state().state).toBe('proven');
});
