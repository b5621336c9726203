/** Which measurement gives which figures? In the order in which they run. */
import type { Bench } from './ceilings.js';
import { atLeastRatio, atMost, figure } from './figure.js';
import type { Figure, FigureName } from './figure.js';
import { archiveP99, mailP99, pubackTimes, streamP99 } from './latency.js';
import { onParts, portOf, takerOf } from './parts.js';
import type { Parts } from './parts.js';
import { soak } from './soak.js';
import { readyTimes } from './start-up.js';
import type { Wishes } from './publisher.js';
import { acknowledgedPerSecond, FLOOD, takenPerSecond } from './throughput.js';
import { yearCompliance } from './year.js';

/** Milliseconds over which a latency is watched. */
const LATENCY_MS = 8000;

/** A measurement and the figures it gives. */
export interface Measurement {
  readonly names: readonly FigureName[];
  readonly measure: (bench: Bench) => Promise<Figure[]>;
}

/** Service and ceiling by turns, so that a slow minute of the machine is a slow minute for both. */
async function byTurns(bench: Bench, what: string, ours: () => Promise<number>, ceiling: () => Promise<number>) {
  const runs: number[] = [];
  const ceilings: number[] = [];
  for (let run = 0; run < bench.runs; run++) {
    runs.push(await ours());
    ceilings.push(await ceiling());
    bench.say(`  ${what} ${Math.round(runs.at(-1)!)} of ${Math.round(ceilings.at(-1)!)}`);
  }
  return { runs, ceilings };
}

const embedded = (bench: Bench, wishes: Partial<Wishes> = {}): Promise<number> =>
  onParts(bench.config, async (parts) => {
    const service = await parts.service();
    return acknowledgedPerSecond(parts, portOf(service.mqttUrl), { ...FLOOD, ...wishes });
  });

const bareAedes = (bench: Bench, wishes: Partial<Wishes> = {}): Promise<number> =>
  onParts(bench.config, async (parts) => acknowledgedPerSecond(parts, await parts.bareAedes(), { ...FLOOD, ...wishes }));

/** Pages that are open beside a full flood: every officer of a district, and the wall. */
const PAGES = 100;

const beneathPages = (bench: Bench): Promise<number> =>
  onParts(bench.config, async (parts) => {
    const service = await parts.service();
    const pages = await parts.livePages(service, PAGES);
    const perSecond = await acknowledgedPerSecond(parts, portOf(service.mqttUrl), FLOOD);
    await pages.stillListen();
    return perSecond;
  });

/** Twenty MQTT.js clients: what a device runs. Ready-made packets cost a publisher next to nothing, so they show aedes alone. */
const CLIENTS = { by: 'clients' } as const;

const behindMosquitto = (bench: Bench): Promise<number> =>
  onParts(bench.config, async (parts) => {
    const mosquitto = await parts.mosquitto();
    const service = await parts.service({ MQTT_URL: mosquitto.url });
    return takenPerSecond(parts, mosquitto.port, takerOf(service));
  });

const bareSubscriber = (bench: Bench): Promise<number> =>
  onParts(bench.config, async (parts) => {
    const mosquitto = await parts.mosquitto();
    return takenPerSecond(parts, mosquitto.port, await parts.bareSubscriber(mosquitto.url));
  });

/** A time without a ceiling, in as many runs as are wanted, each on fresh parts. */
async function several(
  bench: Bench,
  name: FigureName,
  floor: (value: number) => Figure['floor'],
  note: string,
  measure: (parts: Parts) => Promise<number>,
): Promise<Figure[]> {
  const runs: number[] = [];
  while (runs.length < bench.runs) runs.push(await onParts(bench.config, measure));
  return [figure(name, 'ms', runs, [], floor, note)];
}

