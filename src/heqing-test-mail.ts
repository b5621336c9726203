/** Does a mail reach the people of the config, and a message their channels? `heqing check-config --send-test`. */
import { openChannels } from './adapters/channel/channels.js';
import type { Environment } from './adapters/config/environment.js';
import type { Site } from './domain/site.js';
import { shortTime } from './domain/time.js';
import { type Mail, MailError, type Mailer } from './pipeline/ports.js';

/**
 * Sends a real test to every person by mail and once to every channel, and prints per address what happened. Returns how many
 * were not sent. Nothing is kept: the path counts as proven only when somebody confirms a test that the service itself sent.
 */
export async function sendTests(environment: Environment, site: Site, mailer: Mailer, env: NodeJS.ProcessEnv): Promise<number> {
  if (environment.smtp === null)
    console.log('注意 未设 SMTP_URL,邮件只写成文件,谁也收不到。SMTP_URL is unset: mails become files and reach nobody.');
  const now = Date.now();
  let failed = 0;
  const send = async (to: Mailer, what: string, mail: Mail): Promise<void> => {
    try {
      await to.send(mail);
      console.log(`已送出 sent:${what}`);
    } catch (error) {
      failed++;
      const never = error instanceof MailError && error.permanent ? '(对方永久拒收 refused for good)' : '';
      console.log(`未送出 not sent:${what}${never}:${error instanceof Error ? error.message : String(error)}`);
    }
  };
  for (const person of site.people) {
    await send(
      mailer,
      `${person.name} ${person.email}`,
      testMail(site, person.id, person.name, person.nameEn, person.email, now),
    );
  }
  const { open, faults } = openChannels(site.channels, env);
  for (const [id, channel] of open) {
    await send(channel, `通道 channel ${id}(${channel.name},${channel.address})`, testMail(site, id, id, id, id, now));
    await channel.close();
  }
  for (const { channel, variable, message } of faults) {
    failed++;
    console.log(`未送出 not sent:通道 channel ${channel}:${variable} ${message}`);
  }
  await mailer.close();
  return failed;
}

function testMail(site: Site, id: string, name: string, nameEn: string, to: string, now: number): Mail {
  const key = `test_${now}_${id}`;
  const lines = [
    `这是河清(${site.name})的测试邮件,${shortTime(now, site.calendar)} 发出。收到即说明预警能送达“${name}”,不必回复。`,
    `This is a test mail of Heqing (${site.nameEn}); alerts reach "${nameEn}". No answer is needed.`,
  ];
  return {
    id: key,
    to,
    subject: `【系统】河清 ${site.name} 测试邮件`,
    text: `${lines.join('\n')}\n`,
    html: lines.map((line) => `<p>${line.replace(/&/g, '&amp;').replace(/</g, '&lt;')}</p>`).join(''),
    messageId: `<${key}@heqing>`,
    inReplyTo: null,
    headers: {},
    date: now,
    pictures: [],
  };
}
