import { test } from '@jest/globals';
import mqtt from 'mqtt';
import { BrokerClient } from '../../../src/adapters/mqtt/broker-client.js';
import { EmbeddedBroker } from '../../../src/adapters/mqtt/embedded-broker.js';
import { startMosquitto } from '../../support/mosquitto.js';
import { KeptJournal, wallClock } from '../../support/pipeline-ends.js';
import { eventually } from '../../support/eventually.js';
const N = 40000;
function group() { let n = 0; let w: (() => void)[] = []; let busy = false;
  const run = () => { busy = true; const b = w; w = []; setTimeout(() => { b.forEach((d) => d()); n += b.length; if (w.length) run(); else busy = false; }, 2); };
  return { get n() { return n; }, take(_d: unknown, done: () => void) { w.push(done); if (!busy) run(); } }; }
test('bench', async () => {
  const broker = await startMosquitto(); const intake = group();
  const c = new BrokerClient({ url: broker.url, intake, journal: new KeptJournal(), clock: wallClock });
  await c.start(); await c.stop();
  const p = await mqtt.connectAsync(broker.url);
  await Promise.all(Array.from({ length: N }, (_, i) => p.publishAsync('heqing/s1/readings', 'x'.repeat(120) + i, { qos: 1 })));
  const t = Date.now(); await c.start(); await eventually('all', () => intake.n >= N, 20000);
  console.log('mosquitto backlog', N / (Date.now() - t) , 'k/s', intake.n);
  await c.stop(); await p.endAsync(true); await broker.dispose();
  const i2 = group(); const e = new EmbeddedBroker({ host: '127.0.0.1', port: 0, intake: i2, journal: new KeptJournal(), clock: wallClock });
  await e.start(); const q = await mqtt.connectAsync(`mqtt://127.0.0.1:${e.port}`); const t2 = Date.now();
  await Promise.all(Array.from({ length: N }, (_, i) => q.publishAsync('heqing/s1/readings', 'x'.repeat(120) + i, { qos: 1 })));
  console.log('embedded', N / (Date.now() - t2), 'k/s'); await q.endAsync(true); await e.stop();
}, 60000);
