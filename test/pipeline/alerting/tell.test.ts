/** Who is told, when, in how many mails, and what becomes of it over silences, restarts and the ladder? */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { PEOPLE, siteOf, Telling } from '../../support/telling.js';
import { at } from '../../support/wupi.js';

const NH3N = 'nankeng-out/nh3n/1';
const TP = 'nankeng-out/tp/1';
const MID = 'nankeng-mid/nh3n/1';

let t: Telling;
beforeEach(async () => {
  t = await Telling.open();
});
afterEach(() => t.dispose());

describe('when', () => {
  test('severe at once, to the first three steps', async () => {
    expect(await t.change(NH3N, 'opened', { severity: 'severe' })).toEqual(
      ['duty', 'office', 'village'].map((who) => `${who}: opened severe ${NH3N}`),
    );
  });

  test('超限 settles, then leaves in one mail; opened and over within settle is still told, as one', async () => {
    expect(await t.change(NH3N, 'opened')).toEqual([]);
    expect(await t.until('08:00:01')).toEqual([]);
    expect(await t.until('08:00:02')).toEqual([`village: opened over ${NH3N}`]);
    await t.change(TP, 'opened');
    t.set('08:00:03');
    await t.change(TP, 'resolved');
    expect(await t.until('08:06')).toEqual([`village: resolved over ${TP}`]);
  });

  test('the end settles, and is told once, in the thread', async () => {
    await t.change(NH3N, 'opened');
    await t.until('08:00:02');
    t.set('08:02');
    expect(await t.change(NH3N, 'resolved')).toEqual([]);
    expect(await t.until('08:02:01')).toEqual([]);
    expect(await t.until('08:02:03')).toEqual([`village: resolved over ${NH3N}`]);
    expect(await t.until('09:30', 10)).toEqual([]);
    const [first, second] = t.world.mailer.accepted;
    expect(second!.inReplyTo).toBe(first!.messageId);
    expect(first!.inReplyTo).toBeNull();
    expect(first!.headers).toEqual({ 'X-Heqing-Alert': NH3N });
  });

  test('a 预警 of the night waits for the morning, a 超限 does not; over by morning it is told as one', async () => {
    t.set('23:00');
    await t.change(TP, 'opened', { severity: 'warning' });
    expect(await t.until('23:10', 10)).toEqual([]);
    await t.change(TP, 'resolved');
    expect(await t.until('2026-11-24 06:59', 60)).toEqual([]);
    expect(await t.until('2026-11-24 07:01', 10)).toEqual([`village: resolved warning ${TP}`]);
    t.set('2026-11-24 23:00');
    await t.change(MID, 'opened');
    expect(await t.until('2026-11-24 23:00:02')).toEqual([`village: opened over ${MID}`]);
  });

  test('a night’s 预警 that rises is told at once, as it is then', async () => {
    t.set('23:00');
    await t.change(NH3N, 'opened', { severity: 'warning' });
    t.set('23:30');
    await t.change(NH3N, 'risen', { severity: 'over' });
    expect(await t.until('23:31', 10)).toEqual([`village: opened over ${NH3N}`]);
    expect(await t.until('2026-11-24 00:20', 10)).toEqual([]);
  });
});

