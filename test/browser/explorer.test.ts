import type { Page } from 'playwright-core';
import { TerritoryTree } from '../../src/territory/tree.js';
import { fits, graveFaults, picture, stopClock, type Visit } from './support/browser.js';
import { eventually } from './support/patience.js';
import { startTestedProxy } from './support/seeded-proxy.js';
import { setStage } from './support/stage.js';

const MARKUP = '<img src=x onerror="document.title=1"><script>document.title=2</script>';

const stage = setStage({ seeded: false });
const address = () => `${stage.proxy.url}/_territory/explorer`;

async function open(options = {}, at = address()): Promise<Visit> {
  const opened = await stage.visit(options);
  await opened.page.goto(at);
  return opened;
}

const field = (page: Page) => page.getByRole('combobox', { name: /name/ });
const title = (page: Page) => page.locator('#territory');

describe('the explorer', () => {
  it('finds Grand Lyon by what everybody calls it, and shows it on the map and as a tree', async () => {
    const { page, written, asked, close } = await open();
    // At one go: what is suggested for the first letters may come at any time while the next ones are typed.
    await field(page).fill('grand lyon');
    const option = page.getByRole('option', { name: /Métropole de Lyon/ });
    await option.waitFor();
    await field(page).press('ArrowDown');
    await expect(option.getAttribute('aria-selected')).resolves.toBe('true');
    await field(page).press('Enter');
    await title(page).filter({ hasText: 'Métropole de Lyon' }).waitFor();
    await expect(page.locator('.forms code').first().textContent()).resolves.toBe('territory:EPCI:200046977');
    await expect(page.locator('.lead').textContent()).resolves.toMatch(/1,4\d\d,\d{3} inhabitants/);
    await expect(page.locator('.france path[data-id="69"]').getAttribute('data-shade')).resolves.toMatch(/[1-4]/);
    await expect(page.locator('.france path[data-shade="0"]').count()).resolves.toBe(95);
    await page
      .getByRole('treeitem', { name: /Villeurbanne|Vaulx-en-Velin|Albigny/ })
      .first()
      .waitFor();
    await expect(graveFaults(page)).resolves.toEqual([]);
    expect(written).toEqual([]);
    expect(asked.filter((url) => !url.startsWith(`${stage.proxy.url}/_territory/`))).toEqual([]);
    await close();
  });

  it('finds a department by its number, and all of it is dark', async () => {
    const { page, close } = await open();
    await field(page).fill('69');
    await page.getByRole('option', { name: /Rhône/ }).first().waitFor();
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await title(page)
      .filter({ hasText: /^Rhône$/ })
      .waitFor();
    await expect(page.locator('.france path[data-id="69"]').getAttribute('data-shade')).resolves.toBe('5');
    // What is shown is what the query below asks for, until somebody writes another one.
    const body = page.locator('.rewrite textarea');
    await expect(body.inputValue()).resolves.toContain('"territory": "DEP:69"');
    await body.fill('{"query": {"term": {"territory": "DEP:01"}}}');
    await field(page).fill('DEP:75');
    await field(page).press('Enter');
    await title(page).filter({ hasText: 'Paris' }).waitFor();
    await expect(body.inputValue()).resolves.toBe('{"query": {"term": {"territory": "DEP:01"}}}');
    await close();
  });

  it('has room for a long expression', async () => {
    const long = Array.from({ length: 40 }, (_, i) => `DEP:${i + 21}`).join(' | ');
    const { page, close } = await open(
      { viewport: { width: 390, height: 844 } },
      `${address()}#${encodeURIComponent(long)}`,
    );
    await title(page).filter({ hasText: 'DEP:60' }).waitFor();
    await page.screenshot({ path: picture('explorer-long-390-light'), fullPage: true });
    await fits(page);
    await expect(page.evaluate('document.getElementById("territory").offsetHeight')).resolves.toBeLessThan(500);
    await close();
  });

  it('shows an expression, the way back, and departments overseas as tiles', async () => {
    const { page, close } = await open();
    await field(page).fill('REG:84 - DEP:69');
    await field(page).press('Enter');
    await title(page).filter({ hasText: 'REG:84 - DEP:69' }).waitFor();
    await expect(page.locator('.france path:not([data-shade="0"])').count()).resolves.toBe(11);
    await field(page).fill('CNTRY:F');
    await field(page).press('Enter');
    await title(page).filter({ hasText: 'France' }).waitFor();
    await expect(page.locator('.overseas li', { hasText: 'Mayotte' }).count()).resolves.toBe(1);
    await page.goBack();
    await title(page).filter({ hasText: 'REG:84 - DEP:69' }).waitFor();
    await close();
  });

  it('says what is unknown, and offers what was probably meant', async () => {
    const { page, close } = await open();
    await field(page).fill('COM:234');
    await field(page).press('Enter');
    await page.getByRole('button', { name: 'COM:01234' }).click();
    await title(page).waitFor();
    await field(page).fill('Nowhere at all');
    await field(page).press('Enter');
    await page.getByRole('alert').filter({ hasText: 'No unit is called' }).waitFor();
    await close();
  });

  it('shows what lies inside one unit as a tree, which opens step by step, no more than fifty at once', async () => {
    const { page, close } = await open({}, `${address()}#DEP:69`);
    const items = page.getByRole('treeitem');
    const more = page.getByRole('treeitem', { name: /more …/ });
    await more.waitFor();
    await eventually(async () => (await items.count()) === 52);
    await items.first().focus();
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await eventually(async () => (await items.count()) === 102);
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowLeft');
    await expect(items.first().getAttribute('aria-expanded')).resolves.toBe('false');
    await close();
  });

  it('copies the shorthand', async () => {
    const { page, close } = await stage.visit({ permissions: ['clipboard-read', 'clipboard-write'] });
    // By a clock that is stopped: that it was copied is said for two seconds.
    await page.clock.install();
    await page.goto(`${address()}#DEP:69`);
    const button = page.getByRole('button', { name: 'Copy: Query string' });
    await button.waitFor();
    await stopClock(page);
    await button.click();
    await button.filter({ hasText: 'Copied' }).waitFor();
    await expect(page.evaluate('navigator.clipboard.readText()')).resolves.toBe('territory:DEP:69');
    await page.clock.runFor(2_000);
    await button.filter({ hasText: /^Copy$/ }).waitFor();
    await close();
  });

  it('shows a query beside what Elasticsearch would get, the replaced place marked', async () => {
    const { page, close } = await open();
    await page.getByRole('button', { name: 'Rewrite' }).click();
    const marks = page.locator('.result mark');
    await marks.first().waitFor();
    const marked = await marks.allTextContents();
    expect(marked.join('')).toContain('territory_path');
    expect(marked.join('')).not.toContain('salaire');
    await page.locator('.rewrite textarea').fill('');
    await page.locator('.rewrite input').fill('/articles/_search?q=salaire AND territory:DEP:69');
    await page.getByRole('button', { name: 'Rewrite' }).click();
    const sent = page.locator('.result pre').first();
    await sent.filter({ hasText: /^\/articles\/_search\?q=salaire AND / }).waitFor();
    await sent.locator('mark', { hasText: '"DEP:69"' }).waitFor();
    await close();
  });

  it.each([390, 1280, 1920])('fits a screen of %i pixels, light and dark', async (width) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const height = width < 500 ? 844 : 1080;
      const { page, close } = await open({ colorScheme, viewport: { width, height } }, `${address()}#EPCI:200046977`);
      await page.locator('.france path').first().waitFor();
      await page.getByRole('button', { name: 'Rewrite' }).click();
      await page.locator('.result mark').first().waitFor();
      await page.screenshot({ path: picture(`explorer-${width}-${colorScheme}`), fullPage: true });
      await expect(graveFaults(page)).resolves.toEqual([]);
      await fits(page);
      await close();
    }
  });
});

