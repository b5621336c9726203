/** Can an officer without the page enter maintenance, review readings and read the audit trail of a running service? */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { PROJECT, type RunningService, startService } from './support/service.js';
import { temporaryFolder, type TemporaryFolder } from './support/temporary-folder.js';

let folder: TemporaryFolder;
let service: RunningService;
beforeAll(async () => {
  folder = await temporaryFolder('decisions-command');
  service = await startService({ env: { HEQING_DATA: join(folder.path, 'data') } });
  expect(await heqing('account', 'add', 'officer')).toMatchObject({ code: 0 });
}, 60_000);
afterAll(async () => {
  await service.stop();
  await folder.remove();
});

/** Runs the command against the service. */
function heqing(...args: string[]): Promise<{ code: number; output: string }> {
  const { PATH = '' } = process.env;
  const port = new URL(service.baseUrl).port;
  const env = { PATH, HEQING_DATA: join(folder.path, 'data'), HEQING_CONFIG: join(PROJECT, 'config'), HTTP_PORT: port };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(PROJECT, 'dist', 'heqing.js'), ...args],
      { env, cwd: folder.path },
      (error, stdout, stderr) => resolve({ code: error ? 1 : 0, output: stdout + stderr }),
    );
  });
}

/** What the command prints, without which it fails. */
async function says(args: readonly string[], ...words: readonly string[]): Promise<void> {
  const { code, output } = await heqing(...args);
  expect([code, output]).toEqual([0, expect.any(String)]);
  for (const word of words) expect(output).toContain(word);
}

test('maintenance: start, end by the station, add afterwards, correct, withdraw, list', async () => {
  await says(
    ['maintenance', 'start', 'nankeng-out', '--parameters', 'nh3n, w21011', '--note', '换试剂', '--as', 'officer'],
    '进行中',
    'nh3n,tp',
    'officer  换试剂',
  );
  await says(['maintenance', 'end', 'nankeng-out'], '已结束');
  await says(['maintenance', 'list', '--open'], '没有维护记录');
  const span = ['--from', '2026-11-20 09:00', '--to', '2026-11-20T11:00:00+08:00'];
  await says(
    ['maintenance', 'add', 'nankeng-in', ...span, '--who', '运维单位', '--settling', '30'],
    '2026-11-20T09:00:00+08:00 – 2026-11-20T11:00:00+08:00(稳定 settling 30 min)  运维单位',
  );
  await says(['maintenance', 'correct', '2', '--to', '2026-11-20 10:00', '--reason', '记错'], '2026-11-20T10:00:00+08:00(稳定');
  await says(['maintenance', 'withdraw', '2', '--reason', '误记'], '已撤回');
  await says(['audit', 'list', '--station', 'nankeng-in'], 'maintenance-withdrawn  maintenance/2  nankeng-in  误记');
}, 60_000);

test('review: set by Chinese words and by codes, undo; the trail is proven', async () => {
  const at = ['--at', '2026-11-20 09:15'];
  await says(['review', 'set', 'nankeng-out', '无效', '--reason', '设备故障', ...at, '--as', 'officer'], '设备故障', '[officer ');
  await says(['review', 'undo', '1', '--note', '误判'], '已撤销', '误判');
  const span = ['--from', '2026-11-20 09:00', '--to', '2026-11-20 10:00'];
  await says(['review', 'set', 'nankeng-out', 'restored', '--reason', 'calibration', ...span], '恢复有效 restored');
  await says(['audit', 'verify'], '完整 intact');
}, 60_000);

test.each([
  [['maintenance'], '没有 maintenance'],
  [['maintenance', 'start', 'nankeng-out', '--settling', 'long'], 'settlingMinutes'],
  [['review', 'set', 'nankeng-out', 'wrong', '--reason', '停电', '--at', '2026-11-20 09:15'], 'outcome'],
  [['audit', 'list', '--as', 'nobody'], '没有账号 nobody'],
])(
  '%j is refused in words',
  async (args, words) => {
    const { code, output } = await heqing(...args);
    expect(code).toBe(1);
    expect(output).toContain(words);
    expect(output).not.toContain('    at ');
  },
  30_000,
);
