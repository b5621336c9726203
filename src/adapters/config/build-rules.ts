/** How do the entries of rules become the rules of the site? What an entry leaves out is the default of its kind. */
import type { AlertKind } from '../../domain/alerting/alert.js';
import { DEFAULT_RULES, DEFAULT_SHAPES } from '../../domain/alerting/default-rules.js';
import type { LimitRule, LimitShape, OverWhen, Rules, SevereWhen } from '../../domain/alerting/rules.js';
import type { Station } from '../../domain/station.js';
import type { DampingEntry, RuleEntry, SevereEntry, ShapeEntry } from './schema-rules.js';

type EntryOf<K extends AlertKind> = Extract<RuleEntry, { kind: K }>;

/** The rules of a site: the entries (one of a kind, checked) over the defaults; `enabled: false` switches a kind off. */
export function buildRules(
  entries: readonly RuleEntry[],
  damping: DampingEntry | undefined,
  stations: readonly Station[],
): Rules {
  const entryOf = <K extends RuleEntry['kind']>(kind: K): EntryOf<K> | undefined =>
    entries.find((entry): entry is EntryOf<K> => entry.kind === kind);
  const over = <R extends { readonly kind: RuleEntry['kind'] }>(rule: R): R | null => {
    const entry = entryOf(rule.kind);
    if (entry?.enabled === false) return null;
    const said = Object.entries(entry ?? {}).filter(([key, value]) => key !== 'enabled' && value !== undefined);
    return { ...rule, ...Object.fromEntries(said) };
  };
  const limit = entryOf('limit');
  return {
    limit: limit?.enabled === false ? null : toLimitRule(limit, stations),
    trend: over<NonNullable<Rules['trend']>>(DEFAULT_RULES.trend),
    verdict: over<NonNullable<Rules['verdict']>>(DEFAULT_RULES.verdict),
    target: over<NonNullable<Rules['target']>>(DEFAULT_RULES.target),
    noData: over<NonNullable<Rules['noData']>>(DEFAULT_RULES.noData),
    sensor: over<NonNullable<Rules['sensor']>>(DEFAULT_RULES.sensor),
    upstream: over<NonNullable<Rules['upstream']>>(DEFAULT_RULES.upstream),
    regional: over<NonNullable<Rules['regional']>>(DEFAULT_RULES.regional),
    rain: over<NonNullable<Rules['rain']>>(DEFAULT_RULES.rain),
    service: over<NonNullable<Rules['service']>>(DEFAULT_RULES.service),
    damping: damping ?? DEFAULT_RULES.damping,
  };
}

function toLimitRule(entry: EntryOf<'limit'> | undefined, stations: readonly Station[]): LimitRule {
  const id = entry?.id ?? DEFAULT_RULES.limit.id;
  if (entry?.shapes) return { id, kind: 'limit', shapes: entry.shapes.map(toShape) };
  if (entry?.media === undefined) return { id, kind: 'limit', shapes: [...dustShapes(stations), ...DEFAULT_SHAPES] };
  return { id, kind: 'limit', shapes: formerShapes(entry) };
}

/** A site whose threshold speaks of another window than the default's hour is held by its own. */
function dustShapes(stations: readonly Station[]): LimitShape[] {
  const [ordinary] = DEFAULT_SHAPES.filter(({ media }) => media?.includes('dust'));
  if (ordinary?.over.by !== 'mean') return [];
  const { hours } = ordinary.over;
  return stations.flatMap(({ id, dustRules: [rule] }): LimitShape[] =>
    rule === undefined || rule.windowMinutes === hours * 60
      ? []
      : [{ ...ordinary, stations: [id], over: { by: 'mean', hours: rule.windowMinutes / 60 } }],
  );
}

/**
 * The former form of the limit rule: so many values over the limit open, so many back inside end, for all series of its
 * media but some parameters. What is severe and what is a warning it could not say, so the defaults' say it.
 */
function formerShapes({ media = [], except = [], open = 1, clear = 3 }: EntryOf<'limit'>): LimitShape[] {
  const over: OverWhen = { by: 'value', values: open };
  const back = { values: clear, share: 1 };
  const plain = { severe: [], warning: null, clear: back, noSupplyMinutes: null };
  return [
    ...(except.length > 0 ? [{ ...plain, parameters: except, over: { by: 'never' } } as const] : []),
    ...DEFAULT_SHAPES.map((shape) => ({ ...shape, media: media.filter((m) => shape.media?.includes(m) ?? true) }))
      .filter((shape) => shape.media.length > 0)
      .map((shape) => ({ ...shape, over, clear: back })),
    { ...plain, media, over },
  ];
}

const toShape = ({ severe, ...shape }: ShapeEntry): LimitShape => ({ ...shape, severe: severe.map(toSevere) });

/** The checks have seen to it that one of the keys is there. */
function toSevere({ below, above, atMost, beyondClass, times, minutes, withFlow }: SevereEntry): SevereWhen {
  if (below !== undefined) return { below, minutes };
  if (above !== undefined) return { above, minutes };
  if (atMost !== undefined) return { atMost, minutes, withFlow };
  if (beyondClass !== undefined) return { beyondClass };
  if (times !== undefined) return { times };
  throw new Error('buildRules needs entries that passed the checks');
}
