import type { Browser, BrowserContextOptions } from 'playwright-core';
import { launch, type Visit, visit } from './browser.js';
import { startTestedProxy, type TestedProxy, type TestedProxyOptions } from './seeded-proxy.js';

/** A browser and a proxy, from before the tests of a file until after them. */
export interface Stage {
  readonly proxy: TestedProxy;
  visit(options?: BrowserContextOptions): Promise<Visit>;
}

export function setStage(options: TestedProxyOptions = {}): Stage {
  let browser: Browser | undefined;
  let proxy: TestedProxy | undefined;
  beforeAll(async () => {
    await Promise.all([
      launch().then((launched) => {
        browser = launched;
      }),
      startTestedProxy(options).then((started) => {
        proxy = started;
      }),
    ]);
  });
  afterAll(async () => {
    await browser?.close();
    await proxy?.remove();
  });
  return {
    get proxy() {
      return there(proxy);
    },
    visit: (given) => visit(there(browser), given),
  };
}

function there<T>(part: T | undefined): T {
  if (part === undefined) throw new Error('the stage is set before the tests, and not while they are read');
  return part;
}
