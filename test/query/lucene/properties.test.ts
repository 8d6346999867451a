import fc from 'fast-check';
import { findShorthand, type Reading, writeIn } from '../../../src/query/lucene/index.js';
import type { Node } from '../../../src/query/lucene/node.js';
import { TerritoryError } from '../../../src/territory/errors.js';
import { cpuMs } from '../../support/cpu-time.js';
import { runs } from '../../support/seed.js';

const PIECES = [
  ...['territory:', 'territory.intersects:', 'territory', 'terri\\tory:', '_exists_:', 'title:'],
  ...['COM:69123', 'DEP\\:01', '"REG:84 - DEP:69"', 'AND', 'OR', 'NOT', '&&', '||', '+', '-', '- ', '!', '(', ')'],
  ...['^2', '^', '~', '~1', '*', '?', 'a*', 'foo', 'bar', '"a b"', '"', '\\', '/', '/re/', '[a TO b]', '{', '}', ':'],
  ...[']', '\\u0041', '\\u00', '0', '.', '\u3000', 'é', '😀', ' ', ' ', ' '],
];
const piece = fc.constantFrom(...PIECES);
const soup = fc.array(piece, { maxLength: 25 }).map((pieces) => pieces.join(''));

/** A query string of which Lucene can read every word; `T` stands for the shorthand. */
const query: fc.Arbitrary<string> = fc.letrec<{ query: string; clause: string }>((tie) => ({
  clause: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom('foo', 'the', 'fo*', '"a b"', 'title:x', 'title:(a b)', 'x:[1 TO 2]', '/r(e/', 'a\\ b', 'foo~1'),
    fc.constant('T'),
    tie('query').map((inner) => `(${inner})`),
    tie('query').map((inner) => `title:(${inner})^2`),
  ),
  query: fc
    .array(
      fc.tuple(
        fc.constantFrom(' ', ' AND ', ' OR ', ' && ', ' || ', '\u3000'),
        fc.constantFrom('', '', '+', '-', '!', 'NOT '),
        tie('clause'),
      ),
      { minLength: 1, maxLength: 4 },
    )
    .map((parts) => parts.map(([join, sign, clause], i) => (i === 0 ? '' : join) + sign + clause).join('')),
})).query;

const SHORTHANDS = [
  'territory:DEP:01',
  'territory.contains:"A:1 | B:2"',
  'territory:(DEP:01 OR B\\:2)',
  '_exists_:territory',
];
const EXPANSIONS = ['f:"A"^0', 'f:("A" OR "B")^0', '(+_exists_:f -f:"A")^0', '(+*:* -*:*)'];

/** The string's clauses without their places, the expansions among them as `T`. */
function shape(reading: Reading, nodes: readonly Node[], isExpansion: (text: string) => boolean): unknown[] {
  return nodes.map((node) => {
    const { conjunction, modifier, start, end } = node;
    const text = reading.text.slice(start, end);
    if (isExpansion(text)) return { conjunction, modifier, text: 'T' };
    if (node.kind !== 'group') return { conjunction, modifier, text };
    return { conjunction, modifier, field: node.field?.name, clauses: shape(reading, node.clauses, isExpansion) };
  });
}

test('no string makes it fail with anything but an error that says why', () => {
  fc.assert(
    fc.property(soup, fc.constantFrom<'and' | 'or'>('and', 'or'), (text, operator) => {
      try {
        const reading = findShorthand(text, 'territory', operator);
        for (const use of reading.uses) expect(use.start).toBeLessThan(use.end);
      } catch (error) {
        if (!(error instanceof TerritoryError)) throw error;
        expect(error.status).toBe(400);
      }
    }),
    { numRuns: runs(2000) },
  );
});

test('what is left after writing in has no shorthand in it', () => {
  fc.assert(
    fc.property(soup, (text) => {
      let reading: Reading;
      try {
        reading = findShorthand(text, 'territory');
      } catch {
        return;
      }
      if (reading.uses.length === 0) return;
      const written = writeIn(
        reading,
        reading.uses.map(() => 'f:("A" OR "B")^0'),
      );
      expect(findShorthand(written, 'territory').uses).toEqual([]);
    }),
    { numRuns: runs(2000) },
  );
});

test('writing in changes nothing of the structure around it', () => {
  fc.assert(
    fc.property(query, fc.constantFrom(...SHORTHANDS), fc.constantFrom(...EXPANSIONS), (text, shorthand, expansion) => {
      const reading = findShorthand(
        text.replaceAll(/\bT\b/g, () => shorthand),
        'territory',
      );
      const written = writeIn(
        reading,
        reading.uses.map(() => expansion),
      );
      expect(written).toBe(text.replaceAll(/\bT\b/g, () => expansion));
      // A mention of the name makes the finder read the string without changing what it is read as.
      const again = findShorthand(`${written} territory`, 'territory');
      const parsed = findShorthand(`${reading.text} territory`, 'territory');
      expect(shape(again, again.clauses, (part) => part === expansion)).toEqual(
        shape(parsed, parsed.clauses, (part) => part === shorthand),
      );
    }),
    { numRuns: runs(1000) },
  );
});

test('long strings take no longer than their length asks for', () => {
  const pieces = [
    'territory:A:1 ',
    '(',
    '&&',
    'a&&',
    '"',
    '\\',
    '[" ',
    '_exists_: ',
    'territory.a',
    'x:/\\/',
    'territory:(',
    '-',
  ];
  for (const piece of [...pieces, ...pieces.map((one) => `${one} `)]) {
    for (const end of ['', ')', 'territory:B:1', ' territory:']) {
      const begun = cpuMs();
      try {
        findShorthand(piece.repeat(200_000 / piece.length) + end, 'territory');
      } catch (error) {
        if (!(error instanceof TerritoryError)) throw error;
      }
      expect({ piece, end, slow: cpuMs() - begun > 2000 }).toEqual({ piece, end, slow: false });
    }
  }
});
