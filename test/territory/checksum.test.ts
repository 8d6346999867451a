import { murmur64hex, xxh32 } from '../../src/territory/checksum.js';

const ascii = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));

describe('xxHash32', () => {
  it.each([
    ['', 0, 0x02cc5d05],
    ['', 0x9e3779b1, 0x36b78ae7],
    ['a', 0, 0x550d7456],
    ['abc', 0, 0x32d153ff],
    ['abcdefghijklmnopqrstuvwxyz', 0, 0x63a14d5f],
    ['Nobody inspects the spammish repetition', 0, 0xe2293b2f],
    ['Call me Ishmael. Some years ago--never mind how long precisely-', 0, 0x6f320359],
  ])('of "%s" with seed %i is as published', (text, seed, expected) => {
    expect(xxh32(ascii(text), seed)).toBe(expected);
  });

  // The self-test of the reference implementation, xxhsum.c: a buffer of pseudo-random bytes.
  it.each([
    [1, 0xb85cbee5, 0xd5845d64],
    [14, 0xe5aa0ab4, 0x4481951d],
    [101, 0x1f1aa412, 0x498ec8e2],
  ])('of the first %i bytes of the sanity buffer is as published', (length, plain, seeded) => {
    const buffer = new Uint8Array(length);
    for (let i = 0, generator = 2654435761; i < length; i++) {
      buffer[i] = generator >>> 24;
      generator = Math.imul(generator, generator);
    }
    expect(xxh32(buffer)).toBe(plain);
    expect(xxh32(buffer, 2654435761)).toBe(seeded);
  });

  it('changes with every single bit', () => {
    const bytes = Uint8Array.from({ length: 67 }, (_, i) => i * 37);
    const sums = new Set([xxh32(bytes)]);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = bytes.slice();
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      sums.add(xxh32(flipped));
    }
    expect(sums.size).toBe(67 * 8 + 1);
  });
});

describe('MurmurHash3_x86_128', () => {
  // Each from the reference implementation, by way of the Python package mmh3.
  it.each([
    ['', '0000000000000000'],
    ['0123456789abcdef', 'fb7d440936aed30a'],
    ['0123456789abcdef0123456789abcdef', '1f5c0a6453f841bc'],
    ['Romanes eunt domus? Romani ite domum! 0123456789', 'f322b5485966d3a3'],
    [String.fromCharCode(...Array.from({ length: 256 }, (_, i) => i)), '2c56c88fdb4503df'],
    ['\xff'.repeat(16), 'a96d14e2c1b6da55'],
  ])('gives the first 64 bits that the reference gives (%#)', (text, expected) => {
    expect(murmur64hex(ascii(text))).toBe(expected);
  });
});
