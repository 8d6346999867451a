import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Client } from '@elastic/elasticsearch';
import { articles, FIELDS, MAPPINGS } from './support/articles.js';
import { createIndex, ids, newClient, uniqueName } from './support/elasticsearch.js';
import { type RunningProxy, startProxy } from './support/proxy.js';
import { pythonWithClient } from './support/python.js';

const MAKING_THE_ENVIRONMENT_MS = 600_000;

const direct: Client = newClient();
const index = uniqueName('python');
let proxy: RunningProxy;
let got: Record<string, unknown>;
let total: number;

beforeAll(async () => {
  const python = await pythonWithClient();
  proxy = await startProxy({ indices: { [index]: FIELDS } });
  const documents = articles(proxy.tree);
  total = documents.length;
  await createIndex(direct, index, MAPPINGS, documents);
  const script = join('test', 'integration', 'support', 'official_client.py');
  const { stdout } = await promisify(execFile)(python, [script, proxy.url, index], { timeout: 500_000 });
  got = JSON.parse(stdout);
}, MAKING_THE_ENVIRONMENT_MS);

afterAll(async () => {
  await direct.indices.delete({ index, ignore_unavailable: true });
  await direct.close();
  await proxy?.stop();
});

const LYON = ['former-commune', 'lyon', 'lyon-3', 'lyon-and-nantes'];

describe('the official Python client 8 through the proxy', () => {
  test('search and count: term, clause and q= get their articles', async () => {
    const terms = ['DEP:01', 'DEP:38', 'DEP:74', 'EPCI:200070852'];
    const written = await direct.search({ index, size: 100, query: { terms: { territory_path: terms } } });
    expect(got.search).toEqual({ term: LYON, clause: ids(written).sort(), q: LYON, count: LYON.length, cache: 'miss' });
  });

  test('its DSL: a document class, combined queries and an aggregation', async () => {
    const rhone = { term: { territory_path: 'DEP:69' } };
    const written = await direct.search({
      index,
      size: 100,
      query: { bool: { must_not: rhone, must: { prefix: { territory_path: '' } } } },
    });
    const untagged = await direct.search({
      index,
      query: { bool: { must_not: { exists: { field: 'territories' } } } },
    });
    const without = [...ids(written), ...ids(untagged)].filter((id) => !id.startsWith('bulk-')).sort();
    expect(got.dsl).toEqual({ term: LYON, without, aggregation: LYON.length });
    expect(without.length).toBeLessThan(total);
  });

  test('helpers.bulk: the documents arrive as they are, shorthand in a text included', () => {
    expect(got.bulk).toEqual({ done: 1200, errors: [], count: 1200, text: 'territory:COM:69123' });
  });

  test('helpers.scan: every page of the scroll', () => {
    expect(got.scan).toBe(1200);
  });

  test('a point in time: every page', () => {
    expect(got.pit).toBe(1200);
  });

  test('async: searches side by side, and async_scan', () => {
    expect(got.async).toEqual({
      answers: {
        'COM:69123': LYON,
        'COM:44109': ['lyon-and-nantes', 'nantes'],
        'COM:75056': ['paris', 'paris-1', 'paris-arrondissement', 'paris-department'],
      },
      scan: LYON,
    });
  });

  test('an unknown code is its BadRequestError', () => {
    expect(got.unknown).toEqual({ type: 'unknown_unit_exception', status: 400, units: ['COM:234'] });
  });
});
