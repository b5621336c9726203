/** Is a backup proven before it counts, does it come back whole, and is a damaged one refused before anything is touched? */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, rename, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packFiles, sumOf, unpackFiles } from '../../../src/adapters/backup/archive-file.js';
import { backupsIn, type BackupJob, makeBackup } from '../../../src/adapters/backup/make-backup.js';
import { restoreBackup, type RestoreJob } from '../../../src/adapters/backup/restore-backup.js';
import { SqliteAccountStore } from '../../../src/adapters/sqlite/account-store.js';
import { SqliteAlertStore } from '../../../src/adapters/sqlite/alert-store.js';
import { SqliteAudit } from '../../../src/adapters/sqlite/audit-store.js';
import { Database } from '../../../src/adapters/sqlite/database.js';
import { copyState, settleRestored, surveyState } from '../../../src/adapters/sqlite/state-copy.js';
import { SqliteWorkingSet } from '../../../src/adapters/sqlite/working-set.js';
import { DAY } from '../../../src/domain/time.js';
import { temporaryFolder, type TemporaryFolder } from '../../support/temporary-folder.js';

const NOW = Date.parse('2026-11-23T02:30:00+08:00');
const NAME = 'heqing-20261122T183000Z.tar.gz';
const SECRET = 'a-password-hash';

let folder: TemporaryFolder;
let dataDir: string;
let live: Database;
beforeEach(async () => {
  folder = await temporaryFolder('backup');
  dataDir = join(folder.path, 'data');
  await mkdir(join(folder.path, 'config', 'stations'), { recursive: true });
  await writeFile(join(folder.path, 'config', 'site.yaml'), 'site: {}\n');
  await writeFile(join(folder.path, 'config', 'stations', 'river.yaml'), 'stations: []\n');
  await mkdir(join(dataDir, 'mail'), { recursive: true });
  await writeFile(join(dataDir, 'mail', '1.eml'), 'a mail');
  await mkdir(join(dataDir, 'bulletins'));
  await writeFile(join(dataDir, 'bulletins', '2026-10.docx'), 'a bulletin');
  live = new Database(join(dataDir, 'heqing.db'));
  const accounts = new SqliteAccountStore(live);
  accounts.put({ username: 'admin', role: 'admin', passwordHash: SECRET, createdAt: NOW });
  accounts.addCredential({ hash: 's', username: 'admin', kind: 'session', label: '', createdAt: NOW, expiresAt: null });
  accounts.addCredential({ hash: 't', username: 'admin', kind: 'token', label: 'grafana', createdAt: NOW, expiresAt: null });
  new SqliteAlertStore(live);
  new SqliteWorkingSet(live, false);
  record('account-added');
  record('account-added');
});
afterEach(async () => {
  live.close();
  await folder.remove();
});

const record = (action: 'account-added'): void =>
  void new SqliteAudit(live).record({
    at: NOW,
    who: 'admin',
    action,
    what: 'x',
    station: null,
    before: null,
    after: null,
    reason: '',
  });

const job = (changes: Partial<BackupJob> = {}): BackupJob => ({
  ...{ dataDir, configDir: join(folder.path, 'config'), to: join(folder.path, 'kept'), version: '1.2.3', now: NOW },
  configFiles: ['site.yaml', 'stations/river.yaml'],
  floor: () => 0,
  keep: 14,
  history: { where: 'state' },
  state: { copy: copyState, survey: surveyState },
  ...changes,
});

const restoring = (changes: Partial<RestoreJob> = {}): RestoreJob => ({
  file: join(folder.path, 'kept', NAME),
  into: join(folder.path, 'new'),
  replace: false,
  now: NOW,
  state: { copy: copyState, survey: surveyState },
  settle: (path, { madeAt }) => settleRestored(path, { file: NAME, madeAt, at: NOW }),
  ...changes,
});

const hidden = async (path: string): Promise<string[]> => (await readdir(path)).filter((name) => name.startsWith('.'));

