/** Is everything there that was acknowledged: nothing lost, nothing twice, nothing changed? Seen from outside, without a test runner. */
import type { ReadingsAnswer, ReceiptsAnswer } from '../../src/adapters/http/contract/contract.js';
import type { Stream } from './device.js';
import { eventually } from './eventually.js';
import type { Influxd } from './influxd.js';
import type { RunningService } from './service.js';

type Counts = ReceiptsAnswer['service'];

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** A query of more rows than 50,000 is refused; a stream sends one a second. */
const SPAN_MS = 40_000 * 1000;
const SETTLED_WITHIN_MS = 180_000;
/** The longest pause between two tries of the archive (contract §2), and the try itself. */
const ARCHIVE_BACK_WITHIN_MS = 20_000;

const beijing = (t: number): string => `${new Date(t + 8 * HOUR).toISOString().slice(0, 19)}+08:00`;

/** The receipts of yesterday and today together. Throws where `received = stored + duplicate + corrected + rejected + pending` fails. */
export async function receipts(service: RunningService): Promise<Counts> {
  const total = { received: 0, stored: 0, duplicate: 0, corrected: 0, rejected: 0, pending: 0 };
  for (const back of [1, 0]) {
    const date = beijing(Date.now() - back * DAY).slice(0, 10);
    const answer = await service.api<ReceiptsAnswer>(`/api/v1/receipts?date=${date}`);
    for (const [whose, counts] of [
      ['the service', answer.service] as const,
      ...answer.stations.map((s) => [s.station, s] as const),
    ]) {
      const { received, stored, duplicate, corrected, rejected, pending } = counts;
      const sum = stored + duplicate + corrected + rejected + pending;
      if (received !== sum)
        throw new Error(`the receipts of ${whose} on ${date} say ${received} received and ${sum} accounted for`);
    }
    for (const key of Object.keys(total) as (keyof typeof total)[]) total[key] += answer.service[key];
  }
  return total;
}

/** Waits until nothing is pending, and returns the receipts. */
export function settled(service: RunningService, within = SETTLED_WITHIN_MS): Promise<Counts> {
  return eventually(
    'nothing is pending',
    async () => {
      const counts = await receipts(service);
      return counts.pending === 0 && counts;
    },
    within,
  );
}

/** What became of a stream's messages. Every number but the first two should be 0, unless a broker of others lost some. */
export interface Account {
  readonly acknowledged: number;
  readonly present: number;
  /** Acknowledged and not there. */
  readonly lost: number;
  /** There more than once. */
  readonly doubled: number;
  /** There with another value, or never sent. */
  readonly wrong: number;
}

interface Row {
  readonly time: number;
  readonly value: number;
}

function account(stream: Stream, rows: readonly Row[]): Account {
  const times = new Set<number>();
  const present = new Set<number>();
  let [doubled, wrong] = [0, 0];
  for (const { time, value } of rows) {
    if (times.has(time)) doubled += 1;
    times.add(time);
    if (value >= stream.sent || stream.time(value) !== time) wrong += 1;
    else present.add(value);
  }
  const lost = [...stream.acknowledged].filter((n) => !present.has(n)).length;
  return { acknowledged: stream.acknowledged.size, present: present.size, lost, doubled, wrong };
}

/** The stream as the service's own API tells it. Throws when the archive stays away. */
export async function accountOf(service: RunningService, stream: Stream): Promise<Account> {
  const rows: Row[] = [];
  for (let from = stream.time(0); from < stream.time(stream.sent); from += SPAN_MS) {
    const to = Math.min(from + SPAN_MS, stream.time(stream.sent));
    const query = new URLSearchParams({ parameter: stream.parameter, from: beijing(from), to: beijing(to) });
    const path = `/api/v1/stations/${stream.station}/readings?${query}`;
    // An archive that is back is found so at the next look.
    const answer = await eventually(
      'the archive answers',
      async () => {
        const found = await service.api<ReadingsAnswer>(path);
        return found.partial !== true && found;
      },
      ARCHIVE_BACK_WITHIN_MS,
    );
    for (const reading of answer.readings) {
      if ('time' in reading) rows.push({ time: Date.parse(reading.time), value: reading.value });
    }
  }
  return account(stream, rows);
}

/** The stream as InfluxDB itself holds it. */
export async function accountIn(influxd: Influxd, stream: Stream): Promise<Account> {
  const answer = (await influxd.query(
    `SELECT value FROM reading WHERE station = '${stream.station}' AND parameter = '${stream.parameter}'`,
  )) as { results: { series?: { values: [number, number][] }[] }[] };
  const rows = answer.results[0]?.series?.[0]?.values ?? [];
  return account(
    stream,
    rows.map(([time, value]) => ({ time, value })),
  );
}

/** Throws unless nothing was lost, doubled or wrong. */
export function mustBeWhole(where: string, found: Account): void {
  const { lost, doubled, wrong, acknowledged } = found;
  if (lost + doubled + wrong > 0) {
    throw new Error(`${where}: of ${acknowledged} acknowledged messages lost ${lost}, doubled ${doubled}, wrong ${wrong}`);
  }
}
