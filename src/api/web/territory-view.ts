import { h, put } from './dom.js';
import { facts, largestFirst } from './facts.js';
import { formatWhole } from './format.js';
import { franceMap } from './france-map.js';
import { t } from './language.js';
import { unitTree } from './unit-tree.js';
import type { Exploration } from './wire.js';

type Listing = Exploration['cover'];

/** Everything about a territory. `choose` is told a code that the reader wants to see. */
export async function territoryView(
  title: string,
  territory: Exploration,
  choose: (code: string) => void,
): Promise<HTMLElement[]> {
  const { atomCount, inhabitants, cover, covering, around, inside, forms, resolved } = territory;
  const head = h(
    'div',
    { class: 'head' },
    h('h2', { tabindex: '-1', id: 'territory', class: title.length > 60 && 'long' }, title),
    atomCount === 0
      ? h('p', {}, t.explorer.empty)
      : h(
          'p',
          { class: 'lead' },
          inhabitants !== undefined && h('strong', {}, `${formatWhole(inhabitants)} ${t.explorer.people}`),
          ` ${t.explorer.atoms(atomCount, formatWhole(atomCount))}`,
        ),
  );
  if (atomCount === 0) return [head];
  const formers = Object.entries(resolved);
  const map = await franceMap(territory);
  const same = [...cover.units, ...covering.units].filter(({ atoms }) => atoms === atomCount).map(({ code }) => code);
  const above = around.units.filter(({ code }) => !same.includes(code));
  // One unit across says more of what lies inside than the many of the cover.
  const roots = covering.total < cover.total ? covering.units : cover.units;
  const left = h(
    'div',
    { class: 'stack' },
    listing(t.explorer.cover, t.explorer.coverHelp, cover, choose),
    listing(t.explorer.covering, t.explorer.coveringHelp, covering, choose),
    above.length > 0 &&
      listing(t.explorer.around, t.explorer.aroundHelp, { units: above, total: above.length }, choose),
    formers.length > 0 &&
      h(
        'div',
        { class: 'panel' },
        h('h3', {}, t.explorer.formers),
        h(
          'ul',
          {},
          ...formers.map(([code, now]) => h('li', {}, h('code', {}, code), ` ${t.explorer.means} ${now.join(', ')}`)),
        ),
      ),
    h(
      'div',
      { class: 'panel' },
      h('h3', {}, t.explorer.inside),
      facts(
        largestFirst(inside)
          .filter(([, count]) => count > 0)
          .map(([level, count]) => [t.level(level, count), formatWhole(count)]),
      ),
    ),
  );
  const right = h(
    'div',
    { class: 'stack' },
    map && h('div', { class: 'panel' }, h('h3', {}, t.explorer.map), map),
    h('div', { class: 'panel' }, h('h3', {}, t.explorer.tree), unitTree(roots, t.explorer.tree, choose)),
  );
  return [head, formsOf(forms), h('div', { class: 'two' }, left, right)];
}

function listing(title: string, help: string, { total, units }: Listing, choose: (code: string) => void): HTMLElement {
  return h(
    'div',
    { class: 'panel' },
    h('h3', {}, `${title} `, h('span', { class: 'tag' }, formatWhole(total))),
    h('p', { class: 'period' }, help),
    h(
      'ul',
      { class: 'units', tabindex: units.length > 12 && '0', role: 'list', 'aria-label': title },
      ...units.map(({ code, label, inhabitants }) =>
        h(
          'li',
          {},
          h('button', { type: 'button', class: 'link', onclick: () => choose(code) }, label || code),
          h('code', {}, code),
          h('span', { class: 'count' }, inhabitants === undefined ? '' : formatWhole(inhabitants)),
        ),
      ),
    ),
    total > units.length && h('p', { class: 'quiet' }, t.explorer.shown(formatWhole(units.length), formatWhole(total))),
  );
}

function formsOf(forms: Exploration['forms']): HTMLElement {
  const said = h('p', { class: 'hidden', role: 'status' });
  const row = (name: string, text: string) => {
    const button = h(
      'button',
      { type: 'button', class: 'plain', 'aria-label': `${t.explorer.copy}: ${name}` },
      t.explorer.copy,
    );
    button.addEventListener('click', () => {
      void copy(text).then(() => {
        put(button, t.explorer.copied);
        put(said, `${t.explorer.copied}: ${name}`);
        setTimeout(() => put(button, t.explorer.copy), 2_000);
      });
    });
    return h('li', {}, h('span', { class: 'what' }, name), h('code', { tabindex: '0' }, text), button);
  };
  return h(
    'div',
    { class: 'panel forms' },
    h('h3', {}, t.explorer.forms.title),
    h(
      'ul',
      {},
      row(t.explorer.forms.lucene, forms.lucene),
      row(t.explorer.forms.clause, forms.clause),
      row(t.explorer.forms.url, forms.url),
    ),
    said,
  );
}

/** Also where the page is not served by HTTPS, and the browser gives no clipboard. */
async function copy(text: string): Promise<void> {
  if (navigator.clipboard !== undefined) return navigator.clipboard.writeText(text);
  const area = h('textarea', { class: 'hidden', readonly: true }, text);
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}
