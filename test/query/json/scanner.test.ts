import { InvalidJson, JsonScanner } from '../../../src/query/json/scanner.js';
import { stringOffsets } from '../../../src/query/json/string-offsets.js';
import { readValue } from '../../../src/query/json/value.js';
import { Walker } from '../../../src/query/walker.js';

function isValid(text: string | Buffer): boolean {
  try {
    new Walker('territory', 1000).walk(Buffer.from(text as string), 'searchBody');
    return true;
  } catch (error) {
    if (error instanceof InvalidJson) return false;
    throw error;
  }
}

describe('the scanner takes what Elasticsearch takes', () => {
  it.each([
    ['{}'],
    [' \t\r\n{ } '],
    ['{"a":1}'],
    ['{"a":-0.5e+10,"b":[],"c":[1,2,[3]],"d":{"e":null}}'],
    ['{"a":1e400,"b":123456789012345678901234567890}'],
    ['[1, "x", true, false, null]'],
    ['"a \\" \\\\ \\/ \\b\\f\\n\\r\\t \\u00e9"'],
    ['// line\n{"a": 1 /* block * / */ , // again\r "b": 2}'],
    ['{"a":1,"a":2}'],
    ['{"é":"日本 🏔"}'],
    ['\ufeff{"a":1}'],
    ['{} // to the end'],
    // In base64 the server takes it.
    ['{"a":"line\nbreak"}'],
  ])('%s is JSON', (text) => expect(isValid(text)).toBe(true));

  it.each([
    [''],
    ['{'],
    ['{"a"}'],
    ['{"a":}'],
    ['{"a":1,}'],
    ['[1,]'],
    ['{"a" 1}'],
    ["{'a':1}"],
    ['{a:1}'],
    ['{"a":01}'],
    ['{"a":1.}'],
    ['{"a":+1}'],
    ['{"a":.5}'],
    ['{"a":1e}'],
    ['{"a":NaN}'],
    ['{"a":truE}'],
    ['{"a":"\\x"}'],
    ['{"a":"\\u12g4"}'],
    ['{"a":"\\u12'],
    ['{"line\nbreak":1}'],
    ['{"a":1]'],
    ['[1}'],
    ['{"a":1 /* open }'],
    ['{"a":1 / 2}'],
    ['# yaml\n{}'],
    ['{"a":"x'],
    ['{"a":"x\\'],
  ])('%s is none', (text) => expect(isValid(text)).toBe(false));

  it('what follows the first value is not looked at', () => {
    expect(isValid('{"a":1} } nonsense')).toBe(true);
  });

  it('takes bytes that are no UTF-8 inside of strings, as the server does where it only passes over them', () => {
    expect(isValid(Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0x22, 0x7d]))).toBe(true);
  });

  it('keeps to its end', () => {
    const scanner = new JsonScanner(Buffer.from('"abc"'), 0, 3);
    expect(() => scanner.string()).toThrow(InvalidJson);
  });
});

describe('values are read with their offsets', () => {
  it('offsets enclose the raw bytes, comments are none of them', () => {
    const buffer = Buffer.from('/* x */ {"a" : /* y */ 1.0 , "b": ["é"]}');
    const value = readValue(buffer);
    if (value.kind !== 'object') throw new Error('no object');
    expect(value.members.map(({ name, value: { start, end } }) => [name, buffer.toString('utf8', start, end)])).toEqual(
      [
        ['a', '1.0'],
        ['b', '["é"]'],
      ],
    );
  });

  it('each UTF-16 unit of a string has its byte', () => {
    const buffer = Buffer.from('"aé\\u0041\\n🏔z"');
    const offsets = stringOffsets(buffer, 0, buffer.length);
    expect(offsets).toEqual([1, 2, 4, 10, 12, 12, 16, 17]);
    expect(stringOffsets(Buffer.from([0x22, 0xff, 0x22]), 0, 3)).toBeUndefined();
  });
});
