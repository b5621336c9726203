/** Does a real InfluxDB hold what the archive port promises? */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { InfluxArchive } from '../../../src/adapters/influx/influx-archive.js';
import type { JudgedReading, Mark, Quality } from '../../../src/domain/reading.js';
import { DAY, HOUR, MINUTE } from '../../../src/domain/time.js';
import { influxAt } from '../../support/addresses.js';
import { startInfluxd } from '../../support/influxd.js';
import type { Influxd } from '../../support/influxd.js';
import { describeWith } from '../../support/real-server.js';
import { failureOf, reading, T0 } from './reading.js';

describeWith(['influxd'], 'a real InfluxDB', () => {
  let influxd: Influxd;
  let archive: InfluxArchive;
  beforeAll(async () => {
    influxd = await startInfluxd();
    archive = new InfluxArchive({ server: influxAt(influxd.url) });
  });
  afterAll(async () => {
    await archive.close();
    await influxd.dispose();
  });
  let fresh = 0;
  /** A station nobody else in this file writes to. */
  const station = () => `st${(fresh += 1)}`;
  const whole = (id: string, parameter = 'nh3n') => ({ station: id, parameter, from: T0 - DAY, to: T0 + DAY });

  test('keeps every field of a reading', async () => {
    const id = station();
    const all = [
      reading({ station: id, value: 1e-7, sampled: T0 - HOUR }),
      reading({ station: id, time: T0 + 1, value: -12345.678, mark: 'T', quality: 'suspect', checks: ['spike', 'flat-line'] }),
      reading({ station: id, time: T0 + 1, value: 7, source: 'lab', mark: 'S', quality: 'fail', checks: ['gross-range'] }),
      reading({ station: id, time: T0 + 60_000, value: 1e21, quality: 'unknown', received: T0 }),
    ];
    await archive.write([...all].reverse());
    const kept = await archive.readings(whole(id), 10);
    const order = (r: JudgedReading) => `${r.time}${r.source}`;
    expect(kept.map(order).sort()).toEqual(all.map(order).sort());
    for (const expected of all) expect(kept).toContainEqual(expected);
    expect(kept.map(({ time }) => time)).toEqual(all.map(({ time }) => time));
  });

  test('long answers are whole: readings, look-ups and steps of more rows than InfluxDB puts into one part', async () => {
    const id = station();
    const second = 1000;
    const all = Array.from({ length: 22_345 }, (_, i) => reading({ station: id, time: T0 + i * second, value: i }));
    await archive.write(all);
    const span = { station: id, parameter: 'nh3n', from: T0, to: T0 + DAY };
    const kept = await archive.readings(span, 50_001);
    expect(kept.length).toBe(all.length);
    expect(kept.every(({ time, value }, i) => time === T0 + i * second && value === i)).toBe(true);
    expect((await archive.readings(span, 12_000)).length).toBe(12_000);
    expect((await archive.steps(span, second, 0)).length).toBe(all.length);
    const ends = [all[0]!, all[11_111]!, all[22_344]!];
    const dense = Array.from({ length: 7 }, (_, i) => all[i * 3000]!);
    const held = await archive.find([...ends, ...dense, reading({ station: id, time: T0 - 1 })]);
    expect(held.map((found) => found?.value)).toEqual([
      0,
      11_111,
      22_344,
      0,
      3000,
      6000,
      9000,
      12_000,
      15_000,
      18_000,
      undefined,
    ]);
  });

  test('the names that others build on: measurement, tags, fields and their types', async () => {
    const id = station();
    await archive.write([reading({ station: id, value: 7, sampled: T0 })]);
    const answer = await influxd.query(`SELECT * FROM "reading" WHERE station = '${id}'`);
    expect(answer).toMatchObject({
      results: [
        {
          series: [
            {
              name: 'reading',
              columns: ['time', 'checks', 'mark', 'parameter', 'quality', 'received', 'sampled', 'source', 'station', 'value'],
              values: [[T0, '', 'N', 'nh3n', 1, T0 + 1234, T0, 'sensor', id, 7]],
            },
          ],
        },
      ],
    });
    const fields = (await influxd.query('SHOW FIELD KEYS FROM "reading"')) as { results: { series: { values: string[][] }[] }[] };
    expect(fields.results[0]?.series[0]?.values).toEqual([
      ['checks', 'string'],
      ['mark', 'string'],
      ['quality', 'float'],
      ['received', 'float'],
      ['sampled', 'float'],
      ['value', 'float'],
    ]);
  });

  test('writing again changes nothing, a later value replaces the earlier one', async () => {
    const id = station();
    await archive.write([reading({ station: id })]);
    await archive.write([reading({ station: id })]);
    expect(await archive.count(whole(id))).toBe(1);
    await archive.write([reading({ station: id, value: 0.5, mark: 'M' })]);
    expect(await archive.readings(whole(id), 10)).toMatchObject([{ value: 0.5, mark: 'M' }]);
  });

  test('finds keys in their order, over series, gaps and repetitions', async () => {
    const [a, b] = [station(), station()];
    const times = [0, 5, 10, 3 * 24 * 60, 3 * 24 * 60 + 5].map((minutes) => T0 + minutes * MINUTE);
    await archive.write([
      ...times.map((time, i) => reading({ station: a, time, value: i })),
      reading({ station: b, time: T0, value: 100, mark: 'C' }),
      reading({ station: a, time: T0, value: 200, source: 'lab', mark: 'S' }),
    ]);
    const key = (id: string, time: number, source: 'sensor' | 'lab' = 'sensor') => ({
      station: id,
      parameter: 'nh3n',
      source,
      time,
    });
    const found = await archive.find([
      key(a, times[4] ?? 0),
      key(b, T0),
      key(a, T0, 'lab'),
      key(a, T0),
      key(a, T0 + 1),
      key('nobody', T0),
      key(a, T0),
      key(a, times[3] ?? 0),
    ]);
    expect(found).toEqual([
      { value: 4, mark: 'N' },
      { value: 100, mark: 'C' },
      { value: 200, mark: 'S' },
      { value: 0, mark: 'N' },
      undefined,
      undefined,
      { value: 0, mark: 'N' },
      { value: 3, mark: 'N' },
    ]);
    expect(await archive.find([])).toEqual([]);
  });

  test('finds thousands of scattered keys', async () => {
    const id = station();
    const days = Array.from({ length: 1500 }, (_, i) => reading({ station: id, time: T0 - i * DAY, value: i }));
    await archive.write(days);
    const found = await archive.find(days);
    expect(found.map((held) => held?.value)).toEqual(days.map(({ value }) => value));
  });

  test('readings and counts are half-open, in order of time, and end at the maximum', async () => {
    const id = station();
    await archive.write(Array.from({ length: 10 }, (_, i) => reading({ station: id, time: T0 + i * MINUTE, value: i })));
    const query = { station: id, parameter: 'nh3n', from: T0 + MINUTE, to: T0 + 5 * MINUTE };
    expect((await archive.readings(query, 100)).map(({ value }) => value)).toEqual([1, 2, 3, 4]);
    expect((await archive.readings(query, 2)).map(({ value }) => value)).toEqual([1, 2]);
    expect(await archive.readings(query, 0)).toEqual([]);
    expect(await archive.count(query)).toBe(4);
    expect(await archive.count({ ...query, to: query.from })).toBe(0);
    expect(await archive.count({ ...query, station: 'nobody' })).toBe(0);
    expect(await archive.readings({ ...query, station: 'nobody' }, 5)).toEqual([]);
  });

  test('steps are days of the calendar; what does not count is in the total only', async () => {
    const id = station();
    const at = (hours: number, value: number, mark: Mark = 'N', quality: Quality = 'good') =>
      reading({ station: id, time: T0 + hours * HOUR, value, mark, quality });
    await archive.write([
      at(0, 1),
      at(12, 2, 'T', 'suspect'),
      at(20, 900, 'N', 'fail'),
      at(21, 900, 'M'),
      at(23.9, 6, 'S', 'unknown'),
      at(48, 5, 'D'),
      at(72, 4),
    ]);
    const steps = await archive.steps({ station: id, parameter: 'nh3n', from: T0, to: T0 + 3 * DAY }, DAY, T0);
    expect(steps).toEqual([
      { start: T0, mean: 3, min: 1, max: 6, valid: 3, total: 5 },
      { start: T0 + 2 * DAY, mean: null, min: null, max: null, valid: 0, total: 1 },
    ]);
  });

  test('quotes and other odd characters in names do no harm', async () => {
    const id = `${station()} a,b=c "d" 'e' 断面`;
    const other = station();
    await archive.write([reading({ station: id, value: 3 }), reading({ station: other, value: 4 })]);
    expect(await archive.readings(whole(id), 10)).toMatchObject([{ station: id, value: 3 }]);
    expect(await archive.count(whole(`${other}' OR station != '`))).toBe(0);
    expect(await archive.count(whole(`${other}\\`))).toBe(0);
    expect(await archive.count(whole(`x\n' OR '1' = '1`))).toBe(0);
  });

  test('a newline in a tag writes no other measurement: it is a culprit, the rest of the batch is stored', async () => {
    const id = station();
    const bad = [
      reading({ station: `${id}\nevil,x=y value=1 ${T0}` }),
      reading({ station: `${id}\\` }),
      reading({ station: '' }),
      reading({ station: id, value: NaN }),
      reading({ station: id, checks: ['a\nb'] }),
      reading({ station: id, time: T0 + 0.5 }),
    ];
    const error = await failureOf(
      archive.write([reading({ station: id, value: 1 }), ...bad, reading({ station: id, time: T0 + 1 })]),
    );
    expect(error.retry).toBe(false);
    expect(error.culprits.map(({ reading: culprit }) => culprit)).toEqual(bad);
    expect(await archive.count(whole(id))).toBe(2);
    expect(JSON.stringify(await influxd.query('SHOW MEASUREMENTS'))).not.toContain('evil');
  });

  test('what InfluxDB refuses of a batch is found; the others are stored', async () => {
    await influxd.query('CREATE RETENTION POLICY short ON heqing DURATION 30d REPLICATION 1 DEFAULT');
    try {
      const id = station();
      const now = Date.now();
      const old = [7, 401].map((i) => reading({ station: id, time: now - 90 * DAY - i, value: i }));
      const batch = Array.from({ length: 500 }, (_, i) => reading({ station: id, time: now - i * MINUTE, value: i }));
      const [a, b] = old;
      if (!a || !b) throw new Error('unreachable');
      const error = await failureOf(archive.write([...batch.slice(0, 7), a, ...batch.slice(7, 400), b, ...batch.slice(400)]));
      expect(error.retry).toBe(false);
      expect(error.culprits).toMatchObject([
        { reading: a, why: expect.stringContaining('retention policy'), reason: 'too-old' },
        { reading: b, reason: 'too-old' },
      ]);
      expect(await archive.count({ station: id, parameter: 'nh3n', from: now - 200 * DAY, to: now + DAY })).toBe(500);
    } finally {
      await influxd.query('ALTER RETENTION POLICY autogen ON heqing DEFAULT');
    }
  });

  test('a field that somebody else made an integer refuses everything: the readings wait, and are written once it is mended', async () => {
    const write = (line: string) =>
      fetch(`${influxd.url.replace('/heqing', '/write?db=typed&precision=ms')}`, { method: 'POST', body: line });
    await influxd.query('CREATE DATABASE typed');
    expect((await write(`reading,station=other value=1i ${T0}`)).status).toBe(204);
    const typed = new InfluxArchive({ server: influxAt(influxd.url.replace('/heqing', '/typed')) });
    try {
      const batch = Array.from({ length: 300 }, (_, i) => reading({ station: `t${i % 7}`, time: T0 + i }));
      for (let again = 0; again < 2; again++) {
        expect(await failureOf(typed.write(batch))).toMatchObject({
          retry: true,
          culprits: [],
          message: expect.stringMatching(/REFUSES EVERYTHING.*field type conflict/),
        });
      }
      await influxd.query('DROP DATABASE typed');
      await typed.write(batch);
      expect(await typed.count(whole('t0'))).toBe(43);
    } finally {
      await typed.close();
    }
  });

  test('a database dropped under our feet is made again', async () => {
    await influxd.query('DROP DATABASE heqing');
    const id = station();
    const error = await failureOf(archive.write([reading({ station: id })]));
    expect(error).toMatchObject({ retry: true, message: expect.stringContaining('NO DATABASE heqing') });
    await archive.write([reading({ station: id })]);
    expect(await archive.count(whole(id))).toBe(1);
    await archive.check();
  });

  test('without the bootstrap step a missing database is told', async () => {
    const other = new InfluxArchive({
      server: influxAt(influxd.url.replace('/heqing', '/elsewhere')),
      createDatabase: () => false,
    });
    expect(await failureOf(other.write([reading()]))).toMatchObject({
      retry: true,
      message: expect.stringContaining('NO DATABASE'),
    });
    expect(await failureOf(other.check())).toMatchObject({ retry: true, message: expect.stringContaining('NO DATABASE') });
    await other.close();
  });

  test('away: every call says so, at once; back: the next call works', async () => {
    const id = station();
    await archive.write([reading({ station: id })]);
    await influxd.kill();
    for (const work of [
      () => archive.write([reading({ station: id })]),
      () => archive.find([reading({ station: id })]),
      () => archive.readings(whole(id), 1),
      () => archive.count(whole(id)),
      () => archive.steps(whole(id), HOUR, T0),
      () => archive.check(),
    ]) {
      const started = Date.now();
      expect(await failureOf(work())).toMatchObject({ retry: true, culprits: [] });
      expect(Date.now() - started).toBeLessThan(1000);
    }
    await influxd.start();
    await archive.check();
    await archive.write([reading({ station: id, time: T0 + 1 })]);
    expect(await archive.count(whole(id))).toBe(2);
  });
});

