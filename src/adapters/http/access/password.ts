/** How is a password kept and checked? As scrypt with its salt and cost, compared in constant time. */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** Characters a password needs when the service can be reached from other machines, and when it cannot. */
export const PASSWORD_LENGTH = { beyondLoopback: 12, loopback: 8 } as const;

const LOG_COST = 15;
const BLOCK = 8;
const PARALLEL = 1;
const KEY_BYTES = 32;

function derive(password: string, salt: Buffer, logCost: number, block: number, parallel: number): Promise<Buffer> {
  const cost = 2 ** logCost;
  // Node's default ceiling is 32 MiB, which is just what this cost needs without its overhead.
  const options = { N: cost, r: block, p: parallel, maxmem: 256 * cost * block };
  return new Promise((resolve, reject) => {
    // The same characters can be typed as different code points; NFC makes them one password.
    scrypt(password.normalize('NFC'), salt, KEY_BYTES, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

/** Length of a password in characters, as a person counts them. */
export function passwordLength(password: string): number {
  return [...password.normalize('NFC')].length;
}

/**
 * `scrypt:15:8:1:long:SALT:KEY` with base64url salt and key. `long` or `short` says whether the password had at least 12
 * characters, so that a start beyond loopback can refuse an account that was made on loopback.
 */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, LOG_COST, BLOCK, PARALLEL);
  const length = passwordLength(password) >= PASSWORD_LENGTH.beyondLoopback ? 'long' : 'short';
  return ['scrypt', LOG_COST, BLOCK, PARALLEL, length, salt.toString('base64url'), key.toString('base64url')].join(':');
}

/** True when `password` is the one that `hash` was made from; a hash that cannot be read is never matched. */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const [scheme, logCost, block, parallel, , salt, key] = hash.split(':');
  if (scheme !== 'scrypt' || !salt || !key) return false;
  const expected = Buffer.from(key, 'base64url');
  const found = await derive(password, Buffer.from(salt, 'base64url'), Number(logCost), Number(block), Number(parallel));
  return expected.length === found.length && timingSafeEqual(expected, found);
}

/** Checked when a name is unknown, so that the answer takes as long as for a known one. No password matches it. */
export const UNMATCHED_HASH = ['scrypt', LOG_COST, BLOCK, PARALLEL, 'long', 'A'.repeat(22), 'A'.repeat(43)].join(':');

/** True when the password behind `hash` is long enough for a service that other machines can reach. */
export function isLongPassword(hash: string): boolean {
  return hash.split(':')[4] === 'long';
}

/** About 99 random bits: 20 letters and figures that are not mistaken for one another, in groups of five. */
export function randomPassword(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
  const picked: string[] = [];
  // Bytes beyond a multiple of the alphabet would make its first letters likelier.
  const fair = 256 - (256 % letters.length);
  while (picked.length < 20) {
    for (const byte of randomBytes(32)) if (byte < fair && picked.length < 20) picked.push(letters.charAt(byte % letters.length));
  }
  return picked.join('').replace(/(.{5})(?=.)/g, '$1-');
}
