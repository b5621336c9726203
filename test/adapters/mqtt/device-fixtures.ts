/** What do tests of devices share? A store in memory, and certificates made on the spot. */
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { verifierOf } from '../../../src/adapters/mqtt/device-secret.js';
import type { Device, DeviceStore } from '../../../src/pipeline/ports.js';

/** A device whose secret is its name with `-secret` behind it. */
export const deviceOf = (name: string, ...stations: string[]): Device => ({
  name,
  stations,
  verifier: verifierOf(`${name}-secret`),
  createdAt: 1,
});

/** What a client of that device connects with. */
export const loginOf = (name: string) => ({ username: name, password: `${name}-secret` });

/** The devices of a test. */
export class KeptDevices implements DeviceStore {
  private readonly devices = new Map<string, Device>();

  constructor(...devices: Device[]) {
    for (const device of devices) this.add(device);
  }

  find(name: string): Device | undefined {
    return this.devices.get(name);
  }

  list(): Device[] {
    return [...this.devices.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  add(device: Device): boolean {
    if (this.devices.has(device.name)) return false;
    this.devices.set(device.name, device);
    return true;
  }

  remove(name: string): boolean {
    return this.devices.delete(name);
  }
}

const openssl = (args: readonly string[], cwd: string) => promisify(execFile)('openssl', args, { cwd });

/**
 * An authority, a broker's certificate for 127.0.0.1, and of devices one with the common name `logger`, one with that as its
 * second DNS name, and one of somebody else, in a folder: `ca`, `broker`, `logger`, `named` and `other`, each `.pem` and `.key`.
 */
export async function makeCertificates(folder: string): Promise<(name: string) => Promise<string>> {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  await openssl(['req', '-x509', ...key, '-days', '90', '-subj', '/CN=authority', '-keyout', 'ca.key', '-out', 'ca.pem'], folder);
  for (const [name, names] of [
    ['broker', 'IP.1=127.0.0.1'],
    ['logger', 'IP.1=127.0.0.1'],
    ['named', 'DNS.1=station-hut\nDNS.2=logger'],
    // Written so, it must not pass for a list with the name in it.
    ['other', 'URI.1=urn:x, DNS:logger'],
  ] as const) {
    await writeFile(join(folder, 'names'), `subjectAltName=@names\n[names]\n${names}\n`);
    await openssl(['req', ...key, '-subj', `/CN=${name}`, '-keyout', `${name}.key`, '-out', `${name}.csr`], folder);
    const signing = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'names'];
    await openssl(['x509', '-req', '-in', `${name}.csr`, ...signing, '-days', '90', '-out', `${name}.pem`], folder);
  }
  return (name) => readFile(join(folder, name), 'utf8');
}
