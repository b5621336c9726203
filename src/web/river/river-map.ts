/** Where do a river and its sections lie on a drawing of their own, without any map from outside? */

/** Longitude and latitude, degrees. */
type Place = readonly [number, number];

/** A point of the drawing; `x` to the right, `y` down. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A drawing in its own units, `width` by `height`. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly line: readonly Point[];
  readonly marks: readonly Point[];
  /** A length to compare with: so many kilometres are so many units. */
  readonly scale: { readonly km: number; readonly length: number };
}

const KM_PER_DEGREE = 111.32;
const SCALES = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100];

/**
 * Projects a line and places onto a drawing `width` wide, with `margin` around it. Degrees of longitude shrink with the
 * cosine of the latitude: good to a thousandth over a town.
 */
export function project(line: readonly Place[], places: readonly Place[], width: number, margin: number): Drawing {
  const all = [...line, ...places];
  const lons = all.map(([lon]) => lon);
  const lats = all.map(([, lat]) => lat);
  const [west, east] = [Math.min(...lons), Math.max(...lons)];
  const [south, north] = [Math.min(...lats), Math.max(...lats)];
  const shrink = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const [wide, high] = [(east - west) * shrink, north - south];
  const room = width - 2 * margin;
  // A river that runs north and south would be a tower: it may be as high as it is wide, no higher.
  const perDegree = room / (Math.max(wide, high) || 1);
  const at = ([lon, lat]: Place): Point => ({
    x: margin + (room - wide * perDegree) / 2 + (lon - west) * shrink * perDegree,
    y: margin + (north - lat) * perDegree,
  });
  const perKm = perDegree / KM_PER_DEGREE;
  const km = SCALES.findLast((length) => length * perKm <= room / 4) ?? SCALES[0]!;
  return {
    width,
    height: high * perDegree + 2 * margin,
    line: line.map(at),
    marks: places.map(at),
    scale: { km, length: km * perKm },
  };
}
