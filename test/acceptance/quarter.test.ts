/** A quarter with planted faults: does the review find every one and nothing else, and do signature, late data, paper and backup agree on the month? */
/// <reference lib="dom" />
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { entriesOf } from '../../src/adapters/bulletin/same-zip.js';
import type { ReadingsAnswer, StationsAnswer } from '../../src/adapters/http/contract/contract.js';
import type { BulletinAnswer, BulletinsAnswer } from '../../src/adapters/http/contract/bulletins.js';
import type { ComplianceAnswer } from '../../src/adapters/http/contract/compliance.js';
import type { QueueAnswer } from '../../src/adapters/http/contract/reviewing.js';
import type { SignedMonthAnswer } from '../../src/adapters/http/contract/signing.js';
import { DAY } from '../../src/domain/time.js';
import { validity } from '../../src/domain/quality/intake.js';
import { number } from '../../src/web/format.js';
import { eventually } from '../support/eventually.js';
import { PROJECT, type RunningService, startService } from '../support/service.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { whereThereIsChromium } from '../web/chromium.js';
import { mailFiles } from './ask.js';
import { readingName } from './quarter-plan.js';
import { Reviewer } from './quarter-reviewer.js';
import { type Person, Town } from './quarter-town.js';

jest.setTimeout(240_000);

/** Where the papers lie, for people to look at; git does not see it. */
const PAPERS = join(PROJECT, 'test-output', 'papers');

const OUT = 'nankeng-out';
/** The month that is signed, by its place in the quarter. */
const SIGNED = 2;

