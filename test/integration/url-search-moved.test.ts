import { readQueryString, type UrlQueryString } from '../../src/query/url.js';
import { bodyWithQuery, editUrlSearch, moveUrlSearch, readUrlSearch, takeSource } from '../../src/query/url-search.js';
import { createIndex, elasticsearchUrl, newClient, uniqueName } from './support/elasticsearch.js';
import { rawRequest } from './support/raw-request.js';

const client = newClient();
const index = uniqueName('url-search');

beforeAll(async () => {
  const properties = {
    title: { type: 'text', analyzer: 'english' },
    other: { type: 'text' },
    n: { type: 'integer' },
  } as const;
  await createIndex(client, index, { properties }, [
    ['1', { title: 'the café of cats', other: 'x', n: 1 }],
    ['2', { title: 'a cat', other: 'dog é', n: 2 }],
    ['3', { title: 'dogs & cats', other: 'Ã©', n: 3 }],
    ['4', { title: 'a; b 100%', other: 'cat', n: 4 }],
  ]);
});

afterAll(async () => {
  await client.indices.delete({ index, ignore_unavailable: true });
  await client.close();
});

async function answer(target: string, body = ''): Promise<string> {
  const head = `GET ${target} HTTP/1.1\r\nHost: es\r\nConnection: close\r\nContent-Type: application/json\r\n`;
  const length = `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n`;
  const { status, body: bytes } = await rawRequest(
    elasticsearchUrl(),
    Buffer.concat([Buffer.from(head + length, 'latin1'), Buffer.from(body)]),
  );
  return `${status} ${bytes
    .toString()
    .replace(/"took" ?: ?\d+/, '')
    .replace(/^\d{10} [\d:]+/, '')}`;
}

const PARAMETERS = [
  'q=cat',
  'q=cat+dog&default_operator=AND',
  'q=cat%20x;df=other',
  'q=caf%C3%A9%26&df=title&pretty',
  'q=caf\xc3\xa9+x&df=title',
  'q=\xc3\xa9&df=other',
  'q=100%%&df=title',
  'q=foo&q=cat',
  '%71=cat&lenient=true',
  'q=n:x&lenient=true',
  'q=n:x&lenient=',
  'q=CA*&df=title&analyze_wildcard',
  'q=the&df=title&analyzer=english',
  'q=a=b;&df=title',
  'q=',
  'q=(cat',
];

describe.each([
  ['_search', ''],
  ['_count', ''],
  ['_validate/query', 'explain=true&'],
  ['_explain/2', ''],
])('on %s', (endpoint, more) => {
  test.each(PARAMETERS)('%s finds in the body what it finds in the URL', async (parameters) => {
    const target = `/${index}/${endpoint}?${more}${parameters}`;
    const search = readUrlSearch(readQueryString(target) as UrlQueryString, 'territory');
    if (search === undefined) throw new Error(`no q in ${target}`);
    const { target: moved, query } = moveUrlSearch(search, search.q);
    const expected = await answer(target);
    expect(await answer(moved, bodyWithQuery(query).toString())).toBe(expected);

    const edited = editUrlSearch(search, [{ start: 0, end: search.q.length, text: search.q }], 'GET') as string;
    expect(await answer(edited)).toBe(expected);
  });
});

test('q takes the place of the query in the body of a search, and a count refuses both', async () => {
  const body = '{"query":{"match":{"other":"x"}},"size":2,"sort":["n"]}';
  const both = await answer(`/${index}/_search?q=cat&df=title`, body);
  const search = readUrlSearch(readQueryString(`/${index}/_search?q=cat&df=title`) as UrlQueryString, 'territory');
  const { target, query } = moveUrlSearch(search as NonNullable<typeof search>, 'cat');
  const place = { kind: 'replace' as const, start: 9, end: 32 };
  expect(await answer(target, bodyWithQuery(query, Buffer.from(body), place).toString())).toBe(both);
  expect(both).toMatch(/^200 .*"hits":\[\{.*\},\{/);
  expect(await answer(`/${index}/_count?q=cat`, '{"query":{"match_all":{}}}')).toMatch(
    /^400 .*contains unrecognized parameter/,
  );
});

test('the body in source= is taken out of the URL', async () => {
  const source = encodeURIComponent('{"query":{"match":{"title":"café"}}}');
  const target = `/${index}/_search?source=${source}&source_content_type=application/json&size=3`;
  const found = takeSource(readQueryString(target) as UrlQueryString);
  expect(await answer(found?.target ?? '', found?.body.toString())).toBe(await answer(target));
});
