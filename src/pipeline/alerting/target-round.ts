/** Which targets are lost, or nearly? */
import type { Subject } from '../../domain/alerting/alert.js';
import { target, type MonthItem, type TargetStanding } from '../../domain/alerting/rules/target.js';
import type { TargetRule } from '../../domain/alerting/rules.js';
import { type Calendar, type Instant, localDate, MINUTE, type WindowKind } from '../../domain/time.js';
import type { Round, Said, Standing } from './vigil.js';

/** What the report of compliance says of a target, of which this round looks at a part. */
export interface TargetReport {
  targets(): {
    readonly targets: readonly {
      readonly id: string;
      readonly name: string;
      readonly nameEn: string;
      readonly kind: 'target' | 'indicator';
      readonly goal: number | null;
      readonly period: string;
      readonly window: WindowKind;
      readonly status: TargetStanding['status'];
      readonly exceeded: number;
      readonly left: { readonly month: string | null; readonly daysLeft: number | null; readonly items: readonly MonthItem[] };
    }[];
  };
}

/** Every target that has a goal, from the same figures as the page (promise 7). */
export class TargetRound implements Round {
  readonly every = MINUTE;

  constructor(
    private readonly rule: TargetRule,
    private readonly calendar: Calendar,
    private readonly report: TargetReport,
  ) {}

  *signals(now: Instant, stands: Standing): Iterable<Said> {
    for (const { id, name, nameEn, kind, goal, period, window, status, exceeded, left } of this.report.targets().targets) {
      if (kind !== 'target' || goal === null) continue;
      const subject: Subject = { subject: `target:${id}`, station: null, parameter: null, rule: this.rule.id, kind: 'target' };
      const alert = stands(subject);
      const standing: TargetStanding = {
        name: { zh: name, en: nameEn },
        goal,
        period,
        status,
        exceeded,
        byMonth: window === 'month',
        month: left.month,
        daysLeft: left.daysLeft,
        items: left.items,
        alert: alert === undefined ? null : { month: this.monthOf(alert.openedAt), ofYear: alert.severity === 'severe' },
      };
      yield { subject, signal: target(standing, this.rule, now) };
    }
  }

  private monthOf(t: Instant): string {
    return localDate(t, this.calendar).slice(0, 7);
  }
}
