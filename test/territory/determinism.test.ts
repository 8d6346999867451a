import fc from 'fast-check';
import { type Succession, TerritoryTree, type UnitInput } from '../../src/territory/index.js';
import { build, worlds } from './support/worlds.js';

/** A list in the order that some numbers give it. */
function shuffled<T>(list: readonly T[], keys: readonly number[]): T[] {
  return list
    .map((item, i) => ({ item, key: keys[i % keys.length]! + i / 1e6 }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

describe('a build', () => {
  it('gives the same bytes for the same units, in any order of them and of what they list', () => {
    fc.assert(
      fc.property(worlds, fc.array(fc.nat(99), { minLength: 7, maxLength: 11 }), (world, keys) => {
        const units = shuffled(world.units, keys).map((unit) => ({
          ...unit,
          parents: shuffled(unit.parents!, keys),
          former_codes: shuffled(unit.former_codes!, keys),
          postal_codes: shuffled(unit.postal_codes!, keys),
        }));
        const again = build({ ...world, units, successions: shuffled(world.successions, keys) });
        const first = build(world);
        expect(again.version).toBe(first.version);
        expect(Buffer.compare(again.toBuffer(), first.toBuffer())).toBe(0);
      }),
    );
  });

  it('gives the same bytes where some units take over the same former code in another order', () => {
    const units: UnitInput[] = ['A:1', 'A:2', 'A:3'].map((code) => ({ code, former_codes: ['A:0'] }));
    const version = TerritoryTree.build(units).version;
    expect(TerritoryTree.build([...units].reverse()).version).toBe(version);
    const successions: Succession[] = units.map(({ code }) => ['A:0', code]);
    const bare = units.map(({ code }) => ({ code }));
    expect(TerritoryTree.build(bare, { successions: successions.reverse() }).version).toBe(version);
  });

  it('takes a former code that a unit lists twice once', () => {
    const tree = TerritoryTree.build([{ code: 'A:1', former_codes: ['A:0', 'A:0'], parents: [] }]);
    expect(tree.resolve('A:0')).toEqual(['A:1']);
    expect(tree.unit('A:1')?.former_codes).toEqual(['A:0']);
  });

  it('gives another version for whatever differs', () => {
    const base: UnitInput[] = [{ code: 'B:1' }, { code: 'A:1', parents: ['B:1'] }, { code: 'A:2' }];
    const changed: Partial<UnitInput>[] = [
      { label: 'x' },
      { inhabitants: 0 },
      { postal_codes: ['1'] },
      { former_codes: ['A:9'] },
      { parents: ['B:1'] },
      { code: 'A:3' },
    ];
    const partitions = [{ name: 'p', levels: ['A', 'B'] }];
    const versions = [
      TerritoryTree.build(base).version,
      TerritoryTree.build(base, { partitions }).version,
      TerritoryTree.build(base, { partitions: [{ name: 'p', levels: ['A', 'B', 'C'] }] }).version,
      ...changed.map((change) => TerritoryTree.build([...base.slice(0, 2), { ...base[2]!, ...change }]).version),
    ];
    expect(new Set(versions).size).toBe(versions.length);
    for (const version of versions) expect(version).toMatch(/^[0-9a-f]{16}$/);
  });

  it('takes an async iterable as well, and says how far it is', async () => {
    const units: UnitInput[] = Array.from({ length: 9000 }, (_, i) => ({ code: `A:${i}` }));
    const stream = async function* () {
      yield* units;
    };
    const seen: number[][] = [[], []];
    const now = TerritoryTree.build(units, { onProgress: (read) => seen[0]!.push(read) });
    const later = await TerritoryTree.build(stream(), { onProgress: (read) => seen[1]!.push(read) });
    expect(later.version).toBe(now.version);
    expect(seen).toEqual([
      [8192, 9000],
      [8192, 9000],
    ]);
  });
});
