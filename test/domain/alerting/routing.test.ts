/** Is everybody told who must hear of an alert, in the right order, and nobody else? */
import { describe, expect, test } from '@jest/globals';
import type { AlertKind, Severity } from '../../../src/domain/alerting/alert.js';
import { above, hearers, nextStep, type Routed, toOthers } from '../../../src/domain/alerting/routing.js';
import type { Hears, Person, Step } from '../../../src/domain/people.js';
import type { Site } from '../../../src/domain/site.js';
import type { Instant } from '../../../src/domain/time.js';
import { at, siteWith, station, wupi } from '../../support/wupi.js';

/** The 47th week of the rotation: duty-a's turn. */
const NOW = at('2026-11-23 08:00');

const about = (subject: string, kind: AlertKind = 'limit', severity: Severity = 'over'): Routed => ({
  subject,
  station: wupi.stations.has(subject) ? subject : null,
  parameter: null,
  kind,
  severity,
});
const placeOf = (alert: Routed, site: Site) => (alert.station === null ? null : (site.stations.get(alert.station) ?? null));
const told = (alert: Routed, step: Step | null = null, site: Site = wupi, now: Instant = NOW): string[] =>
  hearers(alert, placeOf(alert, site), site, now, step).map(({ person }) => person.id);

describe('the shipped config, at the opening', () => {
  test.each([
    ['nankeng-out', 'limit', 'warning', ['town-office', 'chief-changtan']],
    ['nankeng-out', 'limit', 'over', ['town-office', 'chief-changtan']],
    ['nankeng-out', 'limit', 'severe', ['town-office', 'chief-changtan', 'duty-a', 'river-office']],
    ['nankeng-mid', 'trend', 'warning', ['town-office', 'chief-datian']],
    ['nankeng-in', 'upstream', 'warning', ['town-office', 'chief-celei']],
    ['changtan-tap', 'limit', 'over', ['town-office', 'water-supplier', 'chief-changtan']],
    ['qinghuchong-outlet', 'limit', 'over', ['town-office', 'duty-a']],
    ['qinghuchong-outlet', 'verdict', 'severe', ['town-office', 'duty-a', 'river-office']],
    ['dust-site-1', 'limit', 'over', ['town-office', 'duty-a']],
    ['nankeng-out', 'no-data', 'warning', ['operations']],
    ['nankeng-out', 'no-data', 'over', ['town-office', 'operations']],
    ['nankeng-out', 'sensor', 'warning', ['operations']],
    ['nankeng-out', 'sensor', 'over', ['operations']],
    ['service', 'service', 'warning', ['operations']],
    ['service', 'service', 'over', ['town-office', 'operations']],
    ['reach:nankeng', 'rain', 'warning', ['town-office', 'chief-changtan', 'chief-datian', 'chief-celei']],
    // The assessed section of the target lies in 长潭村.
    ['target:river', 'target', 'over', ['town-office', 'chief-changtan']],
    ['target:sewage', 'target', 'over', ['town-office', 'duty-a']],
    ['region:pm10', 'regional', 'warning', ['town-office', 'duty-a']],
  ] as const)('%s, %s, %s', (subject, kind, severity, expected) =>
    expect(told(about(subject, kind, severity)).sort()).toEqual([...expected].sort()),
  );
});

