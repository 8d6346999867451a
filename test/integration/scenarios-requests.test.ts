import { FORMS } from './scenarios/scenario.js';
import { createWorld, type World, worldFields } from './scenarios/world.js';
import { FIELDS } from './support/articles.js';
import { type Answer, ask, must } from './support/ask.js';
import { elasticsearch7Url, elasticsearchUrl, uniqueName } from './support/elasticsearch.js';
import { type RunningProxy, startProxy } from './support/proxy.js';

/** Every endpoint that a server here has: what it answers, or does, with the shorthand and with the expansion written by hand. */
const servers = [
  { version: 8, url: elasticsearchUrl() },
  { version: 7, url: elasticsearch7Url() },
];
const stem = uniqueName('requests');
const world: World = { articles: `${stem}-articles`, nested: `${stem}-nested`, deep: `${stem}-deep` };
const INDEX = world.articles;
const proxies = new Map<number, RunningProxy>();

beforeAll(async () => {
  for (const { version, url } of servers) {
    // The copies have the fields of the articles.
    const indices = { ...worldFields(world), [`${stem}-copy*`]: FIELDS };
    const aliases = { [`${stem}-alias`]: [INDEX] };
    const config = { indices, aliases, elasticsearchUrl: url, checkMappings: 'off', definitions: 'expand' };
    const proxy = await startProxy(config);
    proxies.set(version, proxy);
    await createWorld(url, proxy.tree, world, version === 8);
  }
});

afterAll(async () => {
  for (const { url } of servers) await ask(url, 'DELETE', `/${stem}-*`);
  for (const proxy of proxies.values()) await proxy.stop();
});

const byHand = (): object => proxies.get(8)!.tree.parse('DEP:69').toQuery(FIELDS);

interface Request {
  readonly title: string;
  readonly method?: string;
  readonly path: string;
  /** A body, or lines, around a query. */
  readonly body: (query: object) => object | string;
  readonly headers?: Readonly<Record<string, string>>;
  /** What of the answer counts. */
  readonly of?: (answer: Answer) => unknown;
  readonly only?: 7 | 8;
}

/** An answer without what differs from one request to the next. */
function steady({ json, text }: Answer): unknown {
  return json === undefined
    ? text
    : JSON.parse(JSON.stringify({ ...json, took: 0 }).replaceAll(/"took":\d+/g, '"took":0'));
}

const LINES = (query: object, end = '\n') =>
  `{"index":"${INDEX}"}\n${JSON.stringify({ query, size: 50 })}\n{}\n${JSON.stringify({ query: { match_all: {} }, size: 1 })}${end}`;

