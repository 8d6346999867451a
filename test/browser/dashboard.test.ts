import type { Browser, Page } from 'playwright-core';
import { WallClock } from '../../src/api/web/wall-clock.js';
import { fits, graveFaults, launch, picture, visit } from './support/browser.js';
import { eventually } from './support/patience.js';
import { startTestedProxy, type TestedProxy } from './support/seeded-proxy.js';

/** Points in the last tenth of a chart that have the colour of marks. */
const MARKED = `(() => {
  const canvas = document.querySelector('.trends canvas');
  const [r, g, b] = getComputedStyle(document.documentElement).getPropertyValue('--mark').match(/\\w\\w/g)
    .map((hex) => Number.parseInt(hex, 16));
  const from = Math.floor(canvas.width * 0.85);
  const { data } = canvas.getContext('2d').getImageData(from, 0, canvas.width - from, canvas.height);
  let count = 0;
  for (let i = 0; i < data.length; i += 4)
    if (data[i] === r && data[i + 1] === g && data[i + 2] === b && data[i + 3] === 255) count += 1;
  return count;
})()`;

/** Notes in `loadedWithin` how long it took from the visit until the page had loaded and said how things are. */
const LOADED = `new MutationObserver((_, observer) => {
  const word = document.querySelector('.hero:not([data-state="loading"]) h1');
  if (word === null) return;
  observer.disconnect();
  const note = () => { window.loadedWithin = performance.now(); };
  if (document.readyState === 'complete') note();
  else addEventListener('load', note);
}).observe(document, { subtree: true, childList: true, attributes: true })`;

const HOUR = 3_600_000;
const clock = new WallClock('Europe/Paris');

/** Chooses a span of the charts, and waits until they show it. */
async function choose(page: Page, name: string): Promise<void> {
  const radio = page.getByRole('radio', { name });
  await radio.press('Space');
  await page
    .locator(`.trends .grid[data-range="${await radio.getAttribute('value')}"] canvas`)
    .nth(7)
    .waitFor();
}

let browser: Browser;
let proxy: TestedProxy;
let address: string;

beforeAll(async () => {
  [browser, proxy] = await Promise.all([launch(), startTestedProxy()]);
  address = `${proxy.url}/_territory/dashboard`;
  for (const territory of ['DEP:69', 'COM:69123', 'REG:84 - DEP:69', 'DEP:69', 'COM:234'])
    await proxy.search(territory);
  await eventually(async () => {
    const report = await fetch(`${proxy.url}/_territory/standup`);
    return ((await report.json()) as { anomalies: unknown[] }).anomalies.length > 0;
  });
});
afterAll(async () => {
  await browser?.close();
  await proxy?.remove();
});

