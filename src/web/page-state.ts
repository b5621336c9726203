/**
 * What does the page know, and how old is it?
 *
 * One state for the page: the answers of the service, when each came, whether live events flow, and the service's own
 * clock. It is refetched on every live event that says so, on resume, and every minute whatever happens.
 */
import { computed, reactive, ref } from 'vue';
import type { AlertsAnswer, LiveReading, SiteAnswer, StationsAnswer, StationView } from '../adapters/http/contract/contract.js';
import type { CasesAnswer } from '../adapters/http/contract/cases.js';
import type { PathAnswer } from '../adapters/http/contract/path.js';
import type { TargetsAnswer } from '../adapters/http/contract/compliance.js';
import type { ReviewAnswer } from '../adapters/http/contract/review.js';
import { api, ApiError } from './api/api.js';
import { isoAt, offsetMinutes, type IsoTime } from './format.js';

const REFETCH_MS = 60_000;
/** A page without a successful answer for longer than this says that it is old. */
const OLD_AFTER_MS = 120_000;
const RETRY_MS = [2_000, 5_000, 10_000, 30_000] as const;
/** The service says `alive` every 15 s. A line that has been silent for longer than this is dead, whatever the browser thinks. */
const SILENT_MS = 45_000;
/** Bursts of live events (a backfill) ask for the same answer once, not a hundred times. */
const GATHER_MS = 400;

/** One answer: what came last, whether the last try failed, and when the last success was (ms of this browser). */
export interface Known<T> {
  data: T | null;
  failed: boolean;
  at: number | null;
}

const unknown = <T>(): Known<T> => ({ data: null, failed: false, at: null });

/** Everything the page shows. */
export const page = reactive({
  site: unknown<SiteAnswer>(),
  /** Whether alerts reach anybody. */
  path: unknown<PathAnswer>(),
  stations: unknown<StationsAnswer>(),
  targets: unknown<TargetsAnswer>(),
  alerts: unknown<AlertsAnswer>(),
  /** Cases that are not closed; only after a login. */
  cases: unknown<CasesAnswer>(),
  /** How many doubtful readings wait for a decision; only after a login. */
  review: unknown<ReviewAnswer>(),
  /** The service answered 401: nothing is shown before a login. */
  locked: false,
  /** Live events: flowing, first attempt, or broken since (ms of this browser). */
  live: 'connecting' as 'on' | 'off' | 'connecting',
  liveSince: Date.now(),
  /** `station/parameter` → how often its value changed while this page was open. */
  changes: {} as Record<string, number>,
});

/** One thing the page asks for. */
export type Part = 'site' | 'path' | 'stations' | 'targets' | 'alerts' | 'cases' | 'review';

/** This browser's clock, ticking each second. */
const browserNow = ref(Date.now());
/** Service clock minus browser clock, ms: a wrong clock on a phone must not make data look fresh. */
const skew = ref(0);
const offset = ref(480);

/** The service's time now, ms. */
export const now = computed(() => browserNow.value + skew.value);
/** The service's time now, ISO 8601 with the site's offset. */
export const nowIso = computed<IsoTime>(() => isoAt(now.value, offset.value));
/** An instant of this browser's clock as the service would name it. */
export const siteTime = (browserInstant: number): IsoTime => isoAt(browserInstant + skew.value, offset.value);

/** The newest measured time on the page, or `null`. */
export const dataAsOf = computed<IsoTime | null>(() => {
  let newest: IsoTime | null = null;
  for (const station of page.stations.data?.stations ?? []) {
    for (const time of [station.lastReadingAt, ...station.latest.map((l) => l.time)]) {
      if (time !== null && (newest === null || Date.parse(time) > Date.parse(newest))) newest = time;
    }
  }
  return newest;
});

