import { h, put } from './dom.js';
import { language, t } from './language.js';
import { stateSign } from './state-sign.js';
import type { OpenEmergency } from './wire.js';

/** The open emergency, on top of a page, as a way to its own. */
export class Banner {
  readonly element = h('div', { class: 'banner-place', role: 'alert', lang: language });
  #shown = '';

  /** Shows an emergency, or none. */
  show(open: OpenEmergency | undefined): void {
    const next = open === undefined ? '' : JSON.stringify(open);
    // What is the same is not spoken again.
    if (next === this.#shown) return;
    this.#shown = next;
    put(this.element, open !== undefined && bannerOf(open));
  }
}

function bannerOf({ title }: OpenEmergency): HTMLElement {
  return h(
    'a',
    { class: 'banner', href: 'emergency' },
    stateSign('emergency'),
    h('strong', {}, t.banner.open),
    title !== undefined && h('span', { class: 'what' }, title),
    h('span', { class: 'go' }, t.banner.go),
  );
}
