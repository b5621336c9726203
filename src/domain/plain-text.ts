/** What of a text that somebody typed or pasted can stand on every page and in every file? */

/**
 * The same text with line ends as `\n`, Word's soft return (a vertical tab) and a form feed among them, and without any other
 * control character but the tab, nor half a surrogate pair: XML 1.0 §2.2, and with it Word and Excel, takes none of them.
 */
export const plainText = (text: string): string =>
  text
    .replace(/\r\n?|[\v\f\u0085]/g, '\n')
    .replace(/[^\P{Cc}\n\t]|[\ufffe\uffff]/gu, '')
    .replace(/\p{Cs}/gu, '\ufffd');
