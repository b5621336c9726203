/** Which addresses has the page, and what stands there? */

/** One address of the page. */
export interface Address {
  /** Also the key of its words: `frameWords.titles[name]`. */
  readonly name: string;
  readonly path: string;
  /** Files `pages/NAME-page.vue`; the first that is there is shown. */
  readonly pages: readonly [string, ...string[]];
  /** Place in the navigation; `bar` stays in reach of the thumb on a phone, the rest opens behind 更多. */
  readonly nav?: 'bar' | 'more';
  /** Shows nothing to somebody without a login. */
  readonly login?: true;
  /** Without header and footer; `public` does not even ask the service for what the office sees. */
  readonly bare?: 'wall' | 'public';
}

/** All of them, in the order of the navigation. The server answers the page for these and no other (`adapters/http/page.ts`). */
export const ADDRESSES: readonly Address[] = [
  { name: 'overview', path: '/', pages: ['overview'], nav: 'bar' },
  { name: 'river', path: '/river', pages: ['river'], nav: 'bar' },
  { name: 'stations', path: '/stations', pages: ['stations'], nav: 'more' },
  { name: 'station', path: '/stations/:id', pages: ['station', 'stations'] },
  { name: 'compliance', path: '/compliance', pages: ['compliance'], nav: 'more' },
  { name: 'compliance-target', path: '/compliance/:target', pages: ['compliance-target', 'target', 'compliance'] },
  { name: 'alerts', path: '/alerts', pages: ['alerts'], nav: 'bar' },
  { name: 'alert', path: '/alerts/:id', pages: ['alert', 'alerts'] },
  { name: 'cases', path: '/cases', pages: ['cases'], nav: 'bar', login: true },
  { name: 'case', path: '/cases/:id', pages: ['case', 'cases'], login: true },
  { name: 'chiefs', path: '/chiefs', pages: ['chiefs'], nav: 'more', login: true },
  { name: 'chief', path: '/chiefs/:id', pages: ['chief', 'chiefs'], login: true },
  { name: 'data', path: '/data', pages: ['data'], nav: 'more', login: true },
  { name: 'account', path: '/account', pages: ['account'], login: true },
  { name: 'wall', path: '/wall', pages: ['wall'], bare: 'wall' },
  { name: 'public', path: '/public', pages: ['public'], bare: 'public' },
];

/** Where an address of former days stands now, or `null`: mails that were sent keep their `/?alert=ID`. */
export function formerAddress(path: string, query: Record<string, unknown>): string | null {
  if (path !== '/') return null;
  if (typeof query.alert === 'string' && query.alert !== '') return `/alerts/${encodeURIComponent(query.alert)}`;
  if (typeof query.case === 'string' && query.case !== '') return `/cases/${encodeURIComponent(query.case)}`;
  return null;
}
