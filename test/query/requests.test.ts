import { ENDPOINTS } from '../../src/query/endpoints.js';
import { mergeMsearch } from '../../src/query/msearch.js';
import { routeOf } from '../../src/query/routes.js';
import type { Outcome } from '../../src/query/types.js';
import { head, OPTIONS, rewriter, rewriterWith, terms } from './small-tree.js';

const body = (query: unknown) => Buffer.from(JSON.stringify(query));
const SHORT = { term: { territory: 'DEP:69' } };

function done(outcome: Outcome): Extract<Outcome, { kind: 'rewritten' }> {
  if (outcome.kind !== 'rewritten') throw new Error(outcome.kind);
  return outcome;
}

function json(outcome: Outcome): unknown {
  return JSON.parse(done(outcome).body!.toString());
}

describe('routes', () => {
  it.each([
    ['POST', '/articles/_search', 'search', 'articles'],
    ['GET', '/articles/_search/', 'search', 'articles'],
    ['GET', '/articles/_search?x=/y', 'search', 'articles'],
    ['GET', '/_search', 'search', undefined],
    ['GET', '/a%2Cb/_search', 'search', 'a,b'],
    ['GET', '/%3Clogs-%7Bnow%2Fd%7D%3E/_search', 'search', '<logs-{now/d}>'],
    ['GET', '/%61rticles/_se%61rch', 'search', 'articles'],
    ['GET', '/a+b/_search', 'search', 'a+b'],
    ['POST', '/articles/doc/_search', 'search', 'articles'],
    ['POST', '/_search/template', 'search_template', undefined],
    ['POST', '/articles/_msearch', 'msearch', 'articles'],
    ['GET', '/_cat/count/articles', 'cat_count', 'articles'],
    ['POST', '/articles/_explain/1', 'explain', 'articles'],
    ['POST', '/_reindex', 'reindex', undefined],
    ['PUT', '/articles', 'create_index', 'articles'],
    ['POST', '/articles/_mvt/geo/1/2/3', 'mvt', 'articles'],
    ['PUT', '/_transform/x', 'transform', undefined],
    ['POST', '/_xpack/sql', 'sql', undefined],
    ['PUT', '/_xpack/watcher/watch/w', 'watch', undefined],
    ['POST', '/articles/_xpack/graph/_explore', 'graph', 'articles'],
    ['POST', '/articles/doc/_delete_by_query', 'delete_by_query', 'articles'],
    ['PUT', '/alerts/doc/1', 'index', 'alerts'],
    ['POST', '/alerts/doc/_bulk', 'bulk', 'alerts'],
    ['POST', '/alerts/_doc/1', 'index', 'alerts'],
    ['PUT', '/alerts/_doc/_search', 'index', 'alerts'],
    ['PUT', '/_security/role/_search', 'role', undefined],
  ])('%s %s is %s of %s', (method, target, name, index) => {
    const route = routeOf(method, target);
    expect([route?.endpoint.name, route?.index]).toEqual([name, index]);
  });

  it.each([
    ['GET', '_search', 'search'],
    ['POST', '_search', 'search'],
    ['POST', '_count', 'count'],
    ['POST', '_msearch', 'msearch'],
    ['POST', '_delete_by_query', 'delete_by_query'],
    ['POST', '_search/template', 'search_template'],
    ['POST', '_validate/query', 'validate_query'],
    ['POST', '_bulk', 'bulk'],
  ])('under 7.x %s /articles/_doc/%s is a %s with the type _doc, no document of that id', (method, path, name) => {
    const route = routeOf(method, `/articles/_doc/${path}`);
    expect([route?.endpoint.name, route?.index]).toEqual([name, 'articles']);
  });

  it.each([
    ['GET', '/'],
    ['GET', '/articles'],
    ['PUT', '/articles/_mapping'],
    ['POST', '/_search/scroll'],
    ['DELETE', '/articles/_search'],
    ['PUT', '/_scripts/my-template'],
    ['GET', '/_cluster/health'],
    ['GET', '/_async_search/abc'],
    ['PUT', '/_ilm/policy/x'],
    ['PUT', '/_scripts/a/b'],
  ])('%s %s carries no query', (method, target) => expect(routeOf(method, target)).toBeUndefined());

  it('every endpoint is found by its own path', () => {
    for (const endpoint of ENDPOINTS) {
      for (const method of endpoint.methods) {
        const found = routeOf(method, endpoint.path.replace(/\{\w+\}/g, 'x'));
        expect([endpoint.path, found?.endpoint.name]).toEqual([endpoint.path, endpoint.name]);
      }
    }
  });
});

