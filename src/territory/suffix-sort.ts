const SMALL = 12;

/**
 * Sorts positions in a text by what stands there, up to the next 0, as JavaScript compares strings; positions with the
 * same text come in ascending order. In place, without making a string.
 *
 * Multikey quicksort: Bentley and Sedgewick, "Fast Algorithms for Sorting and Searching Strings", SODA 1997.
 *
 * @param text UTF-16 units; every string ends with a 0
 * @param positions where the strings begin
 */
export function suffixSort(text: Uint16Array, positions: Uint32Array): void {
  // Ranges still to sort: begin, end, and how many units all their strings have in common.
  const stack: number[] = [0, positions.length, 0];
  while (stack.length > 0) {
    const depth = stack.pop()!;
    const end = stack.pop()!;
    const begin = stack.pop()!;
    if (end - begin <= SMALL) {
      insertionSort(text, positions, begin, end, depth);
      continue;
    }
    const pivot = medianUnit(text, positions, begin, end, depth);
    let low = begin;
    let high = end;
    for (let i = begin; i < high; ) {
      const unit = text[positions[i]! + depth]!;
      if (unit < pivot) swap(positions, i++, low++);
      else if (unit > pivot) swap(positions, i, --high);
      else i++;
    }
    stack.push(begin, low, depth, high, end, depth);
    if (pivot === 0) positions.subarray(low, high).sort();
    else stack.push(low, high, depth + 1);
  }
}

function medianUnit(text: Uint16Array, positions: Uint32Array, begin: number, end: number, depth: number): number {
  const a = text[positions[begin]! + depth]!;
  const b = text[positions[(begin + end) >>> 1]! + depth]!;
  const c = text[positions[end - 1]! + depth]!;
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}

function insertionSort(text: Uint16Array, positions: Uint32Array, begin: number, end: number, depth: number): void {
  for (let i = begin + 1; i < end; i++) {
    const position = positions[i]!;
    let hole = i;
    while (hole > begin && isAfter(text, positions[hole - 1]!, position, depth)) {
      positions[hole] = positions[hole - 1]!;
      hole--;
    }
    positions[hole] = position;
  }
}

function isAfter(text: Uint16Array, a: number, b: number, depth: number): boolean {
  for (let i = depth; ; i++) {
    const unit = text[a + i]!;
    if (unit !== text[b + i]) return unit > text[b + i]!;
    if (unit === 0) return a > b;
  }
}

function swap(positions: Uint32Array, i: number, j: number): void {
  const position = positions[i]!;
  positions[i] = positions[j]!;
  positions[j] = position;
}
