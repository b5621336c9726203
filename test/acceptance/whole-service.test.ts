/** Does a reading become what the contract promises: kept, counted, judged, mailed and shown? On embedded and on real parts alike. */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { RejectionsAnswer, StationsAnswer } from '../../src/adapters/http/contract/contract.js';
import type { ComplianceAnswer, TargetsAnswer } from '../../src/adapters/http/contract/compliance.js';
import { Device } from '../support/device.js';
import type { Message } from '../support/device.js';
import { eventually, pause } from '../support/eventually.js';
import { describeWith } from '../support/real-server.js';
import { alerts, beijing, concerned, counted, DAY, dayAgo, HOUR, MINUTE, notices, recipients, SECOND, series } from './ask.js';
import { embedded, real } from './set-ups.js';
import type { SetUp } from './set-ups.js';

jest.setTimeout(120_000);

const MESSAGES = 200;
const OUT = 'nankeng-out';
const MARKS = ['N', 'F', 'M', 'S', 'D', 'C', 'T', 'B'] as const;

/** Listed nowhere and judged by nothing, yet what it sends is kept. */
const INACTIVE = { id: 'gangue-heap', parameters: ['pm10', 'tsp'] };

/** A value of every parameter that is over no limit anywhere. */
const NORMAL: Readonly<Record<string, number>> = {
  temp: 18, ph: 7.2, do: 8, cond: 310, turb: 0.4, codmn: 3, nh3n: 0.4, tp: 0.08, tn: 5, cod: 20, bod5: 4, ss: 8, cl2: 0.5, tcl2: 0.8,
  clo2: 0.3, flow: 120, level: 1.4, rain: 0.2, pm10: 42, pm25: 21, tsp: 80, noise: 52, airtemp: 12, humidity: 60, windspeed: 2, winddir: 90,
}; // prettier-ignore

/** Long enough for a second mail or a second alert to show, were there one. */
const SILENCE = 1500;

/** Windows close on the hour, which changes what stations say of themselves: waits until it is past when it is near. */
async function awayFromTheHour(): Promise<void> {
  const left = HOUR - (Date.now() % HOUR);
  if (left < 20 * SECOND) await pause(left + 2 * SECOND);
}

interface Sent {
  readonly station: string;
  readonly message: Message & { readonly time: string };
}

/** Messages over all stations in turn: every configured parameter, each value its own, every mark in turn. */
function ordinary(stations: readonly { id: string; parameters: readonly string[] }[], from: number): Sent[] {
  return Array.from({ length: MESSAGES }, (_, n) => {
    const { id, parameters } = stations[n % stations.length]!;
    const values = Object.fromEntries(parameters.map((code) => [code, Number((NORMAL[code]! * (1 + n / 10_000)).toFixed(5))]));
    const mark = MARKS[n % MARKS.length]!;
    // A device whose newest word is a mark of a fault would rightly raise an alert of its own.
    const isLast = n >= MESSAGES - stations.length;
    const marks = mark === 'N' || isLast ? {} : { marks: { [parameters[n % parameters.length]!]: mark } };
    return { station: id, message: { time: beijing(from + Math.floor(n / stations.length) * 5 * MINUTE), values, ...marks } };
  });
}

/** What must be under every series afterwards: `station parameter` → rows in order of time. */
function expectedRows(sent: readonly Sent[]): Map<string, { time: number; value: number; mark: string }[]> {
  const rows = new Map<string, { time: number; value: number; mark: string }[]>();
  for (const { station, message } of sent) {
    for (const [parameter, value] of Object.entries(message.values)) {
      const key = `${station} ${parameter}`;
      const row = { time: Date.parse(message.time), value, mark: message.marks?.[parameter] ?? 'N' };
      rows.set(key, [...(rows.get(key) ?? []), row]);
    }
  }
  return rows;
}

const valuesIn = (sent: readonly Sent[]): number => sent.reduce((n, { message }) => n + Object.keys(message.values).length, 0);

