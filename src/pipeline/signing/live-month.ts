/** How does a month of a target come out now: just what a signature would fix? */
import type { SignedWindow, Snapshot } from '../../domain/signing/sign-off.js';
import type { Site } from '../../domain/site.js';
import { parsePeriod, type Span } from '../../domain/time.js';
import { Rates } from '../reporting/rates.js';
import type { ComplianceReport } from '../reporting/report-compliance.js';
import { Refusal, type Clock } from '../ports.js';
import type { VerdictStore } from '../judging/verdict-stores.js';
import type { WorkingSet } from '../stores.js';

/** Windows of one page of the rate's answer. */
const PAGE = 2000;

/** The month of a target as it stands. */
export class LiveMonths {
  private readonly rates: Rates;

  constructor(
    private readonly site: Site,
    workingSet: WorkingSet,
    verdicts: VerdictStore,
    private readonly compliance: Pick<ComplianceReport, 'compliance'>,
    private readonly clock: Clock,
  ) {
    this.rates = new Rates(site, workingSet, verdicts);
  }

  /** A month's span. Throws `Refusal` for what is no month. */
  span(period: string): Span {
    const span = /^\d{4}-\d\d$/.test(period) ? parsePeriod(period, this.site.calendar) : null;
    if (span === null) throw new Refusal('bad-request', `定稿按月:period 应如 2026-10,收到的是 ${period}`);
    return span;
  }

  /** The answer of the rate for that month, without what changes with the day it is asked on. Throws `Refusal`. */
  snapshot(id: string, period: string): Snapshot {
    const span = this.span(period);
    const { head, windows } = this.compliance.compliance(id, { period });
    const total = head.met + head.exceeded + head.undetermined + head.excused;
    const wholeEvidence = total <= PAGE;
    const printed = wholeEvidence ? windows : this.lost(id, period);
    const target = this.site.targets.find((each) => each.id === id)!;
    const { process } = target;
    const finer = process === null ? null : this.rates.summary(target, process, span, this.clock.now());
    return {
      ...{ target: id, name: head.name, nameEn: head.nameEn, kind: head.kind, period, window: head.window, basis: head.basis },
      ...{ goal: head.goal, minCapture: head.minCapture, note: head.note },
      ...{ rate: head.rate, met: head.met, exceeded: head.exceeded, undetermined: head.undetermined },
      ...{ excused: head.excused, due: head.due, capture: head.capture, status: head.status, reason: head.reason },
      ...{ good: head.good, setAside: head.setAside, excuses: head.excuses },
      process: finer && {
        window: process!,
        ...{ rate: finer.rate, met: finer.met, exceeded: finer.exceeded, undetermined: finer.undetermined },
        ...{ due: finer.due, capture: finer.capture },
      },
      windows: printed.map(windowOf),
      wholeEvidence,
    };
  }

  private lost(id: string, period: string): string[] {
    const all: string[] = [];
    for (let page = 1; ; page++) {
      const { windows } = this.compliance.compliance(id, { period, only: 'lost', page });
      all.push(...windows);
      if (windows.length < PAGE) return all;
    }
  }
}

/** How often a verdict was changed on its way is told by the audit of changes; it is no part of what is fixed. */
function windowOf(text: string): SignedWindow {
  const { changes: _, ...window } = JSON.parse(text) as SignedWindow & { readonly changes?: unknown };
  return window;
}
