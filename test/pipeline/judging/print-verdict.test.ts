/** Does a verdict tell people what they ask first: which class, held to which, how bad, and because of what? */
import { afterEach, expect, test } from '@jest/globals';
import { Pipeline } from '../../support/pipeline.js';
import { at, riverDay, times } from '../../support/wupi.js';

let pipeline: Pipeline;
afterEach(() => pipeline.dispose());

test('class beside target class, grade, colour, and what pollutes most with its multiple over class Ⅲ', async () => {
  pipeline = await Pipeline.open();
  pipeline.clock.set(at('2026-11-23 09:00'));
  await pipeline.publish(...riverDay('2026-11-21'), ...riverDay('2026-11-22', { nh3n: times(6, 1.8), tp: times(6, 0.25) }));
  await pipeline.run();
  const { windows } = pipeline.parts.compliance.compliance('river', { window: 'day', period: '2026-11' });
  const days = windows.map((text) => JSON.parse(text) as Record<string, unknown>);
  expect(days).toMatchObject([
    { verdict: 'met', class: 'II', targetClass: 'III', grade: 'excellent', gradeName: '优', colour: 'blue' },
    { verdict: 'exceeded', class: 'V', targetClass: 'III', grade: 'moderate', gradeName: '中度污染', colour: 'orange' },
  ]);
  expect(days[0]).not.toHaveProperty('mainItems');
  expect((days[1] as { mainItems: { text: string }[] }).mainItems.map(({ text }) => text)).toEqual(['氨氮(0.8)', '总磷(0.25)']);
});
