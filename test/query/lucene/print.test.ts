import { codesIn, luceneText, luceneTextGuarded } from '../../../src/query/lucene/index.js';
import type { Expansion } from '../../../src/territory/expansion.js';

const any = (...clauses: [field: string, ...codes: string[]][]): Expansion => ({
  kind: 'any',
  clauses: clauses.map(([field, ...codes]) => ({ field, codes })),
});

describe('luceneText', () => {
  it.each<[Expansion, string]>([
    [any(['path', 'DEP:01']), 'path:"DEP:01"^0'],
    [any(['path', 'DEP:01', 'DEP:03']), 'path:("DEP:01" OR "DEP:03")^0'],
    [any(['path', 'A:1', 'A:2'], ['tu', 'B:1']), '(path:("A:1" OR "A:2") OR tu:"B:1")^0'],
    [{ kind: 'none' }, '(+*:* -*:*)'],
    [{ kind: 'not', exists: 'tu', clauses: [] }, '_exists_:tu^0'],
    [
      { kind: 'not', exists: 'tu', clauses: [{ field: 'path', codes: ['A:1', 'A:2'] }] },
      '(+_exists_:tu -path:("A:1" OR "A:2"))^0',
    ],
  ])('writes %j', (expansion, text) => {
    expect(luceneText(expansion)).toBe(text);
  });

  it('adds a boost as a constant', () => {
    expect(luceneText(any(['path', 'A:1', 'A:2']), '2.5')).toBe('(+path:("A:1" OR "A:2")^0 +*:*)^2.5');
    expect(luceneText({ kind: 'none' }, '2')).toBe('(+*:* -*:*)');
  });

  it('escapes field names and codes', () => {
    expect(luceneText(any(['my field:(x)/y', 'A"\\']))).toBe('my\\ field\\:\\(x\\)\\/y:"A\\"\\\\"^0');
    expect(luceneText(any(['geo.place-id', 'A']))).toBe('geo.place-id:"A"^0');
    expect(luceneText(any(['NOT', 'A']))).toBe('\\NOT:"A"^0');
    expect(luceneText(any(['-a', 'A']))).toBe('\\-a:"A"^0');
  });
});

describe('luceneTextGuarded', () => {
  it('guards each branch by its indices', () => {
    const branches = [
      { include: ['articles*'], exclude: [], expansion: any(['path', 'A:1']) },
      { include: ['briefs', 'notes*'], exclude: ['articles*'], expansion: any(['tu', 'A:1', 'A:2']) },
      { include: ['x'], exclude: [], expansion: { kind: 'none' as const } },
    ];
    expect(luceneTextGuarded(branches)).toBe(
      '((+_index:"articles*" +path:"A:1") OR (+_index:("briefs" OR "notes*") -_index:"articles*" +tu:("A:1" OR "A:2")))^0',
    );
    expect(luceneTextGuarded(branches.slice(0, 1), '3')).toBe('(+(+_index:"articles*" +path:"A:1")^0 +*:*)^3');
    expect(luceneTextGuarded([])).toBe('(+*:* -*:*)');
  });
});

describe('codesIn', () => {
  it('counts the codes of all clauses', () => {
    expect(codesIn(any(['a', 'A:1', 'A:2'], ['b', 'A:3']))).toBe(3);
    expect(codesIn({ kind: 'none' })).toBe(0);
  });
});
