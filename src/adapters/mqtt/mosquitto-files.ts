/** How does a Mosquitto learn of our devices? By its password file and its access list. */
import { chmodSync, chownSync, existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Device } from '../../pipeline/ports.js';

/** The two files, in the folder that is named. */
export const PASSWORDS = 'passwords';
export const ACL = 'acl';

const HEAD = '# Written by heqing device: who may say and hear what. It is written anew whenever a device is added or removed.';

/** An access list is there that we did not write. */
export class ForeignAcl extends Error {}

/** What `writeMosquittoFiles` did. */
export interface Written {
  readonly passwords: string;
  readonly acl: string;
  /** Has the service itself an account in the password file? Else `mosquitto_passwd` must make one. */
  readonly hasService: boolean;
}

/**
 * Writes `passwords` and `acl` into a folder, each in one step, so that Mosquitto never reads half a file; it reads them at
 * start and on SIGHUP. In the password file accounts of others stay as they are and those of `removed` go; the access list is
 * wholly ours: `service` reads everything, a device reads and writes below its stations, nobody else anything. Throws
 * `ForeignAcl` rather than overwrite another one.
 */
export function writeMosquittoFiles(
  folder: string,
  devices: readonly Device[],
  service: string,
  removed: readonly string[] = [],
): Written {
  const [passwords, acl] = [join(folder, PASSWORDS), join(folder, ACL)];
  if (existsSync(acl) && !readFileSync(acl, 'utf8').startsWith(HEAD)) {
    throw new ForeignAcl(
      `${acl} 不是本程序写的,不覆盖:另选一个目录,或先移走它。It was not written by us and is left alone: name another folder, or move it away.`,
    );
  }
  const ours = new Set([...devices.map(({ name }) => name), ...removed]);
  const others = (existsSync(passwords) ? readFileSync(passwords, 'utf8') : '')
    .split('\n')
    .filter((line) => line.trim() !== '' && !ours.has(nameOf(line)));
  replace(passwords, [...others, ...devices.map(({ name, verifier }) => `${name}:${verifier}`)]);
  const rights = devices.flatMap(({ name, stations }) => [
    '',
    `user ${name}`,
    ...stations.map((station) => `topic readwrite heqing/${station}/#`),
  ]);
  replace(acl, [
    HEAD,
    '',
    `user ${service}`,
    'topic read heqing/#',
    'topic read $SYS/#',
    'topic readwrite heqing-check/#',
    ...rights,
  ]);
  return { passwords, acl, hasService: others.some((line) => nameOf(line) === service) };
}

const nameOf = (line: string): string => line.slice(0, line.indexOf(':'));

function replace(path: string, lines: readonly string[]): void {
  const fresh = `${path}.new`;
  // Mosquitto runs as a user of its own: whose file, or else whose folder it was, must still be able to read it.
  const { uid, gid } = statSync(existsSync(path) ? path : dirname(path));
  // Readable by their owner only, unless it was otherwise before: newer Mosquittos warn of anything wider.
  const mode = existsSync(path) ? statSync(path).mode & 0o777 : 0o600;
  writeFileSync(fresh, `${lines.join('\n')}\n`, { mode });
  // What somebody else was allowed to read stays so, whatever this process grants by itself.
  chmodSync(fresh, mode);
  if (uid !== statSync(fresh).uid || gid !== statSync(fresh).gid) chownSync(fresh, uid, gid);
  renameSync(fresh, path);
}
