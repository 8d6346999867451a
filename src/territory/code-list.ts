/** The codes of a tree as they go into a query: many at once, in code order. */
import { ranksInOrder } from './code-order.js';
import type { Snapshot } from './snapshot.js';

/** How many codes lie in one block. */
const BLOCK = 256;
const BETWEEN = '","';

/**
 * All codes of a tree in code order, one text a block, made when it is first asked for. The communes of a department follow
 * each other, so most lists are a few slices of it: a string for each code would take ten times as long.
 */
export class CodeBlocks {
  readonly #snapshot: Snapshot;
  readonly #codeAt: (key: number) => string;
  readonly #texts: (string | undefined)[] = [];
  /** Where in the text of its block each code begins, by rank. */
  readonly #starts: Uint32Array;

  constructor(snapshot: Snapshot, codeAt: (key: number) => string) {
    this.#snapshot = snapshot;
    this.#codeAt = codeAt;
    this.#starts = new Uint32Array(snapshot.keys);
  }

  list(keys: ArrayLike<number>): CodeList {
    return new CodeList(this, ranksInOrder(this.#snapshot, keys));
  }

  code(rank: number): string {
    return this.#codeAt(this.#snapshot.sections.byRank[rank]!);
  }

  /** The codes from one rank to before another, with `","` between them. */
  slice(from: number, to: number): string {
    let text = '';
    for (let rank = from; rank < to; ) {
      const end = Math.min(to, rank - (rank % BLOCK) + BLOCK);
      if (rank > from) text += BETWEEN;
      text += this.#inBlock(rank, end);
      rank = end;
    }
    return text;
  }

  #inBlock(from: number, to: number): string {
    const block = Math.floor(from / BLOCK);
    this.#texts[block] ??= this.#make(block * BLOCK);
    const text = this.#texts[block];
    const isLast = to % BLOCK === 0 || to === this.#starts.length;
    return text.slice(this.#starts[from]!, isLast ? text.length : this.#starts[to]! - BETWEEN.length);
  }

  #make(first: number): string {
    const end = Math.min(first + BLOCK, this.#starts.length);
    const codes: string[] = [];
    let length = 0;
    for (let rank = first; rank < end; rank++) {
      const code = this.code(rank);
      codes.push(code);
      this.#starts[rank] = length;
      length += code.length + BETWEEN.length;
    }
    // Joined and not added up: what is kept for good is then one flat text, and not a tree of 256 pieces.
    return codes.join(BETWEEN);
  }
}

/** Some codes of a tree, each once, in code order. */
export class CodeList {
  readonly #blocks: CodeBlocks;
  readonly #ranks: Uint32Array;

  constructor(blocks: CodeBlocks, ranks: Uint32Array) {
    this.#blocks = blocks;
    this.#ranks = ranks;
  }

  get length(): number {
    return this.#ranks.length;
  }

  toArray(): string[] {
    const codes = new Array<string>(this.length);
    for (let i = 0; i < codes.length; i++) codes[i] = this.#blocks.code(this.#ranks[i]!);
    return codes;
  }

  /** A part of them as a JSON array; no character of a code needs an escape. */
  toJson(from = 0, to = this.length): string {
    const ranks = this.#ranks;
    let text = '';
    for (let i = from; i < to; ) {
      let next = i + 1;
      while (next < to && ranks[next] === ranks[next - 1]! + 1) next++;
      if (i > from) text += BETWEEN;
      text += this.#blocks.slice(ranks[i]!, ranks[next - 1]! + 1);
      i = next;
    }
    return from < to ? `["${text}"]` : '[]';
  }
}
