/** Is a rate by samples held against the sampling plan, so that what was not sampled cannot pass for good? */
import { afterEach, expect, test } from '@jest/globals';
import type { Site } from '../../../src/domain/site.js';
import { Pipeline } from '../../support/pipeline.js';
import { at, reading, wupi } from '../../support/wupi.js';

let pipeline: Pipeline;
afterEach(() => pipeline.dispose());

const only = new Set(['changtan-plant', 'changtan-tap']);
/** Two stations, each sampled once a month. */
const site: Site = {
  ...wupi,
  stations: new Map([...wupi.stations].filter(([id]) => only.has(id))),
  targets: wupi.targets
    .filter(({ id }) => id === 'drinking-water')
    .map((target) => ({ ...target, plan: { samples: 1, every: 'month' } })),
};
const sample = (station: string, day: string, turb = 0.4) =>
  reading({ station, parameter: 'turb', value: turb, time: at(`${day} 09:00`), source: 'lab', mark: 'S' });
const target = () => pipeline.parts.compliance.targets().targets[0]!;

test('every station owes its samples: many at one stand for none of the other', async () => {
  pipeline = await Pipeline.open({ site, now: at('2026-04-01 08:00') });
  await pipeline.run();
  expect(target()).toMatchObject({ due: 6, met: 0, rate: null, capture: 0, status: 'insufficient', reason: '暂无化验结果' });

  await pipeline.publish(
    ...['01-05', '01-12', '02-03', '02-10', '03-04', '03-11'].map((day) => sample('changtan-plant', `2026-${day}`)),
  );
  await pipeline.run();
  expect(target()).toMatchObject({ due: 9, met: 6, undetermined: 3, rate: null, capture: 66.66, status: 'insufficient' });

  await pipeline.publish(...['01-06', '02-04', '03-05'].map((day) => sample('changtan-tap', `2026-${day}`)));
  await pipeline.run();
  expect(target()).toMatchObject({ due: 9, met: 9, rate: 100, capture: 100, status: 'met' });

  // One that fails loses the goal of 100 for good.
  await pipeline.publish(sample('changtan-tap', '2026-03-20', 1.4));
  await pipeline.run();
  expect(target()).toMatchObject({ due: 10, met: 9, exceeded: 1, rate: 90, status: 'missed' });
});
