/** Which autumn do the tests of the compliance page see? Three months of the river with bad days, a silence, and readings that people took out. */
import type { Reports } from '../../src/adapters/http/reports.js';
import { localDate, windowsIn } from '../../src/domain/time.js';
import { BreakdownReport } from '../../src/pipeline/reporting/report-breakdown.js';
import { Pipeline } from './pipeline.js';
import { at, riverDay, times, wupi } from './wupi.js';

/** The service's clock. */
export const NOW = '2026-11-23 09:30';

/** What the API asks about rates. */
export interface Autumn {
  readonly pipeline: Pipeline;
  readonly reports: Pick<Reports, 'compliance' | 'breakdown' | 'calendar' | 'changes' | 'targets'>;
}

/** October is lost to ammonia by its first nine days; 3 November is silent, and a reading of 10 November was ruled invalid. */
export async function openAutumn(from = '2026-09-01'): Promise<Autumn> {
  const pipeline = await Pipeline.open();
  pipeline.clock.set(at(NOW));
  const days = windowsIn('day', { from: at(from), to: at('2026-11-24') }, wupi.calendar).map(({ start }, i) => {
    const day = localDate(start, wupi.calendar);
    if (day === '2026-11-03') return [];
    const bad = day >= '2026-10-01' && day < '2026-10-10';
    const higher = i % 2 === 1 ? 1.01 : 1;
    const readings = riverDay(
      day,
      bad ? { nh3n: times(6, 4) } : day === '2026-11-10' ? { nh3n: [0.3, 0.3, 9, 0.3, 0.3, 0.3] } : {},
    );
    return readings.filter(({ time }) => time < at(NOW)).map((r) => ({ ...r, value: Number((r.value * higher).toFixed(4)) }));
  });
  await pipeline.publish(...days.flat());
  await pipeline.run();
  pipeline.parts.decisions.decide('officer', {
    ...{ station: 'nankeng-out', source: 'sensor', parameters: ['nh3n'], time: '2026-11-10T08:00:00+08:00' },
    ...{ outcome: 'invalid', reason: 'calibration', note: '试剂更换后的首个测值' },
  });
  await pipeline.run();
  const { compliance, workingSet, verdicts } = pipeline.parts;
  const breakdown = new BreakdownReport(wupi, workingSet, verdicts, pipeline.clock, pipeline.parts.judgedAs);
  return {
    pipeline,
    reports: {
      targets: () => compliance.targets(),
      compliance: (id, query) => compliance.compliance(id, query),
      changes: (id, query) => compliance.changes(id, query),
      breakdown: (id, query) => breakdown.breakdown(id, query),
      calendar: (id, query) => breakdown.calendar(id, query),
    },
  };
}
