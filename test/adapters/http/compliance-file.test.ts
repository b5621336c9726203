/** Is what leaves as a file exactly what the API answers, and is a rate of some stations counted anew? */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseCsv } from 'hucre/csv';
import { readXlsx } from 'hucre/xlsx';
import { type ComplianceContent, complianceCsv, complianceXlsx } from '../../../src/adapters/http/files/compliance-file.js';
import { breakdownAnswer, calendarAnswer } from '../../../src/adapters/http/contract/breakdown.js';
import { complianceAnswer, type ComplianceAnswer, type VerdictView } from '../../../src/adapters/http/contract/compliance.js';
import { type Autumn, openAutumn } from '../../support/compliance.js';
import { type Running, startHttp } from './start-http.js';

let autumn: Autumn;
let running: Running;
beforeAll(async () => {
  autumn = await openAutumn();
  running = await startHttp();
  Object.assign(running.reports, autumn.reports);
});
afterAll(async () => {
  await running.stop();
  await autumn.pipeline.dispose();
});

const get = (path: string) => fetch(`${running.url}/api/v1/compliance/${path}`);
const rate = async (query: string): Promise<ComplianceAnswer> =>
  complianceAnswer.parse(await (await get(`river?${query}`)).json());

const contentOf = (head: ComplianceContent['head'], windows: readonly VerdictView[]): ComplianceContent => ({
  ...{ head, windows: [windows], split: null },
});
const csvOf = async (content: ComplianceContent): Promise<string> => {
  let text = '';
  for await (const piece of complianceCsv(content)) text += piece;
  return text;
};

test('a file says when the instruments behind the rate were compared with the laboratory', async () => {
  const { windows, ...head } = await rate('period=2026');
  const comparison = { date: '2026-11-05', passed: true, due: true, items: 5, waiting: 2, failed: [] };
  const csv = (over: object) => csvOf(contentOf({ ...head, ...over }, windows));
  expect(await csv({ comparison })).toContain('最近比对 2026-11-05 合格,待比对 2/5 项');
  expect(await csv({ comparison: null })).not.toContain('比对');
});

test('an excuse that is limited to days or to an item says so in the file', async () => {
  const { windows, ...head } = await rate('period=2026');
  const excuse = {
    ...{ id: '1', station: 'nankeng-out', stationName: '南坑河出境断面', kinds: ['day' as const], parameters: ['nh3n'] },
    ...{ from: '2026-10-03T00:00:00+08:00', to: '2026-10-05T00:00:00+08:00', reason: 'no-flow' as const, reasonName: '断流' },
    ...{ approver: '安源生态环境局', document: '12 号', addedAt: '2026-10-06T08:00:00+08:00' },
  };
  const csv = (scope: string | null) => csvOf(contentOf({ ...head, excuses: [{ ...excuse, scope }] }, windows));
  expect(await csv('仅日评价,仅氨氮')).toContain('2026-10-05 00:00,"断流(仅日评价,仅氨氮)",安源生态环境局');
  expect(await csv(null)).toContain('2026-10-05 00:00,断流,安源生态环境局');
});

