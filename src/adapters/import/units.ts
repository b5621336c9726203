/** Is a number in this unit also one in that unit, and by which factor? */

/** Units of one quantity that are multiples of each other: `[spellings, size]`, spellings as `unitKey` makes them. */
const QUANTITIES: readonly (readonly (readonly [spellings: string, size: string])[])[] = [
  // Mass in a volume of water or air: 1 mg/m³ is 1 µg/L.
  [
    ['g/l kg/m3', '1e9'],
    ['mg/l g/m3 毫克/升', '1e6'],
    ['ug/l mg/m3 微克/升', '1e3'],
    ['ng/l ug/m3', '1'],
    ['ng/m3', '1e-3'],
  ],
  [
    ['l/s', '86400'],
    ['m3/s 立方米/秒', '86400000'],
    ['l/min', '1440'],
    ['m3/h', '24000'],
    ['m3/d', '1000'],
  ],
  [
    ['m 米', '1'],
    ['cm 厘米', '0.01'],
    ['mm 毫米', '0.001'],
  ],
  [
    ['us/cm', '1'],
    ['ms/cm', '1e3'],
    ['ms/m', '10'],
    ['s/m', '1e4'],
  ],
  [['℃ oc degc c 摄氏度', '1']],
  [['ntu 散射浊度单位 ntu(散射浊度单位)', '1']],
  [['db(a) dba db 分贝', '1']],
  [['% %rh rh%', '1']],
  [['m/s 米/秒', '1']],
  [['o deg 度', '1']],
  [['bq/l', '1']],
  [
    ['mpn/100ml cfu/100ml mpnorcfu/100ml mpn/100mlorcfu/100ml 个/100ml', '1'],
    ['mpn/l cfu/l 个/l', '0.1'],
  ],
  [['mpn/ml cfu/ml mpnorcfu/ml mpn/mlorcfu/ml 个/ml', '1']],
];

/** What a unit of nothing is written as: pH, colour words, and a bare dash. */
const NONE = /^(无量纲|-|—|\/|ph|ph值|none)?$/;

/** A unit without what writers vary. `µ` and `μ` are one, `L` is a litre in either case, 或 is or. */
function unitKey(unit: string): string {
  return unit
    .normalize('NFKC')
    .replace(/\s/g, '')
    .toLowerCase()
    .replace(/[μµ]/g, 'u')
    .replace(/°c/g, '℃')
    .replace(/°/g, 'o')
    .replace(/·l-1$|l-1$/, (end) => (end.startsWith('·') ? '/l' : end))
    .replace(/或/g, 'or');
}

/** How a number in one unit becomes one in another: times the one, then divided by the other, both exact decimals. */
export interface UnitFactor {
  readonly times: string;
  readonly per: string;
}

/**
 * The factor from `given` to `wanted`; of the same unit in another spelling it is one. `null` when the two are not of one
 * quantity, or one of them is unknown and they are not spelt alike: nothing is guessed.
 */
export function unitFactor(given: string, wanted: string): UnitFactor | null {
  const [from, to] = [unitKey(given), unitKey(wanted)];
  if (from === to || (NONE.test(from) && NONE.test(to))) return SAME;
  for (const quantity of QUANTITIES) {
    const size = (key: string): string | undefined => quantity.find(([spellings]) => spellings.split(' ').includes(key))?.[1];
    const [a, b] = [size(from), size(to)];
    if (a !== undefined && b !== undefined) return a === b ? SAME : { times: a, per: b };
  }
  return null;
}

const SAME: UnitFactor = { times: '1', per: '1' };

/** Is it the same unit, however it is spelt? */
export const isSame = ({ times, per }: UnitFactor): boolean => times === per;
