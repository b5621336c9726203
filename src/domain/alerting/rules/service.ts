/** Is the service itself able to hear, keep, judge and tell? */
import { type Instant, MINUTE } from '../../time.js';
import type { Severity, Subject, Words } from '../alert.js';
import { duration } from '../message-words.js';
import type { ServiceRule } from '../rules.js';
import { NOTHING, type Signal } from '../signal.js';

/** The parts that can fail, each with an alert of its own (`service-archive` …). */
export const SERVICE_PARTS = ['archive', 'broker', 'intake', 'disk', 'outbox', 'address', 'behind', 'path', 'backup'] as const;
export type ServicePart = (typeof SERVICE_PARTS)[number];

/** What is wrong with a part, and since when; `null`: nothing, since then. */
export interface PartTrouble {
  readonly why: Words | null;
  readonly since: Instant;
}

/** What an alert of a part is about. */
export const serviceSubject = (part: ServicePart, rule: ServiceRule): Subject => ({
  subject: 'service',
  station: null,
  parameter: null,
  rule: `${rule.id}-${part}`,
  kind: 'service',
});

/** A part must have been well for so long before its alert ends, ms: one that comes and goes is not mended. */
export const WELL_FOR = MINUTE;

/** While nothing can be heard or told, or not to somebody, other alerts will not come: more than a warning. */
const SEVERITY: Readonly<Record<ServicePart, Severity>> = {
  archive: 'warning',
  broker: 'over',
  intake: 'over',
  disk: 'warning',
  outbox: 'warning',
  address: 'over',
  behind: 'warning',
  path: 'over',
  backup: 'warning',
};

const HEADS: Readonly<Record<ServicePart, Words>> = {
  archive: { zh: '归档中断', en: 'The archive is away' },
  broker: { zh: '接收中断,收不到任何测值', en: 'Nothing is heard: the broker is away' },
  intake: { zh: '暂停接收测值', en: 'Readings are not taken' },
  disk: { zh: '数据盘将满', en: 'The disk is filling' },
  outbox: { zh: '通知发不出去', en: 'Notices are not accepted' },
  address: { zh: '有人收不到邮件', en: 'Somebody cannot be told: the mail address is refused' },
  behind: { zh: '数据处理滞后', en: 'Processing is behind' },
  path: { zh: '预警通道未经验证', en: 'The alert path is not proven' },
  backup: { zh: '没有可用的新备份', en: 'There is no good recent backup' },
};

/** Minutes for which a trouble must have lasted. What pauses the intake or is refused for good is told at once, and what waits by itself, as path and backup do. */
function minutesOf(part: ServicePart, rule: ServiceRule): number {
  switch (part) {
    case 'archive':
      return rule.archiveMinutes;
    case 'broker':
      return rule.brokerMinutes;
    case 'outbox':
      return rule.outboxMinutes;
    case 'behind':
      return rule.behindMinutes;
    case 'intake':
    case 'disk':
    case 'address':
    case 'path':
    case 'backup':
      return 0;
  }
}

/** Fires when a trouble has lasted for the part's minutes; clear when the part has been well for a minute. */
export function service(part: ServicePart, { why, since }: PartTrouble, rule: ServiceRule, now: Instant): Signal {
  if (why === null) {
    if (now - since < WELL_FOR) return NOTHING;
    return { says: 'clear', at: since, reason: { zh: '已恢复正常', en: 'works again' } };
  }
  const lasts = now - since;
  if (lasts < minutesOf(part, rule) * MINUTE) return NOTHING;
  const lasted = lasts < MINUTE ? null : { zh: `,已 ${duration(lasts, 'zh')}`, en: `, for ${duration(lasts, 'en')}` };
  const head = HEADS[part];
  return {
    says: 'firing',
    at: now,
    severity: SEVERITY[part],
    value: null,
    passed: null,
    reason: {
      zh: `${head.zh}${lasted?.zh ?? ''}:${why.zh}`,
      en: `${head.en}${lasted?.en ?? ''}: ${why.en}`,
    },
  };
}
