/** What does `npm run check` look at? Types, lint, format, module boundaries and every file under config/. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { prepare } from './prepare.js';
import { run, StepFailed } from './step.js';

/** The steps: a name for people, and Node's arguments. The slowest first, so that they do not end alone. */
const STEPS = [
  ['lint (eslint)', ['node_modules/eslint/bin/eslint.js', '.', '--max-warnings', '0']],
  ['types of test/ (tsc)', ['node_modules/typescript/bin/tsc', '--noEmit', '-p', 'test']],
  ['types of src/ (tsc)', ['node_modules/typescript/bin/tsc', '--noEmit', '-p', '.']],
  ['types of src/web/ (vue-tsc)', ['node_modules/vue-tsc/bin/vue-tsc.js', '--noEmit', '-p', 'src/web']],
  ['format (prettier)', ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.']],
  [
    'module boundaries (dependency-cruiser)',
    ['node_modules/dependency-cruiser/bin/dependency-cruise.mjs', '--config', '.dependency-cruiser.cjs', 'src', 'test'],
  ],
  ['config/ (check-config)', ['dist/heqing.js', 'check-config']],
];

/** The environment of a check: the project's own config, whatever the caller's service is told to read. */
function checkEnvironment(root) {
  return { ...process.env, HEQING_CONFIG: join(root, 'config'), NO_COLOR: '1', FORCE_COLOR: undefined };
}

/**
 * Runs every check, as many at a time as there are cores, and prints one line each; what a failed one said comes at the
 * end. Resolves with the exit code. Throws `StepFailed` when the packages cannot be installed.
 */
export async function runChecks(root) {
  const failures = [];
  try {
    await prepare(root, { devPackages: true });
  } catch (error) {
    // A build that fails has its reasons among the types below; without packages nothing can be checked.
    const { isInstalled } = await import('./freshness.js');
    if (!(error instanceof StepFailed) || !isInstalled(root, { devPackages: true })) throw error;
    failures.push(['build', error.message]);
    console.log('✗ build');
  }
  const waiting = [...STEPS];
  const work = async () => {
    for (let step = waiting.shift(); step; step = waiting.shift()) {
      const [name, args] = step;
      const { code, output, seconds } = await run(process.execPath, args, { cwd: root, env: checkEnvironment(root) });
      console.log(`${code === 0 ? '✓' : '✗'} ${name} ${seconds.toFixed(1)} s`);
      if (code !== 0) failures.push([name, output]);
    }
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), STEPS.length) }, work));
  for (const [name, output] of failures) console.log(`\n── ${name}\n${output.trimEnd()}`);
  if (failures.length > 0) console.log(`\n失败 failed: ${failures.map(([name]) => name).join(', ')}`);
  return failures.length === 0 ? 0 : 1;
}
