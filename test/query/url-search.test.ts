import fc from 'fast-check';
import { edits, findShorthand } from '../../src/query/lucene/index.js';
import { readQueryString, type UrlQueryString } from '../../src/query/url.js';
import {
  bodyWithQuery,
  editUrlSearch,
  moveUrlSearch,
  readUrlSearch,
  takeSource,
  type UrlSearch,
} from '../../src/query/url-search.js';
import { TerritoryUnsupportedError } from '../../src/territory/errors.js';

const url = (target: string) => readQueryString(target) as UrlQueryString;
const search = (target: string) => readUrlSearch(url(target), 'territory') as UrlSearch;

/** The target with each shorthand of `q` replaced by `text`. */
function edited(target: string, text: string): string | undefined {
  const found = search(target);
  const reading = findShorthand(found.q, 'territory', found.defaultOperator);
  const list = edits(
    reading,
    reading.uses.map(() => text),
  );
  return editUrlSearch(found, list, 'GET');
}

describe('readUrlSearch', () => {
  it('reads q and what belongs to it', () => {
    expect(search('/_search?q=a+%C3%A9&default_operator=and&analyzer=french')).toMatchObject({
      q: 'a é',
      defaultOperator: 'and',
      settings: { analyzer: 'french' },
    });
    expect(search('/_search?q=a')).toMatchObject({ q: 'a', defaultOperator: 'or', settings: {} });
    expect(search('/_search?size=1')).toBeUndefined();
  });

  it.each(['territory', '%74erritory', 'territory.within'])('refuses df=%s', (df) => {
    expect(() => search(`/_search?q=a&df=${df}`)).toThrow(TerritoryUnsupportedError);
  });
});

describe('editUrlSearch', () => {
  it('changes the bytes of the shorthand and no others', () => {
    expect(edited('/a/_search?pretty&q=caf%c3%a9+AND+%74erritory:DEP:01%20b%%&size=+1#x', 'f:"A"^0')).toBe(
      '/a/_search?pretty&q=caf%c3%a9+AND+f%3A%22A%22%5E0%20b%%&size=+1#x',
    );
  });

  it('keeps what Elasticsearch reads in plain bytes beyond ASCII', () => {
    expect(edited('/_search?q=\xc3\xa9!territory:DEP:01', 'f:A')).toBe('/_search?q=%C3%83%C2%A9!f%3AA');
  });

  it('gives up where the request line would be too long', () => {
    expect(edited('/_search?q=territory:DEP:01', 'A'.repeat(3000))).toBeDefined();
    expect(edited('/_search?q=territory:DEP:01', 'A'.repeat(4000))).toBeUndefined();
    expect(edited(`/_search?x=${'y'.repeat(4000)}&q=territory:DEP:01`, 'A')).toBeUndefined();
  });

  it('leaves the text of a suggester that reads q', () => {
    expect(edited('/_search?q=territory:DEP:01&suggest_field=title', 'f:A')).toBe(
      '/_search?q=f%3AA&suggest_field=title&suggest_text=territory:DEP:01',
    );
    expect(edited('/_search?q=territory:DEP:01&suggest_field=title&suggest_text=x', 'f:A')).toBe(
      '/_search?q=f%3AA&suggest_field=title&suggest_text=x',
    );
  });

  it('leaves a q that decodes to the edited text, however it was escaped', () => {
    const piece = fc.constantFrom(
      'a',
      '+',
      '%20',
      '%C3%A9',
      '%E2%82%AC',
      '%F0%9F%98%80',
      '%%',
      '%2Bx',
      'territory:DEP:01',
      // Not a bare `&`: between two codes that is a set expression without its quotes, and refused.
      '%26x',
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const raw = pieces.join('%20');
        const q = search(`/_search?q=${raw}`).q;
        const expected = q.replace(/territory:DEP:01/g, 'f:"A"^0');
        expect(search(edited(`/_search?q=${raw}`, 'f:"A"^0') as string).q).toBe(expected);
      }),
    );
  });
});

describe('moveUrlSearch', () => {
  const moved = (target: string) => {
    const { target: kept, query } = moveUrlSearch(search(target), 'text');
    return [kept, JSON.parse(query).query_string];
  };

  it('writes into the body what Elasticsearch makes of the parameters', () => {
    expect(moved('/_search?q=a')).toEqual(['/_search', { query: 'text', analyze_wildcard: false }]);
    expect(
      moved('/_search?size=1&q=a&df=t&default_operator=AND&analyzer=x&lenient=true&analyze_wildcard=true&pretty'),
    ).toEqual([
      '/_search?size=1&pretty',
      {
        query: 'text',
        default_field: 't',
        default_operator: 'AND',
        analyzer: 'x',
        lenient: true,
        analyze_wildcard: true,
      },
    ]);
    expect(moved('/_search?q=a&lenient=&analyze_wildcard')[1]).toEqual({ query: 'text', analyze_wildcard: true });
  });

  it('leaves it to Elasticsearch to refuse a value', () => {
    expect(moved('/_search?q=a&lenient=yes&default_operator=xor')[1]).toEqual({
      query: 'text',
      lenient: 'yes',
      default_operator: 'xor',
      analyze_wildcard: false,
    });
  });

  it('leaves the text of a suggester that reads q', () => {
    expect(moved('/_search?q=a+b&suggest_field=title')[0]).toBe('/_search?suggest_field=title&suggest_text=a+b');
  });
});

describe('bodyWithQuery', () => {
  it('makes a body, replaces its query, or gives it one', () => {
    expect(bodyWithQuery('{"a":1}').toString()).toBe('{"query":{"a":1}}');
    const body = Buffer.from('{ "size":1, "query": {"x":"é"} }');
    expect(bodyWithQuery('Q', body, { kind: 'replace', start: 21, end: 31 }).toString()).toBe(
      '{ "size":1, "query": Q }',
    );
    expect(bodyWithQuery('Q', body, { kind: 'insert', at: 1, empty: false }).toString()).toBe(
      '{"query":Q, "size":1, "query": {"x":"é"} }',
    );
    expect(bodyWithQuery('Q', Buffer.from('{}'), { kind: 'insert', at: 1, empty: true }).toString()).toBe(
      '{"query":Q}',
    );
  });
});

describe('takeSource', () => {
  it('takes the body out of the URL', () => {
    const target = '/_search?a=1&source=%7B%22size%22%3A1%7D&source_content_type=application/json';
    expect(takeSource(url(target))).toEqual({
      body: Buffer.from('{"size":1}'),
      contentType: 'application/json',
      target: '/_search?a=1',
    });
  });

  it('finds none without its content type', () => {
    expect(takeSource(url('/_search?source=%7B%7D'))).toBeUndefined();
    expect(takeSource(url('/_search?q=a'))).toBeUndefined();
  });
});