describe('the ladder', () => {
  /** The steps an alert climbs while nobody acknowledges it, and who hears each. */
  const climb = (alert: Routed, site: Site = wupi): string[] => {
    const steps: string[] = [];
    for (let step = nextStep(alert, placeOf(alert, site), site, NOW, null); step !== null;) {
      steps.push(`${step} ${told(alert, step, site).join('+')}`);
      step = nextStep(alert, placeOf(alert, site), site, NOW, step);
    }
    return steps;
  };
  test.each([
    ['nankeng-out', 'limit', 'over', ['2 duty-a', '3 river-office', '4 town-chief']],
    ['nankeng-out', 'limit', 'severe', ['4 town-chief']],
    ['nankeng-out', 'limit', 'warning', ['2 duty-a', '3 river-office']],
    ['changtan-tap', 'limit', 'over', ['2 duty-a']],
    ['qinghuchong-outlet', 'limit', 'over', ['3 river-office', '4 town-chief']],
    ['dust-site-1', 'limit', 'severe', []],
    ['nankeng-out', 'sensor', 'over', []],
    ['service', 'service', 'severe', []],
  ] as const)('%s, %s, %s climbs to %j', (subject, kind, severity, expected) =>
    expect(climb(about(subject, kind, severity))).toEqual(expected),
  );

  test('nobody above the town is told by the service, whatever the alert', () => {
    const whoever = new Set(
      (['warning', 'over', 'severe'] as const).flatMap((severity) =>
        [...wupi.stations.keys()].flatMap((id) =>
          ([null, 1, 2, 3, 4] as const).flatMap((step) => told(about(id, 'limit', severity), step)),
        ),
      ),
    );
    expect([...whoever].sort()).toEqual(
      wupi.people
        .filter(({ id, level }) => level === 'town' && id !== 'operations' && id !== 'duty-b')
        .map(({ id }) => id)
        .sort(),
    );
  });

  test.each([
    ['nankeng-out', ['bureau']],
    ['changtan-tap', ['cdc']],
    ['dust-site-1', ['bureau']],
    ['service', []],
  ] as const)('a report upward about %s goes to %j', (subject, expected) => {
    const alert = about(subject);
    expect(above(alert, placeOf(alert, wupi), wupi, NOW).map(({ person }) => person.id)).toEqual(expected);
  });
});

const person = (id: string, hears: readonly Hears[], more: Partial<Person> = {}): Person => ({
  ...{ id, name: id, nameEn: id, email: `${id}@example.org`, phone: null, language: 'zh', step: null, level: 'town' },
  ...{ onDuty: false, away: [], morning: false, channels: [], hears, ...more },
});
const withPeople = (...people: Person[]): Site => ({ ...wupi, people });

describe('duty and substitutes', () => {
  const away = [{ from: '2026-11-23', to: '2026-11-24', substitute: 'b' }];
  const roster = (people: readonly string[]): Site['duty'] => ({
    ...wupi.duty,
    rotation: { people, from: '2026-11-23', days: 1 },
  });
  const words = (site: Site, now = NOW) =>
    hearers(about('nankeng-out'), station('nankeng-out'), site, now, null).map(
      ({ person: { id }, instead, why }) => `${id} ${instead?.id ?? '-'} ${why.zh}`,
    );

  test('whose turn it is hears, the other does not', () => {
    const site = {
      ...withPeople(person('a', [{}], { onDuty: true, step: 2 }), person('b', [{}], { onDuty: true, step: 2 })),
      duty: roster(['a', 'b']),
    };
    expect(words(site)).toEqual(['a - 您是 11-23 值班的a']);
    expect(words(site, at('2026-11-24 00:00'))).toEqual(['b - 您是 11-24 值班的b']);
  });

  test('a substitute is told in the place of whoever is away, and only on those days', () => {
    const site = withPeople(person('a', [{}], { away }), person('b', []));
    expect(words(site)).toEqual(['b a a不在岗,由您代为接收']);
    expect(words(site, at('2026-11-24 23:59'))).toEqual(['b a a不在岗,由您代为接收']);
    expect(words(site, at('2026-11-25 00:00'))).toEqual(['a - 您是a,此类通知发给您']);
  });

  test('who hears it anyway is told once, for itself', () => {
    expect(words(withPeople(person('a', [{}], { away }), person('b', [{}])))).toEqual(['b - 您是b,此类通知发给您']);
  });

  test('what one is told in person is told to others without addressing them', () => {
    const people = [
      person('a', [{}], { away, step: 1 }),
      person('b', []),
      person('c', [{}], { onDuty: true, step: 1 }),
      person('d', [{}], { step: 3 }),
      person('e', [{}]),
      person('f', [{}], { level: 'above' }),
    ];
    const site = { ...withPeople(...people), duty: roster(['c']) };
    const alert = about('nankeng-out');
    const place = station('nankeng-out');
    const nobody = withPeople(person('g', []));
    const all = [
      ...hearers(alert, place, site, NOW, null),
      ...hearers(alert, place, site, NOW, 3),
      ...hearers(alert, place, nobody, NOW, null),
      ...above(alert, place, site, NOW),
    ];
    expect(all.map(({ person: { id }, why }) => [id, toOthers(why)])).toEqual([
      ['e', { zh: '', en: '' }],
      ['c', { zh: '11-23 值班', en: 'on duty on 11-23' }],
      ['b', { zh: 'a不在岗,代为接收', en: 'stands in for a, who is away' }],
      ['d', { zh: '至今无人签收,上报至此', en: 'nobody has acknowledged it, so it has climbed here' }],
      ['g', { zh: '没有为这一通知设置接收人', en: 'nobody is set to hear of this' }],
      ['f', { zh: '镇里核实后上报f', en: 'the town has checked it and reports it to f' }],
    ]);
  });

  test('with nobody on duty the step is passed over', () => {
    const site = { ...withPeople(person('a', [{}], { onDuty: true, step: 1 }), person('c', [{}], { step: 3 })) };
    expect(told(about('nankeng-out'), null, { ...site, duty: { ...wupi.duty, rotation: null } })).toEqual(['c']);
  });
});

