/**
 * How does Heqing come to a machine without registries? `npm run bundle`: one file with the built service, its packages for this
 * platform, checksums and a bill of materials. Unpacked, `./heqing start` (or `npm start`) neither installs nor builds.
 *
 *   npm run bundle -- [--to DIR] [--with-node]    DIR is ./bundle; --with-node takes the Node that runs this along
 *
 * The same commit, lock file and build give the same bytes: sorted, no times but the commit's (or SOURCE_DATE_EPOCH).
 */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { finished, pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { createGzip } from 'node:zlib';
import { BUNDLE_MARK } from './freshness.js';
import { npm, prepare } from './prepare.js';
import { run, StepFailed } from './step.js';

/** What an installation has besides packages; folders count with everything below them. */
const OWN = [
  ...['config', 'docker', 'scripts', 'package.json', 'package-lock.json', '.npmrc'],
  ...['LICENSE', 'README.md', 'README.zh-CN.md', 'CHANGELOG.md'],
];

/** Of a build: what only a debugger or the launcher of a checkout needs. */
const BUILD_LEFT_OUT = /\.map$|^dist\/\.(stamp|lock)$/;

/** Of a package: what no running program reads. */
const PACKAGE_LEFT_OUT = /\.(map|d\.[cm]?ts)$/;

/** Starts the service, or a command of it, with the Node that came along or else the machine's. */
const STARTER = `#!/bin/sh
# ./heqing start        the service            ./heqing simulate     virtual sensors
# ./heqing COMMAND      the operator's command line, e.g. ./heqing backup
# Config and data lie beside this file; CALLED_FROM is where the files that a COMMAND names are looked for.
called_from=$PWD
cd "$(dirname "$0")" || exit 1
node=./bin/node
[ -x "$node" ] || node=node
case "\${1:---help}" in
  start) shift; exec "$node" --max-old-space-size=1700 scripts/launch.js start "$@" ;;
  simulate) shift; exec "$node" scripts/launch.js run simulate "$@" ;;
  *) CALLED_FROM=$called_from exec "$node" scripts/launch.js run heqing "$@" ;;
esac
`;

/** Every file at or below `path`, relative to `root`, sorted by code unit; links are followed by nobody. */
function filesUnder(root, path, skip = () => false) {
  const stat = statSync(join(root, path), { throwIfNoEntry: false });
  if (!stat || skip(path)) return [];
  if (!stat.isDirectory()) return [path];
  return readdirSync(join(root, path), { withFileTypes: true })
    .filter((entry) => entry.isFile() || entry.isDirectory())
    .map(({ name }) => name)
    .sort()
    .flatMap((name) => filesUnder(root, `${path}/${name}`, skip));
}

/** Files that stay on this machine: an `.env` holds passwords, and what Git ignores is nobody else's. */
async function privateFiles(root) {
  const { code, output } = await run('git', ['ls-files', '-z', '--others', '--ignored', '--exclude-standard', '--', ...OWN], {
    cwd: root,
  });
  const ignored = new Set(code === 0 ? output.split('\0') : []);
  return (path) => ignored.has(path) || basename(path) === '.env';
}

/** Packages that the service runs with here: of the lock file, those for production that are installed. */
function productionPackages(root) {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  return Object.entries(packages)
    .filter(([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional)
    .map(([path]) => path)
    .filter((path) => existsSync(join(root, path)))
    .sort();
}

/** Packages of which code went into the pages: of the lock file, those that `src/web` imports and what these depend on. */
function browserPackages(root) {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const texts = filesUnder(root, 'src/web')
    .filter((path) => /\.(ts|vue)$/.test(path) && !path.endsWith('/vite.config.ts'))
    .map((path) => readFileSync(join(root, path), 'utf8'));
  const imported = /^(?!import type).*?(?:from |import |import\()'((?:@[^/']+\/)?[^./'][^/':]*)(?:\/[^']*)?'/gm;
  const found = new Set();
  const add = (name, from) => {
    // As Node looks for it: in the package that asks, then in each folder above.
    const path = `${from}node_modules/${name}`;
    if (packages[path] === undefined) {
      if (from !== '') add(name, from.slice(0, from.lastIndexOf('node_modules/', from.length - 2)));
    } else if (!found.has(path)) {
      found.add(path);
      for (const one of Object.keys(packages[path].dependencies ?? {})) add(one, `${path}/`);
    }
  };
  for (const [, name] of texts.flatMap((text) => [...text.matchAll(imported)])) add(name, '');
  return [...found].sort();
}

/** A package's files without those of packages nested in it, which are listed by themselves, and of other platforms. */
function packageFiles(root, path) {
  const here = `${process.platform}-${process.arch}`;
  const elsewhere = /\/prebuilds\/([^/]+)$/;
  return filesUnder(root, path, (file) => {
    const platform = elsewhere.exec(file)?.[1];
    if (platform !== undefined) return platform !== here;
    return file === `${path}/node_modules` || PACKAGE_LEFT_OUT.test(file);
  });
}

/** Seconds of the commit, so that a bundle made twice is the same. */
async function commitTime(root) {
  const { SOURCE_DATE_EPOCH: given } = process.env;
  if (given !== undefined && /^\d+$/.test(given)) return Number(given);
  const { code, output } = await run('git', ['log', '-1', '--format=%ct'], { cwd: root });
  return code === 0 ? Number(output.trim()) : 0;
}

const nodeComponent = {
  'bom-ref': `node@${process.versions.node}`,
  type: 'platform',
  name: 'node',
  version: process.versions.node,
  purl: `pkg:generic/node@${process.versions.node}`,
};

/** CycloneDX as npm itself writes it, of these packages alone and a Node, without what changes from one run to the next. */
async function billOfMaterials(root, packages, withNode, time) {
  const [command, args] = npm(['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only', '--loglevel', 'error']);
  const { code, output } = await run(command, args, { cwd: root });
  if (code !== 0) throw new StepFailed(`npm sbom: ${output}`);
  const bill = JSON.parse(output.slice(output.indexOf('{')));
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  // npm's own `--omit dev` drops whatever a development package needs too, rxjs among them.
  const { packages: locked } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const held = new Set(
    packages.map((path) => `${locked[path].name ?? path.split('node_modules/').pop()}@${locked[path].version}`),
  );
  const isHeld = (ref) => held.has(ref) || ref === `${name}@${version}`;
  bill.components = bill.components.filter((one) => held.has(`${one.name}@${one.version}`));
  // npm says who needs them to build; here they are part of what runs.
  for (const one of bill.components)
    one.properties = one.properties?.filter((property) => property.name !== 'cdx:npm:package:development');
  bill.dependencies = bill.dependencies
    .filter(({ ref }) => isHeld(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter(isHeld) }));
  if (withNode) bill.components.push(nodeComponent);
  const sum = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  bill.serialNumber = `urn:uuid:${sum.slice(0, 8)}-${sum.slice(8, 12)}-8${sum.slice(13, 16)}-8${sum.slice(17, 20)}-${sum.slice(20, 32)}`;
  bill.metadata.timestamp = new Date(time * 1000).toISOString();
  // npm calls it after the folder of the checkout.
  bill.metadata.component.name = name;
  return `${JSON.stringify(bill, null, 2)}\n`;
}

async function sumOf(file) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** Writes a gzipped tar of `[{ path, file | text, mode }]` below the folder `top`, every entry with the same time. */
async function writeTar(to, top, entries, time) {
  // Installed by now; the launcher's other commands must do without packages.
  const { pack } = await import('tar-stream');
  const tar = pack();
  const written = pipeline(tar, createGzip({ level: 6 }), createWriteStream(to));
  const filled = (async () => {
    for (const { path, file, text, mode } of entries) {
      const size = file === undefined ? Buffer.byteLength(text) : statSync(file).size;
      const entry = tar.entry({ name: `${top}/${path}`, size, mode, mtime: new Date(time * 1000) });
      if (file === undefined) {
        entry.end(text);
        await finished(entry);
      } else await pipeline(createReadStream(file), entry);
    }
    tar.finalize();
  })();
  filled.catch((error) => tar.destroy(error));
  await Promise.all([written, filled]);
}

/** Makes the bundle. Resolves with an exit code; throws `StepFailed`. */
export async function bundle(root, args) {
  const { values } = parseArgs({ args, options: { to: { type: 'string' }, 'with-node': { type: 'boolean' } } });
  const begun = performance.now();
  await prepare(root, { devPackages: true });
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const name = `heqing-${version}-${process.platform}-${process.arch}`;
  const time = await commitTime(root);

  const plain = (path) => ({ path, file: join(root, path), mode: 0o644 });
  const isPrivate = await privateFiles(root);
  const packages = productionPackages(root);
  const billed = [...new Set([...packages, ...browserPackages(root)])];
  const entries = [
    ...OWN.flatMap((path) => filesUnder(root, path, isPrivate)).map(plain),
    ...filesUnder(root, 'dist', (path) => BUILD_LEFT_OUT.test(path)).map(plain),
    ...packages.flatMap((path) => packageFiles(root, path)).map(plain),
    {
      path: BUNDLE_MARK,
      text: `${JSON.stringify({ version, platform: name.slice(`heqing-${version}-`.length), node: process.version })}\n`,
      mode: 0o644,
    },
    { path: 'heqing', text: STARTER, mode: 0o755 },
    { path: 'sbom.cdx.json', text: await billOfMaterials(root, billed, values['with-node'], time), mode: 0o644 },
    ...(values['with-node'] ? [{ path: 'bin/node', file: process.execPath, mode: 0o755 }] : []),
  ].sort((a, b) => (a.path < b.path ? -1 : 1));
  const lines = [];
  for (const { path, file, text } of entries) {
    const sum = file === undefined ? createHash('sha256').update(text).digest('hex') : await sumOf(file);
    lines.push(`${sum}  ${path}\n`);
  }
  entries.push({ path: 'SHA256SUMS', text: lines.join(''), mode: 0o644 });

  const folder = values.to ?? join(root, 'bundle');
  const target = join(folder, `${name}.tar.gz`);
  await mkdir(folder, { recursive: true });
  try {
    await writeTar(`${target}.half`, name, entries, time);
    await rename(`${target}.half`, target);
  } finally {
    await rm(`${target}.half`, { force: true });
  }
  await writeFile(`${target}.sha256`, `${await sumOf(target)}  ${basename(target)}\n`);
  const mib = (statSync(target).size / 1024 / 1024).toFixed(1);
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  console.log(
    `离线安装包 bundle: ${target} (${mib} MiB, ${entries.length} 个文件 files, ${packages.length} 个依赖 packages, ${seconds} s)`,
  );
  console.log(`  校验 check: sha256sum -c ${basename(target)}.sha256    启动 start: tar xzf … && ${name}/heqing start`);
  return 0;
}
