/** What does an outsider ask of the running service? Only what the contract promises, over HTTP. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type {
  AlertsAnswer,
  AlertView,
  NoticesAnswer,
  NoticeView,
  ReadingsAnswer,
  ReadyAnswer,
  ReceiptsAnswer,
} from '../../src/adapters/http/contract/contract.js';
import { loadConfig } from '../../src/adapters/config/load-config.js';
import { hearers } from '../../src/domain/alerting/routing.js';
import { readMail } from '../support/eml.js';
import type { ReadMail } from '../support/eml.js';
import { PROJECT } from '../support/service.js';
import type { RunningService } from '../support/service.js';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** An instant as Beijing time with its offset. */
export const beijing = (t: number): string => `${new Date(t + 8 * HOUR).toISOString().slice(0, 19)}+08:00`;

/** The Beijing day `back` days ago, `YYYY-MM-DD`. */
export const dayAgo = (back: number): string => beijing(Date.now() - back * DAY).slice(0, 10);

/** A reading as the service tells it, with its time as an instant. */
export interface Row {
  readonly time: number;
  readonly value: number;
  readonly mark: string;
}

/** A series over HTTP, and whether it was partial. */
export async function series(service: RunningService, station: string, parameter: string, span: { from: number; to: number }) {
  const query = new URLSearchParams({ parameter, from: beijing(span.from), to: beijing(span.to) });
  const answer = await service.api<ReadingsAnswer>(`/api/v1/stations/${station}/readings?${query}`);
  const rows: Row[] = answer.readings.map((reading) => {
    if (!('time' in reading)) throw new Error('steps were not asked for');
    return { time: Date.parse(reading.time), value: reading.value, mark: reading.mark };
  });
  return { rows, partial: answer.partial ?? false };
}

/** What was counted, for the service and per station. */
export interface Counted {
  readonly service: ReceiptsAnswer['service'];
  readonly stations: ReadonlyMap<string, ReceiptsAnswer['service']>;
}

const OUTCOMES = ['received', 'stored', 'duplicate', 'corrected', 'rejected', 'pending'] as const;
const NOTHING: ReceiptsAnswer['service'] = { received: 0, stored: 0, duplicate: 0, corrected: 0, rejected: 0, pending: 0 };

const pick = (counts: ReceiptsAnswer['service']): ReceiptsAnswer['service'] => ({
  ...NOTHING,
  ...Object.fromEntries(OUTCOMES.map((outcome) => [outcome, counts[outcome]])),
});

const add = (a: ReceiptsAnswer['service'], b: ReceiptsAnswer['service']): ReceiptsAnswer['service'] => ({
  ...NOTHING,
  ...Object.fromEntries(OUTCOMES.map((outcome) => [outcome, a[outcome] + b[outcome]])),
});

/** The receipts of yesterday and today together, so that a test may run over midnight; the identity of promise 2 is asserted on the way. */
export async function counted(service: RunningService): Promise<Counted> {
  let total = NOTHING;
  const stations = new Map<string, ReceiptsAnswer['service']>();
  for (const date of [dayAgo(1), dayAgo(0)]) {
    const answer = await service.api<ReceiptsAnswer>(`/api/v1/receipts?date=${date}`);
    expectIdentity(`the service on ${date}`, answer.service);
    total = add(total, pick(answer.service));
    for (const { station, ...counts } of answer.stations) {
      expectIdentity(`${station} on ${date}`, counts);
      stations.set(station, add(stations.get(station) ?? NOTHING, pick(counts)));
    }
  }
  return { service: total, stations };
}

function expectIdentity(whose: string, counts: ReceiptsAnswer['service']): void {
  const { received, stored, duplicate, corrected, rejected, pending } = counts;
  expect({ whose, received }).toEqual({ whose, received: stored + duplicate + corrected + rejected + pending });
}

/** Every alert there ever was, or those that stand. */
export async function alerts(service: RunningService, state: 'active' | 'all' = 'all'): Promise<AlertView[]> {
  return (await service.api<AlertsAnswer>(`/api/v1/alerts?state=${state}`)).alerts;
}

/** The notices, newest first. */
export async function notices(service: RunningService): Promise<NoticeView[]> {
  return (await service.api<NoticesAnswer>('/api/v1/notices')).notices;
}

/** The health of the service: the status code, its own word, and the state of each part. */
export async function health(service: RunningService): Promise<{ code: number; status: string; parts: Record<string, string> }> {
  const response = await fetch(`${service.baseUrl}/health/ready`);
  const { status, parts } = (await response.json()) as ReadyAnswer;
  return { code: response.status, status, parts: Object.fromEntries(parts.map(({ name, state }) => [name, state])) };
}

/** The mails kept as files under the service's data folder. */
export async function mailFiles(service: RunningService): Promise<ReadMail[]> {
  const folder = join(service.dataDir, 'mail');
  const names = await readdir(folder).catch(() => []);
  const whole = names.filter((name) => name.endsWith('.eml')).sort();
  return Promise.all(whole.map(async (name) => readMail(await readFile(join(folder, name)))));
}

/** The addresses whom the ladder of the shipped config tells at once of 超限 at a river section, sorted. */
export function concerned(station: string): string[] {
  const { site } = loadConfig(join(PROJECT, 'config'));
  const place = site.stations.get(station);
  if (place === undefined) throw new Error(`config/ has no station ${station}`);
  const over = { subject: station, station, parameter: 'nh3n', kind: 'limit', severity: 'over' } as const;
  return hearers(over, place, site, Date.now(), null)
    .map(({ person }) => person.email)
    .sort();
}

/** The addresses in `To`, sorted. */
export const recipients = (mails: readonly ReadMail[]): string[] => mails.map(({ headers }) => headers.get('to') ?? '').sort();
