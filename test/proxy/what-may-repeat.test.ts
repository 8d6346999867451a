import { failureCode, upstreamFailure } from '../../src/proxy/errors.js';
import { isSafeRead } from '../../src/proxy/safe-reads.js';
import { timeoutFor } from '../../src/proxy/timeouts.js';
import { TerritoryTooLargeError } from '../../src/territory/errors.js';

it('repeats what only reads', () => {
  for (const [method, target] of [
    ['GET', '/'],
    ['HEAD', '/a/_doc/1'],
    ['GET', '/a/_search?q=x'],
    ['POST', '/_search'],
    ['POST', '/a,b/_search?pretty'],
    ['POST', '/a/_msearch/template'],
    ['POST', '/a/_count'],
    ['POST', '/a/_validate/query'],
    ['POST', '/_render/template'],
    ['POST', '/_render/template/mine?x'],
    ['POST', '/_all/_search'],
    ['POST', '/a/type/_search'],
    ['POST', '/%3Clogs-%7Bnow%2Fd%7D%3E/_search'],
    ['POST', '/a/_explain/1%2F2'],
  ]) {
    expect([target, isSafeRead(method!, target!)]).toEqual([target, true]);
  }
});

it('repeats nothing that changes something or moves on', () => {
  for (const [method, target] of [
    ['PUT', '/a/_doc/1'],
    ['POST', '/a/_doc'],
    ['POST', '/_bulk'],
    ['DELETE', '/a'],
    ['GET', '/_search/scroll?scroll_id=x'],
    ['POST', '/a/_search?scroll=1m'],
    ['POST', '/a/_async_search'],
    ['POST', '/a/_pit?keep_alive=1m'],
    ['POST', '/a/_delete_by_query'],
    ['POST', '/_count/_doc'],
    ['POST', '/_searchable_snapshots/x'],
    ['POST', '/a/_update/_search'],
    ['POST', '/a/_doc?pipeline=x/_search'],
    ['POST', '/a/_create/_count'],
    ['GET', '/_search/%73croll'],
    ['GET', '/a/_search?%73croll=1m'],
    ['GET', '/a/%zz'],
  ]) {
    expect([target, isSafeRead(method!, target!)]).toEqual([target, false]);
  }
});

it('waits without end for bulk, scroll and what works through an index', () => {
  for (const target of [
    '/_bulk',
    '/a/_bulk?x',
    '/_search/scroll',
    '/a/_search?scroll=1m',
    '/_reindex',
    '/a/_update_by_query',
    '/a/_forcemerge',
  ]) {
    expect([target, timeoutFor(target, 5)]).toEqual([target, 0]);
  }
  expect(timeoutFor('/a/_search', 5)).toBe(5);
  expect(timeoutFor('/a/_doc/_bulky', 5)).toBe(5);
});

it('tells a failure that was too late from every other one', () => {
  const failed = (code: string): number => upstreamFailure(Object.assign(new Error('x'), { code }), 'http://a').status;
  expect(['ETIMEDOUT', 'ESOCKETTIMEDOUT'].map(failed)).toEqual([504, 504]);
  expect(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'MALFORMED_ANSWER', ''].map(failed)).toEqual([
    502, 502, 502, 502, 502,
  ]);
  const own = new TerritoryTooLargeError('x');
  expect(upstreamFailure(own, 'http://a')).toBe(own);
  expect(failureCode(new Error('outer', { cause: Object.assign(new Error('inner'), { code: 'EPIPE' }) }))).toBe(
    'EPIPE',
  );
});
