/** Is an alert only the shadow of another one that stands already? */
import type { Alert, Severity, Subject, Words } from './alert.js';
import { stands } from './alert.js';

/** Rules of the service whose alert says that nothing comes in at all. */
const DEAF = ['service-broker', 'service-intake'];

/**
 * Why an alert need not open while others stand; `null`: it may open. A station that is silent as a whole silences what is
 * missing or wrong at its instruments; a broker or intake that is away silences every 无数据 (an archive that is away does
 * not: readings are still heard); a regional rise silences the single 预警 and 超限 of dust and air of that parameter, but no
 * 严重超限. An alert that stands already stays. `severity`: of what would open, where it is known; `medium`: of its station.
 */
export function inhibited(
  subject: Subject,
  standing: readonly Alert[],
  opening: { readonly severity?: Severity | undefined; readonly medium?: string | null | undefined } = {},
): Words | null {
  switch (subject.kind) {
    case 'no-data':
      return outage(standing) ?? silentStation(subject, standing);
    case 'sensor':
      return silentStation(subject, standing);
    case 'limit':
      return opening.severity === 'severe' ? null : regional(subject, standing, opening.medium);
    case 'trend':
      return regional(subject, standing, opening.medium);
    case 'verdict':
    case 'target':
    case 'upstream':
    case 'regional':
    case 'rain':
    case 'service':
      return null;
  }
}

function outage(standing: readonly Alert[]): Words | null {
  const away = standing.some(
    (alert) => alert.kind === 'service' && stands(alert) && alert.state !== 'pending' && DEAF.includes(alert.rule),
  );
  return away ? { zh: '接收中断,已有系统报警', en: 'nothing can be heard; an alert of the service stands' } : null;
}

function silentStation({ station, parameter }: Subject, standing: readonly Alert[]): Words | null {
  if (station === null || parameter === null) return null;
  const isSilent = standing.some(
    (alert) =>
      alert.kind === 'no-data' &&
      alert.station === station &&
      alert.parameter === null &&
      stands(alert) &&
      alert.state !== 'pending',
  );
  return isSilent ? { zh: '整站无数据,已有报警', en: 'the whole station is silent; its alert stands' } : null;
}

function regional({ parameter }: Subject, standing: readonly Alert[], medium: string | null | undefined): Words | null {
  if (parameter === null || (medium !== 'dust' && medium !== 'air')) return null;
  const rises = standing.some(
    (alert) => alert.kind === 'regional' && alert.parameter === parameter && stands(alert) && alert.state !== 'pending',
  );
  return rises ? { zh: '区域性升高,已有报警', en: 'the whole region rises; its alert stands' } : null;
}
