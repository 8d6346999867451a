import fc from 'fast-check';
import { xxh32 } from '../../src/territory/checksum.js';
import {
  TerritoryTree,
  TreeCacheCorrupt,
  TreeCacheError,
  TreeCacheForeign,
  TreeCacheIncompatible,
} from '../../src/territory/index.js';
import { runs } from '../support/seed.js';
import { build, cases, worlds } from './support/worlds.js';

const tree = TerritoryTree.build(
  [
    { code: 'D:1', label: 'Rhône' },
    { code: 'C:1', label: 'Lyon', parents: ['D:1', 'E:1'], inhabitants: 500, postal_codes: ['69001'] },
    { code: 'C:2', label: 'Bron', parents: ['D:1'], former_codes: ['C:8'] },
    { code: 'C:3', label: 'Ain', parents: ['E:1'], former_codes: ['C:8', 'C:9'] },
    { code: 'E:1' },
  ],
  {
    partitions: [
      { name: 'main', levels: ['C', 'D'] },
      { name: 'across', levels: ['E'] },
    ],
  },
);
const whole = tree.toBuffer();

/** The snapshot with some bytes written over. */
function altered(change: (bytes: Uint8Array, view: DataView) => void): Uint8Array {
  const bytes = whole.slice();
  change(bytes, new DataView(bytes.buffer));
  return bytes;
}

/** The same bytes as they lie `offset` into a larger buffer. */
function shifted(bytes: Uint8Array, offset: number): Uint8Array {
  const room = new Uint8Array(bytes.length + offset + 3).fill(0xaa);
  room.set(bytes, offset);
  return room.subarray(offset, offset + bytes.length);
}

function shared(bytes: Uint8Array): SharedArrayBuffer {
  const buffer = new SharedArrayBuffer(bytes.length);
  new Uint8Array(buffer).set(bytes);
  return buffer;
}

/** All that a tree says of its units and former codes. */
function contentOf(own: TerritoryTree) {
  const { version, partitions, unitCount, atomCount } = own;
  const cover = own.territory(...[...own.units()].map(({ code }) => code)).codes;
  return { version, partitions, unitCount, atomCount, cover, units: [...own.units()], formers: [...own.formerCodes()] };
}

describe('a snapshot', () => {
  it('gives the tree back, whatever memory it lies in', () => {
    fc.assert(
      fc.property(worlds, fc.integer({ min: 1, max: 17 }), (world, offset) => {
        const first = build(world);
        const bytes = first.toBuffer();
        const expected = contentOf(first);
        for (const memory of [
          bytes,
          bytes.slice().buffer,
          Buffer.from(bytes),
          shared(bytes),
          new Uint8Array(shared(bytes)),
          shifted(bytes, offset),
          shifted(bytes, 8),
        ]) {
          const again = TerritoryTree.fromBuffer(memory);
          expect(contentOf(again)).toEqual(expected);
          expect(Buffer.compare(again.toBuffer(), bytes)).toBe(0);
        }
      }),
      { numRuns: runs(30) },
    );
  });

  it('answers questions from shared memory', () => {
    fc.assert(
      fc.property(cases(2), ({ tree: first, picks: [a, b] }) => {
        const again = TerritoryTree.fromBuffer(shared(first.toBuffer()));
        const ask = (own: TerritoryTree) => {
          const territory = own.territory(...a!).difference(own.territory(...b!));
          return [territory.codes, territory.covering(), territory.touching(), own.search('lyon'), own.suggest('C1:1')];
        };
        expect(ask(again)).toEqual(ask(first));
      }),
      { numRuns: runs(30) },
    );
  });

  it('at an odd place of a Node buffer is copied, not misread', () => {
    const pooled = Buffer.concat([Buffer.from('abc'), whole]).subarray(3);
    expect(TerritoryTree.fromBuffer(pooled).version).toBe(tree.version);
  });

  it('is used where it lies, without a copy', () => {
    const memory = shifted(whole, 16);
    expect(TerritoryTree.fromBuffer(memory).toBuffer().buffer).toBe(memory.buffer);
  });

  it('begins as its format says', () => {
    expect(Buffer.from(whole.subarray(0, 8)).toString()).toBe('TERRTREE');
    expect(whole.length % 16).toBe(0);
  });
});

