import { ApiError, ask } from './client.js';
import { h, put } from './dom.js';
import { t } from './language.js';
import { rewriteView } from './rewrite-view.js';
import { openShell } from './shell.js';
import { territoryView } from './territory-view.js';
import { findUnits, isExpression, UnitSearch } from './unit-search.js';
import { watchEmergency } from './watch-emergency.js';
import type { Exploration, WireUnit } from './wire.js';

/** A code that stands alone is shown by its name. */
const ONE_CODE = /^[A-Z][A-Z0-9_]*:[A-Za-z0-9._-]+$/;

const shell = openShell('explorer');
const search = new UnitSearch((text) => {
  // The address is what is shown: it can be kept, and the way back works.
  const hash = `#${encodeURIComponent(text)}`;
  if (location.hash === hash) void show(text);
  else location.hash = hash;
});
const view = h('div', { class: 'territory', 'aria-live': 'off' });
const query = rewriteView();
put(shell.main, h('section', { class: 'ask' }, h('h1', {}, t.explorer.title), search.element), view, query.element);

let asked = 0;

async function show(text: string): Promise<void> {
  asked += 1;
  const own = asked;
  const choose = (code: string) => {
    location.hash = `#${encodeURIComponent(code)}`;
  };
  const draw = (...content: (Node | string)[]) => {
    if (own !== asked) return;
    put(view, ...content);
    document.getElementById('territory')?.focus({ preventScroll: true });
  };
  try {
    const [expression, title] = await named(text);
    if (expression === undefined) {
      draw(h('p', { class: 'failed', role: 'alert' }, t.explorer.noUnit(text)));
      return;
    }
    const territory = await ask<Exploration>('explore', { method: 'POST', body: { expression } });
    draw(...(await territoryView(title, territory, choose)));
    if (own === asked) query.ask(expression);
  } catch (error) {
    const { message } = error as Error;
    const tips = error instanceof ApiError ? Object.values(error.suggestions).flat() : [];
    draw(
      h('p', { class: 'failed', role: 'alert' }, message),
      h(
        'p',
        {},
        ...tips.map((code) => h('button', { type: 'button', class: 'plain', onclick: () => choose(code) }, code)),
      ),
    );
  }
}

/** The expression that a text is, and what to call it. */
async function named(text: string): Promise<readonly [string | undefined, string]> {
  if (ONE_CODE.test(text)) {
    const { units } = await ask<{ units: readonly WireUnit[] }>(
      `units?${new URLSearchParams({ label: text, size: '1' })}`,
    );
    const [unit] = units;
    return [text, unit === undefined || unit.label === '' ? text : unit.label];
  }
  if (isExpression(text)) return [text, text];
  const [best] = await findUnits(text, 1);
  return [best?.code, best?.label || text];
}

function fromAddress(): void {
  let text = '';
  try {
    text = decodeURIComponent(location.hash.slice(1));
  } catch {
    // Written by hand, and no address: as if there were none.
    text = '';
  }
  if (text === '' || text === 'main') return;
  if (!ONE_CODE.test(text) || search.input.value === '') search.input.value = text;
  void show(text);
}

addEventListener('hashchange', fromAddress);
fromAddress();
watchEmergency((open) => shell.emergency(open), { connection: (lostSince) => shell.connection(lostSince) });
