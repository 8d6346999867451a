/** Random worlds: a primary partition of two to five levels, up to three that cross it, and former codes. */
import fc from 'fast-check';
import { TerritoryTree, type UnitInput } from '../../../src/territory/index.js';
import { runs } from '../../support/seed.js';
import { Model, type World } from './model.js';

// A run builds a world, which takes milliseconds; TEST_RUNS=10 looks deeper.
fc.configureGlobal({ ...fc.readConfigureGlobal(), numRuns: runs(60) });

/** Lowest first. Their order is not that of the alphabet, so that code order and tree order differ. */
const PRIMARY_LEVELS = ['M', 'C1', 'Z_9', 'A', 'LAND'];
const SECONDARY_LEVELS = [
  ['B', 'BB'],
  ['N', 'K_'],
  ['XL', 'X'],
];

/** How a number becomes an identifier; each way keeps numbers apart from each other and from the other ways. */
const ID_STYLES: readonly ((n: number) => string)[] = [
  (n) => `${n}`,
  (n) => `0${n}`,
  (n) => `x-${n}.y`,
  (n) => `${'long_'.repeat(7)}${n}`,
  (n) => `${999 - n}Z`,
];

/** A place in a list that may have any length. */
const pick = fc.nat({ max: 9999 });

const facts = fc.record({
  style: fc.nat({ max: ID_STYLES.length - 1 }),
  label: fc.oneof(fc.constantFrom('Lyon', 'Saint-Étienne', ''), fc.string({ unit: 'grapheme', maxLength: 6 })),
  inhabitants: fc.option(fc.nat({ max: 3_000_000 }), { nil: undefined }),
  postalCodes: fc.array(fc.constantFrom('69001', '01000', '2A-4', 'AB1 2CD'), { maxLength: 2 }),
});

const genome = fc.record({
  primaryLevels: fc.integer({ min: 2, max: 5 }),
  primary: fc.array(
    fc.record({ parent: pick, drop: pick, root: fc.nat({ max: 12 }), chain: fc.nat({ max: 2 }), facts }),
    {
      minLength: 1,
      maxLength: 28,
      size: 'max',
    },
  ),
  partitions: fc.nat({ max: 3 }),
  secondary: fc.array(
    fc.record({
      partition: pick,
      level: pick,
      children: fc.array(pick, { minLength: 1, maxLength: 5 }),
      parent: fc.option(pick),
      facts,
    }),
    { maxLength: 7, size: 'max' },
  ),
  formers: fc.array(
    fc.record({
      level: pick,
      style: fc.nat({ max: 4 }),
      units: fc.array(pick, { minLength: 1, maxLength: 3 }),
      twice: fc.boolean(),
    }),
    { maxLength: 5 },
  ),
  successions: fc.array(fc.record({ level: pick, successors: fc.array(pick, { minLength: 1, maxLength: 3 }) }), {
    maxLength: 4,
  }),
});

type Genome = typeof genome extends fc.Arbitrary<infer T> ? T : never;

interface Draft {
  readonly code: string;
  readonly parents: string[];
  readonly former_codes: string[];
  readonly facts: Genome['primary'][number]['facts'];
}

export const worlds: fc.Arbitrary<World> = genome.map(express);

/** A world, its tree, its model, and some units of it to make territories of. */
export interface Case {
  readonly world: World;
  readonly tree: TerritoryTree;
  readonly model: Model;
  /** Codes for territories: some in use, some former. */
  readonly picks: readonly (readonly string[])[];
}

/** Worlds with `count` lists of codes each. */
export function cases(count: number): fc.Arbitrary<Case> {
  return fc
    .tuple(worlds, fc.array(fc.array(pick, { maxLength: 8 }), { minLength: count, maxLength: count }))
    .map(([world, lists]) => {
      const model = new Model(world);
      const codes = [...model.codes, ...model.formerCodes];
      const picks = lists.map((list) => list.map((n) => at(codes, n)));
      return { world, tree: build(world), model, picks, [fc.toStringMethod]: () => describeCase(world, picks) };
    });
}

