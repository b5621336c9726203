/** Does each channel speak as its vendor documents, and does it know what will never be taken from what may be tried again? */
import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openChannels } from '../../../src/adapters/channel/channels.js';
import { DingTalk } from '../../../src/adapters/channel/dingtalk.js';
import { Feishu } from '../../../src/adapters/channel/feishu.js';
import { cut } from '../../../src/adapters/channel/post.js';
import { WeCom } from '../../../src/adapters/channel/wecom.js';
import { Webhook } from '../../../src/adapters/channel/webhook.js';
import { MailError, type Mailer } from '../../../src/pipeline/ports.js';
import { mail } from '../mail/mail.js';

interface Asked {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let server: Server;
let url: string;
let asked: Asked[];
let answer: { status: number; body: string; location?: string } | 'silence';

beforeEach(async () => {
  asked = [];
  answer = { status: 200, body: '{"errcode":0,"errmsg":"ok","code":0,"msg":"success"}' };
  server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (text: string) => (body += text));
    request.on('end', () => {
      asked.push({ path: request.url ?? '', headers: request.headers, body });
      if (answer === 'silence') return;
      response.writeHead(answer.status, answer.location ? { location: answer.location } : {}).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const TIME = Date.parse('2026-11-23T00:30:12.500Z');
const clock = { now: () => TIME };
const SECRET = 'SEC-of-the-test';
const json = (): unknown => JSON.parse(asked[0]?.body ?? '');
const failure = async (channel: Mailer): Promise<MailError> => {
  const error: unknown = await channel.send(mail()).then(
    () => null,
    (e: unknown) => e,
  );
  if (!(error instanceof MailError)) throw new Error('it was not refused by a MailError');
  return error;
};

describe('webhook', () => {
  test('posts what a program needs, signed over time and body', async () => {
    await new Webhook({ url: `${url}/hook?key=k`, secret: SECRET }, clock).send(mail());
    const [{ path, headers, body } = { path: '', headers: {}, body: '' }] = asked;
    expect(path).toBe('/hook?key=k');
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect(JSON.parse(body)).toEqual({
      id: '42',
      subject: mail().subject,
      text: mail().text,
      alerts: ['17', '18'],
      date: '2026-11-23T00:30:12.123Z',
    });
    expect(headers['x-heqing-timestamp']).toBe('1795393812');
    const expected = createHmac('sha256', SECRET).update(`1795393812.${body}`).digest('hex');
    expect(headers['x-heqing-signature']).toBe(`sha256=${expected}`);
  });

  test('of no alert, and without a secret', async () => {
    await new Webhook({ url, secret: null }, clock).send(mail({ headers: {} }));
    expect(json()).toMatchObject({ alerts: [] });
    expect(asked[0]?.headers).not.toHaveProperty('x-heqing-signature');
  });

  test.each([
    [400, true],
    [410, true],
    [413, true],
    [422, true],
    [401, false],
    [403, false],
    [404, false],
    [429, false],
    [500, false],
    [503, false],
  ])('status %i: never is %p', async (status, permanent) => {
    answer = { status, body: 'no  such\nthing' };
    const error = await failure(new Webhook({ url: `${url}/?key=hidden`, secret: SECRET }));
    expect(error.permanent).toBe(permanent);
    expect(error.message).toBe(`webhook (${url.slice(7)}) 没有收下 answered ${status}: no such thing`);
  });
});

describe('DingTalk', () => {
  test('posts Markdown, with time and signature in the address', async () => {
    await new DingTalk({ url: `${url}/robot/send?access_token=t`, secret: SECRET }, clock).send(mail({ text: '一 < 二\n三' }));
    const { pathname, searchParams } = new URL(asked[0]?.path ?? '', url);
    expect(pathname).toBe('/robot/send');
    expect(searchParams.get('access_token')).toBe('t');
    expect(searchParams.get('timestamp')).toBe(String(TIME));
    expect(searchParams.get('sign')).toBe(createHmac('sha256', SECRET).update(`${TIME}\n${SECRET}`).digest('base64'));
    expect(json()).toEqual({
      msgtype: 'markdown',
      markdown: { title: mail().subject, text: `**${mail().subject}**\n\n一 ＜ 二  \n三` },
    });
  });

  test('a + of the signature arrives as a +', async () => {
    for (let i = 0; i < 40; i++) await new DingTalk({ url, secret: SECRET }, { now: () => TIME + i }).send(mail());
    const signatures = asked.map(({ path }) => new URL(path, url).searchParams.get('sign'));
    expect(signatures).toEqual(
      asked.map((_, i) =>
        createHmac('sha256', SECRET)
          .update(`${TIME + i}\n${SECRET}`)
          .digest('base64'),
      ),
    );
    expect(signatures.some((sign) => sign?.includes('+'))).toBe(true);
  });

  test.each([
    [300_001, true],
    [400_102, true],
    [310_000, false],
    [410_100, false],
    [-1, false],
  ])('errcode %i: never is %p', async (errcode, permanent) => {
    answer = { status: 200, body: JSON.stringify({ errcode, errmsg: 'said so' }) };
    const error = await failure(new DingTalk({ url: `${url}/?access_token=hidden`, secret: null }));
    expect(error.permanent).toBe(permanent);
    expect(error.message).toBe(`DingTalk (${url.slice(7)}) 拒收 refused with code ${errcode}: said so`);
  });
});

describe('WeCom', () => {
  test('posts Markdown that fits, cut at a line and not within a character', async () => {
    const text = Array.from({ length: 300 }, (_, i) => `第 ${i} 行:氨氮超限`).join('\n');
    await new WeCom({ url: `${url}/cgi-bin/webhook/send?key=k`, secret: null }).send(mail({ text }));
    const { msgtype, markdown } = json() as { msgtype: string; markdown: { content: string } };
    expect(asked[0]?.path).toBe('/cgi-bin/webhook/send?key=k');
    expect(msgtype).toBe('markdown');
    expect(Buffer.byteLength(markdown.content)).toBeLessThanOrEqual(4096);
    expect(Buffer.byteLength(markdown.content)).toBeGreaterThan(4000);
    expect(markdown.content).toMatch(/^\*\*【超限】.*\*\*\n第 0 行[\s\S]*氨氮超限\n…$/);
  });

  test.each([
    [93_000, true],
    [45_009, false],
    [-1, false],
  ])('errcode %i: never is %p', async (errcode, permanent) => {
    answer = { status: 200, body: JSON.stringify({ errcode, errmsg: '' }) };
    expect((await failure(new WeCom({ url, secret: null }))).permanent).toBe(permanent);
  });
});

describe('Feishu', () => {
  test('posts text, with time and signature in the body', async () => {
    await new Feishu({ url: `${url}/open-apis/bot/v2/hook/h`, secret: SECRET }, clock).send(mail({ text: '<at user_id="all">' }));
    expect(json()).toEqual({
      timestamp: '1795393812',
      sign: createHmac('sha256', `1795393812\n${SECRET}`).update('').digest('base64'),
      msg_type: 'text',
      content: { text: `${mail().subject}\n＜at user_id="all">` },
    });
  });

  test('unsigned without a secret; the older form of a good answer is one too', async () => {
    answer = { status: 200, body: '{"StatusCode":0,"StatusMessage":"success"}' };
    await new Feishu({ url, secret: null }).send(mail());
    expect(json()).toEqual({ msg_type: 'text', content: { text: expect.any(String) } });
  });

  test.each([
    [200, 19_001, true],
    [200, 9499, true],
    [200, 19_021, false],
    [400, 11_232, false],
  ])('status %i with code %i: never is %p', async (status, code, permanent) => {
    answer = { status, body: JSON.stringify({ code, msg: 'said so' }) };
    expect((await failure(new Feishu({ url, secret: null }))).permanent).toBe(permanent);
  });
});

describe.each<[string, (to: { url: string; secret: null; timeoutMs?: number }) => Mailer]>([
  ['webhook', (to) => new Webhook(to)],
  ['DingTalk', (to) => new DingTalk(to)],
  ['WeCom', (to) => new WeCom(to)],
  ['Feishu', (to) => new Feishu(to)],
])('%s', (_, open) => {
  test('away, silent, redirecting or confused: tried again, and no key in the words', async () => {
    const key = `${url}/?key=hidden`;
    answer = { status: 302, body: '', location: `${url}/elsewhere` };
    const errors = [await failure(open({ url: key, secret: null }))];
    expect(asked).toHaveLength(1);
    answer = 'silence';
    errors.push(await failure(open({ url: key, secret: null, timeoutMs: 50 })));
    expect(errors[1]?.message).toContain('no answer in time');
    answer = { status: 502, body: '<html>' };
    errors.push(await failure(open({ url: key, secret: null })));
    errors.push(await failure(open({ url: 'http://127.0.0.1:1/?key=hidden', secret: null })));
    for (const error of errors) {
      expect(error.permanent).toBe(false);
      expect(error.message).not.toContain('hidden');
    }
  });

  test('the same mail again is the same message again', async () => {
    await open({ url, secret: null }).send(mail());
    await open({ url, secret: null }).send(mail());
    expect(asked[1]?.body).toBe(asked[0]?.body);
  });
});

test('a robot that answers 200 and something else has not taken the message', async () => {
  for (const body of ['', 'ok', '[]', 'null', '{}']) {
    answer = { status: 200, body };
    expect((await failure(new WeCom({ url, secret: null }))).permanent).toBe(false);
  }
});

test('what is short stays, what is long is cut to its bytes', () => {
  expect(cut('氨氮', 6)).toBe('氨氮');
  expect(cut('氨氮超限', 10)).toBe('氨氮\n…');
  expect(Buffer.byteLength(cut('𝒳'.repeat(100), 50))).toBeLessThanOrEqual(50);
});

test('channels open with what the environment holds; what is missing is named by its variable', () => {
  const channel = { kind: 'webhook', urlFrom: 'GATEWAY_URL', secretFrom: null } as const;
  const { open, faults } = openChannels(
    [
      { ...channel, id: 'gateway' },
      { ...channel, id: 'signed', secretFrom: 'GATEWAY_SECRET' },
      { ...channel, id: 'nowhere', kind: 'feishu', urlFrom: 'FEISHU_URL' },
      { ...channel, id: 'odd', kind: 'dingtalk', urlFrom: 'ODD_URL' },
      { ...channel, id: 'login', urlFrom: 'LOGIN_URL' },
      { ...channel, id: 'group', kind: 'wecom', urlFrom: 'WECOM_URL' },
    ],
    {
      GATEWAY_URL: 'https://gateway.example.org/x?key=hidden',
      ODD_URL: 'file:///etc/hidden',
      LOGIN_URL: 'https://town:hidden@gateway.example.org/x',
      WECOM_URL: 'https://wecom.example.org/',
    },
  );
  expect([...open].map(([id, { name, address }]) => `${id} ${name} ${address}`)).toEqual([
    'gateway webhook gateway.example.org',
    'group WeCom wecom.example.org',
  ]);
  expect(faults.map(({ channel: id, variable, message }) => `${id} ${variable} ${message}`)).toEqual([
    'signed GATEWAY_SECRET is unset; the channel signed needs its signing secret there',
    'nowhere FEISHU_URL is unset; the channel nowhere needs its address there',
    'odd ODD_URL is not an http or https address without a login; the channel odd needs one',
    'login LOGIN_URL is not an http or https address without a login; the channel login needs one',
  ]);
});

test('what fetch itself says holds the whole address, and is never told', async () => {
  const { message } = await failure(new Webhook({ url: 'https://town:hidden@gateway.example.org/x?key=TOKEN', secret: null }));
  expect(message).toBe('webhook (gateway.example.org) 连不上 cannot be reached: it could not be asked');
});
