import fc from 'fast-check';
import { EXTENDED, PRODUCTIONS, type Production, QUERIES } from '../../src/query/grammar.js';
import type { Outcome } from '../../src/query/types.js';
import { TerritoryError } from '../../src/territory/errors.js';
import { runs } from '../support/seed.js';
import { head, rewriterWith } from './small-tree.js';

const rewriter = rewriterWith({ definitions: 'expand' });
const RUNS = { numRuns: runs(400) };

function rewrite(body: Buffer, target = '/articles/_search'): Outcome | TerritoryError {
  try {
    return rewriter.rewrite(head('POST', target), body);
  } catch (error) {
    if (error instanceof TerritoryError) return error;
    throw error;
  }
}

const CODES = ['DEP:69', 'DEP:01', 'COM:69123', 'EPCI:200046977', 'COM:01091'];
const code = fc.constantFrom(...CODES);
const relation = fc.constantFrom('', '.within', '.intersects', '.contains', '.disjoint', '.exact');

/** A query that is the shorthand. */
const shorthand: fc.Arbitrary<object> = fc.oneof(
  fc.tuple(relation, code).map(([r, c]) => ({ term: { [`territory${r}`]: c } })),
  fc.tuple(relation, fc.array(code)).map(([r, cs]) => ({ terms: { [`territory${r}`]: cs, boost: 2 } })),
  fc.tuple(relation, code).map(([r, c]) => ({ match: { [`territory${r}`]: { query: c } } })),
  code.map((c) => ({ territory: { codes: [c], _name: 'territory' } })),
  fc.tuple(code, code).map(([a, b]) => ({ territory: `${a} | ${b}` })),
  fc.constant({ exists: { field: 'territory' } }),
  code.map((c) => ({ query_string: { query: `tax AND territory:${c}` } })),
);

/** Queries and other values by the grammar's own tables, in which the shorthand may stand wherever a query can. */
function anyOf(spec: string, depth: number): fc.Arbitrary<unknown> {
  const space = spec.indexOf(' ');
  if (space >= 0) {
    const rest = spec.slice(space + 1);
    if (rest === 'index') return fc.constant('articles');
    if (spec.startsWith('text ')) return rest === 'wrapper' ? wrapped : fc.constantFrom('title', 'a territory');
    if (depth <= 0) return fc.constant({});
    return fc.dictionary(fc.constantFrom('a', 'territory', 'c'), anyOf(rest, depth - 1), { maxKeys: 2 });
  }
  if (spec === 'query') return depth <= 0 ? fc.oneof(shorthand, fc.constant({ match_all: {} })) : query(depth);
  if (spec === 'anything' || spec === 'template' || spec === 'templateSource') return fc.constant({});
  if (spec === 'fieldKeys') return fc.constant({ title: {} });
  if (spec === 'spanQuery' || spec === 'multiTermQuery') return fc.constant({ span_term: { title: 'territory' } });
  if (depth <= 0) return fc.constant({});
  return objectOf(rowsOf(spec), depth);
}

const wrapped = shorthand.map((one) => Buffer.from(JSON.stringify(one)).toString('base64'));

function rowsOf(name: string): Production {
  const extended = EXTENDED[name];
  if (extended !== undefined) return { ...PRODUCTIONS[extended.of], ...extended.rows };
  return (PRODUCTIONS as Record<string, Production>)[name] ?? {};
}

function objectOf(rows: Production, depth: number): fc.Arbitrary<object> {
  const keys = Object.keys(rows);
  if (keys.length === 0) return fc.constant({});
  return fc
    .subarray(keys, { minLength: 1, maxLength: Math.min(2, keys.length) })
    .chain((chosen) => fc.record(Object.fromEntries(chosen.map((key) => [key, anyOf(rows[key]!, depth - 1)]))));
}

function query(depth: number): fc.Arbitrary<unknown> {
  const compound = fc
    .constantFrom(...Object.keys(QUERIES).filter((type) => QUERIES[type]?.inside !== undefined))
    .chain((type) => objectOf(QUERIES[type]!.inside!, depth - 1).map((value) => ({ [type]: value })));
  return fc.oneof(shorthand, compound, fc.array(shorthand, { maxLength: 2 }));
}

