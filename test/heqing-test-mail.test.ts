/** What does `check-config --send-test` say of each address? A real SMTP server takes one mail and refuses another. */
import { afterEach, expect, jest, test } from '@jest/globals';
import { readEnvironment } from '../src/adapters/config/environment.js';
import { SmtpMailer } from '../src/adapters/mail/smtp-mailer.js';
import type { Site } from '../src/domain/site.js';
import { sendTests } from '../src/heqing-test-mail.js';
import { TestSmtp } from './support/smtp.js';
import { wupi } from './support/wupi.js';

const smtp = new TestSmtp();
afterEach(() => smtp.stop());

test('per person and per channel whether it went out, and how many did not', async () => {
  await smtp.start();
  const people = wupi.people.filter(({ id }) => ['town-office', 'operations'].includes(id));
  const site: Site = {
    ...wupi,
    people,
    channels: [{ id: 'gateway', kind: 'webhook', urlFrom: 'GATEWAY_URL', secretFrom: null }],
  };
  smtp.refuse({ stage: 'to', code: 550, only: 'operations@example.org' });
  const environment = readEnvironment({ SMTP_URL: smtp.url, PUBLIC_URL: 'https://heqing.example.org' });
  const said: string[] = [];
  const log = jest.spyOn(console, 'log').mockImplementation((line: string) => void said.push(line));
  try {
    const mailer = new SmtpMailer({ server: environment.smtp!, from: 'heqing@example.org' });
    expect(await sendTests(environment, site, mailer, {})).toBe(2);
  } finally {
    log.mockRestore();
  }
  expect(said).toEqual([
    '已送出 sent:镇环保办 town-office@example.org',
    expect.stringMatching(/^未送出 not sent:运维 operations@example.org\(对方永久拒收 refused for good\):.*550/),
    '未送出 not sent:通道 channel gateway:GATEWAY_URL is unset; the channel gateway needs its address there',
  ]);
  expect(smtp.mails.map(({ to, subject }) => [to, subject])).toEqual([
    [['town-office@example.org'], '【系统】河清 五陂镇 测试邮件'],
  ]);
});
