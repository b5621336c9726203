/** What may the holder of a link do, and what may nobody do without one? */
import { expect, test } from '@jest/globals';
import { Database } from '../../../src/adapters/sqlite/database.js';
import { SqliteLinkKey } from '../../../src/adapters/sqlite/link-key.js';
import { type Claim, Links } from '../../../src/pipeline/alerting/links.js';
import { join } from 'node:path';
import { at } from '../../support/wupi.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const NOW = at('2026-11-23 08:00');
const claim: Claim = {
  what: 'acknowledge',
  ids: ['nankeng-out_nh3n_limit_20261123T000000000Z', '预警-2'],
  recipient: 'chief-changtan',
  expiresAt: at('2026-11-30 08:00'),
};
const links = new Links('https://heqing.example.org', new SqliteLinkKey(new Database(':memory:')));

test.each(['acknowledge', 'dispatch', 'confirm-test'] as const)('a link to %s says again what was put into it', (what) => {
  const address = links.to({ ...claim, what });
  expect(address).toMatch(/^https:\/\/heqing\.example\.org\/ack\/[\w-]{60,}$/);
  expect(links.read(address.split('/ack/')[1] ?? '', NOW)).toEqual({ is: 'good', claim: { ...claim, what } });
});

test('it holds up to its end and not at it', () => {
  const token = links.token(claim);
  expect(links.read(token, claim.expiresAt - 1).is).toBe('good');
  expect(links.read(token, claim.expiresAt)).toEqual({ is: 'expired', claim });
});

test('no character of it can be changed, left out or added', () => {
  const token = links.token(claim);
  for (let i = 0; i < token.length; i++) {
    const other = token[i] === 'A' ? 'B' : 'A';
    expect(links.read(token.slice(0, i) + other + token.slice(i + 1), NOW)).toEqual({ is: 'forged' });
    expect(links.read(token.slice(0, i) + token.slice(i + 1), NOW)).toEqual({ is: 'forged' });
  }
  expect(links.read(`${token}A`, NOW)).toEqual({ is: 'forged' });
});

test.each(['', 'x', '../../etc', `${'A'.repeat(43)}`, `${'A'.repeat(43)}W10`, 'A'.repeat(9000), '%00', '令牌'])(
  'what is no token is none (%#)',
  (text) => expect(links.read(text, NOW)).toEqual({ is: 'forged' }),
);

test('the secret of another installation opens nothing; the own one outlives a restart', async () => {
  const folder = await temporaryFolder('links');
  const path = join(folder.path, 'state.db');
  let database = new Database(path);
  const token = new Links('', new SqliteLinkKey(database)).token(claim);
  database.close();
  database = new Database(path);
  expect(new Links('', new SqliteLinkKey(database)).read(token, NOW).is).toBe('good');
  database.close();
  expect(links.read(token, NOW).is).toBe('forged');
  await folder.remove();
});
