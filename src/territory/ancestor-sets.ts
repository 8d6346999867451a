import type { Unit } from './unit.js';

/**
 * For each unit, all units above it along the arrows, as text: two units, of one map or of two, have the same text
 * exactly when the same codes are above them. Each set is made once, from those of the parents.
 */
export function ancestorSets(units: ReadonlyMap<string, Unit>): (code: string) => string {
  const sets = new Map<string, ReadonlySet<string>>();
  const texts = new Map<ReadonlySet<string>, string>();
  /** Sets by the parents that they come from, which many units share. */
  const shared = new Map<string, ReadonlySet<string>>();
  for (const first of units.keys()) {
    // Parents first, without recursion: levels may be many.
    const pending = [first];
    for (let code = pending.at(-1); code !== undefined; code = pending.at(-1)) {
      const { parents } = units.get(code)!;
      const missing = sets.has(code) ? [] : parents.filter((parent) => !sets.has(parent));
      if (missing.length > 0) {
        pending.push(...missing);
        continue;
      }
      pending.pop();
      if (sets.has(code)) continue;
      const key = parents.join('|');
      let set = shared.get(key);
      if (!set) {
        set = new Set(parents.flatMap((parent) => [parent, ...sets.get(parent)!]));
        shared.set(key, set);
      }
      sets.set(code, set);
    }
  }
  return (code) => {
    const set = sets.get(code)!;
    let text = texts.get(set);
    if (text === undefined) {
      text = [...set].sort().join('|');
      texts.set(set, text);
    }
    return text;
  };
}
