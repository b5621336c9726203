/** What does an open page hear without asking? Server-sent events, the newest value of a series rather than every one. */
import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Alert } from '../../domain/alerting/alert.js';
import type { JudgedReading } from '../../domain/reading.js';
import { type Calendar, type Instant, isoTime } from '../../domain/time.js';
import type { Clock, Live } from '../../pipeline/ports.js';
import type { AlertView, LiveCompliance, LiveReading } from './contract/contract.js';

/** What the hub needs to know to put events into words. */
export interface LiveWords {
  readonly calendar: Calendar;
  readonly clock: Clock;
  /** The momentary check of a value against the limit that binds; `null` without one. */
  check(reading: JudgedReading): LiveReading['check'];
  /** The alert as `/api/v1/alerts` shows it, names included. */
  alertView(alert: Alert): AlertView;
}

/** Who listens. */
export interface Listener {
  /** May read who acknowledged and what they noted. */
  readonly names: boolean;
  /** Is told of this alert; absent: of all. */
  readonly hears?: (alert: Pick<AlertView, 'subject' | 'station'>) => boolean;
  /** Where it connects from; who comes from one address shares its part of the room. */
  readonly address: string;
  /** The `Last-Event-ID` of a connection that was cut, or `null`. */
  readonly lastEventId: string | null;
  /** False once the login it came with has ended; asked at every heartbeat. */
  welcome(): boolean;
}

/** How the hub paces itself; milliseconds and counts. */
export interface LivePace {
  readonly readingsEvery: number;
  readonly complianceEvery: number;
  readonly heartbeatEvery: number;
  /** What a browser waits before it connects again. */
  readonly retryAfter: number;
  readonly clients: number;
  /** Readings kept for a client that does not read; the oldest are dropped. */
  readonly readingsWaiting: number;
  /** Alerts kept for a client that does not read; one more ends its connection, and the replay tells it the rest. */
  readonly alertsWaiting: number;
  /** Alerts kept for connections that come back. */
  readonly alertsReplayed: number;
}

const PACE: LivePace = {
  readingsEvery: 100,
  complianceEvery: 1000,
  heartbeatEvery: 15_000,
  retryAfter: 3000,
  clients: 500,
  readingsWaiting: 2000,
  alertsWaiting: 1000,
  alertsReplayed: 500,
};

/** An event, not a comment, so that a page can tell a quiet line from a dead one; without an id, so that it stands for no alert. */
const ALIVE = 'event: alive\ndata: {}\n\n';

/** One event for those who may read names, and for those who may not. */
interface Told {
  readonly sequence: number;
  readonly named: string;
  readonly nameless: string;
  /** `null`: it is about no alert. */
  readonly alert: AlertView | null;
}

class Client {
  readonly alerts: string[] = [];
  /** Series → event, the one waiting longest first. */
  readonly readings = new Map<string, string>();
  blocked = false;
  closed = false;

  constructor(
    readonly response: ServerResponse,
    readonly listener: Listener,
  ) {}
}

/** Sends events `reading`, `alert`, `compliance` and the heartbeat `alive` to every connected page. Names and notes go only to who logged in. */
export class LiveHub implements Live {
  private readonly pace: LivePace;
  private readonly clients = new Set<Client>();
  private readonly newest = new Map<string, Instant>();
  private changed = new Map<string, JudgedReading>();
  private told: Told[] = [];
  /** Ids of another run of the service mean nothing here. */
  private readonly run = randomBytes(4).toString('hex');
  private sequence = 0;
  private readingsTimer: NodeJS.Timeout | null = null;
  private complianceTimer: NodeJS.Timeout | null = null;
  private heartbeat: NodeJS.Timeout | null = null;
  private stopped = false;

  constructor(
    private readonly words: LiveWords,
    pace: Partial<LivePace> = {},
  ) {
    this.pace = { ...PACE, ...pace };
  }

  /** Announces a reading; one measured before the newest of its series is no news and stays unsaid. */
  reading(reading: JudgedReading): void {
    const series = `${reading.station}\n${reading.parameter}`;
    const known = this.newest.get(series);
    if (known !== undefined && reading.time < known) return;
    this.newest.set(series, reading.time);
    if (this.clients.size === 0) return;
    this.changed.set(series, reading);
    this.readingsTimer ??= setTimeout(() => this.sendReadings(), this.pace.readingsEvery).unref();
  }

  /** Announces a change of an alert, at once and to everybody. */
  alert(alert: Alert): void {
    const view = this.words.alertView(alert);
    this.tell('alert', view, withoutNames(view), view);
  }

  /** Announces that rates have changed; the page asks for them. At most once a second. */
  compliance(): void {
    this.complianceTimer ??= setTimeout(() => {
      this.complianceTimer = null;
      const event: LiveCompliance = { asOf: isoTime(this.words.clock.now(), this.words.calendar) };
      this.tell('compliance', event, event, null);
    }, this.pace.complianceEvery).unref();
  }

