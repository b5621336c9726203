/** What does the launcher's test stand on? A small project with the real scripts and with tools that note their calls. */
import { spawn } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const PROJECT = resolve(import.meta.dirname, '../..');

/** How a process ended, and everything it printed, in order. */
export interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly lastLine: string;
}

/** A process that runs. `printed` resolves when its output contains the text. */
export interface Running {
  readonly ended: Promise<Ended>;
  printed(text: string): Promise<void>;
  signal(name: NodeJS.Signals): void;
}

/** A project in a temporary folder. */
export interface MiniProject {
  readonly folder: string;
  write(path: string, content: string): Promise<void>;
  read(path: string): Promise<string>;
  /** Calls of the noted tools so far, e.g. `npm ci --include=dev`; cleared by reading. */
  calls(): Promise<string[]>;
  /** Puts a program on the project's PATH: the body of a Node script, which finds `note(text)` and `root`. */
  program(name: string, body: string): Promise<void>;
  start(args: readonly string[], env?: Readonly<Record<string, string>>): Running;
  launch(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended>;
  remove(): Promise<void>;
}

const LOCK = {
  lockfileVersion: 3,
  packages: {
    '': { name: 'mini' },
    'node_modules/one': { version: '1.0.0', integrity: 'sha512-one' },
    'node_modules/tool': { version: '2.0.0', integrity: 'sha512-tool', dev: true },
    'node_modules/elsewhere': { version: '3.0.0', integrity: 'sha512-elsewhere', optional: true },
  },
};

/** What `npm ci` leaves behind: its inventory, and the tools as Node scripts under the paths the launcher calls. */
const INSTALL = `
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
rmSync('node_modules', { recursive: true, force: true });
cpSync('tools', 'node_modules', { recursive: true });
const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
delete lock.packages[''];
delete lock.packages['node_modules/elsewhere'];
writeFileSync('node_modules/.package-lock.json', JSON.stringify(lock));
`;

/** "Compiles" by copying; a source with the words "type error" does not compile. */
const NEST = `
import { cpSync, readdirSync, readFileSync } from 'node:fs';
for (const name of readdirSync('src').filter((name) => name.endsWith('.ts'))) {
  if (readFileSync('src/' + name, 'utf8').includes('type error')) {
    console.log('error TS2322 in ' + name);
    process.exit(1);
  }
  cpSync('src/' + name, 'dist/' + name.replace('.ts', '.js'));
}
`;

const VITE = `
import { mkdirSync, writeFileSync } from 'node:fs';
mkdirSync('dist/web', { recursive: true });
writeFileSync('dist/web/index.html', '<title>mini</title>');
`;

/** The service: says that it is ready and with what; on SIGTERM it needs a moment, then ends with the code asked for. */
const MAIN = `
const life = setInterval(() => {}, 1000);
process.on('SIGTERM', () => setTimeout(() => { clearInterval(life); console.log('finished what it took'); }, 150));
console.log('service up', process.argv.slice(2).join(' '));
if (process.env.MINI_EXIT) process.exit(Number(process.env.MINI_EXIT));
`;

function noting(folder: string, name: string, body: string): string {
  return `import { appendFileSync } from 'node:fs';
const root = ${JSON.stringify(folder)};
const note = (text) => appendFileSync(root + '/calls', text + '\\n');
note([${JSON.stringify(name)}, ...process.argv.slice(2)].join(' '));
${body}`;
}

function collect(command: string, args: readonly string[], folder: string, env: NodeJS.ProcessEnv): Running {
  const child = spawn(command, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const waiting = new Set<() => void>();
  const take = (chunk: Buffer): void => {
    output += chunk.toString('utf8');
    for (const look of waiting) look();
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  const ended = new Promise<Ended>((done, fail) => {
    child.on('error', fail);
    child.on('close', (code) => done({ code, output, lastLine: output.trimEnd().split('\n').at(-1) ?? '' }));
  });
  return {
    ended,
    printed: (text) =>
      new Promise((done, fail) => {
        const look = (): void => {
          if (!output.includes(text)) return;
          waiting.delete(look);
          done();
        };
        waiting.add(look);
        look();
        void ended.then(() => fail(new Error(`ended without printing "${text}":\n${output}`)));
      }),
    signal: (name) => child.kill(name),
  };
}

/** Makes a fresh clone: nothing installed, nothing built. `jest`: with the real Jest behind the tool of that name. */
export async function miniProject(): Promise<MiniProject> {
  const folder = await mkdtemp(join(tmpdir(), 'heqing-mini-'));
  const write = async (path: string, content: string): Promise<void> => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  };
  const program = async (name: string, body: string): Promise<void> => {
    await write(`bin/${name}.mjs`, noting(folder, name, body));
    await write(`bin/${name}`, `#!${process.execPath}\nimport(${JSON.stringify(join(folder, `bin/${name}.mjs`))});\n`);
    await chmod(join(folder, `bin/${name}`), 0o755);
  };
  const { scripts } = JSON.parse(await readFile(join(PROJECT, 'package.json'), 'utf8')) as { scripts: unknown };
  await cp(join(PROJECT, 'scripts'), join(folder, 'scripts'), { recursive: true });
  const jest = { testMatch: ['**/test/*.test.js'], transform: {} };
  await write('package.json', JSON.stringify({ name: 'mini', version: '1.0.0', type: 'module', scripts, jest }));
  await write('package-lock.json', JSON.stringify(LOCK));
  await write('src/main.ts', MAIN);
  await write('src/heqing.ts', `console.log('heqing', process.argv.slice(2).join(' '));\n`);
  await write('tools/@nestjs/cli/bin/nest.js', noting(folder, 'nest', NEST));
  await write('tools/vite/bin/vite.js', noting(folder, 'vite', VITE));
  // Jest's own start file would look for the project's copy of itself, and find this one.
  await write('tools/jest/bin/jest.js', `await import(${JSON.stringify(join(PROJECT, 'node_modules/jest-cli/bin/jest.js'))});\n`);
  await write('tools/package.json', '{"type":"module"}');
  await program('npm', INSTALL);
  await symlink(process.execPath, join(folder, 'bin/node'));

  const environment = (env: Readonly<Record<string, string>>): NodeJS.ProcessEnv => {
    // What an outer `npm test` sets must not reach the inner one.
    const inherited = Object.entries(process.env).filter(([name]) => !/^(npm_|JEST_|HEQING_|CI$|NODE_OPTIONS$)/.test(name));
    return { ...Object.fromEntries(inherited), PATH: join(folder, 'bin'), ...env };
  };
  const start: MiniProject['start'] = (args, env = {}) =>
    collect(process.execPath, ['scripts/launch.js', ...args], folder, environment(env));
  return {
    folder,
    write,
    read: (path) => readFile(join(folder, path), 'utf8'),
    calls: async () => {
      const calls = await readFile(join(folder, 'calls'), 'utf8').catch(() => '');
      await rm(join(folder, 'calls'), { force: true });
      return calls.split('\n').filter(Boolean).sort();
    },
    program,
    start,
    launch: (args, env) => start(args, env).ended,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Runs any other program in the project, on the machine's own PATH. */
export function runIn(project: MiniProject, command: string, args: readonly string[], env: Record<string, string> = {}): Running {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(npm_|JEST_|HEQING_|CI$|NODE_OPTIONS$)/.test(name));
  return collect(command, args, project.folder, { ...Object.fromEntries(inherited), ...env });
}
