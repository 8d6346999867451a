import fc from 'fast-check';
import { InvalidJson, JsonScanner } from '../../../src/query/json/scanner.js';
import { runs } from '../../support/seed.js';

/** Texts of every length around those that are looked at four bytes at a time, with quotes and backslashes anywhere. */
const text = fc
  .array(fc.oneof(fc.constantFrom('"', '\\', '\\"', '{', '}', '[', ']', ',', ':', '/'), fc.string({ maxLength: 40 })), {
    maxLength: 6,
  })
  .map((parts) => parts.join(''));
const value = fc.letrec<{ any: unknown; list: unknown[]; object: object }>((tie) => ({
  any: fc.oneof({ depthSize: 'small' }, text, fc.double({ noNaN: true }), tie('list'), tie('object')),
  list: fc.array(tie('any'), { maxLength: 4 }),
  object: fc.dictionary(text, tie('any'), { maxKeys: 4 }),
}));
const elements = fc.array(fc.oneof(value.list, value.object), { minLength: 1, maxLength: 6 });
const many = { numRuns: runs(2000) };

describe('elements of a list', () => {
  it('are passed over all at once, up to the last end before a limit', () => {
    fc.assert(
      fc.property(elements, fc.nat(), (list, cut) => {
        const body = Buffer.from(`${JSON.stringify(list)} behind`);
        const ends = endsOf(list);
        const until = cut % body.length;
        const scanner = new JsonScanner(body);
        scanner.pos = 1;
        const passed = scanner.elements(1000, until, body.length, true) as number;
        const expected = ends.filter((end) => end <= until).length;
        expect([passed, scanner.pos]).toEqual([expected, expected === 0 ? 1 : ends[expected - 1]]);
      }),
      many,
    );
  });

  it('are looked at as far ahead as was said, each anew', () => {
    fc.assert(
      fc.property(elements, fc.integer({ min: 1, max: 60 }), (list, ahead) => {
        const body = Buffer.from(`${JSON.stringify(list)} and something longer than that behind the list`);
        const scanner = new JsonScanner(body);
        scanner.pos = 1;
        const tooLong = list.findIndex((element) => Buffer.byteLength(JSON.stringify(element)) > ahead);
        expect(scanner.elements(1000, body.length - 1, ahead, true)).toBe(tooLong < 0 ? list.length : tooLong);
      }),
      many,
    );
  });

  it('are one where there is no list', () => {
    const body = Buffer.from('[{"a":1},{"b":2}]');
    const scanner = new JsonScanner(body);
    scanner.pos = 1;
    expect([scanner.elements(9, body.length, body.length, false), scanner.pos]).toEqual([1, 8]);
  });

  it('are no JSON where the last does not end, wherever it was cut', () => {
    fc.assert(
      fc.property(value.object, fc.nat(), (object, cut) => {
        const whole = Buffer.from(JSON.stringify(object));
        const body = whole.subarray(0, 1 + (cut % (whole.length - 1)));
        expect(() => new JsonScanner(body).elements(1000, body.length, body.length, false)).toThrow(InvalidJson);
      }),
      many,
    );
  });

  it('nest too deep where one of them does', () => {
    const body = Buffer.from('[[[]],[[[]]]]');
    const scanner = new JsonScanner(body);
    scanner.pos = 1;
    expect(scanner.elements(2, body.length, body.length, true)).toBe(false);
  });
});

/** Where each element ends in the JSON of its list. */
function endsOf(list: readonly unknown[]): number[] {
  const ends: number[] = [];
  for (let i = 0; i < list.length; i++) ends.push(Buffer.byteLength(JSON.stringify(list.slice(0, i + 1))) - 1);
  return ends;
}
