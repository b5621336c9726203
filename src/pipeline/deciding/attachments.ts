/** Which picture or paper stands behind a decision? It is kept as it was sent, with its hash in the audit trail. */
import { attachmentRefusal, attachmentType, type AttachmentType } from '../../domain/quality/attachment.js';
import type { ReviewDecision } from '../../domain/quality/decision.js';
import type { Site } from '../../domain/site.js';
import { type Instant, isoTime } from '../../domain/time.js';
import { type Clock, Refusal } from '../ports.js';
import type { Audit, Transact } from '../stores.js';

/** An attachment without its bytes. */
export interface Attachment {
  readonly type: AttachmentType;
  readonly size: number;
  /** SHA-256 of its bytes, hexadecimal. */
  readonly sha256: string;
  readonly by: string;
  readonly at: Instant;
}

/** Attachments of decisions, one each, added once and never changed. */
export interface AttachmentStore {
  add(decision: number, given: Pick<Attachment, 'type' | 'by' | 'at'>, bytes: Uint8Array): Attachment;
  find(decision: number): Attachment | undefined;
  bytes(decision: number): { readonly type: AttachmentType; readonly bytes: Uint8Array } | undefined;
}

/** Takes attachments and gives them back. What cannot be taken throws `Refusal` and leaves no trace. */
export class Attachments {
  constructor(
    private readonly site: Site,
    private readonly store: AttachmentStore,
    private readonly decisions: { findDecision(id: number): ReviewDecision | undefined },
    private readonly audit: Pick<Audit, 'record'>,
    private readonly transact: Transact,
    private readonly clock: Clock,
  ) {}

  /** Keeps the one attachment of a decision, sent by whoever decided. */
  add(id: string, bytes: Uint8Array, by: string) {
    const decision = this.decision(id);
    if (decision.by !== by) throw new Refusal('bad-request', `附件应由作出审核决定 ${id} 的账号上传`);
    if (this.store.find(decision.id) !== undefined) throw new Refusal('bad-request', `审核决定 ${id} 已有附件`);
    const refused = attachmentRefusal(bytes);
    const type = attachmentType(bytes);
    if (refused !== null || type === null) throw new Refusal('bad-request', refused?.zh ?? '附件无法识别');
    return this.transact(() => {
      const at = this.clock.now();
      const kept = this.store.add(decision.id, { type, by, at }, bytes);
      this.audit.record({
        ...{ at, who: by, action: 'decision-attached', what: `decision/${id}`, station: decision.station, before: null },
        after: { type: kept.type, size: kept.size, sha256: kept.sha256 },
        reason: '',
      });
      return this.viewOf(kept);
    });
  }

  /** For the wire; `null` without one. */
  view(decision: number) {
    const found = this.store.find(decision);
    return found === undefined ? null : this.viewOf(found);
  }

  /** The bytes as they were sent. Throws `Refusal`. */
  bytes(id: string): { readonly type: AttachmentType; readonly bytes: Uint8Array } {
    const found = this.store.bytes(this.decision(id).id);
    if (found === undefined) throw new Refusal('not-found', `审核决定 ${id} 没有附件`);
    return found;
  }

  private viewOf({ at, ...rest }: Attachment) {
    return { ...rest, at: isoTime(at, this.site.calendar) };
  }

  private decision(id: string): ReviewDecision {
    const found = /^[1-9]\d{0,14}$/.test(id) ? this.decisions.findDecision(Number(id)) : undefined;
    if (found === undefined) throw new Refusal('not-found', `没有编号为 ${id} 的审核决定`);
    return found;
  }
}
