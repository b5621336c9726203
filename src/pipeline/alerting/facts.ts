/** What must be known to write to a person about an alert? */
import type { Alert, Words } from '../../domain/alerting/alert.js';
import { callable } from '../../domain/alerting/duty.js';
import type { Buttons, DigestOccasion, Facts, Why } from '../../domain/alerting/facts.js';
import { isEnd } from '../../domain/alerting/timing.js';
import type { Item } from '../../domain/alerting/bundle.js';
import { stands } from '../../domain/alerting/alert.js';
import type { Person } from '../../domain/people.js';
import { validity } from '../../domain/quality/intake.js';
import type { Site } from '../../domain/site.js';
import type { Station } from '../../domain/station.js';
import { clockTime, DAY, HOUR, type Instant } from '../../domain/time.js';
import type { Hush } from './hush.js';
import type { Links } from './links.js';
import type { AlertStore, Notice } from './alert-stores.js';
import type { WorkingSet } from '../stores.js';

/** Most values of a course: what a picture of a phone's width can show. */
const RECENT = 288;

/** How old the newest value upstream may be to stand beside one, ms. */
const ALONGSIDE = 12 * HOUR;

/** Gathers facts from what is at hand; nothing is asked of the archive, which may be away. */
export class FactsOf {
  constructor(
    private readonly site: Site,
    private readonly workingSet: Pick<WorkingSet, 'rows' | 'newest'>,
    private readonly alerts: Pick<AlertStore, 'previous' | 'list'>,
    /** `publicUrl` without a slash at its end. */
    private readonly publicUrl: string,
    private readonly links: Pick<Links, 'to'>,
    private readonly hush: Hush,
  ) {}

  /** Of one event, for one person, who is told because of `whyYou`. `reported`: who reported it upward, and what they found. */
  of({ why, change }: Item, person: Person, whyYou: Words, now: Instant, reported: Facts['reported'] = null): Facts {
    const { alert } = change;
    const station = alert.station === null ? null : (this.site.stations.get(alert.station) ?? null);
    return {
      site: this.site,
      now,
      change,
      why,
      station,
      parameter: alert.parameter === null ? null : (this.site.parameters.get(alert.parameter) ?? null),
      recent: this.recent(alert, change.at),
      upstream: this.upstream(alert, station, change.at),
      previous: this.alerts.previous(alert.subject, alert.parameter, alert.rule, alert.openedAt),
      link: `${this.publicUrl}/?alert=${encodeURIComponent(alert.id)}`,
      buttons: this.buttons(alert, why, person, now),
      onDuty: callable(now, this.site),
      likely: this.likely(alert, now),
      whyYou,
      reported,
    };
  }

  /** What a digest says beside its events. */
  occasion(whyYou: Words, because: Words | null, now: Instant): DigestOccasion {
    return { site: this.site, now, link: `${this.publicUrl}/`, onDuty: callable(now, this.site), whyYou, because };
  }

  private recent({ station, parameter, kind }: Alert, at: Instant): Facts['recent'] {
    // A silent station has no course, and the course of a broken instrument says nothing of the water.
    if (station === null || parameter === null || kind === 'no-data') return [];
    const rows = this.workingSet
      .rows({ station, parameter, from: at - DAY, to: at + 1 }, 'sensor')
      .filter((reading) => kind === 'sensor' || validity(reading) === 'counts');
    const stride = Math.max(1, Math.ceil(rows.length / RECENT));
    return rows.filter((_, i) => (rows.length - 1 - i) % stride === 0).map(({ time, value }) => ({ time, value }));
  }

  private upstream({ parameter }: Alert, station: Station | null, at: Instant): Facts['upstream'] {
    if (parameter === null || station === null || station.reach === null) return null;
    const above = [...this.site.stations.values()]
      .filter((other) => other.reach === station.reach && other.active && other.order < station.order)
      .sort((a, b) => b.order - a.order)[0];
    const newest = above && this.workingSet.newest(above.id, parameter);
    if (newest === undefined || above === undefined || newest.time < at - ALONGSIDE) return null;
    return { name: { zh: above.name, en: above.nameEn }, value: newest.value, time: newest.time };
  }

