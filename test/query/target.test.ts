import { globCovers, globMatches, globsMeet } from '../../src/query/glob.js';
import { Targets } from '../../src/query/target.js';
import { rewriterWith, searched, terms } from './small-tree.js';

const A = { units: 'a' };
const B = { units: 'b' };

function meant(indices: [string, object][], expression: string, aliases = {}): string[] {
  const target = new Targets(indices, aliases).of(expression);
  return target.clauses.map(({ pattern, exclude }) =>
    [target.guarded ? '?' : '', pattern, ...exclude.map((e) => ` -${e}`)].join(''),
  );
}

describe('which index', () => {
  const indices: [string, object][] = [
    ['articles-old', B],
    ['articles*', A],
    ['briefs', B],
  ];
  const aliases = { press: ['articles*', 'briefs'], old: ['articles-old'] };

  it.each([
    ['articles', ['articles*']],
    ['articles-old', ['articles-old']],
    ['briefs', ['briefs']],
    ['other', []],
    ['other,another', []],
    ['eu:articles', []],
    ['old', ['articles-old']],
    ['articles,other', ['articles*']],
    ['articles,briefs', ['?articles* -articles-old', '?briefs']],
    ['', ['?articles-old', '?articles* -articles-old', '?briefs']],
    ['_all', ['?articles-old', '?articles* -articles-old', '?briefs']],
    ['*', ['?articles-old', '?articles* -articles-old', '?briefs']],
    ['art*', ['?articles-old', '?articles* -articles-old']],
    ['articles-2*', ['articles*']],
    ['b*', ['briefs']],
    ['x*', []],
    ['press', ['?articles-old', '?articles* -articles-old', '?briefs']],
    ['pre*', ['?articles-old', '?articles* -articles-old', '?briefs']],
    ['articles*,-articles-old', ['?articles-old', '?articles* -articles-old']],
    ['<articles-{now/d}>', ['?articles-old', '?articles* -articles-old']],
    ['<articles-2{now/d{yyyy,MM}}>', ['articles*']],
    ['<articles-2{now/d{yyyy,MM}}>,briefs', ['?articles* -articles-old', '?briefs']],
    ['articles-x::data', ['articles*']],
  ])('%s', (expression, patterns) => expect(meant(indices, expression, aliases)).toEqual(patterns));

  it('needs no guards where all that is meant has the same fields', () => {
    expect(
      meant(
        [
          ['a*', A],
          ['b*', A],
          ['c', B],
        ],
        'a1,b1',
      ),
    ).toEqual(['a*']);
    expect(
      meant(
        [
          ['a*', A],
          ['b*', { ...A, relation: 'intersects' }],
        ],
        'a1,b1',
      ),
    ).toEqual(['?a*', '?b*']);
  });

  it('a pattern that takes all leaves nothing to those after it', () => {
    expect(
      meant(
        [
          ['*', A],
          ['b', B],
        ],
        'b',
      ),
    ).toEqual(['*']);
    expect(
      meant(
        [
          ['*', A],
          ['b', B],
        ],
        '',
      ),
    ).toEqual(['*']);
  });
});

it('guards by _index say which fields hold where', () => {
  const guarded = (filter: object[], must_not?: object[]) => ({ bool: must_not ? { filter, must_not } : { filter } });
  const by = rewriterWith({
    indices: [
      ['articles-old', { units: 'tu' }],
      ['articles*', { units: 'territories', ancestors: 'territory_path' }],
    ],
  });
  expect(searched({ query: { term: { territory: { value: 'COM:69123', boost: 2 } } } }, '/_search', by)).toEqual({
    query: {
      constant_score: {
        filter: {
          bool: {
            should: [
              guarded([
                { term: { _index: 'articles-old' } },
                { bool: { should: [{ terms: { tu: ['COM:69123'] } }], minimum_should_match: 1 } },
              ]),
              guarded(
                [{ wildcard: { _index: { value: 'articles*' } } }, terms('COM:69123')],
                [{ term: { _index: 'articles-old' } }],
              ),
            ],
            minimum_should_match: 1,
          },
        },
        boost: 2,
      },
    },
  });
});

it('the relation of an index holds where the shorthand names none', () => {
  const by = rewriterWith({ indices: [['articles', { units: 'u', relation: 'exact' }]] });
  expect(searched({ query: { term: { territory: 'DEP:69' } } }, '/articles/_search', by)).toMatchObject({
    query: { bool: { should: [{ terms: { u: ['DEP:69'] } }] } },
  });
  expect(searched({ query: { term: { 'territory.within': 'DEP:75' } } }, '/articles/_search', by)).toMatchObject({
    query: { bool: { should: [{ terms: { u: ['COM:75056', 'DEP:75', 'REG:11'] } }] } },
  });
});

it('a relation that the fields of one index meant cannot express is an error that names it', () => {
  const by = rewriterWith({
    indices: [
      ['articles', { ancestors: 'a' }],
      ['briefs', { units: 'u' }],
    ],
  });
  expect(() => searched({ query: { 'territory.contains': 'DEP:69' } }, '/_search', by)).toThrow(
    /indices under \[articles\]/,
  );
});

it('an index that is not configured has no shorthand', () => {
  expect(searched({ query: { range: { territory: { gte: 1 } } } }, '/other/_search')).toBeUndefined();
  expect(searched({ query: { term: { territory: 'nonsense' } } }, '/_search?index=other')).toBeUndefined();
  expect(searched({ query: { term: { territory: 'DEP:69' } } }, '/_search?index=articles')).toEqual({
    query: terms('DEP:69'),
  });
});

describe('index patterns', () => {
  it.each([
    ['a', 'a', true],
    ['a*', 'a', true],
    ['a*b', 'ab', true],
    ['a*b', 'a', false],
    ['ab*ba', 'aba', false],
    ['*b*', 'abc', true],
    ['*b*c*', 'acb', false],
    ['*', '', true],
  ])('%s matches %s: %s', (pattern, name, expected) => expect(globMatches(pattern, name)).toBe(expected));

  it.each([
    ['a*', '*b', true],
    ['a*', 'b*', false],
    ['a*c', 'ab*', true],
    ['*c', '*d', false],
    ['abc', 'a*', true],
    ['a*', 'b', false],
  ])('%s and %s meet: %s', (a, b, expected) => expect(globsMeet(a, b)).toBe(expected));

  it.each([
    ['a*', 'ab*', true],
    ['ab*', 'a*', false],
    ['*', 'a*b', true],
    ['a*', 'a', true],
    ['a', 'a*', false],
  ])('%s covers %s: %s', (a, b, expected) => expect(globCovers(a, b)).toBe(expected));
});