describe('how many mails', () => {
  test('several stations at once are one digest', async () => {
    await t.change(NH3N, 'opened');
    await t.change(MID, 'opened');
    const mails = await t.until('08:00:05');
    expect(mails).toEqual([`village: digest opened ${NH3N}, opened ${MID}`]);
    expect(t.world.mailer.accepted[0]!.headers['X-Heqing-Alert']).toBe(`${NH3N},${MID}`);
    expect(t.parts.outbox.about(MID).map(({ reason }) => reason)).toEqual(['digest']);
  });

  test('two parameters of a station are two mails; more than five are a digest', async () => {
    await t.change(NH3N, 'opened');
    await t.change(TP, 'opened');
    expect(await t.until('08:00:05')).toEqual([`village: opened over ${NH3N}`, `village: opened over ${TP}`]);
    t.set('08:30');
    for (const parameter of ['ph', 'do', 'cond', 'turb', 'codmn', 'tn']) await t.change(`nankeng-mid/${parameter}/1`, 'opened');
    expect(await t.until('08:30:05')).toEqual([expect.stringMatching(/^village: digest (opened [^,]*(, )?){6}$/)]);
  });

  test('what joins an alert within minutes is one mail, and the ladder begins anew', async () => {
    const REACH = 'nankeng-out/tp/rain';
    await t.change(REACH, 'opened', { kind: 'rain', rule: 'rain' });
    expect(await t.until('08:00:05')).toEqual([`village: opened over ${REACH}`]);
    t.set('08:04');
    await t.change(REACH, 'joined');
    t.set('08:04:30');
    await t.change(REACH, 'joined');
    expect(await t.until('08:12', 5)).toEqual([`village: joined over ${REACH}`]);
    expect(await t.until('09:04', 10)).toEqual([]);
    expect(await t.until('09:06', 10)).toEqual([`duty: escalated over ${REACH}`]);
  });

  test('what two rules say of one series is one mail', async () => {
    await t.change(`${NH3N}-trend`, 'opened', { rule: 'trend', kind: 'trend', severity: 'warning' });
    await t.change(NH3N, 'opened');
    expect(await t.until('08:10')).toEqual([`village: opened over ${NH3N}`]);
    expect(t.parts.outbox.list(9)[0]!.alerts).toEqual([NH3N, `${NH3N}-trend`]);
  });
});

describe('a group', () => {
  const inGroup = () => PEOPLE.map((person) => ({ ...person, channels: ['group'] }));
  const onGroup = () => t.parts.outbox.list(99).flatMap(({ channel, reason }) => (channel === 'group' ? [reason] : []));

  test('hears an event once, however many of its members are told, and the next event again', async () => {
    await t.dispose();
    t = await Telling.open(siteOf({}, inGroup()));
    expect(await t.change(NH3N, 'opened', { severity: 'severe' })).toHaveLength(3);
    expect(onGroup()).toEqual(['opened']);
    await t.until('08:20', 5);
    expect(onGroup()).toEqual(['escalated', 'opened']);
    await t.change(NH3N, 'resolved');
    await t.until('08:40', 5);
    expect(onGroup().filter((reason) => reason === 'resolved')).toHaveLength(1);
  });

  test('hears a 预警 once, however far apart its members are told', async () => {
    await t.dispose();
    const [village, duty] = inGroup().map((person) => ({ ...person, step: 1 as const }));
    const members = [village!, { ...duty!, hears: [{ stations: ['nankeng-out'] }] }];
    t = await Telling.open(siteOf({ escalateMinutes: { warning: null, over: null, severe: null } }, members));
    await t.change(MID, 'opened');
    await t.until('08:01');
    await t.change(TP, 'opened', { severity: 'warning' });
    // Who was just told of another waits for the group time, the other does not.
    expect(await t.until('08:04', 5)).toEqual([`duty: opened warning ${TP}`]);
    t.restart();
    expect(await t.until('08:20', 5)).toEqual([`village: opened warning ${TP}`]);
    expect(t.world.group.accepted.map(({ subject }) => subject)).toEqual([`opened over ${MID}`, `opened warning ${TP}`]);
  });

  test('gets no button: it would acknowledge in the name of one reader', async () => {
    await t.dispose();
    t = await Telling.open(siteOf({}, inGroup()));
    await t.change(NH3N, 'opened', { severity: 'severe' });
    const texts = (way: string) => t.parts.outbox.list(99).flatMap(({ channel, mail }) => (channel === way ? [mail.text] : []));
    expect(texts('group')).toEqual([`opened severe ${NH3N} no button`]);
    expect(texts('mail')).toEqual(Array(3).fill(`opened severe ${NH3N} http://127.0.0.1/ack/x`));
  });
});

