/** Which device is this, and for which stations may it speak? Asked of the store, which the command line changes meanwhile. */
import type { Device, DeviceStore } from '../../pipeline/ports.js';
import { matches } from './device-secret.js';

/** How long what was read of the store is believed, ms: within it a device that was removed is cut off. */
const BELIEVED_MS = 500;

/** A device that was let in. */
export interface Admission {
  readonly name: string;
  /** May it speak for this station, as things stand now? */
  readonly speaksFor: (station: string) => boolean;
  /** Is it still the device that was let in, neither removed nor given another secret? */
  readonly stands: () => boolean;
}

/** The credentials of devices, as the broker asks for them. */
export interface DeviceCheck {
  /** Has any device credentials? Then nobody comes in without. */
  required(): boolean;
  /** Is there a device of this name? */
  knows(name: string): boolean;
  /** `null`: unknown name or wrong secret. `secret` `null`: its certificate vouches for it. Rejects when the store cannot be read. */
  admit(name: string, secret: Uint8Array | null): Promise<Admission | null>;
}

interface Known {
  readonly verifier: string;
  readonly stations: ReadonlySet<string>;
}

/** The devices of a store, whoever writes to it. */
export class Devices implements DeviceCheck {
  private known: ReadonlyMap<string, Known> = new Map();
  private readAt = 0;

  /** Throws when the store cannot be read. */
  constructor(private readonly store: DeviceStore) {
    this.refresh();
  }

  required(): boolean {
    return this.current().size > 0;
  }

  knows(name: string): boolean {
    return this.store.find(name) !== undefined;
  }

  async admit(name: string, secret: Uint8Array | null): Promise<Admission | null> {
    const device = this.store.find(name);
    if (!device || (secret !== null && !(await matches(secret, device.verifier)))) return null;
    const { verifier } = device;
    if (this.known.get(name)?.verifier !== verifier) this.refresh();
    // Asked for every message: looked up again only when the store was read again.
    let [seen, own] = [this.known, this.known.get(name)];
    const now = (): Known | undefined => {
      const known = this.current();
      if (known !== seen) [seen, own] = [known, known.get(name)];
      return own;
    };
    return {
      name,
      speaksFor: (station) => now()?.stations.has(station) ?? false,
      stands: () => now()?.verifier === verifier,
    };
  }

  private current(): ReadonlyMap<string, Known> {
    if (performance.now() - this.readAt > BELIEVED_MS) {
      try {
        this.refresh();
      } catch {
        // A state file that cannot be read cannot be written either: the intake says so, and nothing is taken.
        this.readAt = performance.now();
      }
    }
    return this.known;
  }

  private refresh(): void {
    this.known = new Map(this.store.list().map((device) => [device.name, toKnown(device)]));
    this.readAt = performance.now();
  }
}

const toKnown = ({ verifier, stations }: Device): Known => ({ verifier, stations: new Set(stations) });
