import { rowsBelow, rowsTo } from './scenarios/grammar-rows.js';
import { FORMS, filled, REMOVED, SEARCH } from './scenarios/scenario.js';
import { createWorld, fieldsOf, type World, worldFields } from './scenarios/world.js';
import { ask, must } from './support/ask.js';
import { elasticsearch7Url, elasticsearchUrl, uniqueName } from './support/elasticsearch.js';
import { type RunningProxy, startProxy } from './support/proxy.js';
import { type RecordingElasticsearch, startRecording } from './support/recording-elasticsearch.js';

/** Every place of a search body where a query can stand: through the proxy, and with the expansion written by hand. */
const es = elasticsearchUrl();
const es7 = elasticsearch7Url();
const stem = uniqueName('positions');
const world: World = { articles: `${stem}-articles`, nested: `${stem}-nested`, deep: `${stem}-deep` };
let proxy: RunningProxy;
let proxy7: RunningProxy;
let recording: RecordingElasticsearch;
let recorder: RunningProxy;

beforeAll(async () => {
  recording = await startRecording();
  const indices = worldFields(world);
  const checkMappings = 'off';
  proxy = await startProxy({ indices, checkMappings });
  proxy7 = await startProxy({ indices, checkMappings, elasticsearchUrl: es7 });
  recorder = await startProxy({ indices, checkMappings, elasticsearchUrl: recording.url });
  await Promise.all([createWorld(es, proxy.tree, world), createWorld(es7, proxy.tree, world, false)]);
});

afterAll(async () => {
  for (const url of [es, es7]) await ask(url, 'DELETE', `/${Object.values(world).join()}`);
  await Promise.all([proxy?.stop(), proxy7?.stop(), recorder?.stop()]);
  await recording?.close();
});

const byHand = (index: keyof World) => proxy.tree.parse('DEP:69').toQuery(fieldsOf(index));

/** An answer without what differs from one search to the next. */
const steady = (json: Record<string, unknown>) => ({ ...json, took: 0 });

it('every row of the grammar below a search is on the way to a place of these scenarios', () => {
  const reached = new Set(SEARCH.flatMap(({ body }) => [...rowsTo(body, 'searchBody')]));
  expect([...rowsBelow('searchBody')].filter((row) => !reached.has(row))).toEqual([]);
});

/** Compares the whole answers, each of the shorthand's forms at the place. */
async function compare(url: string, through: string, body: string, index: keyof World): Promise<void> {
  const path = `/${world[index]}/_search${body.includes('"size":0') ? '' : '?size=100'}`;
  const search = async (query: object) => steady((await must(url, 'POST', path, filled(body, query))).json);
  const expected = await search(byHand(index));
  // Else the query would not matter here, and nothing be proved.
  expect(expected).not.toEqual(await search({ match_none: {} }));
  expect(expected).not.toEqual(await search({ match_all: {} }));
  for (const form of FORMS) {
    const answer = await ask(through, 'POST', path, filled(body, form));
    expect([form, answer.status, steady(answer.json)]).toEqual([form, 200, expected]);
    expect(answer.headers.get('x-territory-rewrites')).toBe(String(body.split('@').length - 1));
  }
}

describe('on Elasticsearch 8', () => {
  const here = SEARCH.filter(({ lacking }) => lacking === undefined);

  it.each(here)('$body', ({ body, index = 'articles' }) => compare(es, proxy.url, body, index));
});

describe('on Elasticsearch 7', () => {
  const here = SEARCH.filter(({ body, lacking }) => lacking === REMOVED || (!lacking && !/knn|retriever/.test(body)));

  it.each(here)('$body', ({ body, index = 'articles' }) => compare(es7, proxy7.url, body, index));
});

describe('on a recording server', () => {
  const elsewhere = SEARCH.filter(({ lacking }) => lacking !== undefined);

  it.each(elsewhere)('$body ($lacking)', async ({ body, index = 'articles' }) => {
    // The server here would say so if it had learnt it.
    const refused = await ask(es, 'POST', `/${world[index]}/_search`, filled(body, byHand(index)));
    expect([400, 403]).toContain(refused.status);
    for (const form of FORMS) {
      await must(recorder.url, 'POST', `/${world[index]}/_search`, filled(body, form));
      expect(recording.last().body).toBe(filled(body, byHand(index)));
    }
  });
});
