/** How is what a commit heard written in one short row? */
import type { Heard } from '../../pipeline/hearing.js';

type Sign = Heard['signs'][number];
type PackedRun = [number, number, number | null, number | null, 0 | 1, number];
type PackedSign = [number, Sign['kind'], number, string | null, number | null];
type Packed = [string, PackedRun[], PackedSign[]];

/** As JSON without field names: the row is written within the intake's commit. */
export const packHeard = (heard: readonly Heard[]): string =>
  JSON.stringify(
    heard.map(({ station, runs, signs }): Packed => [
      station,
      runs.map((r): PackedRun => [r.first, r.last, r.time, r.newest, r.timeless ? 1 : 0, r.received]),
      signs.map((s): PackedSign => [s.received, s.kind, s.time, s.parameter, s.value]),
    ]),
  );

/** The row as it was. */
export const unpackHeard = (row: string): Heard[] =>
  (JSON.parse(row) as Packed[]).map(([station, runs, signs]) => ({
    station,
    runs: runs.map(([first, last, time, newest, timeless, received]) => ({
      first,
      last,
      time,
      newest,
      timeless: timeless === 1,
      received,
    })),
    signs: signs.map(([received, kind, time, parameter, value]) => ({ received, kind, time, parameter, value })),
  }));
