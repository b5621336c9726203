/** How are the findings of a verdict kept without repeating their limits, which are most of their length? */
import type { Finding } from '../../domain/compliance/verdict.js';
import type { Database, Statement } from './database.js';

/** Findings as JSON in which a limit is a number; the limits stand once, in a table of their own. */
export class FindingLimits {
  private readonly add: Statement;
  private readonly ids = new Map<string, number>();
  private readonly limits = new Map<number, unknown>();

  constructor(private readonly database: Database) {
    this.add = database.prepare('INSERT INTO verdict_limit (text) VALUES (?)');
    const kept = database.prepare('SELECT id, text FROM verdict_limit').all() as { id: number; text: string }[];
    for (const { id, text } of kept) this.know(id, text);
  }

  /** The text to keep; a limit that was never seen is written on the way. */
  pack(findings: readonly Finding[]): string {
    return JSON.stringify(findings.map((f) => (f.limit === null ? f : { ...f, limit: this.idOf(JSON.stringify(f.limit)) })));
  }

  /** The findings that `pack` was given. */
  unpack(text: string): Finding[] {
    const list = JSON.parse(text) as (Record<string, unknown> & { limit: unknown })[];
    for (const finding of list) if (typeof finding.limit === 'number') finding.limit = this.limits.get(finding.limit);
    return list as unknown as Finding[];
  }

  private idOf(text: string): number {
    const known = this.ids.get(text);
    if (known !== undefined) return known;
    const id = Number(this.add.run(text).lastInsertRowid);
    this.know(id, text);
    // A number that was never written must not be used again by a later verdict.
    this.database.onUndo(() => {
      this.ids.delete(text);
      this.limits.delete(id);
    });
    return id;
  }

  private know(id: number, text: string): void {
    this.ids.set(text, id);
    this.limits.set(id, JSON.parse(text));
  }
}
