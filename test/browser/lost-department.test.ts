import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { TerritoryTree } from '../../src/files/tree.js';
import { until } from '../integration/support/territory-proxy.js';
import { picture } from './support/browser.js';
import { PATIENCE_MS } from './support/patience.js';
import { setStage } from './support/stage.js';

const MINUTE = 60_000;

// Nothing else is wrong: which of two troubles is told first hangs on how much is asked for at this hour of the day.
const stage = setStage({ fault: false });

/** A tree without a unit and all below it; groups that are left with nothing in them go too. */
function without(tree: TerritoryTree, code: string): TerritoryTree {
  const gone = new Set([
    code,
    ...tree
      .territory(code)
      .descendants()
      .map((unit) => unit.code),
  ]);
  const left = [...tree.units()].filter((unit) => !gone.has(unit.code));
  const parents = (units: typeof left) => new Set(units.flatMap((unit) => unit.parents));
  const [had, have] = [parents([...tree.units()]), parents(left)];
  const kept = left.filter((unit) => !had.has(unit.code) || have.has(unit.code));
  return TerritoryTree.build(kept, { partitions: tree.partitions });
}

describe('a new map without a department', () => {
  it('is on the page, in words and by name, within a minute of the first searches that suffer', async () => {
    const { page, close } = await stage.visit();
    await page.goto(`${stage.proxy.url}/_territory/dashboard`);
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByRole('heading', { name: 'All is well' }).waitFor();
    for (let i = 0; i < 30; i += 1) await expect(stage.proxy.search('COM:33063')).resolves.toBe(200);
    await page.locator('.trends canvas').nth(7).waitFor();

    const file = join(stage.proxy.folder, 'france.tree');
    const next = without(await TerritoryTree.load(file), 'DEP:33');
    await next.save(`${file}.next`);
    await rename(`${file}.next`, file);
    await until(async () => (await stage.proxy.search('COM:33063')) === 400, PATIENCE_MS);
    const suffered = Date.now();
    for (let i = 0; i < 10; i += 1) await stage.proxy.search('COM:33063');

    const sentence = page.locator('.anomalies .sentence').filter({
      hasText:
        /Codes that the map no longer knows, for units in DEP:33 \(Gironde\): 100\s% since .*the tree changed on/,
    });
    await sentence.waitFor({ timeout: MINUTE });
    expect(Date.now() - suffered).toBeLessThan(MINUTE);
    // From afar: what, where, since when and after what. The figures are in the list, and nothing is said twice.
    await expect(page.locator('.hero .sentence').textContent()).resolves.toMatch(
      /^Unusual since [^%]+, after a new tree: codes that the map no longer knows, for units in DEP:33 \(Gironde\)[^%]*\.$/,
    );
    const changed = page.locator('.versions > li').first();
    await changed.getByText(/1 department removed/).waitFor();
    await changed.locator('summary').click();
    await changed.locator('.changed li', { hasText: 'Gironde' }).first().waitFor();
    await page.screenshot({ path: picture('dashboard-lost-department'), fullPage: true });
    await close();
  });
});