/** When the oldest of the three main answers came (ms of this browser); `null` until all have. */
export const updatedAt = computed<number | null>(() => {
  const times = [page.stations.at, page.targets.at, page.alerts.at];
  return times.some((t) => t === null) ? null : Math.min(...times.map(Number));
});
/** The page shows things of the past and must say so. */
export const isOld = computed(() => updatedAt.value !== null && browserNow.value - updatedAt.value > OLD_AFTER_MS);
/** Ms since the last complete update, by this browser's clock. */
export const sinceUpdate = computed(() => (updatedAt.value === null ? 0 : browserNow.value - updatedAt.value));

/** Station id → station. */
export const stationById = computed(() => new Map((page.stations.data?.stations ?? []).map((s) => [s.id, s] as const)));

function keepTime(asOf: IsoTime): void {
  skew.value = Date.parse(asOf) - Date.now();
  offset.value = offsetMinutes(asOf);
}

async function load<T>(part: Part, fetch: () => Promise<T>, keep: (data: T) => void): Promise<void> {
  const known = page[part];
  try {
    const data = await fetch();
    keep(data);
    known.failed = false;
    known.at = Date.now();
    if (part !== 'site') page.locked = false;
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) {
      page.locked = true;
      if (page.site.data) page.site.data.user = null;
    } else known.failed = true;
  }
}

const loaders: Record<Part, () => Promise<void>> = {
  site: () =>
    load('site', api.site, (data) => {
      const before = page.site.data?.user?.username;
      page.site.data = data;
      if (data.user && data.user.username !== before) refetch('cases', 'review');
    }),
  path: () => load('path', api.path, (data) => (page.path.data = data)),
  stations: () =>
    load('stations', api.stations, (data) => {
      keepTime(data.asOf);
      page.stations.data = data;
    }),
  targets: () => load('targets', api.targets, (data) => (page.targets.data = data)),
  alerts: () => load('alerts', api.alerts, (data) => (page.alerts.data = data)),
  cases: () => forUsers('GET /api/v1/cases', () => load('cases', openCases, (data) => (page.cases.data = data))),
  // The reviewers' count is not a river chief's.
  review: () =>
    forUsers('GET /api/v1/review', () =>
      load(
        'review',
        () => api.review(),
        (data) => (page.review.data = data),
      ),
    ),
};

const openCases = (): Promise<CasesAnswer> => api.cases(new URLSearchParams({ state: 'open' }));

/** What answers 401 to strangers and 403 to others is not asked for them. */
const forUsers = async (route: string, ask: () => Promise<void>): Promise<void> => {
  if (page.site.data?.user?.may.includes(route)) await ask();
};

const wanted = new Set<Part>();
let gathering: ReturnType<typeof setTimeout> | null = null;

/** Asks again for these parts soon; many wishes in a short time are one question. */
export function refetch(...parts: Part[]): void {
  for (const part of parts) wanted.add(part);
  gathering ??= setTimeout(() => {
    const batch = [...wanted];
    wanted.clear();
    void Promise.all(batch.map((part) => loaders[part]())).finally(() => {
      gathering = null;
      if (wanted.size > 0) refetch(...wanted);
    });
  }, GATHER_MS);
}

/** Asks for everything now. */
export async function refetchAll(): Promise<void> {
  await Promise.all(Object.values(loaders).map((loader) => loader()));
}

/** Where a phone elsewhere opens these pages: where the service says it is to be found, else where this browser found it. */
export const homeAddress = (): string => page.site.data?.address ?? location.origin;

