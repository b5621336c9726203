/** What becomes of a state file of layout 1, one row a reading and a log in JSON? Its readings move into columns, once. */
import { type JudgedReading, type Mark, QUALITY, type Quality, type Source } from '../../domain/reading.js';
import type { Database } from './database.js';

const QUALITIES = new Map(Object.entries(QUALITY).map(([name, flag]) => [flag as number, name as Quality]));

interface OldRow {
  readonly station: string;
  readonly parameter: string;
  readonly source: Source;
  readonly time: number;
  readonly value: number;
  readonly mark: Mark;
  readonly quality: number;
  readonly checks: string;
  readonly received: number;
  readonly sampled: number | null;
}

const hasTable = (database: Database, name: string): boolean =>
  database.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?").get(name) !== undefined;

/** Sets the tables of layout 1 aside, so that new ones can be made beside them. True while some wait to be moved. */
export function setAsideOldReadings(database: Database): boolean {
  if (hasTable(database, 'reading')) {
    database.transact(() =>
      database.sqlite.exec('ALTER TABLE series RENAME TO old_series; ALTER TABLE reading RENAME TO old_reading;'),
    );
  }
  return hasTable(database, 'old_reading');
}

/** Gives every old reading to `keep`, series by series in order of time, and drops the old tables: all of it or nothing. A start that was cut short is taken up by the next. */
export function moveOldReadings(database: Database, keep: (reading: JudgedReading) => void, flush: () => void): void {
  const rows = database.prepare(
    'SELECT s.station, s.parameter, s.source, r.* FROM old_series s JOIN old_reading r ON r.series = s.id ORDER BY s.id, r.time',
  );
  // Numbers of series change, and what was superseded is kept by them.
  const superseded = database.prepare(`UPDATE superseded SET series = (SELECT -n.id FROM old_series o JOIN series n
    ON n.station = o.station AND n.parameter = o.parameter AND n.source = o.source WHERE o.id = superseded.series)`);
  database.transact(() => {
    for (const row of rows.iterate() as Iterable<OldRow>) {
      const { station, parameter, source, time, value, mark, received, sampled } = row;
      const checks = row.checks === '' ? [] : row.checks.split(',');
      const quality = QUALITIES.get(row.quality) ?? 'unknown';
      const reading = { station, parameter, source, time, value, mark, quality, checks, received };
      keep(sampled === null ? reading : { ...reading, sampled });
    }
    flush();
    superseded.run();
    database.sqlite.exec('UPDATE superseded SET series = -series; DROP TABLE old_reading; DROP TABLE old_series;');
  });
}

type OldMessage = [station: string, source: Source, time: number, received: number, values: OldValue[]];
type OldValue = [parameter: string, value: number, mark: Mark, quality: Quality, checks: readonly string[], sampled?: number];

/** Gives every batch of the old log to `keep` and drops the old table: all of it or nothing. */
export function moveOldLog(database: Database, keep: (seq: number, readings: readonly JudgedReading[]) => void): void {
  if (!hasTable(database, 'log')) return;
  const rows = database.prepare('SELECT seq, batch FROM log ORDER BY seq').all() as { seq: number; batch: string }[];
  database.transact(() => {
    for (const { seq, batch } of rows) {
      const readings = (JSON.parse(batch) as OldMessage[]).flatMap(([station, source, time, received, values]) =>
        values.map(([parameter, value, mark, quality, checks, sampled]): JudgedReading => {
          const reading = { station, parameter, time, value, mark, source, quality, checks, received };
          return sampled === undefined ? reading : { ...reading, sampled };
        }),
      );
      keep(seq, readings);
    }
    database.sqlite.exec('DROP TABLE log');
  });
}
