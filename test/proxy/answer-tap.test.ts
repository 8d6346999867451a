import { gzipSync } from 'node:zlib';
import { type AnswerFacts, AnswerTap, factsIn } from '../../src/proxy/answer-tap.js';

const facts = (text: string): AnswerFacts => factsIn(Buffer.from(text));

it('reads took and total from the beginning of an answer', () => {
  expect(facts('{"took":5,"timed_out":false,"hits":{"total":{"value":12,"relation":"gte"}}}')).toEqual({
    took: 5,
    hits: 12,
  });
  expect(facts('{\n  "took" : 5,\n  "hits" : {\n    "total" : 7\n }}')).toEqual({ took: 5, hits: 7 });
  expect(facts(`{"_scroll_id":"${'x'.repeat(3000)}","took":5,"hits":{"total":{"value":1}}}`)).toEqual({
    took: 5,
    hits: 1,
  });
  expect(facts('{"count":9,"_shards":{}}')).toEqual({ hits: 9 });
  expect(facts('{"took":3,"hits":{"hits":[]}}')).toEqual({ took: 3 });
  expect(facts(`{"a":"${'x'.repeat(10_000)}","took":5}`)).toEqual({});
});

it('takes no hits for all there are where shards failed, time ran out or the search still runs', () => {
  const answer = (more: string) => facts(`{"took":5,${more},"hits":{"total":{"value":0},"hits":[]}}`);
  const failures = '"failures":[{"shard":0,"index":"a","status":503,"reason":{"type":"x"}}]';
  expect(answer('"timed_out":false,"_shards":{"total":5,"failed":0}')).toEqual({ took: 5, hits: 0 });
  expect(answer(`"timed_out":false,"_shards":{"total":5,"failed":1,${failures}}`)).toEqual({ took: 5 });
  expect(answer('"timed_out" : true')).toEqual({ took: 5 });
  expect(answer('"is_partial":true,"is_running":true')).toEqual({ took: 5 });
  expect(facts('{"count":0,"_shards":{"total":5,"failed":2}}')).toEqual({});
  expect(facts('{"took":5,"hits":{"total":{"value":1},"hits":[{"_source":{"failed":3}}]}}')).toEqual({
    took: 5,
    hits: 1,
  });
});

it('looks at JSON answers of status 200 only', () => {
  expect(AnswerTap.for(200, 'application/vnd.elasticsearch+json;compatible-with=8', undefined)).toBeDefined();
  expect(AnswerTap.for(404, 'application/json', undefined)).toBeUndefined();
  expect(AnswerTap.for(200, 'application/yaml', undefined)).toBeUndefined();
  expect(AnswerTap.for(200, undefined, undefined)).toBeUndefined();
  expect(AnswerTap.for(200, 'application/json', 'br')).toBeUndefined();
});

it('reads one compressed answer of sixteen, from its beginning alone', async () => {
  const long = `{"took":8,"hits":{"total":{"value":2},"hits":"${Array.from({ length: 20_000 }, (_, i) => i).join(' ')}"}}`;
  const zipped = gzipSync(long);
  const taps = Array.from({ length: 16 }, () => AnswerTap.for(200, 'application/json', 'gzip')).filter(
    (tap) => tap !== undefined,
  );
  expect(taps).toHaveLength(1);
  for (let at = 0; at < zipped.length; at += 1000) taps[0]!.see(zipped.subarray(at, at + 1000));
  expect(await new Promise((resolve) => taps[0]!.facts(resolve))).toEqual({ took: 8, hits: 2 });
});

it('knows nothing of a compressed answer that can not be inflated', async () => {
  const taps = Array.from({ length: 16 }, () => AnswerTap.for(200, 'application/json', 'gzip')).filter(
    (tap) => tap !== undefined,
  );
  taps[0]!.see(Buffer.from('no gzip'));
  expect(await new Promise((resolve) => taps[0]!.facts(resolve))).toEqual({});
});

it('takes no number that is cut off by the end of what is looked at for a whole one', () => {
  const before = '{"took":3,"_shards":{"reason":"';
  for (let pad = 150; pad < 256; pad++) {
    const answer = Buffer.from(`${before}${'x'.repeat(pad)}"},"hits":{"total":{"value":12345,"relation":"eq"}}}`);
    const tap = AnswerTap.for(200, 'application/json', undefined)!;
    tap.see(answer.subarray(0, 200));
    tap.see(answer.subarray(200));
    tap.facts((facts) => expect([pad, facts]).toEqual([pad, { took: 3, hits: 12345 }]));
    expect(factsIn(answer)).toEqual({ took: 3, hits: 12345 });
  }
});
