/** How do the parts that alarm hang together: rules, alerts, telling, sending, proof? Put together once, for the service and for its tests. */
import { digestMessage } from '../../domain/alerting/digest.js';
import type { Words } from '../../domain/alerting/alert.js';
import type { Morning } from '../../domain/alerting/morning-facts.js';
import { inhibited } from '../../domain/alerting/inhibition.js';
import { alertMessage } from '../../domain/alerting/message.js';
import { morningMessage } from '../../domain/alerting/morning.js';
import { above, hearers, nextStep } from '../../domain/alerting/routing.js';
import { testMessage } from '../../domain/alerting/test-message.js';
import type { Person } from '../../domain/people.js';
import type { Site } from '../../domain/site.js';
import type { Instant } from '../../domain/time.js';
import { AlarmDesk } from './alarm-desk.js';
import { channelTroubles, refusedPeople, waitingFor } from './channel-trouble.js';
import { CaseNotices } from '../deciding/case-notices.js';
import { Cases } from '../deciding/cases.js';
import type { CaseStore } from '../deciding/case-stores.js';
import type { DecisionStore } from '../deciding/decision-stores.js';
import { Episodes } from './episodes.js';
import { FactsOf } from './facts.js';
import { TrendRound, UpstreamRound } from './foresight.js';
import { type HearingStore, HearingTime } from './hearing-time.js';
import { hushOf } from './hush.js';
import { Letters } from './letters.js';
import { LinkDesk } from './link-desk.js';
import { Links, type Sign } from './links.js';
import type { JudgedAs } from '../judging/judged-as.js';
import type { MomentaryCheck } from '../judging/momentary.js';
import { NoDataRound } from './no-data-round.js';
import { MorningCall } from '../morning/morning-call.js';
import { MorningReport } from '../morning/morning-report.js';
import { Notify, type NoticeWatcher } from '../notify.js';
import { Outlook } from './outlook.js';
import { Patrols, type PatrolStore } from '../deciding/patrols.js';
import { PathProof, type PathStore } from './path-proof.js';
import type { Clock, Draw, Journal, Live, Mailer } from '../ports.js';
import type { Rulings } from '../judging/rejudge.js';
import type { ComplianceReport } from '../reporting/report-compliance.js';
import { NoticesReport } from '../reporting/report-notices.js';
import { ReportUpward } from './report-upward.js';
import type { ReviewStore } from '../deciding/review.js';
import type { RollCall } from '../reporting/roll-call.js';
import { SensorRound } from './sensor-round.js';
import { ServiceRound, type ServiceSources } from './service-round.js';
import { Silencing } from './silencing.js';
import { type AlertStore, MAIL, type Outbox, type SilenceStore } from './alert-stores.js';
import type { Audit, ReadingLog, Transact, WorkingSet } from '../stores.js';
import type { VerdictStore } from '../judging/verdict-stores.js';
import type { Upkeep } from '../upkeep/upkeep.js';
import { TargetRound } from './target-round.js';
import { Tell } from './tell.js';
import type { TellingStore } from './telling.js';
import { VerdictRound } from './verdict-round.js';
import { type Round, Vigil } from './vigil.js';
import { Watch } from '../watch.js';
import { RainContext, RegionalRound, Suppression } from './weather.js';

/** What alarms remember, and what they look at. */
export interface AlarmStores {
  readonly alerts: AlertStore;
  readonly outbox: Outbox;
  readonly tellings: TellingStore;
  readonly silences: SilenceStore;
  readonly hearing: HearingStore;
  readonly path: PathStore;
  readonly cases: CaseStore;
  readonly audit: Audit;
  readonly patrols: PatrolStore;
  readonly decisions: DecisionStore;
  /** Days of stations that wait for review (待审). */
  readonly reviews: Pick<ReviewStore, 'count'>;
  readonly verdicts: VerdictStore;
  readonly log: ReadingLog;
  readonly workingSet: WorkingSet;
}

