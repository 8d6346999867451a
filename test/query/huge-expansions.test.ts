import { TerritoryTooLargeError } from '../../src/territory/errors.js';
import { head, rewriterWith } from './small-tree.js';

const LIMIT = 10_000;
const rewriter = rewriterWith({
  indices: [
    ['articles', { units: 'tu' }],
    ['alerts', { units: 'tu', percolator: ['query'] }],
  ],
  definitions: 'expand',
  limits: { depth: 100, expandedBytes: LIMIT },
});

/** So many bytes had been made when the request was refused, as the error says. */
function madeOf(target: string, body: string): number {
  try {
    rewriter.rewrite(head('POST', target), Buffer.from(body));
  } catch (error) {
    if (!(error instanceof TerritoryTooLargeError)) throw error;
    return Number(/at least (\d+) bytes/.exec(error.message)?.[1]);
  }
  throw new Error('it was not refused');
}

const SEARCH = '{"query":{"term":{"territory":"DEP:69"}}}';

it('an _msearch of many searches is refused at the first one too many, not when all of them are made', () => {
  const made = madeOf('/articles/_msearch', `{}\n${SEARCH}\n`.repeat(5000));
  expect(made).toBeGreaterThan(LIMIT);
  expect(made).toBeLessThan(LIMIT + 500);
});

it('a _bulk of many percolator queries is refused at the first one too many, not when all of them are made', () => {
  const made = madeOf('/alerts/_bulk', `{"index":{}}\n${SEARCH}\n`.repeat(5000));
  expect(made).toBeGreaterThan(LIMIT);
  expect(made).toBeLessThan(LIMIT + 500);
});

it('what is longer than an expansion may be, and holds none, passes', () => {
  const lines = `{}\n{"query":{"match":{"text":"territory"}}}\n`.repeat(1000);
  expect(lines.length).toBeGreaterThan(LIMIT);
  expect(rewriter.rewrite(head('POST', '/articles/_msearch'), Buffer.from(lines))).toEqual({ kind: 'pass' });
});
