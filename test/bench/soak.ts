/** What does the whole path cost for minutes on end? Mosquitto → service → InfluxDB, at full speed and at half of it. */
import { eventually, pause } from '../support/eventually.js';
import type { Bench } from './ceilings.js';
import { figure } from './figure.js';
import type { Figure } from './figure.js';
import { onParts, takerOf } from './parts.js';
import type { Parts, Taker } from './parts.js';
import { processorTime, residentMegabytes } from './process-cost.js';
import { FLOOD, supply } from './throughput.js';

/** Milliseconds at full speed, and of the soak; the quick ones tell only whether it works at all. */
const FULL_MS = 5 * 60_000;
const SOAK_MS = 10 * 60_000;
const QUICK_MS = 20_000;

const WARM_MS = 3000;
const SAMPLE_MS = 1000;
/** Memory may grow while caches fill; after so long it must not. */
const SETTLED_AFTER_MS = 2 * 60_000;
const DRAINED_WITHIN_MS = 120_000;

interface Memory {
  readonly at: number;
  readonly megabytes: number;
}

/** Figures `mosquitto-influx`, `rss` and `cpu-per-message`. */
export async function soak(bench: Bench): Promise<Figure[]> {
  const bare = await onParts(bench.config, async (parts) => {
    const mosquitto = await parts.mosquitto();
    return costOf(parts, mosquitto.port, await parts.bareSubscriber(mosquitto.url), null, QUICK_MS);
  });
  const full = await onParts(bench.config, async (parts) => {
    const mosquitto = await parts.mosquitto();
    const influxd = await parts.influxd();
    const service = await parts.service({ MQTT_URL: mosquitto.url, INFLUX_URL: influxd.url });
    const cost = await costOf(parts, mosquitto.port, takerOf(service, 'stored'), null, bench.quick ? QUICK_MS : FULL_MS);
    // What was counted as stored is there.
    const stored = takerOf(service, 'stored');
    await eventually(
      'the rest is in the archive',
      async () => (await stored.count()).messages === (await takerOf(service).count()).messages,
      DRAINED_WITHIN_MS,
    );
    const there = await countIn(influxd);
    const { messages } = await stored.count();
    if (there !== messages) throw new Error(`InfluxDB holds ${there} readings of ${messages}`);
    return cost;
  });
  const half = await onParts(bench.config, async (parts) => {
    const mosquitto = await parts.mosquitto();
    const influxd = await parts.influxd();
    const service = await parts.service({ MQTT_URL: mosquitto.url, INFLUX_URL: influxd.url });
    return costOf(parts, mosquitto.port, takerOf(service), full.perSecond / 2, bench.quick ? QUICK_MS : SOAK_MS);
  });
  const growth = slope(half.memory.filter(({ at }) => at >= (bench.quick ? 0 : SETTLED_AFTER_MS)));
  const most = Math.max(...full.memory.concat(half.memory).map(({ megabytes }) => megabytes));
  const soaked = bench.quick ? `only ${QUICK_MS / 1000} s` : `${SOAK_MS / 60_000} min`;
  return [
    figure(
      'mosquitto-influx',
      'messages/s',
      [full.perSecond],
      [bare.perSecond],
      (_, ratio) => ({ words: '≥ 0.6 ×', holds: ratio !== null && ratio >= 0.6 }),
      `${bench.quick ? `only ${QUICK_MS / 1000} s` : `${FULL_MS / 60_000} min`}; ceiling: a bare MQTT.js subscriber`,
    ),
    figure(
      'rss',
      'MB',
      [most],
      [Math.max(...bare.memory.map(({ megabytes }) => megabytes))],
      (value) => ({ words: '≤ 250 MB, slope 0', holds: value <= 250 && growth < 1 }),
      `slope ${growth.toFixed(2)} MB/min in ${soaked} at half speed; ceiling: a bare subscriber`,
    ),
    figure(
      'cpu-per-message',
      'µs',
      [half.microseconds],
      [bare.microseconds],
      (value) => ({ words: '≤ 18 µs', holds: value <= 18 }),
      `${soaked} at half speed, ${full.microseconds.toFixed(1)} µs at full; ceiling: a bare subscriber`,
    ),
  ];
}

interface Cost {
  readonly perSecond: number;
  /** Processor time a message, µs. */
  readonly microseconds: number;
  readonly memory: readonly Memory[];
}

/** Lets messages through at a rate (`null`: all that goes) and weighs the taker's process meanwhile. */
async function costOf(parts: Parts, port: number, taker: Taker, rate: number | null, ms: number): Promise<Cost> {
  const publisher = await parts.publisher({ ...FLOOD, rate, port });
  const supplying = supply(publisher, taker);
  await pause(WARM_MS);
  const started = performance.now();
  const [from, used] = [await taker.count(), processorTime(taker.pid)];
  const memory: Memory[] = [];
  while (performance.now() - started < ms) {
    memory.push({ at: performance.now() - started, megabytes: residentMegabytes(taker.pid) });
    await pause(SAMPLE_MS);
  }
  const [to, usedThen] = [await taker.count(), processorTime(taker.pid)];
  await supplying.stop();
  await publisher.finish();
  const messages = to.messages - from.messages;
  return { perSecond: (messages * 1000) / (to.at - from.at), microseconds: (usedThen - used) / messages, memory };
}

async function countIn(influxd: { query(q: string): Promise<unknown> }): Promise<number> {
  const answer = (await influxd.query('SELECT count(value) FROM reading')) as {
    results: { series?: { values: number[][] }[] }[];
  };
  return answer.results[0]?.series?.[0]?.values[0]?.[1] ?? 0;
}

/** MB a minute, by least squares. */
function slope(memory: readonly Memory[]): number {
  const n = memory.length;
  const meanAt = memory.reduce((sum, { at }) => sum + at, 0) / n;
  const mean = memory.reduce((sum, { megabytes }) => sum + megabytes, 0) / n;
  const over = memory.reduce((sum, { at, megabytes }) => sum + (at - meanAt) * (megabytes - mean), 0);
  const under = memory.reduce((sum, { at }) => sum + (at - meanAt) ** 2, 0);
  return under === 0 ? 0 : (over / under) * 60_000;
}
