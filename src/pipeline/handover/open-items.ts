/** What is open at a moment, for whoever takes over duty? */
import { type Alert, stands, type Words } from '../../domain/alerting/alert.js';
import { beside, nameOfSubject, placeOf } from '../../domain/alerting/message-words.js';
import type { OpenItem } from '../../domain/handover/handover.js';
import type { Site } from '../../domain/site.js';
import type { Station } from '../../domain/station.js';
import { type Instant, shortTime } from '../../domain/time.js';
import { TASK_NAMES } from '../../domain/upkeep/plan.js';
import type { AlertStore, SilenceStore } from '../alerting/alert-stores.js';
import type { PathProof } from '../alerting/path-proof.js';
import type { CaseStore } from '../deciding/case-stores.js';
import type { DecisionStore } from '../deciding/decision-stores.js';
import type { ReviewStore } from '../deciding/review.js';

/** Of one kind; what stands beyond them is older. */
const MOST = 200;

/** Where it is looked for. */
export interface OpenSources {
  readonly alerts: Pick<AlertStore, 'list'>;
  readonly cases: Pick<CaseStore, 'list'>;
  readonly silences: Pick<SilenceStore, 'list'>;
  readonly decisions: Pick<DecisionStore, 'maintenance'>;
  readonly reviews: Pick<ReviewStore, 'count'>;
  readonly path: Pick<PathProof, 'state'>;
  readonly upkeep: { overdue(now: Instant): readonly { readonly station: Station; readonly words: Words }[] };
}

/** Everything that is open: alerts nobody acknowledged first, then the rest, each kind the newest first. */
export function openItems(site: Site, sources: OpenSources, now: Instant): OpenItem[] {
  const at = (t: Instant): string => shortTime(t, site.calendar);
  const name = (id: string): Words => {
    const station = site.stations.get(id);
    return { zh: station?.name ?? id, en: station?.nameEn ?? id };
  };
  const alerts = sources.alerts.list('active', MOST).filter((alert) => stands(alert) && alert.state !== 'pending');
  const open = sources.cases.list({ state: 'open' }, MOST);
  const silences = sources.silences.list(now).slice(0, MOST);
  const maintenance = sources.decisions
    .maintenance({}, Number.MAX_SAFE_INTEGER)
    .filter(({ to, withdrawn }) => to === null && !withdrawn);
  const path = sources.path.state();
  const doubts = sources.reviews.count(null);
  return [
    ...[...alerts.filter(isNew), ...alerts.filter((alert) => !isNew(alert))].map((alert) => alertItem(alert, site)),
    ...open.map((one): OpenItem => {
      const to = site.people.find(({ id }) => id === one.to);
      const place = one.station === null ? null : name(one.station);
      return {
        kind: 'case',
        words: {
          zh: `处置单 ${one.number}${place === null ? '' : ` ${place.zh}`},责任人${to?.name ?? one.to},期限 ${at(one.until)}`,
          en: `case ${one.number}${place === null ? '' : `, ${place.en}`}, with ${to?.nameEn ?? one.to}, until ${at(one.until)}`,
        },
        link: `/cases/${encodeURIComponent(one.id)}`,
        since: one.openedAt,
      };
    }),
    ...maintenance.map((record): OpenItem => {
      const tasks = record.tasks ?? [];
      const zh = tasks.map((task) => TASK_NAMES[task].zh).join('、');
      const en = tasks.map((task) => TASK_NAMES[task].en).join(', ');
      return {
        kind: 'maintenance',
        words: {
          zh: `${name(record.station).zh} 维护未结束${zh === '' ? '' : `(${zh})`},${record.who}`,
          en: `${name(record.station).en}: maintenance under way${en === '' ? '' : ` (${en})`}, ${record.who}`,
        },
        link: `/stations/${encodeURIComponent(record.station)}`,
        since: record.from,
      };
    }),
    ...silences.map((silence): OpenItem => {
      const place = silence.station !== null ? name(silence.station) : nameOfSubject(silence.subject ?? '', site);
      const parameter = silence.parameter === null ? undefined : site.parameters.get(silence.parameter);
      const zh = [place?.zh, parameter?.name, silence.rule].filter((part) => part).join(' ');
      const en = [place?.en, parameter?.nameEn, silence.rule].filter((part) => part).join(', ');
      return {
        kind: 'silence',
        words: {
          zh: `${zh} 静默至 ${at(silence.to)}:${silence.reason}`,
          en: `${en}: silent until ${at(silence.to)}: ${silence.reason}`,
        },
        link: '/alerts',
        since: silence.from,
      };
    }),
    ...sources.upkeep.overdue(now).map(({ station, words }): OpenItem => ({
      kind: 'upkeep',
      words,
      link: `/stations/${encodeURIComponent(station.id)}`,
      since: null,
    })),
    ...(path.state === 'proven' ? [] : [{ kind: 'path' as const, words: path.words, link: '/account', since: path.since }]),
    ...(doubts === 0
      ? []
      : [
          {
            kind: 'review' as const,
            words: { zh: `待审 ${doubts} 站日`, en: `${doubts} station-days to review` },
            link: '/review',
            since: null,
          },
        ]),
  ];
}

const isNew = ({ state }: Alert): boolean => state !== 'acknowledged';

function alertItem(alert: Alert, site: Site): OpenItem {
  const station = alert.station === null ? null : (site.stations.get(alert.station) ?? null);
  const place = placeOf({ station, site, change: { what: 'opened', alert, at: alert.openedAt } });
  const parameter = alert.parameter === null ? undefined : site.parameters.get(alert.parameter);
  const why = {
    zh: beside(alert.reason.zh, place.zh, parameter?.name ?? ''),
    en: beside(alert.reason.en, place.en, parameter?.nameEn ?? ''),
  };
  const by = alert.acknowledgedBy;
  return {
    kind: 'alert',
    words: {
      zh: `${place.zh}${parameter === undefined ? '' : ` ${parameter.name}`}:${why.zh},${by === null ? '未签收' : `${by} 已签收`}`,
      en: `${place.en}${parameter === undefined ? '' : `, ${parameter.nameEn}`}: ${why.en}, ${by === null ? 'not acknowledged' : `acknowledged by ${by}`}`,
    },
    link: `/alerts/${encodeURIComponent(alert.id)}`,
    since: alert.openedAt,
  };
}
