/** Is water on its way that was over its limit at a section upstream? */
import type { Parameter } from '../../parameter.js';
import type { Reach } from '../../site.js';
import type { Station } from '../../station.js';
import { HOUR, type Instant } from '../../time.js';
import type { Alert, Words } from '../alert.js';
import { shown } from '../passed.js';
import type { UpstreamRule } from '../rules.js';
import { NOTHING, type Signal } from '../signal.js';

/** A 超限 at a section upstream on the same reach, standing or ended (`resolvedAt`). */
export interface Above {
  readonly section: Pick<Station, 'name' | 'nameEn' | 'order'>;
  readonly alert: Alert;
}

/** What the rule looks at, for one parameter of one section. */
export interface UpstreamInput {
  readonly parameter: Parameter;
  /** Hours from each section above, by `travelHours`; `null`: not known. */
  readonly above: readonly (Above & { readonly travelHours: number | null })[];
  /** A 超限 of this parameter stands at the section itself. */
  readonly isOver: boolean;
}

/**
 * Hours from one section of a reach to another: the reach's own travel time (inflow to assessed section, or to the last one
 * where none is assessed), shared by the sections' order. `null`: the config does not say, or the order tells nothing.
 */
export function travelHours(
  reach: Reach | undefined,
  sections: readonly Pick<Station, 'role' | 'order'>[],
  from: number,
  to: number,
): number | null {
  const orders = sections.map(({ order }) => order);
  const first = sections.find(({ role }) => role === 'inflow')?.order ?? Math.min(...orders);
  const last = sections.findLast(({ role }) => role === 'assessed')?.order ?? Math.max(...orders);
  const hours = reach?.travelHours ?? null;
  if (hours === null || last <= first) return null;
  return (hours * (to - from)) / (last - first);
}

/** Is it a 超限 that others must hear of: by a certain limit, not by a spike that waits for the next value? */
export function isHandedOn(alert: Alert): boolean {
  return (
    alert.kind === 'limit' &&
    alert.severity !== 'warning' &&
    !alert.isUnconfirmed &&
    alert.state !== 'pending' &&
    (alert.passed?.isCertain ?? false)
  );
}

/**
 * The rule "upstream" (预警): what came in, or passes a section above, is over, so those downstream are told with the travel
 * time. Of several the nearest is named. Stays until the water has had its time and `afterHours`. Never while the section
 * itself is over: then 超限 speaks. An alert above that was refuted, or closed by people, does not count.
 */
export function upstream(input: UpstreamInput, rule: UpstreamRule, now: Instant): Signal {
  const coming = input.above
    .filter(({ alert, travelHours: hours }) => {
      if (!isHandedOn(alert) || alert.state === 'closed') return false;
      const end = alert.resolvedAt;
      return end === null || now < end + ((hours ?? 0) + rule.afterHours) * HOUR;
    })
    .sort((a, b) => b.section.order - a.section.order || b.alert.openedAt - a.alert.openedAt)[0];
  if (coming === undefined)
    return { says: 'clear', at: now, reason: { zh: '上游已恢复,来水已过', en: 'upstream is back, and its water has passed' } };
  if (input.isOver)
    return { says: 'clear', at: now, reason: { zh: '本断面已超限,由超限报警接续', en: 'over here too; its own alert goes on' } };
  const { value, passed, openedAt } = coming.alert;
  if (value === null || passed === null) return NOTHING;
  return {
    says: 'firing',
    at: openedAt,
    severity: 'warning',
    value,
    passed,
    isWorse: (than) => (passed.isLower ? value < than : value > than),
    reason: words(coming, input.parameter, value),
  };
}

function words({ section, travelHours: hours }: UpstreamInput['above'][number], parameter: Parameter, value: number): Words {
  const is = shown(value, parameter);
  const about = hours === null ? null : Number(hours < 1 ? hours.toFixed(1) : hours.toFixed(0));
  return {
    zh: `上游来水:${section.name} ${parameter.name} 超限 ${is}${about === null ? ',注意来水' : `,按流速约 ${about} 小时后到达`}`,
    en: `from upstream: ${section.nameEn}, ${parameter.nameEn} over its limit, ${is}${about === null ? '; watch what comes in' : `; here in about ${about} h by the usual travel time`}`,
  };
}
