import { findShorthand } from '../../../src/query/lucene/index.js';
import { TerritorySyntaxError, TerritoryUnsupportedError } from '../../../src/territory/errors.js';

/** Each use as `text of the clause => relation kind values boost`. */
function uses(text: string, operator: 'and' | 'or' = 'or'): string[] {
  return findShorthand(text, 'territory', operator).uses.map(({ start, end, relation, kind, values, boost }) =>
    [text.slice(start, end), '=>', relation ?? 'default', kind, values.join(','), boost ?? ''].join(' ').trim(),
  );
}

function refusal(text: string): Error {
  try {
    findShorthand(text, 'territory');
  } catch (error) {
    return error as Error;
  }
  throw new Error(`not refused: ${text}`);
}

describe('findShorthand', () => {
  it.each([
    ['territory:COM:69123', 'COM:69123'],
    ['territory:"COM:69123"', 'COM:69123'],
    ['territory:COM\\:69123', 'COM:69123'],
    ['territory: COM:69123', 'COM:69123'],
    ['territory : COM:69123', 'COM:69123'],
    ['territory\u3000:\u3000COM:69123', 'COM:69123'],
    ['\\u0074erritory:COM:69123', 'COM:69123'],
    ['terri\\tory:COM:69123', 'COM:69123'],
    ['territory:DEP:2A', 'DEP:2A'],
    ['territory:DEP:OR', 'DEP:OR'],
    ['territory:COM:97-1.x_Y', 'COM:97-1.x_Y'],
    ['territory:\\COM\\u003a69123', 'COM:69123'],
    ['territory:(COM:69123)', 'COM:69123'],
    ['territory:("COM:69123")', 'COM:69123'],
  ])('reads the code in %s', (text, code) => {
    expect(findShorthand(text, 'territory')).toMatchObject({
      sole: true,
      uses: [{ start: 0, end: text.length, relation: undefined, kind: 'codes', values: [code], boost: undefined }],
    });
  });

  it.each([
    'a AND territory:DEP:01',
    'NOT territory:DEP:01',
    '-territory:DEP:01',
    '+territory:DEP:01',
    '!territory:DEP:01',
    'a && territory:DEP:01 || b',
    'a OR (b AND (territory:DEP:01))',
    'title:(a territory:DEP:01 b)',
    '"a b"territory:DEP:01',
    'a b c territory:DEP:01 d e',
    'x:[a TO b] AND territory:DEP:01 AND y:/re gex/',
    '- territory:DEP:01',
  ])('finds it in %s', (text) => {
    expect(uses(text)).toEqual(['territory:DEP:01 => default codes DEP:01']);
  });

  it('reads relations, expressions, boosts and existence', () => {
    expect(uses('territory.intersects:REG:84')).toEqual(['territory.intersects:REG:84 => intersects codes REG:84']);
    expect(uses('territory:"REG:84 - DEP:69"^2.5 x')).toEqual([
      'territory:"REG:84 - DEP:69"^2.5 => default expression REG:84 - DEP:69 2.5',
    ]);
    expect(uses('territory:@mybu')).toEqual(['territory:@mybu => default expression @mybu']);
    expect(uses('_exists_:territory a')).toEqual(['_exists_:territory => default exists']);
    expect(uses('_exists_:"territory"')).toEqual(['_exists_:"territory" => default exists']);
    expect(uses('_exists_:(territory OR title)')).toEqual(['territory => default exists']);
    expect(uses('territory:*')).toEqual(['territory:* => default exists']);
    expect(uses('territory.contains:COM:69123^3')).toEqual([
      'territory.contains:COM:69123^3 => contains codes COM:69123 3',
    ]);
  });

  it('takes values joined by OR for one territory', () => {
    expect(uses('territory:(COM:69123 OR DEP:01)')).toEqual([
      'territory:(COM:69123 OR DEP:01) => default codes COM:69123,DEP:01',
    ]);
    expect(uses('x territory:(COM:69123 || "DEP:01" DEP\\:02)^2')).toEqual([
      'territory:(COM:69123 || "DEP:01" DEP\\:02)^2 => default codes COM:69123,DEP:01,DEP:02 2',
    ]);
    expect(uses('territory:(COM:69123 OR "REG:84 - DEP:69")')).toEqual([
      'territory:(COM:69123 OR "REG:84 - DEP:69") => default expression (COM:69123) | (REG:84 - DEP:69)',
    ]);
  });

  it('takes each value of any other group for itself', () => {
    const reading = findShorthand('a territory:(COM:69123 AND NOT DEP:01)', 'territory');
    expect(reading.uses.map(({ values }) => values)).toEqual([['COM:69123'], ['DEP:01']]);
    expect(reading.cuts).toEqual([[2, 12]]);
    expect(uses('territory:(DEP:01 DEP:02)', 'and')).toEqual([
      'DEP:01 => default codes DEP:01',
      'DEP:02 => default codes DEP:02',
    ]);
    expect(uses('territory.contains:(DEP:01 AND (DEP:02 OR DEP:03))')).toEqual([
      'DEP:01 => contains codes DEP:01',
      'DEP:02 => contains codes DEP:02',
      'DEP:03 => contains codes DEP:03',
    ]);
    expect(uses('territory:(DEP:01 OR territory.intersects:REG:84)')).toEqual([
      'DEP:01 => default codes DEP:01',
      'territory.intersects:REG:84 => intersects codes REG:84',
    ]);
  });

  it.each([
    'myterritory:COM\\:69123',
    'territory',
    'le territory de belfort',
    'title:territory',
    '"territory:COM:69123"',
    'title:"territory:COM:69123"',
    'territory\\:COM\\:69123',
    'territory\\:x AND y',
    'x:/territory:a/',
    'x:[territory TO z]',
    'territory.units',
    'territory* AND a',
    'Territory:x',
    'territory-x:"a"',
    '_exists_:territory_path',
    '_exists_:territories',
    '',
    '   ',
  ])('leaves %j alone', (text) => {
    expect(uses(text)).toEqual([]);
  });

  it.each(['title:(a', 'a AND', 'le territory (foo', 'myterritory:(', '"territory'])(
    'leaves %j, which is no query, to Elasticsearch',
    (text) => {
      expect(uses(text)).toEqual([]);
    },
  );

  it.each([
    ['territory:COM*', 'wildcards'],
    ['territory:COM:69*', 'wildcards'],
    ['territory:COM:6?123', 'wildcards'],
    ['territory:COM\\:69*', 'wildcards'],
    ['territory:[COM:1 TO COM:2]', 'ranges'],
    ['territory:{a TO b}', 'ranges'],
    ['territory:>=COM', 'ranges'],
    ['territory:<COM\\:2', 'ranges'],
    ['territory:COM:69123~', 'fuzzy'],
    ['territory:COM:69123~1^2', 'fuzzy'],
    ['territory:COM:69123^2~1', 'fuzzy'],
    ['territory:"COM:69123"~2', 'fuzzy'],
    ['territory:/COM.*/', 'regular expressions'],
    ['territory.near:COM:69123', 'no relation'],
    ['_exists_:territory.within', 'no meaning'],
    ['_exists_:(territory title)', 'one field'],
    ['territory:(DEP:01 AND DEP:02)^2', 'boost'],
  ])('refuses %s with a sentence', (text, words) => {
    const error = refusal(text);
    expect(error).toBeInstanceOf(TerritoryUnsupportedError);
    expect(error.message).toContain(words);
  });

  it.each([
    ['territory:REG:84 - DEP:69', 18],
    ['territory:DEP:01 | DEP:02', 18],
    ['a &&territory:"DEP:01"', 3],
    ['a&&territory:"DEP:01"', 1],
    ['territory:', 11],
    ['territory:COM:', 14],
    ['territory:COM :69123', 15],
    ['territory:COM: 69123', 14],
    ['territory:COM:69123:x', 20],
    ['(territory:DEP:01', 18],
    ['territory:DEP:01)', 17],
    ['territory:()', 12],
    ['territory:COM:"69123"', 14],
    ['territory:"never closed', 11],
    ['\\u0074erritory:(', 17],
    ['_exists_:(territory', 20],
    ['territory:"\\u00zz"', 12],
  ])('says at which column %s can not be read', (text, column) => {
    const error = refusal(text);
    expect(error).toBeInstanceOf(TerritorySyntaxError);
    expect((error as TerritorySyntaxError).column).toBe(column);
  });

  it('advises quotes where a set expression stands without', () => {
    expect(refusal('territory:REG:84 - DEP:69').message).toBe(
      'a set expression stands in quotes: territory:"REG:84 - DEP:69"',
    );
  });

  it('knows whether the string is nothing but the shorthand', () => {
    const sole = (text: string) => findShorthand(text, 'territory').sole;
    expect(sole('((territory:DEP:01)^2)')).toBe(true);
    expect(sole('+territory:DEP:01')).toBe(false);
    expect(sole('a territory:DEP:01')).toBe(false);
  });

  it('reads ten thousand nested groups', () => {
    const text = `${'('.repeat(10_000)}territory:DEP:01${')'.repeat(10_000)}`;
    expect(uses(text)).toEqual(['territory:DEP:01 => default codes DEP:01']);
  });

  it('follows another name for the shorthand', () => {
    expect(findShorthand('geo.at:DEP:01 territory:x', 'geo.at').uses).toHaveLength(1);
  });
});
