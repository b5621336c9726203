/** How does `npm test` run, and what does its last line say? `N passed, N failed`, whatever happened before. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepare } from './prepare.js';
import { provideServers, SERVER_NAMES } from './real-servers.js';
import { run, StepFailed } from './step.js';

/**
 * Counts of Jest's JSON report: `{ passed, failed, skipped }`. A file that could not run is one failure, and so is a run
 * that left no report, ran no test, or ended badly although no test failed.
 */
function count(report, exitCode) {
  const passed = report?.numPassedTests ?? 0;
  const failed = (report?.numFailedTests ?? 0) + (report?.numRuntimeErrorTestSuites ?? 0);
  const skipped = (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0);
  const isGood = exitCode === 0 && passed > 0;
  return { passed, failed: failed === 0 && !isGood ? 1 : failed, skipped };
}

/** Lines the tests left in the file named by HEQING_NOT_TESTED: what they could not find here, each once. */
function readNotTested(path) {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
}

async function runJest(root, args, folder) {
  const env = {
    ...process.env,
    NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --experimental-vm-modules --disable-warning=ExperimentalWarning`.trim(),
    HEQING_NOT_TESTED: join(folder, 'not-tested'),
  };
  const reportPath = join(folder, 'report.json');
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const { code } = await run(process.execPath, [jest, '--json', `--outputFile=${reportPath}`, ...args], {
    cwd: root,
    env,
    show: true,
  });
  const report = existsSync(reportPath) ? JSON.parse(readFileSync(reportPath, 'utf8')) : null;
  if (!report?.numTotalTests) console.log('没有运行任何测试 no test ran');
  return { ...count(report, code), notTested: readNotTested(env.HEQING_NOT_TESTED) };
}

/**
 * Installs, builds, provides the real servers and runs Jest with `args`. Prints what was not tested and, as the very last
 * line, `N passed, N failed`. Resolves with the exit code: 0 only when something ran, nothing failed and, in CI, every
 * real server was there.
 */
export async function runTests(root, args) {
  const folder = mkdtempSync(join(tmpdir(), 'heqing-tests-'));
  let outcome = { passed: 0, failed: 1, skipped: 0, notTested: [] };
  try {
    // Both mostly wait for the network.
    const [servers, prepared] = await Promise.allSettled([provideServers(), prepare(root, { devPackages: true })]);
    for (const { status, reason } of [servers, prepared]) if (status === 'rejected') throw reason;
    outcome = await runJest(root, args, folder);
    outcome.notTested.push(...servers.value);
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    console.error(error.message);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const { passed, skipped } = outcome;
  let { failed } = outcome;
  if (skipped > 0) console.log(`跳过 skipped: ${skipped}`);
  for (const name of new Set(outcome.notTested)) {
    const isServer = SERVER_NAMES.some((server) => name.toLowerCase().includes(server.toLowerCase()));
    if (isServer && process.env.CI === 'true') {
      failed += 1;
      console.log(`未测试 not tested: ${name} (in CI this is a failure)`);
    } else {
      console.log(`未测试 not tested: ${name}`);
    }
  }
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}