function scenario(make: () => Promise<SetUp>): void {
  let parts: SetUp;
  let devices: Device[] = [];
  let sent: Sent[] = [];
  let people: string[] = [];
  const span = { from: Date.now() - 10 * DAY, to: Date.now() + HOUR };
  const now = Math.floor(Date.now() / SECOND) * SECOND;
  const overAt = now - 5 * MINUTE;
  const [exceededDay, singleDay] = [dayAgo(4), dayAgo(3)];
  const fourHourly = [1.0, 1.1, 1.2, 1.2, 1.3, 1.4];

  const connect = async (): Promise<void> => {
    devices = await Promise.all(parts.versions.map((version) => Device.connect(parts.service.mqttUrl, version)));
  };
  const publish = (station: string, message: Message | string, turn = 0): Promise<void> =>
    devices[turn % devices.length]!.publish(station, message);
  const nh3n = (time: number, value: number): Message => ({ time: beijing(time), values: { nh3n: value } });
  const settled = (received: number) =>
    eventually(`${received} values received and none pending`, async () => {
      const counts = await counted(parts.service);
      return counts.service.received === received && counts.service.pending === 0 && counts;
    });
  /** The day verdicts of the river's assessed section in the year of a day. */
  const days = async (date: string): Promise<ComplianceAnswer['windows']> => {
    const { windows } = await parts.service.api<ComplianceAnswer>(
      `/api/v1/compliance/river?period=${date.slice(0, 4)}&window=day`,
    );
    return windows;
  };
  const verdictOf = async (date: string) =>
    (await days(date)).find((window) => window.station === OUT && window.start.startsWith(date));

  beforeAll(async () => {
    parts = await make();
    await connect();
    people = concerned(OUT);
  });
  afterAll(async () => {
    await Promise.all(devices.map((device) => device.end()));
    await parts?.dispose();
  });

  test(`${MESSAGES} messages over all stations: every value is there with its time and mark`, async () => {
    const { stations } = await parts.service.api<StationsAnswer>('/api/v1/stations');
    expect(stations.length).toBeGreaterThanOrEqual(14);
    const all = stations.map(({ id, latest }) => ({ id, parameters: latest.map(({ parameter }) => parameter) }));
    sent = ordinary([...all, INACTIVE], now - 2 * HOUR);
    await Promise.all(sent.map(({ station, message }, n) => publish(station, message, n)));

    const values = valuesIn(sent);
    const { service } = await settled(values);
    expect(service).toEqual({ received: values, stored: values, duplicate: 0, corrected: 0, rejected: 0, pending: 0 });
    for (const [key, rows] of expectedRows(sent)) {
      const [station = '', parameter = ''] = key.split(' ');
      expect({ key, ...(await series(parts.service, station, parameter, span)) }).toEqual({ key, rows, partial: false });
    }
    expect(await alerts(parts.service)).toEqual([]);
    if (parts.influxd) {
      const answer = (await parts.influxd.query('SELECT count(value) FROM reading')) as {
        results: { series: { values: number[][] }[] }[];
      };
      expect(answer.results[0]!.series[0]!.values[0]![1]).toBe(values);
    }
  });

  test('the page lists the newest value of every parameter, and no inactive station', async () => {
    const { stations } = await parts.service.api<StationsAnswer>('/api/v1/stations');
    expect(stations.map(({ id }) => id)).not.toContain(INACTIVE.id);
    const rows = expectedRows(sent);
    for (const { id, latest } of stations) {
      for (const { parameter, value, time, mark } of latest) {
        const last = rows.get(`${id} ${parameter}`)!.at(-1)!;
        expect({ id, parameter, value, time: Date.parse(time ?? ''), mark }).toEqual({ id, parameter, ...last });
      }
    }
  });

  test('a past day with six four-hourly values of mean 1.2 is exceeded and names its evidence', async () => {
    const start = Date.parse(`${exceededDay}T00:00:00+08:00`);
    for (const [i, value] of fourHourly.entries()) await publish(OUT, nh3n(start + i * 4 * HOUR, value), i);
    const window = await eventually('the verdict', async () => {
      const found = await verdictOf(exceededDay);
      // Four of six are enough for a verdict, so it stands before the last value is in.
      return found?.findings.some(({ parameter, valid }) => parameter === 'nh3n' && valid === 6) && found;
    });
    expect(window.verdict).toBe('exceeded');
    expect(Date.parse(window.end) - Date.parse(window.start)).toBe(DAY);
    const finding = window.findings.find(({ parameter }) => parameter === 'nh3n');
    expect(finding).toMatchObject({ value: 1.2, limit: 1, times: 0.2, outcome: 'exceeded', grade: 'verified', valid: 6, due: 6 });
    expect(finding?.citation).toContain('GB 3838-2002');
    expect(finding?.citation).toContain('Ⅲ类');
  });

  test('a past day with a single value is undetermined, with the reason', async () => {
    await publish(OUT, nh3n(Date.parse(`${singleDay}T08:00:00+08:00`), 1.2));
    const window = await eventually('the verdict', async () => {
      const found = await verdictOf(singleDay);
      return found?.findings.some(({ parameter, valid }) => parameter === 'nh3n' && valid === 1) && found;
    });
    expect(window.verdict).toBe('undetermined');
    expect(window.reason).toMatch(/氨氮有效数据不足/);
    expect(window.findings.find(({ parameter }) => parameter === 'nh3n')).toMatchObject({
      value: 1.2,
      outcome: 'undetermined',
      times: null,
    });
  });

  test('today has no verdict, and nothing that little makes a rate of 100', async () => {
    const today = dayAgo(0);
    expect((await days(today)).filter(({ end }) => Date.parse(end) > Date.now())).toEqual([]);
    const { targets } = await parts.service.api<TargetsAnswer>('/api/v1/targets');
    for (const target of targets) expect(target).toMatchObject({ rate: null });
    expect(await alerts(parts.service)).toEqual([]);
    expect(await parts.mails()).toEqual([]);
  });

  test('NH3-N of 1.37 opens exactly one alert and one mail per person concerned', async () => {
    // The office, and the village's own river chief: nobody higher up before those have not answered.
    expect(people).toEqual(['chief-changtan@example.org', 'town-office@example.org']);
    await publish(OUT, nh3n(overAt, 1.37));
    const mails = await eventually('the mails', async () => {
      const found = await parts.mails();
      return found.length >= people.length && found;
    });
    const standing = await alerts(parts.service);
    expect(standing).toHaveLength(1);
    const [alert] = standing;
    expect(alert).toMatchObject({
      station: OUT,
      parameter: 'nh3n',
      state: 'active',
      kind: 'limit',
      severity: 'over',
      value: 1.37,
      limit: 1,
    });
    expect(Date.parse(alert!.openedAt)).toBe(overAt);

    expect(recipients(mails)).toEqual(people);
    for (const { subject, text, headers } of mails) {
      expect(subject).toMatch(/^【超限】/);
      for (const words of ['南坑河出境断面', '氨氮 1.37 mg/L', 'Ⅲ类', '1.0', '0.37 倍']) expect(subject).toContain(words);
      expect(subject).toContain(beijing(overAt).slice(5, 16).replace('T', ' '));
      expect(text).toContain('GB 3838-2002');
      expect(headers.get('x-heqing-alert')).toBe(alert!.id);
      expect(headers.has('in-reply-to')).toBe(false);
    }
    expect(new Set(mails.map(({ headers }) => headers.get('message-id'))).size).toBe(people.length);
  });

  test('a worse value and kill -9 while the alert stands: nothing is told twice', async () => {
    await publish(OUT, nh3n(overAt + MINUTE, 1.42));
    await eventually('the worse value', async () => (await alerts(parts.service))[0]?.value === 1.42);
    await parts.service.kill9();
    await parts.service.start();
    await pause(SILENCE);
    expect(await parts.mails()).toHaveLength(people.length);
    // A mail file that is written again shows only here.
    expect((await notices(parts.service)).map(({ state, attempts }) => `${state} ${attempts}`)).toEqual(
      people.map(() => 'sent 1'),
    );
    expect(await alerts(parts.service, 'active')).toHaveLength(1);
  });

  test('three values back inside end it with exactly one mail each, in the same thread', async () => {
    await publish(OUT, nh3n(overAt + 2 * MINUTE, 0.9));
    await publish(OUT, nh3n(overAt + 3 * MINUTE, 0.8));
    await eventually('the second value', async () =>
      (await series(parts.service, OUT, 'nh3n', span)).rows.some(({ value }) => value === 0.8),
    );
    expect(await alerts(parts.service, 'active')).toHaveLength(1);
    await publish(OUT, nh3n(overAt + 4 * MINUTE, 0.7));
    await eventually('the mails', async () => (await parts.mails()).length >= 2 * people.length);
    await pause(SILENCE);

    const mails = await parts.mails();
    const opened = mails.filter(({ subject }) => subject.startsWith('【超限】'));
    const ended = mails.filter(({ subject }) => subject.startsWith('【恢复】'));
    expect(mails).toHaveLength(2 * people.length);
    expect([recipients(opened), recipients(ended)]).toEqual([people, people]);
    for (const { headers } of ended) {
      const first = opened.find((mail) => mail.headers.get('to') === headers.get('to'));
      expect(headers.get('in-reply-to')).toBe(first?.headers.get('message-id'));
      expect(headers.get('message-id')).not.toBe(first?.headers.get('message-id'));
    }
    const all = await alerts(parts.service);
    expect(all).toHaveLength(1);
    expect(all[0]).toMatchObject({ state: 'resolved', value: 1.42 });
    expect(Date.parse(all[0]!.resolvedAt ?? '')).toBe(overAt + 4 * MINUTE);
    expect(await alerts(parts.service, 'active')).toEqual([]);
    expect((await notices(parts.service)).map(({ state, attempts }) => `${state} ${attempts}`)).toEqual(
      mails.map(() => 'sent 1'),
    );
  });

  test('a broken payload appears under rejections, and nothing else changes', async () => {
    await awayFromTheHour();
    const look = async () => {
      const { stations } = await parts.service.api<StationsAnswer>('/api/v1/stations');
      return { stations, alerts: await alerts(parts.service), river: await days(dayAgo(4)), mails: (await parts.mails()).length };
    };
    const before = { look: await look(), counts: (await counted(parts.service)).service };
    const broken = '{"time":"2026-11-23T08:00:00+08:00","values":{"nh3n":9.99';
    await publish(OUT, broken);
    const after = await settled(before.counts.received + 1);
    expect(after.service).toEqual({
      ...before.counts,
      received: before.counts.received + 1,
      rejected: before.counts.rejected + 1,
    });
    const { rejections } = await parts.service.api<RejectionsAnswer>('/api/v1/rejections?limit=5');
    expect(rejections).toHaveLength(1);
    expect(rejections[0]).toMatchObject({ topic: `heqing/${OUT}/readings`, reason: 'not-json', payload: broken });
    expect(await look()).toEqual(before.look);
  });

  test('duplicates and corrections are counted, and a redelivery of what was corrected changes nothing', async () => {
    const before = (await counted(parts.service)).service;
    const again = sent.slice(0, 20);
    const { station, message } = sent.find(({ message: { values, marks } }) => 'ph' in values && marks?.ph === undefined)!;
    const corrected = { time: message.time, values: { ph: 7.77 } };
    await Promise.all(again.map((one, n) => publish(one.station, one.message, n)));
    await publish(station, corrected);
    await publish(station, corrected);
    await publish(station, { time: message.time, values: { ph: message.values.ph! } });
    await publish(station, { ...corrected, marks: { ph: 'M' } });

    const duplicates = valuesIn(again) + 2;
    const { service } = await settled(before.received + duplicates + 2);
    expect(service.duplicate - before.duplicate).toBe(duplicates);
    expect(service.corrected - before.corrected).toBe(2);
    expect(service.stored).toBe(before.stored);
    const { rows } = await series(parts.service, station, 'ph', span);
    const time = Date.parse(message.time);
    expect(rows.filter((row) => row.time === time)).toEqual([{ time, value: 7.77, mark: 'M' }]);
  });

  test('the identity holds per station, and every station’s values were counted', async () => {
    const { stations, service } = await counted(parts.service);
    const listed = [...stations.values()].reduce((n, { received }) => n + received, 0);
    const unlisted = valuesIn(sent.filter(({ station }) => station === INACTIVE.id));
    // Those of the inactive station that came twice.
    const twice = valuesIn(sent.slice(0, 20).filter(({ station }) => station === INACTIVE.id));
    expect(listed + unlisted + twice).toBe(service.received);
    for (const { received, pending } of stations.values())
      expect({ some: received > 0, pending }).toEqual({ some: true, pending: 0 });
  });

  test('kill -9 and restart: all of it is still there, and nothing is told twice', async () => {
    await awayFromTheHour();
    const look = async () => {
      const rows = [];
      for (const key of expectedRows(sent).keys()) {
        const [station = '', parameter = ''] = key.split(' ');
        rows.push({ key, ...(await series(parts.service, station, parameter, span)) });
      }
      const { stations } = await parts.service.api<StationsAnswer>('/api/v1/stations');
      const { rejections } = await parts.service.api<RejectionsAnswer>('/api/v1/rejections');
      const counts = await counted(parts.service);
      return { rows, stations, rejections, counts, alerts: await alerts(parts.service), notices: await notices(parts.service) };
    };
    const before = { look: await look(), verdicts: [await verdictOf(exceededDay), await verdictOf(singleDay)] };
    await parts.service.kill9();
    await parts.service.start();
    await pause(SILENCE);
    expect(await look()).toEqual(before.look);
    expect([await verdictOf(exceededDay), await verdictOf(singleDay)]).toEqual(before.verdicts);
    expect(await parts.mails()).toHaveLength(2 * people.length);
    expect(await parts.service.stop()).toBeLessThan(10_000);
  });
}

describe('on the embedded parts', () => scenario(embedded));
describeWith(['mosquitto', 'influxd'], 'on Mosquitto, InfluxDB and SMTP', () => scenario(real));
