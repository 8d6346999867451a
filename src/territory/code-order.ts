/** Keys of a tree (units, then former codes) in code order, that is by the bytes of their codes. */
import type { Snapshot } from './snapshot.js';

/** The given keys, each once, in code order. */
export function inCodeOrder(snapshot: Snapshot, keys: ArrayLike<number>): Uint32Array {
  const { byRank } = snapshot.sections;
  const found = ranksInOrder(snapshot, keys);
  for (let i = 0; i < found.length; i++) found[i] = byRank[found[i]!]!;
  return found;
}

/**
 * The ranks of the given keys, each once, ascending: sorted where they are few against the tree, else marked in a bitmap of
 * it, in O(keys + all / 32).
 */
export function ranksInOrder({ sections, keys: count }: Snapshot, keys: ArrayLike<number>): Uint32Array {
  const { ranks } = sections;
  if (keys.length <= count >>> 9) {
    const sorted = new Uint32Array(keys.length);
    for (let i = 0; i < keys.length; i++) sorted[i] = ranks[keys[i]!]!;
    if (sorted.length > 1) sorted.sort();
    let kept = 0;
    for (let i = 0; i < sorted.length; i++) {
      if (i === 0 || sorted[i] !== sorted[i - 1]) sorted[kept++] = sorted[i]!;
    }
    return sorted.subarray(0, kept);
  }
  const words = new Int32Array((count >>> 5) + 1);
  for (let i = 0; i < keys.length; i++) {
    const rank = ranks[keys[i]!]!;
    words[rank >>> 5]! |= 1 << (rank & 31);
  }
  const found = new Uint32Array(Math.min(keys.length, count));
  let kept = 0;
  for (let w = 0; w < words.length; w++) {
    for (let word = words[w]!; word !== 0; word &= word - 1) {
      found[kept++] = (w << 5) + 31 - Math.clz32(word & -word);
    }
  }
  return found.subarray(0, kept);
}
