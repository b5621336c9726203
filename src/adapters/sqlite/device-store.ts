/** Where do the credentials of devices lie? In a table of the state file. */
import type { Device, DeviceStore } from '../../pipeline/ports.js';
import type { Database, Statement } from './database.js';

interface DeviceRow {
  name: string;
  stations: string;
  verifier: string;
  created_at: number;
}

const toDevice = (row: DeviceRow): Device => ({
  name: row.name,
  stations: JSON.parse(row.stations) as string[],
  verifier: row.verifier,
  createdAt: row.created_at,
});

/** Devices in SQLite; every change is on disk when its call returns, and other processes see it. Names are compared exactly. */
export class SqliteDeviceStore implements DeviceStore {
  private readonly statements: Record<'find' | 'list' | 'add' | 'remove', Statement>;

  /** Makes its table in `database` when it is missing. */
  constructor(private readonly database: Database) {
    database.sqlite.exec(`
      CREATE TABLE IF NOT EXISTS device (
        name TEXT PRIMARY KEY,
        stations TEXT NOT NULL,
        verifier TEXT NOT NULL,
        created_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
    `);
    this.statements = {
      find: database.prepare('SELECT * FROM device WHERE name = ?'),
      list: database.prepare('SELECT * FROM device ORDER BY name'),
      add: database.prepare(
        'INSERT INTO device (name, stations, verifier, created_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
      ),
      remove: database.prepare('DELETE FROM device WHERE name = ?'),
    };
  }

  /** The device of that name. */
  find(name: string): Device | undefined {
    const row = this.statements.find.get(name) as unknown as DeviceRow | undefined;
    return row && toDevice(row);
  }

  /** All devices, by name. */
  list(): Device[] {
    return (this.statements.list.all() as unknown as DeviceRow[]).map(toDevice);
  }

  /** False, and nothing changed, when the name is taken. */
  add({ name, stations, verifier, createdAt }: Device): boolean {
    return this.database.transact(
      () => Number(this.statements.add.run(name, JSON.stringify(stations), verifier, createdAt).changes) > 0,
    );
  }

  /** False when there was none. */
  remove(name: string): boolean {
    return this.database.transact(() => Number(this.statements.remove.run(name).changes) > 0);
  }
}