describe('the plan', () => {
  it.each([
    ['POST', '/articles/_search', 'read', 'search'],
    ['POST', '/_search', 'read', 'search'],
    ['POST', '/other/_search', 'stream', 'search'],
    ['POST', '/other/_msearch', 'read', 'msearch'],
    ['POST', '/_bulk', 'stream', 'bulk'],
    ['PUT', '/articles/_doc/1', 'stream', 'index'],
    ['GET', '/_cluster/health', 'stream', 'other'],
  ])('%s %s: %s', (method, target, kind, endpoint) => {
    expect(rewriter.plan(head(method, target))).toEqual({ kind, endpoint });
  });

  it('without configured indices everything streams', () => {
    expect(rewriterWith({ indices: [] }).plan(head('POST', '/_search')).kind).toBe('stream');
  });

  it('an encoding that cannot be undone is refused where the body would have to be read', () => {
    const plan = (target: string, contentEncoding: string) =>
      rewriter.plan({ ...head('POST', target), contentEncoding });
    expect(() => plan('/articles/_search', 'br')).toThrow(/compressed with \[br\]/);
    expect(() => plan('/articles/_search', 'gzip, deflate')).toThrow(/compressed/);
    expect(plan('/articles/_search', 'GZIP').kind).toBe('read');
    expect(plan('/other/_search', 'zstd').kind).toBe('stream');
  });
});

describe('bodies of other endpoints', () => {
  const expansion = terms('DEP:69');
  it.each([
    ['POST', '/articles/_count', { query: SHORT }, { query: expansion }],
    ['GET', '/articles/_explain/1', { query: SHORT }, { query: expansion }],
    ['GET', '/articles/_validate/query', { query: SHORT }, { query: expansion }],
    ['POST', '/articles/_delete_by_query', { query: SHORT }, { query: expansion }],
    ['POST', '/articles/_update_by_query', { query: SHORT, script: {} }, { query: expansion, script: {} }],
    ['POST', '/articles/_pit', { index_filter: SHORT }, { index_filter: expansion }],
    ['POST', '/articles/_field_caps', { index_filter: SHORT }, { index_filter: expansion }],
    [
      'POST',
      '/articles/_terms_enum',
      { field: 'territory', index_filter: SHORT },
      { field: 'territory', index_filter: expansion },
    ],
    ['POST', '/articles/_async_search', { query: SHORT }, { query: expansion }],
    ['POST', '/articles/_knn_search', { knn: {}, filter: [SHORT] }, { knn: {}, filter: [expansion] }],
    [
      'POST',
      '/articles/_graph/explore',
      { connections: { query: SHORT, connections: { query: SHORT } } },
      { connections: { query: expansion, connections: { query: expansion } } },
    ],
    [
      'POST',
      '/articles/_rank_eval',
      { requests: [{ request: { query: SHORT } }] },
      { requests: [{ request: { query: expansion } }] },
    ],
    [
      'POST',
      '/articles/_eql/search',
      { query: 'any where true', filter: SHORT },
      { query: 'any where true', filter: expansion },
    ],
    [
      'POST',
      '/articles/_mvt/g/1/2/3',
      { query: SHORT, aggs: { a: { filter: SHORT } } },
      { query: expansion, aggs: { a: { filter: expansion } } },
    ],
  ])('%s %s', (method, target, from, to) =>
    expect(json(rewriter.rewrite(head(method, target), body(from)))).toEqual(to),
  );

  it('the outcome names the indices of the body, where it names its own', () => {
    const reindex = { source: { index: ['articles', 'other'], query: SHORT }, dest: { index: 'copy' } };
    expect(done(rewriter.rewrite(head('POST', '/_reindex'), body(reindex))).indices).toBe('articles,other');
    expect(done(rewriter.rewrite(head('POST', '/articles/_search'), body({ query: SHORT }))).indices).toBe('articles');
  });

  it('bodies that name their indices are for these', () => {
    const reindex = (index: unknown) =>
      rewriter.rewrite(head('POST', '/_reindex'), body({ source: { index, query: SHORT }, dest: { index: 'x' } }));
    expect(json(reindex('articles'))).toMatchObject({ source: { query: expansion } });
    expect(json(reindex(['briefs']))).toMatchObject({
      source: { query: { bool: { should: [{ terms: { tu: expect.anything() } }] } } },
    });
    expect(reindex('other')).toEqual({ kind: 'pass' });
  });

  it.each([
    ['/_sql', "SELECT * FROM articles WHERE territory = 'DEP:69'"],
    ['/_sql', "SELECT * FROM articles WHERE QUERY('territory:DEP:69')"],
    ['/_query', 'FROM articles | WHERE territory == "DEP:69"'],
    ['/_query', 'FROM articles | WHERE QSTR("territory:DEP:69")'],
    ['/_query', 'FROM articles | WHERE QSTR("t\\\\erritory:DEP:69")'],
    ['/_query', 'FROM articles | WHERE territory IN ("DEP:69")'],
    ['/_query', 'FROM articles | WHERE MATCH(territory, "DEP:69")'],
  ])('the text of %s is not ours: %s', (target, query) => {
    expect(() => rewriter.rewrite(head('POST', target), body({ query }))).toThrow(/put it into "filter"/);
  });

  it('the filter beside the text is', () => {
    const from = { query: 'FROM articles | WHERE title == "a territory dispute"', filter: SHORT };
    expect(json(rewriter.rewrite(head('POST', '/_query'), body(from)))).toMatchObject({
      query: from.query,
      filter: { constant_score: {} },
    });
  });

  it.each([
    ['POST', '/_security/_query/user', { query: SHORT }],
    ['POST', '/_watcher/_query/watches', { sort: { a: { nested: { filter: SHORT } } } }],
    ['GET', '/_application/search_application?q=territory:DEP:69', undefined],
  ])("%s %s searches the server's own data, which has no territory", (method, target, from) => {
    expect(() => rewriter.rewrite(head(method, target), from && body(from))).toThrow(/no territory/);
    expect(
      rewriter.rewrite(head(method, target.replace('territory', 'name')), from && body({ query: { match_all: {} } })),
    ).toEqual({
      kind: 'pass',
    });
  });
});

