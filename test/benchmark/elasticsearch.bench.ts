/**
 * What users gain in Elasticsearch itself: the same territories as the lists of communes that applications send today,
 * and as what the proxy writes, on 200,000 documents in one segment, p50, query cache off, interleaved in one run.
 *
 * `npm run bench -- elasticsearch` asks the server of TEST_ELASTICSEARCH_URL or ELASTICSEARCH_URL, in an index of its own
 * that is deleted afterwards.
 */
import type { TerritoryTree } from '../../src/index.js';
import { franceTree } from './france.js';
import { randomInts, table } from './measure.js';

const url = process.env.TEST_ELASTICSEARCH_URL ?? process.env.ELASTICSEARCH_URL;
const INDEX = `territory-bench-${process.pid}`;
const DOCUMENTS = 200_000;
const BATCH = 10_000;
const ROUNDS = Number(process.argv[2] ?? 60);

async function ask(method: string, path: string, body?: string | object): Promise<Record<string, unknown>> {
  const text = typeof body === 'string' ? body : body && JSON.stringify(body);
  const answer = await fetch(`${url}${path}`, {
    method,
    ...(text === undefined
      ? {}
      : {
          body: text,
          headers: { 'content-type': path.includes('_bulk') ? 'application/x-ndjson' : 'application/json' },
        }),
  });
  const read = (await answer.json()) as Record<string, unknown>;
  if (!answer.ok || read.errors === true) throw new Error(`${method} ${path}: ${JSON.stringify(read).slice(0, 500)}`);
  return read;
}

/** Documents of one to three communes each, more of them in large ones, with the units around as `ancestors`. */
async function fill(tree: TerritoryTree): Promise<void> {
  await ask('PUT', `/${INDEX}`, {
    settings: {
      number_of_shards: 1,
      number_of_replicas: 0,
      refresh_interval: -1,
      'index.queries.cache.enabled': false,
    },
    mappings: { properties: { units: { type: 'keyword' }, ancestors: { type: 'keyword' }, n: { type: 'integer' } } },
  });
  const communes = tree.territory('CNTRY:F').covering({ levels: ['COM'] });
  const around = communes.map(({ code }) =>
    tree
      .territory(code)
      .around()
      .map((unit) => unit.code),
  );
  const random = randomInts(69123);
  for (let from = 0; from < DOCUMENTS; from += BATCH) {
    const lines: string[] = [];
    for (let n = from; n < from + BATCH; n++) {
      const places = Array.from({ length: 1 + random(3) }, () => random(communes.length));
      const units = places.map((place) => communes[place]!.code);
      const ancestors = [...new Set(places.flatMap((place) => [communes[place]!.code, ...around[place]!]))];
      lines.push('{"index":{}}', JSON.stringify({ units, ancestors, n }));
    }
    await ask('POST', `/${INDEX}/_bulk?filter_path=errors`, `${lines.join('\n')}\n`);
  }
  await ask('POST', `/${INDEX}/_forcemerge?max_num_segments=1`);
  await ask('POST', `/${INDEX}/_refresh`);
}

interface Way {
  readonly name: string;
  readonly terms: number;
  readonly query: object;
}

interface Case {
  readonly name: string;
  readonly before: Way;
  readonly after: Way;
}

function cases(tree: TerritoryTree): Case[] {
  const communes = (code: string): string[] =>
    tree
      .territory(code)
      .covering({ levels: ['COM'] })
      .map((unit) => unit.code);
  const covering = (code: string): string[] =>
    tree
      .territory(code)
      .covering()
      .map((unit) => unit.code);
  const terms = (name: string, field: string, codes: readonly string[]): Way => ({
    name,
    terms: codes.length,
    query: { bool: { should: [{ terms: { [field]: codes } }], minimum_should_match: 1 } },
  });
  const should = (codes: readonly string[]): Way => ({
    name: 'communes as should',
    terms: codes.length,
    query: { bool: { should: codes.map((code) => ({ term: { units: code } })), minimum_should_match: 1 } },
  });
  return [
    {
      name: 'a region (REG:84)',
      before: terms('communes as terms', 'units', communes('REG:84')),
      after: terms('covering', 'ancestors', covering('REG:84')),
    },
    {
      name: 'a department (DEP:69)',
      before: should(communes('DEP:69')),
      after: terms('covering', 'ancestors', covering('DEP:69')),
    },
    {
      name: 'the country (CNTRY:F)',
      before: terms('communes as terms', 'units', communes('CNTRY:F')),
      after: terms('covering', 'ancestors', covering('CNTRY:F')),
    },
  ];
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >>> 1]!;
}

/** Time of a search in ms, as a client sees it, and its hits. */
async function search({ query }: Way, countAll: boolean): Promise<{ ms: number; hits: number }> {
  const body = JSON.stringify({ size: 10, query, ...(countAll ? { track_total_hits: true } : {}) });
  const began = performance.now();
  const answer = await ask('POST', `/${INDEX}/_search?request_cache=false&filter_path=hits.total`, body);
  return { ms: performance.now() - began, hits: (answer.hits as { total: { value: number } }).total.value };
}

async function main(): Promise<void> {
  if (url === undefined) throw new Error('set TEST_ELASTICSEARCH_URL or ELASTICSEARCH_URL to a running Elasticsearch');
  const { version } = (await ask('GET', '/')) as { version: { number: string } };
  const tree = await franceTree();
  await fill(tree);
  const rows: string[][] = [];
  for (const { name, before, after } of cases(tree)) {
    const times = { before: [] as number[], after: [] as number[] };
    for (let round = -5; round < ROUNDS; round++) {
      const [old, own] = [await search(before, round < 0), await search(after, round < 0)];
      if (old.hits !== own.hits) throw new Error(`${name}: ${old.hits} hits before, ${own.hits} after`);
      if (round < 0) continue;
      times.before.push(old.ms);
      times.after.push(own.ms);
    }
    const [p50, own] = [median(times.before), median(times.after)];
    rows.push([
      name,
      `${before.terms} ${before.name}`,
      `${p50.toFixed(2)} ms`,
      `${after.terms} as ${after.name}`,
      `${own.toFixed(2)} ms`,
      `${(p50 / own).toFixed(1)}×`,
    ]);
  }
  console.log(
    `Elasticsearch ${version.number}, ${DOCUMENTS} documents in one segment, query cache off, p50 of ${ROUNDS} searches as a client sees them\n`,
  );
  console.log(table(['', 'before', 'p50', 'with the proxy', 'p50', 'faster'], rows));
}

try {
  await main();
} finally {
  if (url !== undefined) await fetch(`${url}/${INDEX}`, { method: 'DELETE' });
}
