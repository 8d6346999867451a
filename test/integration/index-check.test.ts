import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AskElasticsearch } from '../../src/cli/ask-elasticsearch.js';
import { type Ask, checkIndex } from '../../src/cli/check-index.js';
import { IndexWatch } from '../../src/cli/index-watch.js';
import { loadConfig } from '../../src/config/load.js';
import { TerritoryTree } from '../../src/files/tree.js';
import { Ancestors } from '../../src/query/ancestors.js';
import type { History } from '../../src/stats/history/history.js';
import type { Logger } from '../../src/stats/logger.js';
import { runCommand } from '../cli/run-command.js';
import { tree } from '../query/small-tree.js';
import { createIndex, elasticsearchUrl, newClient, uniqueName } from './support/elasticsearch.js';

const client = newClient();
const stem = uniqueName('checked');
const [good, bad, text, stranger] = [`${stem}-good`, `${stem}-bad`, `${stem}-text`, `${stem}x`];
const keyword = { type: 'keyword' } as const;
const properties = { territories: keyword, territory_path: keyword };
const ancestors = new Ancestors(tree);
let folder: string;
let config: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'index-check-'));
  const snapshot = join(folder, 'small.tree');
  await TerritoryTree.fromBuffer(tree.toBuffer()).save(snapshot);
  config = join(folder, 'territory.yaml');
  const indices = `indices: {"${stem}-*": {units: territories, ancestors: territory_path}}`;
  await writeFile(config, `elasticsearchUrl: ${elasticsearchUrl()}\nterritoryTree: ${snapshot}\n${indices}\n`);
  await createIndex(client, good, { properties }, [
    ['1', { territories: ['COM:69123'], territory_path: ancestors.of(['COM:69123']) }],
    ['2', { territories: ['COM:01091'], territory_path: ancestors.of(['COM:01091']) }],
    ['3', {}],
  ]);
  await createIndex(client, bad, { properties }, [
    ['1', { territories: ['COM:69123'], territory_path: ['COM:69123', 'DEP:69'] }],
    ['2', { territories: ['COM:1004', 'DEP:01'], territory_path: ['COM:1004', 'CNTRY:F', 'DEP:01', 'REG:84'] }],
  ]);
  await createIndex(
    client,
    text,
    { properties: { territories: { type: 'text', fields: { keyword } }, territory_path: keyword } },
    [],
  );
  await createIndex(client, stranger, { properties }, []);
});

afterAll(async () => {
  await client.indices.delete({ index: [good, bad, text, stranger], ignore_unavailable: true });
  await client.close();
  await rm(folder, { recursive: true, force: true });
});

const check = (name: string, ...more: string[]) => runCommand(['index', 'check', name, '--config', config, ...more]);

test('a good index is said to be good, former codes among its tags are named', async () => {
  const { code, out, err } = await check(good);
  expect([code, err]).toEqual([0, '']);
  expect(out).toBe(
    `${good} (${stem}-*): 3 documents, 2 of them tagged\n  the tag COM:01091 (1 document) is a former code, today COM:01033\n`,
  );
});

