/** How is a river as a whole, and what came into and went out of its reach? */
import { type DayPair, itemBalance } from '../../domain/compliance/balance.js';
import { windowName } from '../../domain/compliance/change.js';
import { averagingOf, classLimits, lastDay } from '../../domain/compliance/items.js';
import { river, WATER_GRADE_NAMES } from '../../domain/compliance/river.js';
import type { Verdict } from '../../domain/compliance/verdict.js';
import type { Reach, Site } from '../../domain/site.js';
import type { Station } from '../../domain/station.js';
import { DAY, HOUR, isoTime, localDate, parsePeriod, type Span, windowAt } from '../../domain/time.js';
import { type Archive, ArchiveError, type Clock, Refusal } from '../ports.js';
import { askedTime } from './asked-time.js';
import { RiverStrip, type StripQuery, type StripWindow } from './report-strip.js';
import { NEVER } from '../stores.js';
import type { VerdictStore } from '../judging/verdict-stores.js';

/** Months of a river that are listed. */
const MONTHS = 12;

/** Codes of the flow and of the unit it must have, so that loads are kg/d. */
const FLOW = { parameter: 'flow', unit: 'L/s' } as const;
const MG_PER_LITRE = 'mg/L';

/** The longest span a balance is asked for: what is kept of a year of days. */
const LONGEST = 366 * DAY;

/** What stands under every balance. */
const NOTE = '估算,不作责任认定';

/** A period as people name it, or two days, `to` exclusive. */
interface Asked {
  readonly period?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Answers for `/api/v1/reaches`. */
export class ReachReport {
  private readonly windows: RiverStrip;

  constructor(
    private readonly site: Site,
    private readonly archive: Archive,
    private readonly verdicts: VerdictStore,
    private readonly clock: Clock,
  ) {
    this.windows = new RiverStrip(site, archive, verdicts, clock);
  }

  /** Every reach with its sections, and how the river was in its last closed months (环办[2011]22号). */
  reaches() {
    return {
      asOf: isoTime(this.clock.now(), this.site.calendar),
      reaches: [...this.site.reaches.values()].map((reach) => ({
        id: reach.id,
        name: reach.name,
        nameEn: reach.nameEn,
        travelHours: reach.travelHours,
        line: reach.line ?? null,
        sections: this.sections(reach).map(({ id, name, role, position }) => ({ id, name, role, position: position ?? null })),
        months: this.months(reach),
      })),
    };
  }

  /** The windows of its sections over time, and the rain. Throws `Refusal`. */
  strip(id: string, query: StripQuery) {
    const reach = this.reach(id);
    return this.windows.strip(reach, this.sections(reach), query);
  }

  /** One window of a section with its findings. Throws `Refusal`. */
  evidence(id: string, section: string, kind: StripWindow, day: string): unknown {
    return this.windows.evidence(this.sections(this.reach(id)), section, kind, day);
  }

  /**
   * What came in and what went out over a period (2026-11), or over days (`from` to `to`, exclusive). Throws `Refusal`,
   * also when the archive with the flows is away.
   */
  async balance(id: string, asked: Asked) {
    const reach = this.reach(id);
    const { period, span } = this.asked(asked);
    const sections = this.sections(reach);
    const from = sections.find(({ role }) => role === 'inflow');
    const to = sections.findLast(({ role }) => role === 'assessed');
    if (from === undefined || to === undefined) {
      throw new Refusal('not-found', `${reach.name} 没有成对的入境(对照)断面与考核断面,无法比较进出`);
    }
    // Days are means of a whole day: only a travel of whole days can be followed.
    const shift = Math.round(((reach.travelHours ?? 0) * HOUR) / DAY) * DAY;
    const [came, went] = [this.days(from, span), this.days(to, { from: span.from + shift, to: span.to + shift })];
    const flows = await this.flows(from, to, span, shift);
    const pairs = [...came].flatMap(([start, verdict]): DayPair[] => {
      const other = went.get(start + shift);
      const [flowIn, flowOut] = [flows.in.get(start) ?? null, flows.out.get(start) ?? null];
      return other === undefined ? [] : [{ start, in: verdict, out: other, flowIn, flowOut }];
    });
    return {
      reach: reach.id,
      name: reach.name,
      period,
      from: { station: from.id, name: from.name },
      to: { station: to.id, name: to.name },
      travelHours: reach.travelHours,
      shiftDays: shift / DAY,
      travel: travelWords(reach, shift / DAY),
      days: pairs.length,
      note: NOTE,
      noLoads: this.noLoads(reach, from, to, flows),
      items: this.items(from, reach, pairs),
    };
  }

  private items(from: Station, { uncertainty }: Reach, pairs: readonly DayPair[]) {
    const judging = this.site.judging.get(from.medium)!;
    return judging.items.map((parameter) => {
      const { name = parameter, unit = '' } = this.site.parameters.get(parameter) ?? {};
      const averaging = averagingOf(parameter, judging);
      const { daily, ...found } = itemBalance(parameter, pairs, averaging, unit === MG_PER_LITRE, uncertainty);
      return {
        ...{ parameter, name, unit },
        ...found,
        daily: daily.map(({ start, ...day }) => ({ date: localDate(start, this.site.calendar), ...day })),
      };
    });
  }

