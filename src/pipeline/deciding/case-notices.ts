/** Who is told that a case (处置单) is theirs? The one it was given to, when it is given and once when its time limit is past. */
import { callable, quietUntil, standIn } from '../../domain/alerting/duty.js';
import type { Alert } from '../../domain/alerting/alert.js';
import type { Case } from '../../domain/cases/case.js';
import { caseMessage, type CaseOccasion } from '../../domain/cases/case-message.js';
import type { Site } from '../../domain/site.js';
import { type Instant, localDate, MINUTE } from '../../domain/time.js';
import type { Notice, Outbox } from '../alerting/alert-stores.js';
import { plainNotice } from '../alerting/plain-notice.js';
import type { Clock } from '../ports.js';
import type { Transact } from '../stores.js';
import { matterOf } from './case-view.js';
import type { CaseStore } from './case-stores.js';

/** Cases are looked over for passed time limits so often, ms. */
const EVERY = MINUTE;

/** What the mails need of the world around them. */
export interface CaseNoticeWorld {
  /** `PUBLIC_URL`, without a slash at its end. */
  readonly publicUrl: string;
  /** Right-hand side of our Message-IDs. */
  readonly domain: string;
  /** Something is to be sent. */
  readonly wrote: () => void;
}

/** Writes mails about cases into the outbox. The id of each names case, occasion and person, so the outbox remembers what was told. */
export class CaseNotices {
  private lookedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly site: Site,
    private readonly store: Pick<CaseStore, 'list'>,
    private readonly alerts: { find(id: string): Alert | undefined },
    private readonly outbox: Pick<Outbox, 'find' | 'add'>,
    private readonly transact: Transact,
    private readonly clock: Clock,
    private readonly world: CaseNoticeWorld,
  ) {}

  /** A case was opened or handed over by its newest step: tells who has it now. Inside the transaction of that step. */
  given(given: Case): void {
    const last = given.history.at(-1);
    if (last?.act !== 'open' && last?.act !== 'hand-over') return;
    const notice = this.notice(given, last.act, `${given.history.length}`, last.at);
    if (notice !== null) this.outbox.add(notice);
  }

  /** Tells of time limits that have passed, by day, once for each limit and person. */
  step(): void {
    const now = this.clock.now();
    const { notices, calendar } = this.site;
    if (Math.abs(now - this.lookedAt) < EVERY) return;
    this.lookedAt = now;
    // A limit is mostly the end of a day: nobody is woken for it.
    if (quietUntil(now, 'warning', notices, calendar) !== null) return;
    const written = this.store
      .list({ overdueAt: now }, Number.MAX_SAFE_INTEGER)
      .map((given) => this.notice(given, 'overdue', `${given.until}`, now))
      .filter((notice) => notice !== null && this.outbox.find(notice.id) === undefined);
    if (written.length === 0) return;
    this.transact(() => written.forEach((notice) => this.outbox.add(notice!)));
    this.world.wrote();
  }

  /** `null`: whoever has the case is in the config no more. */
  private notice(given: Case, why: CaseOccasion, which: string, now: Instant): Notice | null {
    const { site, world } = this;
    const person = site.people.find(({ id }) => id === given.to);
    if (person === undefined) return null;
    const acting = standIn(person, localDate(now, site.calendar), site.people);
    const station = given.station === null ? undefined : site.stations.get(given.station);
    const parameter = given.parameter === null ? undefined : site.parameters.get(given.parameter);
    const reason = given.alert === null ? undefined : this.alerts.find(given.alert)?.reason;
    const message = caseMessage(
      {
        ...{ site, now, given, why, onDuty: callable(now, site) },
        place:
          station === undefined
            ? null
            : {
                zh: [station.name, ...(parameter ? [parameter.name] : [])].join(' '),
                en: [station.nameEn, ...(parameter ? [parameter.nameEn] : [])].join(', '),
              },
        what: { zh: matterOf(given, site), en: reason?.en ?? given.what },
        link: `${world.publicUrl}/cases/${given.id}`,
        whyYou:
          person === acting
            ? { zh: `处置单由您(${person.name})承办`, en: `the case lies with you (${person.nameEn})` }
            : { zh: `${person.name}不在岗,由您代为接收`, en: `${person.nameEn} is away and you stand in` },
      },
      acting,
    );
    const id = `case-${given.number}-${why}-${which}-${person.id}`;
    return plainNotice({ id, person: acting, message, reason: 'case', domain: world.domain, now });
  }
}
