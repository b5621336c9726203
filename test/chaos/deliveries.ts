/** What if messages come twice, late and in any order? Each value still counts once. */
import mqtt from 'mqtt';
import { startService } from '../support/service.js';
import { settled } from '../support/witness.js';
import type { ReadingsAnswer } from '../../src/adapters/http/contract/contract.js';
import { beginning } from './ordeal.js';
import type { Ordeal } from './ordeal.js';

/** Messages of a round. */
const MESSAGES_A_ROUND = 100;
const MESSAGES_AT_LEAST = 1000;
/** Each message is delivered up to so often. */
const MOST_OFTEN = 3;
const IN_FLIGHT = 200;

function shuffle<T>(items: T[]): T[] {
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [items[i], items[j]] = [items[j]!, items[i]!];
  }
  return items;
}

/** Only one of them. */
export const DELIVERIES: readonly Ordeal[] = [
  {
    name: 'deliveries repeated and shuffled',
    needs: [],
    async run(chaos) {
      const messages = Math.max(MESSAGES_AT_LEAST, MESSAGES_A_ROUND * chaos.rounds);
      const service = await startService();
      chaos.finally(() => service.dispose());
      const device = await mqtt.connectAsync(service.mqttUrl);
      chaos.finally(() => device.endAsync(true));
      const from = beginning();
      const often = Array.from({ length: messages }, () => 1 + Math.floor(Math.random() * MOST_OFTEN));
      const deliveries = shuffle(often.flatMap((times, n) => Array.from({ length: times }, () => n)));
      for (let at = 0; at < deliveries.length; at += IN_FLIGHT) {
        await Promise.all(
          deliveries.slice(at, at + IN_FLIGHT).map((n) => {
            const payload = JSON.stringify({ time: from + n * 1000, values: { cond: n } });
            return device.publishAsync('heqing/nankeng-in/readings', payload, { qos: 1 });
          }),
        );
      }
      const { stored, duplicate, corrected, rejected } = await settled(service);
      const said = `stored ${stored}, duplicate ${duplicate}, corrected ${corrected}, rejected ${rejected}`;
      if (stored !== messages || duplicate !== deliveries.length - messages || corrected + rejected > 0) {
        throw new Error(`of ${messages} values in ${deliveries.length} deliveries: ${said}`);
      }
      const iso = (t: number): string => encodeURIComponent(new Date(t).toISOString());
      const { readings } = await service.api<ReadingsAnswer>(
        `/api/v1/stations/nankeng-in/readings?parameter=cond&from=${iso(from)}&to=${iso(from + messages * 1000)}`,
      );
      readings.forEach((reading, n) => {
        if (!('time' in reading) || Date.parse(reading.time) !== from + n * 1000 || reading.value !== n) {
          throw new Error(`reading ${n} is not the one that was sent`);
        }
      });
      if (readings.length !== messages) throw new Error(`${readings.length} readings of ${messages} are there`);
      return `${deliveries.length} deliveries of ${messages} values: ${said}`;
    },
  },
];
