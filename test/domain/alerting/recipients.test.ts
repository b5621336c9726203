/** Is everybody told who must hear it, and nobody else? */
import { describe, expect, test } from '@jest/globals';
import type { Alert, Severity } from '../../../src/domain/alerting/alert.js';
import { recipients } from '../../../src/domain/alerting/recipients.js';
import type { Person } from '../../../src/domain/site.js';
import { station, wupi } from '../../support/wupi.js';

const told = (id: string, severity: Severity): string[] =>
  recipients({ severity } as Alert, station(id), wupi).map((person) => person.id);

describe('the people of the shipped config', () => {
  test.each([
    ['nankeng-out', 'over', ['bureau', 'town-office', 'river-office', 'town-chief', 'chief-changtan']],
    ['nankeng-out', 'warning', ['town-office', 'river-office', 'chief-changtan']],
    ['nankeng-out', 'severe', ['bureau', 'town-office', 'river-office', 'town-chief', 'chief-changtan']],
    ['nankeng-mid', 'over', ['bureau', 'town-office', 'river-office', 'town-chief', 'chief-datian']],
    ['changtan-tap', 'over', ['town-office', 'chief-changtan', 'water-supplier', 'cdc']],
    ['qinghuchong-outlet', 'over', ['bureau', 'town-office', 'river-office']],
    ['dust-site-1', 'over', ['town-office']],
  ] as const)('%s, %s', (id, severity, expected) => expect(told(id, severity)).toEqual(expected));
});

describe('routes', () => {
  const person = (...hears: Person['hears']): Person => ({ ...wupi.people[0]!, id: 'p', hears });
  const hears = (p: Person, id: string): boolean =>
    recipients({ severity: 'over' } as Alert, station(id), { ...wupi, people: [p] }).length === 1;
  test.each([
    ['no route hears nothing', person(), 'nankeng-out', false],
    ['an empty route hears all', person({}), 'dust-site-1', true],
    ['any of several routes is enough', person({ media: ['air'] }, { stations: ['nankeng-out'] }), 'nankeng-out', true],
    ['all lists of a route must fit', person({ media: ['surface-water'], villages: ['大田村'] }), 'nankeng-out', false],
    ['an empty list fits nothing', person({ media: [] }), 'nankeng-out', false],
    ['a station without a village is in none', person({ villages: ['长潭村'] }), 'dust-site-1', false],
  ])('%s', (_, who, id, expected) => expect(hears(who, id)).toBe(expected));
});
