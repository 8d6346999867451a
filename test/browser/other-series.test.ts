import { graveFaults, picture } from './support/browser.js';
import { eventually } from './support/patience.js';
import { setStage } from './support/stage.js';

/**
 * How many pixels of the last of these charts, that of the memory, have the colour of a curve, or nearly: how many have it
 * to the letter depends on where between two pixels a line or a dot comes to lie.
 */
const CURVE_PIXELS = `(() => {
  const canvas = [...document.querySelectorAll('.other-series canvas')].at(-1);
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  const probe = document.body.appendChild(document.createElement('i'));
  probe.style.color = 'var(--curve)';
  const curve = getComputedStyle(probe).color.match(/\\d+/g).map(Number);
  probe.remove();
  let count = 0;
  for (let i = 0; i < data.length; i += 4)
    if (data[i + 3] > 200 && curve.every((part, at) => Math.abs(data[i + at] - part) < 16)) count++;
  return count;
})()`;

const stage = setStage();
let address: string;

beforeAll(async () => {
  address = `${stage.proxy.url}/_territory/dashboard`;
  await stage.proxy.search('DEP:69');
  const told = await fetch(`${stage.proxy.url}/_territory/deliveries`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ changes: { CREATE: 2, AMEND: 40 } }),
  });
  expect(told.status).toBe(202);
  await eventually(async () => {
    const answer = await fetch(`${stage.proxy.url}/_territory/history?series=deliveries,took_seconds,memory&from=-1h`);
    const { series = [] } = (await answer.json()) as { series?: { name: string }[] };
    return new Set(series.map(({ name }) => name)).size === 3;
  });
});

describe('all other series on the stand-up page', () => {
  it('are opened with the keyboard, asked for only then, and each shows its charts, some by their keys', async () => {
    const { page, written, asked, close } = await stage.visit();
    await page.goto(address);
    await page.locator('.trends canvas').nth(7).waitFor();
    const wanted = (name: string) => asked.filter((url) => new RegExp(`series=${name}(&|$)`).test(url)).length;
    expect([wanted('took_seconds'), wanted('memory')]).toEqual([0, 0]);
    // Each time that the page asks for all of it anew, after a minute or when something happened, it asks for marks first.
    const refreshed = () => asked.filter((url) => url.includes('/marks?')).length;
    const before = refreshed();

    const section = page.getByRole('region', { name: 'All other series' });
    await section.locator('summary').first().press('Enter');
    const items = section.locator('li > details');
    await expect(items.count()).resolves.toBe(14);
    for (let i = 0; i < 14; i++) {
      await items.nth(i).locator('summary').first().press('Enter');
      await items.nth(i).locator('.place canvas, .place .quiet:not(:text("Loading"))').first().waitFor();
    }
    for (const name of ['took_seconds', 'memory']) {
      expect(wanted(name)).toBeGreaterThanOrEqual(1);
      expect(wanted(name)).toBeLessThanOrEqual(1 + refreshed() - before);
    }
    const shown = async (name: string) =>
      items
        .filter({ has: page.locator('summary', { hasText: name }) })
        .getByRole('img')
        .evaluateAll((charts) => charts.map((one) => one.getAttribute('aria-label')?.replace(/ lately.*/s, '')));
    await expect(shown('Memory of a process')).resolves.toEqual(['Memory of a process:']);
    await expect(shown('Search time that Elasticsearch tells')).resolves.toHaveLength(1);
    await expect(shown('Requests under way')).resolves.toHaveLength(1);
    await expect(shown('The proxy waits for itself')).resolves.toHaveLength(1);
    await expect(shown('Age of the map')).resolves.toHaveLength(1);
    await expect(shown('Codes an expansion')).resolves.toHaveLength(1);
    await expect(shown('Units of the map')).resolves.toEqual(
      expect.arrayContaining(['Units of the map: COM:', 'Units of the map: DEP:']),
    );
    await expect(shown('Changes delivered an hour')).resolves.toEqual(
      expect.arrayContaining(['Changes delivered an hour: AMEND:', 'Changes delivered an hour: CREATE:']),
    );

    // The proxy began just now: of its memory there is one value, which no line can show.
    await expect(page.evaluate(CURVE_PIXELS)).resolves.toBeGreaterThan(0);

    await expect(graveFaults(page)).resolves.toEqual([]);
    await page.screenshot({ path: picture('other-series'), fullPage: true });
    expect(written).toEqual([]);
    await close();
  });

  it('follow the span that is chosen, and one that is closed asks for nothing more', async () => {
    const { page, asked, close } = await stage.visit({ locale: 'fr-FR' });
    await page.goto(address);
    const section = page.getByRole('region', { name: 'Toutes les autres séries' });
    await section.locator('summary').first().click();
    const item = (name: string) => section.locator('li > details', { hasText: name });
    for (const name of ['Mémoire d’un processus', 'Âge de la carte']) {
      await item(name).locator('summary').first().click();
      await item(name).locator('canvas').waitFor();
    }
    await item('Âge de la carte').locator('summary').first().click();
    await item('Âge de la carte').locator('canvas').waitFor({ state: 'detached' });
    const daily = page.waitForResponse((response) => /series=memory&.*step=day/.test(response.url()));
    await page.locator('.choice label', { hasText: 'Quatre semaines' }).click();
    await daily;
    expect(asked.filter((url) => /series=tree_age&.*step=day/.test(url))).toEqual([]);
    await close();
  });

  it('keep a table that is opened by a click on what would have been drawn anew', async () => {
    const { page, close } = await stage.visit();
    await page.clock.install();
    await page.goto(address);
    const section = page.getByRole('region', { name: 'All other series' });
    await section.locator('summary').first().click();
    const item = section.locator('li > details', { hasText: 'Age of the map' });
    await item.locator('summary').first().click();
    await item.locator('canvas').waitFor();
    await item.getByText('As a table').hover();
    await page.mouse.down();
    const anew = page.waitForResponse((response) => /series=tree_age(&|$)/.test(response.url()));
    await page.clock.fastForward(60_000);
    await (await anew).finished();
    await page.evaluate('new Promise((drawn) => setTimeout(drawn, 300))');
    await page.mouse.up();
    await page.evaluate('new Promise((drawn) => setTimeout(drawn, 300))');
    await expect(item.locator('.table[open]').count()).resolves.toBe(1);
    await close();
  });
});
