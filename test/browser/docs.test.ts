import { fits, graveFaults, picture } from './support/browser.js';
import { setStage } from './support/stage.js';

const stage = setStage({ seeded: false });
const address = () => `${stage.proxy.url}/_territory/docs`;

const SCHEMES = ['light', 'dark'] as const;
const DRAWN = 'What Elasticsearch would get of a request';

interface Emergency {
  readonly id: string;
  readonly revision: number;
}

async function send(method: string, path: string, body: object): Promise<Emergency> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${stage.proxy.url}/_territory/${path}`, {
    method,
    headers,
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return (await response.json()) as Emergency;
}

/** Declares an emergency; what closes it again comes back. */
async function declare(title: string): Promise<() => Promise<void>> {
  const { id, revision } = await send('POST', 'emergencies', { by: 'Ada', title, severity: 'critical' });
  return async () => {
    const steps = { diagnosis: { done: true }, resolved: { done: true } };
    const worked = await send('PATCH', `emergencies/${id}`, { by: 'Ada', revision, steps });
    const told = { cause: 'a bad file', followUp: 'an audit' };
    await send('POST', `emergencies/${id}/close`, { by: 'Ada', revision: worked.revision, ...told });
  };
}

describe('the page of the API', () => {
  it.each(SCHEMES)(
    'asks nobody outside, writes nothing to the console under a policy without inline styles, and has no grave fault (%s)',
    async (colorScheme) => {
      const { page, written, asked, close } = await stage.visit({ colorScheme });
      const response = await page.goto(address());
      expect(response?.headers()['content-security-policy']).not.toContain('unsafe');
      await page.getByRole('heading', { name: DRAWN }).waitFor();
      // Drawn with its styles: the menu stands beside the text.
      const menu = await page.locator('.menu-content').boundingBox();
      expect(menu?.width).toBeLessThan(400);
      await expect(graveFaults(page)).resolves.toEqual([]);
      expect(written).toEqual([]);
      expect(
        asked.filter((url) => !url.startsWith(`${stage.proxy.url}/_territory/`) && !url.startsWith('data:')),
      ).toEqual([]);
      await close();
    },
  );

  it('is dark for who reads in the dark, at once when that changes, and at the same place', async () => {
    const { page, close } = await stage.visit({ colorScheme: 'light' });
    await page.goto(address());
    const heading = page.getByRole('heading', { name: DRAWN });
    await heading.waitFor();
    const seen = () =>
      heading.evaluate((element) => element.ownerDocument.defaultView?.getComputedStyle(element).color);
    await expect(seen()).resolves.toBe('rgb(27, 35, 41)');
    await page.getByRole('menuitem', { name: DRAWN }).click();
    await page.waitForURL(/#.*rewrite/);
    // It is a new page then: what is asked of the old one in this moment is never answered.
    const anew = page.waitForEvent('load');
    await page.emulateMedia({ colorScheme: 'dark' });
    await anew;
    await heading.waitFor();
    await expect(seen()).resolves.toBe('rgb(231, 236, 239)');
    expect(new URL(page.url()).hash).toContain('rewrite');
    await close();
  });

  it.each([390, 1280])('shows an open emergency on top as every page does, live, on %i pixels', async (width) => {
    const seen = [];
    for (const colorScheme of SCHEMES) {
      const opened = await stage.visit({ colorScheme, viewport: { width, height: 900 } });
      await opened.page.goto(address());
      await opened.page.getByRole('heading', { name: DRAWN }).waitFor();
      await opened.page.screenshot({ path: picture(`docs-${width}-${colorScheme}`) });
      seen.push({ ...opened, colorScheme });
    }
    const title = 'No hits in the <b>Rhône</b>';
    const close = await declare(title);
    const banner = { name: `Emergency ${title} Open the emergency` };
    for (const { page, written, colorScheme } of seen) {
      await page.getByRole('link', banner).waitFor();
      await fits(page);
      await expect(graveFaults(page, '.banner-place')).resolves.toEqual([]);
      await page.screenshot({ path: picture(`docs-emergency-${width}-${colorScheme}`) });
      expect(written).toEqual([]);
    }
    // As it is when the page is opened, too; and it goes as it came.
    const late = await stage.visit();
    await late.page.goto(address());
    await late.page.getByRole('link', banner).waitFor();
    await close();
    for (const { page, close } of [...seen, late]) {
      await page.getByRole('link', banner).waitFor({ state: 'detached' });
      await close();
    }
  });
});

describe('an open emergency', () => {
  it.each(['docs', 'explorer'])(
    'is shown on the page %s also where the proxy refused to tell of it at first, and nothing there goes uncaught',
    async (name) => {
      const title = `The page ${name} tells of it`;
      const end = await declare(title);
      const { page, close } = await stage.visit();
      const uncaught: string[] = [];
      page.on('pageerror', ({ message }) => uncaught.push(message));
      let asked = 0;
      await page.route('**/_territory/standup', (route) => {
        asked++;
        return asked > 1 ? route.continue() : route.fulfill({ status: 503, json: { error: { reason: 'busy' } } });
      });
      await page.goto(`${stage.proxy.url}/_territory/${name}`);
      await page.getByRole('link', { name: title }).waitFor();
      await end();
      expect(asked).toBeGreaterThan(1);
      expect(uncaught).toEqual([]);
      await close();
    },
  );
});
