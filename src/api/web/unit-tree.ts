import { ask } from './client.js';
import { h, newId, put } from './dom.js';
import { formatWhole } from './format.js';
import { t } from './language.js';
import type { WireUnit } from './wire.js';

/** Children shown at once; more come when they are asked for. */
const PAGE = 50;

interface Node {
  readonly code: string;
  readonly label: string;
}

/**
 * What lies inside units, as a tree that opens step by step. Arrow keys move and open, as ARIA's pattern of a tree says;
 * one item at a time is in the order of the tab key.
 */
export function unitTree(roots: readonly Node[], label: string, choose: (code: string) => void): HTMLElement {
  const tree = h(
    'ul',
    { role: 'tree', 'aria-label': label, class: 'tree' },
    ...roots.slice(0, PAGE).map((node) => item(node, 1)),
  );
  const first = tree.querySelector<HTMLElement>('[role=treeitem]');
  first?.setAttribute('tabindex', '0');
  // What lies inside one unit is what the reader came for.
  if (roots.length === 1 && first !== null) void toggle(first);
  tree.addEventListener('keydown', (event) => key(tree, event, choose));
  tree.addEventListener('click', (event) => {
    const target = event.target as Element;
    const clicked = target.closest<HTMLElement>('[role=treeitem]');
    if (clicked === null) return;
    focus(tree, clicked);
    if (clicked.dataset.more !== undefined) clicked.dispatchEvent(new Event('more'));
    else if (target.closest('.name') !== null) choose(clicked.dataset.code as string);
    else void toggle(clicked);
  });
  return tree;
}

/** An entry: the item, and after it the group of what lies inside, once it was opened. */
function item({ code, label }: Node, level: number): HTMLElement {
  return h(
    'li',
    { role: 'none' },
    h(
      'div',
      {
        role: 'treeitem',
        class: 'row',
        tabindex: '-1',
        'aria-level': level,
        'aria-expanded': 'false',
        'data-code': code,
      },
      h('span', { class: 'twist', 'aria-hidden': 'true' }),
      h('span', { class: 'name' }, label || code),
      ' ',
      h('code', {}, code),
    ),
  );
}

async function toggle(element: HTMLElement, open = element.getAttribute('aria-expanded') !== 'true'): Promise<void> {
  if (!element.hasAttribute('aria-expanded')) return;
  element.setAttribute('aria-expanded', String(open));
  if (!open || element.nextElementSibling !== null) return;
  const level = Number(element.getAttribute('aria-level'));
  const group = h('ul', { role: 'group', id: newId('group') }, h('li', { role: 'none', class: 'quiet' }, t.loading));
  element.setAttribute('aria-owns', group.id);
  element.after(group);
  try {
    const path = `units/${encodeURIComponent(element.dataset.code as string)}/children`;
    const { units } = await ask<{ units: readonly WireUnit[] }>(path);
    put(group);
    fill(group, units, level + 1);
    if (units.length > 0) return;
    // A leaf: it can't be opened.
    element.removeAttribute('aria-expanded');
    element.removeAttribute('aria-owns');
    group.remove();
  } catch (error) {
    put(group, h('li', { role: 'none', class: 'failed' }, t.failed((error as Error).message)));
  }
}

function fill(group: HTMLElement, units: readonly WireUnit[], level: number): void {
  const rest = units.slice(PAGE);
  group.append(...units.slice(0, PAGE).map((unit) => item(unit, level)));
  if (rest.length === 0) return;
  const more = h(
    'div',
    { role: 'treeitem', class: 'row more', tabindex: '-1', 'aria-level': level, 'data-more': true },
    t.explorer.more(formatWhole(rest.length)),
  );
  const entry = h('li', { role: 'none' }, more);
  more.addEventListener('more', () => {
    entry.remove();
    const before = group.children.length;
    fill(group, rest, level);
    const tree = group.closest<HTMLElement>('[role=tree]');
    const next = group.children[before]?.querySelector<HTMLElement>('[role=treeitem]');
    if (tree !== null && next) focus(tree, next);
  });
  group.append(entry);
}

function key(tree: HTMLElement, event: KeyboardEvent, choose: (code: string) => void): void {
  const current = (event.target as Element).closest<HTMLElement>('[role=treeitem]');
  if (current === null) return;
  const shown = [...tree.querySelectorAll<HTMLElement>('[role=treeitem]')].filter(
    (element) => element.closest('[aria-expanded=false] + ul') === null,
  );
  const at = shown.indexOf(current);
  const expanded = current.getAttribute('aria-expanded');
  const go = (element: HTMLElement | null | undefined) => element && focus(tree, element);
  switch (event.key) {
    case 'ArrowDown':
      go(shown[at + 1]);
      break;
    case 'ArrowUp':
      go(shown[at - 1]);
      break;
    case 'Home':
      go(shown[0]);
      break;
    case 'End':
      go(shown.at(-1));
      break;
    case 'ArrowRight':
      if (expanded === 'false') void toggle(current, true);
      else go(current.nextElementSibling?.querySelector<HTMLElement>('[role=treeitem]'));
      break;
    case 'ArrowLeft':
      if (expanded === 'true') void toggle(current, false);
      else go(current.closest('[role=group]')?.previousElementSibling as HTMLElement | null | undefined);
      break;
    case 'Enter':
    case ' ':
      if (current.dataset.more !== undefined) current.dispatchEvent(new Event('more'));
      else choose(current.dataset.code as string);
      break;
    default:
      return;
  }
  event.preventDefault();
  event.stopPropagation();
}

function focus(tree: HTMLElement, element: HTMLElement): void {
  for (const other of tree.querySelectorAll('[tabindex="0"]')) other.setAttribute('tabindex', '-1');
  element.setAttribute('tabindex', '0');
  element.focus();
}
