import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Contender, Contenders } from './contenders.js';
import { searchOf } from './requests.js';
import { CONNECTIONS, latencies, measured } from './rounds.js';
import { costs, times } from './tables.js';

/** Small, so that what is measured is the way there and back, and matched by the `articles*` of the proxy. */
const INDEX = `articles-bench-${process.pid}`;
const DOCUMENTS = 1000;

/** Requests a round: a real server answers about ten times slower than the stub. */
const COUNT = 3000;

const SCENARIOS = [
  { name: 'without shorthand', request: searchOf(INDEX, { term: { kind: 'text' } }), count: COUNT },
  { name: 'one cached shorthand', request: searchOf(INDEX, { territory: 'DEP:69' }), count: COUNT },
];

interface Found {
  readonly url: string;
  readonly source: string;
  stop(): Promise<void>;
}

/**
 * The same searches on a real Elasticsearch: that of TEST_ELASTICSEARCH_URL or ELASTICSEARCH_URL, or one that is started
 * (as for the demo), on the core of this process, in an index of its own that is deleted afterwards.
 */
export async function beforeElasticsearch(contenders: Contenders, rounds: number): Promise<void> {
  const finder = pathToFileURL(join(process.cwd(), 'scripts', 'lib', 'find-elasticsearch.mjs')).href;
  const { findElasticsearch } = (await import(finder)) as { findElasticsearch(given?: string): Promise<Found> };
  const found = await findElasticsearch(process.env.TEST_ELASTICSEARCH_URL ?? process.env.ELASTICSEARCH_URL);
  try {
    await fill(found.url);
    console.log(`\nBefore a real Elasticsearch (${found.source}), ${DOCUMENTS} documents`);
    const all = await inFrontOf(found.url, contenders);
    for (const scenario of SCENARIOS) {
      // Only the proxy knows the shorthand.
      const able = scenario === SCENARIOS[1] ? all.filter(({ name }) => name === 'territory-proxy') : all;
      console.log(`\n${scenario.name}, on ${CONNECTIONS} connections\n`);
      console.log(costs(await measured(able, scenario, rounds)));
    }
    console.log('\nµs for a request without shorthand on one connection\n');
    console.log(times(await latencies(all, SCENARIOS[0]!.request, rounds)));
  } finally {
    await ask(found.url, 'DELETE', `/${INDEX}`).catch((error) => console.error(error));
    await found.stop();
  }
}

async function inFrontOf(upstream: string, contenders: Contenders): Promise<Contender[]> {
  // Its own CPU time is not looked at.
  const direct = { name: 'direct', port: Number(new URL(upstream).port), pid: process.pid };
  const proxies = [
    await contenders.node('territory-proxy', 'territory', 0, upstream),
    await contenders.nginx(0, upstream),
    await contenders.node('http.Agent', 'agent', 0, upstream),
  ];
  return [direct, ...proxies.filter((contender) => contender !== undefined)];
}

async function fill(url: string): Promise<void> {
  const keyword = { type: 'keyword' };
  const properties = { text: { type: 'text' }, title: { type: 'text' }, date: { type: 'date' }, kind: keyword };
  const mappings = { properties: { ...properties, territories: keyword, territory_path: keyword } };
  await ask(url, 'PUT', `/${INDEX}`, JSON.stringify({ settings: { number_of_replicas: 0 }, mappings }));
  const lines = Array.from({ length: DOCUMENTS }, (_, n) => {
    const path = ['COM:69123', 'DEP:69', 'REG:84', 'CNTRY:F'];
    const document = {
      title: 'x'.repeat(200),
      text: 'le salaire minimum conventionnel',
      date: '2024-01-01',
      kind: 'text',
    };
    return `{"index":{}}\n${JSON.stringify({ ...document, n, territories: path[0], territory_path: path })}\n`;
  });
  await ask(url, 'POST', `/${INDEX}/_bulk?refresh&filter_path=errors`, lines.join(''));
  await ask(url, 'POST', `/${INDEX}/_forcemerge?max_num_segments=1`);
}

async function ask(url: string, method: string, path: string, body?: string): Promise<void> {
  const headers = { 'content-type': path.includes('_bulk') ? 'application/x-ndjson' : 'application/json' };
  const answer = await fetch(`${url}${path}`, { method, ...(body === undefined ? {} : { body, headers }) });
  const text = await answer.text();
  if (!answer.ok || text.includes('"errors":true')) throw new Error(`${method} ${path}: ${text.slice(0, 500)}`);
}
