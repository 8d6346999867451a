import fc from 'fast-check';
import { decodeComponent, lastParameter, readQueryString, withoutParameters } from '../../src/query/url.js';

const read = (target: string) => readQueryString(target)?.parameters.map(({ name, value }) => [name, value]);

describe('readQueryString', () => {
  it.each<[string, string[][]]>([
    ['/_search', []],
    ['/_search?', []],
    ['/_search?q=a', [['q', 'a']]],
    [
      '/_search?q=a&size=1;pretty',
      [
        ['q', 'a'],
        ['size', '1'],
        ['pretty', ''],
      ],
    ],
    [
      '/_search?q=a+b%3Ac%26d&q=%C3%A9%%',
      [
        ['q', 'a b:c&d'],
        ['q', 'é%'],
      ],
    ],
    ['/_search?%71=x', [['q', 'x']]],
    ['/_search?q=a=b', [['q', 'a=b']]],
    ['/_search?q=', [['q', '']]],
    ['/_search?=a', [['a', '']]],
    ['/_search?==a=b', [['a', 'b']]],
    ['/_search?&&;q=1&', [['q', '1']]],
    ['/_search?q=a#b&c=d', [['q', 'a']]],
    ['/_search#?q=a', []],
    ['/a?b?c=d', [['b?c', 'd']]],
  ])('reads %s', (target, parameters) => {
    expect(read(target)).toEqual(parameters);
  });

  it.each(['/_search?q=%', '/_search?q=%4', '/_search?%zz=1', '/_search?q=a&b=%4g'])(
    'gives up on the malformed escape in %s',
    (target) => {
      expect(readQueryString(target)).toBeUndefined();
    },
  );

  it('reads bytes beyond ASCII as characters, or as UTF-8 where anything is escaped', () => {
    expect(decodeComponent('\xc3\xa9')).toBe('\xc3\xa9');
    expect(decodeComponent('\xc3\xa9+')).toBe('é ');
  });

  it('takes the last of equal names', () => {
    const url = readQueryString('/_search?q=a&%71=b&size=1');
    expect(url && lastParameter(url, 'q')).toMatchObject({ value: 'b', start: 13, end: 18, valueStart: 17 });
    expect(url && lastParameter(url, 'df')).toBeUndefined();
  });
});

describe('withoutParameters', () => {
  const drop = (target: string, ...names: string[]) => {
    const url = readQueryString(target);
    return url && withoutParameters(url, new Set(names));
  };

  it.each([
    ['/_search?q=a', '/_search'],
    ['/_search?q=a#f', '/_search#f'],
    ['/_search?q=a&size=1', '/_search?size=1'],
    ['/_search?size=%31&q=a', '/_search?size=%31'],
    ['/_search?x=1;q=a&y=2', '/_search?x=1;y=2'],
    ['/_search?q=a&q=b', '/_search'],
    ['/_search?x&q=a;&y', '/_search?x&&y'],
    ['/_search?q=a&', '/_search'],
    ['/_search?%71=a&y=+', '/_search?y=+'],
    ['/_search?size=1', '/_search?size=1'],
  ])('makes of %s without q: %s', (target, kept) => {
    expect(drop(target, 'q')).toBe(kept);
  });

  it('keeps all other parameters as they were', () => {
    const name = fc.constantFrom('q', 'df', 'size', 'pretty', '%71', 'x');
    const part = fc.oneof(
      fc.tuple(name, fc.constantFrom('', 'a', '%20b', '+', 'a=b')).map(([key, value]) => `${key}=${value}`),
      name,
      fc.constant(''),
    );
    const separated = fc.tuple(part, fc.constantFrom('&', ';')).map((pair) => pair.join(''));
    fc.assert(
      fc.property(fc.array(separated), part, fc.constantFrom('', '#q=1'), (parts, last, fragment) => {
        const target = `/_search?${parts.join('')}${last}${fragment}`;
        const left = read(drop(target, 'q', 'df') as string);
        expect(left).toEqual(read(target)?.filter(([key]) => key !== 'q' && key !== 'df'));
      }),
    );
  });
});
