/** Is each bulletin made once, on time or a little late, by one of two services, and sent to its readers with its files? */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import PizZip from 'pizzip';
import { FilePress } from '../../../src/adapters/bulletin/press.js';
import { DAYS_HEIGHT, DAYS_WIDTH, drawDays } from '../../../src/adapters/picture/days.js';
import { Database } from '../../../src/adapters/sqlite/database.js';
import { Refusal } from '../../../src/pipeline/ports.js';
import type { Site } from '../../../src/domain/site.js';
import { bulletinsOn } from '../../support/bulletin-desk.js';
import { ManualClock } from '../../support/fakes.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { at, wupi } from '../../support/wupi.js';

const [day] = wupi.bulletins!;
const site: Site = { ...wupi, bulletins: [{ ...day!, to: ['town-office', 'operations'] }] };

let database: Database;
let clock: ManualClock;
let own: ReturnType<typeof bulletinsOn>;

beforeEach(() => {
  database = new Database(':memory:');
  clock = new ManualClock(at('2026-11-23 07:59'));
  own = bulletinsOn(database, site, clock, { began: () => at('2026-11-22 12:00') });
});
afterEach(() => database.close());

const periods = (): string[] => own.store.list({}, 99).map(({ bulletin }) => bulletin.period);

test('not a minute early; then once, with a mail to each reader that names its files', async () => {
  await own.call.step();
  expect(periods()).toEqual([]);
  clock.set(at('2026-11-23 08:00'));
  await own.call.step();
  await own.call.step();
  expect(periods()).toEqual(['2026-11-22']);
  const [made] = own.store.list({}, 9);
  expect(made).toMatchObject({ occasion: 'day 2026-11-22', by: 'heqing', issue: 1, to: ['town-office', 'operations'] });

  const mails = own.outbox.list(9).map(({ mail }) => mail);
  expect(mails.map(({ to }) => to).sort()).toEqual(['operations@example.org', 'town-office@example.org']);
  const [mail] = mails;
  expect(mail!.subject).toBe(
    '【日报】数据到报日报 2026 年 11 月 22 日(未审核 草稿):数据获取率 97.2 %(实到 280 ÷ 应到 288),缺测 1 段',
  );
  expect(mail!.text).toContain('https://heqing.example.org/bulletins/1');
  expect(mail!.attachments!.map(({ name }) => name)).toEqual([
    '数据到报日报-2026-11-22(未审核草稿).docx',
    '数据到报日报-2026-11-22(未审核草稿).xlsx',
  ]);
  for (const { key } of mail!.attachments!) {
    const bytes = own.desk.attachment(key)!;
    expect(String.fromCharCode(...bytes.subarray(0, 2))).toBe('PK');
  }
  expect(own.desk.attachment('bulletin/1/pdf')).toBeNull();
  expect(own.desk.attachment('../state')).toBeNull();
});

test('a service that was down makes what it missed, but nothing of more than two days ago, and nothing from before it ran', async () => {
  clock.set(at('2026-11-26 07:00'));
  await own.call.step();
  expect(periods()).toEqual(['2026-11-24', '2026-11-23']);
  const fresh = new Database(':memory:');
  const young = bulletinsOn(fresh, site, clock, { began: () => at('2026-11-25 09:00') });
  await young.call.step();
  expect(young.store.list({}, 9)).toEqual([]);
  fresh.close();
});

test('two services on one state: while one holds the lease the other makes nothing; a lease ends by itself', async () => {
  clock.set(at('2026-11-23 08:00'));
  const other = bulletinsOn(database, site, clock, { owner: 'two', began: () => at('2026-11-22 12:00') });
  expect(other.leases.take('bulletins', 'two', clock.now(), 600_000)).toBe(true);
  await own.call.step();
  expect(periods()).toEqual([]);
  clock.advance(600_000);
  await own.call.step();
  await other.call.step();
  expect(periods()).toEqual(['2026-11-22']);
  expect(own.outbox.list(9)).toHaveLength(2);
});

test('even both at once, without the lease, an occasion is met once', async () => {
  clock.set(at('2026-11-23 08:00'));
  const free = { take: () => true, release: () => {} };
  const two = ['one', 'two'].map((owner) => bulletinsOn(database, site, clock, { owner, leases: free, began: () => 0 }));
  await Promise.all(two.map(({ call }) => call.step()));
  expect(periods().filter((period) => period === '2026-11-22')).toHaveLength(1);
  expect(own.outbox.list(99).filter(({ mail }) => mail.subject.includes('11 月 22 日'))).toHaveLength(2);
});

test('what cannot be written now waits and is told once; then it comes', async () => {
  clock.set(at('2026-11-23 08:00'));
  let away = true;
  const tried = bulletinsOn(database, site, clock, {
    began: () => at('2026-11-22 12:00'),
    records: {
      receipts: (date) => {
        if (away) throw new Refusal('unavailable', '历史数据库暂不可用');
        return Promise.resolve({
          date: date ?? '',
          stations: [],
          service: { received: 0, stored: 0, duplicate: 0, corrected: 0, rejected: 0, pending: 0 },
        });
      },
    },
  });
  await tried.call.step();
  await tried.call.step();
  expect(tried.journal).toEqual(['bulletin day 2026-11-22 waits: 历史数据库暂不可用']);
  expect(tried.desk.list({}).waiting).toEqual([{ kind: 'day', period: '2026-11-22', why: '历史数据库暂不可用' }]);
  away = false;
  await tried.call.step();
  expect(periods()).toEqual(['2026-11-22']);
  expect(tried.desk.list({}).waiting).toEqual([]);
});

test('asked for by a person: kept, audited, not sent unless asked; what says the same is not made again', async () => {
  clock.set(at('2026-11-23 10:00'));
  const order = { kind: 'day', period: '2026-11-21', by: 'officer', occasion: null, mail: false } as const;
  const first = await own.desk.make(order);
  clock.set(at('2026-11-24 10:00'));
  expect((await own.desk.make(order)).id).toBe(first.id);
  expect(own.outbox.list(9)).toEqual([]);
  // In a template that the office has changed since, the same figures are another paper.
  const fresh = await temporaryFolder('templates');
  try {
    cpSync('config', fresh.path, { recursive: true });
    const template = join(fresh.path, 'templates', 'day.docx');
    const word = new PizZip(readFileSync(template));
    word.file('word/document.xml', word.file('word/document.xml')!.asText().replace('一、', '壹、'));
    writeFileSync(template, word.generate({ type: 'uint8array' }));
    const press = new FilePress(fresh.path, { width: DAYS_WIDTH, height: DAYS_HEIGHT, draw: drawDays });
    const changed = bulletinsOn(database, site, clock, { press });
    const again = await changed.desk.make(order);
    expect([again.issue, again.files.docx.hash === first.files.docx.hash]).toEqual([2, false]);
    expect((await changed.desk.make(order)).id).toBe(again.id);
  } finally {
    await fresh.remove();
  }
  expect((await own.desk.make({ ...order, mail: true })).issue).toBe(3);
  expect(own.outbox.list(9)).toHaveLength(2);
  const { kinds, bulletins } = own.desk.list({});
  expect(kinds).toHaveLength(1);
  expect(bulletins[0]!.mails.map(({ recipient, state }) => [recipient, state])).toEqual([
    ['镇环保办', 'waiting'],
    ['运维', 'waiting'],
  ]);
});
