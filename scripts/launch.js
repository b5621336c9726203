/**
 * What stands between a fresh clone and a running service? Everything `npm start`, `npm test`, `npm run …` do first.
 * Plain JavaScript and Node's own modules only, because it runs before anything is installed.
 *
 *   node scripts/launch.js start [args]        install and build what is missing or stale, then be the service
 *   node scripts/launch.js run NAME [args]     the same for dist/NAME.js (simulate, heqing)
 *   node scripts/launch.js test [jest args]    the same, real servers for the tests, then Jest
 *   node scripts/launch.js build               install if needed, then build whatever the stamps say
 *   node scripts/launch.js bench|chaos [args]  the same, then test/bench/main.ts or test/chaos/main.ts
 *   node scripts/launch.js bundle [args]       the same, then the offline bundle (scripts/bundle.js)
 *   node scripts/launch.js check               types, lint, format, boundaries, config
 */
/** What the packages of the lock file want: 21 and the first of 22 lack what 20.19 has. */
const NODE_NEEDED = '^20.19 || >=22.12';

/** Is this Node one of those? `version` as in `process.versions.node`. */
function isNodeFit(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;
}

/** Becomes `dist/NAME.js`: same process, so signals reach it and its exit code is ours. */
async function become(root, name, args) {
  const { existsSync } = await import('node:fs');
  const { join } = await import('node:path');
  const { pathToFileURL } = await import('node:url');
  const { prepare } = await import('./prepare.js');
  await prepare(root, { devPackages: false });
  const file = join(root, 'dist', `${name}.js`);
  if (!existsSync(file)) {
    const { StepFailed } = await import('./step.js');
    throw new StepFailed(`没有这个命令 there is no such command: ${name} (dist/${name}.js)`);
  }
  process.argv = [process.execPath, file, ...args];
  await import(pathToFileURL(file).href);
}

/** Runs `test/NAME/main.ts` beside the built service, with real servers where they can be had. */
async function measure(root, name, args) {
  const { join } = await import('node:path');
  const { prepare } = await import('./prepare.js');
  const { provideServers } = await import('./real-servers.js');
  const { run } = await import('./step.js');
  await provideServers();
  await prepare(root, { devPackages: true });
  const program = [join('test', name, 'main.ts'), ...args];
  const { code } = await run(process.execPath, ['--import', './scripts/typescript.js', ...program], { cwd: root, show: true });
  return code;
}

/** Runs one command of the table above. Resolves with an exit code, or `null` when the process is now something else. */
async function launch(root, [command, ...args]) {
  switch (command) {
    case 'start':
      await become(root, 'main', args);
      return null;
    case 'run':
      await become(root, args[0] ?? '', args.slice(1));
      return null;
    case 'build': {
      const { prepare } = await import('./prepare.js');
      await prepare(root, { devPackages: true, rebuild: true });
      return 0;
    }
    case 'test': {
      const { runTests } = await import('./run-tests.js');
      return runTests(root, args);
    }
    case 'bench':
    case 'chaos':
      return measure(root, command, args);
    case 'bundle': {
      const { bundle } = await import('./bundle.js');
      return bundle(root, args);
    }
    case 'check': {
      const { runChecks } = await import('./run-checks.js');
      return runChecks(root);
    }
    default:
      console.error('usage: node scripts/launch.js start | run NAME | build | test | bench | chaos | bundle | check');
      return 2;
  }
}

if (!isNodeFit(process.versions.node)) {
  console.error(
    `河清需要 Node 20.19 以上的 20,或 22.12 以上 (${NODE_NEEDED}),现在是 ${process.versions.node}。` +
      ` Heqing needs Node 20 from 20.19 on, or 22.12 or newer; this is ${process.versions.node}.`,
  );
  process.exitCode = 1;
} else {
  const { dirname } = await import('node:path');
  const { fileURLToPath } = await import('node:url');
  const { StepFailed } = await import('./step.js');
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  try {
    const code = await launch(root, process.argv.slice(2));
    if (code !== null) process.exitCode = code;
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
