/** Is what was installed and built still what the files say? Stamps, compared by time and size first, by content only then. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a build is made from, relative to the project; folders count with everything below them. */
const BUILD_INPUTS = ['src', 'package-lock.json', 'tsconfig.json', 'nest-cli.json', '.swcrc'];

/** What a finished build has, whatever else it has. */
const BUILD_OUTPUTS = ['dist/main.js', 'dist/web/index.html'];

/** Stands in an offline bundle, which has all it needs and nothing to build from. */
export const BUNDLE_MARK = 'bundle.json';

const BUILD_STAMP = 'dist/.stamp';
const LOCK_FILE = 'package-lock.json';
const INVENTORY = 'node_modules/.package-lock.json';
const INSTALL_STAMP = 'node_modules/.heqing-stamp';

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    // Missing, or cut short by a crash: both mean that nothing is known.
    return null;
  }
}

/** Every file at or below `path`, relative to `root`, sorted. */
function filesUnder(root, path) {
  const stat = statSync(join(root, path), { throwIfNoEntry: false });
  if (!stat) return [];
  if (!stat.isDirectory()) return [path];
  return readdirSync(join(root, path))
    .sort()
    .flatMap((name) => filesUnder(root, `${path}/${name}`));
}

/**
 * Fingerprint of files: `{ path: [mtimeMs, size, sha1] }`. A file whose time and size are as in `known` is not read again.
 */
function fingerprint(root, paths, known) {
  const prints = {};
  for (const path of paths) {
    const { mtimeMs, size } = statSync(join(root, path));
    const before = known?.[path];
    const content =
      before?.[0] === mtimeMs && before[1] === size
        ? before[2]
        : createHash('sha1')
            .update(readFileSync(join(root, path)))
            .digest('hex');
    prints[path] = [mtimeMs, size, content];
  }
  return prints;
}

function sameContent(a, b) {
  const paths = Object.keys(a);
  return paths.length === Object.keys(b).length && paths.every((path) => a[path][2] === b[path]?.[2]);
}

/** The fingerprint of everything a build is made from, as it is now. */
export function buildInputs(root) {
  const known = readJson(join(root, BUILD_STAMP));
  return fingerprint(
    root,
    BUILD_INPUTS.flatMap((path) => filesUnder(root, path)),
    known,
  );
}

/** Is `dist/` made from these inputs? Touched but unchanged files are stamped anew, so that they are read only once. */
export function isBuilt(root, inputs) {
  const known = readJson(join(root, BUILD_STAMP));
  if (!known || !BUILD_OUTPUTS.every((path) => existsSync(join(root, path)))) return false;
  if (!sameContent(inputs, known)) return false;
  if (JSON.stringify(inputs) !== JSON.stringify(known)) markBuilt(root, inputs);
  return true;
}

/** Notes that `dist/` was made from these inputs, taken *before* the build so that an edit during it is not missed. */
export function markBuilt(root, inputs) {
  writeFileSync(join(root, BUILD_STAMP), JSON.stringify(inputs));
}

/** Notes that `dist/` is nobody's: a build has begun. */
export function markUnbuilt(root) {
  rmSync(join(root, BUILD_STAMP), { force: true });
}

/** Removes compiled files whose source is gone; the compilers only ever add. */
export function pruneBuild(root) {
  for (const path of filesUnder(root, 'dist')) {
    const module = /^dist\/(?!web\/)(.*)\.js(\.map)?$/.exec(path)?.[1];
    if (module !== undefined && !existsSync(join(root, 'src', `${module}.ts`))) rmSync(join(root, path));
  }
}

/** Does the inventory npm leaves in node_modules hold every package of the lock file, in its version? */
function holds(inventory, lock, devPackages) {
  return Object.entries(lock).every(([path, wanted]) => {
    if (path === '' || wanted.link) return true;
    const found = inventory[path];
    // Optional packages are left out on platforms that they are not for.
    if (!found) return Boolean(wanted.optional || wanted.devOptional || (wanted.dev && !devPackages));
    return found.version === wanted.version && found.integrity === wanted.integrity;
  });
}

/** Times and sizes of what an installation is known by; they change with every `npm` command that installs. */
function installationStats(root) {
  return [LOCK_FILE, INVENTORY].map((path) => {
    const stat = statSync(join(root, path), { throwIfNoEntry: false });
    return stat ? [stat.mtimeMs, stat.size] : null;
  });
}

/** Notes that node_modules is what package-lock.json says. */
export function markInstalled(root, { devPackages }) {
  writeFileSync(join(root, INSTALL_STAMP), JSON.stringify({ files: installationStats(root), devPackages }));
}

/**
 * Is node_modules what package-lock.json says? `devPackages`: with the packages for building and testing. However it was
 * installed: npm's own inventory is compared, and the result stamped, so that the next look costs two `stat`s.
 */
export function isInstalled(root, { devPackages }) {
  const now = installationStats(root);
  if (now.includes(null)) return false;
  const stamp = readJson(join(root, INSTALL_STAMP));
  if (stamp && JSON.stringify(stamp.files) === JSON.stringify(now) && (stamp.devPackages || !devPackages)) return true;
  const [lock, inventory] = [LOCK_FILE, INVENTORY].map((path) => readJson(join(root, path))?.packages);
  if (!lock || !inventory || !holds(inventory, lock, devPackages)) return false;
  markInstalled(root, { devPackages: holds(inventory, lock, true) });
  return true;
}