  /** The buttons are a townsman's: whoever stands above the town is informed, and answers by telephone. */
  private buttons(alert: Alert, why: Why, { id: recipient, level }: Person, now: Instant): Buttons | null {
    const { links, linkDays } = this.site.notices;
    if (!links || level === 'above' || isEnd(why) || !stands(alert)) return null;
    const claim = { ids: [alert.id], recipient, expiresAt: now + linkDays * DAY };
    return { known: this.links.to({ ...claim, what: 'acknowledge' }), dispatch: this.links.to({ ...claim, what: 'dispatch' }) };
  }

  /** Rather the instrument or rather the water: what else stands at the station and on its reach. */
  private likely(alert: Alert, now: Instant): Words | null {
    const { station, parameter, kind } = alert;
    if (station === null || kind === 'sensor' || kind === 'no-data' || kind === 'service') return null;
    const beside = this.alerts.list('active', 500).filter((other) => other.id !== alert.id && other.state !== 'pending');
    const broken = beside.find(
      (other) =>
        other.kind === 'sensor' && other.station === station && (other.parameter === parameter || other.parameter === null),
    );
    if (broken !== undefined) {
      return {
        zh: `可能是仪器:同一仪器另有设备报警(${broken.reason.zh})`,
        en: `rather the instrument: it has an alert of its own (${broken.reason.en})`,
      };
    }
    const work = this.hush({ ...alert, rule: '' }, now);
    if (work?.id.startsWith('maintenance/') === true) {
      return { zh: `可能是维护所致:${work.reason.zh}`, en: `rather the work there: ${work.reason.en}` };
    }
    const reach = this.site.stations.get(station)?.reach ?? null;
    const near = (other: Alert): boolean =>
      reach !== null &&
      ((other.station !== null && this.site.stations.get(other.station)?.reach === reach) ||
        other.subject === `reach:${[...this.site.reaches.values()].find(({ name }) => name === reach)?.id ?? ''}`);
    const rain = beside.find((other) => other.kind === 'rain' && near(other));
    if (rain !== undefined) {
      return { zh: `可能是雨后:${rain.reason.zh}`, en: `rather the rain: ${rain.reason.en}` };
    }
    // What comes from upstream is over there and not here: that is no second witness.
    const others =
      kind === 'upstream'
        ? []
        : beside.filter(
            (other) => other.kind === 'limit' && other.station !== null && other.parameter === parameter && near(other),
          );
    const [other] = others;
    if (other !== undefined && other.station !== station) {
      const where = this.site.stations.get(other.station ?? '');
      return {
        zh: `更可能是水体:${where?.name ?? other.station} 同一指标自 ${clockTime(other.openedAt, this.site.calendar)} 起也超限`,
        en: `rather the water: ${where?.nameEn ?? other.station} is over for the same parameter since ${clockTime(other.openedAt, this.site.calendar)}`,
      };
    }
    if (alert.isUnconfirmed) {
      return { zh: '单个突变值,待下一次测值复核', en: 'a single jump: the next value will show whether it is real' };
    }
    return null;
  }
}

/** What a notice that was written and not accepted told of an alert, as it is now. */
export function itemNow(alert: Alert, notice: Pick<Notice, 'reason' | 'createdAt'>): Item {
  if (!stands(alert)) {
    const what = alert.state === 'closed' ? 'closed' : notice.reason === 'refuted' ? 'refuted' : 'resolved';
    return { why: what, change: { what, alert, at: alert.resolvedAt ?? notice.createdAt } };
  }
  const { reason } = notice;
  const why: Why = reason === 'repeat' || reason === 'escalated' || reason === 'reported' ? reason : 'opened';
  return { why, change: { what: 'opened', alert, at: alert.openedAt } };
}
