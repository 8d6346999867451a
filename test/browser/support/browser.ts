import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { eventually, PATIENCE_MS } from './patience.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The browser that the setup unpacked; it sees nothing of the machine's own libraries and fonts. */
export function launch(): Promise<Browser> {
  const folder = process.env.TEST_CHROMIUM;
  if (!folder) throw new Error('No browser: run this test with `node scripts/jest.mjs browser`.');
  return chromium.launch({
    executablePath: join(folder, 'chromium'),
    args: ['--no-sandbox', '--font-render-hinting=none', '--hide-scrollbars'],
    timeout: PATIENCE_MS,
    env: {
      HOME: folder,
      TMPDIR: process.env.TMPDIR ?? '/tmp',
      FONTCONFIG_PATH: join(folder, 'fonts'),
      LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'),
    },
  });
}

/** A page, and all that it wrote and asked for. */
export interface Visit {
  readonly page: Page;
  /** What the console got, and errors that nobody caught. */
  readonly written: string[];
  /** Addresses that were asked for. */
  readonly asked: string[];
  close(): Promise<void>;
}

export async function visit(browser: Browser, options: BrowserContextOptions = {}): Promise<Visit> {
  // A colour on its way to another one is none that a test could judge.
  const still = { reducedMotion: 'reduce' } as const;
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/Paris', ...still, ...options });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const written: string[] = [];
  const asked: string[] = [];
  page.on('console', (message) => written.push(`${message.type()}: ${message.text()} ${message.location().url}`));
  page.on('pageerror', (error) => written.push(`error: ${error.stack}`));
  page.on('request', (request) => asked.push(request.url()));
  return { page, written, asked, close: () => context.close() };
}

/**
 * Faults that axe calls serious or critical, each with the elements that have it.
 * @param within selector of a part of the page
 */
export async function graveFaults(page: Page, within = 'html'): Promise<string[]> {
  await page.evaluate(AXE);
  const { violations } = (await page.evaluate(`axe.run(${JSON.stringify(within)})`)) as {
    violations: { id: string; impact: string; help: string; nodes: { html: string; failureSummary: string }[] }[];
  };
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, help, nodes }) =>
        `${id}: ${help}\n${nodes.map((node) => `${node.html} ${node.failureSummary}`).join('\n')}`,
    );
}

/** That no page is wider than its screen: charts take their width a moment after the window has. */
export function fits(page: Page): Promise<void> {
  return eventually(() => page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth'));
}

/** Stops the clock of a page, which `page.clock.install` made, a little later than now. */
export async function stopClock(page: Page): Promise<void> {
  for (let ahead = 1_000; ; ahead *= 2) {
    try {
      await page.clock.pauseAt((await page.evaluate<number>('Date.now()')) + ahead);
      return;
    } catch (error) {
      // It went further than that between the two calls, on a machine that is busy.
      if (!(error as Error).message.includes('to the past') || ahead > PATIENCE_MS) throw error;
    }
  }
}

/** Where a picture of this name goes. */
export function picture(name: string): string {
  return fileURLToPath(new URL(`../output/${name}.png`, import.meta.url));
}
