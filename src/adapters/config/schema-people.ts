/** Which keys say who is told, when, and how? */
import { z } from 'zod';
import { ALERT_KINDS, SEVERITIES } from '../../domain/alerting/alert.js';
import { DEFAULT_NOTICES } from '../../domain/default-notices.js';
import { MEDIA } from '../../domain/station.js';
import { clock, count, date, id, listOf, text } from './fields.js';
import { mapping } from './mapping.js';

export const personEntry = mapping({
  id,
  name: text,
  nameEn: text,
  email: z.email('must be an e-mail address, e.g. office@example.org'),
  phone: text.nullish(),
  language: z.enum(['zh', 'en']).optional(),
  /** Of the ladder; left out: beside it. */
  step: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)], 'must be a step of the ladder, 1 to 4').nullish(),
  level: z.enum(['town', 'above']).optional(),
  onDuty: z.boolean().optional(),
  away: z.array(mapping({ from: date, to: date, substitute: text })).optional(),
  morning: z.boolean().optional(),
  /** Told when work at the instruments becomes due. */
  upkeep: z.boolean().optional(),
  /** Of a river chief. */
  patrolsPerWeek: count(1, 14).nullish(),
  /** Channels beside mail; `mail` may be named and changes nothing. */
  channels: z.array(text).optional(),
  hears: z.array(
    mapping({
      media: listOf(z.enum(MEDIA)).optional(),
      villages: listOf(text).optional(),
      reaches: listOf(text).optional(),
      stations: listOf(text).optional(),
      severities: listOf(z.enum(SEVERITIES)).optional(),
      kinds: listOf(z.enum(ALERT_KINDS)).optional(),
    }),
  ),
});

export const dutyEntry = mapping({
  rotation: mapping({ people: listOf(text), from: date, days: count(1, 31) }).nullish(),
  holidays: z.array(mapping({ name: text, from: date, to: date })).optional(),
  makeUpDays: z.array(date).optional(),
  onDaysOff: z.array(text).optional(),
  /** Single days, e.g. 2026-12-01: duty-b. */
  days: z.record(date, z.union([text, listOf(text)])).optional(),
  handoverBy: clock.optional(),
});

const { repeatHours, escalateMinutes, path } = DEFAULT_NOTICES;
const hours = count(1, 8760).nullable();
const minutes = count(1, 10_080).nullable();

export const noticesEntry = mapping({
  settleSeconds: count(0, 600).default(DEFAULT_NOTICES.settleSeconds),
  groupMinutes: count(0, 1440).default(DEFAULT_NOTICES.groupMinutes),
  repeatHours: mapping({
    warning: hours.default(repeatHours.warning),
    over: hours.default(repeatHours.over),
    severe: hours.default(repeatHours.severe),
  }).default(repeatHours),
  digestOver: count(1, 1000).default(DEFAULT_NOTICES.digestOver),
  quietHours: mapping({ from: clock, to: clock }).nullable().default(DEFAULT_NOTICES.quietHours),
  escalateMinutes: mapping({
    warning: minutes.default(escalateMinutes.warning),
    over: minutes.default(escalateMinutes.over),
    severe: minutes.default(escalateMinutes.severe),
  }).default(escalateMinutes),
  morning: clock.nullable().default(DEFAULT_NOTICES.morning),
  links: z.boolean().default(DEFAULT_NOTICES.links),
  linkDays: count(1, 365).default(DEFAULT_NOTICES.linkDays),
  path: mapping({
    everyDays: count(1, 365).default(path.everyDays),
    unprovenDays: count(1, 365).default(path.unprovenDays),
    firstHours: count(1, 8760).default(path.firstHours),
  }).default(path),
});

const variable = z
  .string()
  .regex(
    /^[A-Z][A-Z0-9_]*$/,
    'must be the name of an environment variable in capitals, e.g. DINGTALK_URL; never the address itself',
  );

export const channelEntry = mapping({
  id,
  kind: z.enum(['webhook', 'dingtalk', 'wecom', 'feishu']),
  urlFrom: variable,
  secretFrom: variable.nullish(),
});

export type PersonEntry = z.infer<typeof personEntry>;
export type DutyEntry = z.infer<typeof dutyEntry>;
export type NoticesEntry = z.infer<typeof noticesEntry>;
export type ChannelEntry = z.infer<typeof channelEntry>;
