/** Do the fake, the embedded archive and InfluxDB keep the same promises? */
import { afterAll, beforeAll, describe } from '@jest/globals';
import { join } from 'node:path';
import { InfluxArchive } from '../../src/adapters/influx/influx-archive.js';
import { Database } from '../../src/adapters/sqlite/database.js';
import { EmbeddedArchive } from '../../src/adapters/sqlite/embedded-archive.js';
import { SqliteWorkingSet } from '../../src/adapters/sqlite/working-set.js';
import { influxAt } from '../support/addresses.js';
import { archiveContract } from '../support/archive-contract.js';
import { FakeArchive } from '../support/fakes.js';
import { type Influxd, startInfluxd } from '../support/influxd.js';
import { describeWith } from '../support/real-server.js';
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder.js';

describe('the fake', () => {
  const archive = new FakeArchive();
  archiveContract(() => ({ archive, put: (readings) => archive.write(readings) }));
});

describe('the embedded archive', () => {
  let folder: TemporaryFolder;
  let database: Database;
  let workingSet: SqliteWorkingSet;
  let archive: EmbeddedArchive;
  beforeAll(async () => {
    folder = await temporaryFolder('archive');
    database = new Database(join(folder.path, 'heqing.db'));
    workingSet = new SqliteWorkingSet(database, false);
    archive = new EmbeddedArchive(database, workingSet);
  });
  afterAll(async () => {
    database.close();
    await folder.remove();
  });
  archiveContract(() => ({
    archive,
    async put(readings) {
      database.transact(() => {
        for (const reading of readings) workingSet.settle(reading);
        workingSet.flush();
      });
      await archive.write();
    },
  }));
});

describeWith(['influxd'], 'InfluxDB', () => {
  let influxd: Influxd;
  let archive: InfluxArchive;
  beforeAll(async () => {
    influxd = await startInfluxd();
    archive = new InfluxArchive({ server: influxAt(influxd.url) });
  });
  afterAll(async () => {
    await archive.close();
    await influxd.dispose();
  });
  archiveContract(() => ({ archive, put: (readings) => archive.write(readings) }));
});
