import { ask, idsOf, must } from './support/ask.js';
import { elasticsearch7Url, elasticsearchUrl, uniqueName } from './support/elasticsearch.js';
import { type RunningProxy, startProxy } from './support/proxy.js';

/**
 * Requests in lines of which one is broken or odd. What Elasticsearch refuses because of it, it refuses as a whole; what it
 * reads all the same is expanded. Both indices really have a field of the shorthand's name, in one document each, so that
 * Elasticsearch's own answer to the same bytes tells whether it reads the name in them: then it finds the decoy. Through the
 * proxy the decoy is never found.
 */
const index = uniqueName('lines');
const elsewhere = uniqueName('elsewhere');
const SHORT = '{"query":{"term":{"territory":"DEP:69"}}}';
const PLAIN = '{"size":0}';
const deep = (inside: number) => `${'['.repeat(inside)}${']'.repeat(inside)}`;
const lines = (...all: string[]) => all.map((line) => `${line}\n`).join('');

type Version = '8.19' | '7.17';
/** What is read by versions of Elasticsearch; all others refuse it. */
type Case = readonly [name: string, readBy: readonly Version[], text: string];
const BOTH: readonly Version[] = ['8.19', '7.17'];

/** Broken and odd lines in the place of a search, with the versions that take them for one. */
const BODIES: readonly Case[] = [
  ['cut', [], SHORT.slice(0, -1)],
  ['open', [], '{'],
  ['empty', [], ''],
  ['a carriage return', [], '\r'],
  ['a literal', [], 'null'],
  ['an array', [], `[${SHORT}]`],
  ['a comma too many', [], SHORT.replace('}}}', '}},}')],
  ['a key twice', [], `{"query":{"match_none":{}},${SHORT.slice(1)}`],
  ['single quotes', [], SHORT.replaceAll('"', "'")],
  ['a name without quotes', [], SHORT.replace('"territory"', 'territory')],
  ['a hash for a comment', [], `#${SHORT}`],
  ['NaN', [], `{"min_score":NaN,${SHORT.slice(1)}`],
  ['-Infinity', [], `{"min_score":-Infinity,${SHORT.slice(1)}`],
  ['a control character in a string', [], `{"stats":["a\tb"],${SHORT.slice(1)}`],
  ['a control character in a name', [], `{"si\tze":1,${SHORT.slice(1)}`],
  ['a form feed before it', [], `\f${SHORT}`],
  ['a mark of records before it', [], `\x1e${SHORT}`],
  ['another value before it', [], `null ${SHORT}`],
  ['garbage behind it', ['7.17'], `${SHORT} garbage`],
  ['a brace behind it', ['7.17'], `${SHORT}}`],
  ['another one behind it', ['7.17'], `${SHORT}${SHORT}`],
  ['a zero behind it', ['7.17'], `${SHORT}\0`],
  ['a comment behind it', BOTH, `${SHORT}// x`],
  ['a comment before it', BOTH, `/* x */${SHORT}`],
  ['a byte order mark', BOTH, `\ufeff${SHORT}`],
  ['a carriage return behind it', BOTH, `${SHORT}\r`],
];

/** The same in the place of a header; in those that are read, the index is named, or none is. */
const HEADERS: readonly Case[] = [
  ['cut', [], `{"index":"${index}"`],
  ['open', [], '{'],
  ['a key twice', [], `{"index":"${elsewhere}","index":"${index}"}`],
  ['single quotes', [], `{'index':'${index}'}`],
  ['a name without quotes', [], `{index:"${index}"}`],
  ['a hash for a comment', [], '#'],
  ['NaN', [], `{"preference":NaN,"index":"${index}"}`],
  ['a key that is none of a header', [], `{"size":1,"index":"${index}"}`],
  ['the key of a search', [], SHORT],
  ['null for an index', [], `{"index":null}`],
  ['garbage behind it', ['7.17'], `{"index":"${index}"} garbage`],
  ['a brace behind it', ['7.17'], `{"index":"${index}"}}`],
  ['deeper than others read', ['7.17'], `{"preference":${deep(1100)},"index":"${index}"}`],
  ['an open array', ['7.17'], '['],
  ['the index in an array', ['7.17'], `[{"index":"${index}"}]`],
  ['empty', BOTH, ''],
  ['a carriage return', BOTH, '\r'],
  ['a literal', BOTH, 'null'],
  ['a comment alone', BOTH, `// {"index":"${index}"}`],
  ['a comment before it', BOTH, `/* x */{"index":"${index}"}`],
  ['a byte order mark', BOTH, `\ufeff{"index":"${index}"}`],
  ['both names of the index', BOTH, `{"indices":"${elsewhere}","index":"${index}"}`],
  ['a number among the indices', BOTH, `{"index":[5,"${index}"],"ignore_unavailable":true}`],
  ['no index in a list', BOTH, '{"index":[]}'],
];

const named = `{"index":"${index}"}`;

