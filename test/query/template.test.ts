import { mayRender } from '../../src/query/template.js';
import type { Outcome, RenderAnswer } from '../../src/query/types.js';
import { head, rewriter, terms } from './small-tree.js';

const ok = (text: string): RenderAnswer => ({ status: 200, body: Buffer.from(text) });
const output = (text: string): RenderAnswer => ok(`{"template_output":${text}}`);
const missing: RenderAnswer = {
  status: 404,
  body: Buffer.from('{"error":{"type":"resource_not_found_exception","reason":"unable to find script"},"status":404}'),
};
const SHORT = '{"term":{"territory":"DEP:69"}}';
const EXPANDED = JSON.stringify(terms('DEP:69'));
const STORED = '{"id":"t","params":{"code":"DEP:69"}}';

/** What a request becomes, and what Elasticsearch is asked to render before. */
function run(target: string, body: string | undefined, ...answers: RenderAnswer[]) {
  const outcome = rewriter.rewrite(head('POST', target), body === undefined ? undefined : Buffer.from(body));
  if (outcome.kind !== 'render') throw new Error(`${outcome.kind}, not rendered`);
  const asks = outcome.asks.map(({ method, target: path, body: asked }) => [method, path, asked?.toString()]);
  return { asks, outcome: () => outcome.rendered(answers) };
}

/** Target and body of what goes on. */
function sent(outcome: Outcome): [target: string, body: string | undefined] {
  if (outcome.kind !== 'rewritten') throw new Error(outcome.kind);
  return [outcome.target, outcome.body?.toString()];
}

describe('a search template', () => {
  it('is rendered as it came, and what comes of it is searched', () => {
    const { asks, outcome } = run('/articles/_search/template', STORED, output(`{"size":1.0, "query": ${SHORT}}`));
    expect(asks).toEqual([['POST', '/_render/template', STORED]]);
    expect(sent(outcome())).toEqual(['/articles/_search', `{"size":1.0, "query": ${EXPANDED}}`]);
    expect(outcome()).toMatchObject({ replaced: [{ place: 'template: query.term' }], places: 1, indices: 'articles' });
  });

  it('passes where nothing is in it, where it is no JSON, and where Elasticsearch does not render it', () => {
    for (const answer of [
      output('{"query":{"match_all":{}}}'),
      output(`{"query":${SHORT}`),
      output(`"${'territory'}"`),
      output('{"query":{"term":{"territory":"DEP:69"}},}'),
      missing,
      { status: 400, body: Buffer.from('{"error":"no handler found for uri [/_render/template] and method [POST]"}') },
      { status: 401, body: Buffer.from('<html>') },
    ]) {
      expect(run('/articles/_search/template', STORED, answer).outcome()).toEqual({ kind: 'pass' });
    }
  });

  it('is refused where another server on the way does not let it be rendered', () => {
    for (const body of ['<html>Forbidden</html>', '{"error":"forbidden"}', '']) {
      const { outcome } = run('/articles/_search/template', STORED, { status: 403, body: Buffer.from(body) });
      expect(outcome).toThrow("(HTTP 403), so that a shorthand in it can't be expanded; let this client use POST");
    }
  });

  it('is refused where what it renders to can not be expanded', () => {
    const rendered = output('{"query":{"bool":{"filter":[{"term":{"territory":"COM:234"}}]}}}');
    expect(run('/articles/_search/template', STORED, rendered).outcome).toThrow('unknown unit [COM:234]');
    const range = output('{"query":{"range":{"territory":{"gte":1}}}}');
    expect(run('/articles/_search/template', STORED, range).outcome).toThrow(/range/);
  });

  it.each([
    ['/articles/_search/template', '/articles/_search'],
    ['/articles/_search/template/?typed_keys', '/articles/_search?typed_keys'],
    ['/%61rticles/_search/%74emplate', '/%61rticles/_search'],
    ['/articles/doc/_search/template', '/articles/doc/_search'],
    ['/_search/template?rest_total_hits_as_int=true', '/_search?rest_total_hits_as_int=true'],
    [
      '/articles/_search/template?q=a&df=b&from=1&routing=x&size=2;_source=false&scroll=1m',
      '/articles/_search?routing=x&scroll=1m',
    ],
    ['/articles/_search/template?track_total_hits=false', '/articles/_search?track_total_hits=false'],
  ])('%s searches %s', (target, to) => {
    expect(sent(run(target, STORED, output(`{"query":${SHORT}}`)).outcome())[0]).toBe(to);
  });

  it('counts hits as the template says, before the URL does', () => {
    const { outcome } = run(
      '/articles/_search/template?track_total_hits=false&human',
      STORED,
      output(`{"track_total_hits":true,"query":${SHORT}}`),
    );
    expect(sent(outcome())[0]).toBe('/articles/_search?human');
  });

  it.each([
    ['', '{}', '{"explain":true,"profile" : true,', '{"explain":false,"profile" : false,'],
    ['', '{"explain":true,"profile":"true"}', '{', '{"profile":true,"explain":true,'],
    ['', '{"explain":true}', '{"explain":false,', '{"explain":true,'],
    ['?explain=false', '{"explain":true}', '{', '{'],
    ['?explain', '{"explain":false}', '{', '{"explain":true,'],
  ])('explains and profiles as the request says: %s %s', (url, members, rendered, expected) => {
    const body = `${members.slice(0, -1)}${members === '{}' ? '' : ','}"id":"t"}`;
    const { outcome } = run(`/articles/_search/template${url}`, body, output(`${rendered}"query":${SHORT}}`));
    expect(sent(outcome())[1]).toBe(`${expected}"query":${EXPANDED}}`);
  });

  it('may stand in the URL, and is then searched with in a body', () => {
    const source = encodeURIComponent(STORED);
    const { asks, outcome } = run(
      `/articles/_search/template?source=${source}&source_content_type=application%2Fjson&human`,
      undefined,
      output(`{"query":${SHORT}}`),
    );
    expect(asks).toEqual([['POST', '/_render/template', STORED]]);
    expect(sent(outcome())).toEqual(['/articles/_search?human', `{"query":${EXPANDED}}`]);
    expect(outcome()).toMatchObject({ contentType: 'application/json' });
  });

  it('is read no further than its first object, as Elasticsearch does', () => {
    const { outcome } = run('/articles/_search/template', STORED, output(`{"query":${SHORT}} trailing {`));
    expect(sent(outcome())[1]).toBe(`{"query":${EXPANDED}}`);
  });

  it('is not rendered for an index that is not configured, or without a body', () => {
    expect(rewriter.rewrite(head('POST', '/logs/_search/template'), Buffer.from(STORED))).toEqual({ kind: 'pass' });
    expect(rewriter.plan(head('POST', '/logs/_search/template')).kind).toBe('stream');
    expect(rewriter.rewrite(head('POST', '/articles/_search/template'), undefined)).toEqual({ kind: 'pass' });
  });
});

