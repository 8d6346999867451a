/** What one search of an `_msearch` found. */
export interface SearchFacts {
  /** Elasticsearch's own time, in ms. */
  readonly took?: number;
  /** Absent also where shards failed or time ran out: what was found then is not all there is. */
  readonly hits?: number;
}

/** Bytes of an answer that are looked at: of what comes later nothing is known. */
const LOOKED_AT = 512 * 1024;
/** How deep names and numbers matter: `responses` 1, its list 2, a search 3, its `hits` 4, their `total` 5. */
const DEEPEST = 5;
const LIST = 2;
const SEARCH = 3;
/** Names that matter, and numbers, are no longer. */
const LONGEST = 20;

interface Entry {
  took?: number;
  hits?: number;
  /** Shards failed, or time ran out. */
  partial: boolean;
  /** Each answer of a search ends with it, but where `filter_path` takes it away. */
  status: boolean;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Reads the totals of the searches from the answer of an `_msearch` while it passes, piece by piece: it counts brackets,
 * skips strings, and holds a few names and numbers, whatever the documents hold.
 */
export class ResponsesScan {
  readonly #entries: Entry[] = [];
  readonly #names: string[] = [];
  readonly #word = Buffer.alloc(LONGEST);
  #length = 0;
  #read = 0;
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** The string that was read last; `undefined` where it is too long to matter. */
  #text: string | undefined;
  #took: number | undefined;
  #whole = false;

  /** Elasticsearch's own time for all searches together, in ms. */
  get took(): number | undefined {
    return this.#took;
  }

  /** @param chunk good during the call only */
  read(chunk: Buffer): void {
    const end = Math.min(chunk.length, LOOKED_AT - this.#read);
    const strings = new StringSkip(chunk, end);
    for (let i = 0; i < end; ) {
      if (this.#inString) i = this.#inside(chunk, i, end, strings);
      else if (this.#depth > DEEPEST) i = this.#deep(chunk, i, end);
      else this.#between(chunk[i++]!);
    }
    this.#read += Math.max(0, end);
  }

  /**
   * What each search found, in their order; those beyond what was looked at are left out.
   *
   * @param sent searches that Elasticsearch was sent. Where the places are not certain to be theirs, nothing is known
   */
  found(sent: number): readonly SearchFacts[] {
    const certain = this.#whole ? this.#entries.length === sent : this.#entries.slice(0, -1).every((one) => one.status);
    if (!certain || this.#entries.length > sent) return [];
    return this.#entries.map(({ took, hits, partial }) => ({
      ...(took === undefined ? {} : { took }),
      ...(hits === undefined || partial ? {} : { hits }),
    }));
  }

  /** Goes on in a string. @returns where it goes on */
  #inside(chunk: Buffer, from: number, end: number, strings: StringSkip): number {
    if (this.#escaped) {
      this.#escaped = false;
      this.#hold(chunk[from]!);
      return from + 1;
    }
    const at = strings.next(from);
    if (this.#depth <= DEEPEST) for (let i = from; i < at && this.#length <= LONGEST; i++) this.#hold(chunk[i]!);
    if (at === end) return end;
    if (chunk[at] === BACKSLASH) {
      this.#escaped = true;
      this.#hold(BACKSLASH);
    } else {
      this.#inString = false;
      this.#text = this.#depth <= DEEPEST ? this.#held() : undefined;
      this.#length = 0;
    }
    return at + 1;
  }

  /** Where nothing matters but brackets and strings. */
  #deep(chunk: Buffer, from: number, end: number): number {
    let depth = this.#depth;
    let i = from;
    while (i < end && depth > DEEPEST) {
      const byte = chunk[i++]!;
      if (byte === QUOTE) {
        this.#inString = true;
        break;
      }
      // Brackets and braces differ from one another in one bit, and open and close by two.
      if ((byte | 0x20) === 0x7b) depth++;
      else if ((byte | 0x20) === 0x7d) depth--;
    }
    this.#depth = depth;
    this.#length = 0;
    return i;
  }

