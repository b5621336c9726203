/** Is this a photo that a case can keep? Its first bytes say, not its name. */
import type { Words } from '../alerting/alert.js';

export const PHOTO_TYPES = ['image/jpeg', 'image/png', 'image/webp'] as const;
export type PhotoType = (typeof PHOTO_TYPES)[number];

/** Bytes of one photo at most. */
export const PHOTO_BYTES = 5 * 1024 * 1024;

/** Photos of one step at most. */
export const PHOTOS_A_STEP = 9;

/** The type of a picture by its first bytes; `null` for anything else. */
export function photoType(bytes: Uint8Array): PhotoType | null {
  const has = (at: number, ...wanted: number[]): boolean => wanted.every((byte, i) => bytes[at + i] === byte);
  if (has(0, 0xff, 0xd8, 0xff)) return 'image/jpeg';
  if (has(0, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'image/png';
  if (has(0, 0x52, 0x49, 0x46, 0x46) && has(8, 0x57, 0x45, 0x42, 0x50)) return 'image/webp';
  return null;
}

/** Why a photo is not taken, `waiting` photos being there that belong to no step yet; `null`: it is taken. */
export function photoRefusal(bytes: Uint8Array, waiting: number): Words | null {
  if (bytes.length > PHOTO_BYTES) return { zh: '照片超过 5 MB', en: 'the photo is larger than 5 MB' };
  if (photoType(bytes) === null) return { zh: '照片应为 JPEG、PNG 或 WebP', en: 'a photo must be JPEG, PNG or WebP' };
  if (waiting >= PHOTOS_A_STEP)
    return { zh: `一步最多 ${PHOTOS_A_STEP} 张照片`, en: `a step has at most ${PHOTOS_A_STEP} photos` };
  return null;
}
