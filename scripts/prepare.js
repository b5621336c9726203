/** What must be installed and built before anything of this project can run? */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildInputs,
  BUNDLE_MARK,
  isBuilt,
  isInstalled,
  markBuilt,
  markInstalled,
  markUnbuilt,
  pruneBuild,
} from './freshness.js';
import { alone } from './lock.js';
import { runQuietly, StepFailed } from './step.js';

/** How to call npm: by the one that called us, so that its version and its Node are the same. */
export function npm(args) {
  const caller = process.env.npm_execpath ?? '';
  return caller.endsWith('npm-cli.js') ? [process.execPath, [caller, ...args]] : ['npm', args];
}

async function install(root) {
  // NODE_ENV=production would leave out what the build needs.
  const [command, args] = npm(['ci', '--include=dev', '--no-audit', '--no-fund']);
  await runQuietly('安装依赖 installing packages (npm ci)', command, args, { cwd: root });
  markInstalled(root, { devPackages: true });
}

async function build(root) {
  const inputs = buildInputs(root);
  markUnbuilt(root);
  const service = ['node_modules/@nestjs/cli/bin/nest.js', 'build'];
  const pages = ['node_modules/vite/bin/vite.js', 'build', '--config', 'src/web/vite.config.ts', '--logLevel', 'warn'];
  const results = await Promise.allSettled([
    runQuietly('编译服务 building the service (nest build)', process.execPath, [join(root, service[0]), ...service.slice(1)], {
      cwd: root,
    }),
    runQuietly('编译页面 building the pages (vite build)', process.execPath, [join(root, pages[0]), ...pages.slice(1)], {
      cwd: root,
    }),
  ]);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
  pruneBuild(root);
  markBuilt(root, inputs);
}

/**
 * Installs and builds what is missing or stale. `devPackages: false` is content with a production installation as long as
 * nothing has to be built; `rebuild` builds whatever the stamp says. Throws `StepFailed`.
 */
export async function prepare(root, { devPackages, rebuild = false }) {
  if (existsSync(join(root, BUNDLE_MARK))) {
    // Whatever it is asked to make, there is nothing to make it from.
    if (devPackages)
      throw new StepFailed('这是离线安装包,只能运行,不能构建或测试 an offline bundle only runs; build and test in a checkout');
    return;
  }
  const ready = () => !rebuild && isBuilt(root, buildInputs(root)) && isInstalled(root, { devPackages });
  if (ready()) return;
  await alone(root, async () => {
    // Another process may have done it while this one waited for its turn.
    if (ready()) return;
    if (!isInstalled(root, { devPackages: true })) await install(root);
    if (rebuild || !isBuilt(root, buildInputs(root))) await build(root);
  });
}
