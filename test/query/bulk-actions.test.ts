import type { Outcome } from '../../src/query/types.js';
import { head, rewriterWith } from './small-tree.js';

const SHORT = '{"query":{"term":{"territory":"DEP:69"}}}';
const FIELDS = { units: 'tu', percolator: ['query'] };
const rewriter = rewriterWith({ indices: [['alerts', FIELDS]], definitions: 'expand' });
const lines = (...all: string[]) => all.map((line) => `${line}\n`).join('');

/** Actions that are broken, or that Elasticsearch reads in ways of its own: none hides the query of a document. */
describe('an action of a _bulk', () => {
  const bulk = (...all: string[]): Outcome => rewriter.rewrite(head('POST', '/_bulk'), Buffer.from(lines(...all)));

  it.each([
    ['lacks its last brace', '{"index":{"_index":"alerts"}'],
    ['has garbage in place of its last brace', '{"index":{"_index":"alerts"} garbage'],
    ['has a comma in place of its last brace', '{"index":{"_index":"alerts"},'],
    ['has another action behind it', '{"create":{"_index":"alerts"},"delete":{"_index":"alerts"}}'],
    ['has an action of another index behind it', '{"index":{"_index":"alerts"},"create":{"_index":"other"}}'],
  ])('that %s is followed by its document', (_, action) => {
    expect(bulk(action, SHORT)).toMatchObject({ kind: 'rewritten', places: 1 });
  });

  it.each([
    ['deletes first of all', '{"delete":{"_index":"other","_id":"1"},"index":{"_index":"other"}}'],
    ['deletes, and lacks its last brace', '{"delete":{"_index":"other","_id":"1"}'],
    ['is blank', ' \r'],
    ['is a comment', '// {"index":{}}'],
  ])('that %s is followed by another action', (_, action) => {
    expect(bulk(action, '{"index":{"_index":"alerts"}}', SHORT)).toMatchObject({ kind: 'rewritten', places: 1 });
  });

  it('that Elasticsearch 7 passes over takes the line behind it along', () => {
    const skipped = ['{"foo":{}}', '{"index":{"_index":"other"}}'];
    expect(bulk(...skipped, '{"index":{"_index":"alerts"}}', SHORT)).toMatchObject({ kind: 'rewritten', places: 1 });
  });

  it('may name its index as a number', () => {
    const numbered = rewriterWith({ indices: [['5', FIELDS]], definitions: 'expand' });
    const text = lines('{"index":{"_index":5}}', SHORT);
    expect(numbered.rewrite(head('POST', '/other/_bulk'), Buffer.from(text)).kind).toBe('rewritten');
    const unnamed = lines('{"index":{"_index":null}}', SHORT);
    expect(numbered.rewrite(head('POST', '/5/_bulk'), Buffer.from(unnamed)).kind).toBe('rewritten');
    expect(numbered.rewrite(head('POST', '/other/_bulk'), Buffer.from(unnamed)).kind).toBe('pass');
  });
});
