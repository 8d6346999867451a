import { scan } from '../../../src/query/lucene/scan.js';
import { TerritorySyntaxError } from '../../../src/territory/errors.js';

const cut = (text: string) =>
  scan(text)
    .slice(0, -1)
    .map(({ kind, start, end }) => `${kind} ${text.slice(start, end)}`);

const KINDS: [text: string, tokens: string[]][] = [
  ['foo bar', ['term foo', 'term bar']],
  ['foo\u3000bar\tbaz', ['term foo', 'term bar', 'term baz']],
  ['foo\u00a0bar', ['term foo\u00a0bar']],
  ['a AND b && c', ['term a', 'and AND', 'term b', 'and &&', 'term c']],
  ['a OR b || c', ['term a', 'or OR', 'term b', 'or ||', 'term c']],
  ['NOT a !b', ['not NOT', 'term a', 'not !', 'term b']],
  ['a&&b', ['term a&&b']],
  ['ANDx ORT', ['term ANDx', 'term ORT']],
  ['and', ['term and']],
  ['a!b', ['term a', 'not !', 'term b']],
  ['a-b+c', ['term a-b+c']],
  ['-a +b', ['minus -', 'term a', 'plus +', 'term b']],
  ['- a', ['bareOperator - ', 'term a']],
  ['! a', ['bareOperator ! ', 'term a']],
  ['a:b', ['term a', 'colon :', 'term b']],
  ['a : b', ['term a', 'colon :', 'term b']],
  ['a\\:b', ['term a\\:b']],
  ['a\\ b', ['term a\\ b']],
  ['"a b" "c\\"d"', ['quoted "a b"', 'quoted "c\\"d"']],
  ['a*', ['prefix a*']],
  ['*', ['star *']],
  ['a*b a? ?a **', ['wildcard a*b', 'wildcard a?', 'wildcard ?a', 'wildcard **']],
  ['a\\*', ['term a\\*']],
  ['*:*', ['star *', 'colon :', 'star *']],
  ['a~ b~2 "c"~3', ['term a', 'fuzzy ~', 'term b', 'fuzzy ~2', 'quoted "c"', 'fuzzy ~3']],
  ['a^2 b^2.5c', ['term a', 'boost ^2', 'term b', 'boost ^2.5', 'term c']],
  ['/a b/ c', ['regexp /a b/', 'term c']],
  ['/a\\/b/', ['regexp /a\\/b/']],
  ['/a\\/ b', ['regexp /a\\/', 'term b']],
  ['1/2 3/4', ['term 1', 'regexp /2 3/', 'term 4']],
  ['[a TO b]', ['range [a TO b]']],
  ['{a TO "b c"]', ['range {a TO "b c"]']],
  ['[* TO b} c', ['range [* TO b}', 'term c']],
  ['[a:(b TO c"]', ['range [a:(b TO c"]']],
  ['(a)^2', ['open (', 'term a', 'close )', 'boost ^2']],
  ['x{1 TO 2}', ['term x', 'range {1 TO 2}']],
];

describe('scan', () => {
  it.each(KINDS)('cuts %j as Lucene does', (text, tokens) => {
    expect(cut(text)).toEqual(tokens);
  });

  it.each([
    ['"never closed', 1],
    ['a ]', 3],
    ['a }', 3],
    ['a/b', 2],
    ['a^', 3],
    ['a^ 2', 3],
    ['a^x', 3],
    ['a [b TO c', 3],
    ['[b c]', 1],
    ['[a TO b c]', 1],
    ['end\\', 4],
  ])('says at which column %j can not be read', (text, column) => {
    expect(() => scan(text)).toThrow(TerritorySyntaxError);
    try {
      scan(text);
    } catch (error) {
      expect((error as TerritorySyntaxError).column).toBe(column);
    }
  });

  it('ends with a token that says so', () => {
    expect(scan('')).toEqual([{ kind: 'end', start: 0, end: 0 }]);
  });
});
