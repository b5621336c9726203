/** Which page is shown at which address? Each page is a file of its own, loaded when it is asked for. */
import type { Component } from 'vue';
import { createRouter, createWebHistory, type RouteRecordRaw, type Router } from 'vue-router';
import { ADDRESSES, formerAddress, type Address } from './addresses.js';
import NotFound from './components/not-found.vue';

declare module 'vue-router' {
  interface RouteMeta {
    login?: true;
    bare?: 'wall' | 'public';
  }
}

const files = import.meta.glob<{ default: Component }>('./pages/*-page.vue');
const loaderOf = ({ pages }: Address) =>
  pages.map((page) => files[`./pages/${page}-page.vue`]).find((file) => file !== undefined);

/** The entries of the navigation. */
export const navigation = ADDRESSES.filter((address) => address.nav !== undefined && loaderOf(address) !== undefined);

/** Is there a page of this name? */
export const hasPage = (name: string): boolean =>
  ADDRESSES.some((address) => address.name === name && loaderOf(address) !== undefined);

const routes: RouteRecordRaw[] = ADDRESSES.flatMap((address) => {
  const component = loaderOf(address);
  if (component === undefined) return [];
  const { name, path, login, bare } = address;
  return [{ name, path, component, meta: { ...(login && { login }), ...(bare && { bare }) } }];
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
