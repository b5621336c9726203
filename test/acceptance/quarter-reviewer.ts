/** How does a reviewer work through the queue? With the keys that the page's legend names, by what the page shows. */
/// <reference lib="dom" />
import { expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import { DAY, HOUR, type Instant, MINUTE } from '../../src/domain/time.js';
import { eventually, pause } from '../support/eventually.js';
import type { Planted, Quarter } from './quarter-plan.js';
import type { Person } from './quarter-town.js';

/** Readings that Shift moves the cursor by. */
const FAR = 12;

/** After a decision the days behind it are judged anew. */
const WITHIN = 30_000;

/** One person at the desk of the review. */
export class Reviewer {
  constructor(
    private readonly person: Person,
    private readonly quarter: Quarter,
    private readonly address: string,
  ) {}

  private get page(): Page {
    return this.person.page;
  }

  /** Opens the queue of the quarter, or of what is asked for, as a link would. */
  async open(asked: Readonly<Record<string, string>>): Promise<void> {
    const { from, to } = this.quarter.span;
    const query = new URLSearchParams({ from: this.quarter.date(from), to: this.quarter.date(to - DAY), ...asked });
    await this.page.goto(`${this.address}/review?${query}`);
    await this.page.locator('.review-page .counts').waitFor();
  }

  /** Goes through every day listed, one after the other, decides what is false, and passes each by this key; the days in the order in which they came. */
  async work(pass: 'a' | 'c', decide: boolean): Promise<string[]> {
    const seen: string[] = [];
    const listed = this.page.locator('.review-list li');
    if ((await listed.count()) === 0) return seen;
    await this.press('j');
    for (;;) {
      const day = await this.openDay(seen.at(-1));
      seen.push(day);
      const [station = '', date = ''] = day.split('/');
      if (decide)
        for (const fault of this.quarter.on(station, date))
          if (fault.truth === 'false')
            for (const parameter of fault.parameters) await this.takeOut(fault, station, parameter, date);
      await this.press(pass);
      const left = await eventually(
        `${day} is passed`,
        async () => {
          const problem = this.page.locator('.review-day .problem');
          if ((await problem.count()) > 0) throw new Error(await problem.first().innerText());
          if ((await this.shown()) !== day) return 'more';
          return (await listed.count()) === 0 && 'none';
        },
        WITHIN,
      );
      if (left === 'none') return seen;
    }
  }

  /** 一并初审: a click, and a confirmation. */
  async bulk(): Promise<string> {
    await this.page.getByRole('button', { name: /^一并初审/ }).click();
    await this.page.getByRole('button', { name: '确认' }).click();
    const said = this.page.locator('.review-page .said');
    await said.waitFor();
    return said.innerText();
  }

  /** Picks the false span of one item by the cursor, and sets it invalid. */
  private async takeOut(fault: Planted, station: string, parameter: string, date: string): Promise<void> {
    const start = Date.parse(`${date}T00:00:00+08:00`);
    const within = { from: Math.max(start, fault.span.from), to: Math.min(start + DAY, fault.span.to) };
    const instants = this.quarter.instants(station, parameter, within);
    const [first, last] = [instants[0]!, instants.at(-1)!];
    await this.choose(parameter);
    const decisions = this.page.locator('.review-past [data-decision]');
    const before = await decisions.count();
    await this.moveTo(first, this.quarter.cadence(station, parameter));
    await this.press('[');
    await this.moveTo(last, this.quarter.cadence(station, parameter));
    await this.press(']');
    expect(await this.caption()).toContain(`已选 ${clock(first)}–${clock(last)}`);
    await this.press('i');
    await this.press(fault.reason!);
    await this.page.locator('.review-decide .preview', { hasText: `这段共 ${instants.length} 条测值` }).waitFor();
    await this.press('Enter');
    await eventually(
      `${fault.name}: ${parameter} is decided`,
      async () => (await decisions.count()) === before + 1 && this.page.locator('.review-day .told').isVisible(),
      WITHIN,
    );
  }

  /** Turns to an item. */
  private async choose(parameter: string): Promise<void> {
    const chosen = this.page.locator('.review-day .items [aria-pressed=true]');
    await chosen.waitFor();
    for (let code = await chosen.getAttribute('data-item'); code !== parameter;) {
      await this.press('p');
      const was = code;
      code = await eventually('the next item', async () => {
        const now = await chosen.getAttribute('data-item');
        return now !== was && now;
      });
    }
    // The first press only shows the cursor, once the readings are there.
    await eventually('the cursor', async () => {
      if ((await this.cursor()) !== null) return true;
      await this.press('ArrowRight');
      await pause(100);
      return false;
    });
  }

  /** Moves the cursor to a time of the day, by what is written under the chart, which begins two hours before the day. */
  private async moveTo(to: Instant, cadence: number): Promise<void> {
    let isBefore = false;
    await eventually(
      `the cursor at ${clock(to)}`,
      async () => {
        const at = await this.cursor();
        if (at === clock(to)) return true;
        if (at === null) throw new Error('there is no cursor');
        const readings = (minutes(clock(to)) - minutes(at) + (isBefore ? 1440 : 0)) / (cadence / MINUTE);
        const key = readings < 0 ? 'ArrowLeft' : 'ArrowRight';
        for (let i = 0; i < Math.floor(Math.abs(readings) / FAR); i++) await this.press(`Shift+${key}`);
        for (let i = 0; i < Math.abs(readings) % FAR; i++) await this.press(key);
        await pause(100);
        // It stands at the left end: 22:00 was that of the day before.
        isBefore = (await this.cursor()) === at;
        throw new Error(`it stood at ${at}: ${await this.caption()}`);
      },
      WITHIN,
    );
  }

  /** Where the cursor stands, `08:00`; `null`: there is none yet. */
  private async cursor(): Promise<string | null> {
    return /光标 (\d\d:\d\d)/.exec(await this.caption())?.[1] ?? null;
  }

  private caption(): Promise<string> {
    return this.page.locator('.review-chart figcaption').innerText();
  }

  private async press(key: string): Promise<void> {
    this.person.keys++;
    await this.page.keyboard.press(key);
  }

  private shown(): Promise<string | null> {
    return this.page.locator('.review-day').getAttribute('data-open-day');
  }

  /** The day that is open once its material is there, another than this one. */
  private openDay(not: string | undefined): Promise<string> {
    return eventually(
      'a day is open',
      async () => {
        if (!(await this.page.locator('.review-day').isVisible())) return false;
        const day = await this.shown();
        if (day === null || day === not) return false;
        return (await this.page.locator('.review-day h2', { hasText: day.split('/')[1]! }).isVisible()) && day;
      },
      WITHIN,
    );
  }
}

const clock = (t: Instant): string => new Date(t + 8 * HOUR).toISOString().slice(11, 16);
const minutes = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
