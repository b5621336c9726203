/** Does a spike that came over MQTT leave the day's mean once the next value refutes it, and wait for a person? */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { ReadingsAnswer } from '../../src/adapters/http/contract/contract.js';
import type { ComplianceAnswer } from '../../src/adapters/http/contract/compliance.js';
import type { ReviewAnswer } from '../../src/adapters/http/contract/review.js';
import { Device } from '../support/device.js';
import { eventually } from '../support/eventually.js';
import { describeWith } from '../support/real-server.js';
import { beijing, counted, DAY, dayAgo, HOUR } from './ask.js';
import { embedded, real, type SetUp } from './set-ups.js';

jest.setTimeout(120_000);

const STATION = 'nankeng-out';
const DATE = dayAgo(2);
const START = Date.parse(`${DATE}T00:00:00+08:00`);

function scenario(make: () => Promise<SetUp>): void {
  let parts: SetUp;
  let device: Device;
  beforeAll(async () => {
    parts = await make();
    device = await Device.connect(parts.service.mqttUrl);
  });
  afterAll(async () => {
    await device.end();
    await parts.dispose();
  });

  const send = (slot: number, nh3n: number) => {
    const values = { ph: 7.3 + slot / 100, do: 7 + slot / 100, codmn: 3 + slot / 100, tp: 0.08 + slot / 1000, nh3n };
    return device.publish(STATION, { time: beijing(START + slot * 4 * HOUR), values });
  };
  const ammonia = async () => {
    const span = new URLSearchParams({ parameter: 'nh3n', from: beijing(START), to: beijing(START + DAY) });
    const { readings } = await parts.service.api<ReadingsAnswer>(`/api/v1/stations/${STATION}/readings?${span}`);
    return readings.flatMap((row) => ('value' in row ? [`${row.value} ${row.quality} ${row.checks.join()}`.trim()] : []));
  };
  const day = async () => {
    const { windows } = await parts.service.api<ComplianceAnswer>(
      `/api/v1/compliance/river?period=${DATE.slice(0, 7)}&window=day`,
    );
    const window = windows.find(({ station, start }) => station === STATION && start.startsWith(DATE));
    return [window?.verdict, window?.findings.find(({ parameter }) => parameter === 'nh3n')?.value];
  };
  const becomes = async (what: string, ask: () => Promise<unknown>, wanted: unknown): Promise<void> => {
    await eventually(what, async () => JSON.stringify(await ask()) === JSON.stringify(wanted), 10_000);
  };

  test('suspect and counting, then failed and left out, and the counts of values know nothing of it', async () => {
    for (const [slot, value] of [0.4, 0.4, 0.5, 12].entries()) await send(slot, value);
    await becomes('the spike is suspect', ammonia, ['0.4 good', '0.4 good', '0.5 good', '12 suspect spike']);
    await becomes('a suspect value counts', day, ['exceeded', 3.325]);
    await send(4, 0.4);
    await send(5, 0.5);
    await becomes('it is refuted', ammonia, ['0.4 good', '0.4 good', '0.5 good', '12 fail spike', '0.4 good', '0.5 good']);
    await becomes('it is left out', day, ['met', 0.44]);
    const { total, review } = await parts.service.api<ReviewAnswer>('/api/v1/review');
    expect(total).toBe(1);
    expect(review[0]).toMatchObject({ station: STATION, parameter: 'nh3n', value: 12, quality: 'fail', checks: ['spike'] });
    await becomes('every value is counted once', async () => (await counted(parts.service)).service, {
      ...{ received: 30, stored: 30, duplicate: 0, corrected: 0, rejected: 0, pending: 0 },
    });
  });
}

describe('on the embedded parts', () => scenario(embedded));
describeWith(['mosquitto', 'influxd'], 'on Mosquitto, InfluxDB and SMTP', () => scenario(real));