/** The world around the alarms. */
export interface AlarmWorld {
  readonly check: MomentaryCheck;
  readonly rulings: Pick<Rulings, 'of'>;
  readonly rollCall: Pick<RollCall, 'finding'>;
  readonly compliance: ComplianceReport;
  readonly judgedAs: JudgedAs;
  /** The rates as they are printed: signed months as they were signed. */
  readonly rates: Pick<ComplianceReport, 'targets'>;
  /** Of what people do: on disk when it returns. */
  readonly transact: Transact;
  /** Of what the service works out by itself. */
  readonly derive: Transact;
  readonly clock: Clock;
  readonly live: Live;
  readonly journal: Journal;
  /** The mailer, and the channels of the config by their ids. */
  readonly mailer: Mailer;
  readonly channels: ReadonlyMap<string, Mailer>;
  readonly draw: Draw | null;
  readonly signing: Sign;
  /** `PUBLIC_URL`. */
  readonly publicUrl: string;
  /** Right-hand side of our Message-IDs. */
  readonly domain: string;
  /** Can readings be taken right now? */
  readonly taking: () => boolean;
  /** Why mails would not be accepted although none was tried, in words. */
  readonly mailTrouble: () => string | null;
  /** The state of the service's other parts. */
  readonly parts: Omit<ServiceSources, 'outbox' | 'refused' | 'path'>;
  readonly sent: NoticeWatcher;
  /** What the 晨报 tells of upkeep, of some stations or all; without it, nothing. */
  readonly upkeep?: Pick<Upkeep, 'summary'>;
  /** The turn of duty that nobody signed for (未交接), in words; `null`: none. */
  readonly unhanded?: () => Words | null;
  /** Somebody may have to hear something: `tellStep` has work. */
  readonly changed: () => void;
  /** Something waits to be sent: `notify` has work. */
  readonly told: () => void;
}

/** The parts, at rest: whoever has them steps them. */
export type Alarms = ReturnType<typeof alarms>;

