/** Is a mail in a folder a whole, durable RFC 5322 message, once? */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EmlMailer } from '../../../src/adapters/mail/eml-mailer.js';
import { MailError } from '../../../src/pipeline/ports.js';
import { readMail } from '../../support/eml.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import type { TemporaryFolder } from '../../support/temporary-folder.js';
import { mail, plain } from './mail.js';

const FROM = 'heqing@localhost';
let folder: TemporaryFolder;
beforeEach(async () => {
  folder = await temporaryFolder('mail');
});
afterEach(() => folder.remove());

test('a round trip: what was rendered is what a mail program reads', async () => {
  const path = join(folder.path, 'made', 'if-missing');
  const mailer = new EmlMailer({ folder: path, from: FROM });
  const sent = mail({ inReplyTo: '<first@example.org>' });
  await mailer.send(sent);
  expect(await readdir(path)).toEqual(['20261123T003012.123Z-42.eml']);
  const got = readMail(await readFile(join(path, '20261123T003012.123Z-42.eml')));
  expect(got.subject).toBe(sent.subject);
  expect(plain(got.text)).toBe(sent.text);
  expect(plain(got.html)).toBe(sent.html);
  expect(Object.fromEntries(got.headers)).toMatchObject({
    to: 'river.office@example.org',
    from: FROM,
    'message-id': '<notice-42@heqing.example.org>',
    'in-reply-to': '<first@example.org>',
    references: '<first@example.org>',
    'x-heqing-alert': '17,18',
    date: 'Mon, 23 Nov 2026 00:30:12 +0000',
  });
  expect(Math.max(...got.raw.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(998);
  expect(got.raw.slice(0, got.raw.indexOf('\r\n\r\n'))).toMatch(/^[\u0000-\u007f]*$/);
});

test('the picture travels with the HTML that shows it, and the text stands beside both', async () => {
  const mailer = new EmlMailer({ folder: folder.path, from: FROM });
  const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 255, 10, 13]);
  const html = '<p>图</p><img src="cid:course@heqing" alt="图">';
  await mailer.send(mail({ html, pictures: [{ cid: 'course@heqing', png: png.toString('base64') }] }));
  const got = readMail(await readFile(join(folder.path, '20261123T003012.123Z-42.eml')));
  expect(got.headers.get('content-type')).toMatch(/^multipart\/alternative/);
  expect(got.raw).toMatch(/Content-Type: multipart\/related/);
  expect(plain(got.html)).toBe(html);
  expect(plain(got.text)).toBe(mail().text);
  expect([...got.pictures.keys()]).toEqual(['course@heqing']);
  const picture = got.pictures.get('course@heqing')!;
  expect(picture.type).toMatch(/^image\/png/);
  expect(picture.disposition).toMatch(/^inline/);
  expect(picture.bytes.equals(png)).toBe(true);
});

test('a retry replaces its file; names sort by time', async () => {
  const mailer = new EmlMailer({ folder: folder.path, from: FROM });
  const later = mail({ id: '7', date: Date.parse('2026-11-23T10:00:00Z') });
  await mailer.send(later);
  await mailer.send(mail());
  await mailer.send(later);
  expect((await readdir(folder.path)).sort()).toEqual(['20261123T003012.123Z-42.eml', '20261123T100000.000Z-7.eml']);
});

test('no id leaves the folder', async () => {
  const mailer = new EmlMailer({ folder: join(folder.path, 'mail'), from: FROM });
  await mailer.send(mail({ id: '../../a/b' }));
  expect(await readdir(folder.path)).toEqual(['mail']);
  expect(await readdir(join(folder.path, 'mail'))).toHaveLength(1);
});

test('a folder that cannot be written is a MailError that may pass', async () => {
  const path = join(folder.path, 'file');
  await writeFile(path, 'in the way');
  const mailer = new EmlMailer({ folder: path, from: FROM });
  for (const work of [() => mailer.send(mail()), () => mailer.check()]) {
    const error = await work().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(MailError);
    expect(error).toMatchObject({ permanent: false, message: expect.stringContaining(path) });
  }
});

test('check makes the folder and writes nothing', async () => {
  const path = join(folder.path, 'mail');
  await new EmlMailer({ folder: path, from: FROM }).check();
  expect(await readdir(path)).toEqual([]);
});

test('files go with a mail by the key they are kept under; one that is kept no more is left out, and the mail goes', async () => {
  const kept = new Map([['bulletin/1/docx', Uint8Array.from([80, 75, 3, 4, 0, 255, 10, 13])]]);
  const mailer = new EmlMailer({ folder: folder.path, from: FROM, attachment: (key) => kept.get(key) ?? null });
  const sent = mail({
    attachments: ['docx', 'xlsx'].map((format) => ({
      name: `水质月报.${format}`,
      type: 'application/octet-stream',
      key: `bulletin/1/${format}`,
    })),
  });
  await mailer.send(sent);
  const got = readMail(await readFile(join(folder.path, '20261123T003012.123Z-42.eml')));
  expect(plain(got.text)).toBe(sent.text);
  expect(got.raw.match(/Content-Disposition: attachment/g)).toHaveLength(1);
  expect(got.raw).toContain(Buffer.from(kept.get('bulletin/1/docx')!).toString('base64'));
  expect(got.raw.replaceAll(/;\r\n filename\*\d\*=/g, '')).toContain(`${encodeURIComponent('水质月报')}.docx`);
});
