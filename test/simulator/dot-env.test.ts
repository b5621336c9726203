/** Do the virtual sensors read the same `.env` as the service? */
import { expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PROJECT } from '../support/service.js';
import { temporaryFolder } from '../support/temporary-folder.js';

test('HEQING_CONFIG of .env is the config that is simulated', async () => {
  const folder = await temporaryFolder('simulate');
  await writeFile(join(folder.path, '.env'), 'HEQING_CONFIG=./of-dot-env\n');
  const { PATH = '' } = process.env;
  const { status, stderr } = spawnSync(process.execPath, [join(PROJECT, 'dist', 'simulate.js'), '--stop-after', '0'], {
    ...{ cwd: folder.path, env: { PATH }, encoding: 'utf8' },
  });
  expect([status, stderr]).toEqual([1, expect.stringContaining('./of-dot-env cannot be read')]);
  await folder.remove();
});
