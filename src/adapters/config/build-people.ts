/** How do the entries of people, duty, notices and channels become what routing and telling read? */
import { DEFAULT_DUTY, DEFAULT_NOTICES } from '../../domain/default-notices.js';
import type { ChannelSettings, Duty, Hears, NoticeSettings, Person } from '../../domain/people.js';
import type { ChannelEntry, DutyEntry, NoticesEntry, PersonEntry } from './schema-people.js';

/** A person with everything that was left out: beside the ladder, in the town, by mail alone, in Chinese, always there. */
export function toPerson(p: PersonEntry): Person {
  return {
    id: p.id,
    name: p.name,
    nameEn: p.nameEn,
    email: p.email,
    phone: p.phone ?? null,
    language: p.language ?? 'zh',
    step: p.step ?? null,
    level: p.level ?? 'town',
    onDuty: p.onDuty ?? false,
    away: p.away ?? [],
    morning: p.morning ?? false,
    ...(p.upkeep === true && { upkeep: true }),
    ...(p.patrolsPerWeek === null || p.patrolsPerWeek === undefined ? {} : { patrolsPerWeek: p.patrolsPerWeek }),
    channels: (p.channels ?? []).filter((channel) => channel !== 'mail'),
    hears: p.hears.map((route) => Object.fromEntries(Object.entries(route).filter(([, list]) => list !== undefined)) as Hears),
  };
}

/** The roster; without an entry nobody rotates. */
export function buildDuty(entry: DutyEntry | undefined): Duty {
  return {
    rotation: entry?.rotation ?? DEFAULT_DUTY.rotation,
    holidays: entry?.holidays ?? DEFAULT_DUTY.holidays,
    makeUpDays: entry?.makeUpDays ?? DEFAULT_DUTY.makeUpDays,
    onDaysOff: entry?.onDaysOff ?? DEFAULT_DUTY.onDaysOff,
    ...(entry?.days && {
      days: Object.fromEntries(Object.entries(entry.days).map(([day, who]) => [day, typeof who === 'string' ? [who] : who])),
    }),
    ...(entry?.handoverBy !== undefined && { handoverBy: entry.handoverBy }),
  };
}

/** What the entry says; the schema has filled in the rest. */
export const buildNotices = (entry: NoticesEntry | undefined): NoticeSettings => entry ?? DEFAULT_NOTICES;

export const toChannel = (entry: ChannelEntry): ChannelSettings => ({ ...entry, secretFrom: entry.secretFrom ?? null });
