/** Which keys say what opens an alert? Every key of an entry may be left out: the default of its kind then holds. */
import { z } from 'zod';
import { MARKS } from '../../domain/reading.js';
import { MEDIA, ROLES } from '../../domain/station.js';
import { WINDOW_KINDS } from '../../domain/time.js';
import { above0, count, id, listOf, share, text } from './fields.js';
import { mapping } from './mapping.js';

const hours = above0.max(8760, 'must be hours, at most a year');
const minutes = count(1, 10_080);
const values = count(1, 100);
const scope = {
  media: listOf(z.enum(MEDIA)).optional(),
  roles: listOf(z.enum(ROLES)).optional(),
  stations: listOf(text).optional(),
  parameters: listOf(text).optional(),
};

/** A choice by the key `by`, with words for a misspelt one. */
const byChoice = <T extends readonly [z.core.$ZodTypeDiscriminable, ...z.core.$ZodTypeDiscriminable[]]>(
  names: string,
  options: T,
) => z.discriminatedUnion('by', options, `must be one of ${names}`);

const overWhen = byChoice('value, mean, lasting, never', [
  mapping({ by: z.literal('value'), values }),
  /** A quarter of an hour is the shortest window of a dust rule that is told apart from its values. */
  mapping({ by: z.literal('mean'), hours: hours.min(0.25, 'must be at least a quarter of an hour') }),
  mapping({ by: z.literal('lasting'), minutes, when: z.enum(['always', 'supply']).default('always') }),
  mapping({ by: z.literal('never') }),
]);

const warningWhen = byChoice('share, outside, dip', [
  mapping({ by: z.literal('share'), share, values }),
  mapping({ by: z.literal('outside'), low: z.number(), high: z.number(), hours }),
  mapping({ by: z.literal('dip'), fall: above0, days: count(2, 30) }),
]);

/** The keys of which an entry of `severe` has exactly one. */
export const SEVERE_KEYS = ['below', 'above', 'atMost', 'beyondClass', 'times'] as const;
const severeWhen = mapping({
  below: z.number().optional(),
  above: z.number().optional(),
  atMost: z.number().optional(),
  beyondClass: text.optional(),
  times: above0.optional(),
  minutes: minutes.optional(),
  withFlow: z.boolean().optional(),
});

const limitShape = mapping({
  ...scope,
  over: overWhen,
  severe: z.array(severeWhen).default([]),
  warning: warningWhen.nullable().default(null),
  clear: mapping({ values, share }).default({ values: 3, share: 1 }),
  noSupplyMinutes: minutes.nullable().default(null),
});

const common = { id, enabled: z.boolean().optional() };

export const ruleEntry = z.discriminatedUnion(
  'kind',
  [
    mapping({
      ...common,
      kind: z.literal('limit'),
      shapes: z.array(limitShape).min(1, 'must hold at least one shape; leave the key out for the defaults').optional(),
      /** The former form: one number of values for all of these media. */
      media: z.array(z.enum(MEDIA)).min(1, 'must name at least one medium').optional(),
      except: z.array(text).optional(),
      open: values.optional(),
      clear: values.optional(),
    }),
    mapping({
      ...common,
      ...scope,
      kind: z.literal('trend'),
      days: count(2, 30).optional(),
      measurements: count(5, 100).optional(),
      horizonHours: hours.optional(),
    }),
    mapping({
      ...common,
      kind: z.literal('verdict'),
      media: scope.media,
      windows: z.array(z.enum(WINDOW_KINDS)).min(1, 'must name at least one window').optional(),
    }),
    mapping({ ...common, kind: z.literal('target'), margin: z.number().min(1, 'must be 1 or more').max(10).optional() }),
    mapping({
      ...common,
      kind: z.literal('no-data'),
      cadences: count(1, 100).optional(),
      atLeastMinutes: count(0, 10_080).optional(),
      overAfterHours: hours.optional(),
    }),
    mapping({
      ...common,
      kind: z.literal('sensor'),
      stuck: z.boolean().optional(),
      clock: z.boolean().optional(),
      outOfRangeValues: values.optional(),
      spikes: mapping({ count: values, hours }).optional(),
      marks: z.array(z.enum(MARKS)).optional(),
      markMinutes: count(0, 10_080).optional(),
      step: mapping({ share: above0, values: count(2, 100) }).optional(),
    }),
    mapping({ ...common, kind: z.literal('upstream'), parameters: scope.parameters, afterHours: hours.optional() }),
    mapping({
      ...common,
      kind: z.literal('regional'),
      media: scope.media,
      parameters: scope.parameters,
      stations: count(2, 1000).optional(),
      share: share.optional(),
      rise: z.number().gt(1, 'must be above 1').optional(),
      hours: hours.optional(),
    }),
    mapping({
      ...common,
      kind: z.literal('rain'),
      gauge: text.optional(),
      mm: above0.optional(),
      hours: hours.optional(),
      afterHours: hours.optional(),
      parameters: scope.parameters,
    }),
    mapping({
      ...common,
      kind: z.literal('service'),
      archiveMinutes: minutes.optional(),
      brokerMinutes: minutes.optional(),
      outboxMinutes: minutes.optional(),
      behindMinutes: minutes.optional(),
    }),
  ],
  'must be one of limit, trend, verdict, target, no-data, sensor, upstream, regional, rain, service',
);

/** After `openings` within `hours`, a re-opening waits for `holdMinutes`. */
export const dampingEntry = mapping({ openings: values, hours, holdMinutes: count(0, 1440) });

export type RuleEntry = z.infer<typeof ruleEntry>;
export type ShapeEntry = z.infer<typeof limitShape>;
export type SevereEntry = z.infer<typeof severeWhen>;
export type DampingEntry = z.infer<typeof dampingEntry>;