test('unknown tags and missing ancestors are named and fail the command', async () => {
  const { code, out } = await check(bad, '--json');
  expect(code).toBe(1);
  expect(JSON.parse(out).indices).toEqual([
    {
      index: bad,
      pattern: `${stem}-*`,
      documents: 2,
      tagged: 2,
      faults: [],
      unknown: [{ code: 'COM:1004', documents: 1, suggestions: expect.arrayContaining(['COM:01004']) }],
      former: [],
      missing: [{ code: 'COM:69123', documents: 1, expected: ancestors.of(['COM:69123']) }],
    },
  ]);
  expect((await check(bad)).out).toMatch(
    /COM:1004 \(1 document\) is unknown \(did you mean COM:01004.*\n.*lacks some of its ancestors/,
  );
});

test('a field that is no keyword is a fault that names the one to take', async () => {
  const { code, out, err } = await check(text);
  expect(code).toBe(1);
  expect(out).toMatch(/the field territories is of type text.*territories\.keyword/);
  expect(err).toMatch(`not all is well in ${text}`);
});

test('a pattern means all its indices, an index that is not configured is said to be none', async () => {
  const { out } = await check(`${stem}*`, '--json');
  const { indices } = JSON.parse(out) as { indices: { index: string; pattern?: string }[] };
  expect(indices.map(({ index, pattern }) => [index, pattern !== undefined])).toEqual([
    [bad, true],
    [good, true],
    [text, true],
    [stranger, false],
  ]);
});

test('an index that is not there is an error', async () => {
  expect(await check(`${stem}-none`)).toMatchObject({
    code: 1,
    err: expect.stringMatching(/index_not_found|no index/),
  });
});

test('a running proxy records how many documents have wrong tags, and goes on where an index is not there', async () => {
  const loaded = loadConfig({
    environment: { TERRITORY_CONFIG: config, ELASTICSEARCH_URL: `http://127.0.0.1:1,${elasticsearchUrl()}` },
  });
  const indices = [['nothing-has-this-name', { units: 'x' }], ...loaded.indices] as const;
  const recorded: Record<string, number> = {};
  const warnings: string[] = [];
  const watch = new IndexWatch({
    config: { ...loaded, indices: [...indices] as (typeof loaded)['indices'] },
    logger: { warn: (message: string) => warnings.push(message) } as unknown as Logger,
    tree: () => tree,
    history: {
      record: (name: string, key: string, _count: number, sum: number) => {
        recorded[`${name} ${key}`] = sum;
      },
    } as unknown as History,
  });
  await watch.look();
  await watch.look();
  expect(recorded).toEqual({
    [`tag_faults ${good}:unknown`]: 0,
    [`tag_faults ${good}:former`]: 1,
    [`tag_faults ${good}:missing`]: 0,
    [`tag_faults ${bad}:unknown`]: 1,
    [`tag_faults ${bad}:former`]: 0,
    [`tag_faults ${bad}:missing`]: 1,
  });
  expect(warnings).toEqual([expect.stringMatching(/could not be looked at: .*nothing-has-this-name/)]);
});

test('a look finds each fault each time: one document without ancestors among hundreds of tags', async () => {
  const index = `${stem}-rare`;
  const towns = Array.from({ length: 400 }, (_, i) => ({ code: `COM:${10_000 + i}`, parents: ['DEP:10'] }));
  const map = TerritoryTree.build([{ code: 'DEP:10', parents: ['REG:44'] }, { code: 'REG:44' }, ...towns]);
  const around = new Ancestors(map);
  const documents = towns.map(
    ({ code }, i) => [code, { territories: [code], territory_path: i === 250 ? [code] : around.of([code]) }] as const,
  );
  // Of several tags one is sound, the other unknown.
  await createIndex(client, index, { properties }, [
    ...documents.map(([id, source]) => [id, source] as [string, object]),
    ['unknown', { territories: ['COM:10001', 'COM:nowhere'], territory_path: around.of(['COM:10001']) }],
  ]);
  try {
    const asked: string[] = [];
    const elasticsearch = new AskElasticsearch(
      loadConfig({ environment: { TERRITORY_CONFIG: config, ELASTICSEARCH_URL: elasticsearchUrl() } }),
      120_000,
    );
    const ask: Ask = (method, path, body) => {
      asked.push(JSON.stringify(body ?? null));
      return elasticsearch.ask(method, path, body);
    };
    const fields = loadConfig({ environment: { TERRITORY_CONFIG: config } }).indices;
    for (let look = 0; look < 3; look++) {
      const [report] = await checkIndex(ask, map, fields, index, { suggest: false });
      expect(report).toMatchObject({
        documents: 401,
        unknown: [{ code: 'COM:nowhere', documents: 1, suggestions: [] }],
        missing: [{ code: 'COM:10250', documents: 1, expected: ['COM:10250', 'DEP:10', 'REG:44'] }],
      });
    }
    // Only the tag with a fault is counted once more.
    const filters = asked.filter((body) => body.includes('"must_not"')).map((body) => JSON.parse(body));
    expect(filters.map(({ aggs }) => aggs.tags.filters.filters.length)).toEqual([1, 1, 1]);
    await elasticsearch.close();
  } finally {
    await client.indices.delete({ index });
  }
});
