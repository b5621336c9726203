/** How is a device's secret made, kept and checked? As 128 random bits, of which only Mosquitto's own verifier is stored. */
import { pbkdf2, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';

const SECRET_BYTES = 16;
const SALT_BYTES = 12;
const KEY_BYTES = 64;
const DIGEST = 'sha512';
/**
 * Mosquitto's own number. A slow hash protects passwords that people think up; nobody tries 2^128 secrets, so one cheap
 * verifier serves our broker and Mosquitto, and a village of devices that comes back after a power cut is let in at once.
 */
const ROUNDS = 101;

/** A new secret: 32 hexadecimal figures, which every data logger's menu can take. */
export function randomSecret(): string {
  return randomBytes(SECRET_BYTES).toString('hex');
}

/** What is stored of a secret: a PBKDF2-SHA512 as in Mosquitto's password files, `$7$ROUNDS$SALT$KEY` (mosquitto_passwd(1), 2.0). */
export function verifierOf(secret: string): string {
  const salt = randomBytes(SALT_BYTES);
  const key = pbkdf2Sync(secret, salt, ROUNDS, KEY_BYTES, DIGEST);
  return `$7$${ROUNDS}$${salt.toString('base64')}$${key.toString('base64')}`;
}

/** Is `secret` the one that `verifier` was made from? A verifier that cannot be read matches nothing. */
export function matches(secret: Uint8Array, verifier: string): Promise<boolean> {
  const [, scheme, rounds, salt, key] = verifier.split('$');
  if (scheme !== '7' || !Number.isSafeInteger(Number(rounds)) || !salt || !key) return Promise.resolve(false);
  const expected = Buffer.from(key, 'base64');
  return new Promise((resolve, reject) => {
    pbkdf2(secret, Buffer.from(salt, 'base64'), Number(rounds), KEY_BYTES, DIGEST, (error, found) => {
      if (error) reject(error);
      else resolve(expected.length === found.length && timingSafeEqual(expected, found));
    });
  });
}
