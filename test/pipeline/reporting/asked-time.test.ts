/** Is a time in a question taken as it is written, or refused? */
import { expect, test } from '@jest/globals';
import { askedTime } from '../../../src/pipeline/reporting/asked-time.js';
import { Refusal } from '../../../src/pipeline/ports.js';

const beijing = { offsetMinutes: 480 };

test.each([
  ['2026-11-23', '2026-11-22T16:00:00.000Z'],
  ['2028-02-29', '2028-02-28T16:00:00.000Z'],
  ['2026-11-23T08:00:00+08:00', '2026-11-23T00:00:00.000Z'],
  ['2026-11-23T08:00:00 0800', '2026-11-23T00:00:00.000Z'],
  ['2026-11-23T08:00Z', '2026-11-23T08:00:00.000Z'],
  // A day of another zone may be another one here.
  ['2026-11-30T23:00:00-05:00', '2026-12-01T04:00:00.000Z'],
])('%s is %s', (text, iso) => {
  expect(new Date(askedTime('from', text, beijing)).toISOString()).toBe(iso);
});

test.each(['2026-02-29', '2026-02-30', '2026-11-31T08:00:00+08:00', '2026-13-01', '2026-00-10T00:00Z'])(
  '%s names a day that there is not',
  (text) => {
    expect(() => askedTime('from', text, beijing)).toThrow(Refusal);
    expect(() => askedTime('from', text, beijing)).toThrow(`没有 ${text.slice(0, 10)} 这一天`);
  },
);

test.each(['', 'x', '2026-11-23T08:00:00', '2026-11-23T25:00:00Z', 'Nov 23 2026 08:00 Z'])('%j is no time', (text) => {
  expect(() => askedTime('from', text, beijing)).toThrow('from 应为带时区的时间');
});
