/** Which config do the payload tests decode against? */
import { DEFAULT_RULES } from '../../../src/domain/alerting/default-rules.js';
import { DEFAULT_DUTY, DEFAULT_NOTICES } from '../../../src/domain/default-notices.js';
import { DEFAULT_COMPARISON } from '../../../src/domain/default-upkeep.js';
import type { Site } from '../../../src/domain/site.js';
import type { Station } from '../../../src/domain/station.js';

/** What a case may change of the station and the site. */
export interface Given {
  readonly topic?: string;
  /** ISO 8601. */
  readonly received?: string;
  /** Stations the sender may speak for; absent: any. */
  readonly maySpeakFor?: readonly string[];
  readonly deviceOffsetMinutes?: number;
  readonly retentionDays?: number;
}

/** A section and an inactive site; `w21003` and `NH3-N` are other names of `nh3n`. */
export function siteFor(given: Given = {}): Site {
  const station = (id: string, active: boolean): Station => ({
    id,
    name: id,
    nameEn: id,
    medium: 'surface-water',
    role: 'assessed',
    village: null,
    reach: null,
    order: 0,
    active,
    inactiveReason: active ? null : 'closed',
    since: null,
    deviceOffsetMinutes: given.deviceOffsetMinutes ?? null,
    binding: null,
    disinfectant: null,
    supply: null,
    parameters: [{ parameter: 'nh3n', cadence: 240 }],
    dustRules: [],
  });
  const parameters = ['ph', 'nh3n', 'codmn', 'do', 'temp'].map((code) => ({
    code,
    name: code,
    nameEn: code,
    unit: '',
    aliases: code === 'nh3n' ? ['w21003', 'NH3-N'] : [],
    decimals: 2,
    range: [0, 100] as const,
  }));
  return {
    name: '五陂镇',
    nameEn: 'Wupi',
    calendar: { offsetMinutes: 480 },
    office: '萍乡市安源生态环境局',
    officePhone: null,
    parameters: new Map(parameters.map((p) => [p.code, p])),
    codes: new Map(parameters.flatMap((p) => [p.code, ...p.aliases].map((name) => [name, p.code] as const))),
    stations: new Map([station('out', true), station('gangue', false)].map((s) => [s.id, s])),
    reaches: new Map(),
    limits: [],
    judging: new Map(),
    targets: [],
    people: [],
    duty: DEFAULT_DUTY,
    notices: DEFAULT_NOTICES,
    channels: [],
    rules: DEFAULT_RULES,
    comparison: DEFAULT_COMPARISON,
    upkeep: new Map(),
    settings: {
      workingSetDays: 40,
      retentionDays: given.retentionDays ?? null,
      rejectionQuotaBytes: 1,
      diskFloorBytes: 0,
      diskFloorPercent: 0,
      logLimitValues: 1000,
    },
  };
}
