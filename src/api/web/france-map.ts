import { h, s } from './dom.js';
import { formatShare } from './format.js';
import { t } from './language.js';
import type { Exploration } from './wire.js';

const SHADES = 5;

/**
 * The departments of France, each as dark as the part of its communes that lies in the territory; those that have no
 * shape (overseas) are tiles. Undefined where the codes are not those of the shapes: the map of another country.
 */
export async function franceMap({ map: { level, shares } }: Exploration): Promise<HTMLElement | undefined> {
  if (level !== 'DEP') return undefined;
  const { default: france } = await import('./vendor/france-departments.js');
  const shapes = new Set(france.locations.map(({ id }) => id.toUpperCase()));
  const idOf = (code: string) => code.slice(code.indexOf(':') + 1).toUpperCase();
  const overseas = shares.filter(({ code }) => !shapes.has(idOf(code)));
  if (shares.length > 0 && overseas.some(({ code }) => !/^9[78]/.test(idOf(code)))) return undefined;
  const byId = new Map(shares.map((share) => [idOf(share.code), share]));
  const title = (name: string, share: number) => t.explorer.share(name, formatShare(share));
  const paths = france.locations.map(({ id, name, path }) => {
    const share = byId.get(id.toUpperCase());
    const part = share === undefined ? 0 : share.shared / share.atoms;
    return s(
      'path',
      { d: path, 'data-shade': shadeOf(part), 'data-id': id },
      s('title', {}, title(share?.label ?? name, part)),
    );
  });
  // What the territory touches stands out last, so that its outline lies over its neighbours'.
  paths.sort((a, b) => Number(a.dataset.shade) - Number(b.dataset.shade));
  const names = shares.map(({ label }) => label);
  const some = names.length > 12 ? `${names.slice(0, 12).join(', ')} …` : names.join(', ');
  return h(
    'figure',
    { class: 'france' },
    s('svg', { viewBox: france.viewBox, role: 'img', 'aria-label': t.explorer.mapText(names.length, some) }, ...paths),
    overseas.length > 0 &&
      h(
        'div',
        { class: 'overseas' },
        h('h4', {}, t.explorer.overseas),
        h(
          'ul',
          {},
          ...overseas.map(({ label, shared, atoms }) =>
            h('li', { 'data-shade': shadeOf(shared / atoms), title: title(label, shared / atoms) }, label),
          ),
        ),
      ),
    h(
      'figcaption',
      {},
      h(
        'span',
        { class: 'scale' },
        t.explorer.legend[0],
        ...Array.from({ length: SHADES }, (_, i) =>
          h('span', { class: 'step', 'data-shade': i + 1, 'aria-hidden': 'true' }),
        ),
        t.explorer.legend[1],
      ),
      h('small', {}, t.explorer.attribution),
    ),
  );
}

/** 0 for none, then five steps, of which the last is all of it. */
function shadeOf(part: number): number {
  if (part === 0) return 0;
  return part >= 1 ? SHADES : 1 + Math.floor(part * (SHADES - 1));
}