describe('what comes from outside', () => {
  it('is text, whatever it holds; and a map of another country hides', async () => {
    const units = [
      { code: 'STATE:IL', label: MARKUP },
      { code: 'CITY:1', label: `Springfield ${MARKUP}`, parents: ['STATE:IL'] },
    ];
    const snapshot = Buffer.from(TerritoryTree.build(units).toBuffer());
    const foreign = await startTestedProxy({ seeded: false, snapshot });
    try {
      await foreign.search('CITY:1');
      await foreign.search(MARKUP);
      const { page, written, close } = await open({}, `${foreign.url}/_territory/explorer`);
      await field(page).pressSequentially('springfield');
      await page.getByRole('option', { name: MARKUP }).waitFor();
      await field(page).fill('STATE:IL');
      await field(page).press('Enter');
      await title(page).filter({ hasText: MARKUP }).waitFor();
      await expect(page.locator('.france').count()).resolves.toBe(0);
      await page.getByRole('treeitem', { name: /Springfield/ }).waitFor();
      await page.goto(`${foreign.url}/_territory/explorer#${encodeURIComponent('<i onclick=nothing>')}`);
      await page.getByRole('alert').filter({ hasText: '<i onclick=nothing>' }).waitFor();
      await page.goto(`${foreign.url}/_territory/dashboard`);
      await page.locator('.bars').getByText('Springfield').first().waitFor();
      await expect(page.locator('img, main script').count()).resolves.toBe(0);
      await expect(page.title()).resolves.toMatch(/territory-proxy$/);
      expect(written).toEqual([]);
      await close();
    } finally {
      await foreign.remove();
    }
  });
});