describe('a template in the request itself is rendered only where it may hold the name', () => {
  it.each([
    ['{"source":{"query":{"match":{"text":"{{q}}"}}},"params":{"q":"tax"}}', false],
    ['{"source":"{\\"query\\":{\\"match\\":{\\"text\\":\\"{{q}}\\"}}}","params":{"q":"tax"},"explain":true}', false],
    ['{"source":"{\\"query\\":{\\"terms\\":{\\"a\\":{{#toJson}}ks{{/toJson}}}}}","params":{"ks":["b"]}}', false],
    ['{"source":{"query":{"match_all":{}}}}', false],
    ['{"source":{"query":{"term":{"territory":"{{q}}"}}},"params":{"q":"DEP:69"}}', true],
    ['{"source":{"query":{"term":{"{{f}}":"DEP:69"}}},"params":{"f":"territory"}}', true],
    ['{"source":{"query":{"term":{"{{f}}":"DEP:69"}}},"params":{"f":"\\u0074erritory"}}', true],
    ['{"source":{"query":{"query_string":{"query":"{{q}}"}}},"params":{"q":"t\\\\erritory:DEP\\\\:69"}}', true],
    ['{"source":{"query":{"term":{"{{a}}{{b}}":"DEP:69"}}},"params":{"a":"terri","b":"tory"}}', true],
    ['{"source":{"query":{"term":{"terri{{a}}":"DEP:69"}}},"params":{"a":"tory"}}', true],
    ['{"source":{"query":{"term":{"{{{a}}}tory":"DEP:69"}}},"params":{"a":"terri"}}', true],
    ['{"source":{"query":{"term":{"{{! x }}terr{{! y }}itory":"DEP:69"}}}}', true],
    ['{"source":{"query":{"term":{"{{=<< >>=}}terr<<! x >>itory":"DEP:69"}}}}', true],
    [
      '{"source":{"query":{"term":{"{{#join delimiter=\'rit\'}}a{{/join delimiter=\'rit\'}}":1}}},"params":{"a":["ter","ory"]}}',
      true,
    ],
    ['{"source":{"query":{"match_all":{}}},"id":"stored"}', true],
    ['{"inline":{"query":{"match_all":{}}}}', true],
    ['{"id":"stored"}', true],
    ['{"source":{"query":{"match_all":{}}}', true],
  ])('%s: %s', (body, may) => {
    expect(mayRender(Buffer.from(body), 'territory')).toBe(may);
    expect(rewriter.rewrite(head('POST', '/articles/_search/template'), Buffer.from(body)).kind).toBe(
      may ? 'render' : 'pass',
    );
  });

  it('whatever the shorthand is called', () => {
    expect(mayRender(Buffer.from('{"source":{"a":"b-{{x}}"}}'), 'my-place')).toBe(true);
    expect(mayRender(Buffer.from('{"source":{"a":"b_{{x}}"}}'), 'my-place')).toBe(false);
  });
});

