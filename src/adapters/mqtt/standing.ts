/** How do we stand with an outside broker, and what has it lost or dropped? In words, for health and journal. */
import type { BrokerSessions, Clock, Journal } from '../../pipeline/ports.js';
import type { Granted } from './connection.js';
import { type Findings, readGranted, readQueueTest, span } from './grants.js';
import type { QueueTest } from './queue-test.js';

/** Follows a count that a broker keeps since its own start, over its restarts. */
class Drops {
  total = 0;
  private floor: number;
  private at: number;

  /** `before`: the count at first; `own`: what we ourselves have made it drop since, which may not be counted yet. */
  constructor(before: number, own: number) {
    this.floor = before;
    this.at = before + own;
  }

  /** How many more than was known. */
  hear(count: number): number {
    // It counts anew after a restart.
    if (count < this.floor) this.at = 0;
    this.floor = count;
    const more = Math.max(0, count - this.at);
    this.at = Math.max(this.at, count);
    this.total += more;
    return more;
  }
}

/** What is known of the broker; every warning stands in the journal once, and in the words until the next start. */
export class Standing {
  private granted: Findings | null = null;
  private queue: Findings | null = null;
  private lost: string | null = null;
  private drops: Drops | null = null;
  private stood = false;
  private readonly warned = new Set<string>();

  /** `session`: the broker and our name there, as sessions are remembered; without `sessions` only this process remembers. */
  constructor(
    private readonly address: string,
    private readonly session: string,
    private readonly sessions: BrokerSessions | undefined,
    private readonly clock: Clock,
    private readonly journal: Journal,
  ) {}

  /** Does the broker tell us how many messages it has dropped? */
  get tellsDrops(): boolean {
    return this.drops !== null;
  }

  /** The broker has accepted us and our subscription. */
  accepted(granted: Granted): void {
    if (!granted.resumed) this.noteLoss();
    this.stood = true;
    this.seen();
    this.granted = readGranted(granted);
    this.warn(this.granted.warnings);
  }

  /** A connection has ended on which the subscription stood: from now on the session gathers what comes. */
  left(): void {
    this.seen();
  }

  tested(test: QueueTest): void {
    this.queue = readQueueTest(test);
    if (test.dropped !== null) {
      this.drops = new Drops(test.dropped, test.outcome === 'dropped' ? test.sent - test.delivered : 0);
    }
    this.warn(this.queue.warnings);
  }

  /** The broker's count of dropped messages. Returns whether it says anything new. */
  dropped(text: string): boolean {
    const more = /^\d+$/.test(text) ? (this.drops?.hear(Number(text)) ?? 0) : 0;
    if (more === 0) return false;
    this.journal.warn(
      `broker: ${this.address} has DROPPED ${more} messages since it last told, of whatever topic; what it was of ours shows as gaps in seq`,
    );
    return true;
  }

  words(): string {
    const findings = [this.granted, this.queue].flatMap((found) => found ?? []);
    const words = [`subscribed at ${this.address}`, ...findings.map((found) => found.words)].filter((text) => text !== '');
    const dropped = this.drops?.total ?? 0;
    const warnings = [
      ...(this.lost === null ? [] : [this.lost]),
      ...(dropped === 0
        ? []
        : [
            `代理在本服务运行期间丢弃了 ${dropped} 条(不分主题),其中本站的见 seq 缺号 the broker has dropped ${dropped} messages while we ran, of whatever topic: see the gaps in seq`,
          ]),
      ...findings.flatMap((found) => found.warnings),
    ];
    return `${words.join(', ')}${warnings.length === 0 ? '' : `;注意 ${warnings.join(';')}`}`;
  }

  /** A new session where there was one before, in this process or an earlier one. */
  private noteLoss(): void {
    const last = this.remembered();
    if (!this.stood && last === null) return;
    const away =
      last === null ? '' : `(上次相连在 ${span(this.clock.now() - last)} 前 last connected ${span(this.clock.now() - last)} ago)`;
    this.lost =
      `代理丢了我们的会话${away}:其间设备所发可能已丢,按 seq 缺号计入数据到报` +
      ' the broker has lost our session: what devices published meanwhile may be lost; gaps in their numbers (seq) are counted as missing';
    this.journal.warn(`broker: ${this.address}: ${this.lost}`);
  }

  private remembered(): number | null {
    try {
      return this.sessions?.lastSeen(this.session) ?? null;
    } catch {
      // A state file that cannot be read: the intake says so.
      return null;
    }
  }

  private seen(): void {
    try {
      this.sessions?.see(this.session, this.clock.now());
    } catch (error) {
      this.journal.warn(`broker: the session could not be noted: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  private warn(warnings: readonly string[]): void {
    for (const warning of warnings) {
      if (this.warned.has(warning)) continue;
      this.warned.add(warning);
      this.journal.warn(`broker: ${warning}`);
    }
  }
}