  #between(byte: number): void {
    switch (byte) {
      case QUOTE:
        this.#inString = true;
        this.#length = 0;
        return;
      case 0x7b: // {
      case 0x5b: // [
        this.#length = 0;
        this.#depth++;
        if (this.#depth <= DEEPEST) this.#names[this.#depth] = '';
        if (byte === 0x7b && this.#depth === SEARCH && this.#inList)
          this.#entries.push({ partial: false, status: false });
        return;
      case 0x7d: // }
      case 0x5d: // ]
        this.#value();
        this.#depth--;
        if (this.#depth === 0) this.#whole = true;
        return;
      case 0x3a: // :
        if (this.#depth <= DEEPEST) this.#names[this.#depth] = this.#text ?? '';
        return;
      case 0x2c: // ,
        this.#value();
        return;
      default:
        if (byte > 0x20) this.#hold(byte);
    }
  }

  get #inList(): boolean {
    return this.#names[1] === 'responses' && this.#names[LIST] === '';
  }

  #hold(byte: number): void {
    if (this.#depth > DEEPEST) return;
    if (this.#length < LONGEST) this.#word[this.#length] = byte;
    this.#length++;
  }

  #held(): string | undefined {
    return this.#length > LONGEST ? undefined : this.#word.toString('latin1', 0, this.#length);
  }

  /** Ends a number or a word. */
  #value(): void {
    if (this.#length === 0) return;
    const word = this.#depth <= DEEPEST ? this.#held() : undefined;
    this.#length = 0;
    if (word === undefined) return;
    const [, first, , own, inner, innermost] = this.#names;
    if (this.#depth === 1 && first === 'took') this.#took = numberOf(word);
    const entry = this.#entries.at(-1);
    if (entry === undefined || !this.#inList) return;
    if (this.#depth === SEARCH) {
      if (own === 'took') set(entry, 'took', numberOf(word));
      else if (own === 'status') entry.status = true;
      else if (own === 'timed_out' && word === 'true') entry.partial = true;
    } else if (this.#depth === SEARCH + 1) {
      if (own === 'hits' && inner === 'total') set(entry, 'hits', numberOf(word));
      else if (own === '_shards' && inner === 'failed' && word !== '0') entry.partial = true;
    } else if (this.#depth === DEEPEST && own === 'hits' && inner === 'total' && innermost === 'value') {
      set(entry, 'hits', numberOf(word));
    }
  }
}

/** Strings that are longer are searched by what is quick for long ones, and slow to begin. */
const SHORT = 32;

/** Finds where strings end, or are escaped, in one piece of an answer. */
class StringSkip {
  readonly #chunk: Buffer;
  readonly #end: number;
  /** The next backslash that is known. */
  #escape = -1;

  constructor(chunk: Buffer, end: number) {
    this.#chunk = chunk;
    this.#end = end;
  }

  /** The first quote or backslash from a place in a string on; the end where there is none. */
  next(from: number): number {
    const chunk = this.#chunk;
    const near = Math.min(this.#end, from + SHORT);
    for (let i = from; i < near; i++) {
      const byte = chunk[i]!;
      if (byte === QUOTE || byte === BACKSLASH) return i;
    }
    if (near === this.#end) return near;
    if (this.#escape < near) this.#escape = this.#find(BACKSLASH, near);
    return Math.min(this.#find(QUOTE, near), this.#escape);
  }

  #find(byte: number, from: number): number {
    const at = this.#chunk.indexOf(byte, from);
    return at < 0 ? this.#end : Math.min(at, this.#end);
  }
}

/** A total of -1 says that nobody counted. */
function numberOf(word: string): number | undefined {
  return /^\d+$/.test(word) ? Number(word) : undefined;
}

function set(entry: Entry, key: 'took' | 'hits', value: number | undefined): void {
  if (value !== undefined) entry[key] = value;
}