describe('routes', () => {
  const hears = (routes: readonly Hears[], alert: Routed, more: Partial<Person> = {}): boolean =>
    told(alert, null, withPeople(person('p', routes, more), person('all', [{}, { kinds: ['no-data'] }]))).includes('p');
  test.each([
    ['no route hears nothing', [], about('nankeng-out'), false],
    ['an empty route hears all', [{}], about('dust-site-1'), true],
    ['an empty route hears no silence', [{}], about('dust-site-1', 'no-data'), false],
    ['a kind by name', [{ kinds: ['no-data'] }], about('dust-site-1', 'no-data'), true],
    ['another kind', [{ kinds: ['no-data'] }], about('dust-site-1'), false],
    ['any of several routes is enough', [{ media: ['air'] }, { stations: ['nankeng-out'] }], about('nankeng-out'), true],
    ['all lists of a route must fit', [{ media: ['surface-water'], villages: ['大田村'] }], about('nankeng-out'), false],
    ['an empty list fits nothing', [{ media: [] }], about('nankeng-out'), false],
    ['a station without a village is in none', [{ villages: ['长潭村'] }], about('dust-site-1'), false],
    ['a reach', [{ reaches: ['nankeng'] }], about('nankeng-mid'), true],
    ['a station off the reach', [{ reaches: ['nankeng'] }], about('changtan-tap'), false],
    ['the reach itself', [{ reaches: ['nankeng'] }], about('reach:nankeng', 'rain'), true],
    ['a village on the reach', [{ villages: ['大田村'] }], about('reach:nankeng', 'rain'), true],
    ['another medium than the target', [{ media: ['dust'] }], about('target:river', 'target'), false],
    ['a severity', [{ severities: ['severe'] }], about('nankeng-out'), false],
    ['the service is at no place', [{ media: ['air'], kinds: ['service'] }], about('service', 'service'), false],
  ] as const)('%s', (_, routes, alert, expected) => expect(hears(routes, alert)).toBe(expected));
});

describe('what nobody is named for', () => {
  const service = about('service', 'service');
  test.each([
    ['those beside the ladder who hear the place', [person('a', [{}]), person('b', [{}], { step: 1 })], service, ['a']],
    ['all beside the ladder', [person('a', [{ media: ['air'] }]), person('b', [{}], { step: 1 })], service, ['a']],
    ['everybody in town', [person('b', [], { step: 1 }), person('c', [{}], { level: 'above' })], service, ['b']],
    [
      'not the office, where maintenance is named',
      [person('a', [{}]), person('m', [{ kinds: ['sensor'] }])],
      about('nankeng-out', 'sensor', 'warning'),
      ['m'],
    ],
    [
      'the office again, where maintenance hears only worse',
      [person('a', [{}]), person('m', [{ kinds: ['sensor'], severities: ['severe'] }])],
      about('nankeng-out', 'sensor', 'warning'),
      ['a'],
    ],
  ] as const)('goes to %s', (_, people, alert, expected) => expect(told(alert, null, withPeople(...people))).toEqual(expected));

  test('an inactive station is none of the places of its reach', () => {
    const site = { ...siteWith(station('nankeng-mid', { active: false })), people: [person('p', [{ villages: ['大田村'] }])] };
    const others = { ...site, people: [...site.people, person('all', [{}])] };
    expect(told(about('reach:nankeng', 'rain'), null, others)).toEqual(['all']);
  });
});
