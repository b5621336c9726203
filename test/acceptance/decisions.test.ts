/** An instrument was calibrated and nobody said so for two days: is the verdict put right, and can everybody see how? */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { ReadingsAnswer } from '../../src/adapters/http/contract/contract.js';
import type { ChangesAnswer, ComplianceAnswer } from '../../src/adapters/http/contract/compliance.js';
import type { AuditAnswer, DecisionView, MaintenanceView } from '../../src/adapters/http/contract/decisions.js';
import { Device } from '../support/device.js';
import { eventually } from '../support/eventually.js';
import { describeWith } from '../support/real-server.js';
import { beijing, counted, DAY, dayAgo, HOUR } from './ask.js';
import { embedded, real, type SetUp } from './set-ups.js';

jest.setTimeout(120_000);

const STATION = 'nankeng-out';
const DATE = dayAgo(2);
const START = Date.parse(`${DATE}T00:00:00+08:00`);
/** The third and fourth four-hourly values were the standard solution. */
const AMMONIA = [0.4, 0.4, 2.5, 2.5, 0.4, 0.4];

function scenario(make: () => Promise<SetUp>): void {
  let parts: SetUp;
  beforeAll(async () => {
    parts = await make();
    const device = await Device.connect(parts.service.mqttUrl);
    for (const [i, nh3n] of AMMONIA.entries()) {
      const values = { ph: 7.3 + i / 100, do: 7 + i / 100, codmn: 3 + i / 100, tp: 0.08 + i / 1000, nh3n };
      await device.publish(STATION, { time: beijing(START + i * 4 * HOUR), values });
    }
    await device.end();
  });
  afterAll(() => parts.dispose());

  const send = async <T>(method: string, path: string, body: object): Promise<T> => {
    const headers = { 'content-type': 'application/json' };
    const response = await parts.service.request(`/api/v1${path}`, { method, headers, body: JSON.stringify(body) });
    expect([path, response.status]).toEqual([path, 200]);
    return (await response.json()) as T;
  };
  const ammonia = async (): Promise<ReadingsAnswer['readings']> => {
    const span = new URLSearchParams({ parameter: 'nh3n', from: beijing(START), to: beijing(START + DAY) });
    return (await parts.service.api<ReadingsAnswer>(`/api/v1/stations/${STATION}/readings?${span}`)).readings;
  };
  const day = async () => {
    const path = `/api/v1/compliance/river?period=${DATE.slice(0, 7)}&window=day`;
    const { windows } = await parts.service.api<ComplianceAnswer>(path);
    const window = windows.find(({ station, start }) => station === STATION && start.startsWith(DATE));
    return { verdict: window?.verdict, ammonia: window?.findings.find(({ parameter }) => parameter === 'nh3n') };
  };
  const comesTo = (verdict: string, value: number) =>
    eventually(
      `${verdict} with ${value}`,
      async () => {
        const found = await day();
        return found.verdict === verdict && found.ammonia?.value === value && found;
      },
      10_000,
    );
  const ruled = (ruling: string | undefined) =>
    AMMONIA.map((value, i) => ({
      ...{ value, mark: 'N', quality: 'good' },
      ...(value === 2.5 && ruling !== undefined ? { ruling } : {}),
      time: beijing(START + i * 4 * HOUR),
    }));

  test('exceeded; met once the maintenance is entered; exceeded again when a review restores; what the device said stays', async () => {
    await comesTo('exceeded', 1.1);
    const before = await eventually('nothing is pending', async () => {
      const counts = await counted(parts.service);
      return counts.service.pending === 0 && counts;
    });
    const record = await send<MaintenanceView>('POST', '/maintenance', {
      station: STATION,
      from: `${DATE}T07:30:00+08:00`,
      to: `${DATE}T11:10:00+08:00`,
      note: '校准',
    });
    expect(record).toMatchObject({ by: 'admin', coversTo: `${DATE}T12:10:00+08:00` });
    const met = await comesTo('met', 0.4);
    expect(met.ammonia).toMatchObject({ setAside: '人工剔除 2 条(其中超限 2 条)' });
    expect(
      await eventually('the archive has it', async () => (await ammonia()).some((r) => 'ruling' in r) && ammonia()),
    ).toMatchObject(ruled('maintenance'));
    const review = { station: STATION, from: `${DATE}T08:00:00+08:00`, to: `${DATE}T12:00:01+08:00` };
    const restored = { ...review, parameters: ['nh3n'], outcome: 'restored', reason: 'calibration' };
    const decision = await send<DecisionView>('POST', '/decisions', restored);
    expect((await comesTo('exceeded', 1.1)).ammonia).not.toHaveProperty('setAside');
    expect(await ammonia()).toMatchObject(ruled('restored'));
    await send('POST', `/decisions/${decision.id}/undo`, { note: '误判' });
    await comesTo('met', 0.4);
    await send('PATCH', `/maintenance/${record.id}`, { withdrawn: true, reason: '误记' });
    await comesTo('exceeded', 1.1);
    await eventually('the last ruling to go', async () => (await ammonia()).every((r) => !('ruling' in r)));
    expect(await ammonia()).toMatchObject(ruled(undefined));
    // What is said of a value is no value.
    expect((await counted(parts.service)).service).toEqual(before.service);
  });

  test('the history says who did what, and what became of the verdict', async () => {
    const { entries, chain } = await parts.service.api<AuditAnswer>(`/api/v1/audit?station=${STATION}&verify=1`);
    expect(entries.map(({ action }) => action)).toEqual([
      'maintenance-withdrawn',
      'decision-undone',
      'decision-set',
      'maintenance-added',
    ]);
    expect(chain).toMatchObject({ broken: null });
    const path = `/api/v1/compliance/river/changes?period=${DATE.slice(0, 7)}&window=day`;
    const { changes } = await parts.service.api<ChangesAnswer>(path);
    const texts = changes.map(({ text }) => text);
    expect(texts).toEqual(
      expect.arrayContaining([
        expect.stringMatching(new RegExp(`^${DATE} 由 超标.* 改为 达标.*维护:校准\\(维护记录 1\\)`)),
        expect.stringMatching(new RegExp(`^${DATE} 由 达标.* 改为 超标.*审核置恢复有效:维护校准\\(审核 1\\)`)),
        expect.stringMatching(new RegExp(`^${DATE} 由 超标.* 改为 达标.*撤销审核 1:误判`)),
        expect.stringMatching(new RegExp(`^${DATE} 由 达标.* 改为 超标.*维护记录撤回:误记\\(维护记录 1\\)`)),
      ]),
    );
  });
}

describe('on the embedded parts', () => scenario(embedded));
describeWith(['mosquitto', 'influxd'], 'on Mosquitto, InfluxDB and SMTP', () => scenario(real));