describeWith(['influxd'], 'an InfluxDB that asks who we are', () => {
  test('a wrong password and missing rights are told loudly, and the readings wait', async () => {
    const influxd = await startInfluxd({ auth: true });
    try {
      await influxd.query(`CREATE USER root WITH PASSWORD 'r:o/ot' WITH ALL PRIVILEGES`);
      await influxd.query(`CREATE USER weak WITH PASSWORD 'weak'`, 'root:r:o/ot');
      const as = (login: string) => new InfluxArchive({ server: influxAt(influxd.url.replace('http://', `http://${login}@`)) });

      const stranger = as('root:s3cret');
      const refused = await failureOf(stranger.write([reading()]));
      expect(refused).toMatchObject({ retry: true, message: expect.stringContaining('REFUSES OUR LOGIN (as root)') });
      expect(refused.message + stranger.address).not.toContain('s3cret');

      const owner = as('root:r%3Ao%2Fot');
      await owner.write([reading()]);
      await owner.check();

      const weak = as('weak:weak');
      expect(await failureOf(weak.write([reading()]))).toMatchObject({
        retry: true,
        message: expect.stringContaining('NOT ALLOW'),
      });
      await influxd.query('GRANT ALL ON heqing TO weak', 'root:r:o/ot');
      await weak.write([reading({ time: T0 + 1 })]);
      expect(await owner.count({ station: 's1', parameter: 'nh3n', from: T0, to: T0 + DAY })).toBe(2);
      await Promise.all([stranger.close(), owner.close(), weak.close()]);
    } finally {
      await influxd.dispose();
    }
  });
});
