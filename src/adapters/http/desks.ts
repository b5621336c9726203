/** What stands behind the routes, and under which name does each controller find it? */
import type { Provider } from '@nestjs/common';
import type { Alarms } from '../../pipeline/alerting/alarms.js';
import type { DailyBackup } from '../../pipeline/backup/daily-backup.js';
import type { Bulletins } from '../../pipeline/bulletins/bulletins.js';
import type { Attachments } from '../../pipeline/deciding/attachments.js';
import type { Decisions } from '../../pipeline/deciding/decisions.js';
import type { Excusing } from '../../pipeline/deciding/excusing.js';
import type { ReviewReport } from '../../pipeline/deciding/review.js';
import type { Handovers } from '../../pipeline/handover/handovers.js';
import type { Journal } from '../../pipeline/ports.js';
import type { AlertFile } from '../../pipeline/reporting/alert-file.js';
import type { ChiefCards } from '../../pipeline/reporting/chief-cards.js';
import type { ChiefPlaces } from '../../pipeline/reporting/chief-places.js';
import type { ReachReport } from '../../pipeline/reporting/report-reach.js';
import type { StationReport } from '../../pipeline/reporting/report-station.js';
import type { Signing } from '../../pipeline/signing/signing.js';
import type { Upkeep } from '../../pipeline/upkeep/upkeep.js';
import type { Accounts } from './access/accounts.js';
import { ALERT_FILE } from './controllers/alert-file.controller.js';
import { ATTACHMENTS } from './controllers/attachments.controller.js';
import { BACKUP } from './controllers/backup.controller.js';
import { BULLETINS } from './controllers/bulletins.controller.js';
import { CHIEF_CARDS, PATROLS } from './controllers/chiefs.controller.js';
import type { VolumeAnswer } from './contract/volume.js';
import { DATA_DESK, type DataDesk } from './controllers/data.controller.js';
import { HANDOVERS } from './controllers/handover.controller.js';
import type { LiveHub } from './live-hub.js';
import type { Reports } from './reports.js';
import { REVIEW_ROOM, type ReviewRoom } from './controllers/reviewing.controller.js';
import { SILENCING, UPWARD, type Upward } from './controllers/silences.controller.js';
import { STATION_REPORT } from './controllers/station.controller.js';
import {
  ACCOUNTS,
  CASES,
  CHIEF_PLACES,
  DECISIONS,
  EXCUSING,
  JOURNAL,
  LINK_DESK,
  LIVE_HUB,
  METRICS,
  type MetricsText,
  PATH_PROOF,
  PUBLIC_SITE,
  type PublicSite,
  REACHES,
  REPORTS,
  REVIEW,
  SIGNING,
} from './access/tokens.js';
import { UPKEEP } from './controllers/upkeep.controller.js';
import { VOLUME } from './controllers/volume.controller.js';

/** Everything that controllers ask. */
export interface Desks {
  readonly reports: Reports;
  readonly alertFile: AlertFile;
  readonly chiefs: ChiefCards;
  readonly upkeep: Upkeep;
  readonly handovers: Handovers;
  readonly data: DataDesk;
  readonly backup: DailyBackup;
  readonly volume: VolumeAnswer;
  readonly alarms: Alarms;
  readonly upward: Upward;
  readonly decisions: Decisions;
  readonly excusing: Excusing;
  readonly signing: Signing;
  readonly bulletins: Bulletins;
  readonly reaches: ReachReport;
  readonly review: ReviewReport;
  readonly reviewRoom: ReviewRoom;
  readonly attachments: Attachments;
  readonly station: StationReport;
  readonly accounts: Accounts;
  readonly places: ChiefPlaces;
  readonly publicSite: PublicSite;
  readonly live: LiveHub;
  readonly metrics: MetricsText;
  readonly journal: Journal;
}

/** The same, as Nest injects it. */
export const deskProviders = (desks: Desks): Provider[] => [
  { provide: REPORTS, useValue: desks.reports },
  { provide: DATA_DESK, useValue: desks.data },
  { provide: BACKUP, useValue: desks.backup },
  { provide: VOLUME, useValue: desks.volume },
  { provide: CASES, useValue: desks.alarms.cases },
  { provide: ALERT_FILE, useValue: desks.alertFile },
  { provide: CHIEF_CARDS, useValue: desks.chiefs },
  { provide: PATROLS, useValue: desks.alarms.patrols },
  { provide: UPKEEP, useValue: desks.upkeep },
  { provide: HANDOVERS, useValue: desks.handovers },
  { provide: SILENCING, useValue: desks.alarms.silencing },
  { provide: UPWARD, useValue: desks.upward },
  { provide: LINK_DESK, useValue: desks.alarms.linkDesk },
  { provide: PATH_PROOF, useValue: desks.alarms.path },
  { provide: DECISIONS, useValue: desks.decisions },
  { provide: EXCUSING, useValue: desks.excusing },
  { provide: SIGNING, useValue: desks.signing },
  { provide: BULLETINS, useValue: desks.bulletins.desk },
  { provide: REACHES, useValue: desks.reaches },
  { provide: REVIEW, useValue: desks.review },
  { provide: REVIEW_ROOM, useValue: desks.reviewRoom },
  { provide: ATTACHMENTS, useValue: desks.attachments },
  { provide: STATION_REPORT, useValue: desks.station },
  { provide: ACCOUNTS, useValue: desks.accounts },
  { provide: CHIEF_PLACES, useValue: desks.places },
  { provide: PUBLIC_SITE, useValue: desks.publicSite },
  { provide: LIVE_HUB, useValue: desks.live },
  { provide: METRICS, useValue: desks.metrics },
  { provide: JOURNAL, useValue: desks.journal },
];
