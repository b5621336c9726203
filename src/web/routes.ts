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
  overview: () => import('./pages/overview-page.vue'),
  river: () => import('./pages/river-page.vue'),
  stations: () => import('./pages/stations-page.vue'),
  station: () => import('./pages/station-page.vue'),
  compliance: () => import('./pages/compliance-page.vue'),
  'compliance-sign': () => import('./pages/compliance-sign-page.vue'),
  'compliance-target': () => import('./pages/compliance-target-page.vue'),
  alerts: () => import('./pages/alerts-page.vue'),
  alert: () => import('./pages/alert-page.vue'),
  cases: () => import('./pages/cases-page.vue'),
  case: () => import('./pages/case-page.vue'),
  chiefs: () => import('./pages/chiefs-page.vue'),
  chief: () => import('./pages/chief-page.vue'),
  review: () => import('./pages/review-page.vue'),
  upkeep: () => import('./pages/upkeep-page.vue'),
  duty: () => import('./pages/duty-page.vue'),
  bulletins: () => import('./pages/bulletins-page.vue'),
  bulletin: () => import('./pages/bulletin-page.vue'),
  data: () => import('./pages/data-page.vue'),
  account: () => import('./pages/account-page.vue'),
  help: () => import('./pages/help-page.vue'),
  wall: () => import('./pages/wall-page.vue'),
  public: () => import('./pages/public-page.vue'),
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