describe('the ladder', () => {
  test('climbs a step for each time nobody answers, and repeats, until somebody acknowledges', async () => {
    await t.change(NH3N, 'opened');
    expect(await t.until('08:59', 10)).toEqual([`village: opened over ${NH3N}`]);
    expect(await t.until('09:01', 10)).toEqual([`duty: escalated over ${NH3N}`]);
    t.restart();
    expect(await t.until('10:00', 10)).toEqual([]);
    expect(await t.until('10:02', 10)).toEqual([`office: escalated over ${NH3N}`]);
    t.acknowledge(NH3N);
    expect(await t.until('2026-11-25 12:00', 600)).toEqual([]);
    expect((await t.change(NH3N, 'resolved')).concat(await t.until('2026-11-25 12:01', 5)).sort()).toEqual(
      ['duty', 'office', 'village'].map((who) => `${who}: resolved over ${NH3N}`),
    );
  });

  test('what rises after it climbed, or was acknowledged, climbs from its rise on, to those who have not heard of it', async () => {
    await t.change(NH3N, 'opened');
    expect(await t.until('09:01', 10)).toHaveLength(2);
    t.acknowledge(NH3N);
    await t.until('12:00', 600);
    const risen = await t.change(NH3N, 'risen', { severity: 'severe', state: 'active' });
    expect(risen).toEqual([`duty: risen severe ${NH3N}`, `office: opened severe ${NH3N}`, `village: risen severe ${NH3N}`]);
    expect(await t.until('12:14', 10)).toEqual([]);
    expect(await t.until('12:16', 10)).toEqual([`chief: escalated severe ${NH3N}`]);
    expect(await t.until('16:17', 60)).toHaveLength(4);
  });

  test('a long pause of the service makes up for one step only', async () => {
    await t.change(NH3N, 'opened', { severity: 'severe' });
    t.set('20:00');
    t.restart();
    expect(await t.until('20:00:30')).toEqual([`chief: escalated severe ${NH3N}`]);
    expect(await t.until('23:59', 60)).toEqual([]);
    expect(await t.until('2026-11-24 00:01', 10)).toHaveLength(4);
  });

  test('the clock is set back by a day: the ladder does not wait until then', async () => {
    await t.change(NH3N, 'opened', { severity: 'severe' });
    t.set('2026-11-22 08:00');
    expect(await t.until('2026-11-22 08:14', 10)).toEqual([]);
    expect(await t.until('2026-11-22 08:16', 10)).toEqual([`chief: escalated severe ${NH3N}`]);
  });

  test('repeats to everybody who knows', async () => {
    await t.dispose();
    t = await Telling.open(siteOf({ escalateMinutes: { warning: null, over: null, severe: null } }));
    await t.change(NH3N, 'opened', { severity: 'severe' });
    expect(await t.until('11:59', 60)).toEqual([]);
    expect(await t.until('12:01', 10)).toHaveLength(3);
    expect(await t.until('15:59', 60)).toEqual([]);
  });
});

