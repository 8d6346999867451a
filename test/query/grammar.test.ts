import { ENDPOINTS } from '../../src/query/endpoints.js';
import { EXTENDED, PRODUCTIONS, type Production, QUERIES } from '../../src/query/grammar.js';
import { TerritoryError } from '../../src/territory/errors.js';
import { head, rewriterWith, terms } from './small-tree.js';

/** Goes through every row of the grammar and of the endpoints: a row that no request reaches, or that lets it pass, fails. */
const rewriter = rewriterWith({
  definitions: 'expand',
  indices: [
    ['articles', { units: 'territories', ancestors: 'territory_path', percolator: ['query'] }],
    ['articles*', { units: 'territories', ancestors: 'territory_path', percolator: ['query'] }],
  ],
});

const SHORT = { term: { territory: 'DEP:69' } };

type Build = (inner: unknown) => unknown;

function rowsOf(name: string): Production {
  const extended = EXTENDED[name];
  if (extended !== undefined) return { ...PRODUCTIONS[extended.of], ...extended.rows };
  return (PRODUCTIONS as Record<string, Production>)[name] ?? {};
}

/** The value of a row whose innermost production is given, and that production. */
function through(spec: string): { name: string; build: Build } {
  const [kind, rest] = spec.split(' ') as [string, string?];
  if (kind === 'map' || kind === 'each') return { name: rest!, build: (inner) => ({ a: inner }) };
  return { name: spec, build: (inner) => inner };
}

/** For each production the shortest way to it from a root: what to put around a value of it. */
function waysFrom(root: string): Map<string, Build> {
  const ways = new Map<string, Build>([[root, (inner) => inner]]);
  for (const [name, way] of ways) {
    const rows: [string, string][] = Object.entries(rowsOf(name));
    if (name === 'query') {
      for (const [type, { inside = {}, parameters }] of Object.entries(QUERIES)) {
        if (parameters !== undefined) follow(parameters, (inner) => way({ [type]: { title: inner } }));
        for (const [key, spec] of Object.entries(inside)) follow(spec, (inner) => way({ [type]: { [key]: inner } }));
      }
    }
    if (name === 'roleQuery') {
      follow('query', way);
      follow('roleQueryTemplate', (inner) => way({ template: inner }));
    }
    for (const [key, spec] of rows) follow(spec, (inner) => way({ [key]: inner }));
  }
  return ways;

  function follow(spec: string, around: Build): void {
    const { name, build } = through(spec);
    if (!ways.has(name)) ways.set(name, (inner) => around(build(inner)));
  }
}

const ROOTS = [...new Set(ENDPOINTS.map(({ body }) => body))].filter((body) => body !== 'document');
const targets = new Map(ROOTS.map((root) => [root, ENDPOINTS.find(({ body, lines }) => body === root && !lines)!]));

function send(root: string, body: unknown): string {
  const endpoint = targets.get(root) ?? ENDPOINTS.find(({ body: of }) => of === root)!;
  const target = endpoint.path.replace('{index}', 'articles').replace(/\{\w+\}/g, 'x');
  const lines = endpoint.lines ? '{}\n' : '';
  try {
    const outcome = rewriter.rewrite(
      head(endpoint.methods[0]!, target),
      Buffer.from(`${lines}${JSON.stringify(body)}\n`),
    );
    if (outcome.kind === 'answer') return 'refused';
    if (outcome.kind === 'render') return 'rendered';
    return outcome.kind === 'pass' ? 'pass' : outcome.body!.toString();
  } catch (error) {
    if (error instanceof TerritoryError) return 'refused';
    throw error;
  }
}

const EXPANSION = JSON.stringify(terms('DEP:69')).slice(1, -1);

const reached = new Set<string>();
const rows: [root: string, name: string, key: string, spec: string, body: unknown][] = [];
for (const root of ROOTS) {
  for (const [name, way] of waysFrom(root)) {
    for (const [key, spec] of Object.entries(rowsOf(name))) {
      if (reached.has(`${name}.${key}`)) continue;
      reached.add(`${name}.${key}`);
      const { name: inner, build } = through(spec);
      if (inner === 'query') rows.push([root, name, key, spec, way({ [key]: build(SHORT) })]);
    }
  }
}

