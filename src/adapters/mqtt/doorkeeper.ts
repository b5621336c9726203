/** Who comes into the embedded broker, and what may they say and hear there? */
import type { AuthenticateError, Client } from 'aedes';
import type { Journal } from '../../pipeline/ports.js';
import type { Admission, DeviceCheck } from './devices.js';
import { certifiedNames } from './listener.js';
import { Pace } from './pace.js';
import { printable, Sparing } from './sparing.js';

/** The station a topic or filter speaks of, `heqing/{station}/…`; empty, which no station is called, for any other. */
export function stationOf(topic: string): string {
  const [root, station, ...rest] = topic.split('/');
  return root === 'heqing' && rest.length > 0 ? (station ?? '') : '';
}

/** Lets devices in by their credentials, and anybody while none has any and only this machine can knock. */
export class Doorkeeper {
  private readonly admissions = new WeakMap<Client, Admission>();
  private readonly paces = new Map<string, Pace>();
  private readonly refusals: Sparing;

  /** `reachable`: can other machines connect? `pace`: requests a second of one device. */
  constructor(
    private readonly devices: DeviceCheck | undefined,
    private readonly reachable: boolean,
    private readonly pace: number,
    private readonly journal: Journal,
  ) {
    this.refusals = new Sparing(journal);
  }

  /** Answers aedes' question at CONNECT. */
  authenticate(
    client: Client,
    name: string | undefined,
    secret: Buffer | undefined,
    done: (error: AuthenticateError | null, success: boolean | null) => void,
  ): void {
    const { devices } = this;
    const certified = certifiedNames(client.conn);
    let claimed = name;
    try {
      claimed ??= certified?.find((one) => devices?.knows(one));
    } catch (error) {
      return this.failed(error as Error, done);
    }
    if (!devices || claimed === undefined || (secret === undefined && certified === null)) {
      if (this.required) this.refusals.warn(`embedded broker: a connection without ${missing(certified)} was refused`);
      return done(null, !this.required);
    }
    // Also with its secret: what one device lost must not let another speak in its name.
    if (certified !== null && !certified.includes(claimed)) {
      if (this.required) {
        const names = certified.map(printable).join(', ');
        this.refusals.warn(`embedded broker: ${printable(claimed)} was refused, its certificate is that of ${names}`);
      }
      return done(null, !this.required);
    }
    const device = claimed;
    devices.admit(device, secret ?? null).then(
      (admission) => {
        if (admission) this.admissions.set(client, admission);
        else if (this.required) {
          this.refusals.warn(`embedded broker: ${printable(device)} was refused, unknown name or wrong secret`);
        }
        done(null, admission !== null || !this.required);
      },
      (error: Error) => this.failed(error, done),
    );
  }

  private failed(error: Error, done: (error: null, success: boolean) => void): void {
    this.journal.error(`embedded broker: the credentials of a device could not be checked: ${error.message}`);
    done(null, false);
  }

  /**
   * What a client is now: a device, `anybody` (while that is enough), or `gone`: the device was removed or has another
   * secret, or came without credentials before there were any.
   */
  standing(client: Client | null): Admission | 'anybody' | 'gone' {
    const admission = client === null ? undefined : this.admissions.get(client);
    if (admission) return admission.stands() ? admission : 'gone';
    return this.required ? 'gone' : 'anybody';
  }

  /** The name of the device behind a client; `null` for anybody. */
  deviceOf(client: Client): string | null {
    return this.admissions.get(client)?.name ?? null;
  }

  /** The pace of a device, shared by its connections. */
  paceOf(device: string): Pace {
    const pace = this.paces.get(device) ?? new Pace(this.pace);
    this.paces.set(device, pace);
    return pace;
  }

  /** May the client subscribe there? A device hears what is said of its own stations. */
  mayHear(client: Client, filter: string): boolean {
    const standing = this.standing(client);
    if (standing === 'gone') return false;
    return standing === 'anybody' || standing.speaksFor(stationOf(filter));
  }

  private get required(): boolean {
    return this.reachable || (this.devices?.required() ?? false);
  }
}

/** What a stranger would have needed. */
const missing = (certified: readonly string[] | null): string =>
  certified === null
    ? 'name and secret'
    : `a name that is a device's (its certificate names ${certified.map(printable).join(', ') || 'nobody'})`;
