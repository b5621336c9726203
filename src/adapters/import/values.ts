/** Which values does a file hold, and which of its cells are refused, each with the reason? Pure: bytes in, values out. */
import type { Parameter } from '../../domain/parameter.js';
import type { Mark, Reading, Source } from '../../domain/reading.js';
import type { Site } from '../../domain/site.js';
import type { Station } from '../../domain/station.js';
import { DAY, type Instant, isoTime, MINUTE } from '../../domain/time.js';
import { findLayout, type Layout, unitOf } from './headings.js';
import { readMoment } from './moment.js';
import { factorFor, Names } from './names.js';
import { readMark, readResult } from './result.js';
import type { Cell, Line, Table } from './tables.js';
import { isBlank, nameKey, textOf } from './text.js';
import type { UnitFactor } from './units.js';

/** Where something stands in a file. */
export interface Place {
  /** The sheet of a workbook; `null` in a CSV file. */
  readonly sheet: string | null;
  /** As an editor or a spreadsheet counts. */
  readonly line: number;
  /** The item's heading in a wide table; `null` where the whole line is meant. */
  readonly column: string | null;
}

/** A value that can be imported. */
export interface ImportedValue {
  readonly place: Place;
  readonly reading: Reading;
}

/** What cannot, and why, in words. */
export interface RefusedPlace {
  readonly place: Place;
  readonly why: string;
}

/** What a file comes to. */
export interface ImportedFile {
  readonly values: readonly ImportedValue[];
  readonly refused: readonly RefusedPlace[];
  /** The same value a second time in the file: taken once. */
  readonly repeated: number;
  /** Cells that say that nothing was measured. */
  readonly blank: number;
  /** What was assumed or passed over, each told once. */
  readonly notes: readonly string[];
}

/** What the operator says of a file. */
export interface ImportOptions {
  readonly source: Source;
  /** The station of all its values, when the file names none. */
  readonly station: Station | null;
  readonly now: Instant;
}

/** How far ahead of the clock a value may lie, as on every other way in (contract §3). */
const AHEAD = 10 * MINUTE;

/** Lines of a table that are not samples: limits and statistics below or above them. */
const NO_SAMPLE =
  /^(标准限?值?|限值|标准|评价标准|执行标准|平均值?|均值|最大值|最小值|最高值|最低值|合计|总计|范围|样本数|达标率|合格率|超标率|mean|max|min|limit|average|total)$/i;
const UNIT_LINE = /^(单位|计量单位|units?)$/i;
const DETECTION_LINE = /^(检出限|方法检出限|最低检出限|检测限|lod|mdl|detection limit)$/i;

/** Reads the values of a file's tables against the config of a site. */
export function readValues(tables: readonly Table[], site: Site, options: ImportOptions): ImportedFile {
  const names = new Names(site);
  const reader = new Reader(site, names, options);
  const filled = tables.filter(({ lines }) => lines.some(({ cells }) => cells.some((cell) => textOf(cell) !== '')));
  for (const table of filled) reader.read(table, findLayout(table.lines, names, options.station !== null));
  return reader.done();
}

/** One line of a table after its keys have been read. */
interface Sampled {
  readonly station: Station;
  readonly time: Instant;
  readonly dateOnly: boolean;
}

class Reader {
  readonly refused: RefusedPlace[] = [];
  private readonly values: ImportedValue[] = [];
  private readonly notes = new Set<string>();
  private blank = 0;
  /** Lines whose time is only a day. */
  private readonly days = new Set<string>();

  constructor(
    private readonly site: Site,
    private readonly names: Names,
    private readonly options: ImportOptions,
  ) {}

  read(table: Table, layout: Layout | string): void {
    if (typeof layout === 'string') {
      // A page of words beside the results is no fault; a page of figures may be one.
      const hasFigures = table.lines.some(({ cells }) => cells.some((cell) => isFigure(textOf(cell))));
      if (table.name !== null && !hasFigures) this.notes.add(`工作表“${table.name}”没有数据,已略过`);
      else this.refuse({ sheet: table.name, line: table.lines[0]?.line ?? 1, column: null }, layout);
      return;
    }
    if (layout.unused.length > 0) this.notes.add(`未用的列:${layout.unused.join('、')}`);
    const several = this.severalStations(table, layout);
    if (several !== null) {
      this.refuse({ sheet: table.name, line: layout.heading.line, column: null }, several);
      return;
    }
    const above: { units: Line | null; detections: Line | null } = { units: null, detections: null };
    const start = table.lines.indexOf(layout.heading) + 1;
    for (const line of table.lines.slice(start)) {
      const texts = line.cells.map(textOf);
      if (texts.every((text) => text === '') || isHeadingAgain(line, layout)) continue;
      const first = texts.slice(0, 1 + Math.max(0, ...layout.keys.values())).filter((text) => text !== '');
      if (layout.kind === 'wide' && first.some((text) => UNIT_LINE.test(text))) above.units = line;
      else if (layout.kind === 'wide' && first.some((text) => DETECTION_LINE.test(text))) above.detections = line;
      else if (first.some((text) => NO_SAMPLE.test(text)))
        this.notes.add(`不是样品的行已略过:${first.find((t) => NO_SAMPLE.test(t))}`);
      else if (isRemark(texts)) this.notes.add(`略过的行:第 ${line.line} 行“${texts.find((text) => text !== '')!.slice(0, 30)}”`);
      else if (layout.kind === 'wide') this.wide(table, layout, line, above);
      else this.long(table, layout, line);
    }
  }

