import { refuseForeign } from '../../src/query/encoding.js';
import { InvalidJson } from '../../src/query/json/scanner.js';
import { Walker } from '../../src/query/walker.js';
import { createIndex, elasticsearchUrl, newClient, uniqueName } from './support/elasticsearch.js';

/** What the scanner takes for JSON and what the server's parser does: a body that only the server reads would slip by. */
const QUERY = '"query":{"match_all":{}}';

/** One of its own: of all there are, some are just being made by other tests, and have no shard that answers. */
const index = uniqueName('leniency');
const client = newClient();

beforeAll(() => createIndex(client, index, { properties: { text: { type: 'text' } } }, [['a', { text: 'salaire' }]]));
afterAll(async () => {
  await client.indices.delete({ index, ignore_unavailable: true });
  await client.close();
});

const BODIES: readonly (string | Buffer)[] = [
  `{${QUERY}}`,
  `\ufeff{${QUERY}}`,
  `// line\n{${QUERY}}`,
  `/* block */{${QUERY} /**/ , "size":1}`,
  `# yaml\n{${QUERY}}`,
  `{${QUERY},}`,
  `{query:{"match_all":{}}}`,
  `{'query':{'match_all':{}}}`,
  `{${QUERY},"size":01}`,
  `{${QUERY},"size":+1}`,
  `{${QUERY},"min_score":.5}`,
  `{${QUERY},"min_score":1.}`,
  `{${QUERY},"min_score":NaN}`,
  `{${QUERY},"min_score":Infinity}`,
  `{${QUERY},"min_score":-Infinity}`,
  `{${QUERY},"min_score":-INF}`,
  `{${QUERY},"min_score":1e400}`,
  `{${QUERY},"min_score":0x10}`,
  `{${QUERY},"explain":TRUE}`,
  `{${QUERY},"stats":["a\nb"]}`,
  `{${QUERY},"stats":["a\\xb"]}`,
  `{${QUERY},"stats":["a\\'b"]}`,
  `{${QUERY},"stats":["a\\u12g4"]}`,
  `{${QUERY},"stats":["a\\ud800"]}`,
  `{${QUERY},"stats":[,"a"]}`,
  `{${QUERY},"stats":["a",]}`,
  `{${QUERY},"size":1 "from":0}`,
  `{${QUERY}`,
  `{"qu\\u0065ry":{"match_all":{}}}`,
  `{${QUERY},"query":{"match_none":{}}}`,
  `{${QUERY}}}`,
  `{${QUERY}} {}`,
  `{${QUERY},"stats":["\u00a0"]}`,
  `{${QUERY},\u00a0"size":1}`,
  `{${QUERY},\f"size":1}`,
  Buffer.concat([Buffer.from(`{${QUERY},"stats":["`), Buffer.from([0xff]), Buffer.from('"]}')]),
];

async function takes(path: string, body: Buffer): Promise<boolean> {
  const response = await fetch(`${elasticsearchUrl()}/${index}/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: new Uint8Array(body),
  });
  await response.arrayBuffer();
  return response.status === 200;
}

test.each(BODIES.map((body) => [JSON.stringify(body.toString()), Buffer.from(body)]))('%s', async (_, body) => {
  const taken = (await takes('_search?size=0', body)) || (await takes('_count', body));
  if (taken) expect(isValid(body)).toBe(true);
});

test('overlong UTF-8 is read by the server, and refused by the proxy', async () => {
  const [before, after] = [Buffer.from('{"query":{"matc'), Buffer.from('_all":{}}}')];
  const body = Buffer.concat([before, Buffer.from([0xc1, 0xa8]), after]);
  expect(await takes('_search?size=0', body)).toBe(true);
  expect(() => refuseForeign(body, 'application/json')).toThrow(/overlong/);
});

test('UTF-16 is read by the server, and refused by the proxy', async () => {
  const body = Buffer.from(`{${QUERY}}`, 'utf16le');
  expect(await takes('_search?size=0', body)).toBe(true);
  expect(() => refuseForeign(body, 'application/json')).toThrow(/UTF-16/);
});

test.each([' and more', '\0', '\f', '/', '/* x'])(
  '_count reads nothing behind the first object, and neither does the scanner: %j',
  async (more) => {
    const body = Buffer.from(`{${QUERY}}${more}`);
    expect(await takes('_count', body)).toBe(true);
    expect(isValid(body)).toBe(true);
  },
);

function isValid(bytes: Buffer): boolean {
  try {
    new Walker('territory', 1000).walk(bytes, 'searchBody');
    return true;
  } catch (error) {
    if (error instanceof InvalidJson) return false;
    throw error;
  }
}
