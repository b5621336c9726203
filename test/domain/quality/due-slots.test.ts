/** Is a value counted in the slot in which it was due, and only one that counts as valid? */
import { expect, test } from '@jest/globals';
import type { JudgedReading } from '../../../src/domain/reading.js';
import { dueSlots } from '../../../src/domain/quality/due-slots.js';
import { HOUR, MINUTE } from '../../../src/domain/time.js';
import { at, reading } from '../../support/wupi.js';

const from = at('2026-11-22');
const value = (minute: number, over: Partial<JudgedReading> = {}): JudgedReading =>
  reading({ time: from + minute * MINUTE, ...over });

test.each<[string, JudgedReading[], number[], number]>([
  ['nothing', [], [], 0],
  ['one an hour', [value(0), value(60), value(120)], [0, 1, 2], 3],
  ['two in one slot are one', [value(0), value(20)], [0], 1],
  ['a fault came and is not valid', [value(0), value(60, { mark: 'D' })], [0, 1], 1],
  ['one that failed came and is not valid', [value(0, { quality: 'fail' })], [0], 0],
  ['one over the measuring range counts', [value(0, { mark: 'T' })], [0], 1],
  ['what the laboratory found was not due of the instrument', [value(0, { source: 'lab', mark: 'S' })], [], 0],
  ['about where slots meet: the second of a slot stands for the next', [value(5), value(58)], [0, 1], 2],
  ['in the slot that still runs: came, and is not due yet', [value(180)], [3], 0],
])('%s', (_, rows, filled, valid) => {
  const found = dueSlots(rows, { from, to: from + 3.5 * HOUR }, 60);
  expect({ ...found, filled: [...found.filled] }).toEqual({ due: 3, filled, valid });
});

test('nothing is due before the first slot has passed', () => {
  expect(dueSlots([value(0)], { from, to: from + 10 * MINUTE }, 60)).toMatchObject({ due: 0, valid: 0 });
});
