/** Is a device let in by its secret only, for its stations only, and does a change of the store reach a running broker? */
import { describe, expect, jest, test } from '@jest/globals';
import { matches, randomSecret, verifierOf } from '../../../src/adapters/mqtt/device-secret.js';
import { Devices } from '../../../src/adapters/mqtt/devices.js';
import { Pace } from '../../../src/adapters/mqtt/pace.js';
import { eventually, pause } from '../../support/eventually.js';
import { deviceOf, KeptDevices } from './device-fixtures.js';

const bytes = (text: string): Uint8Array => Buffer.from(text);

describe('secrets', () => {
  test('have 128 bits, differ, and match their own verifier only', async () => {
    const [a, b] = [randomSecret(), randomSecret()];
    expect(a).toMatch(/^[0-9a-f]{32}$/);
    expect(a).not.toBe(b);
    const verifier = verifierOf(a);
    expect(verifier).not.toContain(a);
    expect(verifierOf(a)).not.toBe(verifier);
    expect([await matches(bytes(a), verifier), await matches(bytes(b), verifier)]).toEqual([true, false]);
    expect(await matches(bytes(a.toUpperCase()), verifier)).toBe(false);
  });

  test.each(['', '$', '$7$', '$6$101$c2FsdA==$a2V5', '$7$x$c2FsdA==$a2V5', '$7$101$c2FsdA==$', 'plain'])(
    'the verifier %j matches nothing',
    async (verifier) => {
      expect(await matches(bytes(''), verifier)).toBe(false);
      expect(await matches(bytes('plain'), verifier)).toBe(false);
    },
  );
});

describe('admission', () => {
  test('by name and secret, for its stations', async () => {
    const devices = new Devices(new KeptDevices(deviceOf('logger', 's1', 's2'), deviceOf('other', 's3')));
    expect(await devices.admit('nobody', bytes('nobody-secret'))).toBeNull();
    expect(await devices.admit('logger', bytes('other-secret'))).toBeNull();
    const admission = await devices.admit('logger', bytes('logger-secret'));
    expect(admission?.name).toBe('logger');
    expect(['s1', 's2', 's3', '', '+'].map((station) => admission?.speaksFor(station))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(admission?.stands()).toBe(true);
  });

  test('a device added by another process is let in at once, and shuts out strangers soon', async () => {
    const store = new KeptDevices();
    const devices = new Devices(store);
    expect(devices.required()).toBe(false);
    store.add(deviceOf('logger', 's1'));
    const admission = await devices.admit('logger', bytes('logger-secret'));
    expect(admission?.speaksFor('s1')).toBe(true);
    expect(devices.required()).toBe(true);
    store.add(deviceOf('second', 's2'));
    store.remove('logger');
    await eventually('the removed one stands no more', () => admission?.stands() === false);
    expect(admission?.speaksFor('s1')).toBe(false);
    expect(await devices.admit('logger', bytes('logger-secret'))).toBeNull();
  });

  test('another secret under the same name ends what the old one was given', async () => {
    const store = new KeptDevices(deviceOf('logger', 's1'));
    const devices = new Devices(store);
    const old = await devices.admit('logger', bytes('logger-secret'));
    store.remove('logger');
    store.add({ ...deviceOf('logger', 's1'), verifier: verifierOf('another') });
    const fresh = await devices.admit('logger', bytes('another'));
    expect([old?.stands(), fresh?.stands()]).toEqual([false, true]);
  });

  test('a store that cannot be read lets nobody in, and takes no rights away', async () => {
    const store = new KeptDevices(deviceOf('logger', 's1'));
    const devices = new Devices(store);
    const admission = await devices.admit('logger', bytes('logger-secret'));
    const away = () => {
      throw new Error('disk I/O error');
    };
    Object.assign(store, { list: away, find: away });
    await pause(600);
    expect([devices.required(), admission?.stands(), admission?.speaksFor('s1')]).toEqual([true, true, true]);
    await expect(devices.admit('logger', bytes('logger-secret'))).rejects.toThrow('disk I/O error');
  });
});

test('a pace gives its rate on average, a quarter of a second at most ahead, and pays back debts', () => {
  let now = 1000;
  const clock = jest.spyOn(performance, 'now').mockImplementation(() => now);
  try {
    const pace = new Pace(1000);
    now += 400;
    expect(pace.budget()).toBe(250);
    const started = now;
    let spent = 0;
    while (now - started < 400) {
      const budget = pace.budget();
      pace.spend(budget);
      spent += budget;
      now += 20.5;
    }
    const due = 250 + (now - started);
    expect(spent).toBeGreaterThan(due - 25);
    expect(spent).toBeLessThanOrEqual(due);
    pace.spend(200);
    expect(pace.budget()).toBe(0);
    expect(pace.pause()).toBeGreaterThan(100);
    now += 10_000;
    expect(pace.budget()).toBe(250);
  } finally {
    clock.mockRestore();
  }
});
