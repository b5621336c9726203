/** What if the network or the database misbehaves? Proxies that do, before InfluxDB and before the broker. */
import { Stream } from '../support/device.js';
import { eventually, pause } from '../support/eventually.js';
import { startInfluxd } from '../support/influxd.js';
import { startMosquitto } from '../support/mosquitto.js';
import { startService } from '../support/service.js';
import { accountIn, accountOf, mustBeWhole, receipts, settled } from '../support/witness.js';
import { FaultProxy } from './fault-proxy.js';
import type { Fault } from './fault-proxy.js';
import { InfluxProxy } from './influx-proxy.js';
import { beginning } from './ordeal.js';
import type { Ordeal } from './ordeal.js';

const FAULTS: readonly Fault[] = ['delay', 'reset', 'truncated', 'half-open'];

/** How long each fault lasts. */
const LASTS_MS = 4000;
/** The client's keep-alive is 30 s and InfluxDB's time-out 15 s: a silent partner is noticed within. */
const NOTICED_WITHIN_MS = 75_000;

/** A value of the stream that InfluxDB "cannot hold", and how its line shows it. */
const CULPRIT = /[ ,]value=77[ ,]/;

/** All of them. */
export const NETWORK_FAULTS: readonly Ordeal[] = [
  {
    name: `InfluxDB behind a bad line: ${FAULTS.join(', ')}`,
    needs: ['influxd'],
    async run(chaos) {
      const influxd = await startInfluxd();
      chaos.finally(() => influxd.dispose());
      const proxy = new FaultProxy(influxd.port);
      await proxy.start();
      chaos.finally(() => proxy.stop());
      const service = await startService({ env: { INFLUX_URL: `http://127.0.0.1:${proxy.port}/heqing` } });
      chaos.finally(() => service.dispose());
      const stream = new Stream(service.mqttUrl, 'nankeng-in', 'cond', beginning());
      chaos.finally(() => stream.end());
      stream.start();
      for (const fault of FAULTS) {
        const before = stream.acknowledged.size;
        proxy.set(fault);
        await pause(LASTS_MS);
        if (stream.acknowledged.size === before) throw new Error(`nothing was acknowledged during ${fault}`);
        await receipts(service);
        proxy.set('pass');
        await pause(LASTS_MS / 4);
      }
      await stream.finish();
      await settled(service);
      const found = await accountIn(influxd, stream);
      mustBeWhole('InfluxDB', found);
      mustBeWhole('the API', await accountOf(service, stream));
      return `${found.acknowledged} acknowledged: lost 0, doubled 0, wrong 0`;
    },
  },
  {
    name: 'InfluxDB answers 503, then 400 "partial write"',
    needs: ['influxd'],
    async run(chaos) {
      const influxd = await startInfluxd();
      chaos.finally(() => influxd.dispose());
      const proxy = new InfluxProxy(influxd.port, CULPRIT);
      await proxy.start();
      chaos.finally(() => proxy.stop());
      const service = await startService({ env: { INFLUX_URL: `http://127.0.0.1:${proxy.port}/heqing` } });
      chaos.finally(() => service.dispose());
      const stream = new Stream(service.mqttUrl, 'nankeng-in', 'cond', beginning());
      chaos.finally(() => stream.end());
      proxy.set('refuse');
      stream.start();
      await pause(LASTS_MS);
      if (proxy.refused === 0) throw new Error('no write was refused: nothing was tested');
      proxy.set('partial');
      await pause(LASTS_MS);
      await stream.finish();
      const counts = await settled(service);
      if (proxy.partial === 0) throw new Error('no write was partial: nothing was tested');
      const found = await accountIn(influxd, stream);
      // The culprit alone is missing there, and stands in the rejections.
      mustBeWhole('InfluxDB', { ...found, lost: found.lost - 1 });
      if (counts.rejected !== 1 || counts.stored !== stream.sent - 1) {
        throw new Error(`${counts.rejected} rejected and ${counts.stored} stored of ${stream.sent}, one of them bad`);
      }
      return `${found.acknowledged} acknowledged: the one culprit rejected with its reason, lost 0, doubled 0, wrong 0`;
    },
  },
  {
    name: `Mosquitto behind a bad line: ${FAULTS.join(', ')}`,
    needs: ['mosquitto'],
    async run(chaos) {
      const mosquitto = await startMosquitto();
      chaos.finally(() => mosquitto.dispose());
      const proxy = new FaultProxy(mosquitto.port);
      await proxy.start();
      chaos.finally(() => proxy.stop());
      const service = await startService({ env: { MQTT_URL: `mqtt://127.0.0.1:${proxy.port}` } });
      chaos.finally(() => service.dispose());
      const stream = new Stream(mosquitto.url, 'nankeng-mid', 'turb', beginning());
      chaos.finally(() => stream.end());
      stream.start();
      for (const fault of FAULTS) {
        proxy.set(fault);
        await pause(LASTS_MS);
        await receipts(service);
        proxy.set('pass');
        const before = (await receipts(service)).received;
        const goesOn = async () => (await receipts(service)).received > before;
        await eventually(`readings arrive again after ${fault}`, goesOn, NOTICED_WITHIN_MS);
      }
      await stream.finish();
      await eventually('all have arrived', async () => (await receipts(service)).stored >= stream.sent, NOTICED_WITHIN_MS);
      await settled(service);
      const found = await accountOf(service, stream);
      mustBeWhole('the archive', found);
      return `${found.acknowledged} acknowledged: lost 0, doubled 0, wrong 0`;
    },
  },
];
