import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { fits, graveFaults, launch, picture, stopClock, visit } from './support/browser.js';
import { eventually } from './support/patience.js';
import { startTestedProxy, type TestedProxy } from './support/seeded-proxy.js';

let browser: Browser;

beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser?.close());

const SCREENS = [
  [390, 844],
  [1280, 1080],
  [1920, 1080],
] as const;

/** A picture of the page on each screen, light and dark; none is wider than its screen. */
async function pictures(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    for (const [width, height] of SCREENS) {
      await page.setViewportSize({ width, height });
      await page.screenshot({ path: picture(`${name}-${width}-${colorScheme}`), fullPage: true });
      await fits(page);
    }
    await expect(graveFaults(page)).resolves.toEqual([]);
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1280, height: 1080 });
}

/** How often a page asked for the emergencies, how many answers are still to come, and what events told it to ask. */
interface Counts {
  readonly asked: number;
  readonly underWay: number;
  readonly events: number;
}

/** Counts in the page itself: what the test is told of it comes some time later. */
const COUNTED = `(() => {
  window.counts = { asked: 0, underWay: 0, events: 0 };
  const { fetch } = window;
  window.fetch = async (path, ...options) => {
    if (path !== 'emergencies' || options[0]?.method === 'POST') return fetch(path, ...options);
    counts.asked++;
    counts.underWay++;
    try {
      return await fetch(path, ...options);
    } finally {
      // Not before the page has dealt with it.
      const { port1, port2 } = new MessageChannel();
      port2.onmessage = () => counts.underWay--;
      port1.postMessage('');
    }
  };
  const { addEventListener } = EventSource.prototype;
  EventSource.prototype.addEventListener = function (name, listener) {
    addEventListener.call(this, name, listener);
    if (name === 'standup') addEventListener.call(this, name, () => counts.events++);
  };
})()`;

async function declare(page: Page, title: string): Promise<void> {
  await page.getByLabel('What is happening?').fill(title);
  await page.getByLabel('How bad is it?').selectOption('critical');
  await page.getByLabel('Your name').fill('Ada');
  await page.getByRole('button', { name: 'Declare', exact: true }).click();
  await page.getByRole('heading', { name: title, level: 1 }).waitFor();
}

