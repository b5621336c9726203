/** What does a virtual device put into a message? */
import { isoTime, type Calendar, type Instant } from '../domain/time.js';
import type { Timetable } from './schedule.js';
import type { World } from './world.js';

/** A station that sends. */
export interface Device {
  readonly station: string;
  readonly timetable: Timetable;
}

/** A payload of the native dialect (contract §3) and how many values it holds. */
export interface Payload {
  readonly text: string;
  readonly values: number;
}

/** Far enough below what a message may hold (256 KiB, 5,000 values) that nobody has to count bytes exactly. */
const MAX_LENGTH = 160 * 1024;
const MAX_VALUES = 2_000;

const numbersAt = (device: Device, world: World, t: Instant): Record<string, number> => {
  const values: Record<string, number> = {};
  if (!world.speaks(device.station, t)) return values;
  for (const parameter of device.timetable.due(t)) {
    const value = world.value(device.station, parameter, t);
    if (value !== null) values[parameter] = value;
  }
  return values;
};

/** What the device sends live at `t`; `null` when nothing is due or it is silent. `seq` is the message's number. */
export function liveMessage(device: Device, world: World, calendar: Calendar, t: Instant): Payload | null {
  const values = numbersAt(device, world, t);
  const count = Object.keys(values).length;
  if (count === 0) return null;
  return { text: JSON.stringify({ time: isoTime(t, calendar), seq: device.timetable.number(t), values }), values: count };
}

/**
 * The device's past in `(from, to]`, oldest first, many instants to a message. Without `seq`: numbers count the messages
 * that a device sends as it measures, and what it hands in afterwards would look like a gap between them.
 */
export function* pastMessages(device: Device, world: World, calendar: Calendar, from: Instant, to: Instant): Generator<Payload> {
  let parts: string[] = [];
  let values = 0;
  let length = 0;
  for (let t = device.timetable.next(from); t <= to; t = device.timetable.next(t)) {
    const numbers = numbersAt(device, world, t);
    const count = Object.keys(numbers).length;
    if (count === 0) continue;
    const part = JSON.stringify({ time: isoTime(t, calendar), values: numbers });
    if (parts.length > 0 && (values + count > MAX_VALUES || length + part.length > MAX_LENGTH)) {
      yield { text: `[${parts.join(',')}]`, values };
      parts = [];
      values = length = 0;
    }
    parts.push(part);
    values += count;
    length += part.length + 1;
  }
  if (parts.length > 0) yield { text: `[${parts.join(',')}]`, values };
}