describe('the answers', () => {
  test('say what people took out, and how much of it was over', async () => {
    const days = await rate('window=day&period=2026-11');
    expect(days.setAside).toEqual({ total: 1, over: 1, maintenance: 0, review: 1 });
    expect((await rate('window=day&period=2026-10')).setAside.total).toBe(0);
  });

  test('only what was lost, with the figures whole', async () => {
    const all = await rate('window=day&period=2026');
    const lost = await rate('window=day&period=2026&only=lost');
    expect(lost.windows).toEqual(all.windows.filter(({ verdict }) => verdict !== 'met'));
    expect(lost.windows.length).toBe(10);
    expect({ ...lost, windows: [] }).toEqual({ ...all, windows: [] });
  });

  test('one day alone', async () => {
    const { windows, due } = await rate('window=day&period=2026&on=2026-10-05');
    expect(windows.map(({ start, verdict }) => [start.slice(0, 10), verdict])).toEqual([['2026-10-05', 'exceeded']]);
    expect(due).toBe(83);
    expect((await get('river?on=2026-02-30')).status).toBe(400);
  });

  test('the rate of some stations is of their own windows, is not official, and says which', async () => {
    const whole = await rate('window=day&period=2026');
    const part = await rate('window=day&period=2026&station=nankeng-out');
    expect(part.part).not.toBeNull();
    expect(part.official).toBe(false);
    expect([part.met, part.exceeded, part.due, part.rate]).toEqual([whole.met, whole.exceeded, whole.due, whole.rate]);
    expect((await rate('period=2026&station=nankeng-out')).basis).toBe('section-month');
    for (const nowhere of ['station=changtan-tap', 'village=nowhere', 'reach=nowhere', 'chief=nobody']) {
      expect([nowhere, (await get(`river?${nowhere}`)).status]).toEqual([nowhere, 404]);
    }
    expect((await get('river?village=')).status).toBe(400);
  });

  test('split by month: the months are those of the year, each as asked by itself', async () => {
    const split = breakdownAnswer.parse(await (await get('river/breakdown?period=2026&by=month')).json());
    expect(split.rows.map(({ key }) => key)).toEqual(
      Array.from({ length: 11 }, (_, i) => `2026-${String(i + 1).padStart(2, '0')}`),
    );
    for (const row of split.rows.slice(8)) {
      const own = await rate(`period=${row.key}`);
      expect([row.key, row.met, row.exceeded, row.due, row.rate]).toEqual([row.key, own.met, own.exceeded, own.due, own.rate]);
    }
    expect(split.rows.map(({ exceeded }) => exceeded).reduce((a, b) => a + b)).toBe((await rate('period=2026')).exceeded);
  });

  test('split by chief and by reach: whoever answers for the reach sees its rate', async () => {
    for (const by of ['chief', 'reach', 'station'] as const) {
      const split = breakdownAnswer.parse(await (await get(`river/breakdown?period=2026&window=day&by=${by}`)).json());
      expect([by, split.rows.length > 0]).toEqual([by, true]);
      for (const row of split.rows) {
        const own = await rate(`period=2026&window=day&${by}=${row.key}`);
        expect([row.met, row.exceeded, row.rate]).toEqual([own.met, own.exceeded, own.rate]);
      }
    }
  });

  test('every day is counted once, and today is open with its mean so far', async () => {
    const calendar = calendarAnswer.parse(await (await get('river/calendar?period=2026')).json());
    const days = await rate('window=day&period=2026');
    const sum = (of: 'met' | 'exceeded'): number => calendar.days.reduce((n, day) => n + day[of], 0);
    expect([sum('met'), sum('exceeded')]).toEqual([days.met, days.exceeded]);
    expect(calendar.days.find(({ date }) => date === '2026-10-05')).toMatchObject({ exceeded: 1, met: 0 });
    expect(calendar.days.some(({ date }) => date === '2026-11-23')).toBe(false);
    const [today] = calendar.open;
    expect(today).toMatchObject({ station: 'nankeng-out', start: '2026-11-23T00:00:00+08:00' });
    expect(today!.items.find(({ parameter }) => parameter === 'nh3n')).toMatchObject({ due: 6 });
    expect(calendarAnswer.parse(await (await get('river/calendar?period=2025')).json()).open).toEqual([]);
  });
});

describe.each([
  'period=2026',
  'period=2026&window=day&only=lost',
  'period=2026-Q4&window=day',
  'period=2026-11&window=day&on=2026-11-10',
])('the file of %s', (query) => {
  const rowsOf = (answer: ComplianceAnswer) =>
    answer.windows.flatMap((w) =>
      w.findings.map((f) => [w.stationName, w.start.slice(0, 16).replace('T', ' '), f.name, f.value, f.limitText, f.citation]),
    );
  const named = (table: readonly (readonly unknown[])[]) => {
    const at = table.findIndex((row) => row[0] === '站点' && row.includes('项目'));
    const heading = table[at]!;
    const column = (name: string): number => heading.indexOf(name);
    const rows = [];
    for (const row of table.slice(at + 1)) {
      if (row.every((cell) => cell === '' || cell === null || cell === undefined)) break;
      rows.push(['站点', '开始', '项目', '数值', '限值', '依据'].map((name) => row[column(name)]));
    }
    return rows;
  };

  test('as CSV: marked as UTF-8, the sentence on top, the windows of the API, what the data are at the foot', async () => {
    const answer = await rate(query);
    const response = await get(`river/export?format=csv&by=month&${query}`);
    expect(response.headers.get('content-disposition')).toContain(`heqing-river-${answer.period}-${answer.window}.csv`);
    const bytes = Buffer.from(await response.arrayBuffer());
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    const text = bytes.toString('utf8');
    const table = parseCsv(text.replace(/^\uFEFF/, ''), { skipEmptyRows: false });
    const lines = table.map((row) => String(row[0]));
    expect(lines[0]).toContain(answer.name);
    expect(lines.some((line) => line.includes(`${answer.met} 达标 ÷ ${answer.met + answer.exceeded}`))).toBe(true);
    expect(lines.some((line) => line.startsWith('依据:GB 3838-2002'))).toBe(true);
    expect(lines.filter((line) => line !== '').at(-1)).toBe('自动监测原始数据,未经审核');
    expect(named(table).map((row) => row.map((cell) => (cell === null ? '' : `${cell as string | number}`)))).toEqual(
      rowsOf(answer).map((row) => row.map((cell) => (cell === null ? '' : `${cell}`))),
    );
  });

  test('as XLSX: the same, with numbers as numbers', async () => {
    const answer = await rate(query);
    const response = await get(`river/export?format=xlsx&by=month&${query}`);
    const book = await readXlsx(new Uint8Array(await response.arrayBuffer()));
    const rows = book.sheets[0]!.rows;
    expect(rows.map(([first]) => first)).toContain('按月');
    expect(named(rows).map((row) => row.map((cell) => cell ?? null))).toEqual(rowsOf(answer));
    expect(rows.at(-1)![0]).toBe('自动监测原始数据,未经审核');
  });
});

