import type { LeafForm, TextUse } from './grammar.js';
import { JsonScanner, textOf } from './json/scanner.js';
import { tooDeep } from './json/too-deep.js';
import { mayWrap, mentionsField, mentionsInText } from './mention.js';
import { Mentions } from './mentions.js';
import { type Node, namesIndices, nodeOf } from './node.js';

/** What stands at a place: a leaf query or clause to expand, a string in which the shorthand may stand, or a refusal. */
export type PlaceForm = LeafForm | 'exists' | 'clause' | 'query_string' | 'wrapper' | 'json' | 'refused';

/** Where the shorthand stands in a body. */
export interface Place {
  readonly form: PlaceForm;
  /** From the quote of the query's type (`"term": …`) to the end of its value; of a `wrapper` or `json` the string alone. */
  readonly start: number;
  readonly end: number;
  /** In words: `query.bool.filter[0].term`. */
  readonly path: string;
  /** Why it can't be expanded; of `refused` only. */
  readonly reason?: string;
}

export interface Walk {
  readonly places: readonly Place[];
  /** Indices that the body itself names. */
  readonly indices: readonly string[];
}

/** How far to look for the end of an object in which nothing may stand. */
const LOOK_AHEAD = 4096;
/** What a look costs beside the bytes it passes, in bytes. */
const LOOK_COST = 256;

enum State {
  Value,
  Key,
  After,
}

/**
 * Finds the shorthand in JSON by the grammar, in one pass and without recursion. Everything outside of query positions
 * is only passed over. One walker serves one walk at a time.
 */
export class Walker {
  readonly #name: Buffer;
  // One entry a level of nesting, from the outermost.
  readonly #nodes: (Node | undefined)[] = [];
  readonly #isArray: boolean[] = [];
  readonly #keyStart: number[] = [];
  readonly #keyEnd: number[] = [];
  readonly #keyEscaped: boolean[] = [];
  readonly #index: number[] = [];
  readonly #pending: (PlaceForm | undefined)[] = [];
  #depth = -1;
  #buffer: Buffer = Buffer.alloc(0);
  #mentions: Mentions;
  #lookAgainAt = 0;
  #places: Place[] = [];
  #indices: string[] = [];

  constructor(
    readonly shorthand: string,
    readonly maxDepth: number,
  ) {
    this.#name = Buffer.from(shorthand, 'utf8');
    this.#mentions = new Mentions(this.#buffer, this.#name);
  }

