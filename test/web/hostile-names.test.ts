/** Is a name what it is, whatever stands in it? Every address, with a station whose name would run if it were taken for markup. */
/// <reference lib="dom" />
import { expect, test } from '@jest/globals';
import { ADDRESSES } from '../../src/web/addresses.js';
import { alertFile, card, chiefs } from './chief-fixtures.js';
import { describeInChromium } from './chromium.js';

const NAME = '<img src=x onerror=alert(1)>';
const PLACES: Readonly<Record<string, string>> = {
  station: '/stations/nankeng-out',
  'compliance-target': '/compliance/river?window=day',
  alert: '/alerts/a1',
  chief: '/chiefs/chief-changtan',
  wall: '/wall?show=river',
};
/** Pages that name a station of the fixtures as soon as they are open. */
const NAMING = ['overview', 'river', 'stations', 'station', 'alerts', 'alert', 'chief', 'wall'];

describeInChromium('a station by the name of markup', (look) => {
  test('is text at every address, and in the title of its page', async () => {
    const { state, others } = look.service;
    Object.assign(state, { loggedIn: true, role: 'admin', renamed: ['南坑河出境断面', NAME] });
    others.set('GET /chiefs', chiefs);
    others.set('GET /chiefs/chief-changtan', card);
    others.set('GET /alerts/a1', alertFile);
    await look.open({ viewport: { width: 1440, height: 3000 } }, 'help');
    const dialogs: string[] = [];
    look.page.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    const named: string[] = [];
    for (const { name, path } of ADDRESSES) {
      const at = PLACES[name] ?? path.replace(/:\w+/g, 'nankeng-out');
      await look.page.goto(new URL(at, look.service.url).href);
      await look.page.waitForTimeout(400);
      const found = await look.page.evaluate((text) => {
        const marked = document.querySelectorAll('img[src="x"], [onerror]').length;
        return { marked, says: document.body.innerText.includes(text) || document.title.includes(text) };
      }, NAME);
      expect([name, found.marked, dialogs]).toEqual([name, 0, []]);
      if (found.says) named.push(name);
    }
    expect(named).toEqual(expect.arrayContaining(NAMING));
  });
});