describe('the grammar', () => {
  it('is reached from the endpoints, in every row', () => {
    const all = [...Object.keys(PRODUCTIONS), ...Object.keys(EXTENDED)].flatMap((name) =>
      Object.keys(rowsOf(name)).map((key) => `${name}.${key}`),
    );
    expect(all.filter((row) => !reached.has(row))).toEqual([]);
  });

  it.each(rows)('%s: %s.%s takes a query', (root, _name, _key, _spec, body) => {
    expect(send(root, body)).toContain(EXPANSION);
  });

  const QUERY_ROWS = Object.entries(QUERIES).flatMap(([type, { inside = {} }]) =>
    Object.entries(inside).map(([key, spec]) => [type, key, spec] as const),
  );

  it.each(QUERY_ROWS)('%s.%s is %s', (type, key, spec) => {
    const put = (value: unknown) => send('searchBody', { query: { [type]: { [key]: value } } });
    switch (spec) {
      case 'query':
        expect(put(SHORT)).toContain(EXPANSION);
        expect(put([SHORT, SHORT]).split(EXPANSION).length).toBe(3);
        break;
      case 'text lucene':
        expect(put('territory:DEP:69')).toContain('territory_path:');
        break;
      case 'text wrapper':
        expect(
          Buffer.from(
            /"query":"([\w=+/]+)"/.exec(put(Buffer.from(JSON.stringify(SHORT)).toString('base64')))![1]!,
            'base64',
          ).toString(),
        ).toContain(EXPANSION);
        break;
      case 'text exists':
        expect(put('territory')).toContain('"field":"territories"');
        break;
      case 'text field':
        expect(put('territory')).toBe('refused');
        expect(put(['title', 'territory^2'])).toBe('refused');
        break;
      case 'text simple':
      case 'text kql':
        expect(put('tax territory:DEP:69')).toBe('refused');
        break;
      case 'spanQuery':
      case 'multiTermQuery':
        expect(put(SHORT)).toBe('refused');
        expect(put({ territory: 'DEP:69' })).toBe('refused');
        break;
      case 'fieldKeys':
        expect(put({ territory: {} })).toBe('refused');
        break;
      case 'fieldProperty':
        expect(put({ field: 'territory' })).toBe('refused');
        break;
      case 'innerHits':
        expect(put({ highlight: { highlight_query: SHORT } })).toContain(EXPANSION);
        break;
      case 'scoreFunction':
        expect(put([{ filter: SHORT }])).toContain(EXPANSION);
        break;
      default:
        throw new Error(`no scenario for ${spec}`);
    }
  });

  it.each(Object.entries(QUERIES))('%s never lets the shorthand pass as its field', (type, { leaf, keys, inside }) => {
    const outcome = send('searchBody', { query: { [type]: { territory: 'DEP:69' } } });
    if (leaf !== undefined) expect(outcome).not.toBe('pass');
    else if (keys) expect(outcome).toBe('refused');
    else expect([outcome, inside === undefined || Object.keys(inside).length > 0]).toEqual(['pass', true]);
  });
});

describe('the endpoints', () => {
  it.each(ENDPOINTS.map((endpoint) => [endpoint.methods.join(), endpoint.path, endpoint] as const))(
    '%s %s',
    (_methods, _path, endpoint) => {
      const target = endpoint.path.replace('{index}', 'articles').replace(/\{\w+\}/g, 'x');
      const way = waysFrom(endpoint.body).get('query');
      const body = endpoint.documents
        ? { query: SHORT, doc: { query: SHORT } }
        : (way?.(SHORT) ?? { source: SHORT, params: SHORT, query: 'FROM a | WHERE territory == "DEP:69"' });
      const head_ = endpoint.lines ? '{}\n' : endpoint.documents === 'bulk' ? '{"index":{"_index":"articles"}}\n' : '';
      for (const method of endpoint.methods) {
        const bytes = Buffer.from(`${head_}${JSON.stringify(body)}\n`);
        expect(rewriter.plan(head(method, target)).kind).toBe('read');
        if ((way === undefined && !endpoint.documents) || endpoint.system) {
          const refused = () => {
            const outcome = rewriter.rewrite(head(method, target), bytes);
            if (outcome.kind === 'answer') throw new Error(outcome.body.toString());
          };
          expect(refused).toThrow();
        } else {
          let outcome = rewriter.rewrite(head(method, target), bytes);
          if (endpoint.template !== undefined) {
            if (outcome.kind !== 'render') throw new Error(outcome.kind);
            const rendered = endpoint.template === 'application' ? body : { template_output: body };
            outcome = outcome.rendered([{ status: 200, body: Buffer.from(JSON.stringify(rendered)) }]);
          }
          expect(outcome).toMatchObject({ kind: 'rewritten', places: 1 });
        }
      }
      if (endpoint.system) return;
      if (endpoint.q !== undefined) {
        const outcome = rewriter.rewrite(head(endpoint.methods[0]!, `${target}?q=territory:DEP:69`), undefined);
        expect(outcome).toMatchObject({ kind: 'rewritten', target: expect.stringContaining('territory_path') });
      }
      if (!endpoint.definition && !endpoint.documents && way !== undefined && !endpoint.lines && !endpoint.template) {
        const source = encodeURIComponent(JSON.stringify(body));
        const outcome = rewriter.rewrite(
          head(endpoint.methods[0]!, `${target}?source=${source}&source_content_type=application%2Fjson`),
          undefined,
        );
        expect(outcome).toMatchObject({ kind: 'rewritten', target, contentType: 'application/json' });
      }
    },
  );
});