/** Puts the alarms together. */
export function alarms(site: Site, stores: AlarmStores, world: AlarmWorld) {
  const { alerts, outbox, tellings, silences, audit, decisions, verdicts, log, workingSet } = stores;
  const { check, transact, derive, clock, live, journal, changed, told } = world;
  const publicUrl = world.publicUrl.replace(/\/+$/, '');
  const { rules } = site;

  const episodes = new Episodes(alerts, rules.damping);
  const outlook = new Outlook(workingSet, rules.trend?.days ?? 1);
  const rain = rules.rain && new RainContext(site, rules.rain, outlook, workingSet, check, episodes);
  const suppression = new Suppression(site, episodes, rain);
  const watch = new Watch(
    site,
    log,
    workingSet,
    alerts,
    episodes,
    check,
    derive,
    clock,
    live,
    changed,
    world.rulings,
    suppression,
  );

  const links = new Links(publicUrl, world.signing);
  const hush = hushOf(silences, decisions, site.calendar);
  const tell = new Tell(site, alerts, tellings, outbox, hush, { hearers, nextStep }, derive, clock, told, () =>
    episodes.forget(),
  );
  const facts = new FactsOf(site, workingSet, alerts, publicUrl, links, hush);
  const words = { event: alertMessage, digest: digestMessage };
  const letters: Letters = new Letters(
    site,
    alerts,
    tellings,
    outbox,
    facts,
    words,
    world.draw,
    derive,
    clock,
    journal,
    world.domain,
    (channel) => notify.isOpen(channel),
    told,
  );
  const mailers = new Map([[MAIL, world.mailer], ...world.channels]);
  const notify: Notify = new Notify(outbox, mailers, transact, derive, clock, journal, world.sent, () => letters.step());

  const mailTrouble = (): string | null => notify.trouble ?? world.mailTrouble();
  const channels = () => channelTroubles(site, outbox, notify);
  const channelTrouble = (): string | null => {
    const [channel, why = null] = channels().find((one) => one[1] !== null) ?? [];
    return why === null ? null : `${channel}: ${why}`;
  };
  const path = new PathProof(
    site,
    stores.path,
    outbox,
    links,
    world.signing,
    testMessage,
    transact,
    clock,
    { domain: world.domain, publicUrl },
    mailTrouble,
    told,
    audit,
  );

  const hearing = new HearingTime(stores.hearing, world.taking, derive, clock);
  const caseNotices = new CaseNotices(...([site, stores.cases, alerts, outbox, derive, clock] as const), {
    publicUrl,
    domain: world.domain,
    wrote: told,
  });
  const cases = new Cases(site, stores.cases, alerts, audit, transact, clock, (given) => caseNotices.given(given));
  const sources: ServiceSources = {
    ...world.parts,
    outbox: () => ({ trouble: mailTrouble() ?? channelTrouble(), stalled: waitingFor(site, outbox.stalled(clock.now())) }),
    refused: () => waitingFor(site, refusedPeople(site, outbox)),
    path: () => path.state(),
  };
  const isStirred: TrendStir = (station, parameter, at) => rain?.isStirred(station, parameter, at) ?? false;
  const rounds: Round[] = [];
  // What inhibits others comes first.
  if (rules.service) rounds.push(new ServiceRound(rules.service, sources, log, alerts));
  if (rules.noData) rounds.push(new NoDataRound(site, rules.noData, workingSet, alerts, hearing));
  if (rules.sensor)
    rounds.push(new SensorRound(site, rules.sensor, workingSet, decisions, (station) => world.rollCall.finding(station)));
  if (rules.verdict) rounds.push(new VerdictRound(site, rules.verdict, verdicts, alerts));
  if (rules.target) rounds.push(new TargetRound(rules.target, site.calendar, world.compliance));
  if (rain) rounds.push(rain);
  if (rules.regional) rounds.push(new RegionalRound(site, rules.regional, outlook, workingSet, episodes));
  if (rules.trend) rounds.push(new TrendRound(site, rules.trend, outlook, workingSet, check, episodes, isStirred));
  if (rules.upstream) rounds.push(new UpstreamRound(site, rules.upstream, alerts, episodes));
  const vigil = new Vigil(site, rounds, episodes, inhibited, derive, clock, live, changed);

  const patrols = new Patrols(site, stores.patrols, audit, transact, clock);
  const morning = new MorningReport(
    ...([site, workingSet, verdicts, world.judgedAs, world.rates, alerts, cases, path, publicUrl] as const),
    stores.reviews,
    patrols,
    world.upkeep ?? null,
    world.unhanded ?? null,
  );
  const gather = (person: Person, now: Instant, since: Instant): Morning => morning.of(person, now, since);
  const morningCall = new MorningCall(
    ...([site, outbox, gather, morningMessage, derive, clock, world.domain, (now: Instant) => path.began(now), told] as const),
  );

  const desk = new AlarmDesk(alerts, episodes, audit, transact, clock, live, changed);
  const upward = new ReportUpward(site, alerts, above, tell, audit, transact, clock, (alert) => {
    episodes.forget();
    live.alert(alert);
    changed();
  });
  const silencing = new Silencing(site, silences, audit, transact, clock, changed);
  const linkDesk = new LinkDesk(site, links, alerts, (id, by, note) => desk.acknowledge(id, by, note), cases, path, clock);
  return {
    episodes,
    watch,
    vigil,
    hearing,
    tell,
    letters,
    notify,
    path,
    desk,
    upward,
    silencing,
    cases,
    morning,
    patrols,
    linkDesk,
    mailTrouble,
    channels,
    notices: new NoticesReport(site, outbox, stores.path),
    /** Whatever is due to be told: routed, written, proven. False: nothing is left. */
    tellStep(): boolean {
      const more = tell.step();
      letters.step();
      morningCall.step();
      caseNotices.step();
      return more;
    },
  };
}

type TrendStir = ConstructorParameters<typeof TrendRound>[6];