  done(): ImportedFile {
    const { values, refused, repeated } = unique(this.values);
    if (this.days.size > 0) this.notes.add(`${this.days.size} 行只有日期,时间按当日 00:00`);
    return { values, refused: [...this.refused, ...refused].sort(inOrder), repeated, blank: this.blank, notes: [...this.notes] };
  }

  /** Why a table cannot be laid on the one station that the operator named: it names several. */
  private severalStations(table: Table, layout: Layout): string | null {
    const column = layout.keys.get('station');
    const { station } = this.options;
    if (station === null || column === undefined) return null;
    const below = table.lines.slice(table.lines.indexOf(layout.heading) + 1);
    const named = new Set(below.map(({ cells }) => textOf(cells[column])).filter((name) => name !== ''));
    if (named.size > 1) return `文件里有多个站点(${[...named].slice(0, 5).join('、')}),不能用 --station 记到一个站点`;
    for (const name of named)
      if (nameKey(name) !== nameKey(station.name)) this.notes.add(`“${name}”记到站点 ${station.name}(--station)`);
    return null;
  }

  private long(table: Table, layout: Layout, line: Line): void {
    const cell = cellsOf(layout, line);
    const place = { sheet: table.name, line: line.line, column: null };
    const item = textOf(cell('item'));
    const value = cell('value') ?? null;
    if (item !== '' && isBlank(textOf(value))) {
      this.blank++;
      return;
    }
    const sampled = this.sampled(layout, line, place);
    if (sampled === null) return;
    const named = this.names.item(item);
    if (named === null) {
      this.refuse(place, item === '' ? '没有项目' : unknownItem(item));
      return;
    }
    const own = [named.unit, textOf(cell('unit'))].filter((unit) => unit !== null && unit !== '');
    // What stands over the whole column is not meant for what has no unit.
    const units = own.length > 0 || named.parameter.unit === '' ? own : [unitOf(layout, 'value')];
    const [of, ofLimit] = [factorFor(named.parameter, units), factorFor(named.parameter, [unitOf(layout, 'detection')])];
    const limit = textOf(cell('detection')) === '' || unitOf(layout, 'detection') === null ? of : ofLimit;
    if (typeof of !== 'string' && (typeof limit === 'string' || !isAlike(limit.factor, of.factor))) {
      this.refuse(place, `检出限的单位与结果不同:“${unitOf(layout, 'detection')}”`);
      return;
    }
    this.take(place, sampled, named.parameter, units, value, cell('detection'), cell('mark'));
  }

  private wide(
    table: Table,
    layout: Layout & { kind: 'wide' },
    line: Line,
    above: { readonly units: Line | null; readonly detections: Line | null },
  ): void {
    const whole = { sheet: table.name, line: line.line, column: null };
    const isFilled = ({ index }: { index: number }): boolean => !isBlank(textOf(line.cells[index]));
    const strange = layout.strange.filter(isFilled);
    const items = layout.items.filter(isFilled);
    this.blank += layout.items.length - items.length;
    if (items.length + strange.length === 0) return;
    const sampled = this.sampled(layout, line, whole);
    if (sampled === null) return;
    for (const { heading } of strange) this.refuse({ ...whole, column: heading }, unknownItem(heading));
    const cell = cellsOf(layout, line);
    for (const column of items) {
      const { index, heading } = column;
      const place = { ...whole, column: heading };
      const twin = layout.items.find((one) => one.named.parameter === column.named.parameter && one.index !== index);
      if (twin) {
        this.refuse(place, `“${heading}”与“${twin.heading}”是同一个项目`);
        continue;
      }
      const units = [column.named.unit, textOf(above.units?.cells[index])];
      const detection = above.detections?.cells[index] ?? cell('detection');
      const mark = column.mark === null ? cell('mark') : line.cells[column.mark];
      this.take(place, sampled, column.named.parameter, units, line.cells[index] ?? null, detection, mark);
    }
  }

