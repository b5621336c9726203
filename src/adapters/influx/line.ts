/** How is a reading written as a line of InfluxDB's line protocol? Measurement, tags and fields are public (contract §3). */
import { type JudgedReading, QUALITY } from '../../domain/reading.js';

/** The measurement all readings stand in. */
export const MEASUREMENT = 'reading';

// A newline would begin another line, with another measurement, and a backslash at the end of a tag would escape what follows it.
const CONTROL = /[\u0000-\u001f\u007f]/;

/** The beginning of every line of a series, or why there can be none. */
type Beginning = { readonly text: string; readonly why: null } | { readonly text: null; readonly why: string };

/** Series are few and readings many: the beginning of a line is checked and escaped once a series. */
const beginnings = new Map<string, Map<string, Beginning>>();

/** Beginnings kept; a config has fewer series, and tests must not fill memory. */
const MOST_STATIONS = 10_000;

function beginningOf({ station, parameter, source }: JudgedReading): Beginning {
  let ofStation = beginnings.get(station);
  if (ofStation === undefined) {
    if (beginnings.size >= MOST_STATIONS) beginnings.clear();
    ofStation = new Map();
    beginnings.set(station, ofStation);
  }
  const key = source === 'sensor' ? parameter : `${parameter} ${source}`;
  let beginning = ofStation.get(key);
  if (beginning === undefined) ofStation.set(key, (beginning = begin({ station, parameter, source })));
  return beginning;
}

function begin(tags: Readonly<Record<'station' | 'parameter' | 'source', string>>): Beginning {
  let text = MEASUREMENT;
  for (const [tag, value] of Object.entries(tags)) {
    if (value === '') return { text: null, why: `the ${tag} is empty` };
    if (CONTROL.test(value)) return { text: null, why: `the ${tag} holds a control character` };
    if (value.includes('\\')) return { text: null, why: `the ${tag} holds a backslash` };
    text += `,${tag}=${value.replace(/[ ,=]/g, '\\$&')}`;
  }
  return { text: `${text} value=`, why: null };
}

/**
 * The line of a reading, time in ms, or why it cannot be written. Numbers are written as floats, all of them: an integer
 * field would refuse the first 7.5 after a 7.
 */
export function lineOf(reading: JudgedReading): { readonly line: string; readonly why: null } | { readonly why: string } {
  const { text, why } = beginningOf(reading);
  if (why !== null) return { why };
  const { time, value, received, sampled, detection, ruling, checks } = reading;
  if (!Number.isFinite(value)) return { why: 'the value is not a number' };
  if (!Number.isFinite(received)) return { why: 'the received is not a number' };
  if (sampled !== undefined && !Number.isFinite(sampled)) return { why: 'the sampled is not a number' };
  if (detection !== undefined && !Number.isFinite(detection)) return { why: 'the detection limit is not a number' };
  if (!Number.isSafeInteger(time)) {
    return { why: Number.isFinite(time) ? 'the time is not a whole number of milliseconds' : 'the time is not a number' };
  }
  for (const check of checks) {
    if (CONTROL.test(check) || check.includes(',')) return { why: 'a check holds a control character or a comma' };
  }
  const passed = checks.length === 0 ? '' : checks.join(',').replace(/["\\]/g, '\\$&');
  let more = sampled === undefined ? '' : `,sampled=${sampled}`;
  if (detection !== undefined) more += `,detection=${detection}`;
  // Fields of a point add up: a ruling that was lifted must be written over.
  if (ruling !== undefined || reading.amended !== undefined) more += `,ruling="${ruling ?? ''}"`;
  const line = `${text}${value},quality=${QUALITY[reading.quality]},mark="${reading.mark}",checks="${passed}",received=${received}${more} ${time}`;
  return { line, why: null };
}