describe('making one', () => {
  test('state, config and own files, beside a state that is open and not folded; any tar and sha256sum check it', async () => {
    const { file, bytes, manifest } = await makeBackup(job());
    expect([file, await backupsIn(job().to), await hidden(job().to)]).toEqual([NAME, [NAME], []]);
    const packed = join(job().to, file);
    const { size, mode } = await stat(packed);
    expect([size, mode & 0o777]).toEqual([bytes, 0o600]);
    expect(manifest).toMatchObject({ version: '1.2.3', counts: { accounts: 1, audit: { entries: 2 } } });
    const out = join(folder.path, 'out');
    await mkdir(out);
    execFileSync('tar', ['xzf', packed, '-C', out]);
    expect(execFileSync('sha256sum', ['-c', 'SHA256SUMS'], { cwd: out, encoding: 'utf8' }).split('\n').filter(Boolean)).toEqual([
      'heqing.db: OK',
      'config/site.yaml: OK',
      'config/stations/river.yaml: OK',
      'files/bulletins/2026-10.docx: OK',
    ]);
  });

  const packedPaths = async (changes: Partial<BackupJob> = {}): Promise<string[]> =>
    (await makeBackup(job(changes))).manifest.files.map(({ path }) => path);

  test('config behind links, of a file, of a folder and of a folder above, is in it; one that leads nowhere is a fault', async () => {
    const config = job().configDir;
    await mkdir(join(folder.path, 'elsewhere'));
    for (const [from, to] of [
      ['site.yaml', 'site.yaml'],
      ['stations', 'stations'],
    ] as const) {
      await rename(join(config, from), join(folder.path, 'elsewhere', to));
      await symlink(join(folder.path, 'elsewhere', to), join(config, from));
    }
    await symlink('..', join(folder.path, 'elsewhere', 'stations', 'up'));
    await symlink('.', join(config, 'round'));
    expect(await packedPaths()).toEqual(
      expect.arrayContaining(['config/site.yaml', 'config/stations/river.yaml', 'config/stations/up/site.yaml']),
    );
    await symlink('nowhere', join(config, 'lost.yaml'));
    await expect(makeBackup(job())).rejects.toThrow(/lost\.yaml 读不到/);
  });

  test('whatever the config was read from is in it, a hidden file too', async () => {
    await writeFile(join(job().configDir, '.local.yaml'), '{}\n');
    expect(await packedPaths({ configFiles: [...job().configFiles, '.local.yaml'] })).toContain('config/.local.yaml');
    await expect(makeBackup(job({ configFiles: ['gone.yaml'] }))).rejects.toThrow(/gone\.yaml/);
  });

  test('no backup holds another, whatever their folder is called and wherever they were kept before', async () => {
    const to = join(dataDir, 'bak');
    await mkdir(join(dataDir, 'former'));
    await mkdir(to);
    await writeFile(join(dataDir, 'former', 'heqing-20260101T000000Z.tar.gz'), 'a backup');
    await writeFile(join(to, 'a note'), 'beside the backups');
    await symlink(to, join(dataDir, 'by-another-name'));
    expect((await packedPaths({ to })).filter((path) => path.startsWith('files/'))).toEqual(['files/bulletins/2026-10.docx']);
  });

  test('what a process that died left behind does not count, and is gone after the next', async () => {
    await mkdir(join(job().to, '.heqing-half-4711'), { recursive: true });
    await writeFile(join(job().to, '.heqing-half-4711', NAME), 'half');
    expect(await backupsIn(job().to)).toEqual([]);
    await makeBackup(job());
    expect([await backupsIn(job().to), await hidden(job().to)]).toEqual([[NAME], []]);
  });

  test('too old ones go, the new one and what is not ours stay', async () => {
    await mkdir(job().to);
    const name = (t: number): string => `heqing-${new Date(t).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z.tar.gz`;
    const [old, young] = [name(NOW - 15 * DAY), name(NOW - 13 * DAY)];
    for (const one of [old, young, 'heqing-notes.tar.gz']) await writeFile(join(job().to, one), '');
    await makeBackup(job());
    expect((await readdir(job().to)).sort()).toEqual([young, NAME, 'heqing-notes.tar.gz'].sort());
  });

  test('a disk without room is left alone', async () => {
    const full = makeBackup(job({ floor: (disk) => disk }));
    await expect(full).rejects.toThrow(/空间不足.*not enough room: \d+ MiB left, \d+ MiB needed/);
    expect(await readdir(job().to)).toEqual([]);
  });

  test('a trail that somebody changed is not backed up as if it were whole', async () => {
    live.sqlite.exec("DROP TRIGGER audit_no_update; UPDATE audit SET who = 'nobody' WHERE id = 1");
    await expect(makeBackup(job())).rejects.toThrow(/audit trail is broken at entry 1/);
    expect(await backupsIn(job().to)).toEqual([]);
  });

  test('what was packed is what is proven: a pack that loses an entry of the trail gets no name', async () => {
    let looks = 0;
    const survey = (path: string): ReturnType<typeof surveyState> => {
      const found = surveyState(path);
      return looks++ === 0 ? found : { ...found, counts: { ...found.counts, accounts: 0 } };
    };
    await expect(makeBackup(job({ state: { copy: copyState, survey } }))).rejects.toThrow(/accounts 0 ≠ 1/);
    expect([await backupsIn(job().to), await hidden(job().to)]).toEqual([[], []]);
  });
});