/** Whole bodies, by where their lines stand. */
const WHOLE: readonly Case[] = [
  ['a newline first, which is a header', ['8.19'], lines('', SHORT, named, SHORT)],
  ['a newline first, a search, and one more', ['8.19'], lines('', PLAIN, named, SHORT)],
  ['a newline first, which is skipped', ['7.17'], lines('', named, SHORT)],
  ['a newline first, and empty headers', ['8.19'], lines('', SHORT, '', SHORT)],
  ['a newline first, skipped, and a header that is empty', ['7.17'], lines('', named, SHORT, '', SHORT)],
  ['a newline first, and a search that is broken', [], lines('', `{"size":1,${SHORT}`, named, SHORT)],
  ['a newline first, and a search in a header', [], lines('', SHORT, SHORT, SHORT)],
  ['a carriage return first', BOTH, `\r\n${SHORT}\r\n${named}\r\n${SHORT}\r\n`],
  ['a header alone behind them', BOTH, lines(named, SHORT, '{}')],
  ['a broken header alone behind them', [], lines(named, SHORT, '{bro')],
  ['no newline at the end', [], lines(named, SHORT, named) + SHORT],
  ['carriage returns alone', [], lines(named, SHORT).replaceAll('\n', '\r')],
];

const SEARCHES: readonly Case[] = [
  ...BODIES.flatMap(([name, readBy, line]): Case[] => [
    [`first a search that is broken: ${name}`, readBy, lines(named, line, named, SHORT)],
    [`last a search that is broken: ${name}`, readBy, lines(named, SHORT, named, line)],
  ]),
  ...HEADERS.flatMap(([name, readBy, line]): Case[] => [
    // As the first of all an empty header is a newline at the very start.
    [`first a header that is broken: ${name}`, readBy, lines(line || '{}', SHORT, named, SHORT)],
    [`last a header that is broken: ${name}`, readBy, lines(named, SHORT, line, SHORT)],
  ]),
];

/** Templates in lines, which this 8.19 lacks. */
const TEMPLATE = `{"source":${SHORT}}`;
const TEMPLATES: readonly Case[] = [
  ['one that is cut before it', [], lines(named, '{"source":', named, TEMPLATE)],
  ['one that is cut behind it', [], lines(named, TEMPLATE, named, '{"source":')],
  ['one that is empty', [], lines(named, '', named, TEMPLATE)],
  ['one that is none', [], lines(named, '{"params":{}}', named, TEMPLATE)],
  ['single quotes', [], lines(named, TEMPLATE.replaceAll('"', "'"))],
  ['a header that is cut', [], lines(`{"index":"${index}"`, TEMPLATE, named, TEMPLATE)],
  ['one that can not be rendered', ['7.17'], lines(named, '{"source":"{{#x}}"}', named, TEMPLATE)],
  ['one that renders to what is cut', ['7.17'], lines(named, '{"source":"{\\"query\\":"}', named, TEMPLATE)],
  ['a newline first, which is skipped', ['7.17'], lines('', named, TEMPLATE, '', TEMPLATE)],
  ['a newline first, and a template in a header', [], lines('', TEMPLATE, named, TEMPLATE)],
  ['garbage behind it', ['7.17'], lines(named, `${TEMPLATE} garbage`)],
  ['a zero behind it', ['7.17'], lines(named, `${TEMPLATE}\0`)],
  ['parameters deeper than others read', ['7.17'], lines(named, `{"params":{"x":${deep(1100)}},${TEMPLATE.slice(1)}`)],
  ['a header deeper than others read', ['7.17'], lines(`{"preference":${deep(1100)},${named.slice(1)}`, TEMPLATE)],
];

/** Actions of a bulk; `ID` stands for that of the document. */
const action = `{"index":{"_index":"${index}","_id":"ID"}}`;
const open = action.slice(0, -1);
const BULKS: readonly Case[] = [
  ['as it should be', BOTH, lines(action, SHORT)],
  ['an action without its last brace', BOTH, lines(open, SHORT)],
  ['an action with another behind it', BOTH, lines(`${open},"delete":{"_index":"${index}","_id":"x"}}`, SHORT)],
  ['another line of actions behind it', BOTH, lines(`${action}{"delete":{}}`, SHORT)],
  ['a delete with an action behind it', BOTH, lines(`{"delete":{"_id":"x"},"index":{}}`, action, SHORT)],
  ['a delete without its last brace', BOTH, lines('{"delete":{"_id":"x"}', action, SHORT)],
  ['an action with a comma too many', ['7.17'], lines(`${open},`, SHORT)],
  ['an action with garbage for a brace', ['7.17'], lines(`${open} garbage`, SHORT)],
  ['an action with a bracket for a brace', ['7.17'], lines(`${open}]`, SHORT)],
  ['an action with garbage behind it', ['7.17'], lines(`${action} garbage`, SHORT)],
  ['an action that nobody knows', ['7.17'], lines('{"foo":{}}', '{"index":{}}', action, SHORT)],
  ['blank lines between', BOTH, lines('', ' ', '\r', '// x', action, SHORT)],
  ['a document that is broken before it', BOTH, lines(`{"index":{"_index":"${index}"}}`, '{"query":', action, SHORT)],
  ['an action that is cut before it', [], lines('{"index":{', '{}', action, SHORT)],
  ['an action that is cut behind it', [], lines(action, SHORT, '{"index":{', '{}')],
  ['an action that is empty', [], lines('{}', action, SHORT)],
  ['an action of null', [], lines('{"index":null}', '{}', action, SHORT)],
  ['no newline at the end', [], lines(action, SHORT, action) + SHORT],
  ['a document with a comment behind it', BOTH, lines(action, `${SHORT}// x`)],
  ['a document with a byte order mark', BOTH, lines(action, `\ufeff${SHORT}`)],
];

