import { findShorthand, whyNotWrittenIn, writeIn } from '../../../src/query/lucene/index.js';

/** Writes `f:"CODES"^0` for every use. */
function written(text: string, operator: 'and' | 'or' = 'or'): string {
  const reading = findShorthand(text, 'territory', operator);
  return writeIn(
    reading,
    reading.uses.map(({ values, boost }) => `f:"${values.join(' ')}"^${boost ?? 0}`),
  );
}

describe('writeIn', () => {
  it.each([
    ['territory:DEP:01', 'f:"DEP:01"^0'],
    ['a  AND\tNOT territory:DEP\\:01\u3000b', 'a  AND\tNOT f:"DEP:01"^0\u3000b'],
    ['(a territory:(DEP:01 OR DEP:02))^2', '(a f:"DEP:01 DEP:02"^0)^2'],
    ['+territory:DEP:01^3 -territory:"REG:84"', '+f:"DEP:01"^3 -f:"REG:84"^0'],
    ['territory:(DEP:01 AND NOT DEP:02)', '(f:"DEP:01"^0 AND NOT f:"DEP:02"^0)'],
    ['-territory:(+DEP:01 +(DEP:02 OR DEP:03))', '-(+f:"DEP:01"^0 +(f:"DEP:02"^0 OR f:"DEP:03"^0))'],
    ['a^2territory:"DEP:01".5', 'a^2 f:"DEP:01"^0 .5'],
    ['_exists_:territory', 'f:""^0'],
    ['no shorthand', 'no shorthand'],
  ])('makes of %s: %s', (text, result) => {
    expect(written(text)).toBe(result);
  });

  it('refuses a list of expansions that is not one for each use', () => {
    expect(() => writeIn(findShorthand('territory:DEP:01', 'territory'), [])).toThrow(RangeError);
  });
});

describe('whyNotWrittenIn', () => {
  const sole = findShorthand('territory:DEP:01', 'territory');
  const among = findShorthand('a territory:DEP:01', 'territory');

  it.each(['analyzer', 'quote_analyzer', 'quote_field_suffix'])('names the parameter %s', (name) => {
    expect(whyNotWrittenIn({ [name]: 'x' }, 1, sole, ['f:"A"^0'])).toContain(`[${name}]`);
    expect(whyNotWrittenIn({ [name]: null }, 1, sole, ['f:"A"^0'])).toBeUndefined();
  });

  it('counts the codes', () => {
    expect(whyNotWrittenIn({}, 512, sole, ['f:"A"^0'])).toBeUndefined();
    expect(whyNotWrittenIn({}, 513, sole, ['f:"A"^0'])).toContain('513 codes');
  });

  it('keeps minimum_should_match off the clauses of an expansion', () => {
    const settings = { minimum_should_match: '2' };
    expect(whyNotWrittenIn(settings, 1, sole, ['(+_exists_:f -f:"A")^0'])).toContain('[minimum_should_match]');
    expect(whyNotWrittenIn(settings, 1, among, ['(+_exists_:f -f:"A")^0'])).toBeUndefined();
    expect(whyNotWrittenIn(settings, 2, sole, ['f:("A" OR "B")^0'])).toBeUndefined();
    expect(whyNotWrittenIn(settings, 0, sole, ['(+*:* -*:*)'])).toBeUndefined();
  });
});
