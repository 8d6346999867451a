/** Arrows of a graph of n nodes in compressed rows: those of i are `targets[offsets[i] … offsets[i + 1]]`. */
export interface Arrows {
  readonly offsets: Uint32Array;
  readonly targets: Uint32Array;
}

/** The number of arrows from a node. */
export function degree(arrows: Arrows, i: number): number {
  return arrows.offsets[i + 1]! - arrows.offsets[i]!;
}

/** The nodes that the arrows of a node lead to; a view. */
export function targetsOf(arrows: Arrows, i: number): Uint32Array {
  return arrows.targets.subarray(arrows.offsets[i]!, arrows.offsets[i + 1]!);
}

/** The same arrows from their other ends, of which there are `n`; each list ascends. */
export function reverse(arrows: Arrows, n: number): Arrows {
  const from = arrows.offsets.length - 1;
  const offsets = new Uint32Array(n + 1);
  for (let i = 0; i < arrows.targets.length; i++) offsets[arrows.targets[i]! + 1]!++;
  for (let i = 0; i < n; i++) offsets[i + 1]! += offsets[i]!;
  const next = offsets.slice(0, n);
  const targets = new Uint32Array(arrows.targets.length);
  for (let i = 0; i < from; i++) {
    for (let at = arrows.offsets[i]!; at < arrows.offsets[i + 1]!; at++) targets[next[arrows.targets[at]!]!++] = i;
  }
  return { offsets, targets };
}

/** Many lists as one, with offsets. */
export function compress(lists: readonly (readonly number[])[]): Arrows {
  const offsets = new Uint32Array(lists.length + 1);
  lists.forEach((list, i) => {
    offsets[i + 1] = offsets[i]! + list.length;
  });
  const targets = new Uint32Array(offsets[lists.length]!);
  lists.forEach((list, i) => {
    targets.set(list, offsets[i]!);
  });
  return { offsets, targets };
}
