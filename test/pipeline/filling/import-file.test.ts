/** Does a file come in step by step, with what is held passed over and what is refused told with its line? */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Reading } from '../../../src/domain/reading.js';
import { Import } from '../../../src/pipeline/filling/import.js';
import { FileImport, type FileOfValues, type FileOffer, STEP } from '../../../src/pipeline/filling/import-file.js';
import { Refusal } from '../../../src/pipeline/ports.js';
import { Pipeline } from '../../support/pipeline.js';
import { at, wupi } from '../../support/wupi.js';

let pipeline: Pipeline;
let held: FileOfValues;
let files: FileImport;
beforeEach(async () => {
  pipeline = await Pipeline.open();
  const { log, ledger, audit, workingSet, database, archive } = pipeline.parts;
  const importing = new Import(
    wupi,
    log,
    ledger,
    audit,
    workingSet,
    archive,
    (work) => database.transact(work),
    pipeline.clock,
    () => null,
    () => {},
  );
  files = new FileImport(wupi, importing, () => Promise.resolve(held), pipeline.clock);
});
afterEach(() => pipeline.dispose());

const EMPTY = new Uint8Array();
const LOOK: FileOffer = { file: 'samples.csv', source: 'lab', station: undefined, dryRun: true, from: 0 };
const TAKE: FileOffer = { ...LOOK, dryRun: false };
const sample = (line: number, change: Partial<Reading> = {}): FileOfValues['values'][number] => ({
  place: { sheet: null, line, column: null },
  reading: {
    ...{ station: 'nankeng-out', parameter: 'nh3n', time: at('2026-11-20 09:30'), value: 0.31, mark: 'S', source: 'lab' },
    ...change,
  },
});
const fileOf = (values: FileOfValues['values']): FileOfValues => ({
  ...{ format: 'CSV, UTF-8', values, repeated: 0, blank: 0, notes: [] },
  refused: [{ place: { sheet: null, line: 9, column: null }, why: '配置里没有项目“总铬”' }],
});

test('a look takes nothing and tells each series, the first rows and every refused line', async () => {
  held = fileOf([sample(2), sample(3, { parameter: 'tp', value: 0.01, detection: 0.02 })]);
  const plan = await files.run(EMPTY, LOOK, 'officer');
  expect(plan).toMatchObject({
    ...{ total: 2, done: 2, next: null, taken: 0, refusedTotal: 1 },
    standings: { new: 2, duplicate: 0, different: 0, unknown: 0 },
    series: [
      { stationName: '南坑河出境断面', parameterName: '氨氮', unit: 'mg/L', values: 1, from: '2026-11-20T09:30:00+08:00' },
      { parameter: 'tp', nonDetects: 1 },
    ],
    first: [
      { line: 2, value: 0.31, standing: 'new', detection: null },
      { line: 3, detection: 0.02 },
    ],
    refused: [{ line: 9, why: '配置里没有项目“总铬”' }],
  });
  await pipeline.run();
  expect(pipeline.parts.ledger.totals().received).toBe(0);
  expect(pipeline.parts.audit.list({}, 9)).toEqual([]);
});

test('what is held is passed over, another value is a correction', async () => {
  held = fileOf([sample(2), sample(3, { parameter: 'tp', value: 0.05 })]);
  expect(await files.run(EMPTY, TAKE, 'officer')).toMatchObject({ taken: 2, next: null });
  await pipeline.run();
  held = fileOf([sample(2), sample(3, { parameter: 'tp', value: 0.06 })]);
  expect(await files.run(EMPTY, LOOK, 'officer')).toMatchObject({ standings: { duplicate: 1, different: 1, new: 0 } });
  expect(await files.run(EMPTY, TAKE, 'officer')).toMatchObject({ taken: 1 });
  await pipeline.run();
  expect(pipeline.parts.ledger.totals()).toMatchObject({ received: 3, stored: 2, corrected: 1, duplicate: 0 });
});

test('a long file comes in steps; the steps together are the file, each value once', async () => {
  const from = at('2026-01-01 00:00');
  const values = Array.from({ length: STEP + 700 }, (_, i) => sample(i + 2, { time: from + i * 60_000 }));
  held = fileOf(values);
  const first = await files.run(EMPTY, TAKE, 'officer');
  expect(first).toMatchObject({ taken: STEP, done: STEP, next: STEP, refusedTotal: 1 });
  const second = await files.run(EMPTY, { ...TAKE, from: STEP }, 'officer');
  // What the file itself holds wrong is told once.
  expect(second).toMatchObject({ taken: 700, done: STEP + 700, next: null, refusedTotal: 0 });
  await pipeline.run();
  expect(pipeline.parts.ledger.totals()).toMatchObject({ received: STEP + 700, stored: STEP + 700 });
});

test('a value beyond what may be kept is refused by its line, the rest is taken', async () => {
  held = fileOf([sample(2), sample(3, { time: at('2027-11-20 09:30') })]);
  const taken = await files.run(EMPTY, TAKE, 'officer');
  expect(taken).toMatchObject({
    taken: 1,
    refusedTotal: 2,
    refused: [{ line: 9 }, { line: 3, why: expect.stringContaining('未来') }],
  });
});

test('a station that is not there is refused before the file is read', async () => {
  held = fileOf([]);
  await expect(files.run(EMPTY, { ...LOOK, station: 'nowhere' }, 'officer')).rejects.toBeInstanceOf(Refusal);
});
