import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildWhenStale } from '../../../scripts/lib/build.mjs';
import { unpackChromium } from '../../../scripts/lib/chromium.mjs';
import { seedHistory } from '../../../scripts/lib/demo-history.mjs';
import { MAIN } from '../../../scripts/lib/proxy-process.mjs';
import { run } from '../../../scripts/lib/run.mjs';

/**
 * Before the tests in the browser: the pages and the command line are built, the browser is unpacked
 * (`TEST_CHROMIUM`), and there is a tree of France with two seeded histories beside it (`TEST_SEEDED_TREE`): one with a
 * fault (`.history`), and one in which all is well (`.quiet`).
 */
export default async function start() {
  await buildWhenStale();
  process.env.TEST_CHROMIUM = await unpackChromium();
  const folder = mkdtempSync(join(tmpdir(), 'territory-proxy-browser-'));
  // However the run ends.
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const snapshot = join(folder, 'france.tree');
  const { code, output } = await run(process.execPath, [MAIN, 'tree', 'build', '--from', 'cog', '--out', snapshot]);
  if (code !== 0) throw new Error(`The tree of France could not be made:\n${output.trimEnd()}`);
  const { TerritoryTree } = await import('../../../dist/index.js');
  const tree = await TerritoryTree.load(snapshot);
  await seedHistory({ place: { folder: `${snapshot}.history` }, tree });
  await seedHistory({ place: { folder: `${snapshot}.quiet` }, tree, fault: false });
  process.env.TEST_SEEDED_TREE = snapshot;
  mkdirSync(new URL('../output', import.meta.url), { recursive: true });
}
