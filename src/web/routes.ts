/** Which page is shown at which address? Each page is a file of its own, loaded when it is asked for. */
import type { Component } from 'vue';
import { createRouter, createWebHistory, type RouteRecordRaw, type Router } from 'vue-router';
import { ADDRESSES, formerAddress } from './addresses.js';
import NotFound from './components/not-found.vue';

declare module 'vue-router' {
  interface RouteMeta {
    login?: true;
    open?: true;
    needs?: string;
    bare?: 'wall' | 'public';
  }
}

/** The page of each address, loaded when it is asked for. */
const PAGES: Readonly<Record<string, () => Promise<{ default: Component }>>> = {
  overview: () => import('./overview/overview-page.vue'),
  river: () => import('./river/river-page.vue'),
  stations: () => import('./stations/stations-page.vue'),
  station: () => import('./stations/station-page.vue'),
  compliance: () => import('./compliance/compliance-page.vue'),
  'compliance-sign': () => import('./compliance/compliance-sign-page.vue'),
  'compliance-target': () => import('./compliance/compliance-target-page.vue'),
  alerts: () => import('./alerts/alerts-page.vue'),
  alert: () => import('./alerts/alert-page.vue'),
  cases: () => import('./cases/cases-page.vue'),
  case: () => import('./cases/case-page.vue'),
  chiefs: () => import('./chiefs/chiefs-page.vue'),
  chief: () => import('./chiefs/chief-page.vue'),
  review: () => import('./review/review-page.vue'),
  upkeep: () => import('./upkeep/upkeep-page.vue'),
  duty: () => import('./duty/duty-page.vue'),
  bulletins: () => import('./bulletins/bulletins-page.vue'),
  bulletin: () => import('./bulletins/bulletin-page.vue'),
  data: () => import('./data/data-page.vue'),
  account: () => import('./account/account-page.vue'),
  help: () => import('./help/help-page.vue'),
  wall: () => import('./wall/wall-page.vue'),
  public: () => import('./board/public-page.vue'),
};

const routes: RouteRecordRaw[] = ADDRESSES.flatMap(({ name, path, login, needs, open, bare }) => {
  const component = PAGES[name];
  return component === undefined
    ? []
    : [
        {
          name,
          path,
          component,
          meta: { ...(login && { login }), ...(needs && { needs }), ...(open && { open }), ...(bare && { bare }) },
        },
      ];
});

/** The router of the page, with the addresses of former days sent on. */
export function pageRouter(): Router {
  const router = createRouter({
    history: createWebHistory(),
    routes: [...routes, { name: 'not-found', path: '/:rest(.*)*', component: NotFound }],
    // Back leads to where one was; a filter changed in place moves nothing.
    scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 }),
  });
  router.beforeEach((to) => {
    const now = formerAddress(to.path, to.query);
    return now === null ? true : { path: now, replace: true };
  });
  return router;
}
