import { gzipSync } from 'node:zlib';
import { type AnswerFacts, AnswerTap } from '../../src/proxy/answer-tap.js';
import { ResponsesScan } from '../../src/proxy/responses-scan.js';

const shards = { total: 2, successful: 2, skipped: 0, failed: 0 };
const search = (took: number, total: unknown, more: object = {}) => ({
  ...{ took, timed_out: false, _shards: shards },
  ...more,
  hits: { total, max_score: null, hits: [] as object[] },
  status: 200,
});
const total = (value: number) => ({ value, relation: 'eq' });

/** What is found where the answer comes in pieces of every length up to `longest`. */
function found(answer: object | string, sent: number, longest = 9) {
  const bytes = Buffer.from(typeof answer === 'string' ? answer : JSON.stringify(answer));
  const lengths = [...Array.from({ length: longest }, (_, i) => i + 1), 40, 100, bytes.length];
  const all = lengths.map((length) => {
    const scan = new ResponsesScan();
    for (let at = 0; at < bytes.length; at += length) scan.read(bytes.subarray(at, at + length));
    return { took: scan.took, searches: scan.found(sent) };
  });
  for (const one of all) expect(one).toEqual(all[0]);
  return all[0]!;
}

it('reads the hits of each search of an _msearch, in every form of a total', () => {
  const responses = [search(3, total(12)), search(4, 0), search(5, total(0)), search(6, -1)];
  const untracked = { took: 7, _shards: shards, hits: { hits: [] }, status: 200 };
  const expected = [{ took: 3, hits: 12 }, { took: 4, hits: 0 }, { took: 5, hits: 0 }, { took: 6 }, { took: 7 }];
  const answer = { took: 30, responses: [...responses, untracked] };
  expect(found(answer, 5)).toEqual({ took: 30, searches: expected });
  expect(found(JSON.stringify(answer, undefined, 2), 5)).toEqual({ took: 30, searches: expected });
});

it('keeps the places of searches that failed', () => {
  const failed = { error: { root_cause: [{ type: 'x', reason: '"hits":{"total":3' }], type: 'x' }, status: 400 };
  expect(found({ took: 1, responses: [failed, search(2, total(0)), failed] }, 3).searches).toEqual([
    {},
    { took: 2, hits: 0 },
    {},
  ]);
});

it('takes no hits for all there are where shards failed or time ran out', () => {
  const responses = [
    search(2, total(0), { _shards: { ...shards, failed: 1, failures: [{ shard: 0, status: 503 }] } }),
    search(2, total(0), { timed_out: true }),
    search(2, total(0)),
  ];
  expect(found({ took: 1, responses }, 3).searches).toEqual([{ took: 2 }, { took: 2 }, { took: 2, hits: 0 }]);
});

it('is not led astray by what documents, aggregations and names hold', () => {
  const one = search(2, total(5));
  one.hits.hits.push(
    { _source: { took: 99, hits: { total: { value: 0 } }, responses: [search(9, 9)], 'a"]}},{\\"took': '\\' } },
    { inner_hits: { x: { hits: { total: total(0) } } } },
  );
  const aggregations = { hits: { hits: { total: total(0) } }, total: { value: 0 }, failed: { value: 3 } };
  const answer = { took: 1, other: [search(1, 1)], responses: [{ ...one, aggregations }, search(3, total(4))] };
  expect(found(answer, 2).searches).toEqual([
    { took: 2, hits: 5 },
    { took: 3, hits: 4 },
  ]);
});

it('knows nothing where the places are not certain: filter_path may leave searches out', () => {
  const hits = { hits: { total: total(0) } };
  expect(found({ responses: [hits, hits] }, 3).searches).toEqual([]);
  expect(found({ responses: [hits, hits] }, 2).searches).toEqual([{ hits: 0 }, { hits: 0 }]);
  expect(found({ error: { type: 'x' }, status: 400 }, 2).searches).toEqual([]);
  const long = JSON.stringify({ responses: [hits, hits, { hits: { total: total(0), hits: 'x'.repeat(600_000) } }] });
  const scan = new ResponsesScan();
  scan.read(Buffer.from(long));
  expect(scan.found(4)).toEqual([]);
});

it('looks at half a megabyte of an answer, and tells what stands there', () => {
  const long = search(2, total(5), { profile: 'x'.repeat(600_000) });
  const scan = new ResponsesScan();
  scan.read(Buffer.from(JSON.stringify({ took: 1, responses: [search(1, total(0)), long, search(3, total(0))] })));
  expect(scan.found(3)).toEqual([{ took: 1, hits: 0 }, { took: 2 }]);
});

it('reads one compressed answer of sixteen', async () => {
  const responses = Array.from({ length: 50 }, (_, i) => search(i, total(i), { profile: 'y'.repeat(1000) }));
  const zipped = gzipSync(JSON.stringify({ took: 1, responses }));
  const taps = Array.from({ length: 16 }, () => AnswerTap.for(200, 'application/json', 'gzip', 50)).filter(
    (tap) => tap !== undefined,
  );
  expect(taps).toHaveLength(1);
  for (let at = 0; at < zipped.length; at += 100) taps[0]!.see(zipped.subarray(at, at + 100));
  const facts = await new Promise<AnswerFacts>((resolve) => taps[0]!.facts(resolve));
  expect(facts.searches?.map(({ hits }) => hits)).toEqual(Array.from({ length: 50 }, (_, i) => i));
});
