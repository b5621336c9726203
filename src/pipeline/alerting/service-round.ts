/** Is every part of the service well? */
import type { Words } from '../../domain/alerting/alert.js';
import {
  type PartTrouble,
  service,
  SERVICE_PARTS,
  type ServicePart,
  serviceSubject,
  WELL_FOR,
} from '../../domain/alerting/rules/service.js';
import { duration } from '../../domain/alerting/message-words.js';
import type { ServiceRule } from '../../domain/alerting/rules.js';
import { type Instant, MINUTE, SECOND } from '../../domain/time.js';
import type { AlertStore } from './alert-stores.js';
import type { Consumer, ReadingLog } from '../stores.js';
import { CONSUMERS } from '../stores.js';
import type { Round, Said } from './vigil.js';

/** Somebody who waits for a notice, or is refused it. */
export interface Waiting {
  readonly whom: Words;
  readonly since: Instant;
  /** What the other side answered last; `null`: it was not asked. */
  readonly answer: string | null;
}

/** What the parts say of themselves; `null`: they are well. */
export interface ServiceSources {
  /** Why the archive cannot be written to. */
  archive(): string | null;
  /** Why nothing is heard. */
  broker(): string | null;
  /** Why readings are left with devices and broker. */
  paused(): string | null;
  /** What is free on the disk, and the floor below which nothing is taken; bytes. `null`: cannot be told. */
  disk(): { readonly free: number; readonly floor: number } | null;
  /** Why mails are not accepted, and who waits for notices whose time has come, by role, whoever waits longest first. */
  outbox(): { readonly trouble: string | null; readonly stalled: readonly Waiting[] };
  /** Whose address refuses every mail, with what it answered last. */
  refused(): readonly Waiting[];
  /** Stages that cannot go on. */
  stuck(): readonly (readonly [name: string, why: string | null])[];
  /** Is the alert path proven? `alarms`: must somebody be told? */
  path(): { readonly alarms: boolean; readonly words: Words };
  /** Is there a backup, and is it young enough? */
  backup(): { readonly alarms: boolean; readonly words: Words };
}

/** More of those who wait for notices, or are refused them, are not named. */
const NAMED = 3;

/** Near: so many times the floor. */
const NEAR = 2;

/** Over only with so much more than that: else it would flutter. */
const BACK = 1.1;

/** A consumer's place is compared with its place so long ago. */
const COMPARED = MINUTE;

/** As it is remembered over a restart. */
interface Kept {
  readonly isWrong: boolean;
  readonly since: Instant;
}

/** What is wrong with a part, and since when where that was before it was seen. */
interface Wrong extends Words {
  readonly since?: Instant;
}

/** Until a part has said why, after a restart. */
const UNKNOWN: Words = { zh: '原因待查', en: 'not known yet' };

/** Stages as people call them. */
const STAGES: Readonly<Record<string, string>> = {
  settle: '入库',
  judge: '质控',
  archive: '归档',
  watch: '预警判断',
  assess: '评价',
  rejudge: '重新质控',
} satisfies Readonly<Record<Consumer | 'rejudge', string>>;

/** The state of each part, with the moment since which it holds: that survives a restart, so that no timer begins anew. */
export class ServiceRound implements Round {
  readonly every = 10 * SECOND;
  private troubles: Map<ServicePart, PartTrouble> | null = null;
  private places: { readonly at: Instant; readonly head: number; readonly waiting: ReadonlyMap<Consumer, number> }[] = [];

  constructor(
    private readonly rule: ServiceRule,
    private readonly sources: ServiceSources,
    private readonly log: Pick<ReadingLog, 'head' | 'cursor' | 'waiting'>,
    private readonly alerts: Pick<AlertStore, 'memory' | 'putMemory'>,
  ) {}

  *signals(now: Instant): Iterable<Said> {
    this.troubles ??= this.recall(now);
    for (const part of SERVICE_PARTS) {
      const trouble = this.follow(part, this.why(part, now), now);
      yield { subject: serviceSubject(part, this.rule), signal: service(part, trouble, this.rule, now) };
    }
  }

  keep(): void {
    for (const [part, { why, since }] of this.troubles ?? []) {
      const { subject, parameter, rule } = serviceSubject(part, this.rule);
      const text = JSON.stringify({ isWrong: why !== null, since } satisfies Kept);
      if (this.alerts.memory(subject, parameter, rule) !== text) this.alerts.putMemory(subject, parameter, rule, text);
    }
  }

  private recall(now: Instant): Map<ServicePart, PartTrouble> {
    return new Map(
      SERVICE_PARTS.map((part) => {
        const { subject, parameter, rule } = serviceSubject(part, this.rule);
        const text = this.alerts.memory(subject, parameter, rule);
        const kept = text === undefined ? { isWrong: false, since: now } : (JSON.parse(text) as Kept);
        return [part, { why: kept.isWrong ? UNKNOWN : null, since: kept.since }];
      }),
    );
  }

  /** A trouble that comes back within a minute was never over. */
  private follow(part: ServicePart, why: Wrong | null, now: Instant): PartTrouble {
    const before = this.troubles!.get(part)!;
    const wellSince = this.well.get(part);
    if (why !== null) {
      this.well.delete(part);
      return this.put(part, { why, since: before.why === null ? (why.since ?? now) : Math.min(before.since, now) });
    }
    if (before.why === null) return before;
    // A time ahead of now was taken down before the clock was set back.
    if (wellSince === undefined || wellSince > now) this.well.set(part, now);
    else if (now - wellSince >= WELL_FOR) {
      this.well.delete(part);
      return this.put(part, { why: null, since: wellSince });
    }
    // Neither yet: it goes on as it was where it is told, and is not told where it is not.
    return { why: null, since: now };
  }

