/** Which limit is it, in the words of an alert? */
import { CLASS_NAMES } from '../compliance/class.js';
import type { Parameter } from '../parameter.js';
import { isCertain, limitNumber, limitText } from '../standards/bind.js';
import type { Limit } from '../standards/limit.js';
import type { Passed, Words } from './alert.js';

/** Classes as people write them: of the river, and of sewage works. */
const CLASSES: Readonly<Record<string, string>> = { ...CLASS_NAMES, '1A': '一级A', '1B': '一级B', '2': '二级', '3': '三级' };

/** The limit's name: Ⅲ类限值, 管理阈值, 限值. */
function nameOf(limit: Limit): Words {
  if (limit.grade === 'own') return { zh: '管理阈值', en: 'own threshold' };
  if (limit.class === null) return { zh: '限值', en: 'limit' };
  return { zh: `${CLASSES[limit.class] ?? ''}限值`, en: `class ${limit.class} limit` };
}

/** A limit as an alert keeps it. `times`: multiples over it, cut to two decimals, where something is over. */
export function passedOf(limit: Limit, times: string | null = null): Passed {
  return {
    number: limitNumber(limit),
    text: limitText(limit),
    name: nameOf(limit),
    isLower: limit.operator === '>=',
    citation: limit.citation,
    isCertain: isCertain(limit),
    times,
  };
}

/** A value as people read it: the parameter's decimals and unit; more digits are kept where rounding would hide that it is over. */
export function shown(value: number, parameter: Pick<Parameter, 'decimals' | 'unit'>, unit = true): string {
  const short = value.toFixed(parameter.decimals);
  const text = Math.abs(value) >= 1e-6 && Number(short) !== value ? String(Number(value.toPrecision(6))) : short;
  return unit && parameter.unit !== '' ? `${text} ${parameter.unit}` : text;
}
