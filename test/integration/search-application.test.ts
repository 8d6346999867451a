/** Search applications, which no server of the tests has. */
import { FIELDS } from './support/articles.js';
import { ask } from './support/ask.js';
import { type RunningProxy, startProxy } from './support/proxy.js';
import { type RecordingElasticsearch, type Reply, startRecording } from './support/recording-elasticsearch.js';

const PATH = '/_application/search_application';
const FORBIDDEN = { type: 'security_exception', reason: 'action [cluster:admin/…/render_query] is unauthorized' };
let elasticsearch: RecordingElasticsearch;
let proxy: RunningProxy;
let render: Reply;

beforeAll(async () => {
  elasticsearch = await startRecording({
    version: '9.1.0',
    reply: ({ target }) => (target.endsWith('/_render_query') ? render : undefined),
  });
  const indices = { 'articles*': FIELDS };
  proxy = await startProxy({ elasticsearchUrl: elasticsearch.url, indices, aliases: { press: ['articles*'] } });
});

beforeEach(() => {
  elasticsearch.asked.length = 0;
});

afterAll(async () => {
  await proxy?.stop();
  await elasticsearch?.close();
});

const run = (name: string) =>
  ask(
    proxy.url,
    'POST',
    `${PATH}/${name}/_search?typed_keys`,
    { params: { code: 'DEP:69' } },
    { authorization: 'A b' },
  );
const asked = () => elasticsearch.asked.map(({ method, target, body }) => [method, target, body]);

it('is rendered with the credentials of the client, and searched under its name', async () => {
  render = { json: { size: 5, query: { term: { territory: { value: 'DEP:69' } } } } };
  expect((await run('press')).headers.get('x-territory-rewrites')).toBe('1');
  const query = proxy.tree.territory('DEP:69').toQuery(FIELDS);
  expect(asked()).toEqual([
    ['POST', `${PATH}/press/_render_query`, '{"params":{"code":"DEP:69"}}'],
    ['POST', '/press/_search?typed_keys', JSON.stringify({ size: 5, query })],
  ]);
  for (const { head } of elasticsearch.asked) expect(head).toMatch(/^authorization: A b\r$/im);
});

it('goes on as it came where nothing is in it, or it is not rendered', async () => {
  const missing = { type: 'resource_not_found_exception', reason: 'press not found' };
  for (const answer of [
    { json: { query: { match_all: {} } } },
    { status: '404 Not Found', json: { error: missing, status: 404 } },
    { status: '400 Bad Request', json: { error: { type: 'validation_exception', reason: '…' }, status: 400 } },
  ]) {
    elasticsearch.asked.length = 0;
    render = answer;
    expect((await run('press')).status).toBe(200);
    expect(asked()[1]).toEqual(['POST', `${PATH}/press/_search?typed_keys`, '{"params":{"code":"DEP:69"}}']);
  }
});

it('is refused where the client may search with it and not render it', async () => {
  render = { status: '403 Forbidden', json: { error: FORBIDDEN, status: 403 } };
  const { status, json } = await run('press');
  expect([status, json.error.reason]).toEqual([400, expect.stringContaining('manage_search_application')]);
  expect(asked()).toHaveLength(1);
});

it('is not rendered where its name is neither an index nor an alias of the configuration', async () => {
  await run('shop');
  expect(asked()).toEqual([['POST', `${PATH}/shop/_search?typed_keys`, '{"params":{"code":"DEP:69"}}']]);
});