describe('the stand-up page', () => {
  it('loads in under a second, and shows the seeded anomaly with its sentence', async () => {
    const { page, close } = await visit(browser);
    await page.addInitScript(LOADED);
    // The best of several visits: one that met a busy machine says nothing of the page. The first pays for what any later
    // one has, the browser's own start.
    let best = Number.POSITIVE_INFINITY;
    for (let visits = 0; visits < 30 && best >= 1_000; visits += 1) {
      await page.goto(address, { waitUntil: 'load' });
      await page.getByRole('heading', { name: 'Look at this' }).waitFor();
      best = Math.min(best, await page.evaluate<number>('loadedWithin'));
    }
    expect(best).toBeLessThan(1_000);
    const item = page.getByRole('listitem').filter({ hasText: /units in DEP:69 \(Rhône\)/ });
    await expect(item.first().textContent()).resolves.toMatch(
      /Searches without hits for units in DEP:69 \(Rhône\): \d+\s% since .* usually .* the tree changed on .*68 communes removed/,
    );
    await page.getByText('Demo history').waitFor();
    await close();
  });

  it('opens the chart that shows an anomaly, with its marks in words and its values as a table', async () => {
    const { page, close } = await visit(browser);
    await page.goto(address);
    const lost = page.getByRole('listitem').filter({ hasText: /units in DEP:69 \(Rhône\)/ });
    await lost.getByRole('button', { name: 'Show the chart' }).first().press('Enter');
    const place = page.locator('.anomalies .place');
    await place.locator('canvas').waitFor();
    await expect(place.getByRole('heading').textContent()).resolves.toBe('Searches without hits: DEP:69');
    await expect(place.locator('.marks').textContent()).resolves.toMatch(/delivery.*68 communes removed/s);
    await expect(place.getByRole('img').getAttribute('aria-label')).resolves.toMatch(
      /lately \d+(\.\d+)?\s%.*68 communes removed\.$/,
    );
    await place.getByText('As a table').click();
    await place.locator('tbody tr').nth(24).waitFor({ state: 'attached' });
    await close();
  });

  it('tells what was asked, what a code probably meant, and what changed in the map', async () => {
    const { page, close } = await visit(browser);
    await page.goto(address);
    await page.locator('.lists').getByText('COM:69123').first().waitFor();
    await expect(page.locator('.panel', { hasText: 'Unknown codes' }).textContent()).resolves.toContain(
      'probably meant COM:01234',
    );
    const map = page.locator('.map-of-territories');
    await map.getByText('68 communes removed').click();
    await expect(map.locator('.changed li').count()).resolves.toBeGreaterThan(10);
    await expect(map.textContent()).resolves.toContain('34,969');
    await close();
  });

  it('draws yesterday, the last week and four weeks, with what happened in them', async () => {
    const { page, close } = await visit(browser);
    await page.goto(address);
    const requests = page.locator('.trends article', { hasText: 'Requests a minute' });
    for (const [name, days, step, first] of [
      ['Last week', 7, HOUR, false],
      ['Four weeks', 28, 24 * HOUR, true],
      ['Yesterday and today', 1, HOUR, false],
    ] as const) {
      // From the midnight that the span begins with up to now, by the hour or by the day of UTC.
      const rows = () => {
        const now = Date.now();
        return Math.floor(now / step) - Math.floor(clock.midnight(now, days) / step) + 1;
      };
      const least = rows();
      await choose(page, name);
      const chart = requests.getByRole('img', { name: /^Requests a minute: lately/ });
      await chart.waitFor();
      await requests.getByText('As a table').click();
      await eventually(async () => (await requests.locator('tbody tr').count()) > 0);
      const shown = await requests.locator('tbody tr').count();
      // An hour may have passed meanwhile, and at midnight a day of them.
      expect([least, rows()]).toContain(shown);
      // The history began two weeks ago, with a map of its own.
      expect((await chart.getAttribute('aria-label'))?.includes('the history begins')).toBe(first);
      await requests.getByText('As a table').click();
    }
    await close();
  });

  it('tells what a mark is of who points at it, with a finger or with the keyboard', async () => {
    const { page, close } = await visit(browser);
    await page.goto(address);
    const card = page.locator('.trends article', { hasText: 'Hits a search' });
    const canvas = card.locator('.canvas');
    // In it the map changed, whatever day begins meanwhile.
    await choose(page, 'Last week');
    await card.locator('canvas').waitFor();
    await canvas.focus();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowRight');
    await expect(card.getByRole('status').textContent()).resolves.toMatch(/new tree \w+: 68 communes removed/);
    await page.keyboard.press('End');
    await expect(card.getByRole('status').textContent()).resolves.not.toMatch(/new tree/);
    await page.keyboard.press('Tab');
    await card.locator('.readout').waitFor({ state: 'hidden' });

    const told = async () => {
      await canvas.scrollIntoViewIfNeeded();
      const { x, y, width } = (await canvas.boundingBox()) as { x: number; y: number; width: number };
      // An hour of a week is little more than a pixel.
      for (let at = 0; at < width; at++) {
        await page.mouse.move(x + at, y + 60);
        const text = (await card.locator('.readout').textContent()) ?? '';
        if (text.includes('68 communes removed')) return text;
      }
      return '';
    };
    // Once more where the page moved meanwhile.
    await eventually(async () => /(Wed|Thu|Fri|Sat|Sun|Mon|Tue).*68 communes removed/.test(await told()));
    await close();
  });

  it('marks a new map on the charts at once, not only when its hour is over', async () => {
    const { page, close } = await visit(browser);
    const hour = Math.floor(Date.now() / 3_600_000) * 3_600_000;
    await page.clock.install({ time: hour + 45 * 60_000 });
    const mark = { time: hour + 40 * 60_000, kind: 'tree', sentence: { en: 'new', fr: 'neuf' }, seeded: false };
    await page.route(/\/marks\?/, (route) => route.fulfill({ json: { marks: [mark] } }));
    await page.goto(address);
    await page.locator('.trends canvas').nth(7).waitFor();
    await eventually(async () => ((await page.evaluate(MARKED)) as number) > 20);
    await close();
  });

  it('shows the times of the proxy, as its sentences do, to readers of any zone, and says so', async () => {
    const seen = [];
    // At one moment, and of one report: an hour or a day may begin between two visits.
    const now = Date.now();
    const report = await (await fetch(`${proxy.url}/_territory/standup`)).json();
    for (const timezoneId of ['Europe/Paris', 'America/New_York', 'Asia/Tokyo']) {
      const { page, close } = await visit(browser, { timezoneId });
      await page.clock.setFixedTime(now);
      await page.route('**/_territory/standup', (route) => route.fulfill({ json: report }));
      const asked = page.waitForRequest((request) => request.url().includes('/history?'));
      await page.goto(address);
      await page.getByRole('button', { name: 'Show the chart' }).first().click();
      await page.locator('.place canvas').waitFor();
      await page.locator('.place').getByText('As a table').click();
      seen.push({
        since: (await page.locator('.anomalies .since').first().textContent())?.replace(/ \(.*/, ''),
        marks: await page.locator('.place .marks').textContent(),
        from: new URL((await asked).url()).searchParams.get('from'),
        row: await page.locator('.place tbody tr').last().textContent(),
      });
      const zone = await page.locator('.zone').textContent();
      expect(zone).toBe(
        timezoneId === 'Europe/Paris' ? 'Times of Europe/Paris' : `Times of Europe/Paris, not of ${timezoneId}`,
      );
      await close();
    }
    expect(seen[1]).toEqual(seen[0]);
    expect(seen[2]).toEqual(seen[0]);
    expect(seen[0]?.row).toMatch(/, 00:00/);
  });

  it('does not lose a click on what is drawn anew meanwhile', async () => {
    const { page, close } = await visit(browser);
    await page.clock.install();
    await page.goto(address);
    await page.locator('.trends canvas').nth(7).waitFor();
    const card = page.locator('.trends article', { hasText: 'Hits a search' });
    await card.getByText('As a table').hover();
    await page.mouse.down();
    const anew = page.waitForResponse((response) => response.url().includes('/history?'));
    await page.clock.fastForward(60_000);
    await (await anew).finished();
    await page.evaluate('new Promise((drawn) => setTimeout(drawn, 300))');
    await page.mouse.up();
    await card.locator('tbody tr').first().waitFor();
    await close();
  });

  it('leaves the keyboard where it is when a graver anomaly comes', async () => {
    const { page, close } = await visit(browser);
    const report = (await (await fetch(`${proxy.url}/_territory/standup`)).json()) as { anomalies: object[] };
    const graver = { ...report, anomalies: [{ ...report.anomalies[0], id: 'graver' }, ...report.anomalies] };
    let told: object = report;
    await page.clock.install();
    await page.route('**/_territory/standup', (route) => route.fulfill({ json: told }));
    await page.goto(address);
    const buttons = page.locator('.anomalies').getByRole('button', { name: 'Show the chart' });
    await buttons.last().focus();
    told = graver;
    // Nothing is heard for so long that the page connects again, and asks for all of it.
    await page.clock.fastForward(20_000);
    await page.clock.fastForward(5_000);
    await buttons.nth(report.anomalies.length).waitFor();
    const focused = buttons.last().evaluate((button) => button === button.ownerDocument.activeElement);
    await expect(focused).resolves.toBe(true);
    await close();
  });

  it('is told of what happens', async () => {
    const { page, close } = await visit(browser);
    await page.goto(address);
    await page.getByText('Live', { exact: true }).waitFor();
    const link = page.locator('.lists').getByRole('link', { name: 'DEP:69' });
    await link.focus();
    await proxy.search('DEP:38');
    await eventually(async () => (await page.locator('.now dd').first().textContent()) !== '0');
    // In the lists too, soon, and who is there with the keyboard stays there.
    await page.locator('.lists').getByText('Isère').waitFor();
    await expect(link.evaluate((element) => element.ownerDocument.activeElement === element)).resolves.toBe(true);
    await close();
  });

  it('writes nothing to the console, asks no other machine, and has no grave accessibility fault', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page, written, asked, close } = await visit(browser, { colorScheme });
      const response = await page.goto(address);
      expect(response?.headers()['content-security-policy']).toMatch(/default-src 'none'.*script-src 'self'/);
      await page.locator('.trends canvas').nth(7).waitFor();
      await expect(graveFaults(page)).resolves.toEqual([]);
      expect(written).toEqual([]);
      expect(asked.filter((url) => !url.startsWith(`${proxy.url}/_territory/`))).toEqual([]);
      await close();
    }
  });

  it('speaks French to who reads French, and remembers who chose otherwise', async () => {
    const { page, close } = await visit(browser, { locale: 'fr-FR' });
    await page.goto(address);
    await page.getByRole('heading', { name: 'À regarder' }).waitFor();
    await expect(page.locator('html').getAttribute('lang')).resolves.toBe('fr');
    await page.getByRole('button', { name: 'Voir la courbe' }).first().click();
    const marks = page.locator('.marks li');
    await marks.first().waitFor();
    const texts = await marks.allTextContents();
    expect(texts.join()).toMatch(/nouvelle carte \w+/);
    expect(texts.join()).not.toMatch(/tree|removed|started/);
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('heading', { name: 'Look at this' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Look at this' }).waitFor();
    await close();
  });

  it.each([390, 1280, 1920])('fits a screen of %i pixels, light and dark', async (width) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const height = width < 500 ? 844 : 1080;
      const { page, close } = await visit(browser, { colorScheme, viewport: { width, height } });
      await page.goto(address);
      await page.locator('.trends canvas').nth(7).waitFor();
      await page.screenshot({ path: picture(`dashboard-${width}-${colorScheme}`), fullPage: true });
      await fits(page);
      await close();
    }
  });
});
