import fc from 'fast-check';
import { KeyTable, type KeyTableParts, MAX_KEY_BYTES } from '../../src/territory/key-table.js';
import { buildPerfectHash } from '../../src/territory/perfect-hash.js';

const encoder = new TextEncoder();

function partsFor(keys: readonly string[]): KeyTableParts {
  const offsets = new Uint32Array(keys.length + 1);
  keys.forEach((key, k) => {
    offsets[k + 1] = offsets[k]! + key.length;
  });
  return KeyTable.build(offsets, encoder.encode(keys.join('')));
}

/** What both ways of asking say; they must agree. The bytes lie in the middle of others. */
function find(table: KeyTable, text: string): number {
  const bytes = encoder.encode(`A:9${text}|A:1`);
  const found = table.ofString(text);
  const again = table.ofBytes(bytes, 3, bytes.length - 4);
  const atEnd = table.ofBytes(bytes.subarray(0, bytes.length - 4), 3, bytes.length - 4);
  if (again !== found || atEnd !== found) throw new Error(`${JSON.stringify(text)}: ${found}, ${again}, ${atEnd}`);
  return found;
}

const code = fc.oneof(
  fc.stringMatching(/^[A-Z][A-Z0-9_]{0,4}:[A-Za-z0-9._-]{1,6}$/),
  fc.stringMatching(/^[A-Z][A-Z0-9_]{0,9}:[A-Za-z0-9._-]{6,40}$/),
);

/** Texts that look like a key and are none, as far as one can make them. */
function strangersTo(key: string): string[] {
  return [
    key.slice(0, -1),
    key.slice(1),
    `${key}0`,
    `${key}\0`,
    `\0${key}`,
    `${key.slice(0, -1)}\0`,
    `${key.slice(0, 1)}\0${key.slice(2)}`,
    key.toLowerCase(),
    `${key} `,
    `${key.slice(0, -1)}é`,
    key.replace(':', '\u013a'),
    key.replace(':', '\u{1003a}'),
    key.padEnd(16, '\0'),
    key.padEnd(17, '0'),
    key.slice(0, 16),
    key.slice(0, 15),
    key + key,
  ];
}

describe('the table of keys', () => {
  it('finds every key, and accepts no stranger, whatever the codes', () => {
    fc.assert(
      fc.property(fc.uniqueArray(code, { maxLength: 60 }), fc.array(fc.string({ unit: 'binary' })), (keys, noise) => {
        const table = new KeyTable(partsFor(keys));
        const known = new Map(keys.map((key, k) => [key, k]));
        const texts = [...keys, ...keys.flatMap(strangersTo), ...noise, ''];
        expect(texts.filter((text) => find(table, text) !== (known.get(text) ?? -1))).toEqual([]);
      }),
    );
  });

  it.each([0, 1, 2, 3, 4, 100, 511])('holds %i keys, each at a place of its own', (count) => {
    const keys = Array.from({ length: count }, (_, i) => `COM:${i}`);
    const parts = partsFor(keys);
    expect([...parts.keys].sort((a, b) => a - b)).toEqual(keys.map((_, k) => k));
    const table = new KeyTable(parts);
    const strangers = Array.from({ length: 200 }, (_, i) => `COM:${count + i}`);
    expect(keys.map((key) => find(table, key))).toEqual(keys.map((_, k) => k));
    expect(strangers.filter((text) => find(table, text) !== -1)).toEqual([]);
  });

  it('tells keys apart that share their first 16 bytes, and those of every length', () => {
    const long = Array.from({ length: 50 }, (_, i) => `COMMUNE:12345678${i % 2 ? 'x'.repeat(i) : `${i}`}`);
    const each = Array.from({ length: MAX_KEY_BYTES - 2 }, (_, i) => `A:${'0'.repeat(i + 1)}`);
    const keys = [...new Set(['COMMUNE:12345678', 'COMMUNE:1234567', ...long, ...each])];
    const table = new KeyTable(partsFor(keys));
    expect(keys.filter((key, k) => find(table, key) !== k)).toEqual([]);
    const known = new Set(keys);
    const strangers = keys.flatMap(strangersTo).filter((text) => !known.has(text));
    expect(strangers.filter((text) => find(table, text) !== -1)).toEqual([]);
    expect(each.at(-1)).toHaveLength(MAX_KEY_BYTES);
    expect(find(table, `A:${'0'.repeat(MAX_KEY_BYTES - 1)}`)).toBe(-1);
  });

  it('takes under four bits a key for 40,000 keys, beside the keys', () => {
    const keys = Array.from({ length: 40_000 }, (_, i) => `${['COM', 'DEP', 'EPCI', 'ARR'][i % 4]}:${i * 7}`);
    const parts = partsFor(keys);
    const bits = (parts.pilots.byteLength + parts.remap.byteLength) * 8;
    expect(bits / keys.length).toBeLessThan(4);
    const table = new KeyTable(parts);
    const wrong = keys.filter((key, k) => table.ofString(key) !== k || table.ofString(`${key}x`) !== -1);
    expect(wrong).toEqual([]);
    const bytes = encoder.encode(keys.join(''));
    const missed = keys.filter((_, k) => table.ofBytes(bytes, parts.offsets[k]!, parts.offsets[k + 1]!) !== k);
    expect(missed).toEqual([]);
  });

  it('refuses two equal keys', () => {
    expect(() => partsFor(['A:1', 'A:2', 'A:1'])).toThrow('no perfect hash found for 3 keys');
  });
});

describe('the perfect hash', () => {
  it('gives up on hashes that can not be told apart', () => {
    expect(buildPerfectHash(Int32Array.of(5, 5), Int32Array.of(7, 7))).toBeUndefined();
  });

  it('gives up on hashes that do not settle', () => {
    const oneBucket = new Int32Array(300);
    expect(
      buildPerfectHash(
        oneBucket,
        Int32Array.from(oneBucket, (_, i) => i),
      ),
    ).toBeUndefined();
  });
});
