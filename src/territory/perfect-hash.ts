/**
 * A minimal perfect hash: n distinct keys to 0..n-1, about three bits a key, one byte read a lookup (and rarely a
 * second word). The keys come as two 32-bit hashes each; see key-table.ts, which holds the lookup.
 *
 * Algorithm: PtrHash (Ragnar Groot Koerkamp, "PtrHash: Minimal Perfect Hashing at RAM Throughput", SEA 2025,
 * https://arxiv.org/abs/2502.15539), after PTHash (Pibiri and Trani, SIGIR 2021): keys fall into buckets of three on
 * average; each bucket has an 8-bit pilot that sends its keys to free slots of a table filled to 98 or 99 %; where no
 * pilot fits, the cheapest one evicts other buckets, which are placed anew, as in cuckoo hashing. Buckets and slots lie
 * in parts that fit a processor's cache. The few slots beyond n are mapped back to the free ones below n.
 */

const KEYS_A_BUCKET = 3;
const KEYS_A_PART = 2 ** 18;
const RECENT = 16;

/** Times a size: takes a 32-bit hash to 0..size-1, by its high bits. */
export const INVERSE_2_32 = 2 ** -32;

/** What a lookup needs: a byte a bucket, and the slots beyond n. */
export interface PerfectHashParts {
  readonly pilots: Uint8Array;
  readonly remap: Uint32Array;
}

/** How buckets and slots are cut into parts; follows from the number of keys. */
export interface PerfectHashShape {
  readonly parts: number;
  readonly bucketsAPart: number;
  readonly slotsAPart: number;
}

export function shapeFor(n: number): PerfectHashShape {
  const parts = Math.ceil(n / KEYS_A_PART);
  // Several parts are not filled alike, so each keeps more room.
  const fill = parts > 1 ? 0.98 : 0.99;
  return {
    parts,
    bucketsAPart: Math.ceil(n / KEYS_A_BUCKET / parts),
    slotsAPart: Math.max(Math.ceil(n / parts), Math.ceil(n / fill / parts)),
  };
}

/** One mixed word for each pilot, so that a lookup costs one XOR. */
export const PILOT_HASH = Int32Array.from({ length: 256 }, (_, pilot) => mix(Math.imul(pilot + 1, 0x9e3779b1)));

/**
 * Builds the hash for n keys with hashes `h1[i]`, `h2[i]`. Returns `undefined` where these hashes can't be told apart
 * or don't settle: hash the keys with another seed and try again.
 */
export function buildPerfectHash(h1: Int32Array, h2: Int32Array): PerfectHashParts | undefined {
  const n = h1.length;
  if (n === 0) return { pilots: new Uint8Array(0), remap: new Uint32Array(0) };
  const { parts, bucketsAPart, slotsAPart } = shapeFor(n);
  const { first, hashes } = groupByBucket(h1, h2, parts * bucketsAPart);
  if (hasTwins(first, hashes)) return undefined;

  const pilots = new Uint8Array(parts * bucketsAPart);
  const slots = parts * slotsAPart;
  const taken = new Uint8Array(slots);
  for (let part = 0; part < parts; part++) {
    const owner = new Uint32Array(slotsAPart);
    const from = part * bucketsAPart;
    if (!placePart(first, hashes, from, from + bucketsAPart, pilots, owner)) return undefined;
    for (let slot = 0; slot < slotsAPart; slot++) taken[part * slotsAPart + slot] = owner[slot] === 0 ? 0 : 1;
  }

  const remap = new Uint32Array(slots - n);
  let free = 0;
  for (let slot = n; slot < slots; slot++) {
    if (taken[slot] === 0) continue;
    while (taken[free] === 1) free++;
    remap[slot - n] = free++;
  }
  return { pilots, remap };
}

/**
 * Finds the pilots of the buckets of one part. `owner` gets who sits in each slot of it: bucket + 1, or 0. Returns
 * whether they settled.
 */
function placePart(
  first: Uint32Array,
  hashes: Int32Array,
  fromBucket: number,
  toBucket: number,
  pilots: Uint8Array,
  owner: Uint32Array,
): boolean {
  const slots = owner.length;
  const recent = new Int32Array(RECENT).fill(-1);
  let recentAt = 0;
  let evictions = 0;
  const maxEvictions = 10 * (toBucket - fromBucket) + 1000;
  let random = 0x2545f491;
  const stack: number[] = [];
  for (const bucket of bySizeDescending(first, fromBucket, toBucket)) {
    stack.push(bucket);
    while (stack.length > 0) {
      const b = stack.pop()!;
      const from = first[b]!;
      const to = first[b + 1]!;
      if (from === to) continue;
      let pilot = freePilot(hashes, from, to, owner, slots);
      if (pilot < 0) {
        random = Math.imul(random, 1664525) + 1013904223;
        pilot = cheapestPilot(hashes, from, to, owner, slots, first, recent, random >>> 24);
        if (pilot < 0 || ++evictions > maxEvictions) return false;
        for (let k = from; k < to; k++) {
          const loser = owner[reduce(mix(hashes[k]! ^ PILOT_HASH[pilot]!), slots)]! - 1;
          if (loser < 0) continue;
          const lost = PILOT_HASH[pilots[loser]!]!;
          for (let j = first[loser]!; j < first[loser + 1]!; j++) owner[reduce(mix(hashes[j]! ^ lost), slots)] = 0;
          stack.push(loser);
        }
      }
      const salt = PILOT_HASH[pilot]!;
      for (let k = from; k < to; k++) owner[reduce(mix(hashes[k]! ^ salt), slots)] = b + 1;
      pilots[b] = pilot;
      recent[recentAt] = b;
      recentAt = (recentAt + 1) % RECENT;
    }
  }
  return true;
}