/** JSON text of a value, with escapes, comments and space where they may stand. */
function print(value: unknown, dice: () => number): string {
  const gap = () => ['', '', '', ' ', '\n', '/* territory */', '// "territory"\n'][dice() % 7]!;
  const string = (text: string) =>
    `"${[...JSON.stringify(text).slice(1, -1)]
      .map((c) =>
        /[a-z]/.test(c) && dice() % 40 === 0 && !text.includes('\\')
          ? `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`
          : c,
      )
      .join('')}"`;
  if (Array.isArray(value)) return `[${gap()}${value.map((item) => print(item, dice) + gap()).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(
      ([key, item]) => `${gap()}${string(key)}${gap()}:${gap()}${print(item, dice)}${gap()}`,
    );
    return `{${members.join(',')}}`;
  }
  return typeof value === 'string' ? string(value) : JSON.stringify(value);
}

/** Whether a query position still holds the shorthand: found by recursion over parsed JSON, apart from the walker. */
function leftIn(value: unknown, spec: string): boolean {
  if (value === null || typeof value !== 'object') {
    if (spec === 'text wrapper' && typeof value === 'string') {
      return leftIn(JSON.parse(Buffer.from(value, 'base64').toString()), 'query');
    }
    return spec === 'text lucene' && /territory[.\w]*:/.test(String(value).replaceAll('territory_path', ''));
  }
  const [kind, rest] = spec.includes(' ')
    ? [spec.slice(0, spec.indexOf(' ')), spec.slice(spec.indexOf(' ') + 1)]
    : ['', spec];
  if (Array.isArray(value)) return value.some((item) => leftIn(item, kind === 'each' ? rest : spec));
  if (kind === 'map' || kind === 'each') return Object.values(value).some((item) => leftIn(item, rest));
  if (spec !== 'query') {
    const rows = rowsOf(spec);
    return Object.entries(value).some(([key, item]) => rows[key] !== undefined && leftIn(item, rows[key]));
  }
  return Object.entries(value).some(([type, item]) => {
    if (/^territory(\.|$)/.test(type)) return true;
    if (type === 'exists') return (item as { field?: string }).field === 'territory';
    if (QUERIES[type]?.leaf !== undefined)
      return Object.keys(item as object).some((field) => /^territory(\.|$)/.test(field));
    const rows = QUERIES[type]?.inside ?? {};
    return Object.entries(item as object).some(([key, inner]) => rows[key] !== undefined && leftIn(inner, rows[key]));
  });
}

/** A small generator of numbers, so that one seed gives one text. */
function diceOf(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state = Math.imul(state, 1103515245) + 12345;
    return (state >>> 16) & 0x7fff;
  };
}

const BODIES: readonly (readonly [target: string, spec: string])[] = [
  ['/articles/_search', 'searchBody'],
  ['/articles/_count', 'queryBody'],
  ['/articles/_rank_eval', 'rankEval'],
  ['/articles/_graph/explore', 'graph'],
  ['/_reindex', 'reindex'],
  ['/_aliases', 'aliasActions'],
  ['/_watcher/watch/_execute', 'watchExecute'],
  ['/_ml/datafeeds/_preview', 'datafeedPreview'],
];

describe('fuzz', () => {
  it('a legal request leaves no shorthand in a query position, or is refused', () => {
    const request = fc
      .constantFrom(...BODIES)
      .chain(([target, spec]) => fc.tuple(fc.constant(target), fc.constant(spec), anyOf(spec, 6), fc.nat()));
    fc.assert(
      fc.property(request, ([target, spec, value, seed]) => {
        const text = print(value, diceOf(seed));
        const outcome = rewrite(Buffer.from(text), target);
        if (outcome instanceof TerritoryError) return;
        if (outcome.kind === 'pass') expect(leftIn(value, spec)).toBe(false);
        else if (outcome.kind === 'rewritten') {
          const after = JSON.parse(uncommented(outcome.body!.toString()));
          expect(leftIn(after, spec)).toBe(false);
          expect(Object.keys(after)).toEqual(Object.keys(value as object));
        }
      }),
      RUNS,
    );
  });

  it('any JSON and any bytes give an outcome or an error that says why, and without the name they pass', () => {
    const json = fc.json({ maxDepth: 6 }).map((text) => text.replaceAll('"a', '"territory'));
    const cut = fc
      .tuple(json, fc.nat(200))
      .map(([text, length]) => `{"query":{"bool":{"must":${text}`.slice(0, length + 10));
    const bytes = fc.uint8Array({ maxLength: 100 }).map((array) => Buffer.from(array));
    const any = fc.oneof(
      json.map((text) => Buffer.from(`{"query":${text}}`)),
      cut.map((text) => Buffer.from(text)),
      bytes,
    );
    fc.assert(
      fc.property(any, (body) => {
        const outcome = rewrite(body);
        if (outcome instanceof TerritoryError) expect(outcome.status).toBeGreaterThanOrEqual(400);
        else if (!body.includes('territory') && !body.includes('\\')) expect(outcome.kind).toBe('pass');
      }),
      RUNS,
    );
  });

  it('any lines of an _msearch keep their number, and hold no shorthand, whether a newline at the start is a header', () => {
    const line = fc.oneof(
      shorthand.map((query) => JSON.stringify({ query })),
      fc.constantFrom('{}', '', '{"query":', '{"index":"articles"}'),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 10 }), (lines) => {
        const body = Buffer.from(lines.map((text) => `${text}\n`).join(''));
        const outcome = rewrite(body, '/articles/_msearch');
        if (outcome instanceof TerritoryError || outcome.kind === 'answer') return;
        const starts = lines[0] === '' ? [0, 1] : [0];
        const made = outcome.kind === 'rewritten' ? outcome.body!.toString().split('\n').slice(0, -1) : lines;
        const bodies = starts.flatMap((start) => made.filter((_, i) => i > start && (i - start) % 2 === 1));
        expect(bodies.filter((text) => leftIn(parsed(text), 'searchBody'))).toEqual([]);
        if (outcome.kind !== 'rewritten') return;
        expect(made.length).toBe(lines.length - 2 * (outcome.refused?.length ?? 0));
        expect(starts.map((start) => Math.floor((lines.length - start) / 2))).toContain(outcome.total);
      }),
      RUNS,
    );
  });
});

/** `undefined` where it is broken, for which Elasticsearch refuses the whole request. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function uncommented(text: string): string {
  return text.replace(/"(?:\\.|[^"\\])*"|\/\*.*?\*\/|\/\/[^\n]*/gs, (part) => (part.startsWith('"') ? part : ''));
}
