import { head, rewriterWith } from './small-tree.js';

/** Lines of an `_msearch` that are broken, or that versions of Elasticsearch read in ways of their own: none hides a shorthand in another. */
const SHORT = '{"query":{"term":{"territory":"DEP:69"}}}';
const UNKNOWN = '{"query":{"term":{"territory":"COM:9"}}}';
const rewriter = rewriterWith({
  indices: [
    ['articles', { units: 'tags' }],
    ['5', { units: 'five' }],
  ],
});

const lines = (...all: string[]) => all.map((line) => `${line}\n`).join('');

function rewritten(target: string, text: string): string[] {
  const outcome = rewriter.rewrite(head('POST', target), Buffer.from(text));
  if (outcome.kind !== 'rewritten') throw new Error(`${outcome.kind}: ${text}`);
  return outcome.body!.toString().slice(0, -1).split('\n');
}

/** Which lines hold the shorthand, and which an expansion. */
const held = (found: readonly string[]) =>
  found.map((line) => (line.includes('territory') ? 'short' : /"(?:tags|five)"/.test(line) ? 'expanded' : 'plain'));

describe('a newline at the very start of an _msearch', () => {
  const msearch = (...all: string[]) => rewritten('/articles/_msearch', lines(...all));

  it('is an empty header to Elasticsearch 8, and all of its searches are expanded', () => {
    expect(held(msearch('', SHORT, '', SHORT, '{}', SHORT))).toEqual([
      ...['plain', 'expanded', 'plain', 'expanded', 'plain', 'expanded'],
    ]);
    expect(held(msearch('', '{}', '{}', SHORT))).toEqual(['plain', 'plain', 'plain', 'expanded']);
  });

  it('is skipped by Elasticsearch 7', () => {
    expect(held(msearch('', '{}', SHORT, '', SHORT))).toEqual(['plain', 'plain', 'expanded', 'plain', 'expanded']);
  });

  it('is counted as the header that it is to Elasticsearch 8', () => {
    const outcome = rewriter.rewrite(
      head('POST', '/articles/_msearch'),
      Buffer.from(lines('', SHORT, '{}', UNKNOWN, '{}', SHORT)),
    );
    expect(outcome).toMatchObject({ kind: 'rewritten', total: 3, refused: [{ position: 1 }] });
  });

  it('is refused where the shorthand stands in a header, however it is read', () => {
    expect(() => msearch('', SHORT, SHORT, '{}')).toThrow(/begins with a newline.*leave the newline out/);
  });

  it('of templates is no reason to leave them unrendered', () => {
    const asks = (...all: string[]): (string | undefined)[] => {
      const outcome = rewriter.rewrite(head('POST', '/articles/_msearch/template'), Buffer.from(lines(...all)));
      return outcome.kind === 'render' ? outcome.asks.map(({ body }) => body?.toString()) : [outcome.kind];
    };
    const template = '{"id":"a"}';
    const other = `{"source":${SHORT}}`;
    expect(asks('', template, '{"index":"articles"}', other)).toEqual([template, other]);
    expect(asks('', '{}', template, '{"index":"articles"}', other)).toEqual([template, other]);
    expect(asks('', template, other)).toEqual(['pass']);
    expect(asks('', template)).toEqual([template]);
  });

  it('never comes of it that a refused search is left out', () => {
    expect(msearch('{}', UNKNOWN, '', SHORT)[0]).toBe('{}');
    expect(msearch('{}', '{}', '', SHORT)[2]).toBe('');
    expect(msearch('', SHORT)[0]).toBe('');
  });
});

describe('the header of a search', () => {
  const search = (header: string) => held(rewritten('/other/_msearch', lines(header, SHORT)));

  it.each([
    ['nests too deep to be read here', `{"preference":${'['.repeat(1100)}${']'.repeat(1100)},"index":"articles"}`],
    ['names its index as a number', '{"index":5}'],
    ['names one of its indices as a number', '{"index":["other",5]}'],
    ['is broken', '{"index":"articles"'],
    ['holds a broken comment', '/ {"index":"articles"}'],
    ['has more behind it', '{"index":"articles"}}'],
  ])('that %s may mean any index', (_, header) => {
    expect(search(header)[1]).toBe('expanded');
  });

  it.each(['\r', ' ', '// {"index":"articles"}', '[{"index":"articles"}]', '"articles"', 'null'])(
    'that is no object is as good as an empty one: %j',
    (header) => {
      const outcome = rewriter.rewrite(head('POST', '/other/_msearch'), Buffer.from(lines(header, SHORT)));
      expect(outcome).toEqual({ kind: 'pass' });
      expect(held(rewritten('/articles/_msearch', lines(header, SHORT)))[1]).toBe('expanded');
    },
  );
});