/** Puts a live value into its place, unless something newer stands there. A value for an unknown series asks for the stations again. */
export function takeReading(reading: LiveReading): void {
  const station = page.stations.data?.stations.find((s) => s.id === reading.station);
  const latest = station?.latest.find((l) => l.parameter === reading.parameter);
  if (!station || !latest) {
    refetch('stations');
    return;
  }
  if (latest.time !== null && Date.parse(latest.time) > Date.parse(reading.time)) return;
  if (latest.value !== reading.value || latest.time !== reading.time) {
    const key = `${station.id}/${latest.parameter}`;
    page.changes[key] = (page.changes[key] ?? 0) + 1;
  }
  Object.assign(latest, {
    value: reading.value,
    time: reading.time,
    mark: reading.mark,
    quality: reading.quality,
    check: reading.check,
  });
  if (station.lastReadingAt === null || Date.parse(station.lastReadingAt) < Date.parse(reading.time)) {
    station.lastReadingAt = reading.time;
  }
  // Its state comes back with the next answer; a page that still says "offline" beside a new value would contradict itself.
  if (station.state === 'offline') refetch('stations');
}

/** A station by what it is called on the page. */
export type Named = Pick<StationView, 'name' | 'nameEn'>;

function setLive(state: 'on' | 'off'): void {
  if (page.live === state) return;
  page.live = state;
  page.liveSince = Date.now();
}

/** Opens the live stream and keeps it open; returns what ends it. */
function listen(): () => void {
  let source: EventSource | null = null;
  let retry: ReturnType<typeof setTimeout> | null = null;
  let failures = 0;
  /** When the line last said that it is alive; `null` before the first time. */
  let alive: number | null = null;
  const watchdog = setInterval(() => {
    if (alive === null || Date.now() - alive < SILENT_MS) return;
    alive = null;
    source?.close();
    setLive('off');
    failures++;
    open();
  }, SILENT_MS / 3);

  const open = (): void => {
    // A browser keeps six connections to a host, and an officer forty tabs: only what is seen holds one.
    if (document.hidden) return;
    if (page.locked) {
      retry = setTimeout(open, RETRY_MS[0]);
      return;
    }
    const events = new EventSource('/api/v1/live');
    source = events;
    events.onopen = () => {
      // What happened while the line was down was not told: ask.
      if (failures > 0) void refetchAll();
      failures = 0;
      setLive('on');
    };
    events.onerror = () => {
      alive = null;
      setLive('off');
      failures++;
      // The browser reconnects by itself after a broken line, but gives up for ever on an HTTP error.
      if (events.readyState === EventSource.CLOSED) {
        retry = setTimeout(open, RETRY_MS[Math.min(failures, RETRY_MS.length) - 1]);
      }
    };
    events.addEventListener('alive', () => (alive = Date.now()));
    events.addEventListener('reading', (event) => takeReading(JSON.parse((event as MessageEvent<string>).data) as LiveReading));
    events.addEventListener('alert', () => refetch('alerts', 'cases', 'site'));
    events.addEventListener('compliance', () => refetch('targets', 'stations'));
  };
  const turn = (): void => {
    if (document.hidden) {
      alive = null;
      source?.close();
    } else if (source === null || source.readyState === EventSource.CLOSED) {
      failures++;
      if (retry !== null) clearTimeout(retry);
      open();
    }
  };
  open();
  document.addEventListener('visibilitychange', turn);
  return () => {
    document.removeEventListener('visibilitychange', turn);
    source?.close();
    clearInterval(watchdog);
    if (retry !== null) clearTimeout(retry);
  };
}

/** Starts everything the page does by itself; returns what stops it. */
export function startPage(): () => void {
  const stops: (() => void)[] = [];
  void refetchAll();
  const tick = setInterval(() => (browserNow.value = Date.now()), 1000);
  const minute = setInterval(() => void refetchAll(), REFETCH_MS);
  const awake = (): void => {
    if (document.visibilityState === 'visible' && sinceUpdate.value > REFETCH_MS) void refetchAll();
  };
  document.addEventListener('visibilitychange', awake);
  window.addEventListener('online', awake);
  stops.push(
    listen(),
    () => clearInterval(tick),
    () => clearInterval(minute),
    () => document.removeEventListener('visibilitychange', awake),
    () => window.removeEventListener('online', awake),
  );
  return () => stops.forEach((stop) => stop());
}
