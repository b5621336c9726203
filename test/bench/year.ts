/** How long does a year's compliance take to answer? Twenty sections, ten parameters every four hours since New Year. */
import mqtt from 'mqtt';
import type { ComplianceAnswer } from '../../src/adapters/http/contract-compliance.js';
import { eventually, pause } from '../support/eventually.js';
import type { RunningService } from '../support/service.js';
import type { Bench } from './ceilings.js';
import { figure } from './figure.js';
import type { Figure } from './figure.js';
import { onParts, takerOf } from './parts.js';
import { deviceTime, PARAMETERS, STATIONS } from './township.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const BEIJING = 8 * HOUR;
const SLOTS = 6;
const QUICK_DAYS = 60;
const SETTLED_WITHIN_MS = 240_000;
/** Inside class III for all of them. */
const VALUE: Readonly<Record<string, number>> = { ph: 7.2, do: 7.8, codmn: 3.1, nh3n: 0.41, tp: 0.08, tn: 0.8 };
const valueOf = (parameter: string, day: number, slot: number): number =>
  (VALUE[parameter] ?? 18) + (((day * 7 + slot) % 10) - 5) / 1000;

/** Figure `year-compliance`: milliseconds for the running year by days, over HTTP. */
export async function yearCompliance(bench: Bench): Promise<Figure[]> {
  const today = Math.floor((Date.now() + BEIJING) / DAY) * DAY - BEIJING;
  const year = new Date(today + BEIJING).getUTCFullYear();
  const newYear = Date.UTC(year, 0, 1) - BEIJING;
  const days = Math.min(Math.round((today - newYear) / DAY), bench.quick ? QUICK_DAYS : Infinity);
  const from = today - days * DAY;
  return onParts(bench.config, async (parts) => {
    const service = await parts.service();
    await fill(service, from, days);
    const path = `/api/v1/compliance/river?period=${year}&window=day`;
    await eventually(
      'every day of every section is judged',
      async () => {
        const { met } = await service.api<ComplianceAnswer>(path);
        if (met === days * STATIONS.length) return true;
        await pause(500);
        return false;
      },
      SETTLED_WITHIN_MS,
    );
    const runs: number[] = [];
    while (runs.length < bench.runs) {
      const started = performance.now();
      await service.api<ComplianceAnswer>(path);
      runs.push(performance.now() - started);
    }
    const ceilings = await meansOfInfluxd(bench, from, days);
    const note = `${days} days of ${STATIONS.length} sections; ceiling: InfluxDB's daily means alone`;
    return [figure('year-compliance', 'ms', runs, ceilings, () => null, note)];
  });
}

/** One message for each station and day. */
async function fill(service: RunningService, from: number, days: number): Promise<void> {
  const device = await mqtt.connectAsync(service.mqttUrl);
  for (let day = 0; day < days; day++) {
    await Promise.all(
      STATIONS.map((station) => {
        const messages = Array.from({ length: SLOTS }, (_, slot) => ({
          time: deviceTime(from + day * DAY + slot * 4 * HOUR),
          values: Object.fromEntries(PARAMETERS.map((parameter) => [parameter, valueOf(parameter, day, slot)])),
        }));
        return device.publishAsync(`heqing/${station}/readings`, JSON.stringify(messages), { qos: 1 });
      }),
    );
  }
  await device.endAsync();
  const values = days * STATIONS.length * SLOTS * PARAMETERS.length;
  await eventually(
    'all is stored',
    async () => (await takerOf(service, 'stored').count()).messages === values,
    SETTLED_WITHIN_MS,
  );
}

function meansOfInfluxd(bench: Bench, from: number, days: number): Promise<number[]> {
  return onParts(bench.config, async (parts) => {
    const influxd = await parts.influxd();
    await influxd.query('CREATE DATABASE heqing');
    for (let day = 0; day < days; day++) {
      const lines = STATIONS.flatMap((station) =>
        PARAMETERS.flatMap((parameter) =>
          Array.from(
            { length: SLOTS },
            (_, slot) =>
              `reading,station=${station},parameter=${parameter},source=sensor value=${valueOf(parameter, day, slot)} ` +
              `${from + day * DAY + slot * 4 * HOUR}`,
          ),
        ),
      );
      const origin = `http://127.0.0.1:${influxd.port}/write?db=heqing&precision=ms`;
      const { status } = await fetch(origin, { method: 'POST', body: lines.join('\n') });
      if (status !== 204) throw new Error(`InfluxDB answered ${status}`);
    }
    const times: number[] = [];
    while (times.length < bench.runs) {
      const started = performance.now();
      await influxd.query(
        `SELECT mean(value) FROM reading WHERE time >= ${from}ms AND time < ${from + days * DAY}ms ` +
          'GROUP BY time(1d, -8h), station, parameter',
      );
      times.push(performance.now() - started);
    }
    return times;
  });
}