  /**
   * Walks the first value of `buffer`, which the grammar knows as `spec`; what follows it is not looked at.
   *
   * @throws InvalidJson where the bytes are no JSON, TerritoryTooLargeError where they nest too deep
   */
  walk(buffer: Buffer, spec: string): Walk {
    this.#buffer = buffer;
    this.#places = [];
    this.#indices = [];
    this.#depth = -1;
    this.#mentions = new Mentions(buffer, this.#name);
    this.#lookAgainAt = LOOK_AHEAD;
    this.#run(new JsonScanner(buffer), nodeOf(spec));
    return { places: this.#places, indices: this.#indices };
  }

  #run(scanner: JsonScanner, root: Node): void {
    scanner.mark();
    let state: State = State.Value;
    let node: Node | undefined = root;
    for (;;) {
      // What stands behind it may be anything: some endpoints read no further.
      if (this.#depth < 0 && state === State.After) return;
      const ended = scanner.pos;
      const c = scanner.space();
      if (state === State.Value) {
        if ((c === 0x7b || c === 0x5b) && this.#passesOver(scanner, node)) state = State.After;
        else if (c === 0x7b) {
          scanner.pos++;
          this.#open(node, false);
          if (scanner.space() === 0x7d) {
            scanner.pos++;
            this.#depth--;
            state = State.After;
          } else state = State.Key;
        } else if (c === 0x5b) {
          scanner.pos++;
          this.#open(node, true);
          if (scanner.space() === 0x5d) {
            scanner.pos++;
            this.#depth--;
            state = State.After;
          } else node = node?.items;
        } else {
          if (c === 0x22) {
            const start = scanner.pos;
            scanner.string();
            if (node?.text !== undefined) this.#text(node.text, start, scanner.pos, scanner.escaped);
          } else scanner.scalar();
          state = State.After;
        }
      } else if (state === State.Key) {
        if (c !== 0x22) scanner.fail();
        const start = scanner.pos;
        scanner.key();
        node = this.#key(start, scanner);
        if (scanner.space() !== 0x3a) scanner.fail();
        scanner.pos++;
        state = State.Value;
      } else {
        const depth = this.#depth;
        if (this.#pending[depth] !== undefined) this.#settle(depth, ended);
        if (c === 0x2c) {
          scanner.pos++;
          if (this.#isArray[depth]) {
            this.#index[depth]!++;
            node = this.#nodes[depth]?.items;
            state = State.Value;
          } else state = State.Key;
        } else if (c === (this.#isArray[depth] ? 0x5d : 0x7d)) {
          scanner.pos++;
          this.#depth--;
        } else scanner.fail();
      }
    }
  }

  /** Whether nothing can stand in the object or array that opens here; the scanner is behind it then, and behind its like. */
  #passesOver(scanner: JsonScanner, node: Node | undefined): boolean {
    const depth = this.#depth;
    const isList = depth >= 0 && this.#isArray[depth]!;
    const start = scanner.pos;
    let until = scanner.end;
    let ahead = until;
    if (node !== undefined) {
      if (start < this.#lookAgainAt || node.isWrapped || namesIndices(node)) return false;
      until = this.#mentions.after(start);
      if (until < scanner.end) ahead = LOOK_AHEAD;
    }
    const passed = scanner.elements(this.maxDepth - depth - 1, until, ahead, isList);
    if (passed === false) throw tooDeep(this.maxDepth);
    // Looking ahead in vain is never more than half of the work.
    if (passed === 0) this.#lookAgainAt = 2 * Math.min(until, start + ahead) - start + LOOK_COST;
    else if (isList) this.#index[depth]! += passed - 1;
    return passed > 0;
  }

  #open(node: Node | undefined, isArray: boolean): void {
    const depth = ++this.#depth;
    if (depth >= this.maxDepth) throw tooDeep(this.maxDepth);
    this.#nodes[depth] = node;
    this.#isArray[depth] = isArray;
    this.#keyStart[depth] = -1;
    this.#keyEnd[depth] = -1;
    this.#index[depth] = 0;
    this.#pending[depth] = undefined;
  }

  /** The node of the value behind a key. */
  #key(start: number, scanner: JsonScanner): Node | undefined {
    const depth = this.#depth;
    const end = scanner.pos;
    this.#keyStart[depth] = start;
    this.#keyEnd[depth] = end;
    this.#keyEscaped[depth] = scanner.escaped;
    const node = this.#nodes[depth];
    if (node === undefined) return undefined;
    if (node.keys !== undefined) {
      const below = scanner.escaped
        ? node.keys.get(textOf(this.#buffer, start, end, true))
        : node.keys.at(this.#buffer, start + 1, end - 1, scanner.hash);
      if (below !== undefined) return below;
    }
    if (
      (node.isQuery || node.leaf !== undefined || node.namesFields || node.wary) &&
      this.#isShorthand(start, end, scanner)
    ) {
      return this.#shorthandKey(node, depth);
    }
    return node.rest;
  }

  #shorthandKey(node: Node, depth: number): undefined {
    if (node.isQuery) {
      if (node.restricted === undefined) this.#pending[depth] = 'clause';
      else this.#refuse(node.restricted);
    } else if (node.leaf !== undefined) {
      const query = this.#nodes[depth - 1];
      if (depth === 0 || query === undefined || this.#isArray[depth - 1]) {
        this.#refuse(`[${node.name}] takes one field here, not an array`);
      } else if (query.restricted !== undefined) this.#refuse(query.restricted);
      else this.#pending[depth - 1] = node.leaf;
    } else if (node.wary) this.#refuse(UNKNOWN_PLACE);
    else this.#refuse(`[${this.shorthand}] can't be the field of [${this.#queryName(depth)}]; ${ADVICE}`);
    return undefined;
  }

  #text(use: TextUse, start: number, end: number, escaped: boolean): void {
    switch (use) {
      case 'index':
        this.#indices.push(textOf(this.#buffer, start, end, escaped));
        return;
      case 'wrapper':
        this.#places.push({ form: 'wrapper', start, end, path: this.#path(this.#depth) });
        return;
    }
    if (!escaped && !this.#holdsName(start + 1, end - 1)) return;
    const text = textOf(this.#buffer, start, end, escaped);
    const depth = this.#depth;
    const name = this.shorthand;
    switch (use) {
      case 'exists':
        if (mentionsField(text, name)) this.#pendingAbove(depth, 'exists');
        return;
      case 'lucene':
        this.#pendingAbove(depth, 'query_string');
        return;
      case 'field':
        if (!mentionsField(text.replace(/\^.*$/s, ''), name)) return;
        this.#refuse(`[${name}] can't be among the fields of [${this.#queryName(depth)}]; ${ADVICE}`);
        return;
      default: {
        const isJson = use === 'json' && !text.includes('{{');
        const reason = mentionsInText(use, text, name);
        if (reason === undefined && !(isJson && mayWrap(text))) return;
        if (isJson) {
          this.#places.push({ form: 'json', start, end, path: this.#path(depth) });
        } else this.#refuse(reason!);
      }
    }
  }

  /** Marks the query that the object at `depth` belongs to. */
  #pendingAbove(depth: number, form: PlaceForm): void {
    const query = depth > 0 && !this.#isArray[depth] ? this.#nodes[depth - 1] : undefined;
    if (query === undefined || !query.isQuery) this.#refuse(UNKNOWN_PLACE);
    else if (query.restricted !== undefined) this.#refuse(query.restricted);
    else this.#pending[depth - 1] = form;
  }

  /** The value that belongs to a marked key has ended. */
  #settle(depth: number, end: number): void {
    const form = this.#pending[depth]!;
    this.#pending[depth] = undefined;
    this.#places.push({ form, start: this.#keyStart[depth]!, end, path: this.#path(depth) });
  }

  #refuse(reason: string): void {
    const depth = this.#depth;
    this.#places.push({
      form: 'refused',
      start: this.#keyStart[depth] ?? 0,
      end: this.#keyEnd[depth] ?? 0,
      path: this.#path(depth),
      reason,
    });
  }