const REQUESTS: readonly Request[] = [
  { title: 'a search of one index', path: `/${INDEX}/_search?size=50`, body: (query) => ({ query }) },
  { title: 'a search of several', path: `/${INDEX},${stem}-none*/_search?size=50`, body: (query) => ({ query }) },
  { title: 'a search by a type', path: `/${INDEX}/_doc/_search?size=50`, body: (query) => ({ query }), only: 7 },
  {
    title: 'a search with the media types of 8',
    path: `/${INDEX}/_search?size=50`,
    headers: {
      'content-type': 'application/vnd.elasticsearch+json;compatible-with=8',
      accept: 'application/vnd.elasticsearch+json;compatible-with=8',
    },
    body: (query) => ({ query }),
    only: 8,
  },
  {
    title: 'a search by a type with the media types of 7',
    path: `/${INDEX}/_doc/_search?size=50`,
    headers: {
      'content-type': 'application/vnd.elasticsearch+json;compatible-with=7',
      accept: 'application/vnd.elasticsearch+json;compatible-with=7',
    },
    body: (query) => ({ query }),
    only: 8,
  },
  {
    title: 'searches in lines',
    path: `/${INDEX}/_msearch`,
    headers: { 'content-type': 'application/x-ndjson' },
    body: (query) => LINES(query),
  },
  {
    title: 'searches in lines, sent as JSON',
    path: `/${INDEX}/_msearch`,
    headers: { 'content-type': 'application/json' },
    body: (query) => LINES(query),
  },
  {
    title: 'searches in lines, with the media types of 8',
    path: `/${INDEX}/_msearch`,
    headers: {
      'content-type': 'application/vnd.elasticsearch+x-ndjson;compatible-with=8',
      accept: 'application/vnd.elasticsearch+json;compatible-with=8',
    },
    body: (query) => LINES(query),
    only: 8,
  },
  { title: 'a count', path: `/${INDEX}/_count`, body: (query) => ({ query }) },
  { title: 'a count by a type', path: `/${INDEX}/_doc/_count`, body: (query) => ({ query }), only: 7 },
  { title: 'a count as a table', method: 'GET', path: `/_cat/count/${INDEX}?h=count`, body: (query) => ({ query }) },
  { title: 'an explanation', path: `/${INDEX}/_explain/lyon`, body: (query) => ({ query }) },
  { title: 'a validation', path: `/${INDEX}/_validate/query?explain&rewrite`, body: (query) => ({ query }) },
  {
    title: 'fields of the indices that have something',
    path: `/${INDEX}/_field_caps?fields=rank&include_unmapped`,
    body: (index_filter) => ({ index_filter }),
  },
  {
    title: 'an evaluation of the ranking',
    path: `/${INDEX}/_rank_eval`,
    body: (query) => ({
      requests: [
        {
          id: 'a',
          request: { query: { bool: { must: query, should: { match: { text: 'villeurbanne' } } } } },
          ratings: [{ _index: INDEX, _id: 'villeurbanne', rating: 1 }],
        },
      ],
      metric: { precision: { k: 5, relevant_rating_threshold: 1 } },
    }),
    only: 7,
  },
  {
    title: 'a script that is tried on a query',
    path: '/_scripts/painless/_execute',
    body: (query) => ({
      script: { source: '_score + doc["rank"].value' },
      context: 'score',
      context_setup: {
        index: INDEX,
        document: { rank: 4, territories: ['COM:69123'], territory_path: ['COM:69123', 'DEP:69', 'ARR:691'] },
        query: { bool: { must: query, should: { match: { text: 'x' } } } },
      },
    }),
    of: ({ json }) => json.result,
  },
];