/** The first pilot that sends all keys of a bucket to free, different slots, or -1. */
function freePilot(hashes: Int32Array, from: number, to: number, owner: Uint32Array, slots: number): number {
  next: for (let pilot = 0; pilot < 256; pilot++) {
    const salt = PILOT_HASH[pilot]!;
    for (let k = from; k < to; k++) {
      const slot = reduce(mix(hashes[k]! ^ salt), slots);
      if (owner[slot] !== 0) continue next;
      for (let j = from; j < k; j++) if (reduce(mix(hashes[j]! ^ salt), slots) === slot) continue next;
    }
    return pilot;
  }
  return -1;
}

/** The pilot whose evicted buckets have the smallest sum of squared sizes; buckets placed just now are spared. */
function cheapestPilot(
  hashes: Int32Array,
  from: number,
  to: number,
  owner: Uint32Array,
  slots: number,
  first: Uint32Array,
  recent: Int32Array,
  start: number,
): number {
  let best = -1;
  let bestCost = Number.POSITIVE_INFINITY;
  next: for (let i = 0; i < 256; i++) {
    const pilot = (start + i) & 255;
    const salt = PILOT_HASH[pilot]!;
    let cost = 0;
    for (let k = from; k < to; k++) {
      const slot = reduce(mix(hashes[k]! ^ salt), slots);
      for (let j = from; j < k; j++) if (reduce(mix(hashes[j]! ^ salt), slots) === slot) continue next;
      const loser = owner[slot]! - 1;
      if (loser < 0) continue;
      if (recent.includes(loser)) continue next;
      const size = first[loser + 1]! - first[loser]!;
      cost += size * size;
      if (cost >= bestCost) continue next;
    }
    best = pilot;
    bestCost = cost;
  }
  return best;
}

/** Counting sort of the second hashes by bucket; `first[b]` is where bucket b begins. */
function groupByBucket(h1: Int32Array, h2: Int32Array, buckets: number): { first: Uint32Array; hashes: Int32Array } {
  const n = h1.length;
  const first = new Uint32Array(buckets + 1);
  for (let i = 0; i < n; i++) first[reduce(h1[i]!, buckets) + 1]!++;
  for (let b = 0; b < buckets; b++) first[b + 1]! += first[b]!;
  const next = first.slice(0, buckets);
  const hashes = new Int32Array(n);
  for (let i = 0; i < n; i++) hashes[next[reduce(h1[i]!, buckets)]!++] = h2[i]!;
  return { first, hashes };
}

/** Whether a bucket holds two keys with the same second hash: no pilot could part them. */
function hasTwins(first: Uint32Array, hashes: Int32Array): boolean {
  for (let b = 0; b + 1 < first.length; b++) {
    for (let k = first[b]!; k < first[b + 1]!; k++) {
      for (let j = first[b]!; j < k; j++) if (hashes[j] === hashes[k]) return true;
    }
  }
  return false;
}

/** Some buckets, the largest first, for they are the hardest to place. */
function bySizeDescending(first: Uint32Array, from: number, to: number): Uint32Array {
  let largest = 0;
  for (let b = from; b < to; b++) largest = Math.max(largest, first[b + 1]! - first[b]!);
  const start = new Uint32Array(largest + 2);
  for (let b = from; b < to; b++) start[largest - (first[b + 1]! - first[b]!) + 1]!++;
  for (let s = 0; s <= largest; s++) start[s + 1]! += start[s]!;
  const order = new Uint32Array(to - from);
  for (let b = from; b < to; b++) order[start[largest - (first[b + 1]! - first[b]!)]!++] = b;
  return order;
}

/** A 32-bit hash to 0..size-1, by its high bits. */
function reduce(hash: number, size: number): number {
  return ((hash >>> 0) * INVERSE_2_32 * size) | 0;
}

/** Mixes 32 bits; a bijection. */
export function mix(x: number): number {
  x = Math.imul(x, 0x9e3779b1);
  x = Math.imul(x ^ (x >>> 15), 0x85ebca6b);
  return x ^ (x >>> 16);
}
