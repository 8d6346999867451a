import { ask } from './client.js';
import { h, newId, put } from './dom.js';
import { formatWhole } from './format.js';
import { t } from './language.js';
import type { WireUnit } from './wire.js';

const SUGGESTED = 8;
const PAUSE_MS = 120;

/** An expression names codes, or saved territories; anything else is looked up as a name. */
export function isExpression(text: string): boolean {
  return /^[\s(]*(?:[A-Z][A-Z0-9_]*:|@)/.test(text);
}

/** Units that a text may mean, best first. */
export async function findUnits(text: string, size: number, signal?: AbortSignal): Promise<readonly WireUnit[]> {
  const query = new URLSearchParams({ label: text, size: String(size) });
  const { units } = await ask<{ units: readonly WireUnit[] }>(`units?${query}`, signal === undefined ? {} : { signal });
  return units;
}

/** A field with suggestions while typing, for hands on a keyboard and for screen readers (ARIA's combobox). */
export class UnitSearch {
  readonly element: HTMLElement;
  readonly input: HTMLInputElement;
  readonly #list: HTMLElement;
  readonly #status = h('p', { class: 'hidden', role: 'status' });
  readonly #choose: (text: string) => void;
  #units: readonly WireUnit[] = [];
  #active = -1;
  #pause = 0;
  #asking: AbortController | undefined;

  /** @param choose told a code or what was typed */
  constructor(choose: (text: string) => void) {
    this.#choose = choose;
    const [id, list, hint] = [newId('search'), newId('suggestions'), newId('hint')];
    this.#list = h('ul', {
      id: list,
      role: 'listbox',
      'aria-label': t.explorer.suggestions,
      class: 'suggestions',
      hidden: true,
    });
    this.input = h('input', {
      id,
      type: 'text',
      role: 'combobox',
      autocomplete: 'off',
      spellcheck: 'false',
      'aria-autocomplete': 'list',
      'aria-expanded': 'false',
      'aria-controls': list,
      'aria-describedby': hint,
      maxlength: 2000,
    });
    this.input.addEventListener('input', () => this.#typed());
    this.input.addEventListener('keydown', (event) => this.#key(event));
    this.input.addEventListener('blur', () => this.#close());
    this.element = h(
      'form',
      { class: 'search', role: 'search', onsubmit: (event) => this.#submit(event) },
      h('label', { for: id }, t.explorer.label),
      h(
        'div',
        { class: 'field' },
        h('div', { class: 'box' }, this.input, this.#list),
        h('button', { type: 'submit' }, t.explorer.go),
      ),
      h('p', { id: hint, class: 'quiet' }, t.explorer.hint),
      this.#status,
    );
  }

  #submit(event: Event): void {
    event.preventDefault();
    const active = this.#units[this.#active];
    const text = active?.code ?? this.input.value.trim();
    this.#close();
    if (text !== '') this.#choose(text);
  }

  #typed(): void {
    clearTimeout(this.#pause);
    this.#asking?.abort();
    const text = this.input.value.trim();
    if (text.length < 2 || isExpression(text)) {
      this.#close();
      return;
    }
    this.#pause = window.setTimeout(() => void this.#suggest(text), PAUSE_MS);
  }

  async #suggest(text: string): Promise<void> {
    this.#asking = new AbortController();
    try {
      this.#show(await findUnits(text, SUGGESTED, this.#asking.signal));
    } catch (error) {
      // What was typed meanwhile is asked for in its place.
      if ((error as Error).name !== 'AbortError') this.#close();
    }
  }

  #show(units: readonly WireUnit[]): void {
    this.#units = units;
    this.#active = -1;
    const options = units.map((unit, i) => {
      const { code, label, level, inhabitants } = unit;
      return h(
        'li',
        {
          id: `${this.#list.id}-${i}`,
          role: 'option',
          'aria-selected': 'false',
          // Before the field loses the focus, which closes the list.
          onpointerdown: (event) => {
            event.preventDefault();
            this.#take(unit);
          },
        },
        h('span', { class: 'label' }, label || code),
        h(
          'span',
          { class: 'facts-line' },
          `${code} · ${t.level(level, 1)}`,
          inhabitants !== undefined && ` · ${formatWhole(inhabitants)}`,
        ),
      );
    });
    put(this.#list, ...options);
    this.#list.hidden = units.length === 0;
    this.input.setAttribute('aria-expanded', String(units.length > 0));
    this.input.removeAttribute('aria-activedescendant');
    put(this.#status, t.explorer.count(units.length, formatWhole(units.length)));
  }

  #key(event: KeyboardEvent): void {
    const last = this.#units.length - 1;
    if (event.key === 'Escape') this.#close();
    else if (last >= 0 && event.key === 'ArrowDown') this.#move(this.#active >= last ? 0 : this.#active + 1);
    else if (last >= 0 && event.key === 'ArrowUp') this.#move(this.#active <= 0 ? last : this.#active - 1);
    else return;
    event.preventDefault();
  }

  #move(to: number): void {
    this.#active = to;
    for (const [i, option] of [...this.#list.children].entries()) {
      option.setAttribute('aria-selected', String(i === to));
      if (i === to) {
        this.input.setAttribute('aria-activedescendant', option.id);
        option.scrollIntoView({ block: 'nearest' });
      }
    }
  }

  #take({ code, label }: WireUnit): void {
    this.input.value = label || code;
    this.#close();
    this.#choose(code);
  }

  #close(): void {
    clearTimeout(this.#pause);
    this.#asking?.abort();
    this.#units = [];
    this.#active = -1;
    this.#list.hidden = true;
    put(this.#list);
    this.input.setAttribute('aria-expanded', 'false');
    this.input.removeAttribute('aria-activedescendant');
  }
}