describe('restoring one', () => {
  test('into an empty folder: accounts and tokens as they were, logins ended, the trail goes on and says so', async () => {
    await makeBackup(job());
    record('account-added');
    const { manifest, kept } = await restoreBackup(restoring());
    expect([manifest.counts.audit.entries, kept]).toEqual([2, null]);
    expect((await readdir(restoring().into)).sort()).toEqual(['bulletins', 'config', 'heqing.db']);
    const state = new Database(join(restoring().into, 'heqing.db'));
    const rows = (sql: string): unknown[] =>
      state.sqlite
        .prepare(sql)
        .all()
        .map((row) => ({ ...(row as object) }));
    expect(rows('SELECT username, password_hash FROM account')).toEqual([{ username: 'admin', password_hash: SECRET }]);
    expect(rows('SELECT kind, label FROM credential')).toEqual([{ kind: 'token', label: 'grafana' }]);
    const audit = new SqliteAudit(state);
    expect(audit.verify()).toMatchObject({ entries: 3, broken: null });
    expect(audit.list({}, 1)).toMatchObject([{ action: 'state-restored', after: { file: NAME } }]);
    state.close();
  });

  test('a folder that holds a state is refused; --replace keeps the old one beside', async () => {
    await makeBackup(job());
    await restoreBackup(restoring());
    await expect(restoreBackup(restoring())).rejects.toThrow(/已有 heqing\.db.*--replace/);
    const { kept } = await restoreBackup(restoring({ replace: true }));
    expect((await readdir(kept!)).sort()).toEqual(['config', 'heqing.db']);
    expect((await readdir(restoring().into)).sort()).toEqual(['bulletins', 'config', 'heqing.db', 'replaced-20261122T183000Z']);
  });

  const spoil = async (how: (bytes: Buffer) => Buffer): Promise<void> => {
    await makeBackup(job());
    const { file } = restoring();
    await writeFile(file, how(await readFile(file)));
  };
  test.each([
    ['cut short', (b: Buffer) => b.subarray(0, b.length / 2)],
    ['one byte changed', (b: Buffer) => Buffer.from(b.map((byte, i) => (i === Math.floor(b.length / 2) ? byte ^ 0xff : byte)))],
    ['empty', () => Buffer.alloc(0)],
    ['something else', () => Buffer.from('PK not a backup')],
  ])('%s: refused, and the state that stands there is as it was', async (_words, how) => {
    await spoil(how);
    await mkdir(restoring().into);
    await writeFile(join(restoring().into, 'heqing.db'), 'the state of today');
    await expect(restoreBackup(restoring({ replace: true }))).rejects.toThrow();
    expect(await readdir(restoring().into)).toEqual(['heqing.db']);
    expect(await readFile(join(restoring().into, 'heqing.db'), 'utf8')).toBe('the state of today');
  });

  test('a state that is not the one its manifest speaks of is refused by name', async () => {
    await makeBackup(job());
    const out = join(folder.path, 'out');
    const files = await unpackFiles(restoring().file, out);
    await writeFile(join(out, 'config', 'site.yaml'), 'site: { name: another }\n');
    await packFiles(
      files.map(({ path }) => ({ path, from: join(out, path) })),
      restoring().file,
      new Date(NOW),
    );
    await expect(restoreBackup(restoring())).rejects.toThrow(/config\/site\.yaml 与校验和不符/);
  });

  test('a file that would write outside its folder is refused', async () => {
    await mkdir(join(folder.path, 'kept'));
    await packFiles([{ path: '../outside', from: { text: 'x' } }], restoring().file, new Date(NOW));
    await expect(restoreBackup(restoring())).rejects.toThrow(/\.\.\/outside, which no backup has/);
    expect(await readdir(folder.path)).not.toContain('outside');
  });
});

test('the same files give the same bytes, whenever they were written', async () => {
  const from = join(folder.path, 'one');
  await writeFile(from, 'the same');
  const pack = async (to: string): Promise<string> => {
    await packFiles([{ path: 'one', from }], join(folder.path, to), new Date(NOW));
    return (await sumOf(join(folder.path, to))).sha256;
  };
  const first = await pack('a');
  await utimes(from, 1, 1);
  expect(await pack('b')).toBe(first);
});