/** All of them. */
export const MEASUREMENTS: readonly Measurement[] = [
  {
    names: ['embedded-durable'],
    async measure(bench) {
      const { runs, ceilings } = await byTurns(
        bench,
        'embedded',
        () => embedded(bench, CLIENTS),
        () => bareAedes(bench, CLIENTS),
      );
      const [packets, most] = [await embedded(bench), await bareAedes(bench)].map(Math.round);
      const note = `20 MQTT.js clients; ceiling: a bare aedes with the same; with ready-made packets ${packets ?? ''} of ${most ?? ''}`;
      return [figure('embedded-durable', 'messages/s', runs, ceilings, atLeastRatio(0.8), note)];
    },
  },
  {
    names: ['mosquitto-durable'],
    async measure(bench) {
      const { runs, ceilings } = await byTurns(
        bench,
        'Mosquitto',
        () => behindMosquitto(bench),
        () => bareSubscriber(bench),
      );
      return [figure('mosquitto-durable', 'messages/s', runs, ceilings, atLeastRatio(0.7), 'ceiling: a bare MQTT.js subscriber')];
    },
  },
  {
    names: ['ten-per-message'],
    async measure(bench) {
      const { runs, ceilings } = await byTurns(
        bench,
        'ten a message',
        async () => 10 * (await embedded(bench, { perMessage: 10 })),
        () => embedded(bench),
      );
      return [figure('ten-per-message', 'readings/s', runs, ceilings, atLeastRatio(3), 'ceiling: one reading a message')];
    },
  },
  {
    names: ['puback-p50', 'puback-p99'],
    async measure(bench) {
      const ours: { p50: number; p99: number }[] = [];
      const bare: typeof ours = [];
      for (let run = 0; run < bench.runs; run++) {
        ours.push(
          await onParts(bench.config, async (parts) => pubackTimes(parts, portOf((await parts.service()).mqttUrl), LATENCY_MS)),
        );
        bare.push(await onParts(bench.config, async (parts) => pubackTimes(parts, await parts.bareAedes(), LATENCY_MS)));
      }
      const of = (quantile: 'p50' | 'p99', most: number): Figure =>
        figure(
          `puback-${quantile}`,
          'ms',
          ours.map((run) => run[quantile]),
          bare.map((run) => run[quantile]),
          atMost(most, 'ms'),
          'at 1,000 messages/s; ceiling: a bare aedes',
        );
      return [of('p50', 5), of('p99', 25)];
    },
  },
  {
    names: ['stream-p99'],
    measure: (bench) =>
      several(bench, 'stream-p99', atMost(250, 'ms'), 'publish → event stream, at 1,000 messages/s', async (parts) => {
        const influxd = await parts.influxd();
        const service = await parts.service({ INFLUX_URL: influxd.url });
        return streamP99(parts, service, portOf(service.mqttUrl), LATENCY_MS);
      }),
  },
  {
    names: ['live-ingest'],
    async measure(bench) {
      const { runs, ceilings } = await byTurns(
        bench,
        `with ${PAGES} pages`,
        () => beneathPages(bench),
        () => embedded(bench),
      );
      const note = `acknowledged beside ${PAGES} open event streams, read on this machine too; ceiling: without them`;
      return [figure('live-ingest', 'messages/s', runs, ceilings, atLeastRatio(0.6), note)];
    },
  },
  {
    names: ['live-p99'],
    measure: (bench) =>
      several(
        bench,
        'live-p99',
        atMost(250, 'ms'),
        `publish → event stream beside ${PAGES} others, at 1,000 messages/s`,
        async (parts) => {
          const service = await parts.service();
          const pages = await parts.livePages(service, PAGES);
          const p99 = await streamP99(parts, service, portOf(service.mqttUrl), LATENCY_MS);
          await pages.stillListen();
          return p99;
        },
      ),
  },
  {
    names: ['archive-p99'],
    measure: (bench) =>
      several(bench, 'archive-p99', atMost(250, 'ms'), 'publish → InfluxDB finds it, at 1,000 messages/s', async (parts) => {
        const influxd = await parts.influxd();
        const service = await parts.service({ INFLUX_URL: influxd.url });
        return archiveP99(parts, influxd, portOf(service.mqttUrl), LATENCY_MS);
      }),
  },
  {
    names: ['mail-p99'],
    measure: (bench) =>
      several(
        bench,
        'mail-p99',
        () => null,
        'publish → accepted by SMTP, at 1,000 messages/s',
        async (parts) => {
          const smtp = await parts.smtp();
          const service = await parts.service({ SMTP_URL: smtp.url, MAIL_FROM: 'heqing@example.org' });
          return mailP99(parts, smtp, service.mqttUrl, bench.quick ? 30 : 100);
        },
      ),
  },
  { names: ['ready'], measure: readyTimes },
  { names: ['year-compliance'], measure: yearCompliance },
  { names: ['mosquitto-influx', 'rss', 'cpu-per-message'], measure: soak },
];
