import { h } from './dom.js';

/** A code that leads to its page in the explorer. */
export function unitLink(code: string): HTMLElement {
  return h('a', { class: 'code', href: `explorer#${encodeURIComponent(code)}` }, h('code', {}, code));
}
