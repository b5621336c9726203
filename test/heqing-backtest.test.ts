/** Does `heqing backtest` read the state file of a running service, and leave it as it is? */
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readEnvironment } from '../src/adapters/config/environment.js';
import { Database } from '../src/adapters/sqlite/database.js';
import { SqliteWorkingSet } from '../src/adapters/sqlite/working-set.js';
import { HOUR } from '../src/domain/time.js';
import { backtest, BacktestFault, type BacktestOptions, withRules } from '../src/heqing-backtest.js';
import type { Comparison } from '../src/pipeline/alerting/backtest.js';
import { temporaryFolder, type TemporaryFolder } from './support/temporary-folder.js';
import { series } from './support/wupi.js';

let folder: TemporaryFolder;
let rule: string;
let state: string;
const off = 'rules:\n  - { id: limit, kind: limit, enabled: false }\n';
beforeEach(async () => {
  folder = await temporaryFolder('backtest-command');
  rule = join(folder.path, 'other.yaml');
  state = join(folder.path, 'heqing.db');
  writeFileSync(rule, off);
});
afterEach(() => folder.remove());

/** What the command prints. */
async function asked(options: BacktestOptions): Promise<string> {
  const log = jest.spyOn(console, 'log').mockImplementation(() => undefined);
  try {
    await backtest(readEnvironment({ HEQING_DATA: folder.path, HEQING_CONFIG: 'config' }), state, options);
    return log.mock.calls.flat().join('\n');
  } finally {
    log.mockRestore();
  }
}

test('beside a service that writes: today’s rules had an alert, the others none', async () => {
  const database = new Database(state);
  const workingSet = new SqliteWorkingSet(database, false);
  const from = Math.floor(Date.now() / HOUR) * HOUR - 30 * HOUR;
  const values = Array.from({ length: 28 }, (_, i) => (i >= 10 && i < 14 ? 1.4 : 0.4));
  const keep = (): void =>
    database.transact(() => {
      for (const r of series('nankeng-out', 'nh3n', from, HOUR, values)) workingSet.settle(r);
      workingSet.flush();
    });
  keep();
  try {
    const answer = JSON.parse(await asked({ rule, days: '2', json: true })) as Comparison;
    expect(answer.values).toBe(28);
    expect(answer.today.byKind).toMatchObject({ 'limit over': 1 });
    expect(answer.changed).toMatchObject({ alerts: 0, mails: 0 });
    expect(answer.onlyToday.map(({ station, kind }) => `${station} ${kind}`)).toContain('nankeng-out limit');
    expect(await asked({ rule, days: '2' })).toContain('只在现行规则下');
    // The file is still the writer's.
    database.transact(() => {
      workingSet.settle(series('nankeng-out', 'nh3n', from + 29 * HOUR, HOUR, [0.5])[0]!);
      workingSet.flush();
    });
    expect((JSON.parse(await asked({ rule, days: '2', json: true })) as Comparison).values).toBe(29);
  } finally {
    database.close();
  }
}, 60_000);

test('a file opened to read cannot be written, and none is made', () => {
  new Database(state).close();
  const database = new Database(state, { readOnly: true });
  expect(() => database.sqlite.exec('CREATE TABLE other (x)')).toThrow(/readonly/);
  database.close();
  expect(() => new Database(join(folder.path, 'none.db'), { readOnly: true })).toThrow();
  expect(existsSync(join(folder.path, 'none.db'))).toBe(false);
});

test.each<[string, BacktestOptions, RegExp]>([
  ['no file named', {}, /--rule FILE/],
  ['a file that is not there', { rule: 'no-such.yaml' }, /不存在/],
  ['half a day', { rule: 'config/rules.yaml', days: '0.5' }, /--days/],
  ['no state yet', { rule: 'config/rules.yaml' }, /请先启动一次服务/],
])('%s', async (_, options, words) => {
  await expect(asked(options)).rejects.toThrow(BacktestFault);
  await expect(asked(options)).rejects.toThrow(words);
});

test('faults of the other rules are told as faults of a config', async () => {
  writeFileSync(rule, 'rules:\n  - { id: x, kind: nonsense }\n');
  await expect(asked({ rule })).rejects.toMatchObject({ faults: [expect.objectContaining({ file: 'other.yaml' })] });
});

test('a file that is called as another of the config takes the place of its rules alone', () => {
  const site = join(folder.path, 'site.yaml');
  writeFileSync(site, off);
  expect(withRules('config', site)).toMatchObject({ name: '五陂镇', rules: { limit: null } });
});