describe('definitions', () => {
  const CASES: [string, string, unknown][] = [
    ['PUT', '/articles/_alias/rhone', { filter: SHORT }],
    ['POST', '/_aliases', { actions: [{ add: { index: 'articles', alias: 'r', filter: SHORT } }] }],
    ['PUT', '/articles', { mappings: { properties: { territory: {} } }, aliases: { r: { filter: SHORT } } }],
    ['PUT', '/_index_template/t', { index_patterns: ['a*'], template: { aliases: { r: { filter: SHORT } } } }],
    ['PUT', '/_template/t', { aliases: { r: { filter: SHORT } } }],
    ['PUT', '/_component_template/t', { template: { aliases: { r: { filter: SHORT } } } }],
    ['POST', '/articles/_rollover', { aliases: { r: { filter: SHORT } } }],
    ['PUT', '/articles/_shrink/b', { aliases: { r: { filter: SHORT } } }],
    ['PUT', '/_transform/t', { source: { index: 'articles', query: SHORT } }],
    ['PUT', '/_enrich/policy/p', { match: { indices: 'articles', query: SHORT } }],
    ['PUT', '/_watcher/watch/w', { input: { search: { request: { body: { query: SHORT } } } } }],
    [
      'PUT',
      '/_watcher/watch/w',
      { input: { chain: { inputs: [{ a: { search: { request: { body: { query: SHORT } } } } }] } } },
    ],
    [
      'PUT',
      '/_watcher/watch/w',
      { actions: { a: { transform: { search: { request: { body: { query: SHORT } } } } } } },
    ],
    ['PUT', '/_security/role/r', { indices: [{ names: ['articles'], query: SHORT }] }],
    ['PUT', '/_security/api_key', { role_descriptors: { r: { indices: [{ query: SHORT }] } } }],
    ['PUT', '/_ml/datafeeds/d', { indices: ['articles'], query: SHORT }],
    ['PUT', '/_ml/data_frame/analytics/d', { source: { index: 'articles', query: SHORT } }],
  ];

  it.each(CASES)(
    '%s %s is refused by default, and expanded where the configuration lets it',
    (method, target, from) => {
      expect(() => rewriter.rewrite(head(method, target), body(from))).toThrow(/keep today's map.*definitions: expand/);
      const expanded = done(rewriterWith({ definitions: 'expand' }).rewrite(head(method, target), body(from)));
      expect(expanded.body!.toString()).not.toContain('"territory":"DEP:69"');
      expect(expanded.body!.toString()).toContain('"terms":{"territory_path":["DEP:69"]}');
    },
  );

  it('a role may write its query as JSON in a string that holds base64, where no name can be seen', () => {
    const wrapped = Buffer.from(JSON.stringify(SHORT)).toString('base64');
    for (const key of ['wrapper', 'wr\\u0061pper']) {
      const role = { indices: [{ names: ['articles'], query: `{"${key}":{"query":"${wrapped}"}}` }] };
      expect(() => rewriter.rewrite(head('PUT', '/_security/role/r'), body(role))).toThrow(/keep today's map/);
    }
    const plain = { indices: [{ names: ['articles'], query: '{"wrapper":{"query":"e30="}}' }] };
    expect(rewriter.rewrite(head('PUT', '/_security/role/r'), body(plain))).toEqual({ kind: 'pass' });
  });

  it('a role may write its query as JSON in a string, whatever escapes are in it', () => {
    const expanding = rewriterWith({ definitions: 'expand' });
    for (const name of ['territory', '\\u0074erritory', 't\\u0065rritory']) {
      const query = `{"bool":{"filter":[{"term":{"${name}":"DEP:69"}}],"_name":"\u00e9\\""}}`;
      const role = { indices: [{ names: ['articles'], query }] };
      expect(() => rewriter.rewrite(head('PUT', '/_security/role/r'), body(role))).toThrow(/keep today's map/);
      const outcome = done(expanding.rewrite(head('PUT', '/_security/role/r'), body(role)));
      const {
        indices: [{ query: rewritten }],
      } = JSON.parse(outcome.body!.toString());
      const written = JSON.parse(rewritten);
      const asObject = { indices: [{ names: ['articles'], query: JSON.parse(query) }] };
      const same = JSON.parse(
        done(expanding.rewrite(head('PUT', '/_security/role/r'), body(asObject))).body!.toString(),
      );
      expect(written).toEqual(same.indices[0].query);
      expect(rewritten).toContain('{"terms":{"territory_path":["DEP:69"]}}');
      expect(outcome.replaced).toMatchObject([{ place: 'indices[0].query: bool.filter[0].term', codes: ['DEP:69'] }]);
    }
    const source = '{"term":{"territory":"{{_user.metadata.department}}"}}';
    const template = { indices: [{ names: ['articles'], query: { template: { source } } }] };
    expect(() => expanding.rewrite(head('PUT', '/_security/role/r'), body(template))).toThrow(/without mustache/);
  });

  it('without shorthand they pass', () => {
    expect(rewriter.rewrite(head('PUT', '/articles/_alias/x'), body({ filter: { term: { territorial: 1 } } }))).toEqual(
      { kind: 'pass' },
    );
  });
});

describe('documents', () => {
  const indices: [string, object][] = [
    ['alerts', { units: 'tu', percolator: ['query', 'watch.query'] }],
    ...OPTIONS.indices,
  ] as never;
  const reject = rewriterWith({ indices: indices as never });
  const expand = rewriterWith({ indices: indices as never, definitions: 'expand' });

  it('are data, except for percolator fields of an index that names them', () => {
    expect(expand.plan(head('PUT', '/alerts/_doc/1')).kind).toBe('read');
    expect(expand.plan(head('PUT', '/articles/_doc/1')).kind).toBe('stream');
    const from = { query: SHORT, watch: { query: SHORT, other: SHORT }, 'watch.query': SHORT, note: SHORT };
    expect(() => reject.rewrite(head('PUT', '/alerts/_doc/1'), body(from))).toThrow(/a percolator query/);
    const to = { bool: { should: [{ terms: { tu: expect.arrayContaining(['DEP:69']) } }], minimum_should_match: 1 } };
    expect(json(expand.rewrite(head('PUT', '/alerts/_doc/1'), body(from)))).toEqual({
      query: to,
      watch: { query: to, other: SHORT },
      'watch.query': to,
      note: SHORT,
    });
  });

  it('in bulk, each by the index of its action', () => {
    const line = JSON.stringify({ query: SHORT });
    const bulk = [
      '{"index":{"_index":"alerts"}}',
      line,
      '{"delete":{"_index":"alerts","_id":"1"}}',
      '{"index":{"_index":"articles"}}',
      line,
      '{"update":{"_id":"1"}}',
      `{"doc":${line}}`,
      '',
    ].join('\n');
    const lines = done(expand.rewrite(head('POST', '/alerts/_bulk'), Buffer.from(bulk)))
      .body!.toString()
      .split('\n');
    expect(lines.map((text) => text.includes('"tu"'))).toEqual([false, true, false, false, false, false, true, false]);
    expect(lines[4]).toBe(line);
  });
});

describe('_msearch', () => {
  const lines = (...all: string[]) => Buffer.from(all.join('\n'));
  const good = '{"query":{"term":{"territory":"DEP:69"}}}';
  const bad = '{"query":{"term":{"territory":"COM:9"}}}';
  const plain = '{"query":{"match_all":{}}, "size": 1.0}';

  it('rewrites each search for the indices of its header', () => {
    const outcome = done(
      rewriter.rewrite(
        head('POST', '/briefs/_msearch'),
        lines('{"index":"articles"}', good, '{}', good, '', plain, '{"index":["other"]}', good, ''),
      ),
    );
    const out = outcome.body!.toString().split('\n');
    expect(out[1]).toContain('territory_path');
    expect(out[3]).toContain('"tu"');
    expect(out.slice(4)).toEqual(['', plain, '{"index":["other"]}', good, '']);
    expect(outcome.replaced.map(({ place }) => place)).toEqual(['[0].query.term', '[1].query.term']);
  });

  it('leaves out a refused search, whose error is put back in its place', () => {
    const outcome = done(
      rewriter.rewrite(head('POST', '/articles/_msearch'), lines('{}', bad, '{}', plain, '{}', bad, '{}', good, '')),
    );
    expect(outcome.body!.toString().split('\n').length).toBe(5);
    expect(outcome.total).toBe(4);
    expect(outcome.refused!.map(({ position, status }) => [position, status])).toEqual([
      [0, 400],
      [2, 400],
    ]);
    const answer = Buffer.from('{"took" : 3, "responses":[ {"hits":{"total":1e400}} , {"hits":"]"} ], "x":1}');
    const merged = mergeMsearch(answer, outcome.refused!, outcome.total!).toString();
    const errors = outcome.refused!.map(({ error, status }) => JSON.stringify({ error, status }));
    expect(merged).toBe(
      `{"took" : 3, "responses":[${errors[0]},{"hits":{"total":1e400}},${errors[1]},{"hits":"]"}], "x":1}`,
    );
  });

  it('is answered at once where all are refused', () => {
    const outcome = rewriter.rewrite(head('POST', '/articles/_msearch'), lines('{}', bad, '{}', bad, ''));
    expect(outcome.kind).toBe('answer');
    if (outcome.kind !== 'answer') return;
    expect(outcome.status).toBe(200);
    expect(JSON.parse(outcome.body.toString()).responses).toMatchObject([
      { status: 400, error: { units: ['COM:9'] } },
      { status: 400 },
    ]);
  });

  it('an answer that is an error of its own stays as it is', () => {
    const refused = [{ position: 0, error: {}, status: 400 }];
    for (const answer of ['{"error":{},"status":500}', 'no JSON', '{"responses":[]}', '']) {
      expect(mergeMsearch(Buffer.from(answer), refused, 2).toString()).toBe(answer);
    }
  });

  it('with filter_path every search keeps its place', () => {
    const refused = (target: string) =>
      done(rewriter.rewrite(head('POST', target), lines('{}', bad, '{}', plain, ''))).target;
    expect(refused('/articles/_msearch?filter_path=responses.hits.total&x=1')).toBe(
      '/articles/_msearch?filter_path=responses.hits.total,responses.status&x=1',
    );
    expect(refused('/articles/_msearch?filter_path=-took')).toBe('/articles/_msearch?filter_path=-took');
  });

  it('keeps the last line without its newline, and a newline at the very start', () => {
    const outcome = done(rewriter.rewrite(head('POST', '/articles/_msearch'), Buffer.from(`\n{}\n${good}`)));
    expect(outcome.body!.toString()).toMatch(/^\n\{\}\n\{"query":\{"bool".*\}\}$/);
  });

  it('without shorthand passes', () => {
    expect(rewriter.rewrite(head('POST', '/_msearch'), lines('{}', plain, ''))).toEqual({ kind: 'pass' });
  });
});

describe('the URL', () => {
  it('q is edited where it stands', () => {
    const outcome = done(
      rewriter.rewrite(head('GET', '/articles/_search?size=1&q=tax+AND+%74erritory:DEP:69;pretty'), undefined),
    );
    expect(outcome.target).toBe('/articles/_search?size=1&q=tax+AND+territory_path%3A%22DEP%3A69%22%5E0;pretty');
    expect(outcome.body).toBeUndefined();
    expect(outcome.replaced).toMatchObject([{ place: 'q', written: 'territory:DEP:69' }]);
  });

  it('q with an analyzer that is nothing but the shorthand moves into the body', () => {
    const outcome = done(
      rewriter.rewrite(head('GET', '/articles/_search?q=territory:DEP:69&analyzer=french&size=1'), undefined),
    );
    expect(outcome.target).toBe('/articles/_search?size=1');
    expect(outcome.contentType).toBe('application/json');
    expect(json(outcome)).toEqual({ query: { bool: { filter: [terms('DEP:69')] } } });
  });

  it("q over a body: _search takes q, and the body's query goes", () => {
    const target = '/articles/_search?q=territory:DEP:69&analyzer=french';
    const outcome = rewriter.rewrite(head('POST', target), Buffer.from('{"size": 1.0, "query": {"match_all":{}} }'));
    expect(done(outcome).body!.toString()).toMatch(/^\{"size": 1\.0, "query": \{"bool":.*\} \}$/);
  });

  it('q over a body without a query, an empty one, and one that is no JSON', () => {
    const target = '/articles/_search?q=territory:DEP:69&analyzer=french';
    const moved = (text: string) => rewriter.rewrite(head('POST', target), Buffer.from(text));
    expect(done(moved('{"size":1}')).body!.toString()).toMatch(/^\{"query":\{"bool":.*\},"size":1\}$/);
    expect(done(moved(' {} ')).body!.toString()).toMatch(/^ \{"query":\{"bool":.*\}\} $/);
    expect(done(moved('{"a":{"query":1}, "query" : [1]}')).body!.toString()).toMatch(
      /^\{"a":\{"query":1\}, "query" : \{"bool":.*\}\}$/,
    );
    for (const text of ['{"size":', '[]', '{"a" 1}', 'x']) expect(moved(text)).toEqual({ kind: 'pass' });
    expect(() => moved(`{"a":${'['.repeat(200)}${']'.repeat(200)}}`)).toThrow(/nests deeper/);
  });

  it('q beside a body: _count refuses the two, so nothing is touched', () => {
    expect(rewriter.rewrite(head('POST', '/articles/_count?q=territory:DEP:69'), Buffer.from('{}'))).toEqual({
      kind: 'pass',
    });
    expect(done(rewriter.rewrite(head('GET', '/_cat/count/articles?q=territory:DEP:69'), undefined)).target).toContain(
      'territory_path',
    );
  });

  it('df can not be the shorthand', () => {
    expect(() => rewriter.rewrite(head('GET', '/articles/_search?q=x&df=territory'), undefined)).toThrow(/df/);
  });

  it('source carries a body, which becomes a real one', () => {
    const source = encodeURIComponent(JSON.stringify({ query: SHORT }));
    const target = `/articles/_search?source=${source}&source_content_type=application/json&size=1`;
    const outcome = done(rewriter.rewrite({ method: 'GET', target }, undefined));
    expect(outcome.target).toBe('/articles/_search?size=1');
    expect(outcome.contentType).toBe('application/json');
    expect(json(outcome)).toEqual({ query: terms('DEP:69') });
    expect(
      rewriter.rewrite({ method: 'GET', target: target.replace('DEP', 'DEP').replace(source, '%7B%7D') }, undefined),
    ).toEqual({ kind: 'pass' });
  });

  it('an endpoint without q leaves it alone', () => {
    expect(rewriter.rewrite(head('POST', '/articles/_pit?q=territory:DEP:69'), undefined)).toEqual({ kind: 'pass' });
  });
});

describe('nothing passes unexpanded', () => {
  const search = (bytes: Buffer, contentType = 'application/json', target = '/articles/_search') =>
    rewriter.rewrite(head('POST', target, contentType), bytes);

  it.each([
    'application/yaml',
    'application/cbor',
    'application/smile',
    'application/vnd.elasticsearch+CBOR; compatible-with=8',
  ])('%s is refused for configured indices only', (type) => {
    expect(() => search(Buffer.from('x: y'), type)).toThrow(/send JSON/);
    expect(search(Buffer.from('x: y'), type, '/other/_search')).toEqual({ kind: 'pass' });
    expect(search(Buffer.alloc(0), type)).toEqual({ kind: 'pass' });
  });

  it('UTF-16 and UTF-32 are refused, with and without a mark', () => {
    const text = JSON.stringify({ query: SHORT });
    const little = Buffer.from(text, 'utf16le');
    const big = Buffer.from(little).swap16();
    for (const bytes of [
      little,
      big,
      Buffer.concat([Buffer.from([0xff, 0xfe]), little]),
      Buffer.from([0, 0, 0, 0x7b, 0, 0, 0, 0x7d]),
    ]) {
      expect(() => search(bytes)).toThrow(/UTF-16 or UTF-32/);
    }
  });

  it('overlong UTF-8 is refused', () => {
    const bytes = Buffer.from('{"query":{"term":{"Xerritory":"DEP:69"}}}', 'latin1');
    const at = bytes.indexOf('X');
    const overlong = Buffer.concat([bytes.subarray(0, at), Buffer.from([0xc1, 0xb4]), bytes.subarray(at + 1)]);
    expect(() => search(overlong)).toThrow(/overlong/);
  });

  it('the deepest nesting does no harm where a body, a header or a document is only looked at', () => {
    const deep = '['.repeat(100_000);
    expect(search(Buffer.from(deep))).toEqual({ kind: 'pass' });
    expect(() => search(Buffer.from(`{"territory":${deep}`))).toThrow(/nests deeper/);
    const lines = Buffer.from(`{"index":${deep}\n${JSON.stringify({ query: SHORT })}\n`);
    expect(rewriter.rewrite(head('POST', '/articles/_msearch'), lines).kind).toBe('rewritten');
  });

  it('a byte order mark, comments and vendor media types are read', () => {
    const bytes = Buffer.from(`\ufeff// c\n${JSON.stringify({ query: SHORT })}`);
    expect(done(search(bytes, 'application/vnd.elasticsearch+json; compatible-with=8')).body!.toString()).toMatch(
      /^\ufeff\/\/ c\n\{"query":\{"bool"/,
    );
  });

  it('invalid JSON passes, for Elasticsearch to say what it says', () => {
    expect(search(Buffer.from('{"query":{"term":{"territory":"DEP:69"}}'))).toEqual({ kind: 'pass' });
    expect(search(Buffer.from('{"query":{"range":{"territory":1},}}'))).toEqual({ kind: 'pass' });
  });

  it('what nests too deep is refused', () => {
    const deep = `${'{"a":'.repeat(200)}1${'}'.repeat(200)}`;
    expect(() => search(Buffer.from(`{"query":{"term":{"territory":"DEP:69"}},"ext":${deep}}`))).toThrow(
      expect.objectContaining({ type: 'territory_too_large_exception' }),
    );
    expect(search(Buffer.from(deep))).toEqual({ kind: 'pass' });
  });

  it('what would grow too large is refused before it is built', () => {
    const by = rewriterWith({ limits: { depth: 100, expandedBytes: 80 } });
    expect(() => by.rewrite(head('POST', '/articles/_search'), body({ query: SHORT }))).toThrow(
      expect.objectContaining({ status: 413, message: expect.stringContaining('expandedBytes') }),
    );
  });
});
