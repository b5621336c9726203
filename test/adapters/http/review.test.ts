/** Can a person see which readings wait for review? */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Doubt } from '../../../src/pipeline/deciding/review.js';
import { at } from '../../support/wupi.js';
import { type Running, startHttp } from './start-http.js';

let service: Running;
let cookie: string;
beforeAll(async () => {
  service = await startHttp();
  cookie = await service.logIn();
  const doubt: Doubt = {
    ...{ station: 'nankeng-out', parameter: 'nh3n', source: 'sensor', time: at('2026-11-23 04:00'), value: 9.2 },
    ...{ quality: 'suspect', checks: ['spike', 'consistency'], since: at('2026-11-23 04:01') },
  };
  service.reviews.put(doubt);
  service.reviews.put({ ...doubt, time: at('2026-11-23 08:00'), quality: 'fail', checks: ['gross-range'] });
  service.reviews.put({ ...doubt, station: 'nankeng-in' });
  // The same reading again: it waits since the first time.
  service.reviews.put({ ...doubt, quality: 'fail', checks: ['spike'], since: at('2026-11-23 09:00') });
});
afterAll(() => service.stop());

const ask = async (query: string): Promise<{ status: number; body: { total: number; review: { time: string }[] } }> => {
  const response = await fetch(`${service.url}/api/v1/review${query}`, { headers: { cookie } });
  return { status: response.status, body: (await response.json()) as { total: number; review: { time: string }[] } };
};

test('newest measured first, one entry a reading, with how many there are', async () => {
  const { status, body } = await ask('?limit=2');
  expect(status).toBe(200);
  expect(body).toEqual({
    total: 3,
    days: { waiting: 0, changed: 0 },
    review: [
      expect.objectContaining({
        station: 'nankeng-out',
        time: '2026-11-23T08:00:00+08:00',
        quality: 'fail',
        checks: ['gross-range'],
      }),
      expect.objectContaining({ station: 'nankeng-in', time: '2026-11-23T04:00:00+08:00' }),
    ],
  });
});

test('of one station', async () => {
  const { body } = await ask('?station=nankeng-out');
  expect(body.total).toBe(2);
  expect(body.review[1]).toEqual({
    ...{ station: 'nankeng-out', parameter: 'nh3n', source: 'sensor', time: '2026-11-23T04:00:00+08:00', value: 9.2 },
    ...{ quality: 'fail', checks: ['spike'], since: '2026-11-23T04:01:00+08:00' },
  });
  expect((await ask('?station=nowhere')).status).toBe(404);
  expect((await ask('?limit=0')).status).toBe(400);
});
