/** Which addresses has the page, and what stands there? */

/** One address of the page. */
export interface Address {
  /** Also the key of its words: `frameWords.titles[name]`. */
  readonly name: string;
  readonly path: string;
  /** Place in the navigation; `bar` stays in reach of the thumb on a phone, the rest opens behind 更多. */
  readonly nav?: 'bar' | 'more';
  /** Shows nothing to somebody without a login. */
  readonly login?: true;
  /** Needs nothing of the service: stands where everything else asks for a login. */
  readonly open?: true;
  /** The route it asks first: for a role that may not ask it, the page does not exist. */
  readonly needs?: string;
  /** Without header and footer; `public` does not even ask the service for what the office sees. */
  readonly bare?: 'wall' | 'public';
}

/** All of them, in the order of the navigation. The server answers the page for these and no other (`adapters/http/page.ts`). */
export const ADDRESSES: readonly Address[] = [
  { name: 'overview', path: '/', nav: 'bar' },
  { name: 'river', path: '/river', nav: 'bar' },
  { name: 'stations', path: '/stations', nav: 'more' },
  { name: 'station', path: '/stations/:id' },
  { name: 'compliance', path: '/compliance', nav: 'more' },
  { name: 'compliance-target', path: '/compliance/:target' },
  {
    name: 'compliance-sign',
    path: '/compliance/:target/sign',
    login: true,
    needs: 'GET /api/v1/signed/:target/:period/preview',
  },
  { name: 'alerts', path: '/alerts', nav: 'bar' },
  { name: 'alert', path: '/alerts/:id' },
  { name: 'cases', path: '/cases', nav: 'bar', login: true },
  { name: 'case', path: '/cases/:id', login: true },
  { name: 'chiefs', path: '/chiefs', nav: 'more', login: true },
  { name: 'chief', path: '/chiefs/:id', login: true },
  { name: 'review', path: '/review', nav: 'more', login: true, needs: 'GET /api/v1/review/queue' },
  { name: 'upkeep', path: '/upkeep', nav: 'more', login: true, needs: 'GET /api/v1/upkeep' },
  { name: 'duty', path: '/duty', nav: 'more', login: true, needs: 'GET /api/v1/duty' },
  { name: 'bulletins', path: '/bulletins', nav: 'more', login: true, needs: 'GET /api/v1/bulletins' },
  { name: 'bulletin', path: '/bulletins/:id', login: true, needs: 'GET /api/v1/bulletins/:id' },
  { name: 'data', path: '/data', nav: 'more', login: true, needs: 'GET /api/v1/receipts' },
  { name: 'account', path: '/account', login: true },
  { name: 'help', path: '/help', open: true },
  { name: 'wall', path: '/wall', bare: 'wall' },
  { name: 'public', path: '/public', bare: 'public' },
];

/** The entries of the navigation. */
export const navigation = ADDRESSES.filter((address) => address.nav !== undefined);

/** Where an address of former days stands now, or `null`: mails that were sent keep their `/?alert=ID`. */
export function formerAddress(path: string, query: Record<string, unknown>): string | null {
  if (path !== '/') return null;
  if (typeof query.alert === 'string' && query.alert !== '') return `/alerts/${encodeURIComponent(query.alert)}`;
  if (typeof query.case === 'string' && query.case !== '') return `/cases/${encodeURIComponent(query.case)}`;
  return null;
}
