import { head, OPTIONS, rewriter, rewriterWith, searched, searchedText, terms } from './small-tree.js';

const query = (query: unknown) => (searched({ query }) as { query: unknown }).query;

describe('forms of the shorthand', () => {
  it.each([
    [{ term: { territory: 'DEP:69' } }],
    [{ term: { territory: { value: 'DEP:69' } } }],
    [{ term: { territory: { value: 'DEP:69', case_insensitive: false } } }],
    [{ terms: { territory: ['DEP:69'] } }],
    [{ match: { territory: 'DEP:69' } }],
    [{ match: { territory: { query: 'DEP:69', operator: 'and', minimum_should_match: 1 } } }],
    [{ match_phrase: { territory: 'DEP:69' } }],
    [{ match_phrase: { territory: { query: 'DEP:69', slop: 2 } } }],
    [{ term: { 'territory.within': 'DEP:69' } }],
    [{ territory: 'DEP:69' }],
    [{ 'territory.within': 'DEP:69' }],
    [{ territory: { codes: ['DEP:69'] } }],
    [{ territory: { codes: 'DEP:69' } }],
    [{ territory: { expression: 'DEP:69' } }],
    [{ territory: { codes: ['DEP:69'], relation: 'within' } }],
    [{ territory: { expression: '(REG:84 - DEP:01) & DEP:69' } }],
    [{ terms: { territory: ['COM:69123 | COM:69264', 'COM:69266'] } }],
  ])('%j is the Rhône', (form) => {
    expect(query(form)).toEqual(terms('DEP:69'));
  });

  it('several codes are their union, written in the fewest units', () => {
    expect(query({ terms: { territory: ['COM:69123', 'COM:69266', 'DEP:01'] } })).toEqual(
      terms('DEP:01', 'EPCI:200046977'),
    );
  });

  it('former codes stand beside those that took over', () => {
    expect(query({ term: { territory: 'COM:01091' } })).toEqual(terms('COM:01033', 'COM:01091', 'COM:01205'));
  });

  it('an empty territory matches nothing', () => {
    expect(query({ territory: 'DEP:69 & DEP:01' })).toEqual({ match_none: {} });
    expect(query({ terms: { territory: [] } })).toEqual({ match_none: {} });
  });

  it('boost and _name stay, byte for byte', () => {
    const expansion = '"bool":{"should":[{"terms":{"territory_path":["DEP:69"]}}],"minimum_should_match":1';
    expect(searchedText('{"query":{"term":{"territory":{"value":"DEP:69","boost":1.50,"_name":"\\u00e9"}}}}')).toBe(
      `{"query":{${expansion},"boost":1.50,"_name":"\\u00e9"}}}`,
    );
    expect(searchedText('{"query":{"terms":{"boost":2e0,"territory":["DEP:69"]}}}')).toBe(
      `{"query":{${expansion},"boost":2e0}}}`,
    );
    expect(query({ territory: { expression: 'DEP:69 - DEP:69', boost: 2, _name: 'n' } })).toEqual({
      match_none: { boost: 2, _name: 'n' },
    });
    expect(query({ exists: { field: 'territory', boost: 3 } })).toEqual({ exists: { field: 'territories', boost: 3 } });
  });

  it('all five relations', () => {
    expect(query({ term: { 'territory.intersects': 'EPCI:200046977' } })).toEqual({
      constant_score: {
        filter: {
          bool: {
            should: [
              { terms: { territory_path: ['EPCI:200046977'] } },
              { terms: { territories: ['CNTRY:F', 'DEP:69', 'REG:84'] } },
            ],
            minimum_should_match: 1,
          },
        },
      },
    });
    expect(query({ territory: { codes: ['COM:69123'], relation: 'contains' } })).toMatchObject({
      bool: { should: [{ terms: { territories: ['CNTRY:F', 'COM:69123', 'DEP:69', 'EPCI:200046977', 'REG:84'] } }] },
    });
    expect(query({ territory: { codes: ['REG:11'], relation: 'disjoint' } })).toMatchObject({
      constant_score: { filter: { bool: { filter: [{ exists: { field: 'territories' } }] } } },
    });
    expect(query({ 'territory.exact': 'REG:11 | DEP:75' })).toMatchObject({
      bool: { should: [{ terms: { territories: ['DEP:75', 'REG:11'] } }] },
    });
  });

  it('exact asks for the codes as written, even where they mean the same', () => {
    expect(query({ term: { 'territory.exact': 'REG:11' } })).toMatchObject({
      bool: { should: [{ terms: { territories: ['REG:11'] } }] },
    });
    expect(query({ term: { 'territory.exact': 'DEP:75' } })).toMatchObject({
      bool: { should: [{ terms: { territories: ['DEP:75'] } }] },
    });
    expect(() => query({ 'territory.exact': 'REG:84 - DEP:69' })).toThrow(/takes codes as they are written/);
  });

  it('escapes in the names and in the value are read', () => {
    const plain = searchedText('{"query":{"term":{"territory":"DEP:69"}}}');
    expect(searchedText('{"query":{"term":{"\\u0074erritory":"DEP:69"}}}')).toBe(plain);
    expect(searchedText('{"\\u0071uery":{"t\\u0065rm":{"territor\\u0079":"\\u0044EP:69"}}}')).toBe(
      plain!.replace('query', '\\u0071uery'),
    );
    expect(searchedText('{"query":{"\\u0074erritory":"DEP:69"}}')).toBe(plain);
    expect(searchedText('{"query":{"exists":{"field":"\\u0074erritory"}}}')).toBe(
      '{"query":{"exists":{"field":"territories"}}}',
    );
    expect(() => searchedText('{"query":{"range":{"\\u0074erritory":{}}}}')).toThrow(/the field of \[range\]/);
  });

  it('style "term" gives one clause a unit', () => {
    const by = rewriterWith({ indices: [['articles', { units: 'u', ancestors: 'a', style: 'term' }]] });
    expect(searched({ query: { territory: 'DEP:01 | COM:69123' } }, '/articles/_search', by)).toEqual({
      query: {
        constant_score: {
          filter: {
            bool: { should: [{ term: { a: 'COM:69123' } }, { term: { a: 'DEP:01' } }], minimum_should_match: 1 },
          },
        },
      },
    });
  });

  it('the name is a matter of configuration', () => {
    const by = rewriterWith({ shorthand: 'place' });
    expect(searched({ query: { term: { place: 'DEP:69' } } }, '/articles/_search', by)).toEqual({
      query: terms('DEP:69'),
    });
    expect(searched({ query: { term: { territory: 'DEP:69' } } }, '/articles/_search', by)).toBeUndefined();
    expect(() => rewriterWith({ shorthand: 'bool' })).toThrow(/can't be the shorthand/);
    expect(() => rewriterWith({ shorthand: 'a b' })).toThrow(/can't be the shorthand/);
  });
});

describe('unknown codes', () => {
  it('are all named at once, over all places', () => {
    expect(() =>
      searched({
        query: {
          bool: {
            must: [{ term: { territory: 'COM:234' } }, { query_string: { query: 'territory:(COM:8 OR COM:9)' } }],
          },
        },
        post_filter: { territory: 'DEP:01 | DEP:77 - COM:7' },
      }),
    ).toThrow(
      expect.objectContaining({
        type: 'unknown_unit_exception',
        units: ['COM:234', 'COM:8', 'COM:9', 'DEP:77', 'COM:7'],
      }),
    );
  });

  it('are suggested for', () => {
    expect(() => searched({ query: { term: { territory: 'COM:1004' } } })).toThrow(/did you mean COM:01004/);
  });

  it('are left out with a warning where the configuration says so', () => {
    const by = rewriterWith({ unknown: 'warn' });
    const body = {
      query: {
        bool: { must: [{ terms: { territory: ['DEP:69', 'COM:1'] } }, { territory: 'REG:84 - COM:2 - DEP:01' }] },
      },
    };
    const outcome = by.rewrite(head('POST', '/articles/_search'), Buffer.from(JSON.stringify(body)));
    if (outcome.kind !== 'rewritten') throw new Error(outcome.kind);
    expect(outcome.warnings).toEqual([
      'the unit [COM:1] is unknown and was left out',
      'the unit [COM:2] is unknown and was left out',
    ]);
    expect(outcome.dropped).toEqual(['COM:1', 'COM:2']);
    expect(JSON.parse(outcome.body!.toString())).toEqual({
      query: { bool: { must: [terms('DEP:69'), terms('DEP:69')] } },
    });
  });

  it('of an _msearch are told of, whether the other searches run or there are none', () => {
    const search = (code: string) => `{"index":"articles"}\n{"query":{"territory":"${code}"}}\n`;
    const outcome = (...codes: string[]) =>
      rewriter.rewrite(head('POST', '/_msearch'), Buffer.from(codes.map(search).join('')));
    const refused = [{ position: 0, error: { type: 'unknown_unit_exception', units: ['COM:1'] } }];
    expect(outcome('COM:1')).toMatchObject({ kind: 'answer', refused });
    expect(outcome('COM:1', 'DEP:69')).toMatchObject({ kind: 'rewritten', refused, total: 2 });
    expect(outcome('DEP:69')).toMatchObject({ kind: 'rewritten', total: 1 });
  });
});

describe('query strings', () => {
  it('hold the expansion where the shorthand stood, and no other byte changes', () => {
    expect(
      searchedText(
        '{"query":{"query_string":{"query":"caf\\u00e9 \\"a b\\" AND territory:DEP:69 OR \\/x\\/ 🏔","boost":2}}}',
      ),
    ).toBe(
      '{"query":{"query_string":{"query":"caf\\u00e9 \\"a b\\" AND territory_path:\\"DEP:69\\"^0 OR \\/x\\/ 🏔","boost":2}}}',
    );
  });

  it('may write the name with escapes of JSON or of Lucene', () => {
    const expected = '{"query":{"query_string":{"query":"territory_path:\\"DEP:69\\"^0"}}}';
    expect(searchedText('{"query":{"query_string":{"query":"\\u0074erritory:DEP:69"}}}')).toBe(expected);
    expect(searchedText('{"query":{"query_string":{"query":"\\\\u0074erritory:DEP:69"}}}')).toBe(expected);
    expect(searchedText('{"query":{"query_string":{"query":"t\\\\erritory:DEP:69"}}}')).toBe(expected);
  });

  it('with an analyzer have the territory beside them', () => {
    expect(query({ query_string: { query: 'territory:DEP:69', analyzer: 'french', _name: 'n' } })).toEqual({
      bool: { filter: [terms('DEP:69')], _name: 'n' },
    });
    const beside = { query_string: { query: 'tax AND territory:DEP:69', analyzer: 'french', boost: 2, lenient: true } };
    expect(query(beside)).toEqual({
      bool: {
        filter: [terms('DEP:69')],
        must: [{ query_string: { query: 'tax AND (*:*)^0', analyzer: 'french', lenient: true } }],
        boost: 2,
      },
    });
  });

  it('with "escape" have no fields', () => {
    expect(() => query({ query_string: { query: 'territory:DEP:69', escape: true } })).toThrow(/"escape"/);
  });

  it('are one place, however many shorthands they hold', () => {
    const outcome = rewriter.rewrite(
      head('POST', '/articles/_search'),
      Buffer.from('{"query":{"query_string":{"query":"territory:DEP:69 OR territory:DEP:01"}}}'),
    );
    expect(outcome).toMatchObject({ kind: 'rewritten', places: 1, replaced: [{ place: 'query.query_string' }, {}] });
  });
});

describe('wrapped queries', () => {
  const wrap = (text: string) => Buffer.from(text).toString('base64');

  it('in pieces of base64, each with its padding, or with control characters between, are read as Elasticsearch reads them', () => {
    const [before, after] = [wrap('{"term":{"'), wrap('territory":"DEP:69"}}')];
    expect(before).toMatch(/=$/);
    const whole = wrap('{"term":{"territory":"DEP:69"}}');
    for (const text of [
      before + after,
      `${whole.slice(0, 8)} \f\n${whole.slice(8)}`,
      `\\u0065${whole.slice(1, 8)}\f${whole.slice(8)}`,
    ]) {
      const rewritten = JSON.parse(searchedText(`{"query":{"wrapper":{"query":"${text}"}}}`)!);
      expect(rewritten).toEqual({ query: { wrapper: { query: wrap(JSON.stringify(terms('DEP:69'))) } } });
    }
  });

  it('are rewritten inside of their base64', () => {
    const rewritten = searched({ query: { wrapper: { query: wrap('{"term":{"territory":"DEP:69"}}') } } });
    expect(rewritten).toEqual({ query: { wrapper: { query: wrap(JSON.stringify(terms('DEP:69'))) } } });
  });

  it('may be wrapped again', () => {
    const inner = wrap(`{"wrapper":{"query":"${wrap('{"territory":"DEP:69"}')}"}}`);
    const rewritten = searched({ query: { wrapper: { query: inner } } }) as { query: { wrapper: { query: string } } };
    const once = JSON.parse(Buffer.from(rewritten.query.wrapper.query, 'base64').toString());
    expect(JSON.parse(Buffer.from(once.wrapper.query, 'base64').toString())).toEqual(terms('DEP:69'));
  });

  it('without shorthand pass', () => {
    expect(searched({ query: { wrapper: { query: wrap('{"term":{"a":"b"}}') } } })).toBeUndefined();
  });

  it('that are no JSON are refused', () => {
    expect(() => searched({ query: { wrapper: { query: wrap('---\nterm:\n  territory: DEP:69\n') } } })).toThrow(
      /\[wrapper\]/,
    );
  });
});

it('reports each place, with what was written and what came of it', () => {
  const outcome = rewriterWith().rewrite(
    head('POST', '/articles/_search'),
    Buffer.from('{"query":{"bool":{"filter":[{"terms":{"territory":["COM:01091","DEP:69"]}}]}}}'),
  );
  expect(outcome).toMatchObject({
    kind: 'rewritten',
    places: 1,
    cache: 'miss',
    indices: 'articles',
    warnings: [],
    replaced: [
      {
        place: 'query.bool.filter[0].terms',
        written: '"terms":{"territory":["COM:01091","DEP:69"]}',
        codes: ['COM:01091', 'DEP:69'],
        relation: 'within',
        terms: 4,
        cache: 'miss',
      },
    ],
  });
});

it('saved territories are expressions by name', () => {
  const saved: Record<string, string> = { south: 'DEP:69 - @lyon', lyon: 'COM:69123', loop: '@loop' };
  const by = rewriterWith({ ...OPTIONS, savedTerritory: (name) => saved[name] });
  expect(searched({ query: { territory: '@south' } }, '/articles/_search', by)).toEqual({
    query: terms('COM:69264', 'COM:69266'),
  });
  saved.lyon = 'COM:69266';
  expect(searched({ query: { territory: '@south' } }, '/articles/_search', by)).toEqual({
    query: terms('COM:69123', 'COM:69264'),
  });
  expect(() => searched({ query: { territory: '@loop' } }, '/articles/_search', by)).toThrow(/name each other/);
  expect(() => searched({ query: { territory: '@nobody' } }, '/articles/_search', by)).toThrow(/nobody/);
});
