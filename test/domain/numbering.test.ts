/** Is every missing number counted, none twice, and none that only a restart leaves out? */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { follow, LEAP, missingMessages, MOST_HOLES, type Numbering, type Run } from '../../src/domain/numbering.js';

/** One message: its number, and when it was measured. */
const message = (seq: number, time: number | null = seq, over: Partial<Run> = {}): Run => ({
  first: seq,
  last: seq,
  time,
  newest: time,
  timeless: false,
  received: time ?? 0,
  ...over,
});
const heard = (runs: readonly Run[]): Numbering => runs.reduce<Numbering | null>(follow, null)!;
const holes = (n: Numbering): string =>
  n.holes.map((h) => (h.first === h.last ? `${h.first}` : `${h.first}-${h.last}`)).join(' ');
const plain = (...seqs: number[]): Run[] => seqs.map((seq) => message(seq));

describe('holes', () => {
  test.each<[string, Run[], string, number]>([
    ['none', plain(1, 2, 3), '', 0],
    ['begins anywhere', plain(4711, 4712), '', 0],
    ['one', plain(1, 2, 5), '3-4', 2],
    ['several', plain(1, 3, 7), '2 4-6', 4],
    ['late, in part', plain(1, 7, 4), '2-3 5-6', 4],
    ['late, all', plain(1, 4, 3, 2), '', 0],
    ['late, as a run', [...plain(1, 7), message(3, 3, { last: 5, newest: 5 })], '2 6', 2],
    ['a repetition changes nothing', plain(1, 2, 5, 2, 5, 1), '3-4', 2],
    ['a repetition and what follows, as one run', [...plain(1, 2, 3), message(2, 2, { last: 6, newest: 6 })], '', 0],
    ['a run that spans a hole and goes beyond', [...plain(1, 5), message(2, 2, { last: 8, newest: 8 })], '', 0],
    ['older than the first that was heard', plain(10, 9, 8), '', 0],
    ['refused messages are messages, too', [message(1, null), message(2, null), message(5, null), message(4, null)], '3', 1],
    ['a restart at a low number', [...plain(5_000_000, 5_000_001), message(1, 5_000_002), message(2, 5_000_003)], '', 0],
    ['a loss after the restart', [...plain(90, 91), message(0, 92), message(3, 93)], '1-2', 2],
    ['a loss before the restart stays', [...plain(90, 95), message(1, 96), message(2, 97)], '91-94', 4],
    ['and closes by a message measured before it', [...plain(90, 95), message(1, 96), message(92, 92)], '91 93-94', 3],
    [
      'the same numbers again do not close it',
      [...plain(1, 2, 5), message(1, 6), message(2, 7), message(3, 8), message(4, 9)],
      '3-4',
      2,
    ],
    [
      'a late message of before the restart is no leap',
      [...plain(90, 91), message(1, 92), message(89, 89), message(2, 93)],
      '',
      0,
    ],
    ['a leap of millions is another numbering', [...plain(1, 2), message(3 + LEAP, 3), message(4 + LEAP, 4)], '', 0],
    ['the longest leap that counts', [...plain(1), message(1 + LEAP, 3)], `2-${LEAP}`, LEAP - 1],
    ['numbers that never rise', [message(0, 1), message(0, 2), message(0, 3)], '', 0],
    [
      'without a time, late: closes',
      [message(1, 1), message(4, 4, { timeless: true }), message(2, 9, { timeless: true })],
      '3',
      1,
    ],
    [
      'without a time, from the beginning: a restart',
      [8, 9, 1, 2, 4].map((seq, i) => message(seq, i, { timeless: true })),
      '3',
      1,
    ],
  ])('%s', (_, runs, expected, missing) => {
    const numbering = heard(runs);
    expect(holes(numbering)).toBe(expected);
    expect(missingMessages(numbering)).toBe(missing);
  });

  test('a hole knows the arrivals on both sides', () => {
    const numbering = heard([message(1, 1, { received: 100 }), message(4, 4, { received: 400 })]);
    expect(numbering.holes).toEqual([{ first: 2, last: 3, epoch: 0, after: 100, before: 400 }]);
  });

  test('the oldest holes are kept as a number only', () => {
    const numbering = heard(Array.from({ length: MOST_HOLES + 11 }, (_, i) => message(i * 3)));
    expect(numbering.holes).toHaveLength(MOST_HOLES);
    expect(missingMessages(numbering)).toBe((MOST_HOLES + 10) * 2);
  });
});

test('law: in any order and any number of deliveries, what is missing is what never came', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 1 }), fc.infiniteStream(fc.nat()), (came, picks) => {
      // The first is heard first; then everything, shuffled, some twice.
      const rest = came.flatMap((seq, i) => (i % 3 === 0 ? [seq, seq] : [seq]));
      const order = rest.map((seq) => [[...picks.take(1)][0] ?? 0, seq] as const).sort(([a], [b]) => a - b);
      const numbering = heard([message(0), ...order.map(([, seq]) => message(seq))]);
      expect(missingMessages(numbering)).toBe(Math.max(...came) - came.length);
    }),
  );
});
