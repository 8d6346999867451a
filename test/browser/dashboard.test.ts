import type { Browser } from 'playwright-core';
import { until } from '../integration/support/territory-proxy.js';
import { graveFaults, launch, picture, visit } from './support/browser.js';
import { startTestedProxy, type TestedProxy } from './support/seeded-proxy.js';

let browser: Browser;
let proxy: TestedProxy;
let address: string;

beforeAll(async () => {
  [browser, proxy] = await Promise.all([launch(), startTestedProxy()]);
  address = `${proxy.url}/_territory/dashboard`;
  for (const territory of ['DEP:69', 'COM:69123', 'REG:84 - DEP:69', 'DEP:69', 'COM:234'])
    await proxy.search(territory);
  await until(async () => {
    const report = await fetch(`${proxy.url}/_territory/standup`);
    return ((await report.json()) as { anomalies: unknown[] }).anomalies.length > 0;
  }, 60_000);
});
afterAll(async () => {
  await browser?.close();
  await proxy?.remove();
});

describe('the stand-up page', () => {
  it('loads in under a second, and shows the seeded anomaly with its sentence', async () => {
    // The first visit pays for what any later one has: the browser's own start.
    await (await visit(browser)).page.goto(address);
    const { page, close } = await visit(browser);
    const started = Date.now();
    await page.goto(address, { waitUntil: 'load' });
    await page.getByRole('heading', { name: 'Look at this' }).waitFor();
    expect(Date.now() - started).toBeLessThan(1_000);
    const item = page.getByRole('listitem').filter({ hasText: /units in DEP:69 \(Rhône\)/ });
    await expect(item.first().textContent()).resolves.toMatch(
      /Searches without hits for units in DEP:69 \(Rhône\): \d+ % since .* usually .* the tree changed on .*68 communes removed/,
    );
    await expect(page.getByText('Demo history').count()).resolves.toBe(1);
    await close();
  });

  it('opens the chart that shows an anomaly, with its marks in words and its values as a table', async () => {
    const { page, close } = await visit(browser);
    await page.goto(address);
    await page.getByRole('button', { name: 'Show the chart' }).first().press('Enter');
    const place = page.locator('.anomalies .place');
    await place.locator('canvas').waitFor();
    await expect(place.getByRole('heading').textContent()).resolves.toBe('Searches without hits: DEP:69');
    await expect(place.locator('.marks').textContent()).resolves.toMatch(/delivery.*68 communes removed/s);
    await expect(place.getByRole('img').getAttribute('aria-label')).resolves.toMatch(/lately \d+(\.\d+)?%/);
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

  it('draws yesterday, the last week and four weeks', async () => {
    const { page, close } = await visit(browser);
    await page.goto(address);
    for (const [name, days] of [
      ['Last week', 8],
      ['Four weeks', 15],
      ['Yesterday and today', 2],
    ] as const) {
      const answer = page.waitForResponse((response) => response.url().includes('/history?'));
      await page.getByRole('radio', { name }).check({ force: true });
      await answer;
      await page.locator('.trends article').nth(7).locator('canvas').waitFor();
      expect(days).toBeGreaterThan(0);
    }
    await close();
  });

  it('is told of what happens, says when it hears nothing, and comes back by itself', async () => {
    const { page, close } = await visit(browser);
    await page.goto(address);
    await page.getByText('Live', { exact: true }).waitFor();
    await proxy.search('DEP:38');
    await until(async () => (await page.locator('.now dd').first().textContent()) !== '0');
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
      await expect(page.evaluate('document.documentElement.scrollWidth - innerWidth')).resolves.toBeLessThanOrEqual(0);
      await close();
    }
  });
});
