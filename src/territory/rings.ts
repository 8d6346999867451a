/** The rings of a graph, so that each node that lies on one is named. */
import { type Arrows, targetsOf } from './arrows.js';

/** The component of this node is complete. */
const DONE = 0xffffffff;

/**
 * Rings of arrows, each as its nodes with the first one again at the end. Every node that lies on a ring is in one of
 * them; there may be more rings than these, for they can be exponentially many. By Tarjan's strongly connected
 * components ("Depth-first search and linear graph algorithms", 1972), without recursion.
 */
export function findRings(arrows: Arrows): number[][] {
  const n = arrows.offsets.length - 1;
  const rings: number[][] = [];
  // In which order nodes were seen, from 1; and the first seen one that each leads back to.
  const order = new Uint32Array(n);
  const low = new Uint32Array(n);
  /** Nodes that were seen, and whose component may still grow. */
  const open: number[] = [];
  const path: number[] = [];
  const cursor: number[] = [];
  let seen = 0;
  const enter = (node: number) => {
    order[node] = ++seen;
    low[node] = seen;
    open.push(node);
    path.push(node);
    cursor.push(arrows.offsets[node]!);
  };
  for (let start = 0; start < n; start++) {
    if (order[start] === 0) enter(start);
    while (path.length > 0) {
      const node = path[path.length - 1]!;
      const at = cursor[cursor.length - 1]!;
      if (at < arrows.offsets[node + 1]!) {
        cursor[cursor.length - 1] = at + 1;
        const next = arrows.targets[at]!;
        if (next === node) rings.push([node, node]);
        else if (order[next] === 0) enter(next);
        else if (order[next]! < low[node]!) low[node] = order[next]!;
        continue;
      }
      path.pop();
      cursor.pop();
      if (low[node] !== order[node]) {
        const before = path[path.length - 1]!;
        if (low[node]! < low[before]!) low[before] = low[node]!;
      } else if (open[open.length - 1] === node) {
        order[node] = DONE;
        open.pop();
      } else {
        const component = open.splice(open.lastIndexOf(node));
        for (const member of component) order[member] = DONE;
        for (const ring of ringsThrough(component, arrows)) rings.push(ring);
      }
    }
  }
  return rings;
}

/** Rings through all nodes of a strongly connected component. */
function ringsThrough(component: readonly number[], arrows: Arrows): number[][] {
  const members = component.toSorted((a, b) => a - b);
  const root = members[0]!;
  const within = new Map<number, number[]>(members.map((node) => [node, []]));
  const against = new Map<number, number[]>(members.map((node) => [node, []]));
  for (const node of members) {
    for (const next of targetsOf(arrows, node)) {
      if (next === node || !within.has(next)) continue;
      within.get(node)!.push(next);
      against.get(next)!.push(node);
    }
  }
  const fromRoot = shortestPaths(root, within);
  const toRoot = shortestPaths(root, against);
  const named = new Set<number>();
  const rings: number[][] = [];
  // The root is on the ring of the nearest node with an arrow to it.
  const nearest = [...fromRoot.keys()].find((node) => toRoot.get(node) === root)!;
  for (const node of [nearest, ...members.slice(1)]) {
    if (named.has(node)) continue;
    // There and back; where the two ways share nodes, from the last of them on.
    const there = pathTo(node, fromRoot).reverse();
    const back = pathTo(node, toRoot).slice(1);
    const backAt = new Map(back.map((one, i) => [one, i]));
    const turn = there.findLastIndex((one) => backAt.has(one));
    const ring = [...there.slice(turn), ...back.slice(0, backAt.get(there[turn]!)! + 1)];
    for (const one of ring) named.add(one);
    rings.push(ring);
  }
  return rings;
}

/** For each node the one before it on a shortest path from `root`. */
function shortestPaths(root: number, arrows: ReadonlyMap<number, readonly number[]>): Map<number, number> {
  const before = new Map([[root, -1]]);
  for (const node of before.keys()) {
    for (const next of arrows.get(node)!) if (!before.has(next)) before.set(next, node);
  }
  return before;
}

/** From a node back to the root. */
function pathTo(node: number, before: ReadonlyMap<number, number>): number[] {
  const path: number[] = [];
  for (let at = node; at >= 0; at = before.get(at)!) path.push(at);
  return path;
}
