/** Which cases (处置单) does the page know, and which of them does this person want to see? The choice stands in the address. */
import { computed, reactive, shallowRef, watch } from 'vue';
import { useRouter } from 'vue-router';
import type { CasesAnswer, CaseView } from '../adapters/http/contract/cases.js';
import { api, ApiError } from './api/api.js';
import { page, refetch } from './page-state.js';

/** Names of the filters in the address. */
const FILTERS = ['village', 'reach', 'state', 'overdue', 'to'] as const;
type Filter = (typeof FILTERS)[number];

/** The list of cases alone keeps its choice in the address: other pages have filters of the same names. */
const isList = (): boolean => location.pathname === '/cases';

/** What an address asks for; without the word, those that are not closed. */
function choiceOfAddress(): Record<Filter, string> {
  const address = new URLSearchParams(isList() ? location.search : '');
  return {
    village: address.get('village') ?? '',
    reach: address.get('reach') ?? '',
    state: address.get('state') ?? 'open',
    overdue: address.get('overdue') ?? '',
    to: address.get('to') ?? '',
  };
}

/** What is asked for; empty: all. */
export const filters = reactive<Record<Filter, string>>(choiceOfAddress());

/** The newest answer to an act: a page of one case shows it at once. */
export const lastKept = shallowRef<CaseView | null>(null);

/** What came last, and whether the newest try failed. */
export const known = reactive({ answer: null as CasesAnswer | null, failed: false });

const asked = computed(() => new URLSearchParams(FILTERS.filter((f) => filters[f] !== '').map((f) => [f, filters[f]])));

/** Address of the register with the same filters. */
export const registerAddress = computed(() => `/api/v1/cases/register.xlsx?${asked.value}`);

/** The case of an alert that is not closed, by the alert's id. */
export const openCases = reactive(new Map<string, CaseView>());

let newest = 0;

/** Asks again. */
export async function loadCases(): Promise<void> {
  if (!page.site.data?.user) return;
  const turn = ++newest;
  try {
    const [answer, open] = await Promise.all([api.cases(asked.value), api.cases(new URLSearchParams({ state: 'open' }))]);
    if (turn !== newest) return;
    Object.assign(known, { answer, failed: false });
    openCases.clear();
    for (const one of open.cases) if (one.alert !== null) openCases.set(one.alert, one);
  } catch (error) {
    if (turn === newest) known.failed = !(error instanceof ApiError && error.status === 401);
  }
}

/** Puts an answer to an act in its place, then asks again. */
export function keepCase(given: CaseView): void {
  lastKept.value = given;
  const cases = known.answer?.cases;
  const at = cases?.findIndex(({ id }) => id === given.id) ?? -1;
  if (cases && at >= 0) cases[at] = given;
  void loadCases();
  // The number beside 处置 in the navigation.
  refetch('cases');
}

/** Keeps the cases fresh while the page is open, and the filters in the address; called in a page's setup. Returns what stops it. */
export function watchCases(): () => void {
  const router = useRouter();
  Object.assign(filters, choiceOfAddress());
  const stops = [
    watch([() => page.alerts.at, () => page.site.data?.user?.username], loadCases, { immediate: true }),
    watch(filters, () => {
      if (!isList()) return;
      // Without the word, the address would mean the default.
      const kept = FILTERS.filter((filter) => filters[filter] !== '' || filter === 'state');
      void router.replace({ query: Object.fromEntries(kept.map((filter) => [filter, filters[filter]])) });
      void loadCases();
    }),
  ];
  return () => stops.forEach((stop) => stop());
}
