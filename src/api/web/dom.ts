/** What an element can be given: text and elements; nothing is ever read as markup. */
export type Child = Node | string | number | undefined | null | false | readonly Child[];

type Listeners = {
  readonly [Event in keyof HTMLElementEventMap as `on${Event}`]?: (event: HTMLElementEventMap[Event]) => void;
};
type Properties = Listeners & { readonly class?: string | false } & {
  readonly [attribute: string]: unknown;
};

/** An element. Attributes that are `false` or undefined are left out; `on…` are listeners; children become text. */
export function h<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  properties: Properties = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  return fill(document.createElement(name), properties, children);
}

/** An element of SVG. */
export function s<Name extends keyof SVGElementTagNameMap>(
  name: Name,
  properties: Properties = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[Name] {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', name), properties, children);
}

function fill<E extends Element>(element: E, properties: Properties, children: readonly Child[]): E {
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === false || value === null) continue;
    if (typeof value === 'function') element.addEventListener(name.slice(2), value as EventListener);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  append(element, children);
  return element;
}

function append(element: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (child === undefined || child === null || child === false) continue;
    if (Array.isArray(child)) append(element, child as readonly Child[]);
    else element.append(child instanceof Node ? child : String(child));
  }
}

/** Puts children in place of what an element holds. */
export function put(element: Element, ...children: readonly Child[]): void {
  element.replaceChildren();
  append(element, children);
}

let ids = 0;

/** An id that no other element has. */
export function newId(prefix: string): string {
  ids += 1;
  return `${prefix}-${ids}`;
}
