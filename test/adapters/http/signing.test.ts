/** Can a month be signed over HTTP by those who may, in their own name, and what of it does the public read? */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type BoardAnswer, boardAnswer } from '../../../src/adapters/http/contract/accounts.js';
import { signedAnswer, signedMonthAnswer, signingPreview } from '../../../src/adapters/http/contract/signing.js';
import { wupi } from '../../support/wupi.js';
import { PASSWORD, type Running, startHttp } from './start-http.js';

let running: Running;
const tokens = { officer: '', maintenance: '' };
beforeAll(async () => {
  running = await startHttp({
    publicRead: false,
    publicFigures: true,
    publicUrl: 'https://heqing.example.org',
    isLoopback: false,
  });
  for (const role of ['officer', 'maintenance'] as const) {
    await running.accounts.add(`signing-${role}`, PASSWORD, role);
    tokens[role] = running.accounts.addToken(role, `signing-${role}`);
  }
});
afterAll(() => running.stop());

async function ask(
  path: string,
  token: string | null = tokens.officer,
  body?: object,
): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${running.url}/api/v1${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { ...(token !== null && { authorization: `Bearer ${token}` }), ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}

test('preview, sign, read, refuse: as OpenAPI describes it', async () => {
  expect((await ask('/signed/river/2026-10')).status).toBe(404);
  expect((await ask('/signed/nowhere/2026-10/preview')).status).toBe(404);
  expect(await ask('/signed/river/2026/preview')).toMatchObject({
    status: 400,
    body: { detail: expect.stringContaining('定稿按月') as unknown },
  });
  expect(await ask('/signed/river/2026-11/preview')).toMatchObject({ status: 200, body: { refused: '还不能定稿:本月尚未结束' } });

  const preview = signingPreview.strict().parse((await ask('/signed/river/2026-10/preview')).body);
  expect(preview).toMatchObject({
    edition: 1,
    refused: null,
    hindrances: [{ kind: 'not-judged', items: [{ text: '本月没有评价时段' }] }],
  });
  const despite = [{ kind: 'not-judged', reason: '十月设备尚未安装' }];
  expect((await ask('/signed/river/2026-10', tokens.officer, { seen: 'nonsense', despite })).status).toBe(400);
  expect((await ask('/signed/river/2026-10', tokens.officer, { seen: '0'.repeat(64), despite })).status).toBe(400);
  expect((await ask('/signed/river/2026-10', tokens.officer, { seen: preview.hash })).status).toBe(400);
  expect((await ask('/signed/river/2026-10', tokens.maintenance, { seen: preview.hash, despite })).status).toBe(403);
  expect((await ask('/signed/river/2026-10', null, { seen: preview.hash, despite })).status).toBe(401);
  expect(signedAnswer.parse((await ask('/signed')).body).signed).toEqual([]);

  const { status, body } = await ask('/signed/river/2026-10', tokens.officer, {
    seen: preview.hash,
    note: '电话 0799-6661234',
    despite,
  });
  expect(status).toBe(200);
  const signed = signedMonthAnswer.strict().parse(body);
  expect(signed).toMatchObject({
    by: 'signing-officer',
    hash: preview.hash,
    intact: true,
    despite: [{ kind: 'not-judged', count: 1 }],
  });
  expect((await ask('/signed/river/2026-10?edition=1')).body).toEqual(body);
  expect((await ask('/signed/river/2026-10?edition=2')).status).toBe(404);
  expect(signedAnswer.strict().parse((await ask('/signed?year=2026&verify=1')).body)).toMatchObject({
    signed: [{ target: 'river', period: '2026-10', by: 'signing-officer' }],
    verified: { editions: 1, broken: [] },
  });
  expect((await ask('/signed/river/2026-10', tokens.officer, { seen: preview.hash, despite })).status).toBe(400);
});

test('the public reads the signed figure, and in it no person, telephone, account, value or hash', async () => {
  const { status, body } = await ask('/public/board', null);
  expect(status).toBe(200);
  const board = boardAnswer.strict().parse(body);
  expect(board).toMatchObject({
    address: 'https://heqing.example.org',
    notice: '仅公布定稿数据',
    figures: [{ period: '2026-10', edition: 1, signedBy: wupi.office }],
  });
  const seen = new Set<string>();
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(walk);
    else if (typeof node === 'object' && node !== null) {
      for (const [key, value] of Object.entries(node)) {
        seen.add(key);
        walk(value);
      }
    }
  };
  walk(body);
  const allowed: readonly (keyof BoardAnswer | keyof BoardAnswer['figures'][number] | keyof BoardAnswer['years'][number])[] = [
    ...([
      'name',
      'nameEn',
      'publisher',
      'approver',
      'asOf',
      'reaches',
      'targets',
      'figures',
      'years',
      'notice',
      'address',
    ] as const),
    ...([
      'target',
      'targetEn',
      'basis',
      'window',
      'rate',
      'met',
      'exceeded',
      'undetermined',
      'excused',
      'due',
      'capture',
    ] as const),
    ...(['period', 'edition', 'signedBy', 'signedOn', 'sections', 'year', 'months', 'setAside', 'despite'] as const),
  ];
  const parts = ['count', 'goal', 'id', 'kind', 'over', 'targetClass', 'total'];
  expect([...seen].filter((key) => !(allowed as readonly string[]).includes(key)).sort()).toEqual(parts);
  const text = JSON.stringify(body);
  for (const secret of ['signing-officer', '0799', '设备尚未安装', 'nankeng-out']) expect(text).not.toContain(secret);
  for (const { name, phone, email } of wupi.people) {
    if (name !== wupi.office) expect(text).not.toContain(name);
    expect(text).not.toContain(email);
    if (phone !== null) expect(text).not.toContain(phone);
  }
});
