/**
 * The core on the real map of France, each operation beside a plain JavaScript baseline of the same run, and beside
 * the figures of the Python package that came before (measured on the same kind of machine). Then made-up worlds of
 * one and ten million units.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { TerritoryTree, type UnitInput } from '../../src/index.js';
import { franceTree } from './france.js';
import { duration, measure, randomInts, type Timing, table } from './measure.js';

const SEED = 69123;
const python: Record<string, number> = {
  load: 313e6,
  'one commune': 8.4e3,
  '100 communes': 420e3,
  '6,079 codes': 21.5e6,
  'all atoms': 102e6,
  union: 1.0e6,
  intersection: 20.7e6,
  'country − 30': 120e9,
  containment: 14.7e6,
  'common ancestor': 211e3,
};

async function france(): Promise<void> {
  const tree = await franceTree();
  const file = join(folder, 'fr.tree');
  await tree.save(file);
  const random = randomInts(SEED);
  const pick = (from: readonly string[], count: number) =>
    Array.from({ length: count }, () => from[random(from.length)]!);
  const all = [...tree.units()];
  const codes = all.map((unit) => unit.code);
  const communes = codes.filter((code) => code.startsWith('COM:'));
  const holders = new Set(all.flatMap((unit) => unit.parents));
  const atoms = codes.filter((code) => !holders.has(code));
  const mixed = pick(codes, 6079).filter((code) => code !== 'CNTRY:F');
  const [a100, b100, thirty, one] = [pick(communes, 100), pick(communes, 100), pick(communes, 30), communes[1000]!];
  const [a, b, without] = [tree.territory(...a100), tree.territory(...b100), tree.territory(...thirty)];
  const country = tree.territory('CNTRY:F');
  const wide = tree.territory(...mixed);
  const rest = country.difference(without);

  // Baselines: a Map from code to number, and plain Sets of atoms.
  const map = new Map(codes.map((code, i) => [code, i]));
  const isAtom = new Set(atoms);
  const atomsOf = (code: string) => {
    const inside = tree.territory(code).inside();
    return inside.map((unit) => unit.code).filter((one) => isAtom.has(one));
  };
  const atomSets = new Map(codes.map((code) => [code, atomsOf(code)]));
  const setOf = (list: readonly string[]) => {
    const set = new Set<string>();
    for (const code of list) for (const atom of atomSets.get(code)!) set.add(atom);
    return set;
  };
  const [setA, setB, setCountry, setThirty, setWide] = [a100, b100, ['CNTRY:F'], thirty, mixed].map(setOf) as [
    Set<string>,
    Set<string>,
    Set<string>,
    Set<string>,
    Set<string>,
  ];
  const getAll = (list: readonly string[]) => {
    let sum = 0;
    for (const code of list) sum += map.get(code)!;
    return sum;
  };

  const rows: string[][] = [];
  const compare = (
    name: string,
    what: string,
    goal: string,
    run: () => number,
    baseline: [string, () => number] | undefined,
  ) => {
    const timings: Record<string, Timing> = measure(baseline ? { run, baseline: baseline[1] } : { run });
    const mine = timings.run!;
    const theirs = timings.baseline;
    const before = python[name];
    rows.push([
      what,
      duration(mine.best),
      duration(mine.median),
      theirs ? `${baseline![0]} ${duration(theirs.best)}` : '',
      theirs ? `${(mine.best / theirs.best).toPrecision(2)}×` : '',
      before ? `${Math.round(before / mine.best).toLocaleString('en')}× faster` : '',
      goal,
    ]);
  };

  const bytes = tree.toBuffer();
  compare('load', 'load from memory, with checksum', '', () => TerritoryTree.fromBuffer(bytes).unitCount, undefined);
  await loadRow(rows, file);
  compare('one commune', 'one commune to a territory', '50×', () => tree.territory(one).spans.length, [
    'Map',
    () => map.get(one)!,
  ]);
  compare('100 communes', '100 communes to a territory', '50×', () => tree.territory(...a100).spans.length, [
    'Sets',
    () => setOf(a100).size,
  ]);
  compare(
    '6,079 codes',
    '6,079 mixed codes to a territory',
    '≤ 1.5× of Map',
    () => tree.territory(...mixed).spans.length,
    ['Map.get', () => getAll(mixed)],
  );
  compare(
    'all atoms',
    `all ${atoms.length} atoms to a territory`,
    '≤ 1.5× of Map',
    () => tree.territory(...atoms).spans.length,
    ['Map.get', () => getAll(atoms)],
  );
  compare('union', 'union of 100 and 100', '100×', () => a.union(b).spans.length, [
    'Sets',
    () => new Set([...setA, ...setB]).size,
  ]);
  compare('intersection', 'intersection of 100 and 100', '100×', () => a.intersection(b).spans.length, [
    'Sets',
    () => [...setA].filter((code) => setB.has(code)).length,
  ]);
  compare('country − 30', 'CNTRY:F minus 30 communes', '< 50 µs', () => country.difference(without).spans.length, [
    'Sets',
    () => [...setCountry].filter((code) => !setThirty.has(code)).length,
  ]);
  compare(
    '',
    `… and its ${rest.codes.length} codes listed`,
    '≤ 0.1 µs a code',
    () => country.difference(without).codes.length,
    undefined,
  );
  compare('containment', '6,079 codes inside the country', '100×', () => Number(wide.isSubsetOf(country)), [
    'Sets',
    () => Number([...setWide].every((code) => setCountry.has(code))),
  ]);
  compare(
    'common ancestor',
    'lowest common ancestor of 100',
    '50×',
    () => a.lowestCommonAncestor()!.code.length,
    undefined,
  );
  compare('', 'covering of that country minus 30', '', () => rest.covering().length, undefined);
  compare(
    '',
    'its clause, within, by ancestors',
    '',
    () => JSON.stringify(rest.toQuery({ ancestors: 'a' })).length,
    undefined,
  );
  compare('', "search('lyon')", '< 1 ms', () => tree.search('lyon').length, undefined);
  compare('', "search('saint')", '< 1 ms', () => tree.search('saint').length, undefined);

  const encoded = Buffer.from(mixed.join(' '));
  const ranges: number[] = [];
  for (let at = 0; at < encoded.length; ) {
    const end = encoded.indexOf(32, at) < 0 ? encoded.length : encoded.indexOf(32, at);
    ranges.push(at, end);
    at = end + 1;
  }
  compare(
    '',
    '6,079 look-ups of bytes, no string made',
    '≤ 1/3 of Map',
    () => {
      let sum = 0;
      for (let i = 0; i < ranges.length; i += 2) sum += tree.indexOfBytes(encoded, ranges[i]!, ranges[i + 1]!);
      return sum;
    },
    [
      'string, Map',
      () => {
        let sum = 0;
        for (let i = 0; i < ranges.length; i += 2)
          sum += map.get(encoded.toString('latin1', ranges[i]!, ranges[i + 1]!))!;
        return sum;
      },
    ],
  );
  console.log(table(['France', 'best', 'median', 'baseline', 'ratio', 'against Python', 'goal'], rows));
}

async function loadRow(rows: string[][], file: string): Promise<void> {
  const times: number[] = [];
  for (let i = 0; i < 40; i++) {
    const start = process.hrtime.bigint();
    await TerritoryTree.load(file);
    times.push(Number(process.hrtime.bigint() - start));
  }
  times.sort((a, b) => a - b);
  const [best, median] = [times[0]!, times[20]!];
  rows.push([
    'load the file',
    duration(best),
    duration(median),
    '',
    '',
    `${Math.round(python.load! / best)}× faster`,
    '100×, < 3 ms',
  ]);
}

async function worlds(): Promise<void> {
  const rows: string[][] = [];
  for (const million of [1, 10]) {
    const count = million * 1e6;
    globalThis.gc?.();
    let start = performance.now();
    const tree = TerritoryTree.build(world(count), { partitions: WORLD_PARTITIONS });
    const build = performance.now() - start;
    const { sections } = tree.snapshot;
    const bytes = tree.toBuffer().length;
    const copy = tree.toBuffer().slice();
    start = performance.now();
    TerritoryTree.fromBuffer(copy);
    const load = performance.now() - start;
    const random = randomInts(SEED);
    const codes = Array.from({ length: 1000 }, () => tree.codeAt(random(tree.unitCount)));
    const territory = tree.territory(...codes);
    const timings = measure(
      {
        lookup: () => codes.reduce((sum, code) => sum + tree.indexOf(code), 0),
        make: () => tree.territory(...codes).spans.length,
        cover: () => tree.territory(...codes).codes.length,
      },
      7,
    );
    rows.push([
      `${million} million`,
      duration(build * 1e6),
      `${Math.round(bytes / tree.unitCount)}`,
      `${((sections.pilots.length * 8 + sections.remap.length * 32) / tree.snapshot.keys).toFixed(2)}`,
      duration(load * 1e6),
      duration(timings.lookup.best / 1000),
      duration(timings.make.best),
      `${duration(timings.cover.best)} (${territory.codes.length} codes)`,
    ]);
  }
  console.log(
    `\n${table(['units', 'build', 'bytes a unit', 'hash, bits a key', 'load', 'look-up', '1,000 codes to a territory', '… and its cover'], rows)}`,
  );
}

const WORLD_PARTITIONS = [
  { name: 'main', levels: ['L0', 'L1', 'L2', 'L3', 'L4'] },
  { name: 'across', levels: ['X'] },
];

/** About `count` units in five levels, ten to a hundred children each, and a partition that crosses them. */
function* world(count: number): Generator<UnitInput> {
  yield { code: 'L4:0', label: 'World' };
  const widths = [count / 1e5, count / 2000, count / 50, count - count / 50];
  const crossing = Math.round(count / 500);
  for (let x = 0; x < crossing; x++) yield { code: `X:${x}`, label: `Across ${x}` };
  for (const [depth, width] of widths.entries()) {
    const level = 3 - depth;
    const above = depth === 0 ? 1 : Math.round(widths[depth - 1]!);
    for (let i = 0; i < Math.round(width); i++) {
      const parents = [`L${level + 1}:${Math.floor((i / Math.round(width)) * above)}`];
      if (level === 0) parents.push(`X:${(i >>> 5) % crossing}`);
      yield { code: `L${level}:${i}`, label: `Unit ${i}`, parents, inhabitants: i % 1000 };
    }
  }
}

console.log(`core · ${cpus()[0]!.model} · Node ${process.version} · seed ${SEED}\n`);
const folder = mkdtempSync(join(tmpdir(), 'territory-bench-'));
try {
  await france();
  await worlds();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
