import { ApiError, ask } from './client.js';
import { type Child, h, newId, put } from './dom.js';
import { formatWhole } from './format.js';
import { t } from './language.js';
import type { Rewritten } from './wire.js';

const FIRST = 'REG:84 - DEP:69';

/** A search for a territory as an application may write it. */
function exampleOf(expression: string): string {
  const shorthand = document.body.dataset.shorthand || 'territory';
  return `{
  "query": {
    "bool": {
      "must": { "match": { "text": "salaire" } },
      "filter": { ${JSON.stringify(shorthand)}: ${JSON.stringify(expression)} }
    }
  }
}`;
}

/**
 * A query beside what Elasticsearch would get of it.
 * @returns its element, and how it is told of a territory to ask for while nobody wrote another query
 */
export function rewriteView(): { readonly element: HTMLElement; ask(expression: string): void } {
  let example = exampleOf(FIRST);
  const path = `/${document.body.dataset.index || 'articles'}/_search`;
  const [pathId, bodyId] = [newId('path'), newId('body')];
  const pathField = h('input', { id: pathId, class: 'code', value: path, spellcheck: 'false', maxlength: 4000 });
  const bodyField = h('textarea', { id: bodyId, class: 'code', rows: 10, spellcheck: 'false' }, example);
  const result = h('div', { class: 'result', 'aria-live': 'polite' });
  const form = h(
    'form',
    {},
    h('label', { for: pathId }, t.rewrite.method),
    pathField,
    h('label', { for: bodyId }, t.rewrite.body),
    bodyField,
    h('button', { type: 'submit' }, t.rewrite.go),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void rewrite(pathField.value.trim(), bodyField.value, result);
  });
  const element = h(
    'section',
    { class: 'rewrite', 'aria-labelledby': 'rewrite-title' },
    h('h2', { id: 'rewrite-title' }, t.rewrite.title),
    h('p', { class: 'quiet' }, t.rewrite.help),
    h('div', { class: 'two' }, form, result),
  );
  return {
    element,
    ask(expression) {
      if (bodyField.value !== example) return;
      example = exampleOf(expression);
      bodyField.value = example;
      put(result);
    },
  };
}

async function rewrite(written: string, text: string, result: HTMLElement): Promise<void> {
  const path = encodeURI(written.startsWith('/') ? written : `/${written}`).replaceAll('%25', '%');
  const body = text.trim() === '' ? undefined : text;
  const method = body === undefined ? 'GET' : 'POST';
  try {
    const sent = await ask<Rewritten>('rewrite', {
      method: 'POST',
      body: { method, path, ...(body === undefined ? {} : { body }) },
    });
    put(result, ...shown(sent, path, text));
  } catch (error) {
    const { message } = error as Error;
    put(result, h('p', { class: 'failed' }, message), error instanceof ApiError && suggestions(error));
  }
}

function suggestions({ suggestions }: ApiError): Child {
  const rows = Object.entries(suggestions).filter(([, codes]) => codes.length > 0);
  return (
    rows.length > 0 &&
    h(
      'ul',
      {},
      ...rows.map(([code, codes]) => h('li', {}, h('code', {}, code), ` ${t.lists.meant} ${codes.join(', ')}`)),
    )
  );
}

function shown({ path, body, replaced, warnings = [] }: Rewritten, pathBefore: string, bodyBefore: string): Child[] {
  if (replaced.length === 0) return [h('p', {}, t.rewrite.unchanged)];
  return [
    h('h3', {}, t.rewrite.sent),
    h('pre', { tabindex: '0' }, ...marked(decoded(path), decoded(pathBefore))),
    body !== null && h('pre', { tabindex: '0' }, ...marked(body, bodyBefore)),
    ...warnings.map((warning) => h('p', { class: 'failed' }, warning)),
    h('h3', {}, t.rewrite.replaced),
    h(
      'ul',
      { class: 'replaced' },
      ...replaced.map(({ place, written, terms, cache }) =>
        h(
          'li',
          {},
          h('code', {}, written),
          ` → ${t.rewrite.codes(terms, formatWhole(terms))}, ${t.rewrite.cache[cache]}`,
          h('span', { class: 'meant' }, place),
        ),
      ),
    ),
  ];
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path.replaceAll('+', ' '));
  } catch {
    // A lone % stays as it was sent.
    return path;
  }
}

/**
 * A text with what is new in it marked. The proxy changes nothing but the places of territories, so all between what the
 * two have in common at both ends, line by line, is new.
 */
export function changedParts(after: string, before: string): { text: string; isNew: boolean }[] {
  const parts: { text: string; isNew: boolean }[] = [];
  let [i, j] = [0, 0];
  while (i < after.length) {
    let same = 0;
    while (i + same < after.length && after[i + same] === before[j + same]) same += 1;
    if (same > 0) parts.push({ text: after.slice(i, i + same), isNew: false });
    i += same;
    j += same;
    if (i >= after.length) break;
    const [nextI, nextJ] = nextCommon(after, before, i, j);
    parts.push({ text: after.slice(i, nextI), isNew: true });
    i = nextI;
    j = nextJ;
  }
  return parts;
}

/** Characters that must agree for two texts to be taken as going on alike. */
const ANCHOR = 12;

/** Where both texts go on alike; their ends where they never do. */
function nextCommon(after: string, before: string, i: number, j: number): [number, number] {
  for (let at = j; at + 1 <= before.length; at += 1) {
    const anchor = before.slice(at, at + ANCHOR);
    // Near the end less must do, if it is all that is left of both.
    if (anchor.length < ANCHOR && !after.endsWith(anchor)) continue;
    const found = anchor.length < ANCHOR ? after.length - anchor.length : after.indexOf(anchor, i);
    if (found >= i) return [found, at];
  }
  return [after.length, before.length];
}

function marked(after: string, before: string): Child[] {
  return changedParts(after, before).map(({ text, isNew }) => (isNew ? h('mark', {}, text) : text));
}
