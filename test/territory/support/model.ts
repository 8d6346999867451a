/**
 * The naive model of a tree: plain `Set`s of atom codes, and every word of the design in the most literal, slow way.
 * It shares no code with `src/territory` but types.
 */
import type { Partition, Relation, UnitInput } from '../../../src/territory/index.js';

/** All that a build is given. */
export interface World {
  readonly units: readonly UnitInput[];
  readonly partitions: readonly Partition[];
  readonly successions: readonly (readonly [former: string, successor: string])[];
}

export type Atoms = ReadonlySet<string>;

export class Model {
  /** All codes in use, in code order. */
  readonly codes: readonly string[];
  readonly formerCodes: readonly string[];
  readonly world: Atoms;
  readonly #units: ReadonlyMap<string, UnitInput>;
  readonly #partitions: readonly Partition[];
  readonly #children = new Map<string, string[]>();
  readonly #atoms = new Map<string, Atoms>();
  readonly #successors = new Map<string, string[]>();

  constructor({ units, partitions, successions }: World) {
    this.#units = new Map(units.map((unit) => [unit.code, unit]));
    this.#partitions = partitions;
    this.codes = [...this.#units.keys()].sort();
    for (const code of this.codes) this.#children.set(code, []);
    for (const code of this.codes) for (const parent of this.parentsOf(code)) this.#children.get(parent)!.push(code);
    this.world = new Set(this.codes.filter((code) => this.childrenOf(code).length === 0));
    const follow = (former: string, successor: string) =>
      this.#successors.set(former, [...(this.#successors.get(former) ?? []), successor]);
    for (const { code, former_codes } of units) for (const former of former_codes ?? []) follow(former, code);
    for (const [former, successor] of successions) follow(former, successor);
    this.formerCodes = [...this.#successors.keys()].sort();
  }

  levelOf(code: string): string {
    return code.split(':')[0]!;
  }

  isPrimary(code: string): boolean {
    return this.#partitions[0]!.levels.includes(this.levelOf(code));
  }

  parentsOf(code: string): string[] {
    return [...new Set(this.#units.get(code)!.parents ?? [])].sort();
  }

  childrenOf(code: string): readonly string[] {
    return this.#children.get(code)!;
  }

  /** All units above one along the arrows, itself not among them. */
  ancestorsOf(code: string): Set<string> {
    return new Set(this.parentsOf(code).flatMap((parent) => [parent, ...this.ancestorsOf(parent)]));
  }

  descendantsOf(code: string): Set<string> {
    return new Set(this.childrenOf(code).flatMap((child) => [child, ...this.descendantsOf(child)]));
  }

  /** The units of today that a code means; none for a stranger. */
  resolve(code: string): string[] {
    const found = new Set<string>();
    const seen = new Set<string>();
    const pending = [code];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      if (this.#units.has(next)) found.add(next);
      else if (!seen.has(next)) pending.push(...(this.#successors.get(next) ?? []));
      seen.add(next);
    }
    return [...found].sort();
  }

  /** The atoms of a unit, or of all that took over a former code. */
  atomsOf(code: string): Atoms {
    const known = this.#atoms.get(code);
    if (known !== undefined) return known;
    const below = this.#units.has(code) ? this.childrenOf(code) : this.resolve(code);
    const atoms = below.length === 0 ? new Set([code]) : new Set(below.flatMap((child) => [...this.atomsOf(child)]));
    this.#atoms.set(code, atoms);
    return atoms;
  }

  atomsOfAll(codes: readonly string[]): Atoms {
    return new Set(codes.flatMap((code) => [...this.atomsOf(code)]));
  }

  labelOf(code: string): string {
    return this.#units.get(code)!.label ?? '';
  }

  postalCodesOf(code: string): string[] {
    return [...new Set(this.#units.get(code)!.postal_codes ?? [])].sort();
  }

  formerCodesOf(code: string): string[] {
    return this.formerCodes.filter((former) => this.resolve(former).includes(code));
  }

  inhabitantsOf(code: string): number | undefined {
    const known = [...this.atomsOf(code)]
      .map((atom) => this.#units.get(atom)!.inhabitants)
      .filter((people) => people !== undefined);
    return known.length === 0 ? undefined : known.reduce((sum, people) => sum + people, 0);
  }

  inside(territory: Atoms, levels?: readonly string[]): string[] {
    return this.#at(levels).filter((code) => isSubset(this.atomsOf(code), territory));
  }

  around(territory: Atoms, levels?: readonly string[]): string[] {
    return territory.size === 0 ? [] : this.#at(levels).filter((code) => isSubset(territory, this.atomsOf(code)));
  }

  touching(territory: Atoms, levels?: readonly string[]): string[] {
    return this.#at(levels).filter((code) => !isDisjoint(this.atomsOf(code), territory));
  }

  /** The largest primary units inside; of those of equal atoms the highest. */
  cover(territory: Atoms): string[] {
    const inside = this.inside(territory).filter((code) => this.isPrimary(code));
    return inside.filter((code) => {
      const above = this.ancestorsOf(code);
      return !inside.some((other) => above.has(other));
    });
  }

  /** Every unit inside that is in no larger unit inside. */
  covering(territory: Atoms, levels?: readonly string[]): string[] {
    const inside = this.inside(territory, levels);
    return inside.filter(
      (code) =>
        !inside.some(
          (other) =>
            this.atomsOf(other).size > this.atomsOf(code).size && isSubset(this.atomsOf(code), this.atomsOf(other)),
        ),
    );
  }

  /** Every unit inside that has no arrow-ancestor inside. */
  coveringByArrows(territory: Atoms, levels?: readonly string[]): string[] {
    const inside = this.inside(territory, levels);
    return inside.filter((code) => {
      const above = this.ancestorsOf(code);
      return !inside.some((other) => above.has(other));
    });
  }

  /** All units that may be the answer: several where size, partition and level are the same. */
  lowestCommonAncestors(territory: Atoms): string[] {
    const cover = this.cover(territory);
    if (cover.length === 1) return cover;
    let best = this.around(territory);
    const keepLeast = (measure: (code: string) => number) => {
      const least = Math.min(...best.map(measure));
      best = best.filter((code) => measure(code) === least);
    };
    keepLeast((code) => this.atomsOf(code).size);
    keepLeast((code) => this.#partitionOf(code));
    keepLeast((code) => this.#partitions[this.#partitionOf(code)]!.levels.indexOf(this.levelOf(code)));
    return best;
  }

  parents(territory: Atoms): string[] {
    return union(this.cover(territory).map((code) => this.parentsOf(code)));
  }

  children(territory: Atoms): string[] {
    return union(this.cover(territory).map((code) => this.childrenOf(code)));
  }

  ancestors(territory: Atoms): string[] {
    return union(this.cover(territory).map((code) => this.ancestorsOf(code)));
  }

  descendants(territory: Atoms, level?: string): string[] {
    const found = union(this.cover(territory).map((code) => this.descendantsOf(code)));
    return found.filter((code) => level === undefined || this.levelOf(code) === level);
  }

  /** Whether a document with these tags lies towards a territory as the relation says. */
  matches(tags: readonly string[], territory: Atoms, relation: Relation, written: readonly string[]): boolean {
    if (relation === 'exact') return tags.some((tag) => written.includes(tag));
    const touches = (tag: string) => !isDisjoint(this.atomsOf(tag), territory);
    if (relation === 'disjoint') return tags.length > 0 && !tags.some(touches);
    if (territory.size === 0) return false;
    if (relation === 'intersects') return tags.some(touches);
    if (relation === 'within') return tags.some((tag) => isSubset(this.atomsOf(tag), territory));
    return tags.some((tag) => isSubset(territory, this.atomsOf(tag)));
  }

  /** What the field `ancestors` holds for a tag: itself, and all units around it, or above it along the arrows. */
  pathOf(tag: string, by: 'atoms' | 'arrows', levels?: readonly string[]): string[] {
    const resolved = this.resolve(tag);
    const lines = resolved.map((code) => new Set([code, ...this.ancestorsOf(code)]));
    const above =
      by === 'atoms' ? this.around(this.atomsOf(tag)) : [...lines[0]!].filter((c) => lines.every((l) => l.has(c)));
    return [tag, ...above.filter((code) => levels === undefined || levels.includes(this.levelOf(code)))];
  }

  #at(levels: readonly string[] | undefined): string[] {
    return this.codes.filter((code) => levels === undefined || levels.includes(this.levelOf(code)));
  }

  #partitionOf(code: string): number {
    return this.#partitions.findIndex(({ levels }) => levels.includes(this.levelOf(code)));
  }
}

export function isSubset(inner: Atoms, outer: Atoms): boolean {
  if (inner.size > outer.size) return false;
  for (const atom of inner) if (!outer.has(atom)) return false;
  return true;
}

export function isDisjoint(a: Atoms, b: Atoms): boolean {
  for (const atom of a) if (b.has(atom)) return false;
  return true;
}

function union(lists: readonly Iterable<string>[]): string[] {
  return [...new Set(lists.flatMap((list) => [...list]))].sort();
}
