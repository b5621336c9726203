/** Can an officer without the page excuse windows of a running service, and take that back? */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { PROJECT, type RunningService, startService } from './support/service.js';
import { temporaryFolder, type TemporaryFolder } from './support/temporary-folder.js';

let folder: TemporaryFolder;
let service: RunningService;
beforeAll(async () => {
  folder = await temporaryFolder('excuse-command');
  service = await startService({ env: { HEQING_DATA: join(folder.path, 'data') } });
}, 60_000);
afterAll(async () => {
  await service.dispose();
  await folder.remove();
});

/** Runs `heqing excuse …` beside the service. */
function excuse(...args: string[]): Promise<{ code: number; output: string }> {
  const { PATH = '' } = process.env;
  const { port } = new URL(service.baseUrl);
  const env = { PATH, HEQING_DATA: join(folder.path, 'data'), HEQING_CONFIG: join(PROJECT, 'config'), HTTP_PORT: port };
  const program = [join(PROJECT, 'dist', 'heqing.js'), 'excuse', ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, program, { env, cwd: folder.path }, (error, stdout, stderr) =>
      resolve({ code: error ? 1 : 0, output: stdout + stderr }),
    );
  });
}
const SPAN = ['--from', '2026-11-03', '--to', '2026-11-04'];
const DOCUMENT = ['--approver', '安源生态环境局', '--document', '安环〔2026〕8 号'];

test('added with approver and document, listed, withdrawn with a reason', async () => {
  const added = await excuse(
    'add',
    'nankeng-out',
    ...SPAN,
    '--reason',
    '断流',
    ...DOCUMENT,
    '--parameters',
    'nh3n',
    '--kinds',
    'day',
  );
  expect(added).toMatchObject({ code: 0 });
  expect(added.output).toContain(
    '1  nankeng-out  2026-11-03T00:00:00+08:00 – 2026-11-04T00:00:00+08:00  day  nh3n  断流  安源生态环境局 安环〔2026〕8 号  admin',
  );
  expect((await excuse('list')).output).toBe(added.output);
  expect(await excuse('remove', '1', '--reason', '误登')).toEqual({ code: 0, output: '1 已撤回 removed\n' });
  expect((await excuse('list')).output).toContain('已撤回 removed:admin 误登');
}, 60_000);

test.each([
  [['add', 'nankeng-out', ...SPAN, ...DOCUMENT], 'reason'],
  [['add', 'nankeng-out', ...SPAN, '--reason', 'no-flow', '--approver', '安源生态环境局'], 'document'],
  [['add', 'nowhere', ...SPAN, '--reason', 'no-flow', ...DOCUMENT], '没有代号为 nowhere 的站点'],
  [['remove', '9', '--reason', '误登'], '没有编号为 9 的不参评记录'],
  [['add'], 'excuse add STATION'],
  [['mend', '1'], 'excuse add STATION'],
])('%j is refused in words', async (args, words) => {
  const { code, output } = await excuse(...args);
  expect(code).toBe(1);
  expect(output).toContain(words);
  expect(output).not.toContain('    at ');
});