whereThereIsChromium('a quarter, from the probes to the paper', () => {
  let town: Town;
  let officer: Person;
  let reviewer: Person;
  let queue: QueueAnswer;
  const told: string[] = [];
  beforeAll(async () => {
    const began = performance.now();
    town = await Town.open();
    const values = await town.live();
    told.push(`${values} values sent and judged in ${seconds(began)} s`);
  });
  afterAll(async () => {
    if (told.length > 0) process.stdout.write(`${told.map((line) => `  ${line}\n`).join('')}`);
    await town?.close();
  });
  const api = <T>(path: string): Promise<T> => town.service.api<T>(`/api/v1${path}`);
  /** Decimals of every item, as the pages print it. */
  const decimals = async (): Promise<Map<string, number>> => {
    const { stations } = await api<StationsAnswer>('/stations');
    return new Map(stations.flatMap(({ latest }) => latest.map((one) => [one.parameter, one.decimals] as const)));
  };
  const compliance = (period: string, window?: string, of = town.service): Promise<ComplianceAnswer> =>
    of.api(`/api/v1/compliance/river?period=${period}${window === undefined ? '' : `&window=${window}`}`);
  const signed = (of = town.service): Promise<SignedMonthAnswer> => of.api(`/api/v1/signed/river/${town.quarter.period(SIGNED)}`);

  test('the queue of the quarter answers quickly and has every planted fault, of the right kind', async () => {
    const began = performance.now();
    queue = await town.queue();
    told.push(
      `${queue.total} of ${queue.counts.due} station-days suspicious, asked in ${(performance.now() - began).toFixed(0)} ms`,
    );
    for (const { name, stations, span, findings } of town.quarter.planted) {
      const own = queue.days.filter(
        ({ station, date }) =>
          stations.includes(station) && date >= town.quarter.date(span.from) && date <= town.quarter.date(span.to - 1),
      );
      const kinds = new Set(own.flatMap((day) => day.findings.flatMap((f) => [f.kind, `${f.kind} ${f.parameter}`])));
      for (const finding of findings)
        expect({ name, kinds: [...kinds] }).toEqual({ name, kinds: expect.arrayContaining([finding]) });
    }
    expect(await compliance(town.quarter.period(0))).toMatchObject({ exceeded: 1, rate: 0 });
  });

  test('first review by keys, worst first; what has nothing suspicious is passed in one go', async () => {
    const began = performance.now();
    officer = await town.visit('officer', '/review');
    const desk = new Reviewer(officer, town.quarter, town.service.baseUrl);
    await desk.open({ state: 'waiting' });
    const seen = await desk.work('a', true);
    expect(seen).toEqual(queue.days.map(({ station, date }) => `${station}/${date}`));
    const said = await desk.bulk();
    expect(said).toContain(`已初审 ${queue.counts.due - queue.total} 站日`);
    told.push(`first review: ${seen.length} days, ${officer.keys} keys, ${seconds(began)} s, then: ${said}`);
    expect((await town.queue({ state: 'waiting', only: 'all' })).total).toBe(0);
    expect(officer.complaints).toEqual([]);
  });

  test('before the second review the page of the month lists what is open, above the button', async () => {
    const { page } = officer;
    await page.goto(`${town.service.baseUrl}/compliance/river/sign?period=${town.quarter.period(SIGNED)}`);
    const open = page.locator('.signing-hindrance[data-kind=unreviewed]');
    await open.waitFor();
    const { months } = town.quarter;
    expect(await open.innerText()).toContain(`${(months[SIGNED + 1]! - months[SIGNED]!) / DAY} 项`);
    expect(await open.innerText()).toContain('已初审,待复核');
    const [listed, button] = [await open.boundingBox(), await page.locator('#sign button.primary').boundingBox()];
    expect(listed!.y).toBeLessThan(button!.y);
  });

  test('second review by somebody else: what was suspicious, and every day of the assessed section in the month', async () => {
    const began = performance.now();
    reviewer = await town.visit('reviewer', '/review');
    const desk = new Reviewer(reviewer, town.quarter, town.service.baseUrl);
    await desk.open({ state: 'first' });
    const suspicious = await desk.work('c', false);
    expect(suspicious.length).toBeGreaterThan(0);
    const { months } = town.quarter;
    const [from, to] = [town.quarter.date(months[SIGNED]!), town.quarter.date(months[SIGNED + 1]! - DAY)];
    await desk.open({ state: 'first', only: 'all', station: OUT, from, to });
    const rest = await desk.work('c', false);
    told.push(`second review: ${suspicious.length + rest.length} days, ${reviewer.keys} keys, ${seconds(began)} s`);
    const month = await town.queue({ station: OUT, from, to: town.quarter.date(months[SIGNED + 1]!), state: 'all', only: 'all' });
    expect(month.counts).toMatchObject({ waiting: 0, first: 0, second: month.counts.due });
    expect(reviewer.complaints).toEqual([]);
  });

  test('every false reading is out and not one good reading is; the flood and the exceedance stay', async () => {
    await town.settled();
    const wrong = town.quarter.falseReadings();
    const out = new Set<string>();
    let counting = 0;
    const { from, to } = town.quarter.span;
    const { stations } = await api<{ stations: { id: string; latest: { parameter: string }[] }[] }>('/stations');
    for (const { id, latest } of stations)
      for (const { parameter } of latest) {
        const query = new URLSearchParams({ parameter, from: town.quarter.iso(from), to: town.quarter.iso(to) });
        const { readings } = await api<ReadingsAnswer>(`/stations/${id}/readings?${query}`);
        for (const one of readings) {
          if (!('time' in one)) throw new Error('steps were not asked for');
          if (validity(one) === 'counts') counting++;
          else out.add(readingName(id, parameter, Date.parse(one.time)));
        }
      }
    expect([...out].sort()).toEqual([...wrong].sort());
    expect(wrong.size).toBeGreaterThan(60);
    told.push(`${wrong.size} false readings out, ${counting} good ones count, none out`);
    const exceedance = town.quarter.named('exceedance').span;
    const days = await compliance(town.quarter.period(0), 'day');
    expect(days.exceeded).toBe((exceedance.to - exceedance.from) / DAY);
    expect(await compliance(town.quarter.period(0))).toMatchObject({ exceeded: 1, rate: 0 });
    const flooded = await compliance(town.quarter.period(1), 'day');
    expect(flooded.windows.filter(({ verdict }) => verdict === 'exceeded').map(({ start }) => start.slice(0, 10))).toContain(
      town.quarter.date(town.quarter.at(1, 18)),
    );
    expect(await compliance(town.quarter.period(SIGNED), 'day')).toMatchObject({ exceeded: 0 });
  });

  test('the month is signed on its page, with a reason for what could not be judged', async () => {
    const { page } = reviewer;
    const period = town.quarter.period(SIGNED);
    await page.goto(`${town.service.baseUrl}/compliance/river/sign?period=${period}`);
    const hindrances = page.locator('.signing-hindrance');
    await hindrances.first().waitFor();
    const kinds = await hindrances.evaluateAll((list) => list.map((one) => (one as HTMLElement).dataset.kind));
    expect(kinds).toEqual(['not-judged']);
    const silent = town.quarter.date(town.quarter.named('outage').span.from);
    expect(await hindrances.innerText()).toContain(silent);
    await hindrances.locator('textarea').fill('10 月 20–21 日停电,设备未送数');
    await page.getByRole('button', { name: `定稿 ${period}` }).click();
    await page.locator('.signed-month').getByText('校验一致').waitFor();
    const month = await signed();
    expect(month).toMatchObject({ by: 'reviewer-here', edition: 1, intact: true, corrections: [] });
    expect(month.despite).toMatchObject([{ kind: 'not-judged' }]);
    expect(month.snapshot).toMatchObject({ rate: 100, met: 1, exceeded: 0, due: 1 });
    // A spike and a stuck probe were taken out of this month; nothing of what was taken out but the spike was over a limit.
    const stuck = town.quarter.named('stuck probe');
    const n = town.quarter.instants(OUT, 'do', stuck.span).length + 1;
    expect(month.snapshot.setAside).toMatchObject({ total: n, review: n, maintenance: 0 });
  });

  describe('the paper', () => {
    const make = async (period: string): Promise<BulletinAnswer> => {
      const response = await town.service.request('/api/v1/bulletins', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ kind: 'river-month', period }),
      });
      expect(response.status).toBe(200);
      return (await response.json()) as BulletinAnswer;
    };

    test('of the signed month says what was signed; numbers in Word and workbook are those of the API', async () => {
      const period = town.quarter.period(SIGNED);
      const head = await make(period);
      expect(head).toMatchObject({ state: 'signed' });
      const { docx, xlsx, bulletin } = await paper(town.service, head.id);
      const { snapshot } = await signed();
      const [month] = snapshot.windows;
      const digits = await decimals();
      for (const text of [docx, xlsx]) {
        expect(text).toContain('reviewer-here');
        expect(text).not.toContain('草稿');
      }
      for (const { parameter, value, limit, filled, due } of month!.findings.filter(({ counted }) => counted)) {
        const mean = number(value!, digits.get(parameter)!, limit);
        expect(docx).toContain(mean);
        expect(xlsx).toContain(inWorkbook(mean));
        for (const text of [docx, xlsx]) expect(text).toContain(`${filled}/${due}`);
      }
      expect(docx).toContain('100.0 % = 1 达标 ÷ 1 个断面月');
      expect(docx).toContain(`人工剔除 ${snapshot.setAside.total} 条(其中超限 ${snapshot.setAside.over} 条)`);
      for (const cell of bulletin.sections.flatMap(({ rows }) => rows.flat())) {
        expect(docx).toContain(cell);
        expect(xlsx).toContain(inWorkbook(cell));
      }
    });

    test('of a month that nobody signed is marked as a draft', async () => {
      const { id, state } = await make(town.quarter.period(0));
      expect(state).toBe('draft');
      const { docx, xlsx } = await paper(town.service, id);
      for (const text of [docx, xlsx]) expect(text).toContain('未审核 草稿');
      const live = await compliance(town.quarter.period(0));
      expect(docx).toContain(`0.0 % = ${live.met} 达标 ÷ ${live.met + live.exceeded} 个断面月`);
      const exceeded = live.windows[0]!.findings.find(({ parameter }) => parameter === 'nh3n')!;
      const mean = number(exceeded.value!, (await decimals()).get('nh3n')!, exceeded.limit);
      expect(docx).toContain(mean);
      expect(xlsx).toContain(inWorkbook(mean));
    });
  });

  test('what the device had kept back comes after the signature: the live figure changes, the signed one stays', async () => {
    const before = await signed();
    const { span } = town.quarter.named('outage');
    await town.send(OUT, town.quarter.messages(OUT, span, { nh3n: 12, tn: 12 }));
    const period = town.quarter.period(SIGNED);
    expect(await compliance(period)).toMatchObject({ rate: 0, exceeded: 1 });
    const after = await signed();
    expect(after).toMatchObject({ edition: 1, hash: before.hash, intact: true, snapshot: before.snapshot, live: { rate: 0 } });
    expect(after.corrections).toMatchObject([{ station: OUT, from: { verdict: 'met' }, to: { verdict: 'exceeded' } }]);
    expect(after.corrections[0]!.items.map(({ parameter }) => parameter)).toContain('nh3n');
    const { page } = reviewer;
    await page.goto(`${town.service.baseUrl}/compliance/river/sign?period=${period}`);
    const month = page.locator('.signed-month');
    await month.getByText('校验一致').waitFor();
    expect(await month.locator('.headline').innerText()).toMatch(/100/);
    const correction = await month.locator('.correction-list').innerText();
    for (const said of ['达标', '超标', '氨氮']) expect(correction).toContain(said);
    expect(await month.innerText()).toMatch(/更正后为 0/);
    const changed = await town.queue({ state: 'changed', only: 'all' });
    expect(changed.days.map(({ station, date }) => `${station}/${date}`).sort()).toEqual(
      [span.from, span.from + DAY].map((t) => `${OUT}/${town.quarter.date(t)}`),
    );
    expect(reviewer.complaints).toEqual([]);
  });

  test('a backup of the running town, restored into an empty folder, has the same rates and the same signed month', async () => {
    const began = performance.now();
    const folder = await temporaryFolder('quarter');
    try {
      const made = await town.heqing('backup', '--to', folder.path);
      expect(made).toMatchObject({ code: 0 });
      const [, file = ''] = /(heqing-\d{8}T\d{6}Z\.tar\.gz)/.exec(made.output) ?? [];
      const empty = join(folder.path, 'restored');
      const restored = await town.heqing('restore', join(folder.path, file), '--into', empty);
      expect(restored).toMatchObject({ code: 0 });
      const twin = await startService({ env: { HEQING_DATA: empty, HEQING_CONFIG: join(empty, 'config') } });
      try {
        await town.settled(twin);
        for (const month of [0, 1, SIGNED]) {
          const period = town.quarter.period(month);
          for (const window of [undefined, 'day'])
            expect(timeless(await compliance(period, window, twin))).toEqual(timeless(await compliance(period, window)));
        }
        expect(await signed(twin)).toEqual(await signed());
        expect((await town.queue({ state: 'all', only: 'all' }, twin)).counts).toEqual(
          (await town.queue({ state: 'all', only: 'all' })).counts,
        );
      } finally {
        await twin.dispose();
      }
    } finally {
      await folder.remove();
    }
    told.push(`backup, restore, start and comparison: ${seconds(began)} s`);
  });

  test('the paper of the signed month also left by itself, once, for the people of the config', async () => {
    const period = town.quarter.period(SIGNED);
    const own = async () => (await api<BulletinsAnswer>(`/bulletins?kind=river-month&period=${period}`)).bulletins;
    const [head] = await eventually(
      'the bulletin by the timetable',
      async () => {
        const scheduled = (await own()).filter((one) => one.scheduled);
        return scheduled[0]?.mails.every(({ state }) => state === 'sent') === true && scheduled;
      },
      90_000,
    );
    expect(head).toMatchObject({ state: 'signed', by: 'heqing' });
    expect(head!.mails.length).toBeGreaterThan(0);
    const mails = (await mailFiles(town.service)).filter(({ headers }) => headers.get('subject')?.includes('水质月报') === true);
    expect(mails).toHaveLength(head!.mails.length);
    // Late data made no other one.
    expect((await own()).filter((one) => one.scheduled)).toHaveLength(1);
  });
});

