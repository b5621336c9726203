/** Where do accounts, sessions and tokens lie? In two tables of the state file. */
import type { Account, AccountStore, Credential } from '../../pipeline/ports.js';
import type { Database, Statement } from './database.js';

interface AccountRow {
  username: string;
  role: Account['role'];
  password_hash: string;
  created_at: number;
  person: string | null;
}

interface CredentialRow {
  hash: string;
  username: string;
  kind: Credential['kind'];
  label: string;
  created_at: number;
  expires_at: number | null;
  address: string | null;
}

const toAccount = (row: AccountRow): Account => ({
  username: row.username,
  role: row.role,
  passwordHash: row.password_hash,
  createdAt: row.created_at,
  ...(row.person !== null && { person: row.person }),
});

const toCredential = (row: CredentialRow): Credential => ({
  hash: row.hash,
  username: row.username,
  kind: row.kind,
  label: row.label,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  ...(row.address !== null && { address: row.address }),
});

/** Accounts, sessions and tokens in SQLite; every change is on disk when its call returns. Names are compared exactly. */
export class SqliteAccountStore implements AccountStore {
  private readonly statements: Record<
    | 'find'
    | 'list'
    | 'put'
    | 'remove'
    | 'forget'
    | 'addCredential'
    | 'findCredential'
    | 'credentials'
    | 'credentialsOf'
    | 'removeCredential',
    Statement
  >;

  /** Makes its tables in `database` when they are missing. */
  constructor(private readonly database: Database) {
    const { sqlite } = database;
    sqlite.exec(`
      CREATE TABLE IF NOT EXISTS account (
        username TEXT PRIMARY KEY,
        role TEXT NOT NULL,
        password_hash TEXT NOT NULL,
        created_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS credential (
        hash TEXT PRIMARY KEY,
        username TEXT NOT NULL,
        kind TEXT NOT NULL,
        label TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        expires_at INTEGER
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX IF NOT EXISTS credential_of ON credential (username);
    `);
    // Files made before these columns were thought of.
    for (const [table, column] of [
      ['account', 'person'],
      ['credential', 'address'],
    ]) {
      const columns = sqlite.prepare(`PRAGMA table_info(${table})`).all() as unknown as { name: string }[];
      if (!columns.some(({ name }) => name === column)) sqlite.exec(`ALTER TABLE ${table} ADD COLUMN ${column} TEXT`);
    }
    this.statements = {
      find: sqlite.prepare('SELECT * FROM account WHERE username = ?'),
      list: sqlite.prepare('SELECT * FROM account ORDER BY created_at, username'),
      put: sqlite.prepare(`
        INSERT INTO account (username, role, password_hash, created_at, person) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (username) DO UPDATE SET
          role = excluded.role, password_hash = excluded.password_hash, created_at = excluded.created_at,
          person = excluded.person`),
      remove: sqlite.prepare('DELETE FROM account WHERE username = ?'),
      forget: sqlite.prepare('DELETE FROM credential WHERE username = ?'),
      addCredential: sqlite.prepare(`
        INSERT OR REPLACE INTO credential (hash, username, kind, label, created_at, expires_at, address)
        VALUES (?, ?, ?, ?, ?, ?, ?)`),
      findCredential: sqlite.prepare('SELECT * FROM credential WHERE hash = ?'),
      credentials: sqlite.prepare('SELECT * FROM credential ORDER BY created_at, hash'),
      credentialsOf: sqlite.prepare('SELECT * FROM credential WHERE username = ? ORDER BY created_at, hash'),
      removeCredential: sqlite.prepare('DELETE FROM credential WHERE hash = ?'),
    };
  }

  /** The account of that name. */
  find(username: string): Account | undefined {
    const row = this.statements.find.get(username) as unknown as AccountRow | undefined;
    return row && toAccount(row);
  }

  /** All accounts, oldest first. */
  list(): Account[] {
    return (this.statements.list.all() as unknown as AccountRow[]).map(toAccount);
  }

  /** Adds, or replaces the account of that name; its sessions and tokens stay. */
  put(account: Account): void {
    this.statements.put.run(account.username, account.role, account.passwordHash, account.createdAt, account.person ?? null);
  }

  /** Removes the account with its sessions and tokens; false when there was none. */
  remove(username: string): boolean {
    return this.database.transact(() => {
      this.statements.forget.run(username);
      return Number(this.statements.remove.run(username).changes) > 0;
    });
  }

  /** Adds, or replaces the credential of that hash. */
  addCredential(credential: Credential): void {
    const { hash, username, kind, label, createdAt, expiresAt, address } = credential;
    this.statements.addCredential.run(hash, username, kind, label, createdAt, expiresAt, address ?? null);
  }

  /** The credential of that hash, expired or not. */
  findCredential(hash: string): Credential | undefined {
    const row = this.statements.findCredential.get(hash) as unknown as CredentialRow | undefined;
    return row && toCredential(row);
  }

  /** All credentials, or those of one account, oldest first. */
  credentials(username?: string): Credential[] {
    const rows = username === undefined ? this.statements.credentials.all() : this.statements.credentialsOf.all(username);
    return (rows as unknown as CredentialRow[]).map(toCredential);
  }

  /** False when there was none. */
  removeCredential(hash: string): boolean {
    return Number(this.statements.removeCredential.run(hash).changes) > 0;
  }
}
