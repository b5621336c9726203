/** Does a mail arrive by SMTP as it was rendered, and is each refusal what it should be? */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { SmtpMailer } from '../../../src/adapters/mail/smtp-mailer.js';
import { MailError } from '../../../src/pipeline/ports.js';
import { smtpAt } from '../../support/addresses.js';
import { TestSmtp } from '../../support/smtp.js';
import { mail, plain } from './mail.js';

const FROM = '河清 <heqing@example.org>';

let smtp: TestSmtp;
let mailer: SmtpMailer;
beforeEach(async () => {
  smtp = new TestSmtp();
  await smtp.start();
  mailer = new SmtpMailer({ server: smtpAt(smtp.url), from: FROM });
});
afterEach(async () => {
  await mailer.close();
  await smtp.stop();
});

async function failureOf(work: Promise<unknown>): Promise<MailError> {
  const error = await work.then(
    () => new Error('it was accepted'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(MailError);
  return error as MailError;
}

describe('arriving', () => {
  test('one recipient alone, Message-ID, date, headers, subject, text and HTML', async () => {
    const sent = mail();
    await mailer.send(sent);
    const [got] = smtp.mails;
    expect(got).toMatchObject({ from: 'heqing@example.org', to: ['river.office@example.org'], subject: sent.subject });
    expect(plain(got?.text ?? '')).toBe(sent.text);
    expect(plain(got?.html ?? '')).toBe(sent.html);
    const header = (name: string) => got?.headers.get(name);
    expect(header('to')).toBe('river.office@example.org');
    expect(header('cc') ?? header('bcc')).toBeUndefined();
    expect(header('from')).toBe(FROM);
    expect(header('message-id')).toBe('<notice-42@heqing.example.org>');
    expect(header('x-heqing-alert')).toBe('17,18');
    expect(Date.parse(header('date') ?? '')).toBe(Date.parse('2026-11-23T00:30:12Z'));
    expect(header('in-reply-to') ?? header('references')).toBeUndefined();
  });

  test('an episode is one thread', async () => {
    await mailer.send(mail({ messageId: '<b@example.org>', inReplyTo: '<a@example.org>' }));
    const headers = smtp.mails[0]?.headers;
    expect([headers?.get('in-reply-to'), headers?.get('references')]).toEqual(['<a@example.org>', '<a@example.org>']);
  });

  test('a subject cannot smuggle in a header or a recipient', async () => {
    await mailer.send(mail({ subject: 'a\r\nBcc: somebody@example.org\r\n\r\nb' }));
    expect(smtp.mails[0]?.to).toEqual(['river.office@example.org']);
    expect(smtp.mails[0]?.headers.get('bcc')).toBeUndefined();
  });

  test('check logs in and sends nothing', async () => {
    await mailer.check();
    expect([smtp.offered, smtp.mails.length]).toEqual([0, 0]);
  });
});

describe('refusals', () => {
  test('5xx to the recipient is permanent, and only for that recipient', async () => {
    smtp.refuse({ stage: 'to', code: 550, only: 'gone@example.org' });
    expect(await failureOf(mailer.send(mail({ to: 'gone@example.org' })))).toMatchObject({ permanent: true });
    await mailer.send(mail());
    expect(smtp.mails.length).toBe(1);
  });

  test.each([
    [450, true],
    [452, true],
    [421, false],
  ])('%i to the recipient may go later; of that recipient alone: %s', async (code, isOfRecipient) => {
    smtp.refuse({ stage: 'to', code, only: 'full@example.org' });
    const failure = await failureOf(mailer.send(mail({ to: 'full@example.org' })));
    expect(failure).toMatchObject({ permanent: false, isUnsure: false, isOfRecipient });
  });

  test('an address that is none is permanent', async () => {
    expect(await failureOf(mailer.send(mail({ to: '' })))).toMatchObject({ permanent: true });
  });

  test.each([
    ['to', 450],
    ['from', 451],
    ['from', 553],
    ['data', 452],
    ['data', 554],
  ] as const)('at %s with %i may go later', async (stage, code) => {
    smtp.refuse({ stage, code });
    const failure = await failureOf(mailer.send(mail()));
    expect(failure).toMatchObject({
      permanent: false,
      isOfRecipient: stage === 'to',
      message: expect.stringContaining(`${code}`),
    });
    smtp.refuse(null);
    await mailer.send(mail());
    expect(smtp.mails.length).toBe(1);
  });

  test('a wrong login may be mended; the message has no password in it', async () => {
    const strict = new TestSmtp('town:right');
    await strict.start();
    const wrong = new SmtpMailer({ server: smtpAt(strict.url.replace('right', 'wr0ng')), from: FROM });
    const good = new SmtpMailer({ server: smtpAt(strict.url), from: FROM });
    try {
      const error = await failureOf(wrong.check());
      expect(error).toMatchObject({ permanent: false, message: expect.stringContaining('check user and password') });
      expect(error.message + wrong.address).not.toContain('wr0ng');
      expect(await failureOf(wrong.send(mail()))).toMatchObject({ permanent: false });
      await good.check();
      await good.send(mail());
      expect(strict.mails.length).toBe(1);
    } finally {
      await Promise.all([wrong.close(), good.close()]);
      await strict.stop();
    }
  });

  test('away, and back on the same port', async () => {
    await smtp.stop();
    expect(await failureOf(mailer.send(mail()))).toMatchObject({
      permanent: false,
      isUnsure: false,
      message: expect.stringContaining('cannot be reached'),
    });
    expect(await failureOf(mailer.check())).toMatchObject({ permanent: false });
    await smtp.start();
    await mailer.send(mail());
    expect(smtp.mails.length).toBe(1);
  });

  test('cut off before the answer: not accepted, may go later', async () => {
    smtp.dawdle(5000);
    const sending = failureOf(mailer.send(mail()));
    while (smtp.offered === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    await smtp.stop();
    expect(await sending).toMatchObject({ permanent: false, isUnsure: true });
  });

  test('a server that falls silent is given up', async () => {
    smtp.dawdle(3000);
    const impatient = new SmtpMailer({ server: smtpAt(smtp.url), from: FROM, socketTimeoutMs: 300 });
    const started = Date.now();
    expect(await failureOf(impatient.send(mail()))).toMatchObject({ permanent: false, isUnsure: true });
    expect(Date.now() - started).toBeLessThan(2000);
    await impatient.close();
  });
});
