/** Which bytes are a photo that a case keeps? */
import { expect, test } from '@jest/globals';
import { PHOTO_BYTES, photoRefusal, photoType } from '../../../src/domain/cases/photo.js';

const ascii = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0));
const JPEG = [0xff, 0xd8, 0xff, 0xe1];

test.each<[string, number[], string | null]>([
  ['JPEG', JPEG, 'image/jpeg'],
  ['PNG', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], 'image/png'],
  ['WebP', [...ascii('RIFF'), 1, 2, 3, 4, ...ascii('WEBP')], 'image/webp'],
  ['another RIFF', [...ascii('RIFF'), 1, 2, 3, 4, ...ascii('WAVE')], null],
  ['GIF', ascii('GIF89a'), null],
  ['SVG', ascii('<svg xmlns='), null],
  ['a page', ascii('<!doctype html>'), null],
  ['half a JPEG head', [0xff, 0xd8], null],
  ['nothing', [], null],
])('%s', (_, bytes, type) => {
  expect(photoType(Uint8Array.from(bytes))).toBe(type);
  expect(photoRefusal(Uint8Array.from(bytes), 0) === null).toBe(type !== null);
});

test('as large and as many as allowed, and no more', () => {
  const large = new Uint8Array(PHOTO_BYTES);
  large.set(JPEG);
  expect(photoRefusal(large, 8)).toBeNull();
  expect(photoRefusal(large, 9)?.zh).toContain('9 张');
  const larger = new Uint8Array(PHOTO_BYTES + 1);
  larger.set(JPEG);
  expect(photoRefusal(larger, 0)?.zh).toContain('5 MB');
});
