import type { Browser } from 'playwright-core';
import { graveFaults, launch, picture, visit } from './support/browser.js';
import { startTestedProxy, type TestedProxy } from './support/seeded-proxy.js';

let browser: Browser;
let proxy: TestedProxy;

beforeAll(async () => {
  [browser, proxy] = await Promise.all([launch(), startTestedProxy({ seeded: false })]);
});
afterAll(async () => {
  await browser?.close();
  await proxy?.remove();
});

describe('the page of the API', () => {
  it.each(['light', 'dark'] as const)(
    'asks nobody outside, writes nothing to the console under a policy without inline styles, and has no grave fault (%s)',
    async (colorScheme) => {
      const { page, written, asked, close } = await visit(browser, { colorScheme });
      const response = await page.goto(`${proxy.url}/_territory/docs`);
      expect(response?.headers()['content-security-policy']).not.toContain('unsafe');
      await page.getByRole('heading', { name: 'What Elasticsearch would get of a request' }).waitFor();
      await page.screenshot({ path: picture(`docs-1280-${colorScheme}`) });
      // Drawn with its styles: the menu stands beside the text.
      const menu = await page.locator('.menu-content').boundingBox();
      expect(menu?.width).toBeLessThan(400);
      await expect(graveFaults(page)).resolves.toEqual([]);
      expect(written).toEqual([]);
      expect(asked.filter((url) => !url.startsWith(`${proxy.url}/_territory/`) && !url.startsWith('data:'))).toEqual(
        [],
      );
      await close();
    },
  );
});