describe.each(servers)('on Elasticsearch $version', ({ version, url }) => {
  const here = REQUESTS.filter(({ only }) => only === undefined || only === version);
  const through = () => proxies.get(version)!.url;

  it.each(here)('$title', async ({ method = 'POST', path, body, headers, of = steady }) => {
    const send = async (to: string, query: object, sent: typeof ask = must) => {
      const text = bodyText(body(query));
      // fetch sends no body with GET.
      if (method === 'GET') return of(await sent(to, method, `${path}&${inUrl(text)}`));
      return of(await sent(to, method, path, text, { ...JSON_TYPE, ...headers }));
    };
    const expected = await send(url, byHand());
    for (const form of FORMS) expect([form, await send(through(), form)]).toEqual([form, expected]);
    // Else the query would not matter here, and nothing be proved.
    const others = await Promise.all([{ match_none: {} }, { match_all: {} }].map((query) => send(url, query, ask)));
    expect(others.some((other) => JSON.stringify(other) !== JSON.stringify(expected))).toBe(true);
  });

  it('an unfinished last line is what Elasticsearch says it is', async () => {
    const headers = { 'content-type': 'application/x-ndjson' };
    const direct = await ask(url, 'POST', `/${INDEX}/_msearch`, LINES(byHand(), ''), headers);
    const answer = await ask(through(), 'POST', `/${INDEX}/_msearch`, LINES(FORMS[0]!, ''), headers);
    expect([answer.status, steady(answer)]).toEqual([direct.status, steady(direct)]);
  });

  it('a search that is refused takes its error to its own place, and the others run', async () => {
    const lines = [
      '{}',
      { query: { term: { territory: 'COM:234' } } },
      '{}',
      { query: FORMS[0]! },
      '{}',
      { query: { range: { territory: { gt: 'A' } } } },
    ];
    const body = lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('');
    const { json } = await must(through(), 'POST', `/${INDEX}/_msearch`, body, {
      'content-type': 'application/x-ndjson',
    });
    expect(json.responses.map(({ status }: { status: number }) => status)).toEqual([400, 200, 400]);
    expect(json.responses[0].error).toMatchObject({ type: 'unknown_unit_exception', units: ['COM:234'] });
    const expected = await must(url, 'POST', `/${INDEX}/_search`, { query: byHand() });
    expect(json.responses[1].hits).toEqual(expected.json.hits);
  });

  it('a point in time of the indices that have something, and a search of it', async () => {
    const opened = await must(
      through(),
      'POST',
      `/${INDEX}/_pit?keep_alive=1m`,
      version === 8 ? { index_filter: FORMS[0]! } : undefined,
    );
    const pit = { id: opened.json.id, keep_alive: '1m' };
    const search = (to: string, query: object) => must(to, 'POST', '/_search?size=50', { query, pit, sort: ['rank'] });
    const [found, expected] = [await search(through(), FORMS[4]!), await search(url, byHand())];
    expect(found.json.hits.hits.map(({ _id }: { _id: string }) => _id)).toEqual(
      expected.json.hits.hits.map(({ _id }: { _id: string }) => _id),
    );
    expect(found.json.hits.hits.length).toBeGreaterThan(3);
    await must(url, 'DELETE', '/_pit', { id: pit.id });
  });

  it('documents that are copied, changed and deleted are those of the territory', async () => {
    const all = async (index: string) =>
      (
        await must(url, 'POST', `/${index}/_search?size=100`, { query: { match_all: {} }, sort: ['rank'] })
      ).json.hits.hits.map(({ _id }: { _id: string }) => _id);
    const wanted = (
      await must(url, 'POST', `/${INDEX}/_search?size=100`, { query: byHand(), sort: ['rank'] })
    ).json.hits.hits.map(({ _id }: { _id: string }) => _id);
    expect(wanted.length).toBeGreaterThan(3);
    const copy = `${stem}-copy${version}`;
    const mappings = (await must(url, 'GET', `/${INDEX}/_mapping`)).json[INDEX].mappings;
    for (const name of [copy, `${copy}-all`])
      await must(url, 'PUT', `/${name}`, { mappings, settings: { number_of_replicas: 0 } });
    await must(through(), 'POST', '/_reindex?refresh', {
      source: { index: INDEX, query: FORMS[5]! },
      dest: { index: copy },
    });
    expect(await all(copy)).toEqual(wanted);
    await must(url, 'POST', '/_reindex?refresh', { source: { index: INDEX }, dest: { index: `${copy}-all` } });
    const updated = await must(through(), 'POST', `/${copy}-all/_update_by_query?refresh`, {
      query: FORMS[0]!,
      script: { source: 'ctx._source.kind = "changed"' },
    });
    expect(updated.json.updated).toBe(wanted.length);
    const changed = await must(url, 'POST', `/${copy}-all/_search?size=100`, {
      query: { term: { kind: 'changed' } },
      sort: ['rank'],
    });
    expect(changed.json.hits.hits.map(({ _id }: { _id: string }) => _id)).toEqual(wanted);
    const everything = await all(`${copy}-all`);
    await must(through(), 'POST', `/${copy}-all/_delete_by_query?refresh`, { query: FORMS[6]! });
    expect(await all(`${copy}-all`)).toEqual(everything.filter((id: string) => !wanted.includes(id)));
    // A refusal deletes nothing.
    const refused = await ask(through(), 'POST', `/${copy}/_delete_by_query?refresh`, {
      query: { term: { territory: 'COM:234' } },
    });
    expect([refused.status, await all(copy)]).toEqual([400, wanted]);
  });

  it('an alias with a filter finds what its expansion finds, where definitions are expanded', async () => {
    const alias = `${stem}-filtered`;
    await must(through(), 'PUT', `/${INDEX}/_alias/${alias}`, { filter: FORMS[0]! });
    const found = await must(url, 'POST', `/${alias}/_search?size=50`, { query: { match_all: {} }, sort: ['rank'] });
    const expected = await must(url, 'POST', `/${INDEX}/_search?size=50`, { query: byHand(), sort: ['rank'] });
    const ids = ({ json }: Answer) => json.hits.hits.map(({ _id }: { _id: string }) => _id);
    expect(ids(found)).toEqual(ids(expected));
    await must(through(), 'POST', '/_aliases', {
      actions: [
        { remove: { index: INDEX, alias } },
        { add: { index: INDEX, alias, filter: { bool: { must_not: FORMS[6]! } } } },
      ],
    });
    const rest = await must(url, 'POST', `/${alias}/_count`, { query: { match_all: {} } });
    const count = await must(url, 'POST', `/${INDEX}/_count`, { query: { bool: { must_not: byHand() } } });
    expect(rest.json.count).toBe(count.json.count);
  });
});