  private noLoads(
    reach: Reach,
    from: Station,
    to: Station,
    flows: { in: ReadonlyMap<number, number>; out: ReadonlyMap<number, number> },
  ) {
    const without = [from, to].filter((station) => !station.parameters.some(({ parameter }) => parameter === FLOW.parameter));
    if (without.length > 0) return `${without.map(({ name }) => name).join('、')}不测流量,不能推算通量`;
    if (this.site.parameters.get(FLOW.parameter)?.unit !== FLOW.unit) return `流量的单位不是 ${FLOW.unit},不能推算通量`;
    if (reach.uncertainty === null) return '配置未给出流量与浓度的不确定度,不推算通量';
    return flows.in.size === 0 || flows.out.size === 0 ? '所选时段没有两端的流量,不能推算通量' : null;
  }

  private reach(id: string): Reach {
    const reach = this.site.reaches.get(id) ?? [...this.site.reaches.values()].find(({ name }) => name === id);
    if (reach === undefined) {
      throw new Refusal('not-found', `没有代号为 ${id} 的河段;现有:${[...this.site.reaches.keys()].join('、')}`);
    }
    return reach;
  }

  private asked({ period, from, to }: Asked) {
    if (from !== undefined && to !== undefined && period === undefined) {
      const span = { from: askedTime('from', from, this.site.calendar), to: askedTime('to', to, this.site.calendar) };
      if (span.to <= span.from) throw new Refusal('bad-request', 'to 应晚于 from');
      if (span.to - span.from > LONGEST) throw new Refusal('bad-request', '一次最多比较 366 天');
      return { period: `${from}/${to}`, span };
    }
    if (from !== undefined || to !== undefined) throw new Refusal('bad-request', '请给出 period,或同时给出 from 与 to');
    const named = period ?? localDate(this.clock.now(), this.site.calendar).slice(0, 7);
    const span = parsePeriod(named, this.site.calendar);
    if (span === null) throw new Refusal('bad-request', `period 应为 2026、2026-Q4 或 2026-11,收到的是 ${named}`);
    return { period: named, span };
  }

  private sections(reach: Reach): Station[] {
    return [...this.site.stations.values()].filter((station) => station.active && station.reach === reach.name);
  }

  private days(station: Station, span: Span): Map<number, Verdict> {
    const days = this.verdicts.list('day', [station.id], span, null, 366, 0);
    return new Map(days.map((verdict) => [verdict.start, verdict]));
  }

  /** Daily mean flows of both ends by the day at the inflow. */
  private async flows(from: Station, to: Station, span: Span, shift: number) {
    const has = (station: Station): boolean => station.parameters.some(({ parameter }) => parameter === FLOW.parameter);
    const until = Math.min(span.to, windowAt('day', this.clock.now(), this.site.calendar).start);
    const of = async (station: Station, by: number): Promise<Map<number, number>> => {
      if (!has(from) || !has(to) || until <= span.from) return new Map();
      const query = { station: station.id, parameter: FLOW.parameter, from: span.from + by, to: until + by };
      const steps = await this.archive.steps(query, DAY, query.from).catch((error: unknown) => {
        if (error instanceof ArchiveError) throw new Refusal('unavailable', `归档库暂不可用,无法读取流量:${error.message}`);
        throw error;
      });
      return new Map(steps.flatMap(({ start, mean }) => (mean === null ? [] : [[start - by, mean] as const])));
    };
    return { in: await of(from, 0), out: await of(to, shift) };
  }

  private months(reach: Reach) {
    const sections = this.sections(reach).filter(({ medium }) => medium === 'surface-water');
    const [first] = sections;
    if (first === undefined) return [];
    const judging = this.site.judging.get(first.medium)!;
    const ids = sections.map(({ id }) => id);
    const all = this.verdicts.list('month', ids, { from: this.yearBefore(), to: NEVER }, null, MONTHS * ids.length * 2, 0);
    return [...new Set(all.map(({ start }) => start))]
      .slice(-MONTHS)
      .reverse()
      .map((start) => {
        const window = windowAt('month', start, this.site.calendar);
        const limits = classLimits(this.site, first, lastDay(window, this.site.calendar));
        const found = river(
          all.filter((verdict) => verdict.start === start),
          limits,
          (parameter) => averagingOf(parameter, judging),
        );
        return {
          month: windowName('month', start, this.site.calendar),
          ...found,
          gradeName: found.grade && WATER_GRADE_NAMES[found.grade],
        };
      });
  }

  private yearBefore(): number {
    return windowAt('month', this.clock.now() - 366 * DAY, this.site.calendar).start;
  }
}

/** How long the water takes from the first to the last section of a reach, in words; the same wherever it is told. */
export const travelTime = ({ travelHours }: Pick<Reach, 'travelHours'>): string =>
  travelHours === null ? '传输时间未知' : `传输时间约 ${travelHours} 小时`;

function travelWords(reach: Reach, shiftDays: number): string {
  if (reach.travelHours === null) return `${travelTime(reach)},按同日比较`;
  return `${travelTime(reach)},${shiftDays === 0 ? '不足一日的部分按同日比较' : `出境按晚 ${shiftDays} 日比较`}`;
}