describe('templates in lines', () => {
  const lines = (...bodies: string[]) => bodies.map((body) => `{"index":"articles"}\n${body}\n`).join('');

  it('are rendered each by itself, equal ones once, and searched together, a line each', () => {
    const { asks, outcome } = run(
      '/_msearch/template?typed_keys',
      lines('{"id":"a"}', '{"id":"b","profile":true}', '{"id":"a"}'),
      output(`{ // territory\n "query":\n /* x\n */ {"query_string":{"query":"\\"a // b\\" territory:DEP:69"}}}`),
      output('{"query":{"match_all":{}}}'),
    );
    expect(asks).toEqual([
      ['POST', '/_render/template', '{"id":"a"}'],
      ['POST', '/_render/template', '{"id":"b","profile":true}'],
    ]);
    const expanded = `{     "query":     {"query_string":{"query":"\\"a // b\\" territory_path:\\"DEP:69\\"^0"}}}`;
    const [target, body] = sent(outcome());
    expect(target).toBe('/_msearch?typed_keys');
    expect(body?.replace(/ +/g, ' ')).toBe(
      lines(expanded, '{"profile":true,"query":{"match_all":{}}}', expanded).replace(/ +/g, ' '),
    );
    expect(outcome()).toMatchObject({ places: 2, replaced: [{ place: '[0].query.query_string' }, {}] });
  });

  it('keep the errors of those that are not rendered or can not be expanded in their places', () => {
    const { outcome } = run(
      '/_msearch/template',
      lines('{"id":"a"}', '{"id":"b"}', '{"id":"c"}', '{"id":"d"}'),
      missing,
      output('{"query":{"term":{"territory":"COM:234"}}}'),
      output('no JSON'),
      output(`{"query":${SHORT}}`),
    );
    expect(sent(outcome())[1]).toBe(lines(`{"query":${EXPANDED}}`));
    expect(outcome()).toMatchObject({
      total: 4,
      refused: [
        { position: 0, status: 404, error: { type: 'resource_not_found_exception' } },
        { position: 1, status: 400, error: { type: 'unknown_unit_exception' } },
        { position: 2, status: 400, error: { type: 'territory_syntax_exception' } },
      ],
    });
  });

  it('are answered where none is left', () => {
    const unknown = output('{"query":{"term":{"territory":"COM:234"}}}');
    const outcome = run('/_msearch/template', lines('{"id":"a"}', '{"id":"b"}'), missing, unknown).outcome();
    if (outcome.kind !== 'answer') throw new Error(outcome.kind);
    const { responses } = JSON.parse(outcome.body.toString()) as { responses: { status: number }[] };
    expect(responses.map(({ status }) => status)).toEqual([404, 400]);
  });

  it('pass as they came where nothing is in them, whatever else Elasticsearch says of them', () => {
    const all = output('{"query":{"match_all":{}}}');
    for (const answers of [
      [all, all],
      [missing, missing],
      [missing, all],
      [output('no JSON'), all],
      [{ status: 401, body: Buffer.from('') }, output(`{"query":${SHORT}}`)],
    ]) {
      expect(run('/_msearch/template', lines('{"id":"a"}', '{"id":"b"}'), ...answers).outcome()).toEqual({
        kind: 'pass',
      });
    }
  });

  it('are not rendered where no header names a configured index', () => {
    const body = Buffer.from('{"index":"logs"}\n{"id":"a"}\n{"index":["logs","metrics"]}\n{"id":"b"}\n');
    expect(rewriter.rewrite(head('POST', '/articles/_msearch/template'), body)).toEqual({ kind: 'pass' });
    const third = Buffer.concat([body, Buffer.from('{}\n{"id":"c"}\n')]);
    expect(rewriter.rewrite(head('POST', '/articles/_msearch/template'), third).kind).toBe('render');
    expect(rewriter.rewrite(head('POST', '/logs/_msearch/template'), third)).toEqual({ kind: 'pass' });
  });

  it('pass where the last line does not end, for Elasticsearch then reads none of them', () => {
    const body = Buffer.from('{"index":"articles"}\n{"id":"a"}\n{}\n{"id":"b"}');
    expect(rewriter.rewrite(head('POST', '/articles/_msearch/template'), body)).toEqual({ kind: 'pass' });
  });
});

describe('a search application', () => {
  it('is rendered and searched under its name, which is that of its alias', () => {
    const { asks, outcome } = run(
      '/_application/search_application/press/_search?typed_keys',
      '{"params":{"code":"DEP:69"}}',
      ok(`{"query":${SHORT}}`),
    );
    expect(asks).toEqual([
      ['POST', '/_application/search_application/press/_render_query', '{"params":{"code":"DEP:69"}}'],
    ]);
    expect(sent(outcome())[0]).toBe('/press/_search?typed_keys');
  });

  it('needs no body, and is not asked for where its name is not configured', () => {
    const path = '/_application/search_application';
    expect(run(`${path}/articles/_search`, undefined).asks).toEqual([
      ['POST', `${path}/articles/_render_query`, undefined],
    ]);
    expect(rewriter.rewrite(head('POST', `${path}/shop/_search`), undefined)).toEqual({ kind: 'pass' });
  });

  it('is refused where the client may search with it and not render it', () => {
    const forbidden = { status: 403, body: Buffer.from('{"error":{"type":"security_exception"},"status":403}') };
    const { outcome } = run('/_application/search_application/press/_search', '{}', forbidden);
    expect(outcome).toThrow(/manage_search_application/);
  });
});
