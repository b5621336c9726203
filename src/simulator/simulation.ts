/** In which order does a simulated township speak: its past first, then as time passes? */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Site } from '../domain/site.js';
import { DAY, SECOND, localDate, startOfDate, type Instant } from '../domain/time.js';
import { openLink, type Link, type Patience } from './link.js';
import { liveMessage, pastMessages, type Device } from './message.js';
import type { Progress } from './progress.js';
import { sending, type Scenario } from './scenario.js';
import { timetableOf } from './schedule.js';
import { createWorld, type World } from './world.js';

/** What a run is asked for. */
export interface Wishes {
  readonly url: string;
  readonly scenario: Scenario;
  readonly seed: string;
  /** Days before today that are sent first, from local midnight on; 0: only as far back as the slowest instrument reports. */
  readonly days: number;
  /** Simulated minutes to a real one, at least 1. */
  readonly speed: number;
  /** Seconds of live running after which it ends; `null`: until it is stopped. */
  readonly stopAfterSeconds: number | null;
}

/** What a run touches besides the broker. */
export interface Surroundings {
  now(): Instant;
  /** A line for the person at the terminal. */
  say(line: string): void;
  progress(total: number): Promise<Progress>;
  /** Ends the run; what is under way is acknowledged first. */
  readonly signal: AbortSignal;
  readonly patience?: Patience;
}

/** What was sent and acknowledged. */
export interface Sent {
  messages: number;
  values: number;
}

/** Array messages of one device that may wait for their PUBACK together. */
const IN_FLIGHT = 4;

/** Live messages that may wait for their PUBACK together. */
const AT_ONCE = 500;

/** How often a live run looks at the clock. */
const TICK = 200;

/**
 * Runs a township against a broker: connects one device a station, sends the past, then lives until `signal` or
 * `stopAfterSeconds`. Resolves with what the broker acknowledged; rejects with `Unreachable`.
 */
export async function simulate(site: Site, wishes: Wishes, around: Surroundings): Promise<{ past: Sent; live: Sent }> {
  const world = createWorld(site, wishes.seed, wishes.scenario);
  for (const path of world.unknown) around.say(`not simulated: ${path}`);
  const devices = sending(site).flatMap((station) => {
    const parameters = station.parameters.filter((p) => !world.unknown.includes(`${station.id}/${p.parameter}`));
    return parameters.length > 0 ? [{ station: station.id, timetable: timetableOf(parameters, site.calendar) }] : [];
  });
  const links = new Map<string, Link>();
  try {
    for (const { station } of devices) {
      if (around.signal.aborted) break;
      links.set(station, await openLink(wishes.url, station, around.patience));
    }
    around.say(
      `${links.size} stations connected to ${wishes.url.replace(/\/\/[^@/]*@/, '//')}, scenario ${wishes.scenario}, seed ${wishes.seed}`,
    );
    const start = liveStart(around.now(), wishes);
    const speakers = devices.flatMap((device) => {
      const link = links.get(device.station);
      return link ? [{ device, link }] : [];
    });
    const past = await sendPast(speakers, world, site, start, wishes, around);
    const live = await sendLive(speakers, world, site, start, wishes, around);
    return { past, live };
  } finally {
    await Promise.allSettled(Array.from(links.values(), (link) => link.close()));
  }
}

interface Speaker {
  readonly device: Device;
  readonly link: Link;
}

/**
 * Where simulated time begins. A faster clock must not run into the future, which the service refuses: it begins so far
 * back that it meets the real one when the run ends, or a day back when no end is set.
 */
export function liveStart(now: Instant, { speed, stopAfterSeconds }: Pick<Wishes, 'speed' | 'stopAfterSeconds'>): Instant {
  if (speed <= 1) return now;
  return now - (stopAfterSeconds === null ? DAY : (speed - 1) * stopAfterSeconds * SECOND);
}

