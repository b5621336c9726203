/** Whose places does a river chief act for, on leave and in another's stead? */
import { expect, test } from '@jest/globals';
import { ChiefPlaces } from '../../../src/pipeline/reporting/chief-places.js';
import { at, wupi } from '../../support/wupi.js';

const tap = [...wupi.stations.values()].find(({ village, medium }) => village === '大田村' && medium === 'drinking-water')!;
const away = [{ from: '2026-11-20', to: '2026-11-25', substitute: 'chief-changtan' }];
const site = { ...wupi, people: wupi.people.map((one) => (one.id === 'chief-datian' ? { ...one, away } : one)) };
const alert = { subject: tap.id, station: tap.id };
const given = { alert: null, station: null, reach: null, to: 'chief-datian' };
const placesOn = (time: string): ChiefPlaces =>
  new ChiefPlaces(site, { find: () => alert }, { find: () => given }, { now: () => at(time) });

test.each([
  ['2026-11-19 12:00', 'chief-changtan', false],
  ['2026-11-20 00:00', 'chief-changtan', true],
  ['2026-11-25 23:59', 'chief-changtan', true],
  ['2026-11-26 00:00', 'chief-changtan', false],
  ['2026-11-23 08:00', 'chief-datian', true],
  ['2026-11-23 08:00', undefined, false],
])('at %s %s may act on an alert, a case and a station of 大田村: %p', (time, person, may) => {
  const places = placesOn(time);
  expect(places.holds(person, { alert: 'a1' })).toBe(may);
  expect(places.holds(person, { case: 'c1' })).toBe(may);
  expect(places.holds(person, { station: tap.id })).toBe(may);
  expect(places.stations(person).includes(tap.id)).toBe(may);
});