describe('silence', () => {
  const silence = (to: string) =>
    t.parts.silences.add({
      subject: null,
      station: 'nankeng-out',
      parameter: null,
      rule: null,
      from: at('2026-11-23 08:00'),
      to: at(to),
      by: '环保办',
      reason: '清淤施工',
    });

  test('tells nobody, says so in the history once, and tells what stands when it ends', async () => {
    silence('2026-11-23 10:00');
    await t.change(NH3N, 'opened');
    expect(await t.until('09:59', 10)).toEqual([]);
    expect(t.parts.alerts.find(NH3N)!.history).toEqual([
      expect.objectContaining({ by: '环保办', reason: expect.stringContaining('清淤施工') }),
    ]);
    expect(await t.until('10:00:05')).toEqual([`village: opened over ${NH3N}`]);
  });

  test('over while it is silent: nobody ever hears of it', async () => {
    silence('2026-11-23 10:00');
    await t.change(NH3N, 'opened');
    t.set('09:00');
    await t.change(NH3N, 'resolved');
    expect(await t.until('12:00', 30)).toEqual([]);
  });

  test('who was told before hears that it is over, and of no rise meanwhile until the end', async () => {
    await t.change(NH3N, 'opened');
    await t.until('08:00:05');
    silence('2026-11-23 10:00');
    t.set('08:30');
    expect(await t.change(NH3N, 'risen', { severity: 'severe' })).toEqual([]);
    expect(await t.until('09:59', 10)).toEqual([]);
    expect((await t.until('10:00:10')).sort()).toEqual(
      [`duty: opened severe ${NH3N}`, `office: opened severe ${NH3N}`, `village: risen severe ${NH3N}`].sort(),
    );
  });

  test('ended early: told at once; another station was never silent', async () => {
    const { id } = silence('2026-11-23 20:00');
    await t.change(NH3N, 'opened');
    await t.change(MID, 'opened');
    expect(await t.until('08:30', 5)).toEqual([`village: opened over ${MID}`]);
    t.parts.silences.end(id, '环保办', t.world.clock.now());
    expect(await t.until('08:30:10')).toEqual([`village: opened over ${NH3N}`]);
  });

  test('of one target: the other targets are told of', async () => {
    t.parts.silences.add({
      ...{ subject: 'target:river', station: null, parameter: null, rule: 'target', by: '环保办', reason: '已在整改' },
      ...{ from: at('2026-11-23 08:00'), to: at('2026-11-23 20:00') },
    });
    const of = (subject: string) => ({ ...{ subject, station: null, parameter: null }, rule: 'target', kind: 'target' as const });
    await t.change('river', 'opened', of('target:river'));
    await t.change('drinking', 'opened', of('target:drinking'));
    const told = await t.until('08:30', 5);
    expect(told.filter((one) => one.endsWith('drinking'))).not.toEqual([]);
    expect(told.filter((one) => one.endsWith('river'))).toEqual([]);
  });

  test('work at the instruments is silence too', async () => {
    t.parts.decisions.addMaintenance({
      station: 'nankeng-out',
      parameters: ['nh3n'],
      from: at('2026-11-23 07:30'),
      to: null,
      settlingMinutes: 60,
      who: '运维单位',
      note: '更换试剂',
      by: 'ops',
      at: at('2026-11-23 07:30'),
      withdrawn: false,
    });
    await t.change(NH3N, 'opened');
    await t.change(TP, 'opened');
    expect(await t.until('08:30', 5)).toEqual([`village: opened over ${TP}`]);
  });
});

describe('restarts', () => {
  test('at every transaction: everybody is told once of each', async () => {
    for (let failing = 1; failing <= 12; failing++) {
      await t.dispose();
      t = await Telling.open();
      const story: (() => Promise<unknown>)[] = [
        () => t.change(NH3N, 'opened', { severity: 'severe' }),
        () => t.until('08:00:05'),
        () => t.change(NH3N, 'resolved'),
        () => t.until('08:12', 10),
      ];
      for (const [i, part] of story.entries()) {
        if (i === 0) t.world.faults.failing = failing;
        try {
          await part();
        } catch {
          t.restart();
        }
      }
      await t.until('08:13', 10);
      const mails = new Map(t.world.mailer.accepted.map((mail) => [mail.messageId, `${mail.to} ${mail.subject.split(' ')[0]}`]));
      // A double keeps its Message-ID, and only one was between accepted and recorded at a time.
      expect(t.world.mailer.accepted.length - mails.size).toBeLessThanOrEqual(4);
      const said = [...mails.values()].sort();
      expect([failing, said.filter((one) => one.endsWith('resolved')).length]).toEqual([failing, 3]);
      expect(said.filter((one) => one.endsWith('opened')).length).toBeLessThanOrEqual(3);
    }
  });
});
