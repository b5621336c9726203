/** Where are bulletins kept? What they say for good, their files until too many are there. */
import type { Bulletin } from '../../domain/bulletins/bulletin.js';
import type {
  BulletinFormat,
  BulletinStore,
  FileHead,
  MadeBulletin,
  WhichBulletins,
} from '../../pipeline/bulletins/bulletin-stores.js';
import type { Database, Statement } from './database.js';

/** Bytes of files that are kept; the oldest go first, and are made again of what the bulletin says when somebody asks. */
const KEPT_BYTES = 256 * 1024 * 1024;

interface Row {
  id: number;
  issue: number;
  occasion: string | null;
  bulletin: string;
  by: string;
  at: number;
  recipients: string;
  docx_bytes: number;
  docx_hash: string;
  xlsx_bytes: number;
  xlsx_hash: string;
  template_trouble: string | null;
}

const HEAD = 'id, issue, occasion, bulletin, by, at, recipients, docx_bytes, docx_hash, xlsx_bytes, xlsx_hash, template_trouble';

/** Bulletins in SQLite. */
export class SqliteBulletinStore implements BulletinStore {
  private readonly sql: Record<
    'add' | 'issue' | 'find' | 'list' | 'met' | 'putFile' | 'file' | 'kept' | 'oldest' | 'drop',
    Statement
  >;

  constructor(
    database: Database,
    private readonly most = KEPT_BYTES,
  ) {
    database.sqlite.exec(`
      CREATE TABLE IF NOT EXISTS bulletin (
        id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, period TEXT NOT NULL, issue INTEGER NOT NULL,
        occasion TEXT UNIQUE, bulletin TEXT NOT NULL, by TEXT NOT NULL, at INTEGER NOT NULL, recipients TEXT NOT NULL,
        docx_bytes INTEGER NOT NULL, docx_hash TEXT NOT NULL, xlsx_bytes INTEGER NOT NULL, xlsx_hash TEXT NOT NULL,
        template_trouble TEXT, UNIQUE (kind, period, issue)) STRICT;
      CREATE TABLE IF NOT EXISTS bulletin_file (
        bulletin INTEGER NOT NULL, format TEXT NOT NULL, content BLOB NOT NULL, PRIMARY KEY (bulletin, format)) STRICT;
    `);
    const p = (sql: string): Statement => database.prepare(sql);
    this.sql = {
      add: p(`INSERT INTO bulletin (kind, period, issue, occasion, bulletin, by, at, recipients, docx_bytes, docx_hash,
        xlsx_bytes, xlsx_hash, template_trouble) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
      issue: p('SELECT coalesce(max(issue), 0) + 1 AS issue FROM bulletin WHERE kind = ? AND period = ?'),
      find: p(`SELECT ${HEAD} FROM bulletin WHERE id = ?`),
      list: p(`SELECT ${HEAD} FROM bulletin WHERE (?1 IS NULL OR kind = ?1) AND (?2 IS NULL OR period = ?2)
        ORDER BY id DESC LIMIT ?3`),
      met: p('SELECT 1 FROM bulletin WHERE occasion = ?'),
      putFile: p('INSERT INTO bulletin_file (bulletin, format, content) VALUES (?, ?, ?)'),
      file: p('SELECT content FROM bulletin_file WHERE bulletin = ? AND format = ?'),
      kept: p('SELECT coalesce(sum(length(content)), 0) AS bytes FROM bulletin_file'),
      oldest: p('SELECT min(bulletin) AS id FROM bulletin_file WHERE bulletin < ?'),
      drop: p('DELETE FROM bulletin_file WHERE bulletin = ?'),
    };
  }

  add(made: Omit<MadeBulletin, 'id' | 'issue'>, files: Readonly<Record<BulletinFormat, Uint8Array>>): MadeBulletin {
    const { kind, period } = made.bulletin;
    const { issue } = this.sql.issue.get(kind, period) as { issue: number };
    const { docx, xlsx } = made.files;
    const { lastInsertRowid } = this.sql.add.run(
      ...[kind, period, issue, made.occasion, JSON.stringify(made.bulletin), made.by, made.at, JSON.stringify(made.to)],
      ...[docx.bytes, docx.hash, xlsx.bytes, xlsx.hash, made.templateTrouble],
    );
    const id = Number(lastInsertRowid);
    for (const [format, content] of Object.entries(files)) this.sql.putFile.run(id, format, content);
    this.makeRoom(id);
    return { ...made, id: String(id), issue };
  }

  find(id: string): MadeBulletin | undefined {
    if (!/^\d{1,15}$/.test(id)) return undefined;
    const row = this.sql.find.get(Number(id)) as Row | undefined;
    return row && madeOf(row);
  }

  list({ kind, period }: WhichBulletins, limit: number): MadeBulletin[] {
    return (this.sql.list.all(kind ?? null, period ?? null, limit) as unknown as Row[]).map(madeOf);
  }

  met(occasion: string): boolean {
    return this.sql.met.get(occasion) !== undefined;
  }

  file(id: string, format: BulletinFormat): Uint8Array | undefined {
    return (this.sql.file.get(Number(id), format) as { content: Uint8Array } | undefined)?.content;
  }

  /** The newest is kept, whatever its size. */
  private makeRoom(newest: number): void {
    while ((this.sql.kept.get() as { bytes: number }).bytes > this.most) {
      const { id } = this.sql.oldest.get(newest) as { id: number | null };
      if (id === null) return;
      this.sql.drop.run(id);
    }
  }
}

const head = (bytes: number, hash: string): FileHead => ({ bytes, hash });

const madeOf = (row: Row): MadeBulletin => ({
  id: String(row.id),
  issue: row.issue,
  occasion: row.occasion,
  bulletin: JSON.parse(row.bulletin) as Bulletin,
  by: row.by,
  at: row.at,
  to: JSON.parse(row.recipients) as string[],
  files: { docx: head(row.docx_bytes, row.docx_hash), xlsx: head(row.xlsx_bytes, row.xlsx_hash) },
  templateTrouble: row.template_trouble,
});
