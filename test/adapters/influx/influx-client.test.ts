/** Does each failure of an InfluxDB mean the right thing, also those a real one cannot be asked for? */
import { describe, expect, test } from '@jest/globals';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InfluxArchive } from '../../../src/adapters/influx/influx-archive.js';
import { literal } from '../../../src/adapters/influx/influx-client.js';
import { influxAt } from '../../support/addresses.js';
import { freePort } from '../../support/free-port.js';
import { failureOf, reading, T0 } from './reading.js';

describe('failures of a server that is there', () => {
  async function against(handler: RequestListener, work: (archive: InfluxArchive) => Promise<void>): Promise<void> {
    const server: Server = createServer((request, response) => {
      if (request.url?.includes('CREATE') || request.url?.includes('create')) {
        response.end('{"results":[{}]}');
        return;
      }
      request.resume();
      request.once('end', () => handler(request, response));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const archive = new InfluxArchive({
      server: influxAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}/db`),
      timeoutMs: 300,
    });
    try {
      await work(archive);
    } finally {
      await archive.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  test.each([
    [500, true],
    [503, true],
    [429, true],
    [401, true],
    [403, true],
    [404, true],
    [405, false],
  ])('%i: retry %s, and the next call is a request again', async (status, retry) => {
    let requests = 0;
    await against(
      (_request, response) => {
        requests += 1;
        response.writeHead(requests === 1 ? status : 204).end(requests === 1 ? '{"error":"because"}' : undefined);
      },
      async (archive) => {
        expect(await failureOf(archive.write([reading()]))).toMatchObject({ retry, culprits: [] });
        await archive.write([reading()]);
        expect(requests).toBe(2);
      },
    );
  });

  test('413: the batch is halved until it fits', async () => {
    const lines: number[] = [];
    await against(
      (_request, response) => {
        lines.push(1);
        response.writeHead(lines.length === 1 ? 413 : 204).end();
      },
      async (archive) => {
        await archive.write([reading(), reading({ time: T0 + 1 })]);
        expect(lines.length).toBe(3);
      },
    );
  });

  const partial = (reason: string, dropped: number): string =>
    JSON.stringify({ error: `partial write: ${reason} dropped=${dropped}` });
  const series = (n: number, of = n) => Array.from({ length: n }, (_, i) => reading({ station: `s${i % of}`, time: T0 + i }));

  test.each([
    ['a proxy that says 400 to everything', '<html><body>Bad Request</body></html>'],
    ['a proxy with JSON of its own', '{"error":"request blocked"}'],
    ['an InfluxDB that holds no more series', partial('max-series-per-database limit exceeded: (1000000)', 3)],
    [
      'an InfluxDB with too many values of a tag',
      partial('max-values-per-tag limit exceeded (100/100): measurement="reading"', 3),
    ],
  ])('%s: one request, the readings wait', async (_, body) => {
    let requests = 0;
    await against(
      (_request, response) => {
        requests += 1;
        response.writeHead(400).end(body);
      },
      async (archive) => {
        const failure = await failureOf(archive.write(series(3)));
        expect(failure).toMatchObject({ retry: true, culprits: [], message: expect.stringContaining('REFUSES TO WRITE') });
        expect(requests).toBe(1);
      },
    );
  });

  describe('every value refused', () => {
    const conflict =
      'field type conflict: input field "value" on measurement "reading" is type float, already exists as type integer';
    /** Refuses whole writes while `refusing()`. */
    const refuser =
      (reason: string, refusing: () => boolean = () => true): RequestListener =>
      (_request, response) => {
        response.writeHead(refusing() ? 400 : 204).end(refusing() ? partial(reason, dropping) : undefined);
      };
    let dropping = 0;

    test.each([
      ['of many series at once', 30, 30, true],
      ['of one series', 30, 1, false],
      ['of many series, but few', 20, 20, false],
    ])('%s', async (_, n, of, waits) => {
      dropping = n;
      await against(refuser(conflict), async (archive) => {
        const failure = await failureOf(archive.write(series(n, of)));
        expect(failure.retry).toBe(waits);
        expect(failure.culprits).toHaveLength(waits ? 0 : n);
        if (waits) expect(failure.message).toContain('REFUSES EVERYTHING');
      });
    });

    test('one after the other on a quiet site: the first few are set aside, then it stops, in the same words each time', async () => {
      dropping = 1;
      let refusing = true;
      await against(
        refuser(conflict, () => refusing),
        async (archive) => {
          const failures = [];
          for (const one of series(23)) failures.push(await failureOf(archive.write([one])));
          expect(failures.map(({ retry }) => retry)).toEqual([...Array<boolean>(20).fill(false), true, true, true]);
          expect(failures[21]?.message).toBe(failures[22]?.message);
          refusing = false;
          await archive.write([reading()]);
          refusing = true;
          expect(await failureOf(archive.write([reading()]))).toMatchObject({
            retry: false,
            culprits: [{ reason: 'not-a-number' }],
          });
        },
      );
    });

    test('a backfill beyond the retention policy is too old, however long, and costs one request', async () => {
      dropping = 400;
      await against(refuser('points beyond retention policy'), async (archive) => {
        const { retry, culprits } = await failureOf(archive.write(series(400)));
        expect(retry).toBe(false);
        expect(culprits).toHaveLength(400);
        expect(new Set(culprits.map(({ reason }) => reason))).toEqual(new Set(['too-old']));
      });
    });
  });

  test('when kept connections have died without a word, one deadline passes and not one for each', async () => {
    const known = new Set<unknown>();
    let died = false;
    await against(
      (request, response) => {
        if (!died) known.add(request.socket);
        // A half-open connection swallows whatever is sent on it.
        if (!died || !known.has(request.socket)) setTimeout(() => response.end('{"results":[{}]}'), 20);
      },
      async (archive) => {
        const ask = () => archive.readings({ station: 's', parameter: 'p', from: 0, to: 1 }, 10);
        await Promise.all(Array.from({ length: 6 }, ask));
        expect(known.size).toBe(6);
        died = true;
        expect(await failureOf(ask())).toMatchObject({ retry: true });
        expect(await ask()).toEqual([]);
      },
    );
  });

  test('silence and an answer that breaks off are failures to retry, in time', async () => {
    let calls = 0;
    await against(
      (_request, response) => {
        calls += 1;
        if (calls === 1) return;
        response.writeHead(200, { 'content-length': 1000 }).write('{"results":');
      },
      async (archive) => {
        const started = Date.now();
        expect(await failureOf(archive.write([reading()]))).toMatchObject({ retry: true });
        const question = { station: 's', parameter: 'p', from: 0, to: 1 };
        expect(await failureOf(archive.count(question))).toMatchObject({ retry: true });
        expect(Date.now() - started).toBeLessThan(2000);
      },
    );
  });

  test('nobody there', async () => {
    const archive = new InfluxArchive({ server: influxAt(`http://u:pa55@127.0.0.1:${await freePort()}/db`) });
    const error = await failureOf(archive.check());
    expect(error).toMatchObject({ retry: true });
    expect(error.message).not.toContain('pa55');
  });
});

test('a string literal of InfluxQL', () => {
  expect(literal(`a'b\\c\nd`)).toBe(`'a\\'b\\\\c\\nd'`);
});
