import type { Browser } from 'playwright-core';
import { startPostgres, type TestPostgres } from '../integration/support/postgres.js';
import { launch, picture, visit } from './support/browser.js';
import { GRACE_MS, startTestedProxy, type TestedProxy } from './support/seeded-proxy.js';

let browser: Browser;
let postgres: TestPostgres;
let proxy: TestedProxy;

beforeAll(async () => {
  [browser, postgres] = await Promise.all([launch(), startPostgres()]);
  proxy = await startTestedProxy({ seeded: false, environment: { DATABASE_URL: postgres.url } });
});
afterAll(async () => {
  await browser?.close();
  await proxy?.remove();
  await postgres?.remove();
});

describe('a dead database', () => {
  it('costs no search; the page says that history is missing, and heals by itself', async () => {
    const statuses: number[] = [];
    let loading = true;
    const load = (async () => {
      while (loading) statuses.push(await proxy.search('DEP:69'));
    })();
    try {
      const { page, close } = await visit(browser);
      await page.goto(`${proxy.url}/_territory/dashboard`);
      await page.getByText('Live', { exact: true }).waitFor();
      const missing = page.locator('.note[data-kind="missing"]');
      await missing.waitFor({ state: 'detached' });

      await postgres.kill();
      await missing.waitFor();
      await page.screenshot({ path: picture('dashboard-history-missing') });
      await page.getByText('Live', { exact: true }).waitFor();
      // Said once, not twice.
      await expect(
        page.getByText('the log says why', { exact: false }).and(page.locator('.hero *')).count(),
      ).resolves.toBe(1);
      const during = statuses.length;

      await postgres.start();
      await missing.waitFor({ state: 'detached' });
      expect(statuses.length).toBeGreaterThan(during);
      await close();
    } finally {
      loading = false;
      await load;
    }
    expect(new Set(statuses)).toEqual(new Set([200]));
  });

  it('and a page that listens do not hold the proxy up when it ends; the page says that it is gone', async () => {
    const { page, close } = await visit(browser);
    await page.goto(`${proxy.url}/_territory/dashboard`);
    await page.getByText('Live', { exact: true }).waitFor();
    // Who listens has no end of its own, and would be waited for as long as any request is.
    await expect(proxy.stop()).resolves.toBeLessThan(GRACE_MS / 2);
    await page.getByText(/Connection lost at/).waitFor();
    await close();
  });
});