const seconds = (since: number): string => ((performance.now() - since) / 1000).toFixed(1);

/** Without the moment at which it was asked. */
const timeless = (answer: ComplianceAnswer): unknown => ({ ...answer, asOf: null });

/** A bulletin and the text of both its files. */
async function paper(service: RunningService, id: string) {
  const { bulletin } = await service.api<BulletinAnswer>(`/api/v1/bulletins/${id}`);
  const [docx, xlsx] = await Promise.all(
    (['docx', 'xlsx'] as const).map(async (format) => {
      const response = await service.request(`/api/v1/bulletins/${id}/${format}`);
      expect(response.status).toBe(200);
      const bytes = new Uint8Array(await response.arrayBuffer());
      mkdirSync(PAPERS, { recursive: true });
      writeFileSync(join(PAPERS, `${bulletin.kind}-${bulletin.period}.${format}`), bytes);
      const entries = [...entriesOf(bytes)].filter(([name]) =>
        /^word\/(document|footer\d*|header\d*)\.xml$|^xl\/.*\.xml$/.test(name),
      );
      return entries.map(([, bytes]) => new TextDecoder().decode(bytes).replace(/<[^>]*>/g, '\u0001')).join('\u0001');
    }),
  );
  return { bulletin, docx: plain(docx!), xlsx: plain(xlsx!) };
}

/** A workbook keeps figures as numbers; how many digits it shows is their format. */
const inWorkbook = (cell: string): string => (/^-?\d+\.\d+$/.test(cell) ? String(Number(cell)) : cell);

/** Text runs of Word are cut anywhere; cells are not. */
const plain = (text: string): string =>
  text
    .replace(/\u0001+/g, '')
    .replace(/&amp;/g, '&')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&apos;/g, "'");
