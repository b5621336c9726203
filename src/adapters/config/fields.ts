/** What may one value of the config look like, whatever key it stands under? */
import { z } from 'zod';

/** Names end up in mail headers, topics and line protocol: one line, without control characters. */
export const text = z
  .string()
  .max(300)
  .regex(/^(?=.*\S)[^\p{Cc}\p{Zl}\p{Zp}]+$/u, 'must be one line of text without control characters');

export const id = z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'must be lower-case letters, digits and hyphens, e.g. nankeng-out');

/** A share above 0 and at most 1. */
export const share = z.number().gt(0, 'must be a share above 0 and at most 1').max(1, 'must be a share above 0 and at most 1');

/** A whole number from `min` to `max`. */
export const count = (min: number, max: number) => {
  const words = `must be a whole number from ${min} to ${max}`;
  return z.number(words).int(words).min(min, words).max(max, words);
};

/** A number above 0. */
export const above0 = z.number().positive('must be a number above 0');

/** A day of the calendar, `YYYY-MM-DD`. */
export const date = z
  .string('must be a day, YYYY-MM-DD')
  .refine(
    (s) => /^\d{4}-\d{2}-\d{2}$/.test(s) && new Date(`${s}T00:00:00Z`).toJSON()?.slice(0, 10) === s,
    'must be a day, YYYY-MM-DD',
  );

/** A time of the wall clock, `HH:mm`. */
export const clock = z
  .string('must be a time of day in quotes, e.g. "22:00"')
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day in quotes, e.g. "22:00"');

/** A place as GeoJSON writes it. Latitude first, the usual slip, is seen wherever the longitude is beyond 90°. */
export const position = z.tuple(
  [
    z.number().min(-180, 'the longitude must be from -180 to 180').max(180, 'the longitude must be from -180 to 180'),
    z
      .number()
      .min(-90, 'the latitude must be from -90 to 90; longitude comes first')
      .max(90, 'the latitude must be from -90 to 90; longitude comes first'),
  ],
  'must be [longitude, latitude] in degrees',
);

/** A list that would match nothing if it were empty. */
export const listOf = <T extends z.ZodType>(item: T) =>
  z.array(item).min(1, 'must hold at least one entry; leave the key out for all');