describe.each([
  ['8.19', elasticsearchUrl()],
  ['7.17', elasticsearch7Url()],
] as const)('Elasticsearch %s', (version, es) => {
  let proxy: RunningProxy;
  const post = (url: string, path: string, body: string) =>
    ask(url, 'POST', path, body, { 'content-type': 'application/x-ndjson' });

  beforeAll(async () => {
    const fields = { units: 'tu', percolator: ['query'] };
    proxy = await startProxy({ elasticsearchUrl: es, indices: { [index]: fields }, definitions: 'expand' });
    const keyword = { type: 'keyword' };
    const properties = { tu: keyword, territory: keyword, query: { type: 'object', enabled: false } };
    const settings = { number_of_shards: 1, number_of_replicas: 0 };
    for (const name of [index, elsewhere]) await must(es, 'PUT', `/${name}`, { settings, mappings: { properties } });
    await must(es, 'PUT', `/${index}/_doc/decoy?refresh`, { territory: 'DEP:69' });
    await must(es, 'PUT', `/${index}/_doc/lyon?refresh`, { tu: 'COM:69123' });
    await must(es, 'PUT', `/${elsewhere}/_doc/other?refresh`, { territory: 'DEP:69' });
  });

  afterAll(async () => {
    for (const name of [index, elsewhere]) await ask(es, 'DELETE', `/${name}`);
    await proxy?.stop();
  });

  async function check(path: string, readBy: readonly Version[], text: string): Promise<void> {
    const direct = await post(es, path, text);
    const answer = await post(proxy.url, path, text);
    if (!readBy.includes(version)) {
      for (const { status, json } of [direct, answer])
        expect([status >= 400, json.responses]).toEqual([true, undefined]);
      return;
    }
    const [theirs, ours] = [direct, answer].map(({ json }) => json.responses.map(idsOf));
    expect(theirs.flat()).toContain('decoy');
    expect(ours.flat()).toContain('lyon');
    expect(ours.flat()).not.toContain('decoy');
    expect(ours.length).toBe(theirs.length);
  }

  it.each(SEARCHES)('_msearch: %s', (_, readBy, text) => check(`/${elsewhere}/_msearch`, readBy, text));

  it.each(WHOLE)('_msearch: %s', (_, readBy, text) => check(`/${index}/_msearch`, readBy, text));

  if (version === '7.17') {
    it.each(TEMPLATES)('_msearch/template: %s', async (_, readBy, text) => {
      const path = `/${elsewhere}/_msearch/template`;
      const [direct, answer] = [await post(es, path, text), await post(proxy.url, path, text)];
      expect(direct.text.includes('decoy')).toBe(readBy.includes(version));
      // A template that can't be read takes its error to its place; Elasticsearch refuses the others with it.
      expect(answer.text).not.toContain('decoy');
      if (readBy.includes(version)) expect(answer.text).toContain('"lyon"');
    });
  }

  it('_msearch: a search that is refused, before one with an empty header', async () => {
    const unknown = '{"query":{"term":{"territory":"COM:234"}}}';
    const { json } = await must(proxy.url, 'POST', `/${index}/_msearch`, lines('{}', unknown, '', SHORT, '', PLAIN), {
      'content-type': 'application/x-ndjson',
    });
    expect(json.responses.map(({ status }: { status: number }) => status)).toEqual([400, 200, 200]);
    expect(idsOf(json.responses[1])).toEqual(['lyon']);
  });

  it.each(BULKS)('_bulk: %s', async (_, readBy, text) => {
    const stored: (string | undefined)[] = [];
    for (const [url, id] of [
      [es, 'direct'],
      [proxy.url, 'through'],
    ] as const) {
      await post(url, `/${elsewhere}/_bulk?refresh`, text.replaceAll('ID', id));
      // What is stored may hold comments.
      const source = await fetch(`${es}/${index}/_source/${id}`);
      const got = await source.text();
      stored.push(source.ok ? got : undefined);
      await ask(es, 'DELETE', `/${index}/_doc/${id}?refresh`);
    }
    const [direct, through] = stored;
    expect(direct?.includes('territory')).toBe(readBy.includes(version) ? true : undefined);
    expect(through?.includes('territory')).toBe(readBy.includes(version) ? false : undefined);
  });
});
