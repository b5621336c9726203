/** Where is kept what is known of each device's numbers and clock? */
import type { DeviceRecord, DeviceRecords } from '../../pipeline/reporting/roll-call.js';
import type { Database, Statement } from './database.js';

/** Device records in SQLite, one row a station, with those in use at hand. */
export class SqliteDeviceRecords implements DeviceRecords {
  private readonly get: Statement;
  private readonly replace: Statement;
  private readonly known = new Map<string, DeviceRecord | undefined>();

  constructor(private readonly database: Database) {
    database.sqlite.exec(
      'CREATE TABLE IF NOT EXISTS device_record (station TEXT PRIMARY KEY, record TEXT NOT NULL) STRICT, WITHOUT ROWID',
    );
    this.get = database.prepare('SELECT record FROM device_record WHERE station = ?');
    this.replace = database.prepare('REPLACE INTO device_record (station, record) VALUES (?, ?)');
  }

  find(station: string): DeviceRecord | undefined {
    if (this.known.has(station)) return this.known.get(station);
    const row = this.get.get(station) as { record: string } | undefined;
    const record = row && (JSON.parse(row.record) as DeviceRecord);
    this.known.set(station, record);
    return record;
  }

  put(station: string, record: DeviceRecord): void {
    this.database.onUndo(() => this.known.delete(station));
    this.replace.run(station, JSON.stringify(record));
    this.known.set(station, record);
  }
}