const JSON_TYPE = { 'content-type': 'application/json' };

function inUrl(body: string): string {
  return String(new URLSearchParams({ source: body, source_content_type: 'application/json' }));
}

function bodyText(body: object | string): string {
  return typeof body === 'string' ? body : JSON.stringify(body);
}

describe.each(servers)('q= on Elasticsearch $version', ({ version, url }) => {
  const through = () => proxies.get(version)!.url;
  const HAND = 'territory_path:("ARR:691" OR "ARR:692" OR "DEP:69" OR "EPCI:200046977")';
  /** Endpoints that read `q`, and what of their answers counts. */
  const ENDPOINTS: readonly (readonly [method: string, path: string, query: string])[] = [
    ['GET', `/${INDEX}/_search`, 'size=50'],
    ['GET', `/${INDEX}/_count`, ''],
    ['GET', `/_cat/count/${INDEX}`, 'h=count'],
    ['GET', `/${INDEX}/_explain/lyon`, ''],
    ['GET', `/${INDEX}/_validate/query`, 'explain=true'],
    ['POST', `/${INDEX}/_search`, 'size=50'],
  ];
  const TEXTS: readonly (readonly [text: string, parameters: string])[] = [
    ['lyon AND @', 'df=text'],
    ['salaire @', 'df=text&default_operator=AND'],
    ['the LYON @', 'df=text&analyzer=whitespace'],
    ['rank:abc OR @', 'df=text&lenient=true'],
    ['ly* AND @', 'df=text&analyze_wildcard=true'],
    ['-@ +salaire', 'df=text'],
  ];

  it.each(ENDPOINTS)('%s %s reads it with its companions as Elasticsearch does', async (method, path, more) => {
    for (const [text, parameters] of TEXTS) {
      const target = (place: string) =>
        `${path}?${[more, parameters, `q=${encodeURIComponent(text.replace('@', () => place))}`].filter(Boolean).join('&')}`;
      // A score that the expansion adds is none; explanations and validations print the query itself.
      const expected = await ask(url, method, target(`(${await expansion()})^0`));
      const answer = await ask(through(), method, target('territory:DEP:69'));
      const seen = ({ json, text }: Answer) =>
        json?.hits ? json.hits : (json?.matched ?? json?.valid ?? json?.count ?? text);
      expect([target('@'), answer.status, seen(answer)]).toEqual([target('@'), expected.status, seen(expected)]);
    }
  });

  /** The covering of the department, as the tree of today has it. */
  async function expansion(): Promise<string> {
    const { tree } = proxies.get(version)!;
    const codes = tree
      .parse('DEP:69')
      .covering()
      .map(({ code }) => code);
    expect(HAND).toContain('DEP:69');
    return `territory_path:(${codes.map((code) => `"${code}"`).join(' OR ')})`;
  }

  it.each([
    ['a search, where it takes the place of the query', 'POST', `/${INDEX}/_search?size=50&`],
    ['a count, which refuses the two', 'POST', `/${INDEX}/_count?`],
    ['an explanation, which refuses the two or takes one', 'POST', `/${INDEX}/_explain/lyon?`],
    ['a validation', 'POST', `/${INDEX}/_validate/query?`],
    ['a change of documents', 'POST', `/${INDEX}/_update_by_query?refresh=true&`],
  ])('beside a body in %s', async (_, method, path) => {
    const body = { query: { match: { text: 'nantes' } } };
    const expected = await ask(url, method, `${path}q=${encodeURIComponent(`(${await expansion()})^0`)}`, body);
    const answer = await ask(through(), method, `${path}q=territory:DEP:69`, body);
    const seen = ({ status, json }: Answer) => [
      status,
      json.hits ?? json.matched ?? json.valid ?? json.count ?? json.updated ?? json.error?.type,
    ];
    expect(seen(answer)).toEqual(seen(expected));
    // And the other way round: a shorthand in the body beside a plain q.
    const swapped = await ask(through(), method, `${path}q=nantes&df=text`, { query: FORMS[0]! });
    const plain = await ask(url, method, `${path}q=nantes&df=text`, { query: byHand() });
    expect(seen(swapped)).toEqual(seen(plain));
  });
});
