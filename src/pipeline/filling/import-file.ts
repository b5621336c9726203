/** What would a file of values do, and how does it come in piece by piece? */
import type { Reading, Source } from '../../domain/reading.js';
import type { Site } from '../../domain/site.js';
import type { Station } from '../../domain/station.js';
import { type Instant, isoTime } from '../../domain/time.js';
import type { Import, Standing } from './import.js';
import { type Clock, Refusal } from '../ports.js';

/** Values of one transaction: the intake waits no longer than that. */
const CHUNK = 400;

/** Values of one request at most: the one who asks sees how far it is. */
export const STEP = 5000;

/** Values, and refused places, that are shown; the counts are of all. */
const SHOWN = { values: 20, refused: 1000 } as const;

/** Where something stands in a file. */
interface Place {
  readonly sheet: string | null;
  readonly line: number;
  readonly column: string | null;
}

/** A value of a file. */
interface Placed {
  readonly place: Place;
  readonly reading: Reading;
}

/** What a file holds, whoever reads it. */
export interface FileOfValues {
  /** E.g. `CSV, GB18030`. */
  readonly format: string;
  readonly values: readonly Placed[];
  readonly refused: readonly { readonly place: Place; readonly why: string }[];
  readonly repeated: number;
  readonly blank: number;
  readonly notes: readonly string[];
}

/** Reads a file's bytes. Throws `Refusal` (`bad-request`) when it is none that can be read. */
export type ReadFile = (
  bytes: Uint8Array,
  options: { readonly source: Source; readonly station: Station | null; readonly now: Instant },
) => Promise<FileOfValues>;

/** What a person says of a file. */
export interface FileOffer {
  readonly file: string;
  readonly source: Source;
  /** The station of all its values; undefined where the file names them. */
  readonly station: string | undefined;
  readonly dryRun: boolean;
  /** The first value that is taken; the ones before came with an earlier request. */
  readonly from: number;
}

interface Compared extends Placed {
  readonly standing: Standing;
}

type Tally = Record<Standing, number>;
const tally = (values: readonly Compared[]): Tally => {
  const counts: Tally = { new: 0, duplicate: 0, different: 0, unknown: 0 };
  for (const { standing } of values) counts[standing]++;
  return counts;
};

/**
 * Takes a file of laboratory samples or old data. A dry run compares all of it and takes nothing. Else at most `STEP` values
 * are taken at once, each few hundred in a transaction of their own, and the answer says where to go on: what is held already
 * is passed over, so that an import that broke off is simply asked for again.
 */
export class FileImport {
  constructor(
    private readonly site: Site,
    private readonly importing: Pick<Import, 'run'>,
    private readonly read: ReadFile,
    private readonly clock: Clock,
  ) {}

  /** Throws `Refusal`: a file that cannot be read, a station that is not there, or nothing is taken now. */
  async run(bytes: Uint8Array, offer: FileOffer, by: string) {
    const file = await this.read(bytes, {
      source: offer.source,
      station: this.station(offer.station),
      now: this.clock.now(),
    });
    const end = offer.dryRun ? file.values.length : Math.min(offer.from + STEP, file.values.length);
    const compared: Compared[] = [];
    const refused = offer.from === 0 ? [...file.refused] : [];
    let taken = 0;
    for (let i = offer.from; i < end; i += CHUNK) {
      const chunk = file.values.slice(i, Math.min(i + CHUNK, end));
      const found = await this.offer(chunk, offer, by);
      compared.push(...found.compared);
      refused.push(...found.refused);
      taken += found.taken;
      // Deliveries come first.
      await new Promise<void>((resolve) => setTimeout(resolve, 1));
    }
    return {
      format: file.format,
      total: file.values.length,
      done: Math.min(end, file.values.length),
      next: end < file.values.length ? end : null,
      taken,
      standings: tally(compared),
      repeated: file.repeated,
      blank: file.blank,
      notes: [...file.notes],
      series: this.series(compared),
      first: compared.slice(0, SHOWN.values).map((value) => this.row(value)),
      refused: refused.slice(0, SHOWN.refused).map(({ place, why }) => ({ ...place, why })),
      refusedTotal: refused.length,
    };
  }

  private station(id: string | undefined): Station | null {
    if (id === undefined) return null;
    const station = this.site.stations.get(id);
    if (station === undefined) throw new Refusal('bad-request', `配置里没有站点 ${id}`);
    return station;
  }

  private async offer(chunk: readonly Placed[], { dryRun, file }: FileOffer, by: string) {
    const looked = await this.importing.run(
      chunk.map(({ reading }) => reading),
      { dryRun: true, by, file },
    );
    const out = new Map(looked.refused.map(({ index, detail }) => [index, detail]));
    const refused = [...out].map(([index, why]) => ({ place: chunk[index]!.place, why }));
    const compared = chunk.flatMap((value, i): Compared[] =>
      out.has(i) ? [] : [{ ...value, standing: looked.standings[i] ?? 'unknown' }],
    );
    const wanted = compared.filter(({ standing }) => standing !== 'duplicate').map(({ reading }) => reading);
    if (dryRun || wanted.length === 0) return { compared, refused, taken: 0 };
    const { taken } = await this.importing.run(wanted, { dryRun: false, by, file });
    return { compared, refused, taken };
  }

  private names({ station, parameter }: Reading) {
    const item = this.site.parameters.get(parameter)!;
    return { station, stationName: this.site.stations.get(station)!.name, parameter, parameterName: item.name, unit: item.unit };
  }

  private series(compared: readonly Compared[]) {
    const groups = new Map<string, Compared[]>();
    for (const value of compared) {
      const key = `${value.reading.station} ${value.reading.parameter}`;
      const own = groups.get(key);
      if (own) own.push(value);
      else groups.set(key, [value]);
    }
    return [...groups.values()].map((values) => {
      let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
      for (const { reading } of values) {
        from = Math.min(from, reading.time);
        to = Math.max(to, reading.time);
      }
      return {
        ...this.names(values[0]!.reading),
        values: values.length,
        from: isoTime(from, this.site.calendar),
        to: isoTime(to, this.site.calendar),
        nonDetects: values.filter(({ reading }) => reading.detection !== undefined).length,
        standings: tally(values),
      };
    });
  }

  private row({ place, reading, standing }: Compared) {
    return {
      ...place,
      ...this.names(reading),
      time: isoTime(reading.time, this.site.calendar),
      value: reading.value,
      mark: reading.mark,
      detection: reading.detection ?? null,
      standing,
    };
  }
}