  /** Station and time of a line; `null` once it is refused. */
  private sampled(layout: Layout, line: Line, place: Place): Sampled | null {
    const cell = cellsOf(layout, line);
    const name = textOf(cell('station'));
    let station = this.options.station;
    if (station !== null && name !== '') {
      const named = this.names.station(name, '');
      if (!('why' in named) && named !== station) return this.refuse(place, `站点是“${name}”,不是 --station 的 ${station.name}`);
    }
    if (station === null) {
      if (name === '') return this.refuse(place, '没有站点');
      const found = this.names.station(name, textOf(cell('kind')));
      if ('why' in found) return this.refuse(place, found.why);
      station = found;
    }
    const moment = readMoment(cell('date') ?? cell('time'), cell('clock'), this.site.calendar);
    if (typeof moment === 'string') return this.refuse(place, moment);
    const { at, dateOnly } = moment;
    if (dateOnly && this.options.source === 'sensor') return this.refuse(place, '只有日期,没有时刻:在线数据需要时刻');
    const shown = isoTime(at, this.site.calendar);
    if (at > this.options.now + AHEAD) return this.refuse(place, `时间 ${shown} 在未来`);
    const { retentionDays } = this.site.settings;
    if (retentionDays !== null && at < this.options.now - retentionDays * DAY) {
      return this.refuse(place, `时间 ${shown} 早于保存期限 ${retentionDays} 天`);
    }
    return { station, time: at, dateOnly };
  }

  private take(
    place: Place,
    { station, time, dateOnly }: Sampled,
    parameter: Parameter,
    units: readonly (string | null)[],
    cell: Cell,
    detection: Cell | undefined,
    markCell: Cell | undefined,
  ): void {
    const unit = factorFor(parameter, units);
    if (typeof unit === 'string') return void this.refuse(place, unit);
    const result = readResult(
      cell,
      detection,
      unit.factor,
      (parameter.absent ?? []).map(nameKey),
      parameter.detection?.limit ?? null,
    );
    if (typeof result === 'string') return void this.refuse(place, result);
    const given = readMark(markCell);
    if (given !== null && typeof given === 'object') return void this.refuse(place, given.why);
    const { source } = this.options;
    const usual: Mark = source === 'lab' ? 'S' : 'N';
    if (dateOnly) this.days.add(`${place.sheet} ${place.line}`);
    if (unit.note !== '') this.notes.add(`${parameter.name}:${unit.note}`);
    if (result.assumed) {
      const { limit, citation } = parameter.detection!;
      this.notes.add(`${parameter.name}:未检出而没有写检出限,按 ${limit} ${parameter.unit}(${citation})`);
    }
    const reading = { station: station.id, parameter: parameter.code, time, value: result.value, source };
    const mark = given ?? result.mark ?? usual;
    this.values.push({
      place,
      reading: { ...reading, mark, ...(result.detection === undefined ? {} : { detection: result.detection }) },
    });
  }

  private refuse(place: Place, why: string): null {
    this.refused.push({ place, why });
    return null;
  }
}

const isAlike = (a: UnitFactor, b: UnitFactor): boolean => a.times === b.times && a.per === b.per;

const unknownItem = (name: string): string => `配置里没有项目“${name}”:在 config/parameters.yaml 里加上,或写成已有的名称或代号`;

const cellsOf =
  (layout: Layout, line: Line) =>
  (key: Parameters<Layout['keys']['get']>[0]): Cell | undefined => {
    const index = layout.keys.get(key);
    return index === undefined ? undefined : (line.cells[index] ?? null);
  };

const isFigure = (text: string): boolean => /^[<>]?[\d.]+l?$/i.test(text);

/** A line of one text and no figures after it: a title, a footnote. Of merged cells the text stands in each. */
const isRemark = (texts: readonly string[]): boolean => {
  const [only, ...others] = new Set(texts.filter((text) => text !== ''));
  return only !== undefined && others.length === 0 && !isFigure(only);
};

/** Printed pages repeat the headings. */
const isHeadingAgain = (line: Line, layout: Layout): boolean =>
  [...layout.keys.values()].every((index) => textOf(line.cells[index]) === textOf(layout.heading.cells[index]));

/** Each key once. Two different values for one key refuse both: which one stands cannot be known. */
function unique(values: readonly ImportedValue[]): { values: ImportedValue[]; refused: RefusedPlace[]; repeated: number } {
  const byKey = new Map<string, ImportedValue[]>();
  for (const value of values) {
    const { station, parameter, time } = value.reading;
    const key = `${station} ${parameter} ${time}`;
    const same = byKey.get(key);
    if (same) same.push(value);
    else byKey.set(key, [value]);
  }
  const refused: RefusedPlace[] = [];
  const kept: ImportedValue[] = [];
  let repeated = 0;
  for (const [first, ...others] of byKey.values()) {
    const differs = others.some(({ reading }) => reading.value !== first!.reading.value || reading.mark !== first!.reading.mark);
    if (!differs) {
      kept.push(first!);
      repeated += others.length;
      continue;
    }
    const all = [first!, ...others];
    const words = all.map(({ place, reading }) => `第 ${place.line} 行 ${reading.value}`).join('、');
    for (const { place } of all) refused.push({ place, why: `同一站点、时间、项目有不同的值(${words}),以哪个为准无法判断` });
  }
  return { values: kept, refused, repeated };
}

const inOrder = (a: RefusedPlace, b: RefusedPlace): number =>
  (a.place.sheet ?? '').localeCompare(b.place.sheet ?? '') || a.place.line - b.place.line;