  /**
   * Takes over `response` until one side ends it. False, and nothing written: stopping, or too many are connected. When it is full,
   * the address with most connections gives up its oldest to one with fewer, so that nobody can keep all others out.
   */
  connect(response: ServerResponse, listener: Listener): boolean {
    if (this.stopped) return false;
    if (this.clients.size >= this.pace.clients) {
      const crowding = this.crowding(listener.address);
      if (crowding === undefined) return false;
      this.end(crowding);
    }
    response.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      'X-Accel-Buffering': 'no',
    });
    response.write(`retry: ${this.pace.retryAfter}\n\n`);
    const client = new Client(response, listener);
    client.alerts.push(...this.missedSince(listener));
    this.clients.add(client);
    response.on('close', () => this.drop(client));
    response.on('error', () => this.drop(client));
    response.on('drain', () => {
      client.blocked = false;
      this.write(client);
    });
    this.heartbeat ??= setInterval(() => this.beat(), this.pace.heartbeatEvery).unref();
    this.write(client);
    return true;
  }

  /** Connections open now. */
  get connected(): number {
    return this.clients.size;
  }

  /** Ends every connection and takes no more; the framework calls it when the service stops. */
  onModuleDestroy(): void {
    this.stopped = true;
    if (this.readingsTimer) clearTimeout(this.readingsTimer);
    if (this.complianceTimer) clearTimeout(this.complianceTimer);
    for (const client of this.clients) this.end(client);
  }

  private tell(event: 'alert' | 'compliance', named: object, nameless: object, alert: AlertView | null): void {
    if (this.stopped) return;
    this.sequence += 1;
    const { sequence } = this;
    this.told.push({ sequence, named: this.format(event, named), nameless: this.format(event, nameless), alert });
    if (this.told.length > this.pace.alertsReplayed) this.told = this.told.slice(-this.pace.alertsReplayed);
    const last = this.told.at(-1);
    for (const client of this.clients) {
      if (last && concerns(last, client.listener)) client.alerts.push(client.listener.names ? last.named : last.nameless);
      if (client.alerts.length > this.pace.alertsWaiting) this.end(client);
      else this.write(client);
    }
  }

  private sendReadings(): void {
    this.readingsTimer = null;
    const changed = this.changed;
    this.changed = new Map();
    const events: [series: string, text: string][] = [];
    for (const [series, reading] of changed) {
      const { station, parameter, value, mark, quality } = reading;
      const time = isoTime(reading.time, this.words.calendar);
      const event: LiveReading = { station, parameter, time, value, mark, quality, check: this.words.check(reading) };
      events.push([series, this.format('reading', event)]);
    }
    // Hardly anybody is ever behind: then all of them are sent the same bytes, made once.
    const all = Buffer.from(events.map(([, text]) => text).join(''));
    for (const client of this.clients) {
      if (client.blocked || client.alerts.length + client.readings.size > 0) {
        for (const [series, text] of events) this.keepReading(client, series, text);
        this.write(client);
      } else if (!client.closed) client.blocked = !client.response.write(all);
    }
  }

  private keepReading(client: Client, series: string, text: string): void {
    client.readings.delete(series);
    client.readings.set(series, text);
    if (!client.blocked || client.readings.size <= this.pace.readingsWaiting) return;
    for (const oldest of client.readings.keys()) {
      client.readings.delete(oldest);
      break;
    }
  }

  /** Alerts go first: then the id of a reading never stands for an alert that was not sent. */
  private write(client: Client): void {
    if (client.blocked || client.closed || client.alerts.length + client.readings.size === 0) return;
    const text = client.alerts.join('') + [...client.readings.values()].join('');
    client.alerts.length = 0;
    client.readings.clear();
    client.blocked = !client.response.write(text);
  }

  private beat(): void {
    for (const client of this.clients) {
      if (!client.listener.welcome()) this.end(client);
      else if (!client.blocked) client.blocked = !client.response.write(ALIVE);
    }
  }

  /** The oldest connection of the address that has most, where that is more than `address` would have; connections stand in order of age. */
  private crowding(address: string): Client | undefined {
    const counts = new Map<string, number>([[address, 1]]);
    for (const { listener } of this.clients) counts.set(listener.address, (counts.get(listener.address) ?? 0) + 1);
    const most = Math.max(...counts.values());
    if (most <= counts.get(address)!) return undefined;
    return [...this.clients].find(({ listener }) => counts.get(listener.address) === most);
  }

  private end(client: Client): void {
    this.drop(client);
    if (client.blocked) client.response.destroy();
    else client.response.end();
  }

  private drop(client: Client): void {
    client.closed = true;
    this.clients.delete(client);
    if (this.clients.size > 0) return;
    if (this.heartbeat) clearInterval(this.heartbeat);
    this.heartbeat = null;
  }

  private missedSince(listener: Listener): string[] {
    const [run, sequence] = (listener.lastEventId ?? '').split('-');
    if (run !== this.run || !/^\d+$/.test(sequence ?? '')) return [];
    const missed = this.told.filter((told) => told.sequence > Number(sequence) && concerns(told, listener));
    return missed.map((told) => (listener.names ? told.named : told.nameless));
  }

  private format(event: 'reading' | 'alert' | 'compliance', data: object): string {
    return `id: ${this.run}-${this.sequence}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
  }
}

const concerns = ({ alert }: Told, { hears }: Listener): boolean => alert === null || hears === undefined || hears(alert);

/** An alert as somebody without a login may see it: what happened, not who did what about it. */
export function withoutNames(alert: AlertView): AlertView {
  const history = alert.history.map((event) => ({ ...event, by: null, note: null }));
  return { ...alert, acknowledgedBy: null, history };
}