describe('a bad snapshot', () => {
  it('with any one byte altered is refused', () => {
    for (let at = 0; at < whole.length; at++) {
      for (const flip of [1, 0xff]) {
        const bytes = whole.slice();
        bytes[at]! ^= flip;
        expectRefused(bytes, `byte ${at} ^ ${flip}`);
      }
    }
  });

  it('cut at any length is refused', () => {
    for (let length = 0; length < whole.length; length++) expectRefused(whole.subarray(0, length), `cut at ${length}`);
  });

  it('with anything after its end is refused', () => {
    for (const more of [1, 8, 16, 4096]) {
      const longer = new Uint8Array(whole.length + more);
      longer.set(whole);
      expectRefused(longer, `${more} more`);
    }
  });

  it('of any bytes is refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (noise, begun) => {
        expectRefused(begun ? Uint8Array.from([...whole.subarray(0, 20), ...noise]) : noise, 'noise');
      }),
    );
  });

  it('with its pages in another order is refused', () => {
    const page = 64;
    for (let at = page; at + 2 * page <= whole.length; at += page) {
      const bytes = whole.slice();
      bytes.copyWithin(at, at + page, at + 2 * page);
      if (Buffer.compare(bytes, whole) !== 0) expectRefused(bytes, `page at ${at}`);
    }
  });
});

describe('the error for a bad snapshot', () => {
  const refuse = (bytes: Uint8Array) => () => TerritoryTree.fromBuffer(bytes);

  it('says that a file is foreign, and how it begins', () => {
    const foreign = new TextEncoder().encode('{"code":"COM:69123"}\n{"code":"COM:01234"}');
    expect(refuse(foreign)).toThrow(TreeCacheForeign);
    expect(refuse(foreign)).toThrow('not a snapshot of a tree: it begins with "{"code":", not with "TERRTREE"');
    expect(refuse(Uint8Array.from({ length: 20 }, (_, i) => i + 0x7e))).toThrow('it begins with "~.......", not');
  });

  it('says that a file is of another format', () => {
    const older = altered((_, view) => view.setUint32(12, 999, true));
    expect(refuse(older)).toThrow(TreeCacheIncompatible);
    expect(refuse(older)).toThrow(/has format 999, this program reads format \d+; build it anew/);
  });

  it('says that a file is of the other byte order', () => {
    const swapped = altered((_, view) => {
      for (let at = 0; at < view.byteLength; at += 4) view.setUint32(at, view.getUint32(at, true), false);
    });
    const words = altered((_, view) => view.setUint32(8, view.getUint32(8, true), false));
    for (const bytes of [swapped, words]) {
      expect(refuse(bytes)).toThrow(TreeCacheIncompatible);
      expect(refuse(bytes)).toThrow('the other byte order');
    }
  });

  it('says that a file is cut, and to what', () => {
    expect(refuse(whole.subarray(0, whole.length - 16))).toThrow(TreeCacheCorrupt);
    expect(refuse(whole.subarray(0, whole.length - 16))).toThrow(
      `the snapshot is cut or padded: it has ${whole.length - 16} bytes, it should have ${whole.length}; build it anew`,
    );
    expect(refuse(whole.subarray(0, 40))).toThrow('the snapshot is cut or padded: it has 40 bytes; build it anew');
    expect(refuse(new Uint8Array(5))).toThrow('a snapshot begins with 64 bytes of header; here are 5');
  });

  it('says that a table of sections is wrong, though the checksum is right', () => {
    const sealed = (change: (view: DataView) => void) =>
      altered((bytes, view) => {
        change(view);
        view.setUint32(16, xxh32(bytes.subarray(20)), true);
      });
    const fewer = sealed((view) => view.setUint32(28, 3, true));
    expect(refuse(fewer)).toThrow(TreeCacheCorrupt);
    expect(refuse(fewer)).toThrow(/^the snapshot has 3 sections, not \d+$/);
    const beyond = sealed((view) => view.setUint32(64, whole.length / 16, true));
    expect(refuse(beyond)).toThrow(TreeCacheCorrupt);
    expect(refuse(beyond)).toThrow('section "meta" of the snapshot reaches beyond its end');
  });

  it('says that a file is damaged, with both checksums', () => {
    const damaged = altered((bytes) => {
      bytes[whole.length - 1]! ^= 1;
    });
    expect(refuse(damaged)).toThrow(TreeCacheCorrupt);
    expect(refuse(damaged)).toThrow(/its checksum is [0-9a-f]{8}, it should be [0-9a-f]{8}; build it anew/);
  });

  it('is no fault of the client', () => {
    const errors = [TreeCacheCorrupt, TreeCacheForeign, TreeCacheIncompatible].map((Type) => new Type('x'));
    expect(errors.map(({ status }) => status)).toEqual([500, 500, 500]);
    expect(new Set(errors.map(({ type }) => type)).size).toBe(3);
    expect(errors.map(({ name }) => name)).toEqual(['TreeCacheCorrupt', 'TreeCacheForeign', 'TreeCacheIncompatible']);
  });
});

function expectRefused(bytes: Uint8Array, what: string): void {
  try {
    TerritoryTree.fromBuffer(bytes);
  } catch (error) {
    if (error instanceof TreeCacheError) return;
    throw new Error(`${what}: ${error}`, { cause: error });
  }
  throw new Error(`${what} was read`);
}