test('what a spreadsheet would run is text', async () => {
  const { windows, ...head } = await rate('period=2026');
  const names = ['=1+1', '+1+1', '-2+3', '@SUM(A1)'];
  const bad = names.map((stationName): VerdictView => ({
    ...windows[0]!,
    stationName,
    findings: windows[0]!.findings.slice(0, 1),
  }));
  const csv = await csvOf(contentOf(head, bad));
  for (const name of names) expect(csv).toContain(`\r\n'${name},`);
  const book = await readXlsx(new Uint8Array(await new Response(complianceXlsx(contentOf(head, bad))).arrayBuffer()));
  const cells = book.sheets[0]!.rows.flatMap((row) => row.map(String));
  for (const name of names) expect(cells).toContain(name);
  expect(book.sheets[0]!.cells ? [...book.sheets[0]!.cells.values()].filter((cell) => cell.formula) : []).toEqual([]);
});

test('without a login nothing leaves where the service is not open', async () => {
  const closed = await startHttp({ publicRead: false });
  try {
    for (const path of ['breakdown?by=month', 'calendar', 'export?format=csv']) {
      expect([path, (await fetch(`${closed.url}/api/v1/compliance/river/${path}`)).status]).toEqual([path, 401]);
    }
  } finally {
    await closed.stop();
  }
});

test('what is signed stands in a file with edition, hash and corrections, and its foot no longer says raw', async () => {
  const { windows, ...head } = await rate('period=2026');
  const month = {
    ...{ period: '2026-09', edition: 2, by: 'officer', at: '2026-10-08T09:00:00+08:00', hash: 'ab'.repeat(32), corrections: 1 },
    ...{
      rate: 100,
      met: 1,
      exceeded: 0,
      undetermined: 0,
      excused: 0,
      due: 1,
      capture: 100,
      status: 'met' as const,
      reason: null,
      good: null,
    },
  };
  const { rate: share, met, exceeded, undetermined, excused, due, capture, status, reason } = month;
  const figure = { rate: share, met, exceeded, undetermined, excused, due, capture, status, reason };
  const signed = { months: [month], ended: 2, figure };
  const text = await csvOf(contentOf({ ...head, provisional: false, signed }, windows));
  expect(text).toContain('其中定稿 1 / 2 个月 · 定稿后更正 1 项');
  expect(text).toContain(`2026-09,2,2026-10-08,100,1,0,0,0,1,1,${month.hash}`);
  expect(text.trimEnd().split('\r\n').at(-1)).toContain('已定稿');
  expect(text).not.toContain('officer');
  // The figure of the page: as signed, and what the data say by now beside it.
  expect(text).toContain('达标率 100 % = 1 达标 ÷ 1 个断面月');
  expect(text).toContain(`定稿后按现有数据:达标率 ${head.rate} % = ${head.met} 达标 ÷ ${head.met + head.exceeded} 个断面月`);
  expect(await csvOf(contentOf(head, windows))).toContain('自动监测原始数据,未经审核');
});

test('a month that is signed stands in the split as it was signed', async () => {
  const { windows: _, ...head } = await rate('period=2026');
  const split = breakdownAnswer.parse(await (await get('river/breakdown?period=2026&by=month')).json());
  const september = split.rows.find(({ key }) => key === '2026-09')!;
  const month = {
    ...{ period: '2026-09', edition: 1, by: 'officer', at: '2026-10-08T09:00:00+08:00', hash: 'ab'.repeat(32), corrections: 1 },
    ...{ rate: 77, met: 7, exceeded: 2, undetermined: 0, excused: 0, due: 9, capture: 100, status: 'missed' as const },
    ...{ reason: null, good: null },
  };
  expect(september.rate).not.toBe(77);
  const text = await csvOf({ head: { ...head, signed: { months: [month], ended: 2, figure: null } }, windows: [], split });
  const table = parseCsv(text, { skipEmptyRows: false });
  const rows = table.slice(table.findIndex(([first]) => first === '按月') + 2).slice(7, 9);
  expect(rows.map((row) => [row[0], row[1], row.at(-1)])).toEqual([
    ['2026-08', expect.anything(), ''],
    ['2026-09', '77', '定稿 2026-10-08'],
  ]);
});

test('while a file of many windows is made, others get their turn', async () => {
  const { windows, ...head } = await rate('period=2026&window=day');
  const few = windows.slice(0, 50);
  let turns = 0;
  const content = { head, split: null, windows: Array.from({ length: 200 }, () => few) };
  const timer = setInterval(() => turns++, 0);
  for await (const _ of complianceCsv(content)) void _;
  clearInterval(timer);
  expect(turns).toBeGreaterThan(20);
});