  /** The name of the query in whose object, or an array in it, the walk is at `depth`: the key above that object. */
  #queryName(depth: number): string {
    let at = depth;
    while (at >= 0 && this.#isArray[at]) at--;
    for (at--; at >= 0; at--) if (!this.#isArray[at]) return this.#keyText(at);
    return '';
  }

  #path(depth: number): string {
    let path = '';
    for (let at = 0; at <= depth; at++) {
      if (this.#isArray[at]) path += `[${this.#index[at]}]`;
      else if (this.#keyStart[at]! >= 0) path += path === '' ? this.#keyText(at) : `.${this.#keyText(at)}`;
    }
    return path;
  }

  #keyText(depth: number): string {
    return textOf(this.#buffer, this.#keyStart[depth]!, this.#keyEnd[depth]!, this.#keyEscaped[depth]!);
  }

  #isShorthand(start: number, end: number, scanner: JsonScanner): boolean {
    if (scanner.escaped) return mentionsField(textOf(this.#buffer, start, end, true), this.shorthand);
    const name = this.#name;
    const length = end - start - 2;
    if (length < name.length) return false;
    for (let i = 0; i < name.length; i++) if (this.#buffer[start + 1 + i] !== name[i]) return false;
    return length === name.length || this.#buffer[start + 1 + name.length] === 0x2e;
  }

  #holdsName(start: number, end: number): boolean {
    return this.#buffer.subarray(start, end).includes(this.#name);
  }
}

const ADVICE =
  'it can be expanded in term, terms, match, match_phrase and exists, in the text of a query_string, and as a clause of its own';

const UNKNOWN_PLACE =
  'the shorthand stands in a query that the proxy does not know, and would match nothing there; put it beside that query, in the "filter" of a "bool"';
