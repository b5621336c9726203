/** Which station, and which item in which unit, does a piece of text name? */
import type { Parameter } from '../../domain/parameter.js';
import type { Site } from '../../domain/site.js';
import type { Role, Station } from '../../domain/station.js';
import { isSame, unitFactor, type UnitFactor } from './units.js';
import { nameKey, textOf } from './text.js';

/** An item of a table. */
export interface NamedItem {
  readonly parameter: Parameter;
  /** The unit that stands beside the name, e.g. in 氨氮(mg/L); `null` when none does. */
  readonly unit: string | null;
}

const ROLE_WORDS: Readonly<Record<Role, readonly string[]>> = {
  assessed: ['考核断面'],
  control: ['控制断面'],
  inflow: ['对照断面', '入境断面'],
  'plant-outlet': ['出厂水', '水厂出厂水'],
  tap: ['末梢水', '管网末梢水', '管网水'],
  outlet: ['总排口', '废水总排口', '出水口'],
  site: ['工地'],
  ambient: ['环境空气'],
};

/** The names of a site's config, ready to be looked up. */
export class Names {
  private readonly items = new Map<string, Parameter | null>();
  private readonly stations = new Map<string, Station | null>();

  constructor(private readonly site: Site) {
    for (const parameter of site.parameters.values()) {
      for (const name of [parameter.code, parameter.name, parameter.nameEn, ...parameter.aliases, ...(parameter.names ?? [])]) {
        claim(this.items, nameKey(name), parameter);
      }
    }
    for (const station of site.stations.values()) {
      for (const name of [station.id, station.name, station.nameEn]) claim(this.stations, nameKey(name), station);
    }
    for (const station of site.stations.values()) {
      if (station.village === null) continue;
      for (const role of ROLE_WORDS[station.role]) {
        const key = nameKey(station.village + role);
        if (!this.stations.has(key)) this.stations.set(key, station);
        else if (this.stations.get(key)?.village === station.village && this.stations.get(key) !== station) {
          this.stations.set(key, null);
        }
      }
    }
  }

  /** The item a heading or a cell names: by code, name, alias, with or without a unit or a remark such as 以N计; `null` for none. */
  item(text: string): NamedItem | null {
    const whole = this.items.get(nameKey(text));
    if (whole) return { parameter: whole, unit: null };
    const { name, remarks } = splitName(text);
    const parameter = this.items.get(nameKey(name));
    if (!parameter) return null;
    // 以N计 and the like say what is counted, not in which unit; the config's own name carries it or leaves it out.
    const units = remarks.filter((remark) => !/^(以.*计|as .*|.*法|日均值?|均值|小时均值)$/i.test(remark));
    return units.length > 1 ? null : { parameter, unit: units[0] ?? null };
  }

  /** The station a cell names, by id, name, or by village and kind of water; else why not, in words. */
  station(text: string, kind: string): Station | { readonly why: string } {
    for (const name of [text, text + kind]) {
      const found = this.stations.get(nameKey(name));
      if (found) return found;
    }
    const known = [...this.site.stations.values()].map(({ id, name }) => `${name}(${id})`);
    return { why: `配置里没有站点“${textOf(text)}${kind}”;现有:${known.join('、')}` };
  }
}

/** One name for two things names neither. */
function claim<T>(names: Map<string, T | null>, key: string, thing: T): void {
  const other = names.get(key);
  names.set(key, other === undefined || other === thing ? thing : null);
}

/** `氨氮(以N计,mg/L)` as its name and what stands in brackets; `氨氮 mg/L` and `氨氮,mg/L` too. */
export function splitName(text: string): { name: string; remarks: string[] } {
  const line = textOf(text)
    .replace(/[【[]/g, '(')
    .replace(/[】\]]/g, ')');
  const remarks: string[] = [];
  // The inner brackets belong to a unit, dB(A): only a bracket that opens after the name is one of ours.
  const name = line.replace(/\(((?:[^()]|\([^()]*\))*)\)/g, (_, inside: string) => {
    remarks.push(...inside.split(/[,,;;、]/).map((part) => part.trim()));
    return '';
  });
  const tail = /^(.*?)[\s,_/]+((?:[μµumn]?g|mol|mmol)\/(?:l|m3)|ntu|μs\/cm|us\/cm|ms\/m|m3\/[shd]|l\/s|℃|°c|%)$/i.exec(
    name.trim(),
  );
  if (tail) remarks.push(tail[2]!);
  return { name: (tail?.[1] ?? name).trim(), remarks: remarks.filter((remark) => remark !== '') };
}

/** The factor from the unit that a table states to the parameter's own, or, in words, why the two do not go together. */
export function factorFor(
  parameter: Parameter,
  units: readonly (string | null)[],
): { factor: UnitFactor; note: string } | string {
  const stated = units.filter((unit): unit is string => unit !== null && unit.trim() !== '');
  const factors = stated.map((unit) => ({ unit, factor: unitFactor(unit, parameter.unit) }));
  const strange = factors.find(({ factor }) => factor === null);
  if (strange) {
    return `单位“${strange.unit}”不能换算为 ${parameter.name} 的单位 ${parameter.unit === '' ? '(无量纲)' : parameter.unit}`;
  }
  const [first, ...rest] = factors;
  if (first === undefined) {
    return { factor: { times: '1', per: '1' }, note: parameter.unit === '' ? '' : `未注明单位,按 ${parameter.unit}` };
  }
  const other = rest.find(({ factor }) => factor!.times !== first.factor!.times || factor!.per !== first.factor!.per);
  if (other) return `单位写了两个:“${first.unit}”和“${other.unit}”`;
  return { factor: first.factor!, note: isSame(first.factor!) ? '' : `${first.unit} 换算为 ${parameter.unit}` };
}
