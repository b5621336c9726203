/** How was each section of a reach, window by window, and how much did it rain? */
import type { Reach, Site } from '../../domain/site.js';
import type { Station } from '../../domain/station.js';
import { DAY, isoTime, localDate, MINUTE, type Span, windowAt } from '../../domain/time.js';
import { askedTime } from './asked-time.js';
import { type Archive, ArchiveError, type Clock, Refusal } from '../ports.js';
import type { PrintedVerdict, VerdictStore } from '../judging/verdict-stores.js';

/** Days of a strip when nobody names any, and the most of one answer: ten years of months, a little over a year of days. */
const USUAL_DAYS = 30;
const MOST_DAYS = { day: 400, month: 3700 } as const;

const RAIN = 'rain';

/** The windows a strip is made of. */
export type StripWindow = keyof typeof MOST_DAYS;

/** A question about a strip: days of the calendar, `to` exclusive. */
export interface StripQuery {
  readonly window: StripWindow;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** What a strip needs of a window as it is printed (`print-verdict.ts`). */
interface Printed {
  readonly start: string;
  readonly end: string;
  readonly verdict: 'met' | 'exceeded' | 'undetermined';
  readonly class: string | null;
  readonly reason: string | null;
  readonly mainItems?: readonly { readonly text: string }[];
}

/** Windows of all sections of a reach, for `/api/v1/reaches/{id}/strip`: from stored verdicts, none recomputed. */
export class RiverStrip {
  constructor(
    private readonly site: Site,
    private readonly archive: Archive,
    private readonly verdicts: VerdictStore,
    private readonly clock: Clock,
  ) {}

  /** Sections in flow order with their closed windows that start in the span, and the rain of each. Throws `Refusal`. */
  async strip(reach: Reach, sections: readonly Station[], query: StripQuery) {
    const span = this.span(query);
    const ids = sections.map(({ id }) => id);
    const most = (MOST_DAYS.day + 1) * Math.max(ids.length, 1);
    const printed = this.verdicts.printed(query.window, ids, span, null, most, 0);
    return {
      reach: reach.id,
      name: reach.name,
      window: query.window,
      asOf: isoTime(this.clock.now(), this.site.calendar),
      from: isoTime(span.from, this.site.calendar),
      to: isoTime(span.to, this.site.calendar),
      sections: sections.map(({ id, name, nameEn, role, binding }) => ({
        ...{ id, name, nameEn, role },
        class: binding?.class ?? null,
        note: binding?.note ?? null,
        windows: printed.filter(({ station }) => station === id).map(inShort),
      })),
      ...(await this.rain(sections, span, query.window)),
    };
  }

  /** The evidence of one window, as it is printed. `day`: the day, or any day of the month. Throws `Refusal`. */
  evidence(sections: readonly Station[], id: string, kind: StripWindow, day: string): unknown {
    if (!sections.some((section) => section.id === id)) {
      throw new Refusal('not-found', `没有代号为 ${id} 的断面;现有:${sections.map((section) => section.id).join('、')}`);
    }
    const window = windowAt(kind, this.day('start', day), this.site.calendar);
    const [printed] = this.verdicts.printed(kind, [id], { from: window.start, to: window.start + 1 }, null, 1, 0);
    if (printed === undefined) throw new Refusal('not-found', `${day} 还没有评价结果`);
    return JSON.parse(printed.text);
  }

  private span({ window, from, to }: StripQuery): Span {
    const tomorrow = windowAt('day', this.clock.now(), this.site.calendar).end;
    const end = to === undefined ? tomorrow : this.day('to', to);
    const start = from === undefined ? end - USUAL_DAYS * DAY : this.day('from', from);
    if (end <= start) throw new Refusal('bad-request', 'to 应晚于 from');
    const whole = { from: windowAt(window, start, this.site.calendar).start, to: end };
    if (whole.to - whole.from > MOST_DAYS[window] * DAY) {
      throw new Refusal('bad-request', `一次最多 ${MOST_DAYS[window]} 天,请缩短时间段${window === 'day' ? ',或按月查看' : ''}`);
    }
    return whole;
  }

  private day(field: string, text: string): number {
    const time = askedTime(field, text, this.site.calendar);
    if (localDate(time, this.site.calendar) !== text) throw new Refusal('bad-request', `没有 ${text} 这一天`);
    return time;
  }

  /** Rain on the reach; of the rest of the site where no section measures it. */
  private async rain(sections: readonly Station[], span: Span, window: StripWindow) {
    const others = [...this.site.stations.values()].filter(({ active }) => active);
    const gauge = [...sections, ...others].find(({ parameters }) => parameters.some(({ parameter }) => parameter === RAIN));
    if (gauge === undefined) return { rain: null, noRain: '没有测雨的站点' };
    const query = { station: gauge.id, parameter: RAIN, from: span.from, to: Math.min(span.to, this.clock.now() + 1) };
    if (query.to <= query.from) return { rain: null, noRain: '所选时段还没有到' };
    try {
      const days = await this.archive.steps(query, DAY, span.from);
      const { decimals = 1, unit = 'mm' } = this.site.parameters.get(RAIN) ?? {};
      const cadence = gauge.parameters.find(({ parameter }) => parameter === RAIN)!.cadence * MINUTE;
      const sums = new Map<number, { sum: number; valid: number }>();
      for (const { start, mean, valid } of days) {
        if (mean === null) continue;
        const at = windowAt(window, start, this.site.calendar).start;
        const before = sums.get(at) ?? { sum: 0, valid: 0 };
        sums.set(at, { sum: before.sum + mean * valid, valid: before.valid + valid });
      }
      const windows = [...sums].map(([start, { sum, valid }]) => ({
        start: isoTime(start, this.site.calendar),
        sum: Number(sum.toFixed(decimals)),
        valid,
        due: Math.round((windowAt(window, start, this.site.calendar).end - start) / cadence),
      }));
      return { rain: { station: gauge.id, name: gauge.name, nameEn: gauge.nameEn, unit, windows }, noRain: null };
    } catch (error) {
      if (!(error instanceof ArchiveError)) throw error;
      return { rain: null, noRain: `历史数据库暂不可用,没有雨量:${error.message}` };
    }
  }
}

function inShort({ excuse, text }: PrintedVerdict) {
  const { start, end, verdict, class: riverClass, reason, mainItems = [] } = JSON.parse(text) as Printed;
  const main = mainItems.map((item) => item.text);
  return { start, end, verdict, class: riverClass, reason, mainItems: main, excused: excuse !== null };
}