  /** Parts that were in trouble and have been well since. */
  private readonly well = new Map<ServicePart, Instant>();

  private put(part: ServicePart, trouble: PartTrouble): PartTrouble {
    this.troubles!.set(part, trouble);
    return trouble;
  }

  private why(part: ServicePart, now: Instant): Wrong | null {
    switch (part) {
      case 'archive':
        return same(this.sources.archive());
      case 'broker':
        // A tap that we closed ourselves is no broker that is away.
        return this.sources.paused() === null ? same(this.sources.broker()) : null;
      case 'intake':
        return same(this.sources.paused());
      case 'disk':
        return this.nearlyFull();
      case 'outbox':
        return this.untold(now);
      case 'address':
        return this.refused();
      case 'behind':
        return this.behind(now);
      case 'path': {
        const { alarms, words } = this.sources.path();
        return alarms ? words : null;
      }
      case 'backup': {
        const { alarms, words } = this.sources.backup();
        return alarms ? words : null;
      }
    }
  }

  private nearlyFull(): Words | null {
    const disk = this.sources.disk();
    const near = NEAR * (this.isWrong('disk') ? BACK : 1);
    if (disk === null || disk.free >= near * disk.floor) return null;
    const [free, floor] = [disk.free, disk.floor].map((bytes) => `${Math.round(bytes / 1024 / 1024)} MiB`);
    return {
      zh: `剩 ${free},低于 ${floor} 即暂停接收`,
      en: `${free} left; below ${floor} readings are left with devices and broker`,
    };
  }

  private untold(now: Instant): Wrong | null {
    const { trouble, stalled } = this.sources.outbox();
    if (trouble !== null) return same(trouble);
    const long = stalled.filter(({ since }) => now - since >= this.rule.outboxMinutes * MINUTE);
    return named(long, ({ since }) => ({
      zh: ` 已等候 ${duration(now - since, 'zh')}`,
      en: ` has waited for ${duration(now - since, 'en')}`,
    }));
  }

  private refused(): Wrong | null {
    const who = named(this.sources.refused(), () => ({ zh: '', en: '' }));
    return who && { ...who, zh: `${who.zh};请核对 people.yaml 里的地址`, en: `${who.en}; check the address in people.yaml` };
  }

  /** Stuck, or with more than a minute's batches before it and no fewer values than a minute ago. */
  private behind(now: Instant): Words | null {
    const waiting = new Map(CONSUMERS.map((consumer) => [consumer, this.log.waiting(consumer)] as const));
    if ((this.places.at(-1)?.at ?? now) > now) this.places = [];
    this.places.push({ at: now, head: this.log.head(), waiting });
    while (this.places.length > 1 && now - this.places[1]!.at >= COMPARED) this.places.shift();
    const before = this.places[0]!;
    // An archive that is away is an alert of its own.
    const isAway = this.sources.archive() !== null;
    const slow =
      now - before.at < COMPARED
        ? []
        : CONSUMERS.filter((consumer) => !(isAway && consumer === 'archive'))
            .filter((consumer) => this.log.cursor(consumer) < before.head)
            .filter((consumer) => waiting.get(consumer)! >= before.waiting.get(consumer)!);
    const stuck = this.sources.stuck().filter(([, why]) => why !== null);
    if (slow.length === 0 && stuck.length === 0) return null;
    return {
      zh: [
        ...stuck.map(([name, why]) => `${STAGES[name] ?? name}停滞(${why})`),
        ...slow.map((name) => `${STAGES[name]}待处理 ${waiting.get(name)} 条`),
      ].join('、'),
      en: [
        ...stuck.map(([name, why]) => `${name} is stuck (${why})`),
        ...slow.map((name) => `${waiting.get(name)} values wait for ${name}`),
      ].join(', '),
    };
  }

  private isWrong(part: ServicePart): boolean {
    return (this.troubles?.get(part)?.why ?? null) !== null;
  }
}

/** Who cannot be told, the first of many by name, and since when the first cannot; `null`: nobody. `how`: behind the name. */
function named(all: readonly Waiting[], how: (one: Waiting) => Words): Wrong | null {
  const [first] = all;
  if (first === undefined) return null;
  const words = all.slice(0, NAMED).map((one) => ({
    zh: `${one.whom.zh}${how(one).zh}${one.answer === null ? '' : `(对方答复:${one.answer})`}`,
    en: `${one.whom.en}${how(one).en}${one.answer === null ? '' : ` (the answer: ${one.answer})`}`,
  }));
  const more = all.length - words.length;
  return {
    zh: `${words.map(({ zh }) => zh).join('、')}${more === 0 ? '' : ` 等 ${all.length} 处`}`,
    en: `${words.map(({ en }) => en).join(', ')}${more === 0 ? '' : ` and ${more} more`}`,
    since: first.since,
  };
}

/** Parts say what is wrong in words that serve for both languages. */
const same = (text: string | null): Words | null => (text === null ? null : { zh: text, en: text });
