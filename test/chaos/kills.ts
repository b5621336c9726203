/** What if a process is killed at any moment? The service, the broker, the database. */
import { Stream } from '../support/device.js';
import { eventually, pause } from '../support/eventually.js';
import { startInfluxd } from '../support/influxd.js';
import { killRounds } from '../support/kill-rounds.js';
import { startMosquitto } from '../support/mosquitto.js';
import { startService } from '../support/service.js';
import { accountIn, accountOf, mustBeWhole, receipts, settled } from '../support/witness.js';
import { beginning } from './ordeal.js';
import type { Ordeal } from './ordeal.js';

/** Rounds of the service to one of an outside part. */
const FEWER = 10;
const GOES_ON_WITHIN_MS = 20_000;

/** All of them. */
export const KILLS: readonly Ordeal[] = [
  {
    name: 'kill -9 of the service, embedded broker and archive',
    needs: [],
    async run(chaos) {
      const service = await startService();
      chaos.finally(() => service.dispose());
      const stream = new Stream(service.mqttUrl, 'nankeng-in', 'cond', beginning());
      chaos.finally(() => stream.end());
      stream.start();
      await killRounds(service, stream, chaos.rounds, () => receipts(service));
      await stream.finish();
      await settled(service);
      const found = await accountOf(service, stream);
      mustBeWhole('the archive', found);
      const { stored } = await receipts(service);
      if (stored !== found.present) throw new Error(`${stored} counted as stored, ${found.present} are there`);
      return `${chaos.rounds} rounds, ${found.acknowledged} acknowledged: lost 0, doubled 0, wrong 0`;
    },
  },
  {
    name: 'kill -9 of the service behind Mosquitto, with InfluxDB',
    needs: ['mosquitto', 'influxd'],
    async run(chaos) {
      const mosquitto = await startMosquitto();
      chaos.finally(() => mosquitto.dispose());
      const influxd = await startInfluxd();
      chaos.finally(() => influxd.dispose());
      const service = await startService({ env: { MQTT_URL: mosquitto.url, INFLUX_URL: influxd.url } });
      chaos.finally(() => service.dispose());
      const stream = new Stream(service.mqttUrl, 'nankeng-in', 'cond', beginning());
      chaos.finally(() => stream.end());
      stream.start();
      await killRounds(service, stream, chaos.rounds, () => receipts(service));
      await stream.finish();
      // Behind a broker the last messages may still be on their way.
      await eventually('all have arrived', async () => (await receipts(service)).stored >= stream.sent, 60_000);
      await settled(service);
      mustBeWhole('the API', await accountOf(service, stream));
      const found = await accountIn(influxd, stream);
      mustBeWhole('InfluxDB', found);
      return `${chaos.rounds} rounds, ${found.acknowledged} acknowledged: lost 0, doubled 0, wrong 0`;
    },
  },
  {
    name: 'kill -9 of Mosquitto',
    needs: ['mosquitto'],
    async run(chaos) {
      const mosquitto = await startMosquitto();
      chaos.finally(() => mosquitto.dispose());
      const service = await startService({ env: { MQTT_URL: mosquitto.url } });
      chaos.finally(() => service.dispose());
      const stream = new Stream(mosquitto.url, 'nankeng-mid', 'turb', beginning());
      chaos.finally(() => stream.end());
      stream.start();
      const rounds = Math.max(1, Math.ceil(chaos.rounds / FEWER));
      for (let round = 0; round < rounds; round++) {
        const before = (await receipts(service)).received;
        await eventually('readings arrive', async () => (await receipts(service)).received > before, GOES_ON_WITHIN_MS);
        await pause(Math.random() * 900);
        await mosquitto.kill();
        await mosquitto.start();
      }
      const before = (await receipts(service)).received;
      await eventually('readings arrive', async () => (await receipts(service)).received > before, GOES_ON_WITHIN_MS);
      await stream.finish(GOES_ON_WITHIN_MS);
      await pause(2000);
      const { stored } = await settled(service);
      const found = await accountOf(service, stream);
      // What the broker acknowledged and lost before we had it is the broker's; what we acknowledged is there, once.
      mustBeWhole('the archive', { ...found, lost: 0 });
      if (stored !== found.present) throw new Error(`${stored} acknowledged by us and counted, ${found.present} are there`);
      return `${rounds} rounds, ${stored} taken: lost 0, doubled 0, wrong 0; the broker itself lost ${found.lost} of ${found.acknowledged}`;
    },
  },
  {
    name: 'kill -9 of InfluxDB',
    needs: ['influxd'],
    async run(chaos) {
      const influxd = await startInfluxd();
      chaos.finally(() => influxd.dispose());
      const service = await startService({ env: { INFLUX_URL: influxd.url } });
      chaos.finally(() => service.dispose());
      const stream = new Stream(service.mqttUrl, 'nankeng-in', 'level', beginning());
      chaos.finally(() => stream.end());
      stream.start();
      const rounds = Math.max(1, Math.ceil(chaos.rounds / FEWER));
      for (let round = 0; round < rounds; round++) {
        await pause(200 + Math.random() * 900);
        await influxd.kill();
        const before = stream.acknowledged.size;
        await eventually('readings are taken meanwhile', () => stream.acknowledged.size > before, GOES_ON_WITHIN_MS);
        await influxd.start();
      }
      await stream.finish();
      await settled(service);
      mustBeWhole('the API', await accountOf(service, stream));
      const found = await accountIn(influxd, stream);
      mustBeWhole('InfluxDB', found);
      return `${rounds} rounds, ${found.acknowledged} acknowledged: lost 0, doubled 0, wrong 0`;
    },
  },
];