describe('an emergency', () => {
  let proxy: TestedProxy;
  beforeAll(async () => {
    proxy = await startTestedProxy({ seeded: false });
  });
  afterAll(() => proxy?.remove());

  it('is declared, assigned, worked and closed, and leaves a post-mortem', async () => {
    const { page, written, asked, close } = await visit(browser);
    const address = `${proxy.url}/_territory/emergency`;
    await page.goto(address);
    await page.getByText('What counts as an emergency').waitFor();
    await page.getByLabel('What is happening?').waitFor();
    await pictures(page, 'emergency-none');
    const title = `No hits in the Rhône <b>since</b> the new map of ${'Llanfairpwllgwyngyll'.repeat(5)}`;
    await declare(page, title);

    const other = await visit(browser);
    await other.page.goto(`${proxy.url}/_territory/explorer`);
    await other.page.getByRole('link', { name: new RegExp(`Emergency.*${title}`) }).waitFor();
    await other.page.goto(`${proxy.url}/_territory/dashboard`);
    await other.page.getByRole('heading', { name: 'Emergency', level: 1 }).waitFor();
    await pictures(other.page, 'dashboard-emergency');

    await page.getByRole('textbox', { name: 'Responsible' }).fill('Grace');
    await page.getByRole('button', { name: 'Assign' }).click();
    await page.locator('.who', { hasText: 'Grace' }).waitFor();
    const steps = page.locator('.steps > li');
    for (let i = 0; i < 4; i += 1) {
      const step = steps.nth(i);
      await step.locator('textarea').fill(`answer ${i}`);
      await step.getByRole('checkbox').check();
      await step.getByRole('button', { name: 'Save' }).click();
      await page.locator(`.steps > li:nth-child(${i + 1})[data-done="true"]`).waitFor();
    }
    await page.getByLabel('Add to the timeline').fill('We rolled the map back.');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.locator('.timeline', { hasText: 'We rolled the map back.' }).waitFor();
    await pictures(page, 'emergency');
    await page.getByLabel('What was the cause?').fill('A delivery without the Rhône.');
    await page.getByLabel(/What follows/).fill('Audit deliveries.');
    await page.getByRole('button', { name: /Close and write/ }).click();
    await page.getByRole('heading', { name: 'There is no emergency.' }).waitFor();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Post-mortem (Markdown)' }).click();
    const text = await readFile(await (await download).path(), 'utf8');
    expect(text).toContain('A delivery without the Rhône.');
    expect(text).toContain('We rolled the map back.');
    await other.page.locator('.hero:not([data-state="emergency"])').waitFor();
    expect([...written, ...other.written]).toEqual([]);
    expect(asked.filter((url) => !url.startsWith(`${proxy.url}/_territory/`) && !url.startsWith('blob:'))).toEqual([]);
    await other.close();
    await close();
  });

  it('does not lose what somebody types when another works too', async () => {
    const [first, second] = [await visit(browser), await visit(browser)];
    // So that time can be made to pass for one of them.
    await second.page.clock.install();
    await second.page.addInitScript(COUNTED);
    for (const { page } of [first, second]) await page.goto(`${proxy.url}/_territory/emergency`);
    await declare(first.page, 'Two at once');
    await second.page.getByRole('heading', { name: 'Two at once' }).waitFor();
    await second.page.getByLabel('What was the cause?').fill('half a sentence');
    await first.page.getByRole('textbox', { name: 'Responsible' }).fill('Grace');
    await first.page.getByRole('button', { name: 'Assign' }).click();
    await first.page.locator('.who', { hasText: 'Grace' }).waitFor();
    // Drawn anew: what was typed is still there, though the focus is elsewhere.
    await second.page.getByRole('heading', { name: 'Two at once' }).click();
    await second.page.locator('.who', { hasText: 'Grace' }).waitFor();
    const cause = () => second.page.getByLabel('What was the cause?').inputValue();
    await expect(cause()).resolves.toBe('half a sentence');

    // Nothing can be read for a while: the page stays as it is, says so, and asks no more often than it should.
    const away = { status: 503, json: { error: { reason: 'the database is away' }, status: 503 } };
    await second.page.route('**/_territory/emergencies', (route) => route.fulfill(away));
    await first.page.getByRole('textbox', { name: 'Responsible' }).fill('Alan');
    await first.page.getByRole('button', { name: 'Assign' }).click();
    await first.page.locator('.who', { hasText: 'Alan' }).waitFor();
    await second.page.getByText('the database is away').waitFor();
    await stopClock(second.page);
    const counts = () => second.page.evaluate<Counts>('({ ...counts })');
    const answered = () => eventually(async () => (await counts()).underWay === 0);
    await answered();
    const before = await counts();
    // However long an answer takes, and whatever the proxy tells meanwhile by its own clock.
    for (let i = 0; i < 150; i += 1) {
      await second.page.clock.runFor(100);
      await answered();
    }
    const after = await counts();
    const asked = after.asked - before.asked;
    // Of fifteen seconds: every five, three after each failure, and what events there are.
    expect(asked).toBeGreaterThanOrEqual(3);
    expect(asked).toBeLessThanOrEqual(8 + after.events - before.events);
    await second.page.clock.resume();
    await expect(second.page.locator('.who', { hasText: 'Grace' }).count()).resolves.toBe(1);
    await expect(cause()).resolves.toBe('half a sentence');

    // A change made from what is no longer so is refused, and can be made again.
    await second.page.getByLabel('Your name').fill('Eve');
    const step = second.page.locator('.steps li').first();
    await step.getByRole('textbox').fill('it is the map');
    const saved = step.getByRole('button', { name: 'Save' }).click();
    await second.page.unroute('**/_territory/emergencies');
    await saved;
    const conflict = second.page.getByText('Somebody else changed it meanwhile');
    await conflict.waitFor();
    // It stays until the next try: what is asked for by itself every few seconds does not take it away.
    for (let i = 0; i < 2; i += 1)
      await second.page.waitForResponse((response) => response.url().endsWith('/_territory/emergencies'));
    await expect(conflict.isVisible()).resolves.toBe(true);
    await second.page.locator('.who', { hasText: 'Alan' }).waitFor();
    await expect(step.getByRole('textbox').inputValue()).resolves.toBe('it is the map');
    await step.getByLabel('Done').check();
    await step.getByRole('button', { name: 'Save' }).click();
    await step.locator('.state').waitFor();
    await conflict.waitFor({ state: 'hidden' });
    await expect(cause()).resolves.toBe('half a sentence');

    // A note that was sent is not typed any more.
    await second.page.getByLabel('Add to the timeline').fill('all hands');
    await second.page.getByRole('button', { name: 'Add', exact: true }).click();
    await second.page.locator('.timeline', { hasText: 'all hands' }).waitFor();
    await expect(second.page.getByLabel('Add to the timeline').inputValue()).resolves.toBe('');
    await first.close();
    await second.close();
  });

  const headers = { 'content-type': 'application/json' };

  /** That there is one, where no test before has left it. */
  async function declared(): Promise<void> {
    const body = JSON.stringify({ by: 'Ada', title: 'Somebody works here', severity: 'critical' });
    const { status } = await fetch(`${proxy.url}/_territory/emergencies`, { method: 'POST', headers, body });
    expect([201, 409]).toContain(status);
  }

  /** Somebody else adds a note to the open emergency. */
  async function note(text: string): Promise<void> {
    const { open } = (await (await fetch(`${proxy.url}/_territory/emergencies`)).json()) as { open: { id: string } };
    const body = JSON.stringify({ by: 'Grace', note: text });
    const answer = await fetch(`${proxy.url}/_territory/emergencies/${open.id}`, { method: 'PATCH', headers, body });
    expect(answer.status).toBe(200);
  }

  it('does not lose a click that began before the page was drawn anew', async () => {
    await declared();
    const { page, close } = await visit(browser);
    await page.goto(`${proxy.url}/_territory/emergency`);
    const assign = page.getByRole('button', { name: 'Assign' });
    await assign.waitFor();
    await page.getByLabel('Your name').fill('Ada');
    await page.getByRole('textbox', { name: 'Responsible' }).fill('Barbara');
    await assign.hover();
    await page.mouse.down();
    const text = 'written meanwhile';
    const heard = page.waitForResponse(
      async (response) => response.url().includes('/emergencies/') && (await response.text()).includes(text),
    );
    await note(text);
    await heard;
    await page.evaluate('new Promise((drawn) => setTimeout(drawn, 300))');
    await page.mouse.up();
    await page.locator('.timeline', { hasText: text }).waitFor();
    await page.locator('.who', { hasText: 'Barbara' }).or(page.getByText('Somebody else changed it')).first().waitFor();
    await close();
  });

  it('goes on being drawn anew where a menu took the button of the mouse, and its going up', async () => {
    await declared();
    const { page, close } = await visit(browser);
    await page.goto(`${proxy.url}/_territory/emergency`);
    const heading = page.getByRole('heading', { level: 1 });
    await page.getByRole('button', { name: 'Assign' }).waitFor();
    await heading.hover();
    await page.mouse.down({ button: 'right' });
    await note('written behind a menu');
    await page.locator('.timeline', { hasText: 'written behind a menu' }).waitFor();
    await close();
  });
});