export function build({ units, partitions, successions }: World): TerritoryTree {
  return TerritoryTree.build(units, { partitions, successions });
}

function express({ primaryLevels, primary, partitions, secondary, formers, successions }: Genome): World {
  const names = PRIMARY_LEVELS.slice(0, primaryLevels);
  const drafts: Draft[] = [];
  const add = (level: string, own: Draft['facts']): Draft => {
    const draft = {
      code: `${level}:${ID_STYLES[own.style]!(drafts.length)}`,
      parents: [],
      former_codes: [],
      facts: own,
    };
    drafts.push(draft);
    return draft;
  };

  // Each unit hangs from an earlier one of a higher level, or is a root; levels may be left out on the way down.
  const ranks: number[] = [];
  for (const { parent, drop, root, chain, facts: own } of primary) {
    const possible = drafts.filter((_, i) => ranks[i]! > 0);
    const isRoot = possible.length === 0 || root === 0;
    const above = isRoot ? undefined : chain === 0 ? possible.at(-1)! : at(possible, parent);
    const ceiling = above === undefined ? primaryLevels : ranks[drafts.indexOf(above)]!;
    const rank = ceiling - 1 - (drop % Math.min(ceiling, 2));
    ranks.push(rank);
    add(names[rank]!, own).parents.push(...(above === undefined ? [] : [above.code]));
  }
  const primaryDrafts = [...drafts];

  const graph = () => new Map(drafts.map(({ code }) => [code, drafts.filter((d) => d.parents.includes(code))]));
  const used = SECONDARY_LEVELS.slice(0, partitions);
  for (const { partition, level, children, parent, facts: own } of used.length === 0 ? [] : secondary) {
    const members = new Set(children.map((child) => at(drafts, child)));
    const unit = add(at(at(used, partition), level), own);
    for (const member of members) member.parents.push(unit.code);
    if (parent === null) continue;
    // A primary unit above it is one that holds all its atoms, has children, and is not itself below.
    const arrows = graph();
    const below = (code: string): string[] => [code, ...arrows.get(code)!.flatMap((child) => below(child.code))];
    const atoms = (code: string) => new Set(below(code).filter((one) => arrows.get(one)!.length === 0));
    const held = atoms(unit.code);
    const holders = primaryDrafts.filter(
      ({ code }) =>
        arrows.get(code)!.some((child) => primaryDrafts.includes(child)) &&
        !below(unit.code).includes(code) &&
        [...held].every((atom) => atoms(code).has(atom)),
    );
    if (holders.length > 0) unit.parents.push(at(holders, parent).code);
  }

  const levels = [...names, ...used.flat(), 'OLD'];
  const known: string[] = drafts.map(({ code }) => code);
  for (const [i, { level, style, units, twice }] of formers.entries()) {
    const former = `${at(levels, level)}:f${ID_STYLES[style]!(i)}`;
    for (const unit of units) at(drafts, unit).former_codes.push(...(twice ? [former, former] : [former]));
    known.push(former);
  }
  const links: [string, string][] = [];
  for (const [i, { level, successors }] of successions.entries()) {
    const former = `${at(levels, level)}:s${i}`;
    for (const successor of successors) links.push([former, at(known, successor)]);
    known.push(former);
  }
  return {
    units: drafts.map(({ code, parents, former_codes, facts: { label, inhabitants, postalCodes } }): UnitInput => {
      return { code, parents, former_codes, label, inhabitants, postal_codes: postalCodes };
    }),
    partitions: [{ name: 'primary', levels: names }, ...used.map((own, i) => ({ name: `across ${i}`, levels: own }))],
    successions: links,
  };
}

function at<T>(list: readonly T[], n: number): T {
  return list[n % list.length]!;
}

function describeCase(world: World, picks: readonly (readonly string[])[]): string {
  return JSON.stringify({ picks, ...world }, null, 1);
}
