import { picture } from './support/browser.js';
import { eventually } from './support/patience.js';
import { setStage } from './support/stage.js';

const stage = setStage();

/** Requests that the history has, since a while before the seeded ones. */
async function counted(): Promise<number> {
  const answer = await fetch(`${stage.proxy.url}/_territory/history?series=requests&total=true&from=-20d&step=day`);
  // While the database is being opened nothing of it can be told.
  if (!answer.ok) return 0;
  const { series } = (await answer.json()) as { series: { points: [number, number][] }[] };
  return series.flatMap(({ points }) => points).reduce((sum, [, count]) => sum + count, 0);
}

describe('a page on the wall', () => {
  it('never shows an old word as if it were of now; it comes back by itself, and so does the history', async () => {
    const { page, close } = await stage.visit();
    await page.goto(`${stage.proxy.url}/_territory/dashboard`);
    await page.getByRole('heading', { name: 'Look at this' }).waitFor();
    const before = await counted();
    expect(before).toBeGreaterThan(0);
    for (let i = 0; i < 5; i += 1) await stage.proxy.search('DEP:38');
    await eventually(async () => (await counted()) >= before + 5);

    await stage.proxy.stop();
    await page.getByRole('heading', { name: 'Out of date', level: 1 }).waitFor();
    await page
      .getByText(/Nothing was heard of the proxy since \d\d:\d\d\. What it said before: Look at this\./)
      .waitFor();
    await page.getByText(/Connection lost at/).waitFor();
    await expect(page.title()).resolves.toBe('Out of date · territory-proxy');
    await page.screenshot({ path: picture('dashboard-out-of-date') });

    await stage.proxy.start();
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByRole('heading', { name: 'Look at this' }).waitFor();
    await eventually(async () => (await counted()) >= before + 5);
    await page.locator('.trends canvas').nth(7).waitFor();
    // What is asked after the restart is on the page that was opened before it, and of what was asked before no more.
    await stage.proxy.search('DEP:38');
    await page.locator('.lists .bars li', { hasText: 'DEP:38' }).locator('.count', { hasText: /^1$/ }).waitFor();
    await close();
  });
});