describe('with an admin token', () => {
  it('asks for it, keeps it in the tab, and sends it in no cookie', async () => {
    const proxy = await startTestedProxy({ seeded: false, environment: { ADMIN_TOKEN: 'correct-horse-battery' } });
    try {
      const { page, close } = await visit(browser);
      await page.goto(`${proxy.url}/_territory/emergency`);
      await page.getByText('This needs the admin token.').waitFor();
      await page.getByLabel('Admin token').fill('wrong');
      await page.getByRole('button', { name: 'Use it' }).click();
      // It was refused, and is asked for anew.
      await eventually(async () => (await page.getByLabel('Admin token').inputValue()) === '');
      await page.getByText('This needs the admin token.').waitFor();
      await page.getByLabel('Admin token').fill('correct-horse-battery');
      await page.getByRole('button', { name: 'Use it' }).click();
      await declare(page, 'With a token');
      await expect(page.context().cookies()).resolves.toEqual([]);
      await expect(page.evaluate('localStorage.length')).resolves.toBe(0);
      const stranger = await visit(browser);
      await stranger.page.goto(`${proxy.url}/_territory/dashboard`);
      await stranger.page.getByRole('heading', { name: 'Emergency', level: 1 }).waitFor();
      await stranger.page.getByText('Query texts need the admin token.').waitFor();
      await expect(stranger.page.getByText('With a token').count()).resolves.toBe(0);
      await stranger.close();
      await close();
    } finally {
      await proxy.remove();
    }
  });
});
