/** How is a thing found in a payload named to the person who sent it? */

/** Characters of a foreign text that a detail repeats. */
const SHOWN = 60;

/** A foreign text in quotes, cut to 60 characters, with control characters escaped. */
export function quote(text: string): string {
  // By code points: half a surrogate pair is not a character that anybody sent.
  const points = text.length > SHOWN ? [...text.slice(0, 2 * SHOWN + 1)] : null;
  return points && points.length > SHOWN ? `${JSON.stringify(points.slice(0, SHOWN).join(''))}…` : JSON.stringify(text);
}

/** Any JSON value in words: text quoted, numbers as they are, structures by their kind only. */
export function describe(found: unknown): string {
  switch (typeof found) {
    case 'string':
      return quote(found);
    case 'number':
    case 'boolean':
      return String(found);
    case 'undefined':
      return 'nothing';
    default:
      // Not printed whole: a deep structure would overflow the stack, a wide one the page.
      return found === null ? 'null' : Array.isArray(found) ? 'an array' : 'an object';
  }
}
