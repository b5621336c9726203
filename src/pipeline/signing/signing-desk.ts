/** How is a month signed (定稿)? One transaction: the snapshot, its hash in the audit trail, and why it was signed despite what was open. */
import { canonical, type Reservation, type SignOff, type Snapshot } from '../../domain/signing/sign-off.js';
import { type Hindrance, HINDRANCE_WORDS, type HindranceKind, inTheWay } from '../../domain/signing/hindrance.js';
import type { Site, Target } from '../../domain/site.js';
import { type Clock, Refusal } from '../ports.js';
import type { Audit, Transact } from '../stores.js';
import type { InTheWay } from './in-the-way.js';
import type { LiveMonths } from './live-month.js';
import type { SignedMonths } from './signed-months.js';
import type { Digest, SigningStore } from './signing-store.js';
import { auditedAs, trace } from './trail.js';

/** What somebody says who signs. */
export interface SigningWords {
  /** Hash of the month as it was looked at: what has changed since is not signed unseen. */
  readonly seen: string;
  readonly note: string;
  /** Why it is signed all the same, for each kind of hindrance that is not absolute. */
  readonly despite: readonly { readonly kind: HindranceKind; readonly reason: string }[];
}

/** Shows a month before it is signed, and signs it. What cannot be done throws `Refusal` and leaves no trace. */
export class SigningDesk {
  constructor(
    private readonly site: Site,
    private readonly store: SigningStore,
    private readonly live: LiveMonths,
    private readonly obstacles: InTheWay,
    private readonly months: SignedMonths,
    private readonly audit: Audit,
    private readonly transact: Transact,
    private readonly digest: Digest,
    private readonly clock: Clock,
    /** A month was signed, and it is on disk. */
    private readonly signed: () => void,
  ) {}

  /** The month as it stands with what is in the way, and how it differs from the edition that is signed. */
  preview(id: string, period: string) {
    const { target, snapshot, hash, found, before } = this.look(id, period);
    const { windows, ...figure } = snapshot;
    return {
      ...{ target: target.id, name: target.name, nameEn: target.nameEn, period },
      edition: (before?.edition ?? 0) + 1,
      hash,
      figure,
      windows,
      hindrances: found.map(({ items, ...rest }) => ({
        ...rest,
        words: HINDRANCE_WORDS[rest.kind],
        items: items.map((item) => ({ ...item })),
      })),
      signed: before === undefined ? null : this.months.headView(before),
      corrections: before === undefined ? [] : this.months.corrections(before),
      refused: this.refusal(found, before, snapshot),
    };
  }

  /** Signs; the answer is as `SignedMonths.detail` gives it. */
  sign(id: string, period: string, by: string, words: SigningWords) {
    this.transact(() => {
      const { snapshot, hash, found, before } = this.look(id, period);
      const refusal = this.refusal(found, before, snapshot);
      if (refusal !== null) throw new Refusal('bad-request', refusal);
      if (words.seen !== hash) throw new Refusal('bad-request', '您查看之后数据有变化,没有定稿。请重新查看再定稿。');
      const reasons = new Map(words.despite.map(({ kind, reason }) => [kind, reason.trim()]));
      const open = inTheWay(found, reasons);
      if (open.length > 0) throw new Refusal('bad-request', `没有定稿,请逐项写明理由:${named(open)}`);
      const note = words.note.trim();
      if (before !== undefined && note === '') throw new Refusal('bad-request', '更正定稿须写明理由');
      const despite: Reservation[] = found.map(({ kind, count }) => ({ kind, count, reason: reasons.get(kind)! }));
      const at = this.clock.now();
      const edition = (before?.edition ?? 0) + 1;
      const kept = this.store.add({ target: id, period, edition, by, at, note, despite, hash, snapshot });
      this.audit.record({
        at,
        who: by,
        action: 'month-signed',
        what: auditedAs(kept),
        station: null,
        before: before === undefined ? null : trace(before),
        after: trace(kept),
        reason: note,
      });
    });
    this.signed();
    return this.months.detail(id, period);
  }

  private look(id: string, period: string) {
    const target = this.target(id);
    const span = this.live.span(period);
    const snapshot = this.live.snapshot(id, period);
    const found = this.obstacles.of(target, span, snapshot, this.clock.now());
    return { target, snapshot, hash: this.digest(canonical(snapshot)), found, before: this.store.find(id, period) };
  }

  /** Why nobody can sign it now, whatever they say; `null`: it can be signed. */
  private refusal(found: readonly Hindrance[], before: SignOff | undefined, snapshot: Snapshot): string | null {
    const absolute = found.filter((hindrance) => hindrance.absolute);
    if (absolute.length > 0) return `还不能定稿:${named(absolute)}`;
    if (before === undefined || this.months.differs(before, snapshot)) return null;
    return `${before.period} 已定稿(第 ${before.edition} 版),数据没有变化,不需要更正定稿`;
  }

  private target(id: string): Target {
    const target = this.site.targets.find((each) => each.id === id);
    if (target !== undefined) return target;
    throw new Refusal('not-found', `没有代号为 ${id} 的目标;现有:${this.site.targets.map((each) => each.id).join('、')}`);
  }
}

const named = (list: readonly Hindrance[]): string =>
  list.map(({ kind, count }) => (count > 1 ? `${HINDRANCE_WORDS[kind].zh} ${count}` : HINDRANCE_WORDS[kind].zh)).join('、');
