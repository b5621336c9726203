/** How long after a device has spoken does it hear, does the page show, does the archive hold, is the office told? */
import { Device } from '../support/device.js';
import { eventually, pause } from '../support/eventually.js';
import type { Influxd } from '../support/influxd.js';
import type { RunningService } from '../support/service.js';
import type { TestSmtp } from '../support/smtp.js';
import { quantile } from './figure.js';
import { portOf } from './parts.js';
import type { Parts } from './parts.js';
import type { Logged, Wishes } from './publisher.js';
import { BEYOND, deviceTime, PARAMETERS, STATIONS } from './township.js';

/** A thousand messages a second, evenly, from twenty devices. */
const CALM: Omit<Wishes, 'port'> = { connections: 20, window: 1000, perMessage: 1, rate: 1000, log: true };

const WARM_MS = 2000;
const ARCHIVE_LOOK_MS = 10;
const MAIL_LOOK_MS = 1;
/** Exceedances follow one another so closely, each in a series of its own. */
const MAIL_EVERY_MS = 150;
/** So far ahead of the clock that no ordinary value of its series bears the same millisecond. */
const AHEAD_MS = 20;

const clock = (): number => performance.timeOrigin + performance.now();
const later = (log: readonly Logged[], from: number): readonly Logged[] => log.filter(({ sentAt }) => sentAt >= from);

/** p50 and p99, ms, of publish → PUBACK at 1,000 messages/s. Throws when one was never acknowledged. */
export async function pubackTimes(parts: Parts, port: number, ms: number): Promise<{ p50: number; p99: number }> {
  const publisher = await parts.publisher({ ...CALM, port });
  publisher.go();
  const from = clock() + WARM_MS;
  await pause(WARM_MS + ms);
  const { log } = await publisher.finish();
  const times = later(log, from).map(({ sentAt, ackedAt }) => {
    if (ackedAt === null) throw new Error('a message was not acknowledged');
    return ackedAt - sentAt;
  });
  return { p50: quantile(times, 0.5), p99: quantile(times, 0.99) };
}

/** When a reading was first seen somewhere: `station parameter time` → ms since 1970. */
type Sightings = Map<string, number>;

const keyOf = ({ station, index, time }: Logged): string => `${station} ${PARAMETERS[index]!} ${time}`;

/** Publishes at 1,000 messages/s while `watch` notes what it sees; returns the times from publish to sight. */
async function timesToSight(
  parts: Parts,
  port: number,
  ms: number,
  watch: (seen: Sightings, over: AbortSignal) => Promise<void>,
  wanted: (logged: Logged) => boolean,
): Promise<number[]> {
  const publisher = await parts.publisher({ ...CALM, port });
  const seen: Sightings = new Map();
  const over = new AbortController();
  const watching = watch(seen, over.signal);
  watching.catch(() => undefined);
  publisher.go();
  const from = clock() + WARM_MS;
  await pause(WARM_MS + ms);
  const { log } = await publisher.finish();
  const candidates = later(log, from).filter(wanted);
  await pause(1000);
  over.abort();
  await watching;
  const times = candidates.flatMap((logged) => {
    const at = seen.get(keyOf(logged));
    return at === undefined ? [] : [at - logged.sentAt];
  });
  // A stream of the newest values, or one look that finds two, may skip some; hardly any would be a broken measurement.
  if (times.length < candidates.length / 10) throw new Error(`only ${times.length} of ${candidates.length} readings were seen`);
  return times;
}

/** p99, ms, of publish → on the page's event stream. */
export async function streamP99(parts: Parts, service: RunningService, port: number, ms: number): Promise<number> {
  const watch = async (seen: Sightings, over: AbortSignal): Promise<void> => {
    const response = await fetch(`${service.baseUrl}/api/v1/live`, { signal: over });
    let rest = '';
    try {
      for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
        const at = clock();
        const events = (rest + chunk).split('\n\n');
        rest = events.pop() ?? '';
        for (const event of events) {
          const data = /^event: reading\ndata: (.*)$/m.exec(event)?.[1];
          if (data === undefined) continue;
          const { station, parameter, time } = JSON.parse(data) as { station: string; parameter: string; time: string };
          seen.set(`${station} ${parameter} ${Date.parse(time)}`, at);
        }
      }
    } catch (error) {
      if (!over.aborted) throw error;
    }
  };
  return quantile(await timesToSight(parts, port, ms, watch, () => true), 0.99);
}

/** p99, ms, of publish → a query of InfluxDB finds it; one station is looked at every ten milliseconds. */
export async function archiveP99(parts: Parts, influxd: Influxd, port: number, ms: number): Promise<number> {
  const [station] = STATIONS as [string];
  const watch = async (seen: Sightings, over: AbortSignal): Promise<void> => {
    let since = Date.now() - 1000;
    while (!over.aborted) {
      const answer = (await influxd.query(
        `SELECT value FROM reading WHERE station = '${station}' AND time > ${since}ms GROUP BY parameter`,
      )) as { results?: { series?: { tags: { parameter: string }; values: [number, number][] }[] }[] };
      const at = clock();
      for (const { tags, values } of answer.results?.[0]?.series ?? []) {
        for (const [time] of values) {
          const key = `${station} ${tags.parameter} ${time}`;
          if (!seen.has(key)) seen.set(key, at);
        }
      }
      since = Date.now() - 1000;
      await pause(ARCHIVE_LOOK_MS);
    }
  };
  const times = await timesToSight(parts, port, ms, watch, (logged) => logged.station === station);
  return quantile(times, 0.99);
}

/** p99, ms, of publish → the mail is accepted by SMTP, for severe exceedances among 1,000 ordinary messages/s. */
export async function mailP99(parts: Parts, smtp: TestSmtp, mqttUrl: string, alerts: number): Promise<number> {
  const publisher = await parts.publisher({ ...CALM, log: false, port: portOf(mqttUrl) });
  publisher.go();
  const device = await Device.connect(mqttUrl);
  const arrived = new Map<string, number>();
  let seen = 0;
  const looking = setInterval(() => {
    for (; seen < smtp.mails.length; seen++) {
      for (const alert of (smtp.mails[seen]!.headers.get('x-heqing-alert') ?? '').split(',')) {
        const series = alert.split('_').slice(0, 3).join(' ');
        if (!arrived.has(series)) arrived.set(series, clock());
      }
    }
  }, MAIL_LOOK_MS);
  try {
    await pause(WARM_MS);
    const sent = new Map<string, number>();
    const series = STATIONS.flatMap((station) => Object.entries(BEYOND).map((beyond) => ({ station, beyond })));
    for (const { station, beyond } of series.slice(0, alerts)) {
      const [parameter, value] = beyond;
      sent.set(`${station} ${parameter} limit`, clock());
      // A moment ahead of the ordinary values, so that it is the newest of its series until the next of them.
      await device.publish(station, { time: deviceTime(Date.now() + AHEAD_MS), values: { [parameter]: value } });
      await pause(MAIL_EVERY_MS);
    }
    const missing = () => [...sent.keys()].filter((one) => !arrived.has(one));
    await eventually('every exceedance was mailed', () => missing().length === 0, 30_000);
    return quantile(
      [...sent].map(([one, at]) => arrived.get(one)! - at),
      0.99,
    );
  } finally {
    clearInterval(looking);
    await device.end();
    await publisher.end();
  }
}