/** The past up to `start`, all devices at once. */
async function sendPast(
  speakers: readonly Speaker[],
  world: World,
  site: Site,
  start: Instant,
  wishes: Wishes,
  around: Surroundings,
): Promise<Sent> {
  const sent: Sent = { messages: 0, values: 0 };
  const { calendar } = site;
  const firstDay = startOfDate(localDate(start - wishes.days * DAY, calendar), calendar);
  // One millisecond earlier, because the past is open at its beginning: midnight's own values belong to the day.
  const from = ({ device }: Speaker): Instant =>
    Math.min(wishes.days > 0 ? firstDay : start, device.timetable.complete(start)) - 1;
  const began = around.now();
  const progress =
    wishes.days > 0
      ? await around.progress(speakers.reduce((sum, s) => sum + s.device.timetable.values(from(s), start), 0))
      : null;
  await Promise.all(
    speakers.map(async (speaker) => {
      const waiting = new Set<Promise<void>>();
      for (const { text, values } of pastMessages(speaker.device, world, calendar, from(speaker), start)) {
        if (around.signal.aborted) break;
        const acknowledged: Promise<void> = speaker.link.publish(text).then(() => {
          waiting.delete(acknowledged);
          sent.messages++;
          sent.values += values;
          progress?.advance(values);
        });
        waiting.add(acknowledged);
        if (waiting.size >= IN_FLIGHT) await Promise.race(waiting);
      }
      await Promise.all(waiting);
    }),
  ).finally(() => progress?.stop());
  if (wishes.days > 0) {
    const seconds = (around.now() - began) / SECOND;
    around.say(`backfill: ${sent.messages} messages, ${sent.values} values acknowledged in ${seconds.toFixed(1)} s`);
  }
  return sent;
}

/** The present, from `start` on, at the wished speed and never ahead of the real clock. */
async function sendLive(
  speakers: readonly Speaker[],
  world: World,
  site: Site,
  start: Instant,
  wishes: Wishes,
  around: Surroundings,
): Promise<Sent> {
  const sent: Sent = { messages: 0, values: 0 };
  const began = around.now();
  const end = wishes.stopAfterSeconds === null ? Infinity : began + wishes.stopAfterSeconds * SECOND;
  const waiting = new Set<Promise<void>>();
  const online = new Map<string, boolean>();
  const failures: Error[] = [];
  const throwIfFailed = (): void => {
    if (failures[0]) throw failures[0];
  };
  for (const { link } of speakers) link.lost.catch((error: Error) => failures.push(error));

  const say = ({ device, link }: Speaker, t: Instant): void => {
    const payload = liveMessage(device, world, site.calendar, t);
    const speaks = world.speaks(device.station, t);
    const acts: Promise<void>[] = [];
    if (online.get(device.station) !== speaks) {
      online.set(device.station, speaks);
      acts.push(link.status(speaks));
    }
    if (payload) {
      acts.push(
        link.publish(payload.text).then(() => {
          sent.messages++;
          sent.values += payload.values;
        }),
      );
    }
    const done: Promise<void> = Promise.all(acts).then(
      () => void waiting.delete(done),
      (error: Error) => {
        waiting.delete(done);
        failures.push(error);
      },
    );
    waiting.add(done);
  };

  for (const speaker of speakers) {
    const speaks = world.speaks(speaker.device.station, start);
    online.set(speaker.device.station, speaks);
    await speaker.link.status(speaks);
  }
  const next = new Map(speakers.map((speaker) => [speaker, speaker.device.timetable.next(start)]));
  for (;;) {
    const now = around.now();
    const elapsed = Math.min(now, end) - began;
    const reached = wishes.speed <= 1 ? began + elapsed : Math.min(began + elapsed, start + wishes.speed * elapsed);
    for (const speaker of speakers) {
      let t = next.get(speaker) ?? Infinity;
      for (; t <= reached; t = speaker.device.timetable.next(t)) {
        say(speaker, t);
        if (waiting.size >= AT_ONCE) await Promise.race(waiting);
      }
      next.set(speaker, t);
    }
    throwIfFailed();
    if (around.signal.aborted || now >= end) break;
    await sleep(Math.min(TICK, Math.max(1, end - now)));
  }
  await Promise.all(waiting);
  throwIfFailed();
  return sent;
}
